//! What can be wrong with an agreement file, where, and what to do, in both languages.

use super::contradictions::Pair;
use kernel::Lang;
use std::{fmt, ops::Range};

/// One problem of a file, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileProblem {
    /// What is wrong.
    pub problem: Problem,
    /// The bytes of the file concerned; `None` when something is missing altogether.
    pub span: Option<Range<usize>>,
}

/// What can be wrong with an agreement file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Larger than [`super::SIZE_BYTES_MAX`].
    TooLarge,
    /// No TOML: the parser's own words.
    Syntax(String),
    /// It does not begin with `garant-agreement = 1`.
    NotAnAgreementFile,
    /// A version of the format this program does not know.
    Version(String),
    /// A key nobody reads, and the known key nearest to it.
    UnknownKey {
        /// The key, with its path.
        key: String,
        /// What was probably meant.
        near: Option<String>,
    },
    /// A value of another kind than the key wants.
    Shape {
        /// The key, with its path.
        key: String,
        /// What it wants.
        wanted: Wanted,
    },
    /// A word outside the closed list of its key.
    Word {
        /// The key, with its path.
        key: String,
        /// The words it accepts.
        allowed: Vec<String>,
    },
    /// A key that must be there.
    Missing {
        /// The key, with its path.
        key: String,
    },
    /// Two terms that cannot both be kept.
    Contradiction(Pair),
}

/// The kinds of value a key may want.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// `true` or `false`.
    Flag,
    /// An ISO 8601 period of one unit.
    Period,
    /// A whole number.
    Number,
    /// A text in quotes.
    Text,
    /// A list of texts.
    List,
    /// A day.
    Date,
    /// Two byte offsets.
    Span,
    /// A table.
    Table,
    /// Several tables.
    Tables,
    /// A place whose holidays are known.
    Place,
    /// A country code.
    Country,
    /// 64 hexadecimal digits.
    Hash,
}

impl Wanted {
    fn text(self, lang: Lang) -> &'static str {
        match self {
            Self::Flag => lang.pick("true or false", "true ou false"),
            Self::Period => lang.pick(
                "a period: one number and one unit, in quotes, as in \"PT72H\", \"P30D\", \"P10D working\", \"P4W\", \"P1M\" or \"P5Y\"",
                "une période : un nombre et une unité, entre guillemets, comme \"PT72H\", \"P30D\", \"P10D working\", \"P4W\", \"P1M\" ou \"P5Y\"",
            ),
            Self::Number => lang.pick("a whole number", "un nombre entier"),
            Self::Text => lang.pick("a text in quotes", "un texte entre guillemets"),
            Self::List => lang.pick("a list of texts, as in [\"EU\"]", "une liste de textes, comme [\"EU\"]"),
            Self::Date => lang.pick("a day, as in 2026-01-31", "un jour, comme 2026-01-31"),
            Self::Span => lang.pick(
                "two offsets, start before end, as in [120, 164]",
                "deux positions, le début avant la fin, comme [120, 164]",
            ),
            Self::Table => lang.pick("a table", "une table"),
            Self::Tables => lang.pick("tables headed by double brackets", "des tables entre doubles crochets"),
            Self::Place => lang.pick("FR, a department such as FR-57, LU or any", "FR, un département comme FR-57, LU ou any"),
            Self::Country => lang.pick("two capital letters, as in FR", "deux lettres capitales, comme FR"),
            Self::Hash => lang.pick("64 hexadecimal digits in lower case", "64 chiffres hexadécimaux en minuscules"),
        }
    }
}

impl FileProblem {
    /// A stable code for scripts, such as `FILE-UNKNOWN-KEY`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.problem {
            Problem::TooLarge => "FILE-TOO-LARGE",
            Problem::Syntax(_) => "FILE-SYNTAX",
            Problem::NotAnAgreementFile => "FILE-NOT-AN-AGREEMENT",
            Problem::Version(_) => "FILE-VERSION",
            Problem::UnknownKey { .. } => "FILE-UNKNOWN-KEY",
            Problem::Shape { .. } => "FILE-SHAPE",
            Problem::Word { .. } => "FILE-WORD",
            Problem::Missing { .. } => "FILE-MISSING",
            Problem::Contradiction(_) => "FILE-CONTRADICTION",
        }
    }

    /// What is wrong, in one sentence.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        self.problem.message(lang)
    }

    /// What to do, in one sentence.
    #[must_use]
    pub fn remedy(&self, lang: Lang) -> String {
        self.problem.remedy(lang)
    }
}

impl Problem {
    /// What is wrong, in one sentence.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        match self {
            Self::TooLarge => lang.pick("This file is too large", "Ce fichier est trop grand").to_owned(),
            Self::Syntax(why) => lang.pick(format!("This is not TOML: {why}"), format!("Ce n'est pas du TOML : {why}")),
            Self::NotAnAgreementFile => {
                lang.pick("This is not an agreement file", "Ce fichier n'est pas un fichier d'accord").to_owned()
            }
            Self::Version(version) => lang.pick(
                format!("Version {version} of the agreement file is unknown to this program"),
                format!("Ce programme ne connaît pas la version {version} du fichier d'accord"),
            ),
            Self::UnknownKey { key, .. } => {
                lang.pick(format!("Nobody reads `{key}`"), format!("Personne ne lit `{key}`"))
            }
            Self::Shape { key, .. } => lang.pick(
                format!("`{key}` has a value of the wrong kind"),
                format!("`{key}` a une valeur qui n'est pas du bon genre"),
            ),
            Self::Word { key, .. } => {
                lang.pick(format!("`{key}` has a word it does not know"), format!("`{key}` contient un mot inconnu"))
            }
            Self::Missing { key } => lang.pick(format!("`{key}` is missing"), format!("`{key}` manque")),
            Self::Contradiction(pair) => pair.message(lang).to_owned(),
        }
    }

    /// What to do, in one sentence.
    #[must_use]
    pub fn remedy(&self, lang: Lang) -> String {
        match self {
            Self::TooLarge => lang
                .pick("Keep one agreement in a file, under 4 MB.", "Gardez un accord par fichier, sous 4 Mo.")
                .to_owned(),
            Self::Syntax(_) => lang
                .pick(
                    "Correct the line; texts stand in quotes, each key once in its table.",
                    "Corrigez la ligne ; les textes vont entre guillemets, chaque clé une fois dans sa table.",
                )
                .to_owned(),
            Self::NotAnAgreementFile => lang
                .pick(
                    "Write `garant-agreement = 1` on its first line.",
                    "Écrivez `garant-agreement = 1` en première ligne.",
                )
                .to_owned(),
            Self::Version(_) => lang
                .pick(
                    "Use a newer program, or write `garant-agreement = 1`.",
                    "Utilisez un programme plus récent, ou écrivez `garant-agreement = 1`.",
                )
                .to_owned(),
            Self::UnknownKey { near, .. } => unknown_key(near.as_deref(), lang),
            Self::Shape { wanted, .. } => {
                let wanted = wanted.text(lang);
                lang.pick(format!("Write {wanted}."), format!("Écrivez {wanted}."))
            }
            Self::Word { allowed, .. } => {
                let words = allowed.join(", ");
                lang.pick(format!("Write one of: {words}."), format!("Écrivez l'un de ces mots : {words}."))
            }
            Self::Missing { .. } => lang.pick("Add it.", "Ajoutez-le.").to_owned(),
            Self::Contradiction(pair) => pair.remedy(lang).to_owned(),
        }
    }
}

fn unknown_key(near: Option<&str>, lang: Lang) -> String {
    match near {
        Some(near) => lang.pick(format!("Did you mean `{near}`?"), format!("Vouliez-vous écrire `{near}` ?")),
        None => lang
            .pick(
                "Remove it: what nobody reads, nobody keeps.",
                "Retirez-la : ce que personne ne lit, personne ne le tient.",
            )
            .to_owned(),
    }
}

impl Pair {
    fn message(self, lang: Lang) -> &'static str {
        match self {
            Self::NoneAllowedButListed => lang.pick(
                "No sub-processor is allowed, yet one is listed",
                "Aucun sous-traitant ultérieur n'est permis, et pourtant la liste en nomme un",
            ),
            Self::ReturnOnlyButDeleted => lang.pick(
                "The data are to be returned, yet only their deletion has a date",
                "Les données doivent être restituées, et pourtant seule leur suppression a un délai",
            ),
            Self::NobodyAnswers => lang.pick(
                "The processor may neither answer a person's request nor forward it",
                "Le sous-traitant ne peut ni répondre à la demande d'une personne ni la transmettre",
            ),
            Self::SilenceBeforeWindow => lang.pick(
                "Silence approves a sub-processor before the time to object is over",
                "Le silence vaut autorisation avant la fin du délai d'objection",
            ),
            Self::AuditsCountedButRefused => lang.pick(
                "Audits are counted by the year, yet refused",
                "Les audits sont comptés par année, et pourtant refusés",
            ),
        }
    }

    fn remedy(self, lang: Lang) -> &'static str {
        match self {
            Self::NoneAllowedButListed => lang.pick(
                "Write `specific` or `general`, or remove the sub-processor.",
                "Écrivez `specific` ou `general`, ou retirez le sous-traitant ultérieur.",
            ),
            Self::ReturnOnlyButDeleted => lang.pick(
                "Give `end.return_within`, or let the controller choose: `end.choice = \"controller\"`.",
                "Donnez `end.return_within`, ou laissez le choix au responsable : `end.choice = \"controller\"`.",
            ),
            Self::NobodyAnswers => lang.pick(
                "Let the request be forwarded: give `requests.forward` a period.",
                "Faites transmettre la demande : donnez une période à `requests.forward`.",
            ),
            Self::SilenceBeforeWindow => lang.pick(
                "Make `subprocessors.notice` at least as long as `subprocessors.objection_window`.",
                "Donnez à `subprocessors.notice` au moins la longueur de `subprocessors.objection_window`.",
            ),
            Self::AuditsCountedButRefused => lang.pick(
                "Allow audits (`audit.allowed = true`) or remove `audit.per_year`.",
                "Permettez les audits (`audit.allowed = true`) ou retirez `audit.per_year`.",
            ),
        }
    }
}

impl fmt::Display for FileProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}. {}", self.message(Lang::En), self.remedy(Lang::En))
    }
}

impl std::error::Error for FileProblem {}

/// The line and column, both from 1, of the byte `offset` of `text`; columns count characters.
#[must_use]
pub fn line_column(text: &str, offset: usize) -> (usize, usize) {
    let mut end = offset.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = &text[..end];
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (line, before[start..].chars().count() + 1)
}
