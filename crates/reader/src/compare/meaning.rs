//! Whether two sentences that answer each other say the same: figures, numbers, dates, money, addresses, who, may or
//! must, whether at all, and words that exclude each other.
//!
//! Grammars of two languages never see exactly the same, so each comparison asks for evidence on both sides wherever a
//! translation may leave a word out; what is left are differences a careful reader would mark.

use super::{
    concepts,
    pair::{Kind, Told},
    segments::{Prepared, Segment},
};
use crate::{dates, figures::Figure};
use kernel::{Lang, Unit};
use regex::Regex;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

/// One side of a comparison.
#[derive(Clone, Copy)]
pub(super) struct Of<'s> {
    pub(super) document: &'s Prepared,
    pub(super) segment: &'s Segment,
}

impl Of<'_> {
    fn lang(&self) -> Lang {
        self.document.lang
    }
}

/// Everything in which an English and a French sentence differ.
pub(super) fn differences(en: Of<'_>, fr: Of<'_>) -> Vec<Told> {
    let mut found = Vec::new();
    let figures = figures(en, fr);
    let quiet = figures.is_some();
    found.extend(figures);
    found.extend(numbers(en, fr, quiet));
    found.extend(dates_of(en, fr));
    found.extend(money(en, fr));
    found.extend(addresses(en, fr));
    found.extend(rights(en, fr));
    found.extend(countries(en, fr));
    let who = who(en, fr);
    let swapped = who.is_some();
    found.extend(who);
    found.extend(modality(en, fr));
    found.extend(negation(en, fr));
    found.extend(wordings(en, fr).into_iter().filter(|_| !swapped));
    found
}

macro_rules! pattern {
    ($name:ident, $text:literal) => {
        static $name: LazyLock<Regex> = LazyLock::new(|| Regex::new($text).expect("a constant pattern"));
    };
}

/// Words of a set that the other lacks, for people.
fn shown(words: &BTreeSet<String>) -> String {
    if words.is_empty() { "–".to_owned() } else { words.iter().cloned().collect::<Vec<_>>().join(", ") }
}

fn told(kind: Kind, en: String, fr: String) -> Told {
    Told { kind, words: [en, fr] }
}

/// "English has X, French has Y", in both languages.
fn versus(kind: Kind, [what_en, what_fr]: [&str; 2], en: &str, fr: &str) -> Told {
    told(
        kind,
        format!("{what_en}: English says {en}, French says {fr}"),
        format!("{what_fr} : l'anglais dit {en}, le français dit {fr}"),
    )
}

/// Lengths of time; a week is seven days and a year twelve months, but a month is not thirty days.
fn figures(en: Of<'_>, fr: Of<'_>) -> Option<Told> {
    let exact = |of: Of<'_>| -> BTreeMap<(u32, &'static str, bool), (kernel::Period, bool)> {
        let found = of.segment.figures.iter().filter_map(|figure| match figure {
            Figure::Exact(period, working) => Some((*period, *working)),
            _ => None,
        });
        let key = |period: kernel::Period, working| match period.unit() {
            Unit::Weeks => (period.count() * 7, "D", working),
            Unit::Years => (period.count() * 12, "M", working),
            Unit::Hours => (period.count(), "H", working),
            Unit::Days => (period.count(), "D", working),
            Unit::Months => (period.count(), "M", working),
        };
        found.map(|(period, working)| (key(period, working), (period, working))).collect()
    };
    let (left, right) = (exact(en), exact(fr));
    let only = |a: &BTreeMap<_, (kernel::Period, bool)>, b: &BTreeMap<_, _>, lang| -> String {
        let own = a.iter().filter(|(key, _)| !b.contains_key(*key));
        shown(&own.map(|(_, (period, working))| agreement::text::length(period, *working, lang)).collect())
    };
    if left.keys().eq(right.keys()) {
        return None;
    }
    let says = |lang| (only(&left, &right, lang), only(&right, &left, lang));
    let ((en_en, fr_en), (en_fr, fr_fr)) = (says(Lang::En), says(Lang::Fr));
    Some(told(
        Kind::Period,
        format!("length of time: English says {en_en}, French says {fr_en}"),
        format!("durée : l'anglais dit {en_fr}, le français dit {fr_fr}"),
    ))
}

/// Numbers in digits, and number words against them. Those of a length of time that was reported are not told again.
fn numbers(en: Of<'_>, fr: Of<'_>, quiet: bool) -> Option<Told> {
    let hard = |of: Of<'_>| of.segment.numbers(of.lang());
    let soft = |of: Of<'_>| -> BTreeSet<String> {
        let words = of.segment.folded.split(|c: char| !c.is_ascii_alphabetic());
        // "Neuf" is nine and new.
        let counts = words.filter(|word| *word != "neuf").filter_map(|word| of.document.grammar.words.number(word));
        counts.filter(|count| *count > 1).map(|count| count.to_string()).collect()
    };
    let periods: BTreeSet<String> = [en, fr]
        .iter()
        .flat_map(|of| &of.segment.figures)
        .filter_map(|figure| match figure {
            Figure::Exact(period, _) => Some(period.count().to_string()),
            _ => None,
        })
        .collect();
    let lacking = |own: &BTreeSet<String>, other: Of<'_>| -> BTreeSet<String> {
        let (hard, soft) = (hard(other), soft(other));
        let known =
            |number: &String| hard.contains(number) || soft.contains(number) || (quiet && periods.contains(number));
        own.iter().filter(|number| !known(number)).cloned().collect()
    };
    let (left, right) = (lacking(&hard(en), fr), lacking(&hard(fr), en));
    if left.is_empty() && right.is_empty() {
        let (left, right) = (lacking(&soft(en), fr), lacking(&soft(fr), en));
        let both = !left.is_empty() && !right.is_empty();
        return both.then(|| versus(Kind::Number, ["number", "nombre"], &shown(&left), &shown(&right)));
    }
    Some(versus(Kind::Number, ["number", "nombre"], &shown(&left), &shown(&right)))
}

fn dates_of(en: Of<'_>, fr: Of<'_>) -> Option<Told> {
    let date = |of: Of<'_>| dates::iso(&of.segment.text, &of.document.grammar.words);
    let (left, right) = (date(en)?, date(fr)?);
    (left != right).then(|| versus(Kind::Date, ["date", "date"], &left, &right))
}

pattern!(
    CURRENCY,
    r"(?i)€|£|\$|(?-u:\b)(?:eur(?:os?)?|gbp|pounds?(?: sterling)?|livres? sterling|usd|(?:us )?dollars?|chf|(?:swiss )?francs?(?: suisses?)?)(?-u:\b)"
);
pattern!(PERCENT, r"(?i)[0-9]\s?%|(?:per ?cent|pour ?cent)(?-u:\b)");

fn money(en: Of<'_>, fr: Of<'_>) -> Option<Told> {
    let units = |of: Of<'_>| -> BTreeSet<String> {
        let currency = |word: &str| match word.to_lowercase().chars().next() {
            Some('€' | 'e') => "EUR",
            Some('£' | 'g' | 'p' | 'l') => "GBP",
            Some('$' | 'u' | 'd') => "USD",
            _ => "CHF",
        };
        let text = &of.segment.text;
        let mut found: BTreeSet<String> =
            CURRENCY.find_iter(text).map(|hit| currency(hit.as_str()).to_owned()).collect();
        found.extend(PERCENT.is_match(text).then(|| "%".to_owned()));
        // A currency without an amount is a word of the trade.
        if text.contains(|c: char| c.is_ascii_digit()) { found } else { BTreeSet::new() }
    };
    let (left, right) = (units(en), units(fr));
    (left != right).then(|| versus(Kind::Money, ["money or share", "montant ou part"], &shown(&left), &shown(&right)))
}

/// Addresses; the language part of a web address is none.
fn addresses(en: Of<'_>, fr: Of<'_>) -> Option<Told> {
    let found = |of: Of<'_>| -> BTreeMap<String, String> {
        let key = |address: &str| address.replace("/en", "").replace("/fr", "").replace("www.", "");
        of.segment.addresses().into_iter().map(|address| (key(&address), address)).collect()
    };
    let (left, right) = (found(en), found(fr));
    let only = |a: &BTreeMap<String, String>, b: &BTreeMap<String, String>| -> BTreeSet<String> {
        a.iter().filter(|(key, _)| !b.contains_key(*key)).map(|(_, address)| address.clone()).collect()
    };
    let (left, right) = (only(&left, &right), only(&right, &left));
    let same = left.is_empty() && right.is_empty();
    (!same).then(|| versus(Kind::Contact, ["address", "adresse"], &shown(&left), &shown(&right)))
}

/// Values of a list of the grammar: the same value whatever the language.
fn values(of: Of<'_>, list: &str) -> BTreeSet<String> {
    let lists = of.document.grammar.words.lists.get(list).into_iter().flatten();
    lists.filter(|(pattern, _)| pattern.is_match(&of.segment.tokens)).map(|(_, value)| value.clone()).collect()
}

/// Rights of persons, where at least one text enumerates them.
fn rights(en: Of<'_>, fr: Of<'_>) -> Option<Told> {
    let enumerated = |of: Of<'_>| {
        let words = &of.document.grammar.words;
        words.has("rights_right", &of.segment.tokens) || values(of, "rights").len() >= 3
    };
    let (left, right) = (values(en, "rights"), values(fr, "rights"));
    if !(enumerated(en) && enumerated(fr)) || left == right {
        return None;
    }
    let only = |a: &BTreeSet<String>, b: &BTreeSet<String>| a.difference(b).cloned().collect::<BTreeSet<_>>();
    Some(versus(Kind::Right, ["rights", "droits"], &shown(&only(&left, &right)), &shown(&only(&right, &left))))
}

fn countries(en: Of<'_>, fr: Of<'_>) -> Option<Told> {
    let (left, right) = (values(en, "countries"), values(fr, "countries"));
    let only = |a: &BTreeSet<String>, b: &BTreeSet<String>| a.difference(b).cloned().collect::<BTreeSet<_>>();
    let (left, right) = (only(&left, &right), only(&right, &left));
    let both = !left.is_empty() && !right.is_empty();
    both.then(|| versus(Kind::Wording, ["country", "pays"], &shown(&left), &shown(&right)))
}

pattern!(
    DUTY_EN,
    r"([PC])(?: [a-z]+){0,2} (?:shall|must|may|will|undertakes|agrees|is required|is entitled|bears?)(?-u:\b)"
);
pattern!(
    DUTY_FR,
    r"([PC])(?: [a-z]+){0,2} (?:doit|doivent|devra|devront|peut|peuvent|pourra|s'engage|s'interdit|est tenu|est en droit|est autorise|prend en charge|supporte)(?-u:\b)"
);

pattern!(SUBJECT, r"^([PC]) [a-z']");
pattern!(PASSIVE, r"(?-u:\b)(?:by|par) [PC](?-u:\b)");

/// Who owes it: the processor in one text, the controller in the other. A passive turns the sentence round.
fn who(en: Of<'_>, fr: Of<'_>) -> Option<Told> {
    let passive = |of: Of<'_>| PASSIVE.is_match(&of.segment.tokens);
    let find = |duty: &Regex, of: Of<'_>| {
        let found = duty.captures(&of.segment.tokens).or_else(|| SUBJECT.captures(&of.segment.tokens))?;
        Some(found[1].to_owned())
    };
    let (left, right) = (find(&DUTY_EN, en)?, find(&DUTY_FR, fr)?);
    let name = |role: &str, lang: Lang| match role {
        "P" => lang.pick("the processor", "le sous-traitant"),
        _ => lang.pick("the controller", "le responsable du traitement"),
    };
    if left == right || passive(en) != passive(fr) {
        return None;
    }
    Some(told(
        Kind::Modality,
        format!("who: English says {}, French says {}", name(&left, Lang::En), name(&right, Lang::En)),
        format!("qui : l'anglais dit {}, le français dit {}", name(&left, Lang::Fr), name(&right, Lang::Fr)),
    ))
}

pattern!(
    MAY_EN,
    r"(?:[PCSDKA]|(?-u:\b)(?:it|they|he|party|parties|host|client|person|who|data))(?: [a-z,]+){0,4} (?:may|can)(?-u:\b)|(?-u:\b)(?:is|are) (?:entitled|free|allowed|permitted) to(?-u:\b)|(?-u:\b)has the right to(?-u:\b)"
);
pattern!(
    MAY_FR,
    r"(?-u:\b)(?:peut|peuvent|pourra|pourront|puisse|puissent)(?-u:\b)|(?-u:\b)(?:est|sont) (?:libres?|autorisee?s?|en droit) d|(?-u:\b)(?:a|ont) (?:la faculte|le droit|la possibilite) d"
);
pattern!(
    MUST_EN,
    r"(?-u:\b)(?:shall|must|undertakes?|agrees? to|is required to|are required to|is obliged|is bound|has to|commits?)(?-u:\b)"
);
pattern!(
    MUST_FR,
    r"(?-u:\b)(?:doit|doivent|devra|devront|s'engagent?|est tenue?|sont tenue?s|s'oblige|s'interdit|est obligee?)(?-u:\b)"
);
pattern!(
    SHOULD_EN,
    r"(?-u:\b)(?:should|endeavou?rs?|(?:best|reasonable|commercially reasonable) (?:efforts|endeavou?rs)|as far as (?:is )?(?:possible|practicable)|where possible|if possible|to the extent possible|insofar as)(?-u:\b)"
);
pattern!(
    SHOULD_FR,
    r"(?-u:\b)(?:devrait|devraient|s'efforce\w*|meilleurs efforts|efforts raisonnables|dans la mesure du possible|si possible|lorsque cela est possible|lorsque c'est possible|autant que (?:faire se peut|possible)|dans toute la mesure)(?-u:\b)"
);

pattern!(MAY_NOT_EN, r"(?-u:\b)(?:may|can)(?: not|not)(?-u:\b)");
pattern!(MAY_NOT_FR, r"(?-u:\b)ne (?:peut|peuvent|pourra|pourront)(?-u:\b)");

/// How firmly: may, should or must. French says a duty in the plain present, so only evidence against it counts.
fn modality(en: Of<'_>, fr: Of<'_>) -> Option<Told> {
    // "May not" and "must not" forbid alike.
    let left = MAY_NOT_EN.replace_all(&en.segment.tokens, "not");
    let right = MAY_NOT_FR.replace_all(&fr.segment.tokens, "ne");
    let may = (MAY_EN.is_match(&left), MAY_FR.is_match(&right));
    let must = (MUST_EN.is_match(&left), MUST_FR.is_match(&right));
    let should = (SHOULD_EN.is_match(&left), SHOULD_FR.is_match(&right));
    let name = |index: usize, lang: Lang| match index {
        0 => lang.pick("may", "une faculté"),
        1 => lang.pick("a duty", "une obligation"),
        _ => lang.pick("an effort", "un effort"),
    };
    let (one, two) = match (may, should) {
        ((true, false), _) if !must.0 => (0, 1),
        ((false, true), _) if !must.1 => (1, 0),
        (_, (true, false)) => (2, 1),
        (_, (false, true)) => (1, 2),
        _ => return None,
    };
    Some(told(
        Kind::Modality,
        format!("how firmly: English says {}, French says {}", name(one, Lang::En), name(two, Lang::En)),
        format!("force : l'anglais dit {}, le français dit {}", name(one, Lang::Fr), name(two, Lang::Fr)),
    ))
}

pattern!(
    NOT_EN,
    r"(?-u:\b)(?:not|never|no|neither|nor|none|cannot|forbidden|prohibit\w*|refrains?|nobody|nothing)(?-u:\b)"
);
pattern!(
    NOT_FR,
    r"(?-u:\b)(?:pas|jamais|aucune?|ni|interdi\w*|s'interdi\w*|s'abstien\w*|s'abstenir|personne ne|rien|nulle? part)(?-u:\b)"
);
pattern!(
    HALF_EN,
    r"(?-u:\b)(?:only|solely|exclusively|alone|without|unless|fail\w*|un(?:able|lawful|authori[sz]ed|known|due|available|necessary|affected|til)|in(?:complete|accurate|valid|compatible|sufficient|ability)|impossible|illegal|otherwise|except|save|outside|non|avoid\w*|prevent\w*|less|refus\w*|rather than|instead|lack)(?-u:\b)"
);
pattern!(
    HALF_FR,
    r"(?-u:\b)(?:ne|n'[a-z]+|seule?s?|seulement|uniquement|exclusivement|sans|sauf|hors|defaut|manque\w*|refus\w*|non|in(?:complet|exact|valide|compatible|suffisan|capacite|connu|du|utile|justifie|determine)\w*|il(?:licite|legal)\w*|impossib\w*|evit\w*|empech\w*|moins|plutot)(?-u:\b)"
);

/// Whether at all. "Only" and "ne … que" are half a negation: they excuse a missing "not", and ask for nothing.
fn negation(en: Of<'_>, fr: Of<'_>) -> Option<Told> {
    let (left, right) = (&en.segment.tokens, &fr.segment.tokens);
    let (not_en, not_fr) = (NOT_EN.is_match(left), NOT_FR.is_match(right));
    let excused = (not_en && HALF_FR.is_match(right)) || (not_fr && HALF_EN.is_match(left));
    if not_en == not_fr || excused {
        return None;
    }
    let (first, second) = if not_en { ("English", "French") } else { ("French", "English") };
    let (premier, autre) = if not_en { ("l'anglais", "le français") } else { ("le français", "l'anglais") };
    Some(told(
        Kind::Negation,
        format!("negation: {first} denies what {second} affirms"),
        format!("négation : {premier} nie ce que {autre} affirme"),
    ))
}

/// Words of one class, one in place of another: "users" for « clients ».
fn wordings(en: Of<'_>, fr: Of<'_>) -> Vec<Told> {
    let mut classes: BTreeMap<&str, [Vec<&str>; 2]> = BTreeMap::new();
    for concept in concepts::all().iter().filter(|concept| concept.class != "none") {
        let (left, right) = (concept.words(&en.segment.folded, Lang::En), concept.words(&fr.segment.folded, Lang::Fr));
        let [lefts, rights] = classes.entry(&concept.class).or_default();
        match left.len().cmp(&right.len()) {
            std::cmp::Ordering::Greater => lefts.extend(left.last()),
            std::cmp::Ordering::Less => rights.extend(right.last()),
            std::cmp::Ordering::Equal => {}
        }
    }
    let differing = classes.into_values().filter(|[left, right]| !left.is_empty() && !right.is_empty());
    differing
        .map(|[left, right]| {
            let (left, right) = (left.join(", "), right.join(", "));
            versus(Kind::Wording, ["word", "mot"], &format!("“{left}”"), &format!("« {right} »"))
        })
        .collect()
}
