//! The ways into accounts.

use super::{entrance, factor_pages, invite_pages, link_pages, own, pages, passkey_pages, rules, sign_in};
use crate::Route;
use axum::routing::{get, post};
use web::guard::Access;
use web::{Step, login};

pub(super) const ROUTES: &[Route] = &[
    Route { method: "GET", path: "/sign-in", access: Access::Public, handler: || get(sign_in::page) },
    Route { method: "POST", path: "/sign-in", access: Access::Public, handler: || post(sign_in::post) },
    Route {
        method: "GET",
        path: "/sign-in/forgotten",
        access: Access::Public,
        handler: || get(link_pages::forgotten_page),
    },
    Route {
        method: "POST",
        path: "/sign-in/forgotten",
        access: Access::Public,
        handler: || post(link_pages::forgotten),
    },
    Route {
        method: "GET",
        path: "/sign-in/passkey",
        access: Access::Public,
        handler: || get(passkey_pages::enter_page),
    },
    Route { method: "POST", path: "/sign-in/passkey", access: Access::Public, handler: || post(passkey_pages::enter) },
    Route {
        method: "POST",
        path: "/sign-in/factor/passkey",
        access: Access::Entering(&[Step::Factor]),
        handler: || post(entrance::factor_passkey),
    },
    Route {
        method: "POST",
        path: "/sign-in/again/passkey",
        access: Access::Entering(&[Step::Enrol]),
        handler: || post(entrance::again_passkey),
    },
    Route {
        method: "GET",
        path: "/account/factors/passkey",
        access: Access::Entering(&[Step::Enrol]),
        handler: || get(passkey_pages::new),
    },
    Route {
        method: "POST",
        path: "/account/factors/passkey",
        access: Access::Entering(&[Step::Enrol]),
        handler: || post(passkey_pages::add),
    },
    Route {
        method: "GET",
        path: "/sign-in/factor",
        access: Access::Entering(&[Step::Factor]),
        handler: || get(entrance::factor_page),
    },
    Route {
        method: "POST",
        path: "/sign-in/factor",
        access: Access::Entering(&[Step::Factor]),
        handler: || post(entrance::factor),
    },
    Route {
        method: "GET",
        path: "/sign-in/again",
        access: Access::Entering(&[Step::Enrol]),
        handler: || get(entrance::again_page),
    },
    Route {
        method: "POST",
        path: "/sign-in/again",
        access: Access::Entering(&[Step::Enrol]),
        handler: || post(entrance::again),
    },
    Route {
        method: "POST",
        path: "/sign-out",
        access: Access::Entering(&[Step::Factor, Step::Renew, Step::Enrol]),
        handler: || post(sign_in::out),
    },
    Route {
        method: "GET",
        path: "/invitation/{token}",
        access: Access::Public,
        handler: || get(link_pages::invitation),
    },
    Route { method: "POST", path: "/invitation/{token}", access: Access::Public, handler: || post(link_pages::accept) },
    Route { method: "GET", path: "/password/{token}", access: Access::Public, handler: || get(link_pages::link) },
    Route { method: "POST", path: "/password/{token}", access: Access::Public, handler: || post(link_pages::set) },
    Route { method: "GET", path: "/language", access: Access::Public, handler: || get(login::language) },
    Route { method: "GET", path: "/accounts", access: Access::May("accounts.read"), handler: || get(pages::list) },
    Route {
        method: "GET",
        path: "/accounts/rules",
        access: Access::May("accounts.read"),
        handler: || get(rules::page),
    },
    Route {
        method: "POST",
        path: "/accounts/rules",
        access: Access::Fresh("accounts.rules"),
        handler: || post(rules::set),
    },
    Route {
        method: "GET",
        path: "/accounts/new",
        access: Access::May("accounts.invite"),
        handler: || get(invite_pages::new),
    },
    Route {
        method: "POST",
        path: "/accounts/new",
        access: Access::Fresh("accounts.invite"),
        handler: || post(invite_pages::invite),
    },
    Route { method: "GET", path: "/accounts/{id}", access: Access::May("accounts.read"), handler: || get(pages::one) },
    Route {
        method: "POST",
        path: "/accounts/{id}/role",
        access: Access::Fresh("accounts.change"),
        handler: || post(pages::role),
    },
    Route {
        method: "POST",
        path: "/accounts/{id}/until",
        access: Access::Fresh("accounts.change"),
        handler: || post(pages::until),
    },
    Route {
        method: "POST",
        path: "/accounts/{id}/factors",
        access: Access::Fresh("accounts.change"),
        handler: || post(pages::reset),
    },
    Route {
        method: "POST",
        path: "/accounts/{id}/close",
        access: Access::Fresh("accounts.change"),
        handler: || post(pages::close),
    },
    Route {
        method: "POST",
        path: "/accounts/{id}/revoke",
        access: Access::May("accounts.change"),
        handler: || post(pages::revoke),
    },
    Route {
        method: "POST",
        path: "/accounts/{id}/withdraw",
        access: Access::May("accounts.invite"),
        handler: || post(invite_pages::withdraw),
    },
    Route { method: "GET", path: "/account", access: Access::May("account.own"), handler: || get(own::page) },
    Route {
        method: "GET",
        path: "/account/password",
        access: Access::Entering(&[Step::Renew]),
        handler: || get(own::password_page),
    },
    Route {
        method: "POST",
        path: "/account/password",
        access: Access::Entering(&[Step::Renew]),
        handler: || post(own::password),
    },
    Route {
        method: "POST",
        path: "/account/sessions",
        access: Access::May("account.own"),
        handler: || post(own::end_session),
    },
    Route {
        method: "POST",
        path: "/account/revoke",
        access: Access::May("account.own"),
        handler: || post(own::revoke),
    },
    Route {
        method: "GET",
        path: "/account/factors",
        access: Access::Entering(&[Step::Enrol]),
        handler: || get(factor_pages::list),
    },
    Route {
        method: "GET",
        path: "/account/factors/new",
        access: Access::Entering(&[Step::Enrol]),
        handler: || get(factor_pages::new),
    },
    Route {
        method: "POST",
        path: "/account/factors",
        access: Access::Entering(&[Step::Enrol]),
        handler: || post(factor_pages::add),
    },
    Route {
        method: "POST",
        path: "/account/factors/remove",
        access: Access::Fresh("account.own"),
        handler: || post(factor_pages::remove),
    },
    Route {
        method: "POST",
        path: "/account/factors/recovery",
        access: Access::Fresh("account.own"),
        handler: || post(factor_pages::recovery),
    },
];
