//! What is wrong with an export or a receipt, where, and what to do about it.

use kernel::Lang;
use std::fmt;

/// One thing that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What.
    pub code: FaultCode,
    /// The line of the export, from 1.
    pub line: Option<u64>,
    /// The log.
    pub log: Option<String>,
    /// The entry's index, from 0; with [`Fault::last`], the first of a range.
    pub index: Option<u64>,
    /// The last index, when only a range can be named.
    pub last: Option<u64>,
    /// The entry's id, when it is known.
    pub entry: Option<String>,
}

/// Declares each kind of fault with its texts: (message EN, FR) and (remedy EN, FR).
macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident $code:literal: $en:literal, $fr:literal; $todo_en:ident, $todo_fr:ident;)+) => {
        /// The kinds of fault; each has a stable short code for scripts.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum FaultCode { $($(#[$doc])* $name,)+ }

        impl FaultCode {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The stable code, such as `altered`.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            fn texts(self) -> [&'static str; 4] {
                match self { $(Self::$name => [$en, $fr, $todo_en, $todo_fr],)+ }
            }
        }
    };
}

const AGAIN_EN: &str = "fetch the file again; if it is the same, keep it as evidence and ask the company";
const AGAIN_FR: &str =
    "récupérez le fichier à nouveau ; s'il est identique, gardez-le comme preuve et interrogez l'entreprise";
const KEY_EN: &str = "ask the company for its verifier key by a second channel and compare";
const KEY_FR: &str = "demandez à l'entreprise sa clé de vérification par un autre canal et comparez";
const NEWER_EN: &str = "use a newer version of garant, or ask for an export it can read";
const NEWER_FR: &str = "utilisez une version plus récente de garant, ou demandez un export lisible";
const PROOF_EN: &str = "keep both files: together they prove that history was rewritten";
const PROOF_FR: &str = "gardez les deux fichiers : ensemble ils prouvent que l'historique a été réécrit";

faults! {
    /// The reader failed.
    Unreadable "unreadable": "the file cannot be read", "le fichier est illisible"; AGAIN_EN, AGAIN_FR;
    /// A line beyond the limit.
    LongLine "long-line": "a line is longer than an export may have", "une ligne dépasse la longueur admise"; AGAIN_EN, AGAIN_FR;
    /// More lines than the limit.
    TooManyLines "too-many-lines": "the export has more lines than this program reads", "l'export compte plus de lignes que ce programme n'en lit"; NEWER_EN, NEWER_FR;
    /// A line that is none.
    BadLine "bad-line": "this is not a line of an export", "ceci n'est pas une ligne d'export"; AGAIN_EN, AGAIN_FR;
    /// A line of a kind that may not stand here.
    OutOfPlace "out-of-place": "this line may not stand here", "cette ligne n'a pas sa place ici"; AGAIN_EN, AGAIN_FR;
    /// An export of another format.
    Format "format": "the export has an unknown format", "l'export est d'un format inconnu"; NEWER_EN, NEWER_FR;
    /// The end is missing.
    Cut "cut": "the end of the export is missing", "la fin de l'export manque"; AGAIN_EN, AGAIN_FR;
    /// The signed end does not fit what came before.
    Seal "seal": "the export was changed after it was signed", "l'export a été modifié après sa signature"; AGAIN_EN, AGAIN_FR;
    /// The key given is none.
    NotAKey "not-a-key": "what you gave is not a verifier key", "ce que vous avez fourni n'est pas une clé de vérification"; KEY_EN, KEY_FR;
    /// Signed by somebody else.
    UnknownKey "unknown-key": "this is not signed by the key you gave", "ceci n'est pas signé par la clé fournie"; KEY_EN, KEY_FR;
    /// A wrong signature.
    BadSignature "bad-signature": "the signature does not fit", "la signature ne correspond pas"; AGAIN_EN, AGAIN_FR;
    /// Not a signed note, or not of a checkpoint.
    NotANote "not-a-note": "this is not a signed checkpoint", "ceci n'est pas un point de contrôle signé"; AGAIN_EN, AGAIN_FR;
    /// Leaf and hash differ.
    Altered "altered": "the entry was changed", "l'écriture a été modifiée"; AGAIN_EN, AGAIN_FR;
    /// Not an entry.
    NotAnEntry "not-an-entry": "this is not an entry", "ceci n'est pas une écriture"; AGAIN_EN, AGAIN_FR;
    /// Not in canonical form.
    NotCanonical "not-canonical": "the entry is not in its canonical form (RFC 8785)", "l'écriture n'est pas sous sa forme canonique (RFC 8785)"; AGAIN_EN, AGAIN_FR;
    /// An entry of another log.
    WrongLog "wrong-log": "the entry belongs to another log", "l'écriture appartient à un autre registre"; AGAIN_EN, AGAIN_FR;
    /// Indices do not follow each other.
    Sequence "sequence": "an entry was removed, inserted or moved here", "une écriture a été retirée, insérée ou déplacée ici"; AGAIN_EN, AGAIN_FR;
    /// The root does not come out.
    Root "root": "the entries do not give the signed root: one of them was changed, removed or inserted", "les écritures ne donnent pas la racine signée : l'une d'elles a été modifiée, retirée ou insérée"; AGAIN_EN, AGAIN_FR;
    /// Checkpoint of a size that does not stand here.
    Size "size": "the signed number of entries does not fit: entries were removed or inserted", "le nombre d'écritures signé ne correspond pas : des écritures ont été retirées ou insérées"; AGAIN_EN, AGAIN_FR;
    /// Entries after the last checkpoint.
    Unsigned "unsigned": "no signed checkpoint covers these entries", "aucun point de contrôle signé ne couvre ces écritures"; AGAIN_EN, AGAIN_FR;
    /// Two histories.
    Forked "forked": "two signed histories contradict each other", "deux historiques signés se contredisent"; PROOF_EN, PROOF_FR;
    /// Shorter than it was.
    RolledBack "rolled-back": "the log is shorter than an earlier signed checkpoint says", "le registre est plus court que ne le dit un point de contrôle antérieur"; PROOF_EN, PROOF_FR;
    /// An earlier checkpoint's log is not in the export.
    MissingLog "missing-log": "a log you hold a checkpoint of is not in the export", "un registre dont vous détenez un point de contrôle manque à l'export"; AGAIN_EN, AGAIN_FR;
    /// The same log twice.
    RepeatedLog "repeated-log": "the export holds this log twice", "l'export contient deux fois ce registre"; AGAIN_EN, AGAIN_FR;
    /// The house's log recorded another root.
    HouseDisagrees "house-disagrees": "the house's log recorded another state of a log at this entry", "le registre de la maison a consigné un autre état d'un registre à cette écriture"; PROOF_EN, PROOF_FR;
    /// Earlier than the entry before.
    TimeBackwards "time-backwards": "the entry is dated before the one that precedes it", "l'écriture est datée d'avant celle qui la précède"; AGAIN_EN, AGAIN_FR;
    /// An id that occurred before.
    DuplicateId "duplicate-id": "another entry has the same id", "une autre écriture porte le même identifiant"; AGAIN_EN, AGAIN_FR;
    /// A shown value that does not fit.
    BadDisclosure "bad-disclosure": "a personal value shown is not the one recorded", "une valeur personnelle présentée n'est pas celle qui a été consignée"; AGAIN_EN, AGAIN_FR;
    /// Not a receipt.
    NotAReceipt "not-a-receipt": "this is not a whole receipt", "ceci n'est pas un reçu complet"; AGAIN_EN, AGAIN_FR;
    /// The proof does not lead to the root.
    NotIncluded "not-included": "the proof does not lead from this entry to the signed root", "la preuve ne mène pas de cette écriture à la racine signée"; AGAIN_EN, AGAIN_FR;
}

impl Fault {
    pub(super) fn new(code: FaultCode) -> Self {
        Self { code, line: None, log: None, index: None, last: None, entry: None }
    }

    pub(super) fn on_line(self, line: u64) -> Self {
        Self { line: Some(line), ..self }
    }

    pub(super) fn in_log(self, origin: &str) -> Self {
        Self { log: Some(origin.to_owned()), ..self }
    }

    pub(super) fn at(self, index: u64) -> Self {
        Self { index: Some(index), ..self }
    }

    pub(super) fn named(self, id: &str) -> Self {
        Self { entry: Some(id.to_owned()), ..self }
    }

    /// Where and what.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        let [en, fr, ..] = self.code.texts();
        let place = [self.log_text(lang), self.entry_text(lang), self.line_text(lang)].concat();
        let sentence = lang.pick(en, fr);
        if place.is_empty() { sentence.to_owned() } else { format!("{}: {sentence}", place.trim_start_matches(", ")) }
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(&self, lang: Lang) -> String {
        let [.., en, fr] = self.code.texts();
        lang.pick(en, fr).to_owned()
    }

    fn log_text(&self, lang: Lang) -> String {
        self.log.as_ref().map_or_else(String::new, |log| lang.pick(format!(", log {log}"), format!(", registre {log}")))
    }

    fn entry_text(&self, lang: Lang) -> String {
        let id = self.entry.as_ref().map_or_else(String::new, |id| format!(" ({id})"));
        match (self.index, self.last) {
            (None, _) => String::new(),
            (Some(index), None) => lang.pick(format!(", entry {index}{id}"), format!(", écriture {index}{id}")),
            (Some(first), Some(last)) => {
                lang.pick(format!(", entries {first} to {last}"), format!(", écritures {first} à {last}"))
            }
        }
    }

    fn line_text(&self, lang: Lang) -> String {
        self.line.map_or_else(String::new, |line| lang.pick(format!(", line {line}"), format!(", ligne {line}")))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl std::error::Error for Fault {}
