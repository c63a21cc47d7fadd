//! What both language versions say of each term, party and sub-processor, where their sentences gave no sign.
//!
//! The grammars of two languages miss different phrasings, so a term that only one reading has is no difference by
//! itself: either its sentence has an answer, or its sentence was told already as missing.

use super::{
    Side,
    align::Match,
    pair::{Kind, Told},
    segments::Prepared,
};
use agreement::{
    names::{self, Shape, TERMS},
    reading::{Span, State, Term},
    text::read_value_text,
};
use kernel::Lang;

type Placed = (Told, Option<Side>, Option<Side>);

/// Differences that no sentence told.
pub(super) fn between(
    en: &Prepared,
    fr: &Prepared,
    matches: &[Match],
    told: &[(Kind, Option<Side>, Option<Side>)],
) -> Vec<Placed> {
    let mut found = Vec::new();
    for name in TERMS {
        let (Some(left), Some(right)) = (en.reading.term(name.name), fr.reading.term(name.name)) else { continue };
        if differ(name.shape, left, right) && !is_told(left, right, told) && together(en, fr, matches, left, right) {
            found.push(term(left, right));
        }
    }
    found.extend(parties(en, fr));
    found.extend(subprocessors(en, fr, told));
    found
}

/// Both say it, and not the same. Words as written differ by translation alone.
fn differ(shape: Shape, left: &Term, right: &Term) -> bool {
    let said = |term: &Term| !matches!(term.state, State::Silent);
    let valued = |term: &Term| !term.value.is_null();
    if !said(left) || !said(right) || shape == Shape::Text {
        return false;
    }
    let negated = (left.state == State::Negated) != (right.state == State::Negated);
    let figure = shape == Shape::Duration && valued(left) != valued(right);
    let value = valued(left) && valued(right) && (left.value != right.value || left.days != right.days);
    negated || figure || (value && shape != Shape::List)
}

fn is_told(left: &Term, right: &Term, told: &[(Kind, Option<Side>, Option<Side>)]) -> bool {
    let within = |side: &Option<Side>, span: Option<Span>| {
        side.as_ref().zip(span).is_some_and(|(side, span)| side.span[0] < span[1] && span[0] < side.span[1])
    };
    told.iter().any(|(_, en, fr)| within(en, left.span) || within(fr, right.span))
}

/// The sentences the two were read from answer each other; read from elsewhere, they are about something else.
fn together(en: &Prepared, fr: &Prepared, matches: &[Match], left: &Term, right: &Term) -> bool {
    let hit = |document: &Prepared, range: &std::ops::Range<usize>, span: Option<Span>| {
        document.side(range).zip(span).is_some_and(|(side, span)| side.span[0] < span[1] && span[0] < side.span[1])
    };
    matches.iter().any(|found| hit(en, &found.left, left.span) && hit(fr, &found.right, right.span))
}

fn term(left: &Term, right: &Term) -> Placed {
    let side = |term: &Term| term.span.map(|span| Side { span, text: term.text.clone(), clause: term.clause.clone() });
    let title = |lang: Lang| names::find(&left.name).map_or("", |name| lang.pick(name.en, name.fr));
    let value = |term: &Term, lang| read_value_text(term, lang);
    let words = [
        format!("{}: English says {}, French says {}", title(Lang::En), value(left, Lang::En), value(right, Lang::En)),
        format!(
            "{} : l'anglais dit {}, le français dit {}",
            title(Lang::Fr),
            value(left, Lang::Fr),
            value(right, Lang::Fr)
        ),
    ];
    (Told { kind: Kind::Term, words }, side(left), side(right))
}

/// A name with a legal form is written alike in every language.
fn parties(en: &Prepared, fr: &Prepared) -> Vec<Placed> {
    let mut found = Vec::new();
    for role in ["controller", "processor"] {
        let named = |of: &Prepared| of.reading.parties.iter().find(|party| party.role == role).cloned();
        let (Some(left), Some(right)) = (named(en), named(fr)) else { continue };
        if alike(&left.name, &right.name) || !proper(&left.name) || !proper(&right.name) {
            continue;
        }
        let words = [
            format!("{role}: English names {}, French names {}", left.name, right.name),
            format!(
                "{} : l'anglais nomme {}, le français nomme {}",
                if role == "controller" { "responsable du traitement" } else { "sous-traitant" },
                left.name,
                right.name
            ),
        ];
        let side =
            |party: &agreement::reading::Party| Some(Side { span: party.span, text: party.name.clone(), clause: None });
        found.push((Told { kind: Kind::Party, words }, side(&left), side(&right)));
    }
    found
}

/// More than one word, or a capital inside: no "client".
fn proper(name: &str) -> bool {
    name.starts_with(char::is_uppercase) && (name.contains(' ') || name.contains('-'))
}

fn alike(left: &str, right: &str) -> bool {
    let plain = |name: &str| crate::fold::folded(name).replace(['.', ',', ' ', '"'], "");
    plain(left) == plain(right)
}

fn subprocessors(en: &Prepared, fr: &Prepared, told: &[(Kind, Option<Side>, Option<Side>)]) -> Vec<Placed> {
    let overlaps = |side: &Option<Side>, span: Span| {
        side.as_ref().is_some_and(|side| side.span[0] < span[1] && span[0] < side.span[1])
    };
    let mut found = Vec::new();
    let missing = |of: &Prepared, other: &Prepared| -> Vec<agreement::reading::Subprocessor> {
        // A name the other text holds anywhere is there; reading it as a list is another matter.
        let known = |name: &str| crate::fold::folded(other.text.as_str()).contains(&crate::fold::folded(name));
        of.reading.subprocessors.iter().filter(|sub| !known(&sub.name)).cloned().collect()
    };
    for (english, of, other) in [(true, en, fr), (false, fr, en)] {
        for sub in missing(of, other) {
            if told.iter().any(|(_, left, right)| overlaps(if english { left } else { right }, sub.span)) {
                continue;
            }
            let words = [
                format!(
                    "sub-processor {} that only the {} text names",
                    sub.name,
                    if english { "English" } else { "French" }
                ),
                format!(
                    "sous-traitant ultérieur {} que seul nomme le texte {}",
                    sub.name,
                    if english { "anglais" } else { "français" }
                ),
            ];
            let side = Some(Side { span: sub.span, text: sub.name.clone(), clause: None });
            let (left, right) = if english { (side, None) } else { (None, side) };
            found.push((Told { kind: Kind::Subprocessor, words }, left, right));
        }
    }
    found
}
