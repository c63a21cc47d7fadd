//! A reading for people: parties, terms by section with their places, coverage, and how many findings.

use crate::error::Failure;
use crate::output::{self, BAD, BOLD, DIM, OK, WARN, styled};
use crate::source::Source;
use agreement::names;
use agreement::reading::{CoverageState, DocumentKind, Reading, Severity, Span, State, Term};
use agreement::text::{country, length, read_value_text, state_text};
use clap::builder::styling::Style;
use kernel::{Lang, Period};
use std::io::Write;

/// Where it is written to.
type Out = anstream::AutoStream<std::io::StdoutLock<'static>>;

/// The summary on standard output.
pub(super) fn print(reading: &Reading, source: &Source, name: &str, lang: Lang) -> Result<(), Failure> {
    let mut out = output::stdout();
    let page = Page { reading, source, lang };
    page.head(&mut out, name)?;
    page.parties(&mut out)?;
    page.terms(&mut out)?;
    page.article28(&mut out)?;
    page.lists(&mut out)?;
    page.findings(&mut out, name)
}

struct Page<'r> {
    reading: &'r Reading,
    source: &'r Source,
    lang: Lang,
}

impl Page<'_> {
    fn head(&self, out: &mut Out, name: &str) -> Result<(), Failure> {
        let document = &self.reading.document;
        let language = match document.language.as_str() {
            "fr" => self.lang.pick("French", "français"),
            _ => self.lang.pick("English", "anglais"),
        };
        let words = output::count(document.words, self.lang.pick("word", "mot"), self.lang.pick("words", "mots"));
        writeln!(out, "{}", styled(BOLD, name))?;
        writeln!(out, "{} · {language} · {words} · {}", kind_text(document.kind, self.lang), document.media_type)?;
        Ok(())
    }

    fn title(&self, out: &mut Out, en: &str, fr: &str) -> Result<(), Failure> {
        Ok(writeln!(out, "\n{}", styled(BOLD, self.lang.pick(en, fr)))?)
    }

    fn parties(&self, out: &mut Out) -> Result<(), Failure> {
        if self.reading.parties.is_empty() {
            return Ok(());
        }
        self.title(out, "Parties", "Parties")?;
        for party in &self.reading.parties {
            let role = match party.role.as_str() {
                "controller" => self.lang.pick("controller", "responsable du traitement"),
                _ => self.lang.pick("processor", "sous-traitant"),
            };
            let called =
                if party.called.is_empty() { String::new() } else { format!(" ({})", party.called.join(", ")) };
            self.line(out, role, &format!("{}{called}", party.name), OK, Some(party.span))?;
        }
        Ok(())
    }

    fn terms(&self, out: &mut Out) -> Result<(), Failure> {
        let terms = &self.reading.terms;
        for (groups, en, fr) in &SECTIONS {
            let here = |term: &&Term| groups.contains(&group_of(&term.name)) && term.state != State::Silent;
            for (number, term) in terms.iter().filter(here).enumerate() {
                if number == 0 {
                    self.title(out, en, fr)?;
                }
                self.term(out, term)?;
            }
        }
        for (number, term) in terms.iter().filter(|term| term.state == State::Silent).enumerate() {
            if number == 0 {
                self.title(out, "Not said", "Non dit")?;
            }
            writeln!(out, "  {}", styled(DIM, label(&term.name, self.lang)))?;
        }
        Ok(())
    }

    fn term(&self, out: &mut Out, term: &Term) -> Result<(), Failure> {
        let style = match term.state {
            State::Stated | State::Staged => OK,
            State::Conflicting => BAD,
            _ => WARN,
        };
        let value = read_value_text(term, self.lang);
        let state = state_text(term.state, self.lang);
        let shown = if term.state == State::Stated || value == state { value } else { format!("{value} ({state})") };
        self.line(out, label(&term.name, self.lang), &shown, style, term.span)?;
        for other in &term.others {
            let (line, column) = self.source.place(other.span[0]);
            writeln!(
                out,
                "  {:48} {}",
                "",
                styled(DIM, &format!("{} {line}:{column}", self.lang.pick("also", "aussi")))
            )?;
        }
        Ok(())
    }

    fn article28(&self, out: &mut Out) -> Result<(), Failure> {
        self.title(out, "Art. 28(3), letter by letter", "Art. 28(3), lettre par lettre")?;
        for (letter, coverage) in &self.reading.article28 {
            let (style, word) = match coverage.state {
                CoverageState::Full => (OK, self.lang.pick("covered", "couvert")),
                CoverageState::Weak => (WARN, self.lang.pick("weak", "faible")),
                CoverageState::Absent => (BAD, self.lang.pick("absent", "absent")),
            };
            let asks = format!("({letter}) {}", letter_text(letter, self.lang));
            self.line(out, &asks, word, style, coverage.spans.first().copied())?;
        }
        Ok(())
    }

    fn lists(&self, out: &mut Out) -> Result<(), Failure> {
        if !self.reading.subprocessors.is_empty() {
            self.title(out, "Sub-processors", "Sous-traitants ultérieurs")?;
        }
        for sub in &self.reading.subprocessors {
            let country = sub.country.as_deref().map(|code| country(code, self.lang));
            let about: Vec<&str> = country.into_iter().chain(sub.task.as_deref()).collect();
            self.line(out, &sub.name, &about.join(", "), DIM, Some(sub.span))?;
        }
        self.cut(out, "cut.subprocessors")?;
        self.periods(out)?;
        if !self.reading.rights.is_empty() {
            self.title(out, "Rights of the persons concerned", "Droits des personnes concernées")?;
        }
        for right in &self.reading.rights {
            self.line(out, &right.right, "", DIM, Some(right.span))?;
        }
        Ok(())
    }

    /// What no term reads, so that nobody looks for it in vain.
    fn periods(&self, out: &mut Out) -> Result<(), Failure> {
        if !self.reading.periods.is_empty() {
            self.title(
                out,
                "Other periods, no promise of the processor",
                "Autres délais, sans promesse du sous-traitant",
            )?;
        }
        for period in &self.reading.periods {
            let working = period.days.is_some();
            let length = period.value.parse::<Period>().map(|period| length(&period, working, self.lang));
            let length = length.unwrap_or_else(|_| period.value.clone());
            self.line(out, period_text(&period.of, self.lang), &length, DIM, Some(period.span))?;
        }
        self.cut(out, "cut.periods")
    }

    /// Where a list goes on beyond what is read of it.
    fn cut(&self, out: &mut Out, note: &str) -> Result<(), Failure> {
        for cut in self.reading.notes.named(note) {
            let words =
                self.lang.pick("the list goes on; the rest is not read", "la liste continue ; le reste n'est pas lu");
            self.line(out, &cut.text, words, WARN, Some(cut.span))?;
        }
        Ok(())
    }

    fn findings(&self, out: &mut Out, name: &str) -> Result<(), Failure> {
        let counts = super::check::counts(&self.reading.findings, self.lang);
        let style = if self.reading.findings.iter().any(|f| f.severity == Severity::Error) { BAD } else { OK };
        let see = self.lang.pick("see", "voir");
        writeln!(out, "\n{}", styled(style, &counts))?;
        if !self.reading.findings.is_empty() && name != "-" {
            writeln!(out, "{see} `garant check {name}`")?;
        }
        Ok(())
    }

    /// A name, a value and the place they stand at.
    fn line(&self, out: &mut Out, name: &str, value: &str, style: Style, span: Option<Span>) -> Result<(), Failure> {
        let place = span.map_or(String::new(), |span| {
            let (line, column) = self.source.place(span[0]);
            format!("  {line}:{column}")
        });
        let pad = 48usize.saturating_sub(name.chars().count());
        Ok(writeln!(out, "  {name}{:pad$} {}{}", "", styled(style, value), styled(DIM, &place))?)
    }
}

fn label(name: &str, lang: Lang) -> &str {
    names::find(name).map_or(name, |term| lang.pick(term.en, term.fr))
}

fn kind_text(kind: DocumentKind, lang: Lang) -> &'static str {
    match kind {
        DocumentKind::ProcessorAgreement => lang.pick("data processing agreement", "accord de sous-traitance"),
        DocumentKind::Mixed => lang.pick(
            "agreement with a controller part and a processor part",
            "accord à double volet, responsable et sous-traitant",
        ),
        DocumentKind::PrivacyNotice => lang.pick(
            "privacy notice: no data processing agreement",
            "notice d'information : pas un accord de sous-traitance",
        ),
        DocumentKind::SubProcessorList => lang.pick("list of sub-processors", "liste de sous-traitants ultérieurs"),
        DocumentKind::TransferAddendum => lang.pick("transfer clauses", "clauses de transfert"),
        DocumentKind::Other => lang.pick("no agreement that I recognise", "pas un accord reconnu"),
    }
}

/// The first segment of a term's name.
fn group_of(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

type Section = (&'static [&'static str], &'static str, &'static str);

const SECTIONS: [Section; 9] = [
    (&["instructions", "own_purposes"], "Instructions", "Instructions"),
    (&["confidentiality", "training"], "Persons", "Personnes"),
    (&["security", "design"], "Security", "Sécurité"),
    (&["subprocessors", "transfers"], "Sub-processors and transfers", "Sous-traitants ultérieurs et transferts"),
    (&["requests"], "Requests of persons", "Demandes des personnes"),
    (&["breach"], "Breaches", "Violations"),
    (&["assist"], "Assistance", "Assistance"),
    (&["audit", "records"], "Audits and records", "Audits et registres"),
    (
        &["end", "duration", "liability", "supervisory_authority", "governing_law", "dated"],
        "The contract and its end",
        "Le contrat et sa fin",
    ),
];

fn letter_text(letter: &str, lang: Lang) -> &'static str {
    match letter {
        "a" => lang.pick("documented instructions", "instructions documentées"),
        "b" => lang.pick("confidentiality", "confidentialité"),
        "c" => lang.pick("security", "sécurité"),
        "d" => lang.pick("sub-processors", "sous-traitants ultérieurs"),
        "e" => lang.pick("help with requests", "aide pour les demandes"),
        "f" => lang.pick("help with Arts. 32 to 36", "aide pour les art. 32 à 36"),
        "g" => lang.pick("deletion or return at the end", "suppression ou restitution à la fin"),
        _ => lang.pick("information and audits", "informations et audits"),
    }
}

fn period_text(of: &str, lang: Lang) -> &str {
    match of {
        "authority" => lang.pick("notice to the authority", "notification à l'autorité"),
        "logs" => lang.pick("logs are kept", "conservation des journaux"),
        "backups" => lang.pick("backups are kept", "conservation des sauvegardes"),
        "retention" => lang.pick("evidence and accounts are kept", "conservation des preuves et des comptes"),
        "payment" => lang.pick("payment", "paiement"),
        "cure" => lang.pick("time to remedy a breach of contract", "délai pour remédier à un manquement"),
        "liability" => lang.pick("period that caps the liability", "période qui plafonne la responsabilité"),
        "amendment" => lang.pick("change of the agreement", "modification de l'accord"),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_term_has_its_section() {
        for term in names::TERMS {
            let sections = SECTIONS.iter().filter(|(groups, _, _)| groups.contains(&group_of(term.name)));
            assert_eq!(sections.count(), 1, "{}", term.name);
        }
    }
}
