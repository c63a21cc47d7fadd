//! What a database says about itself: tables, columns, keys and references.

use crate::{
    address::Kind,
    digest,
    fault::Fault,
    limits::Limits,
    sql::{Session, System, postgres_tables, sqlite_tables, text},
};

/// A family of column types that compare and print alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// Whole numbers.
    Integer,
    /// Floating-point numbers.
    Real,
    /// Exact decimals.
    Decimal,
    /// Character strings.
    Text,
    /// True or false.
    Truth,
    /// Bytes.
    Bytes,
    /// JSON.
    Json,
    /// Dates, times and durations.
    Time,
    /// UUIDs.
    Uuid,
    /// Enumerated types.
    Choice,
    /// Everything else, arrays included.
    #[default]
    Other,
}

/// A column of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Column {
    /// Its exact name.
    pub name: String,
    /// Its type as the database writes it.
    pub type_name: String,
    /// Whether it may be NULL.
    pub nullable: bool,
    /// The family of its type.
    pub family: Family,
    #[serde(skip)]
    pub(crate) cast: String,
}

/// What the database does to a row when the row it refers to is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OnDelete {
    /// The deletion is refused.
    Refuse,
    /// The row is deleted too.
    Cascade,
    /// The reference becomes NULL.
    SetNull,
    /// The reference takes its default.
    SetDefault,
}

impl OnDelete {
    pub(crate) fn from_words(words: &str) -> Self {
        match words.to_ascii_uppercase().as_str() {
            "CASCADE" => Self::Cascade,
            "SET NULL" => Self::SetNull,
            "SET DEFAULT" => Self::SetDefault,
            _ => Self::Refuse,
        }
    }

    pub(crate) fn from_letter(letter: &str) -> Self {
        match letter {
            "c" => Self::Cascade,
            "n" => Self::SetNull,
            "d" => Self::SetDefault,
            _ => Self::Refuse,
        }
    }
}

/// A reference that the database enforces.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ForeignKey {
    /// The referring columns.
    pub fields: Vec<String>,
    /// The table referred to, by [`Table::id`].
    pub to: String,
    /// The columns referred to.
    pub to_fields: Vec<String>,
    /// What a deletion there does here.
    pub on_delete: OnDelete,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Table {
    /// How a map names it: `table`, or `schema.table` outside PostgreSQL's `public`.
    pub id: String,
    /// Its schema.
    pub schema: String,
    /// Its exact name.
    pub name: String,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// Its primary key; empty when it has none.
    pub key: Vec<String>,
    /// Its other unique sets of columns.
    pub uniques: Vec<Vec<String>>,
    /// The references it declares.
    pub foreign_keys: Vec<ForeignKey>,
    /// The triggers that people put on it.
    pub triggers: Vec<String>,
    /// How many rows it has, roughly; only [`scan`] counts.
    #[serde(skip)]
    pub rows: Option<u64>,
}

impl Table {
    /// The column of this exact name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Whether no two rows can share the values of these columns.
    #[must_use]
    pub fn is_unique(&self, fields: &[String]) -> bool {
        let covers = |set: &Vec<String>| !set.is_empty() && set.iter().all(|name| fields.contains(name));
        covers(&self.key) || self.uniques.iter().any(covers)
    }
}

/// Everything a database says about its structure.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Catalogue {
    /// Its tables, by schema and name.
    pub tables: Vec<Table>,
}

impl Catalogue {
    /// The table that a map calls `id`.
    #[must_use]
    pub fn table(&self, id: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.id == id)
    }

    /// SHA-256 over the structure; row counts do not count.
    #[must_use]
    pub fn digest(&self) -> String {
        digest::canonical("garant-estate-catalogue-1", self)
    }
}

/// Reads the live catalogue of `system`, with row counts (approximate on `PostgreSQL`).
pub async fn scan(system: &System) -> Result<Catalogue, Fault> {
    let mut session = system.reader().await?;
    let mut catalogue = read(&mut session, system.limits()).await?;
    for table in &mut catalogue.tables {
        table.rows = Some(count(&mut session, table).await?);
    }
    session.close().await;
    Ok(catalogue)
}

/// The structure alone, read before each plan and each apply.
pub(crate) async fn read(session: &mut Session, limits: &Limits) -> Result<Catalogue, Fault> {
    let mut tables = match session.kind() {
        Kind::Sqlite => sqlite_tables(session).await?,
        Kind::Postgres => postgres_tables(session).await?,
    };
    let names = |table: &Table| -> usize {
        let columns = table.columns.iter().map(|column| column.name.len());
        columns.chain([table.name.len(), table.schema.len()]).max().unwrap_or(0)
    };
    let large = |table: &Table| table.columns.len() > limits.columns_max || names(table) > limits.name_bytes_max;
    if tables.len() > limits.tables_max || tables.iter().any(large) {
        return Err(Fault::TooLarge);
    }
    // A dot in a name can make two tables look alike in a map: neither may then be mapped.
    let ids: Vec<String> = tables.iter().map(|table| table.id.clone()).collect();
    tables.retain(|table| ids.iter().filter(|id| **id == table.id).count() == 1);
    Ok(Catalogue { tables })
}

async fn count(session: &mut Session, table: &Table) -> Result<u64, Fault> {
    if session.kind() == Kind::Postgres {
        let sql = "SELECT CAST(CAST(c.reltuples AS bigint) AS text) FROM pg_class c \
                   JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2";
        let binds = [&table.schema, &table.name].map(|name| crate::sql::Cell::Text(name.clone()));
        let guess = session.number(sql, &binds).await?;
        // Small or never analysed tables are counted: it is cheap, or there is no guess.
        if guess > 100_000 {
            return Ok(guess);
        }
    }
    exact_count(session, table).await
}

/// The exact number of rows.
pub(crate) async fn exact_count(session: &mut Session, table: &Table) -> Result<u64, Fault> {
    session.number(&format!("SELECT CAST(count(*) AS text) FROM {}", text::table(table)), &[]).await
}
