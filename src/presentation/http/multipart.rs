//! Multipart forms, read as a stream: the fields before the first file by the middleware, the files
//! by the handler.

use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, BodyDataStream, Bytes},
    extract::{FromRequest, Request},
    http::{HeaderMap, header},
};
use futures_util::{Stream, StreamExt as _, stream};
use tokio::sync::Mutex;

use crate::error::{AppError, Result};
use crate::presentation::http::{
    body_meter::{BodyError, BodyMeter},
    extract::BodyFields,
    fields::{Fields, MAX_FIELDS},
};

/// The maximum number of files of a form.
const MAX_FILES: usize = 100;
/// The time for reading the rest of a refused body. A client that is still writing does not read the response before.
const DRAIN_TIME: Duration = Duration::from_secs(30);

/// A body that may be read in part.
#[derive(Clone)]
pub struct SharedBody(Arc<Mutex<BodyDataStream>>);

impl SharedBody {
    /// Wraps a body.
    pub fn new(body: Body) -> Self {
        Self(Arc::new(Mutex::new(body.into_data_stream())))
    }

    fn stream(&self) -> impl Stream<Item = Result<Bytes, axum::Error>> + Send + 'static {
        stream::unfold(self.clone(), |body| async move {
            let next = body.0.lock().await.next().await?;
            Some((next, body))
        })
    }

    /// Reads and discards at most `left` bytes of the rest of the body.
    pub async fn drain(&self, mut left: usize) {
        let read = async {
            let mut body = self.0.lock().await;
            while let Some(Ok(chunk)) = body.next().await {
                left = left.saturating_sub(chunk.len());
                if left == 0 {
                    return;
                }
            }
        };
        // A slower client gets no response.
        let _ = tokio::time::timeout(DRAIN_TIME, read).await;
    }
}

/// A `multipart/form-data` body that is being read.
pub struct Multipart {
    parts: multer::Multipart<'static>,
    /// A file that was reached and is not taken yet.
    next_file: Option<FilePart>,
    meter: BodyMeter,
    /// The number of bytes that texts, and files that are skipped, may still have.
    left: usize,
    files: usize,
}

/// A file of a form, whose content is not read yet.
pub struct FilePart {
    /// The name of the field.
    pub field: String,
    /// The name that the client gave to the file.
    pub file_name: String,
    first: Bytes,
    rest: multer::Field<'static>,
    meter: BodyMeter,
}

impl Multipart {
    /// Begins to read a body that has at most `limit` bytes besides the content of its files.
    ///
    /// # Errors
    /// [`AppError::Malformed`] if the boundary is missing.
    pub fn new(headers: &HeaderMap, body: &SharedBody, limit: usize) -> Result<Self> {
        let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let boundary = multer::parse_boundary(kind).map_err(|_| malformed())?;
        let meter = BodyMeter::new(limit);
        let parts = multer::Multipart::new(meter.measure(body.stream()), boundary);
        Ok(Self { parts, next_file: None, meter, left: limit, files: 0 })
    }

    /// Adds texts to `fields` up to the next file, which is kept for [`Self::next_file`]; returns
    /// `false` at the end.
    ///
    /// # Errors
    /// [`AppError::Malformed`], [`AppError::TooLarge`].
    pub async fn read_to_file(&mut self, fields: &mut Fields) -> Result<bool> {
        self.next_file = self.next_file(fields).await?;
        Ok(self.next_file.is_some())
    }

    /// Returns the next file; texts before it are added to `fields`. A file field without a chosen
    /// file is skipped.
    ///
    /// # Errors
    /// [`AppError::Malformed`], [`AppError::TooLarge`].
    pub async fn next_file(&mut self, fields: &mut Fields) -> Result<Option<FilePart>> {
        if let Some(file) = self.next_file.take() {
            return Ok(Some(file));
        }
        while let Some(mut part) = self.parts.next_field().await.map_err(failed)? {
            self.meter.advanced();
            if fields.len() >= MAX_FIELDS {
                return Err(AppError::TooLarge);
            }
            let name = part.name().unwrap_or_default().to_owned();
            let Some(file_name) = part.file_name().map(str::to_owned) else {
                let mut text = Vec::new();
                while let Some(chunk) = part.chunk().await.map_err(failed)? {
                    self.meter.advanced();
                    self.left = self.left.checked_sub(chunk.len()).ok_or(AppError::TooLarge)?;
                    text.extend_from_slice(&chunk);
                }
                fields.push_text(name, text);
                continue;
            };
            let first = part.chunk().await.map_err(failed)?.unwrap_or_default();
            if first.is_empty() && file_name.is_empty() {
                fields.push_file(name, true);
                continue;
            }
            self.files += 1;
            if self.files > MAX_FILES {
                return Err(AppError::TooLarge);
            }
            self.meter.received_file_content(first.len());
            let meter = self.meter.clone();
            return Ok(Some(FilePart { field: name, file_name, first, rest: part, meter }));
        }
        Ok(None)
    }

    /// Reads a file without keeping it, and adds its field to `fields`. A file that nobody reads has to be skipped: the
    /// rest of it would count as part of the form.
    ///
    /// # Errors
    /// [`AppError::Malformed`]; [`AppError::TooLarge`] for more than a form without files may have.
    pub async fn skip(&mut self, file: FilePart, fields: &mut Fields) -> Result<()> {
        let (name, mut empty) = (file.field.clone(), true);
        let mut content = std::pin::pin!(file.content());
        while let Some(chunk) = content.next().await {
            let length = chunk?.len();
            empty &= length == 0;
            self.left = self.left.checked_sub(length).ok_or(AppError::TooLarge)?;
        }
        fields.push_file(name, empty);
        Ok(())
    }

    /// Reads the rest, without keeping files.
    ///
    /// # Errors
    /// See [`Self::skip`].
    pub async fn skip_files(mut self, fields: &mut Fields) -> Result<()> {
        while let Some(file) = self.next_file(fields).await? {
            self.skip(file, fields).await?;
        }
        Ok(())
    }
}

impl FilePart {
    /// The content of the file.
    pub fn content(self) -> impl Stream<Item = Result<Bytes>> + Send {
        let first = stream::iter((!self.first.is_empty()).then_some(Ok(self.first)));
        first.chain(stream::unfold(Some((self.rest, self.meter)), |part| async move {
            let (mut part, meter) = part?;
            match part.chunk().await {
                Ok(Some(chunk)) => {
                    meter.received_file_content(chunk.len());
                    Some((Ok(chunk), Some((part, meter))))
                }
                Ok(None) => None,
                Err(error) => Some((Err(failed(error)), None)),
            }
        }))
    }
}

/// The files of a request, which the handler takes from its extensions.
#[derive(Clone)]
pub struct PendingFiles(Arc<std::sync::Mutex<Option<Multipart>>>);

impl PendingFiles {
    /// Wraps the form.
    pub fn new(form: Multipart) -> Self {
        Self(Arc::new(std::sync::Mutex::new(Some(form))))
    }

    /// Takes the form; `None` the second time.
    pub fn take(&self) -> Option<Multipart> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take()
    }
}

/// The fields of a body in any of the three formats, and its files, which are not read yet. Fields
/// after the first file are only known once that file is read.
pub struct SubmittedForm {
    /// The fields before the first file.
    pub fields: Fields,
    /// The files, if the form has any.
    pub files: Option<Multipart>,
}

impl<S: Send + Sync> FromRequest<S> for SubmittedForm {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        if let Some(files) = request.extensions().get::<PendingFiles>().and_then(PendingFiles::take) {
            let fields = request.extensions().get::<Arc<Fields>>().map(|fields| Fields::clone(fields));
            return Ok(Self { fields: fields.unwrap_or_default(), files: Some(files) });
        }
        let BodyFields(fields) = BodyFields::from_request(request, state).await?;
        Ok(Self { fields: Arc::unwrap_or_clone(fields), files: None })
    }
}

fn malformed() -> AppError {
    AppError::Malformed("not a multipart form")
}

fn failed(error: multer::Error) -> AppError {
    match error {
        multer::Error::StreamReadFailed(cause) => match cause.downcast_ref() {
            Some(BodyError::TooLarge) => AppError::TooLarge,
            _ => AppError::Malformed("the body breaks off"),
        },
        _ => malformed(),
    }
}
