//! Letters about requests, in the controller's language. Subject lines name nobody.

use super::{Outcome, RequestRow, Right};
use crate::calendars;
use crate::notices::{Day, Field, Letter, LetterKind, To, ics};
use crate::parties::Controller;
use ::store::{Ask, StoreError};
use kernel::{Instant, Lang, RequestId, SubjectId, clock};
use web::components;

const RIGHT: Field = Field::new("right", ["the right", "le droit"], ["access (Art. 15)", "accès (art. 15)"]).required();
const NUMBER: Field =
    Field::new("number", ["our number of the request", "notre numéro de demande"], ["01k…", "01k…"]).required();

const fn result(sample: [&'static str; 2]) -> Field {
    Field::new("result", ["what came of it", "ce qu'il en est"], sample).required()
}

const FORWARD: LetterKind = LetterKind {
    name: "request.forward",
    title: ["A request passed on to its controller", "Une demande transmise à son responsable"],
    standard: 1,
    to: To::BothContacts,
    urgent: false,
    law: "Art. 28(3)(e)",
    page: "/requests/",
    discharges: Some("requests.forward"),
    fields: &[
        RIGHT,
        Field::new("person", ["who asks", "qui demande"], ["somebody@example.org", "quelqu-un@example.org"])
            .required()
            .private(),
        Field::new(
            "received",
            ["when it reached us", "quand elle nous est parvenue"],
            ["3 May 2027, 09:00", "3 mai 2027, 09:00"],
        )
        .required(),
        Field::new(
            "words",
            ["what they wrote", "ce qu'elle a écrit"],
            ["Please send me my data.", "Merci de m'envoyer mes données."],
        )
        .required()
        .private(),
        Field::new(
            "due",
            ["the last day of the controller's month", "le dernier jour du mois du responsable"],
            ["3 June 2027", "3 juin 2027"],
        )
        .required(),
        NUMBER,
    ],
    minimum: &[[
        "You answer this person; we do not.",
        "C'est vous qui répondez à cette personne ; nous ne le faisons pas.",
    ]],
    subject: ["A request of a data subject for you to answer", "Une demande de personne concernée à laquelle répondre"],
    body: [
        "Hello,\n\nWe received a request from a person whose data we process for you.\n\n\
         Right: {right}\nPerson: {person}\nReceived: {received}\nTheir words: {words}\n\n\
         You answer this person; we do not. Counted from our receipt, your month ends on {due}.\n\
         Please tell us whether to carry the request out or to refuse it.\n\n\
         Our number: {number}\n",
        "Bonjour,\n\nNous avons reçu la demande d'une personne dont nous traitons les données pour vous.\n\n\
         Droit : {right}\nPersonne : {person}\nReçue : {received}\nSes mots : {words}\n\n\
         C'est vous qui répondez à cette personne ; nous ne le faisons pas. Compté depuis notre réception, votre mois \
         s'achève le {due}.\nMerci de nous dire s'il faut exécuter la demande ou la refuser.\n\n\
         Notre numéro : {number}\n",
    ],
};

const DONE: LetterKind = LetterKind {
    name: "request.done",
    title: ["A request carried out", "Une demande exécutée"],
    to: To::Controller,
    discharges: None,
    fields: &[
        RIGHT,
        NUMBER,
        result([
            "Erased. A re-read of every system of the plan found nothing left.",
            "Effacé. Une relecture de chaque système du plan n'a plus rien trouvé.",
        ]),
    ],
    minimum: &[],
    subject: ["Your instruction has been carried out", "Votre instruction a été exécutée"],
    body: [
        "Hello,\n\nThis is about your instruction on request {number} ({right}).\n\nResult: {result}\n",
        "Bonjour,\n\nAu sujet de votre instruction sur la demande {number} ({right}) :\n\nRésultat : {result}\n",
    ],
    ..FORWARD
};

/// The letters of this feature.
pub static LETTERS: [LetterKind; 3] = [
    FORWARD,
    DONE,
    LetterKind {
        name: "request.unfinished",
        title: ["A request that is not finished", "Une demande inachevée"],
        fields: &[
            RIGHT,
            NUMBER,
            result([
                "Not finished: a re-read still found data of the person.",
                "Inachevé : une relecture a encore trouvé des données de la personne.",
            ]),
        ],
        subject: ["Your instruction is not finished yet", "Votre instruction n'est pas achevée"],
        ..DONE
    },
];

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
pub fn right_text(right: Right, lang: Lang) -> &'static str {
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
pub(crate) async fn answer_by(
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
    let note = if told.note.is_empty() { "–" } else { told.note };
    let values = vec![
        ("right", right_text(told.right, lang).to_owned()),
        ("person", told.email.to_owned()),
        ("received", components::instant(told.received_at, lang)),
        ("words", note.to_owned()),
        ("due", clock::date_text(told.answer_by, lang)),
        ("number", told.request.to_string()),
    ];
    let letter = Letter::to_controller("request.forward", controller, told.request.as_str(), subject, values)?;
    let title = lang.pick("Answer the data subject of request", "Répondre à la personne de la demande");
    let day =
        Day { due: ics::Due::Day(told.answer_by), title: format!("{title} {}", told.request), link: String::new() };
    Some(Letter { day: Some(day), ..letter })
}

/// The notice that a request has been carried out, or could not be. It names the request, not the person.
#[must_use]
pub(super) fn done(controller: &Controller, row: &RequestRow, outcome: Outcome) -> Option<Letter> {
    let lang = controller.lang;
    let kind = if outcome == Outcome::Left { "request.unfinished" } else { "request.done" };
    let values = vec![
        ("right", right_text(row.right, lang).to_owned()),
        ("number", row.id.to_string()),
        ("result", outcome_text(outcome, lang).to_owned()),
    ];
    Letter::to_controller(kind, controller, row.id.as_str(), controller.subject.clone(), values)
}

/// An outcome as a sentence.
#[must_use]
pub(crate) fn outcome_text(outcome: Outcome, lang: Lang) -> &'static str {
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
