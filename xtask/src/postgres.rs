//! A private PostgreSQL cluster: its own folder, its own port, no password, nothing durable.
//!
//! It listens on 127.0.0.1 alone, without a Unix socket (a long temporary path would overflow its name).
//! PostgreSQL refuses to run as root, so root hands the folder to `nobody`.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::{Trouble, machine};

/// The superuser of the cluster.
pub const USER: &str = "garant";

/// How many ports to try: another program may take a free port between the choice and its use.
const PORT_ATTEMPTS_MAX: u32 = 5;
/// How long `pg_ctl` waits for the cluster to accept connections.
const START_SECONDS_MAX: u32 = 60;
/// How many lines of the server's log an error shows.
const LOG_LINES_MAX: usize = 12;

/// Many tests run at once, each with its own database; none of them survives a power cut, and none must.
const SETTINGS: &str = "
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 300
shared_buffers = 256MB
fsync = off
synchronous_commit = off
full_page_writes = off
max_wal_size = 1GB
";

/// The programs of one PostgreSQL installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programs {
    /// Creates a cluster.
    pub initdb: PathBuf,
    /// Starts and stops it.
    pub pg_ctl: PathBuf,
}

/// The account that owns the cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    /// User number.
    pub uid: u32,
    /// Group number.
    pub gid: u32,
}

impl Owner {
    /// `nobody` when we are root; otherwise ourselves, which needs no change.
    fn of_new_cluster() -> Option<Self> {
        machine::is_root().then_some(Self { uid: 65_534, gid: 65_534 })
    }

    /// Lets `command` run as this account; only root may and needs to.
    pub fn runs(self, command: &mut Command) {
        if machine::is_root() {
            command.uid(self.uid).gid(self.gid);
        }
    }
}

/// The newest installation: Debian keeps one folder per version, others put the programs in PATH.
pub fn find() -> Option<Programs> {
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path());
    let mut versions: Vec<PathBuf> = debian.collect();
    versions.sort_by_key(|path| std::cmp::Reverse(version(path)));
    let debian = versions.into_iter().map(|path| path.join("bin"));
    debian.chain(machine::search_path()).find_map(|folder| programs_in(&folder))
}

fn version(path: &Path) -> u32 {
    path.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse().ok()).unwrap_or(0)
}

fn programs_in(folder: &Path) -> Option<Programs> {
    let programs = Programs { initdb: folder.join("initdb"), pg_ctl: folder.join("pg_ctl") };
    (programs.initdb.is_file() && programs.pg_ctl.is_file()).then_some(programs)
}

/// Where the cluster lives inside the temporary folder.
pub fn data_folder(folder: &Path) -> PathBuf {
    folder.join("postgres").join("data")
}

/// Creates and starts a cluster inside `folder`; returns the port once it accepts connections.
///
/// # Errors
/// What PostgreSQL said, with the end of its log.
pub fn start(folder: &Path, programs: &Programs) -> Result<u16, Trouble> {
    let owner = Owner::of_new_cluster();
    prepare_folder(&folder.join("postgres"), owner)?;
    let data = data_folder(folder);
    create_cluster(&data, programs, owner)?;
    for _ in 1..PORT_ATTEMPTS_MAX {
        let port = free_port()?;
        match start_on(port, &data, programs, owner) {
            Err(trouble) if trouble.what().contains("Address already in use") => {}
            other => return other.map(|()| port),
        }
    }
    let port = free_port()?;
    start_on(port, &data, programs, owner).map(|()| port)
}

fn prepare_folder(folder: &Path, owner: Option<Owner>) -> Result<(), Trouble> {
    let made = fs::create_dir(folder);
    let given = made.and_then(|()| owner.map_or(Ok(()), |owner| chown(folder, Some(owner.uid), Some(owner.gid))));
    given.map_err(|cause| {
        Trouble::new(
            format!("cannot prepare {}: {cause}", folder.display()),
            "Set TMPDIR to a folder you may write to.",
        )
    })
}

fn create_cluster(data: &Path, programs: &Programs, owner: Option<Owner>) -> Result<(), Trouble> {
    let mut initdb = Command::new(&programs.initdb);
    initdb.arg("-D").arg(data).args(["-A", "trust", "-U", USER, "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]);
    let output = output_as(owner, &mut initdb)?;
    if !output.status.success() {
        return Err(refused("create a PostgreSQL cluster", &String::from_utf8_lossy(&output.stderr)));
    }
    let settings = OpenOptions::new().append(true).open(data.join("postgresql.conf"));
    settings.and_then(|mut file| file.write_all(SETTINGS.as_bytes())).map_err(|cause| {
        Trouble::new(format!("cannot write the settings of PostgreSQL: {cause}"), "Check the room left on the disk.")
    })
}

fn start_on(port: u16, data: &Path, programs: &Programs, owner: Option<Owner>) -> Result<(), Trouble> {
    let log = data.with_file_name(format!("log-{port}"));
    let mut start = Command::new(&programs.pg_ctl);
    start.arg("start").arg("-D").arg(data).arg("-l").arg(&log).args(["-o", &format!("-p {port}")]);
    start.args(["-w", "-t", &START_SECONDS_MAX.to_string()]);
    let output = output_as(owner, &mut start)?;
    if output.status.success() {
        return Ok(());
    }
    let said = fs::read(&log).unwrap_or(output.stderr);
    Err(refused("start PostgreSQL", &String::from_utf8_lossy(&said)))
}

fn output_as(owner: Option<Owner>, command: &mut Command) -> Result<Output, Trouble> {
    if let Some(owner) = owner {
        owner.runs(command);
    }
    let name = command.get_program().to_string_lossy().into_owned();
    // Another account may not be allowed to stand where we stand.
    let command = command.current_dir("/").env_remove("PGDATA").env_remove("PGPORT").stdin(Stdio::null());
    command.output().map_err(|cause| Trouble::cannot_start(&name, &cause))
}

fn refused(purpose: &str, said: &str) -> Trouble {
    let lines: Vec<&str> = said.lines().collect();
    let tail = lines[lines.len().saturating_sub(LOG_LINES_MAX)..].join("\n    ");
    Trouble::new(format!("cannot {purpose}; it said:\n    {tail}"), remedy(said))
}

fn remedy(said: &str) -> &'static str {
    if said.contains("No space left") {
        "The disk is full: free some space, or set TMPDIR to a folder on another disk."
    } else if said.contains("Permission denied") || said.contains("could not access directory") {
        "PostgreSQL does not run as root and takes the account `nobody`: set TMPDIR to a folder everybody may enter."
    } else if said.contains("Address already in use") {
        "Other programs keep taking the ports; end some of them and try again."
    } else if said.contains("shared memory") || said.contains("Cannot allocate memory") {
        "The machine is short of memory: 256 MiB are needed for PostgreSQL."
    } else {
        "Check the PostgreSQL installation: `apt-get install --reinstall postgresql`."
    }
}

/// A port nobody listens on just now.
fn free_port() -> Result<u16, Trouble> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
    listener.and_then(|listener| listener.local_addr()).map(|address| address.port()).map_err(|cause| {
        Trouble::new(format!("no port is free on 127.0.0.1: {cause}"), "Check that the loopback interface is up.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_is_a_number_not_a_word() {
        assert!(version(Path::new("/usr/lib/postgresql/15")) > version(Path::new("/usr/lib/postgresql/9")));
    }

    #[test]
    fn each_refusal_of_postgresql_has_its_remedy() {
        for (said, expected) in [
            ("FATAL: could not write: No space left on device", "disk is full"),
            ("initdb: error: could not access directory \"/root/x\": Permission denied", "everybody may enter"),
            ("LOG: could not bind IPv4 address \"127.0.0.1\": Address already in use", "ports"),
            ("FATAL: could not map anonymous shared memory: Cannot allocate memory", "memory"),
            ("something else", "installation"),
        ] {
            assert!(remedy(said).contains(expected), "{said}: {}", remedy(said));
        }
    }

    #[test]
    fn an_error_shows_the_end_of_the_log() {
        let log: String = (0..40).map(|line| format!("line {line}\n")).collect();
        let trouble = refused("start PostgreSQL", &log);
        assert!(trouble.what().contains("line 39") && !trouble.what().contains("line 20"), "{trouble}");
    }

    #[test]
    fn a_free_port_can_be_listened_on() {
        let port = free_port().expect("a port");
        assert_ne!(port, 0);
    }
}
