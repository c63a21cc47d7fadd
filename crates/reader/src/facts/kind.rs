//! Which language, and what kind of document.

use super::Reader;
use crate::{fold::folded, grammar::Words, units::Scope};
use agreement::reading::DocumentKind;
use kernel::Lang;

/// So much of a text tells its language, in characters.
const SAMPLE_MAX: usize = 20_000;
/// Titles and purpose stand at the front, in characters.
const FRONT_MAX: usize = 600;

/// The language with more of its small words.
pub(crate) fn language(text: &str) -> Lang {
    let sample: String = text.chars().take(SAMPLE_MAX).collect();
    let (english, french) = crate::languages::small_words(&sample);
    if french > english { Lang::Fr } else { Lang::En }
}

/// True when the text speaks as a controller to the persons concerned, and of no processor's duty.
pub(crate) fn is_notice(text: &str, words: &Words) -> bool {
    let whole = folded(text);
    let count = |name: &str| words.cues.get(name).map_or(0, |cue| cue.find_iter(&whole).count());
    let processor = count("processor_words");
    let title = is_titled_notice(text, words);
    let front = front(text);
    // "Le responsable du traitement des données": the person, not an agreement on processing data.
    let front = without(words, "controller_named", front);
    let agreement = words.has("agreement_title", &front);
    let speaks = count("notice_words");
    !agreement && ((title && processor * 4 < speaks + 4) || (processor == 0 && speaks >= 4))
}

fn front(text: &str) -> String {
    folded(&text.chars().take(FRONT_MAX).collect::<String>())
}

/// A text without what a cue finds in it.
fn without(words: &Words, cue: &str, mut text: String) -> String {
    let hits: Vec<_> =
        words.cues.get(cue).into_iter().flat_map(|cue| cue.find_iter(&text)).map(|hit| hit.range()).collect();
    for hit in hits.into_iter().rev() {
        text.replace_range(hit, " ");
    }
    text
}

/// The lines a document opens with, up to its first sentence.
fn title(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && *line != "---");
    // What stands in a table is no title, nor what a page leads to.
    let lines = lines.filter(|line| !line.contains('|')).take(TITLE_LINES);
    let short = lines.take_while(|line| line.len() < 100 && !line.ends_with('.'));
    folded(&short.collect::<Vec<_>>().join(" "))
}

/// So many lines may be a title.
const TITLE_LINES: usize = 3;

/// A title about transfers, and no title of an agreement beside it.
fn is_transfer(words: &Words, front: &str) -> bool {
    words.has("transfer_title", front)
        && !words.has("agreement_title", &without(words, "transfer_title", front.to_owned()))
}

fn is_titled_notice(text: &str, words: &Words) -> bool {
    words.has("notice_title", &front(text))
}

/// With more letters than this, a document that calls itself needless is an agreement all the same.
const THIN_MAX: usize = 6;
/// Where a document says what it is not, in characters.
const OPENING_MAX: usize = 2_000;

fn opening(text: &str) -> String {
    folded(&text.chars().take(OPENING_MAX).collect::<String>())
}

/// The kind of a document that is no notice. `both` says that the processor calls itself a controller, too.
pub(crate) fn kind(reader: &Reader<'_>, notice: bool, both: bool, letters: usize) -> DocumentKind {
    let words = &reader.grammar.words;
    let front = front(reader.text.as_str());
    let title = title(reader.text.as_str());
    // "Sub-processors (Article 28)" names the law, not an agreement.
    let called = title.replace("article 28", "");
    let titled = |name: &str| words.has(name, &title) && !words.has("agreement_title", &called);
    let has = |scope| reader.units.iter().any(|unit| unit.scope == scope);
    let role_count = reader.units.iter().filter(|unit| unit.text.text.contains('P')).count();
    if notice {
        DocumentKind::PrivacyNotice
    } else if titled("list_title")
        || (letters <= 2 && words.has("list_title", &front) && !words.has("agreement_title", &front))
    {
        DocumentKind::SubProcessorList
    } else if is_transfer(words, &title) || is_transfer(words, &front) {
        DocumentKind::TransferAddendum
    } else if letters <= THIN_MAX && words.has("no_agreement", &opening(reader.text.as_str())) {
        DocumentKind::Other
    } else if letters >= 2 && (has(Scope::Controller) || (both && is_titled_notice(&title, words))) {
        DocumentKind::Mixed
    } else if letters >= 2 || (words.has("agreement_title", &front) && role_count > 0) {
        DocumentKind::ProcessorAgreement
    } else {
        DocumentKind::Other
    }
}
