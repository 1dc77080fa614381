//! Memory that the system is asked to hold in huge pages, of 2 MiB instead of 4 KiB: what jumps about in many MiB looks up fewer addresses.
//! On Linux where `/sys/kernel/mm/transparent_hugepage/enabled` says `madvise`; elsewhere it is memory like any other.
//!
//! This is the one crate here that may say `unsafe`, and it does so once.

use std::{
    mem::MaybeUninit,
    ops::{Deref, DerefMut},
};

/// Keeps the rest of the program out of them, on systems that make them of everything: a program whose pieces lie here and there would take
/// twice its memory. Before Linux 6.18 there is no way on such a system to have them for some memory only, so a slice of [`HugePages`] has none either.
#[cfg(target_os = "linux")]
pub fn only_where_asked() {
    use std::fs;

    let enabled = fs::read_to_string("/sys/kernel/mm/transparent_hugepage/enabled");
    if enabled.is_ok_and(|enabled| enabled.contains("[always]")) {
        // It takes more memory then, and works.
        let _ = rustix::thread::disable_transparent_huge_pages(true);
    }
}

/// There is nothing to keep out of.
#[cfg(not(target_os = "linux"))]
pub fn only_where_asked() {}

/// A slice in such memory.
pub struct HugePages<T>(Vec<T>);

impl<T: Clone> HugePages<T> {
    /// So many of this value. Whoever writes to memory first makes its pages, so the system is asked before.
    #[must_use]
    pub fn new(value: T, count: usize) -> Self {
        let mut memory = Vec::with_capacity(count);
        advise(memory.spare_capacity_mut(), &[Advice::Huge]);
        memory.resize(count, value);
        Self(memory)
    }
}

impl<T> Deref for HugePages<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T> DerefMut for HugePages<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.0
    }
}

impl<T> Drop for HugePages<T> {
    /// An allocator may keep what is given back to it for a while, or give the same addresses to small things, of which each would then take
    /// 2 MiB: so the system has its memory back at once, and makes no more huge pages of these addresses.
    fn drop(&mut self) {
        self.0.clear();
        advise(self.0.spare_capacity_mut(), &[Advice::Small, Advice::Gone]);
    }
}

#[derive(Clone, Copy)]
enum Advice {
    Huge,
    Small,
    Gone,
}

/// Only whole pages inside of the memory are spoken of, huge ones where it is about those: nothing beside it grows. A system that does not take
/// the advice is as good as before.
#[cfg(target_os = "linux")]
fn advise<T>(memory: &mut [MaybeUninit<T>], advice: &[Advice]) {
    use rustix::{
        mm::{Advice as Linux, madvise},
        param::page_size,
    };

    const HUGE: usize = 2 * 1024 * 1024;
    let start = memory.as_mut_ptr().cast::<u8>();
    for advice in advice {
        let (advice, page) = match advice {
            Advice::Huge => (Linux::LinuxHugepage, HUGE),
            Advice::Small => (Linux::LinuxNoHugepage, HUGE),
            Advice::Gone => (Linux::LinuxDontNeed, page_size()),
        };
        let before = start.align_offset(page);
        let length = size_of_val(memory).saturating_sub(before) / page * page;
        if length == 0 {
            continue;
        }
        #[expect(unsafe_code, reason = "no library gives advice on memory of ours")]
        // SAFETY: `before` and `length` stay inside of the slice, which is borrowed alone, and in which nothing stands that could be lost.
        let _ = unsafe { madvise(start.wrapping_add(before).cast(), length, advice) };
    }
}

#[cfg(not(target_os = "linux"))]
fn advise<T>(_: &mut [MaybeUninit<T>], _: &[Advice]) {}
