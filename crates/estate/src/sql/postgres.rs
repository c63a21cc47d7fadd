//! `PostgreSQL`: opening a session and reading its catalogue.

use super::{Cell, Session};
use crate::{
    address::Address,
    catalogue::{Column, Family, ForeignKey, OnDelete, Table},
    fault::Fault,
    limits::Limits,
};
use sqlx::{ConnectOptions as _, PgConnection, postgres::PgConnectOptions};
use std::{collections::BTreeMap, str::FromStr as _};

/// The schemas of users, never the server's own.
const OURS: &str = r"n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\_%'";

pub(super) async fn open(address: &Address, limits: &Limits, write: bool) -> Result<PgConnection, Fault> {
    let seconds = limits.statement_seconds;
    let options = PgConnectOptions::from_str(address.expose())?
        .application_name("garant-estate")
        // One exact text form per value, whatever the server's defaults are.
        .extra_float_digits(3)
        .options([
            ("statement_timeout", format!("{seconds}s")),
            ("lock_timeout", format!("{}s", limits.busy_seconds)),
            ("idle_in_transaction_session_timeout", format!("{}s", seconds.saturating_mul(4))),
            // A policy that hides rows from us must be an error, never a person found nowhere.
            ("row_security", "off".to_owned()),
            ("timezone", "UTC".to_owned()),
            ("datestyle", "ISO,YMD".to_owned()),
            ("intervalstyle", "iso_8601".to_owned()),
            ("bytea_output", "hex".to_owned()),
            ("default_transaction_read_only", if write { "off" } else { "on" }.to_owned()),
        ])
        .disable_statement_logging();
    options.connect().await.map_err(|error| match error {
        sqlx::Error::Io(_) => Fault::Unreachable,
        error => Fault::from(error),
    })
}

/// The ordinary and partitioned tables of every schema, by name, without row counts.
pub(crate) async fn tables(session: &mut Session) -> Result<Vec<Table>, Fault> {
    let sql = format!(
        "SELECT CAST(c.oid AS text), CAST(n.nspname AS text), CAST(c.relname AS text) FROM pg_class c \
         JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND {OURS} ORDER BY 2, 3"
    );
    let mut found = Found::default();
    for row in session.rows(&sql, &[]).await? {
        found.add(&row);
    }
    columns(session, &mut found).await?;
    indexes(session, &mut found).await?;
    foreign_keys(session, &mut found).await?;
    triggers(session, &mut found).await?;
    Ok(found.tables)
}

/// Tables by object id, with the column names by attribute number.
#[derive(Default)]
struct Found {
    tables: Vec<Table>,
    by_oid: BTreeMap<String, usize>,
    names: BTreeMap<(usize, i64), String>,
}

impl Found {
    fn add(&mut self, row: &[Cell]) {
        let word = |at: usize| row[at].text().unwrap_or_default().to_owned();
        let (schema, name) = (word(1), word(2));
        let id = if schema == "public" { name.clone() } else { format!("{schema}.{name}") };
        self.by_oid.insert(word(0), self.tables.len());
        self.tables.push(Table { id, schema, name, ..Table::default() });
    }

    fn at(&self, cell: &Cell) -> Option<usize> {
        self.by_oid.get(cell.text()?).copied()
    }

    /// The names behind `{1,2}` or `1 2`; nothing when one of them is an expression.
    fn list(&self, table: usize, cell: &Cell) -> Option<Vec<String>> {
        let text = cell.text()?.trim_matches(['{', '}']);
        let numbers = text.split([',', ' ']).filter(|part| !part.is_empty());
        numbers.map(|part| self.names.get(&(table, part.parse().ok()?)).cloned()).collect()
    }
}

async fn columns(session: &mut Session, found: &mut Found) -> Result<(), Fault> {
    let sql = "SELECT CAST(a.attrelid AS text), CAST(a.attnum AS text), CAST(a.attname AS text), \
               format_type(a.atttypid, a.atttypmod), CAST(a.attnotnull AS text), CAST(t.typcategory AS text), \
               CAST(t.typname AS text) \
               FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid JOIN pg_class c ON c.oid = a.attrelid \
               WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p') ORDER BY a.attrelid, a.attnum";
    for row in session.rows(sql, &[]).await? {
        let Some(at) = found.at(&row[0]) else { continue };
        let word = |at: usize| row[at].text().unwrap_or_default().to_owned();
        found.names.insert((at, row[1].number()), word(2));
        found.tables[at].columns.push(Column {
            name: word(2),
            type_name: word(3),
            cast: word(3),
            nullable: word(4) == "false",
            family: family(&word(5), &word(6)),
        });
    }
    Ok(())
}

fn family(category: &str, name: &str) -> Family {
    match (category, name) {
        (_, "int2" | "int4" | "int8") => Family::Integer,
        (_, "float4" | "float8") => Family::Real,
        (_, "numeric") => Family::Decimal,
        (_, "json" | "jsonb") => Family::Json,
        (_, "bytea") => Family::Bytes,
        (_, "uuid") => Family::Uuid,
        (_, "citext") | ("S", _) => Family::Text,
        ("B", _) => Family::Truth,
        ("D" | "T", _) => Family::Time,
        ("E", _) => Family::Choice,
        _ => Family::Other,
    }
}

async fn indexes(session: &mut Session, found: &mut Found) -> Result<(), Fault> {
    let sql = "SELECT CAST(i.indrelid AS text), CAST(i.indkey AS text), CAST(i.indisprimary AS text) FROM pg_index i \
               WHERE i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL \
               ORDER BY i.indrelid, i.indexrelid";
    for row in session.rows(sql, &[]).await? {
        let Some(at) = found.at(&row[0]) else { continue };
        let Some(names) = found.list(at, &row[1]) else { continue };
        if row[2].text() == Some("true") {
            found.tables[at].key.clone_from(&names);
        }
        found.tables[at].uniques.push(names);
    }
    Ok(())
}

async fn foreign_keys(session: &mut Session, found: &mut Found) -> Result<(), Fault> {
    let sql = "SELECT CAST(k.conrelid AS text), CAST(k.conkey AS text), CAST(k.confrelid AS text), \
               CAST(k.confkey AS text), CAST(k.confdeltype AS text) FROM pg_constraint k \
               WHERE k.contype = 'f' ORDER BY k.conrelid, k.oid";
    for row in session.rows(sql, &[]).await? {
        let (Some(from), Some(to)) = (found.at(&row[0]), found.at(&row[2])) else { continue };
        let (Some(fields), Some(to_fields)) = (found.list(from, &row[1]), found.list(to, &row[3])) else { continue };
        let on_delete = OnDelete::from_letter(row[4].text().unwrap_or_default());
        let to = found.tables[to].id.clone();
        found.tables[from].foreign_keys.push(ForeignKey { fields, to, to_fields, on_delete });
    }
    Ok(())
}

async fn triggers(session: &mut Session, found: &mut Found) -> Result<(), Fault> {
    let sql = "SELECT CAST(t.tgrelid AS text), CAST(t.tgname AS text) FROM pg_trigger t \
               WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' ORDER BY 1, 2";
    for row in session.rows(sql, &[]).await? {
        if let (Some(at), Some(name)) = (found.at(&row[0]), row[1].text()) {
            found.tables[at].triggers.push(name.to_owned());
        }
    }
    Ok(())
}
