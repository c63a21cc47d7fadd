//! The list of accounts.

use crate::{App, view};
use axum::extract::State;
use maud::{Markup, html};
use web::{PageError, Visit, components, page};

pub(super) async fn list(State(app): State<App>, visit: Visit) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let accounts = super::list(&mut app.store().read()).await?;
    let heads = ["account-name", "account-email", "account-role", "account-since"].map(text);
    let rows: Vec<Vec<Markup>> = accounts
        .iter()
        .map(|account| {
            vec![
                html! { (account.name) },
                html! { (account.email) },
                html! { (text(&format!("role-{}", account.role.word()))) },
                view::when(account.opened_at, visit.lang),
            ]
        })
        .collect();
    let body = html! {
        (components::table(&text("accounts-title"), &heads, &rows))
        p.hint { (text("accounts-hint")) " " code { "garant account new" } }
    };
    Ok(page::page(&app.shell, Some(&visit), &text("accounts-title"), &body))
}
