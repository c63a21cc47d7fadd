//! The four annexes, with the fields of the standard contractual clauses (Decision (EU) 2021/915): I parties,
//! II description of the processing, III measures, IV sub-processors.

use crate::labels::{self, capital, label};
use crate::paper::Block;
use crate::texts::{self, Texts, entry};
use crate::words::{Words, typeset};
use agreement::AgreementFile;
use agreement::file::{Party, Processing, Role, Subprocessor};
use kernel::Lang;

/// All four, each on a page of its own.
pub(crate) fn annexes(file: &AgreementFile, lang: Lang) -> Vec<Block> {
    let annex = Annex { file, lang, texts: texts::of(lang) };
    let mut blocks = annex.parties();
    blocks.extend(annex.description());
    blocks.extend(annex.measures());
    blocks.extend(annex.subprocessors());
    blocks
}

struct Annex<'a> {
    file: &'a AgreementFile,
    lang: Lang,
    texts: &'static Texts,
}

/// A row of a table whose first cell is its head.
fn row(head: &str, cell: &str) -> Vec<Words> {
    vec![Words::plain(head), Words::plain(cell)]
}

impl Annex<'_> {
    fn title(&self, number: &str, key: &str) -> Block {
        let number = format!("{} {number} –", self.texts.annex);
        Block::Heading { level: 1, number, text: self.own(entry(&self.texts.annexes, key)), new_page: true }
    }

    fn part(&self, text: &str) -> Block {
        Block::Heading { level: 2, number: String::new(), text: typeset(text, self.lang), new_page: false }
    }

    fn own(&self, text: &str) -> String {
        typeset(text, self.lang)
    }

    fn field(&self, key: &str) -> String {
        self.own(entry(&self.texts.fields, key))
    }

    fn nothing(&self, key: &str) -> Block {
        Block::Paragraph(Words::plain(&self.own(entry(&self.texts.annexes, key))))
    }

    fn parties(&self) -> Vec<Block> {
        let mut blocks = vec![self.title("I", "parties")];
        let sides = [("controller", &self.file.parties.controller), ("processor", &self.file.parties.processor)];
        for (role, party) in sides {
            blocks.push(self.part(&self.field(role)));
            blocks.push(Block::Table { head: Vec::new(), rows: self.party(party.as_ref()) });
        }
        if !self.file.contacts.is_empty() {
            let rows = self
                .file
                .contacts
                .iter()
                .map(|contact| row(&self.own(entry(&self.texts.contacts, &contact.purpose)), &contact.value));
            blocks.push(self.part(&self.field("contact")));
            blocks.push(Block::Table { head: vec![self.field("for"), self.field("contact")], rows: rows.collect() });
        }
        blocks
    }

    /// Name, address and contact always have a line, to be filled in where the file has none.
    fn party(&self, party: Option<&Party>) -> Vec<Vec<Words>> {
        let blank = self.texts.blank.as_str();
        let of = |read: fn(&Party) -> Option<&str>| party.and_then(read).unwrap_or(blank);
        let mut rows = vec![
            row(&self.field("name"), of(|party| Some(party.name.as_str()))),
            row(&self.field("address"), of(|party| party.address.as_deref())),
            row(&self.field("contact"), of(|party| party.contact.as_deref())),
        ];
        let place = party.and_then(|party| party.place.as_deref()).filter(|place| *place != "any");
        rows.extend(place.map(|place| row(&self.field("place"), &labels::place(place, self.lang))));
        rows
    }

    fn description(&self) -> Vec<Block> {
        let mut blocks = vec![self.title("II", "description")];
        let of = |role: Role| self.file.processings.iter().filter(move |processing| processing.role == role);
        for (index, processing) in of(Role::Processor).enumerate() {
            blocks.extend(self.processing(index, processing));
        }
        if of(Role::Processor).next().is_none() {
            blocks.push(self.nothing("description_none"));
        }
        let offset = of(Role::Processor).count();
        for (index, processing) in of(Role::Controller).enumerate() {
            blocks.extend(self.processing(offset + index, processing));
        }
        blocks
    }

    fn processing(&self, index: usize, processing: &Processing) -> [Block; 2] {
        let number = (index + 1).to_string();
        let key = if processing.role == Role::Controller { "own" } else { "processing" };
        let title = Words::from_template(entry(&self.texts.annexes, key), &[("number", &number)], self.lang);
        let data = processing.data_text.clone().into_iter().chain(self.unnamed(processing)).collect::<Vec<_>>();
        let mut rows = vec![row(&self.field("purpose"), &processing.purpose)];
        let mut add = |key: &str, cell: String| {
            if !cell.is_empty() {
                rows.push(row(&self.field(key), &cell));
            }
        };
        add("data", capital(&data.join(", ")));
        add("subjects", capital(&processing.subjects.join(", ")));
        add(
            "legal_basis",
            processing
                .legal_basis
                .as_deref()
                .map_or_else(String::new, |basis| capital(&self.own(label(basis, self.lang)))),
        );
        add(
            "retention",
            processing.retention.as_ref().map_or_else(String::new, |kept| capital(&labels::retention(kept, self.lang))),
        );
        [self.part(&title.text()), Block::Table { head: Vec::new(), rows }]
    }

    /// The categories of data by their names, unless the file has words of its own for each of them.
    fn unnamed(&self, processing: &Processing) -> Vec<String> {
        if !processing.data_text.is_empty() && processing.data_text.len() >= processing.data.len() {
            return Vec::new();
        }
        processing.data.iter().map(|data| self.own(label(data, self.lang))).collect()
    }

    fn measures(&self) -> Vec<Block> {
        let mut blocks = vec![self.title("III", "measures")];
        if self.file.measures.is_empty() {
            blocks.push(self.nothing("measures_none"));
            return blocks;
        }
        let rows = self
            .file
            .measures
            .iter()
            .map(|measure| row(&capital(&self.own(label(&measure.measure, self.lang))), &measure.text));
        blocks.push(Block::Table { head: vec![self.field("measure"), self.field("details")], rows: rows.collect() });
        blocks
    }

    fn subprocessors(&self) -> Vec<Block> {
        let mut blocks = vec![self.title("IV", "subprocessors")];
        if self.file.subprocessors.is_empty() {
            blocks.push(self.nothing("subprocessors_none"));
            return blocks;
        }
        let with_contact = self.file.subprocessors.iter().any(|listed| listed.contact.is_some());
        let mut head = ["name", "address", "country", "task"].map(|key| self.field(key)).to_vec();
        if with_contact {
            head.push(self.field("contact"));
        }
        let rows = self.file.subprocessors.iter().map(|listed| self.listed(listed, head.len()));
        blocks.push(Block::Table { rows: rows.collect(), head });
        blocks
    }

    fn listed(&self, listed: &Subprocessor, cells: usize) -> Vec<Words> {
        let country = listed.country.as_deref().map_or("", |code| agreement::text::country(code, self.lang));
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let all =
            [listed.name.clone(), text(&listed.address), country.to_owned(), text(&listed.task), text(&listed.contact)];
        all.iter().take(cells).map(|cell| Words::plain(cell)).collect()
    }
}
