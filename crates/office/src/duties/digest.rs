//! The daily list: each morning of a working day everybody is sent what is due for them, once.

use super::store::{self, Wanted};
use super::{DutyEvent, Keeping, letters};
use crate::{App, accounts, calendars, feature, notices};
use ::store::StoreError;
use kernel::{Actor, Instant, clock};

/// The hour of the morning, at the house's place.
const HOUR: i8 = 7;
/// Lines of one letter; the console has the rest.
const LINES_MAX: usize = 30;
/// What falls due within so many hours is due today.
const AHEAD_HOURS: i64 = 24;

/// One line of the list.
pub(super) struct Line {
    pub(super) title: String,
    pub(super) state: String,
    pub(super) at: Instant,
}

/// Sends today's lists that are not out yet; gives how many. Nothing before seven, nothing on a day off, nothing to somebody
/// for whom nothing is due.
///
/// # Errors
/// When the database fails.
pub async fn send_digests(app: &App) -> Result<usize, StoreError> {
    let place = calendars::house(&mut app.store().read()).await?;
    let local = app.now().to_zoned(place.zone());
    if local.hour() < HOUR || !place.is_working_day(local.date()) {
        return Ok(0);
    }
    let day = clock::day_of(app.now(), &place).to_string();
    let mut sent = 0;
    for person in accounts::list(&mut app.store().read()).await? {
        if store::was_digested(&mut app.store().read(), &person.id, &day).await? {
            continue;
        }
        let (lines, more) = due(app, &person).await?;
        let mut tx = app.store().begin(app.now(), Actor::system("digest")).await?;
        if store::was_digested(&mut tx, &person.id, &day).await? {
            continue;
        }
        // Also where nothing is due: what falls due later today is tomorrow's news, and the list comes once.
        feature::append(&mut tx, &[DutyEvent::Digested { account: person.id.clone(), day: day.clone() }]).await?;
        if !lines.is_empty() {
            notices::queue(&mut tx, letters::digest(app, &person, &lines, more)).await?;
            sent += 1;
        }
        tx.commit().await?;
    }
    Ok(sent)
}

async fn due(app: &App, person: &accounts::Account) -> Result<(Vec<Line>, usize), StoreError> {
    let wanted = Wanted { mine: Some((person.id.clone(), person.role)), ..Wanted::default() };
    let open = store::open_duties(&mut app.store().read(), &wanted, 500).await?;
    let until = super::engine::moved(app.now(), AHEAD_HOURS * 3_600_000);
    let mut lines: Vec<Line> = Vec::new();
    let mut more = 0;
    for one in open {
        let keeping = one.duty.keeping(app.now());
        let at = one.duty.target.or(one.duty.own_due).filter(|at| *at <= until || keeping >= Keeping::Late);
        let (Some(at), true) = (at, one.duty.paused_at.is_none()) else { continue };
        if lines.len() == LINES_MAX {
            more += 1;
            continue;
        }
        let state = app.text(person.lang, &format!("keeping-{}", keeping.word()));
        lines.push(Line { title: one.duty.title(person.lang).to_owned(), state, at });
    }
    Ok((lines, more))
}
