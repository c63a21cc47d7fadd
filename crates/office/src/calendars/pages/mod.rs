//! Calendars on screen: the year of a place with its corrections, and the figures of the law.

pub(super) mod acts;
pub(super) mod law;
pub(super) mod year;

use crate::App;
use maud::{Markup, html};
use web::{Visit, components};

/// Why, and where that stands: asked for each correction. `id` tells the forms of a page apart.
fn ground(app: &App, visit: &Visit, id: &str) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    html! {
        (components::named_field(&format!("{id}-reason"), "reason", &text("calendar-reason"), "text", "", None))
        (components::named_field(&format!("{id}-source"), "source", &text("calendar-source"), "text", "", Some(&text("calendar-source-hint"))))
    }
}
