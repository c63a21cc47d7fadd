//! One failure for every command: what happened, what to do, and the exit code that says which kind it was.

use kernel::Lang;
use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// As asked.
    Ok = 0,
    /// The machinery failed, or a proof did not hold.
    Failed = 1,
    /// The command was not written right.
    Usage = 2,
    /// A check found errors.
    Findings = 3,
    /// This person may not.
    NotAllowed = 4,
    /// No such thing.
    NotFound = 5,
    /// Not in this state.
    Conflict = 6,
    /// A duty is past its limit.
    Deadline = 7,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command did not end well, in English and French.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// The exit code.
    pub(crate) exit: Exit,
    /// Set when the reader of our output went away: nothing is said then.
    pub(crate) quiet: bool,
    message: [String; 2],
    remedy: [String; 2],
}

impl Failure {
    /// A failure whose words are made per language.
    pub(crate) fn new(exit: Exit, message: impl Fn(Lang) -> String, remedy: impl Fn(Lang) -> String) -> Self {
        Self { exit, quiet: false, message: Lang::ALL.map(message), remedy: Lang::ALL.map(remedy) }
    }

    /// A failure from its words.
    pub(crate) fn words(exit: Exit, message: [impl Into<String>; 2], remedy: [&str; 2]) -> Self {
        Self { exit, quiet: false, message: message.map(Into::into), remedy: remedy.map(str::to_owned) }
    }

    /// What is wrong.
    pub(crate) fn message(&self, lang: Lang) -> &str {
        &self.message[lang as usize]
    }

    /// What to do.
    pub(crate) fn remedy(&self, lang: Lang) -> &str {
        &self.remedy[lang as usize]
    }
}

/// Standard output failed: quietly when its reader went away, as with `| head`.
impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        let quiet = error.kind() == std::io::ErrorKind::BrokenPipe;
        let message =
            [format!("the output cannot be written: {error}"), format!("la sortie ne peut être écrite : {error}")];
        let remedy = [
            "check that the disk is not full and that the target may be written",
            "vérifiez que le disque n'est pas plein et que la cible accepte l'écriture",
        ];
        Self { quiet, ..Self::words(if quiet { Exit::Ok } else { Exit::Failed }, message, remedy) }
    }
}

/// A feature refused: its kind gives the exit code.
impl From<office::Refusal> for Failure {
    fn from(refusal: office::Refusal) -> Self {
        let exit = match refusal.kind {
            office::Kind::Invalid => Exit::Usage,
            office::Kind::NotAllowed => Exit::NotAllowed,
            office::Kind::NotFound => Exit::NotFound,
            office::Kind::Conflict | office::Kind::Changed => Exit::Conflict,
            office::Kind::Failed => Exit::Failed,
        };
        Self::new(exit, |lang| refusal.inside(lang).0.to_owned(), |lang| refusal.inside(lang).1.to_owned())
    }
}

/// Our own database failed.
impl From<store::StoreError> for Failure {
    fn from(error: store::StoreError) -> Self {
        let exit = if matches!(error, store::StoreError::Address(_)) { Exit::Usage } else { Exit::Failed };
        Self::new(exit, |lang| error.message(lang), |lang| error.remedy(lang).to_owned())
    }
}

/// A system of the estate failed.
impl From<estate::Fault> for Failure {
    fn from(fault: estate::Fault) -> Self {
        Self::new(Exit::Failed, |lang| fault.message(lang), |lang| fault.remedy(lang))
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        std::io::Error::from(error).into()
    }
}
