//! Every page and every action over HTTP: rendered in both languages with data on them, for each role,
//! without a session, without a token, with a stranger's form.

mod common;

use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode, header};
use common::{AGREEMENT, Estate, House, Kind, PASSWORD};
use kernel::{Actor, Lang};
use office::requests::{self, NewRequest, Right};
use office::{FEATURES, router};
use tower::ServiceExt;
use web::Role;
use web::guard::Access;

struct Site {
    house: House,
    router: axum::Router,
    ids: Vec<(&'static str, String)>,
}

async fn site(kind: Kind) -> Site {
    let mut house = House::new(kind).await;
    let dpo = house.person(Role::Dpo).await;
    for role in Role::ALL {
        house.person(role).await;
    }
    let (agreement, controller) = house.agreement(&dpo, "Brume", AGREEMENT).await;
    let estate = Estate::new(Kind::Sqlite, house.dir.path()).await;
    let system = house.connect(&dpo, "shop", &estate.address).await;
    let new = NewRequest {
        controller,
        right: Right::Erasure,
        email: "ada@example.org".into(),
        note: "<script>alert(1)</script>".into(),
        channel: "mail".into(),
        received_at: house.app.now(),
    };
    let request = requests::receive(&house.app, dpo.clone(), new).await.expect("received");
    requests::instruct(house.store(), house.app.now(), dpo.clone(), &request, true, "yes").await.expect("instructed");
    requests::plan(house.store(), house.app.now(), dpo, &request).await.expect("planned");
    let notice = one(&house, "SELECT id FROM notices LIMIT 1").await;
    let entry = one(&house, "SELECT id FROM entries ORDER BY seq LIMIT 1").await;
    let ids = vec![
        ("/agreements/", agreement.to_string()),
        ("/systems/", system.to_string()),
        ("/requests/", request.to_string()),
        ("/notices/", notice),
        ("/ledger/", entry),
    ];
    Site { router: router(&house.app), house, ids }
}

async fn one(house: &House, sql: &'static str) -> String {
    house.store().read().row(sql, vec![]).await.expect("readable").expect("a row").text("id").expect("an id")
}

impl Site {
    fn path(&self, pattern: &str) -> String {
        let id = self.ids.iter().find(|(start, _)| pattern.contains(start)).map_or("", |(_, id)| id);
        pattern.replace("{id}", id).replace("{term}", "breach.notify_controller")
    }

    async fn send(&self, request: Request<Body>) -> Response<Body> {
        self.router.clone().oneshot(request).await.expect("an answer")
    }

    async fn sign_in(&self, role: Role) -> String {
        let email = &self.house.people.iter().rev().find(|(known, ..)| *known == role).expect("a person").2;
        let body = format!("email={email}&password={PASSWORD}&next=/");
        let answer = self.send(form("/sign-in", "", &body)).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{role:?}");
        let cookie = answer.headers()[header::SET_COOKIE].to_str().expect("text").to_owned();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"));
        cookie.split(';').next().expect("a pair").to_owned()
    }

    async fn page(&self, path: &str, cookie: &str) -> (StatusCode, String) {
        let answer = self.send(get(path, cookie)).await;
        let status = answer.status();
        let bytes = to_bytes(answer.into_body(), 10 << 20).await.expect("a body");
        (status, String::from_utf8_lossy(&bytes).into_owned())
    }

    async fn csrf(&self, cookie: &str) -> String {
        let (_, home) = self.page("/", cookie).await;
        let (_, rest) = home.split_once("name=\"csrf\" value=\"").expect("a token");
        rest.split('"').next().expect("a token").to_owned()
    }
}

fn get(path: &str, cookie: &str) -> Request<Body> {
    Request::get(path).header(header::COOKIE, cookie).body(Body::empty()).expect("a request")
}

fn form(path: &str, cookie: &str, body: &str) -> Request<Body> {
    Request::post(path)
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body.to_owned()))
        .expect("a request")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_renders_in_both_languages_with_every_text_and_nothing_unescaped() {
    for kind in common::BOTH {
        let site = site(kind).await;
        let cookie = site.sign_in(Role::Owner).await;
        for route in FEATURES.iter().flat_map(|feature| feature.routes).filter(|route| route.method == "GET") {
            if !matches!(route.access, Access::Roles(_)) || route.path.ends_with("/package") {
                continue;
            }
            for lang in Lang::ALL {
                let path = format!("{}?lang={lang}", site.path(route.path));
                let (status, page) = site.page(&path, &cookie).await;
                assert_eq!(status, StatusCode::OK, "{path}");
                assert!(!page.contains('⟨'), "a text is missing on {path}");
                assert!(!page.contains("<script"), "{path}");
                if page.starts_with("<!DOCTYPE") {
                    assert!(page.contains(&format!("<html lang=\"{lang}\"")), "{path}");
                    assert_eq!(page.matches("<h1").count(), 1, "{path}");
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_asks_who_you_are() {
    let site = site(Kind::Sqlite).await;
    for route in FEATURES.iter().flat_map(|feature| feature.routes) {
        let path = site.path(route.path);
        let answer = match route.method {
            "GET" => site.send(get(&path, "")).await,
            _ => site.send(form(&path, "", "csrf=x")).await,
        };
        match (route.access, route.method) {
            (Access::Public, _) => assert!(answer.status().as_u16() < 500, "{path}"),
            (Access::Roles(_), "GET") => assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{path}"),
            (Access::Roles(_), _) => assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path}"),
            (Access::Token(_), _) => assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{path}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_reaches_what_the_matrix_says_and_nothing_else() {
    let site = site(Kind::Sqlite).await;
    for role in Role::ALL {
        let cookie = site.sign_in(role).await;
        for route in FEATURES.iter().flat_map(|feature| feature.routes) {
            let Access::Roles(roles) = route.access else { continue };
            let path = site.path(route.path);
            let (status, _) = match route.method {
                "GET" => site.page(&path, &cookie).await,
                // A form without its token: allowed roles get as far as the token, others do not.
                _ => (site.send(form(&path, &cookie, "csrf=wrong")).await.status(), String::new()),
            };
            let denied = status == StatusCode::FORBIDDEN;
            if route.method == "GET" {
                assert_eq!(denied, !roles.contains(&role), "{role:?} {path}: {status}");
            } else if !roles.contains(&role) {
                assert!(denied, "{role:?} {path}: {status}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_without_its_token_or_from_elsewhere_changes_nothing() {
    let site = site(Kind::Sqlite).await;
    let cookie = site.sign_in(Role::Owner).await;
    let token = site.csrf(&cookie).await;
    let path = site.path("/requests/{id}/close");
    let before = site.house.store().logs().await.expect("logs")[0].size;
    for request in [
        form(&path, &cookie, "csrf=wrong"),
        form(&path, &cookie, ""),
        {
            let mut foreign = form(&path, &cookie, &format!("csrf={token}"));
            foreign.headers_mut().insert("sec-fetch-site", "cross-site".parse().expect("a value"));
            foreign
        },
        {
            let mut foreign = form(&path, &cookie, &format!("csrf={token}"));
            foreign.headers_mut().insert("host", "garant.example".parse().expect("a value"));
            foreign.headers_mut().insert("origin", "https://evil.example".parse().expect("a value"));
            foreign
        },
    ] {
        assert_eq!(site.send(request).await.status(), StatusCode::FORBIDDEN);
    }
    assert_eq!(site.house.store().logs().await.expect("logs")[0].size, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_forbid_scripts_frames_and_caches() {
    let site = site(Kind::Sqlite).await;
    for path in ["/sign-in", "/nothing-here"] {
        let answer = site.send(get(path, "")).await;
        let header = |name: &str| answer.headers()[name].to_str().expect("text").to_owned();
        assert!(header("content-security-policy").starts_with("default-src 'none'"));
        assert!(!header("content-security-policy").contains("script-src"));
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("cache-control"), "no-store");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_is_slowed_and_an_unknown_address_looks_like_a_wrong_password() {
    let site = site(Kind::Sqlite).await;
    let mut pages = Vec::new();
    for email in ["nobody@example.org", "dpo0@example.org"] {
        let answer = site.send(form("/sign-in", "", &format!("email={email}&password=wrong-wrong-wrong"))).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
        let bytes = to_bytes(answer.into_body(), 1 << 20).await.expect("a body");
        pages.push(String::from_utf8_lossy(&bytes).into_owned());
    }
    assert_eq!(pages[0], pages[1]);
    for _ in 0..10 {
        site.send(form("/sign-in", "", "email=dpo0@example.org&password=wrong-wrong-wrong")).await;
    }
    let right = format!("email=dpo0@example.org&password={PASSWORD}");
    assert_eq!(site.send(form("/sign-in", "", &right)).await.status(), StatusCode::UNAUTHORIZED, "throttled");
    site.house.advance(16 * 60);
    assert_eq!(site.send(form("/sign-in", "", &right)).await.status(), StatusCode::SEE_OTHER, "after a pause");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_takes_a_request_and_says_what_is_wrong_with_a_bad_one() {
    let site = site(Kind::Sqlite).await;
    let (_, account, _) = site.house.people.iter().find(|(role, ..)| *role == Role::Support).expect("a person").clone();
    let actor = Actor::Account(account.clone());
    let token = office::accounts::make_token(site.house.store(), site.house.app.now(), actor, &account, "test").await;
    let token = token.expect("a token");
    let call = |body: &str| {
        Request::post("/api/v1/requests")
            .header(header::AUTHORIZATION, format!("Bearer {}", token.expose()))
            .body(Body::from(body.to_owned()))
            .expect("a request")
    };
    let answer = site.send(call(r#"{"controller":"Brume","right":"access","email":"grace@example.org"}"#)).await;
    assert_eq!(answer.status(), StatusCode::CREATED);
    for (body, status) in [
        (r#"{"controller":"Brume","right":"access","email":"grace@example.org"}"#, 409),
        (r#"{"controller":"Nobody","right":"access","email":"a@example.org"}"#, 404),
        (r#"{"controller":"Brume","right":"dance","email":"a@example.org"}"#, 422),
        (r#"{"controller":"Brume","right":"access","email":"not an address"}"#, 422),
        (r#"{"controller":"Brume","right":"access","email":"a@example.org","extra":1}"#, 422),
        ("nonsense", 422),
    ] {
        let answer = site.send(call(body)).await;
        assert_eq!(answer.status().as_u16(), status, "{body}");
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/problem+json");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_a_persons_data_is_an_entry_once_a_day() {
    let site = site(Kind::Sqlite).await;
    let cookie = site.sign_in(Role::Dpo).await;
    let path = site.path("/requests/{id}");
    for _ in 0..3 {
        assert!(site.page(&path, &cookie).await.1.contains("ada@example.org"));
    }
    let sql = "SELECT COUNT(*) AS n FROM entries WHERE kind = 'request.read'";
    let row = site.house.store().read().row(sql, vec![]).await.expect("readable").expect("a row");
    assert_eq!(row.int("n").expect("a number"), 1);
}
