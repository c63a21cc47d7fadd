//! What a person may decide about one term, and what comes of it. Pure: a lawyer can check the table in the tests.
//!
//! Art. 5(2) GDPR asks to show who decided what: each decision says what the term said before and after,
//! and where in the text.

use super::values::{self, BY_HAND};
use crate::{Kind, Refusal};
use agreement::defaults;
use agreement::file::{FileTerm, Other, Value};
use agreement::names::{Shape, TermName};
use agreement::reading::{Span, State};
use agreement::required::Required;
use kernel::Lang;
use serde::{Deserialize, Serialize};

/// What a term says: as it was read, or as somebody decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// How firmly.
    pub state: State,
    /// The value as [`values::write`] writes it; none when there is no figure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Whether its days are working days.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub working: bool,
    /// Where the document says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// The path of that clause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
}

impl Said {
    /// Nothing.
    #[must_use]
    pub fn silent() -> Self {
        Self { state: State::Silent, value: None, working: false, span: None, clause: None }
    }

    /// What a term of an agreement file says; nothing when it has none.
    #[must_use]
    pub fn of(term: Option<&FileTerm>) -> Self {
        term.map_or_else(Self::silent, |term| Self {
            state: term.state,
            value: term.value.as_ref().map(values::write),
            working: term.working,
            span: term.span,
            clause: term.clause.clone(),
        })
    }

    /// The sides of a contradiction, or the cases of several figures: each as the term would say it alone.
    #[must_use]
    pub fn sides(term: Option<&FileTerm>) -> Vec<Self> {
        let others = term.map(|term| term.others.as_slice()).unwrap_or_default();
        let side = |other: &Other| Self {
            state: other.state,
            value: other.value.as_ref().map(values::write),
            working: other.working,
            span: other.span,
            clause: other.clause.clone(),
        };
        others.iter().map(side).collect()
    }

    /// The value in words, or how firmly it is said when there is none.
    #[must_use]
    pub fn words(&self, shape: Shape, lang: Lang) -> String {
        match &self.value {
            Some(value) => values::words(value, self.working, shape, lang),
            None => agreement::text::state_text(self.state, lang).to_owned(),
        }
    }
}

/// What somebody did with a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Made {
    /// It stands as read.
    Confirmed,
    /// Somebody wrote what it says.
    Corrected,
    /// A figure of ours stands where the text gives none.
    Default,
    /// The text does not say it.
    NotSaid,
    /// The last decision was taken back: nobody has decided.
    Undone,
}

impl Made {
    /// The word as stored.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Corrected => "corrected",
            Self::Default => "default",
            Self::NotSaid => "not-said",
            Self::Undone => "undone",
        }
    }

    /// The decision a word names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let all = [Self::Confirmed, Self::Corrected, Self::Default, Self::NotSaid, Self::Undone];
        all.into_iter().find(|made| made.word() == word)
    }
}

/// What a person wants to do with a term.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// It says what was read.
    Confirm,
    /// It says this instead.
    Correct(Said),
    /// Our figure stands.
    Default,
    /// The text does not say it; `accept` when the person was shown what the law asks.
    NotSaid {
        /// Whether they accept the law's finding.
        accept: bool,
    },
    /// Nobody has decided after all.
    Undo,
}

/// The term a step is about.
#[derive(Clone, Debug)]
pub struct Subject<'a> {
    /// Which.
    pub name: &'static TermName,
    /// What was read.
    pub read: &'a Said,
    /// What stands decided, if anything does.
    pub decided: Option<(Made, &'a Said)>,
    /// Whether it must be decided, and by which law.
    pub required: Option<&'static Required>,
}

/// What comes of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What was done.
    pub made: Made,
    /// What the term says now.
    pub said: Said,
    /// The finding the person accepted with it.
    pub accepted: Option<&'static str>,
}

/// What comes of `step`.
///
/// # Errors
/// A [`Refusal`] when it cannot be decided so: a contradiction confirmed, a silence the law objects to, a value
/// that does not fit.
pub fn outcome(subject: &Subject<'_>, step: Step) -> Result<Outcome, Refusal> {
    let done = |made, said| Ok(Outcome { made, said, accepted: None });
    match step {
        Step::Undo if subject.decided.is_none() => Err(nothing_to_undo()),
        Step::Undo => done(Made::Undone, subject.read.clone()),
        Step::Confirm => confirm(subject),
        Step::Default => done(Made::Default, default(subject)?),
        Step::NotSaid { accept } => not_said(subject, accept),
        Step::Correct(said) => {
            let said = checked(subject.name, said)?;
            done(if said == *subject.read { Made::Confirmed } else { Made::Corrected }, said)
        }
    }
}

fn confirm(subject: &Subject<'_>) -> Result<Outcome, Refusal> {
    match subject.read.state {
        State::Conflicting => Err(conflicting(subject.name)),
        State::Placeholder => Err(blank(subject.name)),
        State::Silent => not_said(subject, false),
        _ => Ok(Outcome { made: Made::Confirmed, said: subject.read.clone(), accepted: None }),
    }
}

/// Silence is a decision of its own where the law asks for the term: the finding is shown and accepted first.
fn not_said(subject: &Subject<'_>, accept: bool) -> Result<Outcome, Refusal> {
    match subject.required {
        Some(required) if !accept => Err(silence(subject.name, required)),
        required => Ok(Outcome { made: Made::NotSaid, said: Said::silent(), accepted: required.map(|row| row.code) }),
    }
}

/// The figure of ours for a term whose text gives none; the citation stays.
fn default(subject: &Subject<'_>) -> Result<Said, Refusal> {
    let figure = defaults::default_for(subject.name.name).filter(|_| subject.name.shape == Shape::Duration);
    let figure = figure.ok_or_else(|| no_default(subject.name))?;
    Ok(Said {
        state: State::Stated,
        value: Some(values::write(&Value::Period(figure.value))),
        working: figure.working,
        span: subject.read.span,
        clause: subject.read.clause.clone(),
    })
}

fn checked(name: &TermName, mut said: Said) -> Result<Said, Refusal> {
    if !BY_HAND.contains(&said.state) {
        return Err(wrong_value(name, values::state_word(said.state)));
    }
    let written = said.value.take().filter(|text| !text.trim().is_empty());
    let value = match written {
        Some(text) => Some(values::parse(&text, name.shape).ok_or_else(|| wrong_value(name, &text))?),
        None if said.state == State::Stated => return Err(no_value(name)),
        None => None,
    };
    // A figure beside "no figure" would go on running a clock.
    let open = matches!(said.state, State::Vague | State::ByReference | State::Negated | State::Placeholder);
    let value = value.filter(|_| !open);
    let in_days = |period: &kernel::Period| period.unit() == kernel::Unit::Days;
    said.working &= matches!(&value, Some(Value::Period(period)) if in_days(period));
    said.value = value.as_ref().map(values::write);
    Ok(said)
}

fn named(name: &TermName, en: &str, fr: &str) -> [String; 2] {
    [en.replace("{term}", name.en), fr.replace("{term}", name.fr)]
}

fn refused(kind: Kind, code: &'static str, message: &[String; 2], remedy: [&str; 2]) -> Refusal {
    Refusal::new(kind, code, [&message[0], &message[1]], remedy)
}

fn conflicting(name: &TermName) -> Refusal {
    let message = named(
        name,
        "The text contradicts itself on “{term}”: a contradiction cannot be confirmed.",
        "Le texte se contredit sur « {term} » : une contradiction ne peut être confirmée.",
    );
    let remedy = [
        "Choose which of its values holds, or correct it.",
        "Choisissez laquelle de ses valeurs tient, ou corrigez le terme.",
    ];
    refused(Kind::Conflict, "term-conflict", &message, remedy)
}

fn blank(name: &TermName) -> Refusal {
    let message = named(
        name,
        "The text leaves “{term}” blank: there is nothing to confirm.",
        "Le texte laisse « {term} » en blanc : il n'y a rien à confirmer.",
    );
    let remedy = [
        "Write what the parties agreed, take our default, or say that it is not said.",
        "Écrivez ce dont les parties sont convenues, prenez notre valeur, ou dites que le texte est muet.",
    ];
    refused(Kind::Conflict, "term-blank", &message, remedy)
}

fn silence(name: &TermName, required: &Required) -> Refusal {
    let law = |lang| required.finding().law_text(lang);
    let asks = |lang| required.finding().asks.get(lang);
    let (en, fr) = (
        format!("The law asks for “{}” ({}): {}", name.en, law(Lang::En), asks(Lang::En)),
        format!("La loi demande « {} » ({}) : {}", name.fr, law(Lang::Fr), asks(Lang::Fr)),
    );
    let remedy = [
        "Read that finding and accept it expressly, take our default if there is one, or correct the term.",
        "Lisez ce constat et acceptez-le expressément, prenez notre valeur s'il y en a une, ou corrigez le terme.",
    ];
    refused(Kind::Conflict, "silence-unaccepted", &[en, fr], remedy)
}

fn no_default(name: &TermName) -> Refusal {
    let message =
        named(name, "We propose no figure for “{term}”.", "Nous ne proposons pas de chiffre pour « {term} ».");
    let remedy = ["Confirm or correct it.", "Confirmez-le ou corrigez-le."];
    refused(Kind::Invalid, "no-default", &message, remedy)
}

fn nothing_to_undo() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "nothing-decided",
        ["Nobody has decided this term.", "Personne n'a décidé de ce terme."],
        ["There is nothing to take back.", "Il n'y a rien à reprendre."],
    )
}

fn no_value(name: &TermName) -> Refusal {
    let message =
        named(name, "“{term}” is said to be stated, without a value.", "« {term} » est dit énoncé, sans valeur.");
    let remedy = [
        "Write the value, or choose another state: a duty without a figure is “no figure”.",
        "Écrivez la valeur, ou choisissez un autre état : un devoir sans chiffre est « sans chiffre ».",
    ];
    refused(Kind::Invalid, "term-value", &message, remedy)
}

fn wrong_value(name: &TermName, text: &str) -> Refusal {
    let (en, fr) =
        (format!("`{text}` does not fit “{}”.", name.en), format!("« {text} » ne convient pas à « {} ».", name.fr));
    let remedy = [
        "Durations are written PT72H, P30D, P4W, P1M or P5Y; yes or no for promises; days as 2026-12-31.",
        "Les durées s'écrivent PT72H, P30D, P4W, P1M ou P5Y ; oui ou non pour un engagement ; les jours 2026-12-31.",
    ];
    refused(Kind::Invalid, "term-value", &[en, fr], remedy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use agreement::AgreementFile;
    use agreement::{names, required};

    fn said(state: State, value: Option<&str>) -> Said {
        Said { state, value: value.map(str::to_owned), working: false, span: Some([3, 9]), clause: Some("7".into()) }
    }

    fn decide(term: &str, read: &Said, decided: Option<(Made, &Said)>, step: Step) -> Result<Outcome, &'static str> {
        let file = AgreementFile::default();
        let required = required::find(&file, term);
        let subject = Subject { name: names::find(term).unwrap(), read, decided, required };
        outcome(&subject, step).map_err(|refusal| refusal.code)
    }

    const BREACH: &str = "breach.notify_controller";
    const COSTS: &str = "audit.costs";

    /// term, as read, step → what was done, or why not.
    #[test]
    fn what_may_be_decided() {
        let stated = said(State::Stated, Some("PT72H"));
        let correct = |state, value| Step::Correct(said(state, value));
        for (term, read, step, expected) in [
            (BREACH, stated.clone(), Step::Confirm, Ok(Made::Confirmed)),
            (BREACH, said(State::Vague, None), Step::Confirm, Ok(Made::Confirmed)),
            (BREACH, said(State::Conflicting, Some("PT72H")), Step::Confirm, Err("term-conflict")),
            (BREACH, said(State::Placeholder, None), Step::Confirm, Err("term-blank")),
            (BREACH, Said::silent(), Step::Confirm, Err("silence-unaccepted")),
            (COSTS, Said::silent(), Step::Confirm, Ok(Made::NotSaid)),
            (BREACH, stated.clone(), correct(State::Stated, Some("PT48H")), Ok(Made::Corrected)),
            (BREACH, stated.clone(), correct(State::Stated, Some("PT72H")), Ok(Made::Confirmed)),
            (BREACH, stated.clone(), correct(State::Stated, Some("soon")), Err("term-value")),
            (BREACH, stated.clone(), correct(State::Stated, None), Err("term-value")),
            (BREACH, stated.clone(), correct(State::Vague, None), Ok(Made::Corrected)),
            (BREACH, stated.clone(), correct(State::Silent, None), Err("term-value")),
            (BREACH, stated.clone(), correct(State::Conflicting, Some("PT72H")), Err("term-value")),
            (BREACH, Said::silent(), Step::Default, Ok(Made::Default)),
            (COSTS, Said::silent(), Step::Default, Err("no-default")),
            ("assist.dpia", Said::silent(), Step::Default, Err("no-default")),
            (BREACH, stated.clone(), Step::NotSaid { accept: false }, Err("silence-unaccepted")),
            (BREACH, stated.clone(), Step::NotSaid { accept: true }, Ok(Made::NotSaid)),
            (COSTS, stated.clone(), Step::NotSaid { accept: false }, Ok(Made::NotSaid)),
            (BREACH, stated.clone(), Step::Undo, Err("nothing-decided")),
        ] {
            let seen = decide(term, &read, None, step.clone()).map(|outcome| outcome.made);
            assert_eq!(seen, expected, "{term} {read:?} {step:?}");
        }
    }

    /// Of every shape a term can have, each side of a contradiction can be chosen, a refusal too.
    #[test]
    fn each_side_of_a_contradiction_stands_alone() {
        let side = |value: Option<Value>| Other {
            state: if value.is_some() { State::Stated } else { State::Negated },
            value,
            working: false,
            text: "Words.".into(),
            span: Some([3, 9]),
            clause: Some("7".into()),
        };
        let word = |word: &str| Some(Value::Word(word.into()));
        let list = |words: &[&str]| Some(Value::List(words.iter().map(|word| (*word).to_owned()).collect()));
        for (term, one, other, expected) in [
            (BREACH, Some(Value::Period("PT72H".parse().unwrap())), None, [Some("PT72H"), None]),
            ("audit.per_year", Some(Value::Number(1)), Some(Value::Number(2)), [Some("1"), Some("2")]),
            ("audit.allowed", Some(Value::Flag(true)), Some(Value::Flag(false)), [Some("true"), Some("false")]),
            ("subprocessors.authorisation", word("general"), word("specific"), [Some("general"), Some("specific")]),
            ("transfers.allowed_to", list(&["none"]), list(&["US", "IN"]), [Some("none"), Some("US, IN")]),
            ("governing_law", Some(Value::Text("FR".into())), None, [Some("FR"), None]),
            (BREACH, None, None, [None, None]),
        ] {
            let conflict = FileTerm {
                state: State::Conflicting,
                others: vec![side(one), side(other)],
                ..FileTerm::stated(Value::Flag(true))
            };
            let read = Said::of(Some(&conflict));
            let sides = Said::sides(Some(&conflict));
            assert_eq!(sides.len(), 2);
            for (said, value) in sides.into_iter().zip(expected) {
                let made = decide(term, &read, None, Step::Correct(said.clone()));
                let made = made.unwrap_or_else(|code| panic!("{term} {said:?}: {code}"));
                assert_eq!(
                    (made.made, made.said.value.as_deref(), made.said.span),
                    (Made::Corrected, value, Some([3, 9]))
                );
            }
        }
    }

    #[test]
    fn a_default_keeps_the_citation_and_is_ours() {
        let made = decide(BREACH, &said(State::Vague, None), None, Step::Default).unwrap();
        assert_eq!(made.said, said(State::Stated, Some("PT24H")));
        assert!(decide("requests.forward", &Said::silent(), None, Step::Default).unwrap().said.working);
    }

    #[test]
    fn a_silence_the_law_objects_to_names_the_finding_accepted() {
        let made = decide(BREACH, &Said::silent(), None, Step::NotSaid { accept: true }).unwrap();
        assert_eq!((made.accepted, made.said), (Some("A33-2"), Said::silent()));
        assert_eq!(decide(COSTS, &Said::silent(), None, Step::NotSaid { accept: true }).unwrap().accepted, None);
    }

    #[test]
    fn undoing_brings_the_reading_back() {
        let (read, now) = (said(State::Stated, Some("PT72H")), said(State::Stated, Some("PT48H")));
        let undone = decide(BREACH, &read, Some((Made::Corrected, &now)), Step::Undo).unwrap();
        assert_eq!((undone.made, undone.said), (Made::Undone, read));
    }

    #[test]
    fn no_figure_stays_beside_a_state_that_has_none() {
        for state in [State::Vague, State::ByReference, State::Negated] {
            let kept = decide(BREACH, &Said::silent(), None, Step::Correct(said(state, Some("PT48H")))).unwrap();
            assert_eq!(kept.said.value, None, "{state:?}");
        }
    }

    #[test]
    fn only_days_can_be_working_days() {
        let mut hours = said(State::Stated, Some("PT48H"));
        hours.working = true;
        let kept = decide(BREACH, &Said::silent(), None, Step::Correct(hours.clone())).unwrap();
        assert!(!kept.said.working);
        hours.value = Some("P2D".into());
        assert!(decide(BREACH, &Said::silent(), None, Step::Correct(hours)).unwrap().said.working);
    }
}
