//! `garant ledger verify`: an export or a receipt, judged with nothing but the file and the public key.

use crate::cli::Context;
use crate::error::{Exit, Failure};
use crate::input;
use crate::output::{self, BAD, BOLD, OK, colon, styled};
use kernel::Lang;
use ledger::Receipt;
use ledger::verify::{Fault, ReceiptReport, Report, verify_consistent, verify_export, verify_receipt};
use serde_json::json;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

const RECEIPT_HEAD: &[u8] = b"c2sp.org/tlog-proof@";
/// A verifier key is one line; the rest of such a file is somebody's mistake.
const KEY_BYTES_MAX: usize = 64 << 10;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    garant ledger verify ledger.jsonl --key ledger.pub\n  \
    garant ledger verify ledger.jsonl --key ledger.pub --against last-year.checkpoint\n  \
    garant ledger verify entry.tlog-proof --key 'garant-1a2b3c/house+5f0e…+AR…'\n\n\
    Ends with 0 when everything holds, with 1 and the entry at fault when not.")]
pub(crate) struct Args {
    /// An export (.jsonl) or a receipt (.tlog-proof): its first line tells which
    file: PathBuf,
    /// The house's verifier key, or a file that holds it
    #[arg(long)]
    key: String,
    /// A checkpoint, receipt or export kept from earlier, which the export must continue (repeatable)
    #[arg(long, value_name = "EARLIER")]
    against: Vec<PathBuf>,
    /// Print the verdict as one JSON object
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let key = key(&args.key)?;
    let mut file = BufReader::new(input::open(&args.file)?);
    let name = args.file.display().to_string();
    let start = file.fill_buf().map_err(|error| input::unreadable(&name, &error))?;
    let (is_receipt, is_export) = (start.starts_with(RECEIPT_HEAD), start.starts_with(b"{"));
    if !is_receipt && !is_export {
        return Err(neither(&name));
    }
    if is_receipt {
        if !args.against.is_empty() {
            return Err(receipt_against());
        }
        let text = text_of(&args.file, ledger::receipt::RECEIPT_BYTES_MAX)?;
        return receipt(verify_receipt(&text, &key), args.json, context.lang);
    }
    let earlier = args.against.iter().map(|path| earlier(path, &key)).collect::<Result<Vec<_>, _>>()?.concat();
    let earlier: Vec<&str> = earlier.iter().map(String::as_str).collect();
    export(verify_consistent(file, &key, &earlier), args.json, context.lang)
}

/// A key as text, or the text of the file that holds it.
fn key(given: &str) -> Result<String, Failure> {
    let path = Path::new(given);
    if path.exists() {
        return Ok(text_of(path, KEY_BYTES_MAX)?.trim().to_owned());
    }
    if given.contains('+') {
        return Ok(given.trim().to_owned());
    }
    Err(Failure::words(
        Exit::Usage,
        [
            format!("`{given}` is neither a verifier key nor a file"),
            format!("« {given} » n'est ni une clé de vérification ni un fichier"),
        ],
        [
            "a verifier key reads name+id+base64; `garant ledger key` prints it, and the company publishes it",
            "une clé de vérification s'écrit nom+identifiant+base64 ; `garant ledger key` la donne, et l'entreprise la publie",
        ],
    ))
}

fn text_of(path: &Path, max: usize) -> Result<String, Failure> {
    let input = input::read(path, max)?;
    String::from_utf8(input.bytes).map_err(|_| {
        Failure::words(
            Exit::Failed,
            [format!("`{}` is not text", input.name), format!("« {} » n'est pas du texte", input.name)],
            ["take the file as it was handed over", "reprenez le fichier tel qu'il a été remis"],
        )
    })
}

/// The checkpoints that an earlier file holds: a note by itself, a receipt's, or an export's last ones.
fn earlier(path: &Path, key: &str) -> Result<Vec<String>, Failure> {
    let mut file = BufReader::new(input::open(path)?);
    let name = path.display().to_string();
    let start = file.fill_buf().map_err(|error| input::unreadable(&name, &error))?;
    if start.starts_with(b"{") {
        let report = verify_export(file, key).map_err(|faults| earlier_fault(&name, &faults[0]))?;
        return Ok(report.logs.into_iter().map(|log| log.last_checkpoint).collect());
    }
    let text = text_of(path, ledger::receipt::RECEIPT_BYTES_MAX)?;
    Ok(vec![Receipt::parse(&text).map_or(text, |receipt| receipt.checkpoint)])
}

fn earlier_fault(name: &str, fault: &Fault) -> Failure {
    let message = |lang: Lang| match lang {
        Lang::En => format!("the earlier export `{name}` does not hold: {}", fault.message(lang)),
        Lang::Fr => format!("l'export antérieur « {name} » ne tient pas : {}", fault.message(lang)),
    };
    Failure::new(Exit::Failed, message, |lang| fault.remedy(lang))
}

fn neither(name: &str) -> Failure {
    Failure::words(
        Exit::Failed,
        [format!("`{name}` is neither an export nor a receipt"), format!("« {name} » n'est ni un export ni un reçu")],
        [
            "take the file that `garant ledger export` or `garant ledger receipt` wrote, unchanged",
            "prenez le fichier écrit par `garant ledger export` ou `garant ledger receipt`, inchangé",
        ],
    )
}

fn receipt_against() -> Failure {
    Failure::words(
        Exit::Usage,
        [
            "a receipt carries one checkpoint: it cannot show that the log continues an earlier one",
            "un reçu ne porte qu'un point de contrôle : il ne peut montrer que le registre en continue un autre",
        ],
        [
            "ask for an export and verify that with --against, giving the receipt there",
            "demandez un export et vérifiez-le avec --against, en y donnant le reçu",
        ],
    )
}

fn export(verdict: Result<Report, Vec<Fault>>, json: bool, lang: Lang) -> Result<Exit, Failure> {
    let report = match verdict {
        Ok(report) => report,
        Err(faults) => return broken(&faults, json, lang),
    };
    if json {
        output::json(&json!({
            "holds": true,
            "logs": report.logs.iter().map(|log| json!({
                "origin": log.origin, "size": log.size, "checkpoints": log.checkpoints,
                "disclosures": log.disclosures, "last_checkpoint": log.last_checkpoint,
            })).collect::<Vec<_>>(),
            "house_agrees": report.house_agrees,
            "house_elsewhere": report.house_elsewhere,
        }))?;
        return Ok(Exit::Ok);
    }
    let mut out = output::stdout();
    for log in &report.logs {
        let (size, checkpoints) = (log.size, log.checkpoints);
        let said = match lang {
            Lang::En => format!("{size} entries, {checkpoints} signed checkpoints, all whole"),
            Lang::Fr => format!("{size} écritures, {checkpoints} points de contrôle signés, tous intacts"),
        };
        writeln!(out, "{}{}{said}", styled(BOLD, &log.origin), colon(lang))?;
    }
    let (agrees, elsewhere) = (report.house_agrees, report.house_elsewhere);
    let house = match lang {
        Lang::En => format!(
            "the house's log vouches for {agrees} of these checkpoints, and for {elsewhere} of logs not shown here"
        ),
        Lang::Fr => format!(
            "le registre de la maison atteste {agrees} de ces points, et {elsewhere} de registres absents d'ici"
        ),
    };
    writeln!(out, "{house}\n{}", styled(OK, lang.pick("the ledger holds", "le registre est intact")))?;
    Ok(Exit::Ok)
}

fn receipt(verdict: Result<ReceiptReport, Fault>, json: bool, lang: Lang) -> Result<Exit, Failure> {
    let report = match verdict {
        Ok(report) => report,
        Err(fault) => return broken(&[fault], json, lang),
    };
    let shown = |d: &ledger::verify::Disclosed| json!({ "pointer": d.pointer, "subject": d.subject, "value": d.value });
    if json {
        output::json(&json!({
            "holds": true, "origin": report.origin, "index": report.index, "size": report.size, "entry": report.entry,
            "at": report.at.to_string(), "kind": report.kind, "data": report.data,
            "disclosed": report.disclosed.iter().map(shown).collect::<Vec<_>>(),
        }))?;
        return Ok(Exit::Ok);
    }
    let mut out = output::stdout();
    let facts = [
        (lang.pick("log", "registre"), report.origin.clone()),
        (lang.pick("entry", "écriture"), format!("{} ({} / {})", report.entry, report.index, report.size)),
        (lang.pick("when", "quand"), report.at.to_string()),
        (lang.pick("what", "quoi"), report.kind.clone()),
        (lang.pick("facts", "faits"), report.data.to_string()),
    ];
    for (name, value) in facts {
        writeln!(out, "{:11}{value}", styled(BOLD, &format!("{name:10}")))?;
    }
    for disclosed in &report.disclosed {
        writeln!(out, "  {} = {}", disclosed.pointer, disclosed.value)?;
    }
    writeln!(out, "{}", styled(OK, lang.pick("the receipt holds", "le reçu est valable")))?;
    Ok(Exit::Ok)
}

/// Every fault on standard output, and a verdict as a failure.
fn broken(faults: &[Fault], json: bool, lang: Lang) -> Result<Exit, Failure> {
    if json {
        let fault = |f: &Fault| {
            json!({ "code": f.code.code(), "log": f.log, "index": f.index, "last": f.last, "entry": f.entry,
                    "line": f.line, "message": f.message(lang), "remedy": f.remedy(lang) })
        };
        output::json(&json!({ "holds": false, "faults": faults.iter().map(fault).collect::<Vec<_>>() }))?;
    } else {
        let mut out = output::stdout();
        for fault in faults {
            writeln!(out, "{}{}{}", styled(BAD, fault.code.code()), colon(lang), fault.message(lang))?;
        }
    }
    let number = faults.len();
    let message = |lang: Lang| match (lang, number) {
        (Lang::En, 1) => "this does not hold: 1 fault".to_owned(),
        (Lang::En, _) => format!("this does not hold: {number} faults"),
        (Lang::Fr, 1) => "cela ne tient pas : 1 défaut".to_owned(),
        (Lang::Fr, _) => format!("cela ne tient pas : {number} défauts"),
    };
    Err(Failure::new(Exit::Failed, message, |lang| faults.first().map(|fault| fault.remedy(lang)).unwrap_or_default()))
}
