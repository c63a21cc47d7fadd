//! Finding anything, keeping views of lists, and what is done to several rows at once and taken back.

mod common;
#[path = "common/people.rs"]
#[expect(dead_code, reason = "each test file uses its own part of it")]
mod people;
#[path = "common/site.rs"]
#[expect(dead_code, reason = "each test file uses its own part of it")]
mod site;

use axum::http::StatusCode;
use common::{AGREEMENT_FR, BOTH};
use people::{alike, location, text};
use site::{Site, one, site};
use web::Role;

impl Site {
    async fn search(&self, cookie: &str, words: &str) -> String {
        let (status, page) = self.page(&format!("/search?lang=en&q={words}"), cookie).await;
        assert_eq!(status, StatusCode::OK);
        page
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn anything_is_found_by_those_who_may_read_it() {
    for kind in BOTH {
        let site = site(kind).await;
        let owner = kernel::Actor::Account(site.id(Role::Owner));
        site.house.agreement(&owner, "Élan", AGREEMENT_FR).await;
        let cookie = site.sign_in(Role::Dpo).await;
        let request = one(&site.house, "SELECT id AS id FROM requests").await;
        for (words, found) in [
            ("elan", "Élan"),
            ("DPA%20E", "DPA Élan"),
            (&request, &request[16..]),
            (&request[16..], &request[16..]),
            ("calendars", "/calendars"),
        ] {
            let page = site.search(&cookie, words).await;
            assert!(page.contains(found), "{words}: {page}");
        }
        for words in ["%25", "_", "zzzz", "%27%20OR%201=1"] {
            let page = site.search(&cookie, words).await;
            assert!(page.contains("Nothing with these words"), "{words}: {page}");
        }
        let name = one(&site.house, "SELECT name AS id FROM accounts WHERE role = 'owner'").await;
        let name = name.split(' ').next().expect("a word");
        assert!(site.search(&cookie, name).await.contains("/accounts/"));
        let support = site.sign_in(Role::Support).await;
        assert!(!site.search(&support, name).await.contains("/accounts/"), "support reads no accounts");
        let hits = site.page("/search/hits?q=elan", &cookie).await.1;
        assert!(hits.contains("role=\"option\"") && !hits.contains("<html"), "{hits}");
    }
}

/// A person's address goes into no address of ours, and finds nothing for whom it must not.
#[tokio::test(flavor = "multi_thread")]
async fn persons_are_found_without_their_address_standing_in_ours() {
    for kind in BOTH {
        let site = site(kind).await;
        let email = one(&site.house, "SELECT email AS id FROM requests").await;
        let cookie = site.sign_in(Role::Dpo).await;
        let typed = email.to_uppercase().replace('@', "%40");
        let answer = site.post("/search", &cookie, &format!("q={typed}")).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        let next = location(&answer).to_owned();
        assert!(next.starts_with("/search?persons=") && !next.contains('@') && !next.contains("%40"), "{next}");
        let page = site.page(&next, &cookie).await.1;
        assert!(page.contains("href=\"/requests/"), "{page}");
        let auditor = site.sign_in(Role::Auditor).await;
        let answer = site.post("/search", &auditor, &format!("q={typed}")).await;
        assert_eq!(location(&answer), "/search?persons=");
        assert!(!site.page(&next, &auditor).await.1.contains("href=\"/requests/"), "nor by the ids");
        let nobody = site.post("/search", &cookie, "q=nobody%40example.org").await;
        assert!(site.page(location(&nobody), &cookie).await.1.contains("class=\"empty\""));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_is_kept_found_dropped_and_kept_again_by_its_person_alone() {
    for kind in BOTH {
        let site = site(kind).await;
        let (cookie, other) = (site.sign_in(Role::Dpo).await, site.sign_in(Role::Support).await);
        let fields = "list=/duties&query=whose%3Dmine%26evil%3D1&name=My+own";
        let kept = site.post("/views", &cookie, fields).await;
        assert_eq!(location(&kept), "/duties?whose=mine");
        for (name, status) in
            [("", StatusCode::UNPROCESSABLE_ENTITY), (&*"x".repeat(61), StatusCode::UNPROCESSABLE_ENTITY)]
        {
            let answer = site.post("/views", &cookie, &format!("list=/duties&query=whose%3Dmine&name={name}")).await;
            assert_eq!(answer.status(), status);
        }
        assert_eq!(site.post("/views", &cookie, "list=//evil.example&name=x").await.status(), StatusCode::NOT_FOUND);
        let again = site.post("/views", &cookie, fields).await;
        assert_eq!(again.status(), StatusCode::SEE_OTHER);
        assert_eq!(one(&site.house, "SELECT CAST(COUNT(*) AS TEXT) AS id FROM views").await, "1", "once");
        assert!(site.page("/duties", &cookie).await.1.contains("My own"));
        assert!(!site.page("/duties", &other).await.1.contains("My own"), "nobody else's");
        let view = one(&site.house, "SELECT id AS id FROM views").await;
        let drop = format!("/views/{view}/drop");
        assert_eq!(site.post(&drop, &other, "").await.status(), StatusCode::NOT_FOUND);
        let page = text(site.post(&drop, &cookie, "").await).await;
        assert!(page.contains("action=\"/views\"") && page.contains("value=\"whose=mine\""), "{page}");
        site.post("/views", &cookie, "list=/duties&query=whose%3Dmine&name=My+own").await;
        assert!(site.page("/views", &cookie).await.1.contains("My own"));
        alike(&site).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn several_duties_are_handed_over_at_once_and_handed_back() {
    for kind in BOTH {
        let site = site(kind).await;
        let cookie = site.sign_in(Role::Dpo).await;
        let open = office::duties::open_lines(&mut site.house.store().read(), &Default::default(), site.now(), 3).await;
        let open = open.expect("readable");
        assert!(open.len() >= 2, "there are duties to hand over");
        let (dpo, owner) = (site.id(Role::Dpo), site.id(Role::Owner));
        site.post(&format!("/duties/{}/owner", open[0].id), &cookie, &format!("owner={owner}")).await;
        let owned = "SELECT CAST(COUNT(*) AS TEXT) AS id FROM duties WHERE owner IS NOT NULL";
        let fields: String = open.iter().map(|duty| format!("&pick-{}=on", duty.id)).collect();
        let answer = site.post("/duties/several/owner", &cookie, &format!("owner={dpo}{fields}")).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let page = text(answer).await;
        assert_eq!(one(&site.house, owned).await, open.len().to_string());
        let back: String = open
            .iter()
            .map(|duty| {
                let name = format!("pick-{}", duty.id);
                let value = people::between(&page, &format!("name=\"{name}\" value=\""), "\"").to_owned();
                format!("&{name}={value}")
            })
            .collect();
        assert!(back.contains(&owner.to_string()), "who answered for the first is remembered: {back}");
        assert_eq!(site.post("/duties/several/back", &cookie, &back).await.status(), StatusCode::OK);
        assert_eq!(one(&site.house, owned).await, "1");
        for (fields, status) in [
            (format!("owner={dpo}"), StatusCode::UNPROCESSABLE_ENTITY),
            (format!("owner={}&pick-{}=on", site.id(Role::Auditor), open[0].id), StatusCode::NOT_FOUND),
            (format!("owner={dpo}&pick-{}=on&pick-01ks0000000000000000000009=on", open[1].id), StatusCode::NOT_FOUND),
        ] {
            assert_eq!(site.post("/duties/several/owner", &cookie, &fields).await.status(), status, "{fields}");
        }
        assert_eq!(one(&site.house, owned).await, "1", "all or none");
        alike(&site).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_are_put_aside_at_once_and_taken_up_again() {
    for kind in BOTH {
        let site = site(kind).await;
        let cookie = site.sign_in(Role::Support).await;
        let state = "SELECT state AS id FROM mails";
        let mail = one(&site.house, "SELECT id AS id FROM mails").await;
        assert!(site.page("/inbox", &cookie).await.1.contains(&format!("name=\"pick-{mail}\"")));
        let refused = site.post("/inbox/several/file", &cookie, &format!("reason=&pick-{mail}=on")).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "a reason is asked for");
        let page = text(site.post("/inbox/several/file", &cookie, &format!("reason=spam&pick-{mail}=on")).await).await;
        assert!(
            page.contains("action=\"/inbox/several/reopen\"") && page.contains(&format!("name=\"pick-{mail}\"")),
            "{page}"
        );
        assert_eq!(one(&site.house, state).await, "filed");
        assert_eq!(
            site.post("/inbox/several/reopen", &cookie, &format!("pick-{mail}=on")).await.status(),
            StatusCode::OK
        );
        assert_eq!(one(&site.house, state).await, "waiting");
        let again = site.post("/inbox/several/reopen", &cookie, &format!("pick-{mail}=on")).await;
        assert_eq!(again.status(), StatusCode::CONFLICT);
    }
}
