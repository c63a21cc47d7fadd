//! Figures for vague words: "as soon as possible" cannot be tested, so each such duty has a default.
//!
//! These are proposals of ours, not law; the GDPR's own words are "immediately" (Art. 28(3)) and
//! "without undue delay" (Art. 33(2)). A person accepts or changes them in the agreement file.

use kernel::{Lang, Period, Unit};
use serde::Serialize;

/// How a length of time is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Counting {
    /// As the calendar runs.
    Elapsed,
    /// In working days.
    WorkingDays,
    /// In office hours, Monday to Friday.
    OfficeHours,
}

/// When we mean to be done, before the hard limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Target {
    /// How long.
    pub period: Period,
    /// How it is counted.
    pub counting: Counting,
}

/// The default of one term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Default {
    /// The term's name.
    pub term: &'static str,
    /// The hard limit: later than this, the promise is broken.
    pub value: Period,
    /// Whether its days are working days.
    pub working: bool,
    /// When we mean to be done.
    pub target: Option<Target>,
    /// Whether the law puts the duty on the processor even when the text is silent.
    pub when_silent: bool,
    reason: [&'static str; 2],
}

impl Default {
    /// Why this figure.
    #[must_use]
    pub fn reason(&self, lang: Lang) -> &'static str {
        lang.pick(self.reason[0], self.reason[1])
    }
}

/// The default for the term `name`, if it is a duty that a figure makes testable.
#[must_use]
pub fn default_for(name: &str) -> Option<Default> {
    let row = ROWS.iter().find(|row| row.term == name)?;
    Some(Default {
        term: row.term,
        value: Period::new(row.hard.0, row.hard.1)?,
        working: row.working,
        target: row
            .target
            .and_then(|(count, unit, counting)| Some(Target { period: Period::new(count, unit)?, counting })),
        when_silent: row.when_silent,
        reason: row.reason,
    })
}

/// Every term that has a default.
pub fn terms() -> impl Iterator<Item = &'static str> {
    ROWS.iter().map(|row| row.term)
}

#[derive(Clone, Copy)]
struct Row {
    term: &'static str,
    hard: (u32, Unit),
    working: bool,
    target: Option<(u32, Unit, Counting)>,
    when_silent: bool,
    reason: [&'static str; 2],
}

const fn row(
    term: &'static str,
    hard: (u32, Unit),
    working: bool,
    target: Option<(u32, Unit, Counting)>,
    reason: [&'static str; 2],
) -> Row {
    Row { term, hard, working, target, when_silent: false, reason }
}

const fn by_law(row: Row) -> Row {
    Row { when_silent: true, ..row }
}

use Counting::{Elapsed, OfficeHours, WorkingDays};
use Unit::{Days, Hours};

const ROWS: &[Row] = &[
    by_law(row(
        "instructions.unlawful_alert",
        (1, Days),
        true,
        Some((4, Hours, OfficeHours)),
        [
            "Art. 28(3) says immediately; one working day leaves time to read the instruction",
            "l'art. 28(3) dit immédiatement ; un jour ouvré laisse le temps de lire l'instruction",
        ],
    )),
    row(
        "subprocessors.notice",
        (30, Days),
        false,
        None,
        [
            "the controller needs a month to judge a newcomer and to object",
            "il faut un mois au responsable pour juger un nouveau venu et s'y opposer",
        ],
    ),
    row(
        "subprocessors.objection_window",
        (30, Days),
        false,
        None,
        [
            "as long as the notice, so that silence means something",
            "aussi long que le préavis, pour que le silence ait un sens",
        ],
    ),
    row(
        "subprocessors.list_on_request",
        (5, Days),
        true,
        None,
        ["the list should be at hand at any time", "la liste devrait être disponible à tout moment"],
    ),
    row(
        "requests.forward",
        (1, Days),
        true,
        Some((4, Hours, OfficeHours)),
        [
            "the controller's own month runs from receipt (Art. 12(3))",
            "le mois du responsable court dès la réception (art. 12(3))",
        ],
    ),
    row(
        "requests.assist",
        (10, Days),
        true,
        Some((5, Days, WorkingDays)),
        [
            "leaves the controller the greater part of its month (Art. 12(3))",
            "laisse au responsable la plus grande part de son mois (art. 12(3))",
        ],
    ),
    by_law(row(
        "breach.notify_controller",
        (24, Hours),
        false,
        Some((12, Hours, Elapsed)),
        [
            "Art. 33(2) says without undue delay, and the controller has 72 hours of its own",
            "l'art. 33(2) dit dans les meilleurs délais, et le responsable n'a que 72 heures",
        ],
    )),
    row(
        "assist.dpia",
        (30, Days),
        false,
        Some((15, Days, Elapsed)),
        ["time to gather the facts of a system", "le temps de réunir les éléments d'un système"],
    ),
    row(
        "assist.prior_consultation",
        (30, Days),
        false,
        Some((15, Days, Elapsed)),
        [
            "the authority answers within eight weeks (Art. 36(2))",
            "l'autorité répond dans les huit semaines (art. 36(2))",
        ],
    ),
    row(
        "assist.security",
        (10, Days),
        true,
        Some((5, Days, WorkingDays)),
        ["security documents exist already", "les documents de sécurité existent déjà"],
    ),
    row(
        "end.delete_within",
        (30, Days),
        false,
        None,
        [
            "time to retrieve the data first; the law gives no figure",
            "le temps de récupérer d'abord les données ; la loi ne chiffre pas",
        ],
    ),
    row(
        "end.return_within",
        (30, Days),
        false,
        None,
        ["time to prepare a complete export", "le temps de préparer un export complet"],
    ),
    row(
        "audit.information",
        (10, Days),
        true,
        Some((5, Days, WorkingDays)),
        ["the file of measures exists already", "le dossier des mesures existe déjà"],
    ),
    row(
        "audit.notice",
        (30, Days),
        false,
        None,
        ["time to free people and prepare the site", "le temps de libérer des personnes et de préparer le site"],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names;

    #[test]
    fn every_default_names_a_term_and_gives_its_reason_in_both_languages() {
        for name in terms() {
            let default = default_for(name).unwrap();
            assert!(names::find(name).is_some(), "{name}");
            assert!(!default.reason(Lang::En).is_empty() && default.reason(Lang::En) != default.reason(Lang::Fr));
        }
    }

    #[test]
    fn the_figures_of_the_defaults_are_these() {
        let shown = |name| {
            let default = default_for(name).unwrap();
            let target = default.target.map_or_else(|| "-".to_owned(), |target| target.period.to_string());
            let days = if default.working { " working" } else { "" };
            format!("{name} {target} {}{days}", default.value)
        };
        let found: Vec<String> = terms().map(shown).collect();
        let expected = [
            "instructions.unlawful_alert PT4H P1D working",
            "subprocessors.notice - P30D",
            "subprocessors.objection_window - P30D",
            "subprocessors.list_on_request - P5D working",
            "requests.forward PT4H P1D working",
            "requests.assist P5D P10D working",
            "breach.notify_controller PT12H PT24H",
            "assist.dpia P15D P30D",
            "assist.prior_consultation P15D P30D",
            "assist.security P5D P10D working",
            "end.delete_within - P30D",
            "end.return_within - P30D",
            "audit.information P5D P10D working",
            "audit.notice - P30D",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_target_comes_before_its_hard_limit() {
        for name in terms() {
            let default = default_for(name).unwrap();
            let Some(target) = default.target else { continue };
            assert!(target.period.approx_hours() < default.value.approx_hours(), "{name}");
        }
    }

    #[test]
    fn a_breach_is_told_within_a_day_and_aimed_at_half_of_it() {
        let default = default_for("breach.notify_controller").unwrap();
        assert_eq!(default.value.to_string(), "PT24H");
        assert_eq!(default.target.unwrap().period.to_string(), "PT12H");
    }

    #[test]
    fn what_nobody_need_do_by_a_date_has_no_default() {
        assert_eq!(default_for("governing_law"), None);
    }
}
