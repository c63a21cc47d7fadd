//! The list of accounts, and one of them.

use super::own::Key;
use super::{Account, Change, TokenRow, change, invite_pages, store, tokens};
use crate::{App, Kind, Refusal, view};
use axum::extract::{Path, State};
use axum::response::Redirect;
use kernel::AccountId;
use maud::{Markup, html};
use serde::Deserialize;
use web::components::{self, Tone};
use web::{PageError, Posted, Role, Visit, page};

pub(super) async fn list(State(app): State<App>, visit: Visit) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let accounts = super::list(&mut app.store().read()).await?;
    let owner = app.may(&visit, "accounts.invite");
    let heads = ["account-name", "account-email", "account-role", "factors-title", "account-since"].map(text);
    let rows: Vec<Vec<Markup>> = accounts
        .iter()
        .map(|account| {
            vec![
                html! { a href={ "/accounts/" (account.id) } { (account.name) } },
                html! { (account.email) },
                html! { (text(&format!("role-{}", account.role.word()))) },
                factor_badge(&app, &visit, account),
                view::when(account.opened_at, visit.lang),
            ]
        })
        .collect();
    let body = html! {
        (components::table(&text("accounts-title"), &heads, &rows))
        (invite_pages::open(&app, &visit, owner).await?)
        p { a href="/accounts/rules" { (text("rules-title")) } " · " a href="/access" { (text("access-title")) }
            " · " a href="/access/review" { (text("rights-title")) } }
    };
    let action = owner.then(|| html! { a.button href="/accounts/new" { (text("invite-title")) } });
    Ok(page::with_action(&app.shell, Some(&visit), &text("accounts-title"), action, &body))
}

fn factor_badge(app: &App, visit: &Visit, account: &Account) -> Markup {
    let (tone, key) = if account.factors > 0 { (Tone::Ok, "yes") } else { (Tone::Quiet, "no") };
    components::badge(tone, &app.text(visit.lang, key))
}

async fn found(app: &App, key: &str) -> Result<Account, PageError> {
    let id: AccountId = key.parse().map_err(|_| PageError::NotFound)?;
    store::find(&mut app.store().read(), &id).await?.ok_or(PageError::NotFound)
}

pub(super) async fn one(State(app): State<App>, visit: Visit, Path(key): Path<String>) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let account = found(&app, &key).await?;
    let held = tokens(&mut app.store().read(), &account.id).await?;
    let session = visit.session.as_ref();
    let owner = app.may(&visit, "accounts.change");
    let own = session.is_some_and(|session| session.account == account.id);
    let facts = [
        (text("account-email"), html! { (account.email) }),
        (text("account-role"), html! { (text(&format!("role-{}", account.role.word()))) }),
        (text("account-since"), view::when(account.opened_at, visit.lang)),
        (text("account-password-since"), view::when(account.password_at, visit.lang)),
        (text("factors-title"), factor_badge(&app, &visit, &account)),
        (
            text("account-until"),
            html! { @match account.until { Some(at) => { (view::due(at, visit.lang)) } None => "–" } },
        ),
    ];
    let base = format!("/accounts/{}", account.id);
    let body = html! {
        (components::facts(&facts))
        section { h2 { (text("account-tokens")) }
            @if owner { (keys(&app, &visit, &held, &format!("{base}/revoke"))) }
            @else { (key_table(&app, &visit, &held, None)) }
        }
        @if own {
            p { a href="/account" { (text("account-own-link")) } }
        } @else if owner {
            (changes(&app, &visit, &account, &base))
        }
    };
    Ok(page::page(&app.shell, Some(&visit), &account.name, &body))
}

/// What an owner does with somebody else's account.
fn changes(app: &App, visit: &Visit, account: &Account, base: &str) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let same_side = Role::ALL.into_iter().filter(|role| role.is_controllers() == account.role.is_controllers());
    let roles: Vec<(String, String)> =
        same_side.map(|role| (role.word().to_owned(), text(&format!("role-{}", role.word())))).collect();
    html! {
        section { h2 { (text("account-role-change")) }
            p.hint { (text("account-role-hint")) }
            (components::post(&format!("{base}/role"), visit.csrf(), &html! {
                (components::select("role", &text("account-role"), &roles, account.role.word()))
                (components::submit(&text("account-role-give")))
            }))
        }
        section { h2 { (text("account-until")) }
            (components::post(&format!("{base}/until"), visit.csrf(), &html! {
                (components::field("until", &text("account-until"), "date", &last_day(account), false, Some(&text("account-until-hint"))))
                (components::submit(&text("account-until-set")))
            }))
        }
        @if account.factors > 0 {
            section { h2 { (text("factors-reset")) }
                p.hint { (text("factors-reset-hint")) }
                (components::post(&format!("{base}/factors"), visit.csrf(), &html! {
                    p { label { input type="checkbox" name="sure" value="yes" required; (text("factors-reset-sure")) } }
                    button.danger type="submit" { (text("factors-reset-do")) }
                }))
            }
        }
        section { h2 { (text("account-close")) }
            p.hint { (text("account-close-hint")) }
            (components::post(&format!("{base}/close"), visit.csrf(), &html! {
                p { label { input type="checkbox" name="sure" value="yes" required; (text("account-close-sure")) } }
                button.danger type="submit" { (text("account-close-do")) }
            }))
        }
    }
}

/// Keys of programs, each with a button that ends it.
pub(super) fn keys(app: &App, visit: &Visit, held: &[TokenRow], action: &str) -> Markup {
    let end = |token: &TokenRow| {
        components::post(
            action,
            visit.csrf(),
            &html! {
                input type="hidden" name="digest" value=(token.digest);
                button.link type="submit" { (app.text(visit.lang, "account-token-revoke")) }
            },
        )
    };
    key_table(app, visit, held, Some(&end))
}

fn key_table(app: &App, visit: &Visit, held: &[TokenRow], end: Option<&dyn Fn(&TokenRow) -> Markup>) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    if held.is_empty() {
        return html! { p.hint { (text("account-tokens-none")) } };
    }
    let mut heads = ["account-token-label", "account-token-since", "token-until", "token-rights"].map(text).to_vec();
    heads.extend(end.map(|_| text("account-token-end")));
    let rows: Vec<Vec<Markup>> = held
        .iter()
        .map(|token| {
            let ended = token.expires_at <= visit.now;
            let mut row = vec![
                html! { (token.label) },
                view::when(token.made_at, visit.lang),
                html! { (view::when(token.expires_at, visit.lang)) @if ended { " " (components::badge(Tone::Warn, &text("token-ended"))) } },
                super::token_pages::rights(app, visit, token),
            ];
            row.extend(end.map(|end| end(token)));
            row
        })
        .collect();
    components::table(&text("account-tokens"), &heads, &rows)
}

#[derive(Deserialize)]
pub(super) struct NewRole {
    role: Role,
}

#[derive(Deserialize)]
pub(super) struct Closing {
    #[serde(default)]
    sure: String,
}

fn back(visit: &Visit, to: &str, done: Result<(), Refusal>) -> Result<Redirect, PageError> {
    done.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to(to))
}

pub(super) async fn role(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
    Posted(given): Posted<NewRole>,
) -> Result<Redirect, PageError> {
    let account = found(&app, &key).await?;
    let done = change(&app, visit.actor(), &account.id, Change::Role(given.role)).await;
    back(&visit, &format!("/accounts/{}", account.id), done)
}

pub(super) async fn close(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
    Posted(given): Posted<Closing>,
) -> Result<Redirect, PageError> {
    let account = found(&app, &key).await?;
    if given.sure != "yes" {
        return Err(unsure().page(visit.lang));
    }
    let done = change(&app, visit.actor(), &account.id, Change::Close).await;
    back(&visit, "/accounts", done)
}

/// The last day of a person's time here, as a form writes it.
fn last_day(account: &Account) -> String {
    let last = account.until.and_then(|until| until.to_zoned(view::house_place().zone()).date().yesterday().ok());
    last.map(|day| day.to_string()).unwrap_or_default()
}

#[derive(Deserialize)]
pub(super) struct NewEnd {
    #[serde(default)]
    until: String,
}

pub(super) async fn until(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
    Posted(given): Posted<NewEnd>,
) -> Result<Redirect, PageError> {
    let account = found(&app, &key).await?;
    let done = match invite_pages::end_of(&app, &given.until) {
        Ok(until) => change(&app, visit.actor(), &account.id, Change::Until(until)).await,
        Err(refusal) => Err(refusal),
    };
    back(&visit, &format!("/accounts/{}", account.id), done)
}

pub(super) async fn reset(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
    Posted(given): Posted<Closing>,
) -> Result<Redirect, PageError> {
    let account = found(&app, &key).await?;
    if given.sure != "yes" {
        return Err(unsure().page(visit.lang));
    }
    let done = change(&app, visit.actor(), &account.id, Change::ResetFactors).await;
    back(&visit, &format!("/accounts/{}", account.id), done)
}

pub(super) fn unsure() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "unsure",
        [
            "This cannot be undone, and you did not say that you are sure.",
            "C'est sans retour, et vous n'avez pas dit en être sûr.",
        ],
        ["Go back and tick the box if you mean it.", "Revenez en arrière et cochez la case si vous le voulez."],
    )
}

pub(super) async fn revoke(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
    Posted(given): Posted<Key>,
) -> Result<Redirect, PageError> {
    let account = found(&app, &key).await?;
    let done = super::revoke_token(app.store(), visit.now, visit.actor(), &account.id, &given.digest).await;
    back(&visit, &format!("/accounts/{}", account.id), done)
}
