//! Parties that a form names: "Processor: X Ltd" on a line, a row of a table, a box under the word for the role.

use crate::pattern::written;
use crate::{
    deeds, entity,
    fold::folded,
    grammar::Words,
    names::{self, BLANK, NAME, Named, clean, generic, is_blank, is_formal, strip_article, trimmed},
};
use regex::{Captures, Regex};
use std::{ops::Range, sync::LazyLock};

static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    let other = r"(?: / [\p{L}’' -]{3,32})";
    written(&format!(
        "(?m)^[-•* |]{{0,4}}([\\p{{L}}’', -]{{4,52}}?){other}{{0,3}} ?([:|–—]) ?((?:[Ll]e |[Ll]a |[Ll]['’]|[Tt]he )?)({BLANK}|{NAME})"
    ))
});
/// "the term "processor" means X Ltd".
static MEANS: LazyLock<Regex> = LazyLock::new(|| {
    written(&format!(
        "[\"“«]\\s*([^\"”»“«\\n]{{4,40}}?)\\s*[\"”»]\\**\\s+(?:means|shall mean|refers to|designates|désigne|s['’]entend de)\\s+(?:the |le |la |l['’]|la société )?({NAME}|\\p{{Ll}}+)"
    ))
});
static LOWER_LABEL: LazyLock<Regex> = LazyLock::new(|| {
    written(
        r"(?m)^[-•* |]{0,4}([\p{L}’' -]{4,32}?) ?: ?(?:[Ll]e |[Ll]a |[Ll]['’]|[Tt]he |[Aa] )(\p{Ll}+)(?-u:\b)([^\n,;:()]*)",
    )
});
/// The line under the word for a role: its name, with or without a label.
static BOX: LazyLock<Regex> = LazyLock::new(|| {
    let label = r"(?:\d{1,2}\.)?\s*[-•* |]{0,4}(?i:d[ée]nomination(?: sociale)?|raison sociale|nom|name|company(?: name)?|legal name|entity(?: name)?|soci[ée]t[ée]) ?[:|] ?([^\n,;(|]{2,80})";
    let bare = format!(r"\s*\**(?:The |Le |La |L['’])?({NAME}|{BLANK})\**(?:\s*$|,| as | tel)");
    written(&format!("^(?:{label}|{bare})"))
});
static ASKED: LazyLock<Regex> = LazyLock::new(|| {
    let more = "(?: and (?:address|contact details|seat)| et (?:adresse|coordonnées|siège))?";
    written(&format!(
        "^(?i:(?:full |legal )?name{more} of (?:the )?|identity{more} of (?:the )?|(?:nom|identité|d[ée]nomination|raison sociale){more} (?:du |de la |de l['’]))"
    ))
});
static OWNED: LazyLock<Regex> =
    LazyLock::new(|| written("['’]s (?i:(?:full |legal )?name(?: and (?:address|contact details|seat))?)$"));
/// A name in a cell is no longer than this, in bytes.
const CELL_MAX: usize = 120;
/// So many labels are looked at.
const LABELS_MAX: usize = 400;
/// A value longer than this is a sentence, in words.
const WORDS_MAX: usize = 4;

/// The parties that labels, rows and boxes name, one for each role.
pub(crate) fn parties(text: &str, words: &Words) -> Vec<Named> {
    let mut found: Vec<Named> = boxes(text, words);
    for captures in LABEL.captures_iter(text).take(LABELS_MAX) {
        let role = captures[1].split(',').find_map(|part| generic(words, bare_label(part)));
        let Some(role) = role else { continue };
        // "Processor – Duties" is a title.
        let dash = captures[2].starts_with(['–', '—']);
        let Some((name, range)) = value(text, &captures, words) else { continue };
        let called_so = !captures[3].is_empty() || is_blank(&name);
        let row = &captures[2] == "|";
        // "Company: X" says less than what X is said to do.
        let legal = words.has("legal_role", &folded(&captures[1]));
        let asked = bare_label(&captures[1]).len() + 4 < captures[1].trim().len();
        let role = if legal { role } else { deeds::evidence(text, &name, words).unwrap_or(role) };
        let known = found.iter().any(|party| party.role == role) || words.has("no_name", &folded(&name));
        let several = name.contains(' ') && names_somebody(&name);
        // "Controller: HARBOUR (a sole trader)": a word of the document's own, on a line of its own.
        let own = legal && !called_so && closes(text, range.end, row) && deeds::is_named(text, &name);
        let own = own && generic(words, &name).is_none();
        if dash && !is_formal(&name) {
            continue;
        }
        if !known
            && (is_formal(&name)
                || own
                || asked && closes(text, range.end, row)
                || (called_so || several) && !row
                || row && is_blank(&name))
        {
            found.push(named(role, name, &captures[1], range));
        }
    }
    for party in rows(text, words) {
        if !found.iter().any(|known| known.role == party.role) {
            found.push(party);
        }
    }
    meant(text, words, &mut found);
    for captures in LOWER_LABEL.captures_iter(text).take(LABELS_MAX) {
        found.extend(lower(text, &captures, words).filter(|party| !found.iter().any(|known| known.role == party.role)));
    }
    found
}

/// "Controller: the customer organisation — whose workspace it is": a few words of which one is an everyday word for
/// the role.
fn lower(text: &str, captures: &Captures<'_>, words: &Words) -> Option<Named> {
    let role = generic(words, bare_label(&captures[1])).filter(|_| words.has("legal_role", &folded(&captures[1])))?;
    let (start, end) = (captures.get(2)?.start(), captures.get(3)?.end());
    let phrase = text[start..end].split(['—', '–', '.', '|']).next()?.trim_end();
    let few = (2..=WORDS_MAX).contains(&phrase.split(' ').count());
    let everyday = phrase.split(' ').any(|word| names::everyday(words, word, role));
    (few && everyday).then(|| Named::bare(role, phrase.to_owned(), start..start + phrase.len()))
}

/// "Name of the controller", "Nom du responsable de traitement": the word for the role.
fn bare_label(label: &str) -> &str {
    let label = label.trim().trim_matches('*').trim();
    let label = ASKED.find(label).map_or(label, |hit| &label[hit.end()..]);
    let label = OWNED.find(label).map_or(label, |hit| &label[..hit.start()]);
    let articles = ["the ", "The ", "le ", "Le ", "la ", "La ", "l'", "l’", "L’", "L'"];
    articles.iter().find_map(|article| label.strip_prefix(article)).unwrap_or(label)
}

/// The names in a table whose head gives the roles, or which gives each its role in a cell.
fn rows(text: &str, words: &Words) -> Vec<Named> {
    let mut found: Vec<Named> = Vec::new();
    let mut head: Vec<Option<char>> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        if !line.contains('|') || line.trim().trim_matches(['|', '-', ':', ' ']).is_empty() {
            continue;
        }
        let cells: Vec<Range<usize>> = cells(line).map(|cell| start + cell.start..start + cell.end).collect();
        let roles: Vec<Option<char>> = cells.iter().map(|cell| legal(words, &text[cell.clone()])).collect();
        let pairs: Vec<(char, &Range<usize>)> = if roles.iter().flatten().count() > 1 {
            head = roles;
            continue;
        } else if let (false, [Some(_), ..] | [_, Some(_)]) = (head.is_empty(), head.as_slice()) {
            // A matrix has a cell for what its row is about.
            let about = cells.len().saturating_sub(head.len());
            let pairs = std::mem::take(&mut head).into_iter().zip(cells.iter().skip(about));
            pairs.filter_map(|(role, cell)| Some((role?, cell))).collect()
        } else {
            match roles.as_slice() {
                [None, Some(role)] | [None, Some(role), None] => vec![(*role, &cells[0])],
                _ => Vec::new(),
            }
        };
        for (role, cell) in pairs {
            let (name, range) = trimmed(text, cell.clone());
            let known = found.iter().any(|party| party.role == role) || words.has("no_name", &folded(&name));
            if !known && (is_formal(&name) || is_blank(&name)) && name.len() < CELL_MAX {
                found.push(Named::bare(role, name, range));
            }
        }
    }
    found
}

/// The cells of a row, without the space around them.
fn cells(line: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    line.split('|').filter_map(move |cell| {
        let start = at + cell.len() - cell.trim_start().len();
        at += cell.len() + 1;
        let cell = cell.trim();
        (!cell.is_empty()).then_some(start..start + cell.len())
    })
}

/// The role of a cell that holds the law's word and nothing else.
fn legal(words: &Words, cell: &str) -> Option<char> {
    let word = bare_label(cell);
    generic(words, word).filter(|_| words.has("legal_role", &folded(word)))
}

/// Whether nothing but a remark stands behind a name: and in a row no third cell.
fn closes(text: &str, at: usize, row: bool) -> bool {
    let rest = text[at..].split('\n').next().unwrap_or_default().trim_end();
    let cells = rest.trim_end_matches('|').contains('|');
    let rest = rest.trim_start_matches(['*', ' ']);
    if row {
        !cells && (rest.is_empty() || rest.starts_with(['|', ',', '(']))
    } else {
        rest.is_empty() || rest.starts_with([',', '(', ';', '.'])
    }
}

/// Whom a definition says a word for a role means; what the law says it means is nobody.
fn meant(text: &str, words: &Words, found: &mut Vec<Named>) {
    for captures in MEANS.captures_iter(text).take(LABELS_MAX) {
        let (Some(role), Some(hit)) = (generic(words, &strip_article(&captures[1])), captures.get(2)) else { continue };
        let (name, range) = trimmed(text, hit.range());
        // The point ends the sentence: "…" means X Ltd.
        let ends = name.ends_with('.') && !text[range.end..].starts_with([',', ';']);
        let name = if ends { name.trim_end_matches('.').to_owned() } else { name };
        let range = range.start..range.end - usize::from(ends);
        let big = name.starts_with(char::is_uppercase) && (is_formal(&name) || deeds::is_named(text, &name));
        let person = words.has("person_word", &folded(&name));
        let everyday = name.starts_with(char::is_uppercase) && names::everyday(words, &name, role);
        let nobody = !everyday && words.has("no_name", &folded(&name));
        let known = nobody || found.iter().any(|party| party.role == role);
        if !known && (big || person || everyday) && generic(words, &name).is_none_or(|other| other == role) {
            found.push(named(role, name, &captures[1], range));
        }
    }
}

/// Every longer word of a long name begins with a capital: "Please sign here" names nobody.
fn names_somebody(name: &str) -> bool {
    let long = |word: &&str| word.chars().count() > 3;
    let words = name.split([' ', '-']);
    words.clone().count() < 3 || words.filter(long).all(|word| !word.starts_with(char::is_lowercase))
}

fn named(role: char, name: String, called: &str, range: Range<usize>) -> Named {
    Named { role, name, called: vec![clean(called)], aliases: Vec::new(), address: None, range }
}

/// What stands behind a label: the name, or the few words of a value without one.
fn value(text: &str, captures: &Captures<'_>, words: &Words) -> Option<(String, Range<usize>)> {
    let hit = captures.get(4)?;
    let (name, range) = trimmed(text, hit.range());
    if is_blank(&name) && !entity::is_place(&name, words) {
        return None;
    }
    if is_blank(&name) || is_formal(&name) || names::generic(words, &name).is_some() {
        return Some((name, range));
    }
    let rest = text[range.end..].split('\n').next()?;
    let short = rest.find([',', '(', '/', ';', '|']).map_or(rest, |at| &rest[..at]).trim_end_matches([' ', '.', '*']);
    let plain =
        short.starts_with(' ') && short.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '’' | '\''));
    if plain && name.split(' ').count() + short.split_whitespace().count() <= WORDS_MAX {
        return Some(trimmed(text, range.start..range.end + short.len()));
    }
    Some((name, range))
}

/// "The Processor" on a line of its own, and under it "Name: X Ltd".
fn boxes(text: &str, words: &Words) -> Vec<Named> {
    let mut found: Vec<Named> = Vec::new();
    let mut role = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let begin = start;
        start += line.len();
        let bare = line.trim().trim_matches(['*', ':', '|', '#', ' ']);
        if bare.is_empty() {
            continue;
        }
        if let Some((role, called, also)) = role.take()
            && let Some(hit) = BOX.captures(line).and_then(|captures| captures.get(1).or_else(|| captures.get(2)))
            && generic(words, hit.as_str().trim()).is_none()
            && !found.iter().any(|party| party.role == role)
        {
            let value = hit.as_str().trim_matches(['*', ' ', '\r', '\n']);
            let from = begin + hit.start() + hit.as_str().find(value).unwrap_or(0);
            // "Additionally, the Processor …" begins a sentence and names nobody.
            let bare = BOX.captures(line).is_some_and(|captures| captures.get(1).is_none());
            let comma = line[hit.end()..].trim_start_matches('*').starts_with(',');
            let names = !bare || is_formal(value) || !comma;
            let defined = line[hit.end()..].starts_with(" as ");
            if names && (defined || !words.has("no_name", &folded(value))) {
                let mut party = named(role, value.to_owned(), called, from..from + value.len());
                party.called.extend(Some(clean(also)).filter(|also| !also.is_empty()));
                found.push(party);
            }
        }
        // "Controller(s): [identity and contact details]".
        let (word, note) = bare.split_once(':').unwrap_or((bare, ""));
        let alone = note.is_empty() || note.trim().trim_start_matches('*').starts_with('[');
        let word = word.trim().trim_end_matches("(s)");
        // "Controller (Principal):" says what it is called, too.
        let (word, also) = word.split_once(" (").map_or((word, ""), |(word, also)| (word, also.trim_end_matches(')')));
        let also = if note.is_empty() { also } else { "" };
        let fits = alone && !word.is_empty() && also.chars().all(|c| c.is_alphabetic() || c == ' ');
        role = generic(words, &strip_article(word)).filter(|_| fits).map(|role| (role, word, also));
    }
    found
}

/// "Processor: X Ltd, 1 High Street (hereinafter …)": the label's name, whatever else the line names.
pub(crate) fn of_line(
    text: &str,
    before: &Range<usize>,
    place: &str,
    terms: &[&String],
    words: &Words,
) -> Option<(String, Range<usize>)> {
    let start = place.rfind('\n').map_or(0, |at| at + 1);
    let line = &place[start..];
    let at = before.start + start;
    if let Some(captures) = LABEL.captures(line).filter(|captures| captures.get(0).is_some_and(|all| all.start() == 0))
    {
        generic(words, &strip_article(&captures[1]))?;
        let hit = captures.get(4)?;
        let (name, range) = trimmed(text, at + hit.start()..at + hit.end());
        if !words.has("no_name", &folded(&name)) {
            return Some((name, range));
        }
    }
    let captures = LOWER_LABEL.captures(line)?;
    let role = generic(words, &strip_article(&captures[1]))?;
    // "Controller: the shop that opened the account (the "Seller")".
    let phrase = line[captures.get(2)?.start()..].trim_end_matches([' ', '(', '*']);
    if words.has("legal_role", &folded(&captures[1])) && phrase.split_whitespace().count() <= WORDS_MAX + 1 {
        let from = at + captures.get(2)?.start();
        return Some((phrase.to_owned(), from..from + phrase.len()));
    }
    let hit = captures.get(2).filter(|hit| generic(words, hit.as_str()) == Some(role))?;
    let term = terms.iter().find(|term| names::everyday(words, term, role));
    let range = match term {
        Some(term) => {
            let from = text[before.end..].find(term.as_str())? + before.end;
            from..from + term.len()
        }
        None => at + hit.start()..at + hit.end(),
    };
    Some((text[range.clone()].to_owned(), range))
}
