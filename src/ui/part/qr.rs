//! A picture that a camera reads: a QR code, drawn here as one path.

use leptos::prelude::*;
use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write as _;

/// Readers want so many modules of nothing around it (ISO/IEC 18004).
const MARGIN: i32 = 4;

/// The text as a picture, dark on light whatever the page's colours are; nothing if it is too long for one.
#[component]
pub fn Qr<'a>(
    /// What it says.
    text: &'a str,
    /// What it is, for those who cannot see it.
    label: &'static str,
) -> impl IntoView + use<> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let size = code.size() + 2 * MARGIN;
    Some(view! {
        <svg class="qr" role="img" aria-label=label viewBox=format!("0 0 {size} {size}") shape-rendering="crispEdges">
            <rect width=size height=size fill="#fff" />
            <path d=path(&code) fill="#000" />
        </svg>
    })
}

/// Each run of dark modules in a row is one bar.
fn path(code: &QrCode) -> String {
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let run = (x..code.size())
                .take_while(|&x| code.get_module(x, y))
                .count();
            let run = i32::try_from(run).unwrap_or_default();
            if run > 0 {
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + MARGIN, y + MARGIN);
            }
            x += run.max(1);
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Draws the path again, module by module.
    fn drawn(path: &str, size: i32) -> Vec<Vec<bool>> {
        let width = usize::try_from(size).unwrap();
        let mut rows = vec![vec![false; width]; width];
        for bar in path.split('M').skip(1) {
            let (x, rest) = bar.split_once(' ').unwrap();
            let (y, rest) = rest.split_once('h').unwrap();
            let (run, _) = rest.split_once('v').unwrap();
            let (x, y, run): (usize, usize, usize) =
                (x.parse().unwrap(), y.parse().unwrap(), run.parse().unwrap());
            let margin = usize::try_from(MARGIN).unwrap();
            rows[y - margin][x - margin..][..run].fill(true);
        }
        rows
    }

    #[test]
    fn the_bars_are_the_modules_of_the_code_and_nothing_else() {
        let code = QrCode::encode_text("otpauth://totp/latchkey:maya", QrCodeEcc::Medium).unwrap();
        let rows = drawn(&path(&code), code.size());
        for (y, row) in (0..).zip(&rows) {
            for (x, &module) in (0..).zip(row) {
                assert_eq!(module, code.get_module(x, y), "{x} {y}");
            }
        }
    }
}
