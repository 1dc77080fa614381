//! How many passwords this machine can hash in a second with our parameters: every core at work, nothing else. `argon2_ceiling SECONDS`

use argon2::{Algorithm, Argon2, Params, Version};
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let seconds: u64 = std::env::args().nth(1).as_deref().unwrap_or("5").parse()?;
    let params = Params::new(19_456, 2, 1, None).map_err(|fault| fault.to_string())?;
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let (done, start) = (AtomicU64::new(0), Instant::now());
    let end = start + Duration::from_secs(seconds);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                let mut tag = [0; 32];
                while Instant::now() < end {
                    if hasher
                        .hash_password_into(b"a password to measure", b"sixteen-bytes-xx", &mut tag)
                        .is_ok()
                    {
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
