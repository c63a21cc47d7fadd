//! Receiving a request: logged, its clocks started, the notice to its controller queued, in one transaction.

use super::{CHANNELS, RequestEvent, Right, letters, store};
use crate::parties::Controller;
use crate::{App, Kind, Refusal, agreements, duties, feature, notices, parties};
use ::store::Tx;
use agreement::promises::Event as Trigger;
use kernel::{Actor, ControllerId, Instant, Personal, RequestId, SubjectId};

/// A request as somebody logs it.
pub struct NewRequest {
    /// Whose data subject.
    pub controller: ControllerId,
    /// Which right.
    pub right: Right,
    /// The address the person is known by.
    pub email: String,
    /// What they wrote.
    pub note: String,
    /// `page`, `api`, `command-line`, `mail`, `telephone`, `letter`…
    pub channel: String,
    /// When it reached us; not in the future.
    pub received_at: Instant,
}

/// Logs a request. A request that is still open for the same person and right is not logged twice.
///
/// # Errors
/// When the address is none, the controller has no agreement in force, or the same request is open.
pub async fn receive(app: &App, actor: Actor, new: NewRequest) -> Result<RequestId, Refusal> {
    let mut tx = app.store().begin(app.now(), actor).await?;
    let request = receive_in(&mut tx, new).await?;
    tx.commit().await?;
    Ok(request)
}

/// Logs a request within a transaction of somebody else, such as that of the mail it came in.
///
/// # Errors
/// As [`receive`]; then nothing of the transaction may be committed.
pub(crate) async fn receive_in(tx: &mut Tx<'_>, new: NewRequest) -> Result<RequestId, Refusal> {
    let Logged { request, subject, controller, email, note, right, received_at } = admitted(tx, new).await?;
    let trigger = Trigger::RequestReceived;
    duties::trigger(tx, &controller.id, trigger, request.as_str(), received_at, &controller.place).await?;
    let answer_by = letters::answer_by(tx, received_at, &controller).await?;
    let told = letters::Told { request: &request, right, email: &email, note: &note, received_at, answer_by };
    if let Some(letter) = letters::forward(&controller, subject, &told) {
        let due = duties::limit(tx, &controller.id, request.as_str(), "requests.forward").await?;
        notices::queue(tx, notices::Letter { due, ..letter }).await?;
    }
    Ok(request)
}

/// A request that stands in the ledger, before anybody is told and any clock runs.
pub(super) struct Logged {
    pub(super) request: RequestId,
    pub(super) subject: SubjectId,
    controller: Controller,
    email: String,
    note: String,
    right: Right,
    received_at: Instant,
}

/// Logs a request that may be logged.
pub(super) async fn admitted(tx: &mut Tx<'_>, new: NewRequest) -> Result<Logged, Refusal> {
    let email = parties::email(&new.email)?;
    if new.received_at > tx.now() {
        return Err(in_the_future());
    }
    let controller = parties::must_find(tx, &new.controller).await?;
    if !agreements::store::in_force(tx, &controller.id).await? {
        return Err(no_agreement());
    }
    if store::open_twin(tx, &controller.id, &email, new.right).await? {
        return Err(twin());
    }
    let known = store::known_subject(tx, &controller.id, &email).await?;
    let subject = known.unwrap_or_else(|| SubjectId::new(tx.now(), tx.entropy()));
    let request = RequestId::new(tx.now(), tx.entropy());
    let note: String = new.note.trim().chars().take(4000).collect();
    let event = RequestEvent::Received {
        request: request.clone(),
        controller: controller.id.clone(),
        right: new.right,
        email: Personal::new(subject.clone(), email.clone()),
        note: (!note.is_empty()).then(|| Personal::new(subject.clone(), note.clone())),
        channel: if CHANNELS.contains(&new.channel.as_str()) { new.channel } else { "other".into() },
        received_at: new.received_at,
    };
    feature::append(tx, &[event]).await?;
    let (right, received_at) = (new.right, new.received_at);
    Ok(Logged { request, subject, controller, email, note, right, received_at })
}

fn in_the_future() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "received-in-future",
        [
            "A request cannot have been received in the future.",
            "Une demande ne peut pas avoir été reçue dans l'avenir.",
        ],
        ["Give the day and time it reached you.", "Donnez le jour et l'heure de son arrivée."],
    )
}

fn no_agreement() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "no-agreement",
        ["This controller has no agreement in force.", "Ce responsable n'a pas d'accord en vigueur."],
        [
            "Put its agreement in force first: the duties come from it.",
            "Mettez d'abord son accord en vigueur : les échéances en viennent.",
        ],
    )
}

fn twin() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "request-open",
        ["The same request of this person is open already.", "La même demande de cette personne est déjà ouverte."],
        ["Go on with that one; it is in the list.", "Poursuivez celle-là ; elle est dans la liste."],
    )
}
