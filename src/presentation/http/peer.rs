//! The address of the client of a request.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{Extensions, HeaderMap, HeaderName, request::Parts},
    middleware::Next,
    response::Response,
};

use crate::domain::TrustedProxies;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address of the client: that of the connection, or what a trusted proxy names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// The address of a request without a connection, as in tests.
    const UNKNOWN: Self = Self(IpAddr::V4(Ipv4Addr::UNSPECIFIED));

    fn of(proxies: &TrustedProxies, extensions: &Extensions, headers: &HeaderMap) -> Self {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>().map_or(Self::UNKNOWN.0, |info| info.0.ip());
        let forwarded: Vec<_> = headers
            .get_all(FORWARDED_FOR)
            .into_iter()
            .map(|value| value.to_str().unwrap_or_default())
            .collect();
        Self(proxies.client_address(peer, forwarded.into_iter()))
    }
}

impl<S: Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get::<Self>().copied().unwrap_or(Self::UNKNOWN))
    }
}

/// Determines the address of the client, for the log and for handlers.
pub async fn identify_client(
    State(proxies): State<TrustedProxies>,
    mut request: Request,
    next: Next,
) -> Response {
    let client = ClientAddress::of(&proxies, request.extensions(), request.headers());
    request.extensions_mut().insert(client);
    next.run(request).await
}
