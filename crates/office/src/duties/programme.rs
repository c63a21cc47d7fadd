//! What the house does again and again, whatever any agreement says: reviews, trainings, tests of backups (Art. 32(1)(d)).
//!
//! Agreements promise such things "regularly". The presets give the word a number: how often, and after how long without
//! it the promise is broken. They are proposals, not law; an officer sets others.

use super::clocks::{self, Schedule};
use super::events::{Programme, Started};
use super::{Duty, DutyEvent, scan, store};
use crate::{App, Kind, Refusal, calendars, feature};
use ::store::{StoreError, Tx};
use kernel::{Actor, DutyId, Instant, Period, Place, Unit};
use web::Role;

/// What is proposed: key, role, how often, at the latest, English, French.
type Preset = (&'static str, Role, (u32, Unit), (u32, Unit), &'static str, &'static str);

const PRESETS: &[Preset] = &[
    (
        "access-review",
        Role::Dpo,
        (6, Unit::Months),
        (12, Unit::Months),
        "Review who may do what",
        "Revoir qui a quels droits",
    ),
    (
        "training",
        Role::Dpo,
        (12, Unit::Months),
        (13, Unit::Months),
        "Train the people who handle personal data",
        "Former les personnes qui traitent des données",
    ),
    (
        "policy-review",
        Role::Dpo,
        (12, Unit::Months),
        (13, Unit::Months),
        "Review the policies",
        "Revoir les politiques",
    ),
    (
        "measures-review",
        Role::Dpo,
        (12, Unit::Months),
        (13, Unit::Months),
        "Review the security measures",
        "Revoir les mesures de sécurité",
    ),
    (
        "subprocessor-review",
        Role::Dpo,
        (12, Unit::Months),
        (13, Unit::Months),
        "Review the sub-processors",
        "Revoir les sous-traitants ultérieurs",
    ),
    (
        "restore-test",
        Role::Engineer,
        (3, Unit::Months),
        (6, Unit::Months),
        "Test that backups restore",
        "Essayer de rétablir une sauvegarde",
    ),
    ("log-review", Role::Engineer, (7, Unit::Days), (14, Unit::Days), "Review the logs", "Revoir les journaux"),
    (
        "vulnerability-scan",
        Role::Engineer,
        (1, Unit::Months),
        (45, Unit::Days),
        "Scan for vulnerabilities",
        "Rechercher les vulnérabilités",
    ),
    (
        "penetration-test",
        Role::Engineer,
        (12, Unit::Months),
        (13, Unit::Months),
        "Have a penetration test done",
        "Faire faire un test d'intrusion",
    ),
    (
        "firewall-review",
        Role::Engineer,
        (6, Unit::Months),
        (12, Unit::Months),
        "Review the firewall's rules",
        "Revoir les règles du pare-feu",
    ),
];

/// What is proposed to a house that has nothing yet.
#[must_use]
pub fn presets() -> Vec<Programme> {
    let period = |(count, unit)| Period::new(count, unit);
    let preset = |(key, role, every, hard, en, fr): &Preset| {
        Some(Programme {
            key: (*key).to_owned(),
            title_en: (*en).to_owned(),
            title_fr: (*fr).to_owned(),
            role: *role,
            every: period(*every)?,
            hard: period(*hard)?,
        })
    };
    PRESETS.iter().filter_map(preset).collect()
}

/// Takes something into the programme, or changes how it is done; its first clock starts now.
///
/// # Errors
/// When a title is missing or the latest moment comes before the usual one.
pub async fn set(app: &App, actor: Actor, programme: Programme) -> Result<(), Refusal> {
    check(&programme)?;
    let mut tx = app.store().begin(app.now(), actor).await?;
    let known = store::programme(&mut tx).await?;
    if known.iter().any(|(known, runs)| *runs && *known == programme) {
        return Ok(());
    }
    feature::append(&mut tx, &[DutyEvent::ProgrammeSet(programme.clone())]).await?;
    let last = drop_open(&mut tx, &programme.key, "replaced").await?;
    start(&mut tx, &programme, last.unwrap_or(app.now())).await?;
    Ok(tx.commit().await?)
}

fn check(programme: &Programme) -> Result<(), Refusal> {
    let long = |text: &str| text.trim().is_empty() || text.chars().count() > 200;
    let key = &programme.key;
    let keyed = !key.is_empty()
        && key.len() <= 60
        && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if long(&programme.title_en) || long(&programme.title_fr) || !keyed {
        return Err(Refusal::new(
            Kind::Invalid,
            "programme-title",
            [
                "It needs a name in both languages, of up to 200 characters.",
                "Il faut un nom dans les deux langues, de 200 caractères au plus.",
            ],
            ["Say what is to be done, verb first.", "Dites ce qui est à faire, le verbe d'abord."],
        ));
    }
    if programme.hard.approx_hours() < programme.every.approx_hours() {
        return Err(Refusal::new(
            Kind::Invalid,
            "programme-period",
            ["The latest moment comes before the usual one.", "Le dernier moment vient avant le moment habituel."],
            [
                "Let \"at the latest\" be as long as \"how often\", or longer.",
                "Que « au plus tard » soit aussi long que « tous les », ou plus.",
            ],
        ));
    }
    Ok(())
}

/// Ends something of the programme; its open clock ends with it.
///
/// # Errors
/// When the programme has no such thing.
pub async fn end(app: &App, actor: Actor, key: &str) -> Result<(), Refusal> {
    let mut tx = app.store().begin(app.now(), actor).await?;
    if !store::programme(&mut tx).await?.iter().any(|(known, runs)| *runs && known.key == key) {
        return Err(Refusal::not_found("thing in the programme", "élément du programme"));
    }
    feature::append(&mut tx, &[DutyEvent::ProgrammeEnded { key: key.to_owned() }]).await?;
    drop_open(&mut tx, key, "replaced").await?;
    Ok(tx.commit().await?)
}

/// Whether and when something of the programme was last done.
///
/// # Errors
/// When the database fails.
pub async fn done(app: &App, key: &str) -> Result<Option<Instant>, StoreError> {
    let duties = store::of_programme(&mut app.store().read(), key).await?;
    Ok(duties
        .iter()
        .filter(|duty| duty.evidence.as_deref().is_some_and(|evidence| evidence != "replaced"))
        .filter_map(|duty| duty.ended_at)
        .max())
}

/// Ends the open clocks of a key; gives when the running one had started.
async fn drop_open(tx: &mut Tx<'_>, key: &str, evidence: &str) -> Result<Option<Instant>, StoreError> {
    let mut last = None;
    for duty in store::of_programme(tx, key).await?.into_iter().filter(|duty| duty.state != "discharged") {
        last = last.max(Some(duty.started_at));
        let (id, evidence) = (duty.id, evidence.to_owned());
        feature::append(tx, &[DutyEvent::Discharged { duty: id, controller: None, evidence }]).await?;
    }
    Ok(last)
}

fn schedule(programme: &Programme) -> Schedule {
    Schedule {
        period: Some(programme.hard),
        working: false,
        clock: "recurring".to_owned(),
        target: Some((programme.every, "elapsed".to_owned())),
    }
}

async fn start(tx: &mut Tx<'_>, programme: &Programme, at: Instant) -> Result<(), StoreError> {
    let (place, schedule) = (calendars::house(tx).await?, schedule(programme));
    let event = DutyEvent::Started(Box::new(Started {
        duty: DutyId::new(tx.now(), tx.entropy()),
        controller: None,
        agreement: None,
        promise: programme.key.clone(),
        record: format!("programme:{}", programme.key),
        at,
        dues: Some(clocks::dues(&schedule, at, &place, None)),
        title_en: programme.title_en.clone(),
        title_fr: programme.title_fr.clone(),
        mode: "programme".to_owned(),
        role: programme.role,
        schedule: Some(schedule),
        place: Place::to_string(&place),
        edition: place.version().to_owned(),
        zones: Some(kernel::calendar::zones_version().to_owned()),
        law: None,
    }));
    feature::append(tx, &[event]).await
}

/// What is done on pages of its own: there alone is it known whether it is.
pub const REVIEWED_ELSEWHERE: &str = "access-review";

/// Something of the programme was done elsewhere: its open clocks end with what shows it, and the next one starts.
///
/// # Errors
/// When the database fails.
pub async fn discharge(tx: &mut Tx<'_>, key: &str, evidence: &str) -> Result<(), StoreError> {
    drop_open(tx, key, evidence).await?;
    again(tx, key).await
}

/// Evidence in words does not show what is to be shown elsewhere.
pub(super) fn check_evidence(duty: &Duty) -> Result<(), Refusal> {
    if duty.mode != "programme" || duty.promise != REVIEWED_ELSEWHERE {
        return Ok(());
    }
    Err(Refusal::new(
        Kind::Conflict,
        "done-elsewhere",
        [
            "A finished review of the rights discharges this duty, and nothing else does.",
            "Seule une revue des droits achevée accomplit cette échéance.",
        ],
        ["Open `Who may do what`, then the review.", "Ouvrez « Qui a quels droits », puis la revue."],
    ))
}

/// It was done: what else was open of it is done as well, and the next time counts from now.
pub(super) async fn next(tx: &mut Tx<'_>, duty: &Duty) -> Result<(), StoreError> {
    drop_open(tx, &duty.promise, "evidenced").await?;
    again(tx, &duty.promise).await
}

/// The next time counts from now, while the programme has it.
async fn again(tx: &mut Tx<'_>, key: &str) -> Result<(), StoreError> {
    let programme = store::programme(tx).await?.into_iter().find(|(known, runs)| *runs && known.key == key);
    let Some((programme, _)) = programme else { return Ok(()) };
    start(tx, &programme, tx.now()).await
}

/// It was missed: the next time counts from the limit that passed.
pub(super) async fn after_miss(tx: &mut Tx<'_>, duty: &Duty) -> Result<(), StoreError> {
    let (Some(schedule), Some(at)) = (&duty.schedule, scan::last_instant(duty)) else { return Ok(()) };
    let place = super::commands::place_of(tx, duty).await?;
    let dues = clocks::dues(schedule, at, &place, None);
    let event = DutyEvent::Started(Box::new(Started { at, dues: Some(dues), ..scan::next(tx, duty, &place) }));
    feature::append(tx, &[event]).await
}
