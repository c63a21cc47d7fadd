//! Who is told while people are away, the month, and the feed a calendar program reads.

mod common;
#[path = "common/site.rs"]
#[expect(dead_code, reason = "each test file uses its own part of the site")]
mod site;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use common::{BOTH, Kind};
use kernel::{AccountId, Actor, Date};
use office::absences::{self, NewAbsence};
use office::duties::{self, Command};
use office::{diary, notices};
use site::{Site, form, get, site};
use std::collections::BTreeSet;
use web::Role;

const DAY: i64 = 86_400;

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

impl Site {
    fn account(&self, role: Role, nth: usize) -> AccountId {
        let mut of_role = self.house.people.iter().filter(|(known, ..)| *known == role);
        of_role.nth(nth).expect("a person").1.clone()
    }

    async fn away(&self, who: &AccountId, until: &str, deputy: Option<&AccountId>) {
        let (from, until) = (day("2026-11-23"), day(until));
        let new = NewAbsence { account: who.clone(), from, until, deputy: deputy.cloned() };
        absences::note(&self.house.app, Actor::Account(who.clone()), new).await.expect("noted");
    }

    /// Who got a letter of this kind.
    async fn told(&self, kind: &str) -> BTreeSet<String> {
        let all = notices::store::list(&mut self.house.store().read()).await.expect("readable");
        all.into_iter().filter(|letter| letter.letter == kind).filter_map(|letter| letter.to).collect()
    }

    fn email(&self, account: &AccountId) -> String {
        self.house.people.iter().find(|(_, id, _)| id == account).expect("a person").2.clone()
    }

    async fn alike(&self) {
        let replay = self.house.store().replay(self.house.app.now(), false).await.expect("replayed");
        assert!(replay.different.is_empty(), "{:?}", replay.different);
    }

    async fn feed(&self, path: &str, tag: Option<&str>) -> (StatusCode, Option<String>, String) {
        let mut request = Request::get(path);
        if let Some(tag) = tag {
            request = request.header(header::IF_NONE_MATCH, tag);
        }
        let answer = self.send(request.body(Body::empty()).expect("a request")).await;
        let tag = answer.headers().get(header::ETAG).map(|tag| tag.to_str().expect("text").to_owned());
        let status = answer.status();
        let bytes = to_bytes(answer.into_body(), 1 << 20).await.expect("a body");
        (status, tag, String::from_utf8_lossy(&bytes).into_owned())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_away_is_not_told_who_stands_in_is_and_a_circle_ends_at_the_owners() {
    for kind in BOTH {
        let site = site(kind).await;
        let [dpo, other] = [site.account(Role::Dpo, 0), site.account(Role::Dpo, 1)];
        let [owner, support] = [site.account(Role::Owner, 0), site.account(Role::Support, 0)];
        site.away(&dpo, "2027-06-30", Some(&support)).await;
        site.house.advance(40 * DAY);
        while duties::scan(&site.house.app).await.expect("scanned") > 0 {}
        let told = &site.told("duty.late").await | &site.told("duty.missed").await;
        assert!(!told.contains(&site.email(&dpo)), "who is away is not told: {told:?}");
        for there in [&support, &other, &owner] {
            assert!(told.contains(&site.email(there)), "{told:?}");
        }
        // The daily list goes to both, and the deputy's says for whom.
        site.house.advance(2 * DAY);
        while duties::send_digests(&site.house.app).await.expect("sent") == 0 {
            site.house.advance(3600 * 3);
        }
        let lists = site.told("duty.digest").await;
        assert!(lists.contains(&site.email(&dpo)) && lists.contains(&site.email(&support)), "{lists:?}");
        let all = notices::store::list(&mut site.house.store().read()).await.expect("readable");
        let body = all
            .iter()
            .find(|one| one.letter == "duty.digest" && one.to.as_deref() == Some(&site.email(&support)))
            .and_then(|letter| letter.body.clone());
        assert!(body.as_deref().is_some_and(|body| body.contains("[for dpo 0]")), "{body:?}");
        let cookie = site.sign_in(Role::Support).await;
        let (status, page) = site.page(&format!("/duties?whose={dpo}"), &cookie).await;
        assert!(status.is_success() && page.contains("I stand in for dpo 0") && page.contains("/duties/01"), "{page}");
        site.alike().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_notes_the_absence_of_another_but_an_owner() {
    let site = site(Kind::Sqlite).await;
    let [owner, dpo, support] =
        [site.account(Role::Owner, 0), site.account(Role::Dpo, 0), site.account(Role::Support, 0)];
    let new = |account: &AccountId, deputy: &AccountId| NewAbsence {
        account: account.clone(),
        from: day("2026-12-01"),
        until: day("2026-12-02"),
        deputy: Some(deputy.clone()),
    };
    let app = &site.house.app;
    let by = |id: &AccountId| Actor::Account(id.clone());
    let refused = absences::note(app, by(&support), new(&dpo, &support)).await;
    assert_eq!(refused.map_err(|refusal| refusal.code), Err("not-found"));
    let auditor = site.account(Role::Auditor, 0);
    let refused = absences::note(app, by(&dpo), new(&dpo, &auditor)).await;
    assert_eq!(refused.map_err(|refusal| refusal.code), Err("absence-deputy"));
    let noted = absences::note(app, by(&owner), new(&dpo, &support)).await.expect("an owner may");
    let refused = absences::withdraw(app, by(&support), &noted).await;
    assert_eq!(refused.map_err(|refusal| refusal.code), Err("not-found"));
    absences::withdraw(app, by(&dpo), &noted).await.expect("one's own");
    assert!(absences::all(&mut site.house.store().read()).await.expect("readable").is_empty());
    site.alike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_shows_its_duties_its_days_off_and_where_to_go() {
    for kind in BOTH {
        let site = site(kind).await;
        let cookie = site.sign_in(Role::Dpo).await;
        let (status, page) = site.page("/calendar?month=2026-11&lang=en", &cookie).await;
        assert_eq!(status, StatusCode::OK);
        for part in [
            "<h1>November 2026</h1>",
            "All Saints' Day",
            "Armistice Day",
            "month=2026-10",
            "month=2026-12",
            "aria-current=\"date\"",
            "<th scope=\"col\">Monday</th>",
            "/duties/01",
        ] {
            assert!(page.contains(part), "{part} in {page}");
        }
        let (_, empty) = site.page("/calendar?month=2031-03&whose=mine&lang=fr", &cookie).await;
        assert!(empty.contains("<h1>mars 2031</h1>") && !empty.contains("/duties/01"));
        assert_eq!(site.page("/calendar?month=nonsense", &cookie).await.0, StatusCode::OK);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_is_read_at_its_address_and_nowhere_else() {
    for kind in BOTH {
        let site = site(kind).await;
        let (app, dpo) = (&site.house.app, site.account(Role::Dpo, 0));
        let by = Actor::Account(dpo.clone());
        let token = diary::make(app, by.clone(), &dpo).await.expect("made").expose().clone();
        let path = format!("/feeds/{token}.ics");
        let (status, tag, text) = site.feed(&path, None).await;
        assert_eq!(status, StatusCode::OK);
        let tag = tag.expect("a tag");
        assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.contains("\r\nBEGIN:VEVENT\r\n"), "{text}");
        assert!(
            !text.contains("ada@") && !text.contains("Brume") && !text.contains("dpo 0"),
            "nobody is named: {text}"
        );
        assert_eq!(site.feed(&path, Some(&tag)).await.0, StatusCode::NOT_MODIFIED);
        assert_eq!(site.feed(&path, Some("\"other\"")).await.0, StatusCode::OK);
        // A duty that is done is cancelled, its number is higher, its identifier the same.
        let unfolded = text.replace("\r\n ", "");
        let open =
            unfolded.split("BEGIN:VEVENT").find(|event| event.contains("STATUS:CONFIRMED")).expect("one is open");
        let uid = open.lines().find_map(|line| line.strip_prefix("UID:")).expect("an identifier").to_owned();
        let id = uid.split('@').next().expect("an id").parse().expect("a duty");
        duties::act(app, by.clone(), &id, Command::Discharge("evidenced".into())).await.expect("done");
        let (_, newer, after) = site.feed(&path, Some(&tag)).await;
        assert_ne!(newer, Some(tag));
        let after = after.replace("\r\n ", "");
        let event = after.split("BEGIN:VEVENT").find(|event| event.contains(&uid)).expect("still there");
        assert!(
            event.contains("STATUS:CANCELLED") && event.contains("SEQUENCE:1") && !event.contains("VALARM"),
            "{event}"
        );
        // Wrong, revoked and of a closed account are alike.
        let wrong = diary::make(app, by.clone(), &dpo).await.expect("made").expose().chars().rev().collect::<String>();
        let (status, _, unknown) = site.feed(&format!("/feeds/{wrong}.ics"), None).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        let hash = vault::Token::parse(&token).expect("a token").digest().to_owned();
        diary::revoke(app, by.clone(), &dpo, &hash).await.expect("revoked");
        let (status, _, revoked) = site.feed(&path, None).await;
        let plain = |page: &str, token: &str| page.replace(token, "TOKEN");
        assert_eq!((status, plain(&revoked, &token)), (StatusCode::NOT_FOUND, plain(&unknown, &wrong)));
        let again = diary::revoke(app, by, &dpo, &hash).await;
        assert_eq!(again.map_err(|refusal| refusal.code), Err("not-found"));
        site.alike().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_feeds_is_braked_and_a_new_password_ends_them() {
    let site = site(Kind::Sqlite).await;
    let (app, dpo) = (&site.house.app, site.account(Role::Dpo, 1));
    let cookie = site.sign_in(Role::Dpo).await;
    let csrf = site.csrf(&cookie).await;
    let answer = site.send(form("/account/feed", &cookie, &format!("csrf={csrf}"))).await;
    let bytes = to_bytes(answer.into_body(), 1 << 20).await.expect("a body");
    let page = String::from_utf8_lossy(&bytes).into_owned();
    let (_, rest) = page.split_once("http://localhost/feeds/").expect("the address, once");
    let path = format!("/feeds/{}", rest.split('<').next().expect("a token"));
    let (_, later) = site.page("/account/feed", &cookie).await;
    assert!(!later.contains("/feeds/"), "shown once");
    for _ in 0..101 {
        assert_eq!(site.feed(&format!("/feeds/{}.ics", "x".repeat(40)), None).await.0, StatusCode::NOT_FOUND);
    }
    assert_eq!(site.feed(&path, None).await.0, StatusCode::NOT_FOUND, "this network has guessed too often");
    site.house.advance(16 * 60);
    assert_eq!(site.feed(&path, None).await.0, StatusCode::OK);
    let (old, new) = (common::PASSWORD.to_owned(), "harbour-lantern-orchid-77".to_owned());
    let (old, new) = (kernel::Secret::new(old), kernel::Secret::new(new));
    office::accounts::change_password(app, &dpo, old, new).await.expect("changed");
    assert_eq!(site.feed(&path, None).await.0, StatusCode::NOT_FOUND);
    assert!(diary::made_at(&mut site.house.store().read(), &dpo).await.expect("readable").is_empty());
    assert_eq!(site.send(get("/feeds/", "")).await.status(), StatusCode::NOT_FOUND);
    site.alike().await;
}
