//! From terms to promises: what the agreement obliges whom to do, when, and what shows it.
//!
//! This is the bridge from words to work. A promise stands always (confidentiality), follows an event
//! (72 hours after learning of a breach, Art. 33(2)) or returns by the calendar (a yearly review of
//! measures, Art. 32(1)(d)). The table below is meant to be read by a lawyer.

mod table;

use crate::defaults::{self, Counting, Target};
use crate::file::{AgreementFile, FileTerm, Role, Source};
use crate::reading::{Span, State};
use crate::text;
use kernel::{Lang, Period, Unit};
use serde::Serialize;
pub use table::NO_PROMISE;
use table::{Figure, Row, Rule};

/// One promise of an agreement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Promise {
    /// A stable name, unique within an agreement: the term, and a suffix when it makes several.
    pub key: &'static str,
    /// The term it comes from, a name of [`crate::names::TERMS`].
    pub term: &'static str,
    /// Who owes it.
    pub owed_by: Role,
    /// When it is owed.
    pub kind: Kind,
    /// Short and plain, in English.
    pub title_en: String,
    /// Short and plain, in French.
    pub title_fr: String,
    /// How firmly the text says it.
    pub state: State,
    /// The path of the clause it came from.
    pub clause: Option<String>,
    /// Where the document says it.
    pub span: Option<Span>,
    /// Whether keeping it must be shown by a piece of evidence.
    pub evidence: bool,
}

impl Promise {
    /// The title in one language.
    #[must_use]
    pub fn title(&self, lang: Lang) -> &str {
        lang.pick(&self.title_en, &self.title_fr)
    }
}

/// When a promise is owed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Kind {
    /// Always.
    Standing,
    /// When something happens.
    OnEvent {
        /// What happens.
        event: Event,
        /// How long after (or before) it; none when the text and we give no figure.
        period: Option<Period>,
        /// Whether the days are working days.
        working: bool,
        /// How the period is counted.
        clock: Clock,
        /// Whether the figure is a default of ours.
        default_used: bool,
        /// When we mean to be done.
        target: Option<Target>,
    },
    /// Again and again.
    Recurring {
        /// How often we do it.
        every: Period,
        /// How long it may be overdue before the promise is broken, counted from the last time.
        hard: Period,
    },
}

/// What sets a promise in motion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// A person's request arrived.
    RequestReceived,
    /// An instruction arrived.
    InstructionReceived,
    /// We became aware of a breach.
    BreachAware,
    /// A sub-processor is to come or to be replaced.
    SubprocessorChange,
    /// The contract ended.
    ContractEnd,
    /// The controller asked for an audit.
    AuditRequest,
    /// The controller asked for help or information.
    ControllerRequest,
}

impl Event {
    /// All, in the order of an agreement's life.
    pub const ALL: [Self; 7] = [
        Self::InstructionReceived,
        Self::SubprocessorChange,
        Self::RequestReceived,
        Self::ControllerRequest,
        Self::BreachAware,
        Self::AuditRequest,
        Self::ContractEnd,
    ];

    /// The event called `word`.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.word() == word)
    }

    /// What happens, for people.
    #[must_use]
    pub fn text(self, lang: Lang) -> &'static str {
        match self {
            Self::RequestReceived => lang.pick("a person's request arrives", "une demande de personne arrive"),
            Self::InstructionReceived => lang.pick("an instruction arrives", "une instruction arrive"),
            Self::BreachAware => lang.pick("we learn of a breach", "nous apprenons une violation"),
            Self::SubprocessorChange => {
                lang.pick("a sub-processor is to change", "un sous-traitant ultérieur doit changer")
            }
            Self::ContractEnd => lang.pick("the contract ends", "le contrat prend fin"),
            Self::AuditRequest => lang.pick("an audit is asked for", "un audit est demandé"),
            Self::ControllerRequest => lang.pick("the controller asks", "le responsable le demande"),
        }
    }

    /// As stored and shown in files: `breach-aware`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::RequestReceived => "request-received",
            Self::InstructionReceived => "instruction-received",
            Self::BreachAware => "breach-aware",
            Self::SubprocessorChange => "subprocessor-change",
            Self::ContractEnd => "contract-end",
            Self::AuditRequest => "audit-request",
            Self::ControllerRequest => "controller-request",
        }
    }
}

/// How a period is counted; the names follow `kernel::clock`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Clock {
    /// In elapsed hours after the event.
    Hours,
    /// In days, weeks, months or years after the event.
    Period,
    /// Backwards from the event: "at least 30 days before".
    Backward,
    /// After the event, never moved to a later day.
    Retention,
}

/// Every promise the agreement makes, in the order of Art. 28(3).
#[must_use]
pub fn promises(file: &AgreementFile) -> Vec<Promise> {
    table::ROWS.iter().filter_map(|row| promise(row, file.term(row.term)?)).collect()
}

fn promise(row: &Row, term: &FileTerm) -> Option<Promise> {
    let made = term.promised() && row.word.is_none_or(|word| term.says(word));
    made.then(|| {
        let kind = kind(row, term);
        let length = |lang| match &kind {
            Kind::OnEvent { period: Some(period), working, .. } => Some(text::length(period, *working, lang)),
            _ => None,
        };
        Promise {
            key: row.key,
            term: row.term,
            owed_by: row.owed_by,
            title_en: title(row.title[0], length(Lang::En), term, Lang::En),
            title_fr: title(row.title[1], length(Lang::Fr), term, Lang::Fr),
            state: term.state,
            clause: term.clause.clone(),
            span: term.span,
            evidence: row.evidence,
            kind,
        }
    })
}

/// Fills `{when}` with a length of time and `{value}` with the term's value; without a length, the
/// part in square brackets falls away.
fn title(template: &str, length: Option<String>, term: &FileTerm, lang: Lang) -> String {
    let value = text::value_text(term, lang);
    let kept = match (template.split_once('['), &length) {
        (Some((before, _)), None) => before.trim_end().to_owned(),
        _ => template.replace(['[', ']'], ""),
    };
    kept.replace("{when}", &length.unwrap_or_default()).replace("{value}", &value)
}

fn kind(row: &Row, term: &FileTerm) -> Kind {
    match row.rule {
        Rule::Standing => Kind::Standing,
        Rule::Recurring { every, hard } => match (every.period(), hard.period()) {
            (Some(every), Some(hard)) => Kind::Recurring { every, hard },
            _ => Kind::Standing,
        },
        Rule::OnEvent { event, clock, figure } => on_event(row, term, event, clock, figure),
    }
}

fn on_event(row: &Row, term: &FileTerm, event: Event, clock: Clock, figure: Figure) -> Kind {
    let default = defaults::default_for(row.term);
    let said = chosen(term, figure);
    let fallback = default.map(|default| (default.value, default.working));
    let figure = said.or(fallback);
    let (period, working) = figure.map_or((None, false), |(period, working)| (Some(period), working));
    let by_default = said.is_none() || term.source == Source::Default;
    let target = default.and_then(|default| default.target);
    Kind::OnEvent {
        event,
        clock: match (clock, period.map(|period| period.unit())) {
            (Clock::Period, Some(Unit::Hours)) => Clock::Hours,
            _ => clock,
        },
        target: target.filter(|target| is_before(target, period)),
        period,
        working,
        default_used: period.is_some() && by_default,
    }
}

/// An internal target only helps when it is earlier than the limit.
fn is_before(target: &Target, limit: Option<Period>) -> bool {
    let counted = match target.counting {
        Counting::Elapsed | Counting::WorkingDays => target.period.approx_hours(),
        // Eight office hours make a day.
        Counting::OfficeHours => target.period.approx_hours() * 3,
    };
    limit.is_some_and(|limit| counted < limit.approx_hours())
}

/// Of several figures, the one that keeps every reading: our own duty by the earliest, the other
/// party's right until the latest.
fn chosen(term: &FileTerm, figure: Figure) -> Option<(Period, bool)> {
    let hours = |(period, _): &(Period, bool)| period.approx_hours();
    match figure {
        Figure::Earliest => term.periods().min_by_key(hours),
        Figure::Latest => term.periods().max_by_key(hours),
    }
}

#[cfg(test)]
mod tests;
