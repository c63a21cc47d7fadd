//! What an agreement file holds and no clause can say.

use agreement::names;
use agreement::reading::State;
use agreement::text::state_text;
use kernel::Lang;

/// Why a file cannot be written as an agreement. Nothing is ever left out in silence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// No clause says the term in this state or with this value.
    NoClause {
        /// The term's name.
        term: String,
        /// How firmly the file says it.
        state: State,
    },
    /// Two places of the document contradict each other: somebody must decide first.
    Contradiction {
        /// The term's name.
        term: String,
    },
    /// A value stands beside a state that has none, such as a figure beside "vague".
    ValueBesideState {
        /// The term's name.
        term: String,
        /// The state.
        state: State,
    },
    /// Working time in another unit than days.
    WorkingUnit {
        /// The term's name.
        term: String,
    },
    /// The file describes another kind of document, such as a privacy notice.
    NotAnAgreement,
    /// The fonts of a PDF do not have these letters.
    Letters {
        /// Each of them once, in the order of Unicode.
        letters: String,
    },
}

impl Problem {
    /// The term it is about, if it is about one.
    #[must_use]
    pub fn term(&self) -> Option<&str> {
        match self {
            Self::NoClause { term, .. }
            | Self::Contradiction { term }
            | Self::ValueBesideState { term, .. }
            | Self::WorkingUnit { term } => Some(term),
            Self::NotAnAgreement | Self::Letters { .. } => None,
        }
    }

    /// What is wrong.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        let name = self.term().map(|term| named(term, lang)).unwrap_or_default();
        match self {
            Self::NoClause { state, .. } => {
                let state = state_text(*state, lang);
                lang.pick(
                    format!("no clause can say {name} as the file has it ({state})"),
                    format!("aucune clause ne peut dire {name} tel que le fichier le contient ({state})"),
                )
            }
            Self::Contradiction { .. } => lang
                .pick(format!("the file contradicts itself on {name}"), format!("le fichier se contredit sur {name}")),
            Self::ValueBesideState { state, .. } => {
                let state = state_text(*state, lang);
                lang.pick(
                    format!("{name} has a value although its state is “{state}”"),
                    format!("{name} a une valeur alors que son état est « {state} »"),
                )
            }
            Self::WorkingUnit { .. } => lang.pick(
                format!("{name} counts working time in another unit than days"),
                format!("{name} compte un temps ouvré dans une autre unité que le jour"),
            ),
            Self::NotAnAgreement => lang
                .pick(
                    "the file describes no agreement with a processor",
                    "le fichier ne décrit pas un accord de sous-traitance",
                )
                .to_owned(),
            Self::Letters { letters } => lang.pick(
                format!("the fonts of a PDF do not have these letters: {letters}"),
                format!("les polices d'un PDF n'ont pas ces lettres : {letters}"),
            ),
        }
    }

    /// What to do.
    #[must_use]
    pub fn remedy(&self, lang: Lang) -> &'static str {
        match self {
            Self::NoClause { .. } => lang.pick(
                "decide it in the file: give the value, or remove the term",
                "décidez-le dans le fichier : donnez la valeur, ou retirez le terme",
            ),
            Self::Contradiction { .. } => lang.pick(
                "keep one of the two in the file, as `stated`",
                "gardez l'un des deux dans le fichier, comme `stated`",
            ),
            Self::ValueBesideState { .. } => lang
                .pick("remove the value, or write the state `stated`", "retirez la valeur, ou écrivez l'état `stated`"),
            Self::WorkingUnit { .. } => {
                lang.pick("write it in days, as in `P2D working`", "écrivez-le en jours, comme `P2D working`")
            }
            Self::NotAnAgreement => lang.pick(
                "write `kind = \"processor-agreement\"` under [document] once the file holds the agreement",
                "écrivez `kind = \"processor-agreement\"` sous [document] quand le fichier contient l'accord",
            ),
            Self::Letters { .. } => lang.pick(
                "write it as HTML or DOCX and print that, or give the names in Latin letters",
                "écrivez-le en HTML ou en DOCX et imprimez celui-là, ou donnez les noms en lettres latines",
            ),
        }
    }
}

/// `breach.channel` (Channel of the breach notice).
fn named(term: &str, lang: Lang) -> String {
    let words = names::find(term).map(|name| lang.pick(name.en, name.fr));
    words.map_or_else(|| format!("`{term}`"), |words| format!("`{term}` ({words})"))
}
