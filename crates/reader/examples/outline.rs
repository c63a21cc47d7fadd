//! Prints the clauses of a document: `cargo run -p reader --example outline -- FILE`.

fn main() {
    let Some(path) = std::env::args().nth(1) else { return eprintln!("give a file") };
    let Ok(bytes) = std::fs::read(&path) else { return eprintln!("{path} cannot be read") };
    match reader::outline(&bytes, &path) {
        Ok(clauses) => {
            for clause in clauses {
                let start: String =
                    clause.text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(90).collect();
                println!(
                    "{:>3} {:<14} {:?} | {start}",
                    clause.index,
                    clause.path.unwrap_or_default(),
                    clause.title.unwrap_or_default()
                );
            }
        }
        Err(error) => eprintln!("{error}"),
    }
}
