//! A whole export, line after line: which log a line belongs to, and what one log says of another.

use super::fault::{Fault, FaultCode};
use super::line::{Line, Lines, Next};
use super::log::{Claim, Log};
use super::merkle::Hash;
use super::signed::Key;
use super::{FAULTS_MAX, Report};
use std::collections::{BTreeMap, HashMap};
use std::io::BufRead;

const FORMAT: &str = "garant/ledger-export/1";

/// Collects faults and knows the line that is being read.
#[derive(Default)]
pub(super) struct Faults {
    list: Vec<Fault>,
    pub(super) line: u64,
}

impl Faults {
    pub(super) fn push(&mut self, fault: Fault) {
        if self.list.len() < FAULTS_MAX {
            self.list.push(fault.on_line(self.line));
        }
    }
}

/// A root that a log must have at some size, and who says so.
pub(super) enum Expected {
    /// An earlier checkpoint that the caller holds.
    Earlier(Hash),
    /// An entry of the house's log.
    House(Claim),
}

/// The roots expected of one log, by size.
pub(super) type BySize = BTreeMap<u64, Vec<Expected>>;

/// What remains of a log that was read.
pub(super) struct Done {
    pub(super) size: u64,
    pub(super) roots: HashMap<u64, Hash>,
    pub(super) broken: bool,
}

struct Audit {
    key: Key,
    faults: Faults,
    report: Report,
    log: Option<Log>,
    done: HashMap<String, Done>,
    expected: HashMap<String, BySize>,
    ended: bool,
    stopped: bool,
}

pub(super) fn verify(export: impl BufRead, key: &str, earlier: &[&str]) -> Result<Report, Vec<Fault>> {
    let key = Key::read(key).ok_or_else(|| vec![Fault::new(FaultCode::NotAKey)])?;
    let mut expected: HashMap<String, BySize> = HashMap::new();
    for note in earlier {
        let head = key.head(note).map_err(|code| vec![Fault::new(code)])?;
        let by_size = expected.entry(head.origin).or_default();
        by_size.entry(head.size).or_default().push(Expected::Earlier(head.root));
    }
    let report = Report { logs: Vec::new(), house_agrees: 0, house_elsewhere: 0 };
    let faults = Faults::default();
    Audit { key, faults, report, log: None, done: HashMap::new(), expected, ended: false, stopped: false }.run(export)
}

impl Audit {
    fn run(mut self, export: impl BufRead) -> Result<Report, Vec<Fault>> {
        let mut lines = Lines::new(export);
        while !self.stopped && self.faults.list.len() < FAULTS_MAX {
            self.faults.line = lines.count + 1;
            match lines.next() {
                Next::Line(line) => self.line(line, &lines.before),
                Next::Bad(code) => self.bad_line(code),
                Next::Stop(code) => self.stop(code),
                Next::Finished => self.finish(),
            }
        }
        if self.faults.list.is_empty() { Ok(self.report) } else { Err(self.faults.list) }
    }

    fn line(&mut self, line: Line, before: &(u64, String)) {
        let first = self.faults.line == 1;
        match line {
            Line::Export { format, key } if first => self.start(&format, &key),
            _ if first => self.stop(FaultCode::Format),
            _ if self.ended => self.stop(FaultCode::OutOfPlace),
            Line::Export { .. } => self.bad_line(FaultCode::OutOfPlace),
            Line::Log { origin, key } => self.start_log(origin, &key),
            Line::End { note } => self.end(&note, before),
            Line::Leaf { index, hash, leaf } => self.leaf(index, &hash, &leaf),
            Line::Checkpoint { note } => self.in_log(|log, key, faults| log.checkpoint(&note, key, faults)),
            Line::Disclosure { index, disclosure } => {
                self.in_log(|log, _, faults| log.disclosure(index, &disclosure, faults));
            }
        }
    }

    fn start(&mut self, format: &str, key: &str) {
        if format != FORMAT {
            self.stop(FaultCode::Format);
        } else if Key::read(key).as_ref() != Some(&self.key) {
            self.stop(FaultCode::UnknownKey);
        }
    }

    fn start_log(&mut self, origin: String, key: &str) {
        self.end_log();
        if !self.key.is_named(key, &origin) {
            self.faults.push(Fault::new(FaultCode::UnknownKey));
        } else if self.done.contains_key(&origin) {
            self.faults.push(Fault::new(FaultCode::RepeatedLog).in_log(&origin));
        } else {
            let expected = self.expected.remove(&origin).unwrap_or_default();
            let mut log = Log::new(origin, expected);
            self.report.house_agrees += log.check_expected(&mut self.faults);
            self.log = Some(log);
        }
    }

    fn leaf(&mut self, index: u64, hash: &str, leaf: &str) {
        let Some(log) = self.log.as_mut() else { return self.bad_line(FaultCode::OutOfPlace) };
        let is_house = log.origin == self.key.name;
        let claim = log.leaf(index, hash, leaf, is_house, &mut self.faults);
        self.report.house_agrees += log.check_expected(&mut self.faults);
        if let Some(claim) = claim {
            self.claim(claim);
        }
    }

    /// What the house's log says of another: checked now if that was read already, else when it is.
    fn claim(&mut self, claim: Claim) {
        let Some(done) = self.done.get(&claim.origin) else {
            let by_size = self.expected.entry(claim.origin.clone()).or_default();
            return by_size.entry(claim.size).or_default().push(Expected::House(claim));
        };
        match done.roots.get(&claim.size) {
            _ if done.broken => {}
            Some(root) if *root == claim.root => self.report.house_agrees += 1,
            None if claim.size <= done.size => self.report.house_elsewhere += 1,
            _ => self.faults.push(claim.disagreement()),
        }
    }

    fn in_log(&mut self, act: impl FnOnce(&mut Log, &Key, &mut Faults)) {
        match self.log.as_mut() {
            Some(log) => act(log, &self.key, &mut self.faults),
            None => self.bad_line(FaultCode::OutOfPlace),
        }
    }

    fn end_log(&mut self) {
        if let Some(log) = self.log.take() {
            let (origin, report, done) = log.end(&mut self.faults);
            self.report.logs.push(report);
            self.done.insert(origin, done);
        }
    }

    fn end(&mut self, note: &str, before: &(u64, String)) {
        self.end_log();
        self.ended = true;
        let expected = format!("{FORMAT}\n{}\n{}\n", before.0, before.1);
        match self.key.text(note, &self.key.name) {
            Ok(text) if text == expected => {}
            Ok(_) => self.faults.push(Fault::new(FaultCode::Seal)),
            Err(code) => self.faults.push(Fault::new(code)),
        }
    }

    fn finish(&mut self) {
        if !self.ended {
            self.faults.push(Fault::new(FaultCode::Cut));
            self.end_log();
        }
        for (origin, by_size) in std::mem::take(&mut self.expected) {
            for expected in by_size.into_values().flatten() {
                match expected {
                    Expected::Earlier(_) => self.faults.push(Fault::new(FaultCode::MissingLog).in_log(&origin)),
                    Expected::House(_) => self.report.house_elsewhere += 1,
                }
            }
        }
        self.stopped = true;
    }

    fn bad_line(&mut self, code: FaultCode) {
        let fault = match self.log.as_mut() {
            Some(log) => log.interrupted(code),
            None => Fault::new(code),
        };
        self.faults.push(fault);
    }

    fn stop(&mut self, code: FaultCode) {
        self.bad_line(code);
        self.stopped = true;
    }
}
