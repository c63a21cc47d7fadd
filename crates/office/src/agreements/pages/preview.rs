//! Importing, second step: what was understood of the document, before anything is recorded; and with whom
//! the agreement is.

use super::import::PASTED;
use super::{id, state_badge};
use crate::agreements::uploads::{self, Upload};
use crate::agreements::{AgreementRow, Party};
use crate::parties::{self, NewController};
use crate::{App, Refusal, calendars, view};
use agreement::reading::{DocumentKind, Reading};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::Lang;
use maud::{Markup, html};
use std::collections::{BTreeMap, HashMap};
use web::components::{self, Tone};
use web::{PageError, Posted, Visit};

/// What was understood, and the form that imports.
pub(super) async fn page(
    app: &App,
    visit: &Visit,
    upload: &str,
    refused: Option<&Refusal>,
    typed: &HashMap<String, String>,
) -> Result<Markup, PageError> {
    let lang = visit.lang;
    let upload = uploads::find(&mut app.store().read(), app.now(), &visit.actor(), &id(upload)?)
        .await?
        .ok_or(PageError::NotFound)?;
    let study = uploads::study_of(&mut app.store().read(), &upload).await.map_err(|refusal| refusal.page(lang))?;
    let same = uploads::known(&mut app.store().read(), &upload).await?;
    let known = parties::list(&mut app.store().read()).await?;
    let places = calendars::table(&mut app.store().read()).await?;
    let text = |key: &str| app.text(lang, key);
    let form = Form { app, visit, upload: &upload, reading: &study.reading, same: &same, typed };
    let body = html! {
        @if let Some(refusal) = refused {
            div.notice.late role="alert" { p { strong { (refusal.message(lang)) } } p { (refusal.remedy(lang)) } }
        }
        (form.warnings())
        div.two.even {
            section aria-labelledby="understood" {
                h2 id="understood" { (text("preview-understood")) }
                (components::facts(&form.facts()))
                details {
                    summary { (text("preview-text")) }
                    div.card.text.begin lang=(study.reading.document.language) { (beginning(&study.text)) }
                }
            }
            section aria-labelledby="with-whom" {
                h2 id="with-whom" { (text("preview-with-whom")) }
                (form.fields(&known, &places))
            }
        }
    };
    Ok(web::page::page(&app.shell, Some(visit), &text("preview-title"), &body))
}

/// Enough to see whether it is the right document.
fn beginning(text: &str) -> &str {
    const BYTES: usize = 2_000;
    let end = (0..=BYTES.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    &text[..end]
}

struct Form<'a> {
    app: &'a App,
    visit: &'a Visit,
    upload: &'a Upload,
    reading: &'a Reading,
    same: &'a [AgreementRow],
    typed: &'a HashMap<String, String>,
}

impl Form<'_> {
    fn text(&self, key: &str) -> String {
        self.app.text(self.visit.lang, key)
    }

    fn warnings(&self) -> Markup {
        let lang = self.visit.lang;
        let kind = self.reading.document.kind;
        html! {
            @if !matches!(kind, DocumentKind::ProcessorAgreement | DocumentKind::Mixed) {
                (components::notice(Tone::Warn, &self.text("preview-no-agreement"), &self.text("preview-no-agreement-remedy")))
            }
            @if !self.same.is_empty() {
                div.notice.info {
                    p { strong { (self.text("preview-known")) } }
                    ul.plain { @for row in self.same { li { a href={ "/agreements/" (row.id) } { (row.title) } " · " (row.controller_name) " · " (view::when(row.imported_at, lang)) " " (state_badge(self.app, lang, row.state)) } } }
                }
            }
        }
    }

    fn facts(&self) -> Vec<(String, Markup)> {
        let (lang, document) = (self.visit.lang, &self.reading.document);
        let kind = self.kind();
        let said = self.reading.terms.iter().filter(|term| term.span.is_some()).count();
        let count = [("count", said.to_string()), ("all", self.reading.terms.len().to_string())];
        let mut facts = vec![
            (self.text("agreement-document"), html! { (self.upload.file_name) }),
            (self.text("agreement-kind"), html! { (self.text(&format!("document-{kind}"))) }),
            (self.text("agreement-language"), html! { (self.text(&format!("language-{}", document.language))) }),
        ];
        for (role, key) in [("controller", "preview-controller"), ("processor", "preview-processor")] {
            facts.push((self.text(key), self.party(role)));
        }
        facts.push((self.text("review-terms"), html! { (self.app.shell.texts.with(lang, "preview-terms", &count)) }));
        facts.push((self.text("preview-words"), html! { (document.words) }));
        if self.reading.notes.has("cut.subprocessors") {
            let listed = [("count", self.reading.subprocessors.len().to_string())];
            let words = self.app.shell.texts.with(lang, "preview-cut", &listed);
            facts.push((self.text("preview-subprocessors"), html! { (words) }));
        }
        facts
    }

    /// Whom the text names in a role, and how it calls them.
    fn party(&self, role: &str) -> Markup {
        let named: Vec<_> = self.reading.parties.iter().filter(|party| party.role == role).collect();
        html! {
            @if named.is_empty() { span.quiet { (self.text("preview-nobody")) } }
            @for (at, party) in named.iter().enumerate() {
                @if at > 0 { br; }
                (party.name)
                @if !party.called.is_empty() { span.quiet { " (“" (party.called.join("”, “")) "”)" } }
            }
        }
    }

    /// The controller's name as the text has it.
    fn named(&self) -> &str {
        self.reading.parties.iter().find(|party| party.role == "controller").map_or("", |party| party.name.as_str())
    }

    /// The file's name; of a pasted text, what it is and with whom.
    fn title(&self) -> String {
        let stem = self.upload.file_name.rsplit_once('.').map_or(self.upload.file_name.as_str(), |(stem, _)| stem);
        if self.upload.file_name != PASTED {
            return stem.to_owned();
        }
        let kind = view::sentence(&self.text(&format!("document-{}", self.kind())));
        let kind = kind.trim_end_matches('.');
        if self.named().is_empty() { kind.to_owned() } else { format!("{kind}, {}", self.named()) }
    }

    fn kind(&self) -> String {
        let kind = serde_json::to_value(self.reading.document.kind).ok();
        kind.and_then(|kind| kind.as_str().map(str::to_owned)).unwrap_or_default()
    }

    fn typed(&self, name: &str, otherwise: &str) -> String {
        self.typed.get(name).cloned().unwrap_or_else(|| otherwise.to_owned())
    }

    fn fields(&self, known: &[parties::Controller], table: &kernel::calendar::Table) -> Markup {
        let named = self.named();
        let matching = known.iter().find(|party| alike(&party.name, named)).map(|party| party.id.to_string());
        let mut options = vec![(String::new(), self.text("import-new-controller"))];
        options.extend(known.iter().map(|party| (party.id.to_string(), party.name.clone())));
        let languages = Lang::ALL.map(|lang| (lang.code().to_owned(), self.text(&format!("language-{}", lang.code()))));
        let places = table.codes().map(|code| (code.to_owned(), code.to_owned())).collect::<Vec<_>>();
        let fresh = if matching.is_some() { "" } else { named };
        components::post(
            "/agreements/import",
            self.visit.csrf(),
            &html! {
                input type="hidden" name="upload" value=(self.upload.id);
                (components::field("title", &self.text("agreement-title"), "text", &self.typed("title", &self.title()), false, Some(&self.text("import-title-hint"))))
                (components::select("controller", &self.text("preview-who"), &options, &self.typed("controller", &matching.unwrap_or_default())))
                fieldset {
                    legend { (self.text("import-new-controller")) }
                    (components::field("name", &self.text("party-name"), "text", &self.typed("name", fresh), false, None))
                    (components::field("contact", &self.text("party-contact"), "email", &self.typed("contact", ""), false, None))
                    (components::select("lang", &self.text("party-language"), &languages, &self.typed("lang", &self.reading.document.language)))
                    (components::select("place", &self.text("party-place"), &places, &self.typed("place", "FR")))
                }
                @if !self.same.is_empty() {
                    p { label { input type="checkbox" name="again" value="yes" checked[self.typed.contains_key("again")]; (self.text("preview-again")) } }
                }
                (components::submit(&self.text("preview-import"))) " "
                a.button.second href="/agreements/new" { (self.text("preview-other")) }
            },
        )
    }
}

/// Whether a known name is the one in the text: legal forms and case aside.
fn alike(known: &str, named: &str) -> bool {
    let (known, named) = (known.trim().to_lowercase(), named.trim().to_lowercase());
    !known.is_empty() && !named.is_empty() && (named == known || named.starts_with(&format!("{known} ")))
}

/// Imports what was sent.
pub(crate) async fn import(
    State(app): State<App>,
    visit: Visit,
    Posted(fields): Posted<BTreeMap<String, String>>,
) -> Result<Response, PageError> {
    let field = |name: &str| fields.get(name).map_or("", |value| value.trim());
    let upload = id(field("upload"))?;
    let done = match party(&fields) {
        Ok(party) => {
            let again = field("again") == "yes";
            uploads::import(app.store(), visit.now, visit.actor(), &upload, &party, field("title"), again).await
        }
        Err(refusal) => Err(refusal),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/agreements/{upload}/review")).into_response()),
        Err(refusal) => {
            let typed = fields.clone().into_iter().collect();
            let shown = page(&app, &visit, field("upload"), Some(&refusal), &typed).await?;
            Ok((refusal.status(), shown).into_response())
        }
    }
}

fn party(fields: &BTreeMap<String, String>) -> Result<Party, Refusal> {
    let text = |name: &str| fields.get(name).map_or("", |value| value.trim());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_controller_is_recognised_in_the_text() {
        for (known, named, same) in [
            ("Moselle Cycles", "Moselle Cycles SA", true),
            ("moselle cycles", "Moselle Cycles", true),
            ("Moselle", "Mosellette SA", false),
            ("Moselle Cycles", "", false),
        ] {
            assert_eq!(alike(known, named), same, "{known} {named}");
        }
    }
}
