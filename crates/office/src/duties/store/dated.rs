//! Duties by their day: what a page of a month and the feed of a person show.

use super::{Duty, Keeping, duty, standing};
use ::store::{Arg, Ask, Row, StoreError};
use kernel::{AccountId, DutyId, Instant};
use web::Role;

/// A duty on its day.
#[derive(Clone, Debug)]
pub struct Dated {
    /// Its id.
    pub id: DutyId,
    /// What is to be done, in English and in French.
    pub title: [String; 2],
    /// When it is due: our reading of its limit, or our target where there is no limit.
    pub due: Instant,
    /// How it stands.
    pub keeping: Keeping,
    /// Whether its clock stands still.
    pub paused: bool,
}

/// So many duties due after `from` and up to `until`, in that order; those that somebody answers for, or all.
///
/// # Errors
/// When the database fails.
pub async fn between(
    db: &mut impl Ask,
    [from, until, now]: [Instant; 3],
    mine: Option<&(AccountId, Role)>,
    limit: i64,
) -> Result<Vec<Dated>, StoreError> {
    let sql = "SELECT id, title_en, title_fr, state, due_at, own_due, other_due, paused_at, ended_at FROM duties \
               WHERE due_at > $1 AND due_at <= $2 AND ($3 = '' OR owner = $3 OR (owner IS NULL AND role = $4)) \
               ORDER BY due_at, id LIMIT $5";
    let account: Arg = mine.map_or_else(String::new, |(account, _)| account.to_string()).into();
    let role: Arg = mine.map_or("", |(_, role)| role.word()).into();
    let rows = db.rows(sql, vec![from.into(), until.into(), account, role, limit.into()]).await?;
    rows.iter().map(|row| dated(row, now)).collect()
}

fn dated(row: &Row, now: Instant) -> Result<Dated, StoreError> {
    let (state, paused_at) = (row.text("state")?, row.opt_instant("paused_at")?);
    let ended_at = row.opt_instant("ended_at")?.filter(|_| state == "discharged");
    let at = ended_at.or(paused_at).unwrap_or(now);
    Ok(Dated {
        id: row.id("id")?,
        title: [row.text("title_en")?, row.text("title_fr")?],
        due: row.instant("due_at")?,
        keeping: standing(&state, at, row.opt_instant("own_due")?, row.opt_instant("other_due")?),
        paused: state == "paused",
    })
}

/// The duties a person answers for: so many open ones, the most urgent first, and of those that were done after `since`, the last.
///
/// # Errors
/// When the database fails.
pub async fn of_person(
    db: &mut impl Ask,
    (account, role): (&AccountId, Role),
    since: Instant,
    limit: i64,
) -> Result<Vec<Duty>, StoreError> {
    let open = "SELECT * FROM duties WHERE state <> 'discharged' AND (owner = $1 OR (owner IS NULL AND role = $2)) \
                ORDER BY urgent_at, id LIMIT $3";
    let args = vec![account.into(), role.word().into(), limit.into()];
    let mut rows = db.rows(open, args).await?;
    let done = "SELECT * FROM duties WHERE state = 'discharged' AND ended_at > $4 AND (owner = $1 OR (owner IS NULL AND role = $2)) \
                ORDER BY ended_at DESC, id LIMIT $3";
    let args = vec![account.into(), role.word().into(), limit.into(), since.into()];
    rows.extend(db.rows(done, args).await?);
    rows.iter().map(duty).collect()
}
