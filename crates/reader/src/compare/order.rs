//! What a change of a term means for whom: a shorter breach notice binds the processor more, a shorter window to object
//! leaves the controller less.

use agreement::{
    file::{FileTerm, Value},
    reading::State,
};
use kernel::Lang;
use serde::Serialize;

/// For whom a change is better or worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// The processor owes more, or sooner.
    StricterForProcessor,
    /// The processor owes less, or later.
    WeakerForProcessor,
    /// The controller has more time, or more rights.
    MoreForController,
    /// The controller has less.
    LessForController,
}

impl Direction {
    /// In words.
    #[must_use]
    pub fn text(self, lang: Lang) -> &'static str {
        match self {
            Self::StricterForProcessor => lang.pick("stricter for the processor", "plus strict pour le sous-traitant"),
            Self::WeakerForProcessor => lang.pick("weaker for the processor", "moins strict pour le sous-traitant"),
            Self::MoreForController => lang.pick("more for the controller", "plus favorable au responsable"),
            Self::LessForController => lang.pick("less for the controller", "moins favorable au responsable"),
        }
    }

    fn opposite(self) -> Self {
        match self {
            Self::StricterForProcessor => Self::WeakerForProcessor,
            Self::WeakerForProcessor => Self::StricterForProcessor,
            Self::MoreForController => Self::LessForController,
            Self::LessForController => Self::MoreForController,
        }
    }
}

/// What it means that a term grows: a longer period, a higher count, a promise where there was none.
fn growing(name: &str) -> Option<(Direction, Measure)> {
    use Direction::{LessForController, MoreForController, StricterForProcessor, WeakerForProcessor};
    let by = |direction, measure| Some((direction, measure));
    match name {
        "breach.notify_controller"
        | "requests.forward"
        | "instructions.unlawful_alert"
        | "end.delete_within"
        | "end.return_within" => by(WeakerForProcessor, Measure::Length),
        "subprocessors.notice" => by(StricterForProcessor, Measure::Length),
        "subprocessors.objection_window" => by(MoreForController, Measure::Length),
        "audit.notice" => by(LessForController, Measure::Length),
        "audit.per_year" => by(MoreForController, Measure::Count),
        "subprocessors.silence_approves" => by(LessForController, Measure::Promise),
        "own_purposes" => by(WeakerForProcessor, Measure::Word(&["forbidden", "allowed"])),
        "requests.answer_by_processor" => by(WeakerForProcessor, Measure::Word(&["forbidden", "allowed"])),
        "subprocessors.authorisation" => {
            by(StricterForProcessor, Measure::Word(&["general", "specific", "none-allowed"]))
        }
        "instructions.documented"
        | "instructions.legal_compulsion_notice"
        | "confidentiality.persons"
        | "training.persons"
        | "security.article32"
        | "subprocessors.flow_down"
        | "subprocessors.liability"
        | "subprocessors.list_on_request"
        | "requests.assist"
        | "breach.content"
        | "assist.dpia"
        | "assist.prior_consultation"
        | "assist.security"
        | "assist.breach_notification"
        | "end.certificate"
        | "audit.information"
        | "records.article30_2"
        | "design.by_default"
        | "liability.article82" => by(StricterForProcessor, Measure::Promise),
        "audit.allowed" => by(MoreForController, Measure::Promise),
        _ => None,
    }
}

#[derive(Clone, Copy)]
enum Measure {
    Length,
    Count,
    Promise,
    Word(&'static [&'static str]),
}

/// What the change of a term from `old` to `new` means; `None` where more and less mean nothing.
pub(super) fn direction(name: &str, old: Option<&FileTerm>, new: Option<&FileTerm>) -> Option<Direction> {
    let (grows, measure) = growing(name)?;
    let promised = |term: Option<&FileTerm>| term.is_some_and(FileTerm::promised);
    let firm = |term: Option<&FileTerm>| {
        term.map_or(0, |term| match term.state {
            State::Stated | State::Staged => 2,
            State::Conditional | State::Vague | State::Conflicting => 1,
            _ => 0,
        })
    };
    let by = |growth: std::cmp::Ordering| match growth {
        std::cmp::Ordering::Less => Some(grows.opposite()),
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Greater => Some(grows),
    };
    match measure {
        Measure::Promise => by(firm(new).cmp(&firm(old))),
        Measure::Word(order) => {
            let rank = |term: Option<&FileTerm>| match term.and_then(|term| term.value.as_ref()) {
                Some(Value::Word(word)) => order.iter().position(|known| known == word),
                _ => None,
            };
            by(rank(new)?.cmp(&rank(old)?))
        }
        Measure::Count => {
            let count = |term: Option<&FileTerm>| match term.and_then(|term| term.value.as_ref()) {
                Some(Value::Number(count)) => Some(*count),
                _ => None,
            };
            by(count(new)?.cmp(&count(old)?))
        }
        Measure::Length => {
            let length =
                |term: Option<&FileTerm>| term?.periods().map(|(period, working)| hours(period, working)).max();
            match (length(old), length(new)) {
                (Some(old), Some(new)) => by(new.cmp(&old)),
                // A figure given is a duty made testable, a figure taken away the reverse.
                (None, Some(_)) => Some(gain(grows)),
                (Some(_), None) => Some(gain(grows).opposite()),
                (None, None) => match (promised(old), promised(new)) {
                    (false, true) => Some(gain(grows)),
                    (true, false) => Some(gain(grows).opposite()),
                    _ => None,
                },
            }
        }
    }
}

/// Working days are longer than days.
fn hours(period: kernel::Period, working: bool) -> u64 {
    let hours = period.approx_hours();
    if working { hours * 7 / 5 } else { hours }
}

/// That a period is there at all binds the one it is laid upon.
fn gain(grows: Direction) -> Direction {
    match grows {
        Direction::WeakerForProcessor | Direction::StricterForProcessor => Direction::StricterForProcessor,
        Direction::MoreForController => Direction::MoreForController,
        Direction::LessForController => Direction::LessForController,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stated(value: Value) -> FileTerm {
        FileTerm::stated(value)
    }

    #[test]
    fn a_change_is_told_for_whom_it_is_what() {
        use Direction::{LessForController, MoreForController, StricterForProcessor, WeakerForProcessor};
        let period = |text: &str| Some(stated(Value::Period(text.parse().unwrap())));
        let word = |text: &str| Some(stated(Value::Word(text.to_owned())));
        let flag = || Some(stated(Value::Flag(true)));
        let vague = || Some(FileTerm::vague());
        let cases = [
            ("breach.notify_controller", period("PT72H"), period("PT24H"), Some(StricterForProcessor)),
            ("breach.notify_controller", period("PT24H"), vague(), Some(WeakerForProcessor)),
            ("breach.notify_controller", None, vague(), Some(StricterForProcessor)),
            ("end.delete_within", period("P1M"), period("P2M"), Some(WeakerForProcessor)),
            ("subprocessors.notice", period("P30D"), period("P15D"), Some(WeakerForProcessor)),
            ("subprocessors.objection_window", period("P30D"), period("P15D"), Some(LessForController)),
            ("audit.notice", period("P15D"), period("P30D"), Some(LessForController)),
            ("audit.per_year", Some(stated(Value::Number(1))), Some(stated(Value::Number(2))), Some(MoreForController)),
            ("own_purposes", word("forbidden"), word("allowed"), Some(WeakerForProcessor)),
            ("subprocessors.authorisation", word("specific"), word("general"), Some(WeakerForProcessor)),
            ("end.certificate", None, flag(), Some(StricterForProcessor)),
            ("subprocessors.silence_approves", None, flag(), Some(LessForController)),
            ("governing_law", None, Some(stated(Value::Text("France".to_owned()))), None),
        ];
        for (name, old, new, expected) in cases {
            assert_eq!(direction(name, old.as_ref(), new.as_ref()), expected, "{name}");
        }
    }

    #[test]
    fn working_days_are_longer_than_days() {
        let mut working = stated(Value::Period("P10D".parse().unwrap()));
        working.working = true;
        let plain = stated(Value::Period("P10D".parse().unwrap()));
        let found = direction("requests.forward", Some(&plain), Some(&working));
        assert_eq!(found, Some(Direction::WeakerForProcessor));
    }
}
