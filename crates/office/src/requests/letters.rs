//! Letters about requests, in the controller's language. Subject lines name nobody.

use super::{Outcome, RequestRow, Right};
use crate::calendars;
use crate::notices::Letter;
use crate::parties::Controller;
use ::store::{Ask, StoreError};
use kernel::{Instant, Lang, Personal, RequestId, SubjectId, clock};
use web::components;

/// What the controller is told of a new request.
pub(super) struct Told<'a> {
    /// The request.
    pub request: &'a RequestId,
    /// Which right.
    pub right: Right,
    /// Who asks.
    pub email: &'a str,
    /// What they wrote.
    pub note: &'a str,
    /// When it reached us.
    pub received_at: Instant,
    /// When the controller's month ends.
    pub answer_by: kernel::Date,
}

/// The right in words.
#[must_use]
pub(super) fn right_text(right: Right, lang: Lang) -> &'static str {
    match right {
        Right::Access => lang.pick("access (Art. 15)", "accès (art. 15)"),
        Right::Erasure => lang.pick("erasure (Art. 17)", "effacement (art. 17)"),
    }
}

/// The last day of the controller's month, counted in the worst case from our receipt (Art. 12(3)); the law's own figure, as
/// it holds on that day.
///
/// # Errors
/// When the database fails.
pub(super) async fn answer_by(
    db: &mut impl Ask,
    received_at: Instant,
    controller: &Controller,
) -> Result<kernel::Date, StoreError> {
    let day = clock::day_of(received_at, &controller.place);
    let period = calendars::figure(db, "request.answer", day).await?;
    Ok(period.map_or(day, |period| clock::period(day, &period, &controller.place).own_duty))
}

/// The notice that passes a request on; none when the contact has been erased.
#[must_use]
pub(super) fn forward(controller: &Controller, subject: SubjectId, told: &Told<'_>) -> Option<Letter> {
    let lang = controller.lang;
    let to = Personal::new(controller.subject.clone(), controller.contact.clone()?);
    let received = components::instant(told.received_at, lang);
    let by = clock::date_text(told.answer_by, lang);
    let right = right_text(told.right, lang);
    let (request, email) = (told.request, told.email);
    let note = if told.note.is_empty() { lang.pick("–", "–") } else { told.note };
    let body = match lang {
        Lang::En => format!(
            "Hello,\n\nWe received a request from a person whose data we process for you.\n\n\
             Right: {right}\nPerson: {email}\nReceived: {received}\nTheir words: {note}\n\n\
             You answer this person; we do not. Counted from our receipt, your month ends on {by}.\n\
             Please tell us whether to carry the request out or to refuse it.\n\n\
             Our number: {request}\n"
        ),
        Lang::Fr => format!(
            "Bonjour,\n\nNous avons reçu la demande d'une personne dont nous traitons les données pour vous.\n\n\
             Droit : {right}\nPersonne : {email}\nReçue : {received}\nSes mots : {note}\n\n\
             C'est vous qui répondez à cette personne ; nous ne le faisons pas. Compté depuis notre réception, votre mois \
             s'achève le {by}.\nMerci de nous dire s'il faut exécuter la demande ou la refuser.\n\n\
             Notre numéro : {request}\n"
        ),
    };
    Some(Letter {
        controller: Some(controller.id.clone()),
        record: told.request.to_string(),
        letter: "request.forward",
        discharges: Some("requests.forward"),
        to,
        subject: lang
            .pick(
                "A request of a data subject for you to answer",
                "Une demande de personne concernée à laquelle répondre",
            )
            .to_owned(),
        body: Personal::new(subject, body),
        secret: None,
    })
}

/// The notice that a request has been carried out. It names the request, not the person.
#[must_use]
pub(super) fn done(controller: &Controller, row: &RequestRow, outcome: Outcome) -> Option<Letter> {
    let lang = controller.lang;
    let to = Personal::new(controller.subject.clone(), controller.contact.clone()?);
    let right = right_text(row.right, lang);
    let request = &row.id;
    let result = outcome_text(outcome, lang);
    let body = match lang {
        Lang::En => {
            format!("Hello,\n\nThis is about your instruction on request {request} ({right}).\n\nResult: {result}\n")
        }
        Lang::Fr => format!(
            "Bonjour,\n\nAu sujet de votre instruction sur la demande {request} ({right}) :\n\nRésultat : {result}\n"
        ),
    };
    Some(Letter {
        controller: Some(controller.id.clone()),
        record: request.to_string(),
        letter: "request.done",
        discharges: None,
        to,
        subject: match outcome {
            Outcome::Left => lang.pick("Your instruction is not finished yet", "Votre instruction n'est pas achevée"),
            _ => lang.pick("Your instruction has been carried out", "Votre instruction a été exécutée"),
        }
        .to_owned(),
        body: Personal::new(controller.subject.clone(), body),
        secret: None,
    })
}

/// An outcome as a sentence.
#[must_use]
pub(super) fn outcome_text(outcome: Outcome, lang: Lang) -> &'static str {
    match outcome {
        Outcome::NotFound => lang.pick(
            "Nothing was found: the person is in none of the connected systems.",
            "Rien n'a été trouvé : la personne n'est dans aucun des systèmes connectés.",
        ),
        Outcome::Packaged => {
            lang.pick("The data were put into a sealed package.", "Les données ont été mises dans un paquet scellé.")
        }
        Outcome::NothingLeft => lang.pick(
            "Erased. A re-read of every system of the plan found nothing left.",
            "Effacé. Une relecture de chaque système du plan n'a plus rien trouvé.",
        ),
        Outcome::PartlyKept => lang.pick(
            "Erased, except rows that the law requires to be kept.",
            "Effacé, sauf des lignes que la loi impose de conserver.",
        ),
        Outcome::Left => lang.pick(
            "Not finished: a re-read still found data of the person.",
            "Inachevé : une relecture a encore trouvé des données de la personne.",
        ),
    }
}
