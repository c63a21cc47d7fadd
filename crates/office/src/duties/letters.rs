//! Letters about duties to our own people. They name no data subject: the page behind the link does, to who may see it.

use super::digest::Line;
use super::{Beat, Duty};
use crate::App;
use crate::accounts::Account;
use crate::notices::Letter;
use kernel::{Instant, Lang, Personal};
use web::components;

fn letter(to: &Account, kind: &'static str, record: String, subject: String, body: String) -> Letter {
    Letter {
        controller: None,
        record,
        letter: kind,
        discharges: None,
        to: Personal::new(to.subject.clone(), to.email.clone()),
        subject,
        body: Personal::new(to.subject.clone(), body),
        secret: None,
    }
}

fn moment(at: Option<Instant>, lang: Lang) -> String {
    at.map_or_else(|| "–".to_owned(), |at| components::instant(at, lang))
}

/// A duty is late, or past every reading of its limit.
pub(super) fn beat(app: &App, to: &Account, duty: &Duty, beat: Beat) -> Letter {
    let (lang, url) = (to.lang, &app.public_url);
    let (title, id) = (duty.title(lang), &duty.id);
    let (own, other) = (moment(duty.own_due, lang), moment(duty.other_due, lang));
    let (subject, first) = match beat {
        Beat::Missed => lang.pick(
            ("A duty is past every reading of its limit", "Every reading of its limit has passed."),
            ("Une échéance a passé toutes les lectures de sa limite", "Toutes les lectures de sa limite sont passées."),
        ),
        _ => lang.pick(
            ("A duty is late", "Its limit, as we read it, has passed."),
            ("Une échéance est en retard", "Sa limite, telle que nous la lisons, est passée."),
        ),
    };
    let body = match lang {
        Lang::En => format!(
            "Hello,\n\n{title}\n\n{first}\nOur reading of the limit: {own}\nThe other party's: {other}\n\n\
             What is to be done, and how this was counted: {url}/duties/{id}\n"
        ),
        Lang::Fr => format!(
            "Bonjour,\n\n{title}\n\n{first}\nNotre lecture de la limite : {own}\nCelle de l'autre partie : {other}\n\n\
             Ce qui est à faire, et comment c'est compté : {url}/duties/{id}\n"
        ),
    };
    letter(to, "duty.late", duty.id.to_string(), subject.to_owned(), body)
}

/// What is due today for one person, the most urgent first.
pub(super) fn digest(app: &App, to: &Account, lines: &[Line], more: usize) -> Letter {
    let (lang, url) = (to.lang, &app.public_url);
    let mut list = String::new();
    for line in lines {
        list.push_str(&format!("- {} ({}): {}\n", line.title, line.state, moment(Some(line.at), lang)));
    }
    let rest = match (more, lang) {
        (0, _) => String::new(),
        (more, Lang::En) => format!("… and {more} more.\n"),
        (more, Lang::Fr) => format!("… et {more} de plus.\n"),
    };
    let body = match lang {
        Lang::En => format!("Good morning,\n\nFor you today:\n\n{list}{rest}\nEverything, with its clocks: {url}/\n"),
        Lang::Fr => format!("Bonjour,\n\nPour vous aujourd'hui :\n\n{list}{rest}\nTout, avec ses délais : {url}/\n"),
    };
    let subject = lang.pick("What is due today", "Ce qui est à faire aujourd'hui").to_owned();
    letter(to, "duty.digest", to.id.to_string(), subject, body)
}
