//! The review: the text on the left with every citation marked, the terms on the right, what needs a person first.

use super::text::{self, Marks, mark_id, page_of, term_id};
use super::{id, state_badge};
use crate::agreements::{self, Item, Made, Review, Said, state_of, state_word};
use crate::{App, Refusal};
use agreement::names::TermName;
use agreement::reading::State as Firmness;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{AgreementId, Lang};
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::BTreeMap;
use web::components::{self, Tone};
use web::{PageError, Posted, Visit, page};

/// What the address of the page asks for.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Asked {
    /// `todo`, `required`, `decided` or all.
    #[serde(default)]
    show: String,
    /// Only terms said so firmly.
    #[serde(default)]
    state: String,
    /// The page of the text, from 1.
    #[serde(default)]
    page: String,
    /// The term that was just decided.
    #[serde(default)]
    done: String,
}

impl Asked {
    /// The address with another page of the text.
    fn address(&self, id: &AgreementId, page: usize) -> String {
        let known = |word: &str| word.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        let mut pairs = Vec::new();
        for (name, value) in [("show", &self.show), ("state", &self.state)] {
            if !value.is_empty() && known(value) {
                pairs.push(format!("{name}={value}"));
            }
        }
        if page > 1 {
            pairs.push(format!("page={page}"));
        }
        let query = if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) };
        format!("/agreements/{id}/review{query}")
    }

    fn wants(&self, item: &Item<'_>) -> bool {
        let shown = match self.show.as_str() {
            "todo" => item.decided.is_none(),
            "required" => item.missing(),
            "decided" => item.decided.is_some(),
            _ => true,
        };
        shown && state_of(&self.state).is_none_or(|state| item.said.state == state)
    }
}

pub(crate) async fn form(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Markup, PageError> {
    let lang = visit.lang;
    let review = Review::load(app.store(), &id(&key)?).await.map_err(|refusal| refusal.page(lang))?;
    let items = review.items();
    let pages = text::pages(&review.study);
    let current = asked.page.parse().unwrap_or(1).clamp(1, pages.len());
    let shown: Vec<&Item<'_>> = items.iter().filter(|item| asked.wants(item)).collect();
    let view = View { app: &app, visit: &visit, review: &review, asked: &asked, pages: &pages, shown: &shown };
    let body = html! {
        (view.head(&items))
        (view.filters(&items))
        div.panes {
            section.pane tabindex="0" aria-label=(app.text(lang, "review-text")) { (view.text(current)) }
            section.pane id="terms" tabindex="0" aria-label=(app.text(lang, "review-terms")) {
                @if shown.is_empty() { (components::empty(&app.text(lang, "review-none"), Some((&format!("/agreements/{}/review", review.row.id), &app.text(lang, "review-show-all"))))) }
                @for item in &shown { (view.card(item)) }
            }
        }
    };
    let title = format!("{} · {}", app.text(lang, "agreement-review"), review.row.title);
    Ok(page::page(&app.shell, Some(&visit), &title, &body))
}

struct View<'a> {
    app: &'a App,
    visit: &'a Visit,
    review: &'a Review,
    asked: &'a Asked,
    pages: &'a [std::ops::Range<usize>],
    shown: &'a [&'a Item<'a>],
}

impl View<'_> {
    fn text_of(&self, key: &str) -> String {
        self.app.text(self.visit.lang, key)
    }

    /// How far the review is, and what is still missing.
    fn head(&self, items: &[Item<'_>]) -> Markup {
        let (lang, row) = (self.visit.lang, &self.review.row);
        let decided = items.iter().filter(|item| item.decided.is_some()).count();
        let progress = [("done", decided.to_string()), ("all", items.len().to_string())];
        html! {
            p { a href={ "/agreements/" (row.id) } { (row.controller_name) " · " (row.file_name) } " " (state_badge(self.app, lang, row.state)) }
            @if let Some(last) = items.iter().find(|item| item.name.name == self.asked.done) { (self.done(last)) }
            div.progress {
                label for="progress" { (self.app.shell.texts.with(lang, "review-progress", &progress)) }
                progress id="progress" max=(items.len()) value=(decided) {}
            }
            @if self.review.open() { (self.next(items)) }
        }
    }

    /// What was just done, with the way back.
    fn done(&self, item: &Item<'_>) -> Markup {
        let lang = self.visit.lang;
        let made = item.decided.map_or(Made::Undone, |row| row.made);
        html! {
            div.notice.ok role="status" {
                p {
                    strong { (lang.pick(item.name.en, item.name.fr)) } ": " (made_text(self.app, made, lang)) ", " (item.said.words(item.name.shape, lang)) ". "
                    a href=(term_path(&self.review.row.id, item.name)) { (self.text_of("review-change")) }
                }
            }
        }
    }

    fn next(&self, items: &[Item<'_>]) -> Markup {
        let missing: Vec<&Item<'_>> = items.iter().filter(|item| item.missing()).collect();
        let sure = items.iter().filter(|item| item.sure()).count();
        let id = &self.review.row.id;
        html! {
            @if missing.is_empty() {
                div.notice.info {
                    p { strong { (self.text_of("review-complete")) } }
                    (components::post(&format!("/agreements/{id}/review"), self.visit.csrf(), &html! {
                        (components::submit(&self.text_of("review-finish")))
                        @if sure > 0 { " " (self.sure_link(sure)) }
                    }))
                }
            } @else {
                div.notice.warn {
                    p { strong { (self.app.shell.texts.with(self.visit.lang, "review-missing", &[("count", missing.len().to_string())])) } }
                    @if missing.len() > 6 { details { summary { (self.text_of("review-missing-list")) } (self.links(&missing)) } }
                    @else { (self.links(&missing)) }
                    @if sure > 0 { p { (self.sure_link(sure)) } }
                }
            }
        }
    }

    fn links(&self, items: &[&Item<'_>]) -> Markup {
        let id = &self.review.row.id;
        html! { p { @for (at, item) in items.iter().enumerate() { @if at > 0 { " · " } a href=(term_path(id, item.name)) { (self.visit.lang.pick(item.name.en, item.name.fr)) } } } }
    }

    fn sure_link(&self, count: usize) -> Markup {
        let label = self.app.shell.texts.with(self.visit.lang, "review-sure-link", &[("count", count.to_string())]);
        html! { a.button.second href={ "/agreements/" (self.review.row.id) "/review/sure" } { (label) } }
    }

    fn filters(&self, items: &[Item<'_>]) -> Markup {
        let count = |wanted: &dyn Fn(&Item<'_>) -> bool| items.iter().filter(|item| wanted(item)).count();
        let shows: [(&str, &str, usize); 4] = [
            ("", "review-show-all", items.len()),
            ("todo", "review-show-todo", count(&|item| item.decided.is_none())),
            ("required", "review-show-required", count(&|item| item.missing())),
            ("decided", "review-show-decided", count(&|item| item.decided.is_some())),
        ];
        let mut states: BTreeMap<Firmness, usize> = BTreeMap::new();
        for item in items {
            *states.entry(item.said.state).or_default() += 1;
        }
        let id = &self.review.row.id;
        let with =
            |show: &str, state: &str| Asked { show: show.to_owned(), state: state.to_owned(), ..Asked::default() };
        html! {
            nav.filters aria-label=(self.text_of("review-filters")) {
                @for (show, key, count) in shows {
                    a href=(with(show, &self.asked.state).address(id, 1)) aria-current=[(self.asked.show == show).then_some("true")] { (self.text_of(key)) " " span.quiet { (count) } }
                }
                span.break {}
                @for (state, count) in states {
                    @let word = state_word(state);
                    @let on = self.asked.state == word;
                    a href=(with(&self.asked.show, if on { "" } else { word }).address(id, 1)) aria-current=[on.then_some("true")] { (agreement::text::state_text(state, self.visit.lang)) " " span.quiet { (count) } }
                }
            }
        }
    }

    fn text(&self, current: usize) -> Markup {
        let (lang, review) = (self.visit.lang, self.review);
        let cites = text::cites(&review.study, review.file());
        let link = |term: &TermName| {
            let listed = self.shown.iter().any(|item| item.name.name == term.name);
            if listed { format!("#{}", term_id(term.name)) } else { term_path(&review.row.id, term) }
        };
        let marks = Marks { cites: &cites, link: &link, lang };
        let pager = text::pager(&self.text_of("review-pages"), self.pages.len(), current, &|page| {
            self.asked.address(&review.row.id, page)
        });
        html! {
            p.jump { a href="#terms" { (self.text_of("review-to-terms")) } }
            (pager)
            @for (index, passage, range) in text::passages(&review.study, &self.pages[current - 1]) {
                div.card.text id={ "clause-" (index) } lang=(review.row.language) data-path=[passage.path.as_ref()] { (text::marked(&review.study, &range, &marks)) }
            }
            (pager)
        }
    }

    fn card(&self, item: &Item<'_>) -> Markup {
        let lang = self.visit.lang;
        let path = term_path(&self.review.row.id, item.name);
        html! {
            article.term.(tone(item)) id=(term_id(item.name.name)) {
                h2 { a href=(path) { (lang.pick(item.name.en, item.name.fr)) } }
                p { strong { (item.said.words(item.name.shape, lang)) } " " (badges(self.app, item, lang)) }
                (self.cited(item))
                @if self.review.open() && item.decided.is_none() && (item.read.is_some() || item.required.is_some()) {
                    div.acts {
                        (self.quick(item, &path))
                        a.button.second href=(path) aria-label={ (self.text_of("review-look")) ": " (lang.pick(item.name.en, item.name.fr)) } { (self.text_of("review-look")) }
                    }
                }
            }
        }
    }

    /// The words it was read from, with the way to them in the text.
    fn cited(&self, item: &Item<'_>) -> Markup {
        let Some(span) = item.said.span else { return html! {} };
        let range = self.review.study.range(span);
        let address = self.asked.address(&self.review.row.id, page_of(self.pages, range.start));
        let place = item.said.clause.clone().unwrap_or_else(|| self.text_of("review-see"));
        html! { p.quote { a href={ (address) "#" (mark_id(item.name.name)) } { (place) } " “" span lang=(self.review.row.language) { (short(&self.review.study.quote(span))) } "”" } }
    }

    /// The one step most people take, without leaving the list.
    fn quick(&self, item: &Item<'_>, path: &str) -> Markup {
        let (act, key) = match item {
            item if item.confirmable() => ("confirm", "review-confirm"),
            item if item.decided.is_none() && has_default(item) && item.said.value.is_none() => {
                ("default", "review-default")
            }
            _ => return html! {},
        };
        let name = self.visit.lang.pick(item.name.en, item.name.fr);
        components::post(
            path,
            self.visit.csrf(),
            &html! {
                input type="hidden" name="seen" value=(item.number);
                input type="hidden" name="back" value=(self.asked.address(&self.review.row.id, 1));
                button type="submit" name="act" value=(act) aria-label={ (self.text_of(key)) ": " (name) } { (self.text_of(key)) }
            },
        )
    }
}

/// Whether we propose a figure for it.
pub(super) fn has_default(item: &Item<'_>) -> bool {
    item.name.shape == agreement::names::Shape::Duration && agreement::defaults::default_for(item.name.name).is_some()
}

/// The page of one term.
pub(super) fn term_path(id: &AgreementId, term: &TermName) -> String {
    format!("/agreements/{id}/review/{}", term.name)
}

/// What was decided, in a word.
pub(super) fn made_text(app: &App, made: Made, lang: Lang) -> String {
    app.text(lang, &format!("made-{}", made.word()))
}

/// The first words of a long quotation.
pub(super) fn short(words: &str) -> String {
    const CHARS: usize = 160;
    if words.chars().count() <= CHARS {
        return words.to_owned();
    }
    let cut: String = words.chars().take(CHARS).collect();
    format!("{}…", cut.rsplit_once(' ').map_or(cut.as_str(), |(kept, _)| kept))
}

fn tone(item: &Item<'_>) -> &'static str {
    match item {
        item if item.decided.is_some() => "ok",
        item if item.missing() || item.doubtful() => "warn",
        _ => "none",
    }
}

/// How it stands: required, doubtful, decided; each with its word.
pub(super) fn badges(app: &App, item: &Item<'_>, lang: Lang) -> Markup {
    let text = |key: &str| app.text(lang, key);
    let as_read = Said::of(item.read);
    let valued = item.said.value.is_some() && item.said.state != Firmness::Stated;
    html! {
        @if valued { (components::badge(Tone::Info, agreement::text::state_text(item.said.state, lang))) " " }
        @match item.decided {
            Some(row) => { (components::badge(Tone::Ok, &made_text(app, row.made, lang))) }
            None => {
                @if item.required.is_some() { (components::badge(Tone::Warn, &text("review-required"))) " " }
                @if as_read.state != Firmness::Silent {
                    @let tone = if item.doubtful() { Tone::Warn } else { Tone::Quiet };
                    (components::badge(tone, &app.shell.texts.with(lang, "review-confidence", &[("percent", percent(item.confidence))])))
                }
            }
        }
    }
}

fn percent(confidence: f64) -> String {
    format!("{:.0}", (confidence * 100.0).clamp(0.0, 100.0))
}

#[derive(Deserialize)]
pub(crate) struct Nothing {}

/// Ends the review.
pub(crate) async fn finish(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, PageError> {
    let id = id(&key)?;
    agreements::finish(app.store(), visit.now, visit.actor(), &id).await.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to(&format!("/agreements/{id}")).into_response())
}

/// Reads the document again.
pub(crate) async fn again(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, PageError> {
    let id = id(&key)?;
    let read = agreements::read_again(&app, visit.actor(), &id).await;
    read.map_err(|refusal: Refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to(&format!("/agreements/{id}/review")).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_keep_the_filters_and_nothing_strange() {
        let id: AgreementId = "01ks0000000000000000000001".parse().unwrap();
        let base = format!("/agreements/{id}/review");
        let asked = |show: &str, state: &str| Asked { show: show.into(), state: state.into(), ..Asked::default() };
        for (asked, page, expected) in [
            (asked("", ""), 1, base.clone()),
            (asked("todo", "vague"), 3, format!("{base}?show=todo&state=vague&page=3")),
            (asked("\"><script>", "a b"), 1, base.clone()),
        ] {
            assert_eq!(asked.address(&id, page), expected);
        }
    }

    #[test]
    fn long_quotations_end_at_a_word() {
        let long = "word ".repeat(60);
        assert!(short(&long).ends_with("word…") && short(&long).chars().count() < 165);
        assert_eq!(short("a few words"), "a few words");
    }
}
