//! Who calls: a token, the account behind it, and what both may do now.

use crate::{App, Refusal};
use axum::http::{HeaderMap, StatusCode, header};
use kernel::{Actor, Lang};
use web::bearer::{self, Bearer};
use web::{ApiError, denials};

/// A program that showed a token which holds.
#[derive(Clone)]
pub struct Caller {
    /// Its token, and the account it acts for.
    pub bearer: Bearer,
    /// The language of its answers.
    pub lang: Lang,
}

impl Caller {
    /// The author of what it does.
    #[must_use]
    pub fn actor(&self) -> Actor {
        self.bearer.actor()
    }

    /// Whether both the token and its maker's role carry a permission now.
    #[must_use]
    pub fn may(&self, app: &App, permission: &str) -> bool {
        let carried = self.bearer.permissions.iter().any(|carried| carried == permission);
        let policy = &app.shell.policy;
        carried && !policy.is_for_people(permission) && policy.may(self.bearer.role, permission)
    }

    /// The caller behind `Authorization: Bearer …`.
    ///
    /// # Errors
    /// 401 without a token that holds, 404 when it is only for the other side, 403 when the token does not carry the permission.
    pub(super) async fn of(app: &App, headers: &HeaderMap, permission: &str) -> Result<Self, ApiError> {
        let lang = spoken(headers);
        let bearer = bearer::find(&app.shell, headers).await?.ok_or_else(|| unknown(lang))?;
        // What is only for the other side is not there: a controller's program learns nothing of the house.
        let theirs = app.shell.policy.roles(permission).iter();
        if theirs.clone().all(|role| role.is_controllers() != bearer.role.is_controllers()) {
            return Err(Refusal::not_found("address", "adresse").problem(lang));
        }
        let caller = Self { bearer, lang };
        if caller.may(app, permission) {
            return Ok(caller);
        }
        denials::note_denied(app.store(), &caller.bearer.account, app.now()).await?;
        Err(denied(permission, lang))
    }
}

/// The first language a program names, if it is one of ours.
fn spoken(headers: &HeaderMap) -> Lang {
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    wanted.get(..2).and_then(|tag| tag.parse().ok()).unwrap_or_default()
}

fn unknown(lang: Lang) -> ApiError {
    let refusal = Refusal::new(
        crate::Kind::NotAllowed,
        "token",
        [
            "There is no valid token in the Authorization header.",
            "L'en-tête Authorization ne porte pas de jeton valable.",
        ],
        [
            "Send `Authorization: Bearer TOKEN`; make one behind your name in the console, or with `garant account token`.",
            "Envoyez `Authorization: Bearer JETON` ; créez-en un derrière votre nom dans la console, ou avec `garant account token`.",
        ],
    );
    ApiError { status: StatusCode::UNAUTHORIZED, ..refusal.problem(lang) }
}

fn denied(permission: &str, lang: Lang) -> ApiError {
    let refusal = Refusal::new(
        crate::Kind::NotAllowed,
        "denied",
        [
            &format!("This token does not carry the right {permission}, or the account behind it has lost it."),
            &format!("Ce jeton ne porte pas le droit {permission}, ou le compte qui l'a créé l'a perdu."),
        ],
        ["Make a token with this right.", "Créez un jeton avec ce droit."],
    );
    refusal.problem(lang)
}
