//! Pictures from the camera or from a file, drawn anew in memory: nothing goes to the camera roll, and what a camera writes beside a
//! picture (place, time, make) is not in it.

use baton_core::photo::{PHOTO_BYTES, PHOTO_PIXELS};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    CanvasRenderingContext2d, File, HtmlCanvasElement, HtmlVideoElement, ImageBitmap, MediaStream,
    MediaStreamTrack,
};

use super::{document, window};

/// What stands before the bytes of a picture that a page shows.
const JPEG: &str = "data:image/jpeg;base64,";

/// A picture in memory. No `Debug`: it may show a patient.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// It, as a page shows it.
    pub url: String,
    /// Width in pixels.
    pub width: u16,
    /// Height in pixels.
    pub height: u16,
}

impl Picture {
    /// Its bytes.
    pub fn jpeg(&self) -> Vec<u8> {
        let bytes = self.url.strip_prefix(JPEG).unwrap_or_default();
        super::from_base64(bytes).unwrap_or_default()
    }
}

/// A JPEG as a page shows it. Not by an object URL: what those name a browser may write to its disk.
pub fn shown(jpeg: &[u8]) -> String {
    [JPEG, &super::to_base64(jpeg)].concat()
}

/// Why there is no picture from the camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CameraError {
    /// Something else has it, or it failed.
    #[error("The camera could not be started. Close other apps that use it, then try again.")]
    Busy,
    /// The person or the browser did not allow it.
    #[error(
        "This browser does not let Baton use the camera. Allow it in the browser’s settings for this site, then try again."
    )]
    Denied,
    /// There is none, or the browser gives none to pages.
    #[error("No camera was found on this device.")]
    Missing,
}

/// Shows what the camera sees; the one on the back where there are two.
pub async fn open(video: &HtmlVideoElement) -> Result<(), CameraError> {
    let devices = window().navigator().media_devices();
    let devices = devices.ok().filter(|devices| devices.is_object());
    let devices = devices.ok_or(CameraError::Missing)?;
    let wanted = js_sys::JSON::parse(WANTED).unwrap_or_default();
    let opened = devices.get_user_media_with_constraints(wanted.unchecked_ref());
    let opened = opened.map_err(|error| why(&error))?;
    let stream: MediaStream = JsFuture::from(opened)
        .await
        .map_err(|error| why(&error))?
        .unchecked_into();
    // The dialog may have been closed meanwhile.
    if !video.is_connected() {
        stop(&stream);
        return Ok(());
    }
    video.set_src_object(Some(&stream));
    let plays = video.play().map_err(|error| why(&error))?;
    JsFuture::from(plays).await.map(drop).map_err(|error| why(&error))
}

/// The camera on the back, where there are two, with about as many pixels as a photo may have (`MediaStreamConstraints`).
const WANTED: &str =
    r#"{"video":{"facingMode":"environment","width":{"ideal":2048},"height":{"ideal":2048}}}"#;

/// Lets the camera go.
pub fn close(video: &HtmlVideoElement) {
    if let Some(stream) = video.src_object() {
        stop(&stream);
    }
    video.set_src_object(None);
}

fn stop(stream: &MediaStream) {
    for track in stream.get_tracks() {
        track.unchecked_into::<MediaStreamTrack>().stop();
    }
}

fn why(error: &JsValue) -> CameraError {
    let name = error
        .dyn_ref::<web_sys::DomException>()
        .map(web_sys::DomException::name);
    match name.as_deref() {
        Some("NotAllowedError" | "SecurityError") => CameraError::Denied,
        Some("NotFoundError" | "OverconstrainedError") => CameraError::Missing,
        Some(_) | None => CameraError::Busy,
    }
}

/// Takes what the camera sees now; `None` while it shows nothing.
pub fn take(video: &HtmlVideoElement) -> Option<Picture> {
    draw(
        video.video_width(),
        video.video_height(),
        |canvas, width, height| {
            canvas.draw_image_with_html_video_element_and_dw_and_dh(video, 0.0, 0.0, width, height)
        },
    )
}

/// Draws the picture of a file; `None` when it is none that the browser reads.
pub async fn read(file: &File) -> Option<Picture> {
    let made = window().create_image_bitmap_with_blob(file).ok()?;
    let bitmap: ImageBitmap = JsFuture::from(made).await.ok()?.unchecked_into();
    draw(bitmap.width(), bitmap.height(), |canvas, width, height| {
        canvas.draw_image_with_image_bitmap_and_dw_and_dh(&bitmap, 0.0, 0.0, width, height)
    })
}

/// Draws a picture as large as it may be, and then smaller until it has no more bytes than it may have.
fn draw(
    width: u32,
    height: u32,
    onto: impl Fn(&CanvasRenderingContext2d, f64, f64) -> Result<(), JsValue>,
) -> Option<Picture> {
    let longest = f64::from(width.max(height));
    if longest == 0.0 {
        return None;
    }
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.unchecked_into();
    let mut scale = (f64::from(PHOTO_PIXELS) / longest).min(1.0);
    loop {
        let side = |pixels: u32| (f64::from(pixels) * scale).round().max(1.0);
        let (wide, high) = (side(width), side(height));
        // Both are at most `PHOTO_PIXELS`.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "1 to 2048"
        )]
        let (across, down) = (wide as u16, high as u16);
        canvas.set_width(across.into());
        canvas.set_height(down.into());
        let context = canvas.get_context("2d").ok()??;
        onto(&context.unchecked_into(), wide, high).ok()?;
        for quality in [0.85, 0.7, 0.5] {
            let url = canvas
                .to_data_url_with_type_and_encoder_options("image/jpeg", &quality.into())
                .ok()?;
            let bytes = url.strip_prefix(JPEG)?.len() / 4 * 3;
            if bytes <= PHOTO_BYTES {
                let (width, height) = (across, down);
                return Some(Picture { url, width, height });
            }
        }
        scale *= 0.7;
    }
}
