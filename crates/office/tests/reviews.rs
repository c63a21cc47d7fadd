//! Reviews of rights: everybody is looked at by somebody else, and the duty stays open until they are.

mod common;
#[path = "common/site.rs"]
mod site;

use axum::http::StatusCode;
use common::{BOTH, House, Kind};
use kernel::{AccountId, Actor, ReviewId};
use office::accounts::{self, Change, NewToken};
use office::duties::{self, store::Duty};
use office::reviews::{self, Asked, Verdict};
use site::{Site, form, site};
use web::Role;

struct Desk {
    house: House,
    owner: Actor,
    dpo: Actor,
    support: AccountId,
}

impl Desk {
    /// A house with three people, a token, and the duty of the programme.
    async fn new(kind: Kind) -> Self {
        let mut house = House::new(kind).await;
        let (owner, dpo) = (house.person(Role::Owner).await, house.person(Role::Dpo).await);
        let support = house.person(Role::Support).await.account().expect("a person").clone();
        let review = duties::presets().into_iter().find(|one| one.key == reviews::DUTY).expect("proposed");
        duties::set_programme(&house.app, dpo.clone(), review).await.expect("set");
        let desk = Self { house, owner, dpo, support };
        desk.token(&["requests.read", "requests.log"]).await;
        desk
    }

    async fn token(&self, permissions: &[&str]) {
        let permissions = permissions.iter().map(|one| (*one).to_owned()).collect();
        let new = NewToken { label: "ticket tool".into(), permissions, days: 90 };
        accounts::make_token(&self.house.app, &self.support, new).await.expect("a token");
    }

    async fn standing(&self) -> reviews::Standing {
        reviews::standing(&mut self.house.store().read(), self.house.app.now()).await.expect("readable")
    }

    async fn undecided(&self) -> usize {
        self.standing().await.undecided().len()
    }

    /// A right of somebody's as it stands: their role, or their token.
    async fn right(&self, account: &AccountId, token: bool) -> Asked {
        let standing = self.standing().await;
        let held = standing.held.into_iter().find(|held| held.account == *account && held.token.is_some() == token);
        let held = held.expect("a right");
        Asked { account: held.account, token: held.token, seen: held.held }
    }

    async fn duties(&self) -> Vec<Duty> {
        let all = duties::Wanted::default();
        let open = duties::open_duties(&mut self.house.store().read(), &all, 1000).await.expect("duties");
        open.into_iter().map(|one| one.duty).filter(|duty| duty.promise == reviews::DUTY).collect()
    }

    async fn alike(&self) {
        let replay = self.house.store().replay(self.house.app.now(), false).await.expect("replayed");
        assert!(replay.different.is_empty(), "{:?}", replay.different);
    }
}

fn code<T>(done: Result<T, office::Refusal>) -> &'static str {
    done.err().map_or("done", |refusal| refusal.code)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_is_finished_when_a_second_person_decided_on_the_first_and_discharges_its_duty() {
    for kind in BOTH {
        let desk = Desk::new(kind).await;
        let app = &desk.house.app;
        let due = desk.duties().await.pop().expect("its clock runs");
        let words = duties::act(app, desk.dpo.clone(), &due.id, duties::Command::Discharge("evidenced".into())).await;
        assert_eq!(code(words), "done-elsewhere", "words do not show a review");
        assert_eq!(code(reviews::finish(app, desk.owner.clone()).await), "no-review");
        let id = reviews::begin(app, desk.owner.clone()).await.expect("begun");
        assert_eq!(code(reviews::begin(app, desk.dpo.clone()).await), "review-runs");
        assert_eq!(desk.undecided().await, 4, "three people and a token");
        let [owner, dpo] = [&desk.owner, &desk.dpo].map(|actor| actor.account().expect("a person").clone());
        let mine = desk.right(&owner, false).await;
        assert_eq!(
            code(reviews::confirm(app, desk.owner.clone(), std::slice::from_ref(&mine), "").await),
            "own-access"
        );
        assert_eq!(code(reviews::revoke(app, desk.owner.clone(), &mine, "x").await), "own-access");
        let token = desk.right(&desk.support, true).await;
        let other = Asked { seen: "requests.read".into(), ..token.clone() };
        assert_eq!(code(reviews::confirm(app, desk.owner.clone(), &[other], "").await), "access-changed");
        assert_eq!(code(reviews::revoke(app, desk.dpo.clone(), &token, "x").await), "owner-only");
        assert_eq!(code(reviews::revoke(app, desk.owner.clone(), &token, " ").await), "reason");
        reviews::revoke(app, desk.owner.clone(), &token, "the tool is gone").await.expect("revoked");
        let held = accounts::tokens(&mut desk.house.store().read(), &desk.support).await.expect("readable");
        assert_eq!(held.len(), 0, "it opens nothing any more");
        let shown = desk.standing().await.fingerprint(&owner);
        assert_eq!(code(reviews::confirm_rest(app, desk.owner.clone(), &shown, "").await), "reason");
        assert_eq!(code(reviews::confirm_rest(app, desk.owner.clone(), "other", "as before").await), "access-changed");
        assert_eq!(reviews::confirm_rest(app, desk.owner.clone(), &shown, "as before").await.expect("confirmed"), 2);
        let shown = desk.standing().await.fingerprint(&owner);
        assert_eq!(code(reviews::confirm_rest(app, desk.owner.clone(), &shown, "again").await), "access-decided");
        assert_eq!(
            code(reviews::finish(app, desk.owner.clone()).await),
            "review-unfinished",
            "nobody looked at the owner"
        );
        assert_eq!(desk.duties().await[0].id, due.id, "so the duty stays open");
        let theirs = desk.right(&owner, false).await;
        reviews::confirm(app, desk.dpo.clone(), &[theirs], "").await.expect("a second person");
        assert_eq!(reviews::finish(app, desk.owner.clone()).await.expect("finished"), id);
        let done =
            duties::store::find(&mut desk.house.store().read(), &due.id).await.expect("readable").expect("there");
        assert_eq!((done.state.as_str(), done.evidence), ("discharged", Some(format!("access-review:{id}"))));
        assert!(duties::programme_done(app, reviews::DUTY).await.expect("readable").is_some());
        assert_ne!(desk.duties().await.pop().expect("the next clock runs").id, due.id);
        evidence(&desk, &id, &owner, &dpo).await;
        desk.alike().await;
    }
}

/// Who was reviewed, by whom, what was decided, and why; the why is in no leaf.
async fn evidence(desk: &Desk, id: &ReviewId, owner: &AccountId, dpo: &AccountId) {
    let all = reviews::decisions(&mut desk.house.store().read(), id).await.expect("readable");
    assert_eq!(all.len(), 4);
    let told = |account: &AccountId, token: bool| {
        let one = all.iter().find(|one| one.account == *account && one.token.is_some() == token).expect("decided");
        (one.verdict, one.by.clone().expect("somebody"), one.reason.clone())
    };
    assert_eq!(told(owner, false), (Verdict::Confirmed, dpo.clone(), None));
    assert_eq!(told(dpo, false), (Verdict::Confirmed, owner.clone(), Some("as before".into())));
    assert_eq!(told(&desk.support, true), (Verdict::Revoked, owner.clone(), Some("the tool is gone".into())));
    let review = reviews::find(&mut desk.house.store().read(), id).await.expect("readable").expect("there");
    assert_eq!((review.confirmed, review.revoked, review.finished_by.as_ref()), (3, 1, Some(owner)));
    for row in desk.house.store().read().rows("SELECT leaf FROM entries", vec![]).await.expect("readable") {
        let leaf = String::from_utf8_lossy(&row.bytes("leaf").expect("bytes")).into_owned();
        assert!(!leaf.contains("the tool is gone") && !leaf.contains("as before"), "{leaf}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_after_it_was_confirmed_is_looked_at_again() {
    for kind in BOTH {
        let mut desk = Desk::new(kind).await;
        let app = desk.house.app.clone();
        reviews::begin(&app, desk.dpo.clone()).await.expect("begun");
        let support = desk.support.clone();
        let owner = desk.owner.account().expect("a person").clone();
        let rest = async |desk: &Desk, actor: &Actor| {
            let shown = desk.standing().await.fingerprint(actor.account().expect("a person"));
            code(reviews::confirm_rest(&app, actor.clone(), &shown, "as before").await)
        };
        assert_eq!((rest(&desk, &desk.dpo).await, rest(&desk, &desk.owner).await), ("done", "done"));
        assert_eq!(desk.undecided().await, 0);
        accounts::change(&app, desk.owner.clone(), &support, Change::Role(Role::Engineer)).await.expect("changed");
        desk.token(&["systems.read"]).await;
        desk.house.person(Role::Auditor).await;
        assert_eq!(desk.undecided().await, 3, "a role, a token and a person that nobody looked at");
        assert_eq!(code(reviews::finish(&app, desk.dpo.clone()).await), "review-unfinished");
        let role = desk.right(&support, false).await;
        reviews::revoke(&app, desk.owner.clone(), &role, "left in May").await.expect("closed");
        let known = accounts::store::find(&mut desk.house.store().read(), &support).await.expect("readable");
        assert!(known.is_none(), "the account is closed, by the entry that closes accounts");
        assert_eq!(desk.undecided().await, 1, "its tokens went with it");
        let gone = reviews::confirm(&app, desk.owner.clone(), &[role], "").await;
        assert_eq!(code(gone), "not-found");
        assert_eq!(rest(&desk, &desk.owner).await, "done");
        // A token that ends by itself needs no decision.
        desk.house.advance(91 * 86_400);
        reviews::finish(&app, desk.dpo.clone()).await.expect("finished");
        let system = reviews::begin(&app, desk.dpo.clone()).await.expect("another one");
        assert_eq!(code(reviews::finish(&app, Actor::system("test")).await), "not-found", "only people review");
        let _ = (system, owner);
        desk.alike().await;
    }
}

async fn post(site: &Site, cookie: &str, path: &str, body: &str) -> StatusCode {
    let csrf = site.csrf(cookie).await;
    site.send(form(path, cookie, &format!("csrf={csrf}&{body}"))).await.status()
}

fn value(page: &str, name: &str) -> String {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).expect("a hidden field");
    rest.split('"').next().expect("a value").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_is_done_on_its_pages_by_two_people() {
    for kind in BOTH {
        let site = site(kind).await;
        let (owner, dpo) = (site.sign_in(Role::Owner).await, site.sign_in(Role::Dpo).await);
        let (_, page) = site.page("/access/review", &owner).await;
        assert!(page.contains("A second person decides on your own.") && page.contains("0 / "), "{page}");
        let shown = value(&page, "shown");
        let nothing = site.send(form("/access/review/rest", &owner, &format!("shown={shown}&reason=x"))).await.status();
        assert_eq!(nothing, StatusCode::FORBIDDEN, "no proof that it came from the page");
        assert_eq!(post(&site, &owner, "/access/review/finish", "").await, StatusCode::CONFLICT);
        let support = site.sign_in(Role::Support).await;
        for path in ["/access/review", "/access/review/rest", "/access/review/finish", "/access/review/confirm"] {
            assert_eq!(post(&site, &support, path, "").await, StatusCode::FORBIDDEN, "{path}");
        }
        assert_eq!(site.page("/access/review", &support).await.0, StatusCode::FORBIDDEN);
        let auditor = site.sign_in(Role::Auditor).await;
        let (status, seen) = site.page("/access/review", &auditor).await;
        assert!(status == StatusCode::OK && !seen.contains("/access/review/confirm"), "auditors read");
        let rest = format!("shown={shown}&reason=as+before");
        assert_eq!(post(&site, &owner, "/access/review/rest", &rest).await, StatusCode::SEE_OTHER);
        let (_, page) = site.page("/access/review", &owner).await;
        assert!(page.contains("What is left is your own."), "{page}");
        let (_, page) = site.page("/access/review", &dpo).await;
        let one = format!("account={}&token=&seen={}", value(&page, "account"), value(&page, "seen"));
        let mut undecided = page.matches("undecided").count();
        assert!(undecided > 0);
        while undecided > 0 {
            let (_, page) = site.page("/access/review", &dpo).await;
            undecided = page.matches(">undecided<").count();
            if undecided > 0 {
                let rest = format!("shown={}&reason=looked", value(&page, "shown"));
                assert_eq!(post(&site, &dpo, "/access/review/rest", &rest).await, StatusCode::SEE_OTHER);
            }
        }
        assert_eq!(post(&site, &dpo, "/access/review/revoke", &format!("{one}&reason=x")).await, StatusCode::FORBIDDEN);
        assert_eq!(post(&site, &dpo, "/access/review/finish", "").await, StatusCode::SEE_OTHER);
        let (_, page) = site.page("/access/review", &dpo).await;
        assert!(page.contains("No review runs.") && page.contains("/access/review/01"), "{page}");
        let (_, page) = site.page(&site.path("/access/review/{id}"), &auditor).await;
        assert!(page.contains("as before") && page.contains("owner 1"), "who, by whom, what, why: {page}");
        let replay = site.house.store().replay(site.house.app.now(), false).await.expect("replayed");
        assert!(replay.different.is_empty(), "{:?}", replay.different);
    }
}
