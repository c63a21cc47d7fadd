//! Absences in tables.

use super::events::AbsenceEvent;
use super::model::{Absence, Away};
use ::store::{Ask, Recorded, Row, StoreError, Tx};
use kernel::Date;

pub(super) async fn apply(tx: &mut Tx<'_>, entry: &Recorded, event: AbsenceEvent) -> Result<(), StoreError> {
    match event {
        AbsenceEvent::Noted { absence, account, from, until, deputy } => {
            let sql = "INSERT INTO absences (id, account, from_day, until_day, deputy, noted_at) VALUES ($1, $2, $3, $4, $5, $6)";
            let args = vec![
                absence.as_str().into(),
                (&account).into(),
                from.to_string().into(),
                until.to_string().into(),
                deputy.map(|deputy| deputy.to_string()).into(),
                entry.at.into(),
            ];
            tx.execute(sql, args).await
        }
        AbsenceEvent::Withdrawn { absence, .. } => {
            let sql = "UPDATE absences SET withdrawn_at = $2 WHERE id = $1";
            tx.execute(sql, vec![absence.as_str().into(), entry.at.into()]).await
        }
    }
}

fn absence(row: &Row) -> Result<Absence, StoreError> {
    let day = |name: &str| -> Result<Date, StoreError> {
        row.text(name)?.parse().map_err(|_| StoreError::Damaged(format!("an absence's {name} is no day")))
    };
    Ok(Absence {
        id: row.id("id")?,
        account: row.id("account")?,
        from: day("from_day")?,
        until: day("until_day")?,
        deputy: row.opt_id("deputy")?,
    })
}

/// Every absence that was not withdrawn, in the order they were noted.
///
/// # Errors
/// When the database fails.
pub async fn all(db: &mut impl Ask) -> Result<Vec<Absence>, StoreError> {
    let sql = "SELECT * FROM absences WHERE withdrawn_at IS NULL ORDER BY noted_at, id";
    db.rows(sql, vec![]).await?.iter().map(absence).collect()
}

/// Who is away on a day.
///
/// # Errors
/// When the database fails.
pub async fn away(db: &mut impl Ask, day: Date) -> Result<Away, StoreError> {
    let sql = "SELECT * FROM absences WHERE withdrawn_at IS NULL AND until_day >= $1 ORDER BY noted_at, id";
    let found = db.rows(sql, vec![day.to_string().into()]).await?;
    let found = found.iter().map(absence).collect::<Result<Vec<_>, _>>()?;
    Ok(Away::on(day, &found))
}
