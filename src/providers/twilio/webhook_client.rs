//! Posts webhooks as Twilio would, for the simulator and `aloqa simulate`.

use reqwest::{Client, Response};
use secrecy::SecretString;
use url::Url;

use crate::providers::twilio::signature;

/// Posts a form signed over `public_url`, the address that the receiver knows itself by, to
/// `post_to`, the address where it can be reached from here. The two are often the same.
///
/// Fails when no answer came; an answer of any status is returned as it is.
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
