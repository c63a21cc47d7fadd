//! What may be corrected in a calendar: decided without any table but the one that is to change.

use super::events::{CalendarEvent, Ground};
use super::figures;
use crate::{Kind, Refusal};
use kernel::calendar::{OfficeHours, Table, When};
use kernel::{Date, Lang, Period};

/// What an operator wants corrected.
#[derive(Clone, Debug)]
pub enum Correction {
    /// A place of one's own: code, name, the place it inherits, its zone if another.
    AddPlace {
        /// Its code.
        code: String,
        /// Its name.
        name: String,
        /// The place whose holidays it has as well.
        inherits: String,
        /// Its zone (IANA); empty for that of the other place.
        zone: String,
    },
    /// A holiday more.
    AddDay {
        /// Where.
        place: String,
        /// Which days.
        when: When,
        /// From which day on.
        from: Date,
        /// What it is called.
        name: String,
    },
    /// A holiday less.
    RemoveDay {
        /// Where.
        place: String,
        /// Which days.
        when: When,
        /// From which day on.
        from: Date,
    },
    /// Other office hours: weekdays (1 is Monday), from, to.
    SetOffice {
        /// Weekdays.
        days: Vec<u8>,
        /// When it opens.
        opens: String,
        /// When it closes.
        closes: String,
    },
    /// Another figure of the law.
    SetFigure {
        /// Its key.
        figure: String,
        /// How long it is.
        period: Period,
        /// From which day on.
        from: Date,
    },
}

/// Characters of a name.
const NAME_MAX: usize = 100;
/// Years that are looked at to see whether a correction changes anything.
const YEARS: i16 = 30;

/// The event of a correction of `table`, on its ground.
///
/// # Errors
/// When it changes nothing, names no place or no figure that is there, or makes no sense.
pub(super) fn decide(table: &Table, correction: Correction, ground: Ground) -> Result<CalendarEvent, Refusal> {
    match correction {
        Correction::AddPlace { code, name, inherits, zone } => {
            let place = code.trim().to_ascii_uppercase();
            if !is_code(&place) {
                return Err(no_code());
            }
            if table.place(&place).is_ok() {
                return Err(known_place(&place));
            }
            let inherits = table.place(&inherits).map_err(|unknown| no_place(&unknown.0))?.code().to_owned();
            let zone = Some(zone.trim().to_owned()).filter(|zone| !zone.is_empty());
            if zone.as_ref().is_some_and(|zone| !Table::knows_zone(zone)) {
                return Err(no_zone());
            }
            Ok(CalendarEvent::PlaceAdded { place, name: named(&name)?, inherits, zone, ground })
        }
        Correction::AddDay { place, when, from, name } => {
            let known = place_of(table, &place)?;
            if occurrences(when, from).all(|day| known.holiday(day).is_some()) {
                return Err(no_change(true));
            }
            Ok(CalendarEvent::DayAdded { place: known.code().to_owned(), when, from, name: named(&name)?, ground })
        }
        Correction::RemoveDay { place, when, from } => {
            let known = place_of(table, &place)?;
            let found = occurrences(when, from).find_map(|day| known.holiday_in(day, Lang::Fr));
            let name = found.ok_or_else(|| no_change(false))?.to_owned();
            Ok(CalendarEvent::DayRemoved { place: known.code().to_owned(), when, from, name, ground })
        }
        Correction::SetOffice { days, opens, closes } => {
            let hours = OfficeHours::new(&days, &opens, &closes).ok_or_else(no_hours)?;
            if hours == *table.office() {
                return Err(same_hours());
            }
            Ok(CalendarEvent::OfficeHoursSet { days: hours.days(), opens, closes, ground })
        }
        Correction::SetFigure { figure, period, from } => {
            if !figures::shipped().iter().any(|known| known.key == figure) {
                return Err(Refusal::not_found("figure of the law", "chiffre de la loi"));
            }
            Ok(CalendarEvent::FigureSet { figure, period, from, ground })
        }
    }
}

fn place_of(table: &Table, code: &str) -> Result<kernel::Place, Refusal> {
    let place = table.place(code).map_err(|unknown| no_place(&unknown.0))?;
    if place.code() == "any" { Err(no_place("any")) } else { Ok(place) }
}

/// The first days a rule falls on from its day of effect.
fn occurrences(when: When, from: Date) -> impl Iterator<Item = Date> {
    (from.year()..from.year().saturating_add(YEARS))
        .chain(match when {
            When::Once(day) => Some(day.year()),
            _ => None,
        })
        .filter_map(move |year| when.in_year(year))
        .filter(move |day| *day >= from)
}

/// Two letters of a country, and what its own part of it is called: `BE`, `FR-974`, `DE-BY`.
fn is_code(code: &str) -> bool {
    let (country, part) = code.split_once('-').unwrap_or((code, "A"));
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    country.len() == 2
        && country.bytes().all(|byte| byte.is_ascii_uppercase())
        && (1..=3).contains(&part.len())
        && plain(part)
}

fn named(name: &str) -> Result<String, Refusal> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_MAX {
        return Err(Refusal::new(
            Kind::Invalid,
            "calendar-name",
            ["It needs a name of 1 to 100 characters.", "Il faut un nom de 1 à 100 caractères."],
            ["Write what people there call it.", "Écrivez comme on l'appelle là-bas."],
        ));
    }
    Ok(name.to_owned())
}

fn no_code() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "calendar-code",
        ["That is no code of a place.", "Ce n'est pas le code d'un lieu."],
        [
            "Write two letters of a country and, for a part of it, a hyphen and one to three signs: BE, FR-974.",
            "Écrivez les deux lettres d'un pays et, pour une partie, un tiret et un à trois signes : BE, FR-974.",
        ],
    )
}

fn known_place(code: &str) -> Refusal {
    let (en, fr) = (format!("{code} has a calendar already."), format!("{code} a déjà un calendrier."));
    Refusal::new(
        Kind::Conflict,
        "calendar-known",
        [&en, &fr],
        ["Correct the days of that place.", "Corrigez les jours de ce lieu."],
    )
}

/// There is no calendar of this code.
pub(super) fn no_place(code: &str) -> Refusal {
    let (en, fr) =
        (format!("There is no calendar for `{code}`."), format!("Il n'y a pas de calendrier pour « {code} »."));
    Refusal::new(
        Kind::Invalid,
        "place",
        [&en, &fr],
        [
            "Use FR, FR-57 (or 67, 68), LU, or a place that was added under Calendars.",
            "Utilisez FR, FR-57 (ou 67, 68), LU, ou un lieu ajouté sous Calendriers.",
        ],
    )
}

fn no_zone() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "calendar-zone",
        ["There is no time zone of that name.", "Il n'y a pas de fuseau de ce nom."],
        [
            "Write a name such as Indian/Reunion, or leave it empty.",
            "Écrivez un nom comme Indian/Reunion, ou laissez vide.",
        ],
    )
}

fn no_change(adds: bool) -> Refusal {
    let message = if adds {
        ["That day is a holiday there already.", "Ce jour y est déjà férié."]
    } else {
        ["That day is no holiday there.", "Ce jour n'y est pas férié."]
    };
    Refusal::new(
        Kind::Conflict,
        "calendar-same",
        message,
        ["Look at the year of that place; nothing was changed.", "Voyez l'année de ce lieu ; rien n'a été changé."],
    )
}

fn no_hours() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "office-hours",
        ["These are no office hours.", "Ce ne sont pas des heures d'ouverture."],
        [
            "Choose a day at least, and two times such as 09:00 and 17:00, the earlier first.",
            "Choisissez au moins un jour, et deux heures comme 09:00 et 17:00, la première d'abord.",
        ],
    )
}

fn same_hours() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "office-same",
        ["The office has these hours already.", "Ces heures sont déjà celles du bureau."],
        ["Nothing was changed.", "Rien n'a été changé."],
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::calendar::Change;
    use kernel::{Personal, SubjectId};

    fn ground() -> Ground {
        let id: SubjectId = "01ks0000000000000000000001".parse().unwrap();
        Ground { reason: Personal::new(id, "why".into()), source: "decree".into() }
    }

    fn told(table: &Table, correction: Correction) -> String {
        match decide(table, correction, ground()) {
            Ok(CalendarEvent::DayAdded { place, .. }) => format!("added {place}"),
            Ok(CalendarEvent::DayRemoved { place, name, .. }) => format!("removed {place} {name}"),
            Ok(CalendarEvent::PlaceAdded { place, inherits, .. }) => format!("{place} like {inherits}"),
            Ok(CalendarEvent::OfficeHoursSet { .. } | CalendarEvent::FigureSet { .. }) => "set".into(),
            Ok(other) => format!("{other:?}"),
            Err(refusal) => refusal.code.into(),
        }
    }

    #[test]
    fn what_may_be_corrected_of_days() {
        let mut table = Table::default();
        let day = |text: &str| text.parse().unwrap();
        let change =
            |adds| Change { adds, when: "02-15".parse().unwrap(), from: day("2027-01-01"), name: "Day".into() };
        table.change("LU", change(true));
        for (adds, place, when, from, expected) in [
            (true, "fr", "2027-02-15", "2027-01-01", "added FR"),
            (true, "FR", "07-14", "2027-01-01", "calendar-same"),
            (true, "FR", "easter-2", "2027-01-01", "added FR"),
            (true, "FR-57", "easter-2", "2027-01-01", "calendar-same"),
            (true, "LU", "02-15", "2028-01-01", "calendar-same"),
            (true, "LU", "02-15", "2020-01-01", "added LU"),
            (true, "XX", "02-15", "2027-01-01", "place"),
            (true, "any", "02-15", "2027-01-01", "place"),
            (false, "FR", "05-08", "2028-01-01", "removed FR Victoire de 1945"),
            (false, "FR", "05-09", "2028-01-01", "calendar-same"),
            (false, "LU", "02-15", "2027-01-01", "removed LU Day"),
            // A single day that lies before its own day of effect never comes.
            (false, "LU", "2027-02-15", "2028-01-01", "calendar-same"),
        ] {
            let (place, when, from) = (place.to_owned(), when.parse().unwrap(), day(from));
            let text = format!("{adds} {place} {when} {from}");
            let correction = match adds {
                true => Correction::AddDay { place, when, from, name: "Day".into() },
                false => Correction::RemoveDay { place, when, from },
            };
            assert_eq!(told(&table, correction), expected, "{text}");
        }
    }

    #[test]
    fn which_places_may_be_added() {
        for (code, inherits, zone, expected) in [
            ("fr-974", "FR", "Indian/Reunion", "FR-974 like FR"),
            ("BE", "any", "Europe/Brussels", "BE like any"),
            ("FR-57", "FR", "", "calendar-known"),
            ("FR", "LU", "", "calendar-known"),
            ("FR-974", "FR-999", "", "place"),
            ("FR-974", "FR", "Mars/Olympus", "calendar-zone"),
            ("Réunion", "FR", "", "calendar-code"),
            ("F", "FR", "", "calendar-code"),
            ("FR-9999", "FR", "", "calendar-code"),
            ("FR-", "FR", "", "calendar-code"),
        ] {
            let [code, inherits, zone] = [code, inherits, zone].map(str::to_owned);
            let text = format!("{code} {inherits} {zone}");
            let correction = Correction::AddPlace { code, name: "A place".into(), inherits, zone };
            assert_eq!(told(&Table::default(), correction), expected, "{text}");
        }
    }

    #[test]
    fn hours_and_figures() {
        let set = |days: &[u8], opens: &str, closes: &str| {
            let (opens, closes) = (opens.to_owned(), closes.to_owned());
            told(&Table::default(), Correction::SetOffice { days: days.to_vec(), opens, closes })
        };
        assert_eq!(set(&[1, 2, 3, 4, 5, 6], "08:00", "12:00"), "set");
        assert_eq!(set(&[1, 2, 3, 4, 5], "09:00", "17:00"), "office-same");
        assert_eq!(set(&[], "09:00", "17:00"), "office-hours");
        let figure = |figure: &str| {
            let (figure, period) = (figure.to_owned(), "P1M".parse().unwrap());
            told(&Table::default(), Correction::SetFigure { figure, period, from: "2027-01-01".parse().unwrap() })
        };
        assert_eq!((figure("request.answer").as_str(), figure("nothing").as_str()), ("set", "not-found"));
    }
}
