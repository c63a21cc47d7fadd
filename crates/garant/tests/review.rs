//! A review in a real browser: a text is pasted, seen, corrected by choosing a sentence, confirmed, and put in force.
//! It also takes the picture of the review page (`UPDATE_SCREENSHOTS=1`).

#[path = "support/browser.rs"]
#[expect(dead_code, reason = "the other browser test uses the rest")]
mod support;

use support::{Visitor, pictures, views, walk};
use thirtyfour::prelude::*;

const DPA: &str = include_str!("fixtures/review.txt");
/// A sentence of the text that a person would choose for the forwarding of requests.
const SENTENCE: &str = "Requests of persons reach the Customer on the second working day at the latest";

#[tokio::test(flavor = "multi_thread")]
async fn an_agreement_from_a_pasted_text_to_a_promise() {
    walk(reviewed).await;
}

async fn reviewed(visitor: &Visitor<'_>) -> WebDriverResult<()> {
    let id = import(visitor).await?;
    let review = format!("/agreements/{id}/review");
    visitor.sees("0 of 46 decided").await?;
    visitor.sees("that the law requires wait for a decision").await?;
    visitor.fit_everywhere(&[(review.clone(), "review-top".into())]).await?;
    marks_and_terms_lead_to_each_other(visitor, &review).await?;
    visitor.prints(&review, "review").await?;
    correct(visitor, &review).await?;
    visitor.fit_everywhere(&[(format!("{review}/sure"), "review-sure".into())]).await?;
    visitor.press("main form[action$='/sure'] button").await?;
    visitor.sees("decided").await?;
    settle(visitor, &review).await?;
    visitor.sees("Every term that the law requires is decided").await?;
    visitor.fit_everywhere(&[(review.clone(), "review-done".into())]).await?;
    visitor.open(&format!("{review}?lang=en")).await?;
    visitor.press("main form[action$='/review'] button").await?;
    visitor.sees("The terms are confirmed").await?;
    in_force(visitor).await?;
    visitor.sees("2 working days").await?;
    visitor
        .fit_everywhere(&[(review, "review-closed".into()), (format!("/agreements/{id}/board"), "board".into())])
        .await
}

/// Pasted; what was understood is shown before anything is recorded.
async fn import(visitor: &Visitor<'_>) -> WebDriverResult<String> {
    visitor.open("/agreements/new").await?;
    visitor.press("main button[type=submit]").await?;
    visitor.sees("The file is empty").await?;
    visitor.fit_everywhere(&[("/agreements/new".into(), "import".into())]).await?;
    visitor.open("/agreements/new?lang=en").await?;
    visitor.fill("pasted", DPA).await?;
    visitor.press("main button[type=submit]").await?;
    visitor.sees("What was understood").await?;
    visitor.sees("Lumen Press").await?;
    let url = visitor.driver.current_url().await?;
    let path = format!("{}?{}", url.path(), url.query().expect("the upload"));
    visitor.fit_everywhere(&[(path.clone(), "import-preview".into())]).await?;
    visitor.open(&format!("{path}&lang=en")).await?;
    let name = visitor.driver.find(By::Id("name")).await?.value().await?.unwrap_or_default();
    assert!(name.starts_with("Lumen Press"), "the controller's name is proposed: {name}");
    visitor.press("main form[action='/agreements/import'] button").await?;
    visitor.sees("This is not an e-mail address").await?;
    visitor.fill("contact", "privacy@lumen.example").await?;
    visitor.press("main form[action='/agreements/import'] button").await?;
    visitor.driver.find(By::Id("progress")).await?;
    let path = visitor.path().await?;
    Ok(path.split('/').nth(2).expect("an id").to_owned())
}

async fn marks_and_terms_lead_to_each_other(visitor: &Visitor<'_>, review: &str) -> WebDriverResult<()> {
    visitor.open(&format!("{review}?lang=en")).await?;
    visitor.press("#t-breach-notify_controller .quote a").await?;
    assert_eq!(visitor.driver.current_url().await?.fragment(), Some("m-breach-notify_controller"));
    let seen = "const box = document.getElementById('m-breach-notify_controller').getBoundingClientRect(); \
                return box.top >= 0 && box.top < window.innerHeight";
    assert_eq!(visitor.driver.execute(seen, vec![]).await?.json().as_bool(), Some(true), "the words are in sight");
    visitor.driver.screenshot(&pictures().join("review.png")).await?;
    visitor.press("a.tag[href='#t-breach-notify_controller']").await?;
    assert_eq!(visitor.driver.current_url().await?.fragment(), Some("t-breach-notify_controller"));
    Ok(())
}

/// The sentence is chosen in the text, the figure written beside it.
async fn correct(visitor: &Visitor<'_>, review: &str) -> WebDriverResult<()> {
    let term = format!("{review}/requests.forward");
    visitor.open(&format!("{term}?lang=en")).await?;
    let sentence = format!("//label[contains(@class, 'say')][contains(., '{SENTENCE}')]");
    visitor.driver.find(By::XPath(&sentence)).await?.click().await?;
    visitor.press("#state option[value=stated]").await?;
    let count = visitor.driver.find(By::Id("count")).await?;
    count.clear().await?;
    count.send_keys("2").await?;
    visitor.press("#unit option[value=days]").await?;
    visitor.press("input[name=working]").await?;
    visitor.driver.screenshot(&views().join("term-correcting-1280-en.png")).await?;
    visitor.press("#correct button[value=correct]").await?;
    visitor.sees("corrected, 2 working days").await?;
    visitor.open(&term).await?;
    visitor.sees(SENTENCE).await?;
    visitor.sees("→ 2 working days").await?;
    visitor.fit_everywhere(&[(term, "term".into())]).await?;
    visitor.open(&format!("{review}/breach.notify_controller?lang=en")).await
}

/// What is left of the required terms: a contradiction, a blank, silences.
async fn settle(visitor: &Visitor<'_>, review: &str) -> WebDriverResult<()> {
    for _ in 0..20 {
        visitor.open(&format!("{review}?show=required&lang=en")).await?;
        let Ok(open) = visitor.driver.find_all(By::Css(".term h2 a")).await else { break };
        let Some(first) = open.first() else { break };
        first.click().await?;
        visitor.driver.find(By::Id("correct")).await?;
        let mut ways = Vec::new();
        for way in visitor.driver.find_all(By::Css("#term input[name=choice], #term button[name=act]")).await? {
            ways.push(way.value().await?.unwrap_or_default());
        }
        let open_to = |act: &str| ways.iter().any(|way| way == act);
        if open_to("choose") {
            visitor.press("input[name=choice]").await?;
            visitor.press("button[value=choose]").await?;
        } else if open_to("confirm") {
            visitor.press("button[value=confirm]").await?;
        } else if open_to("default") {
            visitor.press("button[value=default]").await?;
        } else {
            visitor.press("input[name=accept]").await?;
            visitor.press("button[value='not-said']").await?;
        }
        visitor.driver.find(By::Css(".notice.ok[role=status]")).await?;
    }
    visitor.open(&format!("{review}?lang=en")).await
}

async fn in_force(visitor: &Visitor<'_>) -> WebDriverResult<()> {
    if let Some(accept) = visitor.driver.find_all(By::Css("input[name=accept]")).await?.first() {
        accept.click().await?;
    }
    visitor.press("form[action$='/in-force'] button").await?;
    visitor.sees("Promise").await
}
