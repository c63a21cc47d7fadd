//! The names of the terms: the vocabulary shared by the reader, the agreement file, the checks and
//! the promise board. Every reading holds every name, silent or not.

/// What kind of value a term takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `true` when the text promises it.
    Flag,
    /// An ISO 8601 duration, or vague.
    Duration,
    /// One of a closed list of words.
    Word(&'static [&'static str]),
    /// A count.
    Number,
    /// Free text as written.
    Text,
    /// A list of words.
    List,
    /// An ISO date.
    Date,
}

/// One term: its name, its shape, and the provision it serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TermName {
    /// The dotted name, as in the agreement file.
    pub name: &'static str,
    /// What its value looks like.
    pub shape: Shape,
    /// The provision of the GDPR it belongs to.
    pub law: &'static str,
    /// In English, for people.
    pub en: &'static str,
    /// In French, for people.
    pub fr: &'static str,
}

const fn term(name: &'static str, shape: Shape, law: &'static str, en: &'static str, fr: &'static str) -> TermName {
    TermName { name, shape, law, en, fr }
}

use Shape::{Date, Duration, Flag, List, Number, Text, Word};

/// Every term, in the order of Art. 28(3).
pub const TERMS: &[TermName] = &[
    term(
        "instructions.documented",
        Flag,
        "28(3)(a)",
        "Only on documented instructions",
        "Sur instruction documentée seulement",
    ),
    term(
        "instructions.unlawful_alert",
        Duration,
        "28(3)",
        "Alert on an unlawful instruction",
        "Alerte en cas d'instruction illicite",
    ),
    term(
        "instructions.legal_compulsion_notice",
        Flag,
        "28(3)(a)",
        "Notice before legally compelled processing",
        "Avis avant un traitement imposé par la loi",
    ),
    term(
        "own_purposes",
        Word(&["forbidden", "allowed"]),
        "28(10)",
        "Use for the processor's own purposes",
        "Usage pour le compte propre du sous-traitant",
    ),
    term(
        "confidentiality.persons",
        Flag,
        "28(3)(b)",
        "Persons bound to confidentiality",
        "Personnes tenues à la confidentialité",
    ),
    term("training.persons", Flag, "32(4)", "Training of persons", "Formation des personnes"),
    term("security.article32", Flag, "28(3)(c)", "Security measures (Art. 32)", "Mesures de sécurité (art. 32)"),
    term(
        "subprocessors.authorisation",
        Word(&["general", "specific", "none-allowed"]),
        "28(2)",
        "Authorisation of sub-processors",
        "Autorisation des sous-traitants ultérieurs",
    ),
    term(
        "subprocessors.notice",
        Duration,
        "28(2)",
        "Notice before a change of sub-processor",
        "Préavis d'un changement de sous-traitant ultérieur",
    ),
    term(
        "subprocessors.objection_window",
        Duration,
        "28(2)",
        "Time to object to a sub-processor",
        "Délai d'objection à un sous-traitant ultérieur",
    ),
    term(
        "subprocessors.silence_approves",
        Flag,
        "28(2)",
        "Silence approves a sub-processor",
        "Le silence vaut autorisation",
    ),
    term("subprocessors.on_objection", Text, "28(2)", "What follows an objection", "Suite d'une objection"),
    term(
        "subprocessors.flow_down",
        Flag,
        "28(4)",
        "Same duties on sub-processors",
        "Mêmes obligations pour les sous-traitants ultérieurs",
    ),
    term(
        "subprocessors.liability",
        Flag,
        "28(4)",
        "Liability for sub-processors",
        "Responsabilité du fait des sous-traitants ultérieurs",
    ),
    term(
        "subprocessors.list_on_request",
        Flag,
        "28(2)",
        "List of sub-processors on request",
        "Liste des sous-traitants ultérieurs sur demande",
    ),
    term("transfers.allowed_to", List, "44", "Where data may go", "Où les données peuvent aller"),
    term(
        "requests.assist",
        Flag,
        "28(3)(e)",
        "Help with requests of data subjects",
        "Aide pour les demandes des personnes concernées",
    ),
    term(
        "requests.forward",
        Duration,
        "28(3)(e)",
        "Forwarding requests of data subjects",
        "Transmission des demandes des personnes concernées",
    ),
    term(
        "requests.answer_by_processor",
        Word(&["forbidden", "allowed"]),
        "28(3)(e)",
        "Answer to the person by the processor",
        "Réponse à la personne par le sous-traitant",
    ),
    term(
        "breach.notify_controller",
        Duration,
        "33(2)",
        "Notice of a breach to the controller",
        "Notification d'une violation au responsable",
    ),
    term("breach.channel", Text, "33(2)", "Channel of the breach notice", "Canal de la notification de violation"),
    term("breach.content", Flag, "33(3)", "Content of the breach notice", "Contenu de la notification de violation"),
    term("assist.dpia", Flag, "28(3)(f)", "Help with impact assessments", "Aide aux analyses d'impact"),
    term(
        "assist.prior_consultation",
        Flag,
        "28(3)(f)",
        "Help with prior consultation",
        "Aide à la consultation préalable",
    ),
    term("assist.security", Flag, "28(3)(f)", "Help with security", "Aide à la sécurité"),
    term(
        "assist.breach_notification",
        Flag,
        "28(3)(f)",
        "Help with breach notification",
        "Aide à la notification des violations",
    ),
    term(
        "end.choice",
        Word(&["controller", "delete", "return"]),
        "28(3)(g)",
        "Fate of the data at the end",
        "Sort des données à la fin",
    ),
    term("end.delete_within", Duration, "28(3)(g)", "Deletion after the end", "Suppression après la fin"),
    term("end.return_within", Duration, "28(3)(g)", "Return after the end", "Restitution après la fin"),
    term("end.certificate", Flag, "28(3)(g)", "Certificate of deletion", "Attestation de suppression"),
    term(
        "audit.information",
        Flag,
        "28(3)(h)",
        "Information to show compliance",
        "Informations démontrant la conformité",
    ),
    term("audit.allowed", Flag, "28(3)(h)", "Audits by the controller", "Audits par le responsable"),
    term("audit.per_year", Number, "28(3)(h)", "Audits a year at most", "Audits par an au plus"),
    term("audit.notice", Duration, "28(3)(h)", "Notice of an audit", "Préavis d'un audit"),
    term("audit.channel", Text, "28(3)(h)", "Channel of an audit request", "Canal d'une demande d'audit"),
    term("audit.auditor", Text, "28(3)(h)", "Who may audit", "Qui peut auditer"),
    term("audit.hours", Text, "28(3)(h)", "Hours of an audit", "Horaires d'un audit"),
    term("audit.costs", Text, "28(3)(h)", "Who pays an audit", "Qui paie un audit"),
    term("audit.report_to", Text, "28(3)(h)", "Who gets the audit report", "Destinataires du rapport d'audit"),
    term(
        "records.article30_2",
        Flag,
        "30(2)",
        "Record of processing activities",
        "Registre des activités de traitement",
    ),
    term(
        "design.by_default",
        Flag,
        "25",
        "Data protection by design and by default",
        "Protection des données dès la conception et par défaut",
    ),
    term("duration", Text, "28(3)", "Duration of the processing", "Durée du traitement"),
    term("liability.article82", Flag, "82", "Liability for damage", "Responsabilité en cas de dommage"),
    term("supervisory_authority", Text, "51", "Supervisory authority", "Autorité de contrôle"),
    term("governing_law", Text, "28(3)", "Governing law", "Droit applicable"),
    term("dated", Date, "28(9)", "Date of the agreement", "Date de l'accord"),
];

/// The rights of Arts. 15 to 22, as readings name them.
pub const RIGHTS: &[&str] =
    &["access", "rectification", "erasure", "restriction", "objection", "portability", "automated_decision"];

/// The term called `name`.
#[must_use]
pub fn find(name: &str) -> Option<&'static TermName> {
    TERMS.iter().find(|term| term.name == name)
}
