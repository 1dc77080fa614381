//! The memory that Argon2id works in. A thread keeps its 19 MiB from one hash to the next: asking the system for them anew each time costs
//! a sixth of the time of a hash.

use argon2::Block;

/// One thread's memory. What stands in it is overwritten by the next hash.
#[derive(Default)]
pub(super) struct Scratch(Vec<Block>);

impl Scratch {
    /// So many blocks, made when they are first wanted.
    pub(super) fn blocks(&mut self, count: usize) -> &mut [Block] {
        if self.0.len() != count {
            self.0 = vec![Block::default(); count];
        }
        &mut self.0
    }

    /// Whether there is anything to give back.
    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Gives the memory back to the system.
    pub(super) fn give_back(&mut self) {
        self.0 = Vec::new();
    }
}
