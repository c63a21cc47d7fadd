//! The fields with which a person writes what a term says: one control for each shape of value.

use super::term::Fields;
use crate::App;
use crate::agreements::{Item, state_of, state_word, values};
use agreement::file::Value;
use agreement::names::{Shape, TermName};
use agreement::reading::State;
use kernel::Lang;
use maud::{Markup, html};

/// How firmly the text says it.
pub(super) fn state(app: &App, lang: Lang, item: &Item<'_>, typed: Option<&str>) -> Markup {
    let known = values::BY_HAND.contains(&item.said.state);
    let chosen = typed.and_then(state_of).unwrap_or(if known { item.said.state } else { State::Stated });
    html! {
        div.field {
            label for="state" { (app.text(lang, "term-state")) }
            select id="state" name="state" {
                @for state in values::BY_HAND {
                    option value=(state_word(state)) selected[state == chosen] { (agreement::text::state_text(state, lang)) }
                }
            }
        }
    }
}

/// The value, in the control of its shape.
pub(super) fn value(app: &App, lang: Lang, item: &Item<'_>, typed: &Fields) -> Markup {
    let stored = item.said.value.as_deref().unwrap_or_default();
    let field = |name: &str| typed.get(name).cloned();
    match item.name.shape {
        Shape::Duration => duration(app, lang, item, typed),
        Shape::Flag => {
            let options = [("true", app.text(lang, "yes")), ("false", app.text(lang, "no"))];
            choice(app, lang, &options, &field("value").unwrap_or_else(|| or(stored, "true")))
        }
        Shape::Word(words) => {
            let options: Vec<(&str, String)> = words
                .iter()
                .map(|word| (*word, agreement::text::value_words(&Value::Word((*word).to_owned()), false, lang)))
                .collect();
            choice(app, lang, &options, &field("value").unwrap_or_else(|| stored.to_owned()))
        }
        shape => {
            let (kind, hint) = match shape {
                Shape::Number => ("number", "shape-number"),
                Shape::Date => ("date", "shape-date"),
                Shape::List => ("text", "shape-list"),
                _ => ("text", "shape-text"),
            };
            let shown = field("value").unwrap_or_else(|| stored.to_owned());
            html! {
                div.field {
                    label for="value" { (app.text(lang, "term-value")) }
                    p.hint id="value-hint" { (app.text(lang, hint)) }
                    input id="value" name="value" type=(kind) value=(shown) maxlength=(values::TEXT_CHARS_MAX) aria-describedby="value-hint";
                }
            }
        }
    }
}

fn or(text: &str, other: &str) -> String {
    if text.is_empty() { other.to_owned() } else { text.to_owned() }
}

fn choice(app: &App, lang: Lang, options: &[(&str, String)], chosen: &str) -> Markup {
    html! {
        div.field {
            label for="value" { (app.text(lang, "term-value")) }
            select id="value" name="value" {
                @for (word, text) in options { option value=(word) selected[*word == chosen] { (text) } }
            }
        }
    }
}

fn duration(app: &App, lang: Lang, item: &Item<'_>, typed: &Fields) -> Markup {
    let period: Option<kernel::Period> = item.said.value.as_deref().and_then(|value| value.parse().ok());
    let count = typed.get("count").cloned().or_else(|| period.map(|period| period.count().to_string()));
    let unit = typed.get("unit").cloned().or_else(|| period.map(|period| values::unit_word(period.unit()).to_owned()));
    let working = if typed.is_empty() { item.said.working } else { typed.contains_key("working") };
    html! {
        fieldset {
            legend { (app.text(lang, "term-value")) }
            div.row {
                div.field {
                    label for="count" { (app.text(lang, "term-count")) }
                    input id="count" name="count" type="number" min="1" max="10000" value=[count];
                }
                div.field {
                    label for="unit" { (app.text(lang, "term-unit")) }
                    select id="unit" name="unit" {
                        @for (word, _) in values::UNITS { option value=(word) selected[unit.as_deref() == Some(word)] { (app.text(lang, &format!("unit-{word}"))) } }
                    }
                }
            }
            label.small { input type="checkbox" name="working" value="yes" checked[working]; (app.text(lang, "review-working-days")) }
        }
    }
}

/// The value of a posted form, as entries keep it.
pub(super) fn written(name: &TermName, fields: &Fields) -> String {
    let field = |key: &str| fields.get(key).map_or("", String::as_str);
    match name.shape {
        Shape::Duration => values::period(field("count"), field("unit")),
        _ => field("value").trim().to_owned(),
    }
}
