//! The client area: the whole road of a controller's people, and the border that keeps each controller to itself. The crossing
//! is generated from the routes, so that a new one cannot be forgotten.

mod common;
#[path = "common/people.rs"]
mod people;
#[path = "common/site.rs"]
mod site;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use common::{AGREEMENT, BOTH, Kind, PASSWORD};
use kernel::{AccountId, Actor, ControllerId};
use ledger::verify::{verify_export, verify_receipt};
use office::accounts::{self, Change, NewAccount, NewInvitation, NewToken};
use office::requests::{self, NewRequest, Right};
use office::{FEATURES, POLICY, notices};
use people::{alike, cookie_of, location, path_of, secret_of, text};
use site::{Site, form, get, one, site};
use web::Role;
use web::guard::Access;

const NEW: &str = "walnut-ferry-copper-9";
const ADMIN: Role = Role::ControllerAdmin;
const MEMBER: Role = Role::ControllerMember;

/// Brume, whose people the site has, and beside it Lichen with one of everything.
struct Two {
    site: Site,
    brume: ControllerId,
    lichen: ControllerId,
    /// What stands before an id in an address, and Lichen's id that stands there.
    theirs: Vec<(&'static str, String)>,
    /// Lichen's administrator.
    other: AccountId,
}

async fn two(kind: Kind) -> Two {
    let mut site = site(kind).await;
    let brume: ControllerId = site.path("{id} of /parties/").split(' ').next().expect("an id").parse().expect("an id");
    let dpo = Actor::Account(site.id(Role::Dpo));
    let (agreement, lichen) = site.house.agreement(&dpo, "Lichen", AGREEMENT).await;
    let new = request_of(&site, &lichen, "ada@example.org", "only Lichen knows");
    let request = requests::receive(&site.house.app, dpo.clone(), new).await.expect("received");
    let (admin, other_email) = {
        let before = site.house.people.clone();
        let Actor::Account(id) = site.house.client(ADMIN, &lichen).await else { panic!("a person") };
        let email = site.house.people.last().expect("a person").2.clone();
        site.house.people = before;
        (id, email)
    };
    let of = async |sql: &'static str| {
        let row = site.house.store().read().row(sql, vec![(&lichen).into()]).await.expect("readable");
        row.expect("a row").text("id").expect("an id")
    };
    let notice = of("SELECT id FROM notices WHERE controller = $1 LIMIT 1").await;
    let duty = of("SELECT id FROM duties WHERE controller = $1 LIMIT 1").await;
    let entry =
        of("SELECT e.id FROM entries e JOIN logs l ON l.origin = e.log WHERE l.controller = $1 ORDER BY e.seq LIMIT 1")
            .await;
    let system = one(&site.house, "SELECT id FROM systems LIMIT 1").await;
    let mail = one(&site.house, "SELECT id FROM mails LIMIT 1").await;
    let theirs = vec![
        ("/client/people/", admin.to_string()),
        ("/client/agreements/", agreement.to_string()),
        ("/client/requests/", request.to_string()),
        ("/client/notices/", notice.clone()),
        ("/client/proof/", entry.clone()),
        ("/client/ledger/entries/", entry.clone()),
        ("/parties/", lichen.to_string()),
        ("/agreements/", agreement.to_string()),
        ("/requests/", request.to_string()),
        ("/duties/", duty),
        ("/notices/", notice),
        ("/ledger/entries/", entry),
        ("/accounts/", admin.to_string()),
        ("/systems/", system),
        ("/inbox/", mail),
    ];
    assert!(other_email.contains('@'));
    Two { site, brume, lichen, theirs, other: admin }
}

fn request_of(site: &Site, controller: &ControllerId, email: &str, note: &str) -> NewRequest {
    NewRequest {
        controller: controller.clone(),
        right: Right::Access,
        email: email.into(),
        note: note.into(),
        channel: "mail".into(),
        received_at: site.now(),
    }
}

impl Two {
    /// The address with Lichen's id in its place; none when nothing in it varies.
    fn crossing(&self, pattern: &str) -> Option<String> {
        if !pattern.contains('{') {
            return None;
        }
        let known = self.theirs.iter().find(|(start, _)| pattern.contains(start));
        let ours = pattern.trim_start_matches('/').starts_with("client/");
        assert!(!ours || known.is_some(), "say in `theirs` which thing of somebody else stands in {pattern}");
        let id = known.map_or("01ks0000000000000000000001", |(_, id)| id.as_str());
        let parts = pattern.split('/').map(|part| if part.starts_with('{') { id } else { part });
        Some(parts.collect::<Vec<_>>().join("/"))
    }

    async fn entries(&self) -> i64 {
        let row = self.site.house.store().read().row("SELECT COUNT(*) AS n FROM entries", vec![]).await;
        row.expect("readable").expect("a row").int("n").expect("a number")
    }

    async fn token(&self, role: Role) -> String {
        let permissions = POLICY.grantable(role).into_iter().map(str::to_owned).collect();
        let new = NewToken { label: "a program".into(), permissions, days: 30 };
        let token = accounts::make_token(&self.site.house.app, &self.site.id(role), new).await.expect("a token");
        token.expose().clone()
    }

    async fn call(&self, method: &str, path: &str, token: &str, body: &str) -> (StatusCode, String) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_owned()))
            .expect("a request");
        let answer = self.site.send(request).await;
        (answer.status(), text(answer).await)
    }
}

/// Whatever a form of the product may ask for.
const FIELDS: &str = "act=close&sure=yes&decision=carry-out&decision=refuse&note=x&how=x&why=x&email=x@y.example&role=owner\
                      &right=erasure&hash=00&accept=yes&law=&until=&digest=00&evidence=x&promise=breach.notify&owner=";

fn is_theirs(access: &Access) -> bool {
    access.roles(&POLICY).is_some_and(|roles| roles.iter().all(|role| role.is_controllers()))
}

fn is_everybodys(access: &Access) -> bool {
    matches!(access, Access::Public | Access::Entering(_)) || access.permission() == Some("account.own")
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_somebody_elses_is_not_there_on_any_route() {
    for kind in BOTH {
        let two = two(kind).await;
        let before = two.entries().await;
        let mut crossed = 0;
        for role in [ADMIN, MEMBER] {
            let cookie = two.site.sign_in(role).await;
            let csrf = two.site.csrf(&cookie).await;
            for route in FEATURES.iter().flat_map(|feature| feature.routes) {
                if is_everybodys(&route.access) || route.path == "/" {
                    continue;
                }
                let path = match (two.crossing(route.path), is_theirs(&route.access)) {
                    (Some(path), _) => path,
                    (None, false) => route.path.to_owned(),
                    (None, true) => continue,
                };
                let answer = match route.method {
                    "GET" => two.site.send(get(&path, &cookie)).await,
                    _ => two.site.send(form(&path, &cookie, &format!("csrf={csrf}&{FIELDS}"))).await,
                };
                assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{kind:?} {role:?} {} {path}", route.method);
                let page = text(answer).await;
                assert!(!page.contains("Lichen") && !page.contains("ada@example.org"), "{path}");
                crossed += 1;
            }
        }
        assert!(crossed > 150, "{crossed}");
        assert_eq!(two.entries().await, before, "nothing was written");
        alike(&two.site).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_somebody_elses_is_not_there_for_programs_either() {
    for kind in BOTH {
        let two = two(kind).await;
        let (before, mut crossed) = (two.entries().await, 0);
        for role in [ADMIN, MEMBER] {
            let token = two.token(role).await;
            for endpoint in FEATURES.iter().flat_map(|feature| feature.api) {
                let theirs = POLICY.roles(endpoint.permission).iter().any(|role| role.is_controllers());
                let path = match (two.crossing(endpoint.path), theirs) {
                    (Some(path), _) => path,
                    (None, false) => endpoint.path.to_owned(),
                    (None, true) => continue,
                };
                let body =
                    if theirs && endpoint.path.ends_with("/instruction") { r#"{"carry_out":true}"# } else { "{}" };
                let (status, said) = two.call(endpoint.method, &format!("/api/v1{path}"), &token, body).await;
                assert_eq!(status, StatusCode::NOT_FOUND, "{kind:?} {role:?} {} {path}: {said}", endpoint.method);
                assert!(!said.contains("Lichen"), "{path}");
                crossed += 1;
            }
        }
        assert!(crossed > 80, "{crossed}");
        assert_eq!(two.entries().await, before + 2, "nothing but the two tokens was written");
        alike(&two.site).await;
    }
}

/// What does not exist and what is somebody else's: the same status and the same words, but for the address itself.
#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_thing_looks_like_one_that_never_was() {
    for kind in BOTH {
        let two = two(kind).await;
        let cookie = two.site.sign_in(ADMIN).await;
        let csrf = two.site.csrf(&cookie).await;
        let nothing = "01ks0000000000000000000099";
        for route in FEATURES.iter().flat_map(|feature| feature.routes).filter(|route| is_theirs(&route.access)) {
            let Some(theirs) = two.crossing(route.path) else { continue };
            let (_, id) = two.theirs.iter().find(|(start, _)| theirs.contains(start)).expect("known");
            let none = theirs.replace(id, nothing);
            let ask = async |path: &str, known: &str| {
                let answer = match route.method {
                    "GET" => two.site.send(get(path, &cookie)).await,
                    _ => two.site.send(form(path, &cookie, &format!("csrf={csrf}&{FIELDS}"))).await,
                };
                (answer.status(), text(answer).await.replace(known, "ID"))
            };
            assert_eq!(ask(&theirs, id).await, ask(&none, nothing).await, "{} {}", route.method, route.path);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lists_of_a_controller_hold_its_own_things_alone_and_the_house_has_no_area() {
    for kind in BOTH {
        let two = two(kind).await;
        for role in [ADMIN, MEMBER] {
            let cookie = two.site.sign_in(role).await;
            for route in FEATURES.iter().flat_map(|feature| feature.routes).filter(|route| is_theirs(&route.access)) {
                if route.path.contains('{') || route.method != "GET" {
                    continue;
                }
                let asked = format!("{}?controller={}&record={}", route.path, two.lichen, two.theirs[2].1);
                let answer = two.site.send(get(&asked, &cookie)).await;
                let may = route.access.roles(&POLICY).is_some_and(|roles| roles.contains(&role));
                let wanted = if may { StatusCode::OK } else { StatusCode::NOT_FOUND };
                assert_eq!(answer.status(), wanted, "{role:?} {}", route.path);
                let page = text(answer).await;
                let link = page.replace(&format!("next={}", route.path), "");
                let shown = link.split("class=\"language\"").next().expect("a page");
                for (_, id) in two.theirs.iter().filter(|(start, _)| start.starts_with("/client/")) {
                    assert!(!shown.contains(id.as_str()), "{} shows {id}", route.path);
                }
                assert!(!shown.contains("Lichen") && !shown.contains("only Lichen knows"), "{}", route.path);
            }
        }
        for role in Role::HOUSE {
            let cookie = two.site.sign_in(role).await;
            for route in FEATURES.iter().flat_map(|feature| feature.routes).filter(|route| is_theirs(&route.access)) {
                let path = two.crossing(route.path).unwrap_or_else(|| route.path.to_owned());
                let status = match route.method {
                    "GET" => two.site.page(&path, &cookie).await.0,
                    _ => two.site.send(form(&path, &cookie, FIELDS)).await.status(),
                };
                assert_eq!(status, StatusCode::NOT_FOUND, "{role:?} {path}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_of_the_house_or_of_one_controller_and_stays_so() {
    for kind in BOTH {
        let two = two(kind).await;
        let app = &two.site.house.app;
        let open = async |role: Role, controller: Option<&ControllerId>| {
            let new = NewAccount {
                email: format!("{}@mixed.example", role.word()),
                name: "Mixed".into(),
                role,
                controller: controller.cloned(),
                lang: kernel::Lang::En,
                password: kernel::Secret::new(PASSWORD.to_owned()),
                until: None,
            };
            accounts::open(app, Actor::system("test"), new).await.map(|_| ()).map_err(|refusal| refusal.code)
        };
        for role in Role::ALL {
            let wrong = if role.is_controllers() { None } else { Some(&two.brume) };
            assert_eq!(open(role, wrong).await, Err("membership"), "{role:?}");
        }
        let nobody = "01ks0000000000000000000099".parse().expect("an id");
        assert_eq!(open(ADMIN, Some(&nobody)).await, Err("not-found"));
        let owner = Actor::Account(two.site.id(Role::Owner));
        for (who, role) in [(two.site.id(MEMBER), Role::Support), (two.site.id(Role::Support), ADMIN)] {
            let done = accounts::change(app, owner.clone(), &who, Change::Role(role)).await;
            assert_eq!(done.map_err(|refusal| refusal.code), Err("membership"));
        }
        alike(&two.site).await;

        // A row that no entry made: an account on neither side opens nothing, by no way.
        let (cookie, token) = (two.site.sign_in(ADMIN).await, two.token(ADMIN).await);
        let mut tx = app.store().begin(two.site.now(), owner).await.expect("a transaction");
        tx.execute("UPDATE accounts SET controller = NULL WHERE role = 'controller-admin'", vec![])
            .await
            .expect("done");
        tx.commit().await.expect("committed");
        assert_eq!(location(&two.site.send(get("/client", &cookie)).await), "/sign-in?next=/client");
        assert_eq!(two.call("GET", "/api/v1/client", &token, "").await.0, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_house_invites_the_first_administrator_who_lands_in_the_area() {
    for kind in BOTH {
        let two = two(kind).await;
        let site = &two.site;
        let people = format!("/parties/{}/people", two.brume);
        let fields = "name=L%C3%A9a&email=lea@brume.example&role=controller-admin&lang=fr";
        for role in [Role::Engineer, Role::Support, Role::Auditor] {
            let cookie = site.sign_in(role).await;
            assert_eq!(site.post(&people, &cookie, fields).await.status(), StatusCode::FORBIDDEN, "{role:?}");
        }
        let dpo = site.sign_in(Role::Dpo).await;
        let refused = site.post(&people, &dpo, "name=L&email=l@brume.example&role=owner&lang=fr").await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "nobody of the house comes in this way");
        assert_eq!(site.post(&people, &dpo, fields).await.status(), StatusCode::OK, "the link is handed over by hand");
        let letters = notices::store::list(&mut site.house.store().read()).await.expect("readable");
        let letter = letters.iter().find(|letter| letter.letter == "account.invitation").expect("a letter");
        assert_eq!(letter.controller, None, "an invitation is no letter to the controller");
        let path = path_of(&secret_of(site, letter).await);
        assert!(site.page(&path, "").await.1.contains("Brume"), "for whom");
        let answer = site.send(form(&path, "", &format!("new={NEW}&again={NEW}"))).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        let cookie = cookie_of(&answer);
        assert_eq!(location(&site.send(get(location(&answer), &cookie)).await), "/client");
        let (status, home) = site.page("/client", &cookie).await;
        assert_eq!(status, StatusCode::OK);
        assert!(home.contains("Brume") && home.contains("/client/people") && !home.contains("href=\"/duties\""));
        for next in ["/", "//evil.example", "https://evil.example/", "/%5Cevil.example", ""] {
            let body = format!("email=lea@brume.example&password={NEW}&next={next}");
            let answer = site.send(form("/sign-in", "", &body)).await;
            let cookie = cookie_of(&answer);
            let landed = site.send(get("/", &cookie)).await;
            assert!(location(&answer).starts_with('/') && !location(&answer).starts_with("//"), "{next}");
            assert_eq!(location(&landed), "/client");
        }
        for path in ["/account", "/account/factors", "/account/tokens/new"] {
            let (status, page) = site.page(path, &cookie).await;
            assert_eq!(status, StatusCode::OK, "{path}");
            assert!(page.contains("/client/requests") && !page.contains("href=\"/requests\""), "{path}");
        }
        alike(site).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_looks_after_their_own_people_and_learns_of_nobody_else() {
    for kind in BOTH {
        let mut two = two(kind).await;
        let cookie = two.site.sign_in(ADMIN).await;
        let fields = "name=Max&email=max@brume.example&role=controller-member&lang=en";
        let refused = two.site.post("/client/people", &cookie, fields).await;
        assert_eq!(refused.status(), StatusCode::CONFLICT, "without mail a link would be shown to them");
        assert!(!text(refused).await.contains("/invitation/"));

        let app = &two.site.house.app;
        let admin = Actor::Account(two.site.id(ADMIN));
        let member = Actor::Account(two.site.id(MEMBER));
        let wanted = |email: &str, role: Role, at: Option<&ControllerId>| NewInvitation {
            email: email.into(),
            name: "Max".into(),
            role,
            controller: at.cloned(),
            lang: kernel::Lang::En,
            until: None,
        };
        let invite = async |by: &Actor, new: NewInvitation| {
            accounts::invite(app, by.clone(), new).await.map(|_| ()).map_err(|refusal| refusal.code)
        };
        let (brume, lichen) = (Some(&two.brume), Some(&two.lichen));
        assert_eq!(invite(&member, wanted("max@brume.example", MEMBER, brume)).await, Err("not-found"));
        assert_eq!(invite(&admin, wanted("max@brume.example", MEMBER, lichen)).await, Err("not-found"));
        assert_eq!(invite(&admin, wanted("max@brume.example", Role::Support, None)).await, Err("not-found"));
        assert_eq!(invite(&admin, wanted("max@brume.example", MEMBER, brume)).await, Ok(()));
        assert_eq!(invite(&admin, wanted("max@brume.example", MEMBER, brume)).await, Err("invited"));
        assert_eq!(invite(&admin, wanted(&two.site.email(MEMBER), MEMBER, brume)).await, Err("account-exists"));
        // Whom else the house knows, an administrator does not learn: the invitation goes its way, and opens nothing.
        assert_eq!(invite(&admin, wanted(&two.site.email(Role::Owner), MEMBER, brume)).await, Ok(()));
        let letters = notices::store::list(&mut two.site.house.store().read()).await.expect("readable");
        let to = two.site.email(Role::Owner);
        let letter = letters.iter().find(|letter| letter.to.as_ref() == Some(&to)).expect("a letter");
        let path = path_of(&secret_of(&two.site, letter).await);
        let answer = two.site.send(form(&path, "", &format!("new={NEW}&again={NEW}"))).await;
        assert_eq!(answer.status(), StatusCode::CONFLICT);

        let other = two.site.house.client(MEMBER, &two.brume.clone()).await;
        let Actor::Account(other) = other else { panic!("a person") };
        let theirs = two.site.sign_in(MEMBER).await;
        let act = async |id: &AccountId, what: &str| {
            two.site.post(&format!("/client/people/{id}"), &cookie, what).await.status()
        };
        assert_eq!(
            act(&two.site.id(ADMIN), "act=close&sure=yes").await,
            StatusCode::CONFLICT,
            "nobody closes themselves"
        );
        assert_eq!(act(&two.site.id(ADMIN), "act=member").await, StatusCode::CONFLICT);
        assert_eq!(act(&two.other, "act=close&sure=yes").await, StatusCode::NOT_FOUND);
        assert_eq!(act(&two.site.id(Role::Owner), "act=close&sure=yes").await, StatusCode::NOT_FOUND);
        assert_eq!(act(&other, "act=close").await, StatusCode::UNPROCESSABLE_ENTITY, "only when sure");
        assert_eq!(act(&other, "act=admin").await, StatusCode::SEE_OTHER);
        assert_eq!(
            two.site.page("/client", &theirs).await.0,
            StatusCode::SEE_OTHER,
            "the new role begins a new session"
        );
        let theirs = cookie_of(&two.site.try_password(&two.site.email(MEMBER), PASSWORD).await);
        assert_eq!(two.site.page("/client/people", &theirs).await.0, StatusCode::OK);
        assert_eq!(act(&other, "act=member").await, StatusCode::SEE_OTHER);
        let theirs = cookie_of(&two.site.try_password(&two.site.email(MEMBER), PASSWORD).await);
        assert_eq!(two.site.page("/client/people", &theirs).await.0, StatusCode::NOT_FOUND);
        assert_eq!(act(&other, "act=close&sure=yes").await, StatusCode::SEE_OTHER);
        assert_eq!(two.site.page("/client", &theirs).await.0, StatusCode::SEE_OTHER, "closed");
        assert_eq!(two.site.try_password(&two.site.email(MEMBER), PASSWORD).await.status(), StatusCode::UNAUTHORIZED);

        let waiting = accounts::invited_by(&mut two.site.house.store().read(), &two.brume).await.expect("readable");
        let max = waiting.iter().find(|one| one.email == "max@brume.example").expect("asked");
        assert_eq!(act(&max.account, "act=withdraw").await, StatusCode::SEE_OTHER);
        assert_eq!(act(&max.account, "act=withdraw").await, StatusCode::NOT_FOUND);
        alike(&two.site).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_of_a_controllers_person_is_set_anew_by_the_usual_link() {
    for kind in BOTH {
        let two = two(kind).await;
        let site = &two.site;
        let cookie = site.sign_in(MEMBER).await;
        let answer = site.send(form("/sign-in/forgotten", "", &format!("email={}", site.email(MEMBER)))).await;
        assert_eq!(answer.status(), StatusCode::OK);
        accounts::answer_forgotten(&site.house.app).await.expect("answered");
        let letters = notices::store::list(&mut site.house.store().read()).await.expect("readable");
        let letter = letters.iter().find(|letter| letter.letter == "account.password-link").expect("a letter");
        let path = path_of(&secret_of(site, letter).await);
        let answer = site.send(form(&path, "", &format!("new={NEW}&again={NEW}"))).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        assert_eq!(site.page("/client", &cookie).await.0, StatusCode::SEE_OTHER, "every session has ended");
        let cookie = cookie_of(&site.try_password(&site.email(MEMBER), NEW).await);
        assert_eq!(site.page("/client", &cookie).await.0, StatusCode::OK);
        let (_, _, cookie) = site.enrol(&cookie).await;
        assert_eq!(site.page("/client", &cookie).await.0, StatusCode::OK, "with a second factor, too");
        let half = cookie_of(&site.try_password(&site.email(MEMBER), NEW).await);
        let stopped = site.send(get("/client/requests", &half)).await;
        assert_eq!(location(&stopped), "/sign-in/factor?next=/client/requests");
        alike(site).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_controller_reads_its_agreement_and_takes_its_document() {
    for kind in BOTH {
        let two = two(kind).await;
        let cookie = two.site.sign_in(MEMBER).await;
        let (_, list) = two.site.page("/client/agreements", &cookie).await;
        let id = people::between(&list, "href=\"/client/agreements/", "\"").to_owned();
        let (status, page) = two.site.page(&format!("/client/agreements/{id}"), &cookie).await;
        assert_eq!(status, StatusCode::OK);
        assert!(page.contains("<q lang=\"en\">") && page.contains("In the words of the document"));
        assert!(page.contains("How it is kept") && page.contains("not tested"));
        let answer = two.site.send(get(&format!("/client/agreements/{id}/document"), &cookie)).await;
        let how = answer.headers()[header::CONTENT_DISPOSITION].to_str().expect("text").to_owned();
        assert!(how.starts_with("attachment; "), "{how}");
        assert_eq!(text(answer).await, AGREEMENT);
        let answer = two.site.send(get(&format!("/client/agreements/{id}/file"), &cookie)).await;
        let file = text(answer).await;
        assert!(file.contains("breach.notify"), "{file}");
        // What is only being read is nobody's but the house's.
        let import = office::agreements::Import {
            party: office::agreements::Party::Known(two.brume.clone()),
            title: "Draft".into(),
            file_name: "draft.txt".into(),
            bytes: format!("{AGREEMENT}\nA draft.").into_bytes(),
            again: false,
        };
        let dpo = Actor::Account(two.site.id(Role::Dpo));
        let draft = office::agreements::import(&two.site.house.app, dpo, import).await.expect("imported");
        assert_eq!(two.site.page(&format!("/client/agreements/{draft}"), &cookie).await.0, StatusCode::NOT_FOUND);
        assert!(!two.site.page("/client/agreements", &cookie).await.1.contains("Draft"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_controller_decides_about_a_request_and_instructs_us_for_a_person() {
    for kind in BOTH {
        let two = two(kind).await;
        let site = &two.site;
        let dpo = Actor::Account(site.id(Role::Dpo));
        let new = request_of(site, &two.brume, "grace@example.org", "my <data>");
        let id = requests::receive(&site.house.app, dpo, new).await.expect("received");
        let cookie = site.sign_in(MEMBER).await;
        assert!(site.page("/client", &cookie).await.1.contains(&format!("/client/requests/{id}")), "it waits for them");
        let (_, page) = site.page(&format!("/client/requests/{id}"), &cookie).await;
        assert!(page.contains("grace@example.org") && page.contains("my &lt;data&gt;"));
        let read = "SELECT COUNT(*) AS n FROM entries WHERE kind = 'request.read' AND record = $1";
        let row = site.house.store().read().row(read, vec![(&id).into()]).await.expect("readable").expect("a row");
        assert_eq!(row.int("n").expect("a number"), 1, "showing the address is an entry");
        let path = format!("/client/requests/{id}/instruction");
        let nothing = site.post(&path, &cookie, "decision=&note=").await;
        assert_eq!(nothing.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let done = site.post(&path, &cookie, "decision=carry-out&note=yes,+says+L%C3%A9a").await;
        assert_eq!(done.status(), StatusCode::SEE_OTHER);
        assert_eq!(site.post(&path, &cookie, "decision=carry-out&note=").await.status(), StatusCode::CONFLICT);
        let row = requests::find(&mut site.house.store().read(), &id).await.expect("readable").expect("there");
        assert_eq!((row.state, row.instruction.as_deref()), (requests::State::Instructed, Some("yes, says Léa")));
        let back = site.post(&path, &cookie, "decision=refuse&note=a+mistake").await;
        assert_eq!(back.status(), StatusCode::SEE_OTHER, "before anything is done it can be taken back");

        for (fields, status) in [
            ("right=erasure&email=linus@example.org&note=", StatusCode::UNPROCESSABLE_ENTITY),
            ("right=erasure&email=nobody&note=please", StatusCode::UNPROCESSABLE_ENTITY),
            ("right=everything&email=linus@example.org&note=please", StatusCode::NOT_FOUND),
        ] {
            assert_eq!(site.post("/client/requests/new", &cookie, fields).await.status(), status, "{fields}");
        }
        let letters = notices::store::list(&mut site.house.store().read()).await.expect("readable").len();
        let fields = format!("right=erasure&email=linus@example.org&note=He+left.&controller={}", two.lichen);
        let answer = site.post("/client/requests/new", &cookie, &fields).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        let made = location(&answer).rsplit('/').next().expect("an id").parse().expect("an id");
        let row = requests::find(&mut site.house.store().read(), &made).await.expect("readable").expect("there");
        assert_eq!(row.controller, two.brume, "a form cannot name another controller");
        assert_eq!((row.state, row.channel.as_str()), (requests::State::Instructed, requests::CLIENT_AREA));
        assert_eq!((row.instruction.as_deref(), row.note), (Some("He left."), None));
        let after = notices::store::list(&mut site.house.store().read()).await.expect("readable").len();
        assert_eq!(after, letters, "nobody is told what they said themselves");
        let duties = office::duties::store::of_record(&mut site.house.store().read(), &two.brume, made.as_str()).await;
        let duties = duties.expect("readable");
        assert!(!duties.is_empty() && duties.iter().all(|duty| duty.promise != "requests.forward"), "{duties:?}");
        let again = site.post("/client/requests/new", &cookie, &fields).await;
        assert_eq!(again.status(), StatusCode::CONFLICT, "the same request is open");
        let dpo = site.sign_in(Role::Dpo).await;
        let (_, page) = site.page(&format!("/requests/{made}"), &dpo).await;
        assert!(page.contains("client area") && page.contains("He left."), "the house sees where it came from");
        requests::plan(site.house.store(), site.now(), Actor::Account(site.id(Role::Engineer)), &made)
            .await
            .expect("planned");
        alike(site).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_controllers_log_is_taken_out_alone_and_verifies() {
    for kind in BOTH {
        let two = two(kind).await;
        let site = &two.site;
        let cookie = site.sign_in(MEMBER).await;
        let (status, key) = site.page("/client/proof/key", &cookie).await;
        assert_eq!(status, StatusCode::OK);
        let answer = site.send(get("/client/proof/export", &cookie)).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let export = text(answer).await;
        let report = verify_export(export.as_bytes(), key.trim()).unwrap_or_else(|faults| panic!("{faults:?}"));
        assert_eq!(report.logs.len(), 1, "its own log and no other");
        assert!(export.contains(two.brume.as_str()) && !export.contains(two.lichen.as_str()));
        assert!(!export.contains("@example.org"), "no personal value");
        let (_, page) = site.page("/client/proof", &cookie).await;
        let receipt = people::between(&page, "href=\"/client/proof/01", "\"").to_owned();
        let (status, receipt) = site.page(&format!("/client/proof/01{receipt}"), &cookie).await;
        assert_eq!(status, StatusCode::OK);
        verify_receipt(&receipt, key.trim()).unwrap_or_else(|fault| panic!("{fault:?}"));
        site.house.advance(20 * 60);
        let answer = site.send(get("/client/proof/export", &cookie)).await;
        assert!(location(&answer).starts_with("/sign-in/again"), "taking it out asks who is there");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_is_opened_by_a_button_once_and_from_then_on_they_have_it() {
    for kind in BOTH {
        let two = two(kind).await;
        let site = &two.site;
        let cookie = site.sign_in(MEMBER).await;
        let (_, list) = site.page("/client/notices", &cookie).await;
        let id = people::between(&list, "href=\"/client/notices/", "\"").to_owned();
        let path = format!("/client/notices/{id}");
        let opened = async || {
            let sql = "SELECT COUNT(*) AS n FROM entries WHERE kind = 'notice.opened' AND record = $1";
            let row = site.house.store().read().row(sql, vec![id.as_str().into()]).await.expect("readable");
            row.expect("a row").int("n").expect("a number")
        };
        for _ in 0..2 {
            let (status, page) = site.page(&path, &cookie).await;
            assert_eq!(status, StatusCode::OK);
            assert!(!page.contains("ada@example.org"), "its words are not shown before");
        }
        assert_eq!(opened().await, 0, "a mail scanner or a browser that looks ahead opens nothing");
        assert_eq!(
            site.send(form(&format!("{path}/open"), &cookie, "csrf=wrong")).await.status(),
            StatusCode::FORBIDDEN
        );
        let at = site.now();
        assert_eq!(site.post(&format!("{path}/open"), &cookie, "").await.status(), StatusCode::SEE_OTHER);
        site.house.advance(60);
        assert_eq!(site.post(&format!("{path}/open"), &cookie, "").await.status(), StatusCode::SEE_OTHER);
        assert_eq!(opened().await, 1, "the first time counts");
        let key = id.parse().expect("an id");
        let row = notices::store::find(&mut site.house.store().read(), &key).await.expect("readable").expect("there");
        assert_eq!(row.opened_at, Some(at));
        let (_, page) = site.page(&path, &cookie).await;
        assert!(page.contains("ada@example.org") && page.contains("/client/requests/"), "{page}");
        let read = one(&site.house, "SELECT record AS id FROM entries WHERE kind = 'notice.read' LIMIT 1").await;
        assert_eq!(read, id, "who reads of a person is an entry");
        alike(site).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_the_house_held_back_is_not_there() {
    let two = two(Kind::Sqlite).await;
    let cookie = two.site.sign_in(MEMBER).await;
    let (_, list) = two.site.page("/client/notices", &cookie).await;
    let id = people::between(&list, "href=\"/client/notices/", "\"").to_owned();
    let (app, key) = (&two.site.house.app, id.parse().expect("an id"));
    let dpo = Actor::Account(two.site.id(Role::Dpo));
    notices::stop(app, dpo, &key, "told on the telephone").await.expect("stopped");
    assert_eq!(two.site.page(&format!("/client/notices/{id}"), &cookie).await.0, StatusCode::NOT_FOUND);
    assert_eq!(two.site.post(&format!("/client/notices/{id}/open"), &cookie, "").await.status(), StatusCode::NOT_FOUND);
    assert!(!two.site.page("/client/notices", &cookie).await.1.contains(&id));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_controllers_program_does_what_its_people_do_and_chooses_nobody() {
    for kind in BOTH {
        let two = two(kind).await;
        assert!(!POLICY.grantable(ADMIN).contains(&"client.people"), "people are chosen by people");
        let token = two.token(ADMIN).await;
        let get = async |path: &str| {
            let (status, said) = two.call("GET", &format!("/api/v1/client{path}"), &token, "").await;
            assert_eq!(status, StatusCode::OK, "{path}: {said}");
            said
        };
        let json = async |path: &str| -> serde_json::Value { serde_json::from_str(&get(path).await).expect("JSON") };
        let me = json("").await;
        assert_eq!((me["controller_name"].as_str(), me["role"].as_str()), (Some("Brume"), Some("controller-admin")));
        let agreement = json("/agreements").await[0]["id"].as_str().expect("an id").to_owned();
        assert!(json(&format!("/agreements/{agreement}")).await["file"].as_str().expect("TOML").contains("breach"));
        assert_eq!(get(&format!("/agreements/{agreement}/document")).await, AGREEMENT);

        let letter = json("/notices").await["items"][0]["id"].as_str().expect("an id").to_owned();
        assert!(json(&format!("/notices/{letter}")).await["body"].is_null(), "not before it is opened");
        let post =
            async |path: &str, body: &str| two.call("POST", &format!("/api/v1/client{path}"), &token, body).await;
        assert_eq!(post(&format!("/notices/{letter}/open"), "").await.0, StatusCode::NO_CONTENT);
        let letter = json(&format!("/notices/{letter}")).await;
        assert!(letter["body"].as_str().is_some() && letter["opened_at"].as_str().is_some());

        let wanted = r#"{"right":"access","email":"ken@example.org","instruction":"He asks for a copy."}"#;
        let (status, made) = post("/requests", wanted).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        let id: String = serde_json::from_str(&made).expect("an id");
        let request = json(&format!("/requests/{id}")).await;
        assert_eq!((request["state"].as_str(), request["channel"].as_str()), (Some("instructed"), Some("client-area")));
        let back = post(&format!("/requests/{id}/instruction"), r#"{"carry_out":false,"note":"settled"}"#).await;
        assert_eq!(back.0, StatusCode::NO_CONTENT);
        let listed = json("/requests").await;
        let states: Vec<&str> =
            listed["items"].as_array().expect("a list").iter().filter_map(|one| one["state"].as_str()).collect();
        assert!(states.contains(&"refused"), "{states:?}");

        let log = json("/proof").await;
        let key = log["key"].as_str().expect("a key");
        verify_export(get("/proof/export").await.as_bytes(), key).unwrap_or_else(|faults| panic!("{faults:?}"));
        let entry = json("/proof/entries").await["items"][0]["id"].as_str().expect("an id").to_owned();
        let receipt = get(&format!("/proof/entries/{entry}/receipt")).await;
        verify_receipt(&receipt, key).unwrap_or_else(|fault| panic!("{fault:?}"));

        let owner = Actor::Account(two.site.id(Role::Owner));
        accounts::change(&two.site.house.app, owner, &two.site.id(ADMIN), Change::Close).await.expect("closed");
        let (status, _) = two.call("GET", "/api/v1/client", &token, "").await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "a closed account's token ends with it");
        alike(&two.site).await;
    }
}
