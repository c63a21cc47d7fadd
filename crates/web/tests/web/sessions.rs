//! Sessions: what the cookie may do, and when it stops being worth anything.

use crate::console::{Console, pair, request};
use axum::http::StatusCode;
use web::session;

const HOUR: i64 = 3600;

async fn status(console: &Console, cookie: &str) -> StatusCode {
    console.get("/private", &[("cookie", cookie)]).await.status
}

#[tokio::test]
async fn the_cookie_is_for_this_host_alone_and_no_script_reads_it() {
    for (secure, name) in [(true, "__Host-garant="), (false, "garant=")] {
        let console = Console::new(secure).await;
        let cookie = console.sign_in().await;
        let parts: Vec<&str> = cookie.split("; ").collect();
        assert!(parts[0].starts_with(name) && parts[0].len() == name.len() + 43, "{cookie}");
        let mut expected = vec!["Path=/", "HttpOnly", "SameSite=Lax", "Max-Age=43200"];
        expected.extend(secure.then_some("Secure"));
        assert_eq!(&parts[1..], expected);
    }
}

#[tokio::test]
async fn the_database_holds_a_digest_of_the_cookie_and_not_the_cookie() {
    let console = Console::new(true).await;
    let cookie = pair(&console.sign_in().await);
    let row = console.shell.store.read().row("SELECT digest FROM sessions", vec![]).await.unwrap().unwrap();
    let digest = row.text("digest").unwrap();
    assert!(!cookie.contains(&digest) && digest.len() == 64);
    assert_eq!(status(&console, &format!("__Host-garant={digest}")).await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours() {
    let console = Console::new(false).await;
    let cookie = pair(&console.sign_in().await);
    for _ in 0..24 {
        assert_eq!(status(&console, &cookie).await, StatusCode::OK);
        console.advance(HOUR / 2 - 1);
    }
    console.advance(23);
    assert_eq!(status(&console, &cookie).await, StatusCode::OK);
    console.advance(1);
    assert_eq!(status(&console, &cookie).await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_session_that_rests_for_an_hour_ends_and_each_use_counts_anew() {
    let console = Console::new(false).await;
    let cookie = pair(&console.sign_in().await);
    for wait in [HOUR - 1, HOUR - 1, HOUR - 60] {
        console.advance(wait);
        assert_eq!(status(&console, &cookie).await, StatusCode::OK, "after {wait}");
    }
    console.advance(HOUR);
    assert_eq!(status(&console, &cookie).await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_changed_epoch_or_a_closed_account_ends_every_session_at_once() {
    for sql in [
        "UPDATE accounts SET epoch = epoch + 1",
        "UPDATE accounts SET closed_at = 1",
        "DELETE FROM accounts",
        "DELETE FROM sessions",
    ] {
        let console = Console::new(false).await;
        let cookies = [pair(&console.sign_in().await), pair(&console.sign_in().await)];
        console.change(sql, vec![]).await;
        for cookie in cookies {
            assert_eq!(status(&console, &cookie).await, StatusCode::SEE_OTHER, "{sql}");
        }
    }
}

#[tokio::test]
async fn a_changed_role_counts_at_once_and_an_unknown_one_gives_no_rights() {
    let console = Console::new(false).await;
    let cookie = pair(&console.sign_in().await);
    let cookies = [("cookie", cookie.as_str())];
    let owner = || console.get("/owner", &cookies);
    assert_eq!(owner().await.status, StatusCode::FORBIDDEN);
    console.change("UPDATE accounts SET role = 'owner'", vec![]).await;
    assert_eq!(owner().await.status, StatusCode::OK);
    console.change("UPDATE accounts SET role = 'emperor'", vec![]).await;
    assert_eq!(status(&console, &cookie).await, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn what_is_no_token_is_no_session() {
    let console = Console::new(false).await;
    let cookie = pair(&console.sign_in().await);
    let value = cookie.strip_prefix("garant=").unwrap();
    let turned: String = value.chars().rev().collect();
    for wrong in ["", "garant=", "garant=x", &format!("other={value}"), &format!("garant={turned}"), "=;;=; garant"] {
        assert_eq!(status(&console, wrong).await, StatusCode::SEE_OTHER, "{wrong}");
    }
    assert_eq!(status(&console, &format!("a=b;{cookie};c=d")).await, StatusCode::OK);
}

#[tokio::test]
async fn signing_out_ends_the_session_and_clears_the_cookie() {
    let console = Console::new(true).await;
    let cookie = pair(&console.sign_in().await);
    let found = session::find(&console.shell, &cookie, console.shell.now()).await.unwrap().unwrap();
    let cleared = session::end(&console.shell, &found).await.unwrap();
    assert_eq!(cleared, "__Host-garant=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0; Secure");
    assert_eq!(status(&console, &cookie).await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_stranger_is_sent_to_sign_in_and_comes_back_to_the_very_page() {
    let console = Console::new(false).await;
    for (asked, next) in [
        ("/private", "/sign-in?next=/private"),
        ("/private?state=late&page=2", "/sign-in?next=/private%3Fstate%3Dlate%26page%3D2"),
        ("/private?q=%C3%A9%26&lang=fr", "/sign-in?next=/private%3Fq%3D%25C3%25A9%2526"),
    ] {
        for method in ["GET", "HEAD"] {
            let answer = console.send(request(method, asked, &[], "")).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{method}");
            assert_eq!(answer.header("location"), next, "{method}");
        }
    }
}
