//! Where memory comes from. A hash takes 19 MiB for a moment; the system's allocator would cut small pieces from what it leaves behind, find no
//! room for the next one, and grow by hundreds of MiB in a storm of sign-ins. This one gives it back.
//! It lays small pieces far apart, which costs nothing in pages of 4 KiB, and twice the memory in the huge ones that some systems make of
//! everything.

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Keeps all but the memory of hashes out of huge pages. To be called before there is much memory to speak of.
pub fn spare() {
    huge_pages::only_where_asked();
}
