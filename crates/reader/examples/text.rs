//! Prints the extracted text of a document: `cargo run -p reader --example text -- FILE`.

fn main() {
    let Some(path) = std::env::args().nth(1) else { return eprintln!("give a file") };
    let Ok(bytes) = std::fs::read(&path) else { return eprintln!("{path} cannot be read") };
    match reader::extract(&bytes, &path) {
        Ok(text) => println!("{}", text.as_str()),
        Err(error) => eprintln!("{error}"),
    }
}
