//! The behaviours. Each listens on the document, so that what is swapped in later is heard too.

mod arrive;
mod ask;
mod copy;
mod hand;
mod keys;
mod lost;
mod menu;
mod page;
mod queue;
mod quick;
mod reveal;
mod say;
mod show;
mod single;
mod swap;
mod tick;
mod toast;
mod travel;
mod typed;
mod zone;

/// Starts them all.
pub fn start() {
    reveal::start();
    copy::start();
    menu::start();
    if page::find(".with-rail").is_some() {
        keys::start();
        travel::start();
    }
    settle();
}

/// What every page needs that has just come, the first one too.
fn settle() {
    zone::fill();
    toast::wait();
}
