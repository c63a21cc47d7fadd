//! The deadline line: where a clock stands between its start and its limits, as a picture with a table beside it.

use crate::App;
use crate::duties::Duty;
use crate::view;
use kernel::Instant;
use maud::{Markup, html};
use web::Visit;
use web::components;

const WIDTH: f64 = 640.0;
const MARGIN: f64 = 12.0;

/// One mark on the line.
struct Mark {
    at: Instant,
    key: &'static str,
    class: &'static str,
}

fn marks(duty: &Duty, now: Instant) -> Vec<Mark> {
    let mark = |at: Option<Instant>, key, class| at.map(|at| Mark { at, key, class });
    let end = duty.ended_at.or(duty.paused_at).unwrap_or(now);
    let mut marks: Vec<Mark> = [
        mark(Some(duty.started_at), "line-start", "quiet"),
        mark(duty.target, "line-target", "warn"),
        mark(duty.own_due, "line-own", "late"),
        mark(duty.other_due.filter(|other| Some(*other) != duty.own_due), "line-other", "late"),
        mark(Some(end), if duty.ended_at.is_some() { "line-done" } else { "line-now" }, "now"),
    ]
    .into_iter()
    .flatten()
    .collect();
    marks.sort_by_key(|mark| mark.at);
    marks
}

/// The line and its table; only the table when nothing lies ahead.
pub(super) fn line(app: &App, visit: &Visit, duty: &Duty) -> Markup {
    let marks = marks(duty, visit.now);
    let heads = ["line-what", "line-when"].map(|key| app.text(visit.lang, key));
    let row = |mark: &Mark| vec![html! { (app.text(visit.lang, mark.key)) }, view::due(mark.at, visit.lang)];
    let rows: Vec<Vec<Markup>> = marks.iter().map(row).collect();
    html! {
        @if let (Some(first), Some(last)) = (marks.first(), marks.last()) {
            @if first.at < last.at { (picture(app, visit, &marks, first.at, last.at)) }
        }
        (components::table(&app.text(visit.lang, "line-title"), &heads, &rows))
    }
}

fn picture(app: &App, visit: &Visit, marks: &[Mark], from: Instant, to: Instant) -> Markup {
    let span = seconds(to) - seconds(from);
    let x = |at: Instant| MARGIN + (seconds(at) - seconds(from)) / span * (WIDTH - 2.0 * MARGIN);
    let label: Vec<String> = marks.iter().map(|mark| app.text(visit.lang, mark.key)).collect();
    html! {
        svg.line viewBox="0 0 640 40" role="img" aria-label=(label.join(", ")) {
            line.rail x1=(MARGIN) x2=(WIDTH - MARGIN) y1="20" y2="20" {}
            @for mark in marks {
                @if mark.class == "now" { circle.now cx=(number(x(mark.at))) cy="20" r="6" {} }
                @else { line.(mark.class) x1=(number(x(mark.at))) x2=(number(x(mark.at))) y1="8" y2="32" {} }
            }
        }
    }
}

/// Seconds since 1970: a picture needs no more.
fn seconds(at: Instant) -> f64 {
    at.as_duration().as_secs_f64()
}

fn number(value: f64) -> String {
    format!("{value:.1}")
}
