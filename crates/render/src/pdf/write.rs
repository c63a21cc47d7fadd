//! Pages into bytes: fonts with what they mean, contents tagged with their elements, structure, outline, properties.

use super::font::{Font, Fonts};
use super::layout::{Laid, Mark, PAGE, Role};
use crate::paper::Paper;
use pdf_writer::types::{ArtifactType, CidFontType, FontFlags, StructRole, SystemInfo, TableHeaderScope, UnicodeCmap};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};

const SYSTEM: SystemInfo = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// Where a piece of an element stands: page and number there.
type Place = (usize, i32);

/// The numbers of all objects, given in order.
struct Objects {
    catalog: Ref,
    tree: Ref,
    info: Ref,
    root: Ref,
    outline: Ref,
    fonts: [Ref; 2],
    pages: Vec<Ref>,
    contents: Vec<Ref>,
    parents: Vec<Ref>,
    elements: Vec<Ref>,
    entries: Vec<Ref>,
    next: Ref,
}

impl Objects {
    fn of(laid: &Laid) -> Self {
        let mut next = Ref::new(1);
        let mut many = |count: usize| (0..count).map(|_| next.bump()).collect::<Vec<_>>();
        let single = many(7);
        let (pages, contents, parents) = (many(laid.pages.len()), many(laid.pages.len()), many(laid.pages.len()));
        let (elements, entries) = (many(laid.elements.len()), many(laid.outline.len()));
        Self {
            catalog: single[0],
            tree: single[1],
            info: single[2],
            root: single[3],
            outline: single[4],
            fonts: [single[5], single[6]],
            pages,
            contents,
            parents,
            elements,
            entries,
            next,
        }
    }
}

/// The document.
pub(crate) fn written(paper: &Paper, laid: &Laid, fonts: &mut Fonts) -> Vec<u8> {
    let mut objects = Objects::of(laid);
    let mut pdf = Pdf::new();
    let mut places: Vec<Vec<Place>> = vec![Vec::new(); laid.elements.len()];
    for at in 0..laid.pages.len() {
        page(&mut pdf, laid, at, &objects, fonts, &mut places);
    }
    structure(&mut pdf, laid, &objects, &places);
    outline(&mut pdf, laid, &objects);
    for (weight, id) in [&fonts.regular, &fonts.bold].into_iter().zip(objects.fonts) {
        font(&mut pdf, weight, id, &mut objects.next);
    }
    catalog(&mut pdf, paper, laid, &objects);
    pdf.finish()
}

fn catalog(pdf: &mut Pdf, paper: &Paper, laid: &Laid, objects: &Objects) {
    let mut info = pdf.document_info(objects.info);
    info.title(TextStr(&paper.title));
    if let Some(author) = &paper.author {
        info.author(TextStr(author));
    }
    info.creator(TextStr("Garant"));
    info.finish();
    let count = i32::try_from(laid.pages.len()).unwrap_or(i32::MAX);
    pdf.pages(objects.tree).kids(objects.pages.iter().copied()).count(count);
    let mut catalog = pdf.catalog(objects.catalog);
    catalog.pages(objects.tree).outlines(objects.outline).lang(TextStr(paper.lang.pick("en-GB", "fr-FR")));
    catalog.viewer_preferences().display_doc_title(true);
    catalog.mark_info().marked(true);
    let mut root = catalog.struct_tree_root();
    root.child(objects.root);
    let mut tree = root.parent_tree();
    let mut numbers = tree.nums();
    for (at, parent) in objects.parents.iter().enumerate() {
        numbers.insert(key(at), *parent);
    }
    numbers.finish();
    tree.finish();
    root.parent_tree_next_key(count);
}

fn key(at: usize) -> i32 {
    i32::try_from(at).unwrap_or(i32::MAX)
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    miniz_oxide::deflate::compress_to_vec_zlib(bytes, 6)
}

fn page(pdf: &mut Pdf, laid: &Laid, at: usize, objects: &Objects, fonts: &mut Fonts, places: &mut [Vec<Place>]) {
    let mut content = Content::new();
    let mut owners: Vec<Ref> = Vec::new();
    for mark in &laid.pages[at] {
        match mark {
            Mark::Rule { x, y, width, weight } => {
                artifact(&mut content, ArtifactType::Layout);
                content.set_line_width(*weight).set_stroke_gray(if *weight > 0.5 { 0.25 } else { 0.7 });
                content.move_to(*x, *y).line_to(x + width, *y).stroke();
            }
            Mark::Text { element: Some(element), .. } => {
                let number = key(owners.len());
                let name = name_of(laid.elements[*element].role).to_name();
                content.begin_marked_content_with_properties(name).properties().identify(number);
                owners.push(objects.elements[*element]);
                places[*element].push((at, number));
                text(&mut content, mark, fonts);
            }
            Mark::Text { element: None, .. } => {
                artifact(&mut content, ArtifactType::Pagination);
                text(&mut content, mark, fonts);
            }
        }
        content.end_marked_content();
    }
    let bytes = packed(&content.finish());
    pdf.stream(objects.contents[at], &bytes).filter(Filter::FlateDecode);
    pdf.indirect(objects.parents[at]).array().items(owners);
    let mut page = pdf.page(objects.pages[at]);
    page.parent(objects.tree).media_box(Rect::new(0.0, 0.0, PAGE.0, PAGE.1)).contents(objects.contents[at]);
    page.struct_parents(key(at));
    let mut resources = page.resources();
    let mut named = resources.fonts();
    named.pair(Name(fonts.regular.resource), objects.fonts[0]).pair(Name(fonts.bold.resource), objects.fonts[1]);
}

fn artifact(content: &mut Content, kind: ArtifactType) {
    content.begin_marked_content_with_properties(Name(b"Artifact")).properties().artifact().kind(kind);
}

fn text(content: &mut Content, mark: &Mark, fonts: &mut Fonts) {
    let Mark::Text { x, y, size, strong, pale, text, .. } = mark else { return };
    let font = fonts.of_mut(*strong);
    content.set_fill_gray(if *pale { 0.3 } else { 0.0 });
    content.begin_text().set_font(Name(font.resource), *size).next_line(*x, *y);
    let bytes = font.encoded(text);
    content.show(Str(&bytes));
    content.end_text();
}

fn name_of(role: Role) -> StructRole {
    match role {
        Role::Title => StructRole::H1,
        Role::Heading => StructRole::H2,
        Role::Part => StructRole::H3,
        Role::Paragraph => StructRole::P,
        Role::Table => StructRole::Table,
        Role::Row => StructRole::TR,
        Role::ColumnHead | Role::RowHead => StructRole::TH,
        Role::Cell => StructRole::TD,
    }
}

fn structure(pdf: &mut Pdf, laid: &Laid, objects: &Objects, places: &[Vec<Place>]) {
    let mut top: Vec<Ref> = Vec::new();
    let mut below: Vec<Vec<Ref>> = vec![Vec::new(); laid.elements.len()];
    for (element, id) in laid.elements.iter().zip(&objects.elements) {
        element.parent.map_or(&mut top, |parent| &mut below[parent]).push(*id);
    }
    let mut root = pdf.struct_element(objects.root);
    root.kind(StructRole::Document).parent(objects.catalog);
    let mut kids = root.children();
    for child in top {
        kids.struct_element(child);
    }
    kids.finish();
    root.finish();
    for (at, element) in laid.elements.iter().enumerate() {
        let mut written = pdf.struct_element(objects.elements[at]);
        let parent = element.parent.map_or(objects.root, |parent| objects.elements[parent]);
        written.kind(name_of(element.role)).parent(parent);
        let scope = match element.role {
            Role::ColumnHead => Some(TableHeaderScope::Column),
            Role::RowHead => Some(TableHeaderScope::Row),
            _ => None,
        };
        if let Some(scope) = scope {
            written.attributes().push().table().scope(scope);
        }
        let mut kids = written.children();
        for (page, number) in &places[at] {
            kids.marked_content_ref().page(objects.pages[*page]).marked_content_id(*number);
        }
        for child in &below[at] {
            kids.struct_element(*child);
        }
    }
}

fn outline(pdf: &mut Pdf, laid: &Laid, objects: &Objects) {
    let (Some(first), Some(last)) = (objects.entries.first(), objects.entries.last()) else { return };
    pdf.outline(objects.outline).first(*first).last(*last).count(key(laid.outline.len()));
    for (at, (title, page, height)) in laid.outline.iter().enumerate() {
        let mut entry = pdf.outline_item(objects.entries[at]);
        entry.title(TextStr(title)).parent(objects.outline);
        if let Some(before) = at.checked_sub(1) {
            entry.prev(objects.entries[before]);
        }
        if let Some(next) = objects.entries.get(at + 1) {
            entry.next(*next);
        }
        entry.dest().page(objects.pages[*page]).xyz(0.0, height + 8.0, None);
    }
}

fn font(pdf: &mut Pdf, font: &Font, id: Ref, next: &mut Ref) {
    let [cid, descriptor, file, cmap] = [next.bump(), next.bump(), next.bump(), next.bump()];
    // A subset has six letters before its name (ISO 32000-1, 9.6.4).
    let name = format!("GARANT+{}", font.name);
    let name = Name(name.as_bytes());
    let mut whole = pdf.type0_font(id);
    whole.base_font(name).encoding_predefined(Name(b"Identity-H")).descendant_font(cid).to_unicode(cmap);
    whole.finish();
    let mut part = pdf.cid_font(cid);
    part.subtype(CidFontType::Type2).base_font(name).system_info(SYSTEM).font_descriptor(descriptor);
    part.default_width(0.0).cid_to_gid_map_predefined(Name(b"Identity"));
    let mut widths = part.widths();
    for (glyph, width) in &font.widths {
        widths.consecutive(*glyph, [*width]);
    }
    widths.finish();
    part.finish();
    let face = &font.face;
    let bounds = face.global_bounding_box();
    let of = |units: i16| font.thousandths(units);
    let mut about = pdf.font_descriptor(descriptor);
    about.name(name).flags(FontFlags::SERIF | FontFlags::SYMBOLIC);
    about.bbox(Rect::new(of(bounds.x_min), of(bounds.y_min), of(bounds.x_max), of(bounds.y_max)));
    about.italic_angle(0.0).ascent(of(face.ascender())).descent(of(face.descender()));
    about.cap_height(of(face.capital_height().unwrap_or(face.ascender()))).stem_v(80.0).font_file2(file);
    about.finish();
    let subset = font.subset();
    let bytes = packed(&subset);
    let length = i32::try_from(subset.len()).unwrap_or(i32::MAX);
    pdf.stream(file, &bytes).filter(Filter::FlateDecode).pair(Name(b"Length1"), length);
    let mut map = UnicodeCmap::new(Name(b"Letters"), SYSTEM);
    for (glyph, letter) in &font.letters {
        map.pair(*glyph, *letter);
    }
    let bytes = packed(&map.finish());
    pdf.stream(cmap, &bytes).filter(Filter::FlateDecode);
}
