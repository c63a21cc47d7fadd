//! Every kind of letter, walked: each renders in both languages with its samples, says what it must, and names nobody in
//! its subject. Then the wording of the house: edited, refused, undone, replayed.

mod common;

use common::{AGREEMENT, BOTH, House};
use kernel::{Actor, ControllerId, Lang, RequestId};
use office::calendars::{self, Correction};
use office::notices::{self, NoticeRow, To};
use office::requests::{self, NewRequest, Right};
use std::collections::BTreeSet;
use web::Role;

#[test]
fn every_kind_says_what_it_must_in_both_languages() {
    let mut names = BTreeSet::new();
    for kind in notices::kinds() {
        assert!(names.insert(kind.name), "{} twice", kind.name);
        for lang in Lang::ALL {
            let standard = notices::standard(kind, lang);
            let checked = notices::check(kind, lang, &standard.subject, &standard.body);
            checked.unwrap_or_else(|refusal| panic!("{} {}: {refusal}", kind.name, lang.code()));
            let rendered = notices::render(&standard, &kind.samples(lang));
            assert!(!rendered.subject.contains('{') && !rendered.body.replace(notices::SECRET, "").contains('{'));
            for field in kind.fields.iter().filter(|field| field.name != "secret") {
                assert!(!field.sample[lang as usize].is_empty(), "{} {}", kind.name, field.name);
                let told = rendered.body.contains(field.sample[lang as usize]);
                assert!(told || !field.required, "{} {}", kind.name, field.name);
            }
            let page = notices::page(&rendered.body, lang, "https://garant.example");
            let outside = ["<img", "<script", "url(", "@import", "<link", " src="];
            assert!(outside.iter().all(|word| !page.contains(word)), "{page}");
        }
        assert!(kind.title[0] != kind.title[1] && kind.subject[0] != kind.subject[1], "{}", kind.name);
        assert!(kind.to != To::Account || kind.discharges.is_none(), "{}", kind.name);
    }
    assert!(names.len() >= 12, "{names:?}");
}

/// What leaves with the samples, as it is committed: a change of a letter is seen in review.
#[test]
fn every_kind_reads_as_it_was_reviewed() {
    let mut shown = String::new();
    for kind in notices::kinds() {
        for lang in Lang::ALL {
            let rendered = notices::render(&notices::standard(kind, lang), &kind.samples(lang));
            let (name, code, version) = (kind.name, lang.code(), kind.standard);
            shown.push_str(&format!(
                "=== {name} {code} standard {version}\n{}\n\n{}\n",
                rendered.subject, rendered.body
            ));
        }
    }
    insta::assert_snapshot!("letters", shown);
}

async fn logged(house: &mut House) -> (Actor, ControllerId, RequestId) {
    let dpo = house.person(Role::Dpo).await;
    let (_, controller) = house.agreement(&dpo, "Brume", AGREEMENT).await;
    let id = request(house, &dpo, &controller, "{due} <b>{secret}</b>\r\n{number}").await;
    (dpo, controller, id)
}

async fn request(house: &House, dpo: &Actor, controller: &ControllerId, note: &str) -> RequestId {
    let new = NewRequest {
        controller: controller.clone(),
        right: Right::Access,
        email: format!("ada{}@example.org", note.len()),
        note: note.into(),
        channel: "mail".into(),
        received_at: house.app.now(),
    };
    requests::receive(&house.app, dpo.clone(), new).await.expect("received")
}

async fn letter(house: &House, controller: &ControllerId, id: &RequestId) -> NoticeRow {
    let rows = notices::of_record(&mut house.store().read(), controller, id.as_str()).await.expect("letters");
    rows.into_iter().next().expect("one")
}

async fn alike(house: &House) {
    let replay = house.store().replay(house.app.now(), false).await.expect("replayed");
    assert!(replay.different.is_empty(), "{:?}", replay.different);
}

const OURS: &str = "Hello from Garant House,\n\n{right} for {person}, received {received}: {words}\n\n\
    You answer this person; we do not. Please do so by {due}. We call it {number}.\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_house_words_its_letters_and_undoes_it_and_each_letter_knows_its_wording() {
    for db in BOTH {
        let mut house = House::new(db).await;
        let (dpo, controller, first) = logged(&mut house).await;
        let row = letter(&house, &controller, &first).await;
        assert_eq!(row.wording.as_deref(), Some("standard:1"));
        let body = row.body.expect("a text");
        assert!(body.contains("{due} <b>{\u{2060}secret}</b>\n{number}"), "what a stranger writes is not read: {body}");
        let name = "request.forward";
        let word = |body: String| {
            let (app, dpo) = (house.app.clone(), dpo.clone());
            async move { notices::word(&app, dpo, name, Lang::En, "For you: {right}", &body).await }
        };
        for (body, wrong) in [
            (OURS.replace("{due}", ""), "The text leaves out {due}: the last day of the controller's month."),
            (OURS.replace("You answer this person; we do not.", ""), "The text leaves out what it must say"),
            (OURS.replace("{number}", "{nummer}"), "This letter has no {nummer} (in line 5)."),
        ] {
            let refusal = word(body).await.expect_err(wrong);
            assert!(refusal.message(Lang::En).starts_with(wrong), "{refusal}");
        }
        word(OURS.to_owned()).await.expect("worded");
        assert_eq!(word(OURS.to_owned()).await.expect_err("holds already").code, "letter-same");
        let second = letter(&house, &controller, &request(&house, &dpo, &controller, "x").await).await;
        assert_eq!(
            (second.wording.as_deref(), second.subject.as_str()),
            (Some("house:1"), "For you: access (Art. 15)")
        );
        assert!(second.body.expect("a text").starts_with("Hello from Garant House,\n\naccess"));
        word(OURS.replace("Hello", "Good day")).await.expect("worded again");
        notices::restore(&house.app, dpo.clone(), name, Lang::En).await.expect("restored");
        let third = letter(&house, &controller, &request(&house, &dpo, &controller, "xy").await).await;
        assert_eq!(third.wording.as_deref(), Some("standard:1"));
        notices::word_again(&house.app, dpo.clone(), name, Lang::En, 2).await.expect("undone");
        let fourth = letter(&house, &controller, &request(&house, &dpo, &controller, "xyz").await).await;
        assert_eq!(fourth.wording.as_deref(), Some("house:4"), "undoing is a change with a number of its own");
        assert!(fourth.body.expect("a text").starts_with("Good day"));
        let french = notices::kind(name).expect("a kind");
        let holds = notices::wording_of(&mut house.store().read(), french, Lang::Fr).await.expect("readable");
        assert_eq!(holds.version, "standard:1", "the other language is untouched");
        alike(&house).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_urgent_waits_for_the_morning_when_the_house_says_so() {
    for db in BOTH {
        let mut house = House::new(db).await;
        let (dpo, controller, _) = logged(&mut house).await;
        notices::set_quiet_hours(&house.app, dpo.clone(), true).await.expect("set");
        let again = notices::set_quiet_hours(&house.app, dpo.clone(), true).await;
        assert_eq!(again.expect_err("holds already").code, "letter-same");
        // Monday, 23 November 2026 at 10 in Paris is office time: at once. At 22:00 it waits for the next morning at nine.
        let at_once = letter(&house, &controller, &request(&house, &dpo, &controller, "day").await).await;
        assert_eq!(at_once.not_before, None);
        house.advance(12 * 3_600);
        let late = letter(&house, &controller, &request(&house, &dpo, &controller, "night").await).await;
        assert_eq!(late.not_before.map(|at| at.to_string()).as_deref(), Some("2026-11-24T08:00:00Z"));
        // An office that opens on Mondays only: its letters of Tuesday night would wait for a week, and their duty is late before.
        let mondays = Correction::SetOffice { days: vec![1], opens: "09:00".into(), closes: "17:00".into() };
        calendars::correct(&house.app, dpo.clone(), mondays, "few hands", "our own decision").await.expect("corrected");
        house.advance(86_400);
        let own = letter(&house, &controller, &request(&house, &dpo, &controller, "a duty").await).await;
        assert_eq!(own.not_before, None, "a deadline is stronger than quiet hours");
        alike(&house).await;
    }
}
