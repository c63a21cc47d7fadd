//! Letters to our own people about their accounts. Links that open something are for the recipient alone.

use super::{Account, Invitation};
use crate::App;
use crate::notices::{Letter, SECRET};
use kernel::{AccountId, Instant, Lang, Personal, Secret, SubjectId};
use web::components;

/// To whom, and about which account.
struct Recipient<'a> {
    account: &'a AccountId,
    subject: &'a SubjectId,
    email: &'a str,
}

impl<'a> Recipient<'a> {
    fn of(account: &'a Account) -> Self {
        Self { account: &account.id, subject: &account.subject, email: &account.email }
    }

    fn letter(&self, kind: &'static str, subject: &str, body: String, secret: Option<Secret<String>>) -> Letter {
        Letter {
            controller: None,
            record: self.account.to_string(),
            letter: kind,
            discharges: None,
            to: Personal::new(self.subject.clone(), self.email.to_owned()),
            subject: subject.to_owned(),
            body: Personal::new(self.subject.clone(), body),
            secret,
        }
    }
}

/// The invitation to open an account.
pub(super) fn invitation(app: &App, to: &Invitation, link: Secret<String>) -> Letter {
    let (name, until) = (&to.name, components::instant(to.expires_at, to.lang));
    let role = app.text(to.lang, &format!("role-{}", to.role.word()));
    let body = match to.lang {
        Lang::En => format!(
            "Hello {name},\n\nAn account in Garant is ready for you (role: {role}). Open this page and choose a password:\n\n\
             {SECRET}\n\nThe link is yours alone and works once, until {until}. If you did not expect it, leave it alone.\n"
        ),
        Lang::Fr => format!(
            "Bonjour {name},\n\nUn compte Garant vous attend (rôle : {role}). Ouvrez cette page et choisissez un mot de passe :\n\n\
             {SECRET}\n\nLe lien est à vous seul et sert une fois, jusqu'au {until}. Si vous ne l'attendiez pas, laissez-le.\n"
        ),
    };
    let subject = to.lang.pick("Your account in Garant", "Votre compte Garant");
    let recipient = Recipient { account: &to.account, subject: &to.subject, email: &to.email };
    recipient.letter("account.invitation", subject, body, Some(link))
}

/// The link that sets a forgotten password anew.
pub(super) fn password_link(to: &Account, until: Instant, link: Secret<String>) -> Letter {
    let until = components::instant(until, to.lang);
    let body = match to.lang {
        Lang::En => format!(
            "Hello,\n\nSomebody asked to set the password of your account anew. If it was you, open this page:\n\n{SECRET}\n\n\
             The link works once, until {until}. If it was not you, do nothing: your password stays as it is.\n"
        ),
        Lang::Fr => format!(
            "Bonjour,\n\nQuelqu'un a demandé un nouveau mot de passe pour votre compte. Si c'est vous, ouvrez cette page :\n\n\
             {SECRET}\n\nLe lien sert une fois, jusqu'au {until}. Sinon, ne faites rien : votre mot de passe reste le même.\n"
        ),
    };
    let subject = to.lang.pick("A new password for your account", "Un nouveau mot de passe pour votre compte");
    Recipient::of(to).letter("account.password-link", subject, body, Some(link))
}

/// News that the password was changed, in case it was somebody else.
pub(super) fn password_changed(app: &App, to: &Account) -> Letter {
    let at = components::instant(app.now(), to.lang);
    let body = match to.lang {
        Lang::En => format!(
            "Hello,\n\nThe password of your account was changed on {at}; every session and token ended.\n\n\
             If it was not you, tell an owner of the installation at once.\n"
        ),
        Lang::Fr => format!(
            "Bonjour,\n\nLe mot de passe de votre compte a été changé le {at} ; sessions et jetons ont pris fin.\n\n\
             Si ce n'est pas vous, prévenez aussitôt un propriétaire de l'installation.\n"
        ),
    };
    let subject = to.lang.pick("Your password was changed", "Votre mot de passe a été changé");
    Recipient::of(to).letter("account.password-changed", subject, body, None)
}

/// News that there is one more way to show who one is, in case it is somebody else's.
pub(super) fn factor_added(to: &Account, at: Instant, label: &str) -> Letter {
    let at = components::instant(at, to.lang);
    let body = match to.lang {
        Lang::En => format!(
            "Hello,\n\nA second factor called “{label}” was added to your account on {at}; every other session ended.\n\n\
             If it was not you, remove it behind your name, change your password, and tell an owner at once.\n"
        ),
        Lang::Fr => format!(
            "Bonjour,\n\nUn second facteur nommé « {label} » a été ajouté à votre compte le {at} ; les autres sessions ont pris \
             fin.\n\nSi ce n'est pas vous, retirez-le derrière votre nom, changez de mot de passe et prévenez aussitôt un \
             propriétaire.\n"
        ),
    };
    let subject = to.lang.pick("A second factor was added", "Un second facteur a été ajouté");
    Recipient::of(to).letter("account.factor-added", subject, body, None)
}

/// News that an identity at a provider opens the account, too.
pub(super) fn identity_linked(to: &Account, at: Instant, issuer: &str) -> Letter {
    let at = components::instant(at, to.lang);
    let body = match to.lang {
        Lang::En => format!(
            "Hello,\n\nOn {at} your account was linked to your identity at {issuer}: signing in there now signs you in here.\n\n\
             If it was not you, end the link behind your name, change your password, and tell an owner at once.\n"
        ),
        Lang::Fr => format!(
            "Bonjour,\n\nLe {at}, votre compte a été lié à votre identité chez {issuer} : vous y connecter vous connecte ici.\n\n\
             Si ce n'est pas vous, rompez le lien derrière votre nom, changez de mot de passe et prévenez aussitôt un \
             propriétaire.\n"
        ),
    };
    let subject = to.lang.pick("Your account was linked to an identity", "Votre compte a été lié à une identité");
    Recipient::of(to).letter("account.identity-linked", subject, body, None)
}

/// News that a passkey was shown which may be a copy.
pub(super) fn passkey_refused(to: &Account, at: Instant, label: &str) -> Letter {
    let at = components::instant(at, to.lang);
    let body = match to.lang {
        Lang::En => format!(
            "Hello,\n\nOn {at} your passkey “{label}” was shown with a counter that had gone back. Somebody may have copied it, so \
             nobody was let in.\n\nRemove it behind your name, make a new one, and tell an owner.\n"
        ),
        Lang::Fr => format!(
            "Bonjour,\n\nLe {at}, votre clé d'accès « {label} » a été présentée avec un compteur revenu en arrière. Quelqu'un l'a \
             peut-être copiée : personne n'est entré.\n\nRetirez-la derrière votre nom, créez-en une autre et prévenez un \
             propriétaire.\n"
        ),
    };
    let subject = to.lang.pick("A passkey of yours was refused", "Une de vos clés d'accès a été refusée");
    Recipient::of(to).letter("account.passkey-refused", subject, body, None)
}

/// News that a second factor is gone.
pub(super) fn factor_removed(to: &Account, at: Instant, label: &str) -> Letter {
    let at = components::instant(at, to.lang);
    let body = match to.lang {
        Lang::En => format!(
            "Hello,\n\nThe second factor called “{label}” was removed from your account on {at}; every other session ended.\n\n\
             If it was not you, change your password at once and tell an owner.\n"
        ),
        Lang::Fr => format!(
            "Bonjour,\n\nLe second facteur nommé « {label} » a été retiré de votre compte le {at} ; les autres sessions ont pris \
             fin.\n\nSi ce n'est pas vous, changez aussitôt de mot de passe et prévenez un propriétaire.\n"
        ),
    };
    let subject = to.lang.pick("A second factor was removed", "Un second facteur a été retiré");
    Recipient::of(to).letter("account.factor-removed", subject, body, None)
}

/// News that a recovery code opened the account, and how many are left.
pub(super) fn recovery_code_used(to: &Account, at: Instant, left: i64) -> Letter {
    let at = components::instant(at, to.lang);
    let body = match to.lang {
        Lang::En => format!(
            "Hello,\n\nA recovery code of your account was used on {at}. Codes that are left: {left}.\n\nIf it was not you, change \
             your password at once, make new recovery codes and tell an owner.\n"
        ),
        Lang::Fr => format!(
            "Bonjour,\n\nUn code de secours de votre compte a servi le {at}. Codes restants : {left}.\n\nSi ce n'est pas vous, \
             changez aussitôt de mot de passe, créez de nouveaux codes de secours et prévenez un propriétaire.\n"
        ),
    };
    let subject = to.lang.pick("A recovery code was used", "Un code de secours a servi");
    Recipient::of(to).letter("account.recovery-code-used", subject, body, None)
}

/// News that somebody who has the password types wrong codes; `stopped` when no more are tried.
pub(super) fn wrong_codes(to: &Account, at: Instant, stopped: bool) -> Letter {
    let at = components::instant(at, to.lang);
    let (en, fr) = if stopped {
        (
            "A hundred wrong codes in a row were given; no code is tried any more until you set a new password by a mailed link, \
             or an owner removes your factors.",
            "Cent codes faux de suite ont été donnés ; plus aucun n'est essayé tant que vous n'avez pas choisi un nouveau mot de \
             passe par un lien envoyé, ou qu'un propriétaire n'a pas retiré vos facteurs.",
        )
    } else {
        ("Several wrong codes in a row were given.", "Plusieurs codes faux de suite ont été donnés.")
    };
    let body = match to.lang {
        Lang::En => format!(
            "Hello,\n\n{en} The last one: {at}. Whoever typed them knows your password.\n\nIf it was not you, set another \
             password at once and tell an owner.\n"
        ),
        Lang::Fr => format!(
            "Bonjour,\n\n{fr} Le dernier : {at}. Qui les a saisis connaît votre mot de passe.\n\nSi ce n'est pas vous, \
             choisissez aussitôt un autre mot de passe et prévenez un propriétaire.\n"
        ),
    };
    let subject = to.lang.pick("Wrong codes for your account", "Des codes faux pour votre compte");
    Recipient::of(to).letter("account.wrong-codes", subject, body, None)
}

/// News that an owner took the second factor away.
pub(super) fn factors_reset(app: &App, to: &Account) -> Letter {
    let at = components::instant(app.now(), to.lang);
    let body = match to.lang {
        Lang::En => format!(
            "Hello,\n\nAn owner removed the second factor and the recovery codes of your account on {at}, as is done when they \
             are lost. Your password stays.\n\nIf you did not ask for it, tell an owner at once.\n"
        ),
        Lang::Fr => format!(
            "Bonjour,\n\nUn propriétaire a retiré le second facteur et les codes de secours de votre compte le {at}, comme on le \
             fait quand ils sont perdus. Votre mot de passe reste le même.\n\nSi vous ne l'avez pas demandé, prévenez aussitôt \
             un propriétaire.\n"
        ),
    };
    let subject = to.lang.pick("Your second factor was removed", "Votre second facteur a été retiré");
    Recipient::of(to).letter("account.factors-reset", subject, body, None)
}
