//! A house with data on every page, asked over HTTP.

use crate::common::{AGREEMENT, Estate, House, Kind, PASSWORD};
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode, header};
use office::requests::{self, NewRequest, Right};
use office::router;
use tower::ServiceExt;
use web::Role;

pub(crate) struct Site {
    pub(crate) house: House,
    pub(crate) router: axum::Router,
    ids: Vec<(&'static str, String)>,
}

pub(crate) async fn site(kind: Kind) -> Site {
    let mut house = House::new(kind).await;
    let dpo = house.person(Role::Dpo).await;
    for role in Role::HOUSE {
        house.person(role).await;
    }
    let (agreement, controller) = house.agreement(&dpo, "Brume", AGREEMENT).await;
    for role in [Role::ControllerAdmin, Role::ControllerMember] {
        house.client(role, &controller).await;
    }
    let estate = Estate::new(Kind::Sqlite, house.dir.path()).await;
    let system = house.connect(&dpo, "shop", &estate.address).await;
    let new = NewRequest {
        controller: controller.clone(),
        right: Right::Erasure,
        email: "ada@example.org".into(),
        note: "<script>alert(1)</script>".into(),
        channel: "mail".into(),
        received_at: house.app.now(),
    };
    let request = requests::receive(&house.app, dpo.clone(), new).await.expect("received");
    requests::instruct(house.store(), house.app.now(), dpo.clone(), &request, true, "yes").await.expect("instructed");
    requests::plan(house.store(), house.app.now(), dpo.clone(), &request).await.expect("planned");
    let notice = one(&house, "SELECT id FROM notices LIMIT 1").await;
    let entry = one(&house, "SELECT id FROM entries ORDER BY seq LIMIT 1").await;
    let own = "SELECT id FROM entries WHERE kind = 'controller.registered'";
    let own_entry = one(&house, own).await;
    let duty = one(&house, "SELECT id FROM duties LIMIT 1").await;
    let mail = mail(&house).await;
    let review = office::reviews::begin(&house.app, dpo).await.expect("begun");
    let ids = vec![
        ("/client/people/", house.people[house.people.len() - 1].1.to_string()),
        ("/client/proof/", own_entry),
        ("/access/reviews/", review.to_string()),
        ("/access/review/", review.to_string()),
        ("/parties/", controller.to_string()),
        ("/duties/", duty),
        ("/inbox/", mail),
        ("/agreements/", agreement.to_string()),
        ("/systems/", system.to_string()),
        ("/requests/", request.to_string()),
        ("/notices/", notice),
        ("/parties/", controller.to_string()),
        ("/ledger/", entry),
        ("/accounts/", house.people[0].1.to_string()),
    ];
    Site { router: router(&house.app), house, ids }
}

/// A mail, as the sample of its entry has it.
async fn mail(house: &House) -> String {
    let feature = office::FEATURES.iter().find(|feature| feature.name == "inbox").expect("a feature");
    let sample = (feature.samples)().remove(0);
    let id = sample["data"]["mail"].as_str().expect("an id").to_owned();
    let mut tx = house.store().begin(house.app.now(), kernel::Actor::system("inbox")).await.expect("a transaction");
    let data = sample["data"].clone();
    tx.append(&store::Log::House, "mail.received", &id, data).await.expect("an entry");
    tx.commit().await.expect("committed");
    id
}

pub(crate) async fn one(house: &House, sql: &'static str) -> String {
    house.store().read().row(sql, vec![]).await.expect("readable").expect("a row").text("id").expect("an id")
}

impl Site {
    pub(crate) fn path(&self, pattern: &str) -> String {
        let id = self.ids.iter().find(|(start, _)| pattern.contains(start)).map_or("", |(_, id)| id);
        let account = &self.house.people[self.house.people.len() - 1].1;
        let path = pattern.replace("{id}", id).replace("{account}", account.as_str());
        let path = path.replace("{key}", "access-review").replace("{kind}", "request.forward");
        path.replace("{term}", "breach.notify_controller").replace("{contact}", "01ks0000000000000000000001")
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Response<Body> {
        self.router.clone().oneshot(request).await.expect("an answer")
    }

    pub(crate) async fn sign_in(&self, role: Role) -> String {
        let email = &self.house.people.iter().rev().find(|(known, ..)| *known == role).expect("a person").2;
        let body = format!("email={email}&password={PASSWORD}&next=/");
        let answer = self.send(form("/sign-in", "", &body)).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{role:?}");
        let cookie = answer.headers()[header::SET_COOKIE].to_str().expect("text").to_owned();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"));
        cookie.split(';').next().expect("a pair").to_owned()
    }

    pub(crate) async fn page(&self, path: &str, cookie: &str) -> (StatusCode, String) {
        let answer = self.send(get(path, cookie)).await;
        let status = answer.status();
        let bytes = to_bytes(answer.into_body(), 10 << 20).await.expect("a body");
        (status, String::from_utf8_lossy(&bytes).into_owned())
    }

    pub(crate) async fn csrf(&self, cookie: &str) -> String {
        let home = match self.page("/", cookie).await {
            (StatusCode::OK, home) => home,
            _ => self.page("/client", cookie).await.1,
        };
        let (_, rest) = home.split_once("name=\"csrf\" value=\"").expect("a token");
        rest.split('"').next().expect("a token").to_owned()
    }
}

pub(crate) fn get(path: &str, cookie: &str) -> Request<Body> {
    Request::get(path).header(header::COOKIE, cookie).body(Body::empty()).expect("a request")
}

pub(crate) fn form(path: &str, cookie: &str, body: &str) -> Request<Body> {
    Request::post(path)
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body.to_owned()))
        .expect("a request")
}
