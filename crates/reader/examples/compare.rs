//! Compares two documents: `cargo run -p reader --example compare -- pair|diff FILE FILE`.

use kernel::Lang;
use reader::compare::{Version, diff, pair};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [verb, one, two] = &words[..] else { return eprintln!("give a verb and two files") };
    let read = |path: &String| std::fs::read(path).unwrap_or_default();
    let (first, second) = (read(one), read(two));
    let (Ok(first), Ok(second)) = (Version::extract(&first, one), Version::extract(&second, two)) else {
        return eprintln!("one of them cannot be read");
    };
    if verb == "diff" {
        match diff(first, second) {
            Ok(found) => println!("{found:#?}"),
            Err(error) => eprintln!("{error}"),
        }
        return;
    }
    match pair(first, second) {
        Err(error) => eprintln!("{error}"),
        Ok(found) => {
            println!("{} paired", found.paired);
            for one in found.differences {
                println!("{:?}: {}", one.kind, one.message(Lang::En));
                for side in [one.en, one.fr].into_iter().flatten() {
                    println!("    {:?} {}", side.clause, side.text);
                }
            }
        }
    }
}
