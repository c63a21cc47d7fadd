//! Ten years of ten thousand agreements: `cargo xtask bench duties` runs it and holds its figures to their limits.

use office::duties::decade::{Scale, live};

fn main() -> std::process::ExitCode {
    let scale = Scale { agreements: 10_000, years: 10, seed: 1 };
    let audit = live(scale);
    println!(
        "{} agreements over {} years: {} duties, {} beats told in {} looks",
        scale.agreements, scale.years, audit.duties, audit.beats, audit.scans
    );
    println!("{} corrections of calendars, {} clocks counted again", audit.corrections, audit.recounted);
    println!(
        "missed {}   doubled {}   early {}   senseless {}   overlooked {}   unheard {}   (each must be 0)",
        audit.missed, audit.doubled, audit.early, audit.senseless, audit.overlooked, audit.unheard
    );
    let wrong = audit.missed + audit.doubled + audit.early + audit.senseless + audit.overlooked + audit.unheard;
    if wrong == 0 { std::process::ExitCode::SUCCESS } else { std::process::ExitCode::FAILURE }
}
