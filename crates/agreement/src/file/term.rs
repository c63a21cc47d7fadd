//! One term of the file: how firmly it is said, its value, its citation, and who decided it.

use crate::names::Shape;
use crate::reading::{Span, State};
use kernel::{Date, Period};
use std::fmt;

/// What the agreement says of one term.
#[derive(Clone, Debug, PartialEq)]
pub struct FileTerm {
    /// How firmly; never silent.
    pub state: State,
    /// The value; always there when `state` is stated.
    pub value: Option<Value>,
    /// Whether the days are working days.
    pub working: bool,
    /// The path of the clause, such as `III.8`.
    pub clause: Option<String>,
    /// Where the words stand in the document.
    pub span: Option<Span>,
    /// The words themselves; empty when not from a document.
    pub text: String,
    /// Who decided it.
    pub source: Source,
    /// Further readings: by case when staged, each side when conflicting.
    pub others: Vec<Other>,
}

impl FileTerm {
    /// A term stated by a person, without a citation.
    #[must_use]
    pub fn stated(value: Value) -> Self {
        Self {
            state: State::Stated,
            value: Some(value),
            working: false,
            clause: None,
            span: None,
            text: String::new(),
            source: Source::Person,
            others: Vec::new(),
        }
    }

    /// A duty a person wrote without a figure.
    #[must_use]
    pub fn vague() -> Self {
        Self { state: State::Vague, value: None, ..Self::stated(Value::Flag(true)) }
    }

    /// Whether the text commits somebody to it, firmly or not.
    #[must_use]
    pub fn promised(&self) -> bool {
        use State::{Conditional, Conflicting, Staged, Stated, Vague};
        matches!(self.state, Stated | Vague | Conditional | Staged | Conflicting)
            && self.value != Some(Value::Flag(false))
    }

    /// Every period said: the value and the further readings, with whether the days are working days.
    pub fn periods(&self) -> impl Iterator<Item = (Period, bool)> + '_ {
        let own = self.value.iter().map(|value| (value, self.working));
        let others = self.others.iter().filter_map(|other| Some((other.value.as_ref()?, other.working)));
        own.chain(others).filter_map(|(value, working)| match value {
            Value::Period(period) => Some((*period, working)),
            _ => None,
        })
    }

    /// Whether it names a place of the document.
    #[must_use]
    pub fn cited(&self) -> bool {
        self.clause.is_some() || self.span.is_some() || !self.text.is_empty()
    }

    /// Whether the value, or one of the further readings, is this word.
    #[must_use]
    pub fn says(&self, word: &str) -> bool {
        let values = self.value.iter().chain(self.others.iter().filter_map(|other| other.value.as_ref()));
        values.into_iter().any(|value| matches!(value, Value::Word(found) if found == word))
    }
}

/// One more place where a term is said.
#[derive(Clone, Debug, PartialEq)]
pub struct Other {
    /// How firmly it is said there.
    pub state: State,
    /// The value read there.
    pub value: Option<Value>,
    /// Whether the days are working days.
    pub working: bool,
    /// The words.
    pub text: String,
    /// Where they stand.
    pub span: Option<Span>,
    /// The path of the clause.
    pub clause: Option<String>,
}

impl Other {
    /// How firmly a reading is said for which the file names no state.
    pub(crate) fn unsaid(value: Option<&Value>) -> State {
        if value.is_some() { State::Stated } else { State::Vague }
    }
}

/// A value of the shape its term demands.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Promised or not.
    Flag(bool),
    /// One count and one unit.
    Period(Period),
    /// A word of the term's closed list.
    Word(String),
    /// A count.
    Number(u32),
    /// Free text.
    Text(String),
    /// Several words.
    List(Vec<String>),
    /// A day.
    Date(Date),
}

impl Value {
    /// The value that a line of text writes, as people do in forms: `PT72H`, `yes` or `oui`, a word of the list, several
    /// words parted by commas. [`Value`] shows itself so too.
    #[must_use]
    pub fn from_text(text: &str, shape: Shape) -> Option<Self> {
        let text = text.trim();
        let value = match shape {
            _ if text.is_empty() => return None,
            Shape::Flag => Self::Flag(flag(text)?),
            Shape::Duration => Self::Period(text.parse().ok()?),
            Shape::Word(_) => Self::Word(text.to_owned()),
            Shape::Number => Self::Number(text.parse().ok()?),
            Shape::Text => Self::Text(text.to_owned()),
            Shape::List => {
                Self::List(text.split(',').map(str::trim).filter(|w| !w.is_empty()).map(str::to_owned).collect())
            }
            Shape::Date => Self::Date(text.parse().ok().filter(|date: &Date| date.year() > 0)?),
        };
        value.fits(shape).then_some(value)
    }

    /// Whether a term of this shape may hold this value.
    #[must_use]
    pub fn fits(&self, shape: Shape) -> bool {
        match (self, shape) {
            (Self::Word(word), Shape::Word(allowed)) => allowed.contains(&word.as_str()),
            (Self::Flag(_), Shape::Flag)
            | (Self::Period(_), Shape::Duration)
            | (Self::Number(_), Shape::Number)
            | (Self::Text(_), Shape::Text)
            | (Self::List(_), Shape::List)
            | (Self::Date(_), Shape::Date) => true,
            _ => false,
        }
    }
}

fn flag(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "oui" => Some(true),
        "false" | "no" | "non" => Some(false),
        _ => None,
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => flag.fmt(f),
            Self::Period(period) => period.fmt(f),
            Self::Word(text) | Self::Text(text) => f.write_str(text),
            Self::Number(number) => number.fmt(f),
            Self::List(items) => f.write_str(&items.join(", ")),
            Self::Date(date) => date.fmt(f),
        }
    }
}

/// Who decided a term.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// It was read from the document.
    Document,
    /// It is a default of ours, where the text gives no figure.
    Default,
    /// A person wrote it.
    #[default]
    Person,
}

impl Source {
    /// All, as words of the file.
    pub const WORDS: [&'static str; 3] = ["document", "default", "person"];

    /// As written in the file.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Document => Self::WORDS[0],
            Self::Default => Self::WORDS[1],
            Self::Person => Self::WORDS[2],
        }
    }
}
