//! The pages of letters over HTTP: a wording is looked at, refused with what is wrong, saved, undone; contacts are named.

mod common;
#[path = "common/site.rs"]
mod site;

use axum::http::StatusCode;
use common::Kind;
use kernel::{ControllerId, Lang};
use office::{notices, parties};
use site::{Site, form, site};
use web::Role;

fn encoded(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

async fn send(site: &Site, cookie: &str, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
    let csrf = site.csrf(cookie).await;
    let body = encoded(&[fields, &[("csrf", csrf.as_str())]].concat());
    let answer = site.send(form(path, cookie, &body)).await;
    let status = answer.status();
    let bytes = axum::body::to_bytes(answer.into_body(), 10 << 20).await.expect("a body");
    (status, String::from_utf8_lossy(&bytes).into_owned())
}

const PATH: &str = "/notices/letters/request.forward";

#[tokio::test(flavor = "multi_thread")]
async fn a_wording_is_looked_at_refused_saved_and_undone() {
    let site = site(Kind::Sqlite).await;
    let cookie = site.sign_in(Role::Dpo).await;
    let kind = notices::kind("request.forward").expect("a kind");
    let standard = notices::standard(kind, Lang::Fr);
    let (status, page) = site.page(&format!("{PATH}?in=fr"), &cookie).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("Une demande de personne concernée") && page.contains("<html lang=\"en\""), "{page}");
    let ours = format!("Chère équipe,\r\n\r\n{}<b>gras</b>", standard.body.replace('\n', "\r\n"));
    let draft = |body: &str, verb: &str| {
        [("in", "fr"), ("subject", "À vous : {right}"), ("body", body), ("verb", verb)]
            .map(|(k, v)| (k.to_owned(), v.to_owned()))
    };
    for (body, verb, code, says) in [
        (ours.clone(), "preview", 200, "nothing is saved yet"),
        (ours.replace("{due}", "{fin}"), "preview", 422, "This letter has no {fin} (in line 12)."),
        (ours.replace("{due}", ""), "save", 422, "The text leaves out {due}"),
        (ours.replace("nous ne le faisons pas", "merci"), "save", 422, "nous ne le faisons pas."),
    ] {
        let fields = draft(&body, verb);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let (status, page) = send(&site, &cookie, PATH, &fields).await;
        assert_eq!(status.as_u16(), code, "{verb} {body}");
        assert!(page.contains(says), "{says} in {page}");
        assert!(page.contains("Chère équipe,") && !page.contains("<b>gras"), "what was typed stays, as words");
    }
    let fields = draft(&ours, "save");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let (status, _) = send(&site, &cookie, PATH, &fields).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let holds = async || {
        let mut read = site.house.store().read();
        notices::wording_of(&mut read, kind, Lang::Fr).await.expect("readable").version
    };
    assert_eq!(holds().await, "house:1");
    let (status, _) = send(&site, &cookie, &format!("{PATH}/again"), &[("in", "fr"), ("version", "0")]).await;
    assert_eq!((status, holds().await.as_str()), (StatusCode::SEE_OTHER, "standard:1"));
    let support = site.sign_in(Role::Support).await;
    let (status, _) = send(&site, &support, PATH, &fields).await;
    assert_eq!((status, holds().await.as_str()), (StatusCode::FORBIDDEN, "standard:1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_is_stopped_sent_elsewhere_and_proved_from_its_page() {
    let site = site(Kind::Sqlite).await;
    let cookie = site.sign_in(Role::Dpo).await;
    let path = site.path("/parties/{id}");
    let controller: ControllerId = path.trim_start_matches("/parties/").parse().expect("an id");
    let named = [("name", "Sam <i>"), ("email", "it@brume.example"), ("role", "deputy")];
    let (status, _) = send(&site, &cookie, &format!("{path}/contacts"), &named).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (status, page) = send(&site, &cookie, &format!("{path}/contacts"), &named).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
    let (_, page) = site.page(&path, &cookie).await;
    assert!(page.contains("Sam &lt;i&gt;") && page.contains("it@brume.example"));
    let letter = site.path("/notices/{id}");
    let (status, _) = send(&site, &cookie, &format!("{letter}/stop"), &[("why", "told on the telephone")]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (_, page) = site.page(&letter, &cookie).await;
    assert!(page.contains("told on the telephone") && page.contains("it@brume.example"), "{page}");
    let contact = parties::contacts(&mut site.house.store().read(), &controller).await.expect("readable").remove(0);
    let (status, _) = send(&site, &cookie, &format!("{letter}/send-to"), &[("contact", contact.id.as_str())]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (_, proof) = site.page(&format!("{letter}/proof"), &cookie).await;
    assert!(proof.contains("Letter queued") && proof.contains("Letter stopped") && proof.contains("/ledger/entries/"));
    let (status, _) = send(&site, &cookie, &format!("{path}/address"), &[("email", "new@brume.example")]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let remove = format!("{path}/contacts/{}/remove", contact.id);
    assert_eq!(send(&site, &cookie, &remove, &[]).await.0, StatusCode::SEE_OTHER);
    assert_eq!(send(&site, &cookie, &remove, &[]).await.0, StatusCode::NOT_FOUND);
    let replay = site.house.store().replay(site.house.app.now(), false).await.expect("replayed");
    assert!(replay.different.is_empty(), "{:?}", replay.different);
}
