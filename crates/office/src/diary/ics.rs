//! iCalendar (RFC 5545), as much of it as a feed of duties needs. Our own: the library for it reads the clock and the system's
//! randomness by itself wherever a property is missing, in alarms too, so that the same duties would never be the same bytes.

use kernel::{Date, Instant, clock};

/// One entry of a feed.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Its identifier, the same for ever.
    pub(super) uid: String,
    /// How often it changed.
    pub(super) sequence: i64,
    /// When it was last written.
    pub(super) stamp: Instant,
    /// When it is.
    pub(super) at: Moment,
    /// Its title.
    pub(super) summary: String,
    /// More about it.
    pub(super) description: String,
    /// Where to read on.
    pub(super) url: String,
    /// When to ring.
    pub(super) alarm: Option<Instant>,
    /// Whether nothing is to be done any more.
    pub(super) cancelled: bool,
}

/// A day, or an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// A whole day.
    Day(Date),
    /// An instant.
    At(Instant),
}

/// The feed of these entries.
pub(super) fn calendar(name: &str, entries: &[Entry]) -> String {
    let mut out = Lines(String::new());
    out.line("BEGIN:VCALENDAR");
    out.line("VERSION:2.0");
    out.line("PRODID:-//Garant//Duties//EN");
    out.line("CALSCALE:GREGORIAN");
    out.text("X-WR-CALNAME", name);
    out.line("REFRESH-INTERVAL;VALUE=DURATION:PT1H");
    for entry in entries {
        out.entry(entry);
    }
    out.line("END:VCALENDAR");
    out.0
}

/// Octets of a line without its end (RFC 5545 §3.1).
const LINE_MAX: usize = 75;

struct Lines(String);

impl Lines {
    /// A line, folded where it is too long, never within a character.
    fn line(&mut self, line: &str) {
        let mut room = LINE_MAX;
        for letter in line.chars().filter(|letter| !matches!(letter, '\r' | '\n')) {
            if letter.len_utf8() > room {
                self.0.push_str("\r\n ");
                room = LINE_MAX - 1;
            }
            self.0.push(letter);
            room -= letter.len_utf8();
        }
        self.0.push_str("\r\n");
    }

    /// A property whose value is text (RFC 5545 §3.3.11).
    fn text(&mut self, name: &str, value: &str) {
        let plain = |letter: &char| !letter.is_control() || *letter == '\n';
        let value: String = value.chars().filter(plain).collect();
        let value = value.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n");
        self.line(&format!("{name}:{value}"));
    }

    fn entry(&mut self, entry: &Entry) {
        self.line("BEGIN:VEVENT");
        self.line(&format!("UID:{}", entry.uid));
        self.line(&format!("DTSTAMP:{}", utc(entry.stamp)));
        self.line(&format!("SEQUENCE:{}", entry.sequence));
        match entry.at {
            Moment::Day(day) => {
                self.line(&format!("DTSTART;VALUE=DATE:{}", day.strftime("%Y%m%d")));
                let next = clock::days_after(day, 1);
                self.line(&format!("DTEND;VALUE=DATE:{}", next.strftime("%Y%m%d")));
            }
            Moment::At(at) => self.line(&format!("DTSTART:{}", utc(at))),
        }
        self.text("SUMMARY", &entry.summary);
        self.text("DESCRIPTION", &entry.description);
        self.line(&format!("URL:{}", entry.url));
        self.line("TRANSP:TRANSPARENT");
        self.line(if entry.cancelled { "STATUS:CANCELLED" } else { "STATUS:CONFIRMED" });
        if let Some(alarm) = entry.alarm.filter(|_| !entry.cancelled) {
            self.line("BEGIN:VALARM");
            self.line("ACTION:DISPLAY");
            self.text("DESCRIPTION", &entry.summary);
            self.line(&format!("TRIGGER;VALUE=DATE-TIME:{}", utc(alarm)));
            self.line("END:VALARM");
        }
        self.line("END:VEVENT");
    }
}

fn utc(at: Instant) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        Entry {
            uid: "01ks@house".into(),
            sequence: 2,
            stamp: "2026-11-23T10:00:00Z".parse().unwrap(),
            at: Moment::Day("2026-11-30".parse().unwrap()),
            summary: "Transmettre, dès réception; à \\ temps\r\nBEGIN:VEVENT".into(),
            description: "é".repeat(120),
            url: "https://garant.example/duties/01ks".into(),
            alarm: Some("2026-11-27T16:00:00+01:00".parse().unwrap()),
            cancelled: false,
        }
    }

    #[test]
    fn an_entry_is_written_as_the_standard_has_it() {
        let text = calendar("Duties", &[entry()]);
        for line in [
            "UID:01ks@house\r\n",
            "DTSTAMP:20261123T100000Z\r\n",
            "SEQUENCE:2\r\n",
            "DTSTART;VALUE=DATE:20261130\r\nDTEND;VALUE=DATE:20261201\r\n",
            "SUMMARY:Transmettre\\, dès réception\\; à \\\\ temps\\nBEGIN:VEVENT\r\n",
            "TRIGGER;VALUE=DATE-TIME:20261127T150000Z\r\n",
            "STATUS:CONFIRMED\r\n",
        ] {
            assert!(text.contains(line), "{line} in {text}");
        }
        assert_eq!(text.matches("\r\nBEGIN:VEVENT\r\n").count(), 1, "a title makes no entry");
        assert!(text.replace("\r\n", "").chars().all(|letter| !letter.is_control()));
    }

    #[test]
    fn lines_are_folded_at_75_octets_and_unfold_to_what_they_were() {
        let text = calendar("Duties", &[entry()]);
        assert!(text.split("\r\n").all(|line| line.len() <= LINE_MAX));
        assert!(text.replace("\r\n ", "").contains(&"é".repeat(120)));
    }

    #[test]
    fn an_instant_is_utc_and_what_is_cancelled_rings_no_more() {
        let at = Moment::At("2026-11-30T16:45:00+01:00".parse().unwrap());
        let text = calendar("Duties", &[Entry { at, cancelled: true, ..entry() }]);
        assert!(text.contains("DTSTART:20261130T154500Z\r\n") && !text.contains("DTEND"), "{text}");
        assert!(text.contains("STATUS:CANCELLED\r\n") && !text.contains("VALARM"), "{text}");
    }
}
