//! The agreement from its title to its signatures: which clause stands in which section, and how all are numbered.

use crate::annexes;
use crate::clauses;
use crate::labels;
use crate::paper::{Block, Paper};
use crate::problem::Problem;
use crate::texts::{self, Texts, entry};
use crate::words::{Words, typeset};
use agreement::AgreementFile;
use agreement::file::Party;
use agreement::reading::DocumentKind;
use kernel::Lang;

/// The sections in their order, and the terms each says. Every term of the vocabulary stands in one.
const SECTIONS: &[(&str, &[&str])] = &[
    ("subject", &[]),
    ("interpretation", &[]),
    (
        "instructions",
        &[
            "instructions.documented",
            "instructions.legal_compulsion_notice",
            "instructions.unlawful_alert",
            "own_purposes",
        ],
    ),
    ("persons", &["confidentiality.persons", "training.persons"]),
    ("security", &["security.article32", "design.by_default"]),
    (
        "subprocessors",
        &[
            "subprocessors.authorisation",
            "subprocessors.notice",
            "subprocessors.objection_window",
            "subprocessors.silence_approves",
            "subprocessors.on_objection",
            "subprocessors.flow_down",
            "subprocessors.liability",
            "subprocessors.list_on_request",
        ],
    ),
    ("transfers", &["transfers.allowed_to"]),
    ("requests", &["requests.assist", "requests.forward", "requests.answer_by_processor"]),
    ("breach", &["breach.notify_controller", "breach.channel", "breach.content"]),
    ("assist", &["assist.dpia", "assist.prior_consultation", "assist.security", "assist.breach_notification"]),
    (
        "audit",
        &[
            "audit.information",
            "audit.allowed",
            "audit.per_year",
            "audit.notice",
            "audit.channel",
            "audit.auditor",
            "audit.hours",
            "audit.costs",
            "audit.report_to",
        ],
    ),
    ("records", &["records.article30_2"]),
    ("end", &["duration", "end.choice", "end.return_within", "end.delete_within", "end.certificate"]),
    ("liability", &["liability.article82"]),
    ("final", &["supervisory_authority", "governing_law", "dated"]),
];

/// The whole agreement.
pub(crate) fn paper(file: &AgreementFile, lang: Lang) -> Result<Paper, Vec<Problem>> {
    let mut draft = Draft { file, lang, texts: texts::of(lang), blocks: Vec::new(), problems: Vec::new(), section: 0 };
    if !matches!(file.document.kind, DocumentKind::ProcessorAgreement | DocumentKind::Mixed) {
        draft.problems.push(Problem::NotAnAgreement);
    }
    let title = draft.opening();
    for (key, terms) in SECTIONS {
        draft.section(key, terms);
    }
    draft.signatures();
    draft.blocks.extend(annexes::annexes(file, lang));
    if !draft.problems.is_empty() {
        return Err(draft.problems);
    }
    let author = file.parties.processor.as_ref().map(|party| crate::words::one_line(&party.name));
    Ok(Paper { lang, title, author, foot: draft.texts.page.clone(), blocks: draft.blocks })
}

struct Draft<'a> {
    file: &'a AgreementFile,
    lang: Lang,
    texts: &'static Texts,
    blocks: Vec<Block>,
    problems: Vec<Problem>,
    section: usize,
}

impl Draft<'_> {
    fn words(&self, template: &str, values: &[(&str, &str)]) -> Words {
        Words::from_template(template, values, self.lang)
    }

    /// Title and parties; the title.
    fn opening(&mut self) -> String {
        let translated = self.file.document.language != self.lang;
        let own = self.file.document.title.as_deref().filter(|_| !translated).map(crate::words::one_line);
        let title = own.filter(|title| !title.trim().is_empty()).unwrap_or_else(|| self.texts.title.clone());
        self.blocks.push(Block::Title(title.clone()));
        self.blocks.push(Block::Under(self.words(&self.texts.under, &[])));
        let parties = [
            (&self.file.parties.controller, &self.texts.controller, &self.texts.between, &self.texts.blank_controller),
            (&self.file.parties.processor, &self.texts.processor, &self.texts.joined, &self.texts.blank_processor),
        ];
        for (index, (party, called, before, blank)) in parties.into_iter().enumerate() {
            self.blocks.push(Block::Opening { number: String::new(), words: self.words(before, &[]) });
            let words = self.party(party.as_ref(), called, blank);
            self.blocks.push(Block::Opening { number: format!("({})", index + 1), words });
        }
        title
    }

    /// "*Name*, address (the “*Processor*”)".
    fn party(&self, party: Option<&Party>, called: &str, blank: &str) -> Words {
        let name = party.map_or(blank, |party| party.name.as_str());
        match party.and_then(|party| party.address.as_deref()) {
            Some(address) => {
                self.words(&format!("*{{name}}*, {{address}} {called}"), &[("name", name), ("address", address)])
            }
            None => self.words(&format!("*{{name}}* {called}"), &[("name", name)]),
        }
    }

    /// A section, unless nothing is said in it.
    fn section(&mut self, key: &str, terms: &[&str]) {
        let mut said: Vec<Words> = Vec::new();
        for template in self.texts.boilerplate.get(key).into_iter().flatten() {
            said.push(self.words(template, &[]));
        }
        match key {
            "interpretation" => said.extend(self.counting()),
            "requests" => said.extend(self.rights()),
            _ => {}
        }
        for name in terms {
            let Some(term) = self.file.term(name) else { continue };
            match clauses::clauses(name, term, self.lang) {
                Ok(words) => said.extend(words),
                Err(problem) => self.problems.push(problem),
            }
        }
        if said.is_empty() {
            return;
        }
        self.section += 1;
        let text = typeset(entry(&self.texts.sections, key), self.lang);
        self.blocks.push(Block::Heading { level: 1, number: format!("{}.", self.section), text, new_page: false });
        let numbered = said.into_iter().enumerate();
        let section = self.section;
        self.blocks
            .extend(numbered.map(|(index, words)| Block::Clause { number: format!("{section}.{}", index + 1), words }));
    }

    /// How periods are counted, and what a working day is where the file counts in them.
    fn counting(&self) -> Vec<Words> {
        let mut said = vec![self.words(entry(&self.texts.period_law, self.file.period_law.word()), &[])];
        if self.file.terms.values().flat_map(agreement::FileTerm::periods).any(|(_, working)| working) {
            let place = self.file.parties.processor.as_ref().and_then(|party| party.place.as_deref());
            said.push(match place.filter(|place| *place != "any") {
                Some(place) => self.words(&self.texts.working_days, &[("place", &labels::place(place, self.lang))]),
                None => self.words(&self.texts.working_days_any, &[]),
            });
        }
        said
    }

    /// The rights of data subjects, enumerated.
    fn rights(&self) -> Option<Words> {
        let rights: Vec<&str> = self.file.rights.iter().map(|right| entry(&self.texts.rights, right)).collect();
        let (last, first) = rights.split_last()?;
        let joined = match first {
            [] => (*last).to_owned(),
            _ => format!("{} {} {last}", first.join(", "), self.texts.joined),
        };
        Some(self.words(&self.texts.rights_held, &[("rights", &typeset(&joined, self.lang))]))
    }

    fn signatures(&mut self) {
        let field = |key: &str| typeset(entry(&self.texts.fields, key), self.lang);
        let lines = ["signatory", "signed_place", "signed_date", "signature"].map(field).to_vec();
        let parties = [("controller", &self.file.parties.controller), ("processor", &self.file.parties.processor)];
        let parties = parties.map(|(role, party)| crate::paper::Party {
            role: field(role),
            name: party.as_ref().map_or_else(String::new, |party| crate::words::one_line(&party.name)),
        });
        let text = entry(&self.texts.sections, "signature").to_owned();
        self.blocks.push(Block::Heading { level: 1, number: String::new(), text, new_page: false });
        self.blocks.push(Block::Signatures { lines, parties: parties.to_vec() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_term_stands_in_one_section_and_has_clauses() {
        let mut placed: Vec<&str> = SECTIONS.iter().flat_map(|(_, terms)| terms.iter().copied()).collect();
        placed.sort_unstable();
        let mut known: Vec<&str> = agreement::names::TERMS.iter().map(|term| term.name).collect();
        known.sort_unstable();
        assert_eq!(placed, known);
        for lang in Lang::ALL {
            let written: Vec<&str> = texts::clauses(lang).keys().map(String::as_str).collect();
            assert_eq!(written, known);
            assert!(SECTIONS.iter().all(|(key, _)| texts::of(lang).sections.contains_key(*key)));
        }
    }
}
