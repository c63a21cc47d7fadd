//! Letters about duties to our own people. They name no data subject: the page behind the link does, to who may see it.

use super::digest::Line;
use super::{Beat, Duty};
use crate::App;
use crate::accounts::Account;
use crate::notices::{Field, Letter, LetterKind, To};
use kernel::{Instant, Lang};
use web::components;

const LINK: Field = Field::new(
    "link",
    ["the page it is on", "la page où cela se trouve"],
    ["https://garant.example/duties/01k…", "https://garant.example/duties/01k…"],
)
.required();
const DUTY: [Field; 4] = [
    Field::new(
        "duty",
        ["what was to be done", "ce qui était à faire"],
        ["Forward the request", "Transmettre la demande"],
    )
    .required(),
    Field::new(
        "own",
        ["our reading of the limit", "notre lecture de la limite"],
        ["3 May 2027, 09:00", "3 mai 2027, 09:00"],
    ),
    Field::new(
        "other",
        ["the other party's reading", "la lecture de l'autre partie"],
        ["4 May 2027, 00:00", "4 mai 2027, 00:00"],
    ),
    LINK,
];
const BODY_EN: &str = "Hello,\n\n{duty}\n\nIts limit, as we read it, has passed.\nOur reading of the limit: {own}\nThe other \
    party's: {other}\n\nWhat is to be done, and how this was counted: {link}\n";
const BODY_FR: &str = "Bonjour,\n\n{duty}\n\nSa limite, telle que nous la lisons, est passée.\nNotre lecture de la limite : {own}\n\
    Celle de l'autre partie : {other}\n\nCe qui est à faire, et comment c'est compté : {link}\n";
const MISSED_EN: &str = "Hello,\n\n{duty}\n\nEvery reading of its limit has passed.\nOur reading of the limit: {own}\nThe other \
    party's: {other}\n\nWhat is to be done, and how this was counted: {link}\n";
const MISSED_FR: &str = "Bonjour,\n\n{duty}\n\nToutes les lectures de sa limite sont passées.\nNotre lecture de la limite : {own}\n\
    Celle de l'autre partie : {other}\n\nCe qui est à faire, et comment c'est compté : {link}\n";

const LATE: LetterKind = LetterKind {
    name: "duty.late",
    title: ["A duty is late", "Une échéance est en retard"],
    standard: 1,
    to: To::Account,
    urgent: true,
    law: "Art. 28(3)",
    page: "/duties/",
    discharges: None,
    fields: &DUTY,
    minimum: &[],
    subject: ["A duty is late", "Une échéance est en retard"],
    body: [BODY_EN, BODY_FR],
};

/// The letters of this feature.
pub static LETTERS: [LetterKind; 3] = [
    LATE,
    LetterKind {
        name: "duty.missed",
        title: ["A duty is past every reading of its limit", "Une échéance a passé toutes les lectures de sa limite"],
        subject: ["A duty is past every reading of its limit", "Une échéance a passé toutes les lectures de sa limite"],
        body: [MISSED_EN, MISSED_FR],
        ..LATE
    },
    LetterKind {
        name: "duty.digest",
        title: ["What is due today", "Ce qui est à faire aujourd'hui"],
        urgent: false,
        page: "/",
        fields: &[
            Field::new(
                "list",
                ["what is due, a line each", "ce qui est dû, une ligne chacun"],
                [
                    "- Forward the request (running): 3 May 2027, 09:00",
                    "- Transmettre la demande (en cours) : 3 mai 2027, 09:00",
                ],
            )
            .required()
            .private(),
            Field::new(
                "link",
                ["the page with everything", "la page avec tout"],
                ["https://garant.example/", "https://garant.example/"],
            )
            .required(),
        ],
        subject: ["What is due today", "Ce qui est à faire aujourd'hui"],
        body: [
            "Good morning,\n\nFor you today:\n\n{list}\n\nEverything, with its clocks: {link}\n",
            "Bonjour,\n\nPour vous aujourd'hui :\n\n{list}\n\nTout, avec ses délais : {link}\n",
        ],
        ..LATE
    },
];

fn letter(to: &Account, kind: &'static str, record: &str, values: Vec<(&'static str, String)>) -> Letter {
    Letter::to_account(kind, record, to.subject.clone(), to.email.clone(), to.lang, values)
}

fn moment(at: Option<Instant>, lang: Lang) -> String {
    at.map_or_else(|| "–".to_owned(), |at| components::instant(at, lang))
}

/// A duty is late, or past every reading of its limit.
pub(super) fn beat(app: &App, to: &Account, duty: &Duty, beat: Beat) -> Letter {
    let kind = if beat == Beat::Missed { "duty.missed" } else { "duty.late" };
    let values = vec![
        ("duty", duty.title(to.lang).to_owned()),
        ("own", moment(duty.own_due, to.lang)),
        ("other", moment(duty.other_due, to.lang)),
        ("link", format!("{}/duties/{}", app.public_url, duty.id)),
    ];
    letter(to, kind, duty.id.as_str(), values)
}

/// What is due today for one person, the most urgent first.
pub(super) fn digest(app: &App, to: &Account, lines: &[Line], more: usize) -> Letter {
    let colon = to.lang.pick(":", " :");
    let mut list: Vec<String> = lines
        .iter()
        .map(|line| format!("- {} ({}){colon} {}", line.title, line.state, moment(Some(line.at), to.lang)))
        .collect();
    match (more, to.lang) {
        (0, _) => {}
        (more, Lang::En) => list.push(format!("… and {more} more.")),
        (more, Lang::Fr) => list.push(format!("… et {more} de plus.")),
    }
    let values = vec![("list", list.join("\n")), ("link", format!("{}/", app.public_url))];
    letter(to, "duty.digest", to.id.as_str(), values)
}
