//! Passkeys over HTTP, with an authenticator in software: as a second factor, as the only thing shown, and in the hands
//! of others.

#[path = "common/authenticator.rs"]
mod authenticator;
mod common;
#[path = "common/site.rs"]
mod site;

use authenticator::{Authenticator, PRESENT};
use axum::body::{Body, to_bytes};
use axum::http::{Response, StatusCode, header};
use common::{BOTH, Kind};
use kernel::Actor;
use office::accounts::{self, Change};
use office::notices;
use serde_json::Value;
use site::{Site, form, get, site};
use web::assets::{PASSKEY_JS, PASSKEY_JS_PATH};
use web::{Role, SignInRules};

/// A page that asks for a passkey: what it asks, the token of its form, and the cookies to answer with.
struct Asked {
    options: Value,
    csrf: String,
    cookies: String,
}

fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let (_, rest) = text.split_once(from).unwrap_or_else(|| panic!("no {from} in {text}"));
    rest.split(to).next().expect("an end")
}

fn cookies_of(answer: &Response<Body>) -> String {
    let set = answer.headers().get_all(header::SET_COOKIE).iter();
    let pairs = set.map(|value| value.to_str().expect("text").split(';').next().expect("a pair").to_owned());
    pairs.collect::<Vec<_>>().join("; ")
}

fn location(answer: &Response<Body>) -> &str {
    answer.headers().get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or("")
}

async fn text(answer: Response<Body>) -> String {
    let bytes = to_bytes(answer.into_body(), 10 << 20).await.expect("a body");
    String::from_utf8_lossy(&bytes).into_owned()
}

impl Site {
    async fn asked(&self, path: &str, cookies: &str) -> Asked {
        let answer = self.send(get(path, cookies)).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        let policy = answer.headers()[header::CONTENT_SECURITY_POLICY].to_str().expect("text").to_owned();
        assert!(policy.starts_with("default-src 'none'; script-src 'self';") && !policy.contains("unsafe"), "{policy}");
        let set = cookies_of(&answer);
        let page = text(answer).await;
        let options = between(&page, "data-passkey=\"", "\"").replace("&quot;", "\"");
        let asked = between(&page, "data-passkey=\"", "</form>");
        let csrf = between(asked, "name=\"csrf\" value=\"", "\"").to_owned();
        let cookies = if set.is_empty() { cookies.to_owned() } else { set };
        Asked { options: serde_json::from_str(&options).expect("JSON"), csrf, cookies }
    }

    async fn answer(&self, path: &str, asked: &Asked, fields: &str) -> Response<Body> {
        self.send(form(path, &asked.cookies, &format!("csrf={}&{fields}", asked.csrf))).await
    }

    /// Makes a passkey; gives it, the recovery codes and the cookie that goes on.
    async fn enrol(&self, cookie: &str, id: u8) -> (Authenticator, Vec<String>, String) {
        let mut device = Authenticator::new(id);
        let asked = self.asked("/account/factors/passkey", cookie).await;
        let fields = format!("{}&label=key+{id}", device.make(&asked.options));
        let answer = self.answer("/account/factors/passkey", &asked, &fields).await;
        assert!([StatusCode::OK, StatusCode::SEE_OTHER].contains(&answer.status()), "{}", answer.status());
        let cookie = cookies_of(&answer);
        let page = text(answer).await;
        let codes = page.split_once("class=\"codes\"").map(|(_, rest)| rest.split("</ul>").next().expect("an end"));
        let codes = codes.into_iter().flat_map(|list| list.split("<code>").skip(1));
        let codes = codes.map(|part| part.split('<').next().expect("a code").to_owned()).collect();
        (device, codes, cookie)
    }

    /// The session of who has shown the password alone.
    async fn half(&self, role: Role) -> String {
        self.sign_in(role).await
    }

    /// Shows a passkey after the password.
    async fn second(&self, half: &str, device: &mut Authenticator) -> Response<Body> {
        let asked = self.asked("/sign-in/factor", half).await;
        let fields = device.show(&asked.options);
        self.answer("/sign-in/factor/passkey", &asked, &format!("{fields}&next=/requests")).await
    }

    /// Shows a passkey and nothing else.
    async fn alone(&self, device: &mut Authenticator) -> Response<Body> {
        let asked = self.asked("/sign-in/passkey", "").await;
        let fields = device.show(&asked.options);
        self.answer("/sign-in/passkey", &asked, &format!("{fields}&next=/requests")).await
    }

    async fn letters(&self, kind: &str) -> usize {
        let letters = notices::store::list(&mut self.house.store().read()).await.expect("readable");
        letters.iter().filter(|letter| letter.letter == kind).count()
    }

    async fn alike(&self) {
        let replay = self.house.store().replay(self.house.app.now(), false).await.expect("replayed");
        assert!(replay.different.is_empty(), "{:?}", replay.different);
    }

    async fn entries(&self, kind: &'static str) -> i64 {
        let sql = "SELECT COUNT(*) AS n FROM entries WHERE kind = $1";
        let row = self.house.store().read().row(sql, vec![kind.into()]).await.expect("readable").expect("a row");
        row.int("n").expect("a number")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_is_a_second_factor_with_all_that_follows_from_one() {
    for kind in BOTH {
        let site = site(kind).await;
        let (here, there) = (site.sign_in(Role::Dpo).await, site.sign_in(Role::Dpo).await);
        let (mut device, recovery, here) = site.enrol(&here, 1).await;
        assert_eq!(recovery.len(), 10, "recovery codes come with the first factor");
        assert_eq!(site.page("/", &here).await.0, StatusCode::OK, "the session goes on");
        assert_eq!(site.page("/", &there).await.0, StatusCode::SEE_OTHER, "every other one has ended");
        assert_eq!(site.letters("account.factor-added").await, 1, "its holder is told");
        assert_eq!(site.entries("account.factor-added").await, 1);
        let owner = site.sign_in(Role::Owner).await;
        assert!(!site.page(&site.path("/accounts/{id}"), &owner).await.1.contains("key 1"), "a label is its holder's");
        let (_, page) = site.page("/account/factors", &here).await;
        assert!(page.contains("key 1") && page.contains("<td>passkey</td>") && page.contains("<td>–</td>"), "{page}");

        let half = site.half(Role::Dpo).await;
        assert_eq!(location(&site.send(get("/requests", &half)).await), "/sign-in/factor?next=/requests");
        device.flags = PRESENT;
        let answer = site.second(&half, &mut device).await;
        assert_eq!((answer.status(), location(&answer)), (StatusCode::SEE_OTHER, "/requests"), "a touch is enough");
        let whole = cookies_of(&answer);
        assert_eq!(site.page("/requests", &whole).await.0, StatusCode::OK);
        assert_eq!(site.page("/requests", &half).await.0, StatusCode::SEE_OTHER, "the old token is worth nothing");
        let (_, page) = site.page("/account/factors", &whole).await;
        assert!(!page.contains("<td>–</td>"), "its last use is shown");

        let half = site.half(Role::Dpo).await;
        let answer = site.send(form("/sign-in/factor", &half, &fields(&site, &half, &recovery[0]).await)).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "a recovery code stands for it");

        site.house.advance(16 * 60);
        let factor = between(&page, "name=\"factor\" value=\"", "\"").to_owned();
        let csrf = site.csrf(&whole).await;
        let remove = || form("/account/factors/remove", &whole, &format!("csrf={csrf}&factor={factor}"));
        assert!(
            location(&site.send(remove()).await).starts_with("/sign-in/again"),
            "not without showing oneself again"
        );
        let asked = site.asked("/sign-in/again?next=/account/factors", &whole).await;
        let shown = device.show(&asked.options);
        let answer = site.answer("/sign-in/again/passkey", &asked, &format!("{shown}&next=/account/factors")).await;
        assert_eq!(location(&answer), "/account/factors");
        let whole = cookies_of(&answer);
        let body = format!("csrf={}&factor={factor}", site.csrf(&whole).await);
        assert_eq!(location(&site.send(form("/account/factors/remove", &whole, &body)).await), "/account/factors");
        assert_eq!(site.page("/", &site.half(Role::Dpo).await).await.0, StatusCode::OK, "the password is enough again");
        assert_eq!(site.alone(&mut device).await.status(), StatusCode::FORBIDDEN, "and the passkey opens nothing");
        site.alike().await;
    }
}

async fn fields(site: &Site, half: &str, code: &str) -> String {
    let (_, page) = site.page("/sign-in/factor", half).await;
    format!("csrf={}&code={code}&next=/", between(&page, "name=\"csrf\" value=\"", "\""))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_that_knows_its_person_is_both_factors() {
    for kind in BOTH {
        let site = site(kind).await;
        let owner =
            Actor::Account(site.house.people.iter().rev().find(|known| known.0 == Role::Owner).unwrap().1.clone());
        let rules = SignInRules { second_factor: true, ..SignInRules::standard(Role::Support) };
        accounts::set_rules(&site.house.app, owner.clone(), Role::Support, rules).await.expect("set");
        let cookie = site.sign_in(Role::Support).await;
        assert_eq!(location(&site.send(get("/", &cookie)).await), "/account/factors", "the role demands a factor");
        let (mut device, ..) = site.enrol(&cookie, 1).await;
        let answer = site.alone(&mut device).await;
        assert_eq!((answer.status(), location(&answer)), (StatusCode::SEE_OTHER, "/requests"));
        let whole = cookies_of(&answer);
        assert!(
            whole.contains("garant-attempt=;") || whole.ends_with("garant-attempt="),
            "the attempt is over: {whole}"
        );
        assert_eq!(site.page("/requests", &whole).await.0, StatusCode::OK, "nothing more is asked");

        device.flags = PRESENT;
        assert_eq!(site.alone(&mut device).await.status(), StatusCode::FORBIDDEN, "a touch alone is one factor");
        device.flags = authenticator::PRESENT | authenticator::VERIFIED;
        let handle = std::mem::take(&mut device.user_handle);
        assert_eq!(site.alone(&mut device).await.status(), StatusCode::FORBIDDEN, "it says whose it is");
        device.user_handle = handle;

        let id = site.house.people.iter().rev().find(|known| known.0 == Role::Support).unwrap().1.clone();
        let last = kernel::Instant::from_second(site.house.app.now().as_second() + 86_400).expect("a day");
        accounts::change(&site.house.app, owner.clone(), &id, Change::Until(Some(last))).await.expect("set");
        assert_eq!(site.alone(&mut device).await.status(), StatusCode::SEE_OTHER);
        site.house.advance(86_400);
        assert_eq!(site.alone(&mut device).await.status(), StatusCode::FORBIDDEN, "their time here is over");
        accounts::change(&site.house.app, owner.clone(), &id, Change::Until(None)).await.expect("set");
        assert_eq!(site.alone(&mut device).await.status(), StatusCode::SEE_OTHER);
        accounts::change(&site.house.app, owner.clone(), &id, Change::ResetFactors).await.expect("reset");
        assert_eq!(site.alone(&mut device).await.status(), StatusCode::FORBIDDEN, "an owner took it away");
        assert_eq!(site.letters("account.factors-reset").await, 1);
        let (mut device, ..) = site.enrol(&site.sign_in(Role::Support).await, 2).await;
        accounts::change(&site.house.app, owner, &id, Change::Close).await.expect("closed");
        assert_eq!(site.alone(&mut device).await.status(), StatusCode::FORBIDDEN, "the account is closed");
        site.alike().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_made_elsewhere_or_for_another_use_enrols_nothing() {
    for kind in BOTH {
        let site = site(kind).await;
        let cookie = site.sign_in(Role::Dpo).await;
        let other = site.sign_in(Role::Owner).await;
        let mut tried = 0;
        for (wrong, spoil) in [
            ("origin", (|d: &mut Authenticator| d.origin = "http://evil.example".into()) as fn(&mut Authenticator)),
            ("port", |d| d.origin = "http://localhost:8080".into()),
            ("scheme", |d| d.origin = "https://localhost".into()),
            ("relying party", |d| d.relying_party = "evil.example".into()),
            ("touch", |d| d.flags = 0),
            ("backup", |d| d.flags |= 0x10),
            ("name", |d| d.id.clear()),
            ("long name", |d| d.id = vec![7; 1024]),
        ] {
            let mut device = Authenticator::new(9);
            spoil(&mut device);
            let asked = site.asked("/account/factors/passkey", &cookie).await;
            let fields = format!("{}&label=x", device.make(&asked.options));
            let answer = site.answer("/account/factors/passkey", &asked, &fields).await;
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{wrong}");
            tried += 1;
        }
        assert_eq!(tried, 8);
        let mut device = Authenticator::new(9);
        let asked = site.asked("/account/factors/passkey", &cookie).await;
        let made = format!("{}&label=x", device.make(&asked.options));
        let theirs = site.asked("/account/factors/passkey", &other).await;
        let answer = site.answer("/account/factors/passkey", &theirs, &made).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "another session's challenge");
        for garbage in ["client_data=&attestation=", "client_data=e30&attestation=oA", "client_data=%00&attestation=x"]
        {
            let answer = site.answer("/account/factors/passkey", &asked, garbage).await;
            assert!(answer.status().is_client_error(), "{garbage}");
        }
        site.house.advance(5 * 60);
        let answer = site.answer("/account/factors/passkey", &asked, &made).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "five minutes are over");
        let asked = site.asked("/account/factors/passkey", &cookie).await;
        let made = format!("{}&label=x", device.make(&asked.options));
        assert_eq!(site.answer("/account/factors/passkey", &asked, &made).await.status(), StatusCode::OK);
        let (mut twin, cookie) = (Authenticator::new(9), site.sign_in(Role::Engineer).await);
        let asked = site.asked("/account/factors/passkey", &cookie).await;
        let made = format!("{}&label=x", twin.make(&asked.options));
        let answer = site.answer("/account/factors/passkey", &asked, &made).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "a name is one person's");
        assert_eq!(site.entries("account.factor-added").await, 1);
        site.alike().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_counts_once_here_in_time_and_for_its_own_account() {
    for kind in BOTH {
        let site = site(kind).await;
        let (mut device, ..) = site.enrol(&site.sign_in(Role::Dpo).await, 1).await;
        let (mut other, ..) = site.enrol(&site.sign_in(Role::Owner).await, 2).await;

        let asked = site.asked("/sign-in/passkey", "").await;
        let shown = device.show(&asked.options);
        let stranger = site.asked("/sign-in/passkey", "").await;
        let answer = site.answer("/sign-in/passkey", &stranger, &shown).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "another browser's challenge");
        let answer = site.send(form("/sign-in/passkey", "", &shown)).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "no browser's");
        assert_eq!(site.answer("/sign-in/passkey", &asked, &shown).await.status(), StatusCode::SEE_OTHER);
        assert_eq!(site.answer("/sign-in/passkey", &asked, &shown).await.status(), StatusCode::FORBIDDEN, "once");

        let asked = site.asked("/sign-in/passkey", "").await;
        let shown = device.show(&asked.options);
        site.house.advance(5 * 60);
        assert_eq!(site.answer("/sign-in/passkey", &asked, &shown).await.status(), StatusCode::FORBIDDEN, "late");

        let half = site.half(Role::Dpo).await;
        let answer = site.second(&half, &mut other).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "another account's passkey");
        let asked = site.asked("/sign-in/passkey", "").await;
        let shown = device.show(&asked.options);
        let factor = site.asked("/sign-in/factor", &half).await;
        let answer = site.answer("/sign-in/factor/passkey", &factor, &shown).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "a challenge for another use");

        for (wrong, spoil) in [
            ("origin", (|d: &mut Authenticator| d.origin = "http://evil.localhost".into()) as fn(&mut Authenticator)),
            ("relying party", |d| d.relying_party = "evil.example".into()),
            ("touch", |d| d.flags = 0x04),
        ] {
            let kept = (device.origin.clone(), device.relying_party.clone(), device.flags);
            spoil(&mut device);
            assert_eq!(site.alone(&mut device).await.status(), StatusCode::FORBIDDEN, "{wrong}");
            (device.origin, device.relying_party, device.flags) = kept;
        }
        let asked = site.asked("/sign-in/passkey", "").await;
        let shown = device.show(&asked.options);
        let mut forger = Authenticator::new(1);
        forger.user_handle.clone_from(&device.user_handle);
        forger.counter = device.counter;
        let forged = forger.show(&asked.options);
        assert_ne!(shown, forged);
        assert_eq!(
            site.answer("/sign-in/passkey", &asked, &forged).await.status(),
            StatusCode::FORBIDDEN,
            "another key"
        );
        assert_eq!(site.alone(&mut device).await.status(), StatusCode::SEE_OTHER, "the right one still works");
        site.alike().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_counter_that_goes_back_is_refused_recorded_and_told() {
    for kind in BOTH {
        let mut site = site(kind).await;
        let (mut device, ..) = site.enrol(&site.sign_in(Role::Dpo).await, 1).await;
        device.counter = 40;
        assert_eq!(site.alone(&mut device).await.status(), StatusCode::SEE_OTHER);
        for before in [40, 0, 6] {
            device.counter = before;
            assert_eq!(site.alone(&mut device).await.status(), StatusCode::FORBIDDEN, "{} after 41", before + 1);
        }
        assert_eq!(site.entries("account.passkey-refused").await, 3);
        assert_eq!(site.letters("account.passkey-refused").await, 3);
        site.house.restart().await;
        site.router = office::router(&site.house.app);
        device.counter = 40;
        assert_eq!(site.alone(&mut device).await.status(), StatusCode::FORBIDDEN, "no server forgets the last one");
        device.counter = 41;
        assert_eq!(site.alone(&mut device).await.status(), StatusCode::SEE_OTHER, "the true one goes on");
        site.alike().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_with_passkeys_is_braked_like_guessing_with_codes() {
    let site = site(Kind::Sqlite).await;
    let (mut device, recovery, _) = site.enrol(&site.sign_in(Role::Dpo).await, 1).await;
    let (mut other, ..) = site.enrol(&site.sign_in(Role::Owner).await, 2).await;
    let half = site.half(Role::Dpo).await;
    for _ in 0..10 {
        assert_eq!(site.second(&half, &mut other).await.status(), StatusCode::FORBIDDEN);
    }
    assert_eq!(site.second(&half, &mut device).await.status(), StatusCode::FORBIDDEN, "even the right one");
    let body = fields(&site, &half, &recovery[0]).await;
    assert_eq!(site.send(form("/sign-in/factor", &half, &body)).await.status(), StatusCode::FORBIDDEN, "one brake");
    site.house.advance(15 * 60);
    assert_eq!(site.second(&half, &mut device).await.status(), StatusCode::SEE_OTHER);
}

/// Nothing that names or recognises a person stands in a leaf, nor the key in a table.
#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_and_the_tables_hold_no_credential_in_the_clear() {
    let site = site(Kind::Sqlite).await;
    let (mut device, ..) = site.enrol(&site.sign_in(Role::Dpo).await, 0x5A).await;
    let shown = device.show(&site.asked("/sign-in/passkey", "").await.options);
    let id = between(&shown, "id=", "&").to_owned();
    assert!(id.len() > 40);
    site.house.store().close().await;
    for file in std::fs::read_dir(site.house.dir.path()).expect("a folder").filter_map(Result::ok) {
        if file.path().is_file() {
            let bytes = std::fs::read(file.path()).expect("readable");
            for needle in [id.as_bytes(), &device.id] {
                assert!(!bytes.windows(needle.len()).any(|window| window == needle), "{}", file.path().display());
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_script_or_at_a_bare_address_the_other_ways_are_offered() {
    let mut site = site(Kind::Sqlite).await;
    let (_, page) = site.page("/sign-in/passkey", "").await;
    assert!(page.contains("needs a script") && page.contains("href=\"/sign-in\""), "said before any script runs");
    assert!(page.contains("data-passkey-with hidden"), "and no button that does nothing");
    let (_, page) = site.page("/sign-in?next=/requests?page=2", "").await;
    assert!(page.contains("/sign-in/passkey?next=/requests%3Fpage%3D2"));
    let script = site.send(get(&PASSKEY_JS_PATH, "")).await;
    assert_eq!(script.headers()[header::CONTENT_TYPE], "text/javascript; charset=utf-8");
    assert_eq!(script.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
    assert_eq!(text(script).await, PASSKEY_JS);

    for address in ["http://192.0.2.7:8017", "http://garant.example", "https://[2001:db8::1]"] {
        site.house.app.public_url = address.into();
        site.router = office::router(&site.house.app);
        assert!(!site.page("/sign-in", "").await.1.contains("passkey"), "{address}");
        let cookie = site.sign_in(Role::Dpo).await;
        assert!(!site.page("/account/factors", &cookie).await.1.contains("passkey"), "{address}");
        assert!(site.page("/account/factors/passkey", &cookie).await.1.contains("do not work at this address"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_controllers_person_comes_in_by_a_passkey_and_to_their_own_area_alone() {
    for kind in BOTH {
        let site = site(kind).await;
        let cookie = site.sign_in(Role::ControllerAdmin).await;
        let (mut device, ..) = site.enrol(&cookie, 1).await;
        let answer = site.alone(&mut device).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        let cookie = cookies_of(&answer);
        assert_eq!(location(&site.send(get("/", &cookie)).await), "/client");
        assert_eq!(site.page("/client/people", &cookie).await.0, StatusCode::OK);
        assert_eq!(site.page("/requests", &cookie).await.0, StatusCode::NOT_FOUND, "wherever they wanted to go");
        site.alike().await;
    }
}
