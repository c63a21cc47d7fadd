//! A day to keep, as a file for calendars (RFC 5545, RFC 5546 PUBLISH). Titles name nobody: calendars are shared.

use kernel::{Date, Instant, clock};

/// What a letter's day is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// A whole day, the last one.
    Day(Date),
    /// An instant.
    At(Instant),
}

/// The file: one entry named `title`, with `link` behind it unless that is empty. `uid` is the letter's id, so that a letter that arrives twice
/// makes one entry.
#[must_use]
pub fn file(uid: &str, made_at: Instant, due: Due, title: &str, link: &str) -> Vec<u8> {
    let stamp = |at: Instant| at.strftime("%Y%m%dT%H%M%SZ").to_string();
    let day = |date: Date| date.strftime("%Y%m%d").to_string();
    let when = match due {
        Due::Day(date) => {
            let next = clock::days_after(date, 1);
            [format!("DTSTART;VALUE=DATE:{}", day(date)), format!("DTEND;VALUE=DATE:{}", day(next))]
        }
        Due::At(at) => [format!("DTSTART:{}", stamp(at)), format!("DTEND:{}", stamp(at))],
    };
    let lines = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Garant//Garant//EN".to_owned(),
        "METHOD:PUBLISH".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{uid}@garant"),
        format!("DTSTAMP:{}", stamp(made_at)),
        when[0].clone(),
        when[1].clone(),
        format!("SUMMARY:{}", escaped(title)),
        format!("URL:{}", link.chars().filter(|c| !c.is_control()).collect::<String>()),
        "TRANSP:TRANSPARENT".to_owned(),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
    ];
    lines.iter().filter(|line| *line != "URL:").flat_map(|line| folded(line)).collect()
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// A line of at most 75 octets, and what follows on lines that begin with a space.
fn folded(line: &str) -> Vec<u8> {
    let (mut out, mut width) = (Vec::with_capacity(line.len() + 8), 0);
    for c in line.chars() {
        if width + c.len_utf8() > 74 {
            out.extend_from_slice(b"\r\n ");
            width = 1;
        }
        width += c.len_utf8();
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }
    out.extend_from_slice(b"\r\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_and_an_instant_are_entries_that_calendars_read() {
        let title =
            "Réponse à une demande ; limite, selon notre lecture\r\nATTENDEE:eve@example.org et encore des mots";
        let made: Instant = "2026-11-23T09:00:00Z".parse().expect("an instant");
        let day = Due::Day("2026-12-31".parse().expect("a day"));
        let text = String::from_utf8(file("01ks", made, day, title, "https://garant.example/")).expect("text");
        assert!(text.contains("DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\n"), "{text}");
        assert!(text.contains("METHOD:PUBLISH") && text.ends_with("END:VCALENDAR\r\n"));
        assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.starts_with("ATTENDEE")), "{text}");
        let unfolded = text.replace("\r\n ", "");
        assert!(
            unfolded.contains("SUMMARY:Réponse à une demande \\; limite\\, selon notre lecture\\nATTENDEE"),
            "{text}"
        );
        let at = Due::At("2026-12-31T22:59:59Z".parse().expect("an instant"));
        let text = String::from_utf8(file("01ks", made, at, "x", "")).expect("text");
        assert!(text.contains("DTSTART:20261231T225959Z"), "{text}");
    }
}
