//! Passkeys against the standard's own examples (W3C Web Authentication, level 3, §16), and against rubbish.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use proptest::prelude::*;
use vault::passkey::{Assertion, Enrolment, Passkey, PasskeyError, RelyingParty, challenge_of};

/// One example: challenge, client data and object of the enrolment; challenge, client data, data and signature of the use.
struct Example {
    made: [&'static str; 3],
    shown: [&'static str; 4],
}

/// §16.2: ES256 without attestation.
const ES256: Example = Example {
    made: [
        "00c30fb78531c464d2b6771dab8d7b603c01162f2fa486bea70f283ae556e130",
        "7b2274797065223a22776562617574686e2e637265617465222c226368616c6c656e6765223a22414d4d507434557878475453746e63647134313759447742466938767049612d7077386f4f755657345441222c226f726967696e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73652c22657874726144617461223a22636c69656e74446174614a534f4e206d617920626520657874656e6465642077697468206164646974696f6e616c206669656c647320696e20746865206675747572652c207375636820617320746869733a20426b5165446a646354427258426941774a544c453551227d",
        "a363666d74646e6f6e656761747453746d74a068617574684461746158a4bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b559000000008446ccb9ab1db374750b2367ff6f3a1f0020f91f391db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4a5010203262001215820afefa16f97ca9b2d23eb86ccb64098d20db90856062eb249c33a9b672f26df61225820930a56b87a2fca66334b03458abf879717c12cc68ed73290af2e2664796b9220",
    ],
    shown: [
        "39c0e7521417ba54d43e8dc95174f423dee9bf3cd804ff6d65c857c9abf4d408",
        "7b2274797065223a22776562617574686e2e676574222c226368616c6c656e6765223a224f63446e55685158756c5455506f334a5558543049393770767a7a59425039745a63685879617630314167222c226f726967696e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73657d",
        "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b51900000000",
        "3046022100f50a4e2e4409249c4a853ba361282f09841df4dd4547a13a87780218deffcd380221008480ac0f0b93538174f575bf11a1dd5d78c6e486013f937295ea13653e331e87",
    ],
};

/// §16.11: Ed25519 with an attestation, which nobody asks for and nobody reads.
const ED25519: Example = Example {
    made: [
        "a8abf9dabdc6b0df63466b39bda9e8a34a34e185337a59f1c579990676d3b3bd",
        "7b2274797065223a22776562617574686e2e637265617465222c226368616c6c656e6765223a22714b763532723347734e396a526d733576616e6f6f306f303459557a656c6e7878586d5a426e6254733730222c226f726967696e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73652c22657874726144617461223a22636c69656e74446174614a534f4e206d617920626520657874656e6465642077697468206164646974696f6e616c206669656c647320696e20746865206675747572652c207375636820617320746869733a20425f44543567375a445f2d394f544c59583549764551227d",
        "a363666d74667061636b65646761747453746d74a363616c67266373696758483046022100d83f60bd80269537583218858aefb03ac57d45fa06e42feaae332d187f62da9f022100a02bd3cb6f7e1d283c93bad1f3f4b5a4c0494463da7fdbf256949116754d1f17637835638159022730820223308201c8a003020102021100b2cfc9ea33c8643b0e1a760463eaf164300a06082a8648ce3d0403023062311e301c06035504030c15576562417574686e207465737420766563746f7273310c300a060355040a0c0357334331253023060355040b0c1c41757468656e74696361746f72204174746573746174696f6e204341310b30090603550406130241413020170d3234303130313030303030305a180f33303234303130313030303030305a305f311e301c06035504030c15576562417574686e207465737420766563746f7273310c300a060355040a0c0357334331223020060355040b0c1941757468656e74696361746f72204174746573746174696f6e310b30090603550406130241413059301306072a8648ce3d020106082a8648ce3d03010703420004dd2b7a564b73b8c0b81c4c62e521925c4d1198ec9f583dbf1eebe364b65cd9c29a9bdf346aaa81fb6b9507e5249a52fdaf8e39e26b0b7dc45992a7e233b70f70a360305e300c0603551d130101ff04023000300e0603551d0f0101ff040403020780301d0603551d0e041604140ae27546bc7eccb1b4b597bd354f0c0b1f1f8f8e301f0603551d2304183016801445aff715b0dd786741fee996ebc16547a3931b1e300a06082a8648ce3d0403020349003046022100a0d434ecb5fc3bfd7da5f41904517ad2836249f561bd834ba7a438a8ab7a4ce8022100fac845bb7a02513b58e9f319654dbe49b0f02b95835bac568c71f8a18cdde9ab6861757468446174615881bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b54100000000d5aa33581e8ca478e20fe713f5d32ff20020ce9f840ed96599580cd140fbc7bb3230633f50f61041aff73308ae71caa8a2bda401010327200621582044e06ddd331c36a8dc667bab52bcae63486c916aa5e339e6acebaa84934bf832",
    ],
    shown: [
        "895957e01c633a698348a2d8a31a54b7db27e8c1c43b2080d79ae2190267bfd2",
        "7b2274797065223a22776562617574686e2e676574222c226368616c6c656e6765223a2269566c583442786a4f6d6d44534b4c596f7870557439736e364d48454f7943413135726947514a6e763949222c226f726967696e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73657d",
        "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b50100000000",
        "f5c59c7e46c34f6f8cc197101ddf9934fa2595f68eb1913a637e8419eb9ba4cfdfc48f85393bc0d40b011f0d6fecb097d6607525713223a0dc0d453993dae00b",
    ],
};

/// §16.4: made in a frame on another site's page.
const FRAMED: [&str; 2] = [
    "3be5aacd03537142472340ab5969f240f1d87716e20b6807ac230655fa4b3b49",
    "7b2274797065223a22776562617574686e2e637265617465222c226368616c6c656e6765223a224f2d57717a514e5463554a484930437257576e7951504859647862694332674872434d475666704c4f306b222c226f726967696e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a747275657d",
];

fn ours() -> RelyingParty {
    RelyingParty::new("example.org", "https://example.org")
}

fn bytes(hexadecimal: &str) -> Vec<u8> {
    hex::decode(hexadecimal).expect("hexadecimal")
}

fn web(hexadecimal: &str) -> String {
    BASE64.encode(bytes(hexadecimal))
}

impl Example {
    fn enrolment(&self) -> Enrolment {
        Enrolment { client_data: web(self.made[1]), attestation: web(self.made[2]) }
    }

    fn passkey(&self) -> Passkey {
        ours().enrolled(&web(self.made[0]), &self.enrolment()).expect("the example holds")
    }

    fn assertion(&self) -> Assertion {
        let [_, client_data, authenticator_data, signature] = self.shown.map(web);
        let id = self.passkey().id().to_owned();
        Assertion { id, client_data, authenticator_data, signature, user_handle: String::new() }
    }
}

#[test]
fn the_examples_of_the_standard_hold() {
    for example in [ES256, ED25519] {
        let (passkey, shown) = (example.passkey(), example.assertion());
        assert_eq!(passkey.counter(), 0);
        assert_eq!(challenge_of(&shown.client_data), Some(web(example.shown[0])));
        assert_eq!(ours().shown(&web(example.shown[0]), &passkey, 0, &shown, false), Ok(0));
        let kept: Passkey = serde_json::from_str(&serde_json::to_string(&passkey).expect("JSON")).expect("a passkey");
        assert_eq!((kept.id(), kept.digest()), (passkey.id(), passkey.digest()));
    }
}

#[test]
fn what_differs_in_one_thing_is_refused_for_that_thing() {
    let (passkey, good, challenge) = (ES256.passkey(), ES256.assertion(), web(ES256.shown[0]));
    let told = |ours: &RelyingParty, challenge: &str, counter, shown: &Assertion, verified| {
        ours.shown(challenge, &passkey, counter, shown, verified).expect_err("refused")
    };
    let elsewhere = RelyingParty::new("example.org", "https://example.org:8443");
    assert_eq!(told(&elsewhere, &challenge, 0, &good, false), PasskeyError::Origin);
    let another = RelyingParty::new("www.example.org", "https://example.org");
    assert_eq!(told(&another, &challenge, 0, &good, false), PasskeyError::RelyingParty);
    assert_eq!(told(&ours(), &web(ES256.made[0]), 0, &good, false), PasskeyError::Challenge);
    assert_eq!(told(&ours(), &challenge, 0, &good, true), PasskeyError::NotVerified);
    let back = PasskeyError::Counter { known: 7, shown: 0 };
    assert_eq!(told(&ours(), &challenge, 7, &good, false), back);
    let other = Assertion { signature: ED25519.assertion().signature, ..good.clone() };
    assert_eq!(told(&ours(), &challenge, 0, &other, false), PasskeyError::Signature);
    let made = Assertion { client_data: ES256.enrolment().client_data, ..good.clone() };
    assert_eq!(told(&ours(), &challenge, 0, &made, false), PasskeyError::Use);
    let named = Assertion { id: ED25519.passkey().id().to_owned(), ..good };
    assert_eq!(told(&ours(), &challenge, 0, &named, false), PasskeyError::Malformed);
    let framed = Enrolment { client_data: web(FRAMED[1]), attestation: web(ES256.made[2]) };
    assert_eq!(ours().enrolled(&web(FRAMED[0]), &framed).expect_err("refused"), PasskeyError::Origin);
}

#[test]
fn a_key_of_a_kind_we_do_not_take_is_refused() {
    let (challenge, mut made) = (web(ES256.made[0]), ES256.enrolment());
    // The algorithm in the key: -7 becomes -8, which this kind of key does not have.
    let object = ES256.made[2].replace("a5010203262001", "a5010203272001");
    made.attestation = web(&object);
    assert_eq!(ours().enrolled(&challenge, &made).expect_err("refused"), PasskeyError::Algorithm);
    // A map that says it has four thousand million entries.
    made.attestation = BASE64.encode([0xBA, 0xFF, 0xFF, 0xFF, 0xFF]);
    assert_eq!(ours().enrolled(&challenge, &made).expect_err("refused"), PasskeyError::Malformed);
    // Arrays within arrays, as many as fit.
    made.attestation = BASE64.encode([&b"\xA1\x61x"[..], &[0x81; 40_000]].concat());
    assert_eq!(ours().enrolled(&challenge, &made).expect_err("refused"), PasskeyError::Malformed);
}

#[test]
fn nothing_of_a_passkey_can_be_printed() {
    let passkey = ES256.passkey();
    assert!(!format!("{passkey:?}").contains(passkey.id()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Cut, lengthened or changed anywhere, an answer is refused or means the same; nothing panics.
    #[test]
    fn rubbish_is_refused(at in 0_usize..164, value: u8, cut: bool, tail in proptest::collection::vec(any::<u8>(), 0..4)) {
        let mut object = bytes(ES256.made[2]);
        let at = 30 + at;
        object[at] = value;
        if cut { object.truncate(at); }
        object.extend(&tail);
        let made = Enrolment { client_data: web(ES256.made[1]), attestation: BASE64.encode(&object) };
        let outcome = ours().enrolled(&web(ES256.made[0]), &made);
        let whole = object.len() == bytes(ES256.made[2]).len();
        prop_assert!(whole || outcome.is_err());

        let mut data = bytes(ES256.shown[2]);
        let at = at % data.len();
        let same = data[at] == value;
        data[at] = value;
        let shown = Assertion { authenticator_data: BASE64.encode(&data), ..ES256.assertion() };
        let outcome = ours().shown(&web(ES256.shown[0]), &ES256.passkey(), 0, &shown, false);
        prop_assert_eq!(outcome.is_ok(), same, "a changed byte breaks the signature");
    }
}
