//! Every clause that a finding proposes is proven: put into an agreement that has the finding, it ends it, in both
//! languages. A clause that the reader itself does not understand would be no remedy.

use agreement::codes::{self, Explanation};
use agreement::reading::Severity;
use kernel::Lang;

/// What lacks the point, and where the clause goes.
struct Case {
    /// The code whose clause is proven.
    code: &'static str,
    /// Said by the agreement beside its frame; empty when the frame alone has the finding.
    text: [&'static str; 2],
    /// Whether the clause takes the place of that text, or is added to it.
    instead: bool,
    /// What a person would write for the blanks of the clause, in square brackets.
    blanks: &'static [(&'static str, &'static str)],
}

const fn add(code: &'static str, en: &'static str, fr: &'static str) -> Case {
    Case { code, text: [en, fr], instead: false, blanks: &[] }
}

const fn instead(code: &'static str, en: &'static str, fr: &'static str) -> Case {
    Case { code, text: [en, fr], instead: true, blanks: &[] }
}

const fn bare(code: &'static str) -> Case {
    add(code, "", "")
}

/// The least that makes a text an agreement between two named parties.
const FRAME: [&str; 2] = [
    "DATA PROCESSING AGREEMENT\n\nbetween Corner Bakery Ltd (the \"Controller\") and Oak Hosting Ltd (the \"Processor\").\n\n\
     The Processor processes personal data on behalf of the Controller as set out in this data processing agreement.",
    "ACCORD DE SOUS-TRAITANCE DE DONNÉES\n\nentre Boulangerie du Coin SARL, responsable du traitement (le « Responsable »), et \
     Hébergement du Chêne SAS, sous-traitant (le « Sous-traitant »).\n\nLe Sous-traitant traite des données à caractère personnel pour le compte du \
     Responsable aux conditions du présent accord de sous-traitance.",
];

const GENERAL: [&str; 2] = [
    "The Controller gives the Processor a general written authorisation to engage sub-processors.",
    "Le Responsable donne au Sous-traitant une autorisation écrite générale de recourir à des sous-traitants ultérieurs.",
];

/// What the agreement is about, and no more.
const SUBJECT: [&str; 2] =
    ["The subject matter is the online shop.", "L'objet du traitement est la boutique en ligne."];

const CASES: &[Case] = &[
    // The frame.
    Case {
        code: "A28-3-scope",
        text: ["", ""],
        instead: false,
        blanks: &[
            ("[service]", "web hosting"),
            ("[collection, hosting, consultation, deletion]", "collection, hosting and deletion"),
            ("[purpose]", "keeping the shop online"),
            ("[le service]", "l'hébergement du site"),
            ("[collecte, hébergement, consultation, suppression]", "collecte, hébergement et suppression"),
            ("[finalité]", "maintenir la boutique en ligne"),
        ],
    },
    Case {
        code: "A28-3-purpose",
        text: SUBJECT,
        instead: false,
        blanks: &[
            ("[purpose 1]", "hosting the shop"),
            ("[purpose 2]", "answering support requests"),
            ("[finalité 1]", "héberger la boutique"),
            ("[finalité 2]", "répondre aux demandes d'assistance"),
        ],
    },
    bare("A28-3-duration"),
    Case {
        code: "A28-3-data",
        text: SUBJECT,
        instead: false,
        blanks: &[
            ("[identity, contact details, usage data, billing data]", "names, e-mail addresses and invoices"),
            ("[none]", "none"),
            (
                "[identité, coordonnées, données d'usage, données de facturation]",
                "noms, adresses électroniques et factures",
            ),
            ("[néant]", "néant"),
        ],
    },
    Case {
        code: "A28-3-subjects",
        text: [
            "The subject matter is the hosting of a shop.",
            "L'objet du traitement est l'hébergement d'une boutique.",
        ],
        instead: false,
        blanks: &[
            ("[the Controller's customers and prospects]", "the Controller's customers"),
            ("[its employees]", "its employees"),
            ("[the visitors of its sites]", "the visitors of its sites"),
            ("[les clients et prospects du Responsable]", "les clients du Responsable"),
            ("[ses salariés]", "ses salariés"),
            ("[les visiteurs de ses sites]", "les visiteurs de ses sites"),
        ],
    },
    add("A28-3-nature", SUBJECT[0], SUBJECT[1]),
    bare("A28-3-controller"),
    bare("A9-special"),
    bare("A28-10-limit"),
    bare("A82"),
    bare("A15-22"),
    bare("A30-2"),
    bare("A32-4"),
    bare("A33-2"),
    bare("A28-3-alert"),
    bare("A28-4-flow"),
    bare("A28-4-liability"),
    Case {
        code: "A28-contact",
        text: ["", ""],
        instead: false,
        blanks: &[
            ("[name, e-mail]", "privacy@oak.example"),
            ("[e-mail and telephone read at all hours]", "alert@oak.example"),
            ("[nom, courriel]", "vieprivee@chene.example"),
            ("[courriel et téléphone relevés à toute heure]", "alerte@chene.example"),
        ],
    },
    Case {
        code: "A28-9",
        text: ["", ""],
        instead: false,
        blanks: &[
            ("replaces that of [date]", "replaces none"),
            ("dated [date]", "dated 3 March 2026"),
            ("remplace celui du [date]", "n'en remplace aucun"),
            ("daté du [date]", "daté du 3 mars 2026"),
        ],
    },
    // The letters, and their finer points.
    bare("A28-3-a"),
    bare("A28-3-b"),
    bare("A28-3-c"),
    bare("A28-3-d"),
    bare("A28-3-e"),
    bare("A28-3-f"),
    bare("A28-3-g"),
    bare("A28-3-h"),
    add(
        "A28-3-a-compulsion",
        "The Processor processes the personal data only on documented instructions of the Controller.",
        "Le Sous-traitant ne traite les données à caractère personnel que sur instruction documentée du Responsable.",
    ),
    add(
        "A28-3-a-transfers",
        "The Processor processes the personal data only on documented instructions of the Controller.",
        "Le Sous-traitant ne traite les données à caractère personnel que sur instruction documentée du Responsable.",
    ),
    add(
        "A28-3-c-measures",
        "The Processor takes all measures required by Article 32 GDPR.",
        "Le Sous-traitant prend toutes les mesures requises par l'article 32 du RGPD.",
    ),
    add(
        "A32-1-d",
        "The Processor takes all measures required by Article 32 GDPR.",
        "Le Sous-traitant prend toutes les mesures requises par l'article 32 du RGPD.",
    ),
    add(
        "A32-2",
        "The Processor takes all measures required by Article 32 GDPR.",
        "Le Sous-traitant prend toutes les mesures requises par l'article 32 du RGPD.",
    ),
    add(
        "A28-2",
        "The Processor informs the Controller of any change concerning its sub-processors, and the Controller may object.",
        "Le Sous-traitant informe le Responsable de tout changement concernant ses sous-traitants ultérieurs, et le \
         Responsable peut s'y opposer.",
    ),
    add("A28-2-notice", GENERAL[0], GENERAL[1]),
    add("A28-2-objection", GENERAL[0], GENERAL[1]),
    add("A28-2-on-objection", GENERAL[0], GENERAL[1]),
    add("A28-2-list", GENERAL[0], GENERAL[1]),
    add(
        "A12-forward",
        "The Processor assists the Controller in responding to requests of data subjects.",
        "Le Sous-traitant aide le Responsable à répondre aux demandes des personnes concernées.",
    ),
    instead(
        "A33-2-vague",
        "The Processor notifies the Controller of a personal data breach without undue delay.",
        "Le Sous-traitant notifie au Responsable toute violation de données dans les meilleurs délais.",
    ),
    instead(
        "A33-2-late",
        "The Processor notifies the Controller of a personal data breach within 5 days.",
        "Le Sous-traitant notifie au Responsable toute violation de données dans un délai de 5 jours.",
    ),
    instead(
        "A33-2-ceiling",
        "The Processor notifies the Controller of a personal data breach within 72 hours.",
        "Le Sous-traitant notifie au Responsable toute violation de données dans un délai de 72 heures.",
    ),
    add(
        "A33-3",
        "The Processor notifies the Controller of a personal data breach within 24 hours.",
        "Le Sous-traitant notifie au Responsable toute violation de données dans un délai de 24 heures.",
    ),
    add(
        "A28-3-f-security",
        "The Processor assists the Controller with data protection impact assessments.",
        "Le Sous-traitant aide le Responsable pour les analyses d'impact.",
    ),
    add(
        "A28-3-f-breach",
        "The Processor assists the Controller with data protection impact assessments.",
        "Le Sous-traitant aide le Responsable pour les analyses d'impact.",
    ),
    add(
        "A28-3-f-dpia",
        "The Processor assists the Controller with prior consultation of the supervisory authority.",
        "Le Sous-traitant aide le Responsable pour la consultation préalable de l'autorité de contrôle.",
    ),
    add(
        "A28-3-f-consultation",
        "The Processor assists the Controller with data protection impact assessments.",
        "Le Sous-traitant aide le Responsable pour les analyses d'impact.",
    ),
    instead(
        "A28-3-g-choice",
        "At the end of the service the Processor deletes all personal data within 30 days.",
        "À la fin de la prestation, le Sous-traitant supprime toutes les données à caractère personnel dans un délai de 30 jours.",
    ),
    add(
        "A28-3-g-figure",
        "At the end of the service the Processor deletes or returns all personal data, at the choice of the Controller.",
        "À la fin de la prestation, le Sous-traitant supprime ou restitue toutes les données à caractère personnel, au choix du \
         Responsable.",
    ),
    add(
        "A28-3-g-copies",
        "At the end of the service the Processor deletes or returns all personal data, at the choice of the Controller.",
        "À la fin de la prestation, le Sous-traitant supprime ou restitue toutes les données à caractère personnel, au choix du \
         Responsable.",
    ),
    add(
        "A28-3-g-certificate",
        "At the end of the service the Processor deletes or returns all personal data, at the choice of the Controller.",
        "À la fin de la prestation, le Sous-traitant supprime ou restitue toutes les données à caractère personnel, au choix du \
         Responsable.",
    ),
    add(
        "A28-3-h-information",
        "The Processor allows for audits by the Controller.",
        "Le Sous-traitant permet la réalisation d'audits par le Responsable.",
    ),
    add(
        "A28-3-h-audit",
        "The Processor makes available to the Controller all information necessary to demonstrate compliance.",
        "Le Sous-traitant met à la disposition du Responsable toutes les informations nécessaires pour démontrer le \
         respect de ses obligations.",
    ),
    add(
        "A28-3-h-limit",
        "The Controller may conduct audits once per year.",
        "Le Responsable peut réaliser un audit une fois par an.",
    ),
    add(
        "A28-3-h-costs",
        "Audits\n\nThe Controller may conduct audits once per year. The Controller bears the costs of the audit.",
        "Audits\n\nLe Responsable peut réaliser un audit une fois par an. Les frais de l'audit sont à la charge du \
         Responsable.",
    ),
    // What should not be said.
    instead(
        "A28-10",
        "The Processor may use the personal data to improve its own technology.",
        "Le Sous-traitant est autorisé à utiliser les données à caractère personnel pour améliorer ses propres services.",
    ),
    Case {
        code: "A5-1-e",
        text: [
            "The logs are kept for as long as necessary.",
            "Les journaux sont conservés aussi longtemps que nécessaire.",
        ],
        instead: true,
        blanks: &[
            ("[12 months]", "12 months"),
            ("[their last use]", "their last use"),
            ("[12 mois]", "12 mois"),
            ("[leur dernier usage]", "leur dernier usage"),
        ],
    },
    instead(
        "CONFLICT-recipients",
        "The Controller gives a general written authorisation to engage sub-processors.\n\nThe personal data shall not be \
         communicated to any third party.",
        "Le Responsable donne une autorisation écrite générale de recourir à des sous-traitants ultérieurs.\n\n\
         Aucune donnée n'est communiquée à des tiers. Aucune communication de données à un tiers n'a lieu.",
    ),
    instead(
        "A7-4-employees",
        "The Controller decides whether acceptance of the mailbox connection by its employees is mandatory.",
        "Le Responsable décide si l'acceptation du raccordement par ses salariés est obligatoire.",
    ),
    instead(
        "A28-role",
        "As the Controller is not aware of the purposes of the processing, it defines its legal basis.",
        "Le Responsable n'ayant pas connaissance des finalités du traitement, il en définit la base légale.",
    ),
    instead(
        "A28-3-anchors",
        "After receipt of the request, at least 30 days before the start, the parties sign a protocol.",
        "Après réception de la demande, au moins 30 jours avant le début, les parties signent un protocole.",
    ),
    instead(
        "A12-6-identity",
        "Requests of data subjects must be accompanied by a copy of an identity card.",
        "Les demandes des personnes concernées doivent être accompagnées d'une copie d'une pièce d'identité.",
    ),
    instead(
        "A21-reason",
        "A data subject who objects must give the reasons for the objection in the request.",
        "La personne concernée qui s'oppose au traitement doit motiver son opposition.",
    ),
    instead(
        "A15-unreadable",
        "The Processor assists the Controller in responding to requests of data subjects. The content of the files can neither \
         be decrypted nor read.",
        "Le Sous-traitant aide le Responsable à répondre aux demandes des personnes concernées. Le contenu des \
         fichiers ne peut être déchiffré ni lu.",
    ),
    instead(
        "EPRIVACY-5-3",
        "The cookies of the service do not identify anyone.",
        "Les cookies du service ne permettent pas d'identifier quelqu'un.",
    ),
    instead(
        "A22-machine",
        "Orders that the scoring marks as fraud are rejected automatically.",
        "Les commandes que le score signale sont refusées automatiquement.",
    ),
    instead(
        "A32-shared",
        "Credentials are unique and shared within the team.",
        "Les identifiants sont uniques et partagés au sein de l'équipe.",
    ),
    instead(
        "A32-password",
        "Passwords are renewed every three months.",
        "Les mots de passe sont renouvelés tous les trois mois.",
    ),
    add(
        "HOSTING-FR",
        "The Processor hosts the shop. All personal data are deleted within 30 days of the end of the service. This agreement \
         is governed by French law.",
        "Le Sous-traitant héberge la boutique. Toutes les données à caractère personnel sont supprimées dans les 30 jours \
         suivant la fin de la prestation. Le présent accord est régi par le droit français.",
    ),
    add(
        "DATA-ACT",
        "The Processor provides a cloud service. At the end of the service all personal data are deleted within 30 days.",
        "Le Sous-traitant fournit un service en mode SaaS. À la fin de la prestation, toutes les données à caractère personnel \
         sont supprimées dans les 30 jours.",
    ),
];

/// Codes whose clause no text of one agreement can prove: what must be shown is a list, a name, or another document.
const UNPROVEN: [&str; 9] = [
    "A28-roles",
    "CONFLICT",
    "BY-REFERENCE",
    "A28-2-silence",
    "A44",
    "A44-tool",
    "A28-2-address",
    "A6-basis",
    "NOT-AN-AGREEMENT",
];

fn findings(text: &str) -> Vec<(String, Severity)> {
    let reading = reader::read(text.as_bytes(), "agreement.txt", Lang::En).expect("a text can be read");
    reading.findings.into_iter().map(|finding| (finding.code, finding.severity)).collect()
}

fn clause(case: &Case, entry: &Explanation, lang: Lang) -> String {
    let clause = entry.clause.as_ref().map(|clause| clause.get(lang).to_owned()).unwrap_or_default();
    case.blanks.iter().fold(clause, |text, (blank, filled)| text.replace(blank, filled))
}

fn failures(case: &Case, lang: Lang) -> Vec<String> {
    let Some(entry) = codes::explain(case.code) else { return vec![format!("{} is no code", case.code)] };
    let (frame, text, clause) =
        (lang.pick(FRAME[0], FRAME[1]), lang.pick(case.text[0], case.text[1]), clause(case, entry, lang));
    let before = findings(&format!("{frame}\n\n{text}\n"));
    let kept = if case.instead { "" } else { text };
    let after = findings(&format!("{frame}\n\n{kept}\n\n{clause}\n"));
    let has = |found: &[(String, Severity)]| found.iter().any(|(code, _)| code == case.code);
    let mut failures = Vec::new();
    if clause.is_empty() || clause.contains('[') {
        failures.push(format!("{} {lang:?}: the clause is not complete: {clause}", case.code));
    }
    if !has(&before) {
        failures.push(format!("{} {lang:?}: there is nothing to heal in: {text}", case.code));
    }
    if has(&after) {
        failures.push(format!("{} {lang:?}: not healed by: {clause}", case.code));
    }
    failures
}

#[test]
fn every_clause_ends_the_finding_that_proposes_it() {
    let failures: Vec<String> =
        CASES.iter().flat_map(|case| Lang::ALL.into_iter().flat_map(|lang| failures(case, lang))).collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn every_code_with_a_clause_is_proven_or_named_as_unproven() {
    for entry in codes::all().iter().filter(|entry| entry.clause.is_some()) {
        let proven = CASES.iter().any(|case| case.code == entry.code);
        assert_ne!(proven, UNPROVEN.contains(&entry.code.as_str()), "{}", entry.code);
    }
}
