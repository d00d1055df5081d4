//! Files for the demo, drawn and written by code.

use std::{fmt::Write as _, io::Cursor};

use image::{ImageFormat, Rgb, RgbImage};

use crate::error::{AppError, Result};

const WIDTH: u32 = 900;
const HEIGHT: u32 = 600;

/// A blue dome in the evening, as JPEG.
pub(super) fn photo() -> Result<Vec<u8>> {
    let pixels = RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        Rgb(pixel(f64::from(x) / f64::from(HEIGHT), f64::from(y) / f64::from(HEIGHT)))
    });
    let mut jpeg = Cursor::new(Vec::new());
    pixels.write_to(&mut jpeg, ImageFormat::Jpeg).map_err(AppError::internal)?;
    Ok(jpeg.into_inner())
}

/// The colour at a place; heights are from 0 to 1, widths to 1.5.
fn pixel(x: f64, y: f64) -> [u8; 3] {
    let (sky, glow) = ([246.0, 196.0, 138.0], [44.0, 96.0, 128.0]);
    let mut colour = mix(glow, sky, y / 0.78);
    let from_sun = (x - 1.12).hypot(y - 0.52);
    colour = mix(
        [255.0, 236.0, 190.0],
        colour,
        (from_sun / 0.075).powi(4).min(1.0).max(1.0 - (0.3 - from_sun).max(0.0)),
    );
    let wall = |left: f64, right: f64, top: f64| x > left && x < right && y > top;
    let dome = ((x - 0.62) / 0.17).powi(2) + ((y - 0.47) / 0.21).powi(2) < 1.0 && y < 0.5;
    if dome {
        let light = 0.5 + (x - 0.62) * 1.8;
        let ribs = (x * 90.0).sin() * 0.06;
        colour = mix([18.0, 96.0, 116.0], [94.0, 196.0, 198.0], light + ribs);
    }
    if wall(0.46, 0.78, 0.48) || wall(0.22, 0.30, 0.24) || wall(0.94, 1.02, 0.24) || wall(0.22, 1.02, 0.62) {
        let tiles = ((x * 120.0).sin() * (y * 120.0).sin()).signum() * 0.03;
        colour = mix([120.0, 84.0, 60.0], [206.0, 160.0, 112.0], 0.35 + (x - 0.2) * 0.5 + tiles);
    }
    let arch = ((x - 0.62) / 0.1).powi(2) + ((y - 0.72) / 0.16).powi(2) < 1.0
        || ((x - 0.62).abs() < 0.1 && y > 0.72);
    if arch {
        colour = mix([32.0, 44.0, 62.0], [54.0, 72.0, 92.0], y);
    }
    if y > 0.86 + (x * 5.0).sin() * 0.012 {
        colour = mix([150.0, 112.0, 80.0], [84.0, 66.0, 58.0], (y - 0.86) / 0.14);
    }
    colour.map(byte)
}

fn mix(from: [f64; 3], to: [f64; 3], share: f64) -> [f64; 3] {
    let share = share.clamp(0.0, 1.0);
    [0, 1, 2].map(|i| from[i] + (to[i] - from[i]) * share)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
fn byte(value: f64) -> u8 {
    value.clamp(0.0, 255.0) as u8
}

/// A page with a title on it.
pub(super) fn pdf(title: &str) -> Vec<u8> {
    let plain: String = title.chars().filter(char::is_ascii).filter(|c| !"()\\".contains(*c)).collect();
    let text = format!("BT /F1 28 Tf 72 740 Td ({plain}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let (mut file, mut places) = ("%PDF-1.4\n".to_owned(), String::new());
    for (index, object) in objects.iter().enumerate() {
        // Writing to a string does not fail.
        let _ = writeln!(places, "{:010} 00000 n ", file.len());
        let _ = write!(file, "{} 0 obj\n{object}\nendobj\n", index + 1);
    }
    let (start, count) = (file.len(), objects.len() + 1);
    let _ = write!(
        file,
        "xref\n0 {count}\n0000000000 65535 f \n{places}trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    );
    file.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_what_they_say() {
        assert_eq!(infer::get(&photo().unwrap()).unwrap().mime_type(), "image/jpeg");
        let pdf = String::from_utf8(pdf("Price list (2026)")).unwrap();
        assert!(pdf.contains("(Price list 2026)"));
        let start = pdf.find("xref").unwrap();
        assert!(pdf.ends_with(&format!("startxref\n{start}\n%%EOF\n")));
    }
}
