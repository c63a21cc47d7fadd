//! Values in and rows out, the same for both databases: integers, texts, bytes, and their absence.

use crate::StoreError;
use kernel::Instant;
use sqlx::{Column, Row as _, TypeInfo, ValueRef};
use std::sync::Arc;

/// A bound parameter. Booleans are 0 and 1; instants are milliseconds since 1970.
#[derive(Clone, Debug)]
pub enum Arg {
    /// A 64-bit integer or NULL.
    Int(Option<i64>),
    /// A text or NULL.
    Text(Option<String>),
    /// Bytes or NULL.
    Bytes(Option<Vec<u8>>),
}

macro_rules! args_from {
    ($($from:ty => $variant:ident |$value:ident| $make:expr),+ $(,)?) => {$(
        impl From<$from> for Arg {
            fn from($value: $from) -> Self { Self::$variant(Some($make)) }
        }
        impl From<Option<$from>> for Arg {
            fn from(value: Option<$from>) -> Self { Self::$variant(value.map(|$value| $make)) }
        }
    )+};
}

args_from! {
    i64 => Int |v| v,
    u32 => Int |v| i64::from(v),
    bool => Int |v| i64::from(v),
    Instant => Int |v| v.as_millisecond(),
    String => Text |v| v,
    &str => Text |v| v.to_owned(),
    &String => Text |v| v.clone(),
    Vec<u8> => Bytes |v| v,
    &[u8] => Bytes |v| v.to_vec(),
    &[u8; 32] => Bytes |v| v.to_vec(),
    &kernel::AccountId => Text |v| v.as_str().to_owned(),
    &kernel::ControllerId => Text |v| v.as_str().to_owned(),
    &kernel::AgreementId => Text |v| v.as_str().to_owned(),
    &kernel::DutyId => Text |v| v.as_str().to_owned(),
    &kernel::ViewId => Text |v| v.as_str().to_owned(),
    &kernel::RequestId => Text |v| v.as_str().to_owned(),
    &kernel::SubjectId => Text |v| v.as_str().to_owned(),
    &kernel::SystemId => Text |v| v.as_str().to_owned(),
    &kernel::PlanId => Text |v| v.as_str().to_owned(),
    &kernel::ReviewId => Text |v| v.as_str().to_owned(),
    &kernel::NoticeId => Text |v| v.as_str().to_owned(),
    &kernel::EntryId => Text |v| v.as_str().to_owned(),
    &kernel::FactorId => Text |v| v.as_str().to_owned(),
}

/// One cell of a result.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Cell {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// One row of a result; cells are asked for by column name.
#[derive(Clone, Debug)]
pub struct Row {
    /// One list for all rows of a result.
    pub(crate) names: Arc<[String]>,
    pub(crate) cells: Vec<Cell>,
}

impl Row {
    fn cell(&self, name: &str) -> Result<&Cell, StoreError> {
        let at = self.names.iter().position(|column| column == name);
        at.and_then(|at| self.cells.get(at)).ok_or_else(|| StoreError::Damaged(format!("no column `{name}`")))
    }

    /// An integer that is never NULL.
    ///
    /// # Errors
    /// When the column is missing or holds something else; the same for every getter below.
    pub fn int(&self, name: &str) -> Result<i64, StoreError> {
        self.opt_int(name)?.ok_or_else(|| StoreError::Damaged(format!("`{name}` is empty")))
    }

    /// An integer or NULL.
    pub fn opt_int(&self, name: &str) -> Result<Option<i64>, StoreError> {
        match self.cell(name)? {
            Cell::Int(value) => Ok(Some(*value)),
            Cell::Null => Ok(None),
            _ => Err(StoreError::Damaged(format!("`{name}` is not an integer"))),
        }
    }

    /// A truth value stored as 0 or 1.
    pub fn flag(&self, name: &str) -> Result<bool, StoreError> {
        Ok(self.int(name)? != 0)
    }

    /// A text that is never NULL.
    pub fn text(&self, name: &str) -> Result<String, StoreError> {
        self.opt_text(name)?.ok_or_else(|| StoreError::Damaged(format!("`{name}` is empty")))
    }

    /// A text or NULL.
    pub fn opt_text(&self, name: &str) -> Result<Option<String>, StoreError> {
        match self.cell(name)? {
            Cell::Text(value) => Ok(Some(value.clone())),
            Cell::Null => Ok(None),
            _ => Err(StoreError::Damaged(format!("`{name}` is not a text"))),
        }
    }

    /// Bytes that are never NULL.
    pub fn bytes(&self, name: &str) -> Result<Vec<u8>, StoreError> {
        match self.cell(name)? {
            Cell::Bytes(value) => Ok(value.clone()),
            _ => Err(StoreError::Damaged(format!("`{name}` is not bytes"))),
        }
    }

    /// Bytes or NULL.
    pub fn opt_bytes(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        match self.cell(name)? {
            Cell::Null => Ok(None),
            _ => self.bytes(name).map(Some),
        }
    }

    /// A SHA-256 hash.
    pub fn hash(&self, name: &str) -> Result<[u8; 32], StoreError> {
        self.bytes(name)?.try_into().map_err(|_| StoreError::Damaged(format!("`{name}` is not a hash")))
    }

    /// An instant that is never NULL.
    pub fn instant(&self, name: &str) -> Result<Instant, StoreError> {
        self.opt_instant(name)?.ok_or_else(|| StoreError::Damaged(format!("`{name}` is empty")))
    }

    /// An instant or NULL.
    pub fn opt_instant(&self, name: &str) -> Result<Option<Instant>, StoreError> {
        let bad = |_| StoreError::Damaged(format!("`{name}` is not an instant"));
        self.opt_int(name)?.map(Instant::from_millisecond).transpose().map_err(bad)
    }

    /// A typed identifier that is never NULL.
    pub fn id<T: std::str::FromStr<Err = kernel::IdError>>(&self, name: &str) -> Result<T, StoreError> {
        Ok(self.text(name)?.parse()?)
    }

    /// A typed identifier or NULL.
    pub fn opt_id<T: std::str::FromStr<Err = kernel::IdError>>(&self, name: &str) -> Result<Option<T>, StoreError> {
        Ok(self.opt_text(name)?.map(|text| text.parse()).transpose()?)
    }

    /// JSON stored as text.
    pub fn json<T: serde::de::DeserializeOwned>(&self, name: &str) -> Result<T, StoreError> {
        Ok(serde_json::from_str(&self.text(name)?)?)
    }
}

macro_rules! decode {
    ($name:ident, $cells:ident, $row:ty) => {
        pub(crate) fn $name(rows: &[$row]) -> Result<Vec<Row>, StoreError> {
            let Some(first) = rows.first() else { return Ok(Vec::new()) };
            let names: Arc<[String]> = first.columns().iter().map(|column| column.name().to_owned()).collect();
            rows.iter().map(|row| Ok(Row { names: names.clone(), cells: $cells(row)? })).collect()
        }

        pub(crate) fn $cells(row: &$row) -> Result<Vec<Cell>, StoreError> {
            return (0..row.len()).map(|at| cell_at(row, at)).collect();

            fn cell_at(row: &$row, at: usize) -> Result<Cell, StoreError> {
                let raw = row.try_get_raw(at)?;
                if raw.is_null() {
                    return Ok(Cell::Null);
                }
                Ok(match raw.type_info().name() {
                    "INTEGER" | "INT8" | "BIGINT" => Cell::Int(row.try_get(at)?),
                    "INT4" | "INT" => Cell::Int(i64::from(row.try_get::<i32, _>(at)?)),
                    "BOOL" | "BOOLEAN" => Cell::Int(i64::from(row.try_get::<bool, _>(at)?)),
                    "TEXT" | "VARCHAR" | "NAME" => Cell::Text(row.try_get(at)?),
                    "BLOB" | "BYTEA" => Cell::Bytes(row.try_get(at)?),
                    other => return Err(StoreError::Damaged(format!("a column has the unexpected type {other}"))),
                })
            }
        }
    };
}

decode!(from_sqlite, cells_sqlite, sqlx::sqlite::SqliteRow);
decode!(from_postgres, cells_postgres, sqlx::postgres::PgRow);
