//! The console in a real browser: the main job as a person does it, in both languages, wide and narrow,
//! light and dark. It also takes the two pictures of the README (`UPDATE_SCREENSHOTS=1`).

#[path = "support/browser.rs"]
mod support;

use support::{Visitor, pictures, walk, window};
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
