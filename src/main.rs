//! The binary: the command line, and what it starts.

#[cfg_attr(not(test), expect(dead_code, reason = "main dispatches nothing yet"))]
mod cli;

fn main() {}
