//! Cleans up whatever happens: normal end, panic, Ctrl-C, SIGTERM, even SIGKILL.
//!
//! A second process holds the reading end of a pipe whose only writing end is ours. When we go, for any
//! reason, the pipe closes; the second process then stops the running step, stops the cluster and removes the
//! folder. No signal handler is needed, so no unsafe code either.

use std::fs;
use std::io::{BufRead, Write};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::Trouble;
use crate::postgres::Owner;

/// Our end of the pipe. Dropping it cleans up and waits until that is done.
#[derive(Debug)]
pub struct Keeper {
    process: Child,
}

impl Keeper {
    /// Starts the second process: from now on `folder` will not outlive us.
    ///
    /// # Errors
    /// This very program could not be started again.
    pub fn start(folder: &Path, pg_ctl: &Path) -> Result<Self, Trouble> {
        let myself = std::env::current_exe().map_err(|cause| Trouble::cannot_start("xtask", &cause))?;
        let process = Command::new(myself)
            .arg("keep")
            .args([folder, pg_ctl])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .process_group(0)
            .spawn()
            .map_err(|cause| Trouble::cannot_start("xtask keep", &cause))?;
        Ok(Self { process })
    }

    /// Names the process group of the step now running; it is stopped if we go before it ends.
    pub fn step_begins(&mut self, group: u32) {
        self.tell(&format!("{group}\n"));
    }

    /// The step has ended: there is nothing to stop.
    pub fn step_ends(&mut self) {
        self.tell("none\n");
    }

    fn tell(&mut self, line: &str) {
        // A keeper that has gone cannot listen; the step's own result still counts.
        let _ = self.process.stdin.as_mut().map(|pipe| pipe.write_all(line.as_bytes()));
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        if let Err(cause) = self.process.wait() {
            eprintln!("warning: cannot wait for the clean-up: {cause}");
        }
    }
}

/// The life of the second process: listen until the pipe closes, then clean up.
pub fn keep(folder: &str, pg_ctl: &str) {
    if let Some(group) = last_step(std::io::stdin().lock()) {
        stop_group(group);
    }
    let folder = PathBuf::from(folder);
    stop_cluster(Path::new(pg_ctl), &crate::postgres::data_folder(&folder));
    if let Err(cause) = fs::remove_dir_all(&folder) {
        eprintln!("warning: cannot remove {}: {cause}", folder.display());
    }
}

/// The step still running when the pipe closed, if any.
fn last_step(pipe: impl BufRead) -> Option<u32> {
    pipe.lines().map_while(Result::ok).last().and_then(|line| line.parse().ok())
}

fn stop_group(group: u32) {
    let _ = Command::new("sh").arg("-c").arg(format!("kill -s TERM -{group}")).stderr(Stdio::null()).status();
}

fn stop_cluster(pg_ctl: &Path, data: &Path) {
    if !data.join("postmaster.pid").exists() {
        return;
    }
    let mut stop = Command::new(pg_ctl);
    stop.arg("stop").arg("-D").arg(data).args(["-m", "immediate", "-w", "-t", "30"]);
    stop.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null());
    if let Ok(metadata) = data.metadata() {
        Owner { uid: metadata.uid(), gid: metadata.gid() }.runs(&mut stop);
    }
    if !stop.status().is_ok_and(|status| status.success()) {
        eprintln!("warning: cannot stop the PostgreSQL cluster in {}", data.display());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_step_that_has_not_ended_is_stopped() {
        assert_eq!(last_step(&b"12\nnone\n34\n"[..]), Some(34));
        assert_eq!(last_step(&b"12\nnone\n"[..]), None);
        assert_eq!(last_step(&b""[..]), None);
    }
}
