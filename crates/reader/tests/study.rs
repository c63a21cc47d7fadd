//! A reading kept for review: its text, its sentences, and the way between text and file, both ways.

use kernel::Lang;
use reader::{Study, study};

const HTML: &str = "<html><body><h1>Data processing agreement</h1><p>The Processor shall notify the Controller of a \
    personal data breach within <b>48&nbsp;hours</b> &amp; in writing. It answers for its sub-processors.</p></body></html>";
const FRENCH: &str = "ACCORD DE SOUS-TRAITANCE\n\n1. Violation\n\nLe Sous-traitant notifie au Responsable toute violation de \
    données dans les 48 heures après en avoir pris connaissance. Il l’aide ensuite.\n\n2. Fin\n\nLes données sont effacées.\n";

fn of(text: &str, name: &str) -> Study {
    study(text.as_bytes(), name, Lang::En).expect("it reads")
}

#[test]
fn every_citation_is_found_again_in_the_text() {
    for (text, name) in [(HTML, "a.html"), (FRENCH, "a.txt")] {
        let study = of(text, name);
        let plain = |words: &str| words.split_whitespace().collect::<Vec<_>>().join(" ");
        for term in study.reading.terms.iter().filter(|term| term.span.is_some()) {
            let span = term.span.expect("filtered");
            assert_eq!(study.quote(span), plain(&term.text), "{name} {}", term.name);
            assert_eq!(study.span(study.range(span)), span, "{name} {}", term.name);
        }
    }
}

#[test]
fn sentences_cover_the_words_and_cite_the_file() {
    let study = of(FRENCH, "a.txt");
    let sentences: Vec<&str> =
        study.passages.iter().flat_map(|passage| &passage.sentences).map(|range| &study.text[range.clone()]).collect();
    assert!(sentences.contains(&"Il l’aide ensuite."), "{sentences:?}");
    for passage in &study.passages {
        for range in &passage.sentences {
            let [from, to] = study.span(range.clone());
            assert_eq!(&FRENCH[from..to], &study.text[range.clone()], "the same words in the file");
        }
    }
    assert_eq!(
        study.passage_at(study.text.find("effacées").expect("there")).and_then(|p| p.path.as_deref()),
        Some("2")
    );
}

#[test]
fn utf16_and_markup_keep_the_way_back() {
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(FRENCH.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let study = study(&utf16, "a.txt", Lang::En).expect("it reads");
    let at = study.text.find("48 heures").expect("there");
    let [from, to] = study.span(at..at + "48 heures".len());
    assert_eq!(to - from, 2 * "48 heures".len(), "two bytes a letter in the file");
    assert_eq!(study.range([from, to]), at..at + "48 heures".len());
}

#[test]
fn what_is_stored_reads_back_the_same() {
    let study = of(HTML, "a.html");
    let stored = serde_json::to_vec(&study).expect("JSON");
    assert_eq!(serde_json::from_slice::<Study>(&stored).expect("reads"), study);
}

#[test]
fn any_span_and_any_range_is_answered() {
    let study = of(HTML, "a.html");
    for at in 0..HTML.len() + 3 {
        let range = study.range([at, at + 7]);
        assert!(study.text.get(range).is_some(), "{at}");
        let [from, to] = study.span(at..at + 1);
        assert!(from <= to && to <= HTML.len());
    }
}
