//! What tables there are, and of whom each column speaks.
//!
//! Each feature brings its tables as SQL with placeholders for the types that differ, and a
//! `columns.toml` that classifies every column: category, purpose, retention, how it is erased.
//! A test compares both with the live schema; erasing a person walks the same list.

use crate::StoreError;
use crate::db::{Db, DbTx, Read};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, SqlSafeStr};
use std::collections::BTreeMap;

/// The tables of one part of the product.
pub struct Columns {
    /// The part's name, such as `requests`.
    pub part: &'static str,
    /// `CREATE TABLE` statements with `{int}`, `{blob}` and `{strict}`, separated by `;`.
    pub sql: &'static str,
    /// The classification of every column, in TOML.
    pub toml: &'static str,
}

/// One table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableSpec {
    /// Why it exists.
    pub purpose: String,
    /// How long its rows live.
    pub retention: String,
    /// Whether it is rebuilt from the ledger. If not, it holds the ledger itself or passing state.
    #[serde(default = "yes")]
    pub replayed: bool,
    /// Every column.
    pub columns: BTreeMap<String, ColumnSpec>,
}

fn yes() -> bool {
    true
}

/// One column: `"none"`, or whose data it holds.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum ColumnSpec {
    /// No personal data.
    None(NoData),
    /// Personal data.
    Personal(PersonalColumn),
}

/// The word `none`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NoData {
    /// Nothing personal.
    None,
}

/// A column with personal data.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonalColumn {
    /// DPV category, such as `pd:EmailAddress`.
    pub category: String,
    /// The column of the same table that names the data subject.
    pub subject: String,
    /// How it is erased: the value is set to NULL, or the whole row goes.
    #[serde(default)]
    pub erased: Erased,
}

/// What happens to a personal column when its person is erased.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Erased {
    /// The value becomes NULL.
    #[default]
    Null,
    /// The row is deleted.
    Row,
}

/// Every table of the installation.
pub struct Schema {
    parts: Vec<(&'static str, &'static str)>,
    /// By name.
    pub tables: BTreeMap<String, TableSpec>,
}

const BASE: Columns =
    Columns { part: "ledger", sql: include_str!("base.sql"), toml: include_str!("base.columns.toml") };

impl Schema {
    /// Joins the parts, the ledger's own first.
    ///
    /// # Errors
    /// The part and the reason, when a classification does not parse or a table is named twice.
    pub fn new(parts: &[Columns]) -> Result<Self, String> {
        let mut schema = Self { parts: Vec::new(), tables: BTreeMap::new() };
        for part in std::iter::once(&BASE).chain(parts) {
            let tables: BTreeMap<String, TableSpec> =
                toml::from_str(part.toml).map_err(|e| format!("columns of {}: {e}", part.part))?;
            for (name, spec) in tables {
                if schema.tables.insert(name.clone(), spec).is_some() {
                    return Err(format!("the table {name} is declared twice"));
                }
            }
            schema.parts.push((part.part, part.sql));
        }
        Ok(schema)
    }

    /// Tables that the ledger rebuilds.
    pub fn replayed(&self) -> impl Iterator<Item = &str> {
        self.tables.iter().filter(|(_, spec)| spec.replayed).map(|(name, _)| name.as_str())
    }

    /// Statements that erase one person (`$1`) from every table.
    pub(crate) fn erasing(&self) -> Vec<String> {
        let mut statements = Vec::new();
        for (table, spec) in &self.tables {
            for (column, kind) in &spec.columns {
                let ColumnSpec::Personal(personal) = kind else { continue };
                statements.push(match personal.erased {
                    Erased::Null => format!("UPDATE {table} SET {column} = NULL WHERE {} = $1", personal.subject),
                    Erased::Row => format!("DELETE FROM {table} WHERE {} = $1", personal.subject),
                });
            }
        }
        statements
    }
}

/// Creates what is missing and refuses a database that another version made.
pub(crate) async fn migrate(db: &Db, schema: &Schema) -> Result<(), StoreError> {
    let mut tx = db.begin().await?;
    run(&mut tx, PARTS, db.is_sqlite()).await?;
    let mut known = BTreeMap::new();
    for row in tx.rows("SELECT name, sha256 FROM schema_parts", vec![]).await? {
        known.insert(row.text("name")?, row.text("sha256")?);
    }
    for (part, template) in &schema.parts {
        let digest = hex::encode(Sha256::digest(template.as_bytes()));
        match known.remove(*part) {
            None => {
                run(&mut tx, template, db.is_sqlite()).await?;
                let sql = "INSERT INTO schema_parts (name, sha256) VALUES ($1, $2)";
                tx.execute(sql, vec![(*part).into(), digest.into()]).await?;
            }
            Some(found) if found == digest => {}
            Some(_) => return Err(StoreError::OtherVersion(format!("the tables of {part} differ"))),
        }
    }
    if let Some((part, _)) = known.pop_first() {
        return Err(StoreError::OtherVersion(format!("it has the tables of {part}, which this version does not know")));
    }
    tx.commit().await
}

/// Each part, and the digest of the statements that made its tables; asked before any of them runs.
const PARTS: &str = "CREATE TABLE IF NOT EXISTS schema_parts (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL) {strict}";

async fn run(tx: &mut DbTx, template: &str, sqlite: bool) -> Result<(), StoreError> {
    let sql = dialect(template, sqlite);
    for statement in sql.split(';').map(str::trim).filter(|s| !s.is_empty()) {
        tx.execute(AssertSqlSafe(statement.to_owned()), vec![]).await?;
    }
    Ok(())
}

fn dialect(template: &str, sqlite: bool) -> String {
    let (int, blob, strict) = if sqlite { ("INTEGER", "BLOB", "STRICT") } else { ("BIGINT", "BYTEA", "") };
    template.replace("{int}", int).replace("{blob}", blob).replace("{strict}", strict)
}

impl crate::Store {
    /// Every table and column as the live database has them, to compare with the classification.
    ///
    /// # Errors
    /// When the catalogue cannot be read.
    pub async fn live_schema(&self) -> Result<BTreeMap<String, BTreeMap<String, bool>>, StoreError> {
        let sql = if self.db.is_sqlite() {
            "SELECT m.name AS t, c.name AS c, c.\"notnull\" AS required FROM sqlite_master m, pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'"
        } else {
            "SELECT table_name::text AS t, column_name::text AS c, \
             CASE is_nullable WHEN 'NO' THEN 1::bigint ELSE 0::bigint END AS required \
             FROM information_schema.columns WHERE table_schema = current_schema()"
        };
        let mut tables: BTreeMap<String, BTreeMap<String, bool>> = BTreeMap::new();
        for row in Read::new(&self.db).ask(sql.into_sql_str(), vec![]).await? {
            tables.entry(row.text("t")?).or_default().insert(row.text("c")?, row.flag("required")?);
        }
        Ok(tables)
    }
}
