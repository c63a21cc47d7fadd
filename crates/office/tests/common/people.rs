//! People who come in, as a browser would: signing in, codes, the token of each form.

use crate::site::{Site, form};
use axum::body::{Body, to_bytes};
use axum::http::{Response, StatusCode, header};
use kernel::{AccountId, Instant, Secret};
use office::notices;
use vault::OneTime;
use web::Role;

impl Site {
    pub(crate) fn email(&self, role: Role) -> String {
        self.house.people.iter().rev().find(|(known, ..)| *known == role).expect("a person").2.clone()
    }

    pub(crate) fn id(&self, role: Role) -> AccountId {
        self.house.people.iter().rev().find(|(known, ..)| *known == role).expect("a person").1.clone()
    }

    pub(crate) fn now(&self) -> Instant {
        self.house.app.now()
    }

    /// The code the authenticator with this secret shows now.
    pub(crate) fn code(&self, secret: &str) -> String {
        let secret = Secret::new(secret.to_owned());
        OneTime::new(&secret, "Garant", "somebody").expect("a secret").code(self.now())
    }

    pub(crate) async fn try_password(&self, email: &str, password: &str) -> Response<Body> {
        self.send(form("/sign-in", "", &format!("email={email}&password={password}&next=/"))).await
    }

    /// Posts with the token of the page's own form.
    pub(crate) async fn post(&self, path: &str, cookie: &str, fields: &str) -> Response<Body> {
        let csrf = match self.page("/", cookie).await.0 {
            StatusCode::OK => self.csrf(cookie).await,
            _ => self.csrf_on_the_way(cookie).await,
        };
        self.send(form(path, cookie, &format!("csrf={csrf}&{fields}"))).await
    }

    /// The token of the one form that is open to who is not in yet.
    async fn csrf_on_the_way(&self, cookie: &str) -> String {
        for path in ["/client", "/sign-in/factor", "/account/password", "/account/factors/new"] {
            let (status, page) = self.page(path, cookie).await;
            if status == StatusCode::OK {
                return between(&page, "name=\"csrf\" value=\"", "\"").to_owned();
            }
        }
        panic!("no page is open");
    }

    /// Sets up an authenticator; gives its secret, the recovery codes and the cookie that goes on.
    pub(crate) async fn enrol(&self, cookie: &str) -> (String, Vec<String>, String) {
        let (status, page) = self.page("/account/factors/new", cookie).await;
        assert_eq!(status, StatusCode::OK);
        assert!(page.contains("<svg") && !page.contains(web::assets::PASSKEY_JS_PATH.as_str()));
        let secret = between(&page, "name=\"secret\" value=\"", "\"").to_owned();
        let fields = format!("secret={secret}&code={}&label=phone", self.code(&secret));
        let answer = self.post("/account/factors", cookie, &fields).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let cookie = cookie_of(&answer);
        let page = text(answer).await;
        let list = between(&page, "class=\"codes\"", "</ul>");
        let codes = list.split("<code>").skip(1).map(|part| part.split('<').next().expect("a code").to_owned());
        (secret, codes.collect(), cookie)
    }
}

pub(crate) fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let (_, rest) = text.split_once(from).unwrap_or_else(|| panic!("no {from} in {text}"));
    rest.split(to).next().expect("an end")
}

pub(crate) fn cookie_of(answer: &Response<Body>) -> String {
    let cookie = answer.headers()[header::SET_COOKIE].to_str().expect("text");
    cookie.split(';').next().expect("a pair").to_owned()
}

pub(crate) fn location(answer: &Response<Body>) -> &str {
    answer.headers().get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or("")
}

pub(crate) async fn text(answer: Response<Body>) -> String {
    let bytes = to_bytes(answer.into_body(), 10 << 20).await.expect("a body");
    String::from_utf8_lossy(&bytes).into_owned()
}

pub(crate) async fn alike(site: &Site) {
    let replay = site.house.store().replay(site.now(), false).await.expect("replayed");
    assert!(replay.different.is_empty(), "{:?}", replay.different);
}

/// What the mail worker puts into the letter as it leaves.
pub(crate) async fn secret_of(site: &Site, letter: &notices::NoticeRow) -> Secret<String> {
    let sql = "SELECT sealed FROM notice_secrets WHERE notice = $1";
    let row = site.house.store().read().row(sql, vec![(&letter.id).into()]).await.expect("readable").expect("kept");
    let sealed = row.bytes("sealed").expect("bytes");
    let opened = site.house.store().open_secret(&letter.to_subject, letter.id.as_str(), &sealed).await;
    opened.expect("it opens").expect("the person is there")
}

pub(crate) fn path_of(link: &Secret<String>) -> String {
    link.expose().strip_prefix("http://localhost").expect("our address").to_owned()
}
