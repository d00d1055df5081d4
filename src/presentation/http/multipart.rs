//! Forms with files, read as they come: the fields before the first file at once, the files by whoever wants them.

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
    extract::{BODY_LIMIT, BodyFields},
    fields::Fields,
};

/// A body that was refused is still read so far and so long: a client that is writing does not hear the answer before.
const DRAIN_LIMITS: (usize, Duration) = (256 * 1024 * 1024, Duration::from_secs(30));

/// A body that may be left half read.
#[derive(Clone)]
pub struct SharedBody(Arc<Mutex<BodyDataStream>>);

impl SharedBody {
    /// Takes a body over.
    pub fn new(body: Body) -> Self {
        Self(Arc::new(Mutex::new(body.into_data_stream())))
    }

    fn stream(&self) -> impl Stream<Item = Result<Bytes, axum::Error>> + Send + 'static {
        stream::unfold(self.clone(), |body| async move {
            let next = body.0.lock().await.next().await?;
            Some((next, body))
        })
    }

    /// Reads what nobody wanted.
    pub async fn drain(&self) {
        let (mut left, time_limit) = DRAIN_LIMITS;
        let read = async {
            let mut body = self.0.lock().await;
            while let Some(Ok(chunk)) = body.next().await {
                left = left.saturating_sub(chunk.len());
                if left == 0 {
                    return;
                }
            }
        };
        // Who is slower than this hears no answer.
        let _ = tokio::time::timeout(time_limit, read).await;
    }
}

/// A `multipart/form-data` body that is being read.
pub struct Multipart {
    parts: multer::Multipart<'static>,
    /// A file that was met and that nobody has taken yet.
    next_file: Option<FilePart>,
    /// Bytes of texts that may still come.
    left: usize,
}

/// A file of a form, whose content is still coming.
pub struct FilePart {
    /// The field.
    pub field: String,
    /// The name that the client gives it.
    pub file_name: String,
    first: Bytes,
    rest: multer::Field<'static>,
}

impl Multipart {
    /// Begins to read a body.
    ///
    /// # Errors
    /// [`AppError::Malformed`] without a boundary.
    pub fn new(headers: &HeaderMap, body: &SharedBody) -> Result<Self> {
        let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let boundary = multer::parse_boundary(kind).map_err(|_| malformed())?;
        Ok(Self { parts: multer::Multipart::new(body.stream(), boundary), next_file: None, left: BODY_LIMIT })
    }

    /// Adds texts to `fields` up to the next file, and remembers that there is one; `false` at the end.
    ///
    /// # Errors
    /// [`AppError::Malformed`], [`AppError::TooLarge`].
    pub async fn read_to_file(&mut self, fields: &mut Fields) -> Result<bool> {
        self.next_file = self.next_file(fields).await?;
        Ok(self.next_file.is_some())
    }

    /// The next file; texts before it are added to `fields`. An input in which no file was chosen is none.
    ///
    /// # Errors
    /// [`AppError::Malformed`], [`AppError::TooLarge`].
    pub async fn next_file(&mut self, fields: &mut Fields) -> Result<Option<FilePart>> {
        if let Some(file) = self.next_file.take() {
            return Ok(Some(file));
        }
        while let Some(mut part) = self.parts.next_field().await.map_err(failed)? {
            let name = part.name().unwrap_or_default().to_owned();
            let Some(file_name) = part.file_name().map(str::to_owned) else {
                let mut text = Vec::new();
                while let Some(chunk) = part.chunk().await.map_err(failed)? {
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
            return Ok(Some(FilePart { field: name, file_name, first, rest: part }));
        }
        Ok(None)
    }

    /// Reads all of it, without keeping files.
    ///
    /// # Errors
    /// [`AppError::Malformed`]; [`AppError::TooLarge`] for more than a form without files may have.
    pub async fn skip_files(mut self, fields: &mut Fields) -> Result<()> {
        while let Some(file) = self.next_file(fields).await? {
            let (name, mut empty) = (file.field.clone(), true);
            let mut content = std::pin::pin!(file.content());
            while let Some(chunk) = content.next().await {
                let length = chunk?.len();
                empty &= length == 0;
                self.left = self.left.checked_sub(length).ok_or(AppError::TooLarge)?;
            }
            fields.push_file(name, empty);
        }
        Ok(())
    }
}

impl FilePart {
    /// Its content.
    pub fn content(self) -> impl Stream<Item = Result<Bytes>> + Send {
        let first = stream::iter((!self.first.is_empty()).then_some(Ok(self.first)));
        first.chain(stream::unfold(Some(self.rest), |part| async move {
            let mut part = part?;
            match part.chunk().await {
                Ok(Some(chunk)) => Some((Ok(chunk), Some(part))),
                Ok(None) => None,
                Err(error) => Some((Err(failed(error)), None)),
            }
        }))
    }
}

/// Who handles the request takes the files out.
#[derive(Clone)]
pub struct PendingFiles(Arc<std::sync::Mutex<Option<Multipart>>>);

impl PendingFiles {
    /// Puts them there to be taken.
    pub fn new(form: Multipart) -> Self {
        Self(Arc::new(std::sync::Mutex::new(Some(form))))
    }

    /// Takes them, once.
    pub fn take(&self) -> Option<Multipart> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take()
    }
}

/// The fields of a body in any of the three formats, and its files, which are still coming. Fields after the first file
/// are not there before it was read.
pub struct SubmittedForm {
    /// The fields so far.
    pub fields: Fields,
    /// The files.
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

#[expect(clippy::needless_pass_by_value, reason = "it is mapped over")]
fn failed(error: multer::Error) -> AppError {
    match error {
        multer::Error::StreamReadFailed(_) => AppError::Malformed("the body breaks off"),
        _ => malformed(),
    }
}
