//! What can go wrong with keys and sealed data; no variant says anything about the content.

use kernel::Lang;
use std::fmt;

/// A refusal of the vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VaultError {
    /// The master key file does not hold one whole key.
    MasterKeyText,
    /// A wrapped key does not open: another master key, another subject, or altered bytes.
    WrongMasterKey,
    /// Sealed data do not open: another key, another place, or altered bytes.
    Altered,
    /// More plaintext than one message may hold.
    TooLong,
    /// Not a token.
    Token,
    /// Not a file sealed with a passphrase.
    NotSealed,
    /// The passphrase does not open the file, or the file was altered.
    Passphrase,
    /// The file asks for more work than we are willing to do.
    TooMuchWork,
    /// Argon2 could not get its memory.
    NoMemory,
    /// Not the secret of an authenticator.
    OneTime,
}

impl VaultError {
    /// What is wrong.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        let (en, fr) = match self {
            Self::MasterKeyText => ("the master key file is damaged", "le fichier de la clé maîtresse est endommagé"),
            Self::WrongMasterKey => (
                "the master key does not open this subject's key",
                "la clé maîtresse n'ouvre pas la clé de cette personne",
            ),
            Self::Altered => ("the sealed data do not open", "les données scellées ne s'ouvrent pas"),
            Self::TooLong => ("the data are too long to be sealed", "les données sont trop longues pour être scellées"),
            Self::Token => ("this is not a token", "ceci n'est pas un jeton"),
            Self::NotSealed => {
                ("this file is not sealed with a passphrase", "ce fichier n'est pas scellé par une phrase secrète")
            }
            Self::Passphrase => ("the passphrase does not open the file", "la phrase secrète n'ouvre pas le fichier"),
            Self::TooMuchWork => {
                ("the file asks for too much work to open", "l'ouverture du fichier demande trop de calcul")
            }
            Self::OneTime => (
                "this is not the secret of an authenticator",
                "ceci n'est pas le secret d'une application d'authentification",
            ),
            Self::NoMemory => {
                ("there is not enough memory to hash a password", "la mémoire manque pour hacher un mot de passe")
            }
        };
        lang.pick(en, fr).to_owned()
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(&self, lang: Lang) -> String {
        let (en, fr) = match self {
            Self::MasterKeyText => (
                "restore the whole line `garant-master-key-1 …` from its safe copy",
                "rétablissez la ligne entière « garant-master-key-1 … » depuis sa copie sûre",
            ),
            Self::WrongMasterKey => (
                "start with the master key this database was made with",
                "démarrez avec la clé maîtresse qui a servi à créer cette base",
            ),
            Self::Altered => (
                "stop and restore the value from a backup: it was changed or moved",
                "arrêtez et rétablissez la valeur depuis une sauvegarde : elle a été modifiée ou déplacée",
            ),
            Self::TooLong => {
                ("seal the document in parts or as a file", "scellez le document par parties ou comme fichier")
            }
            Self::Token => ("copy the whole link or token", "copiez le lien ou le jeton en entier"),
            Self::NotSealed => {
                ("choose a file that Garant or age sealed", "choisissez un fichier scellé par Garant ou par age")
            }
            Self::Passphrase => (
                "check the passphrase, hyphens included; if it is right, fetch the file again",
                "vérifiez la phrase secrète, traits d'union compris ; si elle est juste, récupérez le fichier à nouveau",
            ),
            Self::TooMuchWork => {
                ("seal the file again with a smaller work factor", "scellez à nouveau le fichier avec moins de calcul")
            }
            Self::OneTime => (
                "start over: open the page that shows a new secret",
                "recommencez : ouvrez la page qui montre un nouveau secret",
            ),
            Self::NoMemory => (
                "try again; give the process 19 MiB per sign-in",
                "réessayez ; donnez au processus 19 Mio par connexion",
            ),
        };
        lang.pick(en, fr).to_owned()
    }
}

impl fmt::Display for VaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl std::error::Error for VaultError {}

impl From<VaultError> for std::io::Error {
    fn from(error: VaultError) -> Self {
        Self::new(std::io::ErrorKind::InvalidData, error)
    }
}
