//! Whatever the bytes: no panic, the same answer twice, spans that quote, and time that grows with the file.

use agreement::reading::{Reading, Span};
use kernel::Lang;
use proptest::prelude::*;
use reader::ReadError;
use std::time::Duration;

const FULL: &str = include_str!("fixtures/en-full.md");
const FRENCH: &str = include_str!("fixtures/fr-complet.txt");
const PAGE: &str = include_str!("fixtures/en-distractors.html");
const GLUED: &str = include_str!("fixtures/en-mixed.txt");

/// Processor time of debug builds; linear work takes a tenth of it, quadratic work takes hours.
const PATIENCE: Duration = Duration::from_secs(15);

/// Processor time of this thread: the clock on the wall also counts what others do. Where the system does not tell,
/// nothing is measured.
fn spent() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = told.split(' ').next().and_then(|first| first.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or(0))
}

fn read(bytes: &[u8], name: &str) -> Result<Reading, ReadError> {
    reader::read(bytes, name, Lang::En)
}

fn spans(reading: &Reading) -> Vec<Span> {
    let terms =
        reading.terms.iter().flat_map(|term| term.span.into_iter().chain(term.others.iter().map(|other| other.span)));
    let letters = reading.article28.values().flat_map(|coverage| coverage.spans.clone());
    let parties = reading.parties.iter().map(|party| party.span);
    let rights = reading.rights.iter().map(|right| right.span);
    let helpers = reading.subprocessors.iter().map(|entry| entry.span);
    let measures = reading.measures.iter().map(|measure| measure.span);
    let contacts = reading.contacts.iter().map(|contact| contact.span);
    terms.chain(letters).chain(parties).chain(rights).chain(helpers).chain(measures).chain(contacts).collect()
}

/// Spans lie in the file on borders of characters, and a term's words are the words there.
fn check(text: &str, name: &str) -> Result<(), TestCaseError> {
    let Ok(reading) = read(text.as_bytes(), name) else { return Ok(()) };
    for span in spans(&reading) {
        prop_assert!(span[0] <= span[1] && text.get(span[0]..span[1]).is_some(), "{span:?} of {}", text.len());
    }
    let page = name.contains("html");
    for (term, span) in reading.terms.iter().filter(|_| !page).filter_map(|term| Some((term, term.span?))) {
        prop_assert_eq!(&text[span[0]..span[1]], term.text.as_str());
        prop_assert!(!term.text.is_empty());
    }
    prop_assert_eq!(Ok(reading), read(text.as_bytes(), name));
    Ok(())
}

/// A document with a piece cut out and another put in.
fn edited() -> impl Strategy<Value = (String, &'static str)> {
    let bases =
        prop_oneof![Just((FULL, "a.md")), Just((FRENCH, "a.txt")), Just((PAGE, "a.html")), Just((GLUED, "a.txt"))];
    (bases, any::<prop::sample::Index>(), 0..400usize, "[ -~éàœ’“»\n|*#<>()]{0,40}").prop_map(
        |((base, name), at, cut, put)| {
            let letters: Vec<char> = base.chars().collect();
            let at = at.index(letters.len());
            let end = (at + cut).min(letters.len());
            let text =
                letters[..at].iter().chain(put.chars().collect::<Vec<_>>().iter()).chain(&letters[end..]).collect();
            (text, name)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..600), html in any::<bool>()) {
        let name = if html { "x.html" } else { "x.txt" };
        let _ = read(&bytes, name);
        let _ = reader::outline(&bytes, name);
    }

    #[test]
    fn any_text_is_quoted_where_it_stands(text in "[ -~éÀœ’«»—\n\t#*|<>/&;()]{0,400}", md in any::<bool>()) {
        check(&text, if md { "x.md" } else { "x.html" })?;
    }

    #[test]
    fn an_edited_agreement_is_still_quoted_where_it_stands((text, name) in edited()) {
        check(&text, name)?;
    }

    #[test]
    fn clauses_follow_each_other_through_the_whole_text((text, name) in edited()) {
        let Ok(clauses) = reader::outline(text.as_bytes(), name) else { return Ok(()) };
        for pair in clauses.windows(2) {
            prop_assert!(pair[0].span[1] <= pair[1].span[0]);
            prop_assert_eq!(pair[0].index + 1, pair[1].index);
        }
        let words = reader::extract(text.as_bytes(), name).unwrap().as_str().split_whitespace().count();
        let covered: usize = clauses.iter().map(|clause| clause.text.split_whitespace().count()).sum();
        prop_assert_eq!(covered, words);
    }
}

#[test]
fn every_clause_a_term_names_is_in_the_outline() {
    for (text, name) in [(FULL, "a.md"), (FRENCH, "a.txt"), (GLUED, "a.txt")] {
        let outline = reader::outline(text.as_bytes(), name).unwrap();
        for term in read(text.as_bytes(), name).unwrap().terms {
            let known =
                term.clause.as_ref().is_none_or(|path| outline.iter().any(|clause| clause.path.as_ref() == Some(path)));
            assert!(known, "{} names clause {:?}", term.name, term.clause);
        }
    }
}

#[test]
fn hostile_files_take_linear_time() {
    let sentence = "The Processor shall notify the Controller of a personal data breach within 72 hours. ";
    let files: Vec<(String, &str)> = vec![
        ("(".repeat(1_000_000) + " a", "x.txt"),
        ("(a) ".repeat(250_000), "x.txt"),
        ("\"".repeat(500_000) + " a", "x.md"),
        ("[".repeat(500_000) + "](a", "x.md"),
        ("](".repeat(300_000) + " a", "x.md"),
        ("1.".repeat(500_000) + " a", "x.txt"),
        ("1.1.1 A\n".repeat(60_000), "x.txt"),
        ("- A b:\n".repeat(60_000), "x.txt"),
        ("A b\n\n".repeat(60_000), "x.txt"),
        ("&".repeat(500_000) + " a", "x.html"),
        ("<a".repeat(300_000) + " b", "x.html"),
        ("<script>".to_owned() + &"<".repeat(500_000) + ">", "x.html"),
        ("<li>a".repeat(60_000), "x.html"),
        ("<a href=x>".repeat(30_000) + " b", "x.html"),
        ("<div class=nav>".repeat(1_900) + &"</p></ul>".repeat(30_000) + " b", "x.html"),
        ("<div>".repeat(1_900) + &"<ul class=menu>a</ul>".repeat(10_000), "x.html"),
        ("e\u{301}".repeat(100_000), "x.txt"),
        ("aa-\nbb".repeat(30_000), "x.txt"),
        ("(10)aa".repeat(50_000), "x.txt"),
        ("\u{202e}a".repeat(50_000), "x.txt"),
        (sentence.repeat(4_000), "x.txt"),
        ("a".repeat(1_000_000), "x.txt"),
        ("Aa Bb ".repeat(100_000), "x.txt"),
        ("The following sub-processors are used:\n- Aa Ltd\n".repeat(15_000), "x.txt"),
        ((0..40_000).map(|n| format!("a{n}@b.example ")).collect(), "x.txt"),
        ("S.A. (\"X\") ".repeat(30_000), "x.txt"),
        ("Aa (Client) ".repeat(30_000), "x.txt"),
        ("- Aa (b), c, controller;\n".repeat(30_000), "x.txt"),
        ("Controller: the customer a\n".repeat(30_000), "x.txt"),
    ];
    for (text, name) in files {
        let start = spent();
        let _ = read(text.as_bytes(), name);
        let taken = spent() - start;
        assert!(taken < PATIENCE, "{} bytes like {:?} took {taken:?}", text.len(), &text[..12]);
    }
}

#[test]
fn capitals_that_change_their_length_move_no_place() {
    let text = "İzmir. The customer’s data are processed. The customer’s staff help. STRAẞE.";
    let reading = read(text.as_bytes(), "a.txt").unwrap();
    for party in &reading.parties {
        assert!(text.get(party.span[0]..party.span[1]).is_some(), "{party:?}");
    }
}

#[test]
fn a_long_agreement_is_read_in_a_second() {
    let long = FULL.repeat(50);
    let _ = read(FULL.as_bytes(), "warm.md").unwrap();
    let start = spent();
    let reading = read(long.as_bytes(), "long.md").unwrap();
    assert!(reading.document.words >= 20_000);
    let taken = spent() - start;
    assert!(taken < Duration::from_secs(5), "{taken:?}");
}

#[test]
fn what_is_no_agreement_text_is_refused_with_a_reason_and_a_remedy() {
    let cases: Vec<(Vec<u8>, &str, ReadError)> = vec![
        (b"  \n".to_vec(), "a.txt", ReadError::Empty),
        (vec![b'a'; 200_000_000], "a.txt", ReadError::TooLarge { bytes: 200_000_000, max: reader::BYTES_MAX }),
        (b"%PDF-1.7 ...".to_vec(), "a.txt", ReadError::Damaged { format: "PDF" }),
        (b"PK\x03\x04 word/document.xml".to_vec(), "a.docx", ReadError::Damaged { format: "ZIP" }),
        (b"\xD0\xCF\x11\xE0 Word 97".to_vec(), "a.doc", ReadError::UnknownFormat { format: "DOC" }),
        (b"{\\rtf1 words}".to_vec(), "a.rtf", ReadError::UnknownFormat { format: "RTF" }),
        (b"abc\0def".to_vec(), "a.txt", ReadError::Binary),
        (b"\xFF\xFE\x00\xD8\x41".to_vec(), "a.txt", ReadError::Encoding { claimed: "UTF-16LE" }),
        (b"--- *** ___".to_vec(), "a.md", ReadError::NoText),
        ("<div>".repeat(1_000_000).into_bytes(), "a.html", ReadError::TooDeep { max: reader::DEPTH_MAX }),
    ];
    for (bytes, name, expected) in cases {
        let error = read(&bytes, name).unwrap_err();
        assert_eq!(error, expected);
        for lang in Lang::ALL {
            assert!(!error.message(lang).is_empty() && !error.remedy(lang).is_empty());
        }
    }
}

#[test]
fn old_encodings_are_read_with_spans_of_the_original_bytes() {
    let words =
        "Le Sous-traitant notifie au Responsable de traitement toute violation de données dans un délai de 48 heures.";
    let (latin, ..) = encoding_rs::WINDOWS_1252.encode(words);
    let reading = read(&latin, "a.txt").unwrap();
    let term = reading.term("breach.notify_controller").unwrap();
    let span = term.span.unwrap();
    assert_eq!(term.value, "PT48H");
    assert!(encoding_rs::WINDOWS_1252.decode(&latin[span[0]..span[1]]).0.contains("délai de 48 heures"));
    let wide: Vec<u8> = [0xFF, 0xFE].into_iter().chain(words.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for wide in [&wide[..], &wide[2..]] {
        let span = read(wide, "a.txt").unwrap().term("breach.notify_controller").unwrap().span.unwrap();
        assert!(encoding_rs::UTF_16LE.decode(&wide[span[0]..span[1]]).0.contains("délai de 48 heures"));
    }
}

#[test]
fn an_encoding_that_nobody_names_is_told_by_its_letters() {
    let words =
        "Le Sous-traitant à l'œuvre notifie toute violation de données, même tardive, dans un délai de 48 heures.";
    let text = |bytes: &[u8], name: &str| reader::extract(bytes, name).unwrap().as_str().trim().to_owned();
    let mac: Vec<u8> = words
        .chars()
        .map(|letter| match letter {
            'à' => 0x88,
            'é' => 0x8e,
            'ê' => 0x90,
            'œ' => 0xcf,
            letter => u8::try_from(letter as u32).unwrap(),
        })
        .collect();
    assert_eq!(text(&mac, "a.txt"), words);
    assert_eq!(text(&encoding_rs::ISO_8859_15.encode(words).0, "a.txt"), words);
    assert_eq!(text(&encoding_rs::WINDOWS_1252.encode(words).0, "a.txt"), words);
    let page = format!("<html><meta charset=iso-8859-2><p>{words} Łódź</p></html>").replace('œ', "oe");
    let text = text(&encoding_rs::ISO_8859_2.encode(&page.replace(['à', 'ê'], "e")).0, "a.html");
    assert!(text.contains("Łódź") && text.contains("données"));
}

#[test]
fn a_broken_byte_costs_one_letter_and_moves_nothing() {
    let words = "« Le Sous-traitant » notifie à ses frais toute violation de données XX dans un délai de 48 heures.";
    let mut bytes = words.as_bytes().to_vec();
    let at = words.find("XX").unwrap();
    bytes[at] = 0xff;
    let term = read(&bytes, "a.txt").unwrap().term("breach.notify_controller").cloned().unwrap();
    let [start, end] = term.span.unwrap();
    assert_eq!(term.value, "PT48H");
    let cited = String::from_utf8_lossy(&bytes[start..end]).into_owned();
    assert!(cited.contains("délai de 48 heures"), "{cited}");
}
