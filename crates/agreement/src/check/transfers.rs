//! Chapter V: data may leave the European Economic Area only with a basis (Arts. 44 to 46).

use super::Report;
use crate::file::{AgreementFile, FileTerm, Value};

/// The European Economic Area.
const EEA: [&str; 30] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT",
    "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// Countries the Commission has found adequate as a whole (Art. 45(3)), with the year of the decision. The
/// United States are not among them: only companies certified under the Data Privacy Framework are. Canada's
/// covers commercial organisations only. Decisions are amended, suspended and annulled, so every finding that
/// rests on this list gives [`LISTED`] and says that the country must be verified.
const ADEQUATE: [(&str, u16); 14] = [
    ("AD", 2010),
    ("AR", 2003),
    ("CA", 2001),
    ("CH", 2000),
    ("FO", 2010),
    ("GB", 2021),
    ("GG", 2003),
    ("IL", 2011),
    ("IM", 2004),
    ("JE", 2008),
    ("JP", 2019),
    ("KR", 2021),
    ("NZ", 2012),
    ("UY", 2012),
];

/// When that list was last gone through; it was not compared with the Official Journal.
const LISTED: &str = "2026-11-22";

pub(super) fn check(file: &AgreementFile, report: &mut Report<'_>) {
    let allowed = file.term("transfers.allowed_to").filter(|term| term.promised());
    for subprocessor in &file.subprocessors {
        let Some(country) = subprocessor.country.as_deref().filter(|country| is_third(country)) else { continue };
        let words = [("name", subprocessor.name.as_str()), ("country", country), ("date", LISTED)];
        match allowed.map(|term| permits(term, country)) {
            Some(Some(Basis::Named)) => continue,
            Some(Some(Basis::Safeguards)) => {
                if report.silent_on("transfer_tool") {
                    report.add_with("A44-tool", None, subprocessor.span, &words);
                }
                continue;
            }
            _ => report.add_with("A44", None, subprocessor.span, &words),
        }
        if let Some(term) = allowed.filter(|term| stays_in_union(term)) {
            let title =
                report.lang.pick("data stay in the Union, yet ", "les données restent dans l'Union, et pourtant ");
            let title = format!("{title}{} ({country})", subprocessor.name);
            report.add_with("CONFLICT", None, term.span, &[("term", &title)]);
        }
    }
}

/// The text keeps the data within the Union and says nothing of any other place.
fn stays_in_union(term: &FileTerm) -> bool {
    let home = |word: &String| word == "EU" || word == "none";
    matches!(&term.value, Some(Value::List(words)) if !words.is_empty() && words.iter().all(home))
}

fn is_third(country: &str) -> bool {
    !EEA.contains(&country) && !ADEQUATE.iter().any(|(adequate, _)| *adequate == country)
}

/// What lets data go to a third country.
enum Basis {
    /// The text names the country.
    Named,
    /// The text promises safeguards of Art. 46.
    Safeguards,
}

/// The text gives a tool of Art. 46, or names the country itself.
fn permits(term: &FileTerm, country: &str) -> Option<Basis> {
    let values = term.value.iter().chain(term.others.iter().filter_map(|other| other.value.as_ref()));
    let words: Vec<&String> = values
        .into_iter()
        .flat_map(|value| match value {
            Value::List(words) => words.as_slice(),
            _ => &[],
        })
        .collect();
    let has = |wanted: &str| words.iter().any(|word| *word == wanted);
    if has(country) { Some(Basis::Named) } else { has("article46").then_some(Basis::Safeguards) }
}
