//! Where we looked. That a text says nothing of a matter can only be believed of somebody who tells what they read.

use crate::reading::{Notes, Place, Searched};

/// How much was read, and the places that speak of the matter; nothing for what is no silence, or was not read.
pub(super) fn searched(topic: Option<&str>, notes: &Notes) -> Option<Searched> {
    let topic = format!("topic.{}", topic?);
    if notes.unread() {
        return None;
    }
    let near = notes.named(&topic).map(|note| Place { clause: note.clause.clone(), span: note.span }).collect();
    Some(Searched { sentences: notes.sentences, clauses: notes.clauses, near })
}
