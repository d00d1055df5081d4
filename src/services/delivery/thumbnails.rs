//! Thumbnails of pictures, created once.

use std::{io::Cursor, sync::LazyLock};

use bytes::Bytes;
use image::{
    DynamicImage, ImageDecoder as _, ImageReader, Limits, codecs::jpeg::JpegEncoder, metadata::Orientation,
};
use tokio::sync::Semaphore;

use crate::error::{AppError, Result};

/// The longest side of a thumbnail in pixels: twice its size on pages, for high-resolution screens.
const LONGEST: u32 = 640;
/// The maximum size of a picture file, which has to be in memory for decoding; a larger one is
/// presented as a document.
pub(in crate::services) const MAX_FILE_SIZE: usize = 24 * 1024 * 1024;
/// The maximum memory for decoding: a file of a few kilobytes can declare any dimensions.
const MAX_MEMORY: u64 = 192 * 1024 * 1024;
const MAX_PIXELS: u64 = 50_000_000;
const QUALITY: u8 = 82;

/// Pictures are decoded one at a time, which limits memory and processor use.
static CONVERSIONS: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(1));

/// The dimensions of an upright picture, and its thumbnail as JPEG.
pub(in crate::services) struct ScaledPicture {
    pub(in crate::services) width: u32,
    pub(in crate::services) height: u32,
    pub(in crate::services) jpeg: Vec<u8>,
}

/// Creates a thumbnail; `None` if the content is not a picture or too large to decode. The content
/// is read only when the decoder is free.
///
/// # Errors
/// Any error of `content`.
pub(in crate::services) async fn make_thumbnail(
    content: impl Future<Output = Result<Bytes>> + Send,
) -> Result<Option<ScaledPicture>> {
    let _one = CONVERSIONS.acquire().await.map_err(AppError::internal)?;
    let content = content.await?;
    // If the decoder panics, this picture has no thumbnail, and nothing else is affected.
    Ok(tokio::task::spawn_blocking(move || make(&content)).await.ok().flatten())
}

fn make(content: &[u8]) -> Option<ScaledPicture> {
    let mut reader = ImageReader::new(Cursor::new(content)).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    if decoder.total_bytes() > MAX_MEMORY || u64::from(width) * u64::from(height) > MAX_PIXELS {
        tracing::info!(width, height, "a picture is too large to be looked at");
        return None;
    }
    // Phones store the sensor's orientation in EXIF instead of rotating the picture.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder).ok()?;
    let mut small = if width.max(height) > LONGEST { picture.thumbnail(LONGEST, LONGEST) } else { picture };
    small.apply_orientation(orientation);
    let turned = (small.width() > small.height()) != (width > height) && width != height;
    let (width, height) = if turned { (height, width) } else { (width, height) };
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(&on_white(small)).ok()?;
    Some(ScaledPicture { width, height, jpeg })
}

/// Puts a transparent picture on white, because JPEG has no transparency.
fn on_white(picture: DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return DynamicImage::ImageRgb8(picture.into_rgb8());
    }
    let mut pixels = picture.into_rgba8();
    for pixel in pixels.pixels_mut() {
        let alpha = u16::from(pixel.0[3]);
        for part in &mut pixel.0[..3] {
            let mixed = (u16::from(*part) * alpha + 255 * (255 - alpha)) / 255;
            *part = u8::try_from(mixed).unwrap_or(u8::MAX);
        }
    }
    DynamicImage::ImageRgb8(DynamicImage::ImageRgba8(pixels).into_rgb8())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn of(content: Bytes) -> Option<ScaledPicture> {
        make_thumbnail(async { Ok(content) }).await.unwrap()
    }
    use image::{ImageFormat, RgbImage, Rgba, RgbaImage};

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        RgbImage::new(width, height).write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
        bytes
    }

    #[tokio::test]
    async fn pictures_have_thumbnails_and_dimensions() {
        let small = of(png(1_600, 400).into()).await.unwrap();
        assert_eq!((small.width, small.height), (1_600, 400));
        let seen = image::load_from_memory(&small.jpeg).unwrap();
        assert_eq!((seen.width(), seen.height()), (640, 160));
    }

    #[tokio::test]
    async fn other_files_have_no_thumbnail() {
        for content in [&b""[..], b"GIF89a", b"\x89PNG\r\n\x1a\n", b"<svg/>", &png(40, 40)[..60]] {
            assert!(of(Bytes::copy_from_slice(content)).await.is_none());
        }
    }

    #[tokio::test]
    async fn a_decompression_bomb_is_rejected() {
        // 20,000 × 20,000 black pixels need 1.2 GB decoded and some kilobytes compressed; only the
        // header is read.
        let mut bomb = png(1, 1);
        bomb[16..20].copy_from_slice(&20_000_u32.to_be_bytes());
        bomb[20..24].copy_from_slice(&20_000_u32.to_be_bytes());
        let crc = crc32(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&crc.to_be_bytes());
        assert_eq!(
            ImageReader::new(Cursor::new(&bomb)).with_guessed_format().unwrap().into_dimensions().unwrap(),
            (20_000, 20_000)
        );
        assert!(of(bomb.into()).await.is_none());
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0_u32, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
                if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 }
            })
        })
    }

    #[tokio::test]
    async fn exif_orientation_is_applied() {
        // EXIF orientation 6: rotated by 90 degrees.
        let mut jpeg = Vec::new();
        JpegEncoder::new(&mut jpeg).encode_image(&RgbImage::new(80, 40)).unwrap();
        let exif: &[u8] =
            b"\xff\xe1\0\x22Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
        let turned = [&jpeg[..2], exif, &jpeg[2..]].concat();
        let small = of(turned.into()).await.unwrap();
        assert_eq!((small.width, small.height), (40, 80));
        let seen = image::load_from_memory(&small.jpeg).unwrap();
        assert_eq!((seen.width(), seen.height()), (40, 80));
    }

    #[test]
    fn transparency_becomes_white() {
        let clear = RgbaImage::from_pixel(2, 2, Rgba([0, 0, 0, 0]));
        assert_eq!(on_white(DynamicImage::ImageRgba8(clear)).into_rgb8().get_pixel(0, 0).0, [255; 3]);
    }
}
