//! The API as programs use it: its rights, its quota, what is done once, what must still hold, and what bad input gets.

mod common;
#[path = "common/site.rs"]
#[expect(dead_code, reason = "programs see no pages")]
mod site;

use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode, header};
use common::{BOTH, Kind};
use office::accounts::{self, Change, NewToken};
use office::{FEATURES, POLICY, router};
use serde_json::{Value, json};
use site::{Site, site};
use tower::ServiceExt;
use web::Role;

impl Site {
    /// A token of somebody with this role, with these rights; with every one they can give when none is named.
    async fn token(&self, role: Role, rights: &[&str]) -> String {
        let id = &self.house.people.iter().rev().find(|(known, ..)| *known == role).expect("a person").1;
        let all = POLICY.grantable(role);
        let permissions = if rights.is_empty() { all } else { rights.to_vec() };
        let permissions = permissions.into_iter().map(str::to_owned).collect();
        let new = NewToken { label: "tests".into(), permissions, days: 90 };
        accounts::make_token(&self.house.app, id, new).await.expect("a token").expose().clone()
    }

    /// One call of a program.
    async fn call(&self, method: &str, path: &str, token: &str, body: &str) -> Response<Body> {
        let request = Request::builder().method(method).uri(path);
        let request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        self.send(request.body(Body::from(body.to_owned())).expect("a request")).await
    }
}

async fn json_of(answer: Response<Body>) -> Value {
    let bytes = to_bytes(answer.into_body(), 1 << 20).await.expect("a body");
    serde_json::from_slice(&bytes).unwrap_or_default()
}

fn header_of(answer: &Response<Body>, name: &str) -> String {
    answer.headers().get(name).map_or_else(String::new, |value| value.to_str().expect("text").to_owned())
}

const REQUEST: &str = r#"{"controller":"Brume","right":"access","email":"grace@example.org"}"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_token_does_what_it_carries_and_its_makers_role_allows_and_nothing_else() {
    let site = site(Kind::Sqlite).await;
    for role in Role::ALL {
        if POLICY.grantable(role).is_empty() {
            continue;
        }
        let (all, little) = (site.token(role, &[]).await, site.token(role, &POLICY.grantable(role)[..1]).await);
        for endpoint in FEATURES.iter().flat_map(|feature| feature.api) {
            let path = site.path(&format!("/api/v1{}", endpoint.path));
            let none = site.call(endpoint.method, &path, "nonsense", "").await;
            assert_eq!(none.status(), StatusCode::UNAUTHORIZED, "{path}");
            assert_eq!(header_of(&none, "www-authenticate"), "Bearer");
            let may = POLICY.may(role, endpoint.permission);
            let answer = site.call(endpoint.method, &path, &all, r#"{"no such field": 1}"#).await;
            let roles = POLICY.roles(endpoint.permission).iter();
            let other_side = roles.clone().all(|other| other.is_controllers() != role.is_controllers());
            let no = if other_side { StatusCode::NOT_FOUND } else { StatusCode::FORBIDDEN };
            assert_eq!(answer.status() != no, may, "{role:?} {} {path}", endpoint.method);
            if !answer.status().is_success() {
                assert_eq!(header_of(&answer, "content-type"), "application/problem+json", "{path}");
            }
            let carries = may && POLICY.grantable(role)[0] == endpoint.permission;
            let answer = site.call(endpoint.method, &path, &little, r#"{"no such field": 1}"#).await;
            assert_eq!(answer.status() != no, carries, "{role:?} {} {path}", endpoint.method);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_never_carries_more_than_its_maker_has_nor_what_stays_with_people() {
    for kind in BOTH {
        let site = site(kind).await;
        let id = site.house.people.iter().find(|(role, ..)| *role == Role::Support).expect("a person").1.clone();
        let make = async |rights: &[&str], days: u32, label: &str| {
            let permissions = rights.iter().map(|right| (*right).to_owned()).collect();
            let new = NewToken { label: label.into(), permissions, days };
            accounts::make_token(&site.house.app, &id, new).await.map_err(|refusal| refusal.code)
        };
        for (rights, days, label, code) in [
            (&["requests.plan"][..], 1, "x", "right"),
            (&["requests.read", "agreements.put-in-force"], 1, "x", "right"),
            (&["account.own"], 1, "x", "right"),
            (&["no.such"], 1, "x", "right"),
            (&[], 1, "x", "right"),
            (&["requests.read"], 0, "x", "days"),
            (&["requests.read"], 367, "x", "days"),
            (&["requests.read"], 1, " ", "label"),
        ] {
            assert_eq!(make(rights, days, label).await.err(), Some(code), "{rights:?} {days} {label:?}");
        }
        for stays in ["account.own", "accounts.change", "accounts.invite", "accounts.rules", "requests.approve"] {
            assert!(POLICY.is_for_people(stays) && !POLICY.grantable(Role::Owner).contains(&stays));
        }
        let token = make(&["requests.read", "requests.log"], 1, "tickets").await.expect("a token").expose().clone();
        let log = async || site.call("POST", "/api/v1/requests", &token, REQUEST).await.status();
        let read = async || site.call("GET", "/api/v1/requests", &token, "").await.status();
        assert_eq!((log().await, read().await), (StatusCode::CREATED, StatusCode::OK));
        let owner =
            kernel::Actor::Account(site.house.people.iter().find(|p| p.0 == Role::Owner).expect("one").1.clone());
        accounts::change(&site.house.app, owner, &id, Change::Role(Role::Engineer)).await.expect("changed");
        assert_eq!((log().await, read().await), (StatusCode::FORBIDDEN, StatusCode::OK), "the role lost a right");
        site.house.advance(86_400);
        assert_eq!(read().await, StatusCode::UNAUTHORIZED, "a token ends");
        let replay = site.house.store().replay(site.house.app.now(), false).await.expect("replayed");
        assert!(replay.different.is_empty(), "{:?}", replay.different);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_sent_twice_with_one_key_is_done_once() {
    for kind in BOTH {
        let site = site(kind).await;
        let token = site.token(Role::Dpo, &[]).await;
        let post = async |key: &str, body: &str| {
            let request = Request::post("/api/v1/requests").header("idempotency-key", key);
            let request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
            site.send(request.body(Body::from(body.to_owned())).expect("a request")).await
        };
        let first = post("one", REQUEST).await;
        assert_eq!(first.status(), StatusCode::CREATED);
        let (place, made) = (header_of(&first, "location"), json_of(first).await);
        let again = post("one", REQUEST).await;
        assert_eq!((again.status(), header_of(&again, "idempotent-replayed").as_str()), (StatusCode::CREATED, "true"));
        assert_eq!((header_of(&again, "location"), json_of(again).await), (place, made), "the same answer");
        assert_eq!(post("one", "{}").await.status(), StatusCode::UNPROCESSABLE_ENTITY, "another call");
        assert_eq!(post("two", REQUEST).await.status(), StatusCode::CONFLICT, "there is one already");
        assert_eq!(post(&"k".repeat(256), REQUEST).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let stored = site.house.store().read().rows("SELECT sealed FROM api_answers", vec![]).await.expect("rows");
        assert!(stored.iter().all(|row| {
            row.opt_bytes("sealed")
                .expect("bytes")
                .is_none_or(|bytes: Vec<u8>| !String::from_utf8_lossy(&bytes).contains("grace"))
        }));
        site.house.advance(25 * 3600);
        let later = post("one", REQUEST).await;
        assert_eq!(later.status(), StatusCode::CONFLICT, "the key is forgotten after a day, the request is not");
        site.house.advance(25 * 3600);
        office::api::forget_old_calls(&site.house.app).await.expect("swept");
        let sql = "SELECT (SELECT COUNT(*) FROM api_answers) + (SELECT COUNT(*) FROM api_quotas) AS n";
        let left = site.house.store().read().row(sql, vec![]).await.expect("readable").expect("a row");
        assert_eq!(left.int("n").expect("a number"), 0, "nothing is kept longer");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_made_on_an_old_view_is_refused() {
    for kind in BOTH {
        let site = site(kind).await;
        let token = site.token(Role::Dpo, &[]).await;
        let open = json_of(site.call("GET", "/api/v1/duties", &token, "").await).await;
        let duty = format!("/api/v1/duties/{}", open["items"][0]["id"].as_str().expect("a duty"));
        let seen = site.call("GET", &duty, &token, "").await;
        let tag = header_of(&seen, "etag");
        assert!(tag.starts_with('"') && tag.ends_with('"'), "{tag}");
        let with = async |method: &str, path: &str, name: &str, tag: &str, body: &str| {
            let request = Request::builder().method(method).uri(path).header(name, tag);
            let request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
            site.send(request.body(Body::from(body.to_owned())).expect("a request")).await
        };
        assert_eq!(with("GET", &duty, "if-none-match", &tag, "").await.status(), StatusCode::NOT_MODIFIED);
        let pause = format!("{duty}/pause");
        let cause = r#"{"cause":"waiting for an answer"}"#;
        assert_eq!(
            with("POST", &pause, "if-match", "nonsense", cause).await.status(),
            StatusCode::UNPROCESSABLE_ENTITY
        );
        assert_eq!(with("POST", &pause, "if-match", &tag, cause).await.status(), StatusCode::NO_CONTENT);
        let old = with("POST", &format!("{duty}/resume"), "if-match", &tag, "").await;
        assert_eq!(old.status(), StatusCode::PRECONDITION_FAILED);
        assert_eq!(json_of(old).await["type"], "urn:garant:problem:changed");
        let now = header_of(&site.call("GET", &duty, &token, "").await, "etag");
        assert_ne!(now, tag);
        assert_eq!(
            with("POST", &format!("{duty}/resume"), "if-match", &now, "").await.status(),
            StatusCode::NO_CONTENT
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_calls_so_often_in_a_minute_over_all_servers() {
    for kind in BOTH {
        let site = site(kind).await;
        let (token, other) = (site.token(Role::Dpo, &[]).await, site.token(Role::Dpo, &[]).await);
        let elsewhere = router(&office::App { quotas: std::sync::Arc::default(), ..site.house.app.clone() });
        let mut done = 0;
        for call in 0..700 {
            let server = if call % 2 == 0 { &site.router } else { &elsewhere };
            let request = Request::get("/api/v1/me").header(header::AUTHORIZATION, format!("Bearer {token}"));
            let answer =
                server.clone().oneshot(request.body(Body::empty()).expect("a request")).await.expect("an answer");
            match answer.status() {
                StatusCode::OK => done += 1,
                status => {
                    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
                    assert!(!header_of(&answer, "retry-after").is_empty());
                    assert!(header_of(&answer, "ratelimit").contains("r=0"));
                }
            }
        }
        assert!((580..=600).contains(&done), "{done} calls of two servers");
        assert_eq!(site.call("GET", "/api/v1/me", &other, "").await.status(), StatusCode::OK, "another token");
        site.house.advance(60);
        assert_eq!(site.call("GET", "/api/v1/me", &token, "").await.status(), StatusCode::OK, "the next minute");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_is_told_without_what_it_said() {
    let site = site(Kind::Sqlite).await;
    let token = site.token(Role::Dpo, &[]).await;
    for (body, status) in [
        (REQUEST, 201),
        (REQUEST, 409),
        (r#"{"controller":"Nobody","right":"access","email":"a@example.org"}"#, 404),
        (r#"{"controller":"Brume","right":"dance","email":"a@example.org"}"#, 422),
        (r#"{"controller":"Brume","right":"access","email":"not an address"}"#, 422),
        (r#"{"controller":"Brume","right":"access","email":"a@example.org","extra":1}"#, 422),
        (r#"{"controller":"Brume","right":"access","email":"a\u0000@example.org"}"#, 422),
        (r#"{"controller":"Brume","right":"access","email":["secret@example.org"]}"#, 422),
        ("nonsense", 422),
        ("", 422),
    ] {
        let answer = site.call("POST", "/api/v1/requests", &token, body).await;
        assert_eq!(answer.status().as_u16(), status, "{body}");
        if status != 201 {
            assert_eq!(header_of(&answer, "content-type"), "application/problem+json");
            let problem = json_of(answer).await;
            assert!(!problem["title"].to_string().contains("secret@example.org"), "{problem}");
            assert!(problem["detail"].is_string() && problem["status"] == status);
        }
    }
    let large = format!(r#"{{"controller":"{}"}}"#, "x".repeat(300 * 1024));
    assert_eq!(site.call("POST", "/api/v1/requests", &token, &large).await.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let form = Request::post("/api/v1/requests").header(header::CONTENT_TYPE, "text/plain");
    let form = form.header(header::AUTHORIZATION, format!("Bearer {token}")).body(Body::from(REQUEST));
    assert_eq!(site.send(form.expect("a request")).await.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    for path in
        ["/api/v1/requests/%00", "/api/v1/requests/..%2f..%2fkeys", "/api/v1/requests/nonsense", "/api/v1/nowhere"]
    {
        let answer = site.call("GET", path, &token, "").await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        assert_eq!(header_of(&answer, "content-type"), "application/problem+json", "{path}");
    }
    for path in ["/api/v1/requests?no=such", "/api/v1/duties?controller=nonsense", "/api/v1/ledger/entries?record=%00"]
    {
        assert!(site.call("GET", path, &token, "").await.status().is_client_error(), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn seeing_the_person_is_an_entry_and_needs_the_right() {
    let site = site(Kind::Sqlite).await;
    let path = site.path("/api/v1/requests/{id}");
    let readings = async || {
        let sql = "SELECT COUNT(*) AS n FROM entries WHERE kind = 'request.read'";
        site.house.store().read().row(sql, vec![]).await.expect("readable").expect("a row").int("n").expect("a number")
    };
    let blind = site.token(Role::Dpo, &["requests.read"]).await;
    let seen = json_of(site.call("GET", &path, &blind, "").await).await;
    assert_eq!((seen["email"].clone(), seen["note"].clone(), readings().await), (Value::Null, Value::Null, 0));
    let whole = site.token(Role::Dpo, &["requests.read", "requests.read-person"]).await;
    let seen = json_of(site.call("GET", &path, &whole, "").await).await;
    assert_eq!((seen["email"].clone(), readings().await), (json!("ada@example.org"), 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_console_does_a_program_does_too() {
    for kind in BOTH {
        let site = site(kind).await;
        let token = site.token(Role::Owner, &[]).await;
        let get = async |path: &str| {
            let answer = site.call("GET", &format!("/api/v1{path}"), &token, "").await;
            assert_eq!(answer.status(), StatusCode::OK, "{path}");
            json_of(answer).await
        };
        let post = async |path: &str, body: &str| {
            let answer = site.call("POST", &format!("/api/v1{path}"), &token, body).await;
            (answer.status().as_u16(), json_of(answer).await)
        };
        assert_eq!(get("/me").await["role"], "owner");
        let request = site.path("/requests/{id}");
        assert_eq!(get(&format!("{request}/plan")).await["rows"].as_u64(), get(&request).await["plan_rows"].as_u64());
        assert_eq!(post(&format!("{request}/plan"), "").await.0, 200);
        assert_eq!(post(&format!("{request}/apply"), "").await.0, 409, "nobody has approved it: a person must");
        let agreement = site.path("/agreements/{id}");
        assert!(get(&agreement).await["file"].as_str().is_some_and(|file| file.contains("[document]")));
        assert!(get(&format!("{agreement}/promises")).await.as_array().is_some_and(|all| !all.is_empty()));
        assert!(get(&format!("{agreement}/terms")).await.as_array().is_some_and(|all| !all.is_empty()));
        let line = r#"{"key":"fire-drill","title_en":"Fire drill","title_fr":"Exercice","role":"dpo","every":"P6M","hard":"P1Y"}"#;
        assert_eq!(post("/programme", line).await.0, 204);
        assert!(get("/programme").await.to_string().contains("fire-drill"));
        assert_eq!(site.call("DELETE", "/api/v1/programme/fire-drill", &token, "").await.status().as_u16(), 204);
        let duty = get("/duties").await["items"][0]["id"].as_str().expect("a duty").to_owned();
        assert_eq!(post(&format!("/duties/{duty}/done"), r#"{"evidence":"minutes of the meeting"}"#).await.0, 204);
        assert_eq!(get(&format!("/duties/{duty}")).await["state"], "discharged");
        let document = common::AGREEMENT.replace("Brume", "Bruine");
        let party = get("/parties").await["items"][0]["id"].as_str().expect("a controller").to_owned();
        let bring = format!("/agreements?controller={party}&file_name=second.txt");
        let (status, made) = post(&bring, &document).await;
        assert_eq!((status, made["state"].as_str()), (201, Some("imported")), "{made}");
        let entry = get("/ledger/entries").await["items"][0]["id"].as_str().expect("an entry").to_owned();
        assert!(get(&format!("/ledger/entries/{entry}")).await["leaf"]["kind"].is_string());
        for path in ["/ledger/export", &format!("/ledger/entries/{entry}/receipt")] {
            let answer = site.call("GET", &format!("/api/v1{path}"), &token, "").await;
            assert!(header_of(&answer, "content-disposition").starts_with("attachment"), "{path}");
        }
        for path in ["/systems", "/notices", "/inbox", "/accounts", "/access", "/ledger/logs", "/requests?state=closed"]
        {
            get(path).await;
        }
    }
}
