//! Every page and every action over HTTP: rendered in both languages with data on them, for each role,
//! without a session, without a token, with a stranger's form.

mod common;
#[path = "common/site.rs"]
mod site;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use common::{AGREEMENT, Kind, PASSWORD, able};
use kernel::{Actor, Lang};
use office::{FEATURES, agreements};
use site::{Site, form, get, one, site};
use web::Role;
use web::assets::{CONSOLE_JS_PATH, PASSKEY_JS_PATH};
use web::guard::Access;

#[tokio::test(flavor = "multi_thread")]
async fn every_page_renders_in_both_languages_with_every_text_and_nothing_unescaped() {
    for kind in common::BOTH {
        let site = site(kind).await;
        let (owner, client) = (site.sign_in(Role::Owner).await, site.sign_in(Role::ControllerAdmin).await);
        for route in FEATURES.iter().flat_map(|feature| feature.routes).filter(|route| route.method == "GET") {
            let cookie = if able(route.access) == Role::Owner { &owner } else { &client };
            if route.access.roles(&office::POLICY).is_none()
                || route.path.ends_with("/package")
                || route.path == "/sign-in/factor"
            {
                continue;
            }
            for lang in Lang::ALL {
                let path = format!("{}?lang={lang}", site.path(route.path));
                let (status, page) = site.page(&path, cookie).await;
                assert_eq!(status, StatusCode::OK, "{path}");
                assert!(!page.contains('⟨'), "a text is missing on {path}");
                let passkey = page.contains("data-passkey").then_some(&*PASSKEY_JS_PATH);
                let console = page.contains("id=\"side-search\"").then_some(&*CONSOLE_JS_PATH);
                let ours: Vec<_> = passkey.into_iter().chain(console).collect();
                assert_eq!(page.matches("<script").count(), ours.len(), "{path}");
                assert!(ours.iter().all(|script| page.contains(&format!("<script src=\"{script}\""))), "{path}");
                if page.starts_with("<!DOCTYPE") {
                    assert!(page.contains(&format!("<html lang=\"{lang}\"")), "{path}");
                    assert_eq!(page.matches("<h1").count(), 1, "{path}");
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_asks_who_you_are() {
    let site = site(Kind::Sqlite).await;
    for route in FEATURES.iter().flat_map(|feature| feature.routes) {
        let path = site.path(route.path);
        let answer = match route.method {
            "GET" => site.send(get(&path, "")).await,
            _ => site.send(form(&path, "", "csrf=x")).await,
        };
        match (route.access, route.method) {
            (Access::Public, _) => assert!(answer.status().as_u16() < 500, "{path}"),
            (_, "GET") => assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{path}"),
            _ => assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_reaches_what_the_matrix_says_and_nothing_else() {
    let site = site(Kind::Sqlite).await;
    for role in Role::ALL {
        let cookie = site.sign_in(role).await;
        for route in FEATURES.iter().flat_map(|feature| feature.routes) {
            let Some(roles) = route.access.roles(&office::POLICY) else { continue };
            let path = site.path(route.path);
            let (status, _) = match route.method {
                "GET" => site.page(&path, &cookie).await,
                // A form without its token: allowed roles get as far as the token, others do not.
                _ => (site.send(form(&path, &cookie, "csrf=wrong")).await.status(), String::new()),
            };
            // Who belongs to a controller learns nothing of the house, not even what is there.
            let other_side = roles.iter().all(|other| other.is_controllers() != role.is_controllers());
            let hidden = status == StatusCode::NOT_FOUND && (role.is_controllers() || other_side);
            let led = status == StatusCode::SEE_OTHER && path == "/" && role.is_controllers();
            let denied = status == StatusCode::FORBIDDEN || hidden || led;
            if route.method == "GET" {
                assert_eq!(denied, !roles.contains(&role), "{role:?} {path}: {status}");
            } else if !roles.contains(&role) {
                assert!(denied, "{role:?} {path}: {status}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_without_its_token_or_from_elsewhere_changes_nothing() {
    let site = site(Kind::Sqlite).await;
    let cookie = site.sign_in(Role::Owner).await;
    let token = site.csrf(&cookie).await;
    let path = site.path("/requests/{id}/close");
    let before = site.house.store().logs().await.expect("logs")[0].size;
    for request in [
        form(&path, &cookie, "csrf=wrong"),
        form(&path, &cookie, ""),
        {
            let mut foreign = form(&path, &cookie, &format!("csrf={token}"));
            foreign.headers_mut().insert("sec-fetch-site", "cross-site".parse().expect("a value"));
            foreign
        },
        {
            let mut foreign = form(&path, &cookie, &format!("csrf={token}"));
            foreign.headers_mut().insert("host", "garant.example".parse().expect("a value"));
            foreign.headers_mut().insert("origin", "https://evil.example".parse().expect("a value"));
            foreign
        },
    ] {
        assert_eq!(site.send(request).await.status(), StatusCode::FORBIDDEN);
    }
    assert_eq!(site.house.store().logs().await.expect("logs")[0].size, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_forbid_scripts_frames_and_caches() {
    let site = site(Kind::Sqlite).await;
    for path in ["/sign-in", "/nothing-here"] {
        let answer = site.send(get(path, "")).await;
        let header = |name: &str| answer.headers()[name].to_str().expect("text").to_owned();
        assert!(header("content-security-policy").starts_with("default-src 'none'"));
        assert!(!header("content-security-policy").contains("script-src"));
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("cache-control"), "no-store");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_is_slowed_and_an_unknown_address_looks_like_a_wrong_password() {
    let site = site(Kind::Sqlite).await;
    let mut pages = Vec::new();
    for email in ["nobody@example.org", "dpo0@example.org"] {
        let answer = site.send(form("/sign-in", "", &format!("email={email}&password=wrong-wrong-wrong"))).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
        let bytes = to_bytes(answer.into_body(), 1 << 20).await.expect("a body");
        pages.push(String::from_utf8_lossy(&bytes).into_owned());
    }
    assert_eq!(pages[0], pages[1]);
    for _ in 0..10 {
        site.send(form("/sign-in", "", "email=dpo0@example.org&password=wrong-wrong-wrong")).await;
    }
    let right = format!("email=dpo0@example.org&password={PASSWORD}");
    assert_eq!(site.send(form("/sign-in", "", &right)).await.status(), StatusCode::UNAUTHORIZED, "throttled");
    site.house.advance(16 * 60);
    assert_eq!(site.send(form("/sign-in", "", &right)).await.status(), StatusCode::SEE_OTHER, "after a pause");
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_a_persons_data_is_an_entry_once_a_day() {
    let site = site(Kind::Sqlite).await;
    let cookie = site.sign_in(Role::Dpo).await;
    let path = site.path("/requests/{id}");
    for _ in 0..3 {
        assert!(site.page(&path, &cookie).await.1.contains("ada@example.org"));
    }
    let sql = "SELECT COUNT(*) AS n FROM entries WHERE kind = 'request.read'";
    let row = site.house.store().read().row(sql, vec![]).await.expect("readable").expect("a row");
    assert_eq!(row.int("n").expect("a number"), 1);
}

/// A document sent as a browser sends it.
fn document(cookie: &str, csrf: &str, file_name: &str, bytes: &[u8]) -> Request<Body> {
    let mut body = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n--edge\r\nContent-Disposition: form-data; \
         name=\"file\"; filename=\"{file_name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--edge--\r\n");
    Request::post("/agreements/new")
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
        .body(Body::from(body))
        .expect("a request")
}

impl Site {
    /// Sends a document and imports it with the known controller; gives the address of its review.
    async fn imported(&self, cookie: &str, text: &str) -> String {
        let csrf = self.csrf(cookie).await;
        let sent = self.send(document(cookie, &csrf, "dpa.txt", text.as_bytes())).await;
        assert_eq!(sent.status(), StatusCode::SEE_OTHER);
        let preview = sent.headers()[header::LOCATION].to_str().expect("an address").to_owned();
        let upload = preview.split_once('=').expect("an upload").1;
        let controller = one(&self.house, "SELECT id FROM controllers LIMIT 1").await;
        let fields = format!("csrf={csrf}&upload={upload}&controller={controller}&again=yes");
        let done = self.send(form("/agreements/import", cookie, &fields)).await;
        assert_eq!(done.status(), StatusCode::SEE_OTHER);
        done.headers()[header::LOCATION].to_str().expect("an address").to_owned()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_understood_is_shown_before_anything_is_recorded_and_to_its_sender_only() {
    for kind in common::BOTH {
        let site = site(kind).await;
        let (dpo, owner) = (site.sign_in(Role::Dpo).await, site.sign_in(Role::Owner).await);
        let csrf = site.csrf(&dpo).await;
        let before = site.house.store().logs().await.expect("logs")[0].size;
        let sent = site.send(document(&dpo, &csrf, "C:\\\\folder\\\\<b>dpa.txt", AGREEMENT.as_bytes())).await;
        let preview = sent.headers()[header::LOCATION].to_str().expect("an address").to_owned();
        let (status, page) = site.page(&format!("{preview}&lang=en"), &dpo).await;
        assert_eq!(status, StatusCode::OK);
        for shown in
            ["Brume SARL", "processing agreement", "The very same document is here already", "English", "&lt;b&gt;"]
        {
            assert!(page.contains(shown), "{shown}: {page}");
        }
        assert_eq!(site.page(&preview, &owner).await.0, StatusCode::NOT_FOUND, "another person's");
        assert_eq!(site.house.store().logs().await.expect("logs")[0].size, before, "nothing is recorded");
        for bytes in [&b""[..], b"\xff\xfe\x00\xd8", &[0; 64]] {
            let refused = site.send(document(&dpo, &csrf, "dpa.txt", bytes)).await;
            assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "{bytes:?}");
        }
        let kept = || async {
            let sql = "SELECT id FROM agreement_uploads";
            site.house.store().read().rows(sql, Vec::new()).await.expect("uploads").len()
        };
        agreements::forget_uploads(site.house.store(), site.house.app.now()).await.expect("forgotten");
        assert_eq!(kept().await, 1, "within the day");
        site.house.advance(25 * 3600);
        agreements::forget_uploads(site.house.store(), site.house.app.now()).await.expect("forgotten");
        assert_eq!(kept().await, 0, "gone though nobody sends another");
        let dpo = site.sign_in(Role::Dpo).await;
        let review = site.imported(&dpo, AGREEMENT).await;
        assert_eq!(site.page(&preview, &dpo).await.0, StatusCode::NOT_FOUND, "forgotten after a day");
        assert_eq!(site.page(&review, &dpo).await.0, StatusCode::OK, "the document of others is kept");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_to_decide_sees_the_first_and_keeps_what_they_typed() {
    let site = site(Kind::Sqlite).await;
    let (dpo, owner) = (site.sign_in(Role::Dpo).await, site.sign_in(Role::Owner).await);
    let term = format!("{}/requests.forward", site.imported(&dpo, AGREEMENT).await);
    let first = format!("csrf={}&seen=0&act=default", site.csrf(&dpo).await);
    assert_eq!(site.send(form(&term, &dpo, &first)).await.status(), StatusCode::SEE_OTHER);
    let csrf = site.csrf(&owner).await;
    let typed = format!("csrf={csrf}&act=correct&state=stated&count=17&unit=weeks&words=nowhere%20to%20be%20found");
    for (extra, status) in [
        ("&seen=1", StatusCode::UNPROCESSABLE_ENTITY),
        ("&at=none&seen=0&words=", StatusCode::CONFLICT),
        ("&at=none&words=", StatusCode::CONFLICT),
    ] {
        let fields = format!(
            "{}{extra}",
            if extra.contains("words=") {
                typed.replace("&words=nowhere%20to%20be%20found", "")
            } else {
                typed.clone()
            }
        );
        let answer = site.send(form(&format!("{term}?lang=en"), &owner, &fields)).await;
        assert_eq!(answer.status(), status, "{extra}");
        let bytes = to_bytes(answer.into_body(), 1 << 20).await.expect("a body");
        let page = String::from_utf8_lossy(&bytes).into_owned();
        assert!(page.contains("value=\"17\"") && page.contains("role=\"alert\""), "{extra}: {page}");
        assert!(page.contains("our default") && page.contains("dpo "), "who did what: {page}");
    }
    assert_eq!(site.page(&term.replace("requests.forward", "no.term"), &owner).await.0, StatusCode::NOT_FOUND);
}

/// Whatever the format, the text is kept with the reading, and every citation is marked in it.
#[tokio::test(flavor = "multi_thread")]
async fn documents_of_every_format_are_reviewed_in_their_text() {
    let site = site(Kind::Sqlite).await;
    let cookie = site.sign_in(Role::Dpo).await;
    let csrf = site.csrf(&cookie).await;
    let files: [(&str, &[u8], &str); 3] = [
        ("en-full.docx", include_bytes!("../../reader/tests/files/en-full.docx"), "English"),
        ("fr-complet.odt", include_bytes!("../../reader/tests/files/fr-complet.odt"), "French"),
        ("fr-complet.pdf", include_bytes!("../../reader/tests/files/fr-complet.pdf"), "French"),
    ];
    for (name, bytes, language) in files {
        let sent = site.send(document(&cookie, &csrf, name, bytes)).await;
        assert_eq!(sent.status(), StatusCode::SEE_OTHER, "{name}");
        let preview = sent.headers()[header::LOCATION].to_str().expect("an address").to_owned();
        let (_, page) = site.page(&format!("{preview}&lang=en"), &cookie).await;
        assert!(page.contains(&format!("<dd>{language}</dd>")) && page.contains("processing agreement"), "{name}");
        let upload = preview.split_once('=').expect("an upload").1;
        let fields = format!("csrf={csrf}&upload={upload}&name={name}&contact=a@example.org&lang=en&place=FR");
        assert_eq!(site.send(form("/agreements/import", &cookie, &fields)).await.status(), StatusCode::SEE_OTHER);
        let (_, review) = site.page(&format!("/agreements/{upload}/review?lang=en"), &cookie).await;
        let cited = review.split("class=\"quote\"").count() - 1;
        assert!(cited > 10 && review.contains("id=\"m-breach-notify_controller\""), "{name}: {cited}");
    }
}

/// A contradiction is not confirmed: one of its sides is chosen, and cited.
#[tokio::test(flavor = "multi_thread")]
async fn one_side_of_a_contradiction_is_chosen() {
    let site = site(Kind::Sqlite).await;
    let cookie = site.sign_in(Role::Dpo).await;
    let csrf = site.csrf(&cookie).await;
    let annex = "12. Security annex\n\nThe Processor shall notify the Controller of any personal data breach within 24 hours \
                 after becoming aware of it.";
    let review = site.imported(&cookie, &format!("{AGREEMENT}\n\n{annex}")).await;
    let term = format!("{review}/breach.notify_controller");
    let (_, page) = site.page(&format!("{term}?lang=en"), &cookie).await;
    assert!(page.contains("The text contradicts itself") && page.contains("name=\"choice\""), "{page}");
    for (fields, status) in [
        ("act=confirm&seen=0", StatusCode::CONFLICT),
        ("act=choose&seen=0&choice=9", StatusCode::UNPROCESSABLE_ENTITY),
        ("act=dance&seen=0", StatusCode::UNPROCESSABLE_ENTITY),
        ("act=choose&seen=0&choice=1", StatusCode::SEE_OTHER),
    ] {
        let answer = site.send(form(&term, &cookie, &format!("csrf={csrf}&{fields}"))).await;
        assert_eq!(answer.status(), status, "{fields}");
    }
    let (_, page) = site.page(&format!("{term}?lang=en"), &cookie).await;
    assert!(page.contains("corrected") && page.contains("<strong>24 hours</strong>"), "{page}");
}

/// The side that refuses a duty has no figure; it is chosen all the same.
#[tokio::test(flavor = "multi_thread")]
async fn the_side_that_refuses_is_chosen_too() {
    let site = site(Kind::Sqlite).await;
    let cookie = site.sign_in(Role::Dpo).await;
    let csrf = site.csrf(&cookie).await;
    let annex =
        "12. Security annex\n\nThe Processor is not obliged to notify the Controller of a personal data breach.";
    let review = site.imported(&cookie, &format!("{AGREEMENT}\n\n{annex}")).await;
    let term = format!("{review}/breach.notify_controller");
    let (_, page) = site.page(&format!("{term}?lang=en"), &cookie).await;
    assert!(page.contains("name=\"choice\"") && page.contains("<strong>excluded</strong>"), "{page}");
    let answer = site.send(form(&term, &cookie, &format!("csrf={csrf}&act=choose&seen=0&choice=1"))).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let (_, page) = site.page(&format!("{term}?lang=en"), &cookie).await;
    assert!(page.contains("corrected") && page.contains("<strong class=\"big\">excluded</strong>"), "{page}");
}

/// A hundred pages stay a page of bearable weight, and each citation stays within reach.
#[tokio::test(flavor = "multi_thread")]
async fn a_long_agreement_is_shown_in_pages() {
    let site = site(Kind::Sqlite).await;
    let cookie = site.sign_in(Role::Dpo).await;
    let schedule = |number: usize| {
        let line = "The service levels of this schedule are measured once a month and reported to the Controller. ";
        format!("\n\n{number}. Schedule\n\n{}", line.repeat(30))
    };
    let long = format!("{AGREEMENT}{}", (20..130).map(schedule).collect::<String>());
    assert!(long.len() > 300_000);
    let review = site.imported(&cookie, &long).await;
    let (_, first) = site.page(&format!("{review}?lang=en"), &cookie).await;
    assert!(first.len() < 120_000, "{} bytes", first.len());
    let (_, last) = site.page(&format!("{review}?lang=en&show=todo&page=99"), &cookie).await;
    assert!(last.contains("129. Schedule") && last.contains("aria-current=\"page\""));
    assert!(last.contains("#m-breach-notify_controller"), "the way back to the words");
    let (_, term) = site.page(&format!("{review}/breach.notify_controller?lang=en"), &cookie).await;
    assert!(term.contains("id=\"cited\"") && term.len() < 80_000, "{} bytes", term.len());
    let (_, far) = site.page(&format!("{review}/breach.notify_controller?page=20&lang=en"), &cookie).await;
    assert!(far.contains("type=\"radio\" name=\"at\" form=\"correct\""));
}

/// The words of a mail are shown with the places marked that led to its proposal, and not to an auditor.
#[tokio::test(flavor = "multi_thread")]
async fn a_mail_is_read_by_those_who_answer_it_and_each_reading_is_an_entry() {
    let site = site(Kind::Sqlite).await;
    let path = site.path("/inbox/{id}");
    let (dpo, auditor) = (site.sign_in(Role::Dpo).await, site.sign_in(Role::Auditor).await);
    for _ in 0..2 {
        let (_, page) = site.page(&format!("{path}?lang=en"), &dpo).await;
        for shown in ["<mark>Please delete my account</mark>", "Ada &lt;ada@example.org&gt;", "id.pdf", "4 kB"] {
            assert!(page.contains(shown), "{shown}: {page}");
        }
        assert!(
            page.contains("name=\"right-erasure\" value=\"yes\" checked") && page.contains("value=\"ada@example.org\"")
        );
        assert!(!page.contains("name=\"right-access\" value=\"yes\" checked"));
    }
    let (_, page) = site.page(&format!("{path}?lang=fr"), &auditor).await;
    assert!(page.contains("Demande : effacement") && page.contains("non montré à votre rôle"), "{page}");
    assert!(!page.contains("ada@example.org") && !page.contains("delete my account") && !page.contains("id.pdf"));
    let (_, list) = site.page("/inbox?lang=en", &dpo).await;
    assert!(list.contains("Request: erasure") && !list.contains("ada@example.org"), "the list names nobody");
    let sql = "SELECT COUNT(*) AS n FROM entries WHERE kind = 'mail.read'";
    let row = site.house.store().read().row(sql, vec![]).await.expect("readable").expect("a row");
    assert_eq!(row.int("n").expect("a number"), 1, "once a day for each reader");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_is_filed_with_a_reason_taken_up_again_and_logged_as_a_request() {
    for kind in common::BOTH {
        let site = site(kind).await;
        let path = site.path("/inbox/{id}");
        let cookie = site.sign_in(Role::Support).await;
        let csrf = site.csrf(&cookie).await;
        let controller = one(&site.house, "SELECT id FROM controllers LIMIT 1").await;
        let asks =
            |rights: &str| format!("csrf={csrf}&controller={controller}&email=grace%40example.org&note=Please{rights}");
        for (action, body, status) in [
            ("file", format!("csrf={csrf}&reason=%20"), StatusCode::UNPROCESSABLE_ENTITY),
            ("file", format!("csrf={csrf}&reason=an%20advertisement"), StatusCode::SEE_OTHER),
            ("file", format!("csrf={csrf}&reason=again"), StatusCode::CONFLICT),
            ("request", asks("&right-erasure=yes"), StatusCode::CONFLICT),
            ("reopen", format!("csrf={csrf}"), StatusCode::SEE_OTHER),
            ("reopen", format!("csrf={csrf}"), StatusCode::CONFLICT),
            ("request", asks(""), StatusCode::UNPROCESSABLE_ENTITY),
            ("request", asks("&right-erasure=yes").replace(&controller, "nobody"), StatusCode::NOT_FOUND),
            ("request", asks("&right-erasure=yes"), StatusCode::SEE_OTHER),
            ("request", asks("&right-erasure=yes"), StatusCode::CONFLICT),
            ("request", asks("&right-access=yes"), StatusCode::SEE_OTHER),
        ] {
            let answer = site.send(form(&format!("{path}/{action}"), &cookie, &body)).await;
            assert_eq!(answer.status(), status, "{kind:?} {action} {body}");
        }
        let (_, page) = site.page(&format!("{path}?lang=en"), &cookie).await;
        assert_eq!(page.matches("href=\"/requests/01").count(), 2, "both requests: {page}");
        let sql = "SELECT received_at AS n FROM requests WHERE channel = 'mail' ORDER BY received_at LIMIT 1";
        let row = site.house.store().read().row(sql, vec![]).await.expect("readable").expect("a row");
        assert_eq!(row.int("n").expect("a number"), 1_795_421_700_000, "the instant the mail server took it");
        for missing in ["/inbox/01ks000000000000000000zzzz", "/inbox/x"] {
            assert_eq!(site.page(missing, &cookie).await.0, StatusCode::NOT_FOUND);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_are_listed_fifty_at_a_time_by_state_and_proposal() {
    let site = site(Kind::Postgres).await;
    let cookie = site.sign_in(Role::Owner).await;
    let feature = FEATURES.iter().find(|feature| feature.name == "inbox").expect("a feature");
    let sample = (feature.samples)().remove(0);
    let mut tx = site.house.store().begin(site.house.app.now(), Actor::system("inbox")).await.expect("a transaction");
    for number in 2..=120 {
        let mut data = sample["data"].clone();
        data["mail"] = format!("01ks{number:022}").into();
        data["uid"] = (number + 1_000).into();
        data["understood"]["proposal"] = if number % 2 == 0 { "incident".into() } else { serde_json::Value::Null };
        data["understood"]["rights"] = serde_json::json!([]);
        let id = data["mail"].as_str().expect("an id").to_owned();
        tx.append(&store::Log::House, "mail.received", &id, data).await.expect("an entry");
    }
    tx.commit().await.expect("committed");
    let rows = |page: &str| page.matches("href=\"/inbox/01").count();
    let mut address = "/inbox?show=waiting".to_owned();
    let mut pages = Vec::new();
    loop {
        let (_, page) = site.page(&address, &cookie).await;
        pages.push(rows(&page));
        let Some((_, rest)) = page.split_once("rel=\"next\" href=\"") else { break };
        address = rest.split('"').next().expect("an address").replace("&amp;", "&");
    }
    assert_eq!(pages, [50, 50, 20]);
    for (address, number) in [
        ("/inbox?show=proposed&before=01ks0000000000000000000021", 11),
        ("/inbox?show=waiting&proposal=request", 1),
        ("/inbox?show=filed", 0),
        ("/inbox?show=nonsense&proposal=nonsense&before=nonsense", 50),
    ] {
        assert_eq!(rows(&site.page(address, &cookie).await.1), number, "{address}");
    }
}
