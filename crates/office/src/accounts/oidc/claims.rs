//! What an ID token has to claim (OpenID Connect Core 1.0 §3.1.3.7). Pure: the signature holds already, time is given.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::Instant;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use web::form::same;

/// Seconds two clocks may differ.
const SKEW_SECONDS: i64 = 60;
/// The oldest token that is taken, in seconds since it was made.
const AGE_SECONDS_MAX: i64 = 600;
/// The longest name of a person at a provider (§2), in characters.
const SUBJECT_CHARS_MAX: usize = 255;

/// What we expect.
pub(super) struct Demand<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a str,
    pub(super) access_token: &'a str,
    /// Values of `acr` that mean more than one factor.
    pub(super) factor_acr: &'a [String],
}

/// Who a provider says came back.
pub(super) struct Person {
    /// Its name for them, which never changes.
    pub(super) subject: String,
    /// Their address, if the provider has verified it.
    pub(super) email: Option<String>,
    /// Whether they showed more than one factor.
    pub(super) factor: bool,
}

/// The person, or the claim at fault.
pub(super) fn check(claims: &Map<String, Value>, demand: &Demand<'_>, now: Instant) -> Result<Person, &'static str> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let number = |name: &str| claims.get(name).and_then(Value::as_f64).map(whole);
    holds("iss", text("iss") == Some(demand.issuer))?;
    holds("aud", audience(claims, demand.client_id))?;
    holds("azp", text("azp").is_none_or(|party| party == demand.client_id))?;
    holds("exp", number("exp").is_some_and(|until| until > now.as_second() - SKEW_SECONDS))?;
    let age = number("iat").map(|made| now.as_second() - made);
    holds("iat", age.is_some_and(|age| (-SKEW_SECONDS..=AGE_SECONDS_MAX).contains(&age)))?;
    holds("nbf", number("nbf").is_none_or(|from| from <= now.as_second() + SKEW_SECONDS))?;
    holds("nonce", text("nonce").is_some_and(|nonce| same(nonce, demand.nonce)))?;
    let hash = claims.get("at_hash").is_none_or(|hash| hash.as_str() == Some(&half_hash(demand.access_token)));
    holds("at_hash", hash)?;
    let subject = text("sub").filter(|name| (1..=SUBJECT_CHARS_MAX).contains(&name.chars().count())).ok_or("sub")?;
    let verified = claims.get("email_verified") == Some(&Value::Bool(true));
    let means = claims.get("amr").and_then(Value::as_array).is_some_and(|amr| amr.iter().any(|way| way == "mfa"));
    let class = text("acr").is_some_and(|class| demand.factor_acr.iter().any(|known| known == class));
    Ok(Person {
        subject: subject.to_owned(),
        email: text("email").filter(|_| verified).map(|email| email.trim().to_lowercase()),
        factor: means || class,
    })
}

fn holds(claim: &'static str, good: bool) -> Result<(), &'static str> {
    if good { Ok(()) } else { Err(claim) }
}

/// Seconds of a `NumericDate` (RFC 7519 §2), which may have a fraction.
fn whole(seconds: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "a date beyond what 64 bits hold becomes the last one")]
    let seconds = seconds.floor() as i64;
    seconds
}

/// We are who it was made for; with others, we are named as the party that asked.
fn audience(claims: &Map<String, Value>, client_id: &str) -> bool {
    match claims.get("aud") {
        Some(Value::String(one)) => one == client_id,
        Some(Value::Array(all)) => {
            let alone = all.len() == 1 || claims.get("azp").is_some_and(|party| party == client_id);
            alone && all.iter().any(|one| one == client_id)
        }
        _ => false,
    }
}

/// §3.1.3.6: the left half of the digest; the schemes we take all use SHA-256 there.
fn half_hash(access_token: &str) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(access_token)[..16])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const NOW: i64 = 1_800_000_000;

    fn told(change: &[(&str, Value)]) -> Result<Person, &'static str> {
        // The access token and its hash are those of the standard's example (Core 1.0, appendix A.4).
        let mut claims = json!({
            "iss": "https://id.example.org", "sub": "24400320", "aud": "garant", "nonce": "n-0S6", "exp": NOW + 300,
            "iat": NOW, "email": " Ada@Example.org", "email_verified": true, "at_hash": "77QmUPtjPfzWtF2AnpK9RQ" });
        for (name, value) in change {
            claims[*name] = value.clone();
        }
        let claims: Map<String, Value> = serde_json::from_value(claims).expect("a map");
        let demand = Demand {
            issuer: "https://id.example.org",
            client_id: "garant",
            nonce: "n-0S6",
            access_token: "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y",
            factor_acr: &["phr".to_owned()],
        };
        check(&claims, &demand, Instant::from_second(NOW).expect("an instant"))
    }

    #[test]
    fn a_token_claims_what_it_has_to() {
        let person = told(&[]).unwrap_or_else(|claim| panic!("{claim}"));
        assert_eq!((person.subject.as_str(), person.email.as_deref()), ("24400320", Some("ada@example.org")));
        assert!(!person.factor);
        for (claim, value) in [
            ("iss", json!("https://id.example.org/")),
            ("iss", json!(null)),
            ("aud", json!("other")),
            ("aud", json!([])),
            ("aud", json!(["garant", "other"])),
            ("azp", json!("other")),
            ("exp", json!(NOW - 61)),
            ("exp", json!("tomorrow")),
            ("iat", json!(NOW + 61)),
            ("iat", json!(NOW - 601)),
            ("iat", json!(null)),
            ("nbf", json!(NOW + 61)),
            ("nonce", json!("n-0S7")),
            ("nonce", json!(null)),
            ("at_hash", json!("77QmUPtjPfzWtF2AnpK9RR")),
            ("at_hash", json!(7)),
            ("sub", json!("")),
            ("sub", json!("x".repeat(256))),
            ("sub", json!(7)),
        ] {
            assert_eq!(told(&[(claim, value.clone())]).err(), Some(claim), "{claim} {value}");
        }
    }

    #[test]
    fn what_may_vary_varies() {
        let good = |change: &[(&str, Value)]| told(change).unwrap_or_else(|claim| panic!("{claim}"));
        good(&[("aud", json!(["garant"]))]);
        good(&[("aud", json!(["other", "garant"])), ("azp", json!("garant"))]);
        good(&[("exp", json!(f64::from(1_800_000_000) + 0.5))]);
        for value in [json!(false), json!("true"), json!(1), json!(null)] {
            assert_eq!(good(&[("email_verified", value.clone())]).email, None, "{value}");
        }
        assert_eq!(good(&[("email", json!(null))]).email, None);
        assert!(good(&[("amr", json!(["pwd", "mfa"]))]).factor && good(&[("acr", json!("phr"))]).factor);
        assert!(
            !good(&[("amr", json!(["pwd", "otp"])), ("acr", json!("0"))]).factor,
            "two words are not a proof of two"
        );
    }
}
