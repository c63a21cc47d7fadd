//! Accounts over HTTP: passwords, sessions, roles and tokens, as their holders and owners change them.

mod common;
#[path = "common/site.rs"]
mod site;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use common::{Kind, PASSWORD};
use office::accounts::{self, NewToken};
use site::{Site, form, site};
use web::Role;

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_every_other_session_and_the_old_one_opens_nothing() {
    for kind in common::BOTH {
        let site = site(kind).await;
        let (here, there) = (site.sign_in(Role::Support).await, site.sign_in(Role::Support).await);
        let csrf = site.csrf(&here).await;
        let known = site.house.people.iter().rev().find(|(known, ..)| *known == Role::Support).expect("a person");
        let (holder, email) = (known.1.clone(), known.2.clone());
        accounts::make_token(&site.house.app, &holder, token_for("tickets")).await.expect("a token");
        let change = |current: &str, new: &str, again: &str| {
            form("/account/password", &here, &format!("csrf={csrf}&current={current}&new={new}&again={again}"))
        };
        for (body, words) in [
            (
                change("not-the-password-1", "walnut-ferry-copper-9", "walnut-ferry-copper-9"),
                "current password is not right",
            ),
            (change(PASSWORD, "walnut-ferry-copper-9", "walnut-ferry-copper-8"), "two different ways"),
            (change(PASSWORD, "short", "short"), "fewer than 12"),
            (change(PASSWORD, PASSWORD, PASSWORD), "is the current one"),
        ] {
            let answer = site.send(body).await;
            assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{words}");
            let bytes = to_bytes(answer.into_body(), 10 << 20).await.expect("a body");
            assert!(String::from_utf8_lossy(&bytes).contains(words), "{words}");
        }
        assert_eq!(site.page("/account", &there).await.0, StatusCode::OK);
        let held = async || accounts::tokens(&mut site.house.store().read(), &holder).await.expect("readable").len();
        assert_eq!(held().await, 1);
        let answer = site.send(change(PASSWORD, "walnut-ferry-copper-9", "walnut-ferry-copper-9")).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        let fresh = answer.headers()[header::SET_COOKIE].to_str().expect("text").split(';').next().expect("a pair");
        assert_eq!(site.page("/account", fresh).await.0, StatusCode::OK, "the session goes on");
        for old in [&here, &there] {
            assert_eq!(site.page("/account", old).await.0, StatusCode::SEE_OTHER, "it has ended");
        }
        assert_eq!(held().await, 0, "a key made with the old password opens nothing either");
        let signs_in = async |password: &str| {
            site.send(form("/sign-in", "", &format!("email={email}&password={password}&next=/"))).await.status()
        };
        assert_eq!(signs_in(PASSWORD).await, StatusCode::UNAUTHORIZED);
        assert_eq!(signs_in("walnut-ferry-copper-9").await, StatusCode::SEE_OTHER);
        alike(&site).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_ends_ones_own_sessions_and_nobody_elses() {
    let site = site(Kind::Sqlite).await;
    let (here, there, else_) =
        (site.sign_in(Role::Dpo).await, site.sign_in(Role::Dpo).await, site.sign_in(Role::Owner).await);
    let names = |page: &str| -> Vec<String> {
        page.split("name=\"which\" value=\"")
            .skip(1)
            .filter_map(|rest| Some(rest.split_once('"')?.0.to_owned()))
            .collect()
    };
    let csrf = site.csrf(&here).await;
    let of_owner = names(&site.page("/account", &site.sign_in(Role::Owner).await).await.1);
    let post =
        async |which: &str| site.send(form("/account/sessions", &here, &format!("csrf={csrf}&which={which}"))).await;
    post(&of_owner[0]).await;
    assert_eq!(site.page("/account", &else_).await.0, StatusCode::OK, "another person's session is untouched");
    let own = names(&site.page("/account", &here).await.1);
    assert_eq!(own.len(), 2, "one other session and a button for all others");
    assert_eq!(post(&own[0]).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(site.page("/account", &there).await.0, StatusCode::SEE_OTHER);
    let third = site.sign_in(Role::Dpo).await;
    post("others").await;
    assert_eq!(site.page("/account", &third).await.0, StatusCode::SEE_OTHER);
    assert_eq!(site.page("/account", &here).await.0, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_taken_or_an_account_closed_works_at_once() {
    for kind in common::BOTH {
        let site = site(kind).await;
        let (owner, support) = (site.sign_in(Role::Owner).await, site.sign_in(Role::Support).await);
        let account = site.house.people.iter().rev().find(|(known, ..)| *known == Role::Support).expect("a person");
        let (id, email) = (account.1.clone(), account.2.clone());
        let token = accounts::make_token(&site.house.app, &id, token_for("tickets")).await.expect("a token");
        let csrf = site.csrf(&owner).await;
        let post = async |what: &str, more: &str| {
            site.send(form(&format!("/accounts/{id}/{what}"), &owner, &format!("csrf={csrf}{more}"))).await.status()
        };
        assert_eq!(site.page("/requests/new", &support).await.0, StatusCode::OK);
        assert_eq!(post("role", "&role=auditor").await, StatusCode::SEE_OTHER);
        assert_eq!(site.page("/requests/new", &support).await.0, StatusCode::SEE_OTHER, "the session has ended");
        let again =
            async || site.send(form("/sign-in", "", &format!("email={email}&password={PASSWORD}&next=/"))).await;
        assert_eq!(again().await.status(), StatusCode::SEE_OTHER);
        let asked = async || {
            let bearer = format!("Bearer {}", token.expose());
            let asked = Request::get("/api/v1/requests").header(header::AUTHORIZATION, bearer).body(Body::empty());
            site.send(asked.expect("a request")).await.status()
        };
        assert_eq!(asked().await, StatusCode::OK, "an auditor may read");
        assert_eq!(post("close", "").await, StatusCode::UNPROCESSABLE_ENTITY, "not without the box");
        assert_eq!(asked().await, StatusCode::OK, "and nothing was changed");
        assert_eq!(post("close", "&sure=yes").await, StatusCode::SEE_OTHER);
        assert_eq!(asked().await, StatusCode::UNAUTHORIZED, "its tokens end with it");
        assert_eq!(again().await.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(post("close", "&sure=yes").await, StatusCode::NOT_FOUND);
        alike(&site).await;
    }
}

/// What the ledger gives when it is replayed is what the tables hold.
async fn alike(site: &Site) {
    let replay = site.house.store().replay(site.house.app.now(), false).await.expect("replayed");
    assert!(replay.different.is_empty(), "{:?}", replay.different);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_revokes_a_token_and_an_auditor_only_sees_that_it_exists() {
    let site = site(Kind::Sqlite).await;
    let holder = site.house.people[0].1.clone();
    accounts::make_token(&site.house.app, &holder, token_for("ticket tool")).await.expect("a token");
    let path = site.path("/accounts/{id}");
    let (owner, auditor) = (site.sign_in(Role::Owner).await, site.sign_in(Role::Auditor).await);
    let (_, seen) = site.page(&path, &auditor).await;
    assert!(seen.contains("ticket tool") && !seen.contains("name=\"digest\""), "seen, and no more");
    let (_, page) = site.page(&path, &owner).await;
    let digest =
        page.split_once("name=\"digest\" value=\"").and_then(|(_, rest)| rest.split('"').next()).expect("a token");
    let csrf = site.csrf(&owner).await;
    let revoke =
        async |of: &str| site.send(form(&format!("{path}/revoke"), &owner, &format!("csrf={csrf}&digest={of}"))).await;
    assert_eq!(revoke("00").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(revoke(digest).await.status(), StatusCode::SEE_OTHER);
    assert!(!site.page(&path, &owner).await.1.contains("ticket tool"));
    alike(&site).await;
}

fn token_for(label: &str) -> NewToken {
    NewToken { label: label.to_owned(), permissions: vec!["requests.read".to_owned()], days: 90 }
}
