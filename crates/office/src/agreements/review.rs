//! Review: a person confirms, corrects or drops each term; the result is the agreement file.

use super::{Command, decide, import, store};
use crate::{Kind, Refusal, feature};
use ::store::Store;
use agreement::file::{AgreementFile, FileTerm, Source, Value};
use agreement::names::{self, Shape};
use agreement::reading::{Reading, Severity, State};
use kernel::{Actor, AgreementId, Instant, Lang};

/// What a person decided about one term: its value as the agreement file writes it, empty for silent.
pub struct Decision {
    /// The term.
    pub term: String,
    /// Its value.
    pub value: String,
    /// Whether its days are working days.
    pub working: bool,
}

/// Confirms the terms of an agreement; terms without a decision stay as read.
///
/// # Errors
/// When a value does not fit its term, or the state does not allow it.
pub async fn review(
    db: &Store,
    now: Instant,
    actor: Actor,
    id: &AgreementId,
    decisions: &[Decision],
) -> Result<(), Refusal> {
    let mut file = draft(db, id).await?;
    let mut changed = 0;
    for decision in decisions {
        changed += u32::from(decide_term(&mut file, decision)?);
    }
    let confirmed = u32::try_from(file.terms.len()).unwrap_or(u32::MAX).saturating_sub(changed);
    let text = file.to_toml();
    let mut tx = db.begin(now, actor).await?;
    let row = store::must_find(&mut tx, id).await?;
    let digest = tx.keep_blob("application/toml", text.as_bytes()).await?;
    let events = decide(row.state, id, &row.controller, Command::Review { file: digest, confirmed, changed })?;
    feature::append(&mut tx, &events).await?;
    Ok(tx.commit().await?)
}

/// The reading of an agreement's document, done again from its bytes.
///
/// # Errors
/// When the agreement or its document is missing.
pub(super) async fn reading_of(db: &Store, id: &AgreementId) -> Result<(Reading, Vec<u8>), Refusal> {
    let row = store::must_find(&mut db.read(), id).await?;
    let bytes = db.blob(&row.document).await?;
    Ok((import::read(bytes.clone(), row.file_name).await?, bytes))
}

/// The clauses of a document, cut off the async threads.
pub(super) async fn outline_of(bytes: &[u8], file_name: &str) -> Vec<reader::Clause> {
    let (bytes, file_name) = (bytes.to_vec(), file_name.to_owned());
    let cut = tokio::task::spawn_blocking(move || reader::outline(&bytes, &file_name).unwrap_or_default()).await;
    cut.unwrap_or_default()
}

/// The agreement file as a person last confirmed it, or as it was read.
pub(super) async fn draft(db: &Store, id: &AgreementId) -> Result<AgreementFile, Refusal> {
    let row = store::must_find(&mut db.read(), id).await?;
    match row.file {
        Some(_) => file_of(db, id).await,
        None => Ok(AgreementFile::from_reading(&reading_of(db, id).await?.0)),
    }
}

/// The agreement file a person confirmed.
///
/// # Errors
/// When nobody has reviewed the agreement, or the stored file is damaged.
pub async fn file_of(db: &Store, id: &AgreementId) -> Result<AgreementFile, Refusal> {
    let row = store::must_find(&mut db.read(), id).await?;
    let Some(digest) = row.file else { return Err(not_reviewed()) };
    let text = String::from_utf8_lossy(&db.blob(&digest).await?).into_owned();
    AgreementFile::parse(&text).map_err(|problems| {
        let problem = problems.into_iter().next();
        let words = |lang: Lang| problem.as_ref().map(|p| p.message(lang)).unwrap_or_default();
        let remedy = |lang: Lang| problem.as_ref().map(|p| p.remedy(lang)).unwrap_or_default();
        Refusal::from_words(Kind::Failed, "agreement-file", words, remedy)
    })
}

fn not_reviewed() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "agreement-not-reviewed",
        [
            "Nobody has confirmed the terms of this agreement yet.",
            "Personne n'a encore confirmé les termes de cet accord.",
        ],
        ["Review its terms beside the text first.", "Relisez d'abord ses termes à côté du texte."],
    )
}

/// How many errors a check of the file finds.
#[must_use]
pub(super) fn errors(file: &AgreementFile) -> usize {
    agreement::check::check_file(file, Lang::En).iter().filter(|f| f.severity == Severity::Error).count()
}

/// Whether the file is of a document that is no processing agreement.
pub(super) fn is_no_agreement(file: &AgreementFile) -> bool {
    agreement::check::check_file(file, Lang::En).iter().any(|finding| finding.code == "NOT-AN-AGREEMENT")
}

/// Applies one decision; says whether it changed what was read.
fn decide_term(file: &mut AgreementFile, decision: &Decision) -> Result<bool, Refusal> {
    let name = names::find(&decision.term).ok_or_else(|| unknown_term(&decision.term))?;
    let text = decision.value.trim();
    if text.is_empty() {
        return Ok(match file.terms.get(name.name) {
            // A duty without a figure has nothing to write down: leaving it blank keeps it.
            Some(term) if term.value.is_none() => false,
            Some(_) => file.terms.remove(name.name).is_some(),
            None => false,
        });
    }
    let value = parse(text, name.shape).ok_or_else(|| wrong_value(name.name, text))?;
    match file.terms.get_mut(name.name) {
        Some(term) if term.value.as_ref() == Some(&value) && term.working == decision.working => Ok(false),
        Some(term) => {
            term.value = Some(value);
            term.working = decision.working;
            term.state = State::Stated;
            term.source = Source::Person;
            term.others.clear();
            Ok(true)
        }
        None => {
            let mut term = FileTerm::stated(value);
            term.working = decision.working;
            file.terms.insert(name.name.to_owned(), term);
            Ok(true)
        }
    }
}

/// A value as a person writes it in a form.
#[must_use]
pub(super) fn parse(text: &str, shape: Shape) -> Option<Value> {
    let value = match shape {
        Shape::Flag => match text.to_lowercase().as_str() {
            "true" | "yes" | "oui" => Value::Flag(true),
            "false" | "no" | "non" => Value::Flag(false),
            _ => return None,
        },
        Shape::Duration => Value::Period(text.parse().ok()?),
        Shape::Word(_) => Value::Word(text.to_owned()),
        Shape::Number => Value::Number(text.parse().ok()?),
        Shape::Text => Value::Text(text.to_owned()),
        Shape::List => {
            Value::List(text.split(',').map(|part| part.trim().to_owned()).filter(|p| !p.is_empty()).collect())
        }
        Shape::Date => Value::Date(text.parse().ok()?),
    };
    value.fits(shape).then_some(value)
}

/// The same value as the form shows it.
#[must_use]
pub(super) fn write(value: &Value) -> String {
    match value {
        Value::Flag(flag) => flag.to_string(),
        Value::Period(period) => period.to_string(),
        Value::Word(text) | Value::Text(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::List(items) => items.join(", "),
        Value::Date(date) => date.to_string(),
    }
}

fn unknown_term(name: &str) -> Refusal {
    let (en, fr) =
        (format!("`{name}` is not a term of an agreement."), format!("« {name} » n'est pas un terme d'accord."));
    Refusal::new(Kind::Invalid, "term", [&en, &fr], ["Reload the page.", "Rechargez la page."])
}

fn wrong_value(name: &str, text: &str) -> Refusal {
    let en = format!("`{text}` does not fit the term {name}.");
    let fr = format!("« {text} » ne convient pas au terme {name}.");
    Refusal::new(
        Kind::Invalid,
        "term-value",
        [&en, &fr],
        [
            "Durations are written PT72H, P30D, P4W, P1M or P5Y; yes or no for promises; days as 2026-12-31.",
            "Les durées s'écrivent PT72H, P30D, P4W, P1M ou P5Y ; oui ou non pour un engagement ; les jours 2026-12-31.",
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_as_people_write_them() {
        for (text, shape, fine) in [
            ("PT72H", Shape::Duration, true),
            ("72 hours", Shape::Duration, false),
            ("oui", Shape::Flag, true),
            ("maybe", Shape::Flag, false),
            ("general", Shape::Word(&["general", "specific"]), true),
            ("other", Shape::Word(&["general", "specific"]), false),
            ("2", Shape::Number, true),
            ("2026-02-30", Shape::Date, false),
        ] {
            assert_eq!(parse(text, shape).is_some(), fine, "{text}");
        }
    }
}
