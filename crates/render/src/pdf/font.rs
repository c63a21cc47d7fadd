//! The two weights of Liberation Serif: how wide a text is, and which of their letters a document uses.

use std::collections::{BTreeMap, BTreeSet};
use subsetter::GlyphRemapper;
use ttf_parser::Face;

static REGULAR: &[u8] = include_bytes!("../../fonts/LiberationSerif-Regular.ttf");
static BOLD: &[u8] = include_bytes!("../../fonts/LiberationSerif-Bold.ttf");

/// Both weights.
pub(crate) struct Fonts {
    pub(crate) regular: Font,
    pub(crate) bold: Font,
}

impl Fonts {
    pub(crate) fn new() -> Self {
        Self {
            regular: Font::new(REGULAR, "LiberationSerif", b"F0"),
            bold: Font::new(BOLD, "LiberationSerif-Bold", b"F1"),
        }
    }

    pub(crate) fn of(&self, strong: bool) -> &Font {
        if strong { &self.bold } else { &self.regular }
    }

    /// The letters that were asked for and that the fonts do not have.
    pub(crate) fn lost(&self) -> BTreeSet<char> {
        self.regular.lost.union(&self.bold.lost).copied().collect()
    }

    pub(crate) fn of_mut(&mut self, strong: bool) -> &mut Font {
        if strong { &mut self.bold } else { &mut self.regular }
    }
}

/// One weight.
pub(crate) struct Font {
    bytes: &'static [u8],
    pub(crate) face: Face<'static>,
    /// Its PostScript name.
    pub(crate) name: &'static str,
    /// What pages call it.
    pub(crate) resource: &'static [u8],
    glyphs: GlyphRemapper,
    /// For each glyph of the subset: the letter it stands for.
    pub(crate) letters: BTreeMap<u16, char>,
    /// For each glyph of the subset: its width.
    pub(crate) widths: BTreeMap<u16, f32>,
    /// Letters it does not have.
    lost: BTreeSet<char>,
}

impl Font {
    fn new(bytes: &'static [u8], name: &'static str, resource: &'static [u8]) -> Self {
        let face = Face::parse(bytes, 0).expect("the font is compiled in and tested");
        let (glyphs, letters, widths) = (GlyphRemapper::new(), BTreeMap::new(), BTreeMap::new());
        Self { bytes, face, name, resource, glyphs, letters, widths, lost: BTreeSet::new() }
    }

    /// A length of the font in thousandths of its size.
    pub(crate) fn thousandths(&self, units: i16) -> f32 {
        f32::from(units) * 1_000.0 / f32::from(self.face.units_per_em())
    }

    /// The width of a text in thousandths of the size of the font.
    pub(crate) fn width(&self, text: &str) -> f32 {
        text.chars().map(|letter| self.advance(self.glyph(letter).0)).sum()
    }

    fn advance(&self, glyph: u16) -> f32 {
        let units = self.face.glyph_hor_advance(ttf_parser::GlyphId(glyph)).unwrap_or(0);
        f32::from(units) * 1_000.0 / f32::from(self.face.units_per_em())
    }

    /// The glyph of a letter and the letter it shows: a question mark where the font has none.
    fn glyph(&self, letter: char) -> (u16, char) {
        let shown = shown(letter);
        let of = |letter: char| Some((self.face.glyph_index(letter)?.0, letter));
        of(shown).or_else(|| of('?')).unwrap_or((0, '?'))
    }

    /// The text as bytes of the subset, which from now on holds its letters.
    pub(crate) fn encoded(&mut self, text: &str) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(text.len() * 2);
        let lost = text.chars().filter(|letter| self.glyph(*letter).1 != shown(*letter)).collect::<Vec<_>>();
        self.lost.extend(lost);
        for (glyph, letter) in text.chars().map(|letter| self.glyph(letter)).collect::<Vec<_>>() {
            let kept = self.glyphs.remap(glyph);
            let width = self.advance(glyph);
            self.letters.entry(kept).or_insert(letter);
            self.widths.entry(kept).or_insert(width);
            bytes.extend(kept.to_be_bytes());
        }
        bytes
    }

    /// The font with the letters used, and no others.
    pub(crate) fn subset(&self) -> Vec<u8> {
        subsetter::subset(self.bytes, 0, &self.glyphs).unwrap_or_else(|_| self.bytes.to_vec())
    }
}

/// The letter that is drawn for another of the same look.
fn shown(letter: char) -> char {
    match letter {
        '\u{a0}' | '\u{202f}' | '\u{2009}' => ' ',
        '\u{2011}' | '\u{2010}' => '-',
        letter => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_weights_have_the_letters_of_europe() {
        let fonts = Fonts::new();
        for letter in "àâçéèêëîïôœùûüÿÆŒßñåøØžŻłŁąčČřšěůőűțșđ€§«»“”’–…ΑΒΓαβγάέ".chars()
        {
            for strong in [false, true] {
                assert_eq!(fonts.of(strong).glyph(letter).1, letter);
            }
        }
        assert_eq!(fonts.regular.glyph('漢').1, '?');
    }

    #[test]
    fn a_subset_is_small_and_the_same_each_time() {
        let subset = || {
            let mut font = Fonts::new().regular;
            font.encoded("Données à caractère personnel");
            font.subset()
        };
        assert!(subset().len() < 20_000);
        assert_eq!(subset(), subset());
    }
}
