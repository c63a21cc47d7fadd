//! The shipped rules with what an operator corrected: days added and removed, places of one's own, office hours.
//!
//! Holidays are law that changes, and a product that is installed does not. So the rules are data with a date of
//! effect, and what is added lies upon what is shipped.

use super::{EDITION, OfficeHours, Place, Region, UnknownPlace, When};
use crate::Date;
use jiff::tz::TimeZone;

/// One correction: from a day on, this is a holiday, or is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Whether it adds or takes away.
    pub adds: bool,
    /// Which days.
    pub when: When,
    /// From which day on it holds.
    pub from: Date,
    /// What the day is called.
    pub name: String,
}

impl Change {
    /// Whether this change says what `day` is.
    #[must_use]
    pub fn decides(&self, day: Date) -> bool {
        day >= self.from && self.when.falls_on(day)
    }
}

/// A place that is not shipped: it has the rules of another until its own days are entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddedPlace {
    /// Its code, such as `FR-974` or `BE`.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// The place whose holidays it has as well.
    pub inherits: String,
    /// Its zone (IANA), such as `Indian/Reunion`; none for that of the other place.
    pub zone: Option<String>,
}

/// The rules as they stand: shipped, and corrected.
///
/// ```
/// use kernel::calendar::{AddedPlace, Change, Table};
/// let mut table = Table::default();
/// table.add_place(AddedPlace {
///     code: "FR-974".into(), name: "La Réunion".into(), inherits: "FR".into(), zone: Some("Indian/Reunion".into()),
/// });
/// table.change("FR-974", Change {
///     adds: true, when: "12-20".parse().unwrap(), from: "1981-01-01".parse().unwrap(), name: "Abolition".into(),
/// });
/// let reunion = table.place("fr-974").unwrap();
/// assert_eq!(reunion.holiday("2026-12-20".parse().unwrap()), Some("Abolition"));
/// assert!(reunion.holiday("2026-07-14".parse().unwrap()).is_some()); // from France
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    places: Vec<AddedPlace>,
    /// In the order they were made: the last that decides a day counts.
    changes: Vec<(String, Change)>,
    office: OfficeHours,
    corrections: u64,
}

/// How many places may inherit one another in a row.
const DEPTH_MAX: usize = 8;

impl Table {
    /// Adds a place of the operator's.
    pub fn add_place(&mut self, place: AddedPlace) {
        self.places.push(place);
        self.corrections += 1;
    }

    /// Corrects the days of a place; every place that inherits it changes, too.
    pub fn change(&mut self, place: &str, change: Change) {
        self.changes.push((place.to_owned(), change));
        self.corrections += 1;
    }

    /// Sets when the office is open, at every place.
    pub fn set_office(&mut self, office: OfficeHours) {
        self.office = office;
        self.corrections += 1;
    }

    /// When the office is open.
    #[must_use]
    pub fn office(&self) -> &OfficeHours {
        &self.office
    }

    /// The places that were added.
    #[must_use]
    pub fn places(&self) -> &[AddedPlace] {
        &self.places
    }

    /// The codes people choose from: those with rules of their own, and those that were added.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        Place::SHIPPED.into_iter().chain(self.places.iter().map(|place| place.code.as_str()))
    }

    /// The edition that is shipped, and the number of corrections: `2026-11+3`.
    #[must_use]
    pub fn version(&self) -> String {
        if self.corrections == 0 { EDITION.to_owned() } else { format!("{EDITION}+{}", self.corrections) }
    }

    /// The place called `code`, with every correction that reaches it.
    ///
    /// # Errors
    /// [`UnknownPlace`] when it is neither shipped nor added.
    pub fn place(&self, code: &str) -> Result<Place, UnknownPlace> {
        let upper = code.trim().to_ascii_uppercase();
        let mut line = vec![upper.clone()];
        let (mut zone, mut at) = (None, upper.clone());
        while let Some(added) = self.places.iter().find(|place| place.code == at).filter(|_| line.len() <= DEPTH_MAX) {
            zone = zone.or_else(|| added.zone.clone());
            at = added.inherits.to_ascii_uppercase();
            line.push(at.clone());
        }
        let shipped = Place::parse(&at).map_err(|_| UnknownPlace(code.to_owned()))?;
        if matches!(shipped.region, Region::France | Region::AlsaceMoselle) && at != "FR" {
            line.push("FR".to_owned());
        }
        let mut changes = Vec::new();
        for place in &line {
            let own = self.changes.iter().rev().filter(|(of, _)| of.eq_ignore_ascii_case(place));
            changes.extend(own.map(|(_, change)| change.clone()));
        }
        let code = if line.len() == 1 || at == upper { shipped.code.clone() } else { upper };
        Ok(Place {
            code,
            region: shipped.region,
            zone,
            changes: changes.into(),
            office: self.office,
            version: self.version().into(),
        })
    }

    /// Whether `name` is a zone we know.
    #[must_use]
    pub fn knows_zone(name: &str) -> bool {
        TimeZone::get(name).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn change(adds: bool, when: &str, from: &str) -> Change {
        Change { adds, when: when.parse().unwrap(), from: day(from), name: "a day".into() }
    }

    /// place of the change, change, place asked, day → whether it is a holiday there.
    #[test]
    fn what_a_correction_reaches() {
        for (at, change, asked, on, holiday) in [
            ("FR", change(true, "2027-02-15", "2027-01-01"), "FR", "2027-02-15", true),
            ("FR", change(true, "2027-02-15", "2027-01-01"), "FR-57", "2027-02-15", true),
            ("FR", change(true, "2027-02-15", "2027-01-01"), "FR-75", "2027-02-15", true),
            ("FR", change(true, "2027-02-15", "2027-01-01"), "LU", "2027-02-15", false),
            ("FR-57", change(true, "02-15", "2027-01-01"), "FR", "2028-02-15", false),
            ("FR", change(false, "05-08", "2028-01-01"), "FR", "2027-05-08", true),
            ("FR", change(false, "05-08", "2028-01-01"), "FR", "2028-05-08", false),
            ("LU", change(true, "easter-2", "2027-01-01"), "LU", "2027-03-26", true),
            ("LU", change(true, "easter-2", "2028-01-01"), "LU", "2027-03-26", false),
        ] {
            let mut table = Table::default();
            let text = format!("{at} {change:?} {asked} {on}");
            table.change(at, change);
            assert_eq!(table.place(asked).unwrap().holiday(day(on)).is_some(), holiday, "{text}");
        }
    }

    #[test]
    fn the_later_correction_and_the_nearer_place_decide() {
        let mut table = Table::default();
        table.change("FR", change(true, "02-15", "2027-01-01"));
        table.change("FR-57", change(false, "02-15", "2027-01-01"));
        assert!(table.place("FR").unwrap().holiday(day("2027-02-15")).is_some());
        assert!(table.place("FR-57").unwrap().holiday(day("2027-02-15")).is_none());
        table.change("FR", change(false, "02-15", "2027-01-01"));
        assert!(table.place("FR").unwrap().holiday(day("2027-02-15")).is_none(), "the opposite takes it back");
        assert_eq!(table.version(), format!("{EDITION}+3"));
    }

    #[test]
    fn an_added_place_inherits_and_has_its_own_clock() {
        let mut table = Table::default();
        let added = |code: &str, inherits: &str, zone: Option<&str>| AddedPlace {
            code: code.into(),
            name: code.into(),
            inherits: inherits.into(),
            zone: zone.map(Into::into),
        };
        table.add_place(added("FR-974", "FR", Some("Indian/Reunion")));
        table.add_place(added("BE", "any", Some("Europe/Brussels")));
        table.change("BE", change(true, "07-21", "1900-01-01"));
        table.change("FR", change(true, "02-15", "2027-01-01"));
        let reunion = table.place("FR-974").unwrap();
        assert_eq!((reunion.code(), reunion.zone().iana_name()), ("FR-974", Some("Indian/Reunion")));
        assert!(reunion.holiday(day("2027-02-15")).is_some() && reunion.holiday(day("2027-07-14")).is_some());
        let belgium = table.place("BE").unwrap();
        assert!(belgium.holiday(day("2027-07-21")).is_some() && belgium.holiday(day("2027-12-25")).is_none());
        assert!(table.place("DE").is_err() && Place::parse("FR-974").is_err());
        assert_eq!(Table::default().place("any").unwrap(), Place::parse("any").unwrap());
        assert_eq!(Table::default().place("fr-57").unwrap(), Place::parse("FR-57").unwrap());
    }
}
