//! The memory that Argon2id works in. A thread keeps its 19 MiB from one hash to the next: asking the system for them anew each time costs
//! a sixteenth of the time of a hash. It jumps from block to block in them, which huge pages make quicker by another sixteenth.

use argon2::Block;
use huge_pages::HugePages;

/// One thread's memory. What stands in it is overwritten by the next hash.
#[derive(Default)]
pub(super) struct Scratch(Option<HugePages<Block>>);

impl Scratch {
    /// So many blocks, made when they are first wanted.
    pub(super) fn blocks(&mut self, count: usize) -> &mut [Block] {
        let kept = self.0.take().filter(|blocks| blocks.len() == count);
        self.0
            .insert(kept.unwrap_or_else(|| HugePages::new(Block::default(), count)))
    }

    /// Whether there is anything to give back.
    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Gives the memory back to the system.
    pub(super) fn give_back(&mut self) {
        self.0 = None;
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;
    use std::{fs, path::Path};

    /// What the system was advised of the memory at an address, if there is any: `VmFlags` of proc(5).
    fn flags(address: usize) -> Option<String> {
        let maps = fs::read_to_string("/proc/self/smaps").unwrap();
        let mut inside = false;
        maps.lines().find_map(|line| {
            let range = line.split(' ').next().and_then(|word| word.split_once('-'));
            if let Some((from, to)) = range {
                let [from, to] = [from, to].map(|end| usize::from_str_radix(end, 16).unwrap());
                inside = (from..to).contains(&address);
            }
            line.strip_prefix("VmFlags:")
                .filter(|_| inside)
                .map(str::to_owned)
        })
    }

    /// In KiB.
    fn resident() -> u64 {
        let status = fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        line.unwrap()
            .split_whitespace()
            .nth(1)
            .unwrap()
            .parse()
            .unwrap()
    }

    #[test]
    fn memory_that_is_given_back_is_the_systems_at_once() {
        let mut scratch = Scratch::default();
        scratch.blocks(19_456);
        let with = resident();
        scratch.give_back();
        let without = resident();
        assert!(without + 8 * 1024 < with, "{with} KiB, then {without} KiB");
    }

    #[test]
    fn memory_is_asked_for_in_huge_pages_and_given_back_in_small_ones() {
        let count = 19_456;
        let mut scratch = Scratch::default();
        let middle = std::ptr::from_ref(&scratch.blocks(count)[count / 2]).addr();
        let are_huge = |flags: String| flags.split(' ').any(|flag| flag == "hg");

        let system_has_any = Path::new("/sys/kernel/mm/transparent_hugepage").exists();
        assert_eq!(flags(middle).map(are_huge), Some(system_has_any));

        scratch.give_back();
        assert!(scratch.is_empty() && !flags(middle).is_some_and(are_huge));
    }

    #[test]
    fn another_count_gets_memory_of_its_own() {
        let mut scratch = Scratch::default();
        let address = |blocks: &mut [Block]| blocks.as_ptr().addr();
        let first = address(scratch.blocks(8));
        assert_eq!(address(scratch.blocks(8)), first);
        assert_eq!(scratch.blocks(16).len(), 16);
    }
}
