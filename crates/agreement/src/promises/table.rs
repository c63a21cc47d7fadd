//! The table of promises: one row for each thing a term obliges a party to do.

use super::{Clock, Event};
use crate::file::Role;
use kernel::{Period, Unit};

/// One promise a term may make.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub(super) key: &'static str,
    pub(super) term: &'static str,
    /// The value the term must have, for a term of a closed list.
    pub(super) word: Option<&'static str>,
    pub(super) owed_by: Role,
    pub(super) rule: Rule,
    pub(super) evidence: bool,
    /// `{when}` is the period, `{value}` the value; a part in brackets needs a period.
    pub(super) title: [&'static str; 2],
}

/// When it is owed.
#[derive(Clone, Copy)]
pub(super) enum Rule {
    Standing,
    OnEvent { event: Event, clock: Clock, figure: Figure },
    Recurring { every: Length, hard: Length },
}

/// Which of several figures counts.
#[derive(Clone, Copy)]
pub(super) enum Figure {
    Earliest,
    Latest,
}

/// A period as a constant.
#[derive(Clone, Copy)]
pub(super) struct Length(u32, Unit);

impl Length {
    pub(super) fn period(self) -> Option<Period> {
        Period::new(self.0, self.1)
    }
}

const fn standing(term: &'static str, title: [&'static str; 2]) -> Row {
    Row { key: term, term, word: None, owed_by: Role::Processor, rule: Rule::Standing, evidence: false, title }
}

const fn on(term: &'static str, event: Event, clock: Clock, title: [&'static str; 2]) -> Row {
    let rule = Rule::OnEvent { event, clock, figure: Figure::Earliest };
    Row { key: term, term, word: None, owed_by: Role::Processor, rule, evidence: true, title }
}

const fn every(key: &'static str, term: &'static str, times: [Length; 2], title: [&'static str; 2]) -> Row {
    let rule = Rule::Recurring { every: times[0], hard: times[1] };
    Row { key, term, word: None, owed_by: Role::Processor, rule, evidence: true, title }
}

const fn if_word(row: Row, key: &'static str, word: &'static str) -> Row {
    Row { key, word: Some(word), ..row }
}

const fn latest(term: &'static str, event: Event, clock: Clock, title: [&'static str; 2]) -> Row {
    let rule = Rule::OnEvent { event, clock, figure: Figure::Latest };
    Row { rule, ..on(term, event, clock, title) }
}

const fn by_controller(row: Row) -> Row {
    Row { owed_by: Role::Controller, ..row }
}

const fn evidenced(row: Row) -> Row {
    Row { evidence: true, ..row }
}

const YEARLY: [Length; 2] = [Length(1, Unit::Years), Length(13, Unit::Months)];
const HALF_YEARLY: [Length; 2] = [Length(6, Unit::Months), Length(12, Unit::Months)];

use Clock::{Backward, Period as After, Retention};
use Event::{
    AuditRequest, BreachAware, ContractEnd, ControllerRequest, InstructionReceived, RequestReceived, SubprocessorChange,
};

pub(super) const ROWS: &[Row] = &[
    evidenced(standing(
        "instructions.documented",
        ["Process data only on documented instructions", "Ne traiter les données que sur instruction documentée"],
    )),
    on(
        "instructions.unlawful_alert",
        InstructionReceived,
        After,
        [
            "Tell the controller of an unlawful instruction [within {when}]",
            "Signaler au responsable une instruction illicite [sous {when}]",
        ],
    ),
    standing(
        "instructions.legal_compulsion_notice",
        [
            "Warn the controller before a processing that the law compels",
            "Prévenir le responsable avant tout traitement que la loi impose",
        ],
    ),
    if_word(
        standing(
            "own_purposes",
            ["Never use the data for purposes of our own", "Ne jamais utiliser les données pour notre propre compte"],
        ),
        "own_purposes",
        "forbidden",
    ),
    evidenced(standing(
        "confidentiality.persons",
        [
            "Bind everyone who sees the data to confidentiality",
            "Tenir à la confidentialité toute personne qui voit les données",
        ],
    )),
    every(
        "confidentiality.persons/access",
        "confidentiality.persons",
        HALF_YEARLY,
        ["Review who may see the data every six months", "Revoir tous les six mois qui peut voir les données"],
    ),
    every(
        "training.persons",
        "training.persons",
        YEARLY,
        [
            "Train the people who handle the data every year",
            "Former chaque année les personnes qui manient les données",
        ],
    ),
    every(
        "security.article32",
        "security.article32",
        YEARLY,
        ["Test and review the security measures every year", "Tester et revoir chaque année les mesures de sécurité"],
    ),
    if_word(
        evidenced(standing(
            "subprocessors.authorisation",
            [
                "Engage no sub-processor unannounced to the controller",
                "N'engager aucun sous-traitant ultérieur sans l'annoncer au responsable",
            ],
        )),
        "subprocessors.authorisation/general",
        "general",
    ),
    if_word(
        evidenced(standing(
            "subprocessors.authorisation",
            [
                "Engage no sub-processor without the controller's written consent",
                "N'engager aucun sous-traitant ultérieur sans l'accord écrit du responsable",
            ],
        )),
        "subprocessors.authorisation/specific",
        "specific",
    ),
    if_word(
        standing(
            "subprocessors.authorisation",
            ["Engage no sub-processor at all", "N'engager aucun sous-traitant ultérieur"],
        ),
        "subprocessors.authorisation/none-allowed",
        "none-allowed",
    ),
    latest(
        "subprocessors.notice",
        SubprocessorChange,
        Backward,
        [
            "Announce a change of sub-processor [{when} ahead]",
            "Annoncer un changement de sous-traitant ultérieur [{when} à l'avance]",
        ],
    ),
    latest(
        "subprocessors.objection_window",
        SubprocessorChange,
        After,
        [
            "Let the controller object to a sub-processor [for {when}]",
            "Laisser le responsable s'opposer à un sous-traitant ultérieur [pendant {when}]",
        ],
    ),
    evidenced(standing(
        "subprocessors.flow_down",
        [
            "Bind every sub-processor by the same duties",
            "Imposer les mêmes obligations à chaque sous-traitant ultérieur",
        ],
    )),
    standing(
        "subprocessors.liability",
        ["Answer for what sub-processors do", "Répondre du fait des sous-traitants ultérieurs"],
    ),
    on(
        "subprocessors.list_on_request",
        ControllerRequest,
        After,
        [
            "Give the list of sub-processors on request [within {when}]",
            "Remettre la liste des sous-traitants ultérieurs sur demande [sous {when}]",
        ],
    ),
    evidenced(standing(
        "transfers.allowed_to",
        ["Send data only to: {value}", "N'envoyer de données que vers : {value}"],
    )),
    on(
        "requests.assist",
        ControllerRequest,
        After,
        [
            "Help the controller answer persons' requests [within {when}]",
            "Aider le responsable à répondre aux demandes des personnes [sous {when}]",
        ],
    ),
    on(
        "requests.forward",
        RequestReceived,
        After,
        [
            "Forward a person's request to the controller [within {when}]",
            "Transmettre au responsable la demande d'une personne [sous {when}]",
        ],
    ),
    if_word(
        standing(
            "requests.answer_by_processor",
            ["Leave the answer to persons to the controller", "Laisser au responsable la réponse aux personnes"],
        ),
        "requests.answer_by_processor/forbidden",
        "forbidden",
    ),
    if_word(
        Row {
            rule: Rule::OnEvent { event: RequestReceived, clock: After, figure: Figure::Earliest },
            ..evidenced(standing(
                "requests.answer_by_processor",
                [
                    "Answer persons' requests on the controller's behalf",
                    "Répondre aux demandes des personnes au nom du responsable",
                ],
            ))
        },
        "requests.answer_by_processor/allowed",
        "allowed",
    ),
    on(
        "breach.notify_controller",
        BreachAware,
        After,
        ["Tell the controller of a breach [within {when}]", "Informer le responsable d'une violation [sous {when}]"],
    ),
    on(
        "breach.content",
        BreachAware,
        After,
        [
            "Say in the notice what happened, to whom, and what is done",
            "Dire dans la notification ce qui est arrivé, à qui, et ce qui est fait",
        ],
    ),
    on(
        "assist.dpia",
        ControllerRequest,
        After,
        ["Help with an impact assessment [within {when}]", "Aider à une analyse d'impact [sous {when}]"],
    ),
    on(
        "assist.prior_consultation",
        ControllerRequest,
        After,
        [
            "Help with a prior consultation of the authority [within {when}]",
            "Aider à la consultation préalable de l'autorité [sous {when}]",
        ],
    ),
    on(
        "assist.security",
        ControllerRequest,
        After,
        [
            "Help the controller with its own security duties [within {when}]",
            "Aider le responsable à assurer sa propre sécurité [sous {when}]",
        ],
    ),
    on(
        "assist.breach_notification",
        BreachAware,
        After,
        [
            "Give the controller what it needs to notify a breach",
            "Donner au responsable de quoi notifier une violation",
        ],
    ),
    if_word(
        on(
            "end.choice",
            ContractEnd,
            After,
            [
                "Ask the controller whether to delete or return the data",
                "Demander au responsable s'il faut supprimer ou restituer les données",
            ],
        ),
        "end.choice/controller",
        "controller",
    ),
    if_word(
        on(
            "end.choice",
            ContractEnd,
            After,
            ["Delete the data at the end of the contract", "Supprimer les données à la fin du contrat"],
        ),
        "end.choice/delete",
        "delete",
    ),
    if_word(
        on(
            "end.choice",
            ContractEnd,
            After,
            ["Return the data at the end of the contract", "Restituer les données à la fin du contrat"],
        ),
        "end.choice/return",
        "return",
    ),
    on(
        "end.delete_within",
        ContractEnd,
        Retention,
        ["Delete the data after the contract [within {when}]", "Supprimer les données après le contrat [sous {when}]"],
    ),
    on(
        "end.return_within",
        ContractEnd,
        After,
        ["Return the data after the contract [within {when}]", "Restituer les données après le contrat [sous {when}]"],
    ),
    on("end.certificate", ContractEnd, After, ["Certify the deletion in writing", "Attester la suppression par écrit"]),
    on(
        "audit.information",
        ControllerRequest,
        After,
        ["Hand over what shows compliance [within {when}]", "Remettre ce qui démontre la conformité [sous {when}]"],
    ),
    on(
        "audit.allowed",
        AuditRequest,
        After,
        ["Let the controller audit, and contribute to it", "Laisser le responsable auditer, et y contribuer"],
    ),
    by_controller(on(
        "audit.notice",
        AuditRequest,
        Backward,
        ["Announce an audit [{when} ahead]", "Annoncer un audit [{when} à l'avance]"],
    )),
    every(
        "records.article30_2",
        "records.article30_2",
        YEARLY,
        [
            "Keep the record of processing, and review it every year",
            "Tenir le registre des traitements, et le revoir chaque année",
        ],
    ),
    standing(
        "design.by_default",
        ["Build data protection into the service, by default", "Protéger les données dès la conception et par défaut"],
    ),
];

/// The terms that oblige nobody to act by themselves, and why.
pub const NO_PROMISE: &[(&str, &str, &str)] = &[
    ("subprocessors.silence_approves", "a rule of the objection window", "une règle du délai d'objection"),
    ("subprocessors.on_objection", "what follows an objection, not a duty", "la suite d'une objection, non un devoir"),
    ("breach.channel", "how the breach notice is sent", "la voie de la notification de violation"),
    ("audit.per_year", "a limit on the controller's audits", "une limite aux audits du responsable"),
    ("audit.channel", "how an audit is asked for", "la voie de la demande d'audit"),
    ("audit.auditor", "who may audit", "qui peut auditer"),
    ("audit.hours", "when an audit may take place", "quand un audit peut avoir lieu"),
    ("audit.costs", "who pays an audit", "qui paie un audit"),
    ("audit.report_to", "who receives the report", "qui reçoit le rapport"),
    ("duration", "how long the promises last", "la durée des engagements"),
    ("liability.article82", "liability, not an act to do", "une responsabilité, non un acte à faire"),
    ("supervisory_authority", "a fact about the parties", "un fait sur les parties"),
    ("governing_law", "a fact about the contract", "un fait sur le contrat"),
    ("dated", "a fact about the contract", "un fait sur le contrat"),
];
