//! A received call, from JSON or from a form with files.

use axum::{
    extract::{FromRequest as _, Multipart, Request},
    http::header::CONTENT_TYPE,
};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// The maximum size of a call in JSON.
const MAX_JSON: usize = 1024 * 1024;

/// A call of one method.
#[derive(Clone, Debug)]
pub struct Call {
    /// The method's name.
    pub method: String,
    /// The parameters; values other than text are encoded as JSON.
    pub fields: Vec<(String, String)>,
    /// The body, if it was JSON.
    pub json: Option<Value>,
    /// The uploaded files.
    pub files: Vec<CallFile>,
}

/// A file in a call.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CallFile {
    /// The name of the parameter; for the files of an album, the name that its items refer to.
    pub field: String,
    /// The file's name.
    pub name: String,
    /// The size in bytes.
    pub size: usize,
    /// The SHA-256 hash of the content.
    pub sha256: [u8; 32],
}

impl Call {
    /// Parses a call; `None` if it is malformed.
    pub(super) async fn read(method: String, request: Request) -> Option<Self> {
        let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if content_type.is_some_and(|kind| kind.starts_with("multipart/")) {
            return Self::from_form(method, Multipart::from_request(request, &()).await.ok()?).await;
        }
        let body = axum::body::to_bytes(request.into_body(), MAX_JSON).await.ok()?;
        let value: Value = if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).ok()? };
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let fields = value.as_object().into_iter().flatten().map(|(name, value)| (name.clone(), text(value)));
        Some(Self { method, fields: fields.collect(), json: Some(value.clone()), files: Vec::new() })
    }

    async fn from_form(method: String, mut form: Multipart) -> Option<Self> {
        let mut call = Self { method, fields: Vec::new(), json: None, files: Vec::new() };
        while let Some(field) = form.next_field().await.ok()? {
            let name = field.name().unwrap_or_default().to_owned();
            let Some(file) = field.file_name().map(str::to_owned) else {
                call.fields.push((name, field.text().await.ok()?));
                continue;
            };
            let content = field.bytes().await.ok()?;
            call.files.push(CallFile {
                field: name,
                name: file,
                size: content.len(),
                sha256: Sha256::digest(&content).into(),
            });
        }
        call.attach();
        Some(call)
    }

    /// Assigns files to the parameters that refer to them by `attach://…`.
    fn attach(&mut self) {
        let files = &mut self.files;
        self.fields.retain(|(name, value)| {
            let named = value.strip_prefix("attach://");
            let file = named.and_then(|named| files.iter_mut().find(|file| file.field == named));
            let is_text = file.is_none();
            if let Some(file) = file {
                file.field.clone_from(name);
            }
            is_text
        });
    }

    /// The value of a parameter; `None` if it is missing or empty.
    pub fn value(&self, name: &str) -> Option<&str> {
        let (_, value) = self.fields.iter().find(|(key, _)| key == name)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }

    /// The file of a parameter.
    pub fn file(&self, field: &str) -> Option<&CallFile> {
        self.files.iter().find(|file| file.field == field)
    }
}
