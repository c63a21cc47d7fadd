//! The periods of a text that are no term: what keeps logs, what pays invoices, what the controller owes itself.

use super::{Reader, hits};
use crate::{figures::Figure, slots::Claimed};
use agreement::reading::{Note, OtherPeriod};

/// So many are listed.
const PERIODS_MAX: usize = 200;

/// Every period that a slot claims, in the order of the text; and where they go on beyond what is listed.
pub(crate) fn periods(reader: &Reader<'_>, claimed: &[Claimed<'_>]) -> (Vec<OtherPeriod>, Option<Note>) {
    let mut found = Vec::new();
    for (unit, claimed) in reader.units.iter().zip(claimed) {
        for (place, slot) in claimed {
            let figure = unit.figures.iter().find(|(known, _)| known == place).map(|(_, figure)| figure);
            let Some(Figure::Exact(period, working)) = figure else { continue };
            let range = hits::around(unit, *place);
            if found.len() == PERIODS_MAX {
                return (found, Some(reader.cut("periods", range)));
            }
            found.push(OtherPeriod {
                of: slot.name.clone(),
                value: period.to_string(),
                days: working.then(|| "working".to_owned()),
                text: reader.text.quote(range.clone()),
                span: reader.text.span(range),
                clause: reader.path(unit.clause),
            });
        }
    }
    (found, None)
}
