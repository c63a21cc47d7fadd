//! What a transaction has decided to write and not yet written: many statements go to the database together.
//!
//! The way to the database and back costs more than most statements. So they wait here, and the rows of which entries
//! are made wait to share a statement, until there are enough of them, until something is asked, or until something is
//! to be signed: whoever asks finds them written, and what is signed is read back from the database. They are written
//! in an order that nobody can tell from the one they came in.

use crate::StoreError;
use crate::row::Arg;
use crate::tx::Tx;
use std::borrow::Cow;
use std::sync::OnceLock;

/// Rows in one statement. SQLite looks the name of each parameter up in a list, so that a statement twice as long
/// costs four times as much.
const ROWS_MAX: usize = 8;
/// So many entries are written together.
const ENTRIES_MAX: usize = 32;
/// So many other statements.
const STATEMENTS_MAX: usize = 64;

/// A statement with what it is given.
pub(crate) type Statement = (Cow<'static, str>, Vec<Arg>);

/// A table whose rows may wait.
#[derive(Clone, Copy)]
pub(crate) struct Table {
    name: &'static str,
    columns: &'static [&'static str],
    place: usize,
}

pub(crate) const ENTRIES: Table =
    Table { name: "entries", columns: &["seq", "log", "idx", "id", "at", "kind", "record", "leaf"], place: 0 };
pub(crate) const NODES: Table = Table { name: "nodes", columns: &["log", "level", "idx", "hash"], place: 1 };
pub(crate) const KEYS: Table = Table { name: "subject_keys", columns: &["subject", "wrapped", "made_at"], place: 2 };
pub(crate) const VALUES: Table =
    Table { name: "sealed_values", columns: &["entry", "pointer", "subject", "sealed"], place: 3 };

/// In this order they are written: a sealed value refers to its person's key.
const TABLES: [Table; 4] = [ENTRIES, NODES, KEYS, VALUES];

impl Table {
    /// The statement for so many rows, a power of two; each text is made once.
    fn insert(self, rows: usize) -> &'static str {
        static TEXTS: [[OnceLock<String>; 4]; TABLES.len()] = [const { [const { OnceLock::new() }; 4] }; TABLES.len()];
        let texts = &TEXTS[self.place];
        let at = usize::try_from(rows.ilog2()).map_or(0, |at| at.min(texts.len() - 1));
        texts[at].get_or_init(|| self.text(1 << at))
    }

    fn text(self, rows: usize) -> String {
        let width = self.columns.len();
        let row = |at: usize| {
            let marks: Vec<String> = (1..=width).map(|column| format!("${}", at * width + column)).collect();
            format!("({})", marks.join(", "))
        };
        let rows: Vec<String> = (0..rows).map(row).collect();
        format!("INSERT INTO {} ({}) VALUES {}", self.name, self.columns.join(", "), rows.join(", "))
    }
}

/// Statements in their order, and rows by table. A statement that names a table is put in line only when no row of
/// that table waits, so statements may be written before rows.
#[derive(Default)]
pub(crate) struct Waiting {
    statements: Vec<Statement>,
    rows: [Vec<Arg>; TABLES.len()],
}

impl Waiting {
    pub(crate) fn add<const COLUMNS: usize>(&mut self, table: Table, row: [Arg; COLUMNS]) {
        debug_assert_eq!(COLUMNS, table.columns.len());
        self.rows[table.place].extend(row);
    }

    fn rows(&self, table: Table) -> usize {
        self.rows[table.place].len() / table.columns.len()
    }

    /// Whether a row that waits belongs to a table that `sql` names.
    fn concerns(&self, sql: &str) -> bool {
        TABLES.iter().any(|table| self.rows(*table) > 0 && sql.contains(table.name))
    }

    /// Whether the answer to `sql` could depend on what waits.
    pub(crate) fn hides_from(&self, sql: &str) -> bool {
        !self.statements.is_empty() || self.concerns(sql)
    }

    /// Everything as statements. The numbers of rows in them are powers of two: few texts, so that each is prepared
    /// once.
    fn into_statements(self) -> Vec<Statement> {
        let mut statements = self.statements;
        for (table, mut args) in TABLES.into_iter().zip(self.rows) {
            while !args.is_empty() {
                let left = args.len() / table.columns.len();
                let rows = if left >= ROWS_MAX { ROWS_MAX } else { 1 << left.ilog2() };
                let rest = args.split_off(rows * table.columns.len());
                statements.push((table.insert(rows).into(), args));
                args = rest;
            }
        }
        statements
    }
}

impl Tx<'_> {
    /// Puts a statement in line.
    pub(crate) async fn put(&mut self, sql: impl Into<Cow<'static, str>>, args: Vec<Arg>) -> Result<(), StoreError> {
        let sql = sql.into();
        if self.waiting.concerns(&sql) || self.waiting.statements.len() >= STATEMENTS_MAX {
            self.write_waiting().await?;
        }
        self.waiting.statements.push((sql, args));
        Ok(())
    }

    /// Writes what waits, once there is enough of it.
    pub(crate) async fn write_if_enough(&mut self) -> Result<(), StoreError> {
        if self.waiting.rows(ENTRIES) >= ENTRIES_MAX { self.write_waiting().await } else { Ok(()) }
    }

    /// Writes everything that waits.
    pub(crate) async fn write_waiting(&mut self) -> Result<(), StoreError> {
        let statements = std::mem::take(&mut self.waiting).into_statements();
        let written = self.inner.run(statements).await;
        self.failed |= written.is_err();
        written
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_holds_whole_rows() {
        assert_eq!(NODES.insert(1), "INSERT INTO nodes (log, level, idx, hash) VALUES ($1, $2, $3, $4)");
        let two = "INSERT INTO subject_keys (subject, wrapped, made_at) VALUES ($1, $2, $3), ($4, $5, $6)";
        assert_eq!(KEYS.insert(2), two);
    }

    #[test]
    fn only_a_table_that_has_rows_waiting_is_concerned() {
        let mut waiting = Waiting::default();
        assert!(!waiting.concerns("SELECT leaf FROM entries"));
        waiting.add(NODES, ["log".into(), 0i64.into(), 0i64.into(), vec![7u8].into()]);
        assert!(waiting.concerns("SELECT hash FROM nodes WHERE log = $1"));
        assert!(!waiting.concerns("SELECT leaf FROM entries") && !waiting.concerns("SELECT 1 AS one"));
    }

    #[test]
    fn what_waits_becomes_few_statements_in_order() {
        let mut waiting = Waiting::default();
        for idx in 0..21i64 {
            waiting.add(KEYS, ["ada".into(), vec![7u8].into(), idx.into()]);
            waiting.add(NODES, ["log".into(), 0i64.into(), idx.into(), vec![7u8].into()]);
        }
        waiting.statements.push(("UPDATE things SET size = 1".into(), vec![]));
        let statements = waiting.into_statements();
        let seen: Vec<(&str, usize)> =
            statements.iter().map(|(sql, args)| (sql.split(' ').nth(2).unwrap(), args.len())).collect();
        let nodes = [8, 8, 4, 1].map(|rows| ("nodes", rows * 4));
        let keys = [8, 8, 4, 1].map(|rows| ("subject_keys", rows * 3));
        assert_eq!(seen, [&[("SET", 0)][..], &nodes, &keys].concat());
    }
}
