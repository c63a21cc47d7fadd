//! A small identity provider: discovery, keys, a token endpoint that checks what it is sent, and tokens signed with RS256
//! or ES256, with anything about them wrong that a test wants.

use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::{Engine, engine::general_purpose::STANDARD, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use kernel::Secret;
use office::accounts::{Oidc, OidcSettings};
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

pub(crate) const CLIENT: &str = "garant";
/// With characters that have to be encoded before they are joined (RFC 6749 §2.3.1).
const SECRET: &str = "s3cret:+&% é";

/// How a token is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signed {
    Rs256,
    Es256,
    /// Not at all: `alg` is `none`.
    No,
    /// With our own secret: `HS256`, as if a public key were one.
    Shared,
    /// With a key that is not published, under the name of one that is.
    Stranger,
    /// With a key whose name is not published.
    Unknown,
}

struct Keys {
    rsa: RsaKeyPair,
    stranger: RsaKeyPair,
    ec: EcdsaKeyPair,
    random: SystemRandom,
}

/// What the provider does next.
struct Plan {
    signed: Signed,
    claims: Value,
    /// What the authorisation request said, by code.
    asked: HashMap<String, HashMap<String, String>>,
    exchanges: usize,
    metadata: Value,
}

struct Inner {
    issuer: String,
    keys: Keys,
    plan: Mutex<Plan>,
}

/// A running provider; it stops with the test.
#[derive(Clone)]
pub(crate) struct Provider(Arc<Inner>);

impl Provider {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let issuer = format!("http://{}/realms/staff", listener.local_addr().expect("an address"));
        let read = |pkcs8: &[u8]| RsaKeyPair::from_pkcs8(pkcs8).expect("a key");
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).expect("a key");
        let ec = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random).expect("a key");
        let keys = Keys {
            rsa: read(include_bytes!("../fixtures/oidc/one.pk8")),
            stranger: read(include_bytes!("../fixtures/oidc/two.pk8")),
            ec,
            random,
        };
        let plan =
            Plan { signed: Signed::Rs256, claims: json!({}), asked: HashMap::new(), exchanges: 0, metadata: json!({}) };
        let provider = Self(Arc::new(Inner { issuer, keys, plan: Mutex::new(plan) }));
        let router = Router::new()
            .route("/realms/staff/.well-known/openid-configuration", get(discovery))
            .route("/realms/staff/keys", get(published))
            .route("/realms/staff/token", post(token))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        provider
    }

    /// The settings that lead to it.
    pub(crate) fn settings(&self) -> OidcSettings {
        OidcSettings {
            issuer: self.0.issuer.clone(),
            client_id: CLIENT.into(),
            client_secret: Secret::new(SECRET.into()),
            demands_factor: false,
            factor_acr: vec!["phr".into()],
            origins: Vec::new(),
            authority: None,
        }
    }

    pub(crate) fn client(&self) -> Arc<Oidc> {
        Arc::new(Oidc::new(self.settings()).expect("settings"))
    }

    pub(crate) fn issuer(&self) -> &str {
        &self.0.issuer
    }

    /// Publishes something else about itself.
    pub(crate) fn publish(&self, metadata: Value) {
        self.0.plan.lock().expect("a plan").metadata = metadata;
    }

    /// How often somebody asked for tokens.
    pub(crate) fn exchanges(&self) -> usize {
        self.0.plan.lock().expect("a plan").exchanges
    }

    /// A person agrees: gives the code, and the query they come back with. `claims` take the place of the usual ones.
    pub(crate) fn agree(&self, address: &str, signed: Signed, claims: Value) -> String {
        let asked = url::Url::parse(address).expect("an address");
        assert!(address.starts_with(&format!("{}/authorize?", self.0.issuer)), "{address}");
        let asked: HashMap<String, String> = asked.query_pairs().into_owned().collect();
        assert_eq!((asked["response_type"].as_str(), asked["client_id"].as_str()), ("code", CLIENT));
        assert_eq!((asked["scope"].as_str(), asked["code_challenge_method"].as_str()), ("openid email", "S256"));
        let mut plan = self.0.plan.lock().expect("a plan");
        let code = format!("code-{}", plan.asked.len());
        let state = asked["state"].clone();
        plan.asked.insert(code.clone(), asked);
        (plan.signed, plan.claims) = (signed, claims);
        format!("code={code}&state={state}")
    }

    fn sign(&self, signed: Signed, claims: &Value) -> String {
        let keys = &self.0.keys;
        let (alg, kid) = match signed {
            Signed::Rs256 | Signed::Stranger => ("RS256", "rsa"),
            Signed::Es256 => ("ES256", "ec"),
            Signed::No => ("none", "rsa"),
            Signed::Shared => ("HS256", "rsa"),
            Signed::Unknown => ("RS256", "other"),
        };
        let part = |value: &Value| BASE64.encode(value.to_string());
        let text = format!("{}.{}", part(&json!({ "alg": alg, "kid": kid, "typ": "JWT" })), part(claims));
        let rsa = |key: &RsaKeyPair| {
            let mut bytes = vec![0; key.public().modulus_len()];
            key.sign(&RSA_PKCS1_SHA256, &keys.random, text.as_bytes(), &mut bytes).expect("signed");
            bytes
        };
        let signature = match signed {
            Signed::Rs256 => rsa(&keys.rsa),
            Signed::Stranger | Signed::Unknown => rsa(&keys.stranger),
            Signed::Es256 => keys.ec.sign(&keys.random, text.as_bytes()).expect("signed").as_ref().to_vec(),
            Signed::No => Vec::new(),
            Signed::Shared => {
                let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, keys.rsa.public().as_ref());
                ring::hmac::sign(&key, text.as_bytes()).as_ref().to_vec()
            }
        };
        format!("{text}.{}", BASE64.encode(signature))
    }
}

async fn discovery(State(provider): State<Provider>) -> Json<Value> {
    let issuer = &provider.0.issuer;
    let mut metadata = json!({
        "issuer": issuer, "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"), "jwks_uri": format!("{issuer}/keys"), "more": ["ignored"] });
    let changed = provider.0.plan.lock().expect("a plan").metadata.clone();
    for (name, value) in changed.as_object().into_iter().flatten() {
        metadata[name] = value.clone();
    }
    Json(metadata)
}

async fn published(State(provider): State<Provider>) -> Json<Value> {
    let keys = &provider.0.keys;
    let point = keys.ec.public_key().as_ref();
    let PublicKeyComponents { n, e } = PublicKeyComponents::<Vec<u8>>::from(keys.rsa.public());
    Json(json!({ "keys": [
        { "kty": "oct", "kid": "odd", "k": "AAAA" }, { "kty": 7 },
        { "kty": "RSA", "kid": "rsa", "use": "sig", "alg": "RS256", "n": BASE64.encode(n), "e": BASE64.encode(e) },
        { "kty": "EC", "kid": "ec", "crv": "P-256", "x": BASE64.encode(&point[1..33]), "y": BASE64.encode(&point[33..]) },
    ] }))
}

/// The code is good once, for who asked with the right secret and the verifier of their own challenge.
async fn token(
    State(provider): State<Provider>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Json<Value>, StatusCode> {
    let mut plan = provider.0.plan.lock().expect("a plan");
    plan.exchanges += 1;
    let asked = form.get("code").and_then(|code| plan.asked.remove(code)).ok_or(StatusCode::BAD_REQUEST)?;
    let encoded: String = url::form_urlencoded::byte_serialize(SECRET.as_bytes()).collect();
    let basic = format!("Basic {}", STANDARD.encode(format!("{CLIENT}:{encoded}")));
    let in_form = plan.metadata["token_endpoint_auth_methods_supported"] == json!(["client_secret_post"]);
    let known = match headers.get(header::AUTHORIZATION) {
        Some(given) => !in_form && given.as_bytes() == basic.as_bytes(),
        None => in_form && form.get("client_secret").is_some_and(|secret| secret == SECRET),
    };
    let challenge = BASE64.encode(Sha256::digest(&form["code_verifier"]));
    let same = asked["redirect_uri"] == form["redirect_uri"] && asked["code_challenge"] == challenge;
    if !known || !same || form["grant_type"] != "authorization_code" {
        return Err(StatusCode::UNAUTHORIZED);
    }
    let mut claims = json!({
        "iss": provider.0.issuer, "sub": "a-subject-of-theirs", "aud": CLIENT, "nonce": asked["nonce"],
        "at_hash": BASE64.encode(&Sha256::digest("an-access-token")[..16]) });
    for (name, value) in plan.claims.as_object().expect("claims") {
        claims[name] = value.clone();
    }
    let id_token = provider.sign(plan.signed, &claims);
    Ok(Json(json!({ "id_token": id_token, "access_token": "an-access-token", "token_type": "Bearer" })))
}
