//! One term: the text on the left, each sentence of which can be chosen as what says it; on the right what was
//! read, and what a person may decide. Forms only: choosing a sentence is choosing a radio button.

use super::review::{badges, has_default, made_text, short, term_path};
use super::text::{self, page_of};
use super::{controls, id};
use crate::agreements::{self, Decision, DecisionRow, Item, Made, Review, Said, Step, Written, state_of};
use crate::{App, Refusal, accounts, view};
use agreement::names::{self, TermName};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{AccountId, AgreementId, Lang};
use maud::{Markup, html};
use reader::Passage;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use web::components;
use web::{PageError, Posted, Visit, page};

/// What a form brought.
pub(super) type Fields = BTreeMap<String, String>;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    /// The page of the text, from 1; that of the citation when none is named.
    #[serde(default)]
    page: String,
    /// The term that was just decided.
    #[serde(default)]
    done: String,
}

pub(crate) async fn form(
    State(app): State<App>,
    visit: Visit,
    Path((key, term)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Markup, PageError> {
    let name = names::find(&term).ok_or(PageError::NotFound)?;
    let review = Review::load(app.store(), &id(&key)?).await.map_err(|refusal| refusal.page(visit.lang))?;
    show(&app, &visit, &review, name, &asked, None, &Fields::new()).await
}

async fn show(
    app: &App,
    visit: &Visit,
    review: &Review,
    name: &'static TermName,
    asked: &Asked,
    refused: Option<&Refusal>,
    typed: &Fields,
) -> Result<Markup, PageError> {
    let item = review.item(name);
    let people = accounts::list(&mut app.store().read()).await?;
    let names: HashMap<AccountId, String> = people.into_iter().map(|account| (account.id, account.name)).collect();
    let view = View { app, visit, review, item: &item, typed, people: &names };
    let pages = text::pages(&review.study);
    let cited = item.said.span.or(item.read.and_then(|term| term.span)).map(|span| review.study.range(span));
    let home = cited.as_ref().map_or(1, |range| page_of(&pages, range.start));
    let current = asked.page.parse().unwrap_or(home).clamp(1, pages.len());
    let body = html! {
        p { a href={ "/agreements/" (review.row.id) "/review" } { (app.text(visit.lang, "review-back")) } " · " (review.row.controller_name) }
        @if let Some(refusal) = refused {
            div.notice.late role="alert" { p { strong { (refusal.message(visit.lang)) } } p { (refusal.remedy(visit.lang)) } }
        }
        (view.done(&asked.done))
        div.panes.fixed {
            section.pane tabindex="0" aria-label=(app.text(visit.lang, "review-text")) { (view.sentences(&pages, current, cited.as_ref())) }
            section.pane id="term" tabindex="0" aria-label=(visit.lang.pick(name.en, name.fr)) { (view.panel()) }
        }
    };
    Ok(page::page(&app.shell, Some(visit), visit.lang.pick(name.en, name.fr), &body))
}

struct View<'a> {
    app: &'a App,
    visit: &'a Visit,
    review: &'a Review,
    item: &'a Item<'a>,
    typed: &'a Fields,
    people: &'a HashMap<AccountId, String>,
}

impl View<'_> {
    fn text(&self, key: &str) -> String {
        self.app.text(self.visit.lang, key)
    }

    fn path(&self) -> String {
        term_path(&self.review.row.id, self.item.name)
    }

    /// What was decided on the page before.
    fn done(&self, term: &str) -> Markup {
        let Some(name) = names::find(term).filter(|name| name.name != self.item.name.name) else { return html! {} };
        let (item, lang) = (self.review.item(name), self.visit.lang);
        let made = item.decided.map_or(Made::Undone, |row| row.made);
        html! {
            div.notice.ok role="status" {
                p {
                    a href=(term_path(&self.review.row.id, name)) { (lang.pick(name.en, name.fr)) } ": "
                    (made_text(self.app, made, lang)) ", " (item.said.words(name.shape, lang)) ". " (self.text("review-next"))
                }
            }
        }
    }

    /// The text, a page of it; each sentence can be chosen while the review is open.
    fn sentences(&self, pages: &[Range<usize>], current: usize, cited: Option<&Range<usize>>) -> Markup {
        let study = &self.review.study;
        let pager = text::pager(&self.text("review-pages"), pages.len(), current, &|page| {
            format!("{}?page={page}", self.path())
        });
        let page = &pages[current - 1];
        html! {
            p.jump { a href="#term" { (self.text("review-to-term")) } }
            @if self.review.open() { p.hint { (self.text("review-choose")) } }
            (pager)
            @for (index, passage, range) in text::passages(study, page) {
                div.card.text id={ "clause-" (index) } lang=(self.review.row.language) {
                    @if self.review.open() && !passage.sentences.is_empty() { (self.choices(passage, &range, cited)) }
                    @else { (study.text.get(range).unwrap_or_default()) }
                }
            }
            (pager)
        }
    }

    /// The sentences of a clause as radio buttons of the correction's form, with what lies between them.
    fn choices(&self, passage: &Passage, within: &Range<usize>, cited: Option<&Range<usize>>) -> Markup {
        let words = |range: Range<usize>| self.review.study.text.get(range).unwrap_or_default();
        let (sentences, title) = (&passage.sentences, passage.title.as_ref());
        let here: Vec<&Range<usize>> =
            sentences.iter().filter(|sentence| within.start <= sentence.start && sentence.start < within.end).collect();
        let before = std::iter::once(within.start).chain(here.iter().map(|sentence| sentence.end));
        let last = here.last().map_or(within.start, |sentence| sentence.end);
        html! {
            @for (sentence, before) in here.iter().zip(before) {
                @let value = format!("{}-{}", sentence.start, sentence.end);
                @let mark = words(before..sentence.start).trim();
                @if title.is_some_and(|title| title.trim() == words((*sentence).clone()).trim()) { (between(&format!("{mark} {}", words((*sentence).clone())))) }
                @else {
                    label.say id=[cited.filter(|cited| sentence.contains(&cited.start)).map(|_| "cited")] {
                        input type="radio" name="at" form="correct" value=(value) checked[self.typed.get("at") == Some(&value)];
                        span { @if !mark.is_empty() { span.quiet { (mark) " " } } (self.cited_in(sentence, cited)) }
                    }
                }
            }
            (between(words(last..within.end.max(last))))
        }
    }

    /// A sentence with the cited words marked.
    fn cited_in(&self, sentence: &Range<usize>, cited: Option<&Range<usize>>) -> Markup {
        let words = |range: Range<usize>| self.review.study.text.get(range).unwrap_or_default();
        let cited = cited.map(|cited| cited.start.max(sentence.start)..cited.end.min(sentence.end));
        match cited.filter(|cited| cited.start < cited.end) {
            None => html! { (words(sentence.clone())) },
            Some(cited) => {
                html! { (words(sentence.start..cited.start)) mark { (words(cited.clone())) } (words(cited.end..sentence.end)) }
            }
        }
    }

    fn panel(&self) -> Markup {
        let (item, lang) = (self.item, self.visit.lang);
        html! {
            p { strong.big { (item.said.words(item.name.shape, lang)) } " " (badges(self.app, item, lang)) }
            (components::facts(&self.facts()))
            @if self.review.open() {
                (self.confirm())
                (self.conflict())
                (self.default())
                (self.correct())
                (self.not_said())
            }
            (self.history())
        }
    }

    fn facts(&self) -> Vec<(String, Markup)> {
        let (item, lang) = (self.item, self.visit.lang);
        let as_read = Said::of(item.read);
        let mut facts = vec![(
            self.text("term-read"),
            html! { (as_read.words(item.name.shape, lang)) @if as_read.value.is_some() { " · " (agreement::text::state_text(as_read.state, lang)) } },
        )];
        if let Some(span) = item.said.span {
            let clause = item.said.clause.clone().unwrap_or_default();
            let quoted = html! { span lang=(self.review.row.language) { "“" (short(&self.review.study.quote(span))) "”" } @if !clause.is_empty() { " · " (self.text("term-clause")) " " (clause) } };
            facts.push((self.text("term-quote"), quoted));
        }
        if let Some(required) = item.required {
            let law = required.law(lang);
            facts.push((self.text("term-law"), html! { (required.finding().asks.get(lang)) " " span.quiet { (law) } }));
        }
        if let Some(code) = item.decided.and_then(|row| row.accepted.as_deref()) {
            facts.push((self.text("term-accepted"), html! { code { (code) } }));
        }
        facts
    }

    fn post(&self, body: &Markup) -> Markup {
        components::post(
            &self.path(),
            self.visit.csrf(),
            &html! { input type="hidden" name="seen" value=(self.item.number); (body) },
        )
    }

    fn button(&self, act: &str, key: &str, second: bool) -> Markup {
        html! { button.second[second] type="submit" name="act" value=(act) { (self.text(key)) } }
    }

    fn confirm(&self) -> Markup {
        match self.item {
            item if item.decided.is_some() => {
                html! { div.acts { (self.post(&self.button("undo", "review-undo", true))) } }
            }
            item if item.confirmable() => {
                html! { div.acts { (self.post(&self.button("confirm", "review-confirm", false))) } }
            }
            _ => html! {},
        }
    }

    /// The sides of a contradiction, each to be chosen.
    fn conflict(&self) -> Markup {
        let (item, lang) = (self.item, self.visit.lang);
        let others = item.read.map(|term| term.others.as_slice()).unwrap_or_default();
        if others.is_empty() || item.decided.is_some() {
            return html! {};
        }
        self.post(&html! {
            fieldset {
                legend { (self.text("term-which")) }
                @for (at, (other, side)) in others.iter().zip(Said::sides(item.read)).enumerate() {
                    label.say { input type="radio" name="choice" value=(at) required;
                        span { strong { (side.words(item.name.shape, lang)) } @if let Some(clause) = &other.clause { " · " (self.text("term-clause")) " " (clause) } br; span.quiet lang=(self.review.row.language) { "“" (short(&other.text)) "”" } } }
                }
                (self.button("choose", "term-choose", false))
            }
        })
    }

    fn default(&self) -> Markup {
        let (item, lang) = (self.item, self.visit.lang);
        let Some(default) = agreement::defaults::default_for(item.name.name).filter(|_| has_default(item)) else {
            return html! {};
        };
        if item.decided.is_some_and(|row| row.made == Made::Default) {
            return html! {};
        }
        let figure = agreement::text::length(&default.value, default.working, lang);
        html! {
            div.notice.info {
                p { strong { (self.app.shell.texts.with(lang, "term-default", &[("figure", figure)])) } }
                p.hint { (view::sentence(default.reason(lang))) " " (self.text("term-default-ours")) }
                (self.post(&self.button("default", "review-default", true)))
            }
        }
    }

    fn correct(&self) -> Markup {
        let item = self.item;
        let typed = |name: &str| self.typed.get(name).map(String::as_str);
        let cited = item.said.span.is_some();
        let kept = typed("at").map_or(cited, |at| at == "keep");
        let nowhere = typed("at").map_or(!cited, |at| at == "none");
        html! {
            h2 { (self.text("term-correct")) }
            form id="correct" method="post" action=(self.path()) {
                input type="hidden" name="csrf" value=(self.visit.csrf());
                input type="hidden" name="seen" value=(item.number);
                (controls::state(self.app, self.visit.lang, item, typed("state")))
                (controls::value(self.app, self.visit.lang, item, self.typed))
                fieldset {
                    legend { (self.text("term-where")) }
                    @if cited { label.say { input type="radio" name="at" value="keep" checked[kept]; span { (self.text("term-where-keep")) } } }
                    label.say { input type="radio" name="at" value="none" checked[nowhere]; span { (self.text("term-where-none")) } }
                    p.hint { (self.text("term-where-hint")) }
                    label for="words" { (self.text("term-words")) }
                    p.hint id="words-hint" { (self.text("term-words-hint")) }
                    textarea.short id="words" name="words" maxlength="2000" aria-describedby="words-hint" { (typed("words").unwrap_or_default()) }
                }
                (self.button("correct", "term-correct-save", false))
            }
        }
    }

    fn not_said(&self) -> Markup {
        let (item, lang) = (self.item, self.visit.lang);
        if item.decided.is_some_and(|row| row.made == Made::NotSaid) || (item.read.is_none() && item.confirmable()) {
            return html! {};
        }
        html! {
            h2 { (self.text("term-not-said")) }
            (self.post(&html! {
                @if let Some(required) = item.required {
                    @let finding = required.finding();
                    div.notice.warn {
                        p { code { (finding.code) } " " (finding.asks.get(lang)) " " span.quiet { (finding.law_text(lang)) } }
                        p { (agreement::codes::Explanation::in_general(&finding.remedy, lang)) }
                        @if let Some(clause) = &finding.clause { details { summary.small { (self.text("term-clause-proposed")) } p { (clause.get(lang)) } } }
                        label { input type="checkbox" name="accept" value="yes" required; (self.text("term-accept")) }
                    }
                }
                (self.button("not-said", "term-not-said-save", true))
            }))
        }
    }

    /// Who decided what, newest first.
    fn history(&self) -> Markup {
        let rows: Vec<&DecisionRow> =
            self.review.history.iter().filter(|row| row.term == self.item.name.name).collect();
        html! {
            @if !rows.is_empty() {
                h2 { (self.text("history")) }
                ol.timeline { @for row in rows.into_iter().rev() { li { (self.line(row)) } } }
            }
        }
    }

    fn line(&self, row: &DecisionRow) -> Markup {
        let (lang, shape) = (self.visit.lang, self.item.name.shape);
        let who =
            row.actor.account().and_then(|id| self.people.get(id)).cloned().unwrap_or_else(|| row.actor.to_string());
        html! {
            (view::when(row.at, lang)) (who) " · " (made_text(self.app, row.made, lang)) br;
            (row.old.words(shape, lang)) " → " strong { (row.new.words(shape, lang)) }
            @if row.new.span != row.old.span && let Some(span) = row.new.span { br; span.quiet lang=(self.review.row.language) { "“" (short(&self.review.study.quote(span))) "”" } }
            @if let Some(code) = &row.accepted { br; (self.text("term-accepted")) " " code { (code) } }
            br; a.small href={ "/ledger/entries/" (row.entry) } { (self.text("receipt")) }
        }
    }
}

/// A number or a mark between two sentences.
fn between(words: &str) -> Markup {
    html! { @if !words.trim().is_empty() { span.between { (words.trim()) } } }
}

pub(crate) async fn post(
    State(app): State<App>,
    visit: Visit,
    Path((key, term)): Path<(String, String)>,
    Posted(fields): Posted<Fields>,
) -> Result<Response, PageError> {
    let id = id(&key)?;
    let name = names::find(&term).ok_or(PageError::NotFound)?;
    let review = Review::load(app.store(), &id).await.map_err(|refusal| refusal.page(visit.lang))?;
    let decided = match step(&review, name, &fields) {
        Ok(step) => {
            let seen = fields.get("seen").and_then(|seen| seen.parse().ok());
            // A form that does not say what its person saw is a form of somebody who saw nothing.
            let decision = Decision { term: name.name.to_owned(), seen: Some(seen.unwrap_or(u32::MAX - 1)), step };
            agreements::decide_terms(app.store(), visit.now, visit.actor(), &id, vec![decision]).await
        }
        Err(refusal) => Err(refusal),
    };
    match decided {
        Ok(()) => Ok(Redirect::to(&next(&app, &id, name, &fields).await?).into_response()),
        Err(refusal) => {
            let review = Review::load(app.store(), &id).await.map_err(|refusal| refusal.page(visit.lang))?;
            let asked = Asked { page: fields.get("page").cloned().unwrap_or_default(), done: String::new() };
            let shown = show(&app, &visit, &review, name, &asked, Some(&refusal), &fields).await?;
            Ok((refusal.status(), shown).into_response())
        }
    }
}

/// Where a person goes on: back to the list they came from, else to the next term that needs them.
async fn next(app: &App, id: &AgreementId, name: &TermName, fields: &Fields) -> Result<String, PageError> {
    let base = format!("/agreements/{id}/review");
    if let Some(back) = fields.get("back").filter(|back| is_review(back, &base)) {
        let join = if back.contains('?') { '&' } else { '?' };
        return Ok(format!("{back}{join}done={}", name.name));
    }
    if fields.get("act").is_some_and(|act| act == "undo") {
        return Ok(term_path(id, name));
    }
    let review = Review::load(app.store(), id).await.map_err(|refusal| refusal.page(Lang::En))?;
    let open = review
        .items()
        .into_iter()
        .find(|item| item.decided.is_none() && (item.read.is_some() || item.required.is_some()));
    Ok(open.map_or_else(
        || format!("{base}?done={}", name.name),
        |item| format!("{}?done={}#cited", term_path(id, item.name), name.name),
    ))
}

/// Only the review's own page, with its filters.
fn is_review(back: &str, base: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-=&?".contains(c);
    back.strip_prefix(base).is_some_and(|rest| rest.chars().all(plain))
}

/// What the form asks for.
fn step(review: &Review, name: &'static TermName, fields: &Fields) -> Result<Step, Refusal> {
    let field = |key: &str| fields.get(key).map_or("", String::as_str);
    match field("act") {
        "confirm" => Ok(Step::Confirm),
        "default" => Ok(Step::Default),
        "undo" => Ok(Step::Undo),
        "not-said" => Ok(Step::NotSaid { accept: field("accept") == "yes" }),
        "choose" => review.side(name.name, field("choice").parse().map_err(|_| unclear())?),
        "correct" => {
            let written = Written {
                state: state_of(field("state")).unwrap_or(agreement::reading::State::Stated),
                value: controls::written(name, fields),
                working: fields.contains_key("working"),
                at: field("at").to_owned(),
                words: field("words").to_owned(),
            };
            review.correction(name.name, written)
        }
        _ => Err(unclear()),
    }
}

fn unclear() -> Refusal {
    Refusal::new(
        crate::Kind::Invalid,
        "unclear",
        ["The form does not say what is decided.", "Le formulaire ne dit pas ce qui est décidé."],
        ["Choose one of the buttons.", "Choisissez l'un des boutons."],
    )
}
