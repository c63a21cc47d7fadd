//! Names of parties: defined terms in brackets, and names known by what they do.

use crate::pattern::written;
use crate::{deeds, entity, fold::folded, grammar::Words, heads, labels};
use regex::Regex;
use std::{ops::Range, sync::LazyLock};

/// A party under its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    /// `c` or `p`.
    pub(crate) role: char,
    pub(crate) name: String,
    pub(crate) called: Vec<String>,
    /// Other names under which it acts.
    pub(crate) aliases: Vec<String>,
    pub(crate) address: Option<String>,
    /// Where the name stands in the extracted text.
    pub(crate) range: Range<usize>,
}

impl Named {
    /// A party known by one name only.
    pub(crate) fn bare(role: char, name: String, range: Range<usize>) -> Self {
        Self { role, name, called: Vec::new(), aliases: Vec::new(), address: None, range }
    }
}

macro_rules! pattern {
    ($name:ident, $text:expr) => {
        static $name: LazyLock<Regex> = LazyLock::new(|| written($text));
    };
}

/// A name still to be given: "[name of the town]", "the town of [name]", "{{company}}", "____".
pub(crate) const BLANK: &str =
    r"(?:\p{L}+ (?:de |du |des |of |d['’]))?\[[^\]\n]{1,200}\]|\$?\{\{?[^}\n]{2,60}\}\}?|_{3,}";

/// Words of a name: capitals, with the small words that join them ("Hôtel des Données SAS").
pub(crate) const NAME: &str = concat!(
    r"\p{Lu}[\p{L}\d&.+'’-]*",
    r"(?: {1,2}(?:(?:of|de|des|du|la|le|les|für|von|van|der|den|di|del|della|en|pour|sur|aux|lès) |(?:de|des|du|of) \p{Ll}+ |[dl]['’])*",
    r"[\p{Lu}\d&][\p{L}\d&.+'’/-]*)*",
    r"(?: (?:e\.V\.|s\.r\.o\.|a\.s\.|d\.o\.o\.|plc))?",
    r"(?:, (?:Inc|LLC|Ltd|SAS|SARL|SA|GmbH|plc)(?-u:\b)\.?)?"
);

pattern!(BRACKET, r#"\(([^()]{0,60}["“«‘'][^()]{1,140})\)"#);
pattern!(
    APPOSED,
    r#"[\p{L}\d.\])}](?:[,:]| [—–-])\**\s*(?:the |le |la |l['’])?["“«]\s*([^"”»“«\n]{2,40}?)\s*["”»]\s*(?:[,;.:—–)]|(?-u:\b)et(?-u:\b)|(?-u:\b)and(?-u:\b)|\*|$|\n)"#
);
pattern!(
    ROLE,
    r"(?i)(?:\p{L}[\p{L}.]+|[\]}]) \((?:the |le |la |l['’])?(processor|controllers?|sous-traitant|responsables? (?:de|du) traitement)\)"
);
static INSIDE: LazyLock<Regex> = LazyLock::new(|| {
    written(&format!(
        "\\(({NAME}),? (?i:the |le |la )?((?i:processor|controller|sous-traitant|responsable (?:de|du) traitement))\\)"
    ))
});
/// "Beech Works (Company)": defined without quotes.
static CALLED: LazyLock<Regex> =
    LazyLock::new(|| written(r"[\p{L}\d.] \((?:[Tt]he |[Ll]e |[Ll]a |[Ll]['’])?(\p{Lu}\p{Ll}{3,30})\)"));
pattern!(LETTERED, r"^\p{Lu}\. (?:The |Le |La |Les |L['’])");
pattern!(
    UNQUOTED,
    r"(?i:ci-après|hereinafter|hereafter)(?: \p{Ll}+){0,4}? (?:the |le |la |l['’])\**((?i:(?:data )?(?:controller|processor)|responsable (?:de|du) traitement|sous-traitant)|Client|Customer|Prestataire|Supplier|Provider|Fournisseur|Titulaire)\**(?:[,.;)\n]|$| [–—])"
);
pattern!(TERM, r"(?-u:\b)(?:to (?:the|that) terms?|au terme|aux termes)(?-u:\b)");
pattern!(DASH, r#"(?i:ci-après|hereinafter|hereafter)[^"“«()\n]{0,40}["“«]\s*([^"”»\n]{2,50}?)\s*["”»]"#);
pattern!(ALSO, r#"^\**\s*(?:ou|or|et|and)\s*(?:le |la |l['’]|the )?\**["“«]\s*([^"”»\n]{2,50}?)\s*["”»]"#);
pattern!(QUOTED, r#"["“«‘'']\s*((?:[Tt]he |[Ll]e |[Ll]a |[Ll]['’])?)([^"”»“«’]{1,50}?)[,.]?\s*["”»’'](?:$|[^\p{L}])"#);
static VOICE: LazyLock<Regex> = LazyLock::new(|| written(&format!("(?:[Nn]ous sommes|[Ww]e are|[Ww]e,) ({NAME})")));
pattern!(ADDRESS, r"(?:\d{1,4}(?:\s?(?:bis|ter))?,?\s)[^()\n“”«»]{3,80}?(?-u:\b)\d{4,5}(?-u:\b)[^()\n.;“”«»]{2,50}");

pattern!(
    FORMAL,
    r"(?-u:\b)(?:Inc|LLC|LLP|L\.L\.C|PBC|Pte|Ltd|Limited|LIMITED|GmbH|SAS|SARL|SASU|EURL|SCOP|SCIC|SCI|SNC|BV|NV|AG|AB|AS|SA|DAC|ULC|PLC|plc|ApS|Oy|KG|Sàrl|Corp|S\.A|N\.V|B\.V|S\.p\.A|S\.r\.l|S\.L)(?-u:\b)|(?-u:\b)OÜ|(?-u:\b)(?:A/S|K/S|e\.V\.|s\.r\.o\.|a\.s\.|d\.o\.o\.)"
);
/// What the law calls a party, in either language.
const LEGAL: [(&str, char); 6] = [
    ("controller", 'c'),
    ("processor", 'p'),
    ("exporter", 'c'),
    ("importer", 'p'),
    ("responsable", 'c'),
    ("sous traitant", 'p'),
];
/// How far before a bracket a name is looked for, in characters.
const BEFORE_MAX: usize = 500;
/// So many lines may go on about a party.
const LINES_MAX: usize = 5;
/// Names of parties stand near the front or are repeated there, in characters.
const FRONT_MAX: usize = 200_000;

/// So often a word is used that was defined without quotes.
const CALLED_MIN: usize = 2;
/// So many definitions are looked at.
const DEFINITIONS_MAX: usize = 400;

/// Parties that the text defines: `X (hereinafter the "Processor")`.
pub(crate) fn defined(text: &str, words: &Words) -> Vec<Named> {
    let front = front(text);
    let mut found: Vec<Named> = Vec::new();
    let mut definitions: Vec<(Range<usize>, Vec<String>)> = Vec::new();
    for captures in BRACKET.captures_iter(front) {
        let place = captures.get(0).map_or(0..0, |all| all.range());
        let quoted: Vec<String> = QUOTED
            .captures_iter(&format!("{} ", &captures[1]))
            .flat_map(|found| found[2].split(", ").map(clean).collect::<Vec<_>>())
            .collect();
        // "(n° d'enregistrement 12)" quotes nothing; "(or to the term "controller")" defines nothing.
        if !quoted.is_empty() && !TERM.is_match(&captures[1]) {
            definitions.push((place, quoted));
        }
    }
    definitions.extend(DASH.captures_iter(front).map(|captures| {
        let place = captures.get(0).map_or(0..0, |all| all.range());
        (place, vec![strip_article(&captures[1])])
    }));
    definitions.extend(UNQUOTED.captures_iter(front).filter_map(|captures| {
        let (all, role) = (captures.get(0)?, captures.get(1)?);
        generic(words, role.as_str()).map(|_| (all.range(), vec![role.as_str().to_owned()]))
    }));
    definitions.extend(DASH.find_iter(front).filter_map(|first| {
        let second = ALSO.captures(&front[first.end()..])?;
        Some((first.range().start + 1..first.end(), vec![strip_article(&second[1])]))
    }));
    definitions.extend(APPOSED.captures_iter(front).filter_map(|captures| {
        let term = strip_article(&captures[1]);
        generic(words, &term).map(|_| (captures.get(0).map_or(0..0, |all| all.range()), vec![term]))
    }));
    definitions.extend(called(front, words));
    definitions.extend(ROLE.captures_iter(front).filter_map(|captures| {
        let hit = captures.get(1)?;
        let open = front[..hit.start()].rfind('(')?;
        Some((open..hit.end() + 1, vec![singular(hit.as_str())]))
    }));
    definitions.extend(INSIDE.captures_iter(front).filter_map(|captures| {
        let (name, role) = (captures.get(1)?, captures.get(2)?);
        // The bracket opens before the name: only what stands inside it is looked at.
        Some((name.end()..role.end() + 1, vec![role.as_str().to_owned()]))
    }));
    found.extend(labels::parties(front, words));
    found.extend(spoken(front));
    definitions.sort_by_key(|(place, _)| (place.start, place.end));
    definitions.dedup_by_key(|(place, _)| place.start);
    let mut last = 0;
    for (place, quoted) in definitions.into_iter().take(DEFINITIONS_MAX) {
        let mut before = before(front, place.start);
        // What was defined before has had its name.
        before.start = before.start.max(last.min(place.start));
        last = place.end;
        if let Some(party) = define(front, &before, &quoted, words) {
            merge(&mut found, party);
        }
    }
    either(&mut found, words);
    settle(&mut found, words);
    found
}

/// "Beech Works (Company) and its user (Customer)": parties defined without quotes, the one beside the other.
fn called(text: &str, words: &Words) -> Vec<(Range<usize>, Vec<String>)> {
    let hits = CALLED.captures_iter(text).filter_map(|captures| captures.get(1));
    let hits = hits.filter(|hit| generic(words, hit.as_str()).is_some()).take(DEFINITIONS_MAX);
    // What is only said in passing defines nothing.
    let used = |hit: &regex::Match<'_>| text.match_indices(hit.as_str()).take(CALLED_MIN).count() == CALLED_MIN;
    let hits: Vec<_> = hits.filter(used).collect();
    let beside = |hit: &&regex::Match<'_>| {
        let near = |other: &regex::Match<'_>| other.start().abs_diff(hit.start()) < BEFORE_MAX;
        hits.iter().any(|other| other.as_str() != hit.as_str() && near(other))
    };
    let place = |hit: &regex::Match<'_>| text[..hit.start()].rfind('(').unwrap_or(hit.start())..hit.end() + 1;
    hits.iter().filter(beside).map(|hit| (place(hit), vec![hit.as_str().to_owned()])).collect()
}

/// "Company" is who buys or who sells: beside a customer, and where nobody is the processor, it is yet to be told.
fn either(found: &mut [Named], words: &Words) {
    let any = |party: &Named| party.called.iter().any(|call| words.has("either_role", &folded(call)));
    let sure = found.iter().any(|party| party.role == 'c' && !any(party));
    if sure && !found.iter().any(|party| party.role == 'p') {
        found.iter_mut().filter(|party| party.role == 'c' && any(party)).for_each(|party| party.role = '?');
    }
}

/// "We are X Ltd": the author, who is the processor unless the document is a notice.
fn spoken(text: &str) -> Option<Named> {
    let hit =
        VOICE.captures_iter(text).filter_map(|captures| captures.get(1)).find(|hit| FORMAL.is_match(hit.as_str()))?;
    let (name, range) = trimmed(text, hit.range());
    Some(Named::bare('p', name, range))
}

/// Whether a name shows a legal form.
pub(crate) fn is_formal(name: &str) -> bool {
    FORMAL.is_match(name)
}

/// How long the legal form is that a text begins with.
pub(crate) fn form(text: &str) -> Option<usize> {
    FORMAL.find(text).filter(|form| form.start() == 0).map(|form| form.end())
}

pub(crate) fn front(text: &str) -> &str {
    let end = text.char_indices().nth(FRONT_MAX).map_or(text.len(), |(at, _)| at);
    &text[..end]
}

/// Whether a name is still to be given.
pub(crate) fn is_blank(name: &str) -> bool {
    name.contains(['[', '{']) || name.starts_with('_')
}

pub(crate) fn clean(word: &str) -> String {
    word.trim().trim_matches(['*', ',', '.', ' ']).to_owned()
}

pub(crate) fn strip_article(word: &str) -> String {
    let word = clean(word);
    for article in ["the ", "The ", "le ", "Le ", "la ", "La ", "l'", "l’", "L’", "L'"] {
        if let Some(rest) = word.strip_prefix(article) {
            return rest.trim().to_owned();
        }
    }
    word
}

fn before(text: &str, end: usize) -> Range<usize> {
    let start = text[..end].char_indices().rev().nth(BEFORE_MAX).map_or(0, |(at, _)| at);
    let paragraph = |end: usize| text[start..end].rfind("\n\n").map_or(start, |at| start + at);
    let own = paragraph(end);
    // A bracket in a paragraph of its own is about the line above.
    let bare = |range: Range<usize>| !text[range].contains(char::is_alphanumeric);
    let mut own = if bare(own..end) { paragraph(own) } else { return own..end };
    // "…, // with its seat at …, // represented by …, // Hereinafter "X"": lines that go on.
    for _ in 0..LINES_MAX {
        let goes_on = text[own..end].trim_start().starts_with(char::is_lowercase);
        own = if goes_on && own > start { paragraph(own) } else { break };
    }
    own..end
}

fn define(text: &str, before: &Range<usize>, quoted: &[String], words: &Words) -> Option<Named> {
    let terms: Vec<&String> = quoted.iter().filter(|term| !words.has("no_party", &folded(term))).collect();
    let role = terms.iter().find_map(|term| generic(words, term));
    let (name, range) = worded_head(text, before, words)
        .filter(|_| role.is_none() && !terms.is_empty())
        .or_else(|| entity::entity(text, before, &terms, words))?;
    // "the processor (the company behind the service: {{company}}, the "Processor")": its name stands inside.
    let word = generic(words, &name).is_some() && words.has("legal_role", &folded(&name));
    let inside = || entity::blank_inside(text, before.end, words);
    let (name, range) = if word { inside().unwrap_or((name, range)) } else { (name, range) };
    let role = role
        .or_else(|| generic(words, &name))
        .or_else(|| said_before(&text[range.end.min(before.end)..before.end], words))
        .or_else(|| by_context(text, &range, words));
    let first = terms.first()?;
    // "[date] ("Start")" is no party: of a name still to be given, the text must tell more.
    let author = is_formal(&name) && terms.iter().any(|term| words.has("author_called", &folded(term)));
    let told = if is_blank(&name) {
        deeds::evidence(text, first, words).is_some()
    } else {
        author || looks_like_name(&name, first)
    };
    if role.is_none() && !told {
        return None;
    }
    let address =
        ADDRESS.find(text.get(range.end..before.end).unwrap_or_default()).map(|hit| hit.as_str().trim().to_owned());
    let called = terms.iter().map(|term| (*term).clone()).collect();
    Some(Named { role: role.unwrap_or('?'), name, called, aliases: Vec::new(), address, range })
}

/// "The Controller (the "Practice")": the law's word alone stands before the definition.
fn worded_head(text: &str, before: &Range<usize>, words: &Words) -> Option<(String, Range<usize>)> {
    let place = &text[before.clone()];
    let line = place.rfind('\n').map_or(0, |at| at + 1);
    let head = strip_article(place[line..].trim_start_matches(|c: char| !c.is_alphabetic()));
    generic(words, &head).filter(|_| words.has("legal_role", &folded(&head)))?;
    let at = before.start + line + place[line..].find(&head)?;
    Some((head.clone(), at..at + head.len()))
}

/// "…, responsable de traitement (« RT »)".
fn said_before(place: &str, words: &Words) -> Option<char> {
    let plain = folded(place);
    let plain = plain.trim_end_matches([' ', ',']);
    let legal = words
        .generic
        .iter()
        .filter(|(word, _)| word.contains("controller") || word.contains(" trait") || word == "processor");
    legal.into_iter().find(|(word, _)| plain.ends_with(word.as_str())).map(|(_, role)| *role)
}

/// No generic word is longer, in bytes.
const GENERIC_MAX: usize = 80;

/// The role of a generic word: "Customer", "Vendor", "Responsable de traitement".
pub(crate) fn generic(words: &Words, term: &str) -> Option<char> {
    if term.len() > GENERIC_MAX {
        return None;
    }
    let phrase = folded(term);
    words.generic.iter().find(|(word, _)| *word == phrase).map(|(_, role)| *role)
}

/// "responsables de traitement", "controllers": one of them.
fn singular(role: &str) -> String {
    let one = |noun: &str| noun.trim_end_matches('s').to_owned();
    role.split_once(' ').map_or_else(|| one(role), |(noun, rest)| format!("{} {rest}", one(noun)))
}

/// Whether a word for a role is what people say ("Customer") and not what the law says ("controller").
pub(crate) fn everyday(words: &Words, term: &str, role: char) -> bool {
    generic(words, term) == Some(role) && !words.has("legal_role", &folded(term))
}

fn looks_like_name(name: &str, term: &str) -> bool {
    let first = term.split_whitespace().next().unwrap_or_default();
    name.split_whitespace().any(|word| word.eq_ignore_ascii_case(first))
        || heads::is_acronym(term, name)
        || name.ends_with(['.', ')'])
        || ["GmbH", "Ltd", "Inc", "SAS", "SARL", "LLC", "AG", "BV", "SA"].iter().any(|form| name.ends_with(form))
}

pub(crate) fn trimmed(text: &str, range: Range<usize>) -> (String, Range<usize>) {
    let mut range = range;
    for lead in [
        "Pour ",
        "For ",
        "et ",
        "and ",
        "entre ",
        "between ",
        "ET ",
        "AND ",
        "Et ",
        "And ",
        "The ",
        "Le ",
        "La ",
        "Les ",
        "Between ",
        "Entre ",
        "L’",
        "L'",
        "Given ",
        "Since ",
        "While ",
        "Where ",
        "When ",
        "Lorsque ",
        "Quand ",
        "Si ",
        "If ",
        "Obligations de ",
        "Obligations du ",
        "Obligations of ",
        "Engagements de ",
    ] {
        if text[range.clone()].starts_with(lead) {
            range.start += lead.len();
        }
    }
    // "A. The Company": a recital bears a letter.
    if let Some(letter) = LETTERED.find(&text[range.clone()]) {
        range.start += letter.end();
    }
    range.start = lower_start(text, &range);
    range.end = sentence_end(&text[range.clone()]).map_or(range.end, |end| range.start + end);
    let name = text[range.clone()].trim_end_matches([',', ' ', '-', '’', '\'']);
    let range = range.start..range.start + name.len();
    (name.split_whitespace().collect::<Vec<_>>().join(" "), range)
}

/// "fortrabbit GmbH": a name may begin with a small letter when a legal form follows it.
fn lower_start(text: &str, range: &Range<usize>) -> usize {
    let alone = FORMAL.find(&text[range.clone()]).is_some_and(|form| form.start() == 0);
    let before = text[..range.start].strip_suffix(' ').unwrap_or_default();
    let word =
        before.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '*' | '"' | '“')).next().unwrap_or_default();
    // "4Front Ltd": a figure begins the first word.
    let figure = word.starts_with(|c: char| c.is_ascii_digit())
        && word.contains(char::is_alphabetic)
        && word.chars().all(char::is_alphanumeric);
    let name = figure || alone && word.len() > 2 && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'));
    if name { range.start - 1 - word.len() } else { range.start }
}

/// Where a sentence ends inside what looked like one name: "the GDPR. It processes".
pub(crate) fn sentence_end(name: &str) -> Option<usize> {
    name.match_indices(". ").map(|(at, _)| at).find(|at| {
        let word = name[..*at].rsplit(' ').next().unwrap_or_default();
        word.chars().filter(|c| c.is_alphabetic()).count() > 3 && !word.contains('.') && word != "Corp"
    })
}

/// "X, acting as processor".
pub(crate) fn by_context(text: &str, range: &Range<usize>, words: &Words) -> Option<char> {
    let end = text[range.end..].char_indices().nth(110).map_or(text.len(), |(at, _)| range.end + at);
    let after = folded(&text[range.end..end]);
    let said = |name: &str| words.cues.get(name).and_then(|cue| cue.find(&after)).map(|hit| hit.end());
    // "A is controller, B processor": what is said first is said of A.
    match (said("is_processor"), said("is_controller")) {
        (Some(processor), Some(controller)) => Some(if controller < processor { 'c' } else { 'p' }),
        (Some(_), None) => Some('p'),
        (None, Some(_)) => Some('c'),
        (None, None) => None,
    }
}

/// "(responsable de traitement)" and, further on, "X (the "Controller")": who has a name is the party.
pub(crate) fn settle(found: &mut Vec<Named>, words: &Words) {
    let worded = |party: &Named| words.has("legal_role", &folded(&party.name)) && generic(words, &party.name).is_some();
    for role in ['c', 'p'] {
        if let Some(at) = found.iter().position(|party| party.role == role && !worded(party)) {
            let mut called = Vec::new();
            for party in found.iter().filter(|party| party.role == role && worded(party)) {
                called.extend(party.called.iter().chain([&party.name]).cloned());
            }
            // "Controller (Processor): X" is a slip of the pen.
            called.retain(|call| !found[at].called.contains(call) && legal(call).is_none_or(|of| of == role));
            found[at].aliases.extend(called);
            found.retain(|party| party.role != role || !worded(party));
        } else if let Some(party) = found.iter_mut().find(|party| party.role == role && worded(party)) {
            // "The Controller (the "Practice")" is the Practice.
            let own = |call: &String| {
                let somebody = call.starts_with(char::is_uppercase) && !words.has("no_party", &folded(call));
                somebody && legal(call).is_none()
            };
            if let Some(at) = party.called.iter().position(own) {
                party.called.push(party.name.clone());
                party.name = party.called.remove(at);
            }
        }
    }
}

/// The role of the law's own word.
fn legal(call: &str) -> Option<char> {
    let plain = folded(call);
    LEGAL.iter().find(|(word, _)| plain.contains(word)).map(|(_, role)| *role)
}

fn merge(found: &mut Vec<Named>, party: Named) {
    // Two names still to be given are two parties: "between [____] (the Controller) and [____] (the Processor)".
    let blank = is_blank(&party.name);
    let same = found.iter().position(|known| {
        if blank && known.name == party.name {
            return known.role == party.role;
        }
        let shares = known.called.iter().any(|call| party.called.contains(call));
        let named =
            known.name == party.name || known.called.contains(&party.name) || party.called.contains(&known.name);
        // The same defined term for another name is a new definition of it: the first one stands.
        named || (shares && known.role == party.role)
    });
    match same {
        Some(index) => {
            let known = &mut found[index];
            if known.role == '?' {
                known.role = party.role;
            }
            if known.name == party.name {
                known
                    .called
                    .extend(party.called.into_iter().filter(|call| !known.called.contains(call)).collect::<Vec<_>>());
            }
            known.address = known.address.take().or(party.address);
        }
        None => found.push(party),
    }
}
