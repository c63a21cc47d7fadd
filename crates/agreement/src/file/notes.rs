//! What a person should know of a term before confirming it, as comments of the file: that a figure is a proposal of
//! ours and not the text's, and what is left to decide.

use super::{FileTerm, Source};
use crate::names::{Shape, TermName};
use crate::reading::State;
use crate::{defaults, text};
use kernel::Lang;

/// The notes for one term, in the order to read them.
pub(super) fn of(term: &TermName, said: &FileTerm, lang: Lang) -> Vec<String> {
    [figure(term, said, lang), state(said.state).map(|words| lang.pick(words[0], words[1]).to_owned())]
        .into_iter()
        .flatten()
        .collect()
}

/// Whose figure it is, when it is not the text's.
fn figure(term: &TermName, said: &FileTerm, lang: Lang) -> Option<String> {
    let default = defaults::default_for(term.name)?;
    let shown = text::length(&default.value, default.working, lang);
    let reason = default.reason(lang);
    let ours = said.source == Source::Default;
    let open = term.shape == Shape::Duration && said.state == State::Vague && said.value.is_none();
    let counted = term.shape == Shape::Flag && said.promised() && said.source == Source::Document;
    let words = match (ours, open, counted) {
        (true, ..) => [
            format!("not in the text: a default of ours ({shown}): {reason}; to confirm it, write source = \"person\""),
            format!(
                "absent du texte : valeur par défaut proposée ({shown}) : {reason} ; pour la confirmer, écrivez \
                 source = \"person\""
            ),
        ],
        (_, true, _) => [
            format!("no figure in the text; we propose \"{}\" ({shown}): {reason}", default.value),
            format!("aucun délai dans le texte ; proposé : « {} » ({shown}) : {reason}", default.value),
        ],
        (.., true) => [
            format!("no figure in the text; a default of ours counts {shown}: {reason}"),
            format!("aucun délai dans le texte ; compté par défaut : {shown} : {reason}"),
        ],
        _ => return None,
    };
    Some(match lang {
        Lang::En => words[0].clone(),
        Lang::Fr => words[1].clone(),
    })
}

/// What the state leaves to decide.
fn state(state: State) -> Option<[&'static str; 2]> {
    match state {
        State::Stated | State::Vague | State::Silent => None,
        State::Conditional => Some([
            "only on a condition: the words above say which",
            "sous condition : les mots ci-dessus disent laquelle",
        ]),
        State::Staged => Some([
            "several values, by case: all are in `others`",
            "plusieurs valeurs, selon le cas : toutes sont dans `others`",
        ]),
        State::Conflicting => Some([
            "the text contradicts itself: keep one value, then write state = \"stated\" and source = \"person\"",
            "le texte se contredit : gardez une valeur, puis écrivez state = \"stated\" et source = \"person\"",
        ]),
        State::ByReference => Some([
            "in another document: write the value from there, state = \"stated\" and source = \"person\"",
            "dans un autre document : reportez-en la valeur, state = \"stated\" et source = \"person\"",
        ]),
        State::Placeholder => Some([
            "left blank in the text: write the value, state = \"stated\" and source = \"person\"",
            "laissé en blanc dans le texte : écrivez la valeur, state = \"stated\" et source = \"person\"",
        ]),
        State::Negated => Some(["the text excludes it", "le texte l'exclut"]),
    }
}
