//! Who stands in for whom: decided from the absences of a day alone.

use crate::{Kind, Refusal};
use kernel::{AccountId, Date};

/// One absence that was not withdrawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absence {
    /// Its id.
    pub id: kernel::AbsenceId,
    /// Who is away.
    pub account: AccountId,
    /// From this day on.
    pub from: Date,
    /// Until this day's end.
    pub until: Date,
    /// Who stands in.
    pub deputy: Option<AccountId>,
}

/// The absences of one day.
#[derive(Clone, Debug, Default)]
pub struct Away(Vec<Absence>);

impl Away {
    /// Those of `all` that `day` lies in.
    #[must_use]
    pub fn on(day: Date, all: &[Absence]) -> Self {
        Self(all.iter().filter(|one| one.from <= day && day <= one.until).cloned().collect())
    }

    /// Whether `account` is away.
    #[must_use]
    pub fn is_away(&self, account: &AccountId) -> bool {
        self.0.iter().any(|one| one.account == *account)
    }

    /// Who does the work of `account`: themselves while they are there, else the deputy, or the deputy's deputy. None when
    /// nobody is left: the deputies are away in a circle, or one named none. Of two absences of a day the first noted counts.
    #[must_use]
    pub fn stands_in<'a>(&'a self, account: &'a AccountId) -> Option<&'a AccountId> {
        let mut asked: Vec<&AccountId> = Vec::new();
        let mut at = account;
        while let Some(absence) = self.0.iter().find(|one| one.account == *at) {
            if asked.contains(&at) {
                return None;
            }
            asked.push(at);
            at = absence.deputy.as_ref()?;
        }
        Some(at)
    }

    /// The people `account` stands in for.
    #[must_use]
    pub fn stood_in_for(&self, account: &AccountId) -> Vec<&AccountId> {
        let mut all: Vec<&AccountId> = Vec::new();
        for absence in &self.0 {
            let whose = &absence.account;
            if whose != account && !all.contains(&whose) && self.stands_in(whose) == Some(account) {
                all.push(whose);
            }
        }
        all
    }

    /// The people whose work `account` sees to: those it stands in for and, for an owner, those whom nobody does.
    #[must_use]
    pub fn covered_by(&self, account: &AccountId, owner: bool) -> Vec<&AccountId> {
        let mut all = self.stood_in_for(account);
        for absence in self.0.iter().filter(|_| owner) {
            let whose = &absence.account;
            if whose != account && !all.contains(&whose) && self.stands_in(whose).is_none() {
                all.push(whose);
            }
        }
        all
    }

    /// Whom something is told to that concerns `people`: those who are there, and who stands in for those who are not.
    /// When nobody is left, the owners who are there; when none of them is, all owners. Nobody twice.
    #[must_use]
    pub fn told_to(&self, people: &[AccountId], owners: &[AccountId], open: &[AccountId]) -> Vec<AccountId> {
        let mut told: Vec<AccountId> = Vec::new();
        // A deputy whose account was closed meanwhile is nobody.
        let able = people.iter().filter_map(|person| self.stands_in(person)).filter(|one| open.contains(one));
        let there = owners.iter().filter(|owner| !self.is_away(owner));
        for person in able {
            if !told.contains(person) {
                told.push(person.clone());
            }
        }
        if told.is_empty() {
            told.extend(there.cloned());
        }
        if told.is_empty() {
            told.extend(owners.iter().cloned());
        }
        told
    }
}

/// Days somebody may be away at once.
const DAYS_MAX: i64 = 800;

/// Whether an absence can be noted.
///
/// # Errors
/// When its days are in the wrong order, over, or too many, or the deputy is the person, or cannot stand in.
pub(super) fn check(
    account: &AccountId,
    [from, until]: [Date; 2],
    today: Date,
    deputy: Option<&AccountId>,
    able: &[AccountId],
) -> Result<(), Refusal> {
    let longest = kernel::clock::days_after(from, DAYS_MAX);
    if until < from || until < today || until > longest {
        return Err(Refusal::new(
            Kind::Invalid,
            "absence-days",
            ["These days make no absence.", "Ces jours ne font pas une absence."],
            [
                "The last day is not before the first, nor in the past, and at most two years later.",
                "Le dernier jour n'est ni avant le premier, ni passé, et au plus deux ans après.",
            ],
        ));
    }
    if deputy.is_some_and(|deputy| deputy == account || !able.contains(deputy)) {
        return Err(Refusal::new(
            Kind::Invalid,
            "absence-deputy",
            ["That person cannot stand in.", "Cette personne ne peut pas remplacer."],
            [
                "Choose somebody else who may discharge duties, or nobody: then the owners are told.",
                "Choisissez quelqu'un d'autre qui peut accomplir des échéances, ou personne : les propriétaires sont alors prévenus.",
            ],
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(letter: char) -> AccountId {
        let number = u32::from(letter) - u32::from('a') + 1;
        format!("01ks00000000000000000000{number:02}").parse().unwrap()
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    /// "ab" is: a is away, b stands in; "a-": nobody does.
    fn away(absences: &[&str]) -> Away {
        let all: Vec<Absence> = absences
            .iter()
            .map(|pair| {
                let mut letters = pair.chars();
                let (who, deputy) = (letters.next().unwrap(), letters.next().unwrap());
                Absence {
                    id: "01ks0000000000000000000001".parse().unwrap(),
                    account: id(who),
                    from: day("2026-12-01"),
                    until: day("2026-12-10"),
                    deputy: (deputy != '-').then(|| id(deputy)),
                }
            })
            .collect();
        Away::on(day("2026-12-05"), &all)
    }

    /// absences of the day, the people it concerns, who is told; the owners are x and y.
    #[test]
    fn who_is_told_when_people_are_away() {
        for (absences, concerned, told) in [
            (&[][..], "ab", "ab"),
            (&["ab"], "a", "b"),
            (&["ab"], "ab", "b"),
            (&["ab", "bc"], "a", "c"),
            // Two who name each other: nobody is left, and nothing loops.
            (&["ab", "ba"], "a", "xy"),
            (&["ab", "bc", "ca"], "abc", "xy"),
            (&["ab", "ba"], "ac", "c"),
            (&["a-"], "a", "xy"),
            (&["a-", "xb"], "a", "y"),
            (&["a-", "x-", "yx"], "a", "xy"),
            (&["ax"], "a", "x"),
            // A deputy whose account is gone.
            (&["az"], "a", "xy"),
            (&["az"], "ab", "b"),
            // Two absences that overlap: the first noted counts.
            (&["ab", "ac"], "a", "b"),
        ] {
            let ids = |letters: &str| letters.chars().map(id).collect::<Vec<AccountId>>();
            let found = away(absences).told_to(&ids(concerned), &ids("xy"), &ids("abcxy"));
            assert_eq!(found, ids(told), "{absences:?} {concerned}");
        }
    }

    #[test]
    fn an_absence_holds_from_its_first_day_to_its_last() {
        let one = Absence {
            id: "01ks0000000000000000000001".parse().unwrap(),
            account: id('a'),
            from: day("2026-12-01"),
            until: day("2026-12-10"),
            deputy: Some(id('b')),
        };
        for (on, is) in [("2026-11-30", false), ("2026-12-01", true), ("2026-12-10", true), ("2026-12-11", false)] {
            assert_eq!(Away::on(day(on), std::slice::from_ref(&one)).is_away(&id('a')), is, "{on}");
        }
    }

    #[test]
    fn whom_somebody_stands_in_for() {
        let (a, b, c) = (id('a'), id('b'), id('c'));
        let some = away(&["ab", "bc"]);
        assert_eq!((some.stood_in_for(&c), some.stood_in_for(&b)), (vec![&a, &b], vec![]));
        let circle = away(&["ab", "ba", "cx"]);
        assert_eq!(circle.stood_in_for(&a), Vec::<&AccountId>::new());
        assert_eq!(circle.covered_by(&id('x'), true), vec![&c, &a, &b], "an owner sees to whom nobody is left for");
        assert_eq!(circle.covered_by(&id('x'), false), vec![&c]);
    }

    #[test]
    fn which_absences_can_be_noted() {
        let able = [id('a'), id('b')];
        for (from, until, deputy, refused) in [
            ("2026-12-01", "2026-12-01", Some('b'), None),
            ("2026-11-01", "2026-12-01", None, None),
            ("2026-12-02", "2026-12-01", Some('b'), Some("absence-days")),
            ("2026-11-01", "2026-11-20", Some('b'), Some("absence-days")),
            ("2026-12-01", "2036-12-01", Some('b'), Some("absence-days")),
            ("2026-12-01", "2026-12-02", Some('a'), Some("absence-deputy")),
            ("2026-12-01", "2026-12-02", Some('c'), Some("absence-deputy")),
        ] {
            let deputy = deputy.map(id);
            let days = [day(from), day(until)];
            let found = check(&id('a'), days, day("2026-11-23"), deputy.as_ref(), &able).err().map(|one| one.code);
            assert_eq!(found, refused, "{from} {until}");
        }
    }
}
