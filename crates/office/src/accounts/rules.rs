//! How people of each role sign in, as an owner decides and an auditor reads.

use super::{AccountEvent, model};
use crate::{App, Kind, Refusal, feature, view};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::Actor;
use maud::{Markup, html};
use serde::Deserialize;
use web::components::{self, Tone};
use web::{PageError, Posted, Role, SignInRules, Visit, page, session};

/// Sets the rules of a role.
///
/// # Errors
/// When `actor` is no owner, or a figure is out of bounds.
pub async fn set_rules(app: &App, actor: Actor, role: Role, rules: SignInRules) -> Result<(), Refusal> {
    if let Some(field) = rules.wrong() {
        return Err(out_of_bounds(field));
    }
    let mut tx = app.store().begin(app.now(), actor.clone()).await?;
    model::owner(&super::holders(&mut tx).await?, actor.account())?;
    if session::rules(&mut tx, role).await? != rules {
        feature::append(&mut tx, &[AccountEvent::RulesSet { role, rules }]).await?;
    }
    tx.commit().await?;
    Ok(())
}

fn out_of_bounds(field: &'static str) -> Refusal {
    let (en, fr) = match field {
        "renew_days" => ("A password lasts 1 to 3,650 days.", "Un mot de passe dure de 1 à 3 650 jours."),
        "idle_minutes" => {
            ("A session may rest for 5 to 1,440 minutes.", "Une session peut rester inactive de 5 à 1 440 minutes.")
        }
        _ => ("A session lasts 1 to 168 hours.", "Une session dure de 1 à 168 heures."),
    };
    Refusal::new(
        Kind::Invalid,
        "rules",
        [en, fr],
        ["Write another number; nothing was changed.", "Écrivez un autre nombre ; rien n'a changé."],
    )
}

pub(super) async fn page(State(app): State<App>, visit: Visit) -> Result<Markup, PageError> {
    shown(&app, &visit, None).await
}

async fn shown(app: &App, visit: &Visit, refused: Option<&Refusal>) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let owner = app.may(visit, "accounts.rules");
    let mut parts = Vec::new();
    for role in Role::ALL {
        let rules = session::rules(&mut app.store().read(), role).await?;
        let title = text(&format!("role-{}", role.word()));
        parts.push(html! {
            section { h2 id=(role.word()) { (title) }
                @if owner { (form(app, visit, role, &rules)) } @else { (facts(app, visit, &rules)) }
            }
        });
    }
    let body = html! {
        p { (text("rules-why")) }
        (view::refused(refused, visit.lang))
        @for part in parts { (part) }
    };
    Ok(page::page(&app.shell, Some(visit), &text("rules-title"), &body))
}

fn facts(app: &App, visit: &Visit, rules: &SignInRules) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let (tone, word) = if rules.second_factor { (Tone::Ok, "yes") } else { (Tone::Quiet, "no") };
    components::facts(&[
        (text("rules-factor"), components::badge(tone, &text(word))),
        (
            text("rules-renew"),
            html! { @match rules.renew_days { Some(days) => { (days) } None => { (text("rules-never")) } } },
        ),
        (text("rules-idle"), html! { (rules.idle_minutes) }),
        (text("rules-hours"), html! { (rules.session_hours) }),
    ])
}

fn form(app: &App, visit: &Visit, role: Role, rules: &SignInRules) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let number = |name: &str, key: &str, value: String, hint: Option<&str>| {
        components::named_field(&format!("{}-{name}", role.word()), name, &text(key), "number", &value, hint)
    };
    let renew = rules.renew_days.map(|days| days.to_string()).unwrap_or_default();
    components::post(
        "/accounts/rules",
        visit.csrf(),
        &html! {
            input type="hidden" name="role" value=(role.word());
            p { label { input type="checkbox" name="second_factor" value="yes" checked[rules.second_factor]; (text("rules-factor")) } }
            (number("renew_days", "rules-renew", renew, Some(&text("rules-renew-hint"))))
            (number("idle_minutes", "rules-idle", rules.idle_minutes.to_string(), None))
            (number("session_hours", "rules-hours", rules.session_hours.to_string(), None))
            (components::submit(&text("rules-set")))
        },
    )
}

#[derive(Deserialize)]
pub(super) struct Given {
    role: Role,
    #[serde(default)]
    second_factor: String,
    renew_days: String,
    idle_minutes: String,
    session_hours: String,
}

impl Given {
    fn rules(&self) -> Result<SignInRules, Refusal> {
        let number = |text: &str, field| text.trim().parse::<u32>().map_err(|_| out_of_bounds(field));
        let renew = self.renew_days.trim();
        Ok(SignInRules {
            second_factor: self.second_factor == "yes",
            renew_days: if renew.is_empty() { None } else { Some(number(renew, "renew_days")?) },
            idle_minutes: number(&self.idle_minutes, "idle_minutes")?,
            session_hours: number(&self.session_hours, "session_hours")?,
        })
    }
}

pub(super) async fn set(
    State(app): State<App>,
    visit: Visit,
    Posted(given): Posted<Given>,
) -> Result<Response, PageError> {
    let done = match given.rules() {
        Ok(rules) => set_rules(&app, visit.actor(), given.role, rules).await,
        Err(refusal) => Err(refusal),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/accounts/rules#{}", given.role.word())).into_response()),
        Err(refusal) => Ok((refusal.status(), shown(&app, &visit, Some(&refusal)).await?).into_response()),
    }
}
