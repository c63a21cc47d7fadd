//! How tests run the binary: in a folder of its own, in English unless told otherwise, without colours.

use std::io::Write;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// How a command ended.
pub(crate) struct Ended {
    /// Its exit code.
    pub(crate) exit: i32,
    /// Its data.
    pub(crate) stdout: String,
    /// Its words.
    pub(crate) stderr: String,
}

/// A folder with files in it.
pub(crate) fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    for (name, bytes) in files {
        std::fs::write(dir.path().join(name), bytes).expect("a file in a temporary folder");
    }
    dir
}

/// The binary, in `dir`, ready for arguments.
pub(crate) fn command(dir: &TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_garant"));
    command.current_dir(dir.path()).env_clear().env("LC_ALL", "C");
    command
}

/// Runs the binary in `dir`.
pub(crate) fn garant(dir: &TempDir, args: &[&str]) -> Ended {
    garant_with(dir, args, b"", &[])
}

/// Runs the binary in `dir` with something on its standard input and in its environment.
pub(crate) fn garant_with(dir: &TempDir, args: &[&str], stdin: &[u8], env: &[(&str, &str)]) -> Ended {
    let mut command = command(dir);
    command.args(args).envs(env.iter().copied());
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary was built for this test");
    let mut pipe = child.stdin.take().expect("standard input is piped");
    let stdin = stdin.to_vec();
    let writer = std::thread::spawn(move || pipe.write_all(&stdin));
    let output = child.wait_with_output().expect("the binary ends");
    // A command that does not read its input closes it: that is no failure.
    let _ = writer.join();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    Ended { exit: output.status.code().unwrap_or(-1), stdout: text(output.stdout), stderr: text(output.stderr) }
}
