//! Signed tokens against the examples of the standards (RFC 7515 A.3, RFC 8037 A.4), and against what is no such token.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use vault::jws::{JwsError, KeySet};

const KEYS: &str = r#"{"keys":[
    {"kty":"EC","crv":"P-256","kid":"ec","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"},
    {"kty":"OKP","crv":"Ed25519","kid":"ed","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
    {"kty":"oct","kid":"shared","k":"AAAA"}]}"#;
const ES256: &str = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
const ED25519: &str = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

fn told(keys: &str, token: &str) -> Option<JwsError> {
    KeySet::parse(keys.as_bytes()).expect("a set").claims(token).err()
}

/// The example under another header; its signature does not cover it.
fn under(header: &str) -> String {
    let (_, rest) = ES256.split_once('.').expect("a header");
    format!("{}.{rest}", BASE64.encode(header))
}

#[test]
fn the_examples_of_the_standards_hold() {
    let claims = KeySet::parse(KEYS.as_bytes()).expect("a set").claims(ES256).expect("signed");
    assert_eq!((claims["iss"].as_str(), claims["exp"].as_i64()), (Some("joe"), Some(1_300_819_380)));
    assert_eq!(told(KEYS, ED25519), Some(JwsError::Malformed), "it is signed, and says nothing in JSON");
}

#[test]
fn each_fault_is_told_as_what_it_is() {
    let long = "x".repeat(70_000);
    let unsigned = format!("{}.e30.", BASE64.encode(r#"{"alg":"none"}"#));
    for (token, fault) in [
        (unsigned.as_str(), JwsError::Algorithm),
        (&under(r#"{"alg":"HS256","kid":"shared"}"#), JwsError::Algorithm),
        (&under(r#"{"alg":"None"}"#), JwsError::Algorithm),
        (&under(r#"{"alg":"EdDSA","kid":"ec"}"#), JwsError::NoKey),
        (&under(r#"{"alg":"RS256"}"#), JwsError::NoKey),
        (&under(r#"{"alg":"ES256","kid":"other"}"#), JwsError::NoKey),
        (&under(r#"{"alg":"ES256","kid":"ec"}"#), JwsError::Signature),
        (&under(r#"{"alg":"ES256","crit":["b64"],"b64":false}"#), JwsError::Malformed),
        (&under("{}"), JwsError::Malformed),
        (&ES256.replace("DtEh", "DtEi"), JwsError::Signature),
        (&ES256[..ES256.len() - 2], JwsError::Signature),
        (&long, JwsError::Malformed),
        ("", JwsError::Malformed),
        ("..", JwsError::Malformed),
        ("a.b", JwsError::Malformed),
    ] {
        assert_eq!(told(KEYS, token), Some(fault), "{token:.60}");
    }
}

#[test]
fn a_token_without_a_name_fits_one_key_only() {
    let twice = KEYS.replace(r#""kid":"ed""#, r#""kid":"ed2""#).replace(
        r#"{"kty":"oct""#,
        r#"{"kty":"EC","crv":"P-256","kid":"ec2","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"},{"kty":"oct""#,
    );
    assert_eq!(told(&twice, ES256), Some(JwsError::NoKey));
    assert_eq!(told(&KEYS.replace(r#""kid":"ec","#, r#""kid":"ec","use":"enc","#), ES256), Some(JwsError::NoKey));
    assert_eq!(told(&KEYS.replace(r#""kid":"ec","#, r#""kid":"ec","alg":"ES384","#), ES256), Some(JwsError::NoKey));
    assert_eq!(told(r#"{"keys":[]}"#, ES256), Some(JwsError::NoKey));
    assert!(KeySet::parse(b"[]").is_err() && KeySet::parse(b"{}").is_err());
}
