//! Where a request comes from, when proxies that the operator trusts stand in between.
//!
//! A proxy adds the address it saw at the end of `X-Forwarded-For`. Only what trusted ones wrote counts: read from the
//! end, the first address that is not a trusted proxy is the visitor's. Whatever stands before it anybody may have written.
//!
//! When no proxy is named and the connection comes from this machine or a private network, it may be a proxy all the same, with
//! every visitor behind it. Then nobody's address is known, and nothing is counted by network: a hundred wrong passwords
//! of one stranger would else shut the door for all.

use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};

/// The visitor's address; none when it is not known: somebody nobody named may stand in between, or there is no connection
/// (a test calls the router directly).
pub(crate) fn of(parts: &Parts, trusted: &[IpNet]) -> Option<IpAddr> {
    let ConnectInfo(peer) = parts.extensions.get::<ConnectInfo<SocketAddr>>()?;
    let trusts = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    let mut address = peer.ip().to_canonical();
    if trusted.is_empty() && may_be_proxy(address) {
        return None;
    }
    let lines = parts.headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
    let hops: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    for hop in hops.iter().rev() {
        if !trusts(&address) {
            break;
        }
        let Ok(next) = hop.parse::<IpAddr>() else { break };
        address = next.to_canonical();
    }
    Some(address)
}

/// Whether an address is this machine's, or one that a private network uses (RFC 1918, RFC 4193, RFC 6598, link-local ones).
fn may_be_proxy(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let shared = matches!(v4.octets(), [100, 64..=127, ..]);
            v4.is_loopback() || v4.is_private() || v4.is_link_local() || shared
        }
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

/// The network an address is counted with: what one household or office has (a /24, or a /56 of IPv6).
#[must_use]
pub fn prefix(address: IpAddr) -> String {
    let bits = if address.is_ipv4() { 24 } else { 56 };
    IpNet::new(address, bits).map_or_else(|_| address.to_string(), |net| net.trunc().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    /// peer, header lines, trusted proxies → the visitor.
    #[test]
    fn only_what_trusted_proxies_wrote_counts() {
        let proxies: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap(), "2001:db8::/32".parse().unwrap()];
        for (peer, lines, trusted, visitor) in [
            ("203.0.113.9:1", vec![], &proxies[..], "203.0.113.9"),
            ("203.0.113.9:1", vec!["198.51.100.7"], &proxies, "203.0.113.9"),
            ("10.0.0.1:1", vec!["198.51.100.7"], &proxies, "198.51.100.7"),
            ("203.0.113.9:1", vec!["198.51.100.7"], &[], "203.0.113.9"),
            ("10.0.0.1:1", vec!["192.0.2.1, 198.51.100.7, 10.2.3.4"], &proxies, "198.51.100.7"),
            ("10.0.0.1:1", vec!["192.0.2.1", "198.51.100.7"], &proxies, "198.51.100.7"),
            ("10.0.0.1:1", vec!["198.51.100.7, nonsense"], &proxies, "10.0.0.1"),
            ("10.0.0.1:1", vec![""], &proxies, "10.0.0.1"),
            ("[2001:db8::1]:1", vec!["::ffff:198.51.100.7"], &proxies, "198.51.100.7"),
            ("[::ffff:10.0.0.1]:1", vec!["198.51.100.7"], &proxies, "198.51.100.7"),
        ] {
            let mut request = Request::builder();
            for line in &lines {
                request = request.header("x-forwarded-for", *line);
            }
            let (mut parts, ()) = request.body(()).unwrap().into_parts();
            parts.extensions.insert(ConnectInfo(peer.parse::<SocketAddr>().unwrap()));
            assert_eq!(of(&parts, trusted), Some(visitor.parse().unwrap()), "{peer} {lines:?}");
        }
        assert_eq!(of(&Request::new(()).into_parts().0, &proxies), None);
        for peer in [
            "127.0.0.1:1",
            "10.0.0.1:1",
            "192.168.1.4:1",
            "172.17.0.1:1",
            "100.64.0.1:1",
            "[::1]:1",
            "[fd00::2]:1",
            "[::ffff:10.0.0.1]:1",
        ] {
            let (mut parts, ()) =
                Request::builder().header("x-forwarded-for", "198.51.100.7").body(()).unwrap().into_parts();
            parts.extensions.insert(ConnectInfo(peer.parse::<SocketAddr>().unwrap()));
            assert_eq!(of(&parts, &[]), None, "{peer} may be a proxy nobody named");
        }
    }

    #[test]
    fn addresses_of_one_network_are_counted_together() {
        for (address, expected) in [
            ("203.0.113.9", "203.0.113.0/24"),
            ("203.0.113.255", "203.0.113.0/24"),
            ("2001:db8:1:2aff::1", "2001:db8:1:2a00::/56"),
        ] {
            assert_eq!(prefix(address.parse().unwrap()), expected);
        }
    }
}
