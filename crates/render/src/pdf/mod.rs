//! A PDF of A4 pages: our own small layout, one vendored pair of fonts of which only the letters used are kept,
//! a structure for screen readers, an outline, and text that can be copied and searched.

mod font;
mod layout;
mod lines;
mod write;

use crate::paper::Paper;

/// The document.
pub(crate) fn write(paper: &Paper) -> Vec<u8> {
    let mut fonts = font::Fonts::new();
    let laid = layout::laid(paper, &fonts);
    write::written(paper, &laid, &mut fonts)
}
