//! What a controller does itself: it instructs us about a request it was told of, and asks us to act for a person who turned to
//! it (GDPR Art. 28(3)(a): on documented instructions, and Art. 28(3)(e)). Every question names the controller.

use super::receive::{NewRequest, admitted};
use super::{CLIENT_AREA, RequestRow, instruct_in, store};
use crate::{App, Kind, Refusal};
use kernel::{Actor, ControllerId, Personal, RequestId};

/// The longest instruction, in characters.
const NOTE_CHARS_MAX: usize = 2000;

/// A controller's instruction on one of its requests: to carry it out, or to refuse it.
///
/// # Errors
/// When this controller has no such request, or it does not wait for an instruction.
pub async fn instruct_of(
    app: &App,
    actor: Actor,
    controller: &ControllerId,
    id: &RequestId,
    carry_out: bool,
    note: &str,
) -> Result<(), Refusal> {
    let mut tx = app.store().begin(app.now(), actor).await?;
    let row = must_find_of(&mut tx, controller, id).await?;
    let note = note.trim();
    if note.chars().count() > NOTE_CHARS_MAX {
        return Err(too_long());
    }
    let note = (!note.is_empty()).then(|| Personal::new(row.subject.clone(), note.to_owned()));
    instruct_in(&mut tx, &row, carry_out, note).await?;
    Ok(tx.commit().await?)
}

/// A controller asks us in writing to act for one of its persons. It is told nothing it knows already: the request is logged
/// and instructed in one breath, and our clocks for instructions start.
///
/// # Errors
/// When the address is none, the words are missing or too long, no agreement is in force, or the same request is open.
pub async fn lodge(app: &App, actor: Actor, new: NewRequest) -> Result<RequestId, Refusal> {
    let words = new.note.trim().to_owned();
    if words.is_empty() {
        return Err(no_words());
    }
    if words.chars().count() > NOTE_CHARS_MAX {
        return Err(too_long());
    }
    let mut tx = app.store().begin(app.now(), actor).await?;
    // What the person wrote is not ours to know: these are the controller's words, and stand as its instruction.
    let new = NewRequest { note: String::new(), channel: CLIENT_AREA.to_owned(), ..new };
    let logged = admitted(&mut tx, new).await?;
    let row = store::must_find(&mut tx, &logged.request).await?;
    instruct_in(&mut tx, &row, true, Some(Personal::new(logged.subject, words))).await?;
    tx.commit().await?;
    Ok(logged.request)
}

async fn must_find_of(
    db: &mut impl ::store::Ask,
    controller: &ControllerId,
    id: &RequestId,
) -> Result<RequestRow, Refusal> {
    store::find_of(db, controller, id).await?.ok_or_else(|| Refusal::not_found("request", "demande"))
}

fn no_words() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "instruction",
        ["An instruction is in writing.", "Une instruction se donne par écrit."],
        ["Say what we shall do, and for whom.", "Dites ce que nous devons faire, et pour qui."],
    )
}

fn too_long() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "instruction-length",
        ["An instruction has at most 2,000 characters.", "Une instruction a 2 000 caractères au plus."],
        ["Say it more shortly; nothing was stored.", "Dites-la plus brièvement ; rien n'a été enregistré."],
    )
}
