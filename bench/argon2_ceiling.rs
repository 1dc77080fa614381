//! How many passwords this machine can hash in a second with our parameters: every core at work, nothing else. `argon2_ceiling SECONDS`
//! asks for memory for each hash, as the library does by itself; `argon2_ceiling SECONDS kept` keeps it, in huge pages, as the server does.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use huge_pages::HugePages;
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut given = std::env::args().skip(1);
    let seconds: u64 = given.next().as_deref().unwrap_or("5").parse()?;
    let keeps = given.next().is_some_and(|word| word == "kept");
    let params = Params::new(19_456, 2, 1, None).map_err(|fault| fault.to_string())?;
    let blocks = params.block_count();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let (password, salt) = (b"a password to measure", b"sixteen-bytes-xx");
    let (done, start) = (AtomicU64::new(0), Instant::now());
    let end = start + Duration::from_secs(seconds);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                let mut tag = [0; 32];
                let mut memory = keeps.then(|| HugePages::new(Block::default(), blocks));
                while Instant::now() < end {
                    let tagged = match &mut memory {
                        Some(memory) => argon2.hash_password_into_with_memory(
                            password,
                            salt,
                            &mut tag,
                            &mut **memory,
                        ),
                        None => argon2.hash_password_into(password, salt, &mut tag),
                    };
                    if tagged.is_ok() {
                        done.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    #[expect(
        clippy::print_stdout,
        clippy::cast_precision_loss,
        reason = "the one number that was asked for"
    )]
    {
        println!(
            "{:.1}",
            done.load(Ordering::Relaxed) as f64 / start.elapsed().as_secs_f64()
        );
    }
    Ok(())
}
