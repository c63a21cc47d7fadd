//! Everything the reader is sure of, listed, and confirmed in one step; each still makes an entry of its own.

use super::id;
use super::review::{short, term_path};
use crate::App;
use crate::agreements::{self, Decision, Item, Review, Step};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use std::collections::BTreeMap;
use web::components;
use web::{PageError, Posted, Visit, page};

pub(crate) async fn form(State(app): State<App>, visit: Visit, Path(key): Path<String>) -> Result<Markup, PageError> {
    let lang = visit.lang;
    let review = Review::load(app.store(), &id(&key)?).await.map_err(|refusal| refusal.page(lang))?;
    let (said, silent): (Vec<Item<'_>>, Vec<Item<'_>>) =
        listed(&review).into_iter().partition(|item| item.read.is_some());
    let path = format!("/agreements/{}/review", review.row.id);
    let text = |key: &str| app.text(lang, key);
    let body = html! {
        p { a href=(path) { (text("review-back")) } " · " (review.row.controller_name) }
        @if said.is_empty() && silent.is_empty() { (components::empty(&text("sure-none"), Some((&path, &text("review-back"))))) }
        @else {
            p { (text("sure-intro")) }
            @if !said.is_empty() { (table(&app, &visit, &review, &said)) }
            @if !silent.is_empty() {
                h2 { (text("sure-silent")) }
                ul.plain.inline { @for item in &silent { li { a href=(term_path(&review.row.id, item.name)) { (lang.pick(item.name.en, item.name.fr)) } } } }
            }
            (components::post(&format!("{path}/sure"), visit.csrf(), &html! {
                @for item in said.iter().chain(&silent) { input type="hidden" name={ "seen:" (item.name.name) } value=(item.number); }
                button type="submit" { (app.shell.texts.with(lang, "sure-confirm", &[("count", (said.len() + silent.len()).to_string())])) }
            }))
        }
    };
    Ok(page::page(&app.shell, Some(&visit), &text("sure-title"), &body))
}

fn listed(review: &Review) -> Vec<Item<'_>> {
    let open = review.open();
    review.items().into_iter().filter(|item| open && item.sure()).collect()
}

fn table(app: &App, visit: &Visit, review: &Review, items: &[Item<'_>]) -> Markup {
    let lang = visit.lang;
    let heads = ["sure-term", "term-value", "term-quote"].map(|key| app.text(lang, key));
    let quote = |item: &Item<'_>| item.said.span.map(|span| short(&review.study.quote(span))).unwrap_or_default();
    let rows: Vec<Vec<Markup>> = items
        .iter()
        .map(|item| {
            vec![
                html! { a href=(term_path(&review.row.id, item.name)) { (lang.pick(item.name.en, item.name.fr)) } },
                html! { (item.said.words(item.name.shape, lang)) },
                html! { span lang=(review.row.language) { "“" (quote(item)) "”" } @if let Some(clause) = &item.said.clause { " " span.quiet { (clause) } } },
            ]
        })
        .collect();
    components::table(&app.text(lang, "sure-title"), &heads, &rows)
}

pub(crate) async fn post(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
    Posted(fields): Posted<BTreeMap<String, String>>,
) -> Result<Response, PageError> {
    let id = id(&key)?;
    let decision = |(name, seen): (&String, &String)| {
        let term = name.strip_prefix("seen:")?.to_owned();
        Some(Decision { term, seen: Some(seen.parse().ok()?), step: Step::Confirm })
    };
    let decisions: Vec<Decision> = fields.iter().filter_map(decision).collect();
    let done = agreements::decide_terms(app.store(), visit.now, visit.actor(), &id, decisions).await;
    done.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to(&format!("/agreements/{id}/review?show=todo")).into_response())
}
