//! An authenticator in software: it makes passkeys and shows them as a browser on some origin would.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::Value;
use sha2::{Digest, Sha256};

pub(crate) const PRESENT: u8 = 0x01;
pub(crate) const VERIFIED: u8 = 0x04;

/// A device with one key, and the browser it is used with.
pub(crate) struct Authenticator {
    key: EcdsaKeyPair,
    random: SystemRandom,
    pub(crate) id: Vec<u8>,
    pub(crate) user_handle: String,
    pub(crate) counter: u32,
    /// How it was touched.
    pub(crate) flags: u8,
    /// Where the browser is.
    pub(crate) origin: String,
    pub(crate) relying_party: String,
}

impl Authenticator {
    pub(crate) fn new(id: u8) -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).expect("a key");
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &random).expect("a key");
        Self {
            key,
            random,
            id: vec![id; 32],
            user_handle: String::new(),
            counter: 0,
            flags: PRESENT | VERIFIED,
            origin: "http://localhost".into(),
            relying_party: "localhost".into(),
        }
    }

    fn client(&self, kind: &str, challenge: &str) -> String {
        let data = serde_json::json!({
            "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false, "other": "ignored" });
        data.to_string()
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        [&Sha256::digest(&self.relying_party)[..], &[flags], &self.counter.to_be_bytes()].concat()
    }

    /// The fields of the form when a passkey is made for what the page asked.
    pub(crate) fn make(&mut self, asked: &Value) -> String {
        let options = &asked["options"];
        assert_eq!(asked["make"], true);
        self.user_handle = options["user"]["id"].as_str().expect("a handle").to_owned();
        let client = self.client("webauthn.create", options["challenge"].as_str().expect("a challenge"));
        let point = self.key.public_key().as_ref();
        let length = u16::try_from(self.id.len()).expect("short").to_be_bytes();
        // {1: 2, 3: -7, -1: 1, -2: x, -3: y}
        let cose = [&[0xA5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32], &point[1..33], &[0x22, 0x58, 32], &point[33..]];
        let data = [&self.data(self.flags | 0x40)[..], &[0; 16], &length, &self.id, &cose.concat()].concat();
        let length = u16::try_from(data.len()).expect("short").to_be_bytes();
        // {"fmt": "none", "attStmt": {}, "authData": bytes}
        let object = [b"\xA3\x63fmt\x64none\x67attStmt\xA0\x68authData\x59", &length[..], &data].concat();
        format!("client_data={}&attestation={}", BASE64.encode(client), BASE64.encode(object))
    }

    /// The fields of the form when the passkey is shown for what the page asked.
    pub(crate) fn show(&mut self, asked: &Value) -> String {
        assert_eq!(asked["make"], false);
        self.counter += 1;
        let client = self.client("webauthn.get", asked["options"]["challenge"].as_str().expect("a challenge"));
        let data = self.data(self.flags);
        let message = [&data[..], &Sha256::digest(&client)].concat();
        let signature = self.key.sign(&self.random, &message).expect("signed");
        format!(
            "id={}&client_data={}&authenticator_data={}&signature={}&user_handle={}",
            BASE64.encode(&self.id),
            BASE64.encode(client),
            BASE64.encode(data),
            BASE64.encode(signature),
            self.user_handle
        )
    }
}
