//! How sure a reading is: the share of right ones among readings of its kind, counted on documents whose
//! facts people wrote down. The counts are data, with their date; nothing here is a feeling.

use agreement::reading::State;
use serde::Deserialize;
use std::sync::LazyLock;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    /// When the counts were made, as an ISO date.
    #[cfg_attr(not(test), expect(dead_code, reason = "for people who read the table"))]
    counted: String,
    kind: Vec<Kind>,
}

/// Readings in some states, by rules up to a rank.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kind {
    states: Vec<State>,
    rank_max: u8,
    right: u32,
    of: u32,
}

static TABLE: LazyLock<Table> =
    LazyLock::new(|| toml::from_str(include_str!("../data/confidence.toml")).expect("the table is tested"));

/// The share of right readings of this kind, between 0 and 1 in hundredths.
pub(crate) fn of(state: State, rank: u8) -> f64 {
    let kind = TABLE.kind.iter().find(|kind| kind.states.contains(&state) && rank <= kind.rank_max);
    kind.map_or(0.5, |kind| share(kind.right, kind.of))
}

/// One right and one wrong are added: few documents make nobody certain (Laplace's rule).
fn share(right: u32, of: u32) -> f64 {
    let hundredths = (f64::from(right + 1) / f64::from(of + 2) * 100.0).round();
    hundredths / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_firm_rule_is_trusted_more_than_a_weak_one_and_every_state_has_counts() {
        assert!(of(State::Stated, 4) > of(State::Stated, 9));
        let states = [
            State::Stated,
            State::Vague,
            State::Conditional,
            State::Staged,
            State::Conflicting,
            State::ByReference,
            State::Placeholder,
            State::Negated,
            State::Silent,
        ];
        assert!(TABLE.counted.starts_with("20"));
        for state in states {
            let kind = TABLE.kind.iter().find(|kind| kind.states.contains(&state) && kind.rank_max == 9);
            assert!(kind.is_some_and(|kind| kind.right <= kind.of), "{state:?}");
        }
    }
}
