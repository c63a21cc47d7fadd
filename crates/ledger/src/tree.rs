//! The Merkle tree over a log's leaves (RFC 9162 §2.1, SHA-256).
//!
//! A tree of n leaves is never held in memory: [`Frontier`] holds the roots of its complete
//! subtrees (at most 64), appends in O(log n) and names each subtree that became complete; whoever
//! keeps those nodes can compute every proof with O(log n) reads through [`Nodes`].
//!
//! A node is named by its level (leaves are level 0) and its index on that level; it is complete
//! when all of the leaves `index << level .. (index + 1) << level` exist.

use kernel::Lang;
use sha2::{Digest, Sha256};
use std::{cell::RefCell, collections::HashMap, fmt};

mod proof;
pub use proof::{consistency_proof, consistency_reads, inclusion_proof, inclusion_reads, root, root_reads};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// The hash of a leaf's bytes: SHA-256(0x00 ‖ leaf).
#[must_use]
pub fn leaf_hash(leaf: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(leaf).finalize().into()
}

/// The hash of an inner node: SHA-256(0x01 ‖ left ‖ right).
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The root of a log without entries: SHA-256 of nothing.
#[must_use]
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// A complete subtree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// 0 for a leaf, one more for each layer above.
    pub level: u8,
    /// Position on the level, from the left.
    pub index: u64,
    /// Its hash.
    pub hash: Hash,
}

/// Where complete subtrees are read from.
pub trait Nodes {
    /// The hash of the complete subtree, `None` if it is not stored.
    fn node(&self, level: u8, index: u64) -> Option<Hash>;
}

/// Complete subtrees in memory: what a store has fetched for one proof, or a whole small log.
#[derive(Clone, Debug, Default)]
pub struct MemoryNodes(HashMap<(u8, u64), Hash>);

impl MemoryNodes {
    /// Keeps `node`.
    pub fn insert(&mut self, node: Node) {
        self.0.insert((node.level, node.index), node.hash);
    }
}

impl Extend<Node> for MemoryNodes {
    fn extend<I: IntoIterator<Item = Node>>(&mut self, nodes: I) {
        nodes.into_iter().for_each(|node| self.insert(node));
    }
}

impl FromIterator<Node> for MemoryNodes {
    fn from_iter<I: IntoIterator<Item = Node>>(nodes: I) -> Self {
        let mut memory = Self::default();
        memory.extend(nodes);
        memory
    }
}

impl Nodes for MemoryNodes {
    fn node(&self, level: u8, index: u64) -> Option<Hash> {
        self.0.get(&(level, index)).copied()
    }
}

/// Notes which nodes an algorithm asks for, so that a store can fetch them with one query.
#[derive(Default)]
struct Recorder(RefCell<Vec<(u8, u64)>>);

impl Nodes for Recorder {
    fn node(&self, level: u8, index: u64) -> Option<Hash> {
        self.0.borrow_mut().push((level, index));
        Some([0; 32])
    }
}

/// The complete subtrees that together cover a log, largest first.
///
/// ```
/// use ledger::tree::{Frontier, leaf_hash, node_hash};
/// let (a, b) = (leaf_hash(b"a"), leaf_hash(b"b"));
/// let mut frontier = Frontier::new();
/// assert_eq!(frontier.append(a).len(), 1); // the leaf itself
/// assert_eq!(frontier.append(b).len(), 2); // the leaf and the pair above it
/// assert_eq!(frontier.root(), node_hash(&a, &b));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// The frontier of an empty log.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The frontier of a log of `size` leaves, from its stored nodes (those that [`Frontier::reads`] names).
    ///
    /// # Errors
    /// [`TreeError::Missing`] when a node is not stored.
    pub fn load(size: u64, nodes: &dyn Nodes) -> Result<Self, TreeError> {
        let read = |(level, index)| nodes.node(level, index).ok_or(TreeError::Missing { level, index });
        let peaks = Self::reads(size).into_iter().map(read).collect::<Result<_, _>>()?;
        Ok(Self { size, peaks })
    }

    /// The nodes (level, index) that make up the frontier of a log of `size` leaves, largest first.
    #[must_use]
    pub fn reads(size: u64) -> Vec<(u8, u64)> {
        (0..64u8).rev().filter(|level| size >> level & 1 == 1).map(|level| (level, (size >> level) - 1)).collect()
    }

    /// How many leaves the log has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf by its hash and returns the subtrees that are now complete, the leaf first.
    pub fn append(&mut self, leaf: Hash) -> Vec<Node> {
        let mut node = Node { level: 0, index: self.size, hash: leaf };
        let mut completed = vec![node];
        while node.index & 1 == 1 {
            let Some(left) = self.peaks.pop() else { break };
            node = Node { level: node.level + 1, index: node.index >> 1, hash: node_hash(&left, &node.hash) };
            completed.push(node);
        }
        self.peaks.push(node.hash);
        self.size += 1;
        completed
    }

    /// The root of the tree (RFC 9162 §2.1.1).
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some(last) = peaks.next() else { return empty_root() };
        peaks.fold(*last, |right, left| node_hash(left, &right))
    }
}

/// Why a proof cannot be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TreeError {
    /// A complete subtree is not stored: the store is damaged.
    Missing {
        /// Its level.
        level: u8,
        /// Its index on the level.
        index: u64,
    },
    /// An index or size beyond the log.
    OutOfRange {
        /// What was asked for.
        asked: u64,
        /// How many leaves there are.
        size: u64,
    },
}

impl TreeError {
    /// What is wrong.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        match self {
            Self::Missing { level, index } => lang.pick(
                format!("node {index} of level {level} of the ledger is not stored"),
                format!("le nœud {index} du niveau {level} du registre n'est pas stocké"),
            ),
            Self::OutOfRange { asked, size } => lang.pick(
                format!("the log has {size} entries; {asked} lies beyond"),
                format!("le registre compte {size} écritures ; {asked} se situe au-delà"),
            ),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(&self, lang: Lang) -> String {
        let (en, fr) = match self {
            Self::Missing { .. } => (
                "stop writing and run `garant ledger replay`: the nodes are rebuilt from the entries",
                "cessez d'écrire et lancez « garant ledger replay » : les nœuds sont reconstruits depuis les écritures",
            ),
            Self::OutOfRange { .. } => (
                "ask for an entry below the size of the checkpoint",
                "demandez une écriture sous la taille du point de contrôle",
            ),
        };
        lang.pick(en, fr).to_owned()
    }
}

impl fmt::Display for TreeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl std::error::Error for TreeError {}
