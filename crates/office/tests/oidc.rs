//! Signing in by an identity provider, with a real one on this machine, and with everything that can be wrong about what
//! it says.

mod common;
#[path = "common/provider.rs"]
mod provider;
#[path = "common/site.rs"]
mod site;

use axum::body::{Body, to_bytes};
use axum::http::{Response, StatusCode, header};
use common::{BOTH, Kind, PASSWORD};
use kernel::{AccountId, Actor, Instant};
use office::accounts::{self, Change, Oidc, OidcSettings};
use office::notices;
use provider::{Provider, Signed};
use serde_json::{Value, json};
use site::{Site, form, get, site};
use std::sync::Arc;
use vault::OneTime;
use web::{Role, SignInRules};

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
    fn use_provider(&mut self, oidc: Arc<Oidc>) {
        self.house.app.oidc = Some(oidc);
        self.router = office::router(&self.house.app);
    }

    fn person(&self, role: Role) -> (AccountId, String) {
        let known = self.house.people.iter().rev().find(|(known, ..)| *known == role).expect("a person");
        (known.1.clone(), known.2.clone())
    }

    /// The usual claims of somebody at the provider.
    fn claims(&self, email: &str, more: Value) -> Value {
        let now = self.house.app.now().as_second();
        let mut claims = json!({ "email": email, "email_verified": true, "iat": now, "exp": now + 300 });
        claims.as_object_mut().expect("claims").extend(match more {
            Value::Object(more) => more,
            _ => panic!("claims are an object"),
        });
        claims
    }

    /// To the provider: its address, and the cookie of this browser.
    async fn go(&self) -> (String, String) {
        let answer = self.send(get("/sign-in/provider?next=/requests", "")).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        (location(&answer).to_owned(), cookies_of(&answer))
    }

    /// There and back.
    async fn travel(&self, provider: &Provider, signed: Signed, claims: Value) -> (Response<Body>, String) {
        let (address, cookie) = self.go().await;
        let query = provider.agree(&address, signed, claims);
        (self.send(get(&format!("/sign-in/provider/back?{query}"), &cookie)).await, cookie)
    }

    /// There and back, and the link confirmed with the password.
    async fn link(&self, provider: &Provider, role: Role, more: Value) -> Response<Body> {
        let claims = self.claims(&self.person(role).1, more);
        let (answer, cookie) = self.travel(provider, Signed::Rs256, claims).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let page = text(answer).await;
        self.send(form("/sign-in/provider/link", &cookie, &confirmed(&page, PASSWORD))).await
    }

    async fn entries(&self, kind: &'static str) -> i64 {
        let sql = "SELECT COUNT(*) AS n FROM entries WHERE kind = $1";
        let row = self.house.store().read().row(sql, vec![kind.into()]).await.expect("readable").expect("a row");
        row.int("n").expect("a number")
    }

    async fn alike(&self) {
        let replay = self.house.store().replay(self.house.app.now(), false).await.expect("replayed");
        assert!(replay.different.is_empty(), "{:?}", replay.different);
    }
}

fn confirmed(page: &str, password: &str) -> String {
    format!("token={}&password={password}", between(page, "name=\"token\" value=\"", "\""))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_identity_is_linked_once_with_the_password_and_opens_the_account_from_then_on() {
    for kind in BOTH {
        let mut site = site(kind).await;
        let provider = Provider::start().await;
        assert!(!site.page("/sign-in", "").await.1.contains("/sign-in/provider"), "no provider, no way in");
        assert_eq!(site.page("/sign-in/provider", "").await.0, StatusCode::NOT_FOUND);
        site.use_provider(provider.client());
        let inside = site.sign_in(Role::Owner).await;
        let answer = site.send(get("/sign-in/provider?next=/requests", &inside)).await;
        assert_eq!(location(&answer), "/requests", "who is in already is led on");
        assert!(site.page("/sign-in", "").await.1.contains("Sign in with 127.0.0.1"));

        let claims = site.claims(&site.person(Role::Dpo).1.to_uppercase(), json!({}));
        let (answer, cookie) = site.travel(&provider, Signed::Rs256, claims.clone()).await;
        let page = text(answer).await;
        assert!(page.contains("Link your account"), "{page}");
        let answer = site.send(form("/sign-in/provider/link", &cookie, &confirmed(&page, "wrong-wrong-wrong"))).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "the password is asked for");
        let again = text(answer).await;
        let answer = site.send(form("/sign-in/provider/link", &cookie, &confirmed(&page, PASSWORD))).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "a page counts once");
        let answer = site.send(form("/sign-in/provider/link", "", &confirmed(&again, PASSWORD))).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "and in its own browser");
        assert_eq!(site.entries("account.identity-linked").await, 0);
        let answer = site.send(form("/sign-in/provider/link", &cookie, &confirmed(&again, PASSWORD))).await;
        assert_eq!((answer.status(), location(&answer)), (StatusCode::SEE_OTHER, "/requests"));
        assert_eq!(site.page("/requests", &cookies_of(&answer)).await.0, StatusCode::OK);
        assert_eq!(site.entries("account.identity-linked").await, 1);
        let letters = notices::store::list(&mut site.house.store().read()).await.expect("readable");
        assert!(letters.iter().any(|letter| letter.letter == "account.identity-linked"), "its holder is told");

        let (answer, _) = site.travel(&provider, Signed::Es256, claims.clone()).await;
        assert_eq!((answer.status(), location(&answer)), (StatusCode::SEE_OTHER, "/requests"), "at once from now on");
        let cookie = cookies_of(&answer);
        let (_, own) = site.page("/account", &cookie).await;
        assert!(own.contains(provider.issuer()) && !own.contains("a-subject-of-theirs"));

        let body = format!("csrf={}&issuer={}", site.csrf(&cookie).await, provider.issuer());
        let answer = site.send(form("/account/provider", &cookie, &body)).await;
        assert_eq!(location(&answer), "/account");
        assert_eq!(site.page("/", &cookie).await.0, StatusCode::SEE_OTHER, "sessions ended with the link");
        assert_eq!(site.page("/", &cookies_of(&answer)).await.0, StatusCode::OK, "but for the one that goes on");
        let (answer, _) = site.travel(&provider, Signed::Rs256, claims).await;
        assert!(text(answer).await.contains("Link your account"), "the link is gone");
        let (_, seen) = site.page(&site.path("/accounts/{id}"), &inside).await;
        assert!(!seen.contains("a-subject-of-theirs"), "what a provider calls somebody is shown to nobody");
        site.alike().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_with_anything_wrong_about_it_opens_nothing() {
    let mut site = site(Kind::Sqlite).await;
    let provider = Provider::start().await;
    site.use_provider(provider.client());
    let email = site.person(Role::Dpo).1;
    assert_eq!(site.link(&provider, Role::Dpo, json!({})).await.status(), StatusCode::SEE_OTHER);
    let now = site.house.app.now().as_second();
    for (signed, wrong) in [
        (Signed::Rs256, json!({ "nonce": "another" })),
        (Signed::Rs256, json!({ "nonce": null })),
        (Signed::Rs256, json!({ "aud": "another" })),
        (Signed::Rs256, json!({ "aud": ["garant", "another"] })),
        (Signed::Rs256, json!({ "iss": "http://127.0.0.1/realms/staff" })),
        (Signed::Rs256, json!({ "exp": now - 120 })),
        (Signed::Rs256, json!({ "exp": null })),
        (Signed::Rs256, json!({ "iat": now + 3_600 })),
        (Signed::Es256, json!({ "at_hash": "AAAAAAAAAAAAAAAAAAAAAA" })),
        (Signed::No, json!({})),
        (Signed::Shared, json!({})),
        (Signed::Stranger, json!({})),
        (Signed::Unknown, json!({})),
    ] {
        let (answer, _) = site.travel(&provider, signed, site.claims(&email, wrong.clone())).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{signed:?} {wrong}");
        assert!(!cookies_of(&answer).contains("garant="), "no session");
        assert!(text(answer).await.contains("did not come to an end"), "{signed:?} {wrong}");
    }
    for signed in [Signed::Rs256, Signed::Es256] {
        let (answer, _) = site.travel(&provider, signed, site.claims(&email, json!({}))).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "and the right one does");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_way_back_counts_once_in_its_own_browser_and_in_time() {
    for kind in BOTH {
        let mut site = site(kind).await;
        let provider = Provider::start().await;
        site.use_provider(provider.client());
        let email = site.person(Role::Dpo).1;
        assert_eq!(site.link(&provider, Role::Dpo, json!({})).await.status(), StatusCode::SEE_OTHER);
        let before = provider.exchanges();
        let agreed = async || {
            let (address, cookie) = site.go().await;
            let query = provider.agree(&address, Signed::Rs256, site.claims(&email, json!({})));
            (format!("/sign-in/provider/back?{query}"), cookie)
        };
        let (path, cookie) = agreed().await;
        let (_, stranger) = site.go().await;
        assert_eq!(site.page(&path, "").await.0, StatusCode::FORBIDDEN, "no browser's");
        assert_eq!(site.page(&path, &stranger).await.0, StatusCode::FORBIDDEN, "another browser's");
        assert_eq!(provider.exchanges(), before, "the provider was not even asked");
        assert_eq!(site.page(&path, &cookie).await.0, StatusCode::SEE_OTHER);
        assert_eq!(site.page(&path, &cookie).await.0, StatusCode::FORBIDDEN, "once");
        assert_eq!(provider.exchanges(), before + 1);

        let (path, cookie) = agreed().await;
        site.house.advance(5 * 60);
        assert_eq!(site.page(&path, &cookie).await.0, StatusCode::FORBIDDEN, "late");
        let (path, cookie) = agreed().await;
        let mixed = format!("{path}&iss=https://evil.example");
        assert_eq!(site.page(&mixed, &cookie).await.0, StatusCode::FORBIDDEN, "another provider's answer");
        let (path, cookie) = agreed().await;
        let stolen = path.replace("code=code", "code=stolen");
        assert_eq!(site.page(&stolen, &cookie).await.0, StatusCode::FORBIDDEN, "a code that is none");
        let (path, cookie) = agreed().await;
        let other = agreed().await;
        let swapped = format!("/sign-in/provider/back?{}&{}", between(&path, "?", "&"), between(&other.0, "&", "#"));
        assert_eq!(site.page(&swapped, &other.1).await.0, StatusCode::FORBIDDEN, "another browser's code");
        assert_eq!(site.page("/sign-in/provider/back?error=access_denied", &cookie).await.0, StatusCode::FORBIDDEN);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_account_with_the_same_verified_address_is_opened() {
    for kind in BOTH {
        let mut site = site(kind).await;
        let provider = Provider::start().await;
        site.use_provider(provider.client());
        let owner = Actor::Account(site.person(Role::Owner).0);
        assert_eq!(site.link(&provider, Role::Dpo, json!({})).await.status(), StatusCode::SEE_OTHER);
        let (dpo, support) = (site.person(Role::Dpo), site.person(Role::Support));
        let mut words = Vec::new();
        let mut refused = async |site: &Site, why: &str, claims: Value| {
            let (answer, _) = site.travel(&provider, Signed::Rs256, claims).await;
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{why}");
            words.push(text(answer).await);
        };
        refused(&site, "not verified", site.claims(&dpo.1, json!({ "email_verified": false }))).await;
        refused(&site, "said to be verified", site.claims(&dpo.1, json!({ "email_verified": "true" }))).await;
        refused(&site, "no address", site.claims(&dpo.1, json!({ "email": null }))).await;
        refused(&site, "nobody's address", site.claims("nobody@example.org", json!({ "sub": "x" }))).await;
        refused(&site, "another account's address", site.claims(&support.1, json!({}))).await;
        refused(&site, "the address in other hands", site.claims(&dpo.1, json!({ "sub": "who-came-after" }))).await;
        let last = Instant::from_second(site.house.app.now().as_second() + 60).expect("a minute");
        accounts::change(&site.house.app, owner.clone(), &dpo.0, Change::Until(Some(last))).await.expect("set");
        site.house.advance(60);
        refused(&site, "their time is over", site.claims(&dpo.1, json!({}))).await;
        accounts::change(&site.house.app, owner.clone(), &dpo.0, Change::Until(None)).await.expect("set");
        let (answer, _) = site.travel(&provider, Signed::Rs256, site.claims(&dpo.1, json!({}))).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        accounts::change(&site.house.app, owner, &dpo.0, Change::Close).await.expect("closed");
        refused(&site, "the account is closed", site.claims(&dpo.1, json!({}))).await;
        assert_eq!(words.len(), 8);
        let bare = |page: &String| page.split("<p class=\"language\"").next().expect("a part").to_owned();
        assert!(words.windows(2).all(|pair| bare(&pair[0]) == bare(&pair[1])), "the same words for all");
        assert!(words[0].contains("No account here belongs to this identity."));
        site.alike().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_provider_counts_as_a_second_factor_only_when_it_says_so() {
    let mut site = site(Kind::Sqlite).await;
    let provider = Provider::start().await;
    site.use_provider(provider.client());
    let owner = Actor::Account(site.person(Role::Owner).0);
    let rules = SignInRules { second_factor: true, ..SignInRules::standard(Role::Support) };
    accounts::set_rules(&site.house.app, owner, Role::Support, rules).await.expect("set");
    let (id, email) = site.person(Role::Support);
    assert_eq!(site.link(&provider, Role::Support, json!({})).await.status(), StatusCode::SEE_OTHER);
    let led = async |site: &Site, more: Value| {
        let (answer, _) = site.travel(&provider, Signed::Rs256, site.claims(&email, more)).await;
        let cookie = cookies_of(&answer);
        location(&site.send(get("/requests", &cookie)).await).to_owned()
    };
    let enrol = "/account/factors?next=/requests";
    assert_eq!(led(&site, json!({})).await, enrol, "the role demands a factor, and none was shown");
    assert_eq!(led(&site, json!({ "amr": ["pwd"], "acr": "1" })).await, enrol);
    assert_eq!(led(&site, json!({ "amr": ["pwd", "otp", "mfa"] })).await, "", "the token says so");
    assert_eq!(led(&site, json!({ "acr": "phr" })).await, "", "in the operator's words");
    let known = accounts::find_by_email(&mut site.house.store().read(), &email).await.expect("readable");
    let proposal = accounts::propose(site.house.store(), &known.expect("an account")).expect("a secret");
    let code = OneTime::new(&proposal.secret, "Garant", "x").expect("a secret").code(site.house.app.now());
    let (db, now) = (site.house.store(), site.house.app.now());
    accounts::add_factor(db, now, &id, proposal.secret, &code, "phone").await.expect("added");
    assert_eq!(led(&site, json!({})).await, "/sign-in/factor?next=/requests", "else ours is asked for");
    assert_eq!(led(&site, json!({ "amr": ["mfa"] })).await, "");
    let demanding = OidcSettings { demands_factor: true, ..provider.settings() };
    site.use_provider(Arc::new(Oidc::new(demanding).expect("settings")));
    assert_eq!(led(&site, json!({})).await, "", "the operator says that it always asks for one");
}

/// What it publishes leads to no other machine, and another's word is not taken for its own.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_but_the_providers_own_origin_is_asked() {
    let mut site = site(Kind::Sqlite).await;
    let (provider, other) = (Provider::start().await, Provider::start().await);
    let elsewhere = format!("{}/token", other.issuer());
    for changed in [
        json!({ "issuer": other.issuer() }),
        json!({ "token_endpoint": elsewhere }),
        json!({ "jwks_uri": "http://169.254.169.254/latest/meta-data" }),
        json!({ "authorization_endpoint": "https://evil.example/authorize" }),
        json!({ "jwks_uri": null }),
    ] {
        provider.publish(changed.clone());
        site.use_provider(provider.client());
        let answer = site.send(get("/sign-in/provider", "")).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{changed}");
        assert!(text(answer).await.contains("did not come to an end"));
    }
    assert_eq!(other.exchanges(), 0);
    provider.publish(json!({ "token_endpoint_auth_methods_supported": ["client_secret_post"] }));
    site.use_provider(provider.client());
    assert_eq!(
        site.link(&provider, Role::Dpo, json!({})).await.status(),
        StatusCode::SEE_OTHER,
        "either way of telling"
    );
    let email = site.person(Role::Dpo).1;
    provider.publish(json!({ "authorization_response_iss_parameter_supported": true }));
    site.use_provider(provider.client());
    let (answer, _) = site.travel(&provider, Signed::Rs256, site.claims(&email, json!({}))).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN, "it promised to name itself and did not");

    let gone = OidcSettings { issuer: "http://127.0.0.1:9/".into(), ..provider.settings() };
    site.use_provider(Arc::new(Oidc::new(gone).expect("settings")));
    assert_eq!(site.page("/sign-in/provider", "").await.0, StatusCode::FORBIDDEN, "nobody answers");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_controllers_person_comes_in_by_the_provider_and_to_their_own_area_alone() {
    for kind in BOTH {
        let mut site = site(kind).await;
        let provider = Provider::start().await;
        site.use_provider(provider.client());
        let linked = site.link(&provider, Role::ControllerMember, json!({})).await;
        assert_eq!(linked.status(), StatusCode::SEE_OTHER);
        let claims = site.claims(&site.person(Role::ControllerMember).1, json!({}));
        let (again, _) = site.travel(&provider, Signed::Es256, claims).await;
        for answer in [linked, again] {
            let cookie = cookies_of(&answer);
            assert_eq!(location(&site.send(get("/", &cookie)).await), "/client");
            assert_eq!(site.page("/client", &cookie).await.0, StatusCode::OK);
            assert_eq!(site.page("/requests", &cookie).await.0, StatusCode::NOT_FOUND, "wherever they wanted to go");
        }
        site.alike().await;
    }
}
