//! Agreements for programs: bring in, review, put in force, and how each promise is kept.

use super::{Decision, Import, Party, Review, Step, Written, store};
use crate::api::{At, Done, Endpoint, Given, Made, NoQuery, Nothing, Page, Ref, Shown, Upload, operation};
use crate::lists::{self, Cursor};
use crate::{Kind, Refusal, duties};
use kernel::AgreementId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What programs can do with agreements.
pub(super) const API: &[Endpoint] = &[
    Endpoint::of::<List>(),
    Endpoint::of::<Bring>(),
    Endpoint::of::<One>(),
    Endpoint::of::<Terms>(),
    Endpoint::of::<Decide>(),
    Endpoint::of::<ReadAgain>(),
    Endpoint::of::<Finish>(),
    Endpoint::of::<InForce>(),
    Endpoint::of::<Promises>(),
    Endpoint::of::<Evidence>(),
];

const WHAT: [&str; 2] = ["agreement", "accord"];

/// An agreement in a list.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AgreementLine")]
pub(super) struct Line {
    id: Ref,
    title: String,
    /// The controller's name.
    controller: String,
    /// `imported`, `reviewed`, `in-force` or `replaced`.
    state: String,
    imported_at: At,
}

/// Which agreements.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// The controller's id.
    #[serde(default)]
    controller: String,
    /// The `next` of the page before.
    #[serde(default)]
    after: String,
}

operation! {
    /// The list.
    List = GET "/agreements", needs "agreements.read": "Agreements, newest first",
    (Asked, Nothing) -> Shown<Page<Line>>, |call| {
        let controller = match call.query.controller.as_str() {
            "" => None,
            id => Some(id.parse().map_err(|_| Refusal::not_found("controller", "responsable"))?),
        };
        let after = Cursor::parse(&call.query.after);
        let mut rows = store::page(&mut call.app.store().read(), controller.as_ref(), after, lists::ask()).await?;
        let next = lists::cut(&mut rows, |row| Cursor { at: row.imported_at, id: row.id.to_string() });
        let line = |row: &store::AgreementLine| Line {
            id: Ref::from(&row.id),
            title: row.title.clone(),
            controller: row.controller_name.clone(),
            state: row.state.word().to_owned(),
            imported_at: row.imported_at.into(),
        };
        Ok(Shown(Page { items: rows.iter().map(line).collect(), next: next.map(|cursor| cursor.text()) }))
    }
}

/// An agreement.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Agreement")]
pub(super) struct Whole {
    id: Ref,
    title: String,
    /// The controller's id.
    controller: Ref,
    controller_name: String,
    /// `imported`, `reviewed`, `in-force` or `replaced`.
    state: String,
    /// The document's file name.
    file_name: String,
    /// SHA-256 of the document.
    document: String,
    /// The language it is written in.
    language: String,
    imported_at: At,
    /// The agreement file as it stands, in TOML.
    file: String,
}

operation! {
    /// One of them.
    One = GET "/agreements/{id}", needs "agreements.read": "An agreement, with its agreement file as it stands",
    (NoQuery, Nothing) -> Shown<Whole>, |call| {
        let id: AgreementId = call.id(WHAT)?;
        Ok(Shown(whole(&call.app, &id).await?))
    }
}

async fn whole(app: &crate::App, id: &AgreementId) -> Result<Whole, Refusal> {
    let row = store::must_find(&mut app.store().read(), id).await?;
    let file = super::file_of(app.store(), id).await?.to_toml();
    Ok(Whole {
        id: Ref::from(&row.id),
        title: row.title,
        controller: Ref::from(&row.controller),
        controller_name: row.controller_name,
        state: row.state.word().to_owned(),
        file_name: row.file_name,
        document: row.document,
        language: row.language,
        imported_at: row.imported_at.into(),
        file,
    })
}

/// What the document is.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Paper {
    /// The controller's id; it is registered with its first agreement.
    #[serde(default)]
    controller: String,
    /// The document's name; its ending says what it is.
    #[serde(default)]
    file_name: String,
    /// What people call it; else the file's name.
    #[serde(default)]
    title: String,
    /// `yes` to bring it in although the same document is there already.
    #[serde(default)]
    again: String,
}

operation! {
    /// A new one.
    Bring = POST "/agreements", needs "agreements.review": "Bring in a document with a controller we know, and read it",
    (Paper, Upload) -> Made<Whole>, |call| {
        let controller = call.query.controller.parse().map_err(|_| Refusal::not_found("controller", "responsable"))?;
        let new = Import {
            party: Party::Known(controller),
            title: call.query.title.clone(),
            file_name: call.query.file_name.clone(),
            bytes: call.body.0.to_vec(),
            again: call.query.again == "yes",
        };
        let id = super::import(&call.app, call.caller.actor(), new).await?;
        Ok(Made(format!("/api/v1/agreements/{id}"), whole(&call.app, &id).await?))
    }
}

/// A term as it stands in the review.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Term")]
pub(super) struct Term {
    /// Its name, such as `breach.notify`.
    term: String,
    /// What it says now: a state and a value.
    said: Value,
    /// What was decided last.
    decision: Option<String>,
    /// How many decisions it has had: what to give as `seen`.
    number: u32,
    /// Whether somebody must decide it.
    required: bool,
    /// How sure the reader was, from 0 to 1.
    confidence: f64,
}

operation! {
    /// Its terms.
    Terms = GET "/agreements/{id}/terms", needs "agreements.review": "Every term as it stands in the review",
    (NoQuery, Nothing) -> Shown<Vec<Term>>, |call| {
        let id: AgreementId = call.id(WHAT)?;
        let review = Review::load(call.app.store(), &id).await?;
        let mut terms = Vec::new();
        for item in review.items() {
            terms.push(Term {
                term: item.name.name.to_owned(),
                said: serde_json::to_value(&item.said).map_err(::store::StoreError::from)?,
                decision: item.decided.map(|row| row.made.word().to_owned()),
                number: item.number,
                required: item.required.is_some(),
                confidence: item.confidence,
            });
        }
        Ok(Shown(terms))
    }
}

/// What is decided about a term.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "TermDecision")]
pub(super) struct Decided {
    /// `confirm`, `correct`, `default`, `not-said` or `undo`.
    decision: String,
    /// What it says instead, to correct it; such as `P30D`.
    #[serde(default)]
    value: String,
    /// Whether a period counts working days.
    #[serde(default)]
    working: bool,
    /// The words of the document that say so.
    #[serde(default)]
    quote: String,
    /// Whether it is accepted that the document does not say what the law asks.
    #[serde(default)]
    accept_silence: bool,
    /// How many decisions the term had when it was read; when there are more by now, nothing is decided.
    seen: Option<u32>,
}

operation! {
    /// A decision about a term.
    Decide = POST "/agreements/{id}/terms/{term}", needs "agreements.review": "Decide a term",
    (NoQuery, Given<Decided>) -> Done, |call| {
        let id: AgreementId = call.id(WHAT)?;
        let term = call.ids.get(1).cloned().unwrap_or_default();
        let step = step(&Review::load(call.app.store(), &id).await?, &term, &call.body.0)?;
        let decision = Decision { term, seen: call.body.0.seen, step };
        super::decide_terms(call.app.store(), call.app.now(), call.caller.actor(), &id, vec![decision]).await?;
        Ok(Done)
    }
}

fn step(review: &Review, term: &str, given: &Decided) -> Result<Step, Refusal> {
    use agreement::reading::State::{Stated, Vague};
    match given.decision.as_str() {
        "confirm" => Ok(Step::Confirm),
        "default" => Ok(Step::Default),
        "undo" => Ok(Step::Undo),
        "not-said" => Ok(Step::NotSaid { accept: given.accept_silence }),
        "correct" => {
            let state = if given.value.is_empty() { Vague } else { Stated };
            let (value, words) = (given.value.clone(), given.quote.clone());
            review.correction(term, Written { state, value, working: given.working, at: String::new(), words })
        }
        _ => Err(Refusal::new(
            Kind::Invalid,
            "decision",
            ["`decision` is none of ours.", "`decision` n'est pas une des nôtres."],
            [
                "Use confirm, correct, default, not-said or undo.",
                "Utilisez confirm, correct, default, not-said ou undo.",
            ],
        )),
    }
}

operation! {
    /// A newer reader may find more.
    ReadAgain = POST "/agreements/{id}/read-again", needs "agreements.review": "Read the document again",
    (NoQuery, Nothing) -> Done, |call| {
        super::read_again(&call.app, call.caller.actor(), &call.id(WHAT)?).await?;
        Ok(Done)
    }
}

operation! {
    /// The review ends.
    Finish = POST "/agreements/{id}/review", needs "agreements.review": "End the review, when every term that must be decided is",
    (NoQuery, Nothing) -> Done, |call| {
        let id: AgreementId = call.id(WHAT)?;
        super::finish(call.app.store(), call.app.now(), call.caller.actor(), &id).await?;
        Ok(Done)
    }
}

/// Putting in force.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AgreementInForce")]
pub(super) struct Force {
    /// Whether findings that are errors are accepted.
    #[serde(default)]
    accept_errors: bool,
}

operation! {
    /// It binds.
    InForce = POST "/agreements/{id}/in-force", needs "agreements.put-in-force": "Put an agreement in force; its promises become duties",
    (NoQuery, Given<Force>) -> Done, |call| {
        let id: AgreementId = call.id(WHAT)?;
        let (db, now, actor) = (call.app.store(), call.app.now(), call.caller.actor());
        super::put_in_force(db, now, actor, &id, call.body.0.accept_errors).await?;
        Ok(Done)
    }
}

/// A promise and how it is kept.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Promise")]
pub(super) struct Promise {
    /// Its key.
    key: String,
    title_en: String,
    title_fr: String,
    /// `event`, `recurring` or `standing`.
    mode: String,
    /// `not-tested`, `kept`, `due`, `late` or `broken`.
    keeping: String,
    /// What shows it kept.
    evidence: Option<String>,
    /// Its duties, newest first.
    duties: Vec<Ref>,
}

operation! {
    /// The board.
    Promises = GET "/agreements/{id}/promises", needs "agreements.read": "The promises of an agreement, and how each is kept",
    (NoQuery, Nothing) -> Shown<Vec<Promise>>, |call| {
        let id: AgreementId = call.id(WHAT)?;
        store::must_find(&mut call.app.store().read(), &id).await?;
        let rows = duties::of_agreement(&mut call.app.store().read(), &id).await?;
        let now = call.app.now();
        let promise = |row: duties::PromiseRow| Promise {
            key: row.made.promise.clone(),
            keeping: duties::keeping(&row, now).word().to_owned(),
            title_en: row.made.title_en,
            title_fr: row.made.title_fr,
            mode: row.made.mode,
            evidence: row.evidence,
            duties: row.duties.iter().map(|duty| Ref::from(&duty.id)).collect(),
        };
        Ok(Shown(rows.into_iter().map(promise).collect()))
    }
}

/// What shows a promise kept.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PromiseEvidence")]
pub(super) struct Shows {
    /// The promise's key.
    promise: String,
    /// In words, or where it can be found.
    evidence: String,
}

operation! {
    /// Evidence.
    Evidence = POST "/agreements/{id}/evidence", needs "agreements.evidence": "Record what shows a promise kept",
    (NoQuery, Given<Shows>) -> Done, |call| {
        let id: AgreementId = call.id(WHAT)?;
        let (db, now, actor) = (call.app.store(), call.app.now(), call.caller.actor());
        duties::evidence(db, now, actor, &id, &call.body.0.promise, &call.body.0.evidence).await?;
        Ok(Done)
    }
}
