//! What a feature is, and the registry that joins them.

use crate::api::Endpoint;
use crate::{App, FEATURES};
use axum::routing::MethodRouter;
use futures_util::future::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use store::{Columns, Log, Projector, Recorded, Schema, StoreError, Tx};
use web::Texts;
use web::guard::Access;

/// How a feature applies an entry to its tables.
pub(crate) type Apply = for<'a, 'b> fn(&'a mut Tx<'b>, &'a Recorded) -> BoxFuture<'a, Result<(), StoreError>>;

/// What a feature does in the transaction of another's entry. It is not run again when the ledger is replayed: what it
/// appends stands in the ledger itself.
pub(crate) type React = for<'a, 'b> fn(&'a mut Tx<'b>, &'a Value) -> BoxFuture<'a, Result<(), StoreError>>;

/// One feature, as the registry sees it.
pub struct Feature {
    /// Its folder.
    pub name: &'static str,
    /// Its texts, English and French (Fluent).
    pub texts: [&'static str; 2],
    /// Its tables.
    pub columns: Columns,
    /// The entries it applies.
    pub kinds: &'static [&'static str],
    /// How.
    pub apply: Apply,
    /// Which entries of others it reacts to, and how: so that they need not know of it.
    pub(crate) reacts: &'static [(&'static str, React)],
    /// Its pages, actions and API.
    pub routes: &'static [Route],
    /// What programs can do.
    pub api: &'static [Endpoint],
    /// One sample of every event, for the tests.
    pub samples: fn() -> Vec<Value>,
}

/// One way in.
pub struct Route {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The path, with `{id}` for what varies.
    pub path: &'static str,
    /// Who may.
    pub access: Access,
    /// What answers.
    pub handler: fn() -> MethodRouter<App>,
}

/// What is stored for ever: serialised as `{"kind": "request.received", "data": {…}}`.
pub trait Event: Serialize + DeserializeOwned + Sized {
    /// The log it belongs to.
    fn log(&self) -> Log;
    /// The id of the thing it is about.
    fn record(&self) -> String;

    /// Its kind and its data.
    ///
    /// # Errors
    /// When it does not serialise.
    fn parts(&self) -> Result<(String, Value), StoreError> {
        let mut value = serde_json::to_value(self)?;
        let data = value.get_mut("data").map(Value::take).unwrap_or_default();
        let kind = value["kind"].as_str().unwrap_or_default().to_owned();
        Ok((kind, data))
    }

    /// The event of an entry.
    ///
    /// # Errors
    /// When the entry does not have the event's shape.
    fn of(entry: &Recorded) -> Result<Self, StoreError> {
        Ok(serde_json::from_value(serde_json::json!({ "kind": entry.kind, "data": entry.data }))?)
    }
}

/// Appends events in order, each with the reactions of other features.
///
/// # Errors
/// When one cannot be stored; then nothing of the transaction may be committed.
pub(crate) async fn append<E: Event + Sync>(tx: &mut Tx<'_>, events: &[E]) -> Result<(), StoreError> {
    for event in events {
        let (kind, data) = event.parts()?;
        tx.append(&event.log(), &kind, &event.record(), data.clone()).await?;
        for (_, react) in FEATURES.iter().flat_map(|feature| feature.reacts).filter(|(known, _)| *known == kind) {
            react(tx, &data).await?;
        }
    }
    Ok(())
}

/// Every feature's tables and how entries reach them.
pub struct Registry {
    schema: Schema,
}

impl Registry {
    /// The registry of [`FEATURES`].
    ///
    /// # Errors
    /// The table at fault, when a classification does not parse.
    pub fn new() -> Result<Self, String> {
        let mut parts = vec![web::COLUMNS];
        parts.extend(FEATURES.iter().map(|feature| Columns { ..feature.columns }));
        Ok(Self { schema: Schema::new(&parts)? })
    }

    /// Every text of the product.
    ///
    /// # Errors
    /// The line at fault.
    pub fn texts() -> Result<Texts, String> {
        let mut parts = vec![web::TEXTS];
        parts.extend(FEATURES.iter().map(|feature| feature.texts));
        Texts::new(&parts)
    }
}

impl Projector for Registry {
    fn apply<'a>(&'a self, tx: &'a mut Tx<'_>, entry: &'a Recorded) -> BoxFuture<'a, Result<(), StoreError>> {
        match FEATURES.iter().find(|feature| feature.kinds.contains(&entry.kind.as_str())) {
            Some(feature) => (feature.apply)(tx, entry),
            None if entry.kind.starts_with("ledger.") => Box::pin(async { Ok(()) }),
            None => Box::pin(async move { Err(StoreError::Damaged(format!("no feature knows `{}`", entry.kind))) }),
        }
    }

    fn schema(&self) -> &Schema {
        &self.schema
    }
}

/// For features without events of their own.
pub(crate) fn apply_nothing<'a>(_: &'a mut Tx<'_>, _: &'a Recorded) -> BoxFuture<'a, Result<(), StoreError>> {
    Box::pin(async { Ok(()) })
}

/// Reads a sample event as its feature does and writes it again; the tests compare.
///
/// # Errors
/// When no feature of this name has such an event, or it does not read.
pub fn round_trip(feature: &str, sample: &Value) -> Result<Value, StoreError> {
    fn through<E: Event>(sample: &Value) -> Result<Value, StoreError> {
        Ok(serde_json::to_value(serde_json::from_value::<E>(sample.clone())?)?)
    }
    match feature {
        "absences" => through::<crate::absences::AbsenceEvent>(sample),
        "accounts" => through::<crate::accounts::AccountEvent>(sample),
        "agreements" => through::<crate::agreements::AgreementEvent>(sample),
        "alerts" => through::<crate::alerts::AlertEvent>(sample),
        "calendars" => through::<crate::calendars::CalendarEvent>(sample),
        "diary" => through::<crate::diary::DiaryEvent>(sample),
        "duties" => through::<crate::duties::DutyEvent>(sample),
        "inbox" => through::<crate::inbox::MailEvent>(sample),
        "notices" => through::<crate::notices::NoticeEvent>(sample),
        "parties" => through::<crate::parties::PartyEvent>(sample),
        "requests" => through::<crate::requests::RequestEvent>(sample),
        "reviews" => through::<crate::reviews::ReviewEvent>(sample),
        "systems" => through::<crate::systems::SystemEvent>(sample),
        "views" => through::<crate::views::ViewEvent>(sample),
        other => Err(StoreError::Damaged(format!("{other} has no events"))),
    }
}
