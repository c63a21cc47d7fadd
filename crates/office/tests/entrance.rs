//! How people come in: second factors, invitations, forgotten passwords, rules of roles, brakes on guessing.

mod common;
#[path = "common/people.rs"]
mod people;
#[path = "common/site.rs"]
mod site;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use common::{BOTH, Kind, PASSWORD, able};
use kernel::{Actor, Instant, Secret};
use office::accounts::{self, Change, NewInvitation, NewToken};
use office::{FEATURES, notices};
use people::{alike, between, cookie_of, location, path_of, secret_of, text};
use site::{form, site};
use std::net::SocketAddr;
use web::guard::Access;
use web::{Role, SignInRules};

const NEW: &str = "walnut-ferry-copper-9";

#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_is_asked_for_and_each_code_works_once() {
    for kind in BOTH {
        let site = site(kind).await;
        let (here, there) = (site.sign_in(Role::Dpo).await, site.sign_in(Role::Dpo).await);
        let (secret, recovery, here) = site.enrol(&here).await;
        assert_eq!(recovery.len(), 10);
        assert_eq!(site.page("/", &here).await.0, StatusCode::OK, "the session goes on");
        assert_eq!(site.page("/", &there).await.0, StatusCode::SEE_OTHER, "every other one has ended");

        let answer = site.try_password(&site.email(Role::Dpo), PASSWORD).await;
        let half = cookie_of(&answer);
        let answer = site.send(site::get("/requests", &half)).await;
        assert_eq!(location(&answer), "/sign-in/factor?next=/requests", "the password alone opens nothing");
        for path in ["/account", "/account/factors", "/account/factors/new", "/account/password"] {
            assert_eq!(site.page(path, &half).await.0, StatusCode::SEE_OTHER, "{path}");
        }
        let used = site.code(&secret);
        let answer = site.post("/sign-in/factor", &half, &format!("code={used}&next=/requests")).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "the code that set it up was used");
        site.house.advance(30);
        let code = site.code(&secret);
        let answer = site.post("/sign-in/factor", &half, &format!("code={code}&next=//evil.example")).await;
        assert_eq!((answer.status(), location(&answer)), (StatusCode::SEE_OTHER, "/"));
        let whole = cookie_of(&answer);
        assert_ne!(whole, half, "a new token");
        assert_eq!(site.page("/requests", &whole).await.0, StatusCode::OK);
        assert_eq!(site.page("/requests", &half).await.0, StatusCode::SEE_OTHER, "the old one is worth nothing");

        let answer = site.try_password(&site.email(Role::Dpo), PASSWORD).await;
        let half = cookie_of(&answer);
        for wrong in [code.as_str(), "000000", "", "abcd-efgh-jkmn-pqrs"] {
            let answer = site.post("/sign-in/factor", &half, &format!("code={wrong}&next=/")).await;
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{wrong}");
        }
        let answer = site.post("/sign-in/factor", &half, &format!("code={}&next=/", recovery[3].to_uppercase())).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "a recovery code stands for the phone");
        let whole = cookie_of(&answer);
        let half = cookie_of(&site.try_password(&site.email(Role::Dpo), PASSWORD).await);
        let answer = site.post("/sign-in/factor", &half, &format!("code={}&next=/", recovery[3])).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "once");
        let (_, page) = site.page("/account/factors", &whole).await;
        assert!(page.contains("<strong>9</strong>"), "nine are left");

        let factor = between(&page, "name=\"factor\" value=\"", "\"").to_owned();
        let answer = site.post("/account/factors/remove", &whole, &format!("factor={factor}")).await;
        assert_eq!(location(&answer), "/account/factors");
        let alone = cookie_of(&site.try_password(&site.email(Role::Dpo), PASSWORD).await);
        assert_eq!(site.page("/", &alone).await.0, StatusCode::OK, "the password is enough again");
        alike(&site).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_codes_is_stopped_after_ten() {
    let site = site(Kind::Sqlite).await;
    let (secret, ..) = site.enrol(&site.sign_in(Role::Engineer).await).await;
    let half = cookie_of(&site.try_password(&site.email(Role::Engineer), PASSWORD).await);
    for _ in 0..10 {
        site.post("/sign-in/factor", &half, "code=000000&next=/").await;
    }
    site.house.advance(60);
    let right = format!("code={}&next=/", site.code(&secret));
    let answer = site.post("/sign-in/factor", &half, &right).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN, "even the right one");
    assert!(text(answer).await.contains("too many failures"));
    site.house.advance(15 * 60);
    let right = format!("code={}&next=/", site.code(&secret));
    assert_eq!(site.post("/sign-in/factor", &half, &right).await.status(), StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_lost_the_phone_is_let_in_by_an_owner_and_told_so() {
    for kind in BOTH {
        let site = site(kind).await;
        let (_, _, whole) = site.enrol(&site.sign_in(Role::Support).await).await;
        let owner = site.sign_in(Role::Owner).await;
        let path = format!("/accounts/{}/factors", site.id(Role::Support));
        assert_eq!(site.post(&path, &owner, "").await.status(), StatusCode::UNPROCESSABLE_ENTITY, "only when sure");
        assert_eq!(site.post(&path, &owner, "sure=yes").await.status(), StatusCode::SEE_OTHER);
        assert_eq!(site.page("/", &whole).await.0, StatusCode::SEE_OTHER, "their sessions ended");
        let letters = notices::store::list(&mut site.house.store().read()).await.expect("readable");
        assert!(letters.iter().any(|letter| letter.letter == "account.factors-reset"));
        let cookie = cookie_of(&site.try_password(&site.email(Role::Support), PASSWORD).await);
        assert_eq!(site.page("/", &cookie).await.0, StatusCode::OK);
        alike(&site).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_demands_a_factor_or_a_newer_password_opens_nothing_before() {
    for kind in BOTH {
        let site = site(kind).await;
        let support = site.sign_in(Role::Support).await;
        let owner = site.sign_in(Role::Owner).await;
        let rules = "role=support&second_factor=yes&renew_days=30&idle_minutes=45&session_hours=8";
        let dpo = site.sign_in(Role::Dpo).await;
        assert_eq!(site.post("/accounts/rules", &dpo, rules).await.status(), StatusCode::FORBIDDEN);
        for (wrong, words) in
            [("renew_days=0", "1 to 3,650"), ("renew_days=x", "1 to 3,650"), ("idle_minutes=1", "5 to 1,440")]
        {
            let rest = "role=support&renew_days=30&idle_minutes=45&session_hours=8";
            let (field, _) = wrong.split_once('=').expect("a field");
            let fields: Vec<&str> = rest.split('&').filter(|pair| !pair.starts_with(field)).chain([wrong]).collect();
            let answer = site.post("/accounts/rules", &owner, &fields.join("&")).await;
            assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
            assert!(text(answer).await.contains(words), "{wrong}");
        }
        assert_eq!(site.post("/accounts/rules", &owner, rules).await.status(), StatusCode::SEE_OTHER);
        let answer = site.send(site::get("/", &support)).await;
        assert_eq!(location(&answer), "/account/factors", "at once, also for who is in");
        let (secret, _, support) = site.enrol(&support).await;
        assert_eq!(site.page("/", &support).await.0, StatusCode::OK);
        let (_, page) = site.page("/account/factors", &support).await;
        let factor = between(&page, "name=\"factor\" value=\"", "\"").to_owned();
        let answer = site.post("/account/factors/remove", &support, &format!("factor={factor}")).await;
        assert_eq!(answer.status(), StatusCode::CONFLICT, "the last one stays while the role demands it");

        site.house.advance(31 * 86_400);
        let half = cookie_of(&site.try_password(&site.email(Role::Support), PASSWORD).await);
        let answer = site.post("/sign-in/factor", &half, &format!("code={}&next=/", site.code(&secret))).await;
        let cookie = cookie_of(&answer);
        assert_eq!(location(&site.send(site::get("/", &cookie)).await), "/account/password");
        let (_, page) = site.page("/account/password", &cookie).await;
        assert!(page.contains("time for a new password"));
        let fields = format!("current={PASSWORD}&new={NEW}&again={NEW}");
        let answer = site.post("/account/password", &cookie, &fields).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        assert_eq!(site.page("/", &cookie_of(&answer)).await.0, StatusCode::OK);
        alike(&site).await;
    }
}

/// The same steps on the command line: what the console demands, `admit` demands.
#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_admits_nobody_whom_the_console_would_stop() {
    let site = site(Kind::Sqlite).await;
    let app = &site.house.app;
    let (secret, recovery, _) = site.enrol(&site.sign_in(Role::Dpo).await).await;
    let owner = Actor::Account(site.id(Role::Owner));
    let rules = SignInRules { second_factor: true, renew_days: Some(10), ..SignInRules::standard(Role::Support) };
    accounts::set_rules(app, owner, Role::Support, rules).await.expect("set");
    let told = async |role: Role, code: Option<&str>| {
        let account = accounts::find_by_email(&mut site.house.store().read(), &site.email(role)).await;
        let account = account.expect("readable").expect("an account");
        match accounts::admit(site.house.store(), site.now(), &account, code).await {
            Ok(()) => "in",
            Err(refusal) => refusal.code,
        }
    };
    site.house.advance(60);
    assert_eq!(told(Role::Dpo, None).await, "factor-needed");
    assert_eq!(told(Role::Dpo, Some("123456")).await, "factor");
    assert_eq!(told(Role::Dpo, Some(&site.code(&secret))).await, "in");
    assert_eq!(told(Role::Dpo, Some(&site.code(&secret))).await, "factor", "once");
    assert_eq!(told(Role::Dpo, Some(&recovery[0])).await, "in");
    assert_eq!(told(Role::Support, None).await, "enrol");
    assert_eq!(told(Role::Engineer, None).await, "in");
    site.house.advance(89 * 86_400);
    assert_eq!(told(Role::Support, None).await, "password-due");
    assert_eq!(told(Role::Engineer, None).await, "in");
    site.house.advance(86_400);
    assert_eq!(told(Role::Engineer, None).await, "password-due");
}

fn invitation(email: &str, role: Role, until: Option<Instant>) -> NewInvitation {
    NewInvitation { email: email.into(), name: "Eva <i>".into(), role, controller: None, lang: kernel::Lang::En, until }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_opens_one_account_once_with_a_password_nobody_else_knows() {
    for kind in BOTH {
        let site = site(kind).await;
        let (app, owner) = (&site.house.app, Actor::Account(site.id(Role::Owner)));
        let invite = async |email: &str, role: Role, until: Option<Instant>| {
            accounts::invite(app, owner.clone(), invitation(email, role, until)).await
        };
        let day = Instant::from_second(site.now().as_second() + 30 * 86_400).expect("a day");
        for (refused, code) in [
            (invite("eva@audit.example", Role::Auditor, None).await, "until"),
            (invite("eva@audit.example", Role::Auditor, Some(site.now())).await, "until"),
            (invite("no address", Role::Support, None).await, "email"),
            (invite(&site.email(Role::Support), Role::Support, None).await, "account-exists"),
            (
                accounts::invite(app, Actor::Account(site.id(Role::Dpo)), invitation("x@y.example", Role::Dpo, None))
                    .await,
                "owner-only",
            ),
        ] {
            assert_eq!(refused.map(|_| ()).map_err(|refusal| refusal.code), Err(code));
        }
        let link = invite("Eva@Audit.example", Role::Auditor, Some(day)).await.expect("invited");
        let again = invite("eva@audit.example", Role::Auditor, Some(day)).await;
        assert_eq!(again.map(|_| ()).map_err(|refusal| refusal.code), Err("invited"));
        let path = path_of(&link);
        let token = path.rsplit('/').next().expect("a token").to_owned();

        let letters = notices::store::list(&mut site.house.store().read()).await.expect("readable");
        let letter = letters.iter().find(|letter| letter.letter == "account.invitation").expect("a letter");
        assert!(letter.body.as_deref().is_some_and(|body| body.contains(notices::SECRET) && !body.contains(&token)));
        let cookie = site.sign_in(Role::Owner).await;
        let (_, page) = site.page(&format!("/notices/{}", letter.id), &cookie).await;
        assert!(
            page.contains("shown to the recipient only") && !page.contains(&token),
            "not even an owner reads the link"
        );

        let (status, page) = site.page(&path, "").await;
        assert_eq!(status, StatusCode::OK);
        assert!(page.contains("Eva &lt;i&gt;") && page.contains("eva@audit.example"));
        let set = |new: &str, again: &str| form(&path, "", &format!("new={new}&again={again}"));
        for (new, again, words) in [(NEW, "other", "two different ways"), ("short", "short", "fewer than 12")] {
            let answer = site.send(set(new, again)).await;
            assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
            assert!(text(answer).await.contains(words));
        }
        let answer = site.send(set(NEW, NEW)).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        assert_eq!(site.page("/ledger", &cookie_of(&answer)).await.0, StatusCode::OK, "they are in");
        for (status, _) in [site.page(&path, "").await, site.page("/invitation/nonsense", "").await] {
            assert_eq!(status, StatusCode::NOT_FOUND, "once");
        }
        assert_eq!(site.send(set(NEW, NEW)).await.status(), StatusCode::NOT_FOUND);
        assert_eq!(site.try_password("eva@audit.example", NEW).await.status(), StatusCode::SEE_OTHER);

        let (late, back) =
            (invite("l@y.example", Role::Support, None).await, invite("b@y.example", Role::Support, None).await);
        let (late, back) = (path_of(&late.expect("invited")), path_of(&back.expect("invited")));
        let (_, page) = site.page("/accounts", &cookie).await;
        assert!(page.contains("l@y.example") && page.contains("b@y.example"));
        let waiting = accounts::store::invitations(&mut site.house.store().read()).await.expect("readable");
        let taken = waiting.iter().find(|one| one.email == "b@y.example").expect("waiting").account.clone();
        assert_eq!(
            site.post(&format!("/accounts/{taken}/withdraw"), &cookie, "").await.status(),
            StatusCode::SEE_OTHER
        );
        assert_eq!(site.page(&back, "").await.0, StatusCode::NOT_FOUND, "withdrawn");
        assert_eq!(site.page(&late, "").await.0, StatusCode::OK);
        site.house.advance(7 * 86_400);
        assert_eq!(site.page(&late, "").await.0, StatusCode::NOT_FOUND, "out of date");
        alike(&site).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_ends_on_its_last_day_with_its_sessions_and_tokens() {
    for kind in BOTH {
        let site = site(kind).await;
        let auditor = site.id(Role::Auditor);
        let cookie = site.sign_in(Role::Auditor).await;
        let (app, owner) = (&site.house.app, Actor::Account(site.id(Role::Owner)));
        let end = Instant::from_second(site.now().as_second() + 1800).expect("an instant");
        let change = async |change| accounts::change(app, owner.clone(), &auditor, change).await;
        assert_eq!(
            change(Change::Until(None)).await.map_err(|refusal| refusal.code),
            Err("until"),
            "an auditor's ends"
        );
        change(Change::Until(Some(end))).await.expect("set");
        let token = accounts::make_token(
            app,
            &auditor,
            NewToken { label: "x".into(), permissions: vec!["requests.read".into()], days: 90 },
        )
        .await;
        let token = token.expect("a token");
        let api = async || {
            let request =
                Request::get("/api/v1/requests").header(header::AUTHORIZATION, format!("Bearer {}", token.expose()));
            site.send(request.body(Body::empty()).expect("a request")).await.status()
        };
        assert_eq!((site.page("/", &cookie).await.0, api().await), (StatusCode::OK, StatusCode::OK));
        site.house.advance(1800);
        assert_eq!(site.page("/", &cookie).await.0, StatusCode::SEE_OTHER);
        assert!(api().await.is_client_error());
        assert_eq!(site.try_password(&site.email(Role::Auditor), PASSWORD).await.status(), StatusCode::UNAUTHORIZED);
        alike(&site).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_tells_nobody_who_has_an_account() {
    for kind in BOTH {
        let site = site(kind).await;
        let (_, _, whole) = site.enrol(&site.sign_in(Role::Dpo).await).await;
        let ask = async |email: &str| {
            let answer = site.send(form("/sign-in/forgotten", "", &format!("email={email}"))).await;
            (answer.status(), text(answer).await)
        };
        let known = ask(&site.email(Role::Dpo)).await;
        assert_eq!(known.0, StatusCode::OK);
        assert_eq!(known, ask("nobody@example.org").await, "the same answer");
        let letters = async || {
            let all = notices::store::list(&mut site.house.store().read()).await.expect("readable");
            all.into_iter().filter(|letter| letter.letter == "account.password-link").collect::<Vec<_>>()
        };
        assert_eq!(letters().await.len(), 0, "nothing is done while they wait");
        assert_eq!(accounts::answer_forgotten(&site.house.app).await.expect("answered"), 1);
        assert_eq!(accounts::answer_forgotten(&site.house.app).await.expect("answered"), 0, "once");
        let letter = letters().await.pop().expect("a letter");
        assert!(letter.body.as_deref().is_some_and(|body| body.contains(notices::SECRET)));
        let path = path_of(&secret_of(&site, &letter).await);

        assert_eq!(site.page(&path, "").await.0, StatusCode::OK);
        assert_eq!(site.page(&path, "").await.0, StatusCode::OK, "opening it uses nothing up");
        let set = form(&path, "", &format!("new={NEW}&again={NEW}"));
        assert_eq!(location(&site.send(set).await), "/sign-in");
        assert_eq!(site.page(&path, "").await.0, StatusCode::NOT_FOUND, "once");
        assert_eq!(site.page("/", &whole).await.0, StatusCode::SEE_OTHER, "every session ended");
        assert_eq!(site.try_password(&site.email(Role::Dpo), PASSWORD).await.status(), StatusCode::UNAUTHORIZED);
        let half = cookie_of(&site.try_password(&site.email(Role::Dpo), NEW).await);
        assert_eq!(location(&site.send(site::get("/", &half)).await), "/sign-in/factor", "the second factor stays");

        ask(&site.email(Role::Support)).await;
        accounts::answer_forgotten(&site.house.app).await.expect("answered");
        let late = letters().await.into_iter().find(|other| other.id != letter.id).expect("a letter");
        let late = path_of(&secret_of(&site, &late).await);
        site.house.advance(60 * 60);
        assert_eq!(site.page(&late, "").await.0, StatusCode::NOT_FOUND, "out of date");
        for _ in 0..3 {
            assert_eq!(ask("nobody@example.org").await.0, StatusCode::OK);
        }
        assert_eq!(ask("nobody@example.org").await.0, StatusCode::FORBIDDEN, "no flood of letters");
        alike(&site).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_who_lost_everything_is_let_in_at_the_machine_and_it_stands_in_the_ledger() {
    for kind in BOTH {
        let site = site(kind).await;
        let (_, _, whole) = site.enrol(&site.sign_in(Role::Owner).await).await;
        let app = &site.house.app;
        let email = site.email(Role::Owner);
        let code = |done: Result<Secret<String>, office::Refusal>| done.map(drop).map_err(|refusal| refusal.code);
        assert_eq!(code(accounts::recover(app, &email, " ").await), Err("reason"));
        assert_eq!(code(accounts::recover(app, "nobody@example.org", "lost").await), Err("not-found"));
        assert_eq!(site.page("/", &whole).await.0, StatusCode::OK, "nothing was changed");
        let link = accounts::recover(app, &email, "phone lost at sea").await.expect("a link");
        assert_eq!(site.page("/", &whole).await.0, StatusCode::SEE_OTHER);
        let path = path_of(&link);
        assert_eq!(location(&site.send(form(&path, "", &format!("new={NEW}&again={NEW}"))).await), "/sign-in");
        let cookie = cookie_of(&site.try_password(&email, NEW).await);
        let (_, page) = site.page("/ledger", &cookie).await;
        assert!(page.contains("Let in again by the operator") && !page.contains("lost at sea"));
        alike(&site).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_undone_asks_again_on_every_such_route() {
    let site = site(Kind::Sqlite).await;
    let (cookie, client) = (site.sign_in(Role::Owner).await, site.sign_in(Role::ControllerAdmin).await);
    site.house.advance(15 * 60);
    let mut seen = 0;
    for route in FEATURES.iter().flat_map(|feature| feature.routes) {
        let Access::Fresh(permission) = route.access else { continue };
        let role = able(route.access);
        assert!(office::POLICY.may(role, permission), "{}", route.path);
        let (path, cookie) = (site.path(route.path), if role == Role::Owner { &cookie } else { &client });
        let request = if route.method == "GET" { site::get(&path, cookie) } else { form(&path, cookie, "csrf=x") };
        let answer = site.send(request).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{path}");
        assert!(location(&answer).starts_with("/sign-in/again?next=/"), "{path}: {}", location(&answer));
        seen += 1;
    }
    assert!(seen >= 10, "{seen}");
    let answer = site.post("/sign-in/again", &cookie, "password=not-the-password&next=/accounts").await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    let answer = site.post("/sign-in/again", &cookie, &format!("password={PASSWORD}&next=/accounts/rules")).await;
    assert_eq!(location(&answer), "/accounts/rules");
    let cookie = cookie_of(&answer);
    let rules = "role=support&renew_days=&idle_minutes=45&session_hours=8";
    assert_eq!(location(&site.post("/accounts/rules", &cookie, rules).await), "/accounts/rules#support");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_accounts_tried_from_one_network_are_stopped_and_others_go_on() {
    for kind in BOTH {
        let site = site(kind).await;
        let from = async |address: &str, email: &str, password: &str| {
            let mut request = form("/sign-in", "", &format!("email={email}&password={password}&next=/"));
            request.extensions_mut().insert(ConnectInfo(address.parse::<SocketAddr>().expect("an address")));
            site.send(request).await.status()
        };
        let dpo = site.email(Role::Dpo);
        for _ in 0..3 {
            assert_eq!(
                from("203.0.113.9:1", &dpo, PASSWORD).await,
                StatusCode::SEE_OTHER,
                "what is right costs nothing"
            );
        }
        // The work of a hundred wrong passwords without their hashes: counted as the sign-in counts them.
        let sql = "UPDATE throttles SET failures = 100 WHERE bucket LIKE 'network:%'";
        from("203.0.113.77:1", "nobody@example.org", "wrong password").await;
        let mut tx = site.house.store().begin(site.now(), Actor::system("test")).await.expect("a transaction");
        assert_eq!(tx.change(sql, vec![]).await.expect("counted"), 1, "one network, told by its first three numbers");
        tx.commit().await.expect("committed");
        assert_eq!(from("203.0.113.200:1", &dpo, PASSWORD).await, StatusCode::UNAUTHORIZED);
        assert_eq!(from("198.51.100.1:1", &dpo, PASSWORD).await, StatusCode::SEE_OTHER);
        site.house.advance(15 * 60);
        assert_eq!(from("203.0.113.200:1", &dpo, PASSWORD).await, StatusCode::SEE_OTHER);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_known_from_a_breach_is_refused_on_every_way_to_one() {
    use sha1::{Digest, Sha1};
    let mut site = site(Kind::Sqlite).await;
    let list = site.house.dir.path().join("breached.txt");
    std::fs::write(&list, format!("{}:7\n", hex::encode_upper(Sha1::digest(NEW)))).expect("written");
    let breached = vault::Breached::new(move || Ok(Box::new(std::fs::File::open(&list)?))).expect("a list");
    site.house.app.breached = Some(std::sync::Arc::new(breached));
    site.router = office::router(&site.house.app);
    let app = &site.house.app;
    let owner = Actor::Account(site.id(Role::Owner));
    let link =
        accounts::invite(app, owner.clone(), invitation("eva@y.example", Role::Dpo, None)).await.expect("invited");
    let cookie = site.sign_in(Role::Support).await;
    site.send(form("/sign-in/forgotten", "", &format!("email={}", site.email(Role::Dpo)))).await;
    accounts::answer_forgotten(app).await.expect("answered");
    let letters = notices::store::list(&mut site.house.store().read()).await.expect("readable");
    let letter = letters.iter().find(|letter| letter.letter == "account.password-link").expect("a letter");
    let forgotten = path_of(&secret_of(&site, letter).await);
    let new = format!("new={NEW}&again={NEW}");
    for answer in [
        site.send(form(&path_of(&link), "", &new)).await,
        site.send(form(&forgotten, "", &new)).await,
        site.post("/account/password", &cookie, &format!("current={PASSWORD}&{new}")).await,
    ] {
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text(answer).await.contains("data breach"));
    }
    let opened = accounts::NewAccount {
        controller: None,
        email: "x@y.example".into(),
        name: "X".into(),
        role: Role::Support,
        lang: kernel::Lang::En,
        password: Secret::new(NEW.into()),
        until: None,
    };
    assert_eq!(accounts::open(app, owner, opened).await.map_err(|refusal| refusal.code), Err("password"));
}

/// Whoever types wrong codes has the password: the person is told, and after a hundred in a row no code is tried, on any day.
#[tokio::test(flavor = "multi_thread")]
async fn guessing_codes_for_ever_is_told_and_stopped() {
    for kind in BOTH {
        let site = site(kind).await;
        let (secret, recovery, _) = site.enrol(&site.sign_in(Role::Dpo).await).await;
        let half = cookie_of(&site.try_password(&site.email(Role::Dpo), PASSWORD).await);
        let told = async |kind: &str| {
            let all = notices::store::list(&mut site.house.store().read()).await.expect("readable");
            all.iter().filter(|letter| letter.letter == kind).count()
        };
        let wrong = async || site.post("/sign-in/factor", &half, "code=000000&next=/").await.status();
        for _ in 0..5 {
            assert_eq!(told("account.wrong-codes").await, 0);
            assert_eq!(wrong().await, StatusCode::FORBIDDEN);
        }
        assert_eq!(told("account.wrong-codes").await, 1, "of the first few");
        // Ten a quarter of an hour, for hours: counted as the guard counts them.
        let mut tx = site.house.store().begin(site.now(), Actor::system("test")).await.expect("a transaction");
        tx.execute("UPDATE wrong_codes SET in_row = 99", vec![]).await.expect("counted");
        tx.execute("DELETE FROM throttles", vec![]).await.expect("waited");
        tx.commit().await.expect("committed");
        wrong().await;
        assert_eq!(told("account.codes-stopped").await, 1, "and of the last");
        site.house.advance(3600 - 60);
        let half = cookie_of(&site.try_password(&site.email(Role::Dpo), PASSWORD).await);
        for code in [site.code(&secret), recovery[0].clone()] {
            let answer = site.post("/sign-in/factor", &half, &format!("code={code}&next=/")).await;
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "the right one, too");
            assert!(text(answer).await.contains("hundred wrong codes"));
        }
        site.send(form("/sign-in/forgotten", "", &format!("email={}", site.email(Role::Dpo)))).await;
        accounts::answer_forgotten(&site.house.app).await.expect("answered");
        let all = notices::store::list(&mut site.house.store().read()).await.expect("readable");
        let letter = all.iter().find(|letter| letter.letter == "account.password-link").expect("a letter");
        let link = path_of(&secret_of(&site, letter).await);
        assert_eq!(location(&site.send(form(&link, "", &format!("new={NEW}&again={NEW}"))).await), "/sign-in");
        let half = cookie_of(&site.try_password(&site.email(Role::Dpo), NEW).await);
        let answer = site.post("/sign-in/factor", &half, &format!("code={}&next=/", recovery[0])).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "a new password begins anew");
        assert_eq!(told("account.recovery-code-used").await, 1);
        let whole = cookie_of(&answer);
        let (_, page) = site.page("/account/factors", &whole).await;
        let factor = between(&page, "name=\"factor\" value=\"", "\"").to_owned();
        site.post("/account/factors/remove", &whole, &format!("factor={factor}")).await;
        assert_eq!(told("account.factor-removed").await, 1);
        alike(&site).await;
    }
}
