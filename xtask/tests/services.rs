//! The program as people use it: servers start for real, nothing of them outlives it, however it ends, and its
//! last line and exit code tell what the checks said.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

struct Running {
    program: Child,
    folder: PathBuf,
    address: String,
}

fn start() -> Running {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(["services", "--no-install"]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut program = command.spawn().expect("xtask was built with this test");
    let mut lines = BufReader::new(program.stdout.take().expect("stdout is a pipe")).lines();
    let mut next = || lines.next().and_then(Result::ok).unwrap_or_default();
    let (heading, postgres) = (next(), next());
    let folder = heading.split(' ').nth(4).map(PathBuf::from).expect("the heading names the folder");
    let address = postgres.strip_prefix("export GARANT_TEST_POSTGRES=postgres://garant@");
    let address =
        address.and_then(|rest| rest.strip_suffix("/postgres")).expect("the second line is the URL").to_owned();
    Running { program, folder, address }
}

/// Whatever cleans up holds the error pipe open until it is done.
fn wait_for_clean_up(program: &mut Child) -> String {
    let mut said = String::new();
    program.stderr.take().expect("stderr is a pipe").read_to_string(&mut said).expect("stderr is UTF-8");
    program.wait().expect("the program can be waited for");
    said
}

#[test]
fn servers_answer_and_vanish_even_when_the_program_is_killed() {
    let mut running = start();
    assert!(running.folder.is_dir());
    TcpStream::connect(&running.address).expect("PostgreSQL accepts connections");

    running.program.kill().expect("our own child");
    let said = wait_for_clean_up(&mut running.program);

    assert_eq!(said, "");
    assert!(!running.folder.exists(), "the folder is left behind");
    TcpStream::connect(&running.address).expect_err("PostgreSQL has stopped");
}

#[test]
fn a_command_nobody_knows_prints_usage_and_exits_with_2() {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask")).arg("tset").output().expect("xtask was built");
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(2));
    assert!(said.starts_with("error: no command is called `tset`\n\nPrepares this machine"), "{said}");
}

#[test]
fn help_goes_to_standard_output() {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask")).arg("--help").output().expect("xtask was built");
    assert!(output.status.success());
    assert!(output.stdout.starts_with(b"Prepares this machine"));
}

/// Runs all checks with a script in the place of cargo, so that what cargo answers is known beforehand.
fn test_with_cargo(name: &str, script: &str) -> Output {
    let cargo = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&cargo, format!("#!/bin/sh\n{script}\n")).expect("cargo gives tests a folder to write to");
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).expect("the script is ours");
    let mut xtask = Command::new(env!("CARGO_BIN_EXE_xtask"));
    xtask.args(["test", "--no-install"]).env("CARGO", cargo).stdin(Stdio::null());
    xtask.output().expect("xtask was built with this test")
}

fn last_line(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).lines().last().unwrap_or_default().to_owned()
}

#[test]
fn a_good_run_exits_with_0_and_hands_the_servers_to_the_tests() {
    let script = r#"[ "$1" != test ] || echo "test result: ok. ${GARANT_TEST_POSTGRES:+7} passed; 0 failed;""#;
    let output = test_with_cargo("good-cargo", script);
    assert_eq!(last_line(&output), "7 passed, 0 failed");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_lint_and_a_failed_test_are_both_counted_and_nothing_is_skipped() {
    let script = r#"
case "$*" in
  *--version) ;;
  clippy*) exit 101 ;;
  test*) echo "test a::b ... FAILED"; echo "test result: FAILED. 3 passed; 1 failed;"; exit 101 ;;
esac"#;
    let output = test_with_cargo("bad-cargo", script);
    assert_eq!(last_line(&output), "3 passed, 2 failed");
    assert_eq!(output.status.code(), Some(1));
}
