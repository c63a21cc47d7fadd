//! The way in: what still stands between a session and the console, and showing oneself again.

use crate::console::{Console, pair};
use axum::http::StatusCode;
use web::session;

const RULES: &str = "INSERT INTO sign_in_rules (role, second_factor, renew_days, idle_minutes, session_hours) \
                     VALUES ('engineer', 1, 30, 30, 2)";

/// factors of the account, whether one was shown, days since the password was set, rules of an owner → where they are sent.
#[tokio::test]
async fn each_step_is_taken_in_its_order() {
    for (factors, shown, days, rules, sent) in [
        (0, false, 0, false, None),
        (0, false, 89, false, None),
        (0, false, 90, false, Some("/account/password")),
        (1, true, 90, false, Some("/account/password")),
        (1, false, 90, false, Some("/sign-in/factor")),
        (1, true, 0, true, None),
        (1, false, 0, true, Some("/sign-in/factor")),
        (0, false, 0, true, Some("/account/factors")),
        (0, false, 30, true, Some("/account/password")),
        (2, true, 29, true, None),
    ] {
        let case = format!("{factors} {shown} {days} {rules}");
        let console = Console::new(false).await;
        if rules {
            console.change(RULES, vec![]).await;
        }
        let cookie = pair(&console.sign_in().await);
        console.change("UPDATE accounts SET factors = $1", vec![i64::from(factors).into()]).await;
        console
            .change("UPDATE accounts SET password_at = password_at - $1 * 86400000", vec![i64::from(days).into()])
            .await;
        if shown {
            console.change("UPDATE sessions SET factor_at = made_at", vec![]).await;
        }
        let answer = console.get("/private?page=2", &[("cookie", &cookie)]).await;
        let Some(sent) = sent else {
            assert_eq!(answer.status, StatusCode::OK, "{case}");
            continue;
        };
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{case}");
        assert_eq!(answer.header("location"), format!("{sent}?next=/private%3Fpage%3D2"), "{case}");
        for page in ["/sign-in/factor", "/account/password", "/account/factors"] {
            let answer = console.get(page, &[("cookie", &cookie)]).await;
            let expected = if page == sent { StatusCode::OK } else { StatusCode::SEE_OTHER };
            assert_eq!(answer.status, expected, "{case}: only the next step is open, asked {page}");
        }
        let answer = console.post("/private", &[("cookie", &cookie)], "csrf=x&text=y").await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (StatusCode::SEE_OTHER, sent),
            "{case}: nothing is done before"
        );
    }
}

#[tokio::test]
async fn what_cannot_be_undone_asks_again_after_a_quarter_of_an_hour() {
    let console = Console::new(false).await;
    let (cookie, csrf) = console.signed_in().await;
    let body = format!("csrf={csrf}&text=y");
    let take = |headers: Vec<(&'static str, String)>| {
        let (console, cookie, body) = (&console, cookie.clone(), body.clone());
        async move {
            let mut all = vec![("cookie", cookie.as_str())];
            all.extend(headers.iter().map(|(name, value)| (*name, value.as_str())));
            console.post("/owner/things/take", &all, &body).await
        }
    };
    assert_eq!(take(vec![]).await.status, StatusCode::OK);
    console.advance(15 * 60 - 1);
    assert_eq!(take(vec![]).await.status, StatusCode::OK);
    console.advance(1);
    for (referer, next) in [
        (None, "/owner/things"),
        (Some("http://garant.example/requests/7?lang=fr"), "/requests/7%3Flang%3Dfr"),
        (Some("https://elsewhere.example/requests/7"), "/owner/things"),
        (Some("http://garant.example//elsewhere.example"), "/owner/things"),
        (Some("http://garant.example.elsewhere/x"), "/owner/things"),
    ] {
        let answer = take(referer.map(|value| ("referer", value.to_owned())).into_iter().collect()).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{referer:?}");
        assert_eq!(answer.header("location"), format!("/sign-in/again?next={next}"), "{referer:?}");
    }
    let answer = console.get("/owner/things/take?all=1", &[("cookie", &cookie)]).await;
    assert_eq!(answer.header("location"), "/sign-in/again?next=/owner/things/take%3Fall%3D1");
    assert_eq!(console.get("/private", &[("cookie", &cookie)]).await.status, StatusCode::OK, "reading goes on");
}

#[tokio::test]
async fn showing_oneself_again_gives_a_new_token_and_ends_the_old_one() {
    let console = Console::new(false).await;
    let (old, _) = console.signed_in().await;
    console.change("UPDATE accounts SET factors = 1", vec![]).await;
    console.advance(20 * 60);
    let found = session::find(&console.shell, &old, console.shell.now()).await.unwrap().unwrap();
    assert!(!found.is_fresh(console.shell.now()) && found.step.is_some());
    let new = pair(&session::renew(&console.shell, &found, true).await.unwrap());
    assert!(
        session::find(&console.shell, &old, console.shell.now()).await.unwrap().is_none(),
        "a planted token is worth nothing"
    );
    let session = session::find(&console.shell, &new, console.shell.now()).await.unwrap().unwrap();
    assert!(session.is_fresh(console.shell.now()) && session.step.is_none());
    assert_ne!(session.csrf, found.csrf);
    console.advance(12 * 3600 - 20 * 60);
    assert!(
        session::find(&console.shell, &new, console.shell.now()).await.unwrap().is_none(),
        "its end stays where it was"
    );
}

#[tokio::test]
async fn the_rules_of_a_role_hold_at_once() {
    let console = Console::new(false).await;
    let (cookie, _) = console.signed_in().await;
    console.advance(31 * 60);
    console.change(RULES, vec![]).await;
    assert!(
        session::find(&console.shell, &cookie, console.shell.now()).await.unwrap().is_none(),
        "idle for 30 minutes"
    );
    let set = console.sign_in().await;
    assert!(set.contains("Max-Age=7200"), "{set}");
}
