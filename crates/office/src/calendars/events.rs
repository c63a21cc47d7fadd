//! What is stored for ever about calendars, the laws of periods and the figures of the law.

use crate::Event;
use ::store::Log;
use kernel::calendar::When;
use kernel::clock::Law;
use kernel::{AgreementId, ControllerId, Date, Period, Personal};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A correction of what is shipped, or a choice that a clock needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data")]
pub enum CalendarEvent {
    /// A place that is not shipped has a calendar now.
    #[serde(rename = "calendar.place-added")]
    PlaceAdded {
        /// Its code, such as `FR-974`.
        place: String,
        /// What people call it.
        name: String,
        /// The place whose holidays it has as well.
        inherits: String,
        /// Its zone; none for that of the other.
        zone: Option<String>,
        /// Why.
        ground: Ground,
    },
    /// A day is a holiday there.
    #[serde(rename = "calendar.day-added")]
    DayAdded {
        /// Where.
        place: String,
        /// Which days.
        when: When,
        /// From which day on.
        from: Date,
        /// What it is called.
        name: String,
        /// Why.
        ground: Ground,
    },
    /// A day is no holiday there.
    #[serde(rename = "calendar.day-removed")]
    DayRemoved {
        /// Where.
        place: String,
        /// Which days.
        when: When,
        /// From which day on.
        from: Date,
        /// What it was called.
        name: String,
        /// Why.
        ground: Ground,
    },
    /// The office has other hours.
    #[serde(rename = "calendar.office-hours-set")]
    OfficeHoursSet {
        /// Weekdays, 1 is Monday.
        days: Vec<u8>,
        /// When it opens, such as `09:00`.
        opens: String,
        /// When it closes.
        closes: String,
        /// Why.
        ground: Ground,
    },
    /// The law that counts an agreement's periods is settled.
    #[serde(rename = "calendar.law-chosen")]
    LawChosen {
        /// Whose agreement.
        controller: ControllerId,
        /// The agreement.
        agreement: AgreementId,
        /// The law.
        law: Law,
        /// Why.
        ground: Ground,
    },
    /// A figure of the law changed.
    #[serde(rename = "calendar.figure-set")]
    FigureSet {
        /// Its key, such as `request.answer`.
        figure: String,
        /// How long it is now.
        period: Period,
        /// From which day on.
        from: Date,
        /// Why.
        ground: Ground,
    },
}

/// Why something was corrected, and where that stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ground {
    /// In a person's words; sealed under a key of its own, for people name people.
    pub reason: Personal<String>,
    /// The law, the decree, the page.
    pub source: String,
}

impl Event for CalendarEvent {
    fn log(&self) -> Log {
        match self {
            Self::LawChosen { controller, .. } => Log::Controller(controller.clone()),
            _ => Log::House,
        }
    }

    fn record(&self) -> String {
        match self {
            Self::PlaceAdded { place, .. } | Self::DayAdded { place, .. } | Self::DayRemoved { place, .. } => {
                format!("calendar:{place}")
            }
            Self::OfficeHoursSet { .. } => "calendar:office".to_owned(),
            Self::LawChosen { agreement, .. } => agreement.to_string(),
            Self::FigureSet { figure, .. } => format!("figure:{figure}"),
        }
    }
}

pub(super) fn samples() -> Vec<Value> {
    let id = "01ks0000000000000000000001";
    let ground = serde_json::json!({ "reason": { "$personal": { "subject": id, "value": "published today" } },
        "source": "L. 2027-1, art. 2" });
    vec![
        serde_json::json!({ "kind": "calendar.place-added", "data": { "place": "FR-974", "name": "La Réunion",
            "inherits": "FR", "zone": "Indian/Reunion", "ground": ground } }),
        serde_json::json!({ "kind": "calendar.day-added", "data": { "place": "FR-974", "when": "12-20",
            "from": "1981-12-20", "name": "Abolition de l'esclavage", "ground": ground } }),
        serde_json::json!({ "kind": "calendar.day-removed", "data": { "place": "FR", "when": "05-08",
            "from": "2028-01-01", "name": "Victoire de 1945", "ground": ground } }),
        serde_json::json!({ "kind": "calendar.office-hours-set", "data": { "days": [1, 2, 3, 4, 5], "opens": "08:30",
            "closes": "18:00", "ground": ground } }),
        serde_json::json!({ "kind": "calendar.law-chosen", "data": { "controller": id, "agreement": id,
            "law": "EU1182", "ground": ground } }),
        serde_json::json!({ "kind": "calendar.figure-set", "data": { "figure": "request.answer", "period": "P1M",
            "from": "2027-01-01", "ground": ground } }),
    ]
}
