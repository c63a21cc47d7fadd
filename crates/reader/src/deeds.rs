//! Names known by what they do: who "shall notify" is a party, and what is said of it tells which.

use crate::pattern::written;
use crate::{
    fold::folded,
    grammar::Words,
    heads,
    names::{self, NAME, Named, by_context, front, generic, trimmed},
    stated,
};
use regex::Regex;
use std::{collections::BTreeMap, sync::LazyLock};

static SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    written(&format!(
        "({NAME})(?:['’]s\\s+(?:(?:role|capacity|position)\\s+as|processing\\s+of)|\\s+(?:shall|will|undertakes|agrees|may|acts|is|acknowledges|s['’ ]engage|assiste|notifie|peut|traite|met|informe|veille|agit|ne|tient|garantit))(?-u:\\b)"
    ))
});
static COMPANY: LazyLock<Regex> = LazyLock::new(|| {
    written(&format!(
        r"(?:(?i:société|company|association|entre|between)\s+({NAME}))|(?:({NAME}),? (?:S\.A\.S?|SASU?|SARL|GmbH|Ltd|Inc|LLC|B\.?V|A\.?G|S\.A)(?-u:\b)\.?)"
    ))
});
static TRADE: LazyLock<Regex> = LazyLock::new(|| {
    written(
        r"(?:marque commerciale|nom commercial|trade name|trading as|d/b/a)\s+(\p{Lu}[\p{L}\d&.-]*(?: \p{Lu}[\p{L}\d&.-]*){0,3})",
    )
});

/// What anybody does: who does such things all along is a party, who does one of them may be anybody.
static DOES: LazyLock<Regex> = LazyLock::new(|| {
    let english = "process(?:es)?|provides?|appl(?:y|ies)|uses?|maintains?|notif(?:y|ies)|ensures?|keeps?|stores?|hosts?|offers?|operates?|engages?|collects?|handles?|has|does|deletes?|assists?|relies|remains?";
    let french = "est|applique|fournit|héberge|utilise|conserve|collecte|stocke|dispose|assure|propose|exploite|édite|gère|chiffre|recourt|prévient|prend|reste|supprime|intervient|transmet|n['’]|s['’]appuie|a mis";
    written(&format!(r"({NAME})\s+(?:{english}|{french})(?-u:\b)"))
});

/// "4. Obligations of Riverbank": a part of the agreement is about what it owes.
static OWES: LazyLock<Regex> = LazyLock::new(|| {
    written(&format!(
        "(?m)^[#*\\d.) ]*(?:(?:Article|Section|Clause) \\d+ ?[-–—:.]? ?)?(?:Obligations?|Engagements?|Commitments|Duties|Undertakings) (?:de |du |d['’]|of )({NAME})[*: ]*$|^[#*\\d.) ]*({NAME})['’]s (?:[Oo]bligations|[Cc]ommitments|[Dd]uties)[*: ]*$"
    ))
});

/// So often a name does something before it is taken for a party.
const DOES_MIN: usize = 3;
/// So far a company is named as a party, in bytes.
const NAMED_MAX: usize = 4_000;
/// So many names are looked at.
const CANDIDATES_MAX: usize = 24;

/// Names that act: who "shall notify" is a party, and what is said of it tells which.
pub(crate) fn by_deeds(text: &str, words: &Words, found: &mut Vec<Named>, notice: bool) {
    let front = front(text);
    let counts = candidates(front, words);
    if !notice {
        by_statement(front, words, found);
    }
    for party in found.iter_mut().filter(|party| party.role == '?') {
        let names = party.called.iter().chain([&party.name]).cloned().collect::<Vec<_>>();
        party.role = names.iter().find_map(|name| evidence(front, name, words)).unwrap_or('p');
    }
    if notice {
        // "X LLP ("we", "us")": the author, who is the controller.
        found.retain(|party| party.called.iter().any(|call| words.has("author_called", &folded(call))));
        found.iter_mut().for_each(|party| party.role = 'c');
    }
    let missing = if notice { 'c' } else { 'p' };
    let named = found.iter().any(|party| party.role == missing && generic(words, &party.name) != Some(missing));
    let called = found.iter().any(|party| party.role == missing && !party.called.is_empty());
    let proven = |name: &String| !called || evidence(front, name, words) == Some(missing);
    if !named && let Some(name) = best(front, &counts, words, notice, found).filter(proven) {
        let range = with_form(front, &name);
        let short = name;
        let name = front[range.clone()].to_owned();
        let known = found.iter_mut().find(|party| party.role == missing);
        match known {
            Some(party) => {
                party.called.push(std::mem::replace(&mut party.name, name));
                party.range = range;
                party.aliases.push(short);
            }
            None => {
                found.push(Named { aliases: vec![short], ..Named::bare(missing, name, range) });
            }
        }
    }
    for (trade, range) in TRADE.captures_iter(front).filter_map(|hit| hit.get(1)).map(|hit| (hit.as_str(), hit.range()))
    {
        if let Some(party) = found.iter_mut().find(|party| {
            party.role == missing && party.range.end <= range.start && range.start - party.range.end < 200
        }) {
            party.aliases.push(trade.to_owned());
        }
    }
    if !notice && !found.iter().any(|party| party.role == 'c') {
        found.extend(acting_controller(front, &counts, words, found).or_else(|| generic_controller(front, words)));
    }
    if !notice && !found.iter().any(|party| party.role == 'p') {
        found.extend(generic_processor(front, words));
    }
    found.sort_by_key(|party| (party.role, party.range.start));
    found.dedup_by(|later, first| later.role == first.role && later.name == first.name);
}

/// Where a name stands first with its legal form, else where it stands first.
fn with_form(text: &str, name: &str) -> std::ops::Range<usize> {
    let first = text.find(name).map_or(0..0, |at| at..at + name.len());
    let longer = text.match_indices(name).take(CANDIDATES_MAX).find_map(|(at, _)| {
        let end = at + name.len();
        let rest = &text[end..];
        let form = names::form(rest.trim_start_matches([',', ' ']))?;
        let gap = rest.len() - rest.trim_start_matches([',', ' ']).len();
        (1..=2).contains(&gap).then_some(at..end + gap + form)
    });
    longer.filter(|_| !names::is_formal(name)).unwrap_or(first)
}

/// "The School is the controller and Beech the processor": who has a role so has it, unless somebody is defined in it.
fn by_statement(text: &str, words: &Words, found: &mut Vec<Named>) {
    for party in stated::both(text, words).into_iter().chain(stated::named(text, words)) {
        let same = |known: &Named| {
            known.name == party.name || known.called.contains(&party.name) || known.aliases.contains(&party.name)
        };
        if let Some(known) = found.iter_mut().find(|known| same(known)) {
            if known.role == '?' {
                known.role = party.role;
            }
            continue;
        }
        let worded = |known: &Named| words.has("legal_role", &folded(&known.name)) && !names::is_blank(&known.name);
        match found.iter_mut().find(|known| known.role == party.role) {
            Some(known) if worded(known) => {
                known.aliases.push(std::mem::replace(&mut known.name, party.name));
                known.range = party.range;
            }
            Some(_) => {}
            None => found.push(party),
        }
    }
}

fn candidates(text: &str, words: &Words) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    let hits = SUBJECT.captures_iter(text).filter_map(|hit| hit.get(1));
    let mut deeds = BTreeMap::new();
    for hit in DOES.captures_iter(text).filter_map(|hit| hit.get(1)) {
        deeds.entry(hit.as_str()).or_insert_with(Vec::new).push(hit);
    }
    // Where "the Processor" owes the duties, who does everyday things is a helper.
    let unnamed = generic_processor(text, words).is_none();
    let acts = |hits: &Vec<regex::Match<'_>>| {
        let proven = || evidence(text, hits[0].as_str(), words) == Some('p');
        unnamed && hits.len() >= DOES_MIN || hits.len() >= 2 && proven()
    };
    let often = deeds.into_values().filter(acts).flatten();
    // A company that does nothing in the text counts near its front only: further on, lists name others.
    let companies = COMPANY
        .captures_iter(text)
        .filter_map(|hit| hit.get(1).or_else(|| hit.get(2)))
        .filter(|hit| hit.start() < NAMED_MAX);
    for hit in hits.chain(companies).chain(often).chain(owing(text)) {
        let (name, _) = trimmed(text, hit.range());
        let phrase = folded(&name);
        let known = words.lexicon.iter().any(|(word, _)| *word == phrase)
            || words.generic.iter().any(|(word, _)| *word == phrase);
        let small = name.starts_with(char::is_lowercase) && !names::is_formal(&name);
        if name.len() > 1 && !small && !known && !words.has("no_name", &phrase) && !heads::is_country(words, &phrase) {
            *counts.entry(name).or_insert(0) += 1;
        }
    }
    counts
}

/// Whose obligations have a title.
fn owing(text: &str) -> impl Iterator<Item = regex::Match<'_>> {
    OWES.captures_iter(text).filter_map(|hit| hit.get(1).or_else(|| hit.get(2))).take(CANDIDATES_MAX)
}

fn best(text: &str, counts: &BTreeMap<String, usize>, words: &Words, notice: bool, found: &[Named]) -> Option<String> {
    let controllers: Vec<&String> = found
        .iter()
        .filter(|party| party.role == 'c')
        .flat_map(|party| party.called.iter().chain([&party.name]))
        .collect();
    let mut likely: Vec<(&String, &usize)> = counts.iter().filter(|(name, _)| !controllers.contains(name)).collect();
    likely.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), *name));
    let owing: Vec<&str> = owing(text).map(|hit| hit.as_str()).collect();
    likely
        .into_iter()
        .take(CANDIDATES_MAX)
        .map(|(name, count)| {
            let proven = !notice && (evidence(text, name, words) == Some('p') || owing.contains(&name.as_str()));
            let proof = usize::from(proven) * 1_000;
            (proof + count * 10 + text.matches(name.as_str()).count(), name)
        })
        .max_by_key(|(score, name)| (*score, std::cmp::Reverse(name.len())))
        .map(|(_, name)| name.clone())
}

/// The roles that the text gives a name, place after place.
pub(crate) fn said_of(text: &str, name: &str, words: &Words) -> impl Iterator<Item = char> {
    text.match_indices(name).take(60).filter_map(|(at, _)| by_context(text, &(at..at + name.len()), words))
}

/// What the text says of a name, wherever it stands.
pub(crate) fn evidence(text: &str, name: &str, words: &Words) -> Option<char> {
    let mut said = said_of(text, name, words);
    let first = said.next()?;
    if first == 'p' || said.any(|role| role == 'p') { Some('p') } else { Some(first) }
}

/// "The Shop acts as controller": the name of which the text says so.
fn acting_controller(text: &str, counts: &BTreeMap<String, usize>, words: &Words, found: &[Named]) -> Option<Named> {
    let known = |name: &String| found.iter().any(|party| party.name == *name || party.called.contains(name));
    let name = counts.keys().find(|name| !known(name) && evidence(text, name, words) == Some('c'))?;
    let at = text.find(name.as_str())?;
    Some(Named::bare('c', name.clone(), at..at + name.len()))
}

/// "Fournisseur", when a charter names nobody and speaks of its processor all along.
fn generic_processor(text: &str, words: &Words) -> Option<Named> {
    generic_party(text, words, 'p').filter(|(_, count)| *count >= 3).map(|(party, _)| party)
}

/// "Client", when nobody is named.
fn generic_controller(text: &str, words: &Words) -> Option<Named> {
    // Only ASCII letters change, so that every byte keeps its place.
    let lower = text.to_ascii_lowercase();
    let you = words.cues.get("you_controller").and_then(|cue| cue.find(&lower));
    if let Some(you) = you {
        let range =
            you.start()..you.start() + lower[you.range()].find(|c: char| !c.is_alphabetic()).unwrap_or(you.len());
        return Some(Named::bare('c', lower[range.clone()].to_owned(), range));
    }
    let party = generic_party(text, words, 'c');
    // The law's word, or one said in passing, says less than on whose behalf data are processed.
    let sure = |(party, count): &(Named, usize)| *count >= DOES_MIN && !words.has("legal_role", &folded(&party.name));
    let named = party.as_ref().filter(|party| sure(party)).map(|(party, _)| party.clone());
    let behalf = || stated::on_behalf(text, words);
    named.or_else(behalf).or(party.map(|(party, _)| party)).or_else(|| addressed(&lower, words))
}

/// "We process it on your behalf": who is spoken to is the controller, when nothing else names one.
fn addressed(lower: &str, words: &Words) -> Option<Named> {
    words.cues.get("you_instruct").filter(|cue| cue.is_match(lower))?;
    let you = words.cues.get("you_word")?.find(lower)?;
    Some(Named::bare('c', lower[you.range()].to_owned(), you.range()))
}

/// The generic word a text uses most for a role, and how often. "Customer" is how people call a party,
/// "controller" only what the law calls it: the everyday word wins unless it is rare.
fn generic_party(text: &str, words: &Words, role: char) -> Option<(Named, usize)> {
    let lower = text.to_ascii_lowercase();
    let spelt = |word: &str| [word.to_owned(), word.replace(' ', "-")];
    let mut counts: Vec<(usize, String)> = words
        .generic
        .iter()
        .filter(|(_, of)| *of == role)
        .flat_map(|(word, _)| spelt(word))
        .map(|word| {
            let named = |at: &usize| !is_named_so(text, &(*at..at + word.len()));
            (said(&lower, &word).filter(named).count(), word)
        })
        .filter(|(count, _)| *count > 0)
        .collect();
    let most = |legal: bool| {
        let of = counts.iter().filter(|(_, word)| words.has("legal_role", word) == legal);
        of.map(|(count, _)| *count).max().unwrap_or(0)
    };
    let everyday = most(false) >= 3 && most(false) * 3 >= most(true);
    counts.retain(|(_, word)| !everyday || !words.has("legal_role", word));
    let (count, mut word) = counts.iter().max()?.clone();
    // "Responsable de traitement" is also counted as "responsable".
    if let Some(longer) =
        counts.iter().find(|(other, long)| other * 2 >= count && long.starts_with(&word) && *long != word)
    {
        word.clone_from(&longer.1);
    }
    let at = said(&lower, &word).find(|at| !is_named_so(text, &(*at..at + word.len())))?;
    let range = at..at + word.len();
    Some((Named::bare(role, text[range.clone()].to_owned(), range), count))
}

/// Where a word is said, and is no field of a template ("{company.name}").
fn said<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    text.match_indices(word).map(|(at, _)| at).filter(|at| !text[..*at].ends_with(['{', '$', '[']))
}

/// "Clear Company": a word that ends a name is no word for a role.
fn is_named_so(text: &str, range: &std::ops::Range<usize>) -> bool {
    let word = text[..range.start].strip_suffix(' ').unwrap_or_default();
    let word = word.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    text[range.clone()].starts_with(char::is_uppercase)
        && word.starts_with(char::is_uppercase)
        && !ARTICLES.contains(&word.to_lowercase().as_str())
}

/// Before a word for a role they leave it one.
const ARTICLES: [&str; 16] = [
    "the", "each", "our", "your", "a", "an", "any", "le", "la", "les", "un", "une", "chaque", "notre", "votre", "data",
];

/// Whether a word begins with a capital more often than not, and the text says it again: a name, no common word.
pub(crate) fn is_named(text: &str, name: &str) -> bool {
    let times = text.matches(name).count() + text.matches(&name.to_uppercase()).count();
    times >= 2 && text.matches(&name.to_lowercase()).count() * 2 < times
}
