//! What Art. 28 and its neighbours require of a processor agreement, point by point, and the codes that
//! report each point missing. A test holds the table complete: every point has a code, and the code is as grave.

use super::explain;
use crate::reading::Severity;

/// How firmly a point is required.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The law requires it in the agreement: its absence is an error.
    Required,
    /// The law requires it in the agreement once something else holds; then its absence is an error.
    If(&'static str, &'static str),
    /// The law puts the duty on the processor whatever the agreement says: its absence is a warning.
    Statutory,
    /// Good practice: its absence is a piece of advice.
    Recommended,
}

/// One point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// `C01` to `C45`.
    pub id: &'static str,
    /// The provisions.
    pub law: &'static str,
    /// How firmly it is required.
    pub level: Level,
    /// What is required, in English and French.
    pub what: [&'static str; 2],
    /// The codes that report it; the first when it is missing altogether.
    pub codes: &'static [&'static str],
}

impl Requirement {
    /// How grave it is that the point is missing altogether.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match self.level {
            Level::Required | Level::If(..) => Severity::Error,
            Level::Statutory => Severity::Warning,
            Level::Recommended => Severity::Advice,
        }
    }

    /// Whether every code it names exists, and the first is as grave as the point.
    #[must_use]
    pub fn holds(&self) -> bool {
        let all = self.codes.iter().all(|code| explain(code).is_some());
        let first = self.codes.first().and_then(|code| explain(code));
        all && first.is_some_and(|entry| entry.severity == self.severity())
    }
}

const fn point(
    id: &'static str,
    law: &'static str,
    level: Level,
    what: [&'static str; 2],
    codes: &'static [&'static str],
) -> Requirement {
    Requirement { id, law, level, what, codes }
}

use Level::{If, Recommended, Required, Statutory};

const GENERAL: Level = If("under a general authorisation", "sous une autorisation générale");
const TRANSFERRED: Level = If("where data leave the Union", "lorsque des données quittent l'Union");

/// Every point, in the order of Art. 28(3).
pub const REQUIREMENTS: [Requirement; 45] = [
    point(
        "C01",
        "28(3), 28(9)",
        Required,
        ["A written act that binds the processor", "Un acte écrit qui lie le sous-traitant"],
        &["NOT-AN-AGREEMENT", "A28-9"],
    ),
    point(
        "C02",
        "28(3), 4(7), 4(8)",
        Required,
        ["Who is controller and who is processor", "Qui est responsable et qui est sous-traitant"],
        &["A28-roles", "A28-role"],
    ),
    point(
        "C03",
        "30(2)(a), 37(7)",
        Recommended,
        ["Somebody to write to on each side", "Un interlocuteur de chaque côté"],
        &["A28-contact"],
    ),
    point("C04", "28(3)", Required, ["What the agreement is about", "Ce sur quoi porte l'accord"], &["A28-3-scope"]),
    point(
        "C05",
        "28(3)",
        Required,
        ["How long the processing lasts", "Combien de temps dure le traitement"],
        &["A28-3-duration", "A5-1-e"],
    ),
    point("C06", "28(3)", Required, ["What is done with the data", "Ce qui est fait des données"], &["A28-3-nature"]),
    point("C07", "28(3)", Required, ["What it is done for", "Dans quel but"], &["A28-3-purpose"]),
    point("C08", "28(3)", Required, ["Which data", "Quelles données"], &["A28-3-data"]),
    point("C09", "28(3)", Required, ["Whose data", "De qui sont les données"], &["A28-3-subjects"]),
    point(
        "C10",
        "28(3)",
        Required,
        ["What the controller owes and decides", "Ce que le responsable doit et décide"],
        &["A28-3-controller"],
    ),
    point(
        "C11",
        "9, 10",
        Recommended,
        [
            "Whether sensitive data are among them, and how they are protected",
            "Si des données sensibles en font partie, et leur protection",
        ],
        &["A9-special"],
    ),
    point(
        "C12",
        "28(3)(a)",
        Required,
        ["Nothing without a documented instruction", "Rien sans instruction documentée"],
        &["A28-3-a"],
    ),
    point(
        "C13",
        "28(3)(a), 44",
        Required,
        ["Instructions on transfers too", "Des instructions aussi quant aux transferts"],
        &["A28-3-a-transfers"],
    ),
    point(
        "C14",
        "28(3)(a)",
        Required,
        ["A warning before a processing that a law compels", "Un avertissement avant un traitement imposé par une loi"],
        &["A28-3-a-compulsion"],
    ),
    point(
        "C15",
        "28(3)",
        Required,
        ["An alert on an instruction that seems unlawful", "Une alerte sur une instruction qui semble illicite"],
        &["A28-3-alert"],
    ),
    point(
        "C16",
        "28(10), 5(1)(b)",
        Recommended,
        ["No use for the processor's own ends", "Aucun usage pour le compte du sous-traitant"],
        &["A28-10-limit", "A28-10"],
    ),
    point(
        "C17",
        "28(3)(b)",
        Required,
        ["Secrecy of every person with access", "Le secret de chaque personne ayant accès"],
        &["A28-3-b"],
    ),
    point(
        "C18",
        "29, 32(4)",
        Recommended,
        [
            "People who are trained and act only on instructions",
            "Des personnes formées qui n'agissent que sur instruction",
        ],
        &["A32-4"],
    ),
    point(
        "C19",
        "28(3)(c), 32(1)",
        Required,
        ["The security that Art. 32 demands", "La sécurité qu'exige l'art. 32"],
        &["A28-3-c"],
    ),
    point(
        "C20",
        "32(1)(a), 32(1)(b)",
        Recommended,
        ["The measures by name", "Les mesures par leur nom"],
        &["A28-3-c-measures", "A32-shared", "A32-password"],
    ),
    point(
        "C21",
        "32(1)(c), 32(1)(d)",
        Recommended,
        ["Restoring after an incident, and testing", "Le rétablissement après incident, et les tests"],
        &["A32-1-d"],
    ),
    point(
        "C22",
        "32(2)",
        Recommended,
        ["A level of security that answers the risks", "Un niveau de sécurité à la mesure des risques"],
        &["A32-2"],
    ),
    point(
        "C23",
        "28(2), 28(3)(d)",
        Required,
        [
            "The controller's written leave for another processor",
            "L'autorisation écrite du responsable pour un autre sous-traitant",
        ],
        &["A28-2", "A28-3-d"],
    ),
    point(
        "C24",
        "28(2)",
        GENERAL,
        ["Notice of each change, beforehand", "L'annonce préalable de chaque changement"],
        &["A28-2-notice"],
    ),
    point(
        "C25",
        "28(2)",
        GENERAL,
        ["A chance to object", "La possibilité de s'opposer"],
        &["A28-2-objection", "A28-2-on-objection", "A28-2-silence"],
    ),
    point(
        "C26",
        "28(4)",
        Required,
        [
            "The same duties on the sub-processor, by contract",
            "Les mêmes obligations pour le sous-traitant ultérieur, par contrat",
        ],
        &["A28-4-flow"],
    ),
    point(
        "C27",
        "28(4)",
        Required,
        ["Full liability for the sub-processor", "La pleine responsabilité du fait du sous-traitant ultérieur"],
        &["A28-4-liability"],
    ),
    point(
        "C28",
        "28(2), 30(2)",
        Recommended,
        ["Who the sub-processors are, where, and what for", "Qui sont les sous-traitants ultérieurs, où, et pour quoi"],
        &["A28-2-list", "A28-2-address"],
    ),
    point(
        "C29",
        "28(3)(e)",
        Required,
        ["Help when a person exercises a right", "De l'aide quand une personne exerce un droit"],
        &["A28-3-e"],
    ),
    point(
        "C30",
        "15-22",
        Recommended,
        ["The rights by name", "Les droits par leur nom"],
        &["A15-22", "A12-6-identity", "A21-reason"],
    ),
    point(
        "C31",
        "28(3)(e)",
        Recommended,
        ["Requests that arrive are passed on", "Les demandes reçues sont transmises"],
        &["A12-forward"],
    ),
    point(
        "C32",
        "33(2)",
        Required,
        ["Word of a breach, without undue delay", "L'annonce d'une violation, dans les meilleurs délais"],
        &["A33-2", "A33-2-vague", "A33-2-late", "A33-2-ceiling"],
    ),
    point("C33", "33(3)", Recommended, ["What that notice contains", "Ce que contient cette annonce"], &["A33-3"]),
    point(
        "C34",
        "28(3)(f), 33, 34",
        Required,
        ["Help in telling the authority and the persons", "De l'aide pour prévenir l'autorité et les personnes"],
        &["A28-3-f-breach", "A28-3-f"],
    ),
    point(
        "C35",
        "28(3)(f), 35",
        Required,
        ["Help with impact assessments", "De l'aide aux analyses d'impact"],
        &["A28-3-f-dpia", "A28-3-f"],
    ),
    point(
        "C36",
        "28(3)(f), 36",
        Required,
        ["Help with prior consultation", "De l'aide à la consultation préalable"],
        &["A28-3-f-consultation", "A28-3-f"],
    ),
    point(
        "C37",
        "28(3)(f), 32",
        Required,
        ["Help with the controller's own security", "De l'aide à la sécurité du responsable"],
        &["A28-3-f-security", "A28-3-f"],
    ),
    point(
        "C38",
        "28(3)(g)",
        Required,
        [
            "Deletion or return at the end, as the controller chooses",
            "Suppression ou restitution à la fin, au choix du responsable",
        ],
        &["A28-3-g", "A28-3-g-choice"],
    ),
    point(
        "C39",
        "28(3)(g)",
        Required,
        ["The copies too, save what a law makes one keep", "Les copies aussi, sauf ce qu'une loi oblige à garder"],
        &["A28-3-g-copies"],
    ),
    point(
        "C40",
        "28(3)(g)",
        Recommended,
        ["By when, and with what proof", "Pour quand, et avec quelle preuve"],
        &["A28-3-g-figure", "A28-3-g-certificate"],
    ),
    point(
        "C41",
        "28(3)(h)",
        Required,
        ["The information that shows compliance", "Les informations qui démontrent la conformité"],
        &["A28-3-h-information", "A28-3-h"],
    ),
    point(
        "C42",
        "28(3)(h)",
        Required,
        ["Audits and inspections", "Des audits et inspections"],
        &["A28-3-h-audit", "A28-3-h", "A28-3-h-limit", "A28-3-h-costs"],
    ),
    point(
        "C43",
        "30(2)",
        Statutory,
        [
            "A record of what is processed for each controller",
            "Un registre de ce qui est traité pour chaque responsable",
        ],
        &["A30-2"],
    ),
    point(
        "C44",
        "44, 45, 46",
        TRANSFERRED,
        ["A basis in Chapter V for each transfer", "Un fondement au chapitre V pour chaque transfert"],
        &["A44", "A44-tool"],
    ),
    point("C45", "82, 28(10)", Recommended, ["Who answers for damage", "Qui répond des dommages"], &["A82"]),
];
