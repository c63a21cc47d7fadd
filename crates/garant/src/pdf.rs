//! A PDF is taken apart in a child of this program, with limits, so that a file made to hurt hurts nobody else.
//!
//! The child is `garant pdf-text`: the PDF on its standard input; on its standard output one line that says how
//! it went, the text, and a mark that this is all. It gives up memory, processor time and files before it reads
//! the first byte.

use crate::error::{Exit, Failure};
use reader::{InThisProcess, PdfText, ReadError};
use rustix::process::{Resource, Rlimit, setrlimit};
use std::ffi::OsString;
use std::fmt::Display;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

/// The most memory the child may ask for, in bytes. A third of it is the program itself and stack it does not touch.
const MEMORY_MAX: u64 = 256 << 20;
/// The most processor time the child may use, in seconds.
const CPU_SECONDS_MAX: u64 = 10;
/// The longest the child may take by the clock on the wall.
const PATIENCE: Duration = Duration::from_secs(30);
/// The most text that is taken from the child, in bytes.
const OUTPUT_MAX: u64 = 8 << 20;
/// How it went, in the child's first line.
const ENDINGS: [(&str, ReadError); 5] = [
    ("scanned", ReadError::Scanned),
    ("empty", ReadError::NoText),
    ("protected", ReadError::Protected { format: "PDF" }),
    ("damaged", ReadError::Damaged { format: "PDF" }),
    ("excessive", EXCESSIVE),
];
/// The first line of a child that could not bind itself to its limits; the cause follows.
const UNBOUND: &str = "unbound";
/// The last byte of a whole answer.
const END: u8 = 4;
const EXCESSIVE: ReadError = ReadError::Excessive { format: "PDF" };

/// The fault is this machine's, not the file's.
fn no_parser(cause: &dyn Display) -> ReadError {
    ReadError::NoParser { format: "PDF", cause: cause.to_string() }
}

/// Takes the text out of a PDF in a child process.
#[derive(Clone, Debug)]
pub(crate) struct InChild {
    program: PathBuf,
    arguments: Vec<OsString>,
    patience: Duration,
}

impl InChild {
    /// A child that is this very program.
    pub(crate) fn of_this_program() -> Self {
        // The kernel's own name of it holds even after the file was replaced by a newer one.
        let same = PathBuf::from("/proc/self/exe");
        let program = if same.exists() { same } else { std::env::current_exe().unwrap_or(same) };
        Self { program, arguments: vec!["pdf-text".into()], patience: PATIENCE }
    }

    fn spawn(&self) -> std::io::Result<Child> {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).env_clear().current_dir("/");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()
    }
}

impl PdfText for InChild {
    fn text(&self, bytes: &[u8]) -> Result<String, ReadError> {
        let child = self.spawn().map_err(|cause| no_parser(&cause))?;
        let answer = talk(child, bytes, self.patience).map_err(|cause| no_parser(&cause))?;
        // A child that died did not come to its end: it had come to one of its limits.
        let whole = String::from_utf8(answer).ok().filter(|answer| answer.ends_with(char::from(END)));
        let answer = whole.ok_or(EXCESSIVE)?;
        let (ending, text) = answer.split_once('\n').ok_or(EXCESSIVE)?;
        let text = text.trim_end_matches(char::from(END));
        match ENDINGS.iter().find(|(word, _)| *word == ending) {
            Some((_, error)) => Err(error.clone()),
            None if ending == UNBOUND => Err(no_parser(&text)),
            None => Ok(text.to_owned()),
        }
    }
}

/// Gives the child its input and takes its output; it is ended after that, or when it takes too long.
fn talk(mut child: Child, bytes: &[u8], patience: Duration) -> std::io::Result<Vec<u8>> {
    let (input, output) = (child.stdin.take(), child.stdout.take());
    let (done, ended) = channel::<()>();
    let watcher = thread::spawn(move || {
        let _ = ended.recv_timeout(patience);
        child.kill().and_then(|()| child.wait())
    });
    if let Some(mut input) = input {
        // It reads everything before it answers. Should it be gone already, its silence says so.
        let _ = input.write_all(bytes);
    }
    let mut answer = Vec::new();
    let read = output.map_or(Ok(0), |output| output.take(OUTPUT_MAX).read_to_end(&mut answer));
    drop(done);
    let _ = watcher.join();
    read.map(|_| answer)
}

/// What the child does: limits first, then standard input to standard output.
pub(crate) fn answer() -> Result<Exit, Failure> {
    let (ending, text) = match give_up() {
        Ok(()) => taken_apart()?,
        Err(cause) => (UNBOUND, cause.to_string()),
    };
    let mut out = std::io::stdout().lock();
    write!(out, "{ending}\n{text}{}", char::from(END))?;
    Ok(Exit::Ok)
}

fn taken_apart() -> std::io::Result<(&'static str, String)> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(reader::BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
    Ok(match InThisProcess.text(&bytes) {
        Ok(text) => ("text", text),
        Err(error) => {
            (ENDINGS.iter().find(|ending| ending.1 == error).map_or("damaged", |ending| ending.0), String::new())
        }
    })
}

fn give_up() -> std::io::Result<()> {
    let limits = [
        (Resource::As, MEMORY_MAX),
        (Resource::Cpu, CPU_SECONDS_MAX),
        (Resource::Fsize, 0),
        (Resource::Core, 0),
        (Resource::Nofile, 3),
    ];
    for (resource, most) in limits {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    fn child(script: &str, patience: Duration) -> InChild {
        InChild { program: "/bin/sh".into(), arguments: vec!["-c".into(), script.into()], patience }
    }

    #[test]
    fn a_child_says_how_it_went() {
        let hello = child("/bin/cat >/dev/null; printf 'text\\nWords of a page\\004'", LONG);
        assert_eq!(hello.text(b"%PDF").unwrap(), "Words of a page");
        for (word, error) in &ENDINGS {
            let refused = child(&format!("/bin/cat >/dev/null; printf '{word}\\n\\004'"), LONG);
            assert_eq!(refused.text(b"%PDF").unwrap_err(), *error);
        }
    }

    #[test]
    fn a_child_that_dies_or_floods_is_a_file_that_asks_too_much() {
        for script in ["kill -9 $$", "exit 1", "printf 'text\\nhalf'; exit 101", "exec /bin/cat /dev/zero"] {
            assert_eq!(child(script, LONG).text(b"%PDF").unwrap_err(), EXCESSIVE, "{script}");
        }
    }

    #[test]
    fn a_child_that_cannot_start_or_bind_itself_is_not_the_files_fault() {
        let missing = InChild { program: "/no/such/program".into(), arguments: Vec::new(), patience: LONG };
        let unbound = child("printf 'unbound\\nOperation not permitted\\004'", LONG);
        for (child, cause) in [(missing, "No such file"), (unbound, "not permitted")] {
            let error = child.text(b"%PDF").unwrap_err();
            assert!(matches!(&error, ReadError::NoParser { cause: said, .. } if said.contains(cause)), "{error:?}");
            assert!(error.message(kernel::Lang::En).contains("could not be started"), "{error}");
            assert!(error.message(kernel::Lang::Fr).contains("n'a pas pu démarrer"));
        }
    }

    #[test]
    fn a_child_that_hangs_is_ended() {
        let silent = child("while :; do :; done", Duration::from_millis(50));
        assert_eq!(silent.text(b"%PDF").unwrap_err(), EXCESSIVE);
        let closed = child("exec >/dev/null; while :; do :; done", LONG);
        assert_eq!(closed.text(b"%PDF").unwrap_err(), EXCESSIVE);
    }
}
