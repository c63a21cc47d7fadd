//! The servers the tests talk to, from start to clean-up.

use std::fs;
use std::path::{Path, PathBuf};

use crate::keeper::Keeper;
use crate::{Trouble, folder, machine, postgres};

/// URL of the cluster, superuser included.
pub const POSTGRES: &str = "GARANT_TEST_POSTGRES";
/// Path of chromedriver.
pub const CHROMEDRIVER: &str = "GARANT_TEST_CHROMEDRIVER";
/// Path of a Python that has aiosmtpd.
pub const PYTHON: &str = "GARANT_TEST_PYTHON";

/// Path of dovecot; each test starts a server of its own, in a folder of its own.
pub const DOVECOT: &str = "GARANT_TEST_DOVECOT";

/// Room the cluster needs while the tests create and drop their databases.
const SPACE_MIB: u64 = 1024;

/// Running servers; dropping this stops them and removes their folder.
#[derive(Debug)]
pub struct Services {
    keeper: Keeper,
    folder: PathBuf,
    environment: Vec<(&'static str, String)>,
}

impl Services {
    /// Starts everything; returns once the cluster accepts connections.
    ///
    /// # Errors
    /// What the machine lacks, or what a server refused.
    pub fn start() -> Result<Self, Trouble> {
        let Some(programs) = postgres::find() else {
            return Err(Trouble::new("PostgreSQL is not installed", "On Debian: `apt-get install postgresql`."));
        };
        folder::require_space(&std::env::temp_dir(), SPACE_MIB)?;
        let folder = folder::create()?;
        let keeper = Keeper::start(&folder, &programs.pg_ctl).inspect_err(|_| {
            let _ = fs::remove_dir(&folder);
        })?;
        let port = postgres::start(&folder, &programs)?;
        Ok(Self { keeper, folder, environment: environment(port) })
    }

    /// Names and values of the variables the tests read.
    pub fn environment(&self) -> &[(&'static str, String)] {
        &self.environment
    }

    /// The temporary folder all servers live in.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whoever stops a step we can no longer stop ourselves.
    pub fn keeper(&mut self) -> &mut Keeper {
        &mut self.keeper
    }
}

fn environment(port: u16) -> Vec<(&'static str, String)> {
    let text = |path: PathBuf| path.display().to_string();
    let postgres = format!("postgres://{}@127.0.0.1:{port}/postgres", postgres::USER);
    let found = [(CHROMEDRIVER, machine::chromedriver()), (PYTHON, machine::python()), (DOVECOT, machine::dovecot())];
    let found = found.into_iter().filter_map(|(name, path)| Some((name, text(path?))));
    std::iter::once((POSTGRES, postgres)).chain(found).collect()
}
