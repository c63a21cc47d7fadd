//! Our own database: pool, transactions, migrations, append-and-project, job queue.
