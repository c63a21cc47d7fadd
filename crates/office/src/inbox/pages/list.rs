//! The list of mails. It names nobody: whose mail it is shows where it is read, and that is an entry.

use super::{proposal_text, size, state_badge};
use crate::inbox::store::{self, Asked, Mailbox, PAGE_ROWS};
use crate::inbox::{MailRow, State, fetch};
use crate::{App, lists, view, views};
use axum::extract::{Query, State as Shared};
use kernel::Lang;
use maud::{Markup, html};
use reader::mail::Proposal;
use serde::Deserialize;
use web::components::{self, Tone};
use web::{PageError, Visit, page};

/// What the address may ask for.
#[derive(Deserialize, Default)]
pub(crate) struct Filter {
    /// `waiting` (also when absent), `proposed`, `logged`, `filed` or `all`.
    #[serde(default)]
    show: String,
    /// A proposal's word.
    #[serde(default)]
    proposal: String,
    /// The last mail of the page before.
    #[serde(default)]
    before: String,
}

const SHOWN: [&str; 5] = ["waiting", "proposed", "logged", "filed", "all"];

impl Filter {
    /// The one of [`SHOWN`] that is asked for; the first, when it is none of them.
    fn shown(&self) -> &'static str {
        SHOWN.into_iter().find(|word| *word == self.show).unwrap_or(SHOWN[0])
    }

    fn asked(&self) -> Asked {
        let proposal = Proposal::parse(&self.proposal);
        let state = match self.shown() {
            "proposed" => Some(State::Waiting),
            word => State::parse(word),
        };
        let proposed = proposal.map(Some).or((self.shown() == "proposed").then_some(None));
        Asked { state, proposed, before: self.before.parse().ok() }
    }

    fn link(show: &str, proposal: Option<Proposal>, before: Option<&MailRow>) -> String {
        let proposal = proposal.map_or(String::new(), |proposal| format!("&proposal={}", proposal.word()));
        let before = before.map_or(String::new(), |row| format!("&before={}", row.id));
        format!("/inbox?show={show}{proposal}{before}")
    }
}

pub(crate) async fn list(
    Shared(app): Shared<App>,
    visit: Visit,
    Query(filter): Query<Filter>,
) -> Result<Markup, PageError> {
    let lang = visit.lang;
    let text = |key: &str| app.text(lang, key);
    let mut rows = store::list(&mut app.store().read(), &filter.asked()).await?;
    let more = rows.len() > PAGE_ROWS;
    rows.truncate(PAGE_ROWS);
    let several = filter.asked().state == Some(State::Waiting) && app.may(&visit, "inbox.file");
    let mut heads = ["mail-taken-for", "mail-state", "mail-received", "mail-size"].map(text).to_vec();
    if several {
        heads.insert(0, lists::pick_head(&app, &visit));
    }
    let cells: Vec<Vec<Markup>> = rows
        .iter()
        .map(|row| {
            let taken_for = proposal_text(&app, lang, row);
            let mut cells = vec![
                html! { a href={ "/inbox/" (row.id) } { (taken_for) } },
                state_badge(&app, lang, row),
                view::when(row.received_at, lang),
                html! { (size(row.bytes, lang)) },
            ];
            if several {
                cells.insert(0, lists::pick(&app, &visit, row.id.as_str(), &taken_for));
            }
            cells
        })
        .collect();
    let proposal = Proposal::parse(&filter.proposal);
    let query = [("show", filter.show.as_str()), ("proposal", filter.proposal.as_str())];
    let views = views::bar(&app, &visit, "/inbox", &query).await?;
    let body = html! {
        (mailbox(&app, lang).await?)
        (filters(&app, lang, &filter))
        (views)
        @if rows.is_empty() { (components::empty(&text("inbox-empty"), None)) }
        @else if several { (form(&app, &visit, &components::table(&text("inbox-title"), &heads, &cells))) }
        @else { (components::table(&text("inbox-title"), &heads, &cells)) }
        @if let Some(last) = rows.last().filter(|_| more) {
            nav.pager aria-label=(text("inbox-pages")) {
                a rel="next" href=(Filter::link(filter.shown(), proposal, Some(last))) { (text("inbox-older")) }
            }
        }
    };
    Ok(page::page(&app.shell, Some(&visit), &text("inbox-title"), &body))
}

/// The table with what can be done to the mails that are ticked.
fn form(app: &App, visit: &Visit, table: &Markup) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    components::post(
        "/inbox/several/file",
        visit.csrf(),
        &html! {
            (table)
            div.row {
                (components::field("reason", &text("inbox-file-why"), "text", "", true, None))
                button.second type="submit" { (text("inbox-file-several")) }
            }
        },
    )
}

fn filters(app: &App, lang: Lang, filter: &Filter) -> Markup {
    let asked = Proposal::parse(&filter.proposal);
    let current = |on: bool| on.then_some("true");
    html! {
        nav.filters aria-label=(app.text(lang, "inbox-filters")) {
            @for show in SHOWN {
                a href=(Filter::link(show, asked, None)) aria-current=[current(show == filter.shown())] {
                    (app.text(lang, &format!("inbox-show-{show}")))
                }
            }
            span.break {}
            a href=(Filter::link(filter.shown(), None, None)) aria-current=[current(asked.is_none())] {
                (app.text(lang, "inbox-any-proposal"))
            }
            @for proposal in Proposal::ALL {
                a href=(Filter::link(filter.shown(), Some(proposal), None)) aria-current=[current(asked == Some(proposal))] {
                    (app.text(lang, &format!("mail-is-{}", proposal.word())))
                }
            }
        }
    }
}

/// Which mailbox is read, when it was, and what stands in the way.
async fn mailbox(app: &App, lang: Lang) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(lang, key);
    let Some(imap) = &app.inbox else {
        return Ok(components::notice(Tone::Info, &text("inbox-missing"), &text("inbox-missing-remedy")));
    };
    let known = store::mailbox(&mut app.store().read(), &imap.key()).await?;
    Ok(html! {
        p.small { (text("inbox-mailbox")) " " code { (imap.name()) }
            @if let Some(at) = known.looked_at { " · " (text("inbox-looked")) " " (view::when(at, lang)) }
            @if known.remaining > 0 { " · " (known.remaining) " " (text("inbox-remaining")) } }
        @if let Some(fault) = &known.fault { (trouble(app, lang, &known, fault)) }
    })
}

fn trouble(app: &App, lang: Lang, known: &Mailbox, fault: &str) -> Markup {
    let text = |key: &str| app.text(lang, key);
    html! {
        div.notice.late role="alert" {
            p { strong { (text("inbox-trouble")) } " " (text(&format!("inbox-fault-{fault}"))) }
            @if let Some(until) = fetch::due(known) { p { (text("inbox-again")) " " (view::when(until, lang)) } }
        }
    }
}
