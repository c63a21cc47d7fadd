//! The one quoting function, and the few expressions that the dialects write differently.

use crate::{
    address::Kind,
    catalogue::{Column, Family, Table},
};

/// A name between double quotes; the only way a name reaches a statement.
///
/// Callers pass names of the live catalogue only (`Table`, `Column`), never of a map or a person.
pub(crate) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// `"schema"."table"`: qualified, so no helper name of a statement can hide a table.
pub(crate) fn table(table: &Table) -> String {
    format!("{}.{}", quote(&table.schema), quote(&table.name))
}

/// `alias."column"`.
pub(crate) fn column(alias: &str, column: &Column) -> String {
    format!("{alias}.{}", quote(&column.name))
}

/// `expression` as text.
pub(crate) fn as_text(expression: &str) -> String {
    format!("CAST({expression} AS text)")
}

/// `expression` in the normal form of an e-mail address: trimmed, lower case.
pub(crate) fn normal(kind: Kind, expression: &str) -> String {
    let text = as_text(expression);
    match kind {
        Kind::Sqlite => format!("lower(trim({text}, char(32, 9, 10, 11, 12, 13)))"),
        Kind::Postgres => format!(r"lower(btrim({text}, E' \t\n\013\f\r'))"),
    }
}

/// A column as a session reads it: text on `PostgreSQL`, as stored on `SQLite`.
pub(crate) fn readable(kind: Kind, alias: &str, col: &Column) -> String {
    match kind {
        Kind::Sqlite => column(alias, col),
        Kind::Postgres => as_text(&column(alias, col)),
    }
}

/// A text that stands for the key of a row inside one statement.
pub(crate) fn key_text(kind: Kind, alias: &str, key: &[&Column]) -> String {
    let parts: Vec<String> = key
        .iter()
        .map(|col| match kind {
            Kind::Sqlite => format!("quote({})", column(alias, col)),
            Kind::Postgres => format!("quote_nullable({})", as_text(&column(alias, col))),
        })
        .collect();
    parts.join(" || ',' || ")
}

/// `column = $n`, for a value that was read from the same column.
pub(crate) fn equals(kind: Kind, alias: &str, col: &Column, parameter: usize) -> String {
    let place = format!("${parameter}");
    let (left, right) = match (kind, col.family) {
        (Kind::Sqlite, _) => (column(alias, col), place),
        // Types without an equality of their own (json, xml, points) are compared in their text form.
        (Kind::Postgres, Family::Other | Family::Json) => (as_text(&column(alias, col)), place),
        (Kind::Postgres, _) => (column(alias, col), format!("CAST({place} AS {})", col.cast)),
    };
    match (col.nullable, kind) {
        (false, _) => format!("{left} = {right}"),
        (true, Kind::Sqlite) => format!("{left} IS {right}"),
        (true, Kind::Postgres) => format!("{left} IS NOT DISTINCT FROM {right}"),
    }
}

/// What rows of a key are ordered by.
pub(crate) fn order(kind: Kind, alias: &str, col: &Column) -> String {
    match (kind, col.family) {
        (Kind::Postgres, Family::Other | Family::Json) => as_text(&column(alias, col)),
        _ => column(alias, col),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_in_a_name_stays_in_the_name() {
        assert_eq!(quote(r#"a"; DROP TABLE x; --"#), r#""a""; DROP TABLE x; --""#);
    }
}
