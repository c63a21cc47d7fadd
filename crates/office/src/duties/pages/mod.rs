//! Duties on screen: the list, one of them with its clock, and the programme of the house.

pub(super) mod actions;
mod line;
mod list;
mod one;
mod programme;
pub(super) mod several;

pub(super) use actions::{done, extend, owner, pause, resume};
pub(super) use list::list;
pub(crate) use list::{Whose, table, whose};
pub(super) use one::one;
pub(super) use programme::{end as end_programme, page as programme, set as set_programme};

use super::{Duty, Keeping};
use crate::App;
use kernel::{DutyId, Lang};
use maud::{Markup, html};
use web::components::{self, Tone};
use web::{PageError, Visit};

fn id(key: &str) -> Result<DutyId, PageError> {
    key.parse().map_err(|_| PageError::NotFound)
}

/// How a duty stands, in its colour.
fn state_badge(app: &App, visit: &Visit, duty: &Duty) -> Markup {
    badges(app, visit, duty.keeping(visit.now), &duty.state)
}

fn badges(app: &App, visit: &Visit, keeping: Keeping, state: &str) -> Markup {
    html! {
        (components::badge(keeping.tone(), &app.text(visit.lang, &format!("keeping-{}", keeping.word()))))
        @if state == "paused" { " " (components::badge(Tone::Info, &app.text(visit.lang, "duty-paused"))) }
    }
}

fn role_text(app: &App, lang: Lang, duty: &Duty) -> String {
    app.text(lang, &format!("role-{}", duty.role.word()))
}
