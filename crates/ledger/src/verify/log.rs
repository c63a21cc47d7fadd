//! One log of an export: its tree rebuilt, its checkpoints compared, its entries read.

use super::LogReport;
use super::exported::{BySize, Done, Expected, Faults};
use super::fault::{Fault, FaultCode};
use super::leaf::{Facts, Shown};
use super::merkle::{Hash, Stack, of_leaf};
use super::signed::{Head, Key, root_hash};
use kernel::Instant;
use serde::Deserialize;
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// The kind of entry by which the house's log records another log's checkpoint.
const CHECKPOINTED: &str = "ledger.checkpointed";

/// What an entry of the house's log says of another log.
pub(super) struct Claim {
    pub(super) origin: String,
    pub(super) size: u64,
    pub(super) root: Hash,
    house: String,
    index: u64,
    entry: String,
}

impl Claim {
    pub(super) fn disagreement(&self) -> Fault {
        Fault::new(FaultCode::HouseDisagrees).in_log(&self.house).at(self.index).named(&self.entry)
    }
}

#[derive(Deserialize)]
struct ClaimData {
    origin: String,
    size: u64,
    root: String,
}

pub(super) struct Log {
    pub(super) origin: String,
    size: u64,
    tree: Stack,
    expected: BySize,
    ids: HashSet<String>,
    last_at: Option<Instant>,
    /// The data of the last entry, for the values shown of it.
    last_data: Option<Value>,
    /// The size at the last checkpoint that fitted, and the id of the entry after it.
    good: u64,
    after_good: Option<String>,
    last_head: Option<Head>,
    roots: HashMap<u64, Hash>,
    /// Leaves are missing or superfluous, and that was said: roots no longer tell anything.
    broken: bool,
    checkpoints: u64,
    disclosures: u64,
    last_checkpoint: String,
}

impl Log {
    pub(super) fn new(origin: String, expected: BySize) -> Self {
        Self {
            origin,
            size: 0,
            tree: Stack::default(),
            expected,
            ids: HashSet::new(),
            last_at: None,
            last_data: None,
            good: 0,
            after_good: None,
            last_head: None,
            roots: HashMap::new(),
            broken: false,
            checkpoints: 0,
            disclosures: 0,
            last_checkpoint: String::new(),
        }
    }

    /// Reads the next entry; returns what it says of another log.
    pub(super) fn leaf(
        &mut self,
        index: u64,
        hash: &str,
        leaf: &str,
        is_house: bool,
        faults: &mut Faults,
    ) -> Option<Claim> {
        let read = Facts::read(leaf);
        let id = read.as_ref().ok().map(|facts| facts.id.clone());
        self.check_sequence(index, id.as_deref(), faults);
        let altered = self.push(hash, leaf);
        let claim = match read {
            _ if altered => self.fault(FaultCode::Altered, id.as_deref(), faults),
            Err(code) => self.fault(code, None, faults),
            Ok(facts) => self.entry(facts, is_house, faults),
        };
        if self.size == self.good {
            self.after_good = id;
        }
        self.size = self.size.saturating_add(1);
        claim
    }

    /// Extends the tree by the recorded hash, so that one changed leaf does not hide the others;
    /// returns whether the leaf has another hash.
    fn push(&mut self, recorded: &str, leaf: &str) -> bool {
        let actual = of_leaf(leaf.as_bytes());
        let recorded: Option<Hash> = hex::decode(recorded).ok().and_then(|bytes| bytes.try_into().ok());
        self.tree.push(recorded.unwrap_or(actual));
        recorded != Some(actual)
    }

    fn check_sequence(&mut self, index: u64, id: Option<&str>, faults: &mut Faults) {
        if index == self.size {
            return;
        }
        if !self.broken {
            self.fault(FaultCode::Sequence, id, faults);
        }
        self.broken = true;
        self.size = self.size.max(index);
    }

    fn entry(&mut self, facts: Facts, is_house: bool, faults: &mut Faults) -> Option<Claim> {
        let id = Some(facts.id.as_str());
        if facts.log != self.origin {
            self.fault(FaultCode::WrongLog, id, faults);
        }
        if self.last_at.is_some_and(|last| facts.at < last) {
            self.fault(FaultCode::TimeBackwards, id, faults);
        }
        if !self.ids.insert(facts.id.clone()) {
            self.fault(FaultCode::DuplicateId, id, faults);
        }
        self.last_at = Some(facts.at);
        let claim = if is_house && facts.kind == CHECKPOINTED { self.claim(&facts, faults) } else { None };
        self.last_data = Some(facts.data);
        claim
    }

    fn claim(&self, facts: &Facts, faults: &mut Faults) -> Option<Claim> {
        let data = ClaimData::deserialize(&facts.data).ok();
        let read = data.and_then(|data| Some((data.origin, data.size, root_hash(&data.root)?)));
        let Some((origin, size, root)) = read else {
            return self.fault(FaultCode::NotAnEntry, Some(&facts.id), faults);
        };
        Some(Claim { origin, size, root, house: self.origin.clone(), index: self.size, entry: facts.id.clone() })
    }

    /// Compares the root at this size with what others say of it; returns how often the house agrees.
    pub(super) fn check_expected(&mut self, faults: &mut Faults) -> u64 {
        let Some(expected) = self.expected.remove(&self.size) else { return 0 };
        if self.broken {
            return 0;
        }
        let root = self.tree.root();
        let mut agrees = 0;
        for one in expected {
            match one {
                Expected::House(claim) if claim.root == root => agrees += 1,
                Expected::House(claim) => faults.push(claim.disagreement()),
                Expected::Earlier(earlier) if earlier == root => {}
                Expected::Earlier(_) => faults.push(self.range(FaultCode::Forked, 0)),
            }
        }
        agrees
    }

    pub(super) fn checkpoint(&mut self, note: &str, key: &Key, faults: &mut Faults) {
        let head = match key.head(note) {
            Ok(head) if head.origin == self.origin => head,
            Ok(_) => return faults.push(Fault::new(FaultCode::OutOfPlace).in_log(&self.origin)),
            Err(code) => return faults.push(self.range(code, self.good)),
        };
        let forked = |last: &Head| last.size == head.size && last.root != head.root;
        if self.last_head.as_ref().is_some_and(forked) {
            faults.push(Fault::new(FaultCode::Forked).in_log(&self.origin));
            self.broken = true;
        }
        if !self.broken {
            self.compare(&head, note, faults);
        }
        self.last_head = Some(head);
    }

    fn compare(&mut self, head: &Head, note: &str, faults: &mut Faults) {
        let root = self.tree.root();
        let code = match () {
            () if head.size != self.size => FaultCode::Size,
            () if head.root != root => FaultCode::Root,
            () => {
                (self.good, self.after_good) = (self.size, None);
                self.roots.insert(self.size, root);
                self.checkpoints += 1;
                note.clone_into(&mut self.last_checkpoint);
                return;
            }
        };
        faults.push(self.range(code, self.good));
        self.broken = true;
    }

    pub(super) fn disclosure(&mut self, index: u64, shown: &Shown, faults: &mut Faults) {
        let last = self.last_data.as_ref().filter(|_| index.checked_add(1) == Some(self.size));
        if last.is_some_and(|data| shown.opens(data)) {
            self.disclosures += 1;
        } else {
            faults.push(Fault::new(FaultCode::BadDisclosure).in_log(&self.origin).at(index));
        }
    }

    /// A line that could not be read stands where the next entry was expected.
    pub(super) fn interrupted(&mut self, code: FaultCode) -> Fault {
        self.broken = true;
        Fault::new(code).in_log(&self.origin).at(self.size)
    }

    /// Closes the log.
    pub(super) fn end(self, faults: &mut Faults) -> (String, LogReport, Done) {
        if !self.broken && (self.good < self.size || self.checkpoints == 0) {
            faults.push(self.range(FaultCode::Unsigned, self.good));
        }
        for one in self.expected.values().flatten().filter(|_| !self.broken) {
            match one {
                Expected::Earlier(_) => faults.push(Fault::new(FaultCode::RolledBack).in_log(&self.origin)),
                Expected::House(claim) => faults.push(claim.disagreement()),
            }
        }
        let report = LogReport {
            origin: self.origin.clone(),
            size: self.size,
            checkpoints: self.checkpoints,
            disclosures: self.disclosures,
            last_checkpoint: self.last_checkpoint,
        };
        (self.origin, report, Done { size: self.size, roots: self.roots, broken: self.broken })
    }

    /// Says what is wrong with the entry being read.
    fn fault(&self, code: FaultCode, id: Option<&str>, faults: &mut Faults) -> Option<Claim> {
        let fault = Fault::new(code).in_log(&self.origin).at(self.size);
        faults.push(Fault { entry: id.map(str::to_owned), ..fault });
        None
    }

    /// A fault somewhere from entry `first` to the last one read; one entry is named.
    fn range(&self, code: FaultCode, first: u64) -> Fault {
        let fault = Fault::new(code).in_log(&self.origin);
        match self.size.saturating_sub(first) {
            0 => fault,
            1 => Fault { entry: self.after_good.clone(), ..fault.at(first) },
            _ => Fault { last: Some(self.size - 1), ..fault.at(first) },
        }
    }
}
