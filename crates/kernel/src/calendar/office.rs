//! When the house's office is open: "four office hours" mean nothing without it.

use crate::Date;
use jiff::civil::Time;

/// The office's weekdays and its hours, at the place where a clock runs.
///
/// ```
/// use kernel::calendar::OfficeHours;
/// let hours = OfficeHours::new(&[1, 2, 3, 4, 5, 6], "08:30", "12:00").unwrap();
/// assert!(hours.opens_on("2026-11-28".parse().unwrap())); // a Saturday
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfficeHours {
    /// One bit a weekday, Monday the lowest.
    days: u8,
    opens: Time,
    closes: Time,
}

impl Default for OfficeHours {
    /// Monday to Friday, nine to five.
    fn default() -> Self {
        Self { days: 0b1_1111, opens: Time::constant(9, 0, 0, 0), closes: Time::constant(17, 0, 0, 0) }
    }
}

impl OfficeHours {
    /// From weekdays (1 is Monday, 7 is Sunday) and two times such as `08:30`; none without a day, or when it closes
    /// before it opens.
    #[must_use]
    pub fn new(days: &[u8], opens: &str, closes: &str) -> Option<Self> {
        let bit = |day: &u8| (1..=7).contains(day).then(|| 1u8 << (day - 1));
        let days = days.iter().map(bit).try_fold(0, |all, one| Some(all | one?))?;
        let time = |text: &str| (text.len() == 5).then(|| text.parse::<Time>().ok()).flatten();
        let (opens, closes) = (time(opens)?, time(closes)?);
        (days != 0 && opens < closes).then_some(Self { days, opens, closes })
    }

    /// The weekdays, 1 is Monday.
    #[must_use]
    pub fn days(&self) -> Vec<u8> {
        (1..=7).filter(|day| self.days & (1 << (day - 1)) != 0).collect()
    }

    /// When it opens.
    #[must_use]
    pub fn opens(&self) -> Time {
        self.opens
    }

    /// When it closes.
    #[must_use]
    pub fn closes(&self) -> Time {
        self.closes
    }

    /// Both as written: `["09:00", "17:00"]`.
    #[must_use]
    pub fn times(&self) -> [String; 2] {
        [self.opens, self.closes].map(|time| format!("{:02}:{:02}", time.hour(), time.minute()))
    }

    /// Whether `day` is one of its weekdays.
    #[must_use]
    pub fn opens_on(&self, day: Date) -> bool {
        self.days & (1 << day.weekday().to_monday_zero_offset()) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_read_back_and_impossible_ones_are_refused() {
        let hours = OfficeHours::new(&[2, 4], "08:15", "12:45").unwrap();
        assert_eq!((hours.days(), hours.times()), (vec![2, 4], ["08:15".to_owned(), "12:45".to_owned()]));
        assert_eq!(OfficeHours::new(&[1, 2, 3, 4, 5], "09:00", "17:00"), Some(OfficeHours::default()));
        for (days, opens, closes) in [
            (&[][..], "09:00", "17:00"),
            (&[0], "09:00", "17:00"),
            (&[8], "09:00", "17:00"),
            (&[1], "17:00", "09:00"),
            (&[1], "9", "17:00"),
        ] {
            assert_eq!(OfficeHours::new(days, opens, closes), None, "{days:?} {opens} {closes}");
        }
    }
}
