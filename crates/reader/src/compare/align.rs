//! Which sentences of one text answer which of the other: dynamic programming over their likeness.
//!
//! The best chain keeps the order of both texts; one sentence may answer two. What the chain leaves over is then paired
//! wherever it stands, so that a clause that was moved is not taken for two: one gone and one new.

use super::segments::Segment;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    ops::Range,
};

/// Two sentences less alike than this do not answer each other.
const LIKENESS_MIN: f64 = 0.24;
/// A pair out of order must be more alike.
const MOVED_MIN: f64 = 0.5;
/// What joining two sentences costs: a translator cuts where it reads well, a new version seldom.
const JOIN_COST: [f64; 2] = [0.06, 0.35];
/// Texts larger than this, in pairs of sentences, are compared near the diagonal only.
const PAIRS_MAX: usize = 1_000_000;

/// A sentence of fewer marks is alike by chance.
const MARKS_MIN: usize = 4;
/// So many pairs of those left over are looked at for each word, whatever their number …
const PAIRS_OF_REST: usize = 100_000;
/// … and a word is looked up at least when so many bear it.
const COMMON_MIN: usize = 40;

/// Sentences that answer each other; one side is empty when nothing does.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Match {
    /// Of the first text.
    pub(super) left: Range<usize>,
    /// Of the second text.
    pub(super) right: Range<usize>,
    /// How alike, from 0 to 1.
    pub(super) likeness: f64,
    /// Whether they stand in another order.
    pub(super) moved: bool,
}

/// Marks as numbers with weights: what is rare says more, what only one text has says nothing.
struct Signature {
    marks: Vec<(u32, f64)>,
    total: f64,
    length: f64,
}

/// Aligns two texts. `shared` says that both are in one language, so that every word counts.
pub(super) fn align(left: &[Segment], right: &[Segment], shared: bool) -> Vec<Match> {
    let weights = weights(left, right, shared);
    let sign = |segments: &[Segment]| segments.iter().map(|segment| signature(segment, &weights)).collect::<Vec<_>>();
    let (signs_left, signs_right) = (sign(left), sign(right));
    let grid = Grid { left: &signs_left, right: &signs_right, join_cost: JOIN_COST[usize::from(shared)] };
    let mut chain = grid.chain();
    pair_the_rest(&mut chain, &grid);
    chain
}

fn weights<'s>(left: &'s [Segment], right: &'s [Segment], shared: bool) -> BTreeMap<&'s str, (u32, f64)> {
    let count = |segments: &'s [Segment]| {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for mark in segments.iter().flat_map(|segment| &segment.marks) {
            *counts.entry(mark).or_default() += 1;
        }
        counts
    };
    let (lefts, rights) = (count(left), count(right));
    let names: BTreeSet<&str> = lefts.keys().chain(rights.keys()).copied().collect();
    let kept = names.into_iter().filter(|mark| shared || (lefts.contains_key(mark) && rights.contains_key(mark)));
    let total = left.len() + right.len();
    let weight = |mark: &str| {
        let seen = lefts.get(mark).unwrap_or(&0) + rights.get(mark).unwrap_or(&0);
        (1.0 + number(total) / number(seen.max(1))).ln()
    };
    kept.zip(0..).map(|(mark, id)| (mark, (id, weight(mark)))).collect()
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

fn signature(segment: &Segment, weights: &BTreeMap<&str, (u32, f64)>) -> Signature {
    let marks: Vec<(u32, f64)> = segment.marks.iter().filter_map(|mark| weights.get(mark.as_str()).copied()).collect();
    let total = marks.iter().map(|(_, weight)| weight).sum();
    Signature { marks, total, length: number(segment.folded.len().max(1)) }
}

fn union(a: &Signature, b: &Signature) -> Signature {
    let all: BTreeMap<u32, f64> = a.marks.iter().chain(&b.marks).copied().collect();
    let total = all.values().sum();
    Signature { marks: all.into_iter().collect(), total, length: a.length + b.length }
}

struct Grid<'s> {
    left: &'s [Signature],
    right: &'s [Signature],
    join_cost: f64,
}

/// How a cell of the table was reached.
#[derive(Clone, Copy, PartialEq)]
enum Step {
    Start,
    LeftAlone,
    RightAlone,
    Both(u8, u8),
}

impl Grid<'_> {
    /// Likeness of two signatures: shared weight over the mean weight, and a little for a like length and place.
    fn likeness(&self, left: &Signature, right: &Signature, at: (usize, usize)) -> f64 {
        let common = common(&left.marks, &right.marks);
        let mean = (left.total + right.total) / 2.0;
        let words = if mean > 0.0 { common / mean } else { 0.2 };
        let length = left.length.min(right.length) / left.length.max(right.length);
        let place = |index: usize, all: usize| number(index) / number(all.max(1));
        let apart = (place(at.0, self.left.len()) - place(at.1, self.right.len())).abs();
        0.8 * words + 0.12 * length + 0.08 * (1.0 - (apart * 4.0).min(1.0))
    }

    /// The best chain through both texts.
    fn chain(&self) -> Vec<Match> {
        let (rows, columns) = (self.left.len() + 1, self.right.len() + 1);
        let pairs_left: Vec<Signature> = self.left.windows(2).map(|two| union(&two[0], &two[1])).collect();
        let pairs_right: Vec<Signature> = self.right.windows(2).map(|two| union(&two[0], &two[1])).collect();
        let mut gain = vec![0.0f64; rows * columns];
        let mut steps = vec![Step::Start; rows * columns];
        for i in 0..rows {
            for j in 0..columns {
                let mut best = (0.0, Step::Start);
                let mut offer = |value: f64, step: Step| {
                    if value > best.0 || best.1 == Step::Start {
                        best = (value, step);
                    }
                };
                if i > 0 {
                    offer(gain[(i - 1) * columns + j], Step::LeftAlone);
                }
                if j > 0 {
                    offer(gain[i * columns + j - 1], Step::RightAlone);
                }
                if self.near(i, j) {
                    let mut pair = |a: u8, b: u8, left: &Signature, right: &Signature, cost: f64| {
                        let step = Step::Both(a, b);
                        let (a, b) = (usize::from(a), usize::from(b));
                        let likeness = self.likeness(left, right, (i - a, j - b));
                        offer(gain[(i - a) * columns + j - b] + likeness - LIKENESS_MIN - cost, step);
                    };
                    if i > 0 && j > 0 {
                        pair(1, 1, &self.left[i - 1], &self.right[j - 1], 0.0);
                    }
                    if i > 0 && j > 1 {
                        pair(1, 2, &self.left[i - 1], &pairs_right[j - 2], self.join_cost);
                    }
                    if i > 1 && j > 0 {
                        pair(2, 1, &pairs_left[i - 2], &self.right[j - 1], self.join_cost);
                    }
                }
                (gain[i * columns + j], steps[i * columns + j]) = best;
            }
        }
        self.back(&steps, rows, columns)
    }

    /// The chain, read from its end.
    fn back(&self, steps: &[Step], rows: usize, columns: usize) -> Vec<Match> {
        let (mut i, mut j) = (rows - 1, columns - 1);
        let mut chain = Vec::new();
        while i > 0 || j > 0 {
            let (a, b) = match steps[i * columns + j] {
                Step::LeftAlone => (1, 0),
                Step::RightAlone => (0, 1),
                Step::Both(a, b) => (usize::from(a), usize::from(b)),
                Step::Start => break,
            };
            let (left, right) = (i - a..i, j - b..j);
            let whole = |signs: &[Signature]| {
                signs
                    .iter()
                    .skip(1)
                    .fold(None, |all: Option<Signature>, next| Some(union(all.as_ref().unwrap_or(&signs[0]), next)))
            };
            let likeness = if a == 0 || b == 0 {
                0.0
            } else {
                let (one, two) = (whole(&self.left[left.clone()]), whole(&self.right[right.clone()]));
                let one = one.as_ref().unwrap_or(&self.left[left.start]);
                self.likeness(one, two.as_ref().unwrap_or(&self.right[right.start]), (left.start, right.start))
            };
            chain.push(Match { left, right, likeness, moved: false });
            (i, j) = (i - a, j - b);
        }
        chain.reverse();
        chain
    }

    fn near(&self, i: usize, j: usize) -> bool {
        let (rows, columns) = (self.left.len(), self.right.len());
        let expected = i * columns / rows.max(1);
        rows * columns <= PAIRS_MAX || expected.abs_diff(j) <= (columns / 6).max(100)
    }
}

fn common(left: &[(u32, f64)], right: &[(u32, f64)]) -> f64 {
    let (mut i, mut j, mut sum) = (0, 0, 0.0);
    while let (Some(a), Some(b)) = (left.get(i), right.get(j)) {
        match a.0.cmp(&b.0) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                sum += a.1;
                (i, j) = (i + 1, j + 1);
            }
        }
    }
    sum
}

/// Pairs what the chain left alone, the most alike first.
fn pair_the_rest(chain: &mut Vec<Match>, grid: &Grid<'_>) {
    let alone = |side: fn(&Match) -> (&Range<usize>, &Range<usize>)| {
        let found = chain.iter().enumerate().filter(|(_, found)| {
            let (own, other) = side(found);
            !own.is_empty() && other.is_empty()
        });
        found.map(|(at, found)| (side(found).0.start, at)).collect::<BTreeMap<usize, usize>>()
    };
    let mut lefts = alone(|found| (&found.left, &found.right));
    let mut rights = alone(|found| (&found.right, &found.left));
    let mut gone = BTreeSet::new();
    let mut pair = |lefts: &mut BTreeMap<usize, usize>, rights: &mut BTreeMap<usize, usize>, (likeness, i, j)| {
        if let (Some(&at), Some(&other)) = (lefts.get(&i), rights.get(&j)) {
            chain[at] = Match { left: i..i + 1, right: j..j + 1, likeness, moved: true };
            gone.insert(other);
            lefts.remove(&i);
            rights.remove(&j);
        }
    };
    for twins in grid.twins(&lefts, &rights) {
        pair(&mut lefts, &mut rights, twins);
    }
    let mut likely = grid.likely(&lefts, &rights);
    likely.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    for one in likely {
        pair(&mut lefts, &mut rights, one);
    }
    let mut at = 0;
    chain.retain(|_| {
        at += 1;
        !gone.contains(&(at - 1))
    });
}

/// A pair: how alike, and which.
type Likely = (f64, usize, usize);
/// Of those left alone, by their place in the text: where they stand in the chain.
type Alone = BTreeMap<usize, usize>;

impl Grid<'_> {
    /// Sentences of the same words, in the order of both texts.
    fn twins(&self, lefts: &Alone, rights: &Alone) -> Vec<Likely> {
        let key =
            |sign: &Signature| (sign.marks.iter().map(|(mark, _)| *mark).collect::<Vec<_>>(), sign.length.to_bits());
        let mut same: HashMap<_, VecDeque<usize>> = HashMap::new();
        for &j in rights.keys().filter(|j| self.right[**j].marks.len() >= MARKS_MIN) {
            same.entry(key(&self.right[j])).or_default().push_back(j);
        }
        let next = |&i: &usize| {
            let j = same.get_mut(&key(&self.left[i]))?.pop_front()?;
            Some((self.likeness(&self.left[i], &self.right[j], (0, 0)).min(1.0), i, j))
        };
        lefts.keys().filter_map(next).collect()
    }

    /// Sentences alike enough, among those that have a word in common. A word of very many sentences finds nothing, so
    /// that the work grows with the text and not with its square.
    fn likely(&self, lefts: &Alone, rights: &Alone) -> Vec<Likely> {
        let common_max = (PAIRS_OF_REST / lefts.len().max(1)).max(COMMON_MIN);
        let mut bearing: HashMap<u32, Vec<usize>> = HashMap::new();
        for &j in rights.keys() {
            for (mark, _) in &self.right[j].marks {
                bearing.entry(*mark).or_default().push(j);
            }
        }
        let mut found = Vec::new();
        for &i in lefts.keys() {
            let left = &self.left[i];
            let listed = left.marks.iter().filter_map(|(mark, _)| bearing.get(mark));
            let near: BTreeSet<usize> = listed.filter(|others| others.len() <= common_max).flatten().copied().collect();
            for j in near {
                let likeness = self.likeness(left, &self.right[j], (0, 0)).min(1.0);
                // Two words in common are chance.
                if likeness >= MOVED_MIN && left.marks.len().min(self.right[j].marks.len()) >= MARKS_MIN {
                    found.push((likeness, i, j));
                }
            }
        }
        found
    }
}
