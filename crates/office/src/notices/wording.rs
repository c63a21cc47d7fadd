//! Wordings: text with placeholders and no logic. `{due}` is replaced by what the letter tells, once; what is put in is
//! never read for placeholders again, and can neither end a line of a header nor become markup.

use super::{LetterKind, SECRET};
use crate::{Kind, Refusal};
use kernel::Lang;
use maud::{Markup, html};

/// The longest subject line, in characters.
const SUBJECT_MAX: usize = 150;
/// The longest text, in characters.
const BODY_MAX: usize = 8_000;

/// How a letter is worded in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    /// The subject line.
    pub subject: String,
    /// The text.
    pub body: String,
    /// Which wording this is: `standard:1`, or `house:3` for the third change of the house.
    pub version: String,
}

/// A letter as it reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The subject line.
    pub subject: String,
    /// The text.
    pub body: String,
}

/// A stretch of a wording.
enum Piece<'w> {
    Words(&'w str),
    Field(&'w str),
}

/// The wording that is shipped.
#[must_use]
pub fn standard(kind: &LetterKind, lang: Lang) -> Wording {
    let (subject, body) = (kind.subject[lang as usize].to_owned(), kind.body[lang as usize].to_owned());
    Wording { subject, body, version: format!("standard:{}", kind.standard) }
}

/// Takes a wording apart; gives the line of a brace that stands alone instead.
fn pieces(text: &str) -> Result<Vec<Piece<'_>>, usize> {
    let (mut found, mut rest) = (Vec::new(), text);
    let line = |rest: &str| text[..text.len() - rest.len()].matches('\n').count() + 1;
    while let Some(at) = rest.find(['{', '}']) {
        let (words, behind) = rest.split_at(at);
        let inside = behind.strip_prefix('{').and_then(|inside| inside.split_once('}'));
        let named = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        let Some((name, after)) = inside.filter(|(name, _)| named(name)) else { return Err(line(behind)) };
        found.extend([Piece::Words(words), Piece::Field(name)]);
        rest = after;
    }
    found.push(Piece::Words(rest));
    Ok(found)
}

/// A wording with what the letter tells in its places. What it does not tell is left empty.
#[must_use]
pub fn render(wording: &Wording, values: &[(&'static str, String)]) -> Rendered {
    let subject = one_line(&fill(&wording.subject, values));
    Rendered { subject, body: fill(&wording.body, values) }
}

fn fill(text: &str, values: &[(&'static str, String)]) -> String {
    let Ok(pieces) = pieces(text) else { return text.to_owned() };
    pieces.iter().fold(String::with_capacity(text.len() * 2), |mut filled, piece| {
        match piece {
            Piece::Words(words) => filled.push_str(words),
            Piece::Field("secret") => filled.push_str(SECRET),
            Piece::Field(name) => {
                let value = values.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value);
                filled.push_str(&plain(value));
            }
        }
        filled
    })
}

/// A value without what only machines read, and without the mark where a secret will stand.
fn plain(value: &str) -> String {
    let kept: String = value.replace("\r\n", "\n").chars().filter(|c| !c.is_control() || *c == '\n').collect();
    kept.replace(SECRET, "{\u{2060}secret}")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Checks a wording of the house: it says what the law demands, and nothing that the letter cannot tell.
///
/// # Errors
/// What is wrong, and in which line.
pub fn check(kind: &LetterKind, lang: Lang, subject: &str, body: &str) -> Result<(), Refusal> {
    let lines = |text: &str| text.chars().any(char::is_control);
    if one_line(subject).is_empty() || subject.chars().count() > SUBJECT_MAX || lines(subject) {
        return Err(refused(
            ["The subject is one line of 1 to 150 characters.", "L'objet tient en une ligne de 1 à 150 caractères."],
            ["Shorten it.", "Raccourcissez-le."],
        ));
    }
    if body.trim().is_empty() || body.chars().count() > BODY_MAX {
        return Err(refused(
            ["The text has 1 to 8,000 characters.", "Le texte compte de 1 à 8 000 caractères."],
            ["Shorten it.", "Raccourcissez-le."],
        ));
    }
    known(kind, subject, true)?;
    known(kind, body, false)?;
    whole(kind, lang, body)
}

/// Every placeholder is one of this letter's, and none of a subject line speaks of a person.
fn known(kind: &LetterKind, text: &str, is_subject: bool) -> Result<(), Refusal> {
    let place = |line: usize| match is_subject {
        true => ["in the subject".to_owned(), "dans l'objet".to_owned()],
        false => [format!("in line {line}"), format!("à la ligne {line}")],
    };
    let found = pieces(text).map_err(|line| {
        let [en, fr] = place(line);
        refused(
            [&format!("A brace stands alone {en}."), &format!("Une accolade est seule {fr}.")],
            ["Write a placeholder as {due}, without spaces.", "Écrivez un champ comme {due}, sans espace."],
        )
    })?;
    let mut line = 1;
    for piece in found {
        match piece {
            Piece::Words(words) => line += words.matches('\n').count(),
            Piece::Field(name) => {
                let [en, fr] = place(line);
                let field = kind.field(name).ok_or_else(|| {
                    let names: Vec<String> = kind.fields.iter().map(|field| format!("{{{}}}", field.name)).collect();
                    let names = names.join(" ");
                    refused(
                        [
                            &format!("This letter has no {{{name}}} ({en})."),
                            &format!("Ce courrier n'a pas de {{{name}}} ({fr})."),
                        ],
                        [&format!("It has: {names}"), &format!("Il a : {names}")],
                    )
                })?;
                if is_subject && field.private {
                    return Err(refused(
                        [
                            &format!("{{{name}}} may not stand in a subject line."),
                            &format!("{{{name}}} ne peut figurer dans l'objet."),
                        ],
                        [
                            "A subject line is read by every server on the way; name nobody in it.",
                            "L'objet est lu par chaque serveur en chemin ; n'y nommez personne.",
                        ],
                    ));
                }
            }
        }
    }
    Ok(())
}

/// Nothing that is required is left out of the text.
fn whole(kind: &LetterKind, lang: Lang, body: &str) -> Result<(), Refusal> {
    let found = pieces(body).unwrap_or_default();
    let has = |name: &str| found.iter().any(|piece| matches!(piece, Piece::Field(known) if *known == name));
    if let Some(field) = kind.fields.iter().find(|field| field.required && !has(field.name)) {
        let name = field.name;
        return Err(refused(
            [
                &format!("The text leaves out {{{name}}}: {}.", field.what[0]),
                &format!("Le texte omet {{{name}}} : {}.", field.what[1]),
            ],
            [&format!("Put {{{name}}} into the text."), &format!("Placez {{{name}}} dans le texte.")],
        ));
    }
    let spaced = one_line(body);
    if let Some(sentence) = kind.minimum.iter().map(|both| both[lang as usize]).find(|one| !spaced.contains(one)) {
        return Err(refused(
            [
                &format!("The text leaves out what it must say ({}): “{sentence}”", kind.law),
                &format!("Le texte omet ce qu'il doit dire ({}) : « {sentence} »", kind.law),
            ],
            ["Put this sentence back, word for word.", "Remettez cette phrase, mot pour mot."],
        ));
    }
    Ok(())
}

fn refused(message: [&str; 2], remedy: [&str; 2]) -> Refusal {
    Refusal::new(Kind::Invalid, "letter-wording", message, remedy)
}

/// The same text as a small page: paragraphs, lines, and links to this house alone. Everything else is escaped, so
/// words of strangers stay words, and an address they wrote is not made easy to follow.
#[must_use]
pub fn page(text: &str, lang: Lang, house: &str) -> String {
    html! {
        (maud::DOCTYPE)
        html lang=(lang.code()) {
            head { meta charset="utf-8"; meta name="viewport" content="width=device-width"; title { "Garant" } }
            body style="font:16px/1.5 system-ui,sans-serif;color:#171a21;max-width:40em" { (paragraphs(text, house)) }
        }
    }
    .into_string()
}

/// The paragraphs of [`page`], to show within another.
#[must_use]
pub(super) fn paragraphs(text: &str, house: &str) -> Markup {
    let shown: Vec<&str> = text.split("\n\n").map(str::trim_end).filter(|part| !part.is_empty()).collect();
    html! {
        @for part in shown {
            p {
                @for (index, line) in part.trim_start_matches('\n').split('\n').enumerate() {
                    @if index > 0 { br; }
                    (linked(line, house))
                }
            }
        }
    }
}

fn linked(line: &str, house: &str) -> Markup {
    let address = |word: &str| {
        let path = word.strip_prefix(house).filter(|path| !house.is_empty() && path.starts_with('/'));
        path.is_some_and(|path| path.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-_?=&.%~".contains(&b)))
    };
    html! {
        @for (index, word) in line.split(' ').enumerate() {
            @if index > 0 { " " }
            @if address(word) { a href=(word) { (word) } } @else { (word) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Field, To};
    use super::*;

    const KIND: LetterKind = LetterKind {
        name: "test.letter",
        title: ["A letter", "Un courrier"],
        standard: 1,
        to: To::Controller,
        urgent: false,
        law: "Art. 28(3)(e)",
        page: "/",
        discharges: None,
        fields: &[
            Field::new("due", ["the day", "le jour"], ["3 May", "3 mai"]).required(),
            Field::new("person", ["who asks", "qui demande"], ["somebody", "quelqu'un"]).private(),
            Field::new("secret", ["a link", "un lien"], ["…", "…"]).private(),
        ],
        minimum: &[["You answer.", "Vous répondez."]],
        subject: ["Due {due}", "Pour le {due}"],
        body: ["You answer.\n\nBy {due}: {person}\n", "Vous répondez.\n\nAvant le {due} : {person}\n"],
    };

    /// Subject, text → what is wrong; nothing when it stands.
    #[test]
    fn a_wording_says_what_it_must_and_nothing_unknown() {
        for (subject, body, wrong) in [
            ("Due {due}", "You answer. {due}", ""),
            ("Due {due}", "You\n  answer. {due}", ""),
            ("Due", "You answer.", "The text leaves out {due}"),
            ("Due", "{due}", "The text leaves out what it must say (Art. 28(3)(e)): “You answer.”"),
            ("Due", "You answer.\n{due}\n{name}", "This letter has no {name} (in line 3)."),
            ("Due {name}", "You answer. {due}", "This letter has no {name} (in the subject)."),
            ("Due {person}", "You answer. {due}", "{person} may not stand in a subject line."),
            ("Due {secret}", "You answer. {due}", "{secret} may not stand in a subject line."),
            ("Due", "You answer. {due}\n\n{ due }", "A brace stands alone in line 3."),
            ("Due", "You answer. {due} {{due}}", "A brace stands alone in line 1."),
            ("Due", "You answer. {due} {% if x %}", "A brace stands alone in line 1."),
            ("Due", "You answer. {due", "A brace stands alone in line 1."),
            ("Due }", "You answer. {due}", "A brace stands alone in the subject."),
            ("Due\r\nBcc: eve@example.org", "You answer. {due}", "The subject is one line"),
            ("", "You answer. {due}", "The subject is one line"),
            ("Due", " ", "The text has 1 to 8,000 characters."),
        ] {
            let said = check(&KIND, Lang::En, subject, body).map_err(|refusal| refusal.message(Lang::En).to_owned());
            match said {
                Ok(()) => assert_eq!(wrong, "", "{subject} / {body}"),
                Err(said) => assert!(!wrong.is_empty() && said.starts_with(wrong), "{subject} / {body}: {said}"),
            }
        }
        assert!(check(&KIND, Lang::Fr, "Pour {due}", "You answer. {due}").is_err(), "in its own language");
    }

    #[test]
    fn what_is_put_in_is_read_once_and_stays_words() {
        let wording = standard(&KIND, Lang::En);
        let values = [
            ("due", "3 May\r\nBcc: eve@example.org".to_owned()),
            ("person", "{due} {secret} <script>alert(1)</script>\u{0}".to_owned()),
        ];
        let rendered = render(&wording, &values);
        assert_eq!(rendered.subject, "Due 3 May Bcc: eve@example.org", "one line");
        assert!(rendered.body.contains("{due} ") && !rendered.body.contains(SECRET), "{}", rendered.body);
        let page = page(&rendered.body, Lang::En, "https://garant.example");
        assert!(page.contains("&lt;script&gt;") && !page.contains("<script"), "{page}");
    }

    #[test]
    fn only_links_to_this_house_are_made() {
        let text =
            "Open https://garant.example/requests/1 or https://garant.example.evil.example/x or https://garant.example";
        let shown = paragraphs(text, "https://garant.example").into_string();
        assert_eq!(shown.matches("<a ").count(), 1, "{shown}");
        assert!(shown.contains("<a href=\"https://garant.example/requests/1\">"), "{shown}");
        assert_eq!(paragraphs("/x", "").into_string().matches("<a ").count(), 0);
    }
}
