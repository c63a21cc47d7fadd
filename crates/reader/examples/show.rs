//! Prints what is read from a document: `cargo run -p reader --example show -- FILE`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("give a file");
        return ExitCode::from(2);
    };
    let Ok(bytes) = std::fs::read(&path) else {
        eprintln!("{path} cannot be read");
        return ExitCode::FAILURE;
    };
    match reader::read(&bytes, &path, kernel::Lang::En) {
        Ok(reading) => show(&reading, &bytes),
        Err(error) => {
            eprintln!("{error}; {}", error.remedy(kernel::Lang::En));
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn quote(bytes: &[u8], span: [usize; 2]) -> String {
    let words = String::from_utf8_lossy(bytes.get(span[0]..span[1]).unwrap_or_default()).into_owned();
    words.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(230).collect()
}

fn show(reading: &agreement::reading::Reading, bytes: &[u8]) {
    println!("{:?}", reading.document);
    for party in &reading.parties {
        println!("party {} {:?} called {:?} at {:?}", party.role, party.name, party.called, party.address);
    }
    for term in reading.terms.iter().filter(|term| term.span.is_some()) {
        let days = term.days.as_deref().unwrap_or_default();
        println!(
            "{} = {:?} {} {days} [{}] {:?}",
            term.name,
            term.state,
            term.value,
            term.clause.as_deref().unwrap_or("-"),
            quote(bytes, term.span.unwrap_or_default())
        );
        for other in &term.others {
            println!(
                "    other {} [{}] {:?}",
                other.value,
                other.clause.as_deref().unwrap_or("-"),
                quote(bytes, other.span)
            );
        }
    }
    for (letter, coverage) in &reading.article28 {
        println!("letter {letter} {:?}", coverage.state);
        for span in &coverage.spans {
            println!("    {:?}", quote(bytes, *span));
        }
    }
    for entry in &reading.subprocessors {
        println!("sub {:?} {:?} {:?} {:?}", entry.name, entry.address, entry.country, entry.task);
    }
    for right in &reading.rights {
        println!("right {} {:?}", right.right, quote(bytes, right.span));
    }
    for contact in &reading.contacts {
        println!("contact {} {} for {}", contact.kind, contact.value, contact.purpose);
    }
    for entry in &reading.processings {
        println!("processing {entry:?}");
    }
    for measure in &reading.measures {
        println!("measure {} {:?}", measure.measure, measure.text);
    }
}
