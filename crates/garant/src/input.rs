//! Files the user names: refused by size before they are loaded, and told plainly when they are no files.

use crate::error::{Exit, Failure};
use kernel::Lang;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

/// A file's bytes and the name to show for it.
pub(crate) struct Input {
    /// The path as given; `-` is standard input.
    pub(crate) name: String,
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
}

/// Reads a file, or standard input for `-`, of at most `max` bytes.
pub(crate) fn read(path: &Path, max: usize) -> Result<Input, Failure> {
    let name = path.display().to_string();
    if name == "-" {
        return Ok(Input { bytes: limited(std::io::stdin().lock(), &name, max)?, name });
    }
    let file = open(path)?;
    let size = file.metadata().map_err(|error| unreadable(&name, &error))?.len();
    if size > max as u64 {
        return Err(too_large(&name, size, max));
    }
    Ok(Input { bytes: limited(file, &name, max)?, name })
}

/// Opens a file for reading; a folder is no file.
pub(crate) fn open(path: &Path) -> Result<File, Failure> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|error| unreadable(&name, &error))?;
    let about = file.metadata().map_err(|error| unreadable(&name, &error))?;
    if about.is_dir() { Err(folder(&name)) } else { Ok(file) }
}

/// Whether two names lead to one existing file: what is written there would destroy what is read.
pub(crate) fn same_file(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

/// The output is the input.
pub(crate) fn would_be_overwritten(path: &Path) -> Failure {
    let name = path.display();
    Failure::words(
        Exit::Conflict,
        [
            format!("`{name}` is what is read: writing there would destroy it"),
            format!("« {name} » est ce qui est lu : y écrire le détruirait"),
        ],
        ["choose another file to write", "choisissez un autre fichier à écrire"],
    )
}

fn limited(reader: impl Read, name: &str, max: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    reader.take(max as u64 + 1).read_to_end(&mut bytes).map_err(|error| unreadable(name, &error))?;
    if bytes.len() > max { Err(too_large(name, bytes.len() as u64, max)) } else { Ok(bytes) }
}

fn too_large(name: &str, size: u64, max: usize) -> Failure {
    let [size, most] = [size, max as u64].map(|bytes| format!("{}.{}", bytes / 1_000_000, bytes / 100_000 % 10));
    Failure::words(
        Exit::Failed,
        [
            format!("`{name}` has {size} MB or more; at most {most} MB are read"),
            format!("« {name} » fait au moins {size} Mo ; {most} Mo au plus sont lus"),
        ],
        [
            "give the document alone, without what it does not need",
            "donnez le document seul, sans ce qui n'y est pas nécessaire",
        ],
    )
}

fn folder(name: &str) -> Failure {
    Failure::words(
        Exit::Usage,
        [format!("`{name}` is a folder, not a file"), format!("« {name} » est un dossier, pas un fichier")],
        [
            "name the file inside it; `garant read` takes a folder with --jsonl",
            "nommez le fichier qu'il contient ; `garant read` prend un dossier avec --jsonl",
        ],
    )
}

/// Why the system did not let us read.
pub(crate) fn unreadable(name: &str, error: &std::io::Error) -> Failure {
    match error.kind() {
        ErrorKind::NotFound => Failure::words(
            Exit::NotFound,
            [format!("there is no file `{name}`"), format!("il n'y a pas de fichier « {name} »")],
            ["check the path; `-` reads standard input", "vérifiez le chemin ; « - » lit l'entrée standard"],
        ),
        ErrorKind::PermissionDenied => Failure::words(
            Exit::NotAllowed,
            [format!("you may not read `{name}`"), format!("vous n'avez pas le droit de lire « {name} »")],
            [
                "ask for the right to read it, or run as its owner",
                "demandez le droit de lecture, ou lancez la commande comme propriétaire",
            ],
        ),
        ErrorKind::IsADirectory => folder(name),
        _ => {
            let words = |lang: Lang| {
                lang.pick(format!("`{name}` cannot be read: {error}"), format!("« {name} » est illisible : {error}"))
            };
            let remedy =
                |lang: Lang| lang.pick("check the file and the disk", "vérifiez le fichier et le disque").to_owned();
            Failure::new(Exit::Failed, words, remedy)
        }
    }
}
