//! Signing in by the company's own identity provider (OpenID Connect Core 1.0, code flow with PKCE, RFC 7636).
//!
//! The provider says who somebody is; who may come in, accounts say. It opens only an account that was opened by
//! invitation and has the same verified address, and only after its holder linked the two with their password.

mod claims;
mod fetch;
pub(super) mod pages;
mod provider;
mod verbs;

use crate::tls;
use kernel::{Instant, Secret};
use provider::Metadata;
use std::fmt;
use std::sync::Arc;
use tokio::sync::Mutex;
use tokio_rustls::rustls::ClientConfig;
use url::Url;

/// What the operator says about a provider.
pub struct OidcSettings {
    /// Its name for itself: an `https` address, or `http` on this machine.
    pub issuer: String,
    /// Our name there.
    pub client_id: String,
    /// Our password there.
    pub client_secret: Secret<String>,
    /// It asks everybody for a second factor, so that ours is not needed.
    pub demands_factor: bool,
    /// Values of `acr` by which it says so for one sign-in.
    pub factor_acr: Vec<String>,
    /// Other origins whose endpoints may be asked; else only those of the issuer's own origin.
    pub origins: Vec<String>,
    /// The certificate of its own authority (PEM).
    pub authority: Option<Vec<u8>>,
}

/// A provider that can be asked.
pub struct Oidc {
    issuer: String,
    origins: Vec<String>,
    client_id: String,
    client_secret: Secret<String>,
    demands_factor: bool,
    factor_acr: Vec<String>,
    tls: Arc<ClientConfig>,
    /// What it published last, and when it was read: an address is asked for each sign-in, not each page.
    known: Mutex<Option<(Instant, Arc<Metadata>)>>,
}

/// Settings that cannot work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OidcError {
    /// Not an `https` address, nor `http` on this machine.
    Address,
    /// No client id, or no secret.
    Client,
    /// No certificate in PEM.
    Authority,
}

impl fmt::Display for OidcError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Address => "the identity provider and its origins need an https address (http only on this machine)",
            Self::Client => "the identity provider needs our client id and secret",
            Self::Authority => "the certificate of the identity provider's authority is not one in PEM",
        })
    }
}

impl std::error::Error for OidcError {}

impl Oidc {
    /// A provider as the operator describes it; nothing is asked yet.
    ///
    /// # Errors
    /// What cannot work.
    pub fn new(settings: OidcSettings) -> Result<Self, OidcError> {
        let origins = std::iter::once(&settings.issuer).chain(&settings.origins);
        let origins = origins.map(|address| origin(address)).collect::<Option<Vec<_>>>().ok_or(OidcError::Address)?;
        if settings.client_id.is_empty() || settings.client_secret.expose().is_empty() {
            return Err(OidcError::Client);
        }
        Ok(Self {
            issuer: settings.issuer,
            origins,
            client_id: settings.client_id,
            client_secret: settings.client_secret,
            demands_factor: settings.demands_factor,
            factor_acr: settings.factor_acr,
            tls: Arc::new(tls::config(settings.authority.as_deref()).ok_or(OidcError::Authority)?),
            known: Mutex::new(None),
        })
    }

    /// Its name for people: the host.
    pub(super) fn name(&self) -> String {
        let host = Url::parse(&self.issuer).ok().and_then(|url| url.host_str().map(str::to_owned));
        host.unwrap_or_else(|| self.issuer.clone())
    }

    /// An address of its own, or of an origin the operator named: no other is ever asked, whatever it publishes.
    fn allowed(&self, address: &str) -> Option<Url> {
        let known = origin(address).is_some_and(|origin| self.origins.contains(&origin));
        Url::parse(address).ok().filter(|_| known)
    }
}

/// The origin of an address that may be asked at all.
fn origin(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let here = match url.host()? {
        url::Host::Domain(name) => name == "localhost",
        url::Host::Ipv4(ip) => ip.is_loopback(),
        url::Host::Ipv6(ip) => ip.is_loopback(),
    };
    let safe = url.scheme() == "https" || (url.scheme() == "http" && here);
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    (safe && plain).then(|| url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(issuer: &str, origins: &[&str]) -> OidcSettings {
        OidcSettings {
            issuer: issuer.into(),
            client_id: "garant".into(),
            client_secret: Secret::new("s".into()),
            demands_factor: false,
            factor_acr: Vec::new(),
            origins: origins.iter().map(|origin| (*origin).to_owned()).collect(),
            authority: None,
        }
    }

    #[test]
    fn only_https_or_this_machine_is_asked() {
        for (issuer, good) in [
            ("https://id.example.org/realms/a", true),
            ("http://localhost:9000", true),
            ("http://127.0.0.1:9000/x", true),
            ("http://[::1]:9000", true),
            ("http://id.example.org", false),
            ("http://localhost.example.org", false),
            ("https://user:secret@id.example.org", false),
            ("ftp://id.example.org", false),
            ("id.example.org", false),
        ] {
            assert_eq!(Oidc::new(settings(issuer, &[])).is_ok(), good, "{issuer}");
        }
        assert_eq!(Oidc::new(settings("https://a.example", &["http://b.example"])).err(), Some(OidcError::Address));
        let silent = OidcSettings { client_id: String::new(), ..settings("https://a.example", &[]) };
        assert_eq!(Oidc::new(silent).err(), Some(OidcError::Client));
        let odd = OidcSettings { authority: Some(b"no".to_vec()), ..settings("https://a.example", &[]) };
        assert_eq!(Oidc::new(odd).err(), Some(OidcError::Authority));
    }

    #[test]
    fn what_a_provider_publishes_leads_nowhere_else() {
        let oidc = Oidc::new(settings("https://id.example.org/a", &["https://keys.example.org"])).expect("settings");
        for (address, good) in [
            ("https://id.example.org/token", true),
            ("https://keys.example.org/jwks", true),
            ("https://id.example.org:8443/token", false),
            ("http://id.example.org/token", false),
            ("https://id.example.org.evil.example/token", false),
            ("https://id.example.org@evil.example/token", false),
            ("http://169.254.169.254/latest/meta-data", false),
            ("http://localhost:6379/", false),
            ("file:///etc/passwd", false),
            ("/token", false),
        ] {
            assert_eq!(oidc.allowed(address).is_some(), good, "{address}");
        }
    }
}
