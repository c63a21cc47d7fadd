//! Inclusion and consistency proofs from complete subtrees (RFC 9162 §2.1.3 and §2.1.4).
//!
//! Both follow the recursive definitions; each level costs one read, and the ragged right edge
//! once O(log n) more.

use super::{Hash, Node, Nodes, Recorder, TreeError, empty_root, node_hash};

/// The root of the first `size` leaves.
///
/// # Errors
/// [`TreeError::Missing`] when a node is not stored.
pub fn root(nodes: &dyn Nodes, size: u64) -> Result<Hash, TreeError> {
    if size == 0 { Ok(empty_root()) } else { range(nodes, 0, size) }
}

/// The path from leaf `index` to the root of the first `size` leaves, the leaf's sibling first.
///
/// # Errors
/// [`TreeError`] when `index` is not below `size`, or a node is not stored.
pub fn inclusion_proof(nodes: &dyn Nodes, index: u64, size: u64) -> Result<Vec<Hash>, TreeError> {
    if index >= size {
        return Err(TreeError::OutOfRange { asked: index, size });
    }
    path(nodes, index, 0, size)
}

/// The proof that the first `old` leaves of a log are still the first of its first `new`; empty when
/// either is empty or they are one.
///
/// # Errors
/// [`TreeError`] when `old` is beyond `new`, or a node is not stored.
pub fn consistency_proof(nodes: &dyn Nodes, old: u64, new: u64) -> Result<Vec<Hash>, TreeError> {
    if old > new {
        return Err(TreeError::OutOfRange { asked: old, size: new });
    }
    if old == 0 || old == new { Ok(Vec::new()) } else { subproof(nodes, old, 0, new, true) }
}

/// The nodes that [`inclusion_proof`] will read.
#[must_use]
pub fn inclusion_reads(index: u64, size: u64) -> Vec<(u8, u64)> {
    recorded(|nodes| inclusion_proof(nodes, index, size).map(|_| ()))
}

/// The nodes that [`consistency_proof`] will read.
#[must_use]
pub fn consistency_reads(old: u64, new: u64) -> Vec<(u8, u64)> {
    recorded(|nodes| consistency_proof(nodes, old, new).map(|_| ()))
}

/// The nodes that [`root`] will read.
#[must_use]
pub fn root_reads(size: u64) -> Vec<(u8, u64)> {
    recorded(|nodes| root(nodes, size).map(|_| ()))
}

/// What an algorithm asks for; one that refuses its arguments asks for nothing.
fn recorded(algorithm: impl Fn(&dyn Nodes) -> Result<(), TreeError>) -> Vec<(u8, u64)> {
    let recorder = Recorder::default();
    match algorithm(&recorder) {
        Ok(()) => recorder.0.into_inner(),
        Err(_) => Vec::new(),
    }
}

/// PATH(index, D[start..end]).
fn path(nodes: &dyn Nodes, index: u64, start: u64, end: u64) -> Result<Vec<Hash>, TreeError> {
    if end - start == 1 {
        return Ok(Vec::new());
    }
    let middle = start + split(end - start);
    let (mut proof, sibling) = if index < middle {
        (path(nodes, index, start, middle)?, range(nodes, middle, end)?)
    } else {
        (path(nodes, index, middle, end)?, range(nodes, start, middle)?)
    };
    proof.push(sibling);
    Ok(proof)
}

/// SUBPROOF(old, D[start..end], whole), `old` being counted from leaf 0 of the log.
fn subproof(nodes: &dyn Nodes, old: u64, start: u64, end: u64, whole: bool) -> Result<Vec<Hash>, TreeError> {
    if old == end {
        return if whole { Ok(Vec::new()) } else { Ok(vec![range(nodes, start, end)?]) };
    }
    let middle = start + split(end - start);
    let (mut proof, sibling) = if old <= middle {
        (subproof(nodes, old, start, middle, whole)?, range(nodes, middle, end)?)
    } else {
        (subproof(nodes, old, middle, end, false)?, range(nodes, start, middle)?)
    };
    proof.push(sibling);
    Ok(proof)
}

/// MTH(D[start..end]) for a range that the recursion of RFC 9162 can reach.
fn range(nodes: &dyn Nodes, start: u64, end: u64) -> Result<Hash, TreeError> {
    let count = end - start;
    if count.is_power_of_two() {
        return complete(nodes, start, count).map(|node| node.hash);
    }
    let middle = start + split(count);
    Ok(node_hash(&range(nodes, start, middle)?, &range(nodes, middle, end)?))
}

fn complete(nodes: &dyn Nodes, start: u64, count: u64) -> Result<Node, TreeError> {
    let level = u8::try_from(count.trailing_zeros()).unwrap_or(u8::MAX);
    let index = start >> level;
    let hash = nodes.node(level, index).ok_or(TreeError::Missing { level, index })?;
    Ok(Node { level, index, hash })
}

/// The largest power of two below `count`, which is at least 2.
fn split(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}
