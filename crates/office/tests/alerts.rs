//! Unusual reading: who is told of it, once, and who may say that it was looked into.

mod common;
#[path = "common/people.rs"]
#[expect(dead_code, reason = "each test file uses its own part of it")]
mod people;
#[path = "common/site.rs"]
#[expect(dead_code, reason = "each test file uses its own part of it")]
mod site;

use axum::http::StatusCode;
use common::BOTH;
use kernel::{Actor, ControllerId};
use office::requests::{self, NewRequest, Right};
use office::{alerts, duties};
use people::alike;
use site::{Site, one, site};
use web::Role;

impl Site {
    /// The alerts so far, as `why role` of each duty they started.
    async fn told(&self) -> Vec<String> {
        let open = duties::open_duties(&mut self.house.store().read(), &duties::Wanted::default(), 200).await;
        let open = open.expect("readable").into_iter().map(|one| one.duty);
        let mut told: Vec<String> = open
            .filter(|duty| duty.mode == "alert")
            .map(|duty| {
                let why = ["many", "night", "network", "often"].into_iter().find(|word| duty.title[0].contains(word));
                format!("{} {}", why.expect("a reason"), duty.role.word())
            })
            .collect();
        told.sort();
        told
    }

    async fn request(&self, number: usize) -> requests::RequestRow {
        let controller: ControllerId =
            one(&self.house, "SELECT controller AS id FROM requests").await.parse().expect("an id");
        let new = NewRequest {
            controller,
            right: Right::Access,
            email: format!("person{number}@example.org"),
            note: String::new(),
            channel: "phone".into(),
            received_at: self.now(),
        };
        let by = Actor::Account(self.id(Role::Owner));
        let id = requests::receive(&self.house.app, by, new).await.expect("received");
        requests::find(&mut self.house.store().read(), &id).await.expect("readable").expect("there")
    }

    async fn reads(&self, role: Role, row: &requests::RequestRow) {
        let by = Actor::Account(self.id(role));
        requests::record_reading(&self.house.app, row, &by).await.expect("recorded");
    }

    /// The hour of the house's place from now on.
    fn at_hour(&self, hour: i8) {
        let local = self.now().to_zoned(self.house.app.place().zone());
        let ahead = (i64::from(hour) - i64::from(local.hour())).rem_euclid(24);
        self.house.advance(ahead * 3600);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_persons_in_a_day_are_told_once_and_not_to_the_reader() {
    for kind in BOTH {
        let site = site(kind).await;
        site.at_hour(10);
        let mut rows = Vec::new();
        for number in 0..41 {
            rows.push(site.request(number).await);
        }
        for row in &rows[..39] {
            site.reads(Role::Dpo, row).await;
        }
        assert_eq!(site.told().await, [""; 0]);
        site.reads(Role::Dpo, &rows[39]).await;
        site.reads(Role::Dpo, &rows[40]).await;
        assert_eq!(site.told().await, ["many owner"], "once, and an owner looks into what the privacy officer read");
        let duty = one(&site.house, "SELECT id FROM duties WHERE mode = 'alert'").await;
        let path = format!("/duties/{duty}/done");
        let own = site.post(&path, &site.sign_in(Role::Dpo).await, "evidence=It+was+me").await;
        assert_eq!(own.status(), StatusCode::FORBIDDEN, "nobody looks into their own reading");
        let other = site.post(&path, &site.sign_in(Role::Owner).await, "evidence=A+campaign").await;
        assert_eq!(other.status(), StatusCode::SEE_OTHER);
        assert_eq!(site.told().await, [""; 0]);
        alike(&site).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_at_night_and_from_a_new_network_is_told() {
    for kind in BOTH {
        let site = site(kind).await;
        site.at_hour(10);
        let row = site.request(1).await;
        site.sign_in(Role::Support).await;
        let moved = async |network: &'static str| {
            let mut tx = site.house.store().begin(site.now(), Actor::system("test")).await.expect("a transaction");
            let sql = "UPDATE sessions SET network = $1, seen_at = $2";
            tx.execute(sql, vec![network.into(), site.now().into()]).await.expect("changed");
            tx.commit().await.expect("committed");
        };
        moved("192.0.2.0/24").await;
        site.reads(Role::Support, &row).await;
        assert_eq!(site.told().await, [""; 0], "the first network is nobody's news");
        site.house.advance(86_400);
        moved("198.51.100.0/24").await;
        site.reads(Role::Support, &row).await;
        assert_eq!(site.told().await, ["network dpo"]);
        site.at_hour(23);
        site.house.advance(86_400);
        moved("192.0.2.0/24").await;
        site.reads(Role::Support, &row).await;
        assert_eq!(site.told().await, ["network dpo", "night dpo"]);
        alike(&site).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn often_denied_is_told_though_nothing_was_read() {
    for kind in BOTH {
        let site = site(kind).await;
        let cookie = site.sign_in(Role::Support).await;
        for _ in 0..9 {
            assert_eq!(site.page("/accounts", &cookie).await.0, StatusCode::FORBIDDEN);
        }
        alerts::scan(&site.house.app).await.expect("scanned");
        assert_eq!(site.told().await, [""; 0]);
        site.page("/accounts", &cookie).await;
        for _ in 0..2 {
            alerts::scan(&site.house.app).await.expect("scanned");
            assert_eq!(site.told().await, ["often dpo"], "once a day");
        }
        site.house.advance(2 * 86_400);
        alerts::scan(&site.house.app).await.expect("scanned");
        let kept = one(&site.house, "SELECT CAST(COUNT(*) AS TEXT) AS id FROM denials").await;
        assert_eq!(kept, "0", "counts are forgotten");
        alike(&site).await;
    }
}
