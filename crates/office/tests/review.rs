//! The review of an agreement: each term decided by a person, seen by the next one, kept in the ledger; nothing in
//! force before what the law requires is decided. On both databases.

mod common;

use agreement::reading::State as Firmness;
use common::{AGREEMENT, BOTH, House, Kind};
use kernel::{Actor, AgreementId};
use office::agreements::{self, Decision, Import, Made, Party, Review, State, Step, Written};
use office::duties;
use office::parties::NewController;
use web::Role;

struct Desk {
    house: House,
    dpo: Actor,
    owner: Actor,
    id: AgreementId,
}

/// The fixture, with a contradiction, a blank and without a word on data after the end.
fn text() -> String {
    let end = AGREEMENT.find("At the choice of the Controller").expect("there");
    let audits = AGREEMENT.find("10. Audits").expect("there");
    let kept = format!("{}The parties part as friends.\n\n{}", &AGREEMENT[..end], &AGREEMENT[audits..]);
    format!(
        "{kept}\n\n12. Service levels\n\nTickets are answered within 3 hours. Requests of persons are passed on within \
         3 working days. Tickets are closed within 3 hours."
    )
}

impl Desk {
    async fn new(kind: Kind) -> Self {
        let mut house = House::new(kind).await;
        let (dpo, owner) = (house.person(Role::Dpo).await, house.person(Role::Owner).await);
        let id = agreements::import(&house.app, dpo.clone(), paper(&text())).await.expect("imported");
        Self { house, dpo, owner, id }
    }

    async fn review(&self) -> Review {
        Review::load(self.house.store(), &self.id).await.expect("readable")
    }

    async fn decide(&self, actor: &Actor, term: &str, seen: Option<u32>, step: Step) -> Result<(), &'static str> {
        let decision = Decision { term: term.to_owned(), seen, step };
        let (db, now) = (self.house.store(), self.house.app.now());
        let done = agreements::decide_terms(db, now, actor.clone(), &self.id, vec![decision]).await;
        done.map_err(|refusal| refusal.code)
    }

    async fn correct(&self, term: &str, value: &str, at: &str, words: &str) -> Result<(), &'static str> {
        let written = Written {
            state: Firmness::Stated,
            value: value.to_owned(),
            working: true,
            at: at.to_owned(),
            words: words.to_owned(),
        };
        let step = self.review().await.correction(term, written).map_err(|refusal| refusal.code)?;
        self.decide(&self.dpo, term, None, step).await
    }

    async fn finish(&self) -> Result<(), &'static str> {
        let (db, now) = (self.house.store(), self.house.app.now());
        agreements::finish(db, now, self.dpo.clone(), &self.id).await.map_err(|refusal| refusal.code)
    }

    async fn in_force(&self) -> Result<(), &'static str> {
        let (db, now) = (self.house.store(), self.house.app.now());
        agreements::put_in_force(db, now, self.dpo.clone(), &self.id, true).await.map_err(|refusal| refusal.code)
    }

    async fn confirm_all(&self, accept_silence: bool) {
        let (db, now) = (self.house.store(), self.house.app.now());
        agreements::confirm_as_read(db, now, self.dpo.clone(), &self.id, accept_silence).await.expect("confirmed");
    }

    async fn state(&self) -> State {
        self.review().await.row.state
    }

    async fn replays(&self) {
        let replay = self.house.store().replay(self.house.app.now(), false).await.expect("replayed");
        assert!(replay.different.is_empty(), "{:?}", replay.different);
    }
}

fn paper(text: &str) -> Import {
    let party = NewController {
        name: "Brume".into(),
        contact: "dpo@brume.example".into(),
        lang: kernel::Lang::En,
        place: "FR".into(),
    };
    Import {
        party: Party::New(party),
        title: String::new(),
        file_name: "dpa.txt".into(),
        bytes: text.as_bytes().to_vec(),
        again: false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn from_reading_to_duties_by_decisions() {
    for kind in BOTH {
        let desk = Desk::new(kind).await;
        let missing = desk.review().await.undecided();
        assert!(missing.contains(&"end.choice") && missing.contains(&"subprocessors.notice"), "{missing:?}");
        assert_eq!(desk.finish().await, Err("required-undecided"));
        assert_eq!(desk.in_force().await, Err("required-undecided"), "not even expressly accepted");
        desk.correct("requests.forward", "P3D", "", "passed on within 3 working days").await.expect("corrected");
        desk.confirm_all(false).await;
        assert_eq!(desk.review().await.undecided(), ["end.choice", "end.delete_within"], "silence is not confirmed");
        assert_eq!(
            desk.decide(&desk.dpo, "end.choice", None, Step::NotSaid { accept: false }).await,
            Err("silence-unaccepted")
        );
        desk.decide(&desk.dpo, "end.choice", None, Step::NotSaid { accept: true }).await.expect("accepted");
        desk.decide(&desk.owner, "end.delete_within", None, Step::Default).await.expect("our figure");
        desk.finish().await.expect("reviewed");
        assert_eq!(desk.state().await, State::Reviewed);
        desk.in_force().await.expect("in force");
        let promises = duties::of_agreement(&mut desk.house.store().read(), &desk.id).await.expect("promises");
        let title = |term: &str| {
            promises.iter().find(|row| row.made.term == term).map(|row| row.title(kernel::Lang::En).to_owned())
        };
        assert!(title("requests.forward").expect("promised").contains("3 working days"), "the corrected value binds");
        assert!(title("end.delete_within").expect("promised").contains("30 days"), "our figure binds");
        assert_eq!(title("end.choice"), None, "what is not said binds nobody");
        assert_eq!(desk.decide(&desk.dpo, "end.choice", None, Step::Undo).await, Err("agreement-in-force"));
        desk.replays().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_see_each_others_decisions() {
    for kind in BOTH {
        let desk = Desk::new(kind).await;
        let term = "breach.notify_controller";
        desk.decide(&desk.dpo, term, Some(0), Step::Confirm).await.expect("the first");
        assert_eq!(desk.decide(&desk.owner, term, Some(0), Step::Default).await, Err("decided-meanwhile"));
        desk.decide(&desk.owner, "own_purposes", Some(0), Step::Confirm)
            .await
            .expect("another term is nobody's quarrel");
        desk.decide(&desk.owner, term, Some(1), Step::Default).await.expect("seen");
        desk.decide(&desk.owner, term, Some(2), Step::Undo).await.expect("taken back");
        let review = desk.review().await;
        let made: Vec<(Made, u32, &Actor)> = review
            .history
            .iter()
            .filter(|row| row.term == term)
            .map(|row| (row.made, row.number, &row.actor))
            .collect();
        let expected =
            [(Made::Confirmed, 1, &desk.dpo), (Made::Default, 2, &desk.owner), (Made::Undone, 3, &desk.owner)];
        assert_eq!(made, expected, "nothing is lost");
        assert!(review.undecided().contains(&term), "taken back is undecided");
        desk.replays().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_or_nothing_of_a_list_is_confirmed() {
    let desk = Desk::new(Kind::Sqlite).await;
    let confirm = |term: &str, seen| Decision { term: term.into(), seen: Some(seen), step: Step::Confirm };
    let (db, now) = (desk.house.store(), desk.house.app.now());
    let both = vec![confirm("audit.allowed", 0), confirm("breach.notify_controller", 1)];
    let refused = agreements::decide_terms(db, now, desk.dpo.clone(), &desk.id, both).await.expect_err("stale");
    assert_eq!(refused.code, "decided-meanwhile");
    assert!(desk.review().await.history.is_empty(), "nothing of it was stored");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quotation_is_found_in_the_text_and_cited() {
    let desk = Desk::new(Kind::Sqlite).await;
    let study = desk.review().await.study;
    assert_eq!(desk.correct("requests.forward", "P3D", "", "within 9 working days").await, Err("quote-not-found"));
    assert_eq!(desk.correct("audit.hours", "office", "", "within 3 hours").await, Err("quote-ambiguous"));
    let last = study.text.rfind("Tickets are closed").expect("there");
    let at = format!("{last}-{}", study.text.len());
    desk.correct("audit.notice", "P3D", &at, "WITHIN  3 hours").await.expect("nearest to the sentence");
    let review = desk.review().await;
    let said = review.item(agreement::names::find("audit.notice").expect("a term")).said;
    let span = said.span.expect("cited");
    assert_eq!((study.quote(span).as_str(), said.clause.as_deref()), ("within 3 hours", Some("12")));
    assert!(span[0] > last, "the one in the chosen sentence");
    for hostile in ["0-99999999", "9-3", "x-y", "-", "18446744073709551615-0"] {
        desk.correct("audit.notice", "P3D", hostile, "").await.expect("as before, never a panic");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_after_the_review_opens_it_again() {
    let desk = Desk::new(Kind::Sqlite).await;
    desk.confirm_all(true).await;
    desk.finish().await.expect("reviewed");
    desk.correct("requests.forward", "P3D", "none", "").await.expect("corrected");
    assert_eq!(desk.state().await, State::Imported);
    assert_eq!(desk.in_force().await, Err("agreement-not-reviewed"), "what was confirmed is not what stands");
    desk.finish().await.expect("again");
    desk.in_force().await.expect("in force");
    desk.replays().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_read_once_and_known_again() {
    for kind in BOTH {
        let desk = Desk::new(kind).await;
        let controller = desk.review().await.row.controller;
        let again = |again| Import { party: Party::Known(controller.clone()), again, ..paper(&text()) };
        let refused = agreements::import(&desk.house.app, desk.dpo.clone(), again(false)).await.expect_err("known");
        assert_eq!(refused.code, "imported-already");
        agreements::import(&desk.house.app, desk.dpo.clone(), again(true)).await.expect("expressly");
        let same =
            agreements::read_again(&desk.house.app, desk.dpo.clone(), &desk.id).await.expect_err("the same reader");
        assert_eq!(same.code, "nothing-new");
        desk.replays().await;
    }
}
