//! How a clock was counted, in words a lawyer can check, in English and French.

use super::Law;
use crate::{Date, Lang, Period, Place, Unit};
use jiff::{Zoned, civil::Weekday};

/// The same account in both languages.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Explanation {
    /// In English.
    pub en: String,
    /// In French.
    pub fr: String,
}

impl Explanation {
    /// Appends another account, sentence after sentence.
    pub(super) fn add(&mut self, more: &Self) {
        self.en.push_str(&more.en);
        self.fr.push_str(&more.fr);
    }

    /// The text in `lang`.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        lang.pick(&self.en, &self.fr)
    }
}

pub(super) fn hours(start: &Zoned, count: u32, strict: &Zoned, legal: &Zoned) -> Explanation {
    let text = |lang: Lang| {
        let [from, to, legal] = [start, strict, legal].map(|at| instant(at, lang));
        match lang {
            Lang::En => format!(
                "{count} hours from {from} end at {to}: hours run through nights, weekends and holidays and never roll. \
                 Counted in full hours from the next one (Reg. 1182/71, Art. 3(1)), they end at {legal}."
            ),
            Lang::Fr => format!(
                "{count} heures à compter du {from} s'achèvent le {to} : les heures courent la nuit, le week-end et les \
                 jours fériés, sans report. Comptées en heures pleines à partir de la suivante (règl. 1182/71, art. 3, § 1), \
                 elles s'achèvent le {legal}."
            ),
        }
    };
    both(text)
}

pub(super) fn period(
    start: Date,
    first: &Period,
    extended: Option<&Period>,
    place: &Place,
    law: Law,
    [strict, legal]: [Date; 2],
) -> Explanation {
    both(|lang| {
        let mut text = nominal(start, first, extended, strict, lang);
        text.push(' ');
        text.push_str(&rolled(strict, legal, place, law, lang));
        text
    })
}

/// Why our own duty may end earlier, and the other party's right later, than the two ends told so far.
pub(super) fn readings(told: [Date; 2], chosen: bool, own: Date, other: Date) -> Explanation {
    both(|lang| {
        let mut text = String::new();
        // Under a law that was chosen, ours is its end; under none, the bare count.
        if own < told[usize::from(chosen)] {
            let day = date(own, lang);
            text.push_str(&lang.pick(
                format!(" Counting one period after the other ends on {day}: our own duty keeps that day."),
                format!(
                    " Compter une période après l'autre s'achève le {day} : notre propre échéance retient ce jour."
                ),
            ));
        }
        if other > told[1] {
            let day = date(other, lang);
            text.push_str(&lang.pick(
                format!(" Some read the same date one day later: the other party's right lasts until {day}."),
                format!(" Certains lisent le même quantième un jour plus tard : le droit de l'autre partie dure jusqu'au {day}."),
            ));
        }
        text
    })
}

fn nominal(start: Date, first: &Period, extended: Option<&Period>, strict: Date, lang: Lang) -> String {
    let (from, to) = (date(start, lang), date(strict, lang));
    let length = match extended {
        None => length(first, lang),
        Some(by) => format!("{} + {}", length(first, lang), length(by, lang)),
    };
    match lang {
        Lang::En => {
            let extra = if extended.is_some() { ", both counted from the event" } else { "" };
            format!("{length} from {from}, that day not counted{extra}, end on {to}.")
        }
        Lang::Fr => {
            let extra = if extended.is_some() { ", le tout compté à partir de l'événement" } else { "" };
            format!("{length} à compter du {from}, ce jour non compris{extra}, s'achèvent le {to}.")
        }
    }
}

fn rolled(strict: Date, legal: Date, place: &Place, law: Law, lang: Lang) -> String {
    let end = date(legal, lang);
    let code = place.code();
    let cited = law.cited(lang);
    if law == Law::Strict {
        return lang.pick(
            "It ends there at 24:00, on whatever day: this agreement's periods are never moved.".to_owned(),
            "Elle s'y achève à 24 h, quel que soit le jour : les périodes de cet accord ne se reportent jamais."
                .to_owned(),
        );
    }
    if strict == legal {
        return match lang {
            Lang::En => format!("It is a working day ({code}): the period ends there at 24:00."),
            Lang::Fr => format!("C'est un jour ouvré ({code}) : la période s'y achève à 24 h."),
        };
    }
    let off = !place.is_working_day(strict);
    match (lang, off) {
        (Lang::En, true) => {
            format!("That is a day off ({code}), so by {cited} it runs to {end}, 24:00.")
        }
        (Lang::En, false) => {
            format!("It must hold two working days ({code}; Reg. 1182/71, Art. 3(5)), so it runs to {end}, 24:00.")
        }
        (Lang::Fr, true) => {
            format!("Ce jour est chômé ({code}) : selon {cited}, la période court jusqu'au {end}, 24 h.")
        }
        (Lang::Fr, false) => format!(
            "Elle doit compter deux jours ouvrés ({code} ; règl. 1182/71, art. 3, § 5) : elle court jusqu'au {end}, 24 h."
        ),
    }
}

pub(super) fn working_days(start: Date, count: u32, place: &Place, end: Date) -> Explanation {
    both(|lang| {
        let (from, to, code) = (date(start, lang), date(end, lang), place.code());
        match lang {
            Lang::En => {
                format!("{count} working days ({code}, Saturdays excluded) after {from} end on {to}, 24:00.")
            }
            Lang::Fr => {
                format!("{count} jours ouvrés ({code}, samedi exclu) après le {from} s'achèvent le {to}, 24 h.")
            }
        }
    })
}

pub(super) fn backward(target: Date, before: &Period, strict: Date, plan: Date) -> Explanation {
    both(|lang| {
        let (length, target, day) = (length(before, lang), date(target, lang), date(strict, lang));
        let planned = date(plan, lang);
        match (lang, plan == strict) {
            (Lang::En, true) => format!("{length} before {target}: {day} at the latest."),
            (Lang::En, false) => format!(
                "{length} before {target}: {day} at the latest. A period counted backwards never moves forward; \
                 that is a day off, so plan for {planned}."
            ),
            (Lang::Fr, true) => format!("{length} avant le {target} : le {day} au plus tard."),
            (Lang::Fr, false) => format!(
                "{length} avant le {target} : le {day} au plus tard. Un délai à rebours ne se reporte jamais ; ce jour est \
                 chômé : prévoir le {planned}."
            ),
        }
    })
}

pub(super) fn retention(event: Date, keep: &Period, end: Date) -> Explanation {
    both(|lang| {
        let (length, from, to) = (length(keep, lang), date(event, lang), date(end, lang));
        match lang {
            Lang::En => {
                format!(
                    "At most {length} from {from}: until {to}, 24:00, even on a day off, for rolling would keep data longer."
                )
            }
            Lang::Fr => format!(
                "Au plus {length} à compter du {from} : jusqu'au {to}, 24 h, même un jour chômé, car un report garderait les \
                 données plus longtemps."
            ),
        }
    })
}

fn both(text: impl Fn(Lang) -> String) -> Explanation {
    Explanation { en: text(Lang::En), fr: text(Lang::Fr) }
}

/// "3 months" / « 3 mois ».
#[must_use]
pub fn length(period: &Period, lang: Lang) -> String {
    let count = period.count();
    let (en, fr) = match period.unit() {
        Unit::Hours => ("hour", "heure"),
        Unit::Days => ("day", "jour"),
        Unit::Weeks => ("week", "semaine"),
        Unit::Months => ("month", "mois"),
        Unit::Years => ("year", "an"),
    };
    let plural = if count > 1 && !(lang == Lang::Fr && period.unit() == Unit::Months) { "s" } else { "" };
    format!("{count} {}{plural}", lang.pick(en, fr))
}

/// "Monday 28 December 2026" / « lundi 28 décembre 2026 ».
#[must_use]
pub fn date(day: Date, lang: Lang) -> String {
    let weekday = lang.pick(WEEKDAYS_EN, WEEKDAYS_FR)[weekday_index(day.weekday())];
    let month = lang.pick(MONTHS_EN, MONTHS_FR)[usize::from(day.month().unsigned_abs()) - 1];
    let number = if lang == Lang::Fr && day.day() == 1 { "1er".to_owned() } else { day.day().to_string() };
    format!("{weekday} {number} {month} {}", day.year())
}

fn instant(at: &Zoned, lang: Lang) -> String {
    let clock = format!("{:02}:{:02} (UTC{})", at.hour(), at.minute(), at.offset());
    format!("{} {} {clock}", date(at.date(), lang), lang.pick("at", "à"))
}

fn weekday_index(day: Weekday) -> usize {
    usize::from(day.to_monday_zero_offset().unsigned_abs())
}

const WEEKDAYS_EN: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const WEEKDAYS_FR: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const MONTHS_FR: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
