//! Letters to our own people about their accounts. Links that open something are for the recipient alone.

use super::{Account, Invitation};
use crate::App;
use crate::notices::{Field, Letter, LetterKind, To};
use kernel::{AccountId, Instant, Lang, Secret, SubjectId};
use web::components;

const AT: Field =
    Field::new("at", ["when it happened", "quand c'est arrivé"], ["3 May 2027, 09:00", "3 mai 2027, 09:00"]);
const UNTIL: Field = Field::new(
    "until",
    ["until when the link works", "jusqu'à quand sert le lien"],
    ["10 May 2027, 09:00", "10 mai 2027, 09:00"],
);
const LINK: Field = Field::new(
    "secret",
    ["the link, which nobody here can read", "le lien, que personne ici ne peut lire"],
    ["https://garant.example/…", "https://garant.example/…"],
)
.required()
.private();
const LABEL: Field =
    Field::new("label", ["what its holder calls it", "son nom donné par son titulaire"], ["work phone", "téléphone"])
        .required()
        .private();

/// What every letter about an account has alike: it concerns whether somebody can come in, and never waits.
const fn about(
    name: &'static str,
    title: [&'static str; 2],
    fields: &'static [Field],
    subject: [&'static str; 2],
    body: [&'static str; 2],
) -> LetterKind {
    LetterKind {
        name,
        title,
        standard: 1,
        to: To::Account,
        urgent: true,
        law: "Art. 32(1)(b)",
        page: "/accounts/",
        discharges: None,
        fields,
        minimum: &[],
        subject,
        body,
    }
}

/// The letters of this feature.
pub static LETTERS: [LetterKind; 11] = [
    about(
        "account.invitation",
        ["Invitation to open an account", "Invitation à ouvrir un compte"],
        &[
            Field::new("name", ["the person's name", "le nom de la personne"], ["Sam Example", "Sam Exemple"])
                .private(),
            Field::new("role", ["the role offered", "le rôle proposé"], ["engineer", "ingénieur"]),
            LINK,
            UNTIL.required(),
        ],
        ["Your account in Garant", "Votre compte Garant"],
        [
            "Hello {name},\n\nAn account in Garant is ready for you (role: {role}). Open this page and choose a password:\n\n{secret}\n\n\
             The link is yours alone and works once, until {until}. If you did not expect it, leave it alone.\n",
            "Bonjour {name},\n\nUn compte Garant vous attend (rôle : {role}). Ouvrez cette page et choisissez un mot de passe :\n\n{secret}\n\n\
             Le lien est à vous seul et sert une fois, jusqu'au {until}. Si vous ne l'attendiez pas, laissez-le.\n",
        ],
    ),
    about(
        "account.password-link",
        ["Link to set a forgotten password anew", "Lien pour remplacer un mot de passe oublié"],
        &[LINK, UNTIL.required()],
        ["A new password for your account", "Un nouveau mot de passe pour votre compte"],
        [
            "Hello,\n\nSomebody asked to set the password of your account anew. If it was you, open this page:\n\n{secret}\n\n\
             The link works once, until {until}. If it was not you, do nothing: your password stays as it is.\n",
            "Bonjour,\n\nQuelqu'un a demandé un nouveau mot de passe pour votre compte. Si c'est vous, ouvrez cette page :\n\n{secret}\n\n\
             Le lien sert une fois, jusqu'au {until}. Sinon, ne faites rien : votre mot de passe reste le même.\n",
        ],
    ),
    about(
        "account.password-changed",
        ["News of a changed password", "Avis de changement de mot de passe"],
        &[AT.required()],
        ["Your password was changed", "Votre mot de passe a été changé"],
        [
            "Hello,\n\nThe password of your account was changed on {at}; every session and token ended.\n\n\
             If it was not you, tell an owner of the installation at once.\n",
            "Bonjour,\n\nLe mot de passe de votre compte a été changé le {at} ; sessions et jetons ont pris fin.\n\n\
             Si ce n'est pas vous, prévenez aussitôt un propriétaire de l'installation.\n",
        ],
    ),
    about(
        "account.factor-added",
        ["News of a new second factor", "Avis de nouveau second facteur"],
        &[LABEL, AT.required()],
        ["A second factor was added", "Un second facteur a été ajouté"],
        [
            "Hello,\n\nA second factor called “{label}” was added to your account on {at}; every other session ended.\n\n\
             If it was not you, remove it behind your name, change your password, and tell an owner at once.\n",
            "Bonjour,\n\nUn second facteur nommé « {label} » a été ajouté à votre compte le {at} ; les autres sessions ont pris \
             fin.\n\nSi ce n'est pas vous, retirez-le derrière votre nom, changez de mot de passe et prévenez aussitôt un \
             propriétaire.\n",
        ],
    ),
    about(
        "account.factor-removed",
        ["News of a removed second factor", "Avis de retrait d'un second facteur"],
        &[LABEL, AT.required()],
        ["A second factor was removed", "Un second facteur a été retiré"],
        [
            "Hello,\n\nThe second factor called “{label}” was removed from your account on {at}; every other session ended.\n\n\
             If it was not you, change your password at once and tell an owner.\n",
            "Bonjour,\n\nLe second facteur nommé « {label} » a été retiré de votre compte le {at} ; les autres sessions ont pris \
             fin.\n\nSi ce n'est pas vous, changez aussitôt de mot de passe et prévenez un propriétaire.\n",
        ],
    ),
    about(
        "account.recovery-code-used",
        ["News of a used recovery code", "Avis d'usage d'un code de secours"],
        &[
            AT.required(),
            Field::new("left", ["how many codes are left", "combien de codes restent"], ["7", "7"]).required(),
        ],
        ["A recovery code was used", "Un code de secours a servi"],
        [
            "Hello,\n\nA recovery code of your account was used on {at}. Codes that are left: {left}.\n\nIf it was not you, change \
             your password at once, make new recovery codes and tell an owner.\n",
            "Bonjour,\n\nUn code de secours de votre compte a servi le {at}. Codes restants : {left}.\n\nSi ce n'est pas vous, \
             changez aussitôt de mot de passe, créez de nouveaux codes de secours et prévenez un propriétaire.\n",
        ],
    ),
    about(
        "account.wrong-codes",
        ["News of wrong codes", "Avis de codes faux"],
        &[AT.required()],
        ["Wrong codes for your account", "Des codes faux pour votre compte"],
        [
            "Hello,\n\nSeveral wrong codes in a row were given. The last one: {at}. Whoever typed them knows your password.\n\n\
             If it was not you, set another password at once and tell an owner.\n",
            "Bonjour,\n\nPlusieurs codes faux de suite ont été donnés. Le dernier : {at}. Qui les a saisis connaît votre mot de \
             passe.\n\nSi ce n'est pas vous, choisissez aussitôt un autre mot de passe et prévenez un propriétaire.\n",
        ],
    ),
    about(
        "account.codes-stopped",
        ["News that no code is tried any more", "Avis que plus aucun code n'est essayé"],
        &[AT.required()],
        ["No code opens your account any more", "Plus aucun code n'ouvre votre compte"],
        [
            "Hello,\n\nA hundred wrong codes in a row were given; no code is tried any more until you set a new password by a \
             mailed link, or an owner removes your factors. The last one: {at}. Whoever typed them knows your password.\n\n\
             If it was not you, set another password at once and tell an owner.\n",
            "Bonjour,\n\nCent codes faux de suite ont été donnés ; plus aucun n'est essayé tant que vous n'avez pas choisi un \
             nouveau mot de passe par un lien envoyé, ou qu'un propriétaire n'a pas retiré vos facteurs. Le dernier : {at}. \
             Qui les a saisis connaît votre mot de passe.\n\nSi ce n'est pas vous, choisissez aussitôt un autre mot de passe \
             et prévenez un propriétaire.\n",
        ],
    ),
    about(
        "account.identity-linked",
        ["News of a linked identity", "Avis d'identité liée"],
        &[
            Field::new(
                "issuer",
                ["the identity provider", "le fournisseur d'identité"],
                ["https://id.example", "https://id.example"],
            )
            .required(),
            AT.required(),
        ],
        ["Your account was linked to an identity", "Votre compte a été lié à une identité"],
        [
            "Hello,\n\nOn {at} your account was linked to your identity at {issuer}: signing in there now signs you in here.\n\n\
             If it was not you, end the link behind your name, change your password, and tell an owner at once.\n",
            "Bonjour,\n\nLe {at}, votre compte a été lié à votre identité chez {issuer} : vous y connecter vous connecte ici.\n\n\
             Si ce n'est pas vous, rompez le lien derrière votre nom, changez de mot de passe et prévenez aussitôt un \
             propriétaire.\n",
        ],
    ),
    about(
        "account.passkey-refused",
        ["News of a passkey that may be a copy", "Avis d'une clé d'accès peut-être copiée"],
        &[LABEL, AT.required()],
        ["A passkey of yours was refused", "Une de vos clés d'accès a été refusée"],
        [
            "Hello,\n\nOn {at} your passkey “{label}” was shown with a counter that had gone back. Somebody may have copied it, so \
             nobody was let in.\n\nRemove it behind your name, make a new one, and tell an owner.\n",
            "Bonjour,\n\nLe {at}, votre clé d'accès « {label} » a été présentée avec un compteur revenu en arrière. Quelqu'un l'a \
             peut-être copiée : personne n'est entré.\n\nRetirez-la derrière votre nom, créez-en une autre et prévenez un \
             propriétaire.\n",
        ],
    ),
    about(
        "account.factors-reset",
        ["News of removed second factors", "Avis de retrait des seconds facteurs"],
        &[AT.required()],
        ["Your second factor was removed", "Votre second facteur a été retiré"],
        [
            "Hello,\n\nAn owner removed the second factor and the recovery codes of your account on {at}, as is done when they \
             are lost. Your password stays.\n\nIf you did not ask for it, tell an owner at once.\n",
            "Bonjour,\n\nUn propriétaire a retiré le second facteur et les codes de secours de votre compte le {at}, comme on le \
             fait quand ils sont perdus. Votre mot de passe reste le même.\n\nSi vous ne l'avez pas demandé, prévenez aussitôt \
             un propriétaire.\n",
        ],
    ),
];

/// To whom, and about which account.
struct Recipient<'a> {
    account: &'a AccountId,
    subject: &'a SubjectId,
    email: &'a str,
    lang: Lang,
}

impl<'a> Recipient<'a> {
    fn of(account: &'a Account) -> Self {
        Self { account: &account.id, subject: &account.subject, email: &account.email, lang: account.lang }
    }

    fn letter(
        &self,
        kind: &'static str,
        values: Vec<(&'static str, String)>,
        secret: Option<Secret<String>>,
    ) -> Letter {
        let (subject, email) = (self.subject.clone(), self.email.to_owned());
        Letter { secret, ..Letter::to_account(kind, self.account.as_str(), subject, email, self.lang, values) }
    }
}

/// The invitation to open an account.
pub(super) fn invitation(app: &App, to: &Invitation, link: Secret<String>) -> Letter {
    let role = app.text(to.lang, &format!("role-{}", to.role.word()));
    let until = components::instant(to.expires_at, to.lang);
    let recipient = Recipient { account: &to.account, subject: &to.subject, email: &to.email, lang: to.lang };
    let values = vec![("name", to.name.clone()), ("role", role), ("until", until)];
    recipient.letter("account.invitation", values, Some(link))
}

/// The link that sets a forgotten password anew.
pub(super) fn password_link(to: &Account, until: Instant, link: Secret<String>) -> Letter {
    let values = vec![("until", components::instant(until, to.lang))];
    Recipient::of(to).letter("account.password-link", values, Some(link))
}

fn at(to: &Account, at: Instant) -> (&'static str, String) {
    ("at", components::instant(at, to.lang))
}

/// News that the password was changed, in case it was somebody else.
pub(super) fn password_changed(app: &App, to: &Account) -> Letter {
    Recipient::of(to).letter("account.password-changed", vec![at(to, app.now())], None)
}

/// News that there is one more way to show who one is, in case it is somebody else's.
pub(super) fn factor_added(to: &Account, when: Instant, label: &str) -> Letter {
    Recipient::of(to).letter("account.factor-added", vec![("label", label.to_owned()), at(to, when)], None)
}

/// News that an identity at a provider opens the account, too.
pub(super) fn identity_linked(to: &Account, when: Instant, issuer: &str) -> Letter {
    Recipient::of(to).letter("account.identity-linked", vec![("issuer", issuer.to_owned()), at(to, when)], None)
}

/// News that a passkey was shown which may be a copy.
pub(super) fn passkey_refused(to: &Account, when: Instant, label: &str) -> Letter {
    Recipient::of(to).letter("account.passkey-refused", vec![("label", label.to_owned()), at(to, when)], None)
}

/// News that a second factor is gone.
pub(super) fn factor_removed(to: &Account, when: Instant, label: &str) -> Letter {
    Recipient::of(to).letter("account.factor-removed", vec![("label", label.to_owned()), at(to, when)], None)
}

/// News that a recovery code opened the account, and how many are left.
pub(super) fn recovery_code_used(to: &Account, when: Instant, left: i64) -> Letter {
    Recipient::of(to).letter("account.recovery-code-used", vec![("left", left.to_string()), at(to, when)], None)
}

/// News that somebody who has the password types wrong codes; `stopped` when no more are tried.
pub(super) fn wrong_codes(to: &Account, when: Instant, stopped: bool) -> Letter {
    let kind = if stopped { "account.codes-stopped" } else { "account.wrong-codes" };
    Recipient::of(to).letter(kind, vec![at(to, when)], None)
}

/// News that an owner took the second factor away.
pub(super) fn factors_reset(app: &App, to: &Account) -> Letter {
    Recipient::of(to).letter("account.factors-reset", vec![at(to, app.now())], None)
}
