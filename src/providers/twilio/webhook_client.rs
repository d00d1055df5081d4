//! Posts webhooks like Twilio, for the simulator and `aloqa simulate`.

use reqwest::{Client, Response};
use secrecy::SecretString;
use url::Url;

use crate::providers::twilio::signature;

/// Posts a form to `post_to`, the address that the receiver has here, signed for `public_url`, the
/// address that the receiver verifies against. The two are often the same.
///
/// An answer of any status is returned.
///
/// # Errors
/// An error if there is no answer.
pub async fn post_signed(
    http: &Client,
    token: &SecretString,
    public_url: &Url,
    post_to: &Url,
    params: &[(String, String)],
) -> reqwest::Result<Response> {
    let signature = signature::sign(token, public_url.as_str(), params);
    http.post(post_to.clone()).header(signature::HEADER, signature).form(params).send().await
}
