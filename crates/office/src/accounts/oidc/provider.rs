//! What a provider publishes about itself (OpenID Connect Discovery 1.0), and the exchange of a code for tokens.

use super::Oidc;
use super::claims::{self, Demand, Person};
use super::fetch::{FetchError, Question};
use base64::{Engine, engine::general_purpose::STANDARD};
use kernel::Instant;
use serde::Deserialize;
use std::fmt;
use std::sync::Arc;
use url::form_urlencoded::{Serializer, byte_serialize};
use vault::jws::{JwsError, KeySet};

/// How long what it published counts as known.
const KNOWN_SECONDS: i64 = 300;

/// Its endpoints.
#[derive(Debug, Deserialize)]
pub(super) struct Metadata {
    issuer: String,
    pub(super) authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
    #[serde(default)]
    access_token: String,
}

/// Why a provider's word was not taken. For the log: a page says that signing in did not come to an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ProviderError {
    Fetch(FetchError),
    /// What it publishes cannot be read, or is another's.
    Metadata,
    /// No tokens for the code.
    Tokens,
    Signature(JwsError),
    Claim(&'static str),
    /// The answer came from another provider (RFC 9207).
    Mixed,
}

impl fmt::Display for ProviderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fetch(error) => error.fmt(f),
            Self::Metadata => f.write_str("what it publishes about itself cannot be used"),
            Self::Tokens => f.write_str("no tokens for the code"),
            Self::Signature(error) => error.fmt(f),
            Self::Claim(claim) => write!(f, "the claim `{claim}` is not as it has to be"),
            Self::Mixed => f.write_str("the answer of another provider"),
        }
    }
}

impl From<FetchError> for ProviderError {
    fn from(error: FetchError) -> Self {
        Self::Fetch(error)
    }
}

/// What is sent to the provider with a person, and compared when they come back.
pub(super) struct Expected<'a> {
    pub(super) redirect: &'a str,
    pub(super) nonce: &'a str,
    pub(super) verifier: &'a str,
}

impl Oidc {
    /// Whether the provider publishes what we need, under the name it was given.
    ///
    /// # Errors
    /// What stood in the way.
    pub async fn answers(&self, now: Instant) -> Result<(), String> {
        self.metadata(now).await.map(drop).map_err(|error| error.to_string())
    }

    /// What it publishes, read again after five minutes; the issuer in it has to be the one that was named.
    pub(super) async fn metadata(&self, now: Instant) -> Result<Arc<Metadata>, ProviderError> {
        let mut known = self.known.lock().await;
        let fresh = |at: Instant| (0..KNOWN_SECONDS).contains(&(now.as_second() - at.as_second()));
        if let Some((_, metadata)) = known.as_ref().filter(|(at, _)| fresh(*at)) {
            return Ok(metadata.clone());
        }
        let address = format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let read = self.fetch(&address, Question::Get).await?;
        let metadata: Metadata = serde_json::from_slice(&read).map_err(|_| ProviderError::Metadata)?;
        let ends = [&metadata.authorization_endpoint, &metadata.token_endpoint, &metadata.jwks_uri];
        if metadata.issuer != self.issuer || ends.iter().any(|address| self.allowed(address).is_none()) {
            return Err(ProviderError::Metadata);
        }
        let metadata = Arc::new(metadata);
        *known = Some((now, metadata.clone()));
        Ok(metadata)
    }

    /// Where a person is sent.
    pub(super) fn authorization(
        &self,
        metadata: &Metadata,
        state: &str,
        challenge: &str,
        sent: &Expected<'_>,
    ) -> Option<String> {
        let mut address = self.allowed(&metadata.authorization_endpoint)?;
        address.query_pairs_mut().extend_pairs([
            ("response_type", "code"),
            ("client_id", &self.client_id),
            ("redirect_uri", sent.redirect),
            ("scope", "openid email"),
            ("state", state),
            ("nonce", sent.nonce),
            ("code_challenge", challenge),
            ("code_challenge_method", "S256"),
        ]);
        Some(address.into())
    }

    /// Who came back: the code is exchanged, the token's signature and claims are checked.
    pub(super) async fn person(
        &self,
        now: Instant,
        code: &str,
        iss: Option<&str>,
        sent: &Expected<'_>,
    ) -> Result<Person, ProviderError> {
        let metadata = self.metadata(now).await?;
        let demanded = metadata.authorization_response_iss_parameter_supported;
        if iss.map_or(demanded, |iss| iss != self.issuer) {
            return Err(ProviderError::Mixed);
        }
        let tokens = self.tokens(&metadata, code, sent).await?;
        let keys = KeySet::parse(&self.fetch(&metadata.jwks_uri, Question::Get).await?);
        let signed = keys.and_then(|keys| keys.claims(&tokens.id_token)).map_err(ProviderError::Signature)?;
        let demand = Demand {
            issuer: &self.issuer,
            client_id: &self.client_id,
            nonce: sent.nonce,
            access_token: &tokens.access_token,
            factor_acr: &self.factor_acr,
        };
        let mut person = claims::check(&signed, &demand, now).map_err(ProviderError::Claim)?;
        person.factor |= self.demands_factor;
        Ok(person)
    }

    async fn tokens(&self, metadata: &Metadata, code: &str, sent: &Expected<'_>) -> Result<Tokens, ProviderError> {
        let answer = self.fetch(&metadata.token_endpoint, self.exchange_of(metadata, code, sent)).await?;
        serde_json::from_slice(&answer).map_err(|_| ProviderError::Tokens)
    }

    /// The code for tokens; our secret in the header, unless the provider takes it in the form only.
    fn exchange_of(&self, metadata: &Metadata, code: &str, sent: &Expected<'_>) -> Question {
        let mut form = Serializer::new(String::new());
        form.extend_pairs([
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", sent.redirect),
            ("code_verifier", sent.verifier),
        ]);
        let ways = &metadata.token_endpoint_auth_methods_supported;
        if ways.is_empty() || ways.iter().any(|way| way == "client_secret_basic") {
            return Question::Post(form.finish(), Some(self.basic()));
        }
        form.extend_pairs([("client_id", self.client_id.as_str()), ("client_secret", self.client_secret.expose())]);
        Question::Post(form.finish(), None)
    }

    /// RFC 6749 §2.3.1: both are form-encoded before they are joined.
    fn basic(&self) -> String {
        let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
        let joined = format!("{}:{}", encoded(&self.client_id), encoded(self.client_secret.expose()));
        format!("Basic {}", STANDARD.encode(joined))
    }
}
