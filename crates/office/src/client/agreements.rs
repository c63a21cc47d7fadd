//! The agreements of a controller: what is promised, in which words of the document, and the document itself.

use super::{mine, text};
use crate::agreements::{self, AgreementRow, Said, State, find_of, of_controller};
use crate::duties::{self, PromiseRow};
use crate::{App, view};
use agreement::file::{AgreementFile, FileTerm};
use agreement::names::{TERMS, TermName};
use agreement::reading::State as Firmness;
use axum::extract::{Path, State as Shared};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use web::{PageError, Visit, components, page};

pub(super) async fn list(Shared(app): Shared<App>, visit: Visit) -> Result<Markup, PageError> {
    let text = text(&app, &visit);
    let known = of_controller(&mut app.store().read(), &mine(&visit)?).await?;
    let body = html! {
        @if known.is_empty() { (components::empty(&text("client-agreements-none"), None)) }
        @else { (versions(&app, &visit, &known, None)) }
    };
    Ok(page::page(&app.shell, Some(&visit), &text("nav-client-agreements"), &body))
}

fn versions(app: &App, visit: &Visit, known: &[AgreementRow], here: Option<&AgreementRow>) -> Markup {
    let text = text(app, visit);
    let heads = ["agreement-title", "agreement-state", "agreement-in-force-at", "agreement-document"].map(&text);
    let row = |row: &AgreementRow| {
        let this = here.is_some_and(|here| here.id == row.id);
        vec![
            html! { @if this { (row.title) } @else { a href={ "/client/agreements/" (row.id) } { (row.title) } } },
            agreements::state_badge(app, visit.lang, row.state),
            html! { @if let Some(at) = row.in_force_at { (view::when(at, visit.lang)) } @else { "–" } },
            html! { (row.file_name) },
        ]
    };
    components::table(&text("client-versions"), &heads, &known.iter().map(row).collect::<Vec<_>>())
}

/// The agreement of this address, if it is theirs.
async fn found(app: &App, visit: &Visit, key: &str) -> Result<AgreementRow, PageError> {
    let id = key.parse().map_err(|_| PageError::NotFound)?;
    find_of(&mut app.store().read(), &mine(visit)?, &id).await?.ok_or(PageError::NotFound)
}

pub(super) async fn one(Shared(app): Shared<App>, visit: Visit, Path(key): Path<String>) -> Result<Markup, PageError> {
    let text = text(&app, &visit);
    let row = found(&app, &visit, &key).await?;
    let file = agreements::file_of(app.store(), &row.id).await.map_err(|refusal| refusal.page(visit.lang))?;
    let known = of_controller(&mut app.store().read(), &row.controller).await?;
    let promises = duties::store::promised_to(&mut app.store().read(), &row.controller, &row.id).await?;
    let body = html! {
        @if row.state == State::Replaced { (components::notice(components::Tone::Info, &text("client-replaced"), &text("client-replaced-text"))) }
        (components::facts(&facts(&app, &visit, &row)))
        h2 { (text("client-terms")) }
        p { (text("client-terms-lead")) }
        (terms(&app, &visit, &row, &file))
        h2 { (text("client-kept")) }
        p { (text("client-kept-lead")) }
        (keeping(&app, &visit, &promises))
        h2 { (text("client-versions")) }
        (versions(&app, &visit, &known, Some(&row)))
    };
    let action = html! { a.button href={ "/client/agreements/" (row.id) "/document" } { (text("client-document")) } };
    Ok(page::with_action(&app.shell, Some(&visit), &row.title, Some(action), &body))
}

fn facts(app: &App, visit: &Visit, row: &AgreementRow) -> Vec<(String, Markup)> {
    let text = text(app, visit);
    vec![
        (text("agreement-state"), agreements::state_badge(app, visit.lang, row.state)),
        (
            text("agreement-in-force-at"),
            html! { @if let Some(at) = row.in_force_at { (view::when(at, visit.lang)) } @else { "–" } },
        ),
        (text("agreement-document"), html! { (row.file_name) }),
        (text("agreement-language"), html! { (row.language.to_uppercase()) }),
        (text("agreement-hash"), html! { code { (row.document) } }),
        (
            text("client-file"),
            html! { a href={ "/client/agreements/" (row.id) "/file" } { (text("client-file-take")) } },
        ),
    ]
}

/// What the agreement says, term by term, each with the words it was read from; then what it is silent on.
fn terms(app: &App, visit: &Visit, row: &AgreementRow, file: &AgreementFile) -> Markup {
    let text = text(app, visit);
    let said = |term: &&TermName| file.term(term.name).is_some_and(|said| said.state != Firmness::Silent);
    let (said, silent): (Vec<&TermName>, Vec<&TermName>) = TERMS.iter().partition(said);
    let heads = ["client-term", "client-says", "client-words"].map(&text);
    let rows: Vec<Vec<Markup>> = said
        .iter()
        .filter_map(|name| {
            let term = file.term(name.name)?;
            Some(vec![
                html! { (visit.lang.pick(name.en, name.fr)) br; span.quiet.small { (visit.lang.pick("Art. ", "art. ")) (name.law) } },
                html! { (Said::of(Some(term)).words(name.shape, visit.lang)) },
                cited(row, term),
            ])
        })
        .collect();
    html! {
        @if rows.is_empty() { (components::empty(&text("client-terms-none"), None)) }
        @else { (components::table(&text("client-terms"), &heads, &rows)) }
        @if !silent.is_empty() {
            details { summary { (text("client-silent")) " (" (silent.len()) ")" }
                ul { @for name in &silent { li { (visit.lang.pick(name.en, name.fr)) } } } }
        }
    }
}

/// How each promise stands now: the state and the next day, without what we noted to show it.
fn keeping(app: &App, visit: &Visit, promises: &[PromiseRow]) -> Markup {
    let text = text(app, visit);
    let heads = ["client-promise", "client-promise-state", "client-promise-due"].map(&text);
    let row = |promise: &PromiseRow| {
        let state = duties::keeping(promise, visit.now);
        let running = promise.duties.iter().filter(|duty| duty.ended_at.is_none());
        let due = running.filter_map(|duty| duty.other_due.or(duty.own_due)).min();
        vec![
            html! { (promise.title(visit.lang)) @if promise.made.owed_by == "controller" { " " span.quiet { (text("client-promise-yours")) } } },
            components::badge(state.tone(), &text(&format!("keeping-{}", state.word()))),
            html! { @match due { Some(due) => { (view::due(due, visit.lang)) } None => "–" } },
        ]
    };
    if promises.is_empty() {
        return components::empty(&text("client-kept-none"), None);
    }
    components::table(&text("client-kept"), &heads, &promises.iter().map(row).collect::<Vec<_>>())
}

/// Where the document says it, and its words.
fn cited(row: &AgreementRow, term: &FileTerm) -> Markup {
    html! {
        @if let Some(clause) = &term.clause { span.quiet.small { "§ " (clause) } br; }
        @if !term.text.trim().is_empty() { q lang=(row.language) { (term.text.trim()) } } @else { "–" }
    }
}

pub(super) async fn document(
    Shared(app): Shared<App>,
    visit: Visit,
    Path(key): Path<String>,
) -> Result<Response, PageError> {
    let row = found(&app, &visit, &key).await?;
    let bytes = app.store().blob(&row.document).await?;
    Ok(download(&file_name(&row), bytes))
}

pub(super) async fn file(
    Shared(app): Shared<App>,
    visit: Visit,
    Path(key): Path<String>,
) -> Result<Response, PageError> {
    let row = found(&app, &visit, &key).await?;
    let file = agreements::file_of(app.store(), &row.id).await.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(download(&format!("{}.agreement.toml", row.id), file.to_toml().into_bytes()))
}

/// The name to keep the document under: ours, with the letters of its own ending; the name of an upload is somebody's words.
pub(super) fn file_name(row: &AgreementRow) -> String {
    let ending = row.file_name.rsplit_once('.').map_or("bin", |(_, ending)| ending);
    let plain: String = ending.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
    format!("{}.{plain}", row.id)
}

/// A file to keep: never shown in the browser, whatever is in it.
pub(super) fn download(name: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, bytes).into_response()
}
