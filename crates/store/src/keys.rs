//! The keys of an installation: one wraps the keys of the data subjects, one signs the ledger.
//!
//! They live in a folder of their own, apart from the database: a copy of the database alone opens
//! nothing and can sign nothing.

use crate::StoreError;
use kernel::{Entropy, Secret};
use ledger::note::SigningKey;
use std::fs;
use std::io::Write;
use std::path::Path;
use vault::MasterKey;

/// What the folder holds; the name comes last, its presence says that the others are whole.
const FILES: [&str; 4] = ["master.key", "ledger.key", "ledger.pub", "installation"];

/// The keys, and the name of the installation they belong to.
pub struct Keys {
    installation: String,
    master: MasterKey,
    signing: SigningKey,
}

impl Keys {
    /// Keys made from `entropy` and kept nowhere: for tests and for checks.
    ///
    /// # Errors
    /// When `installation` is not a name a signed note may carry.
    pub fn generate(installation: &str, entropy: &dyn Entropy) -> Result<Self, StoreError> {
        let signing = signing(installation, entropy.bytes32())?;
        Ok(Self { installation: installation.to_owned(), master: MasterKey::generate(entropy), signing })
    }

    /// Opens the folder `dir`, or makes it with fresh keys when it holds none.
    ///
    /// # Errors
    /// When a file is missing or damaged, or the folder cannot be written. Keys that are there are never
    /// replaced: without them every sealed value is lost.
    pub fn open(dir: &Path, entropy: &dyn Entropy) -> Result<Self, StoreError> {
        if FILES.iter().all(|name| !dir.join(name).exists()) {
            create(dir, entropy)?;
        }
        let read = |name: &str| {
            fs::read_to_string(dir.join(name))
                .map_err(|e| StoreError::Keys(format!("{}: {e}", dir.join(name).display())))
        };
        let installation = read("installation")?.trim().to_owned();
        let master = MasterKey::from_text(Secret::new(read("master.key")?).expose().trim()).map_err(bad)?;
        let seed = Secret::new(read("ledger.key")?);
        let seed: [u8; 32] = hex::decode(seed.expose().trim())
            .ok()
            .and_then(|b| b.try_into().ok())
            .ok_or_else(|| bad("ledger.key is damaged"))?;
        let signing = signing(&installation, seed)?;
        Ok(Self { installation, master, signing })
    }

    /// The name of the installation: the first part of every log's origin.
    #[must_use]
    pub fn installation(&self) -> &str {
        &self.installation
    }

    /// The public key with which anyone verifies our ledger.
    #[must_use]
    pub fn verifier(&self) -> String {
        self.signing.verifier().to_string()
    }

    /// The key that signs checkpoints.
    #[must_use]
    pub fn signing(&self) -> &SigningKey {
        &self.signing
    }

    pub(crate) fn master(&self) -> &MasterKey {
        &self.master
    }
}

/// The key bears the name of the house's own log: verifiers know that log by it.
fn signing(installation: &str, seed: [u8; 32]) -> Result<SigningKey, StoreError> {
    SigningKey::new(&crate::Log::House.origin(installation), &Secret::new(seed)).map_err(bad)
}

fn bad(error: impl std::fmt::Display) -> StoreError {
    StoreError::Keys(error.to_string())
}

fn create(dir: &Path, entropy: &dyn Entropy) -> Result<(), StoreError> {
    let io = |e: std::io::Error| StoreError::Keys(format!("{}: {e}", dir.display()));
    fs::create_dir_all(dir).map_err(io)?;
    restrict(dir, 0o700).map_err(io)?;
    let mut random = [0u8; 5];
    entropy.fill(&mut random);
    let installation = format!("garant-{}", hex::encode(random));
    let seed = entropy.bytes32();
    let key = signing(&installation, seed)?;
    write_private(dir, "master.key", MasterKey::generate(entropy).to_text().expose()).map_err(io)?;
    write_private(dir, "ledger.key", &hex::encode(seed)).map_err(io)?;
    write_private(dir, "ledger.pub", &key.verifier().to_string()).map_err(io)?;
    write_private(dir, "installation", &installation).map_err(io)
}

fn write_private(dir: &Path, name: &str, text: &str) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(dir.join(name))?;
    file.write_all(text.trim_end().as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
}

#[cfg(unix)]
fn restrict(path: &Path, mode: u32) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn restrict(_: &Path, _: u32) -> std::io::Result<()> {
    Ok(())
}
