//! Where memory comes from. A hash takes 19 MiB for a moment; the system's allocator would cut small pieces from what it leaves behind, find no
//! room for the next one, and grow by hundreds of MiB in a storm of sign-ins. This one gives it back.

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
