//! One term of the file to its clause: which form, which template, which values.

use crate::labels;
use crate::problem::Problem;
use crate::texts;
use crate::words::{Words, typeset};
use agreement::file::{FileTerm, Value};
use agreement::names;
use agreement::reading::State;
use kernel::{Lang, Period, Unit};

/// The form for a text without a clause of its own.
const OTHER: &str = "other";

/// What a term says; several sentences for a list.
pub(crate) fn clauses(name: &str, term: &FileTerm, lang: Lang) -> Result<Vec<Words>, Problem> {
    let clause = Clause { name, term, lang };
    match (&term.state, &term.value) {
        (State::Silent, _) => Ok(Vec::new()),
        (State::Conflicting, _) => Err(Problem::Contradiction { term: name.to_owned() }),
        (State::Stated, Some(value)) => clause.stated(value),
        (State::Staged, Some(Value::Period(_))) => clause.staged(),
        (State::Staged, Some(Value::Number(_))) => clause.counts(),
        (State::Conditional, Some(Value::Flag(true)) | None) => clause.conditional(),
        (State::Conditional, Some(value)) => clause.on_condition(value),
        (State::Vague, Some(Value::Flag(true))) => clause.state(),
        (State::Negated, Some(Value::Flag(_))) => clause.state(),
        (State::Placeholder, Some(Value::Period(period))) => clause.proposed(*period),
        (State::Vague | State::ByReference | State::Placeholder | State::Negated, None) => clause.state(),
        (State::Vague | State::ByReference | State::Placeholder | State::Negated, Some(_)) => {
            Err(Problem::ValueBesideState { term: name.to_owned(), state: term.state })
        }
        _ => Err(clause.missing()),
    }
}

struct Clause<'a> {
    name: &'a str,
    term: &'a FileTerm,
    lang: Lang,
}

impl Clause<'_> {
    fn missing(&self) -> Problem {
        Problem::NoClause { term: self.name.to_owned(), state: self.term.state }
    }

    fn template(&self, form: &str) -> Option<&'static str> {
        Some(texts::clauses(self.lang).get(self.name)?.get(form)?.as_str())
    }

    fn written(&self, form: &str, values: &[(&str, &str)]) -> Result<Words, Problem> {
        let template = self.template(form).ok_or_else(|| self.missing())?;
        Ok(Words::from_template(template, values, self.lang))
    }

    fn stated(&self, value: &Value) -> Result<Vec<Words>, Problem> {
        match value {
            Value::Flag(true) => self.one("true", &[]),
            Value::Flag(false) => self.valueless("negated"),
            Value::Period(period) => self.one("stated", &[("period", &self.period(*period, self.term.working)?)]),
            Value::Date(date) => self.one("stated", &[("date", &labels::date(*date, self.lang))]),
            Value::Number(count) => self.number(*count),
            Value::Word(word) => self.one(word, &[]),
            Value::Text(text) => self.text(text),
            Value::List(words) if words.is_empty() => Err(self.missing()),
            Value::List(words) => words.iter().map(|word| self.listed(word)).collect(),
        }
    }

    fn one(&self, form: &str, values: &[(&str, &str)]) -> Result<Vec<Words>, Problem> {
        Ok(vec![self.written(form, values)?])
    }

    fn number(&self, count: u32) -> Result<Vec<Words>, Problem> {
        let count = count.to_string();
        if count == "0" {
            return Err(self.missing());
        }
        let form = if self.template(&count).is_some() { count.as_str() } else { OTHER };
        self.one(form, &[("count", &count)])
    }

    /// A word that has a clause of its own, a law by its name, else the text as it is.
    fn text(&self, text: &str) -> Result<Vec<Words>, Problem> {
        let text = text.trim().trim_end_matches('.');
        if text.is_empty() {
            return Err(self.missing());
        }
        if let Some(law) = texts::of(self.lang).laws.get(text).filter(|_| self.template("known").is_some()) {
            return self.one("known", &[("law", law)]);
        }
        let own = !["known", OTHER].contains(&text) && self.template(text).is_some();
        self.one(if own { text } else { OTHER }, &[("text", text)])
    }

    fn listed(&self, word: &str) -> Result<Words, Problem> {
        if word != "country" && self.template(word).is_some() {
            return self.written(word, &[]);
        }
        self.written("country", &[("text", agreement::text::country(word, self.lang))])
    }

    fn state(&self) -> Result<Vec<Words>, Problem> {
        let form = match self.term.state {
            State::Vague => "vague",
            State::ByReference => "by-reference",
            State::Placeholder => "placeholder",
            _ => "negated",
        };
        self.valueless(form)
    }

    /// The clause of a state, or a line with the name of the term where it has none of its own.
    fn valueless(&self, form: &str) -> Result<Vec<Words>, Problem> {
        if self.template(form).is_some() {
            return self.one(form, &[]);
        }
        let term = names::find(self.name).ok_or_else(|| self.missing())?;
        let line = texts::of(self.lang).labelled.get(form).ok_or_else(|| self.missing())?;
        let term = typeset(self.lang.pick(term.en, term.fr), self.lang);
        Ok(vec![Words::from_template(line, &[("term", &term)], self.lang)])
    }

    /// The promise with the condition where its clause has room for one.
    fn conditional(&self) -> Result<Vec<Words>, Problem> {
        match self.template("true").filter(|template| template.contains("{if}")) {
            Some(template) => {
                let condition = typeset(&texts::of(self.lang).condition, self.lang);
                Ok(vec![Words::from_template(template, &[("if", &condition)], self.lang)])
            }
            None => self.valueless("conditional"),
        }
    }

    /// The clause with the condition at its end, or the one that has a place for it.
    fn on_condition(&self, value: &Value) -> Result<Vec<Words>, Problem> {
        if let Value::Word(word) = value
            && let Some(template) = self.template(&format!("{word}-if"))
        {
            return Ok(vec![Words::from_template(template, &[], self.lang)]);
        }
        let condition = typeset(&texts::of(self.lang).condition, self.lang);
        let mut said = self.stated(value)?;
        for last in said.iter_mut().filter_map(|words| words.runs.last_mut()) {
            let end = last.text.trim_end_matches('.').len();
            last.text.replace_range(end.., &format!("{condition}."));
        }
        Ok(said)
    }

    /// A figure that somebody proposed, and that is still open.
    fn proposed(&self, period: Period) -> Result<Vec<Words>, Problem> {
        let words = self.period(period, self.term.working)?;
        let count = period.count().to_string();
        self.one("stated", &[("period", &words.replacen(&count, &format!("[{count}]"), 1))])
    }

    /// Every figure in one sentence, each for its case.
    fn staged(&self) -> Result<Vec<Words>, Problem> {
        let mut periods: Vec<(Period, bool)> = Vec::new();
        for period in self.term.periods() {
            if !periods.contains(&period) {
                periods.push(period);
            }
        }
        let mut joined = String::new();
        for (period, working) in periods {
            let next = self.period(period, working)?;
            joined = if joined.is_empty() {
                next
            } else {
                let stages = &texts::of(self.lang).stages;
                Words::from_template(stages, &[("first", &joined), ("next", &next)], self.lang).text()
            };
        }
        self.one("stated", &[("period", &joined)])
    }

    /// Every count in a sentence of its own, all in one clause.
    fn counts(&self) -> Result<Vec<Words>, Problem> {
        let others = self.term.others.iter().filter_map(|other| other.value.as_ref());
        let mut counts: Vec<u32> = Vec::new();
        for value in self.term.value.iter().chain(others) {
            match value {
                Value::Number(count) if !counts.contains(count) => counts.push(*count),
                _ => {}
            }
        }
        let mut clause = Words::default();
        for sentence in counts.into_iter().map(|count| self.number(count)) {
            clause.follow(sentence?);
        }
        Ok(vec![clause])
    }

    fn period(&self, period: Period, working: bool) -> Result<String, Problem> {
        if working && period.unit() != Unit::Days {
            return Err(Problem::WorkingUnit { term: self.name.to_owned() });
        }
        // A figure stays with its unit.
        Ok(agreement::text::length(&period, working, self.lang).replace(' ', "\u{a0}"))
    }
}
