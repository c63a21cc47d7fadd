//! Lists of open duties.

use super::{Duty, Keeping, duty, standing};
use crate::lists::{COUNT_MAX, Cursor};
use ::store::{Arg, Ask, Row, StoreError};
use kernel::{AccountId, ControllerId, DutyId, Instant, Lang};
use web::Role;

/// A duty that is open, and for whom.
#[derive(Clone, Debug)]
pub struct OpenDuty {
    /// The duty.
    pub duty: Duty,
    /// The name of its controller; none for a duty of the house.
    pub controller: Option<String>,
}

/// Which open duties are wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Those of this controller only.
    pub controller: Option<ControllerId>,
    /// Those that one of these roles answers for, or `owner` in particular; none for all.
    pub mine: Option<(AccountId, Role)>,
    /// Those behind the cursor of the page before.
    pub after: Option<Cursor>,
}

/// So many open duties, most urgent first: running, paused and missed ones.
///
/// # Errors
/// When the database fails.
pub async fn open_duties(db: &mut impl Ask, wanted: &Wanted, limit: i64) -> Result<Vec<OpenDuty>, StoreError> {
    const ALL: &str = "SELECT d.*, c.name AS controller_name FROM duties d LEFT JOIN controllers c ON c.id = d.controller \
                       WHERE d.state <> 'discharged' AND ($2 = '' OR d.owner = $2 OR (d.owner IS NULL AND d.role = $3)) \
                       AND (d.urgent_at, d.id) > ($4, $5) ORDER BY d.urgent_at, d.id LIMIT $1";
    const OF_ONE: &str = "SELECT d.*, c.name AS controller_name FROM duties d LEFT JOIN controllers c ON c.id = d.controller \
                          WHERE d.state <> 'discharged' AND ($2 = '' OR d.owner = $2 OR (d.owner IS NULL AND d.role = $3)) \
                          AND (d.urgent_at, d.id) > ($4, $5) AND d.controller = $6 ORDER BY d.urgent_at, d.id LIMIT $1";
    let sql = if wanted.controller.is_some() { OF_ONE } else { ALL };
    let open = |row: &Row| Ok(OpenDuty { duty: duty(row)?, controller: row.opt_text("controller_name")? });
    db.rows(sql, wanted.args(limit)).await?.iter().map(open).collect()
}

impl Wanted {
    fn args(&self, limit: i64) -> Vec<Arg> {
        let Cursor { at: after, id } = self.after.clone().unwrap_or_else(Cursor::first);
        let mut args: Vec<Arg> = vec![
            limit.into(),
            self.mine.as_ref().map_or_else(String::new, |(account, _)| account.to_string()).into(),
            self.mine.as_ref().map_or("", |(_, role)| role.word()).into(),
            after.into(),
            id.into(),
        ];
        args.extend(self.controller.as_ref().map(Arg::from));
        args
    }
}

/// An open duty as a list shows it: each column that is not read costs a large house time.
#[derive(Clone, Debug)]
pub struct DutyLine {
    /// Its id.
    pub id: DutyId,
    /// What is to be done, in English and in French.
    pub title: [String; 2],
    /// `running`, `paused` or `missed`.
    pub state: String,
    /// The role that answers for it.
    pub role: Role,
    /// When we mean to be done.
    pub target: Option<Instant>,
    /// Our reading of the limit.
    pub own_due: Option<Instant>,
    /// How it stands.
    pub keeping: Keeping,
    /// The name of its controller; none for a duty of the house.
    pub controller: Option<String>,
}

impl DutyLine {
    fn of(row: &Row, now: Instant) -> Result<Self, StoreError> {
        let (own_due, other_due) = (row.opt_instant("own_due")?, row.opt_instant("other_due")?);
        let (state, paused_at) = (row.text("state")?, row.opt_instant("paused_at")?);
        Ok(Self {
            id: row.id("id")?,
            title: [row.text("title_en")?, row.text("title_fr")?],
            role: Role::parse(&row.text("role")?).ok_or_else(|| StoreError::Damaged("an unknown role".into()))?,
            target: row.opt_instant("target")?,
            keeping: standing(&state, paused_at.unwrap_or(now), own_due, other_due),
            own_due,
            state,
            controller: row.opt_text("controller_name")?,
        })
    }
}

/// The same as [`open_duties`], as lines of a list at `now`.
///
/// # Errors
/// When the database fails.
pub async fn open_lines(
    db: &mut impl Ask,
    wanted: &Wanted,
    now: Instant,
    limit: i64,
) -> Result<Vec<DutyLine>, StoreError> {
    const ALL: &str = "SELECT d.id, d.title_en, d.title_fr, d.state, d.role, d.target, d.own_due, d.other_due, d.paused_at, \
                       c.name AS controller_name FROM duties d LEFT JOIN controllers c ON c.id = d.controller \
                       WHERE d.state <> 'discharged' AND ($2 = '' OR d.owner = $2 OR (d.owner IS NULL AND d.role = $3)) \
                       AND (d.urgent_at, d.id) > ($4, $5) ORDER BY d.urgent_at, d.id LIMIT $1";
    const OF_ONE: &str = "SELECT d.id, d.title_en, d.title_fr, d.state, d.role, d.target, d.own_due, d.other_due, d.paused_at, \
                          c.name AS controller_name FROM duties d LEFT JOIN controllers c ON c.id = d.controller \
                          WHERE d.state <> 'discharged' AND ($2 = '' OR d.owner = $2 OR (d.owner IS NULL AND d.role = $3)) \
                          AND (d.urgent_at, d.id) > ($4, $5) AND d.controller = $6 ORDER BY d.urgent_at, d.id LIMIT $1";
    let sql = if wanted.controller.is_some() { OF_ONE } else { ALL };
    db.rows(sql, wanted.args(limit)).await?.iter().map(|row| DutyLine::of(row, now)).collect()
}

/// An open duty that may be meant by words of its title.
pub struct Titled {
    /// The duty.
    pub id: DutyId,
    /// What is to be done.
    pub title: String,
    /// The name of its controller; none for a duty of the house.
    pub controller: Option<String>,
}

/// Open duties whose title may hold the words, most urgent first, at most 200. Databases differ in what they take for the same
/// letter: whatever is not plain may be any letter here, and the caller looks again.
///
/// # Errors
/// When the database fails.
pub async fn titled(db: &mut impl Ask, lang: Lang, words: &str) -> Result<Vec<Titled>, StoreError> {
    const EN: &str = "SELECT d.id, d.title_en AS title, c.name AS controller_name FROM duties d LEFT JOIN controllers c \
                      ON c.id = d.controller WHERE d.state <> 'discharged' AND lower(d.title_en) LIKE $1 \
                      ORDER BY d.urgent_at, d.id LIMIT 200";
    const FR: &str = "SELECT d.id, d.title_fr AS title, c.name AS controller_name FROM duties d LEFT JOIN controllers c \
                      ON c.id = d.controller WHERE d.state <> 'discharged' AND lower(d.title_fr) LIKE $1 \
                      ORDER BY d.urgent_at, d.id LIMIT 200";
    let row = |row: &Row| {
        Ok(Titled { id: row.id("id")?, title: row.text("title")?, controller: row.opt_text("controller_name")? })
    };
    db.rows(lang.pick(EN, FR), vec![loose(words).into()]).await?.iter().map(row).collect()
}

/// A pattern for words in any case; a letter that may carry an accent, and whatever is no letter or digit, is any character.
fn loose(words: &str) -> String {
    let any = |c: char| !c.is_ascii_alphanumeric() || "aceinouyACEINOUY".contains(c);
    let pattern: String = words.chars().map(|c| if any(c) { '_' } else { c.to_ascii_lowercase() }).collect();
    format!("%{pattern}%")
}

/// How many open duties there are, and how many of them are past our reading of their limit; each up to
/// [`COUNT_MAX`].
///
/// # Errors
/// When the database fails.
pub async fn open_count(db: &mut impl Ask, now: Instant) -> Result<[i64; 2], StoreError> {
    let open =
        "SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM duties WHERE state <> 'discharged' LIMIT $1) AS counted";
    let late = "SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM duties WHERE state <> 'discharged' AND own_due < $2 LIMIT $1) AS counted";
    let count = |rows: Vec<Row>| rows.first().map_or(Ok(0), |row| row.int("n"));
    let open = count(db.rows(open, vec![COUNT_MAX.into()]).await?)?;
    Ok([open, count(db.rows(late, vec![COUNT_MAX.into(), now.into()]).await?)?])
}
