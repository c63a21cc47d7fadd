//! The servers the tests rely on start for real, and nothing of them outlives the program, however it ends.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

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
