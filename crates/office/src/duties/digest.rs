//! The daily list: each morning of a working day everybody is sent what is due for them, once.

use super::store::{self, Wanted};
use super::{Duty, DutyEvent, Keeping, letters};
use crate::absences::{self, Away};
use crate::{App, accounts, calendars, feature, notices};
use ::store::StoreError;
use kernel::{Actor, Instant, Lang, clock};
use std::collections::BTreeSet;
use web::Role;

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
    let people = accounts::list(&mut app.store().read()).await?;
    let away = absences::away(&mut app.store().read(), local.date()).await?;
    for person in &people {
        if store::was_digested(&mut app.store().read(), &person.id, &day).await? {
            continue;
        }
        let (lines, more) = due(app, person, &people, &away).await?;
        let mut tx = app.store().begin(app.now(), Actor::system("digest")).await?;
        if store::was_digested(&mut tx, &person.id, &day).await? {
            continue;
        }
        // Also where nothing is due: what falls due later today is tomorrow's news, and the list comes once.
        feature::append(&mut tx, &[DutyEvent::Digested { account: person.id.clone(), day: day.clone() }]).await?;
        if !lines.is_empty() {
            notices::queue(&mut tx, letters::digest(app, person, &lines, more)).await?;
            sent += 1;
        }
        tx.commit().await?;
    }
    Ok(sent)
}

/// What is due for a person, then for those whose work they see to while these are away.
async fn due(
    app: &App,
    person: &accounts::Account,
    people: &[accounts::Account],
    away: &Away,
) -> Result<(Vec<Line>, usize), StoreError> {
    let covered = away.covered_by(&person.id, person.role == Role::Owner);
    let covered = covered.into_iter().filter_map(|whose| people.iter().find(|one| one.id == *whose));
    let mut list = List::default();
    for whose in std::iter::once(person).chain(covered) {
        let wanted = Wanted { mine: Some((whose.id.clone(), whose.role)), ..Wanted::default() };
        let away = (whose.id != person.id).then_some(whose.name.as_str());
        for one in store::open_duties(&mut app.store().read(), &wanted, 500).await? {
            list.add(app, person.lang, &one.duty, away);
        }
    }
    Ok((list.lines, list.more))
}

/// The lines of a letter, each duty once.
#[derive(Default)]
struct List {
    seen: BTreeSet<String>,
    lines: Vec<Line>,
    more: usize,
}

impl List {
    fn add(&mut self, app: &App, lang: Lang, duty: &Duty, away: Option<&str>) {
        let until = super::engine::moved(app.now(), AHEAD_HOURS * 3_600_000);
        let keeping = duty.keeping(app.now());
        let at = duty.target.or(duty.own_due).filter(|at| *at <= until || keeping >= Keeping::Late);
        let (Some(at), true) = (at, duty.paused_at.is_none()) else { return };
        if !self.seen.insert(duty.id.to_string()) {
            return;
        }
        if self.lines.len() == LINES_MAX {
            self.more += 1;
            return;
        }
        let state = app.text(lang, &format!("keeping-{}", keeping.word()));
        let title = match away {
            None => duty.title(lang).to_owned(),
            Some(name) => format!("{} [{} {name}]", duty.title(lang), app.text(lang, "duty-stand-in")),
        };
        self.lines.push(Line { title, state, at });
    }
}
