//! Documents, named by the SHA-256 of their bytes. Entries cite the name; the bytes stay out of the leaves.

use crate::{Store, StoreError, Tx};
use sha2::{Digest, Sha256};

/// The largest document kept, in bytes.
pub const BLOB_BYTES_MAX: usize = 20 << 20;

impl Tx<'_> {
    /// Keeps a document; keeping it twice changes nothing. Gives its name.
    ///
    /// # Errors
    /// When it is larger than [`BLOB_BYTES_MAX`] or the database fails.
    pub async fn keep_blob(&mut self, media_type: &str, bytes: &[u8]) -> Result<String, StoreError> {
        if bytes.len() > BLOB_BYTES_MAX {
            return Err(StoreError::Statement(format!("a document has at most {BLOB_BYTES_MAX} bytes")));
        }
        let name = hex::encode(Sha256::digest(bytes));
        let sql = "INSERT INTO blobs (sha256, media_type, bytes) VALUES ($1, $2, $3) ON CONFLICT (sha256) DO NOTHING";
        self.execute(sql, vec![name.as_str().into(), media_type.into(), bytes.into()]).await?;
        Ok(name)
    }

    /// Forgets a document; its name stays in the entries that cite it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn drop_blob(&mut self, sha256: &str) -> Result<(), StoreError> {
        self.scrub_after_commit();
        self.execute("DELETE FROM blobs WHERE sha256 = $1", vec![sha256.into()]).await.map(drop)
    }
}

impl Store {
    /// A document by name, read back and hashed again.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when it is missing or its bytes have another hash.
    pub async fn blob(&self, sha256: &str) -> Result<Vec<u8>, StoreError> {
        let row = self.read().row("SELECT bytes FROM blobs WHERE sha256 = $1", vec![sha256.into()]).await?;
        let bytes =
            row.ok_or_else(|| StoreError::Damaged(format!("the document {sha256} is missing")))?.bytes("bytes")?;
        if hex::encode(Sha256::digest(&bytes)) == sha256 {
            Ok(bytes)
        } else {
            Err(StoreError::Damaged(format!("the document {sha256} has been changed")))
        }
    }

    /// Whether a document is still kept.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn has_blob(&self, sha256: &str) -> Result<bool, StoreError> {
        let row = self.read().row("SELECT 1 AS one FROM blobs WHERE sha256 = $1", vec![sha256.into()]).await?;
        Ok(row.is_some())
    }
}
