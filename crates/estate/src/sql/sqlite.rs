//! `SQLite`: opening a file and reading its catalogue.

use super::{Cell, Session};
use crate::{
    address::Address,
    catalogue::{Column, Family, ForeignKey, OnDelete, Table},
    fault::Fault,
    limits::Limits,
};
use sqlx::{ConnectOptions as _, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// Virtual-machine steps between two looks at the stop flag.
const STEPS: i32 = 10_000;

pub(super) async fn open(
    address: &Address,
    limits: &Limits,
    write: bool,
    stop: &Arc<AtomicBool>,
) -> Result<SqliteConnection, Fault> {
    let path = Path::new(address.path());
    if !path.is_file() {
        return Err(Fault::FileMissing);
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .read_only(!write)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(limits.busy_seconds))
        // Functions and views that the file brings along do not get to run our way.
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON")
        .disable_statement_logging();
    let mut line = options.connect().await?;
    sqlx::query("SELECT count(*) FROM sqlite_master").execute(&mut line).await?;
    let stop = Arc::clone(stop);
    line.lock_handle().await?.set_progress_handler(STEPS, move || !stop.load(Ordering::Relaxed));
    Ok(line)
}

/// The tables of the main schema, by name, without row counts.
pub(crate) async fn tables(session: &mut Session) -> Result<Vec<Table>, Fault> {
    let sql = "SELECT l.name, l.wr FROM pragma_table_list AS l \
               WHERE l.schema = 'main' AND l.type = 'table' AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY l.name";
    let mut tables = Vec::new();
    for row in session.rows(sql, &[]).await? {
        let name = row[0].text().unwrap_or_default().to_owned();
        tables.push(table(session, name, row[1].number() == 1).await?);
    }
    resolve(&mut tables);
    Ok(tables)
}

async fn table(session: &mut Session, name: String, without_rowid: bool) -> Result<Table, Fault> {
    let bind = [Cell::Text(name.clone())];
    let (columns, key) = columns(session, &bind, without_rowid).await?;
    let triggers = session
        .rows("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = $1 ORDER BY name", &bind)
        .await?;
    Ok(Table {
        id: name.clone(),
        schema: "main".to_owned(),
        name,
        columns,
        key,
        uniques: uniques(session, &bind).await?,
        foreign_keys: foreign_keys(session, &bind).await?,
        triggers: triggers.iter().filter_map(|row| row[0].text().map(str::to_owned)).collect(),
        rows: None,
    })
}

async fn columns(
    session: &mut Session,
    bind: &[Cell],
    without_rowid: bool,
) -> Result<(Vec<Column>, Vec<String>), Fault> {
    let sql = r#"SELECT name, type, "notnull", pk FROM pragma_table_xinfo($1) WHERE hidden <> 1 ORDER BY cid"#;
    let rows = session.rows(sql, bind).await?;
    let mut key: Vec<(i64, String)> = Vec::new();
    for row in rows.iter().filter(|row| row[3].number() > 0) {
        key.push((row[3].number(), row[0].text().unwrap_or_default().to_owned()));
    }
    key.sort();
    let alone = key.len() == 1;
    let columns = rows.iter().map(|row| column(row, alone, without_rowid)).collect();
    Ok((columns, key.into_iter().map(|(_, name)| name).collect()))
}

fn column(row: &[Cell], alone: bool, without_rowid: bool) -> Column {
    let type_name = row[1].text().unwrap_or_default().to_ascii_lowercase();
    let in_key = row[3].number() > 0;
    // Only a row id and the key of a table without row ids are never NULL by themselves.
    let filled = row[2].number() == 1 || in_key && (without_rowid || alone && type_name == "integer");
    Column {
        name: row[0].text().unwrap_or_default().to_owned(),
        family: family(&type_name),
        cast: String::new(),
        type_name,
        nullable: !filled,
    }
}

/// SQLite's own affinity rules (datatype3, §3.1), and a few names people use.
fn family(type_name: &str) -> Family {
    let has = |part: &str| type_name.contains(part);
    match type_name {
        _ if has("bool") => Family::Truth,
        _ if has("int") => Family::Integer,
        _ if has("json") => Family::Json,
        _ if has("char") || has("clob") || has("text") || has("uuid") => Family::Text,
        _ if has("blob") => Family::Bytes,
        _ if has("real") || has("floa") || has("doub") => Family::Real,
        _ if has("date") || has("time") => Family::Time,
        _ => Family::Other,
    }
}

async fn uniques(session: &mut Session, bind: &[Cell]) -> Result<Vec<Vec<String>>, Fault> {
    let sql = r#"SELECT l.name, i.name FROM pragma_index_list($1) AS l, pragma_index_info(l.name) AS i
                 WHERE l."unique" = 1 AND l.partial = 0 ORDER BY l.name, i.seqno"#;
    let mut sets: Vec<(String, Vec<Option<String>>)> = Vec::new();
    for row in session.rows(sql, bind).await? {
        let index = row[0].text().unwrap_or_default().to_owned();
        let name = row[1].text().map(str::to_owned);
        match sets.last_mut() {
            Some((last, names)) if *last == index => names.push(name),
            _ => sets.push((index, vec![name])),
        }
    }
    // An index over an expression has no column name and proves nothing about columns.
    Ok(sets.into_iter().filter_map(|(_, names)| names.into_iter().collect()).collect())
}

async fn foreign_keys(session: &mut Session, bind: &[Cell]) -> Result<Vec<ForeignKey>, Fault> {
    let sql = r#"SELECT id, "table", "from", "to", on_delete FROM pragma_foreign_key_list($1) ORDER BY id, seq"#;
    let mut keys: Vec<(i64, ForeignKey)> = Vec::new();
    for row in session.rows(sql, bind).await? {
        let (id, field) = (row[0].number(), row[2].text().unwrap_or_default().to_owned());
        if keys.last().is_none_or(|(last, _)| *last != id) {
            let to = row[1].text().unwrap_or_default().to_owned();
            let on_delete = OnDelete::from_words(row[4].text().unwrap_or_default());
            keys.push((id, ForeignKey { fields: Vec::new(), to, to_fields: Vec::new(), on_delete }));
        }
        if let Some((_, key)) = keys.last_mut() {
            key.fields.push(field);
            key.to_fields.extend(row[3].text().map(str::to_owned));
        }
    }
    Ok(keys.into_iter().map(|(_, key)| key).collect())
}

/// `SQLite` compares names without case and lets a reference leave out the parent's key.
fn resolve(tables: &mut [Table]) {
    let known: Vec<(String, Vec<String>, Vec<String>)> = tables
        .iter()
        .map(|table| {
            let columns = table.columns.iter().map(|column| column.name.clone()).collect();
            (table.name.clone(), table.key.clone(), columns)
        })
        .collect();
    for table in tables {
        let own: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
        for key in &mut table.foreign_keys {
            fix(&mut key.fields, &own);
            let Some((name, primary, columns)) = known.iter().find(|(name, ..)| name.eq_ignore_ascii_case(&key.to))
            else {
                continue;
            };
            key.to.clone_from(name);
            if key.to_fields.is_empty() {
                key.to_fields.clone_from(primary);
            }
            fix(&mut key.to_fields, columns);
        }
        table.foreign_keys.retain(|key| known.iter().any(|(name, ..)| *name == key.to) && !key.to_fields.is_empty());
    }
}

fn fix(names: &mut [String], known: &[String]) {
    for name in names {
        if let Some(exact) = known.iter().find(|column| column.eq_ignore_ascii_case(name)) {
            name.clone_from(exact);
        }
    }
}
