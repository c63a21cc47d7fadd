//! A small house to export: its own log and one controller's, with personal values and checkpoints.

use kernel::{Actor, EntryId, Instant, Secret, SeededEntropy, SubjectId};
use ledger::export::ExportWriter;
use ledger::tree::{Frontier, MemoryNodes, inclusion_proof, leaf_hash};
use ledger::{Checkpoint, Disclosure, Entry, Receipt, SigningKey, commit};
use serde_json::{Value, json};

pub(crate) const HOUSE: &str = "garant.example/house";
pub(crate) const ACME: &str = "garant.example/log/acme";

/// One log as a store would keep it.
pub(crate) struct SampleLog {
    pub(crate) origin: &'static str,
    pub(crate) leaves: Vec<Vec<u8>>,
    pub(crate) disclosures: Vec<Vec<Disclosure>>,
    pub(crate) notes: Vec<(usize, String)>,
    pub(crate) nodes: MemoryNodes,
    frontier: Frontier,
}

pub(crate) struct Sample {
    pub(crate) key: SigningKey,
    pub(crate) house: SampleLog,
    pub(crate) acme: SampleLog,
    entropy: SeededEntropy,
    clock: i64,
}

impl SampleLog {
    fn new(origin: &'static str) -> Self {
        Self {
            origin,
            leaves: vec![],
            disclosures: vec![],
            notes: vec![],
            nodes: MemoryNodes::default(),
            frontier: Frontier::new(),
        }
    }

    pub(crate) fn append(&mut self, leaf: Vec<u8>, disclosures: Vec<Disclosure>) {
        self.nodes.extend(self.frontier.append(leaf_hash(&leaf)));
        self.leaves.push(leaf);
        self.disclosures.push(disclosures);
    }

    pub(crate) fn head(&self) -> Checkpoint {
        Checkpoint::new(self.origin, self.frontier.size(), self.frontier.root()).expect("a good origin")
    }

    /// The receipt of entry `index` against the last checkpoint.
    pub(crate) fn receipt(&self, index: usize, show: &[Disclosure]) -> Receipt {
        let (size, note) = self.notes.last().expect("the log has a checkpoint");
        Receipt {
            index: index as u64,
            proof: inclusion_proof(&self.nodes, index as u64, *size as u64).expect("every node is kept"),
            checkpoint: note.clone(),
            leaf: String::from_utf8(self.leaves[index].clone()).expect("leaves are text"),
            disclosures: show.to_vec(),
        }
    }
}

impl Sample {
    /// `entries` requests in Acme's log, a checkpoint after each `every`, each recorded by the house.
    pub(crate) fn new(entries: usize, every: usize) -> Self {
        let key = SigningKey::new(HOUSE, &Secret::new([7; 32])).expect("a good name");
        let (house, acme) = (SampleLog::new(HOUSE), SampleLog::new(ACME));
        let mut sample = Self { key, house, acme, entropy: SeededEntropy::new(42), clock: 1_800_000_000_000 };
        for n in 1..=entries {
            sample.request(n);
            if n % every == 0 || n == entries {
                sample.checkpoint();
            }
        }
        sample
    }

    pub(crate) fn entry(&mut self, log: &str, kind: &str, data: Value) -> Entry {
        self.clock += 1_500;
        let at = Instant::from_millisecond(self.clock).expect("within the calendar");
        let id = EntryId::new(at, &self.entropy);
        Entry { id, log: log.to_owned(), at, actor: Actor::system("sample"), kind: kind.to_owned(), data }
    }

    fn request(&mut self, n: usize) {
        let subject = SubjectId::new(Instant::from_millisecond(self.clock).expect("in range"), &self.entropy);
        let email = json!({"$personal": {"subject": subject, "value": format!("person{n}@example.org")}});
        let data = json!({"right": "access", "number": n, "email": email});
        let (data, disclosures) = commit(data, &self.entropy).expect("well-formed data");
        let leaf = self.entry(ACME, "request.received", data).to_leaf().expect("a good entry");
        self.acme.append(leaf, disclosures);
    }

    fn checkpoint(&mut self) {
        let head = self.acme.head();
        self.acme.notes.push((self.acme.leaves.len(), self.key.checkpoint(&head)));
        self.record(&head);
    }

    pub(crate) fn record(&mut self, head: &Checkpoint) {
        let text = head.text();
        let root = text.lines().nth(2).expect("a checkpoint has three lines");
        let data = json!({"origin": head.origin(), "size": head.size(), "root": root});
        let leaf = self.entry(HOUSE, "ledger.checkpointed", data).to_leaf().expect("a good entry");
        self.house.append(leaf, vec![]);
        let head = self.house.head();
        self.house.notes.push((self.house.leaves.len(), self.key.checkpoint(&head)));
    }

    /// The export, house first.
    pub(crate) fn export(&self) -> String {
        self.export_of(&[&self.house, &self.acme])
    }

    pub(crate) fn export_of(&self, logs: &[&SampleLog]) -> String {
        let mut writer = ExportWriter::new(Vec::new(), self.key.verifier()).expect("memory takes everything");
        for log in logs {
            writer.log(log.origin).expect("a good origin");
            for (index, leaf) in log.leaves.iter().enumerate() {
                writer.leaf(leaf).expect("leaves are text");
                log.disclosures[index].iter().for_each(|shown| writer.disclosure(shown).expect("the leaf was written"));
                let notes = log.notes.iter().filter(|(size, _)| *size == index + 1);
                notes.for_each(|(_, note)| writer.checkpoint(note).expect("the sizes fit"));
            }
        }
        String::from_utf8(writer.finish(&self.key).expect("the same key")).expect("JSON is text")
    }

    pub(crate) fn verifier(&self) -> String {
        self.key.verifier().to_string()
    }
}

/// Signs lines anew as the house itself could: what must be caught even then.
pub(crate) fn resealed(key: &SigningKey, lines: &[String]) -> String {
    use sha2::Digest;
    let body: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let digest = hex::encode(sha2::Sha256::digest(&body));
    let note = key.sign(&format!("garant/ledger-export/1\n{}\n{digest}\n", lines.len())).expect("a note's text");
    format!("{body}{}\n", json!({"type": "end", "note": note}))
}
