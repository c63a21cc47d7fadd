//! Calendars that the operator corrects: what runs is counted again, by an entry, and what is done stays.

mod common;

use common::{AGREEMENT, BOTH, House, Kind};
use kernel::clock::Law;
use kernel::{Actor, AgreementId, ControllerId, Instant};
use office::calendars::{self, Correction};
use office::duties::{self, Command, Duty};
use office::requests::{self, NewRequest, Right};
use web::Role;

struct Desk {
    house: House,
    dpo: Actor,
    agreement: AgreementId,
    controller: ControllerId,
}

impl Desk {
    async fn new(kind: Kind) -> Self {
        let mut house = House::new(kind).await;
        let dpo = house.person(Role::Dpo).await;
        let (agreement, controller) = house.agreement(&dpo, "Brume", AGREEMENT).await;
        Self { house, dpo, agreement, controller }
    }

    /// A duty of so many days or hours from now, under the agreement.
    async fn request(&self, email: &str) -> Vec<Duty> {
        let new = NewRequest {
            controller: self.controller.clone(),
            right: Right::Access,
            email: email.into(),
            note: String::new(),
            channel: "mail".into(),
            received_at: self.house.app.now(),
        };
        let request = requests::receive(&self.house.app, self.dpo.clone(), new).await.expect("received");
        let mut read = self.house.store().read();
        duties::store::of_record(&mut read, &self.controller, request.as_str()).await.expect("readable")
    }

    async fn again(&self, duty: &Duty) -> Duty {
        duties::store::find(&mut self.house.store().read(), &duty.id).await.expect("readable").expect("there")
    }

    async fn correct(&self, what: Correction) -> Result<(), office::Refusal> {
        calendars::correct(&self.house.app, self.dpo.clone(), what, "published", "decree 1").await
    }

    async fn day(&self, adds: bool, place: &str, when: &str) -> Result<(), office::Refusal> {
        let (place, when) = (place.to_owned(), when.parse().expect("a day"));
        let from = "2026-11-01".parse().expect("a day");
        self.correct(match adds {
            true => Correction::AddDay { place, when, from, name: "Jour nouveau".into() },
            false => Correction::RemoveDay { place, when, from },
        })
        .await
    }

    async fn entries(&self, kind: &str) -> i64 {
        let sql = "SELECT COUNT(*) AS n FROM entries WHERE kind = $1";
        let row = self.house.store().read().row(sql, vec![kind.into()]).await.expect("readable").expect("a row");
        row.int("n").expect("a number")
    }

    async fn alike(&self) {
        let replay = self.house.store().replay(self.house.app.now(), false).await.expect("replayed");
        assert!(replay.different.is_empty(), "{:?}", replay.different);
    }
}

fn at(text: &str) -> Instant {
    text.parse().expect("an instant")
}

/// The request of Monday 23 November 2026 is to be forwarded within one working day: until Tuesday 24.
#[tokio::test(flavor = "multi_thread")]
async fn a_corrected_day_counts_again_what_runs_and_nothing_that_is_done() {
    for kind in BOTH {
        let desk = Desk::new(kind).await;
        let running = desk.request("ada@example.org").await.remove(0);
        let done = desk.request("grace@example.org").await.remove(0);
        let (app, by) = (&desk.house.app, desk.dpo.clone());
        duties::act(app, by, &done.id, Command::Discharge("evidenced".into())).await.expect("done");
        let done = desk.again(&done).await;
        assert_eq!((running.edition.as_str(), running.place.as_str()), (kernel::calendar::EDITION, "FR"));
        assert_eq!(running.zones.as_deref(), Some(kernel::calendar::zones_version()));
        let before = (running.own_due, running.other_due);
        desk.day(true, "FR", "2026-11-24").await.expect("corrected");
        let now = desk.again(&running).await;
        assert!(now.own_due > before.0 && now.other_due > before.1, "{before:?} {:?}", now.own_due);
        assert_eq!(
            (now.edition.clone(), now.sequence),
            (format!("{}+1", kernel::calendar::EDITION), running.sequence + 1)
        );
        assert!(now.explanation.en.contains("2026-11-24 (Jour nouveau) is a holiday"), "{}", now.explanation.en);
        assert!(now.explanation.fr.contains("Jour nouveau) est férié"), "{}", now.explanation.fr);
        let kept = desk.again(&done).await;
        assert_eq!((kept.own_due, kept.edition, kept.sequence), (done.own_due, done.edition, done.sequence));
        let counted = desk.entries("duty.recounted").await;
        assert!(counted >= 1);
        assert_eq!(desk.day(true, "FR", "2026-11-24").await.map_err(|refusal| refusal.code), Err("calendar-same"));
        desk.day(true, "LU", "2026-11-24").await.expect("another place");
        assert_eq!(desk.entries("duty.recounted").await, counted, "what does not change is not counted again");
        calendars::undo(&desk.house.app, desk.dpo.clone(), 1, "a mistake").await.expect("taken back");
        let back = desk.again(&running).await;
        assert_eq!((back.own_due, back.other_due, back.target), (before.0, before.1, running.target));
        let again = calendars::undo(&desk.house.app, desk.dpo.clone(), 1, "twice").await;
        assert_eq!(again.map_err(|refusal| refusal.code), Err("calendar-same"));
        desk.alike().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_that_comes_nearer_is_told_although_a_milder_mark_was_told_later() {
    for kind in BOTH {
        let desk = Desk::new(kind).await;
        desk.day(true, "FR", "2026-11-24").await.expect("corrected");
        let duty = desk.request("ada@example.org").await.remove(0);
        let target = duty.target.expect("a target");
        desk.house.advance(target.as_second() - desk.house.app.now().as_second() + 1);
        duties::scan(&desk.house.app).await.expect("scanned");
        // Two days later it is still in time by the table; the table was wrong.
        let soon = duty.own_due.expect("a limit").as_second() - 3600;
        desk.house.advance(soon - desk.house.app.now().as_second());
        duties::scan(&desk.house.app).await.expect("scanned");
        calendars::undo(&desk.house.app, desk.dpo.clone(), 1, "a mistake").await.expect("taken back");
        let now = desk.again(&duty).await;
        assert!(now.own_due.expect("a limit") < desk.house.app.now());
        while duties::scan(&desk.house.app).await.expect("scanned") > 0 {}
        let state = desk.again(&duty).await.state;
        assert_eq!(state, "missed", "both readings of one working day have passed");
        desk.alike().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_law_of_an_agreement_is_chosen_once_and_counts_again() {
    for kind in BOTH {
        let desk = Desk::new(kind).await;
        let duty = desk.request("ada@example.org").await.remove(0);
        let choose = async |law| {
            let mut tx = desk.house.store().begin(desk.house.app.now(), desk.dpo.clone()).await?;
            calendars::choose_law(&mut tx, &desk.controller, &desk.agreement, law, "the contract says so").await?;
            Ok::<(), office::Refusal>(tx.commit().await?)
        };
        choose(Law::Basel1972).await.expect("chosen");
        assert_eq!(choose(Law::Strict).await.map_err(|refusal| refusal.code), Err("law-chosen"));
        let now = desk.again(&duty).await;
        assert_eq!(now.law, Some(Law::Basel1972));
        assert!(now.explanation.en.contains("BASEL1972"), "{}", now.explanation.en);
        let later = desk.request("grace@example.org").await.remove(0);
        assert_eq!(later.law, Some(Law::Basel1972), "what starts later counts by it, too");
        desk.alike().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn places_office_hours_and_figures_are_the_operators() {
    for kind in BOTH {
        let desk = Desk::new(kind).await;
        let place = Correction::AddPlace {
            code: "FR-974".into(),
            name: "La Réunion".into(),
            inherits: "FR".into(),
            zone: "Indian/Reunion".into(),
        };
        desk.correct(place).await.expect("added");
        desk.day(true, "FR-974", "12-20").await.expect("added");
        let reunion = calendars::place(&mut desk.house.store().read(), "fr-974").await.expect("there");
        assert!(reunion.holiday("2027-12-20".parse().expect("a day")).is_some());
        let duty = desk.request("ada@example.org").await.remove(0);
        let target = duty.target.expect("a target in office hours");
        assert_eq!(target, at("2026-11-23T14:00:00+01:00"), "four hours from ten o'clock");
        let hours = Correction::SetOffice { days: vec![1, 3], opens: "09:00".into(), closes: "12:00".into() };
        desk.correct(hours).await.expect("set");
        assert_eq!(
            desk.again(&duty).await.target,
            Some(at("2026-11-25T11:00:00+01:00")),
            "two on Monday, two on Wednesday"
        );
        let from = "2026-11-23".parse().expect("a day");
        let figure =
            Correction::SetFigure { figure: "request.answer".into(), period: "P2M".parse().expect("a period"), from };
        desk.correct(figure).await.expect("set");
        for (day, period) in [("2026-11-23", "P2M"), ("2026-11-22", "P1M")] {
            let day = day.parse().expect("a day");
            let found = calendars::figure(&mut desk.house.store().read(), "request.answer", day).await;
            assert_eq!(found.expect("readable").map(|period| period.to_string()).as_deref(), Some(period), "{day}");
        }
        desk.alike().await;
    }
}
