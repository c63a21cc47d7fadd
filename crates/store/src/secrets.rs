//! Passing secrets, sealed under their person's key until they are used: never in an entry, never readable in a table.

use crate::tx::{Tx, damaged};
use crate::{Store, StoreError};
use kernel::{Secret, SubjectId};
use vault::SubjectKey;

impl Tx<'_> {
    /// Encrypts `plain` under the key of `subject`, for the place that `place` names.
    ///
    /// # Errors
    /// [`StoreError::Erased`] when the person has been erased.
    pub async fn seal_secret(
        &mut self,
        subject: &SubjectId,
        place: &str,
        plain: &Secret<String>,
    ) -> Result<Vec<u8>, StoreError> {
        let key = self.subject_key(subject).await?;
        key.seal(&aad(place), plain.expose().as_bytes(), self.entropy()).map_err(damaged)
    }
}

impl Store {
    /// Decrypts what [`Tx::seal_secret`] made for the same person and place; none when the person has been erased.
    ///
    /// # Errors
    /// When the bytes do not open.
    pub async fn open_secret(
        &self,
        subject: &SubjectId,
        place: &str,
        sealed: &[u8],
    ) -> Result<Option<Secret<String>>, StoreError> {
        let sql = "SELECT wrapped FROM subject_keys WHERE subject = $1 AND destroyed_at IS NULL";
        let Some(row) = self.read().row(sql, vec![subject.into()]).await? else { return Ok(None) };
        let key = SubjectKey::unwrap(&row.bytes("wrapped")?, self.keys.master(), subject)
            .map_err(|error| StoreError::Keys(error.to_string()))?;
        let plain = key.open(&aad(place), sealed).map_err(damaged)?;
        String::from_utf8(plain.expose().clone()).map(|text| Some(Secret::new(text))).map_err(damaged)
    }
}

fn aad(place: &str) -> String {
    format!("secret/{place}")
}
