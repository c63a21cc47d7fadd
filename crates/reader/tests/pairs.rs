//! The two language versions of an agreement: what differs is told, what only reads differently is not.

use kernel::Lang;
use reader::compare::{CompareError, Kind, Pairing, Version};

const EN: &str = include_str!("pairs/accord.en.md");
const FR: &str = include_str!("pairs/accord.fr.md");

fn pair(first: (&[u8], &str), second: (&[u8], &str)) -> Result<Pairing, CompareError> {
    reader::compare::pair(Version::extract(first.0, first.1)?, Version::extract(second.0, second.1)?)
}

fn compare(en: &str, fr: &str) -> Pairing {
    pair((en.as_bytes(), "accord.en.md"), (fr.as_bytes(), "accord.fr.md")).expect("both texts can be read")
}

fn listed(found: &Pairing) -> String {
    let sides = |one: &reader::compare::Difference| {
        [&one.en, &one.fr].map(|side| side.as_ref().map(|side| side.text.clone()).unwrap_or_default()).join(" | ")
    };
    found.differences.iter().map(|one| format!("{:?}: {}: {}\n", one.kind, one.message(Lang::En), sides(one))).collect()
}

#[test]
fn faithful_translations_have_no_differences_in_either_order() {
    let found = compare(EN, FR);
    assert!(found.differences.is_empty(), "{}", listed(&found));
    assert!(found.paired > 35 && found.english_first, "{}", found.paired);
    let turned = pair((FR.as_bytes(), "b.md"), (EN.as_bytes(), "a.md")).unwrap();
    assert!(!turned.english_first);
    assert_eq!(turned.differences, found.differences);
}

/// What was changed in one text, and what kind of difference that is.
const PLANTED: [(Lang, &str, &str, Kind); 46] = [
    (Lang::En, "within 48 hours", "within 72 hours", Kind::Period),
    (Lang::Fr, "dans les 48 heures", "dans les 24 heures", Kind::Period),
    (Lang::En, "within 60 days", "within 2 months", Kind::Period),
    (Lang::Fr, "délai de 60 jours", "délai de 90 jours", Kind::Period),
    (Lang::En, "2 working days", "2 days", Kind::Period),
    (Lang::Fr, "2 jours ouvrés", "2 jours", Kind::Period),
    (Lang::En, "announced 3 weeks", "announced 2 weeks", Kind::Period),
    (Lang::Fr, "conservé six mois", "conservé douze mois", Kind::Period),
    (Lang::En, "cost 850 euros", "cost 950 euros", Kind::Number),
    (Lang::Fr, "850 euros", "1 850 euros", Kind::Number),
    (Lang::En, "57400 Sarrebourg", "57000 Sarrebourg", Kind::Number),
    (Lang::Fr, "12 place Stanislas", "21 place Stanislas", Kind::Number),
    (Lang::En, "850 euros", "850 pounds", Kind::Money),
    (Lang::Fr, "850 euros", "850 francs suisses", Kind::Money),
    (Lang::En, "25 %", "30 %", Kind::Number),
    (Lang::Fr, "25 %", "20 %", Kind::Number),
    (Lang::En, "12 March 2026", "12 May 2026", Kind::Date),
    (Lang::Fr, "12 mars 2026", "12 avril 2026", Kind::Date),
    (Lang::En, "The Controller may object", "The Controller shall object", Kind::Modality),
    (Lang::Fr, "Le Sous-traitant peut recourir", "Le Sous-traitant doit recourir", Kind::Modality),
    (Lang::En, "The Processor shall assist", "The Processor may assist", Kind::Modality),
    (Lang::Fr, "Le Sous-traitant transmet", "Le Sous-traitant pourra transmettre", Kind::Modality),
    (Lang::En, "should confirm", "shall confirm", Kind::Modality),
    (Lang::Fr, "devrait confirmer", "doit confirmer", Kind::Modality),
    (Lang::En, "Processor shall not use the data", "Processor shall use the data", Kind::Negation),
    (Lang::Fr, "n'utilise pas les données", "utilise les données", Kind::Negation),
    (Lang::En, "and remains liable", "and is not liable", Kind::Negation),
    (Lang::Fr, "et en demeure responsable", "et n'en est pas responsable", Kind::Negation),
    (Lang::En, "alerte@lamy.example", "alert@lamy.example", Kind::Contact),
    (Lang::Fr, "alerte@lamy.example", "alertes@lamy.example", Kind::Contact),
    (Lang::En, "https://nuage-est.example/en/list", "https://nuage.example/en/list", Kind::Contact),
    (Lang::Fr, "https://nuage-est.example/fr/list", "https://nuage-est.example/fr/ancien", Kind::Contact),
    (Lang::En, "rectification, erasure and portability", "rectification and portability", Kind::Right),
    (Lang::Fr, "d'accès, de rectification, d'effacement", "d'accès, d'effacement", Kind::Right),
    (Lang::En, "Nuage d'Est SARL", "Nuage d'Ouest SARL", Kind::Party),
    (Lang::Fr, "Verrerie Lamy SA", "Cristallerie Lamy SA", Kind::Party),
    (Lang::En, "- a penetration test every year;\n", "", Kind::MissingItem),
    (Lang::Fr, "- l'authentification à deux facteurs des administrateurs ;\n", "", Kind::MissingItem),
    (
        Lang::En,
        "6.2 The notice describes the nature of the breach, its likely consequences and the measures taken.\n",
        "",
        Kind::MissingClause,
    ),
    (Lang::Fr, "8.2 Les audits supplémentaires coûtent 850 euros par jour.\n", "", Kind::MissingClause),
    (Lang::Fr, "4.3 Le Sous-traitant impose", "4.3 Le Responsable du traitement impose", Kind::Modality),
    (Lang::En, "customers and employees", "customers and visitors", Kind::Wording),
    (Lang::Fr, "La liste des sous-traitants", "Le tableau des sous-traitants", Kind::Wording),
    (Lang::En, "by registered letter", "by e-mail", Kind::Wording),
    (Lang::Fr, "le chiffrement des sauvegardes", "la pseudonymisation des sauvegardes", Kind::Wording),
    (Lang::Fr, "l'autorisation générale", "l'autorisation spécifique", Kind::Term),
];

#[test]
fn every_planted_difference_is_told_and_nothing_else() {
    let mut problems = Vec::new();
    for (lang, from, to, kind) in PLANTED {
        let (en, fr) = match lang {
            Lang::En => (EN.replacen(from, to, 1), FR.to_owned()),
            Lang::Fr => (EN.to_owned(), FR.replacen(from, to, 1)),
        };
        assert!(en != EN || fr != FR, "{from} is not in the text");
        let found = compare(&en, &fr);
        let kinds: Vec<Kind> = found.differences.iter().map(|one| one.kind).collect();
        if kinds != [kind] {
            problems.push(format!("{from} → {to}: expected {kind:?}, found\n{}", listed(&found)));
        }
    }
    assert!(problems.is_empty(), "{} of {}:\n{}", problems.len(), PLANTED.len(), problems.join("\n"));
}

#[test]
fn a_difference_has_its_place_and_its_words_in_both_texts() {
    let french = FR.replacen("dans les 48 heures", "dans les 24 heures", 1);
    let found = compare(EN, &french);
    let [one] = &found.differences[..] else { panic!("{}", listed(&found)) };
    let (en, fr) = (one.en.as_ref().unwrap(), one.fr.as_ref().unwrap());
    assert!(EN[en.span[0]..en.span[1]].contains("within 48 hours"));
    assert!(french[fr.span[0]..fr.span[1]].contains("dans les 24 heures"));
    assert_eq!((en.clause.as_deref(), fr.clause.as_deref()), (Some("6.1"), Some("6.1")));
    assert_eq!(one.message(Lang::En), "length of time: English says 48 hours, French says 24 hours");
    assert!(one.message(Lang::Fr).starts_with("durée : l'anglais dit 48"));
}

#[test]
fn another_order_and_other_numbers_are_no_difference() {
    let (start, end) = (FR.find("## 6.").unwrap(), FR.find("## 7.").unwrap());
    let section = &FR[start..end];
    let moved = FR.replacen(section, "", 1).replacen("## 4.", &format!("{section}## 4."), 1);
    let renumbered = moved.replace("## 6. ", "## Article X. ").replace("6.1 ", "").replace("6.2 ", "");
    for fr in [moved, renumbered] {
        let found = compare(EN, &fr);
        assert!(found.differences.is_empty(), "{}", listed(&found));
    }
}

#[test]
fn two_texts_in_one_language_are_no_pair() {
    let refused = pair((EN.as_bytes(), "a.md"), (EN.as_bytes(), "b.md")).unwrap_err();
    assert_eq!(refused, CompareError::SameLanguage { lang: Lang::En });
    assert!(refused.remedy(Lang::Fr).contains("garant diff"));
    let unread = pair((b"", "a.md"), (EN.as_bytes(), "b.md")).unwrap_err();
    assert!(unread.message(Lang::En).starts_with("`a.md` cannot be read"));
}
