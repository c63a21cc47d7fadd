//! The tree against an independent implementation (`ct-merkle`) and against its own proofs.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ledger::Hash;
use ledger::tree::{
    Frontier, MemoryNodes, Nodes, TreeError, consistency_proof, consistency_reads, empty_root, inclusion_proof,
    inclusion_reads, leaf_hash, root, root_reads,
};
use sha2::Sha256;

type Oracle = MemoryBackedTree<Sha256, [u8; 8]>;

/// A log of `size` numbered leaves, and the oracle's.
fn logs(size: u64) -> (Frontier, MemoryNodes, Oracle) {
    let (mut frontier, mut nodes, mut oracle) = (Frontier::new(), MemoryNodes::default(), Oracle::new());
    for n in 0..size {
        nodes.extend(frontier.append(leaf_hash(&n.to_be_bytes())));
        oracle.push(n.to_be_bytes());
    }
    (frontier, nodes, oracle)
}

fn flat(proof: &[Hash]) -> Vec<u8> {
    proof.concat()
}

#[test]
fn roots_are_those_of_the_oracle_at_every_size_to_300() {
    let (mut frontier, mut nodes, mut oracle) = logs(0);
    assert_eq!(frontier.root(), empty_root());
    for n in 0..300u64 {
        nodes.extend(frontier.append(leaf_hash(&n.to_be_bytes())));
        oracle.push(n.to_be_bytes());
        assert_eq!(frontier.root().as_slice(), oracle.root().as_bytes().as_slice(), "{n}");
        assert_eq!(root(&nodes, n + 1), Ok(frontier.root()));
        assert_eq!(Frontier::load(n + 1, &nodes), Ok(frontier.clone()));
    }
}

#[test]
fn the_published_vectors_of_certificate_transparency() {
    let leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut frontier = Frontier::new();
    for (leaf, root) in leaves.iter().zip(roots) {
        frontier.append(leaf_hash(&hex::decode(leaf).unwrap()));
        assert_eq!(hex::encode(frontier.root()), root);
    }
    assert_eq!(hex::encode(empty_root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

#[test]
fn every_inclusion_proof_to_size_64_is_the_oracles() {
    for size in 1..=64 {
        let (_, nodes, oracle) = logs(size);
        for index in 0..size {
            let proof = inclusion_proof(&nodes, index, size).unwrap();
            let expected = oracle.prove_inclusion(usize::try_from(index).unwrap());
            assert_eq!(flat(&proof), expected.as_bytes(), "{index} of {size}");
        }
    }
}

#[test]
fn consistency_proofs_to_size_300_are_the_oracles() {
    let (_, nodes, _) = logs(300);
    let mut oracle = Oracle::new();
    for new in 1..=300u64 {
        oracle.push((new - 1).to_be_bytes());
        let step = if new <= 64 { 1 } else { 7 };
        for old in (1..new).step_by(step) {
            let proof = consistency_proof(&nodes, old, new).unwrap();
            let expected = oracle.prove_consistency(usize::try_from(new - old).unwrap());
            assert_eq!(flat(&proof), expected.as_bytes(), "{old} to {new}");
        }
    }
}

#[test]
fn inclusion_proofs_of_larger_trees_are_the_oracles() {
    let (_, nodes, oracle) = logs(300);
    for index in 0..300 {
        let proof = inclusion_proof(&nodes, index, 300).unwrap();
        assert_eq!(flat(&proof), oracle.prove_inclusion(usize::try_from(index).unwrap()).as_bytes(), "{index}");
    }
}

#[test]
fn a_store_can_fetch_beforehand_exactly_what_a_proof_reads() {
    let (frontier, nodes, _) = logs(37);
    let fetch = |reads: Vec<(u8, u64)>| -> MemoryNodes {
        reads
            .into_iter()
            .map(|(level, index)| ledger::tree::Node { level, index, hash: nodes.node(level, index).unwrap() })
            .collect()
    };
    for index in 0..37 {
        let fetched = fetch(inclusion_reads(index, 37));
        assert_eq!(inclusion_proof(&fetched, index, 37), inclusion_proof(&nodes, index, 37));
        let fetched = fetch(consistency_reads(index, 37));
        assert_eq!(consistency_proof(&fetched, index, 37), consistency_proof(&nodes, index, 37));
    }
    assert_eq!(root(&fetch(root_reads(37)), 37), Ok(frontier.root()));
    assert_eq!(Frontier::load(37, &fetch(Frontier::reads(37))), Ok(frontier));
}

#[test]
fn proofs_read_a_handful_of_nodes_even_of_a_huge_log() {
    let size = (1 << 40) - 3;
    for index in [0, 1, size / 3, size / 2, size - 1] {
        assert!(inclusion_reads(index, size).len() <= 80, "{index}");
        assert!(consistency_reads(index.max(1), size).len() <= 160, "{index}");
    }
}

#[test]
fn what_is_beyond_the_log_or_not_stored_is_named() {
    let (_, nodes, _) = logs(5);
    assert_eq!(inclusion_proof(&nodes, 5, 5), Err(TreeError::OutOfRange { asked: 5, size: 5 }));
    assert_eq!(inclusion_proof(&nodes, 0, 0), Err(TreeError::OutOfRange { asked: 0, size: 0 }));
    assert_eq!(consistency_proof(&nodes, 6, 5), Err(TreeError::OutOfRange { asked: 6, size: 5 }));
    assert_eq!(root(&nodes, 6), Err(TreeError::Missing { level: 1, index: 2 }));
    assert_eq!(consistency_proof(&nodes, 0, 5), Ok(vec![]));
    assert_eq!(consistency_proof(&nodes, 5, 5), Ok(vec![]));
    assert!(inclusion_proof(&nodes, u64::MAX - 1, u64::MAX).is_err());
}
