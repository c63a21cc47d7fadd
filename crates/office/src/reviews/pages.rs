//! Reviews on screen: the one that runs, right by right, and the finished ones as evidence.

use super::{Asked, Decision, Held, Review, Standing, Verdict, store};
use crate::accounts::{self, Empty, TokenRow};
use crate::{App, Refusal, view};
use ::store::StoreError;
use axum::extract::{Path, State};
use axum::response::Redirect;
use kernel::{AccountId, ReviewId};
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::BTreeMap;
use web::components::{self, Tone};
use web::{PageError, Posted, Visit, page};

/// The names of people and of their tokens.
struct Names {
    people: BTreeMap<AccountId, String>,
    tokens: BTreeMap<String, TokenRow>,
}

impl Names {
    async fn read(app: &App, rights: &[Held]) -> Result<Self, StoreError> {
        let mut read = app.store().read();
        let people = accounts::names(&mut read).await?;
        let mut tokens = BTreeMap::new();
        for held in rights.iter().filter(|held| held.token.is_none()) {
            let of_one = accounts::tokens(&mut read, &held.account).await?;
            tokens.extend(of_one.into_iter().map(|token| (token.digest.clone(), token)));
        }
        Ok(Self { people, tokens })
    }

    fn person(&self, app: &App, visit: &Visit, id: &AccountId) -> String {
        self.people.get(id).cloned().unwrap_or_else(|| app.text(visit.lang, "erased"))
    }
}

pub(super) async fn current(State(app): State<App>, visit: Visit) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let me = visit.session.as_ref().map(|session| session.account.clone()).ok_or(PageError::NotFound)?;
    let standing = super::standing(&mut app.store().read(), visit.now).await?;
    let names = Names::read(&app, &standing.held).await?;
    let body = html! {
        p { (text("rights-lead")) }
        @if let Some(review) = &standing.review {
            (progress(&app, &visit, review, &standing))
            (rights(&app, &visit, &standing, &names, &me))
            @if app.may(&visit, "access.review") { (ends(&app, &visit, &standing, &me)) }
        } @else {
            p { (text("rights-none-runs")) }
            @if app.may(&visit, "access.review") {
                (components::post("/access/review", visit.csrf(), &components::submit(&text("rights-begin"))))
            }
        }
        h2 { (text("rights-past")) }
        (past(&app, &visit, &names).await?)
    };
    Ok(page::page(&app.shell, Some(&visit), &text("rights-title"), &body))
}

fn progress(app: &App, visit: &Visit, review: &Review, standing: &Standing) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let (all, left) = (standing.held.len(), standing.undecided().len());
    components::facts(&[
        (text("rights-begun"), view::when(review.begun_at, visit.lang)),
        (text("rights-progress"), html! { progress max=(all) value=(all - left) { } " " (all - left) " / " (all) }),
        (
            text("rights-ended"),
            html! { (standing.decisions.iter().filter(|one| one.verdict == Verdict::Revoked).count()) },
        ),
    ])
}

fn rights(app: &App, visit: &Visit, standing: &Standing, names: &Names, me: &AccountId) -> Markup {
    let heads = ["rights-who", "rights-right", "rights-decision", "rights-action"].map(|key| app.text(visit.lang, key));
    let rows: Vec<Vec<Markup>> = standing
        .held
        .iter()
        .map(|held| {
            let decision = standing.decision(held);
            vec![
                html! { a href={ "/accounts/" (held.account) } { (names.person(app, visit, &held.account)) } },
                right(app, visit, held.token.as_deref(), &held.held, names),
                said(app, visit, decision, names),
                action(app, visit, held, decision, me),
            ]
        })
        .collect();
    components::table(&app.text(visit.lang, "rights-rights"), &heads, &rows)
}

/// A role, or a token with what it carries.
fn right(app: &App, visit: &Visit, token: Option<&str>, held: &str, names: &Names) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let Some(digest) = token else { return html! { (text(&format!("role-{held}"))) } };
    let known = names.tokens.get(digest);
    html! {
        (text("rights-token")) " "
        @if let Some(token) = known { "“" (token.label) "” " }
        code { (digest.chars().take(8).collect::<String>()) } br;
        span.small { (held.split(' ').map(|right| text(&format!("may-{}", right.replace('.', "-")))).collect::<Vec<_>>().join(" · ")) }
    }
}

fn said(app: &App, visit: &Visit, decision: Option<&Decision>, names: &Names) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let Some(decision) = decision else { return components::badge(Tone::Warn, &text("rights-undecided")) };
    let tone = if decision.verdict == Verdict::Confirmed { Tone::Ok } else { Tone::Quiet };
    html! {
        (components::badge(tone, &text(&format!("rights-{}", decision.verdict.word()))))
        " " (view::when(decision.at, visit.lang))
        @if let Some(by) = &decision.by { br; span.small { (names.person(app, visit, by)) } }
        @if let Some(reason) = &decision.reason { br; span.small { (reason) } }
    }
}

fn action(app: &App, visit: &Visit, held: &Held, decision: Option<&Decision>, me: &AccountId) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    if !app.may(visit, "access.review") {
        return html! { "–" };
    }
    if held.account == *me {
        return html! { span.small { (text("rights-own")) } };
    }
    let which = html! {
        input type="hidden" name="account" value=(held.account);
        input type="hidden" name="token" value=(held.token.as_deref().unwrap_or_default());
        input type="hidden" name="seen" value=(held.held);
    };
    let id = format!("why-{}-{}", held.account, held.token.as_deref().unwrap_or("role"));
    html! {
        @if decision.is_none() {
            (components::post("/access/review/confirm", visit.csrf(), &html! {
                (which) button.second type="submit" { (text("rights-confirm")) }
            }))
        }
        @if app.may(visit, "accounts.change") {
            details { summary { (text(if held.token.is_some() { "rights-revoke-token" } else { "rights-close" })) }
                (components::post("/access/review/revoke", visit.csrf(), &html! {
                    (which)
                    (components::named_field(&id, "reason", &text("rights-reason"), "text", "", None))
                    button.second type="submit" { (text("rights-revoke")) }
                }))
            }
        }
    }
}

/// The forms that are about everything: confirm the rest, finish.
fn ends(app: &App, visit: &Visit, standing: &Standing, me: &AccountId) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let (rest, left) = (standing.rest(me).len(), standing.undecided().len());
    html! {
        @if rest > 0 {
            h2 { (text("rights-rest")) }
            (components::post("/access/review/rest", visit.csrf(), &html! {
                p { (text("rights-rest-count")) " " (rest) }
                input type="hidden" name="shown" value=(standing.fingerprint(me));
                (components::field("reason", &text("rights-reason"), "text", "", true, Some(&text("rights-reason-hint"))))
                (components::submit(&text("rights-rest-do")))
            }))
        } @else if left > 0 {
            (components::notice(Tone::Info, &text("rights-second"), &text("rights-second-remedy")))
        } @else {
            h2 { (text("rights-finish")) }
            (components::post("/access/review/finish", visit.csrf(), &html! {
                p { (text("rights-finish-lead")) }
                (components::submit(&text("rights-finish-do")))
            }))
        }
    }
}

async fn past(app: &App, visit: &Visit, names: &Names) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let all = store::list(&mut app.store().read()).await?;
    let heads = ["rights-finished", "rights-by", "rights-confirmed", "rights-revoked"].map(text);
    let rows: Vec<Vec<Markup>> = all
        .iter()
        .filter_map(|review| review.finished_at.map(|at| (review, at)))
        .map(|(review, at)| {
            let by = review.finished_by.as_ref().map(|by| names.person(app, visit, by));
            vec![
                html! { a href={ "/access/review/" (review.id) } { (view::when(at, visit.lang)) } },
                html! { (by.unwrap_or_else(|| "–".to_owned())) },
                html! { (review.confirmed) },
                html! { (review.revoked) },
            ]
        })
        .collect();
    if rows.is_empty() {
        return Ok(components::empty(&text("rights-past-none"), None));
    }
    Ok(components::table(&text("rights-past"), &heads, &rows))
}

/// One review: who was looked at, by whom, and what was decided.
pub(super) async fn one(State(app): State<App>, visit: Visit, Path(key): Path<String>) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let id: ReviewId = key.parse().map_err(|_| PageError::NotFound)?;
    let review = store::find(&mut app.store().read(), &id).await?.ok_or(PageError::NotFound)?;
    let decisions = store::decisions(&mut app.store().read(), &id).await?;
    let names = Names::read(&app, &[]).await?;
    let heads = ["rights-who", "rights-right", "rights-decision"].map(text);
    let rows: Vec<Vec<Markup>> = decisions
        .iter()
        .map(|one| {
            vec![
                html! { (names.person(&app, &visit, &one.account)) },
                right(&app, &visit, one.token.as_deref(), &one.held, &names),
                said(&app, &visit, Some(one), &names),
            ]
        })
        .collect();
    let finished = review
        .finished_at
        .map_or_else(|| html! { a href="/access/review" { (text("rights-runs")) } }, |at| view::when(at, visit.lang));
    let body = html! {
        (components::facts(&[
            (text("rights-begun"), view::when(review.begun_at, visit.lang)),
            (text("rights-finished"), finished),
            (text("rights-confirmed"), html! { (review.confirmed) }),
            (text("rights-revoked"), html! { (review.revoked) }),
        ]))
        (components::table(&text("rights-decisions"), &heads, &rows))
        h2 { (text("history")) }
        (view::timeline(&app, id.as_str(), visit.lang).await?)
    };
    Ok(page::page(&app.shell, Some(&visit), &text("rights-title"), &body))
}

fn then(done: Result<(), Refusal>, visit: &Visit) -> Result<Redirect, PageError> {
    done.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to("/access/review"))
}

pub(super) async fn begin(
    State(app): State<App>,
    visit: Visit,
    Posted(_): Posted<Empty>,
) -> Result<Redirect, PageError> {
    then(super::begin(&app, visit.actor()).await.map(drop), &visit)
}

#[derive(Deserialize)]
pub(super) struct Which {
    account: String,
    #[serde(default)]
    token: String,
    seen: String,
    #[serde(default)]
    reason: String,
}

impl Which {
    fn asked(self) -> Result<(Asked, String), PageError> {
        let account = self.account.parse().map_err(|_| PageError::NotFound)?;
        let token = Some(self.token).filter(|token| !token.is_empty());
        Ok((Asked { account, token, seen: self.seen }, self.reason))
    }
}

pub(super) async fn confirm(
    State(app): State<App>,
    visit: Visit,
    Posted(given): Posted<Which>,
) -> Result<Redirect, PageError> {
    let (asked, reason) = given.asked()?;
    then(super::confirm(&app, visit.actor(), &[asked], &reason).await, &visit)
}

pub(super) async fn revoke(
    State(app): State<App>,
    visit: Visit,
    Posted(given): Posted<Which>,
) -> Result<Redirect, PageError> {
    let (asked, reason) = given.asked()?;
    then(super::revoke(&app, visit.actor(), &asked, &reason).await, &visit)
}

#[derive(Deserialize)]
pub(super) struct Rest {
    shown: String,
    reason: String,
}

pub(super) async fn confirm_rest(
    State(app): State<App>,
    visit: Visit,
    Posted(given): Posted<Rest>,
) -> Result<Redirect, PageError> {
    then(super::confirm_rest(&app, visit.actor(), &given.shown, &given.reason).await.map(drop), &visit)
}

pub(super) async fn finish(
    State(app): State<App>,
    visit: Visit,
    Posted(_): Posted<Empty>,
) -> Result<Redirect, PageError> {
    let review = super::finish(&app, visit.actor()).await.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to(&format!("/access/review/{review}")))
}
