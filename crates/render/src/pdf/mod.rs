//! A PDF of A4 pages: our own small layout, one vendored pair of fonts of which only the letters used are kept,
//! a structure for screen readers, an outline, and text that can be copied and searched.

mod font;
mod layout;
mod lines;
mod write;

use crate::paper::Paper;
use crate::problem::Problem;

/// The document.
///
/// # Errors
/// [`Problem::Letters`] when the fonts lack letters of it: a name with a question mark in it is another name.
pub(crate) fn write(paper: &Paper) -> Result<Vec<u8>, Problem> {
    let mut fonts = font::Fonts::new();
    let laid = layout::laid(paper, &fonts);
    let bytes = write::written(paper, &laid, &mut fonts);
    let lost = fonts.lost();
    if lost.is_empty() { Ok(bytes) } else { Err(Problem::Letters { letters: lost.into_iter().collect() }) }
}
