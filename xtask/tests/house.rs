//! The rules of the house, held against the tree itself: who may use whom, how long a function may be, which
//! words never appear, whose licence may enter. Each failure names the place and the rule.

#[path = "house/crates.rs"]
mod crates;
#[path = "house/licences.rs"]
mod licences;
#[path = "house/manifests.rs"]
mod manifests;
#[path = "house/paperwork.rs"]
mod paperwork;
#[path = "house/sources.rs"]
mod sources;
#[path = "house/tree.rs"]
mod tree;
#[path = "house/words.rs"]
mod words;
