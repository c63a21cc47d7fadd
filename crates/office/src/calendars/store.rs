//! Corrections in tables, and the calendar they make.

use super::events::{CalendarEvent, Ground};
use super::figures::Set;
use ::store::{Ask, Recorded, Row, StoreError, Tx};
use kernel::calendar::{AddedPlace, Change, OfficeHours, Table, When};
use kernel::clock::Law;
use kernel::{AgreementId, Date, Instant};

pub(super) async fn apply(tx: &mut Tx<'_>, entry: &Recorded, event: CalendarEvent) -> Result<(), StoreError> {
    match event {
        CalendarEvent::LawChosen { controller, agreement, law, ground } => {
            let sql = "INSERT INTO period_laws (agreement, controller, law, reason, reason_subject, chosen_at) \
                       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (agreement) DO NOTHING";
            let Ground { reason, .. } = ground;
            let (whose, text) = (reason.subject.clone(), reason.reveal().cloned());
            let args = vec![
                (&agreement).into(),
                (&controller).into(),
                law.word().into(),
                text.into(),
                (&whose).into(),
                entry.at.into(),
            ];
            tx.execute(sql, args).await
        }
        CalendarEvent::FigureSet { figure, period, from, ground } => {
            let sql = "INSERT INTO law_figures (position, figure, period, from_day, source, reason, reason_subject, set_at) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
            let Ground { reason, source } = ground;
            let (whose, text) = (reason.subject.clone(), reason.reveal().cloned());
            let args = vec![
                next(tx, "SELECT COUNT(*) AS n FROM law_figures").await?.into(),
                figure.into(),
                period.to_string().into(),
                from.to_string().into(),
                source.into(),
                text.into(),
                (&whose).into(),
                entry.at.into(),
            ];
            tx.execute(sql, args).await
        }
        CalendarEvent::PlaceAdded { ground, .. }
        | CalendarEvent::DayAdded { ground, .. }
        | CalendarEvent::DayRemoved { ground, .. }
        | CalendarEvent::OfficeHoursSet { ground, .. } => correct(tx, entry, ground).await,
    }
}

/// A correction is kept as its entry has it, without its reason.
async fn correct(tx: &mut Tx<'_>, entry: &Recorded, ground: Ground) -> Result<(), StoreError> {
    let mut data = entry.data.clone();
    if let Some(fields) = data.as_object_mut() {
        fields.remove("ground");
    }
    let sql = "INSERT INTO calendar_corrections (position, kind, data, source, reason, reason_subject, made_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let (whose, text) = (ground.reason.subject.clone(), ground.reason.reveal().cloned());
    let args = vec![
        next(tx, "SELECT COUNT(*) AS n FROM calendar_corrections").await?.into(),
        entry.kind.as_str().into(),
        data.to_string().into(),
        ground.source.into(),
        text.into(),
        (&whose).into(),
        entry.at.into(),
    ];
    tx.execute(sql, args).await
}

async fn next(tx: &mut Tx<'_>, sql: &'static str) -> Result<i64, StoreError> {
    Ok(tx.row(sql, vec![]).await?.map_or(Ok(0), |row| row.int("n"))? + 1)
}

/// One correction as pages see it, in the order they were made.
#[derive(Clone, Debug)]
pub struct Corrected {
    /// Its place in that order; what undoes it names it.
    pub position: i64,
    /// What was corrected.
    pub what: What,
    /// Where the ground for it stands.
    pub source: String,
    /// Why, unless erased.
    pub reason: Option<String>,
    /// When.
    pub made_at: Instant,
}

/// What a correction says.
#[derive(Clone, Debug)]
pub enum What {
    /// A place more.
    Place(AddedPlace),
    /// Days of a place.
    Days(String, Change),
    /// Other office hours.
    Office(OfficeHours),
}

fn text(data: &serde_json::Value, key: &str) -> String {
    data[key].as_str().unwrap_or_default().to_owned()
}

fn corrected(row: &Row) -> Result<Corrected, StoreError> {
    let (kind, data): (String, serde_json::Value) = (row.text("kind")?, row.json("data")?);
    let damaged = || StoreError::Damaged(format!("a correction of the calendar does not read: {kind}"));
    let what = match kind.as_str() {
        "calendar.place-added" => What::Place(AddedPlace {
            code: text(&data, "place"),
            name: text(&data, "name"),
            inherits: text(&data, "inherits"),
            zone: data["zone"].as_str().map(str::to_owned),
        }),
        "calendar.office-hours-set" => {
            let days: Vec<u8> = serde_json::from_value(data["days"].clone())?;
            What::Office(OfficeHours::new(&days, &text(&data, "opens"), &text(&data, "closes")).ok_or_else(damaged)?)
        }
        _ => {
            let (when, from): (When, Date) =
                (serde_json::from_value(data["when"].clone())?, serde_json::from_value(data["from"].clone())?);
            let adds = kind == "calendar.day-added";
            What::Days(text(&data, "place"), Change { adds, when, from, name: text(&data, "name") })
        }
    };
    let (position, source) = (row.int("position")?, row.text("source")?);
    Ok(Corrected { position, what, source, reason: row.opt_text("reason")?, made_at: row.instant("made_at")? })
}

/// Every correction, the first made first.
///
/// # Errors
/// When the database fails.
pub async fn corrections(db: &mut impl Ask) -> Result<Vec<Corrected>, StoreError> {
    let sql = "SELECT * FROM calendar_corrections ORDER BY position";
    db.rows(sql, vec![]).await?.iter().map(corrected).collect()
}

/// The calendar as it stands: shipped, and corrected.
///
/// # Errors
/// When the database fails.
pub async fn table(db: &mut impl Ask) -> Result<Table, StoreError> {
    let mut table = Table::default();
    for one in corrections(db).await? {
        match one.what {
            What::Place(place) => table.add_place(place),
            What::Days(place, change) => table.change(&place, change),
            What::Office(hours) => table.set_office(hours),
        }
    }
    Ok(table)
}

/// The law that counts the periods of an agreement; none while nobody chose one.
///
/// # Errors
/// When the database fails.
pub async fn law_of(db: &mut impl Ask, agreement: &AgreementId) -> Result<Option<Law>, StoreError> {
    let rows = db.rows("SELECT law FROM period_laws WHERE agreement = $1", vec![agreement.into()]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    Law::parse(&row.text("law")?).map(Some).ok_or_else(|| StoreError::Damaged("an unknown law of periods".into()))
}

/// Every correction of a figure of the law, the first made first.
///
/// # Errors
/// When the database fails.
pub async fn figure_sets(db: &mut impl Ask) -> Result<Vec<Set>, StoreError> {
    let sql = "SELECT figure, period, from_day, source FROM law_figures ORDER BY position";
    let damaged = |what: &str| StoreError::Damaged(format!("a figure of the law has no {what}"));
    let set = |row: &Row| {
        Ok(Set {
            key: row.text("figure")?,
            period: row.text("period")?.parse().map_err(|_| damaged("period"))?,
            from: row.text("from_day")?.parse().map_err(|_| damaged("day"))?,
            source: row.text("source")?,
        })
    };
    db.rows(sql, vec![]).await?.iter().map(set).collect()
}
