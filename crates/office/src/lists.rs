//! Lists that stay quick however long they grow: pages of fifty by a cursor, filters in the address.

use crate::{App, Kind, Refusal};
use kernel::Instant;
use maud::{Markup, html};
use std::collections::HashMap;
use std::str::FromStr;
use web::{Visit, components};

/// Rows of one page.
pub const PAGE: usize = 50;

/// Where a page ended: the instant its list is sorted by, and the id of its last row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The instant.
    pub at: Instant,
    /// The id.
    pub id: String,
}

impl Cursor {
    /// Reads what [`Cursor::text`] wrote; none for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (at, id) = text.split_once('~')?;
        let id: kernel::Id = id.parse().ok()?;
        Some(Self { at: Instant::from_millisecond(at.parse().ok()?).ok()?, id: id.as_str().to_owned() })
    }

    /// As it stands in an address.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}~{}", self.at.as_millisecond(), self.id)
    }

    /// Before everything, in a list that goes forward in time.
    #[must_use]
    pub fn first() -> Self {
        Self { at: Instant::MIN, id: String::new() }
    }

    /// Before everything, in a list that goes back in time.
    #[must_use]
    pub fn newest() -> Self {
        Self { at: Instant::MAX, id: "~".to_owned() }
    }
}

/// Cuts the row that was asked for beyond the page; gives the cursor of the next page when there was one.
pub fn cut<T>(rows: &mut Vec<T>, cursor: impl Fn(&T) -> Cursor) -> Option<Cursor> {
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    rows.last().map(cursor).filter(|_| more)
}

/// The most that is counted exactly on a page; more is said to be more.
pub const COUNT_MAX: i64 = components::FIGURE_MAX;

/// How many rows to ask for, to know whether there is another page.
#[must_use]
pub fn ask() -> i64 {
    i64::try_from(PAGE + 1).unwrap_or(i64::MAX)
}

/// The address of a list with these filters; empty ones are left out.
#[must_use]
pub fn address(path: &str, pairs: &[(&str, &str)]) -> String {
    let given: Vec<String> = pairs
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| format!("{key}={}", encoded(value)))
        .collect();
    if given.is_empty() { path.to_owned() } else { format!("{path}?{}", given.join("&")) }
}

fn encoded(text: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// The link to the next page, when there is one.
#[must_use]
pub fn next(app: &App, visit: &Visit, path: &str, pairs: &[(&str, &str)], cursor: Option<&Cursor>) -> Markup {
    let Some(cursor) = cursor else { return html! {} };
    let after = cursor.text();
    let all: Vec<(&str, &str)> = pairs.iter().copied().chain([("after", after.as_str())]).collect();
    html! { p { a.button.second rel="next" href=(address(path, &all)) { (app.text(visit.lang, "page-next")) } } }
}

/// One choice above a list: its name, its label, what can be chosen, what is.
pub struct Choice<'a> {
    /// The name in the address.
    pub name: &'a str,
    /// The key of its label.
    pub label: &'a str,
    /// Value and text of each.
    pub options: Vec<(String, String)>,
    /// The value chosen.
    pub chosen: &'a str,
}

/// The choices above a list, as a form that only changes the address.
#[must_use]
pub fn filters(app: &App, visit: &Visit, path: &str, choices: &[Choice<'_>]) -> Markup {
    if choices.iter().all(|choice| choice.options.is_empty()) {
        return html! {};
    }
    html! {
        form.filters method="get" action=(path) {
            @for choice in choices.iter().filter(|choice| !choice.options.is_empty()) {
                (components::select(choice.name, &app.text(visit.lang, choice.label), &choice.options, choice.chosen))
            }
            button.second type="submit" { (app.text(visit.lang, "filter-show")) }
        }
    }
}

/// The head of the column of boxes; our script makes of it a box that ticks them all.
#[must_use]
pub fn pick_head(app: &App, visit: &Visit) -> String {
    app.text(visit.lang, "pick")
}

/// The box of a row, for something that is done to several at once.
#[must_use]
pub fn pick(app: &App, visit: &Visit, id: &str, title: &str) -> Markup {
    html! { input type="checkbox" name={ "pick-" (id) } aria-label={ (app.text(visit.lang, "pick")) " " (title) }; }
}

/// The ids of the boxes that were ticked, sorted; `fields` are those of the form.
///
/// # Errors
/// When none was, or one is no id.
pub fn picked<T>(fields: &HashMap<String, String>) -> Result<Vec<T>, Refusal>
where
    T: FromStr + Ord,
{
    let named = fields.keys().filter_map(|name| name.strip_prefix("pick-"));
    let mut ids: Vec<T> = named.filter_map(|id| id.parse().ok()).collect();
    ids.sort();
    if ids.is_empty() { Err(none_picked()) } else { Ok(ids) }
}

fn none_picked() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "pick",
        ["Nothing was ticked.", "Rien n'a été coché."],
        ["Go back and tick what this is to be done to.", "Revenez en arrière et cochez ce qui est concerné."],
    )
}

/// The most controllers a choice holds; where there are more, each controller's own page leads to its lists.
const CONTROLLERS_MAX: i64 = 200;

/// Every controller, as a choice; nothing when they are too many for one.
///
/// # Errors
/// When the database fails.
pub async fn controllers(app: &App, visit: &Visit) -> Result<Vec<(String, String)>, ::store::StoreError> {
    let mut options = vec![(String::new(), app.text(visit.lang, "filter-all"))];
    if crate::parties::more_than(&mut app.store().read(), CONTROLLERS_MAX).await? {
        return Ok(Vec::new());
    }
    let parties = crate::parties::list(&mut app.store().read()).await?;
    options.extend(parties.into_iter().map(|party| (party.id.to_string(), party.name)));
    Ok(options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_and_nothing_else_is_one() {
        let cursor = Cursor {
            at: Instant::from_millisecond(1_790_000_000_123).unwrap(),
            id: "01ks0000000000000000000001".into(),
        };
        assert_eq!(Cursor::parse(&cursor.text()), Some(cursor));
        for bad in
            ["", "~", "5", "x~01ks0000000000000000000001", "5~no id", "99999999999999999999~01ks0000000000000000000001"]
        {
            assert_eq!(Cursor::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_address_holds_what_was_chosen_and_nothing_it_could_be_mistaken_for() {
        assert_eq!(address("/requests", &[("state", ""), ("q", "")]), "/requests");
        assert_eq!(
            address("/requests", &[("state", "closed"), ("q", "a&b=é")]),
            "/requests?state=closed&q=a%26b%3D%C3%A9"
        );
    }

    #[test]
    fn a_page_is_cut_and_says_where_it_ended() {
        let cursor = |number: &usize| Cursor { at: Instant::UNIX_EPOCH, id: number.to_string() };
        let mut rows: Vec<usize> = (0..PAGE).collect();
        assert_eq!(cut(&mut rows, cursor), None);
        rows.push(PAGE);
        assert_eq!(cut(&mut rows, cursor).map(|cursor| cursor.id), Some((PAGE - 1).to_string()));
        assert_eq!(rows.len(), PAGE);
    }
}
