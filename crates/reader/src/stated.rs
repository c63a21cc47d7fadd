//! Sentences that say who is what: "the School shall be the controller and Beech Ltd the processor". They name the
//! parties where no definition does, and where a definition only repeats the law's own word.

use crate::pattern::written;
use crate::{
    deeds,
    fold::folded,
    grammar::Words,
    heads,
    names::{NAME, Named, generic, is_formal, trimmed},
};
use regex::{Captures, Match, Regex};
use std::{ops::Range, sync::LazyLock};

/// The law's words for the roles.
static LAW: LazyLock<Regex> =
    LazyLock::new(|| written(r"[Cc]ontroller|[Pp]rocessor|[Rr]esponsable|[Ss]ous-[Tt]raitant"));
/// Both roles in one sentence.
static BOTH: LazyLock<Regex> = LazyLock::new(|| {
    let article = "(?:[Tt]he |[Ll]e |[Ll]a |[Ll]['’]|[Ee]ach |[Cc]haque |[Uu]n |[Uu]ne )";
    let who = format!("({article}?(?:{NAME}?|\\p{{Ll}}+))");
    let is = "(?:is|are|acts?|shall be|shall act|will be|will act|est|agit|intervient|demeure|remains?)(?: (?:as|en (?:sa )?qualité de|en tant que|comme|the|a|an|le|la|un|une|sole|seul|always|toujours))*";
    let role = "(?:[Dd]ata )?([Cc]ontroller|[Pp]rocessor|[Rr]esponsable (?:de|du) [Tt]raitement|[Ss]ous-[Tt]raitant)";
    let as_well = "(?: (?:as|the|a|its|en (?:sa )?qualité de|en tant que|comme|le|la|un|son))*";
    written(&format!(
        "(?:^|[^\\p{{L}}]){who}\\s+{is}\\s+{role}(?:[^.;\\n\\p{{L}}]|\\s(?:of|for|de|des|du|within|au)(?-u:\\b)[^.;\\n]*?)?[,\\s]*(?:and|et|while|whereas|tandis que|alors que|,)\\s+{who},?(?:\\s+{is}|{as_well})\\s+{role}(?-u:\\b)"
    ))
});

/// The role first.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    written(&format!(
        "(?:^|[.;:\\n]\\s?)\\**(?:[Tt]he |[Ll]e )\\**(?:[Dd]ata )?(?P<role>[Cc]ontroller|[Pp]rocessor|[Rr]esponsable (?:de|du) [Tt]raitement|[Ss]ous-[Tt]raitant)\\**\\s+(?:is|shall be|will be|est|sera)\\s+(?:la société |the company )?(?P<who>(?:the |le |la |l['’])?{NAME})"
    ))
});

/// "the processor, Beech Ltd, …".
static COMMA: LazyLock<Regex> = LazyLock::new(|| {
    written(&format!(
        "(?:[Tt]he |[Ll]e )(?:[Dd]ata )?(?P<role>[Cc]ontroller|[Pp]rocessor|[Rr]esponsable (?:de|du) [Tt]raitement|[Ss]ous-[Tt]raitant), (?:la société |the company )?(?P<who>{NAME})(?:,| \\()"
    ))
});

/// "- the **Club** (a client of X), **controller** of the data": an item that names a party and what it is.
static ITEM: LazyLock<Regex> = LazyLock::new(|| {
    written(&format!(
        "(?m)^(?:[-•*–] ?|\\d[.)] ?)\\**(?:[Tt]he |[Ll]e |[Ll]a |[Ll]['’])?\\**(?P<who>{NAME})\\**(?: \\([^()\\n]{{0,80}}\\))?(?:, [^\\n,;:]{{0,80}})?, \\**(?:as |the |the data |en qualité de |le )?\\**(?P<role>[Cc]ontroller|[Pp]rocessor|[Rr]esponsable (?:de|du) [Tt]raitement|[Ss]ous-[Tt]raitant)\\**(?:[,;. ]|$)"
    ))
});

/// On whose behalf data are processed.
static BEHALF: LazyLock<Regex> = LazyLock::new(|| {
    written(
        r"(?:on behalf of|pour le compte)\s+(?:the |its |our |their |each |a |an |de la |des |du |de l['’]|de ses |d['’]une? |de nos |de chaque )(\p{Ll}+)(?-u:\b)",
    )
});

/// So many statements are looked at.
const STATED_MAX: usize = 20;

/// The parties that such sentences name, in the order of the text.
pub(crate) fn both(text: &str, words: &Words) -> Vec<Named> {
    let mut found: Vec<Named> = Vec::new();
    for captures in paragraphs(text, true).flat_map(|place| each(&BOTH, text, place)).take(STATED_MAX) {
        let (Some(first), Some(second)) = (captures.get(2).map(role), captures.get(4).map(role)) else { continue };
        if first == second {
            continue;
        }
        for (at, role) in [(1, first), (3, second)] {
            let Some((name, range)) = captures.get(at).and_then(|hit| who(text, hit.range(), words)) else { continue };
            if !found.iter().any(|party| party.role == role) {
                found.push(Named::bare(role, name, range));
            }
        }
    }
    found
}

/// "The controller is the Customer. The processor is Beech Ltd."
pub(crate) fn named(text: &str, words: &Words) -> Vec<Named> {
    let mut found: Vec<Named> = Vec::new();
    let said =
        |place: Range<usize>| [&NAMED, &COMMA, &ITEM].into_iter().flat_map(move |way| each(way, text, place.clone()));
    for captures in paragraphs(text, false).flat_map(said).take(STATED_MAX) {
        let (Some(role), Some(hit)) = (captures.name("role").map(role), captures.name("who")) else { continue };
        let Some((name, range)) = who(text, hit.range(), words) else { continue };
        let sure = is_formal(&name) || generic(words, &name) == Some(role) || deeds::is_named(text, &name);
        if sure && !found.iter().any(|party| party.role == role) {
            found.push(Named::bare(role, name, range));
        }
    }
    found
}

/// The persons on whose behalf data are processed, where the text has an everyday word for them.
pub(crate) fn on_behalf(text: &str, words: &Words) -> Option<Named> {
    let hits = BEHALF.captures_iter(text).filter_map(|captures| captures.get(1)).take(STATED_MAX);
    let mut hits = hits.filter(|hit| {
        let plain = folded(hit.as_str());
        ["legal_role", "no_noun", "no_party"].iter().all(|cue| !words.has(cue, &plain))
    });
    let hit = hits.next()?;
    // "our customers": each of them is one.
    let one = hit.as_str().trim_end_matches('s');
    let word = if generic(words, one).is_some() { one } else { hit.as_str() };
    Some(Named::bare('c', word.to_owned(), hit.start()..hit.start() + word.len()))
}

/// The paragraphs that say the law's words: both of them, or one.
fn paragraphs(text: &str, both: bool) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = 0;
    text.split("\n\n").filter_map(move |paragraph| {
        let range = at..at + paragraph.len();
        at = range.end + 2;
        let mut said = [false; 2];
        for hit in LAW.find_iter(paragraph) {
            said[usize::from(hit.as_str().starts_with(['c', 'C', 'r', 'R']))] = true;
        }
        (if both { said == [true; 2] } else { said != [false; 2] }).then_some(range)
    })
}

/// What a pattern finds in a part of a text, in places of the whole.
fn each<'t>(pattern: &'static Regex, text: &'t str, place: Range<usize>) -> Vec<Captures<'t>> {
    let mut found = Vec::new();
    let mut at = place.start;
    while let Some(captures) = pattern.captures_at(&text[..place.end], at) {
        let end = captures.get(0).map_or(place.end, |all| all.end());
        found.push(captures);
        if end <= at {
            break;
        }
        at = end;
    }
    found
}

fn role(word: Match<'_>) -> char {
    if word.as_str().starts_with(['c', 'C', 'r', 'R']) { 'c' } else { 'p' }
}

/// The name without its article; nothing where the words name nobody.
fn who(text: &str, range: Range<usize>, words: &Words) -> Option<(String, Range<usize>)> {
    let said = &text[range.clone()];
    let articles = ["the ", "le ", "la ", "l'", "l’", "each ", "chaque ", "un ", "une "];
    let lower = said.to_lowercase();
    let article = articles.iter().find(|article| lower.starts_with(**article)).map_or(0, |article| article.len());
    let (name, range) = trimmed(text, range.start + article..range.end);
    let plain = folded(&name);
    // "controller is …", "who are …": only what bears an article or a capital is somebody.
    let somebody = article > 0 || name.starts_with(char::is_uppercase);
    let everyday = generic(words, &name).is_some() && !words.has("legal_role", &plain);
    let nobody = words.has("no_name", &plain) || words.has("legal_role", &plain) || heads::is_country(words, &plain);
    (somebody && name.len() > 1 && (everyday || !nobody)).then_some((name, range))
}
