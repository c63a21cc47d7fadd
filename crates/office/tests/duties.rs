//! Duties over time: each beat told once, whatever stops; clocks that pause, grow and change hands; the house's programme.

mod common;

use common::{AGREEMENT, BOTH, House, Kind};
use kernel::{Actor, ControllerId, Instant, Personal, RequestId, SubjectId};
use office::duties::{self, Beat, Command, Duty, Keeping, Wanted};
use office::notices;
use office::requests::{self, NewRequest, Right};
use std::collections::BTreeMap;
use web::Role;

const DAY: i64 = 86_400;

struct Desk {
    house: House,
    dpo: Actor,
    controller: ControllerId,
}

impl Desk {
    async fn new(kind: Kind) -> Self {
        let mut house = House::new(kind).await;
        let dpo = house.person(Role::Dpo).await;
        house.person(Role::Engineer).await;
        let (_, controller) = house.agreement(&dpo, "Brume", AGREEMENT).await;
        Self { house, dpo, controller }
    }

    async fn request(&self) -> RequestId {
        self.request_of("ada@example.org").await
    }

    async fn request_of(&self, email: &str) -> RequestId {
        let new = NewRequest {
            controller: self.controller.clone(),
            right: Right::Access,
            email: email.into(),
            note: String::new(),
            channel: "mail".into(),
            received_at: self.house.app.now(),
        };
        requests::receive(&self.house.app, self.dpo.clone(), new).await.expect("received")
    }

    async fn open(&self) -> Vec<Duty> {
        let open = duties::open_duties(&mut self.house.store().read(), &Wanted::default(), 1000).await;
        open.expect("readable").into_iter().map(|one| one.duty).collect()
    }

    async fn forwarding(&self, request: &RequestId) -> Duty {
        let of = duties::store::of_record(&mut self.house.store().read(), &self.controller, request.as_str()).await;
        of.expect("readable").into_iter().find(|duty| duty.promise == "requests.forward").expect("a duty")
    }

    async fn act(&self, duty: &Duty, command: Command) -> Result<(), office::Refusal> {
        duties::act(&self.house.app, self.dpo.clone(), &duty.id, command).await
    }

    fn words(&self) -> Personal<String> {
        Personal::new(SubjectId::new(self.house.app.now(), self.house.store().entropy()), "because".into())
    }

    /// How often each kind of entry stands in the ledger for a duty.
    async fn entries(&self, duty: &Duty) -> BTreeMap<String, usize> {
        let sql = "SELECT kind FROM entries WHERE record = $1";
        let rows = self.house.store().read().rows(sql, vec![(&duty.id).into()]).await.expect("readable");
        let mut counted = BTreeMap::new();
        for row in rows {
            *counted.entry(row.text("kind").expect("a kind")).or_default() += 1;
        }
        counted
    }

    async fn letters(&self, kind: &str) -> usize {
        let all = notices::store::list(&mut self.house.store().read()).await.expect("readable");
        all.iter().filter(|letter| letter.letter == kind).count()
    }

    async fn alike(&self) {
        let replay = self.house.store().replay(self.house.app.now(), false).await.expect("replayed");
        assert!(replay.different.is_empty(), "{:?}", replay.different);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_beat_is_told_once_and_after_an_outage_only_the_gravest() {
    for kind in BOTH {
        let desk = Desk::new(kind).await;
        let (first, second) =
            (desk.request().await, desk.forwarding(&desk.request_of("grace@example.org").await).await);
        let first = desk.forwarding(&first).await;
        let own = first.own_due.expect("a limit");
        let until = |at: Instant| at.as_second() - desk.house.app.now().as_second();
        desk.house.advance(until(own));
        duties::scan(&desk.house.app).await.expect("scanned");
        assert!(!desk.entries(&first).await.contains_key("duty.missed"), "not before its instant");
        desk.house.advance(1);
        // Two servers look at once: one tells, the other finds nothing to tell.
        let app = &desk.house.app;
        let (one, other) = tokio::join!(duties::scan(app), duties::scan(app));
        assert!(one.expect("scanned") + other.expect("scanned") >= 2);
        let last = first.other_due.expect("a last reading");
        desk.house.advance(until(last).max(0) + 2);
        duties::scan(app).await.expect("scanned");
        assert_eq!(duties::scan(app).await.expect("scanned"), 0);
        for duty in [&first, &second] {
            let entries = desk.entries(duty).await;
            assert_eq!(entries["duty.missed"], 1, "{entries:?}");
            assert!(entries.get("duty.told").is_none_or(|count| *count <= 3), "{entries:?}");
        }
        let told = desk.letters("duty.late").await + desk.letters("duty.missed").await;
        assert!(told >= 2, "people were told");
        let late = Desk::new(kind).await;
        let duty = late.forwarding(&late.request().await).await;
        late.house.advance(60 * DAY);
        duties::scan(&late.house.app).await.expect("scanned");
        let entries = late.entries(&duty).await;
        assert_eq!(
            (entries.get("duty.told"), entries["duty.missed"]),
            (None, 1),
            "nobody needs a reminder of what is broken"
        );
        late.alike().await;
        desk.alike().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_stands_still_tells_nothing_and_goes_on_where_it_stood() {
    for kind in BOTH {
        let desk = Desk::new(kind).await;
        let duty = desk.forwarding(&desk.request().await).await;
        desk.house.advance(3600);
        desk.act(&duty, Command::Pause(desk.words())).await.expect("paused");
        assert_eq!(desk.act(&duty, Command::Pause(desk.words())).await.map_err(|r| r.code), Err("duty-state"));
        desk.house.advance(40 * DAY);
        duties::scan(&desk.house.app).await.expect("scanned");
        let paused = desk.forwarding_again(&duty).await;
        assert_eq!((paused.state.as_str(), paused.keeping(desk.house.app.now())), ("paused", Keeping::Due));
        assert_eq!(paused.cause.as_deref(), Some("because"));
        desk.act(&duty, Command::Resume).await.expect("resumed");
        let resumed = desk.forwarding_again(&duty).await;
        assert_eq!(resumed.state, "running");
        assert!(resumed.own_due > duty.own_due && resumed.keeping(desk.house.app.now()) == Keeping::Due);
        assert!(resumed.explanation.en.contains("stood still"), "{}", resumed.explanation.en);
        desk.house.advance(40 * DAY);
        duties::scan(&desk.house.app).await.expect("scanned");
        assert_eq!(desk.entries(&duty).await["duty.missed"], 1);
        desk.act(&duty, Command::Discharge("evidenced".into())).await.expect("late evidence is evidence");
        assert_eq!(
            desk.forwarding_again(&duty).await.keeping(desk.house.app.now()),
            Keeping::Broken,
            "and changes no past"
        );
        desk.alike().await;
    }
}

impl Desk {
    async fn forwarding_again(&self, duty: &Duty) -> Duty {
        duties::store::find(&mut self.house.store().read(), &duty.id).await.expect("readable").expect("there")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_duty_changes_hands_and_is_in_the_list_of_who_answers_for_it() {
    for kind in BOTH {
        let desk = Desk::new(kind).await;
        let duty = desk.forwarding(&desk.request().await).await;
        let engineer = desk.house.people.iter().find(|(role, ..)| *role == Role::Engineer).expect("a person").1.clone();
        let officer = desk.dpo.account().expect("a person").clone();
        let mine = async |account: &kernel::AccountId, role: Role| {
            let wanted = Wanted { mine: Some((account.clone(), role)), ..Wanted::default() };
            let open = duties::open_duties(&mut desk.house.store().read(), &wanted, 1000).await.expect("readable");
            open.iter().any(|one| one.duty.id == duty.id)
        };
        assert!(mine(&officer, Role::Dpo).await && !mine(&engineer, Role::Engineer).await);
        desk.act(&duty, Command::HandOver(Some(engineer.clone()))).await.expect("handed over");
        desk.act(&duty, Command::HandOver(Some(engineer.clone()))).await.expect("nothing changes");
        assert!(!mine(&officer, Role::Dpo).await && mine(&engineer, Role::Engineer).await);
        assert_eq!(desk.entries(&duty).await["duty.handed-over"], 1);
        desk.act(&duty, Command::HandOver(None)).await.expect("given back");
        assert!(mine(&officer, Role::Dpo).await);
        desk.alike().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_programme_returns_by_the_calendar_also_when_it_was_missed() {
    for kind in BOTH {
        let desk = Desk::new(kind).await;
        let review = duties::presets().into_iter().find(|one| one.key == "access-review").expect("proposed");
        // Under its own key it is done by a review of the rights alone.
        let review = duties::Programme { key: "policy-review".into(), ..review };
        let app = &desk.house.app;
        duties::set_programme(app, desk.dpo.clone(), review.clone()).await.expect("set");
        duties::set_programme(app, desk.dpo.clone(), review.clone()).await.expect("nothing changes");
        let open = async || {
            let open = desk.open().await.into_iter().filter(|duty| duty.mode == "programme");
            open.collect::<Vec<_>>()
        };
        let first = open().await.pop().expect("its clock runs");
        assert_eq!((open().await.len(), first.controller.clone(), first.role), (1, None, Role::Dpo));
        assert!(first.title[0].starts_with("Review who") && first.target < first.own_due);
        desk.house.advance(100 * DAY);
        desk.act(&first, Command::Discharge("evidenced".into())).await.expect("done");
        let second = open().await.pop().expect("the next one runs");
        assert!(second.id != first.id && second.started_at > first.started_at);
        assert!(duties::programme_done(app, "policy-review").await.expect("readable").is_some());
        // Three years nobody did anything, and the server was off: each year that passed is missed, and one clock runs.
        desk.house.advance(3 * 366 * DAY - DAY);
        while duties::scan(app).await.expect("scanned") > 0 {}
        let (missed, running): (Vec<Duty>, Vec<Duty>) =
            open().await.into_iter().partition(|duty| duty.state == "missed");
        assert_eq!((missed.len(), running.len()), (3, 1));
        desk.act(&running[0], Command::Discharge("evidenced".into())).await.expect("done");
        assert_eq!(open().await.len(), 1, "what was missed is done with that, too");
        duties::end_programme(app, desk.dpo.clone(), "policy-review").await.expect("ended");
        assert_eq!(open().await.len(), 0);
        let again = duties::end_programme(app, desk.dpo.clone(), "policy-review").await;
        assert_eq!(again.map_err(|refusal| refusal.code), Err("not-found"));
        let upside_down = duties::Programme { every: "P2Y".parse().expect("a period"), ..review };
        let refused = duties::set_programme(app, desk.dpo.clone(), upside_down).await;
        assert_eq!(refused.map_err(|refusal| refusal.code), Err("programme-period"));
        desk.alike().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_daily_list_comes_once_in_the_morning_of_a_working_day() {
    for kind in BOTH {
        let desk = Desk::new(kind).await;
        let app = &desk.house.app;
        let place = app.place();
        desk.request().await;
        desk.house.advance(4 * DAY);
        let mut sent = Vec::new();
        for _ in 0..(9 * 24) {
            let count = duties::send_digests(app).await.expect("sent");
            if count > 0 {
                let local = app.now().to_zoned(place.zone());
                assert!(local.hour() >= 7 && place.is_working_day(local.date()), "{local}");
                sent.push((local.date(), count));
            }
            desk.house.advance(3600);
        }
        let days: Vec<_> = sent.iter().map(|(day, _)| *day).collect();
        let mut once = days.clone();
        once.dedup();
        assert_eq!(days, once, "once a day");
        assert!(days.len() >= 6, "{sent:?}");
        assert!(
            sent.iter().all(|(_, count)| *count == 1),
            "the officer has what is late, the engineer has nothing: {sent:?}"
        );
        let all = notices::store::list(&mut desk.house.store().read()).await.expect("readable");
        let letter = all.iter().find(|letter| letter.letter == "duty.digest").expect("a letter");
        let body = letter.body.as_deref().expect("a text");
        assert!(body.contains("http://localhost/") && !body.contains("ada@"), "no data subject is named: {body}");
        desk.alike().await;
    }
}

#[test]
fn a_beat_is_never_milder_than_the_one_before() {
    assert!(Beat::Reminder < Beat::Target && Beat::Target < Beat::Limit && Beat::Limit < Beat::Missed);
}
