//! Reading the keys of one table strictly, with the place of every problem.

use super::{FileProblem, Problem, problem::Wanted};
use crate::near::nearest;
use crate::reading::Span;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// More problems than this help nobody.
const PROBLEMS_MAX: usize = 100;

/// A value and where it stands.
pub(super) type Node<'i> = Spanned<DeValue<'i>>;

/// What went wrong so far.
#[derive(Default)]
pub(super) struct Problems(pub(super) Vec<FileProblem>);

impl Problems {
    pub(super) fn add(&mut self, problem: Problem, span: Option<Range<usize>>) {
        if self.0.len() < PROBLEMS_MAX {
            self.0.push(FileProblem { problem, span });
        }
    }

    pub(super) fn shape(&mut self, key: &str, wanted: Wanted, span: Range<usize>) {
        self.add(Problem::Shape { key: key.to_owned(), wanted }, Some(span));
    }
}

/// One table, of which every key is known.
pub(super) struct Fields<'a, 'i> {
    path: String,
    table: &'a DeTable<'i>,
    range: Range<usize>,
}

impl<'a, 'i> Fields<'a, 'i> {
    /// The table at `path`; keys outside `allowed` are problems.
    pub(super) fn new(
        path: &str,
        table: &'a DeTable<'i>,
        range: Range<usize>,
        allowed: &[&str],
        problems: &mut Problems,
    ) -> Self {
        let fields = Self { path: path.to_owned(), table, range };
        for (key, _) in table.iter().filter(|(key, _)| !allowed.contains(&key.get_ref().as_ref())) {
            if problems.0.len() >= PROBLEMS_MAX {
                break;
            }
            let near = nearest(key.get_ref(), allowed.iter().copied()).map(|near| fields.dotted(near));
            let problem = Problem::UnknownKey { key: fields.dotted(key.get_ref()), near };
            problems.add(problem, Some(key.span()));
        }
        fields
    }

    /// The path of one key.
    pub(super) fn dotted(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// The value of a key, with its place.
    pub(super) fn get(&self, key: &str) -> Option<&'a Node<'i>> {
        self.table.get(key)
    }

    /// Where the key stands.
    pub(super) fn key_span(&self, key: &str) -> Option<Range<usize>> {
        self.table.get_key_value(key).map(|(key, _)| key.span())
    }

    pub(super) fn text(&self, key: &str, problems: &mut Problems) -> Option<String> {
        let node = self.get(key)?;
        let text = as_text(node);
        if text.is_none() {
            problems.shape(&self.dotted(key), Wanted::Text, node.span());
        }
        text.map(str::to_owned)
    }

    /// A text that obeys `holds`; a problem otherwise.
    pub(super) fn text_that(
        &self,
        key: &str,
        holds: impl Fn(&str) -> bool,
        wanted: Wanted,
        problems: &mut Problems,
    ) -> Option<String> {
        let text = self.text(key, problems)?;
        let node = self.get(key)?;
        if !holds(&text) {
            problems.shape(&self.dotted(key), wanted, node.span());
            return None;
        }
        Some(text)
    }

    /// A text that must be there; empty when it is not, with a problem.
    pub(super) fn required(&self, key: &str, problems: &mut Problems) -> String {
        if self.get(key).is_none() {
            problems.add(Problem::Missing { key: self.dotted(key) }, Some(self.range.clone()));
        }
        self.text(key, problems).unwrap_or_default()
    }

    pub(super) fn texts(&self, key: &str, problems: &mut Problems) -> Vec<String> {
        let Some(node) = self.get(key) else { return Vec::new() };
        as_texts(node).unwrap_or_else(|| {
            problems.shape(&self.dotted(key), Wanted::List, node.span());
            Vec::new()
        })
    }

    pub(super) fn span(&self, key: &str, problems: &mut Problems) -> Option<Span> {
        let node = self.get(key)?;
        let span = as_span(node);
        if span.is_none() {
            problems.shape(&self.dotted(key), Wanted::Span, node.span());
        }
        span
    }

    /// One of a closed list of words, as its index.
    pub(super) fn word(&self, key: &str, allowed: &[&str], problems: &mut Problems) -> Option<usize> {
        let node = self.get(key)?;
        let found = as_text(node).and_then(|text| allowed.iter().position(|word| *word == text));
        if found.is_none() {
            let allowed = allowed.iter().map(|word| (*word).to_owned()).collect();
            problems.add(Problem::Word { key: self.dotted(key), allowed }, Some(node.span()));
        }
        found
    }

    pub(super) fn table(&self, key: &str, allowed: &[&str], problems: &mut Problems) -> Option<Self> {
        let node = self.get(key)?;
        as_table(node, &self.dotted(key), allowed, problems)
    }

    pub(super) fn tables(&self, key: &str, allowed: &[&str], problems: &mut Problems) -> Vec<Self> {
        let Some(node) = self.get(key) else { return Vec::new() };
        let DeValue::Array(nodes) = node.get_ref() else {
            problems.shape(&self.dotted(key), Wanted::Tables, node.span());
            return Vec::new();
        };
        nodes.iter().filter_map(|node| as_table(node, &self.dotted(key), allowed, problems)).collect()
    }
}

pub(super) fn as_table<'a, 'i>(
    node: &'a Node<'i>,
    path: &str,
    allowed: &[&str],
    problems: &mut Problems,
) -> Option<Fields<'a, 'i>> {
    let DeValue::Table(table) = node.get_ref() else {
        problems.shape(path, Wanted::Table, node.span());
        return None;
    };
    Some(Fields::new(path, table, node.span(), allowed, problems))
}

pub(super) fn as_text<'a>(node: &'a Node<'_>) -> Option<&'a str> {
    match node.get_ref() {
        DeValue::String(text) => Some(text),
        _ => None,
    }
}

pub(super) fn as_texts(node: &Node<'_>) -> Option<Vec<String>> {
    let DeValue::Array(nodes) = node.get_ref() else { return None };
    nodes.iter().map(|node| as_text(node).map(str::to_owned)).collect()
}

pub(super) fn as_number(node: &Node<'_>) -> Option<i64> {
    match node.get_ref() {
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok(),
        _ => None,
    }
}

pub(super) fn as_span(node: &Node<'_>) -> Option<Span> {
    let DeValue::Array(nodes) = node.get_ref() else { return None };
    let offsets: Vec<usize> = nodes.iter().map(|n| usize::try_from(as_number(n)?).ok()).collect::<Option<_>>()?;
    match offsets[..] {
        [start, end] if start <= end => Some([start, end]),
        _ => None,
    }
}
