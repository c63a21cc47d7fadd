//! The figures that the law itself gives: dated, shipped in `law.toml`, corrected by entries.

use kernel::{Date, Lang, Period};
use serde::Deserialize;
use std::sync::LazyLock;

/// One figure as it is shipped.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shipped {
    /// Its key.
    pub key: String,
    /// How long it is.
    pub period: Period,
    /// Since when.
    pub from: Date,
    /// Where the law says so.
    pub source: String,
    en: String,
    fr: String,
}

impl Shipped {
    /// What it is the figure of.
    #[must_use]
    pub fn title(&self, lang: Lang) -> &str {
        lang.pick(&self.en, &self.fr)
    }
}

#[derive(Deserialize)]
struct Law {
    figure: Vec<Shipped>,
}

/// Every figure this version ships.
#[must_use]
pub fn shipped() -> &'static [Shipped] {
    static LAW: LazyLock<Vec<Shipped>> =
        LazyLock::new(|| toml::from_str::<Law>(include_str!("law.toml")).map(|law| law.figure).unwrap_or_default());
    &LAW
}

/// One correction of a figure.
#[derive(Clone, Debug)]
pub struct Set {
    /// Of which.
    pub key: String,
    /// How long it is from then on.
    pub period: Period,
    /// From which day on.
    pub from: Date,
    /// Where that stands.
    pub source: String,
}

/// A figure as it holds on a day: of its corrections the latest day of effect counts, of equal ones the last made.
#[must_use]
pub fn on(key: &str, day: Date, sets: &[Set]) -> Option<Period> {
    let corrected = sets.iter().filter(|set| set.key == key && set.from <= day).max_by_key(|set| set.from);
    let known = || shipped().iter().find(|figure| figure.key == key && figure.from <= day).map(|figure| figure.period);
    corrected.map(|set| set.period).or_else(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_holds_from_its_day_on() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let set = |period: &str, from: &str| Set {
            key: "breach.authority".into(),
            period: period.parse().unwrap(),
            from: day(from),
            source: "law".into(),
        };
        let sets = [
            set("PT96H", "2027-06-01"),
            set("PT90H", "2027-01-01"),
            set("PT72H", "2028-01-01"),
            set("PT80H", "2028-01-01"),
        ];
        for (at, expected) in [
            ("2018-05-24", None),
            ("2026-12-31", Some("PT72H")),
            ("2027-01-01", Some("PT90H")),
            ("2027-06-01", Some("PT96H")),
            ("2028-01-01", Some("PT80H")),
        ] {
            let found = on("breach.authority", day(at), &sets).map(|period| period.to_string());
            assert_eq!(found.as_deref(), expected, "{at}");
        }
        assert_eq!(on("nothing", day("2027-01-01"), &sets), None);
    }

    #[test]
    fn the_shipped_figures_are_those_of_the_regulation() {
        let shown: Vec<String> =
            shipped().iter().map(|one| format!("{} {} {}", one.key, one.period, one.source)).collect();
        assert_eq!(
            shown,
            [
                "request.answer P1M GDPR Art. 12(3)",
                "request.extension P2M GDPR Art. 12(3)",
                "breach.authority PT72H GDPR Art. 33(1)"
            ]
        );
    }
}
