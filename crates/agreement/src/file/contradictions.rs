//! Terms that exclude each other. A person's file that holds such a pair is refused; a document that
//! does is read as conflicting, because a document is what it is.

use super::{AgreementFile, FileTerm, Problem, Value};
use crate::reading::State;
use kernel::Period;

/// Two terms that cannot both be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Contradiction {
    /// The term to change.
    pub(crate) term: &'static str,
    /// What is wrong.
    pub(crate) pair: Pair,
}

/// Which pair it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pair {
    /// No sub-processor allowed, one listed.
    NoneAllowedButListed,
    /// Return promised, only deletion timed.
    ReturnOnlyButDeleted,
    /// Neither answered nor forwarded.
    NobodyAnswers,
    /// Silence approves before the objection window ends.
    SilenceBeforeWindow,
    /// Audits counted but refused.
    AuditsCountedButRefused,
}

impl AgreementFile {
    /// Every pair of firmly stated terms that cannot both be kept.
    pub(crate) fn contradictions(&self) -> Vec<Contradiction> {
        use Pair::{AuditsCountedButRefused, NobodyAnswers, NoneAllowedButListed, ReturnOnlyButDeleted};
        let mut found = Vec::new();
        let mut report = |holds: bool, term, pair| {
            if holds {
                found.push(Contradiction { term, pair });
            }
        };
        let listed = !self.subprocessors.is_empty();
        report(
            self.states("subprocessors.authorisation", "none-allowed") && listed,
            "subprocessors.authorisation",
            NoneAllowedButListed,
        );
        let only_deleted =
            self.stated_period("end.delete_within").is_some() && !self.terms.contains_key("end.return_within");
        report(self.states("end.choice", "return") && only_deleted, "end.choice", ReturnOnlyButDeleted);
        let nobody = self.states("requests.answer_by_processor", "forbidden") && self.refuses("requests.forward");
        report(nobody, "requests.answer_by_processor", NobodyAnswers);
        report(self.silence_before_window(), "subprocessors.objection_window", Pair::SilenceBeforeWindow);
        let counted = matches!(self.stated("audit.per_year"), Some(Value::Number(count)) if *count > 0);
        report(counted && self.refuses("audit.allowed"), "audit.per_year", AuditsCountedButRefused);
        found
    }

    /// Marks each contradictory term as conflicting.
    pub(crate) fn admit_contradictions(&mut self) {
        for contradiction in self.contradictions() {
            if let Some(term) = self.terms.get_mut(contradiction.term) {
                term.state = State::Conflicting;
            }
        }
    }

    fn stated(&self, name: &str) -> Option<&Value> {
        self.terms.get(name).filter(|term| term.state == State::Stated)?.value.as_ref()
    }

    fn states(&self, name: &str, word: &str) -> bool {
        matches!(self.stated(name), Some(Value::Word(found)) if found == word)
    }

    fn stated_period(&self, name: &str) -> Option<Period> {
        match self.stated(name)? {
            Value::Period(period) => Some(*period),
            _ => None,
        }
    }

    fn refuses(&self, name: &str) -> bool {
        let refused = |term: &FileTerm| term.state == State::Negated || term.value == Some(Value::Flag(false));
        self.terms.get(name).is_some_and(refused)
    }

    /// Silence approves when the notice is over, yet the controller may object for longer than that.
    fn silence_before_window(&self) -> bool {
        let silence = self.stated("subprocessors.silence_approves") == Some(&Value::Flag(true));
        let notice = self.stated_period("subprocessors.notice");
        let window = self.stated_period("subprocessors.objection_window");
        silence && notice.zip(window).is_some_and(|(notice, window)| window.approx_hours() > notice.approx_hours())
    }
}

impl From<Contradiction> for Problem {
    fn from(contradiction: Contradiction) -> Self {
        Self::Contradiction(contradiction.pair)
    }
}
