//! Traps of agreements, in sentences written for the purpose: each code with what must raise it, and with near
//! neighbours that must not, in both languages. A false alarm on a clean agreement costs more trust than a miss.

use kernel::Lang;

/// A code, sentences that have it, and sentences that do not.
type Row = (&'static str, Lang, &'static [&'static str], &'static [&'static str]);

const ROWS: &[Row] = &[
    (
        "CONFLICT-recipients",
        Lang::En,
        &[
            "The Controller authorises the Processor to engage sub-processors. The personal data shall never be disclosed to third parties.",
            "The Controller gives a general authorisation to engage sub-processors. No transfer of data to any third party takes place.",
        ],
        &[
            "The Controller gives a general authorisation to engage sub-processors. The personal data shall not be disclosed to third parties without the Controller's consent.",
            "The Controller gives a general authorisation to engage sub-processors. The Processor shall not disclose the data to third parties, save to authorised sub-processors.",
            "The personal data shall never be disclosed to third parties. The Processor shall not engage any sub-processor.",
            "The Controller gives a general authorisation to engage sub-processors. No transfer to a third country takes place.",
        ],
    ),
    (
        "CONFLICT-recipients",
        Lang::Fr,
        &[
            "Le Responsable du traitement donne une autorisation générale de recourir à des sous-traitants ultérieurs. Les données ne sont jamais communiquées à des tiers.",
            "Le Responsable du traitement donne une autorisation générale de recourir à des sous-traitants ultérieurs. Aucun transfert de données vers un tiers n'a lieu.",
        ],
        &[
            "Le Responsable du traitement donne une autorisation générale de recourir à des sous-traitants ultérieurs. Les données ne sont pas communiquées à des tiers sans l'accord du Responsable du traitement.",
            "Les données ne sont jamais communiquées à des tiers. Le Sous-traitant n'est pas autorisé à recourir à un sous-traitant ultérieur.",
        ],
    ),
    (
        "CONFLICT",
        Lang::En,
        &[
            "The Processor processes the personal data for no other purpose. The Processor is entitled to use the personal data to improve its own products.",
        ],
        &["The Processor processes the personal data for no other purpose and never to improve its own products."],
    ),
    (
        "A33-2-ceiling",
        Lang::En,
        &["The Processor notifies the Controller of a personal data breach within 72 hours."],
        &[
            "The Processor notifies the Controller of a personal data breach without undue delay and at the latest within 72 hours.",
            "The Processor notifies the Controller of a personal data breach within 36 hours.",
        ],
    ),
    (
        "A33-2-ceiling",
        Lang::Fr,
        &[
            "Le Sous-traitant notifie au Responsable du traitement toute violation de données dans un délai de 72 heures.",
        ],
        &[
            "Le Sous-traitant notifie au Responsable du traitement toute violation de données dans les meilleurs délais et au plus tard dans les 72 heures.",
            "Le Sous-traitant notifie au Responsable du traitement toute violation de données sous 36 heures.",
        ],
    ),
    (
        "A28-3-g-choice",
        Lang::En,
        &["At the end of the services the Processor destroys all personal data within three weeks."],
        &[
            "At the end of the services the Processor, at the choice of the Controller, deletes or returns all personal data within three weeks.",
        ],
    ),
    (
        "A28-3-g-choice",
        Lang::Fr,
        &[
            "À la fin des prestations, le Sous-traitant détruit toutes les données à caractère personnel sous trois semaines.",
        ],
        &[
            "À la fin des prestations, le Sous-traitant, au choix du Responsable du traitement, supprime ou restitue toutes les données à caractère personnel sous trois semaines.",
        ],
    ),
    (
        "A7-4-employees",
        Lang::En,
        &[
            "The Controller may make acceptance of the tracking by its employees compulsory.",
            "The staff must consent to the recording of calls.",
            "Employees may not refuse to accept the installation of the agent.",
        ],
        &[
            "Acceptance by the employees is not mandatory.",
            "Employees must accept the confidentiality policy.",
            "The employees of the Processor receive mandatory training.",
            "The Controller obtains the consent of its customers where mandatory law requires it.",
        ],
    ),
    (
        "A7-4-employees",
        Lang::Fr,
        &[
            "Le Responsable du traitement peut rendre obligatoire l'acceptation du suivi par ses salariés.",
            "Les collaborateurs doivent accepter l'enregistrement des appels.",
        ],
        &[
            "L'acceptation par les salariés n'est pas obligatoire.",
            "Les salariés doivent accepter la charte informatique.",
            "Les salariés du Sous-traitant suivent une formation obligatoire.",
        ],
    ),
    (
        "A28-role",
        Lang::En,
        &[
            "Since the Controller is unaware of the categories of data subjects, the legal basis is left to it.",
            "The Controller shall process the personal data only on the documented instructions of the Controller.",
            "The Controller shall notify the Controller of any personal data breach.",
            "The Processor shall determine the purposes of the processing and inform the persons.",
        ],
        &[
            "Since the Processor is unaware of the categories of data subjects, the legal basis is left to the Controller.",
            "The Processor shall process the personal data only on the documented instructions of the Controller.",
            "The Controller shall determine the purposes of the processing.",
            "The Processor shall not determine the purposes of the processing.",
            "The Processor shall inform the Controller if the Controller is not aware of an incident affecting the content.",
            "If the Processor determines the purposes and means of processing, it shall be considered a controller.",
        ],
    ),
    (
        "A28-role",
        Lang::Fr,
        &[
            "Le Responsable du traitement ignore les finalités pour lesquelles les données sont saisies.",
            "Le Responsable du traitement s'engage à informer le Responsable du traitement de toute violation de données.",
            "Le Sous-traitant détermine les finalités et les moyens du traitement.",
        ],
        &[
            "Le Sous-traitant ignore les finalités pour lesquelles les données sont saisies.",
            "Le Responsable du traitement détermine les finalités et les moyens du traitement.",
            "Le Sous-traitant ne détermine pas les finalités du traitement.",
            "Si le Sous-traitant détermine les finalités et les moyens du traitement, il est considéré comme responsable.",
        ],
    ),
    (
        "A28-3-anchors",
        Lang::En,
        &[
            "Upon receipt of the notice, no later than 20 days before the visit, both parties agree on its scope.",
            "Following the request, at least two weeks prior to the audit, the parties sign a protocol.",
        ],
        &[
            "The Controller announces the audit at least 30 days before its start.",
            "Within 10 days of receipt of the request the parties sign a protocol.",
            "Within 5 days after receipt of the request, and at least 20 days before the visit, the parties sign a protocol.",
        ],
    ),
    (
        "A28-3-anchors",
        Lang::Fr,
        &[
            "Après réception de l'annonce, au plus tard 20 jours avant la visite, les parties conviennent de son périmètre.",
        ],
        &[
            "Le Responsable du traitement annonce l'audit au moins 30 jours avant son début.",
            "Dans les 10 jours de la réception de la demande, les parties signent un protocole.",
        ],
    ),
    (
        "A12-6-identity",
        Lang::En,
        &["Any request to exercise these rights must be accompanied by proof of identity."],
        &[
            "Where there is reasonable doubt about who exercises a right, a copy of an identity card must be provided.",
            "A proof of identity may be requested before a right is exercised.",
            "Visitors must show an identity card at the entrance of the premises.",
            "The types of personal data are: names, passport numbers and requests.",
        ],
    ),
    (
        "A12-6-identity",
        Lang::Fr,
        &["Toute demande d'exercice des droits doit être accompagnée d'un justificatif d'identité."],
        &[
            "En cas de doute raisonnable sur l'auteur de la demande, une pièce d'identité doit être jointe.",
            "Un justificatif d'identité peut être demandé pour exercer ces droits.",
        ],
    ),
    (
        "A21-reason",
        Lang::En,
        &["The author of the request must state the grounds, in particular for an objection."],
        &[
            "The Controller must give reasons when it objects to a new sub-processor.",
            "A person who objects to direct marketing must not be asked for reasons.",
            "The data subject has the right to object.",
        ],
    ),
    (
        "A21-reason",
        Lang::Fr,
        &["La personne qui exerce son droit d'opposition doit justifier d'un motif légitime."],
        &[
            "Le Responsable du traitement doit motiver son objection à un nouveau sous-traitant ultérieur.",
            "La personne concernée a le droit de s'opposer au traitement.",
        ],
    ),
    (
        "A15-unreadable",
        Lang::En,
        &[
            "The Processor assists the Controller in responding to requests of data subjects. The stored content can neither be deciphered nor opened by anyone.",
        ],
        &[
            "The Processor assists the Controller in responding to requests of data subjects. Data cannot be deciphered by unauthorised persons.",
            "The Processor assists the Controller in responding to requests of data subjects. Data cannot be read, copied or altered without permission during transfer.",
        ],
    ),
    (
        "A15-unreadable",
        Lang::Fr,
        &[
            "Le Sous-traitant aide le Responsable du traitement à répondre aux demandes des personnes concernées. Les fichiers stockés ne peuvent être ni déchiffrés ni ouverts.",
        ],
        &[
            "Le Sous-traitant aide le Responsable du traitement à répondre aux demandes des personnes concernées. Les données ne peuvent être déchiffrées par des personnes non autorisées.",
        ],
    ),
    (
        "EPRIVACY-5-3",
        Lang::En,
        &["Our cookies are anonymous."],
        &[
            "Cookies that do not identify anyone are set only with consent.",
            "The data include cookies and session data.",
        ],
    ),
    (
        "EPRIVACY-5-3",
        Lang::Fr,
        &["Ces traceurs sont anonymes."],
        &[
            "Les cookies, même anonymes, ne sont déposés qu'avec le consentement.",
            "Les données comprennent les cookies de session.",
        ],
    ),
    (
        "A22-machine",
        Lang::En,
        &[
            "An algorithm rejects applications below the threshold.",
            "Fraud checks are carried out before confirming the contract.",
        ],
        &[
            "An algorithm marks applications, and a person decides on each; no application is rejected without human review.",
            "Connections from unknown networks are rejected automatically.",
            "The data subject has the right not to be subject to automated individual decision-making that rejects a contract.",
        ],
    ),
    (
        "A22-machine",
        Lang::Fr,
        &[
            "Les candidatures sont rejetées automatiquement.",
            "Un contrôle de prévention de la fraude a lieu avant de confirmer le contrat.",
        ],
        &[
            "Aucune candidature n'est rejetée automatiquement.",
            "Les connexions inconnues sont refusées automatiquement.",
            "La personne a le droit de ne pas faire l'objet d'une décision automatisée refusant un contrat.",
        ],
    ),
    (
        "A32-shared",
        Lang::En,
        &["Each team has a shared account for the console.", "Passwords are shared with the team leader."],
        &[
            "Accounts are personal and never shared.",
            "Shared accounts are prohibited.",
            "Each person has a unique account.",
            "No generic accounts are used.",
        ],
    ),
    (
        "A32-shared",
        Lang::Fr,
        &["Chaque équipe dispose d'un compte générique.", "Les mots de passe sont partagés avec le chef d'équipe."],
        &[
            "Les comptes sont nominatifs et ne sont jamais partagés.",
            "Les comptes génériques sont interdits.",
            "Aucun compte partagé n'est utilisé.",
        ],
    ),
    (
        "A32-password",
        Lang::En,
        &["Passwords expire every 90 days.", "Regular renewal of passwords is enforced."],
        &[
            "Passwords of privileged accounts are changed every 90 days.",
            "Passwords are changed when a compromise is suspected.",
            "Passwords have at least 14 characters.",
        ],
    ),
    (
        "A32-password",
        Lang::Fr,
        &["Les mots de passe expirent tous les 90 jours.", "Le renouvellement des mots de passe est périodique."],
        &[
            "Les mots de passe des comptes privilégiés sont changés tous les 90 jours.",
            "Les mots de passe sont changés en cas de soupçon de compromission.",
            "Les mots de passe comptent au moins 14 caractères.",
        ],
    ),
    (
        "A5-1-e",
        Lang::En,
        &["Server logs are kept for an appropriate period.", "Data is stored for as long as needed."],
        &[
            "Server logs are kept for 6 months.",
            "The Processor shall not keep the data longer than necessary.",
            "Data are stored for the duration of the contract.",
        ],
    ),
    (
        "A5-1-e",
        Lang::Fr,
        &[
            "Les journaux sont conservés pendant une durée appropriée.",
            "Les données sont conservées le temps nécessaire.",
        ],
        &[
            "Les journaux sont conservés 6 mois.",
            "Le Sous-traitant ne conserve pas les données au-delà de la durée nécessaire.",
            "Les données sont conservées pendant la durée du contrat.",
        ],
    ),
    (
        "A28-3-h-limit",
        Lang::En,
        &["The Controller may conduct one audit per year."],
        &["The Controller may conduct one audit per year. This limit does not apply after a personal data breach."],
    ),
    (
        "A28-3-h-limit",
        Lang::Fr,
        &["Le Responsable du traitement peut réaliser un audit par an."],
        &[
            "Le Responsable du traitement peut réaliser un audit par an. En cas de violation de données, un audit supplémentaire est possible.",
        ],
    ),
];

fn codes(sentences: &str, lang: Lang) -> Vec<String> {
    let frame = lang.pick(
        "DATA PROCESSING AGREEMENT\n\nbetween Quiet River Ltd (the \"Controller\") and Stone Bridge Ltd (the \"Processor\").\n\n\
         The Processor processes personal data on behalf of the Controller under this data processing agreement.",
        "ACCORD DE SOUS-TRAITANCE DE DONNÉES\n\nentre Rivière Calme SARL (le « Responsable du traitement ») et Pont de Pierre SAS \
         (le « Sous-traitant »).\n\nLe Sous-traitant traite des données à caractère personnel pour le compte du Responsable du \
         traitement aux conditions du présent accord de sous-traitance.",
    );
    let text = format!("{frame}\n\n{sentences}\n");
    let reading = reader::read(text.as_bytes(), "agreement.txt", Lang::En).expect("a text can be read");
    reading.findings.into_iter().map(|finding| finding.code).collect()
}

#[test]
fn a_trap_is_found_in_other_words_and_its_neighbours_are_not() {
    let mut wrong = Vec::new();
    for (code, lang, positives, negatives) in ROWS {
        for (sentences, expected) in positives.iter().map(|s| (s, true)).chain(negatives.iter().map(|s| (s, false))) {
            let found = codes(sentences, *lang).iter().any(|found| found == code);
            if found != expected {
                wrong.push(format!(
                    "{code} {lang:?}: {} in: {sentences}",
                    if expected { "missed" } else { "false alarm" }
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_notes_of_a_reading_say_how_much_was_read_and_stay_out_of_a_blank_one() {
    let reading = reader::read(b"The Processor answers for its sub-processors.", "a.txt", Lang::En).unwrap();
    assert_eq!((reading.notes.sentences, reading.notes.clauses), (1, 1));
    assert!(reading.notes.has("topic.subprocessors") && reading.notes.lacks("topic.breach"));
    let blank = serde_json::to_value(agreement::reading::Reading::default()).unwrap();
    assert!(blank.get("notes").is_none(), "nobody looked");
}

#[test]
fn a_list_that_is_not_read_to_its_end_says_so() {
    let list = |count: usize| {
        let names: String = (0..count).map(|n| format!("- Helper{n} Ltd, hosting\n")).collect();
        format!("The Processor uses the following sub-processors:\n{names}")
    };
    let read = |count| reader::read(list(count).as_bytes(), "a.txt", Lang::En).unwrap();
    let (whole, cut) = (read(1_000), read(1_200));
    assert_eq!((whole.subprocessors.len(), whole.notes.has("cut.subprocessors")), (1_000, false));
    assert_eq!(cut.subprocessors.len(), 1_000);
    let note = cut.notes.named("cut.subprocessors").next().expect("it says so");
    assert!(note.text.contains("Helper1000"), "{note:?}");
}
