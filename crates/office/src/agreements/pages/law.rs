//! Which law counts an agreement's periods: explained, and chosen once.

use super::id;
use crate::agreements::store;
use crate::{App, Refusal, calendars};
use axum::extract::{Path, State as Shared};
use axum::response::Redirect;
use kernel::clock::Law;
use maud::{Markup, html};
use serde::Deserialize;
use web::components::{self, Tone};
use web::{PageError, Posted, Visit, page};

pub(crate) async fn form(Shared(app): Shared<App>, visit: Visit, Path(key): Path<String>) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let mut read = app.store().read();
    let row = store::find(&mut read, &id(&key)?).await?.ok_or(PageError::NotFound)?;
    let chosen = calendars::law_of(&mut read, &row.id).await?;
    let may = app.may(&visit, "agreements.choose-law");
    let body = html! {
        p { a href={ "/agreements/" (row.id) } { (row.title) } }
        p { (text("law-why")) }
        @match chosen {
            Some(law) => { (components::notice(Tone::Ok, &text(&format!("law-{}", law.word())), &text(&format!("law-{}-text", law.word())))) }
            None => { (components::notice(Tone::Info, &text("law-none"), "")) (laws(&app, &visit, row.id.as_ref(), may)) }
        }
    };
    Ok(page::page(&app.shell, Some(&visit), &text("law-title"), &body))
}

fn laws(app: &App, visit: &Visit, agreement: &str, may: bool) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let explained = html! {
        @for law in Law::ALL {
            label.say {
                @if may { input type="radio" name="law" value=(law.word()) required; }
                span { strong { (text(&format!("law-{}", law.word()))) } br; (text(&format!("law-{}-text", law.word()))) }
            }
        }
    };
    if !may {
        return explained;
    }
    components::post(
        &format!("/agreements/{agreement}/law"),
        visit.csrf(),
        &html! {
            fieldset { legend { (text("law-title")) } (explained) }
            (components::field("reason", &text("calendar-reason"), "text", "", true, None))
            (components::submit(&text("law-choose")))
        },
    )
}

#[derive(Deserialize)]
pub(crate) struct Chosen {
    #[serde(default)]
    law: String,
    reason: String,
}

pub(crate) async fn choose(
    Shared(app): Shared<App>,
    visit: Visit,
    Path(key): Path<String>,
    Posted(given): Posted<Chosen>,
) -> Result<Redirect, PageError> {
    let id = id(&key)?;
    chosen(&app, &visit, &id, &given).await.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to(&format!("/agreements/{id}/law")))
}

async fn chosen(app: &App, visit: &Visit, id: &kernel::AgreementId, given: &Chosen) -> Result<(), Refusal> {
    let law = Law::parse(&given.law).ok_or_else(|| Refusal::not_found("law of periods", "loi des délais"))?;
    let mut tx = app.store().begin(visit.now, visit.actor()).await?;
    let row = store::must_find(&mut tx, id).await?;
    calendars::choose_law(&mut tx, &row.controller, id, law, &given.reason).await?;
    Ok(tx.commit().await?)
}
