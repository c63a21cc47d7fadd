//! The name in front of a definition: "X Ltd, 1 High Street (hereinafter the "Supplier")" names X Ltd.

use crate::pattern::written;
use crate::{
    fold::folded,
    grammar::Words,
    heads, labels,
    names::{BLANK, NAME, everyday, generic, is_blank, is_formal, strip_article, trimmed},
};
use regex::Regex;
use std::{ops::Range, sync::LazyLock};

macro_rules! pattern {
    ($name:ident, $text:expr) => {
        static $name: LazyLock<Regex> = LazyLock::new(|| written($text));
    };
}

static TRAILING: LazyLock<Regex> = LazyLock::new(|| written(&format!("(?:^|[\\s(])({NAME})[,.]?\\s*$")));
static ANY_NAME: LazyLock<Regex> = LazyLock::new(|| written(NAME));
static LEADING: LazyLock<Regex> =
    LazyLock::new(|| written(&format!("^\\s*(?:(?i:the|le|la|société|company) )*({NAME})")));
pattern!(
    LINE_LEAD,
    r"^\s*(?:[-•(]?\s*(?i:et|and|entre|between|d['’]une part|d['’]autre part|le|la|the|[0-9i]{1,3}[.)])\s*[:,]?\s*)+"
);

pattern!(
    ACTING,
    r"(?i)\b(?:agissant|intervenant|acting) (?:en (?:sa )?qualité d[e'’]|en tant que|comme|as)\s*(?:the |a |le )?"
);

pattern!(
    TRADING,
    r"(?i),? (?:d/b/a|dba|doing business as|trading as|t/a|exer[cç]ant sous le nom(?: commercial)?(?: de)?) $"
);
pattern!(
    FILLER,
    r"^[^a-z]*(?:(?:(?:legal |company |full )?name|nom|raison sociale|denomination|societe|company|entity)[^a-z]*)?(?:(?:to be |a )?(?:complete[dr]?|filled in|fill in|fill|preciser|renseigner|insert|definir|tbd|tbc|x+))?[^a-z]*$"
);
pattern!(
    CUSTOMER_OF,
    r"\b(?:customers?|clients?|users?|subscribers?|abonnes?|utilisateurs?) (?:of|de|du) (?:[\w.&'-]+ ){0,3}[\w.&'-]+$"
);
static BLANKS: LazyLock<Regex> = LazyLock::new(|| written(BLANK));
static BLANK_LAST: LazyLock<Regex> = LazyLock::new(|| written(&format!("({BLANK})\\**\\s*$")));
static BLANK_NEXT: LazyLock<Regex> =
    LazyLock::new(|| written(&format!(r"(?-u:\b)(?i:and|et)[\s*]+(?:(?:the|le|la) )?({BLANK})")));

static COMMON: LazyLock<Regex> = LazyLock::new(|| {
    nouns(
        r"(?:^|\n|(?-u:\b)(?i:between|entre|and|et|with|avec|on behalf of|pour le compte)(?-u:\b))",
        r"(?:[^\p{L}]|$)",
    )
});
static COMMON_LAST: LazyLock<Regex> = LazyLock::new(|| {
    nouns(r"(?:^|\n|[,:]|(?-u:\b)(?i:between|entre|and|et|with|avec|by|par|on behalf of)(?-u:\b))", r"\s*$")
});

/// A person told by a deed, behind a word that joins the parties.
static ANYONE: LazyLock<Regex> = LazyLock::new(|| {
    let noun = "customer|client|subscriber|licensee|buyer|abonné|acheteur|adhérent|utilisateur|entity|organi[sz]ation|company|person|party|firm|business|individual|user|entité|organisme|organisation|personne|société|entreprise|structure|professionnel|établissement";
    let deed = r"that|which|who|whose|using|utilisant|identified|named|signing|having|accepting|designated|specified|listed|qui|ayant|signataire|désignée?|identifiée?|mentionnée?|nommée?|titulaire|dont";
    written(&format!(
        r"(?:^|\n|(?-u:\b)(?i:and|et|between|entre|with|avec)\s)[\s:*•-]*(?:\(?[0-9a-z]{{1,2}}[.)]\s*)?(?i:the |any |each |la |le |l['’]|toute? |chaque )(?:legal |natural |other )?((?i:{noun}))(?: morale| physique)?(?: or (?:entity|person))?,? (?:{deed})"
    ))
});

/// A common noun with its article behind some words.
fn nouns(opens: &str, closes: &str) -> Regex {
    let number = r"[\s:*•-]*(?:\(?[0-9a-z]{1,2}[.)]\s*)?";
    let article = r"(?i:the|its|our|their|each|any|a|an|le|la|les|chaque|tout|toute|une?|de la|des|du|de ses) ";
    let kind = r"(?:(?:legal|natural|undersigned|contracting|business|individual|end) )?";
    written(&format!(r"{opens}{number}(?:{article}|(?:de )?[lL]['’]){kind}(\p{{Ll}}[\p{{Ll}}-]+){closes}"))
}

/// A party named by an everyday word stands no further before its definition, in bytes.
const LOWER_MAX: usize = 160;

/// The name in front of a bracket: what stands directly before it, else the first name of its phrase.
pub(crate) fn entity(
    text: &str,
    before: &Range<usize>,
    terms: &[&String],
    words: &Words,
) -> Option<(String, Range<usize>)> {
    let place = &text[before.clone()];
    if let Some(found) = labels::of_line(text, before, place, terms, words) {
        return Some(found);
    }
    let known = terms.iter().any(|term| is_everyday(words, term) || is_own(words, term));
    let blank = last_blank(place, words).filter(|hit| !known || !is_filler(&place[hit.clone()]));
    let apposed = place.trim_end().ends_with([',', '—', '–', '-']);
    let place = place.trim_end().trim_end_matches(['—', '–', '-', ',', '(']).trim_end();
    // "- {{company}}, hereinafter the Processor".
    let alone = |hit: &Range<usize>| place[..hit.start].trim_end_matches(['-', '•', '*', ' ']).ends_with('\n');
    let own = || last_blank(place, words).filter(|hit| apposed && alone(hit) && !is_filler(&place[hit.clone()]));
    if let Some(hit) = blank.or_else(own) {
        return Some(trimmed(text, before.start + hit.start..before.start + hit.end));
    }
    // A short name in quotes often begins the long one.
    for term in terms {
        let joined = [" de ", " des ", " du ", " of "].iter().any(|link| place.contains(&format!("{term}{link}")));
        let legal = words.has("legal_role", &folded(term));
        if (generic(words, term).is_none() || (joined && !legal))
            && let Some((at, hit)) = long_name(place, term)
        {
            return Some(trimmed(text, before.start + at + hit.start..before.start + at + hit.end));
        }
    }
    // "Name, publisher of … (hereinafter "Name" or "the Processor")"; "[name], … hereinafter "Name"".
    if let Some(found) = own_name(text, before, place, terms, words) {
        return Some(found);
    }
    // "X, a company of …, hereinafter the …" names the head of its line.
    if apposed
        && let Some((name, range)) = line_head(text, before, place)
            .filter(|(name, _)| !words.has("no_name", &folded(name)) || generic(words, name).is_some())
    {
        return Some((name, range));
    }
    if let Some(term) = customer_of(place, terms, words) {
        let at = text[before.end..].find(term)? + before.end;
        return Some((term.to_owned(), at..at + term.len()));
    }
    if let Some(found) = anyone(text, before, place, terms, words) {
        return Some(found);
    }
    if let Some(found) = headed(text, before, place, words).or_else(|| trailing(text, before, place, words)) {
        return Some(found);
    }
    if let Some(found) = acting(text, before, place, words) {
        return Some(found);
    }
    if heads::last_words(place, words).is_some_and(|last| generic(words, last).is_some())
        || in_role(text, before, place, words).is_some()
    {
        return in_role(text, before, place, words).or_else(|| lower_name(text, before, place, terms, words));
    }
    // "X, 1 place de la Halle, responsable de traitement (« RT »)".
    if place.contains([',', ';'])
        && !terms.is_empty()
        && let Some(hit) = heads::head(text, before.start..before.start + place.len(), words)
    {
        return Some(trimmed(text, hit));
    }
    noun(text, before, place, terms, words)
        .or_else(|| linked(text, before, place, words))
        .or_else(|| lower_name(text, before, place, terms, words))
}

/// "and the entity that signed the Order Form ("Customer")": whoever does so is what it is called, and no form.
fn anyone(
    text: &str,
    before: &Range<usize>,
    place: &str,
    terms: &[&String],
    words: &Words,
) -> Option<(String, Range<usize>)> {
    let start =
        place.rfind([')', '"', '”', '»']).map_or(0, |at| at + place[at..].chars().next().map_or(1, char::len_utf8));
    let hit = ANYONE.captures_iter(&place[start..]).last()?.get(1)?;
    let role = terms.iter().find_map(|term| generic(words, term))?;
    let range = before.start + start + hit.start()..before.start + start + hit.end();
    // "the customer that … ("Controller" or "Customer")" is said before it is defined.
    let law = terms.iter().any(|term| words.has("legal_role", &folded(term)));
    let own = law && generic(words, hit.as_str()) == Some(role) && hit.as_str() != "company";
    let Some(term) = terms.iter().find(|term| everyday(words, term, role) && !own) else {
        return Some((text[range.clone()].to_owned(), range));
    };
    let at = text[before.end..].find(term.as_str())? + before.end;
    Some(((*term).clone(), at..at + term.len()))
}

/// A common noun, where no everyday word for the role names the party.
fn noun(
    text: &str,
    before: &Range<usize>,
    place: &str,
    terms: &[&String],
    words: &Words,
) -> Option<(String, Range<usize>)> {
    terms.iter().find(|term| words.has("legal_role", &folded(term)))?;
    let role = terms.iter().find_map(|term| generic(words, term));
    let everyday =
        heads::last_words(place, words).is_some_and(|word| generic(words, word.trim_end_matches('s')).is_some());
    let everyday = everyday || said_lower(text, before, place, role, words).is_some();
    common(text, before, place, words).filter(|_| !everyday)
}

/// The name behind the last "between", "and" or "with".
fn linked(text: &str, before: &Range<usize>, place: &str, words: &Words) -> Option<(String, Range<usize>)> {
    let cut = words.cues.get("party_before").and_then(|cue| cue.find_iter(place).last()).map_or(0, |hit| hit.end());
    let rest = &place[cut..];
    let hit = LEADING.captures(rest)?.get(1)?;
    let found = trimmed(text, before.start + cut + hit.start()..before.start + cut + hit.end());
    (!unusable(words, &found.0)).then_some(found)
}

/// "The Client, as identified in its order for Ancre (the "Controller")", "Foo, a sole trader in Lyon": the head of
/// the phrase, where its tail is no name with a legal form.
fn headed(text: &str, before: &Range<usize>, place: &str, words: &Words) -> Option<(String, Range<usize>)> {
    let captures = TRAILING.captures(place);
    let last = captures.as_ref().and_then(|captures| captures.get(1));
    if let Some(last) = last {
        let lead = place[..last.start()].trim_end();
        let word = lead.rsplit(' ').next().unwrap_or_default();
        let inside = word.starts_with(char::is_lowercase) && !LINKS.contains(&word) && !place.ends_with('»');
        if !inside || is_formal(last.as_str()) {
            return None;
        }
    }
    let line =
        place.rfind(['\n', '"', '”', '»']).map_or(0, |at| at + place[at..].chars().next().map_or(1, char::len_utf8));
    let cut = BETWEENS.find_iter(place).last().map_or(line, |hit| hit.end().max(line));
    let cut = cut + place[cut..].len() - place[cut..].trim_start_matches([')', ',', ';', ' ', '-', '•']).len();
    let skip = cut + LINE_LEAD.find(&place[cut..]).map_or(0, |hit| hit.end());
    let hit = LEADING.captures(&place[skip..])?.get(1)?;
    let (name, range) = trimmed(text, before.start + skip + hit.start()..before.start + skip + hit.end());
    let tail = &place[skip + hit.end()..];
    let apposed = tail.strip_prefix(", ").is_some_and(|rest| rest.starts_with(char::is_lowercase));
    // "X, acting as processor, and the client (…": somebody else is meant.
    let apposed = apposed && ![", and ", ", et "].iter().any(|link| tail.contains(link));
    let plain = folded(&name);
    let somebody = generic(words, &name).is_some() || !words.has("no_name", &plain);
    (apposed && somebody && !heads::is_country(words, &plain)).then_some((name, range))
}

/// Before a name they do not make it part of what stands before them.
const LINKS: [&str; 12] =
    ["and", "et", "between", "entre", "with", "avec", "société", "company", "association", "is", "est", "commune"];

static BETWEENS: LazyLock<Regex> =
    LazyLock::new(|| written(r"(?-u:\b)(?i:between|entre)(?-u:\b)(?: les soussignée?s| the undersigned)? ?:?"));

/// The name that ends the place; a town behind an address gives way to the company before it.
fn trailing(text: &str, before: &Range<usize>, place: &str, words: &Words) -> Option<(String, Range<usize>)> {
    let hit = TRAILING.captures(place)?.get(1)?;
    let (name, range) = trimmed(text, before.start + hit.start()..before.start + hit.end());
    // "X Ltd, 12 Road, Town (the "Supplier")": a town is no party.
    if let Some(cut) = TRADING.find(&place[..hit.start()]) {
        let legal = TRAILING.captures(&place[..cut.start()])?.get(1)?;
        return Some(trimmed(text, before.start + legal.start()..before.start + legal.end()));
    }
    let lead = place[..hit.start()].trim_end();
    let tail =
        lead.ends_with(|c: char| c == ',' || c.is_ascii_digit()) || lead.ends_with(" à") || lead.ends_with(" at");
    if tail && !is_formal(&name) {
        let head = || heads::head(text, before.start..before.start + place.len(), words).map(|hit| trimmed(text, hit));
        if let Some(found) = formal_name(text, before, place).or_else(head) {
            return Some(found);
        }
    }
    (!unusable(words, &name)).then_some((name, range))
}

/// "X — processor (« P »)" on one line.
fn dashed(text: &str, before: &Range<usize>, place: &str, words: &Words) -> Option<(String, Range<usize>)> {
    let (at, length) = [" — ", " – ", " - "].iter().find_map(|dash| Some((place.rfind(dash)?, dash.len())))?;
    generic(words, &strip_article(&place[at + length..]))?;
    let line = place[..at].rfind('\n').map_or(0, |line| line + 1);
    let lead = line + LINE_LEAD.find(&place[line..at]).map_or(0, |hit| hit.end());
    let phrase = &place[lead..at];
    let blank = BLANKS.find(phrase).filter(|hit| hit.start() <= 2 && is_place(hit.as_str(), words));
    let name = LEADING.captures(phrase).and_then(|captures| captures.get(1)).map(|hit| hit.range());
    let hit = blank.map(|hit| hit.range()).or(name)?;
    Some(trimmed(text, before.start + lead + hit.start..before.start + lead + hit.end))
}

/// Whether a term is a name, and no word for a role.
fn is_own(words: &Words, term: &str) -> bool {
    term.starts_with(char::is_uppercase) && generic(words, term).is_none() && !words.has("no_name", &folded(term))
}

/// What a party is called, where its phrase begins with that, or with a blank that says nothing.
fn own_name(
    text: &str,
    before: &Range<usize>,
    place: &str,
    terms: &[&String],
    words: &Words,
) -> Option<(String, Range<usize>)> {
    let line = place.rfind('\n').map_or(0, |at| at + 1);
    let start = line + LINE_LEAD.find(&place[line..]).map_or(0, |hit| hit.end());
    let phrase = place[start..].trim_start_matches(['*', ' ', '-', '•']);
    let term = terms.iter().find(|term| is_own(words, term))?;
    let at = before.start + place.len() - phrase.len();
    if phrase.strip_prefix(term.as_str()).is_some_and(|rest| rest.trim_start_matches('*').starts_with(',')) {
        return Some(((*term).clone(), at..at + term.len()));
    }
    let blank = BLANKS.find(phrase).filter(|hit| hit.start() == 0 && is_filler(hit.as_str()))?;
    let named = text[before.end..].find(term.as_str())? + before.end;
    (!blank.is_empty()).then(|| ((*term).clone(), named..named + term.len()))
}

/// "X SA, 1 High Street, processor (« P »)".
fn in_role(text: &str, before: &Range<usize>, place: &str, words: &Words) -> Option<(String, Range<usize>)> {
    if let Some(found) = dashed(text, before, place, words) {
        return Some(found);
    }
    let comma = place.rfind(',').filter(|at| generic(words, &strip_article(&place[at + 1..])).is_some())?;
    if let Some(found) = blank_name(text, before, &place[..comma], words) {
        return Some(found);
    }
    let hit = heads::head(text, before.start..before.start + comma, words)?;
    is_formal(&text[hit.clone()]).then(|| trimmed(text, hit))
}

/// A word that is no name of a party: a pronoun, a country.
fn unusable(words: &Words, name: &str) -> bool {
    let plain = folded(name);
    words.has("no_name", &plain) || heads::is_country(words, &plain)
}

/// "the customer of X Ltd, hereinafter the "Client"": the customer is meant, not X.
fn customer_of<'a>(place: &str, terms: &[&'a String], words: &Words) -> Option<&'a str> {
    let term = terms.iter().find(|term| generic(words, term) == Some('c'))?;
    let tail = folded(place.get(place.len().saturating_sub(LOWER_MAX)..).unwrap_or(place));
    CUSTOMER_OF.is_match(&tail).then_some(term.as_str())
}

/// "X (a company of …), acting as processor (hereinafter …)": the name before the deed.
fn acting(text: &str, before: &Range<usize>, place: &str, words: &Words) -> Option<(String, Range<usize>)> {
    let hit = ACTING.find_iter(place).last().filter(|hit| {
        let role = &place[hit.end()..];
        let role = role.find(" au sens ").or_else(|| role.find(" within the meaning")).map_or(role, |at| &role[..at]);
        generic(words, role.trim_matches(['*', ' '])).is_some()
    })?;
    let other = ACTING.find_iter(&place[..hit.start()]).last().map_or(0, |other| other.end());
    let name = heads::head(text, before.start + other..before.start + hit.start(), words)?;
    let (name, range) = trimmed(text, name);
    let between = folded(&text[range.end..before.start + hit.start()]);
    let somebody = ["client", "customer", "responsable", "controller"].iter().any(|word| between.contains(word));
    (!somebody && !words.has("no_name", &folded(&name))).then_some((name, range))
}

/// The last name with a legal form since the last definition.
fn formal_name(text: &str, before: &Range<usize>, place: &str) -> Option<(String, Range<usize>)> {
    let start = place.rfind(')').map_or(0, |at| at + 1);
    let hits = ANY_NAME.find_iter(&place[start..]).filter(|hit| is_formal(hit.as_str()));
    let hit = hits.last()?;
    Some(trimmed(text, before.start + start + hit.start()..before.start + start + hit.end()))
}

/// The first name of the line that ends the place.
fn line_head(text: &str, before: &Range<usize>, place: &str) -> Option<(String, Range<usize>)> {
    // What was defined before on the same line has had its name.
    let start = place
        .rfind(['\n', ')', '"', '”', '»'])
        .map_or(0, |at| at + place[at..].chars().next().map_or(1, char::len_utf8));
    let start = start + place[start..].len() - place[start..].trim_start_matches([',', ' ', ';']).len();
    let line = &place[start..];
    let skip = LINE_LEAD.find(line).map_or(0, |hit| hit.end());
    let hit = LEADING.captures(&line[skip..])?.get(1)?.range();
    Some(trimmed(text, before.start + start + skip + hit.start..before.start + start + skip + hit.end))
}

/// The long form of a short name: the first with a legal form, else the last.
fn long_name(place: &str, term: &str) -> Option<(usize, Range<usize>)> {
    let all: Vec<(usize, Range<usize>)> = place
        .match_indices(&format!("{term} "))
        .filter_map(|(at, _)| Some((at, LEADING.captures(&place[at..])?.get(1)?.range())))
        .collect();
    let formal = all.iter().find(|(at, hit)| is_formal(&place[at + hit.start..at + hit.end]));
    formal.or(all.last()).cloned()
}

/// "the client (hereinafter the Controller)": the generic word is all the name there is.
fn lower_name(
    text: &str,
    before: &Range<usize>,
    place: &str,
    terms: &[&String],
    words: &Words,
) -> Option<(String, Range<usize>)> {
    let last = heads::last_words(place, words)?;
    let one = if last.contains(' ') { last } else { last.trim_end_matches('s') };
    let last = if generic(words, last).is_none() && generic(words, one).is_some() { one } else { last };
    let role = generic(words, last);
    // "the customer (hereinafter the "Client" or "Controller")": what it is called is its name.
    let term = |role| terms.iter().find(|term| everyday(words, term, role));
    let called = |term: &String| {
        let at = text[before.end..].find(term.as_str())? + before.end;
        Some((term.clone(), at..at + term.len()))
    };
    if role.is_some() || matches!(last, "you" | "vous") {
        if let Some(term) = role.and_then(term) {
            return called(term);
        }
        let start = before.start + place.rfind(last)?;
        return Some((last.to_owned(), start..start + last.len()));
    }
    let first = terms.iter().find(|term| generic(words, term).is_some())?;
    let role = generic(words, first);
    if words.has("legal_role", &folded(first)) {
        let said = said_lower(text, before, place, role, words);
        let blank = blank_name(text, before, place, words).filter(|(_, blank)| {
            said.as_ref().is_some_and(|(_, said)| {
                let between = text.get(said.end..blank.start).unwrap_or_default();
                blank.contains(&said.start) || between.trim_end().ends_with(':')
            })
        });
        if let Some(found) = blank.or(said).or_else(|| blank_name(text, before, place, words)) {
            return Some(found);
        }
    }
    called(role.and_then(term).unwrap_or(first))
}

/// "on behalf of its users (the "Controller")", "(2) the organisation named in the order": a common noun names a party
/// where nothing else does.
fn common(text: &str, before: &Range<usize>, place: &str, words: &Words) -> Option<(String, Range<usize>)> {
    let start = place.rfind([')', '"', '”', '»']).filter(|at| place.len() - at > 8);
    let start = start.map_or(0, |at| at + place[at..].chars().next().map_or(1, char::len_utf8));
    let hit = match COMMON_LAST.captures(&place[start..]) {
        Some(last) => last.get(1)?,
        None => COMMON.captures_iter(&place[start..]).last()?.get(1)?,
    };
    // "the company Beech Works": its name follows.
    let named = place[start + hit.end()..].strip_prefix(' ').is_some_and(|rest| rest.starts_with(char::is_uppercase));
    let plain = folded(hit.as_str());
    let nobody = words.has("no_noun", &plain) || words.has("no_party", &plain) || words.has("legal_role", &plain);
    let range = before.start + start + hit.start()..before.start + start + hit.end();
    (!nobody && !named).then(|| (text[range.clone()].to_owned(), range))
}

fn is_everyday(words: &Words, term: &str) -> bool {
    generic(words, term).is_some_and(|role| everyday(words, term, role))
}

/// A blank that does not even say whose name is missing: "[to be completed]", "____".
pub(crate) fn is_filler(blank: &str) -> bool {
    is_blank(blank) && FILLER.is_match(&folded(blank))
}

/// What is left blank for a name at the end of a place.
fn last_blank(place: &str, words: &Words) -> Option<Range<usize>> {
    let hit = BLANK_LAST.captures(place)?.get(1)?;
    is_place(hit.as_str(), words).then(|| hit.range())
}

/// Whether what is left blank may be a name, and not an address or a date.
pub(crate) fn is_place(blank: &str, words: &Words) -> bool {
    let first = blank.split(',').next().unwrap_or_default();
    !words.has("no_blank_name", &folded(first))
}

/// What is left blank for a name inside the bracket that opens at `start`.
pub(crate) fn blank_inside(text: &str, start: usize, words: &Words) -> Option<(String, Range<usize>)> {
    let inner = text[start..].strip_prefix('(')?;
    let inner = &inner[..inner.find(')')?];
    let hit = BLANKS.find_iter(inner).find(|hit| is_place(hit.as_str(), words))?;
    Some(trimmed(text, start + 1 + hit.start()..start + 1 + hit.end()))
}

/// "{{company}}, hereinafter the Controller": a name still to be given is the only one there is.
fn blank_name(text: &str, before: &Range<usize>, place: &str, words: &Words) -> Option<(String, Range<usize>)> {
    let start = place
        .rfind([')', '\n', '"', '”', '»'])
        .map_or(0, |at| at + place[at..].chars().next().map_or(1, char::len_utf8));
    let first = |from: usize| {
        let hit = BLANKS.find_iter(place.get(from..)?).find(|hit| is_place(hit.as_str(), words))?;
        Some(from + hit.start()..from + hit.end())
    };
    let next = BLANK_NEXT.captures_iter(place).filter_map(|captures| captures.get(1));
    let next = next.filter(|hit| is_place(hit.as_str(), words)).last().map(|hit| hit.range());
    let hit = next.or_else(|| first(start)).or_else(|| first(0))?;
    Some(trimmed(text, before.start + hit.start..before.start + hit.end))
}

/// "and the customer named in the order (the "Controller")": the everyday word names it.
fn said_lower(
    text: &str,
    before: &Range<usize>,
    place: &str,
    role: Option<char>,
    words: &Words,
) -> Option<(String, Range<usize>)> {
    let start = place
        .rfind([')', '\n', '"', '”', '»'])
        .map_or(0, |at| at + place[at..].chars().next().map_or(1, char::len_utf8));
    let near = place.get(start..).filter(|near| near.len() < LOWER_MAX)?;
    let letter = |c: char| c.is_alphanumeric();
    let hit = near
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !letter(c)))
        .find(|word| role.is_some_and(|role| everyday(words, word, role)))?;
    let whole = |at: &usize| !near[..*at].ends_with(letter) && !near[at + hit.len()..].starts_with(letter);
    let at = before.start + start + near.match_indices(hit).map(|(at, _)| at).find(whole)?;
    text.get(at..at + hit.len()).map(|word| (word.to_owned(), at..at + hit.len()))
}
