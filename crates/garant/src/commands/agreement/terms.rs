//! The review of an agreement from a terminal: the same decisions as in the console, one entry each.

use crate::cli::Context;
use crate::error::{Exit, Failure};
use crate::house::{House, HouseArgs, PersonArgs};
use crate::{output, system};
use kernel::{AgreementId, Lang};
use office::agreements::{self, Decision, Item, Review, Said, Step, Written};
use serde_json::{Value, json};

#[derive(Debug, clap::Args)]
pub(crate) struct Terms {
    /// The agreement
    id: AgreementId,
    /// Only those nobody has decided
    #[arg(long)]
    undecided: bool,
    /// Only those that must be decided before it can be put in force
    #[arg(long)]
    required: bool,
    #[command(flatten)]
    house: HouseArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    garant agreement confirm 01k… breach.notify_controller end.choice\n  \
    garant agreement confirm 01k… --sure")]
pub(crate) struct Confirm {
    /// The agreement
    id: AgreementId,
    /// The terms, such as breach.notify_controller
    #[arg(required_unless_present = "sure")]
    terms: Vec<String>,
    /// Every term the reader is sure of
    #[arg(long, conflicts_with = "terms")]
    sure: bool,
    #[command(flatten)]
    person: PersonArgs,
    #[command(flatten)]
    house: HouseArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  \
    garant agreement correct 01k… requests.forward P2D --working --quote 'within two working days'")]
pub(crate) struct Correct {
    /// The agreement
    id: AgreementId,
    /// The term, such as breach.notify_controller
    term: String,
    /// What it says: PT72H, yes, general, 2026-12-31…; left out when the text gives no figure
    #[arg(default_value = "")]
    value: String,
    /// How firmly: stated, vague, conditional, by-reference or negated [default: stated, or vague without a value]
    #[arg(long, value_parser = firmness)]
    state: Option<agreement::reading::State>,
    /// Its days are working days
    #[arg(long)]
    working: bool,
    /// The words of the text that say so
    #[arg(long, default_value = "", value_name = "WORDS")]
    quote: String,
    #[command(flatten)]
    person: PersonArgs,
    #[command(flatten)]
    house: HouseArgs,
}

#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("what").required(true))]
pub(crate) struct Decide {
    /// The agreement
    id: AgreementId,
    /// The term, such as breach.notify_controller
    term: String,
    /// Our figure stands
    #[arg(long, group = "what")]
    default: bool,
    /// The text does not say it
    #[arg(long, group = "what")]
    not_said: bool,
    /// This side of a contradiction holds: 1 for the first that `terms` shows
    #[arg(long, group = "what", value_name = "N")]
    side: Option<usize>,
    /// Take the last decision back
    #[arg(long, group = "what")]
    undo: bool,
    /// Accept what the law finds missing, where it asks for the term
    #[arg(long, requires = "not_said")]
    accept_silence: bool,
    #[command(flatten)]
    person: PersonArgs,
    #[command(flatten)]
    house: HouseArgs,
}

fn firmness(word: &str) -> Result<agreement::reading::State, String> {
    agreements::state_of(word).ok_or_else(|| "stated, vague, conditional, by-reference or negated".to_owned())
}

pub(super) async fn list(args: &Terms, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    let review = Review::load(house.store(), &args.id).await?;
    let wanted =
        |item: &Item<'_>| (!args.undecided || item.decided.is_none()) && (!args.required || item.required.is_some());
    let items: Vec<Item<'_>> = review.items().into_iter().filter(wanted).collect();
    if args.json {
        output::json(&items.iter().map(shown).collect::<Vec<_>>())?;
        return Ok(Exit::Ok);
    }
    let lines: Vec<Vec<String>> = items.iter().map(|item| line(item, context.lang)).collect();
    let heads = context.lang.pick(["term", "says", "decision", "law"], ["terme", "dit", "décision", "loi"]);
    output::table(&heads, &lines)?;
    Ok(Exit::Ok)
}

fn line(item: &Item<'_>, lang: Lang) -> Vec<String> {
    let open = if item.missing() { lang.pick("required", "exigé") } else { "–" };
    vec![
        item.name.name.to_owned(),
        says(item, lang),
        item.decided.map_or_else(|| open.to_owned(), |row| row.made.word().to_owned()),
        item.required.map_or_else(String::new, |required| required.law(lang)),
    ]
}

/// What it says; of a contradiction each side, with the number that chooses it.
fn says(item: &Item<'_>, lang: Lang) -> String {
    let shape = item.name.shape;
    let words = item.said.words(shape, lang);
    if item.decided.is_some() || item.said.state != agreement::reading::State::Conflicting {
        return words;
    }
    let sides = Said::sides(item.read).into_iter().enumerate();
    let sides: Vec<String> = sides.map(|(at, side)| format!("{}) {}", at + 1, side.words(shape, lang))).collect();
    let state = agreement::text::state_text(item.said.state, lang);
    if sides.is_empty() { words } else { format!("{state}{}{}", output::colon(lang), sides.join(", ")) }
}

fn shown(item: &Item<'_>) -> Value {
    json!({
        "term": item.name.name, "said": item.said, "decision": item.decided.map(|row| row.made.word()),
        "sides": Said::sides(item.read), "required": item.required.is_some(), "confidence": item.confidence,
    })
}

pub(super) async fn confirm(args: &Confirm, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    let actor = house.actor(&args.person, context, "agreements.review").await?;
    let review = Review::load(house.store(), &args.id).await?;
    let sure = review.items().into_iter().filter(Item::sure).map(|item| item.name.name.to_owned());
    let terms: Vec<String> = if args.sure { sure.collect() } else { args.terms.clone() };
    let decisions: Vec<Decision> =
        terms.into_iter().map(|term| Decision { term, seen: None, step: Step::Confirm }).collect();
    agreements::decide_terms(house.store(), system::now(), actor, &args.id, decisions).await?;
    progress(&house, &args.id, context.lang).await
}

pub(super) async fn correct(args: &Correct, context: &Context) -> Result<Exit, Failure> {
    use agreement::reading::State::{Stated, Vague};
    let house = House::visit(&args.house).await?;
    let actor = house.actor(&args.person, context, "agreements.review").await?;
    let review = Review::load(house.store(), &args.id).await?;
    let written = Written {
        state: args.state.unwrap_or(if args.value.is_empty() { Vague } else { Stated }),
        value: args.value.clone(),
        working: args.working,
        at: String::new(),
        words: args.quote.clone(),
    };
    let step = review.correction(&args.term, written)?;
    one(&house, actor, &args.id, &args.term, step, context.lang).await
}

pub(super) async fn decide(args: &Decide, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    let actor = house.actor(&args.person, context, "agreements.review").await?;
    let step = match (args.default, args.undo, args.side) {
        (true, ..) => Step::Default,
        (_, true, _) => Step::Undo,
        (_, _, Some(side)) => {
            let review = Review::load(house.store(), &args.id).await?;
            review.side(&args.term, side.wrapping_sub(1))?
        }
        _ => Step::NotSaid { accept: args.accept_silence },
    };
    one(&house, actor, &args.id, &args.term, step, context.lang).await
}

async fn one(
    house: &House,
    actor: kernel::Actor,
    id: &AgreementId,
    term: &str,
    step: Step,
    lang: Lang,
) -> Result<Exit, Failure> {
    let decision = Decision { term: term.to_owned(), seen: None, step };
    agreements::decide_terms(house.store(), system::now(), actor, id, vec![decision]).await?;
    progress(house, id, lang).await
}

/// How far the review is.
async fn progress(house: &House, id: &AgreementId, lang: Lang) -> Result<Exit, Failure> {
    let review = Review::load(house.store(), id).await?;
    let items = review.items();
    let (decided, all) = (items.iter().filter(|item| item.decided.is_some()).count(), items.len());
    let open = items.iter().filter(|item| item.missing()).count();
    output::say(&match lang {
        Lang::En => format!("{decided} of {all} terms decided; {open} required ones open"),
        Lang::Fr => format!("{decided} termes décidés sur {all} ; {open} exigés encore ouverts"),
    });
    Ok(Exit::Ok)
}
