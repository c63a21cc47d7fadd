//! Components and pages: typed HTML in which hostile input stays text, and one small stylesheet.

use crate::console::Console;
use kernel::Lang;
use maud::html;
use web::assets::{CSS, CSS_PATH};
use web::components::{self, Tone};

const HOSTILE: &str = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>&amp;";

#[test]
fn components_show_hostile_input_as_text() {
    let (text, cell) = (HOSTILE.to_owned(), html! { (HOSTILE) });
    let all = [
        components::badge(Tone::Late, HOSTILE),
        components::notice(Tone::Info, HOSTILE, HOSTILE),
        components::empty(HOSTILE, Some((HOSTILE, HOSTILE))),
        components::figure(1, HOSTILE, HOSTILE, Tone::Ok),
        components::table(HOSTILE, std::slice::from_ref(&text), &[vec![cell.clone()]]),
        components::facts(&[(text.clone(), cell.clone())]),
        components::post(HOSTILE, HOSTILE, &cell),
        components::field(HOSTILE, HOSTILE, HOSTILE, HOSTILE, true, Some(HOSTILE)),
        components::select(HOSTILE, HOSTILE, &[(text.clone(), text)], HOSTILE),
        components::submit(HOSTILE),
    ];
    for markup in all {
        let markup = markup.into_string();
        assert!(markup.contains("&lt;script&gt;"), "{markup}");
        assert!(!markup.contains("<script") && !markup.contains("<img"), "{markup}");
        assert!(!markup.contains("\"'>") && markup.contains("&quot;"), "{markup}");
        assert!(markup.contains("&amp;amp;"), "what looks escaped is escaped again: {markup}");
    }
}

#[tokio::test]
async fn a_page_names_the_person_escaped_and_shows_what_their_role_may_see() {
    let console = Console::new(false).await;
    let (cookie, csrf) = console.signed_in().await;
    let page = console.get("/private/below", &[("cookie", &cookie)]).await.body;
    assert!(page.contains("Ada &lt;Martin&gt;") && !page.contains("<Martin>"));
    assert!(page.contains(&format!("name=\"csrf\" value=\"{csrf}\"")), "the way out is a form");
    assert!(page.contains("href=\"/private\" aria-current=\"page\""), "{page}");
    assert!(!page.contains("href=\"/owner\""), "no link that would be refused");
    assert!(page.contains(&format!("href=\"{}\"", *CSS_PATH)));
    assert!(page.contains("<a class=\"skip\" href=\"#content\">") && page.contains("<main id=\"content\""));
    let open = console.get("/open", &[("cookie", &cookie)]).await.body;
    assert!(!open.contains("aria-current"), "another page");
}

#[tokio::test]
async fn a_stranger_sees_no_navigation() {
    let page = Console::new(false).await.get("/open", &[]).await.body;
    assert!(!page.contains("<nav") && !page.contains("sign-out"));
}

#[test]
fn days_and_instants_read_as_in_their_language() {
    let at = "2026-11-22T23:30:00Z".parse().unwrap();
    assert_eq!(components::instant(at, Lang::En), "23 Nov 2026, 00:30");
    assert_eq!(components::instant(at, Lang::Fr), "23 nov. 2026, 00:30");
    let first = "2026-01-01".parse().unwrap();
    assert_eq!(components::day(first, Lang::Fr), "1er janv. 2026");
    assert_eq!(components::day(first, Lang::En), "1 Jan 2026");
}

#[test]
fn the_stylesheet_is_small_and_loads_nothing() {
    assert!(CSS.len() <= 14_000, "{} bytes", CSS.len());
    assert!(!CSS.contains("url(") && !CSS.contains("@import"));
    assert!(CSS_PATH.starts_with("/assets/") && CSS_PATH.len() == "/assets/0123456789abcdef.css".len());
}
