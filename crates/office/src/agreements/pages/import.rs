//! Importing, first step: a document is sent as a file or pasted, and read.

use super::preview;
use crate::agreements::uploads;
use crate::{App, Kind, Refusal};
use axum::extract::{Multipart, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::HashMap;
use web::components;
use web::{PageError, Visit, form::same, page};

#[derive(Deserialize)]
pub(crate) struct Asked {
    /// The document that was sent.
    #[serde(default)]
    upload: String,
}

/// The form; once a document is sent, what was understood of it.
pub(crate) async fn form(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Markup, PageError> {
    if !asked.upload.is_empty() {
        return preview::page(&app, &visit, &asked.upload, None, &HashMap::new()).await;
    }
    Ok(blank(&app, &visit, None, ""))
}

/// The form, with why the last document was not taken, and the pasted text as it was.
fn blank(app: &App, visit: &Visit, refused: Option<&Refusal>, pasted: &str) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let body = html! {
        @if let Some(refusal) = refused {
            div.notice.late role="alert" { p { strong { (refusal.message(visit.lang)) } } p { (refusal.remedy(visit.lang)) } }
        }
        p { (text("import-intro")) }
        form method="post" action="/agreements/new" enctype="multipart/form-data" {
            input type="hidden" name="csrf" value=(visit.csrf());
            div.field {
                label for="file" { (text("import-file")) }
                p.hint id="file-hint" { (app.shell.texts.with(visit.lang, "import-file-hint", &[("most", most())])) }
                input id="file" name="file" type="file" accept=(ACCEPTED) aria-describedby="file-hint";
            }
            div.field.wide {
                label for="pasted" { (text("import-paste")) }
                p.hint id="pasted-hint" { (text("import-paste-hint")) }
                textarea id="pasted" name="pasted" aria-describedby="pasted-hint" { (pasted) }
            }
            (components::submit(&text("import-submit")))
        }
    };
    page::page(&app.shell, Some(visit), &text("agreement-import"), &body)
}

/// The endings of what is read.
const ACCEPTED: &str = ".txt,.md,.html,.htm,.docx,.odt,.pdf";
/// A pasted text longer than this is not sent back with why it was refused.
const ECHO_BYTES_MAX: usize = 200_000;
/// Parts an upload has at most: a document, a text, a token.
const PARTS_MAX: usize = 10;
/// The name of a pasted text.
pub(super) const PASTED: &str = "pasted.txt";

#[derive(Default)]
struct Fields {
    texts: HashMap<String, String>,
    file: Option<(String, Vec<u8>)>,
}

pub(crate) async fn upload(State(app): State<App>, visit: Visit, multipart: Multipart) -> Result<Response, PageError> {
    let fields = read(multipart).await.map_err(|refusal| refusal.page(visit.lang))?;
    let text = |name: &str| fields.texts.get(name).map_or("", |value| value.as_str());
    if !same(text("csrf"), visit.csrf()) {
        return Err(PageError::Forged);
    }
    let (file_name, bytes) = match fields.file.clone() {
        Some((name, bytes)) if !bytes.is_empty() || text("pasted").trim().is_empty() => (name, bytes),
        _ => (PASTED.to_owned(), text("pasted").as_bytes().to_vec()),
    };
    match uploads::keep(&app, visit.actor(), &plain(&file_name), bytes).await {
        Ok(id) => Ok(Redirect::to(&format!("/agreements/new?upload={id}")).into_response()),
        Err(refusal) => {
            let pasted = Some(text("pasted")).filter(|pasted| pasted.len() <= ECHO_BYTES_MAX).unwrap_or_default();
            Ok((refusal.status(), blank(&app, &visit, Some(&refusal), pasted)).into_response())
        }
    }
}

/// A file's name without folders and control characters; some browsers send neither, some both.
fn plain(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = name.chars().filter(|letter| !letter.is_control()).take(200).collect();
    if kept.trim().is_empty() { PASTED.to_owned() } else { kept }
}

async fn read(mut multipart: Multipart) -> Result<Fields, Refusal> {
    let mut fields = Fields::default();
    let mut parts = 0;
    while let Some(field) = multipart.next_field().await.map_err(|_| broken())? {
        parts += 1;
        if parts > PARTS_MAX {
            return Err(broken());
        }
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

/// The most that is read of a document, in megabytes: the one figure every text tells.
fn most() -> String {
    (reader::BYTES_MAX / 1_000_000).to_string()
}

fn broken() -> Refusal {
    let most = most();
    let [en, fr] = [
        format!("The upload broke off, or is larger than {most} MB."),
        format!("L'envoi s'est interrompu, ou dépasse {most} Mo."),
    ];
    Refusal::new(
        Kind::Invalid,
        "upload",
        [&en, &fr],
        [
            "Send it again; an agreement's text is far smaller than that.",
            "Renvoyez-le ; le texte d'un accord est bien plus petit.",
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_names() {
        for (sent, kept) in [
            ("C:\\Users\\me\\DPA 2026.txt", "DPA 2026.txt"),
            ("../../etc/passwd", "passwd"),
            ("a\0b\n.txt", "ab.txt"),
            ("", PASTED),
        ] {
            assert_eq!(plain(sent), kept);
        }
    }
}
