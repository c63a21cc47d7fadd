//! The access package (Art. 15(3)): a ZIP of readable HTML and JSON, sealed with a passphrase, streamed
//! row by row from the systems into the sealed file and nowhere else.

use super::apply::Stopped;
use super::planning::Opened;
use super::{RequestRow, letters};
use crate::{App, Kind, Refusal};
use estate::{Identity, Plan, ReadError, Row, RowSink, SinkFull};
use kernel::{Lang, Secret};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use vault::sealed::{self, SealedWriter};
use zip::ZipWriter;
use zip::write::{SimpleFileOptions, StreamWriter};

/// A finished package.
pub(super) struct Made {
    pub(super) sha256: String,
    pub(super) bytes: u64,
    pub(super) rows: u64,
    pub(super) passphrase: Secret<String>,
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Self {
        let en = format!("The package could not be written: {error}.");
        let fr = format!("Le paquet n'a pas pu être écrit : {error}.");
        Self::Failed(Refusal::new(
            Kind::Failed,
            "package",
            [&en, &fr],
            [
                "Free some space or mend the disk, then carry the plan out again.",
                "Libérez de la place ou réparez le disque, puis exécutez à nouveau le plan.",
            ],
        ))
    }
}

impl From<zip::result::ZipError> for Stopped {
    fn from(error: zip::result::ZipError) -> Self {
        io::Error::other(error).into()
    }
}

type Zip = ZipWriter<StreamWriter<SealedWriter<BufWriter<File>>>>;

/// Where the package of a request is.
pub(super) fn path(app: &App, row: &RequestRow) -> PathBuf {
    app.files.join(format!("{}.zip.age", row.id))
}

fn part(app: &App, row: &RequestRow) -> PathBuf {
    app.files.join(format!("{}.part", row.id))
}

/// Removes the package of a request, and what an interrupted attempt left of it.
pub(super) fn discard(app: &App, row: &RequestRow) -> io::Result<()> {
    for file in [path(app, row), part(app, row)] {
        match fs::remove_file(file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Reads every system again for a plan that found nothing: it must still find nothing.
pub(super) async fn still_nothing(identity: &Identity, opened: &[(Opened, &Plan)]) -> Result<(), Stopped> {
    stream(identity, opened, &mut Nothing).await
}

struct Nothing;

impl RowSink for Nothing {
    fn row(&mut self, _: Row<'_>) -> Result<(), SinkFull> {
        Err(SinkFull)
    }
}

/// Makes the package; a half-made one never stays.
pub(super) async fn make(
    app: &App,
    row: &RequestRow,
    identity: &Identity,
    opened: &[(Opened, &Plan)],
) -> Result<Made, Stopped> {
    fs::create_dir_all(&app.files)?;
    let (target, part) = (path(app, row), part(app, row));
    let passphrase = sealed::passphrase(app.store().entropy());
    let written = write(app, row, identity, opened, &part, &passphrase).await;
    match written {
        Ok(()) => {
            let (sha256, bytes) = digest(&part)?;
            fs::rename(&part, &target)?;
            File::open(&app.files)?.sync_all()?;
            Ok(Made { sha256, bytes, rows: opened.iter().map(|(_, plan)| plan.rows()).sum(), passphrase })
        }
        Err(stopped) => {
            fs::remove_file(&part).ok();
            Err(stopped)
        }
    }
}

async fn write(
    app: &App,
    row: &RequestRow,
    identity: &Identity,
    opened: &[(Opened, &Plan)],
    part: &Path,
    passphrase: &Secret<String>,
) -> Result<(), Stopped> {
    let lang = crate::parties::must_find(&mut app.store().read(), &row.controller).await?.lang;
    let file = BufWriter::new(private(part)?);
    let (secret, factor) = (passphrase.clone(), app.work_factor);
    let sealing = tokio::task::spawn_blocking(move || SealedWriter::new(file, &secret, factor)).await;
    let mut zip: Zip = ZipWriter::new_stream(sealing.map_err(io::Error::other)??);
    let options = SimpleFileOptions::default();
    zip.start_file("index.html", options)?;
    let mut page = HtmlSink { zip, dataset: String::new(), failed: None };
    page.head(app, row, lang)?;
    stream(identity, opened, &mut page).await.map_err(|e| page.failed.take().map_or(e, Stopped::from))?;
    page.foot()?;
    let mut zip = page.zip;
    zip.start_file("data.json", options)?;
    let mut data = JsonSink { zip, first: true, failed: None };
    data.zip.write_all(b"[\n")?;
    stream(identity, opened, &mut data).await.map_err(|e| data.failed.take().map_or(e, Stopped::from))?;
    data.zip.write_all(b"\n]\n")?;
    let sealed = data.zip.finish()?.into_inner();
    let file = sealed.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
    Ok(file.sync_all()?)
}

async fn stream(identity: &Identity, opened: &[(Opened, &Plan)], sink: &mut dyn RowSink) -> Result<(), Stopped> {
    for (system, plan) in opened {
        let read = estate::read(&system.system, &system.map, plan, identity, system.tenant.as_deref(), sink).await;
        read.map_err(|error| {
            let words = |kind| Refusal::from_words(kind, "read", |l| error.message(l), |l| error.remedy(l));
            match &error {
                ReadError::Refused(estate::Refusal::Fault(fault)) if fault.is_passing() => {
                    Stopped::Failed(words(Kind::Failed))
                }
                ReadError::Sink => Stopped::Failed(words(Kind::Failed)),
                _ => Stopped::Stale(words(Kind::Conflict)),
            }
        })?;
    }
    Ok(())
}

/// A file only this account of the machine may read.
fn private(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn digest(path: &Path) -> Result<(String, u64), Stopped> {
    let (mut file, mut hash, mut bytes) = (File::open(path)?, Sha256::new(), 0u64);
    let mut buffer = vec![0u8; 1 << 16];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok((hex::encode(hash.finalize()), bytes));
        }
        hash.update(&buffer[..read]);
        bytes += u64::try_from(read).unwrap_or(0);
    }
}

struct JsonSink {
    zip: Zip,
    first: bool,
    failed: Option<io::Error>,
}

impl RowSink for JsonSink {
    fn row(&mut self, row: Row<'_>) -> Result<(), SinkFull> {
        let fields: serde_json::Map<String, serde_json::Value> = row.columns.iter().cloned().zip(row.values).collect();
        let line = serde_json::json!({ "dataset": row.dataset, "row": fields }).to_string();
        let comma = if std::mem::take(&mut self.first) { "" } else { ",\n" };
        write!(self.zip, "{comma}{line}").map_err(|error| {
            self.failed = Some(error);
            SinkFull
        })
    }
}

struct HtmlSink {
    zip: Zip,
    dataset: String,
    failed: Option<io::Error>,
}

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}\
table{border-collapse:collapse;width:100%;margin-bottom:1rem}th,td{border:1px solid #ccc;padding:4px 8px;text-align:left;\
vertical-align:top;overflow-wrap:anywhere}th{width:14rem;color:#444}";

impl HtmlSink {
    fn head(&mut self, app: &App, row: &RequestRow, lang: Lang) -> io::Result<()> {
        let title = lang.pick("Your data", "Vos données");
        let right = letters::right_text(row.right, lang);
        let made = web::components::instant(app.now(), lang);
        let words = match lang {
            Lang::En => format!(
                "This is a copy of the personal data that {} holds about you, made on {made}, as it stands in its systems. \
                 The same data are in data.json for machines. You may also ask for correction, erasure, restriction or \
                 portability, object, and complain to a supervisory authority.",
                row.controller_name
            ),
            Lang::Fr => format!(
                "Ceci est une copie des données personnelles que {} détient sur vous, faite le {made}, telles qu'elles sont dans \
                 ses systèmes. Les mêmes données sont dans data.json pour les machines. Vous pouvez aussi demander la \
                 rectification, l'effacement, la limitation ou la portabilité, vous opposer, et saisir une autorité de contrôle.",
                row.controller_name
            ),
        };
        let head = maud::html! {
            (maud::DOCTYPE)
            head { meta charset="utf-8"; title { (title) } style { (maud::PreEscaped(STYLE)) } }
            h1 { (title) } p { (right) " · " (row.id) } p { (words) }
        };
        self.zip.write_all(head.into_string().as_bytes())
    }

    fn foot(&mut self) -> io::Result<()> {
        self.zip.write_all(b"\n")
    }
}

impl RowSink for HtmlSink {
    fn row(&mut self, row: Row<'_>) -> Result<(), SinkFull> {
        let title = (self.dataset != row.dataset).then(|| row.dataset.to_owned());
        let block = maud::html! {
            @if let Some(title) = &title { h2 { (title) } }
            table { @for (name, value) in row.columns.iter().zip(&row.values) { tr { th { (name) } td { (plain(value)) } } } }
        };
        self.dataset = row.dataset.to_owned();
        self.zip.write_all(block.into_string().as_bytes()).map_err(|error| {
            self.failed = Some(error);
            SinkFull
        })
    }
}

fn plain(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Null => "–".to_owned(),
        other => other.to_string(),
    }
}
