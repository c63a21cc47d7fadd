//! Queueing: a letter is made from its kind, the wording that holds, and what it tells, in the transaction of the entry that
//! obliges us to send it.

use super::enclosures::{self, Enclosure};
use super::events::Queued;
use super::{LetterKind, NoticeEvent, To, ics, kinds, quiet, store, wording, wordings};
use crate::parties::{self, Contact, Controller};
use crate::{calendars, feature};
use ::store::{StoreError, Tx};
use kernel::{ControllerId, Instant, Lang, NoticeId, Personal, Place, Secret, SubjectId};

/// A letter to queue.
pub struct Letter {
    /// Its kind, such as `request.forward`.
    pub kind: &'static str,
    /// Whose log it belongs to; none for a letter to one of our own people.
    pub controller: Option<ControllerId>,
    /// What it is about, such as a request.
    pub record: String,
    /// Its language.
    pub lang: Lang,
    /// What it tells, by the names of the kind's fields.
    pub values: Vec<(&'static str, String)>,
    /// To whom.
    pub to: Personal<String>,
    /// Under whose key the text is sealed: the data subject it speaks of, else the recipient.
    pub about: SubjectId,
    /// What only the recipient may read: it takes the place of [`SECRET`] in the text as the letter leaves.
    pub secret: Option<Secret<String>>,
    /// Where the recipient is; none for the house's own place.
    pub place: Option<Place>,
    /// The limit of the duty it serves: quiet hours do not hold it beyond that.
    pub due: Option<Instant>,
    /// What goes with it.
    pub enclosures: Vec<Enclosure>,
    /// A day to keep, sent as a file for calendars.
    pub day: Option<Day>,
}

/// A day that a letter names.
pub struct Day {
    /// Which.
    pub due: ics::Due,
    /// What it is; it names nobody.
    pub title: String,
    /// Where to read more.
    pub link: String,
}

/// Where a letter's secret goes. What is kept of the letter, and shown to our people, has this instead.
pub const SECRET: &str = "{secret}";

impl Letter {
    /// A letter to one of our own people.
    #[must_use]
    pub fn to_account(
        kind: &'static str,
        record: &str,
        subject: SubjectId,
        email: String,
        lang: Lang,
        values: Vec<(&'static str, String)>,
    ) -> Self {
        Self {
            kind,
            controller: None,
            record: record.to_owned(),
            lang,
            values,
            about: subject.clone(),
            to: Personal::new(subject, email),
            secret: None,
            place: None,
            due: None,
            enclosures: Vec::new(),
            day: None,
        }
    }

    /// A letter to a controller, sealed under the key of `about`; none when its contact has been erased.
    #[must_use]
    pub fn to_controller(
        kind: &'static str,
        controller: &Controller,
        record: &str,
        about: SubjectId,
        values: Vec<(&'static str, String)>,
    ) -> Option<Self> {
        let email = controller.contact.clone()?;
        let letter = Self::to_account(kind, record, controller.subject.clone(), email, controller.lang, values);
        let place = Some(controller.place.clone());
        Some(Self { controller: Some(controller.id.clone()), about, place, ..letter })
    }
}

/// Queues a letter; a kind that goes to both contacts becomes two letters. Gives the first.
///
/// # Errors
/// When the database fails, or no feature declares its kind.
pub async fn queue(tx: &mut Tx<'_>, letter: Letter) -> Result<NoticeId, StoreError> {
    let kind = kinds::kind(letter.kind)
        .ok_or_else(|| StoreError::Damaged(format!("no feature declares the letter `{}`", letter.kind)))?;
    let wording = wordings::holding(tx, kind, letter.lang).await?;
    let first = one(tx, kind, &wording, &letter, &letter.to).await?;
    if let (To::BothContacts, Some(controller)) = (kind.to, &letter.controller) {
        for contact in parties::contacts(tx, controller).await?.iter().filter(|contact| contact.is_administrator()) {
            if let Some(to) = other_than(&letter.to, contact) {
                one(tx, kind, &wording, &letter, &to).await?;
            }
        }
    }
    Ok(first)
}

fn other_than(to: &Personal<String>, contact: &Contact) -> Option<Personal<String>> {
    let email = contact.email.clone().filter(|email| to.reveal() != Some(email))?;
    Some(Personal::new(contact.id.clone(), email))
}

async fn one(
    tx: &mut Tx<'_>,
    kind: &LetterKind,
    wording: &wording::Wording,
    letter: &Letter,
    to: &Personal<String>,
) -> Result<NoticeId, StoreError> {
    let notice = NoticeId::new(tx.now(), tx.entropy());
    if let Some(secret) = &letter.secret {
        let sealed = tx.seal_secret(&to.subject, notice.as_str(), secret).await?;
        store::keep_secret(tx, &notice, sealed).await?;
    }
    let rendered = wording::render(wording, &letter.values);
    let files = enclosures::keep(tx, &notice, letter).await?;
    let event = Queued {
        notice: notice.clone(),
        controller: letter.controller.clone(),
        record: letter.record.clone(),
        letter: kind.name.to_owned(),
        wording: Some(wording.version.clone()),
        lang: Some(letter.lang),
        discharges: kind.discharges.map(str::to_owned),
        to: to.clone(),
        subject: rendered.subject,
        body: Personal::new(letter.about.clone(), rendered.body),
        not_before: not_before(tx, kind, letter).await?,
        has_secret: letter.secret.is_some(),
        instead_of: None,
        files,
    };
    feature::append(tx, &[NoticeEvent::Queued(Box::new(event))]).await?;
    Ok(notice)
}

/// Until when it waits for office hours, if it does.
async fn not_before(tx: &mut Tx<'_>, kind: &LetterKind, letter: &Letter) -> Result<Option<Instant>, StoreError> {
    if kind.urgent || !store::quiet_hours(tx).await? {
        return Ok(None);
    }
    let place = match &letter.place {
        Some(place) => place.clone(),
        None => calendars::house(tx).await?,
    };
    Ok(quiet::not_before(tx.now(), &place, letter.due))
}

/// The same letter to another contact, because the first did not arrive. It goes at once.
///
/// # Errors
/// When the database fails.
pub(super) async fn repeat(
    tx: &mut Tx<'_>,
    row: &store::NoticeRow,
    to: Personal<String>,
) -> Result<Option<NoticeId>, StoreError> {
    // What only its recipient may read is nobody else's.
    let Some(body) = row.body.clone().filter(|_| !row.has_secret) else { return Ok(None) };
    let notice = NoticeId::new(tx.now(), tx.entropy());
    let event = Queued {
        notice: notice.clone(),
        controller: row.controller.clone(),
        record: row.record.clone(),
        letter: row.letter.clone(),
        wording: row.wording.clone(),
        lang: Some(row.lang),
        discharges: row.discharges.clone(),
        to,
        subject: row.subject.clone(),
        body: Personal::new(row.about_subject.clone(), body),
        not_before: None,
        has_secret: false,
        instead_of: Some(row.id.clone()),
        files: store::files(tx, &row.id).await?,
    };
    feature::append(tx, &[NoticeEvent::Queued(Box::new(event))]).await?;
    Ok(Some(notice))
}
