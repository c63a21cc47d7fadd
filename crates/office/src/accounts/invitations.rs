//! Asking somebody to open an account. Nobody knows their first password but they: the link is theirs alone, works once
//! and holds for a week.

use super::events::Invited;
use super::{AccountEvent, Invitation, letters, model, password, store};
use crate::{App, Kind, Refusal, feature, notices, parties};
use ::store::Tx;
use kernel::{AccountId, Actor, ControllerId, Instant, Lang, Personal, Secret, SubjectId};
use vault::{Holder, Token};
use web::Role;

/// Days an invitation holds.
const LIFE_DAYS: i64 = 7;

/// Whom somebody asks to open an account.
#[derive(Clone)]
pub struct NewInvitation {
    /// The address to sign in with.
    pub email: String,
    /// The person's name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// The controller whose people they shall be of; none for the house's own.
    pub controller: Option<ControllerId>,
    /// Their language.
    pub lang: Lang,
    /// When their time here ends; an auditor's always does.
    pub until: Option<Instant>,
}

/// Asks somebody to open an account and queues the letter; gives the link, which the letter holds too.
///
/// # Errors
/// When it is not for `actor` to ask, the address is taken, asked already or none, or an auditor's time has no end.
pub async fn invite(app: &App, actor: Actor, new: NewInvitation) -> Result<Secret<String>, Refusal> {
    let email = crate::parties::email(&new.email)?;
    let (name, now) = (new.name.trim().to_owned(), app.now());
    if name.is_empty() || name.chars().count() > 200 {
        return Err(no_name());
    }
    ends(new.role, new.until, now)?;
    let member = model::member(new.role, new.controller)?;
    let token = Token::generate(app.store().entropy());
    let link = Secret::new(format!("{}/invitation/{}", app.public_url, token.text().expose()));
    let mut tx = app.store().begin(now, actor.clone()).await?;
    let holders = super::holders(&mut tx).await?;
    let acting = model::answering(&holders, actor.account(), member.controller())?;
    free(&mut tx, &email, now, acting.controller.as_ref()).await?;
    if let Some(controller) = member.controller() {
        parties::must_find(&mut tx, controller).await?;
    }
    let expires_at = Instant::from_millisecond(now.as_millisecond() + LIFE_DAYS * 86_400_000).unwrap_or(now);
    let invitation = Invitation {
        account: AccountId::new(now, tx.entropy()),
        subject: SubjectId::new(now, tx.entropy()),
        email,
        name,
        role: member.role(),
        controller: member.controller().cloned(),
        lang: new.lang,
        until: new.until,
        invited_at: now,
        expires_at,
    };
    let letter = letters::invitation(app, &invitation, link.clone());
    feature::append(&mut tx, &[AccountEvent::Invited(invited(invitation, token.digest()))]).await?;
    notices::queue(&mut tx, letter).await?;
    tx.commit().await?;
    Ok(link)
}

/// Whether an address can be asked. Somebody of a controller hears of their own controller's people alone: whom else the house
/// knows, they learn neither from an account nor from an invitation. The holder of the address does when they accept.
async fn free(tx: &mut Tx<'_>, email: &str, now: Instant, within: Option<&ControllerId>) -> Result<(), Refusal> {
    let told = |at: Option<&ControllerId>| within.is_none() || at == within;
    let known = store::find_by_email(tx, email).await?;
    if known.is_some_and(|known| told(known.controller.as_ref())) {
        return Err(super::taken());
    }
    let open = store::invitations(tx).await?;
    let mut waiting = open.iter().filter(|one| one.email == email && one.expires_at > now);
    if waiting.any(|one| told(one.controller.as_ref())) {
        return Err(asked());
    }
    Ok(())
}

fn invited(of: Invitation, digest: &str) -> Invited {
    Invited {
        email: Personal::new(of.subject.clone(), of.email),
        name: Personal::new(of.subject.clone(), of.name),
        account: of.account,
        subject: of.subject,
        role: of.role,
        controller: of.controller,
        lang: of.lang,
        until: of.until,
        digest: digest.to_owned(),
        expires_at: of.expires_at,
    }
}

/// The end of a person's time must lie ahead, and an auditor's must be set.
pub(super) fn ends(role: Role, until: Option<Instant>, now: Instant) -> Result<(), Refusal> {
    match until {
        None if role == Role::Auditor => Err(no_end()),
        Some(until) if until <= now => Err(past()),
        _ => Ok(()),
    }
}

/// Takes an invitation back: its link holds no more.
///
/// # Errors
/// When it is not for `actor` to take back, or there is no such invitation.
pub async fn withdraw(app: &App, actor: Actor, account: &AccountId) -> Result<(), Refusal> {
    let mut tx = app.store().begin(app.now(), actor.clone()).await?;
    let known = store::invitations(&mut tx).await?.into_iter().find(|known| known.account == *account);
    let controller = known.as_ref().and_then(|known| known.controller.as_ref());
    model::answering(&super::holders(&mut tx).await?, actor.account(), controller)?;
    if known.is_none() {
        return Err(Refusal::not_found("invitation", "invitation"));
    }
    feature::append(&mut tx, &[AccountEvent::InvitationWithdrawn { account: account.clone() }]).await?;
    tx.commit().await?;
    Ok(())
}

/// The invitation behind the token of a link; none when it holds no more, or never did.
///
/// # Errors
/// When the database fails.
pub(super) async fn behind(app: &App, token: &str) -> Result<Option<Invitation>, ::store::StoreError> {
    let Ok(token) = Token::parse(token) else { return Ok(None) };
    store::invitation_of(&mut app.store().read(), token.digest(), app.now()).await
}

/// Opens the account of an invitation with the password its holder chose.
///
/// # Errors
/// When the link holds no more, the address was taken meanwhile, or the password is too weak.
pub(super) async fn accept(app: &App, token: &str, chosen: Secret<String>) -> Result<AccountId, Refusal> {
    let invitation = behind(app, token).await?.ok_or_else(no_link)?;
    let hash = password::chosen(app, chosen, Holder { email: &invitation.email, name: &invitation.name })?;
    let digest = Token::parse(token).map_err(|_| no_link())?.digest().to_owned();
    let mut tx = app.store().begin(app.now(), Actor::Account(invitation.account.clone())).await?;
    let still = store::invitation_of(&mut tx, &digest, app.now()).await?.ok_or_else(no_link)?;
    if store::find_by_email(&mut tx, &still.email).await?.is_some() {
        return Err(super::taken());
    }
    let event = AccountEvent::Opened {
        account: still.account.clone(),
        email: Personal::new(still.subject.clone(), still.email),
        name: Personal::new(still.subject.clone(), still.name),
        password: Personal::new(still.subject.clone(), hash),
        subject: still.subject,
        role: still.role,
        controller: still.controller,
        lang: still.lang,
        until: still.until,
    };
    feature::append(&mut tx, &[event]).await?;
    tx.commit().await?;
    Ok(still.account)
}

/// A link that was used, taken back, is out of date, or never was: all alike.
pub(super) fn no_link() -> Refusal {
    Refusal::new(
        Kind::NotFound,
        "link",
        ["This link holds no more.", "Ce lien ne vaut plus."],
        ["Ask for a new one.", "Demandez-en un nouveau."],
    )
}

fn asked() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "invited",
        ["This person has been invited already.", "Cette personne a déjà été invitée."],
        ["Withdraw the invitation first to send another.", "Retirez d'abord l'invitation pour en envoyer une autre."],
    )
}

fn no_name() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "name",
        ["A name has 1 to 200 characters.", "Un nom a de 1 à 200 caractères."],
        [
            "Write the person's name: accounts are named ones.",
            "Écrivez le nom de la personne : les comptes sont nominatifs.",
        ],
    )
}

fn no_end() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "until",
        ["An auditor's account has an end.", "Le compte d'un auditeur a une fin."],
        ["Say on which day the audit is over.", "Dites quel jour l'audit s'achève."],
    )
}

fn past() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "until",
        ["That end is already past.", "Cette fin est déjà passée."],
        ["Choose a day ahead.", "Choisissez un jour à venir."],
    )
}
