//! What may happen to a mail, and when. Pure.

use super::{MailEvent, MailRow, Why};
use crate::{Kind, Refusal};
use kernel::{NoticeId, Personal, RequestId};

/// The longest note on why there is nothing to do, in characters.
const NOTE_CHARS_MAX: usize = 500;

/// Where a mail stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It waits for a person.
    Waiting,
    /// One request or more was logged from it.
    Logged,
    /// It was put aside.
    Filed,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Logged, Self::Filed];

    /// The word as stored.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Logged => "logged",
            Self::Filed => "filed",
        }
    }

    /// The state a word names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// What is to happen to a mail.
#[derive(Clone, Debug)]
pub enum Command {
    /// Requests were logged from it.
    Log {
        /// Which.
        requests: Vec<RequestId>,
    },
    /// A person sees nothing to do.
    File {
        /// Why.
        note: String,
    },
    /// A machine wrote it, and there is nothing a person could do.
    PutAside {
        /// Why.
        why: Why,
        /// The letter it reports on.
        notice: Option<NoticeId>,
    },
    /// A person takes it up again.
    Reopen,
}

/// Decides a command. A mail whose person has been erased is over.
///
/// # Errors
/// When the mail is not in a state for it, or the reason is missing.
pub fn decide(row: &MailRow, command: Command) -> Result<Vec<MailEvent>, Refusal> {
    let mail = row.id.clone();
    match (command, row.state) {
        (Command::PutAside { why, notice }, State::Waiting) => {
            Ok(vec![MailEvent::Filed { mail, why, notice, note: None }])
        }
        (_, _) if row.content.is_none() => Err(erased()),
        (Command::Log { requests }, State::Waiting | State::Logged) if !requests.is_empty() => {
            Ok(requests.into_iter().map(|request| MailEvent::Logged { mail: mail.clone(), request }).collect())
        }
        (Command::File { note }, State::Waiting) => {
            let note = note.trim();
            if note.is_empty() || note.chars().count() > NOTE_CHARS_MAX {
                return Err(no_reason());
            }
            let note = Some(Personal::new(row.person.clone(), note.to_owned()));
            Ok(vec![MailEvent::Filed { mail, why: Why::NothingToDo, notice: None, note }])
        }
        (Command::Reopen, State::Filed) => Ok(vec![MailEvent::Reopened { mail }]),
        _ => Err(not_now()),
    }
}

fn erased() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "mail-erased",
        ["What this mail said has been erased.", "Le contenu de ce courriel a été effacé."],
        [
            "If it must be read again, look on the mail server.",
            "S'il faut le relire, regardez sur le serveur de courrier.",
        ],
    )
}

fn no_reason() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "mail-reason",
        ["Nothing says why there is nothing to do.", "Rien ne dit pourquoi il n'y a rien à faire."],
        ["Give the reason in 1 to 500 characters.", "Donnez la raison en 1 à 500 caractères."],
    )
}

fn not_now() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "mail-state",
        ["This mail is not in a state for that.", "Ce courriel n'est pas dans un état qui le permet."],
        ["Look at what has happened to it meanwhile.", "Regardez ce qui lui est arrivé entre-temps."],
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbox::Content;
    use kernel::Instant;

    const ID: &str = "01ks0000000000000000000001";

    fn row(state: State, erased: bool) -> MailRow {
        MailRow {
            id: ID.parse().unwrap(),
            person: ID.parse().unwrap(),
            state,
            content: (!erased).then(Content::default),
            understood: crate::inbox::Understood::default(),
            bytes: 100,
            sha256: None,
            received_at: Instant::from_second(0).unwrap(),
            fetched_at: Instant::from_second(0).unwrap(),
            why: None,
            note: None,
            notice: None,
        }
    }

    fn outcome(state: State, erased: bool, command: &Command) -> String {
        let word = |event: &MailEvent| match event {
            MailEvent::Received(_) => "received",
            MailEvent::Read { .. } => "read",
            MailEvent::Logged { .. } => "logged",
            MailEvent::Filed { .. } => "filed",
            MailEvent::Reopened { .. } => "reopened",
        };
        match decide(&row(state, erased), command.clone()) {
            Ok(events) => events.iter().map(word).collect::<Vec<_>>().join("+"),
            Err(refusal) => format!("refused: {}", refusal.code),
        }
    }

    #[test]
    fn what_may_happen_to_a_mail_and_when() {
        use State::{Filed, Logged, Waiting};
        let request: RequestId = ID.parse().unwrap();
        let log = Command::Log { requests: vec![request.clone()] };
        let both = Command::Log { requests: vec![request.clone(), request] };
        let none = Command::Log { requests: vec![] };
        let file = Command::File { note: "an advertisement".into() };
        let silent = Command::File { note: "  ".into() };
        let long = Command::File { note: "a".repeat(501) };
        let aside = Command::PutAside { why: Why::AutomaticReply, notice: None };
        for (state, command, expected) in [
            (Waiting, &log, "logged"),
            (Waiting, &both, "logged+logged"),
            (Waiting, &none, "refused: mail-state"),
            (Logged, &log, "logged"),
            (Filed, &log, "refused: mail-state"),
            (Waiting, &file, "filed"),
            (Waiting, &silent, "refused: mail-reason"),
            (Waiting, &long, "refused: mail-reason"),
            (Logged, &file, "refused: mail-state"),
            (Filed, &file, "refused: mail-state"),
            (Waiting, &aside, "filed"),
            (Logged, &aside, "refused: mail-state"),
            (Filed, &Command::Reopen, "reopened"),
            (Waiting, &Command::Reopen, "refused: mail-state"),
            (Logged, &Command::Reopen, "refused: mail-state"),
        ] {
            assert_eq!(outcome(state, false, command), expected, "{state:?} {command:?}");
        }
        for command in [&log, &file, &Command::Reopen] {
            assert_eq!(outcome(Filed, true, command), "refused: mail-erased", "{command:?}");
        }
    }
}
