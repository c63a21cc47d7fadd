//! A console of a few routes, one per kind of access, over a real database.

use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use axum::{Json, Router};
use kernel::{AccountId, Actor, Instant, Lang, SeededEntropy, SubjectId};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use store::{Arg, Columns, DatabaseUrl, Keys, Projector, Recorded, Schema, Store, StoreError, Tx};
use tower::ServiceExt;
use web::guard::{self, Access};
use web::{
    ApiError, NavItem, PageError, Policy, Posted, Role, Shell, Step, Texts, Visit, assets, login, page, session,
};

pub(crate) const START: &str = "2026-11-23T09:00:00Z";

/// The accounts that sessions belong to; the product's own table has these columns too.
const ACCOUNTS: Columns = Columns {
    part: "accounts",
    sql: "CREATE TABLE IF NOT EXISTS accounts (id TEXT PRIMARY KEY, name TEXT, role TEXT NOT NULL, controller TEXT, \
          lang TEXT NOT NULL, epoch {int} NOT NULL, factors {int} NOT NULL, password_at {int} NOT NULL, until {int}, \
          closed_at {int}) {strict}; \
          CREATE TABLE IF NOT EXISTS sign_in_rules (role TEXT PRIMARY KEY, second_factor {int} NOT NULL, renew_days {int}, \
          idle_minutes {int} NOT NULL, session_hours {int} NOT NULL) {strict};",
    toml: r#"
[accounts]
purpose = "Who signs in"
retention = "as long as the test"
replayed = false
[accounts.columns]
id = "none"
name = { category = "pd:Name", subject = "id" }
role = "none"
controller = "none"
lang = "none"
epoch = "none"
factors = "none"
password_at = "none"
until = "none"
closed_at = "none"

[sign_in_rules]
purpose = "How roles sign in"
retention = "as long as the test"
replayed = false
columns = { role = "none", second_factor = "none", renew_days = "none", idle_minutes = "none", session_hours = "none" }
"#,
};

struct Nothing(Schema);

impl Projector for Nothing {
    fn apply<'a>(
        &'a self,
        _: &'a mut Tx<'_>,
        _: &'a Recorded,
    ) -> Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send + 'a>> {
        Box::pin(async { Ok(()) })
    }

    fn schema(&self) -> &Schema {
        &self.0
    }
}

pub(crate) struct Console {
    pub(crate) shell: Shell,
    pub(crate) router: Router,
    pub(crate) account: AccountId,
    clock: Arc<AtomicI64>,
    _dir: tempfile::TempDir,
}

/// An answer read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
    }
}

impl Console {
    /// With one account, an engineer who reads French.
    pub(crate) async fn new(secure: bool) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let entropy = Arc::new(SeededEntropy::new(7));
        let keys = Keys::generate("garant-test", &*entropy).expect("keys");
        let schema = Schema::new(&[web::COLUMNS, ACCOUNTS]).expect("a schema");
        let url = DatabaseUrl::Sqlite(dir.path().join("garant.db"));
        let store = Store::open(&url, keys, Arc::new(Nothing(schema)), entropy.clone()).await.expect("a store");
        let start: Instant = START.parse().expect("an instant");
        let clock = Arc::new(AtomicI64::new(start.as_millisecond()));
        let account = AccountId::new(start, &*entropy);
        let nav = vec![
            NavItem { key: "login-title", path: "/private", permission: "things.read" },
            NavItem { key: "role-owner", path: "/owner", permission: "things.own" },
        ];
        let hands = clock.clone();
        let shell = Shell {
            store,
            texts: Arc::new(Texts::new(&[web::TEXTS]).expect("texts")),
            clock: Arc::new(move || Instant::from_millisecond(hands.load(Ordering::Relaxed)).expect("an instant")),
            nav: Arc::new(nav),
            policy: policy(),
            secure,
            trusted_proxies: Arc::default(),
        };
        let console = Self { router: router(&shell), shell, account, clock, _dir: dir };
        let sql = "INSERT INTO accounts (id, name, role, lang, epoch, factors, password_at) \
                   VALUES ($1, 'Ada <Martin>', 'engineer', 'fr', 3, 0, $2)";
        console.change(sql, vec![(&console.account).into(), start.into()]).await;
        console
    }

    pub(crate) async fn change(&self, sql: &'static str, args: Vec<Arg>) {
        let mut tx = self.shell.store.begin(self.shell.now(), Actor::system("test")).await.expect("a transaction");
        tx.execute(sql, args).await.expect("the statement runs");
        tx.commit().await.expect("committed");
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1000, Ordering::Relaxed);
    }

    /// Signs in; gives the whole `Set-Cookie` header.
    pub(crate) async fn sign_in(&self) -> String {
        let beginning = session::Beginning {
            account: self.account.clone(),
            subject: SubjectId::new(self.shell.now(), self.shell.store.entropy()),
            epoch: 3,
            role: Role::Engineer,
            network: None,
            factor: false,
            shown_at: None,
        };
        session::start(&self.shell, beginning).await.expect("a session")
    }

    /// Signs in; gives the cookie alone and the token its forms carry.
    pub(crate) async fn signed_in(&self) -> (String, String) {
        let cookie = pair(&self.sign_in().await);
        let found = session::find(&self.shell, &cookie, self.shell.now()).await;
        (cookie, found.expect("readable").expect("a session").csrf)
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 1 << 20).await.expect("a body");
        let body = String::from_utf8(body.to_vec()).expect("text");
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub(crate) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(request("GET", path, headers, "")).await
    }

    pub(crate) async fn post(&self, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.send(request("POST", path, headers, body)).await
    }
}

pub(crate) fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path).header(header::HOST, "garant.example");
    if !body.is_empty() {
        request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from(body.to_owned())).expect("a request")
}

/// The part of a `Set-Cookie` header that comes back.
pub(crate) fn pair(set_cookie: &str) -> String {
    set_cookie.split(';').next().unwrap_or_default().to_owned()
}

#[derive(serde::Deserialize)]
struct Note {
    text: String,
}

fn router(shell: &Shell) -> Router {
    let routes: [(&str, Access, MethodRouter<Shell>); 13] = [
        ("/open", Access::Public, get(shown).post(noted)),
        ("/private", Access::May("things.read"), get(shown).post(noted)),
        ("/private/below", Access::May("things.read"), get(shown)),
        ("/owner", Access::May("things.own"), get(shown).post(noted)),
        ("/owner/things/take", Access::Fresh("things.take"), get(shown).post(noted)),
        ("/sign-in/factor", Access::Entering(&[Step::Factor]), get(shown).post(noted)),
        ("/account/password", Access::Entering(&[Step::Renew]), get(shown).post(noted)),
        ("/account/factors", Access::Entering(&[Step::Enrol]), get(shown).post(noted)),
        ("/absent", Access::Public, get(absent)),
        ("/broken", Access::Public, get(broken)),
        ("/language", Access::Public, get(login::language)),
        ("/api/problem", Access::Public, post(problem)),
        ("/api/broken", Access::Public, post(api_broken)),
    ];
    let mut router = Router::new().route(&assets::CSS_PATH, get(assets::css));
    for (path, access, handler) in routes {
        let shell = shell.clone();
        let gate = middleware::from_fn(move |request, next: Next| guard::pass(shell.clone(), access, request, next));
        router = router.route(path, handler.route_layer(gate));
    }
    let lost = shell.clone();
    let fallback =
        move |visit: Visit| async move { guard::marked(&visit, PageError::NotFound.page(&lost, Some(&visit))) };
    router.fallback(fallback).layer(middleware::from_fn(guard::headers)).with_state(shell.clone())
}

async fn shown(State(shell): State<Shell>, visit: Visit) -> Response {
    page::page(&shell, Some(&visit), "Shown", &maud::html! { p { (visit.lang.code()) } }).into_response()
}

async fn noted(Posted(note): Posted<Note>) -> Json<String> {
    Json(note.text)
}

async fn absent() -> PageError {
    PageError::NotFound
}

async fn broken() -> PageError {
    StoreError::Full.into()
}

async fn problem() -> ApiError {
    ApiError {
        status: StatusCode::CONFLICT,
        code: "taken",
        title: "It is taken.".into(),
        remedy: "Take another.".into(),
    }
}

async fn api_broken() -> ApiError {
    StoreError::Busy.into()
}

/// The language a page was rendered in.
pub(crate) fn lang(answer: &Answer) -> Lang {
    let code = answer.body.split("<html lang=\"").nth(1).and_then(|rest| rest.get(..2)).expect("a page");
    code.parse().expect("a language of ours")
}

/// Who may do what in these tests.
fn policy() -> Arc<Policy> {
    let rule = |name: &str, roles: &[Role]| (name.to_owned(), roles.to_vec());
    Arc::new(Policy::new(
        [rule("things.read", &Role::HOUSE), rule("things.own", &[Role::Owner]), rule("things.take", &[Role::Engineer])],
        Vec::new(),
    ))
}
