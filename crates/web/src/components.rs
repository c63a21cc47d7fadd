//! The parts pages are made of. Colour means a state, and always comes with a word.

use kernel::{Instant, Lang, Place};
use maud::{Markup, html};
use std::sync::LazyLock;

/// What a colour says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Kept, done, right.
    Ok,
    /// Waits for somebody.
    Warn,
    /// Late, broken, wrong.
    Late,
    /// Told, neutral news.
    Info,
    /// Nothing to say yet.
    Quiet,
}

impl Tone {
    /// The class of the stylesheet.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Late => "late",
            Self::Info => "info",
            Self::Quiet => "quiet",
        }
    }
}

/// A state: a word in its colour.
#[must_use]
pub fn badge(tone: Tone, word: &str) -> Markup {
    html! { span.badge.(tone.class()) { (word) } }
}

/// A boxed sentence about the state of the page.
#[must_use]
pub fn notice(tone: Tone, title: &str, text: &str) -> Markup {
    html! { div.notice.(tone.class()) { p { strong { (title) } } @if !text.is_empty() { p { (text) } } } }
}

/// What stands where a list would, and what to do first.
#[must_use]
pub fn empty(sentence: &str, action: Option<(&str, &str)>) -> Markup {
    html! { div.empty { p { (sentence) } @if let Some((href, text)) = action { p { a.button href=(href) { (text) } } } } }
}

/// From here on a figure says that there are more.
pub const FIGURE_MAX: i64 = 1000;

/// A key figure: a number and its word, with a link to the list behind it.
#[must_use]
pub fn figure(number: i64, word: &str, href: &str, tone: Tone) -> Markup {
    let shown = if number >= FIGURE_MAX { format!("{}+", FIGURE_MAX - 1) } else { number.to_string() };
    html! { a.figure.(tone.class()) href=(href) { span.number { (shown) } span { (word) } } }
}

/// A table that scrolls by itself when the page is narrow. `caption` is read by screen readers.
#[must_use]
pub fn table(caption: &str, heads: &[String], rows: &[Vec<Markup>]) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(caption) {
            table {
                caption.unseen { (caption) }
                thead { tr { @for head in heads { th scope="col" { (head) } } } }
                tbody { @for row in rows { tr { @for cell in row { td { (cell) } } } } }
            }
        }
    }
}

/// Facts as name and value.
#[must_use]
pub fn facts(items: &[(String, Markup)]) -> Markup {
    html! { dl.facts { @for (name, value) in items { div { dt { (name) } dd { (value) } } } } }
}

/// A form that posts, with its token.
#[must_use]
pub fn post(action: &str, csrf: &str, body: &Markup) -> Markup {
    html! { form method="post" action=(action) { input type="hidden" name="csrf" value=(csrf); (body) } }
}

/// A labelled text field.
#[must_use]
pub fn field(name: &str, label: &str, kind: &str, value: &str, required: bool, hint: Option<&str>) -> Markup {
    labelled(name, label, hint, &|hint| {
        html! {
            input id=(name) name=(name) type=(kind) value=(value) required[required]
                aria-describedby=[hint] autocomplete=[autocomplete(kind)];
        }
    })
}

/// A labelled field of a form that stands on its page several times: `id` tells it from the others.
#[must_use]
pub fn named_field(id: &str, name: &str, label: &str, kind: &str, value: &str, hint: Option<&str>) -> Markup {
    labelled(id, label, hint, &|hint| {
        html! { input id=(id) name=(name) type=(kind) value=(value) aria-describedby=[hint]; }
    })
}

/// A labelled field for a code of an authenticator, or a recovery code: phones offer what they received.
#[must_use]
pub fn code(name: &str, label: &str, hint: Option<&str>) -> Markup {
    labelled(name, label, hint, &|hint| {
        html! {
            input id=(name) name=(name) type="text" required autocomplete="one-time-code" autocapitalize="none"
                spellcheck="false" maxlength="40" aria-describedby=[hint];
        }
    })
}

/// `text` as a picture to scan, black on white in either theme; nothing when it is too long for one.
#[must_use]
pub fn qr(text: &str, label: &str) -> Markup {
    const BORDER: i32 = 4;
    let Ok(code) = qrcodegen::QrCode::encode_text(text, qrcodegen::QrCodeEcc::Medium) else { return html! {} };
    let size = code.size() + 2 * BORDER;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            path.push_str(&format!("M{} {}h1v1h-1z", x + BORDER, y + BORDER));
        }
    }
    html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox=(format!("0 0 {size} {size}")) width="220" height="220" role="img" aria-label=(label) {
            rect width=(size) height=(size) fill="#fff" {}
            path d=(path) fill="#000" {}
        }
    }
}

/// A labelled field for a password being chosen: password managers offer one there.
#[must_use]
pub fn new_password(name: &str, label: &str, hint: Option<&str>) -> Markup {
    labelled(name, label, hint, &|hint| {
        html! { input id=(name) name=(name) type="password" required aria-describedby=[hint] autocomplete="new-password"; }
    })
}

/// A label, a hint and an input, which is given the id of the hint.
fn labelled(name: &str, label: &str, hint: Option<&str>, input: &dyn Fn(Option<&str>) -> Markup) -> Markup {
    let hint_id = format!("{name}-hint");
    html! {
        div.field {
            label for=(name) { (label) }
            @if let Some(hint) = hint { p.hint id=(hint_id) { (hint) } }
            (input(hint.map(|_| hint_id.as_str())))
        }
    }
}

fn autocomplete(kind: &str) -> Option<&'static str> {
    match kind {
        "email" => Some("email"),
        "password" => Some("current-password"),
        _ => None,
    }
}

/// A labelled choice of one among few.
#[must_use]
pub fn select(name: &str, label: &str, options: &[(String, String)], chosen: &str) -> Markup {
    html! {
        div.field {
            label for=(name) { (label) }
            select id=(name) name=(name) {
                @for (value, text) in options { option value=(value) selected[value == chosen] { (text) } }
            }
        }
    }
}

/// A main button.
#[must_use]
pub fn submit(label: &str) -> Markup {
    html! { button type="submit" { (label) } }
}

/// The zone of the house.
#[must_use]
pub fn zone() -> kernel::TimeZone {
    static ZONE: LazyLock<kernel::TimeZone> =
        LazyLock::new(|| Place::parse("FR").map_or(kernel::TimeZone::UTC, |place| place.zone()));
    ZONE.clone()
}

/// A short day and time at the place, such as "22 Nov 2026, 14:05" / « 22 nov. 2026, 14:05 ».
#[must_use]
pub fn instant(at: Instant, lang: Lang) -> String {
    let local = at.to_zoned(zone());
    format!("{}, {:02}:{:02}", day(local.date(), lang), local.hour(), local.minute())
}

/// A short day, such as "22 Nov 2026" / « 22 nov. 2026 ».
#[must_use]
pub fn day(date: kernel::Date, lang: Lang) -> String {
    const EN: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    const FR: [&str; 12] =
        ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."];
    let month = lang.pick(EN, FR)[usize::from(date.month().unsigned_abs()).clamp(1, 12) - 1];
    let first = if date.day() == 1 { lang.pick("", "er") } else { "" };
    format!("{}{first} {month} {}", date.day(), date.year())
}
