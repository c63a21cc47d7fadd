//! Blocks onto pages: what stands where, and which element of the structure it belongs to.

use super::font::Fonts;
use super::lines::{Line, Setting, lines};
use crate::paper::{Block, Paper, Party};
use crate::words::Words;

/// A4, in points.
pub(crate) const PAGE: (f32, f32) = (595.28, 841.89);
const LEFT: f32 = 70.0;
const WIDTH: f32 = PAGE.0 - 2.0 * LEFT;
const TOP: f32 = PAGE.1 - 68.0;
const BOTTOM: f32 = 80.0;
/// The place to sign, in points.
const SIGNATURES: f32 = 222.0;
/// Between the cells of a row.
const GAP: f32 = 10.0;

/// What an element is for a screen reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Title,
    Heading,
    Part,
    Paragraph,
    Table,
    Row,
    ColumnHead,
    RowHead,
    Cell,
}

/// An element of the structure; those without parent stand in the document itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element {
    pub(crate) role: Role,
    pub(crate) parent: Option<usize>,
}

/// Something drawn on a page.
#[derive(Clone, Debug)]
pub(crate) enum Mark {
    /// Text on a base line; without element it is no content, as the number of a page.
    Text { x: f32, y: f32, size: f32, strong: bool, pale: bool, text: String, element: Option<usize> },
    /// A horizontal line.
    Rule { x: f32, y: f32, width: f32, weight: f32 },
}

/// An entry of the outline: its title, its page and its height there.
pub(crate) type Entry = (String, usize, f32);

/// The document, laid out.
pub(crate) struct Laid {
    pub(crate) pages: Vec<Vec<Mark>>,
    pub(crate) elements: Vec<Element>,
    pub(crate) outline: Vec<Entry>,
}

/// Lays the document out.
pub(crate) fn laid(paper: &Paper, fonts: &Fonts) -> Laid {
    let laid = Laid { pages: vec![Vec::new()], elements: Vec::new(), outline: Vec::new() };
    let mut layout = Layout { fonts, laid, y: TOP };
    for (at, block) in paper.blocks.iter().enumerate() {
        if matches!(paper.blocks.get(at + 1), Some(Block::Signatures { .. })) {
            // Nobody signs a page that holds nothing else than the title of the place to sign.
            layout.room(HEADING.leading + 24.0 + SIGNATURES);
        }
        layout.block(block);
    }
    layout.feet(&paper.foot);
    layout.laid
}

/// How a paragraph looks.
#[derive(Clone, Copy)]
struct Look {
    size: f32,
    leading: f32,
    strong: bool,
    pale: bool,
    centred: bool,
}

const BODY: Look = Look { size: 11.0, leading: 15.4, strong: false, pale: false, centred: false };
const PALE: Look = Look { pale: true, ..BODY };
const UNDER: Look = Look { centred: true, ..PALE };
const TITLE: Look = Look { size: 21.0, leading: 26.0, strong: true, pale: false, centred: true };
const HEADING: Look = Look { size: 13.0, leading: 17.0, strong: true, pale: false, centred: false };
const ANNEX: Look = Look { size: 15.5, leading: 20.0, ..HEADING };
const PART: Look = Look { size: 11.0, leading: 15.0, ..HEADING };
const CELL: Look = Look { size: 10.0, leading: 13.4, ..BODY };
const HEAD: Look = Look { strong: true, ..CELL };

struct Layout<'a> {
    fonts: &'a Fonts,
    laid: Laid,
    /// The top of what is still free on the page.
    y: f32,
}

impl Layout<'_> {
    fn block(&mut self, block: &Block) {
        match block {
            Block::Title(text) => {
                self.y -= 22.0;
                self.paragraph(Role::Title, &Words::plain(text), TITLE, 30.0);
                self.y -= 2.0;
            }
            Block::Under(words) => {
                self.paragraph(Role::Paragraph, words, UNDER, 40.0);
                self.y -= 24.0;
            }
            Block::Opening { number, words } if number.is_empty() => {
                self.paragraph(Role::Paragraph, words, PALE, 0.0);
            }
            Block::Opening { number, words } | Block::Clause { number, words } => self.clause(number, words),
            Block::Heading { level, number, text, new_page } => {
                self.heading(*level, &format!("{number} {text}"), *new_page);
            }
            Block::Paragraph(words) => self.paragraph(Role::Paragraph, words, BODY, 0.0),
            Block::Table { head, rows } => self.table(head, rows),
            Block::Signatures { lines, parties } => self.signatures(lines, parties),
        }
    }

    fn element(&mut self, role: Role, parent: Option<usize>) -> usize {
        self.laid.elements.push(Element { role, parent });
        self.laid.elements.len() - 1
    }

    fn next_page(&mut self) {
        self.laid.pages.push(Vec::new());
        self.y = TOP;
    }

    /// A new page, unless this much is free.
    fn room(&mut self, height: f32) {
        if self.y - height < BOTTOM && self.y < TOP {
            self.next_page();
        }
    }

    fn mark(&mut self, mark: Mark) {
        self.laid.pages.last_mut().expect("there is one from the start").push(mark);
    }

    fn set(&self, words: &Words, look: Look, width: f32) -> Vec<Line> {
        lines(words, Setting { size: look.size, width, strong: look.strong }, self.fonts)
    }

    /// One line, whose top is at `top`; the last of a paragraph ends without a space.
    fn line(&mut self, line: &Line, (x, top): (f32, f32), look: Look, element: Option<usize>, last: bool) {
        let mut x = x;
        let y = top - look.leading * 0.5 - look.size * 0.32;
        let count = line.pieces.len();
        for (at, (text, strong)) in line.pieces.iter().enumerate() {
            let space = if at + 1 == count && !last { " " } else { "" };
            let width = self.fonts.of(*strong).width(text) * look.size / 1_000.0;
            let text = format!("{text}{space}");
            self.mark(Mark::Text { x, y, size: look.size, strong: *strong, pale: look.pale, text, element });
            x += width;
        }
    }

    /// Lines down the page; neither the first nor the last of several stands alone on one.
    fn flow(&mut self, lines: &[Line], x: f32, width: f32, look: Look, element: usize) {
        for (at, line) in lines.iter().enumerate() {
            let left = lines.len() - at;
            let together = if (at == 0 && left > 1) || left == 2 { 2.0 } else { 1.0 };
            self.room(look.leading * together);
            let x = if look.centred { x + (width - line.width) / 2.0 } else { x };
            let top = self.y;
            self.line(line, (x, top), look, Some(element), left == 1);
            self.y -= look.leading;
        }
    }

    fn paragraph(&mut self, role: Role, words: &Words, look: Look, indent: f32) {
        let width = if look.centred { WIDTH - 2.0 * indent } else { WIDTH - indent };
        let lines = self.set(words, look, width);
        let element = self.element(role, None);
        self.flow(&lines, LEFT + indent, width, look, element);
        self.y -= 8.5;
    }

    /// A paragraph behind its number, both from the margin: a hanging number is taken for a column of a table by
    /// those who read pages.
    fn clause(&mut self, number: &str, words: &Words) {
        let number = crate::Run { text: format!("{number}\u{a0}\u{a0}"), strong: true };
        let whole = Words { runs: [vec![number], words.runs.clone()].concat() };
        self.paragraph(Role::Paragraph, &whole, BODY, 0.0);
    }

    /// A heading stays with the first lines of what follows.
    fn heading(&mut self, level: u8, text: &str, new_page: bool) {
        if new_page && self.y < TOP {
            self.next_page();
        }
        let (look, role, before, after) = match (level, new_page) {
            (1, true) => (ANNEX, Role::Heading, 0.0, 8.0),
            (1, false) => (HEADING, Role::Heading, 13.0, 5.0),
            _ => (PART, Role::Part, 9.0, 3.0),
        };
        let text = text.trim();
        let lines = self.set(&Words::plain(text), look, WIDTH);
        let height = look.leading * f32::from(u8::try_from(lines.len()).unwrap_or(u8::MAX));
        self.room(before + height + after + 3.0 * BODY.leading);
        if self.y < TOP {
            self.y -= before;
        }
        if level == 1 {
            self.laid.outline.push((text.to_owned(), self.laid.pages.len() - 1, self.y));
        }
        let element = self.element(role, None);
        self.flow(&lines, LEFT, WIDTH, look, element);
        self.y -= after;
    }

    fn rule(&mut self, weight: f32) {
        let y = self.y;
        self.mark(Mark::Rule { x: LEFT, y, width: WIDTH, weight });
    }

    fn table(&mut self, head: &[String], rows: &[Vec<Words>]) {
        let table = self.element(Role::Table, None);
        let columns = rows.first().map_or(head.len(), Vec::len);
        let heads: Vec<Words> = head.iter().map(|cell| Words::plain(cell)).collect();
        let first = rows.first().map_or(0.0, |row| self.height(row, columns));
        self.room(first + if heads.is_empty() { 0.0 } else { self.height(&heads, columns) });
        self.rule(0.9);
        if !heads.is_empty() {
            self.row(&heads, columns, (table, [Role::ColumnHead, Role::ColumnHead]), 0.0);
            self.rule(0.9);
        }
        for (at, row) in rows.iter().enumerate() {
            if self.y - self.height(row, columns) < BOTTOM && self.y < TOP {
                self.next_page();
                self.rule(0.9);
            }
            self.row(row, columns, (table, [Role::RowHead, Role::Cell]), 0.0);
            self.rule(if at + 1 == rows.len() { 0.9 } else { 0.4 });
        }
        self.y -= 14.0;
    }

    /// The cells of a row, set, with where each begins.
    fn cells(&self, row: &[Words], columns: usize, head: bool) -> Vec<(f32, Vec<Line>)> {
        let mut x = LEFT;
        let share = |share: u32| WIDTH * f32::from(u16::try_from(share).unwrap_or(u16::MAX)) / 1_000.0;
        let set = |(at, (cell, width)): (usize, (&Words, u32))| {
            let start = x;
            x += share(width);
            let look = if at == 0 || head { HEAD } else { CELL };
            (start, self.set(cell, look, share(width) - GAP))
        };
        row.iter().zip(Block::shares(columns)).enumerate().map(set).collect()
    }

    fn height(&self, row: &[Words], columns: usize) -> f32 {
        let lines = self.cells(row, columns, true).iter().map(|(_, lines)| lines.len()).max().unwrap_or(1);
        CELL.leading * f32::from(u16::try_from(lines).unwrap_or(u16::MAX)) + 8.0
    }

    /// A row, line by line, so that one longer than a page goes on over the next.
    fn row(&mut self, row: &[Words], columns: usize, (table, roles): (usize, [Role; 2]), height: f32) {
        let head = roles[1] == Role::ColumnHead;
        let cells = self.cells(row, columns, head);
        let parent = self.element(Role::Row, Some(table));
        let elements: Vec<usize> =
            (0..cells.len()).map(|at| self.element(roles[usize::from(at > 0)], Some(parent))).collect();
        let start = self.y;
        self.y -= 4.0;
        let count = cells.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0);
        for index in 0..count {
            self.room(CELL.leading);
            for ((x, lines), element) in cells.iter().zip(&elements) {
                let Some(line) = lines.get(index) else { continue };
                let look = if *x <= LEFT || head { HEAD } else { CELL };
                let top = self.y;
                self.line(line, (*x, top), look, Some(*element), index + 1 == lines.len());
            }
            self.y -= CELL.leading;
        }
        self.y -= 4.0;
        if start - self.y < height && start > self.y {
            self.y = start - height;
        }
    }

    fn signatures(&mut self, lines: &[String], parties: &[Party]) {
        let columns = parties.len() + 1;
        self.room(SIGNATURES);
        let table = self.element(Role::Table, None);
        let row = |first: &str, others: Vec<Words>| [vec![Words::plain(first)], others].concat();
        let roles =
            parties.iter().map(|party| Words { runs: vec![crate::Run { text: party.role.clone(), strong: true }] });
        self.rule(0.9);
        self.row(&row("", roles.collect()), columns, (table, [Role::ColumnHead, Role::ColumnHead]), 0.0);
        self.y += 6.0;
        let names = parties.iter().map(|party| Words::plain(&party.name)).collect();
        self.row(&row("", names), columns, (table, [Role::RowHead, Role::Cell]), 0.0);
        for (at, line) in lines.iter().enumerate() {
            self.rule(0.4);
            let height = if at + 1 == lines.len() { 74.0 } else { 28.0 };
            let empty = vec![Words::default(); parties.len()];
            self.row(&row(line, empty), columns, (table, [Role::RowHead, Role::Cell]), height);
        }
        self.rule(0.9);
        self.y -= 14.0;
    }

    /// "Page 2 of 9" under each page: no content.
    fn feet(&mut self, template: &str) {
        let pages = self.laid.pages.len().to_string();
        for at in 0..self.laid.pages.len() {
            let text = template.replace("{pages}", &pages).replace("{page}", &(at + 1).to_string());
            let x = (PAGE.0 - self.fonts.regular.width(&text) * 9.0 / 1_000.0) / 2.0;
            self.laid.pages[at].push(Mark::Text {
                x,
                y: 44.0,
                size: 9.0,
                strong: false,
                pale: true,
                text,
                element: None,
            });
        }
    }
}
