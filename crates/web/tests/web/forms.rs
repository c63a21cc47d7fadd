//! Forms: only from our own page, with the session's own token; and where one may be sent afterwards.

use crate::console::Console;
use axum::http::StatusCode;
use web::login::local_path;

#[tokio::test]
async fn a_form_needs_the_sessions_own_token() {
    let console = Console::new(false).await;
    let (cookie, csrf) = console.signed_in().await;
    let (_, others) = console.signed_in().await;
    let post = |body: String| {
        let (console, cookie) = (&console, &cookie);
        async move { console.post("/private", &[("cookie", cookie)], &body).await }
    };
    let right = post(format!("csrf={csrf}&text=yes")).await;
    assert_eq!((right.status, right.body.as_str()), (StatusCode::OK, "\"yes\""));
    for wrong in ["text=yes", "csrf=&text=yes", &format!("csrf={others}&text=yes"), &format!("csrf={csrf}x&text=yes")] {
        let refused = post(wrong.to_owned()).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{wrong}");
        assert!(refused.body.contains("Rien n'a changé") || refused.body.contains("Rien n&#39;a changé"));
    }
}

#[tokio::test]
async fn a_form_of_another_site_is_refused_even_with_the_token() {
    for secure in [false, true] {
        let console = Console::new(secure).await;
        let (cookie, csrf) = console.signed_in().await;
        let body = format!("csrf={csrf}&text=yes");
        let send = |name: &'static str, value: &'static str| {
            let (console, cookie, body) = (&console, &cookie, &body);
            async move { console.post("/private", &[("cookie", cookie), (name, value)], body).await.status }
        };
        for site in ["cross-site", "same-site", "", "SAME-ORIGIN "] {
            assert_eq!(send("sec-fetch-site", site).await, StatusCode::FORBIDDEN, "{site}");
        }
        for origin in [
            "https://evil.example",
            "null",
            "garant.example",
            "https://garant.example.evil",
            "https://x@garant.example",
        ] {
            assert_eq!(send("origin", origin).await, StatusCode::FORBIDDEN, "{origin}");
        }
        assert_eq!(send("sec-fetch-site", "same-origin").await, StatusCode::OK);
        assert_eq!(send("origin", "https://Garant.example").await, StatusCode::OK);
        let plain = if secure { StatusCode::FORBIDDEN } else { StatusCode::OK };
        assert_eq!(send("origin", "http://garant.example").await, plain, "a page that was not secure");
    }
}

#[tokio::test]
async fn the_sign_in_form_cannot_be_sent_from_another_site_either() {
    let console = Console::new(false).await;
    let headers = [("sec-fetch-site", "cross-site")];
    assert_eq!(console.post("/open", &headers, "text=yes").await.status, StatusCode::FORBIDDEN);
    assert_eq!(console.post("/open", &[], "text=yes").await.status, StatusCode::OK);
}

#[tokio::test]
async fn without_a_session_or_the_role_nothing_is_posted() {
    let console = Console::new(false).await;
    assert_eq!(console.post("/private", &[], "text=yes").await.status, StatusCode::FORBIDDEN);
    let (cookie, csrf) = console.signed_in().await;
    let answer = console.post("/owner", &[("cookie", &cookie)], &format!("csrf={csrf}&text=yes")).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_is_no_form_is_refused_in_words_a_person_understands() {
    let console = Console::new(false).await;
    for body in ["other=1", "text=a%00b", "text=a&csrf=1&csrf=2"] {
        let refused = console.post("/open", &[("accept-language", "fr")], body).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert!(refused.body.contains("remplissez chaque champ"), "{body}");
        assert!(!refused.body.contains("missing field"), "{body}");
    }
    let large = format!("text={}", "a".repeat(3 << 20));
    assert_eq!(console.post("/open", &[], &large).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let json = console.post("/open", &[("content-type", "application/json")], "").await;
    assert_eq!(json.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

const LOCAL: [&str; 5] = ["/", "/requests", "/requests?state=late&page=2", "/a/%2F%5Cb", "/requests#top"];

const FOREIGN: [&str; 16] = [
    "",
    "requests",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\nSet-Cookie: a=b",
    "/x\r\n\r\n<script>",
    "https://evil.example",
    "javascript:alert(1)",
    " //evil.example",
    "/ /evil.example",
    "/\u{7f}",
    "/caf\u{e9}",
];

#[test]
fn after_signing_in_one_stays_on_this_host() {
    for next in LOCAL {
        assert_eq!(local_path(next), next);
    }
    for next in FOREIGN {
        assert_eq!(local_path(next), "/", "{next:?}");
    }
    assert_eq!(local_path(&format!("/{}", "a".repeat(5000))), "/", "an address has an end");
}

#[tokio::test]
async fn the_language_link_leads_nowhere_else() {
    let console = Console::new(false).await;
    let encode = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    for next in FOREIGN {
        let answer = console.get(&format!("/language?to=fr&next={}", encode(next)), &[]).await;
        assert_eq!(answer.header("location"), "/", "{next:?}");
        assert_eq!(answer.headers.get_all("set-cookie").iter().count(), 1);
    }
    for next in LOCAL {
        let answer = console.get(&format!("/language?to=fr&next={}", encode(next)), &[]).await;
        assert_eq!(answer.header("location"), next);
    }
}
