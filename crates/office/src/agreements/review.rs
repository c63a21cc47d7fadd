//! Review: persons confirm, correct or drop each term; the agreement file is what comes of it.
//!
//! Each decision is an entry of its own. The file is put together from the kept reading and the decisions, so
//! the same entries always give the same file.

use super::decision::{Outcome, Said, Step, Subject, outcome};
use super::model::Decided;
use super::store::{self, AgreementRow, DecisionRow};
use super::{Command, Made, State, decide, quote, study, values};
use crate::{Kind, Refusal, feature};
use ::store::Store;
use agreement::file::{AgreementFile, FileTerm, Source};
use agreement::names::{self, TermName};
use agreement::reading::{Finding, Severity, State as Firmness};
use agreement::required::{self, Required};
use kernel::{Actor, AgreementId, Instant, Lang};
use reader::Study;
use std::collections::BTreeMap;
use std::ops::Range;

/// Readings at least this sure may be confirmed together.
const SURE: f64 = 0.9;
/// Readings less sure than this are looked at first.
const DOUBTFUL: f64 = 0.8;

/// What a person writes to correct a term.
#[derive(Clone, Debug)]
pub struct Written {
    /// How firmly the text says it.
    pub state: Firmness,
    /// The value, as entries keep it; empty when there is no figure.
    pub value: String,
    /// Whether its days are working days.
    pub working: bool,
    /// `keep`, `none`, or the chosen sentence as a range of the text, `120-180`.
    pub at: String,
    /// The words they quote; empty when they quote none.
    pub words: String,
}

/// An agreement under review: what was read, what was decided, and the file that comes of both.
pub struct Review {
    /// The agreement.
    pub row: AgreementRow,
    /// What was read.
    pub study: Study,
    /// Every decision, by term, oldest first.
    pub history: Vec<DecisionRow>,
    read: AgreementFile,
    file: AgreementFile,
}

/// One term under review.
pub struct Item<'a> {
    /// Which.
    pub name: &'static TermName,
    /// What was read, as the file has it; none when the text is silent.
    pub read: Option<&'a FileTerm>,
    /// What it says now.
    pub said: Said,
    /// What was decided last, unless it was taken back.
    pub decided: Option<&'a DecisionRow>,
    /// How many decisions it has had: what a form must know to see that another came between.
    pub number: u32,
    /// How sure the reader was, from 0 to 1.
    pub confidence: f64,
    /// Whether somebody must decide it, and why.
    pub required: Option<&'static Required>,
}

impl Item<'_> {
    /// Whether somebody must still decide it before the agreement can bind.
    #[must_use]
    pub fn missing(&self) -> bool {
        self.required.is_some() && self.decided.is_none()
    }

    /// Whether the reader was in doubt.
    #[must_use]
    pub fn doubtful(&self) -> bool {
        self.read.is_some() && self.confidence < DOUBTFUL
    }

    /// Whether it can be confirmed as it was read.
    #[must_use]
    pub fn confirmable(&self) -> bool {
        let settled = !matches!(Said::of(self.read).state, Firmness::Conflicting | Firmness::Placeholder);
        self.decided.is_none() && settled && (self.read.is_some() || self.required.is_none())
    }

    /// Whether it may be confirmed together with others: surely read, or silent where the law asks nothing.
    #[must_use]
    pub fn sure(&self) -> bool {
        let plain = matches!(Said::of(self.read).state, Firmness::Stated | Firmness::Silent);
        self.confirmable() && plain && self.confidence >= SURE
    }
}

impl Review {
    /// Loads it.
    ///
    /// # Errors
    /// When there is no such agreement, or what was kept is damaged.
    pub async fn load(db: &Store, id: &AgreementId) -> Result<Self, Refusal> {
        let row = store::must_find(&mut db.read(), id).await?;
        let study = study::of(db, &row).await?;
        let history = store::decisions(&mut db.read(), id).await?;
        Ok(Self::of(row, study, history))
    }

    fn of(row: AgreementRow, study: Study, history: Vec<DecisionRow>) -> Self {
        let read = AgreementFile::from_reading(&study.reading);
        let file = compose(&read, &study, &history);
        Self { row, study, history, read, file }
    }

    /// The agreement file as it stands.
    #[must_use]
    pub fn file(&self) -> &AgreementFile {
        &self.file
    }

    /// Whether terms may still be decided.
    #[must_use]
    pub fn open(&self) -> bool {
        matches!(self.row.state, State::Imported | State::Reviewed)
    }

    /// The term `name`.
    #[must_use]
    pub fn item(&self, name: &'static TermName) -> Item<'_> {
        let last = self.history.iter().rfind(|row| row.term == name.name);
        let decided = last.filter(|row| row.made != Made::Undone);
        let read = self.read.term(name.name);
        Item {
            name,
            read,
            said: decided.map_or_else(|| Said::of(read), |row| row.new.clone()),
            decided,
            number: last.map_or(0, |row| row.number),
            confidence: self.study.reading.term(name.name).map_or(1.0, |term| term.confidence),
            required: required::find(&self.file, name.name),
        }
    }

    /// Every term, what needs a person first: the doubtful, then what the law requires, then the rest; the
    /// decided last. Within each, in the order of Art. 28(3).
    #[must_use]
    pub fn items(&self) -> Vec<Item<'_>> {
        let mut items: Vec<Item<'_>> = names::TERMS.iter().map(|name| self.item(name)).collect();
        let rank = |item: &Item<'_>| match (item.decided.is_some(), item.doubtful(), item.required.is_some()) {
            (true, ..) => 4,
            (_, true, _) => 0,
            (_, _, true) => 1,
            _ if item.read.is_some() => 2,
            _ => 3,
        };
        let doubt = |item: &Item<'_>| if rank(item) == 0 { item.confidence } else { 0.0 };
        items.sort_by(|a, b| rank(a).cmp(&rank(b)).then(doubt(a).total_cmp(&doubt(b))));
        items
    }

    /// The required terms nobody has decided.
    #[must_use]
    pub fn undecided(&self) -> Vec<&'static str> {
        undecided(&self.file, &self.history)
    }

    /// One side of a contradiction as what the term says; counted from 0.
    ///
    /// # Errors
    /// When there is no such term, or no such side.
    pub fn side(&self, term: &str, at: usize) -> Result<Step, Refusal> {
        let name = names::find(term).ok_or_else(|| unknown_term(term))?;
        let side = Said::sides(self.item(name).read).into_iter().nth(at);
        side.map(Step::Correct).ok_or_else(|| no_side(name))
    }

    /// A correction as a person wrote it: the value, and where the text says it. That is the words they quote,
    /// else the sentence they chose, else where it is cited now.
    ///
    /// # Errors
    /// When there is no such term, or the quoted words are not in the text or at several places.
    pub fn correction(&self, term: &str, written: Written) -> Result<Step, Refusal> {
        let item = self.item(names::find(term).ok_or_else(|| unknown_term(term))?);
        let study = &self.study;
        let chosen = written.at.split_once('-').and_then(|(from, to)| Some(from.parse().ok()?..to.parse().ok()?));
        let inside = |range: &Range<usize>| range.start < range.end && study.text.get(range.clone()).is_some();
        let chosen: Option<Range<usize>> = chosen.filter(inside);
        let range = if written.words.trim().is_empty() {
            chosen
        } else {
            let known = || item.said.span.map(|span| study.range(span));
            Some(quote::find(&study.text, &written.words, chosen.clone().or_else(known).as_ref())?)
        };
        let (span, clause) = match range {
            Some(range) => {
                let clause = study.passage_at(range.start).and_then(|passage| passage.path.clone());
                (Some(study.span(range)), clause)
            }
            None if written.at == "none" => (None, None),
            None => (item.said.span, item.said.clause.clone()),
        };
        let value = Some(written.value);
        Ok(Step::Correct(Said { state: written.state, value, working: written.working, span, clause }))
    }

    fn step(&self, term: &str, step: Step) -> Result<Decided, Refusal> {
        let name = names::find(term).ok_or_else(|| unknown_term(term))?;
        let item = self.item(name);
        let read = Said::of(item.read);
        let decided = item.decided.map(|row| (row.made, &row.new));
        let subject = Subject { name, read: &read, decided, required: item.required };
        let outcome: Outcome = outcome(&subject, step)?;
        Ok(Decided { term: name.name, number: item.number + 1, old: item.said, outcome })
    }
}

/// The file that comes of what was read and what was decided.
fn compose(read: &AgreementFile, study: &Study, history: &[DecisionRow]) -> AgreementFile {
    let mut file = read.clone();
    let mut last: BTreeMap<&str, &DecisionRow> = BTreeMap::new();
    last.extend(history.iter().map(|row| (row.term.as_str(), row)));
    for (term, row) in last {
        let Some(name) = names::find(term) else { continue };
        match row.made {
            Made::Undone => {}
            Made::Confirmed if row.new == Said::of(read.term(term)) => {}
            Made::NotSaid => {
                file.terms.remove(term);
                judge_again(&mut file, term);
            }
            Made::Confirmed => put(&mut file, study, name, &row.new, Source::Document),
            Made::Default => put(&mut file, study, name, &row.new, Source::Default),
            Made::Corrected => {
                put(&mut file, study, name, &row.new, Source::Person);
                judge_again(&mut file, term);
            }
        }
    }
    file
}

fn put(file: &mut AgreementFile, study: &Study, name: &TermName, said: &Said, source: Source) {
    let term = FileTerm {
        state: said.state,
        value: said.value.as_deref().and_then(|value| values::parse(value, name.shape)),
        working: said.working,
        clause: said.clause.clone(),
        span: said.span,
        text: said.span.map(|span| study.quote(span)).unwrap_or_default(),
        source,
        others: Vec::new(),
    };
    file.terms.insert(name.name.to_owned(), term);
}

/// What the reader judged of a letter no longer holds when a person changed one of its terms.
fn judge_again(file: &mut AgreementFile, term: &str) {
    if let Some(letter) = required::letter(term) {
        file.article28.remove(&letter);
    }
}

/// One thing a person decides: the term, how many decisions it had when they saw it, and what.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The term.
    pub term: String,
    /// How many decisions it had when the person saw it; `None` on the command line, where nothing was seen.
    pub seen: Option<u32>,
    /// What they decide.
    pub step: Step,
}

/// Decides terms, all or none; each is an entry.
///
/// # Errors
/// When a term was decided by somebody else meanwhile, a value does not fit, or the state does not allow it.
pub async fn decide_terms(
    db: &Store,
    now: Instant,
    actor: Actor,
    id: &AgreementId,
    decisions: Vec<Decision>,
) -> Result<(), Refusal> {
    // What was read is kept for ever under its hash: only the decisions must be seen under the lock.
    let Review { row: seen, study, .. } = Review::load(db, id).await?;
    let mut tx = db.begin(now, actor).await?;
    let row = store::must_find(&mut tx, id).await?;
    if row.reading != seen.reading {
        return Err(read_meanwhile());
    }
    let review = Review::of(row, study, store::decisions(&mut tx, id).await?);
    let mut decided = Vec::new();
    for decision in decisions {
        let one = review.step(&decision.term, decision.step)?;
        if decision.seen.is_some_and(|seen| seen + 1 != one.number) {
            return Err(decided_meanwhile(one.term));
        }
        decided.push(one);
    }
    let events = decide(review.row.state, id, &review.row.controller, Command::Decide(decided))?;
    feature::append(&mut tx, &events).await?;
    Ok(tx.commit().await?)
}

/// Confirms every term nobody has decided as it was read, silence included. A contradiction, a blank, and a
/// silence the law objects to stay open; the last is accepted with its finding when `accept_silence` says so.
///
/// # Errors
/// As [`decide_terms`].
pub async fn confirm_as_read(
    db: &Store,
    now: Instant,
    actor: Actor,
    id: &AgreementId,
    accept_silence: bool,
) -> Result<(), Refusal> {
    let review = Review::load(db, id).await?;
    let step = |item: &Item<'_>| match item {
        item if item.confirmable() => Some(Step::Confirm),
        item if item.missing() && item.read.is_none() && accept_silence => Some(Step::NotSaid { accept: true }),
        _ => None,
    };
    let decision = |item: &Item<'_>| {
        Some(Decision { term: item.name.name.to_owned(), seen: Some(item.number), step: step(item)? })
    };
    let decisions: Vec<Decision> = review.items().iter().filter_map(decision).collect();
    if decisions.is_empty() { Ok(()) } else { decide_terms(db, now, actor, id, decisions).await }
}

/// Ends a review: the file that comes of it is kept, and can be put in force. Optional terms nobody looked at
/// stay as read.
///
/// # Errors
/// When a required term is undecided, or two decisions exclude each other.
pub async fn finish(db: &Store, now: Instant, actor: Actor, id: &AgreementId) -> Result<(), Refusal> {
    let Review { row: seen, study, .. } = Review::load(db, id).await?;
    let mut tx = db.begin(now, actor).await?;
    let row = store::must_find(&mut tx, id).await?;
    if row.reading != seen.reading {
        return Err(read_meanwhile());
    }
    let review = Review::of(row, study, store::decisions(&mut tx, id).await?);
    let text = review.file.to_toml();
    AgreementFile::parse(&text).map_err(|problems| unparsed(Kind::Conflict, problems))?;
    let file = tx.keep_blob("application/toml", text.as_bytes()).await?;
    let items = review.items();
    let count = |wanted: fn(Made) -> bool| {
        let made = items.iter().filter_map(|item| item.decided).filter(|row| wanted(row.made)).count();
        u32::try_from(made).unwrap_or(u32::MAX)
    };
    let command = Command::Review {
        file,
        confirmed: count(|made| made == Made::Confirmed),
        changed: count(|made| made != Made::Confirmed),
        undecided: review.undecided(),
    };
    let events = decide(review.row.state, id, &review.row.controller, command)?;
    feature::append(&mut tx, &events).await?;
    Ok(tx.commit().await?)
}

/// The required terms of a file that none of these decisions settles.
pub(super) fn undecided(file: &AgreementFile, history: &[DecisionRow]) -> Vec<&'static str> {
    let last = |term: &str| history.iter().rfind(|row| row.term == term).map(|row| row.made);
    let open = |term: &str| last(term).is_none_or(|made| made == Made::Undone);
    required::required(file).map(|row| row.term).filter(|term| open(term)).collect()
}

/// The agreement file that persons confirmed.
///
/// # Errors
/// When nobody has reviewed the agreement, or the stored file is damaged.
pub async fn file_of(db: &Store, id: &AgreementId) -> Result<AgreementFile, Refusal> {
    let row = store::must_find(&mut db.read(), id).await?;
    match row.file.filter(|_| row.state != State::Imported) {
        Some(digest) => {
            let text = String::from_utf8_lossy(&db.blob(&digest).await?).into_owned();
            AgreementFile::parse(&text).map_err(|problems| unparsed(Kind::Failed, problems))
        }
        None => Ok(Review::load(db, id).await?.file),
    }
}

fn unparsed(kind: Kind, problems: Vec<agreement::file::FileProblem>) -> Refusal {
    let problem = problems.into_iter().next();
    let words = |lang: Lang| problem.as_ref().map(|p| p.message(lang)).unwrap_or_default();
    let remedy = |lang: Lang| problem.as_ref().map(|p| p.remedy(lang)).unwrap_or_default();
    Refusal::from_words(kind, "agreement-file", words, remedy)
}

/// What a check finds in the file and in the text it was read from.
pub(super) async fn findings(
    db: &Store,
    row: &AgreementRow,
    file: &AgreementFile,
    lang: Lang,
) -> Result<Vec<Finding>, Refusal> {
    let notes = study::of(db, row).await?.reading.notes;
    Ok(agreement::check::check_file_with(file, &notes, lang))
}

/// How many of them are errors.
#[must_use]
pub(super) fn errors(findings: &[Finding]) -> usize {
    findings.iter().filter(|finding| finding.severity == Severity::Error).count()
}

/// Whether the file is of a document that is no processing agreement.
pub(super) fn is_no_agreement(file: &AgreementFile) -> bool {
    agreement::check::check_file(file, Lang::En).iter().any(|finding| finding.code == "NOT-AN-AGREEMENT")
}

fn no_side(name: &TermName) -> Refusal {
    let [en, fr] = [
        format!("The text has no such side on “{}”.", name.en),
        format!("Le texte n'a pas ce côté-là sur « {} ».", name.fr),
    ];
    let remedy =
        ["Choose one of those shown, or correct the term.", "Choisissez l'un de ceux affichés, ou corrigez le terme."];
    Refusal::new(Kind::Invalid, "no-such-side", [&en, &fr], remedy)
}

fn unknown_term(name: &str) -> Refusal {
    let (en, fr) =
        (format!("`{name}` is not a term of an agreement."), format!("« {name} » n'est pas un terme d'accord."));
    let remedy = ["`garant agreement terms` lists their names.", "`garant agreement terms` en donne les noms."];
    Refusal::new(Kind::Invalid, "term", [&en, &fr], remedy)
}

/// The code of the refusal when somebody else decided the same term first.
pub(super) const MEANWHILE: &str = "decided-meanwhile";

fn decided_meanwhile(term: &str) -> Refusal {
    let (en, fr) = names::find(term).map_or((term, term), |name| (name.en, name.fr));
    let (en, fr) = (
        format!("Somebody has just decided “{en}”. Nothing of yours was stored."),
        format!("Quelqu'un vient de décider de « {fr} ». Rien de vous n'a été enregistré."),
    );
    let remedy = ["Look at what it says now, then decide again.", "Regardez ce qu'il dit à présent, puis décidez."];
    Refusal::new(Kind::Conflict, MEANWHILE, [&en, &fr], remedy)
}

fn read_meanwhile() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "read-meanwhile",
        ["The document has just been read again.", "Le document vient d'être relu par le lecteur."],
        ["Look at what is read now, then decide.", "Regardez ce qui est lu à présent, puis décidez."],
    )
}
