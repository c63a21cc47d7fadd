//! RFC 9162 §2.1 once more, by other means: a stack of equal-sized subtrees that merge.

use sha2::{Digest, Sha256};

pub(super) type Hash = [u8; 32];

fn sha256(parts: &[&[u8]]) -> Hash {
    let mut hasher = Sha256::new();
    parts.iter().for_each(|part| hasher.update(part));
    hasher.finalize().into()
}

pub(super) fn of_leaf(bytes: &[u8]) -> Hash {
    sha256(&[b"\x00", bytes])
}

fn of_pair(left: &Hash, right: &Hash) -> Hash {
    sha256(&[b"\x01", left, right])
}

/// Subtrees from left to right with their numbers of leaves, which strictly decrease.
#[derive(Default)]
pub(super) struct Stack(Vec<(u64, Hash)>);

impl Stack {
    pub(super) fn push(&mut self, leaf: Hash) {
        self.0.push((1, leaf));
        while let [.., (left_size, left), (right_size, right)] = self.0.as_slice() {
            if left_size != right_size {
                break;
            }
            let merged = (left_size + right_size, of_pair(left, right));
            self.0.truncate(self.0.len() - 2);
            self.0.push(merged);
        }
    }

    pub(super) fn root(&self) -> Hash {
        let Some(((_, last), rest)) = self.0.split_last() else { return sha256(&[]) };
        rest.iter().rfold(*last, |right, (_, left)| of_pair(left, &right))
    }
}

/// RFC 9162 §2.1.3.2: whether `proof` leads from `leaf`, at `index` of `size`, to `root`.
pub(super) fn included(leaf: Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut node, mut last, mut hash) = (index, size - 1, leaf);
    for sibling in proof {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            hash = of_pair(sibling, &hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = of_pair(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}
