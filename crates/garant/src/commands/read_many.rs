//! `garant read … --jsonl`: many documents, one JSON object a line, in the order of their paths.
//!
//! Every core reads, one hand writes. The workers may run ahead of the writer only by a small window, so that memory
//! does not grow with the number of documents, and the lines come in one order whoever finishes first: the same
//! folder gives the same bytes on any machine. A document that cannot be read, or that breaks the reader, is a line
//! with an `error`, and the run goes on.

use super::read;
use crate::error::{Exit, Failure};
use crate::input;
use crate::output;
use agreement::reading::Reading;
use indicatif::{ProgressBar, ProgressStyle};
use kernel::Lang;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Condvar, Mutex, PoisonError};

/// So many documents for each worker may wait to be written.
const WINDOW: usize = 4;
/// What is taken from a folder; a file that is named is read whatever it is called.
const EXTENSIONS: [&str; 10] = ["txt", "text", "md", "markdown", "html", "htm", "xhtml", "docx", "odt", "pdf"];
/// Folders within folders, at most.
const DEPTH_MAX: usize = 32;

/// What is read, where to, and by how many.
pub(super) struct Job<'j> {
    /// Files and folders.
    pub(super) paths: &'j [PathBuf],
    /// Where the lines go; standard output when there is none.
    pub(super) out: Option<&'j Path>,
    /// Workers; as many as there are cores when not said.
    pub(super) jobs: Option<NonZero<usize>>,
    /// The language of the findings.
    pub(super) lang: Lang,
}

/// Reads them all; ends with [`Exit::Failed`] when one could not be read.
pub(super) fn run(job: &Job<'_>) -> Result<Exit, Failure> {
    let files = files(job.paths)?;
    if let Some(out) = job.out
        && files.iter().any(|file| input::same_file(file, out))
    {
        return Err(input::would_be_overwritten(out));
    }
    let mut out: Box<dyn Write> = match job.out {
        Some(path) => Box::new(BufWriter::new(File::create(path).map_err(|error| unwritable(path, &error))?)),
        None => Box::new(BufWriter::new(std::io::stdout().lock())),
    };
    let workers = job.jobs.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZero::get);
    let failed = all(&files, workers, job.lang, &mut *out)?;
    out.flush()?;
    if failed > 0 {
        output::say(&match job.lang {
            Lang::En => {
                format!("{failed} of {} documents could not be read; each is a line with an `error`", files.len())
            }
            Lang::Fr => {
                format!("{failed} documents sur {} n'ont pu être lus ; chacun est une ligne avec `error`", files.len())
            }
        });
    }
    Ok(if failed > 0 { Exit::Failed } else { Exit::Ok })
}

/// A line, and whether it is an error.
struct Line {
    text: String,
    failed: bool,
}

/// What the workers share.
struct Shared<'s> {
    files: &'s [PathBuf],
    lang: Lang,
    next: AtomicUsize,
    /// Lines written so far, and the bell that rings when one more is.
    written: Mutex<usize>,
    bell: Condvar,
    stop: AtomicBool,
    window: usize,
}

/// Writes a line for each file, in their order; how many failed.
fn all(files: &[PathBuf], workers: usize, lang: Lang, out: &mut dyn Write) -> Result<usize, Failure> {
    let shared = Shared {
        files,
        lang,
        next: AtomicUsize::new(0),
        written: Mutex::new(0),
        bell: Condvar::new(),
        stop: AtomicBool::new(false),
        window: WINDOW * workers,
    };
    std::thread::scope(|scope| {
        let (sender, receiver) = channel();
        for _ in 0..workers.min(files.len()) {
            let sender = sender.clone();
            let shared = &shared;
            scope.spawn(move || work(shared, &sender));
        }
        drop(sender);
        let done = write_all(&shared, &receiver, out);
        // Whatever happened, nobody may wait for a line that is never written. Under the lock: a worker that has just
        // looked and is about to wait must hear the bell.
        let held = shared.written.lock().unwrap_or_else(PoisonError::into_inner);
        shared.stop.store(true, Ordering::SeqCst);
        drop(held);
        shared.bell.notify_all();
        done
    })
}

fn work(shared: &Shared<'_>, sender: &Sender<(usize, Line)>) {
    loop {
        let index = shared.next.fetch_add(1, Ordering::SeqCst);
        let Some(path) = shared.files.get(index) else { return };
        let mut written = shared.written.lock().unwrap_or_else(PoisonError::into_inner);
        while index >= *written + shared.window && !shared.stop.load(Ordering::SeqCst) {
            written = shared.bell.wait(written).unwrap_or_else(PoisonError::into_inner);
        }
        drop(written);
        if shared.stop.load(Ordering::SeqCst) || sender.send((index, line(path, shared.lang))).is_err() {
            return;
        }
    }
}

fn write_all(shared: &Shared<'_>, receiver: &Receiver<(usize, Line)>, out: &mut dyn Write) -> Result<usize, Failure> {
    let bar = bar(shared.files.len());
    let mut waiting: BTreeMap<usize, Line> = BTreeMap::new();
    let (mut next, mut failed) = (0, 0);
    for (index, line) in receiver {
        waiting.insert(index, line);
        while let Some(line) = waiting.remove(&next) {
            out.write_all(line.text.as_bytes())?;
            failed += usize::from(line.failed);
            next += 1;
            bar.inc(1);
        }
        *shared.written.lock().unwrap_or_else(PoisonError::into_inner) = next;
        shared.bell.notify_all();
    }
    bar.finish_and_clear();
    Ok(failed)
}

/// On standard error, and only where a terminal is.
fn bar(count: usize) -> ProgressBar {
    let bar = ProgressBar::new(u64::try_from(count).unwrap_or(u64::MAX));
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len}  {per_sec}  {eta}");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

#[derive(serde::Serialize)]
struct Read<'r> {
    path: &'r str,
    #[serde(flatten)]
    reading: &'r Reading,
}

#[derive(serde::Serialize)]
struct Unread<'r> {
    path: &'r str,
    error: Words<'r>,
}

#[derive(serde::Serialize)]
struct Words<'r> {
    message: &'r str,
    remedy: &'r str,
}

fn line(path: &Path, lang: Lang) -> Line {
    let name = path.display().to_string();
    let document = || {
        let input = input::read(path, reader::BYTES_MAX)?;
        read::document(&input, lang).map(|(reading, _)| reading)
    };
    let done = catch_unwind(AssertUnwindSafe(document)).unwrap_or_else(|_| Err(crate::own_mistake()));
    let (text, failed) = match &done {
        Ok(reading) => (serde_json::to_string(&Read { path: &name, reading }), false),
        Err(failure) => {
            let error = Words { message: failure.message(lang), remedy: failure.remedy(lang) };
            (serde_json::to_string(&Unread { path: &name, error }), true)
        }
    };
    Line { text: text.map_or_else(|_| "{}\n".to_owned(), |text| text + "\n"), failed }
}

/// The files named and those in the folders named, sorted by path, each once.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            walk(path, DEPTH_MAX, &mut found)?;
        } else {
            found.push(path.clone());
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// Links to folders are not followed: they may lead in circles.
fn walk(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let unreadable = |error: std::io::Error| input::unreadable(&folder.display().to_string(), &error);
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let (path, kind) = (entry.path(), entry.file_type().map_err(unreadable)?);
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if kind.is_dir() && !hidden && depth > 0 {
            walk(&path, depth - 1, found)?;
        } else if !kind.is_dir() && !hidden && is_document(&path) && path.is_file() {
            found.push(path);
        }
    }
    Ok(())
}

fn is_document(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase);
    extension.is_some_and(|extension| EXTENSIONS.contains(&extension.as_str()))
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    let name = path.display();
    Failure::words(
        Exit::Failed,
        [format!("`{name}` cannot be written: {error}"), format!("« {name} » ne peut être écrit : {error}")],
        ["check the folder and your right to write there", "vérifiez le dossier et votre droit d'y écrire"],
    )
}
