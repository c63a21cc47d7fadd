//! The frame of every page: skip link, side navigation, title, language, sign-out.

use crate::assets::{CONSOLE_JS_PATH, CSS_PATH, PASSKEY_JS_PATH};
use crate::guard::Scripted;
use crate::{CLIENT_HOME, Role, Shell, Visit, link};
use axum::response::{IntoResponse, Response};
use kernel::Lang;
use maud::{DOCTYPE, Markup, html};

/// A whole page. Without a visit (an error before we know who asks) there is no navigation.
#[must_use]
pub fn page(shell: &Shell, visit: Option<&Visit>, title: &str, body: &Markup) -> Markup {
    with_action(shell, visit, title, None, body)
}

/// A page that asks for a passkey: the one kind of page that runs a script, ours alone.
#[must_use]
pub fn with_passkey(shell: &Shell, visit: &Visit, title: &str, body: &Markup) -> Response {
    let body = html! { (body) script src=(*PASSKEY_JS_PATH) defer {} };
    let mut response = page(shell, Some(visit), title, &body).into_response();
    response.extensions_mut().insert(Scripted);
    response
}

/// A page whose title carries its one primary action.
#[must_use]
pub fn with_action(shell: &Shell, visit: Option<&Visit>, title: &str, action: Option<Markup>, body: &Markup) -> Markup {
    let lang = visit.map_or(Lang::En, |visit| visit.lang);
    let signed_in = visit.is_some_and(|visit| visit.session.is_some());
    html! {
        (DOCTYPE)
        html lang=(lang.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · " (shell.texts.get(lang, "brand")) }
                link rel="stylesheet" href=(*CSS_PATH);
                @if visit.is_some_and(is_console) { script src=(*CONSOLE_JS_PATH) defer {} }
                link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='3' fill='%232b4fa8'/%3E%3Cpath d='M4 8l3 3 5-6' stroke='white' stroke-width='2' fill='none'/%3E%3C/svg%3E";
            }
            body.(if signed_in { "office" } else { "plain" }) {
                a.skip href="#content" { (shell.texts.get(lang, "skip")) }
                @if let Some(visit) = visit.filter(|_| signed_in) { (side(shell, visit)) }
                main id="content" tabindex="-1" {
                    header.title {
                        h1 { (title) }
                        @if let Some(action) = action { (action) }
                    }
                    (body)
                }
                @if !signed_in { footer { (language(shell, lang, visit.map_or("/", |v| &v.asked))) } }
            }
        }
    }
}

/// Whether a visit sees the console of the house, which our script sharpens: nobody else's pages carry one.
pub(crate) fn is_console(visit: &Visit) -> bool {
    visit.session.as_ref().is_some_and(|session| session.step.is_none() && !session.role.is_controllers())
}

fn side(shell: &Shell, visit: &Visit) -> Markup {
    let lang = visit.lang;
    let text = |key: &str| shell.texts.get(lang, key);
    let Some(session) = &visit.session else { return html! {} };
    html! {
        header.side {
            a.brand href="/" { (text("brand")) @if session.role.is_controllers() { br; span.area { (text("client-area")) } } }
            @if is_console(visit) {
                form.search role="search" aria-label=(text("side-search-go")) method="post" action="/search" {
                    input type="hidden" name="csrf" value=(session.csrf);
                    input #side-search type="search" name="q" placeholder=(text("side-search")) aria-label=(text("side-search"))
                        aria-keyshortcuts="Control+K" autocomplete="off";
                    button.unseen type="submit" { (text("side-search-go")) }
                }
            }
            nav aria-label=(text("nav")) {
                ul {
                    @for item in shell.nav.iter().filter(|item| shell.policy.may(session.role, item.permission)) {
                        li { a href=(item.path) aria-current=[current(item.path, &visit.path)] { (text(item.key)) } }
                    }
                }
            }
            div.who {
                p { a href="/account" { (session.name) } br; span.quiet { (text(role_key(session.role))) } }
                form method="post" action="/sign-out" {
                    input type="hidden" name="csrf" value=(session.csrf);
                    button.link type="submit" { (text("sign-out")) }
                }
                (language(shell, lang, &visit.asked))
            }
        }
    }
}

/// How somebody's role is called where they see it themselves: a controller's people need not be told whose.
fn role_key(role: Role) -> &'static str {
    match role {
        Role::Owner => "role-owner",
        Role::Dpo => "role-dpo",
        Role::Engineer => "role-engineer",
        Role::Support => "role-support",
        Role::Auditor => "role-auditor",
        Role::ControllerAdmin => "area-role-controller-admin",
        Role::ControllerMember => "area-role-controller-member",
    }
}

fn current(item: &str, path: &str) -> Option<&'static str> {
    let below = path.strip_prefix(item).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let here = if item == "/" || item == CLIENT_HOME { path == item } else { below };
    here.then_some("page")
}

/// A link that keeps the page and changes the language; the choice is kept in a cookie.
fn language(shell: &Shell, lang: Lang, back: &str) -> Markup {
    let other = lang.pick(Lang::Fr, Lang::En);
    html! {
        p.language { a href={ "/language?to=" (other.code()) "&next=" (link::encode(back)) } lang=(other.code()) hreflang=(other.code()) {
            (shell.texts.get(lang, "language-other"))
        } }
    }
}
