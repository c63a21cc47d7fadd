//! Agreements as the other party sees them: those that bind or bound both sides, never what is still being read or reviewed.
//! Every question names the controller.

use super::store::{AgreementRow, agreement};
use ::store::{Ask, StoreError};
use kernel::{AgreementId, ControllerId};

/// The agreements of a controller that are or were in force, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn of_controller(db: &mut impl Ask, controller: &ControllerId) -> Result<Vec<AgreementRow>, StoreError> {
    let sql = "SELECT a.*, c.name AS controller_name FROM agreements a JOIN controllers c ON c.id = a.controller \
               WHERE a.controller = $1 AND a.state IN ('in-force', 'replaced') ORDER BY a.in_force_at DESC, a.id DESC LIMIT 200";
    db.rows(sql, vec![controller.into()]).await?.iter().map(agreement).collect()
}

/// One of them.
///
/// # Errors
/// When the database fails.
pub async fn find_of(
    db: &mut impl Ask,
    controller: &ControllerId,
    id: &AgreementId,
) -> Result<Option<AgreementRow>, StoreError> {
    let sql = "SELECT a.*, c.name AS controller_name FROM agreements a JOIN controllers c ON c.id = a.controller \
               WHERE a.id = $1 AND a.controller = $2 AND a.state IN ('in-force', 'replaced')";
    db.rows(sql, vec![id.into(), controller.into()]).await?.first().map(agreement).transpose()
}
