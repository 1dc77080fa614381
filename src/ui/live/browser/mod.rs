//! The behaviours. Each listens on the document, so that what is swapped in later is heard too.

mod page;
mod reveal;

/// Starts them all.
pub fn start() {
    reveal::start();
}
