//! What a page may ask for, looked at before it is laid out.
//!
//! The layout of `unpdf` keeps a slot for every two units between the outermost words of a page, and runs a form
//! wherever it is painted: one number in a small file would take all memory. So every page is first read for its
//! words and their places only, behind a count of what that takes; a page beyond all pages is refused before layout.

use crate::error::ReadError;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use unpdf::parser::backend::{
    BackendFontInfo, ContentOp, DecodedRun, DecodedText, GlyphAdvance, PageBox, PageContent, PageId, PaintedXObject,
    PdfBackend, PdfMetadataRaw, RawBackend, RawOutlineItem, RawXObject, ResourceScope,
};
use unpdf::parser::{LayoutAnalyzer, TextSpan};

const EXCESSIVE: ReadError = ReadError::Excessive { format: "PDF" };
/// How far from its corner a page reaches, in units of a 72nd of an inch: ISO 32000-1, annex C.2 says 14,400; pages
/// with a larger unit of their own say more.
const REACH_MAX: f32 = 100_000.0;
/// The most words and operators that are run for one page, those of a form as often as it is painted.
const TOKENS_MAX: usize = 300_000;
/// What painting a form takes besides its own words: its place and its border, in words and operators.
const FORM_TOKENS: usize = 16;
/// The most pieces of text one page is laid out from.
const SPANS_MAX: usize = 50_000;

/// Reads the pages of a PDF for where their words stand.
///
/// # Errors
/// [`ReadError::Excessive`] when a page is too large, too long or has too many pieces. A file that cannot be read is
/// no error here: its parser says why.
pub(super) fn look(bytes: &[u8]) -> Result<(), ReadError> {
    let Ok(backend) = RawBackend::load_bytes(bytes) else { return Ok(()) };
    let pages = backend.pages();
    if pages.len() > super::PAGES_MAX as usize {
        return Err(EXCESSIVE);
    }
    for page in pages.into_keys() {
        let counted = Counted { backend: &backend, tokens: AtomicUsize::new(0) };
        let spans = LayoutAnalyzer::new(&counted).extract_page_spans(page).unwrap_or_default();
        let stands = spans.len() <= SPANS_MAX && spans.iter().all(stands);
        if !stands || counted.tokens.load(Ordering::Relaxed) > TOKENS_MAX {
            return Err(EXCESSIVE);
        }
    }
    Ok(())
}

/// Whether a piece of text stands on a page that can be.
fn stands(span: &TextSpan) -> bool {
    [span.x, span.y, span.x + span.width, span.font_size].iter().all(|at| at.abs() <= REACH_MAX)
}

/// The library's own view of the file, with a count of what a page runs; nothing more is run beyond the most.
struct Counted<'a> {
    backend: &'a RawBackend,
    tokens: AtomicUsize,
}

impl Counted<'_> {
    /// Counts the words of a content stream: what parts them stands before each of them, or is one itself.
    fn may_run(&self, content: &[u8]) -> bool {
        let parts = |byte: &u8| byte.is_ascii_whitespace() || b"()<>[]/{}%\0".contains(byte);
        let words = content.split(parts).filter(|word| !word.is_empty()).count();
        let marks = content.iter().filter(|byte| b"(<[/".contains(byte)).count();
        let tokens = FORM_TOKENS + words + marks;
        self.tokens.fetch_add(tokens, Ordering::Relaxed).saturating_add(tokens) <= TOKENS_MAX
    }
}

impl PdfBackend for Counted<'_> {
    fn decode_content(&self, data: &[u8]) -> unpdf::Result<Vec<ContentOp>> {
        if self.may_run(data) { self.backend.decode_content(data) } else { Ok(Vec::new()) }
    }

    fn xobject(&self, scope: ResourceScope, name: &[u8]) -> Option<PaintedXObject> {
        if self.tokens.load(Ordering::Relaxed) > TOKENS_MAX {
            return None;
        }
        let painted = self.backend.xobject(scope, name)?;
        match &painted {
            PaintedXObject::Form(form) => self.may_run(form.content.as_deref().unwrap_or_default()).then_some(painted),
            PaintedXObject::Image | PaintedXObject::Other => Some(painted),
        }
    }

    fn pages(&self) -> BTreeMap<u32, PageId> {
        self.backend.pages()
    }

    fn page_fonts(&self, scope: ResourceScope) -> unpdf::Result<Vec<BackendFontInfo>> {
        self.backend.page_fonts(scope)
    }

    fn page_content(&self, page: PageId) -> unpdf::Result<Vec<u8>> {
        self.backend.page_content(page)
    }

    fn page_content_with_losses(&self, page: PageId) -> unpdf::Result<PageContent> {
        self.backend.page_content_with_losses(page)
    }

    fn decode_text(&self, scope: ResourceScope, font_name: &[u8], bytes: &[u8]) -> DecodedText {
        self.backend.decode_text(scope, font_name, bytes)
    }

    fn decode_run(&self, scope: ResourceScope, font_name: &[u8], bytes: &[u8]) -> DecodedRun {
        self.backend.decode_run(scope, font_name, bytes)
    }

    fn glyph_advances(&self, scope: ResourceScope, font_name: &[u8], bytes: &[u8]) -> Option<Vec<GlyphAdvance>> {
        self.backend.glyph_advances(scope, font_name, bytes)
    }

    fn is_vertical_font(&self, scope: ResourceScope, font_name: &[u8]) -> bool {
        self.backend.is_vertical_font(scope, font_name)
    }

    fn metadata(&self) -> PdfMetadataRaw {
        self.backend.metadata()
    }

    fn page_box(&self, page: PageId) -> PageBox {
        self.backend.page_box(page)
    }

    fn crop_box(&self, page: PageId) -> PageBox {
        self.backend.crop_box(page)
    }

    fn page_rotation(&self, page: PageId) -> u16 {
        self.backend.page_rotation(page)
    }

    fn outline(&self) -> unpdf::Result<Vec<RawOutlineItem>> {
        self.backend.outline()
    }

    fn page_xobjects(&self, page: PageId) -> unpdf::Result<Vec<RawXObject>> {
        self.backend.page_xobjects(page)
    }
}
