//! What a saved web page carries beside its text: menus, consent dialogs, share bars, footers.
//!
//! The element or its role says so surely; a word in its class only raises a suspicion, which links and buttons
//! confirm. A notice that speaks about cookies in its body has few of either, and stays.

use regex::Regex;
use std::sync::LazyLock;

/// How sure it is that an element is no text of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Suspicion {
    /// Its element, its role or its name says so.
    Sure,
    /// A word of its class says so; what it holds must confirm it.
    Maybe,
}

/// What an element holds.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Content {
    /// Bytes of text.
    pub(super) text: usize,
    /// Of these, bytes that are links.
    pub(super) linked: usize,
    /// Buttons and the like.
    pub(super) buttons: usize,
}

/// More text than this is the page itself, whatever its wrapper is called, in bytes.
const SURE_MAX: usize = 6_000;
/// More text than this is no dialog, in bytes.
const DIALOG_MAX: usize = 2_500;

/// Roles of elements around a text (WAI-ARIA 1.2).
const ROLES: &[&str] =
    &["navigation", "contentinfo", "search", "dialog", "alertdialog", "menu", "menubar", "toolbar", "tablist"];
/// Names that only furniture bears, without their hyphens.
const SURE: &[&str] = &[
    "cookiebanner",
    "cookieconsent",
    "cookienotice",
    "cookiebar",
    "cookielaw",
    "cookiepopup",
    "consentbanner",
    "consentmanager",
    "gdprbanner",
    "skiplink",
    "skiptocontent",
    "breadcrumb",
    "breadcrumbs",
    "navbar",
    "sitenav",
    "mainnav",
    "sitefooter",
    "pagefooter",
    "sidebar",
    "sharebar",
    "sharebuttons",
    "socialshare",
    "backtotop",
];
/// What the names of dialogs of known makers begin with, without their hyphens.
const MAKERS: &[&str] =
    &["onetrust", "didomi", "axeptio", "tarteaucitron", "cookiebot", "cybotcookiebot", "usercentrics", "quantcast"];
/// Words that furniture bears among others.
const MAYBE: &[&str] = &[
    "cookie",
    "cookies",
    "consent",
    "banner",
    "popup",
    "modal",
    "overlay",
    "share",
    "sharing",
    "social",
    "menu",
    "nav",
    "navigation",
    "footer",
    "toc",
    "related",
    "newsletter",
    "subscribe",
    "promo",
    "search",
    "pagination",
    "lang",
    "languages",
    "sidebar",
    "navbar",
    "breadcrumb",
    "breadcrumbs",
];

static ATTRIBUTE: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r#"\s(id|class|role|href)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"#;
    Regex::new(pattern).expect("a constant pattern")
});

/// The attributes of a tag that matter here.
#[derive(Clone, Debug, Default)]
pub(super) struct Attributes {
    names: String,
    role: String,
    /// Where a link leads.
    pub(super) href: Option<String>,
}

impl Attributes {
    /// Reads the inside of a tag.
    pub(super) fn of(tag: &str) -> Self {
        let mut found = Self::default();
        for attribute in ATTRIBUTE.captures_iter(tag) {
            let value = (2..5).find_map(|group| attribute.get(group)).map_or("", |value| value.as_str());
            match &attribute[1] {
                "role" => found.role = value.to_lowercase(),
                "href" => found.href = Some(value.to_owned()),
                _ => {
                    found.names.push(' ');
                    found.names.push_str(&value.to_lowercase());
                }
            }
        }
        found
    }

    /// Whether it looks like a button without being one.
    pub(super) fn is_button(&self) -> bool {
        self.role == "button" || self.names.split([' ', '-', '_']).any(|word| matches!(word, "btn" | "button"))
    }
}

/// Whether an element is suspected; `in_content` says that it stands inside of `main` or `article`.
pub(super) fn suspect(name: &str, attributes: &Attributes, in_content: bool) -> Option<Suspicion> {
    if matches!(name, "html" | "body" | "main" | "article" | "a") && !attributes.names.contains("skip") {
        return None;
    }
    let plain = |token: &str| token.replace(['-', '_'], "");
    let is_sure = |token: &str| SURE.contains(&token) || MAKERS.iter().any(|maker| token.starts_with(maker));
    let named = attributes.names.split_ascii_whitespace().map(plain).any(|token| is_sure(&token));
    let element = matches!(name, "nav" | "dialog") || matches!(name, "footer" | "aside") && !in_content;
    if element || named || ROLES.contains(&attributes.role.as_str()) {
        return Some(Suspicion::Sure);
    }
    let worded = attributes.names.split(|letter: char| !letter.is_alphanumeric()).any(|word| MAYBE.contains(&word));
    (worded || attributes.role == "banner" || attributes.role == "complementary" || matches!(name, "footer" | "aside"))
        .then_some(Suspicion::Maybe)
}

impl Suspicion {
    /// Whether what an element holds confirms it, on a page of `whole` bytes of text.
    ///
    /// What holds more than half of the page is the page, whatever it is called; but a menu stays a menu.
    pub(super) fn holds(self, content: Content, whole: usize) -> bool {
        let mostly_links = content.linked * 2 > content.text;
        let small = match self {
            Self::Sure => content.text <= SURE_MAX,
            Self::Maybe => content.buttons > 0 && content.text <= DIALOG_MAX,
        };
        mostly_links || small && content.text * 2 <= whole
    }
}

/// A line that pages carry without saying so in their markup: "Skip to content", "© 2026 Acme".
pub(super) fn is_leftover(line: &str) -> bool {
    static LEFTOVER: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r"(?i)^(?:(?:skip|jump) to (?:main )?(?:content|navigation)|(?:aller|passer|accéder) au (?:contenu|menu)(?: principal)?|(?:©|(?:\(c\)|copyright)(?: ©| \(c\))? ?(?:19|20)[0-9]{2}).{0,160})$";
        Regex::new(pattern).expect("a constant pattern")
    });
    line.len() <= 200 && LEFTOVER.is_match(line.trim())
}
