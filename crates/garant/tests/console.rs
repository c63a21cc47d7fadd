//! The console in a real browser: the main job as a person does it, in both languages, wide and narrow,
//! light and dark. It also takes the two pictures of the README (`UPDATE_SCREENSHOTS=1`).

#[path = "support/browser.rs"]
mod support;

use support::{Visitor, pictures, walk, walk_by_name, window};
use thirtyfour::prelude::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_request_from_the_first_letter_to_the_proof() {
    walk(asked).await;
}

async fn asked(visitor: &Visitor<'_>) -> WebDriverResult<()> {
    let request = erase(visitor).await?;
    let board = promise_board(visitor).await?;
    every_page_fits(visitor, &[request, board]).await
}

/// Logged and planned by one person, approved and carried out by another.
async fn erase(visitor: &Visitor<'_>) -> WebDriverResult<String> {
    visitor.open("/requests/new").await?;
    visitor.press("#right option[value=erasure]").await?;
    visitor.fill("email", &format!("  {} ", visitor.demo.sample.to_uppercase())).await?;
    visitor.fill("note", "Please erase everything you hold about me.").await?;
    visitor.press("main button[type=submit]").await?;
    visitor.sees("Record the controller's instruction").await?;
    let request = visitor.path().await?;
    visitor.press("input[value=carry-out]").await?;
    visitor.fill("note", "By e-mail of its privacy officer").await?;
    visitor.press("form[action$='/instruction'] button").await?;
    visitor.press("form[action$='/plan'] button").await?;
    visitor.sees("You made this plan, so somebody else must approve it.").await?;
    visitor.sees("customers").await?;
    let picture = pictures().join("request.png");
    window(visitor.driver, 1280, 1000).await?;
    visitor.driver.screenshot(&picture).await?;
    visitor.sign_out().await?;
    visitor.sign_in("owner").await?;
    visitor.open(&request).await?;
    visitor.press("form[action$='/approval'] button").await?;
    visitor.sees("Carry the plan out").await?;
    visitor.press("form[action$='/apply'] button").await?;
    visitor.sees("Erased").await?;
    visitor.sees("What was done").await?;
    Ok(request)
}

async fn promise_board(visitor: &Visitor<'_>) -> WebDriverResult<String> {
    visitor.open("/agreements").await?;
    visitor.press("main td a").await?;
    visitor.press("header.title a.button").await?;
    visitor.sees("not tested").await?;
    let board = visitor.path().await?;
    visitor
        .driver
        .execute("document.querySelector('.clause.ok, .clause.warn').scrollIntoView({block: 'center'})", vec![])
        .await?;
    visitor.driver.screenshot(&pictures().join("board.png")).await?;
    visitor.prints(&board, "board").await?;
    Ok(board)
}

async fn every_page_fits(visitor: &Visitor<'_>, records: &[String]) -> WebDriverResult<()> {
    let fixed = [
        "/",
        "/agreements",
        "/agreements/new",
        "/requests",
        "/requests/new",
        "/systems",
        "/notices",
        "/ledger",
        "/parties",
        "/accounts",
    ];
    let paths = fixed.into_iter().chain(records.iter().map(String::as_str));
    let named = |path: &str| (path.to_owned(), path.trim_matches('/').replace('/', "-"));
    visitor.fit_everywhere(&paths.map(named).collect::<Vec<_>>()).await
}

/// The other side: a controller's administrator opens a letter, decides, instructs for a person, and looks at everything.
#[tokio::test(flavor = "multi_thread")]
async fn a_controller_opens_its_letter_decides_and_instructs() {
    walk(from_the_other_side).await;
}

async fn from_the_other_side(visitor: &Visitor<'_>) -> WebDriverResult<()> {
    visitor.sign_out().await?;
    visitor.sign_in("controller-admin").await?;
    assert_eq!(visitor.path().await?, "/client");
    visitor.press("main a[href^='/client/notices/']").await?;
    visitor.sees("Open this letter").await?;
    let letter = visitor.path().await?;
    visitor.press("form[action$='/open'] button").await?;
    visitor.sees("You have it since").await?;
    visitor.press("main a[href^='/client/requests/']").await?;
    visitor.sees("What do you decide?").await?;
    let request = visitor.path().await?;
    let agreement = agreement_of(visitor).await?;
    let pages = ["/client", "/client/agreements", "/client/notices", "/client/requests", "/client/requests/new"];
    let more = ["/client/proof", "/client/people", "/account", letter.as_str(), request.as_str(), agreement.as_str()];
    let named = |path: &str| (path.to_owned(), path.trim_matches('/').replace('/', "-"));
    visitor.fit_everywhere(&pages.into_iter().chain(more).map(named).collect::<Vec<_>>()).await?;
    visitor.open(&format!("{request}?lang=en")).await?;
    visitor.press("input[value=carry-out]").await?;
    visitor.fill("note", "Yes, please.").await?;
    visitor.press("form[action$='/instruction'] button").await?;
    visitor.sees("A second person at our house checks it").await?;
    visitor.open("/client/requests/new").await?;
    visitor.press("#right option[value=erasure]").await?;
    visitor.fill("email", &visitor.demo.sample).await?;
    visitor.fill("note", "She asked us to erase everything.").await?;
    visitor.press("main form button[type=submit]").await?;
    visitor.sees("She asked us to erase everything.").await?;
    visitor.open("/requests").await?;
    assert!(visitor.driver.find_all(By::Css("main table")).await?.is_empty(), "the house is not there");
    Ok(())
}

async fn agreement_of(visitor: &Visitor<'_>) -> WebDriverResult<String> {
    visitor.open("/client/agreements").await?;
    visitor.press("main td a").await?;
    visitor.sees("In the words of the document").await?;
    visitor.path().await
}

/// The browser's own virtual authenticator: nothing of ours stands between the page and what is verified.
#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_is_made_shown_after_the_password_and_shown_alone() {
    walk_by_name(with_passkeys).await;
}

async fn with_passkeys(visitor: &Visitor<'_>) -> WebDriverResult<()> {
    let browser = visitor.driver.cdp();
    browser.send_raw("WebAuthn.enable", serde_json::json!({})).await?;
    let device = serde_json::json!({ "options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
        "isUserVerified": true, "automaticPresenceSimulation": true } });
    browser.send_raw("WebAuthn.addVirtualAuthenticator", device).await?;

    visitor.open("/account/factors").await?;
    visitor.press("a[href='/account/factors/passkey']").await?;
    visitor.fill("label", "laptop").await?;
    visitor.press("form[data-passkey] button").await?;
    visitor.sees("Keep these codes").await?;
    visitor.open("/account/factors").await?;
    visitor.sees("laptop").await?;
    visitor.sign_out().await?;

    let (_, email, password) = visitor.demo.accounts.iter().find(|(role, ..)| role == "dpo").expect("a role");
    visitor.fill("email", email).await?;
    visitor.fill("password", password).await?;
    visitor.press("main form button[type=submit]").await?;
    visitor.sees("Or with a code").await?;
    visitor.press("form[data-passkey] button").await?;
    visitor.driver.find(By::Css(".side")).await?;
    visitor.sign_out().await?;

    visitor.open("/sign-in?next=/requests").await?;
    visitor.press("a[href^='/sign-in/passkey']").await?;
    visitor.press("form[data-passkey] button").await?;
    visitor.driver.find(By::Css(".side")).await?;
    assert_eq!(visitor.path().await?, "/requests");
    let pages =
        [("/account/factors", "factors"), ("/account/factors/passkey", "passkey-new"), ("/sign-in/again", "again")];
    visitor.fit_everywhere(&pages.map(|(path, name)| (path.to_owned(), name.to_owned()))).await?;
    visitor.open("/?lang=en").await?;
    visitor.sign_out().await?;
    visitor
        .fit_everywhere(&[("/sign-in/passkey".into(), "passkey".into()), ("/sign-in".into(), "sign-in".into())])
        .await?;

    refused(visitor).await
}

/// What a person sees who stops the browser, or whose browser runs no script.
async fn refused(visitor: &Visitor<'_>) -> WebDriverResult<()> {
    visitor.open("/sign-in/passkey?lang=en").await?;
    let credentials = serde_json::json!({ "enable": false });
    visitor.driver.cdp().send_raw("WebAuthn.disable", credentials).await?;
    let stopped = "navigator.credentials.get = () => Promise.reject(new DOMException('', 'NotAllowedError'))";
    visitor.driver.execute(stopped, vec![]).await?;
    visitor.press("form[data-passkey] button").await?;
    visitor.sees("The browser gave no passkey.").await?;
    let off = serde_json::json!({ "value": true });
    visitor.driver.cdp().send_raw("Emulation.setScriptExecutionDisabled", off).await?;
    visitor.open("/sign-in/passkey?lang=en").await?;
    visitor.sees("A passkey needs a script in your browser.").await?;
    assert!(!visitor.driver.find(By::Css("form[data-passkey] button")).await?.is_displayed().await?);
    visitor.press("a[href='/sign-in']").await?;
    visitor.driver.find(By::Id("password")).await.map(drop)
}
