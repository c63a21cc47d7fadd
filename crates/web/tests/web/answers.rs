//! What every answer carries, and how errors look to people and to programs.

use crate::console::{Answer, Console, lang};
use axum::http::StatusCode;
use kernel::Lang;
use serde_json::{Value, json};
use web::assets::{CONSOLE_JS_PATH, CSS, CSS_PATH};

#[tokio::test]
async fn every_answer_forbids_foreign_scripts_frames_sniffing_and_foreign_resources() {
    let console = Console::new(true).await;
    let (cookie, _) = console.signed_in().await;
    let cookie = [("cookie", cookie.as_str())];
    let answers = [
        console.get("/open", &[]).await,
        console.get("/private", &cookie).await,
        console.get("/private", &[]).await,
        console.get("/owner", &cookie).await,
        console.get("/absent", &[]).await,
        console.get("/nowhere", &[]).await,
        console.get("/language?to=fr", &[]).await,
        console.get("/language", &[]).await,
        console.post("/open", &[], "").await,
        console.post("/api/problem", &[], "").await,
        console.get(&CSS_PATH, &[]).await,
        console.get("/assets/none.css", &cookie).await,
    ];
    for answer in &answers {
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
        // The console of the house runs one script, ours; nothing else runs any.
        let ours = format!("<script src=\"{}\" defer></script>", *CONSOLE_JS_PATH);
        assert_eq!(answer.body.matches("<script").count(), answer.body.matches(&ours).count());
        assert_eq!(policy.contains("script-src 'self';"), answer.body.contains(&ours), "{policy}");
        assert_eq!(policy.matches("script").count(), answer.body.matches(&ours).count(), "{policy}");
        for part in ["frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"] {
            assert!(policy.contains(part), "{part}");
        }
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("x-frame-options"), "DENY");
        assert_eq!(answer.header("referrer-policy"), "same-origin");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin");
        assert_eq!(answer.header("strict-transport-security"), "max-age=31536000");
        assert!(!answer.body.contains(" style="));
    }
    let scripted = answers.iter().filter(|answer| answer.body.contains("<script")).count();
    assert_eq!(scripted, 3, "the pages of who is signed in, and no stranger's");
}

#[tokio::test]
async fn only_the_stylesheet_may_be_kept_by_a_browser() {
    let console = Console::new(false).await;
    let (cookie, _) = console.signed_in().await;
    let css = console.get(&CSS_PATH, &[]).await;
    assert_eq!((css.status, css.body.as_str()), (StatusCode::OK, CSS));
    assert_eq!(css.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(css.header("cache-control"), "public, max-age=31536000, immutable");
    for path in ["/open", "/private", "/absent", "/assets/none.css"] {
        let answer = console.get(path, &[("cookie", &cookie)]).await;
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
}

#[tokio::test]
async fn an_error_is_a_page_with_a_way_out_in_the_readers_language() {
    let console = Console::new(false).await;
    for (path, status, en, fr) in [
        ("/absent", 404, "There is nothing at this address", "rien à cette adresse"),
        ("/nowhere", 404, "There is nothing at this address", "rien à cette adresse"),
        ("/broken", 503, "The disk is full.", "Le disque est plein."),
    ] {
        for (code, words) in [("en", en), ("fr", fr)] {
            let answer = console.get(path, &[("accept-language", code)]).await;
            assert_eq!(answer.status.as_u16(), status);
            assert!(answer.body.contains(words), "{path} {code}: {}", answer.body);
            assert!(answer.body.contains("role=\"alert\"") && answer.body.contains("<a href=\"/\">"));
        }
    }
}

#[tokio::test]
async fn when_the_session_cannot_be_read_the_error_still_speaks_the_browsers_language() {
    let console = Console::new(false).await;
    let (cookie, _) = console.signed_in().await;
    console.shell.store.close().await;
    let answer = console.get("/private", &[("cookie", &cookie), ("accept-language", "fr")]).await;
    assert_eq!((answer.status, lang(&answer)), (StatusCode::SERVICE_UNAVAILABLE, Lang::Fr));
}

#[tokio::test]
async fn an_error_that_passes_no_guard_still_says_something() {
    let console = Console::new(false).await;
    let (cookie, _) = console.signed_in().await;
    console.shell.store.close().await;
    let answer = console.get("/nowhere", &[("cookie", &cookie)]).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.body.starts_with("The database does not answer.\nNothing was changed."), "{}", answer.body);
}

fn problem(answer: &Answer) -> Value {
    assert_eq!(answer.header("content-type"), "application/problem+json");
    serde_json::from_str(&answer.body).expect("JSON")
}

#[tokio::test]
async fn programs_get_a_problem_as_rfc_9457_says() {
    let console = Console::new(false).await;
    let answer = console.post("/api/problem", &[], "").await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let expected = json!({
        "type": "urn:garant:problem:taken", "title": "It is taken.", "status": 409, "detail": "Take another.",
    });
    assert_eq!(problem(&answer), expected);
    let broken = console.post("/api/broken", &[], "").await;
    assert_eq!(broken.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(problem(&broken)["type"], "urn:garant:problem:store");
}

#[tokio::test]
async fn the_language_is_the_one_asked_for_then_the_one_chosen_then_the_accounts_then_the_browsers() {
    let console = Console::new(false).await;
    let (session, _) = console.signed_in().await;
    let with_choice = |choice: &str| format!("{session}; garant-lang={choice}");
    let table = [
        ("/open?lang=en", with_choice("fr"), "fr", Lang::En),
        ("/open?page=1&lang=fr", with_choice("en"), "en", Lang::Fr),
        ("/open?lang=de", with_choice("en"), "fr", Lang::En),
        ("/open", with_choice("en"), "fr", Lang::En),
        ("/open", with_choice("xx"), "en", Lang::Fr),
        ("/open", session.clone(), "en", Lang::Fr),
        ("/open", String::new(), "fr-CH, fr;q=0.9, en;q=0.8", Lang::Fr),
        ("/open", String::new(), "en;q=0.1, fr;q=0.9", Lang::Fr),
        ("/open", String::new(), "de, fr;q=0.5, en;q=0.5", Lang::Fr),
        ("/open", String::new(), "fr;q=0, en;q=0.1", Lang::En),
        ("/open", String::new(), "frr, enm, de", Lang::En),
        ("/open", String::new(), ";;;q=,fr;q=x,\u{9}", Lang::En),
        ("/open", String::new(), "", Lang::En),
    ];
    for (path, cookie, accept, expected) in table {
        let answer = console.get(path, &[("cookie", &cookie), ("accept-language", accept)]).await;
        assert_eq!(lang(&answer), expected, "{path} {cookie} {accept}");
    }
}

#[tokio::test]
async fn the_language_link_keeps_page_and_query_and_its_choice_lasts() {
    let console = Console::new(true).await;
    let page = console.get("/open?state=late&lang=en&q=%22%3E", &[]).await;
    assert!(
        page.body.contains("href=\"/language?to=fr&amp;next=/open%3Fstate%3Dlate%26q%3D%2522%253E\""),
        "{}",
        page.body
    );
    let chosen = console.get("/language?to=fr&next=/open%3Fstate%3Dlate", &[]).await;
    assert_eq!(chosen.header("location"), "/open?state=late");
    let cookie = chosen.header("set-cookie");
    assert_eq!(cookie, "garant-lang=fr; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000; Secure");
    let page = console.get("/open", &[("cookie", "garant-lang=fr"), ("accept-language", "en")]).await;
    assert_eq!(lang(&page), Lang::Fr);
}
