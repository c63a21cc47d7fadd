//! A bound on everything that a foreign database can hand us.

/// The bounds of one connection to one system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Rows that one plan may touch or read, all datasets together.
    pub plan_rows_max: u64,
    /// Largest share of a table that one erasure may delete, in percent.
    pub share_percent_max: u64,
    /// The share is only looked at in tables with more rows than this.
    pub share_from_rows: u64,
    /// Longest run of one statement, in seconds.
    pub statement_seconds: u64,
    /// Longest wait for somebody else's lock, in seconds.
    pub busy_seconds: u64,
    /// Longest wait for a connection, in seconds.
    pub connect_seconds: u64,
    /// Tables of one system.
    pub tables_max: usize,
    /// Columns of one table.
    pub columns_max: usize,
    /// Length of a table or column name, in bytes.
    pub name_bytes_max: usize,
    /// Rows sampled per table to propose a map.
    pub sample_rows: u32,
    /// Bytes kept of one sampled value.
    pub sample_bytes_max: usize,
    /// Text columns looked through after an erasure.
    pub residue_columns_max: usize,
    /// Values read per column to tell a real residue from a longer address.
    pub residue_rows_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            plan_rows_max: 10_000,
            share_percent_max: 20,
            share_from_rows: 100,
            statement_seconds: 30,
            busy_seconds: 5,
            connect_seconds: 10,
            tables_max: 1_000,
            columns_max: 500,
            name_bytes_max: 128,
            sample_rows: 200,
            sample_bytes_max: 400,
            residue_columns_max: 4_000,
            residue_rows_max: 10_000,
        }
    }
}
