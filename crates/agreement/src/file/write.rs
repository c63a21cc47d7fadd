//! Writing an agreement file for people: each promise with the words it came from above it.

use super::{
    AgreementFile, COVERAGE, Coverage, FileTerm, Other, Party, Processing, VERSION, Value, kind_word, parse,
    parse_term, state_word,
};
use crate::names::{self, TermName};
use crate::reading::Span;
use kernel::Lang;

/// The longest quotation in a comment, in characters.
const QUOTE_CHARS_MAX: usize = 160;

/// Whether comments are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Comments {
    With,
    Without,
}

impl AgreementFile {
    /// The file as TOML, with the clause and the words above each promise, in the document's language.
    #[must_use]
    pub fn to_toml(&self) -> String {
        render(self, Comments::With, None)
    }

    /// As [`Self::to_toml`], with the line beside the clause; `line_of` takes a byte of the document, as spans count
    /// them, and gives its line from 1.
    #[must_use]
    pub fn to_toml_citing(&self, line_of: &dyn Fn(usize) -> usize) -> String {
        render(self, Comments::With, Some(line_of))
    }
}

pub(super) fn render(file: &AgreementFile, comments: Comments, line_of: Option<&dyn Fn(usize) -> usize>) -> String {
    let mut out = Writer { text: String::new(), lang: file.document.language, comments, line_of };
    out.pair("garant-agreement", &VERSION.to_string());
    out.pair("period_law", &quoted(file.period_law.word()));
    if !file.rights.is_empty() {
        out.pair("rights", &list(&file.rights));
    }
    let singles = || names::TERMS.iter().filter(|term| !term.name.contains('.'));
    for (term, said) in
        singles().filter_map(|term| Some((term, file.term(term.name)?))).filter(|(term, said)| is_short(term, said))
    {
        out.short(term.name, term, said);
    }
    out.document(file);
    out.parties(file);
    for group in ordered_groups() {
        out.group(group, file);
    }
    out.article28(file);
    out.lists(file);
    out.text
}

/// Groups in the order of the vocabulary, so that the file reads as Art. 28(3) does.
fn ordered_groups() -> Vec<&'static str> {
    let position = |group: &&str| names::TERMS.iter().position(|term| term.name.starts_with(*group));
    let mut groups = parse::groups();
    groups.sort_by_key(position);
    groups
}

/// A term a person wrote without citation fits on one line: its value, or that it has no figure.
fn is_short(name: &TermName, term: &FileTerm) -> bool {
    match &term.value {
        None => name.shape == names::Shape::Duration && *term == FileTerm::vague(),
        Some(value) => {
            let in_days = matches!(value, Value::Period(period) if period.unit() == kernel::Unit::Days);
            let bare = FileTerm { working: term.working, ..FileTerm::stated(value.clone()) };
            *term == bare && (!term.working || in_days)
        }
    }
}

struct Writer<'l> {
    text: String,
    lang: Lang,
    comments: Comments,
    line_of: Option<&'l dyn Fn(usize) -> usize>,
}

impl Writer<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn comment(&mut self, comment: &str) {
        if self.comments == Comments::With {
            let line = format!("# {}", printable(comment, usize::MAX));
            self.line(&line);
        }
    }

    fn header(&mut self, header: &str) {
        self.line("");
        self.line(header);
    }

    fn pair(&mut self, key: &str, value: &str) {
        let line = format!("{key} = {value}");
        self.line(&line);
    }

    fn maybe(&mut self, key: &str, value: Option<&String>) {
        if let Some(value) = value {
            self.pair(key, &quoted(value));
        }
    }

    fn maybe_list(&mut self, key: &str, values: &[String]) {
        if !values.is_empty() {
            self.pair(key, &list(values));
        }
    }

    fn maybe_span(&mut self, value: Option<Span>) {
        if let Some(value) = value {
            self.pair("span", &span(value));
        }
    }

    fn document(&mut self, file: &AgreementFile) {
        let document = &file.document;
        self.header("[document]");
        if !document.file.is_empty() {
            self.pair("file", &quoted(&document.file));
        }
        self.maybe("sha256", document.sha256.as_ref());
        self.pair("language", &quoted(document.language.code()));
        self.maybe("title", document.title.as_ref());
        self.pair("kind", &quoted(kind_word(document.kind)));
    }

    fn parties(&mut self, file: &AgreementFile) {
        for (role, party) in [("controller", &file.parties.controller), ("processor", &file.parties.processor)] {
            if let Some(party) = party {
                self.header(&format!("[parties.{role}]"));
                self.party(party);
            }
        }
    }

    fn party(&mut self, party: &Party) {
        self.pair("name", &quoted(&party.name));
        self.maybe_list("called", &party.called);
        self.maybe("address", party.address.as_ref());
        self.maybe("contact", party.contact.as_ref());
        self.maybe("place", party.place.as_ref());
        self.maybe_span(party.span);
    }

    /// The short terms of a group in one table, then each cited term in its own.
    fn group(&mut self, group: &str, file: &AgreementFile) {
        let within = |term: &&TermName| term.name.split_once('.').map_or(term.name, |(first, _)| first) == group;
        let said: Vec<(&TermName, &FileTerm)> =
            names::TERMS.iter().filter(within).filter_map(|term| Some((term, file.term(term.name)?))).collect();
        let short: Vec<_> =
            said.iter().filter(|(term, said)| term.name.contains('.') && is_short(term, said)).collect();
        if !short.is_empty() {
            self.header(&format!("[{group}]"));
        }
        for (term, said) in short {
            self.short(&term.name[group.len() + 1..], term, said);
        }
        for (term, said) in said.iter().filter(|(term, said)| !is_short(term, said)) {
            self.long(term, said);
        }
    }

    fn short(&mut self, key: &str, term: &TermName, said: &FileTerm) {
        let shown = match &said.value {
            Some(Value::Period(period)) if said.working => quoted(&format!("{period}{}", parse_term::WORKING)),
            Some(value) => written(value),
            None => quoted(parse_term::VAGUE),
        };
        let comment = if self.comments == Comments::With {
            format!("  # {}", self.lang.pick(term.en, term.fr))
        } else {
            String::new()
        };
        self.pair(key, &format!("{shown}{comment}"));
    }

    fn long(&mut self, term: &TermName, said: &FileTerm) {
        self.line("");
        self.citation(term, said);
        self.line(&format!("[{}]", term.name));
        if let Some(value) = &said.value {
            self.pair("value", &written(value));
        }
        if said.working {
            self.pair("days", &quoted("working"));
        }
        self.pair("state", &quoted(state_word(said.state)));
        self.maybe("clause", said.clause.as_ref());
        self.maybe_span(said.span);
        if !said.text.is_empty() {
            self.pair("text", &quoted(&said.text));
        }
        self.pair("source", &quoted(said.source.word()));
        if !said.others.is_empty() {
            self.line("others = [");
            for other in &said.others {
                self.line(&format!("  {},", inline(other)));
            }
            self.line("]");
        }
    }

    /// What it is, in which clause and line, in which words; then what a person should know or do.
    fn citation(&mut self, term: &TermName, said: &FileTerm) {
        let title = self.lang.pick(term.en, term.fr);
        let words = printable(&said.text, QUOTE_CHARS_MAX);
        let words = match words.is_empty() {
            true => String::new(),
            false => self.lang.pick(format!(": “{words}”"), format!(" : « {words} »")),
        };
        self.comment(&format!("{title}{}{words}", self.place(said)));
        for note in super::notes::of(term, said, self.lang) {
            self.comment(&note);
        }
    }

    /// ` (III.8, line 42)`.
    fn place(&self, said: &FileTerm) -> String {
        let line = said.span.zip(self.line_of).map(|(span, line_of)| line_of(span[0]));
        let line = line.map(|line| format!("{} {line}", self.lang.pick("line", "ligne")));
        let parts: Vec<String> = said.clause.iter().cloned().chain(line).collect();
        if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
    }

    fn article28(&mut self, file: &AgreementFile) {
        if file.article28.is_empty() {
            return;
        }
        self.header("[article28]");
        for (letter, coverage) in &file.article28 {
            self.pair(&letter.to_string(), &covered(coverage));
        }
    }

    fn lists(&mut self, file: &AgreementFile) {
        for processing in &file.processings {
            self.processing(processing);
        }
        for subprocessor in &file.subprocessors {
            self.header("[[subprocessor]]");
            self.pair("name", &quoted(&subprocessor.name));
            self.maybe("address", subprocessor.address.as_ref());
            self.maybe("country", subprocessor.country.as_ref());
            self.maybe("task", subprocessor.task.as_ref());
            self.maybe("contact", subprocessor.contact.as_ref());
            self.maybe_span(subprocessor.span);
        }
        for measure in &file.measures {
            self.header("[[measure]]");
            self.pair("measure", &quoted(&measure.measure));
            if !measure.text.is_empty() {
                self.pair("text", &quoted(&measure.text));
            }
            self.maybe_span(measure.span);
        }
        for contact in &file.contacts {
            self.header("[[contact]]");
            self.pair("kind", &quoted(&contact.kind));
            self.pair("value", &quoted(&contact.value));
            self.pair("for", &quoted(&contact.purpose));
            self.maybe_span(contact.span);
        }
    }

    fn processing(&mut self, processing: &Processing) {
        self.header("[[processing]]");
        self.pair("role", &quoted(processing.role.word()));
        self.pair("purpose", &quoted(&processing.purpose));
        self.maybe_list("data", &processing.data);
        self.maybe_list("data_text", &processing.data_text);
        self.maybe_list("subjects", &processing.subjects);
        self.maybe("legal_basis", processing.legal_basis.as_ref());
        if let Some(retention) = &processing.retention {
            let mut parts = Vec::new();
            if !retention.text.is_empty() {
                parts.push(format!("text = {}", quoted(&retention.text)));
            }
            parts.extend(retention.after.as_ref().map(|after| format!("after = {}", quoted(after))));
            parts.extend(retention.keep.map(|keep| format!("keep = {}", quoted(&keep.to_string()))));
            self.pair("retention", &table(&parts));
        }
        self.maybe_span(processing.span);
    }
}

fn covered(coverage: &Coverage) -> String {
    let word = COVERAGE.iter().find(|(_, state)| *state == coverage.state).map_or("absent", |(word, _)| word);
    if coverage.spans.is_empty() {
        return quoted(word);
    }
    let spans: Vec<String> = coverage.spans.iter().map(|place| span(*place)).collect();
    format!("{{ state = {}, spans = [{}] }}", quoted(word), spans.join(", "))
}

fn inline(other: &Other) -> String {
    let mut parts = Vec::new();
    parts.extend(other.value.as_ref().map(|value| format!("value = {}", written(value))));
    parts.extend(other.working.then(|| "days = \"working\"".to_owned()));
    let unsaid = Other::unsaid(other.value.as_ref());
    parts.extend((other.state != unsaid).then(|| format!("state = {}", quoted(state_word(other.state)))));
    parts.extend(other.clause.as_ref().map(|clause| format!("clause = {}", quoted(clause))));
    parts.extend(other.span.map(|place| format!("span = {}", span(place))));
    parts.extend((!other.text.is_empty()).then(|| format!("text = {}", quoted(&other.text))));
    table(&parts)
}

fn table(parts: &[String]) -> String {
    if parts.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", parts.join(", ")) }
}

fn written(value: &Value) -> String {
    match value {
        Value::Flag(flag) => flag.to_string(),
        Value::Period(period) => quoted(&period.to_string()),
        Value::Word(text) | Value::Text(text) => quoted(text),
        Value::Number(number) => number.to_string(),
        Value::List(words) => list(words),
        Value::Date(date) => date.to_string(),
    }
}

fn list(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
    format!("[{}]", words.join(", "))
}

fn span([start, end]: Span) -> String {
    format!("[{start}, {end}]")
}

/// A TOML basic string on one line.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// The text on one line, without control characters, shortened to `chars_max`.
fn printable(text: &str, chars_max: usize) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let clean = |c: &char| !c.is_control();
    let short: String = line.chars().filter(clean).take(chars_max).collect();
    if line.chars().filter(clean).count() > chars_max { format!("{short}…") } else { short }
}
