//! What somebody tries who wants in, or wants others out: each test is an attack, and says what stops it.

mod common;
#[path = "common/people.rs"]
mod people;
#[path = "common/site.rs"]
mod site;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, Response, StatusCode, header};
use common::{BOTH, Kind, PASSWORD, able};
use office::{FEATURES, accounts, notices};
use people::{alike, cookie_of, location, path_of, secret_of, text};
use site::{Site, form, get, site};
use std::net::SocketAddr;
use web::guard::Access;
use web::{Role, Step};

const NEW: &str = "walnut-ferry-copper-9";
const WRONG: &str = "not-the-password";

/// A request as it comes from an address.
fn from(address: &str, mut request: Request<Body>) -> Request<Body> {
    let peer: SocketAddr = format!("{address}:1").parse().expect("an address");
    request.extensions_mut().insert(ConnectInfo(peer));
    request
}

impl Site {
    async fn guess(&self, address: &str, email: &str, password: &str) -> StatusCode {
        let fields = format!("email={email}&password={password}&next=/");
        self.send(from(address, form("/sign-in", "", &fields))).await.status()
    }

    /// How many rows the brakes keep, and the failures they count.
    async fn counted(&self) -> (i64, i64) {
        let sql = "SELECT COUNT(*) AS n, CAST(COALESCE(SUM(failures), 0) AS BIGINT) AS failures FROM throttles";
        let row = self.house.store().read().row(sql, vec![]).await.expect("readable").expect("a row");
        (row.int("n").expect("a number"), row.int("failures").expect("a number"))
    }

    async fn entries(&self) -> i64 {
        let row = self.house.store().read().row("SELECT COUNT(*) AS n FROM entries", vec![]).await;
        row.expect("readable").expect("a row").int("n").expect("a number")
    }

    /// Counts failures without the work of their hashes.
    async fn as_if_failed(&self, like: &'static str, failures: i64) {
        let mut tx = self.house.store().begin(self.now(), kernel::Actor::system("test")).await.expect("a transaction");
        let sql = "UPDATE throttles SET failures = $2 WHERE bucket LIKE $1";
        assert_eq!(tx.change(sql, vec![like.into(), failures.into()]).await.expect("counted"), 1);
        tx.commit().await.expect("committed");
    }
}

fn asks_again(answer: &Response<Body>) -> bool {
    answer.status() == StatusCode::SEE_OTHER && location(answer).starts_with("/sign-in/again")
}

/// A stolen cookie and the password, without the phone: nothing that renews a session makes it fresh.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_or_factor_makes_a_stolen_session_no_fresher() {
    for kind in BOTH {
        let site = site(kind).await;
        let (_, _, cookie) = site.enrol(&site.sign_in(Role::Owner).await).await;
        site.house.advance(14 * 60);
        let answer =
            site.post("/account/password", &cookie, &format!("current={PASSWORD}&new={NEW}&again={NEW}")).await;
        assert_eq!(location(&answer), "/account");
        let cookie = cookie_of(&answer);
        assert_eq!(
            site.send(get("/ledger/export", &cookie)).await.status(),
            StatusCode::OK,
            "still as fresh as it was"
        );
        site.house.advance(2 * 60);
        for path in ["/ledger/export", "/account/factors/new"] {
            assert!(asks_again(&site.send(get(path, &cookie)).await), "{path}");
        }
        let fields = format!("current={NEW}&new={PASSWORD}&again={PASSWORD}");
        let cookie = cookie_of(&site.post("/account/password", &cookie, &fields).await);
        for path in ["/ledger/export", "/account/factors/new"] {
            assert!(asks_again(&site.send(get(path, &cookie)).await), "{path}: the phone was not shown");
        }
        let answer = site.post("/account/factors", &cookie, "secret=GEZDGNBVGY3TQOJQ&code=000000&label=mine").await;
        assert!(asks_again(&answer), "no authenticator of a thief's");

        let alone = site.sign_in(Role::Support).await;
        site.house.advance(20 * 60);
        let fields = format!("current={PASSWORD}&new={NEW}&again={NEW}");
        let alone = cookie_of(&site.post("/account/password", &alone, &fields).await);
        assert_eq!(site.page("/account/factors/new", &alone).await.0, StatusCode::OK, "the password is all they have");
        alike(&site).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn adding_and_removing_factors_for_ever_keeps_no_session_fresh() {
    let site = site(Kind::Sqlite).await;
    let (_, _, cookie) = site.enrol(&site.sign_in(Role::Dpo).await).await;
    site.house.advance(10 * 60);
    let (_, page) = site.page("/account/factors/new", &cookie).await;
    let secret = people::between(&page, "name=\"secret\" value=\"", "\"").to_owned();
    let fields = format!("secret={secret}&code={}&label=second", site.code(&secret));
    let cookie = cookie_of(&site.post("/account/factors", &cookie, &fields).await);
    let (_, page) = site.page("/account/factors", &cookie).await;
    let factor = people::between(&page, "name=\"factor\" value=\"", "\"").to_owned();
    let cookie = cookie_of(&site.post("/account/factors/remove", &cookie, &format!("factor={factor}")).await);
    assert_eq!(site.send(get("/ledger/export", &cookie)).await.status(), StatusCode::OK);
    site.house.advance(6 * 60);
    assert!(asks_again(&site.send(get("/ledger/export", &cookie)).await), "sixteen minutes since the phone was shown");
}

/// A rule that demands a factor stops a session in the middle; the browser may be somebody else's by then.
#[tokio::test(flavor = "multi_thread")]
async fn a_factor_demanded_meanwhile_is_set_up_only_by_who_shows_the_password_again() {
    for kind in BOTH {
        let site = site(kind).await;
        let support = site.sign_in(Role::Support).await;
        let owner = site.sign_in(Role::Owner).await;
        let rules = "role=support&second_factor=yes&renew_days=&idle_minutes=60&session_hours=8";
        assert_eq!(site.post("/accounts/rules", &owner, rules).await.status(), StatusCode::SEE_OTHER);
        site.house.advance(20 * 60);
        assert_eq!(location(&site.send(get("/", &support)).await), "/account/factors");
        assert!(asks_again(&site.send(get("/account/factors/new", &support)).await));
        let (status, page) = site.page("/sign-in/again?next=/account/factors/new", &support).await;
        assert_eq!(status, StatusCode::OK);
        let csrf = people::between(&page, "name=\"csrf\" value=\"", "\"").to_owned();
        let again =
            async |path: &str, fields: &str| site.send(form(path, &support, &format!("csrf={csrf}&{fields}"))).await;
        let answer = again("/account/factors", "secret=GEZDGNBVGY3TQOJQ&code=000000&label=mine").await;
        assert!(asks_again(&answer));
        let answer = again("/sign-in/again", &format!("password={PASSWORD}&next=/account/factors/new")).await;
        assert_eq!(location(&answer), "/account/factors/new");
        site.enrol(&cookie_of(&answer)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_locks_nobody_out() {
    for kind in BOTH {
        let site = site(kind).await;
        let dpo = site.email(Role::Dpo);
        let inside = site.sign_in(Role::Dpo).await;
        for _ in 0..11 {
            assert_eq!(site.guess("203.0.113.9", &dpo, WRONG).await, StatusCode::UNAUTHORIZED);
        }
        assert_eq!(
            site.guess("203.0.113.9", &dpo, PASSWORD).await,
            StatusCode::UNAUTHORIZED,
            "one network has ten tries"
        );
        assert_eq!(site.guess("198.51.100.7", &dpo, PASSWORD).await, StatusCode::SEE_OTHER, "others have theirs");
        let answer = site.post("/sign-in/again", &inside, &format!("password={PASSWORD}&next=/")).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "who is in shows themselves again");
        let inside = cookie_of(&answer);
        let fields = format!("current={PASSWORD}&new={NEW}&again={NEW}");
        assert_eq!(location(&site.post("/account/password", &inside, &fields).await), "/account");
    }
}

/// Who is signed in is counted apart, and is stopped all the same: a stolen cookie is no place to guess from.
#[tokio::test(flavor = "multi_thread")]
async fn guessing_from_a_stolen_session_is_stopped_wherever_a_password_is_asked() {
    let site = site(Kind::Sqlite).await;
    let cookie = site.sign_in(Role::Dpo).await;
    for _ in 0..5 {
        site.post("/sign-in/again", &cookie, &format!("password={WRONG}&next=/")).await;
        site.post("/account/password", &cookie, &format!("current={WRONG}&new={NEW}&again={NEW}")).await;
    }
    let answer = site.post("/sign-in/again", &cookie, &format!("password={PASSWORD}&next=/")).await;
    assert!(text(answer).await.contains("too many failures"));
    let answer = site.post("/account/password", &cookie, &format!("current={PASSWORD}&new={NEW}&again={NEW}")).await;
    assert!(text(answer).await.contains("too many failures"));
    assert_eq!(site.guess("198.51.100.7", &site.email(Role::Dpo), PASSWORD).await, StatusCode::SEE_OTHER);
}

/// A hundred wrong passwords through a proxy nobody named shut nobody out; a proxy that is named tells visitors apart.
#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_behind_the_same_proxy_shuts_the_house_for_nobody() {
    let mut site = site(Kind::Sqlite).await;
    for trusted in ["", "127.0.0.1/32"] {
        let proxies: Vec<_> = trusted.parse().into_iter().collect();
        site.house.app.shell.trusted_proxies = std::sync::Arc::new(proxies);
        site.router = office::router(&site.house.app);
        let through = async |visitor: &str, email: &str, password: &str| {
            let mut request = form("/sign-in", "", &format!("email={email}&password={password}&next=/"));
            request.headers_mut().insert("x-forwarded-for", visitor.parse().expect("a header"));
            site.send(from("127.0.0.1", request)).await.status()
        };
        assert_eq!(through("203.0.113.9", "nobody@example.org", WRONG).await, StatusCode::UNAUTHORIZED);
        if !trusted.is_empty() {
            site.as_if_failed("network:%", 100).await;
            let dpo = site.email(Role::Dpo);
            assert_eq!(through("203.0.113.9", &dpo, PASSWORD).await, StatusCode::UNAUTHORIZED, "theirs is full");
        }
        let networks = "SELECT COUNT(*) AS n FROM throttles WHERE bucket LIKE 'network:%'";
        let row = site.house.store().read().row(networks, vec![]).await.expect("readable").expect("a row");
        assert_eq!(row.int("n").expect("a number"), i64::from(!trusted.is_empty()), "{trusted}");
        assert_eq!(through("198.51.100.7", &site.email(Role::Dpo), PASSWORD).await, StatusCode::SEE_OTHER);
    }
}

/// What is refused costs a look and no write: neither the one writer nor the table is a stranger's.
#[tokio::test(flavor = "multi_thread")]
async fn a_flood_that_is_refused_writes_nothing() {
    for kind in BOTH {
        let site = site(kind).await;
        site.guess("203.0.113.9", "nobody@example.org", WRONG).await;
        site.as_if_failed("network:%", 100).await;
        let before = site.counted().await;
        for n in 0..1000 {
            let email = format!("n{n}@example.org");
            assert_eq!(site.guess("203.0.113.9", &email, WRONG).await, StatusCode::UNAUTHORIZED);
        }
        for _ in 0..10 {
            site.send(from("203.0.113.9", form("/sign-in/forgotten", "", "email=nobody@example.org"))).await;
        }
        assert_eq!(site.counted().await, before);
        accounts::forget_old_tries(site.house.store(), site.now()).await.expect("swept");
        assert_eq!(site.counted().await, before, "they count still");
        site.house.advance(15 * 60);
        accounts::forget_old_tries(site.house.store(), site.now()).await.expect("swept");
        assert_eq!(site.counted().await, (0, 0), "and no longer than they must");
    }
}

/// Somebody asks for letters again and again so that the link in the first is dead when its reader comes.
#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_not_killed_by_asking_for_another() {
    for kind in BOTH {
        let site = site(kind).await;
        let email = site.email(Role::Dpo);
        let ask = async |address: &str| {
            let answer = site.send(from(address, form("/sign-in/forgotten", "", &format!("email={email}")))).await;
            accounts::answer_forgotten(&site.house.app).await.expect("answered");
            answer.status()
        };
        let newest = async |known: &[String]| {
            let all = notices::store::list(&mut site.house.store().read()).await.expect("readable");
            let mut links = Vec::new();
            for letter in all.iter().filter(|letter| letter.letter == "account.password-link") {
                links.push(path_of(&secret_of(&site, letter).await));
            }
            links.into_iter().find(|link| !known.contains(link)).expect("a new link")
        };
        assert_eq!(ask("198.51.100.7").await, StatusCode::OK);
        let mut links = vec![newest(&[]).await];
        for _ in 0..3 {
            site.house.advance(60);
            assert_eq!(site.page(&links[0], "").await.0, StatusCode::OK, "{} asks", links.len());
            let allowed = ask("203.0.113.9").await;
            assert_eq!(allowed, StatusCode::OK);
            links.push(newest(&links).await);
        }
        assert_eq!(ask("203.0.113.9").await, StatusCode::FORBIDDEN, "three letters an hour for one network");
        let open = async |link: &String| site.page(link, "").await.0 == StatusCode::OK;
        assert_eq!(
            [open(&links[0]).await, open(&links[1]).await, open(&links[2]).await, open(&links[3]).await],
            [false, true, true, true],
            "the newest three hold"
        );
        let set = form(&links[1], "", &format!("new={NEW}&again={NEW}"));
        assert_eq!(location(&site.send(set).await), "/sign-in");
        assert!(!open(&links[3]).await, "one password, one link");
        alike(&site).await;
    }
}

/// Somebody who plants their own session in a browser sees nothing of who signs in there, and the session that was there ends.
#[tokio::test(flavor = "multi_thread")]
async fn a_planted_cookie_is_not_the_session_that_signing_in_gives() {
    for kind in BOTH {
        let site = site(kind).await;
        let planted = site.sign_in(Role::Support).await;
        let csrf = site.csrf(&planted).await;
        let fields = format!("csrf={csrf}&email={}&password={PASSWORD}&next=/", site.email(Role::Owner));
        let answer = site.send(form("/sign-in", &planted, &fields)).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        let cookie = cookie_of(&answer);
        assert_ne!(cookie, planted);
        assert_eq!(site.page("/account", &planted).await.0, StatusCode::SEE_OTHER, "the earlier session has ended");
        assert!(site.page("/account", &cookie).await.1.contains(&site.email(Role::Owner)));
        for made_up in ["garant=aaaa", &format!("garant={}", "A".repeat(43)), "garant="] {
            let fields = format!("email={}&password={PASSWORD}&next=/", site.email(Role::Owner));
            let answer = site.send(form("/sign-in", made_up, &fields)).await;
            assert_ne!(cookie_of(&answer), made_up, "a token is ours, never the browser's");
            assert_eq!(site.page("/account", made_up).await.0, StatusCode::SEE_OTHER);
        }
        let answer = site.send(get("/sign-in", "")).await;
        assert!(answer.headers().get(header::SET_COOKIE).is_none(), "nobody has a session before the password");
    }
}

/// Where a form leads next is typed by whoever made the link to it.
#[tokio::test(flavor = "multi_thread")]
async fn no_way_in_leads_to_another_site() {
    let site = site(Kind::Sqlite).await;
    let (secret, ..) = site.enrol(&site.sign_in(Role::Dpo).await).await;
    let owner = site.sign_in(Role::Owner).await;
    for hostile in [
        "//evil.example",
        "https://evil.example/",
        "/%09/evil.example",
        "%5C%5Cevil.example",
        "/%5Cevil.example",
        "javascript:alert(1)",
        "/%0D%0ASet-Cookie:%20garant=x",
        "",
    ] {
        let fields = format!("email={}&password={PASSWORD}&next={hostile}", site.email(Role::Support));
        let answer = site.send(form("/sign-in", "", &fields)).await;
        assert_eq!((answer.status(), location(&answer)), (StatusCode::SEE_OTHER, "/"), "sign-in {hostile}");

        site.house.advance(30);
        let half = cookie_of(&site.try_password(&site.email(Role::Dpo), PASSWORD).await);
        let fields = format!("code={}&next={hostile}", site.code(&secret));
        let answer = site.post("/sign-in/factor", &half, &fields).await;
        assert_eq!((answer.status(), location(&answer)), (StatusCode::SEE_OTHER, "/"), "factor {hostile}");

        let (status, page) = site.page(&format!("/sign-in/again?next={hostile}"), &owner).await;
        assert_eq!(status, StatusCode::OK);
        assert!(page.contains("name=\"next\" value=\"/\"") && page.contains("<a href=\"/\">Back"), "{hostile}");
        let answer = site.send(get(&format!("/language?to=fr&next={hostile}"), "")).await;
        assert_eq!(location(&answer), "/", "language {hostile}");
        let copy = site.sign_in(Role::Owner).await;
        let answer = site.post("/sign-in/again", &copy, &format!("password={PASSWORD}&next={hostile}")).await;
        assert_eq!((answer.status(), location(&answer)), (StatusCode::SEE_OTHER, "/"), "again {hostile}");
    }
}

/// An id in an address is an id, whatever it climbs to: nothing is found, nothing fails, nothing is done.
#[tokio::test(flavor = "multi_thread")]
async fn an_address_climbs_nowhere() {
    for kind in BOTH {
        let site = site(kind).await;
        let cookie = site.sign_in(Role::Owner).await;
        let csrf = site.csrf(&cookie).await;
        let mut seen = 0;
        for route in FEATURES.iter().flat_map(|feature| feature.routes).filter(|route| route.path.contains('{')) {
            for climbing in ["%2e%2e%2f%2e%2e%2fetc%2fpasswd", "..%2fgarant.db", "%2e%2e", "%00", "%ff", "a%0d%0ab"] {
                let path = climb(route.path, climbing);
                let request = match route.method {
                    "GET" => get(&path, &cookie),
                    _ => form(
                        &path,
                        &cookie,
                        &format!("csrf={csrf}&new={NEW}&again={NEW}&sure=yes&role=dpo&how=x&until=&digest=x"),
                    ),
                };
                let status = site.send(request).await.status();
                assert!(status.is_client_error(), "{} {path}: {status}", route.method);
                seen += 1;
            }
        }
        assert!(seen > 100, "{seen}");
        alike(&site).await;
    }
}

/// The path with `value` in the place of every parameter.
fn climb(pattern: &str, value: &str) -> String {
    let parts = pattern.split('/').map(|part| if part.starts_with('{') { value } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// A form of another site, posted with the visitor's own cookie; also where nobody is signed in, and a link is the key.
#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_another_site_does_nothing_on_any_route() {
    let site = site(Kind::Sqlite).await;
    let cookie = site.sign_in(Role::Owner).await;
    let csrf = site.csrf(&cookie).await;
    let new = accounts::NewInvitation {
        controller: None,
        email: "eva@audit.example".into(),
        name: "Eva".into(),
        role: Role::Support,
        lang: kernel::Lang::En,
        until: None,
    };
    let owner = kernel::Actor::Account(site.id(Role::Owner));
    let invitation = path_of(&accounts::invite(&site.house.app, owner, new).await.expect("invited"));
    let before = site.entries().await;
    let posts = FEATURES.iter().flat_map(|feature| feature.routes).filter(|route| route.method == "POST");
    let pages = posts.map(|route| site.path(route.path));
    for path in pages.chain([invitation.clone()]) {
        for (header, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.example"),
            ("origin", "null"),
        ] {
            let fields = format!("csrf={csrf}&new={NEW}&again={NEW}&email=x@y.example&password={PASSWORD}");
            for cookie in ["", &cookie] {
                let mut request = form(&path, cookie, &fields);
                request.headers_mut().insert(header, value.parse().expect("a value"));
                request.headers_mut().insert(header::HOST, "localhost".parse().expect("a value"));
                assert_eq!(site.send(request).await.status(), StatusCode::FORBIDDEN, "{path} {header}: {value}");
            }
        }
    }
    for csrf in ["", "wrong"] {
        assert_eq!(
            site.send(upload(&cookie, csrf)).await.status(),
            StatusCode::FORBIDDEN,
            "an upload without its token"
        );
    }
    let mut foreign = upload(&cookie, &csrf);
    foreign.headers_mut().insert("sec-fetch-site", "cross-site".parse().expect("a value"));
    assert_eq!(site.send(foreign).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(site.entries().await, before, "nothing happened");
    assert_eq!(site.send(upload(&cookie, &csrf)).await.status(), StatusCode::SEE_OTHER, "ours is taken");
    let set = form(&invitation, "", &format!("new={NEW}&again={NEW}"));
    assert_eq!(site.send(set).await.status(), StatusCode::SEE_OTHER, "the link still works for its reader");
}

/// A small document sent as a browser sends it.
fn upload(cookie: &str, csrf: &str) -> Request<Body> {
    let part = |name: &str, value: &str| format!("--edge\r\nContent-Disposition: form-data; {name}\r\n\r\n{value}\r\n");
    let body =
        part("name=\"csrf\"", csrf) + &part("name=\"file\"; filename=\"dpa.txt\"", common::AGREEMENT) + "--edge--\r\n";
    Request::post("/agreements/new")
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
        .body(Body::from(body))
        .expect("a request")
}

/// The name of the host is the visitor's word: what we mail and where we send people does not come from it.
#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_host_stands_in_no_letter_and_no_address() {
    let site = site(Kind::Sqlite).await;
    let hostile = |mut request: Request<Body>| {
        for name in ["host", "x-forwarded-host", "forwarded", "x-original-url", "x-rewrite-url"] {
            let value = if name == "forwarded" { "host=evil.example" } else { "evil.example" };
            request.headers_mut().insert(name, value.parse().expect("a value"));
        }
        request
    };
    let asked = form("/sign-in/forgotten", "", &format!("email={}", site.email(Role::Dpo)));
    let answer = site.send(hostile(asked)).await;
    assert!(!text(answer).await.contains("evil.example"));
    accounts::answer_forgotten(&site.house.app).await.expect("answered");
    let letters = notices::store::list(&mut site.house.store().read()).await.expect("readable");
    let letter = letters.iter().find(|letter| letter.letter == "account.password-link").expect("a letter");
    assert!(secret_of(&site, letter).await.expose().starts_with("http://localhost/password/"));
    for path in ["/", "/requests", "/sign-in", "/nothing-here"] {
        let answer = site.send(hostile(get(path, ""))).await;
        assert!(!location(&answer).contains("evil"), "{path}");
        assert!(!text(answer).await.contains("evil.example"), "{path}");
    }
}

/// Whoever sends more than a form holds is stopped before it is read, signed in or not, on every route but those for documents.
#[tokio::test(flavor = "multi_thread")]
async fn a_body_larger_than_a_form_is_refused_on_every_route() {
    let site = site(Kind::Sqlite).await;
    let mut ways = Vec::new();
    for role in [Role::Owner, Role::ControllerAdmin] {
        let cookie = site.sign_in(role).await;
        let csrf = site.csrf(&cookie).await;
        ways.push((role, format!("csrf={csrf}&padding={}", "x".repeat(64 << 10)), cookie));
    }
    let mut seen = 0;
    for route in FEATURES.iter().flat_map(|feature| feature.routes).filter(|route| route.method != "GET") {
        let path = site.path(route.path);
        let (_, large, cookie) = ways.iter().find(|(role, ..)| *role == able(route.access)).expect("a way in");
        if ["/agreements/new", "/systems/{id}/map"].contains(&route.path) || entering(route.access) {
            continue;
        }
        assert_eq!(
            site.send(form(&path, cookie, large)).await.status(),
            StatusCode::PAYLOAD_TOO_LARGE,
            "{} {path}",
            route.method
        );
        if route.access == Access::Public {
            assert_eq!(site.send(form(&path, "", large)).await.status(), StatusCode::PAYLOAD_TOO_LARGE, "{path}");
        }
        seen += 1;
    }
    assert!(seen > 20, "{seen}");
}

/// Routes that are not open to who is in already.
fn entering(access: Access) -> bool {
    matches!(access, Access::Entering(steps) if steps == [Step::Factor])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_a_thousand_fields_is_refused() {
    let site = site(Kind::Sqlite).await;
    let fields: String = (0..1000).map(|n| format!("f{n}=&")).collect();
    let answer = site.send(form("/sign-in", "", &format!("{fields}email=a@b.example&password=x"))).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(site.counted().await.0, 0, "before anything is looked up or counted");
}

/// What cannot be undone, takes data out, or is the second pair of eyes: each asks who is there, by name.
#[test]
fn these_routes_ask_again() {
    for (method, path) in [
        ("POST", "/accounts/new"),
        ("POST", "/accounts/rules"),
        ("POST", "/accounts/{id}/close"),
        ("POST", "/accounts/{id}/factors"),
        ("POST", "/accounts/{id}/role"),
        ("POST", "/accounts/{id}/until"),
        ("POST", "/account/factors/recovery"),
        ("POST", "/account/factors/remove"),
        ("GET", "/ledger/export"),
        ("POST", "/requests/{id}/approval"),
        ("POST", "/requests/{id}/apply"),
        ("POST", "/requests/{id}/close"),
        ("GET", "/requests/{id}/package"),
        ("POST", "/requests/{id}/package"),
        ("POST", "/systems/{id}/map"),
    ] {
        let mut routes = FEATURES.iter().flat_map(|feature| feature.routes);
        let route = routes.find(|route| (route.method, route.path) == (method, path)).expect(path);
        assert!(matches!(route.access, Access::Fresh(_)), "{method} {path}: {:?}", route.access);
    }
}

/// A link on another site to something that has an effect: the browser says where it comes from.
#[tokio::test(flavor = "multi_thread")]
async fn a_link_of_another_site_takes_nothing_out() {
    let site = site(Kind::Sqlite).await;
    let cookie = site.sign_in(Role::Owner).await;
    let before = site.entries().await;
    let fresh = |access: Access| matches!(access, Access::Fresh(_));
    let routes = FEATURES.iter().flat_map(|feature| feature.routes);
    let paths: Vec<String> = routes
        .filter(|route| route.method == "GET" && fresh(route.access))
        .map(|route| site.path(route.path))
        .collect();
    assert!(paths.len() >= 2, "{paths:?}");
    for path in paths {
        for from in ["cross-site", "same-site"] {
            let mut request = get(&path, &cookie);
            request.headers_mut().insert("sec-fetch-site", from.parse().expect("a value"));
            assert_eq!(site.send(request).await.status(), StatusCode::FORBIDDEN, "{path} {from}");
        }
    }
    assert_eq!(site.entries().await, before);
    for ours in ["same-origin", "none"] {
        let mut request = get("/ledger/export", &cookie);
        request.headers_mut().insert("sec-fetch-site", ours.parse().expect("a value"));
        assert_eq!(site.send(request).await.status(), StatusCode::OK, "{ours}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nul_in_an_address_finds_nothing_and_breaks_nothing() {
    for kind in BOTH {
        let site = site(kind).await;
        let cookie = site.sign_in(Role::Owner).await;
        for route in FEATURES.iter().flat_map(|feature| feature.routes).filter(|route| route.method == "GET") {
            for field in ["q", "record", "state", "controller", "after", "upload", "next", "year"] {
                let path = format!("{}?{field}=a%00b", site.path(route.path));
                assert_eq!(site.send(get(&path, &cookie)).await.status(), StatusCode::NOT_FOUND, "{path}");
            }
        }
    }
}

/// A failure is told to everybody, and what failed to nobody but the log.
#[tokio::test(flavor = "multi_thread")]
async fn a_failure_shows_strangers_no_place_path_or_statement() {
    for kind in BOTH {
        let site = site(kind).await;
        let cookie = site.sign_in(Role::Support).await;
        let mut tx = site.house.store().begin(site.now(), kernel::Actor::system("test")).await.expect("a transaction");
        for sql in ["ALTER TABLE sessions RENAME TO lost_one", "ALTER TABLE throttles RENAME TO lost_two"] {
            tx.execute(sql, vec![]).await.expect("renamed");
        }
        tx.commit().await.expect("committed");
        let fields = format!("email=a@b.example&password={PASSWORD}&next=/");
        let bearer = get("/requests", &cookie);
        for request in [bearer, form("/sign-in", "", &fields), form("/sign-in/forgotten", "", "email=a@b.example")] {
            let answer = site.send(request).await;
            assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
            let page = text(answer).await;
            assert!(page.contains("Nothing was changed."), "{page}");
            for inside in ["sessions", "throttles", "relation", "no such table", "garant.db", "127.0.0.1", "postgres"] {
                assert!(!page.contains(inside), "{inside}: {page}");
            }
        }
    }
}

/// Closing destroys what a package is made of; one that is being made again would outlive it.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_not_closed_while_somebody_is_at_its_plan() {
    for kind in BOTH {
        let site = site(kind).await;
        let cookie = site.sign_in(Role::Dpo).await;
        let path = site.path("/requests/{id}");
        let id = path.rsplit('/').next().expect("an id").to_owned();
        let held = site.house.store().alone(&format!("apply {id}")).await.expect("asked").expect("ours");
        let answer = site.post(&format!("{path}/close"), &cookie, "accept=left").await;
        assert_eq!(answer.status(), StatusCode::CONFLICT);
        assert!(text(answer).await.contains("being carried out right now"));
        drop(held);
    }
}

/// What a person's row prints, should anybody log it: its id and what it is, and nobody.
#[tokio::test(flavor = "multi_thread")]
async fn rows_about_people_cannot_be_printed() {
    let site = site(Kind::Sqlite).await;
    let db = &mut site.house.store().read();
    let account = accounts::find_by_email(db, &site.email(Role::Dpo)).await.expect("readable").expect("there");
    let letter = notices::store::list(db).await.expect("readable").remove(0);
    let controller = office::parties::list(db).await.expect("readable").remove(0);
    for printed in [format!("{account:?}"), format!("{letter:?}"), format!("{controller:?}")] {
        for personal in ["example", "argon2", "dpo 0", "Hello", "ada", "@"] {
            assert!(!printed.contains(personal), "{personal}: {printed}");
        }
    }
}

/// An address that has an account takes as long as one that has none: both cost one hash. Measured against each other within
/// one run; the bound is far above noise and far below a hash that is not made.
#[tokio::test(flavor = "multi_thread")]
async fn the_time_of_an_answer_does_not_tell_who_has_an_account() {
    let site = site(Kind::Sqlite).await;
    let known = site.email(Role::Dpo);
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..9 {
        for (of, email) in [(0, known.clone()), (1, format!("nobody{round}@example.org"))] {
            let begun = tokio::time::Instant::now();
            let from = format!("198.51.{round}.7");
            assert_eq!(site.guess(&from, &email, WRONG).await, StatusCode::UNAUTHORIZED);
            times[of].push(begun.elapsed());
        }
    }
    let [known, unknown] = times.map(|mut of| {
        of.sort_unstable();
        of[of.len() / 2].as_secs_f64()
    });
    assert!((0.3..3.0).contains(&(known / unknown)), "{known} against {unknown}");
}
