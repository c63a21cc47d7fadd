//! Importing: a file or pasted text, and with whom the agreement is.

use crate::agreements::{Import, Party, import};
use crate::parties::{self, NewController};
use crate::{App, Kind, Refusal};
use axum::extract::{Multipart, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use std::collections::HashMap;
use web::components;
use web::{PageError, Visit, form::same, page};

pub(crate) async fn form(State(app): State<App>, visit: Visit) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let known = parties::list(&mut app.store().read()).await?;
    let mut options = vec![(String::new(), text("import-new-controller"))];
    options.extend(known.iter().map(|party| (party.id.to_string(), party.name.clone())));
    let languages = [("en".to_owned(), "English".to_owned()), ("fr".to_owned(), "Français".to_owned())];
    let places = ["FR", "FR-57", "LU"].map(|code| (code.to_owned(), code.to_owned()));
    let body = html! {
        form method="post" action="/agreements/new" enctype="multipart/form-data" {
            input type="hidden" name="csrf" value=(visit.csrf());
            div.field {
                label for="file" { (text("import-file")) }
                p.hint id="file-hint" { (text("import-file-hint")) }
                input id="file" name="file" type="file" accept=".txt,.md,.html,.htm" aria-describedby="file-hint";
            }
            div.field {
                label for="pasted" { (text("import-paste")) }
                textarea id="pasted" name="pasted" {}
            }
            (components::field("title", &text("agreement-title"), "text", "", false, Some(&text("import-title-hint"))))
            (components::select("controller", &text("agreement-controller"), &options, ""))
            fieldset {
                legend { (text("import-new-controller")) }
                (components::field("name", &text("party-name"), "text", "", false, None))
                (components::field("contact", &text("party-contact"), "email", "", false, None))
                (components::select("lang", &text("party-language"), &languages, visit.lang.code()))
                (components::select("place", &text("party-place"), &places, "FR"))
            }
            (components::submit(&text("import-submit")))
        }
    };
    Ok(page::page(&app.shell, Some(&visit), &text("agreement-import"), &body))
}

#[derive(Default)]
struct Fields {
    texts: HashMap<String, String>,
    file: Option<(String, Vec<u8>)>,
}

pub(crate) async fn post(State(app): State<App>, visit: Visit, multipart: Multipart) -> Result<Response, PageError> {
    let fields = read(multipart).await.map_err(|refusal| refusal.page(visit.lang))?;
    let text = |name: &str| fields.texts.get(name).map_or("", |value| value.trim());
    if !same(text("csrf"), visit.csrf()) {
        return Err(PageError::Forged);
    }
    let party = party(&fields.texts).map_err(|refusal| refusal.page(visit.lang))?;
    let title = text("title").to_owned();
    let (file_name, bytes) = match &fields.file {
        Some((name, bytes)) if !bytes.is_empty() => (name.clone(), bytes.clone()),
        _ => ("pasted.txt".to_owned(), text("pasted").as_bytes().to_vec()),
    };
    let new = Import { party, title, file_name, bytes };
    let id = import(app.store(), visit.now, visit.actor(), new).await.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to(&format!("/agreements/{id}/review")).into_response())
}

fn party(texts: &HashMap<String, String>) -> Result<Party, Refusal> {
    let text = |name: &str| texts.get(name).map_or("", |value| value.trim());
    if !text("controller").is_empty() {
        let known = text("controller").parse().map_err(|_| Refusal::not_found("controller", "responsable"))?;
        return Ok(Party::Known(known));
    }
    Ok(Party::New(NewController {
        name: text("name").to_owned(),
        contact: text("contact").to_owned(),
        lang: text("lang").parse().unwrap_or_default(),
        place: text("place").to_owned(),
    }))
}

async fn read(mut multipart: Multipart) -> Result<Fields, Refusal> {
    let mut fields = Fields::default();
    while let Some(field) = multipart.next_field().await.map_err(|_| broken())? {
        let name = field.name().unwrap_or_default().to_owned();
        match field.file_name().map(str::to_owned) {
            Some(file_name) => fields.file = Some((file_name, field.bytes().await.map_err(|_| broken())?.to_vec())),
            None => {
                fields.texts.insert(name, field.text().await.map_err(|_| broken())?);
            }
        }
    }
    Ok(fields)
}

fn broken() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "upload",
        ["The upload broke off, or is larger than 20 MB.", "L'envoi s'est interrompu, ou dépasse 20 Mo."],
        [
            "Send it again; an agreement's text is far smaller than that.",
            "Renvoyez-le ; le texte d'un accord est bien plus petit.",
        ],
    )
}
