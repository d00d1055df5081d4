//! The networks that requests come from, and the proxies that name them.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    str::FromStr,
};

use ipnet::IpNet;

/// The network of a peer: an IPv4 address, or an IPv6 network of 64 bits, because one user can have all addresses of
/// such a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PeerNetwork(IpAddr);

impl From<IpAddr> for PeerNetwork {
    fn from(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
            address @ IpAddr::V4(_) => address,
        })
    }
}

impl fmt::Display for PeerNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            IpAddr::V4(address) => write!(f, "{address}"),
            IpAddr::V6(address) => write!(f, "{address}/64"),
        }
    }
}

/// The reverse proxies whose `X-Forwarded-For` is believed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

/// The error of a list of proxies that names something else than addresses and networks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is neither an address nor a network; write 10.0.0.1 or 10.0.0.0/8, separated by commas")]
pub struct NotANetwork(String);

/// Parses addresses and networks in CIDR notation (RFC 4632) that are separated by commas.
impl FromStr for TrustedProxies {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let network = |part: &str| {
            let address = part.parse::<IpAddr>().map(IpNet::from).ok();
            address.or_else(|| part.parse().ok()).ok_or_else(|| NotANetwork(part.to_owned()))
        };
        text.split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(network)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl TrustedProxies {
    /// True if the address is one of a trusted proxy.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The address of the client: that of the peer, or if the peer is a trusted proxy, the last address in
    /// `X-Forwarded-For` that is not one of a trusted proxy. `forwarded` has the values of all such headers in their order.
    pub fn client_address<'h>(
        &self,
        peer: IpAddr,
        forwarded: impl DoubleEndedIterator<Item = &'h str>,
    ) -> IpAddr {
        let mut address = peer.to_canonical();
        let mut named = forwarded.flat_map(|value| value.split(',')).rev().map(str::trim);
        while self.contains(address) {
            match named.next().and_then(parse_address) {
                Some(before) => address = before,
                None => break,
            }
        }
        address
    }
}

/// Parses an address, which some proxies write with a port.
fn parse_address(text: &str) -> Option<IpAddr> {
    let address = text.parse().ok().or_else(|| Some(text.parse::<SocketAddr>().ok()?.ip()));
    address.map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(address: &str) -> String {
        PeerNetwork::from(address.parse::<IpAddr>().unwrap()).to_string()
    }

    #[test]
    fn an_ipv6_network_of_64_bits_is_one_peer() {
        assert_eq!(network("203.0.113.7"), "203.0.113.7");
        assert_eq!(network("::ffff:203.0.113.7"), "203.0.113.7");
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(network("2001:db8:1:2::"), network("2001:db8:1:2:ffff::1"));
    }

    #[test]
    fn only_trusted_proxies_name_the_client() {
        let proxies: TrustedProxies = "10.0.0.0/8, 127.0.0.1,::1".parse().unwrap();
        let client = |peer: &str, forwarded: &[&str]| {
            proxies.client_address(peer.parse().unwrap(), forwarded.iter().copied()).to_string()
        };
        assert_eq!(client("203.0.113.7", &["198.51.100.1"]), "203.0.113.7", "a stranger names another");
        assert_eq!(client("127.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(
            client("127.0.0.1", &["198.51.100.9, 198.51.100.1"]),
            "198.51.100.1",
            "the client names another"
        );
        assert_eq!(client("127.0.0.1", &["198.51.100.9", "198.51.100.1, 10.2.3.4"]), "198.51.100.1");
        assert_eq!(client("::ffff:127.0.0.1", &["[2001:db8::1]:4711"]), "2001:db8::1");
        assert_eq!(client("127.0.0.1", &["198.51.100.1:80"]), "198.51.100.1");
        assert_eq!(client("127.0.0.1", &[]), "127.0.0.1");
        assert_eq!(client("127.0.0.1", &["198.51.100.9, unknown"]), "127.0.0.1");
        assert_eq!(client("127.0.0.1", &["10.1.1.1"]), "10.1.1.1");
    }

    #[test]
    fn a_list_of_proxies_says_what_is_wrong_in_it() {
        assert_eq!(" ,".parse(), Ok(TrustedProxies::default()));
        for wrong in ["proxy.example", "10.0.0.0/33", "10.0.0.1;10.0.0.2", "10.0.0.1:80"] {
            let error = wrong.parse::<TrustedProxies>().unwrap_err().to_string();
            assert!(error.contains(wrong), "{error}");
        }
    }
}
