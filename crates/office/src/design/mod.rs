//! Every part that pages are made of, on one page: to look at in both themes, both languages and any width, and to try with a
//! keyboard. Whoever builds a page takes its parts from here.

use crate::{App, Feature, Route, feature, view};
use ::store::Columns;
use axum::extract::State;
use axum::routing::get;
use kernel::Instant;
use maud::{Markup, html};
use web::components::{self, Tone};
use web::guard::Access;
use web::{Visit, page};

/// The feature's entry in the registry.
pub const FEATURE: Feature = Feature {
    name: "design",
    texts: [include_str!("text/en.ftl"), include_str!("text/fr.ftl")],
    columns: Columns { part: "design", sql: "", toml: "" },
    kinds: &[],
    apply: feature::apply_nothing,
    reacts: &[],
    routes: &[Route { method: "GET", path: "/design", access: Access::May("design.read"), handler: || get(all) }],
    api: &[],
    samples: Vec::new,
};

const TONES: [(Tone, &str); 5] = [
    (Tone::Ok, "design-ok"),
    (Tone::Warn, "design-warn"),
    (Tone::Late, "design-late"),
    (Tone::Info, "design-info"),
    (Tone::Quiet, "design-quiet"),
];

async fn all(State(app): State<App>, visit: Visit) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let parts: [(&str, Markup); 7] = [
        ("design-states", states(&app, &visit)),
        ("design-figures", figures(&app, &visit)),
        ("design-actions", actions(&app, &visit)),
        ("design-fields", fields(&app, &visit)),
        ("design-tables", tables(&app, &visit)),
        ("design-records", records(&app, &visit)),
        ("design-type", letters(&app, &visit)),
    ];
    let body = html! {
        p { (text("design-about")) }
        @for (key, part) in &parts { section { h2 id=(key) { (text(key)) } (part) } }
    };
    let action = html! { a.button href="#design-states" { (text("design-primary")) } };
    page::with_action(&app.shell, Some(&visit), &text("design-title"), Some(action), &body)
}

fn states(app: &App, visit: &Visit) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    html! {
        p.legend { @for (tone, key) in TONES { (components::badge(tone, &text(key))) " " } }
        @for (tone, key) in TONES { (components::notice(tone, &text(key), &text("design-sentence"))) }
        (components::empty(&text("design-empty"), Some(("#design-states", &text("design-first")))))
        ol.steps {
            li.done { (text("design-step-done")) }
            li aria-current="step" { (text("design-step-now")) }
            li { (text("design-step-next")) }
        }
        div.progress { label for="design-progress" { (text("design-progress")) } progress #design-progress max="10" value="7" { "7/10" } }
    }
}

fn figures(app: &App, visit: &Visit) -> Markup {
    let tones = [(0, Tone::Ok), (3, Tone::Warn), (12, Tone::Late), (components::FIGURE_MAX, Tone::Quiet)];
    html! {
        div.figures {
            @for (number, tone) in tones { (components::figure(number, &app.text(visit.lang, "design-figure"), "#design-figures", tone)) }
        }
    }
}

fn actions(app: &App, visit: &Visit) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    html! {
        p.acts {
            button type="button" { (text("design-primary")) } " "
            button.second type="button" { (text("design-second")) } " "
            button.danger type="button" { (text("design-danger")) } " "
            button.link type="button" { (text("design-link")) }
        }
        (view::undone(app, visit, "design-done", "/design", &html! { button.second type="button" { (text("undo")) } }))
        details { summary { (text("design-more")) } p { (text("design-sentence")) } }
    }
}

fn fields(app: &App, visit: &Visit) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let options: Vec<(String, String)> = TONES.iter().map(|(tone, key)| (tone.class().to_owned(), text(key))).collect();
    html! {
        (components::field("design-text", &text("design-text"), "text", "", true, Some(&text("design-hint"))))
        (components::field("design-day", &text("design-day"), "date", "2026-11-22", false, None))
        (components::select("design-choice", &text("design-choice"), &options, "warn"))
        div.field { label for="design-long" { (text("design-long")) } textarea.short #design-long { } }
        fieldset {
            legend { (text("design-several")) }
            label.say { input type="checkbox" checked; (text("design-ok")) }
            label.say { input type="checkbox"; (text("design-warn")) }
        }
    }
}

fn tables(app: &App, visit: &Visit) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let at = Instant::UNIX_EPOCH;
    let heads = ["design-what", "design-state", "design-when"].map(text);
    let row = |(tone, key): (Tone, &str)| {
        vec![
            html! { a href="#design-tables" { (text("design-row")) } },
            components::badge(tone, &text(key)),
            view::when(at, visit.lang),
        ]
    };
    components::table(&text("design-tables"), &heads, &TONES.map(row))
}

fn records(app: &App, visit: &Visit) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let at = Instant::UNIX_EPOCH;
    html! {
        div.two {
            (components::facts(&[
                (text("design-what"), html! { (text("design-row")) }),
                (text("design-when"), view::when(at, visit.lang)),
                (text("design-number"), html! { code { "01ks0000000000000000000001" } }),
            ]))
            ol.timeline {
                @for key in ["design-step-done", "design-step-now"] {
                    li { (view::when(at, visit.lang)) (text(key)) br; a.small href="#design-records" { (text("receipt")) } }
                }
            }
        }
    }
}

fn letters(app: &App, visit: &Visit) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    html! {
        div.card { h2 { (text("design-heading")) } p { (text("design-sentence")) } p.quiet { (text("design-quiet")) } p.hint { (text("design-hint")) } }
        p { (text("design-marked")) " " mark { (text("design-row")) } }
        pre { code { "garant ledger verify ledger.jsonl --key ledger.pub" } }
        p { (text("design-keys")) " " kbd { "Ctrl" } "+" kbd { "K" } }
    }
}
