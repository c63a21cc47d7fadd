//! Opening: what is refused, in which words, and never with a password in them.

use crate::house::{BOTH, House, Kind, THINGS, Things, entropy, server, word};
use kernel::Lang;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use store::{Columns, DatabaseUrl, Keys, Store, StoreError};

async fn open(address: &str) -> Result<Store, StoreError> {
    let keys = Keys::generate("garant-test", &*entropy())?;
    Store::open(&DatabaseUrl::parse(address)?, keys, Things::new(&[THINGS]), entropy()).await
}

#[tokio::test]
async fn the_keys_of_another_installation_are_refused() {
    for kind in BOTH {
        let (house, ..) = House::filled(kind).await;
        let before = house.rows().await;
        let other = tempfile::tempdir().unwrap();
        let theirs = || Keys::open(other.path(), &*entropy()).unwrap();
        assert_eq!(word(&house.open(theirs(), &[THINGS]).await), "keys");

        // Their master key alone: everything would still be signed, and nothing sealed would open.
        let mixed = tempfile::tempdir().unwrap();
        for name in ["installation", "ledger.key", "ledger.pub"] {
            std::fs::copy(house.dir.path().join("keys").join(name), mixed.path().join(name)).unwrap();
        }
        std::fs::copy(other.path().join("master.key"), mixed.path().join("master.key")).unwrap();
        let keys = Keys::open(mixed.path(), &*entropy()).unwrap();
        let refused = house.open(keys, &[THINGS]).await;
        assert_eq!(word(&refused), "keys");
        assert!(refused.err().unwrap().message(Lang::En).contains("master.key"));

        house.second().await.expect("our own keys still open it").close().await;
        assert_eq!(house.rows().await, before);
    }
}

#[test]
fn keys_that_are_there_are_never_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let first = Keys::open(dir.path(), &*entropy()).unwrap();
    assert_eq!(Keys::open(dir.path(), &*entropy()).unwrap().verifier(), first.verifier());
    for name in ["master.key", "ledger.key", "installation"] {
        let path = dir.path().join(name);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
        let text = std::fs::read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        let refused = Keys::open(dir.path(), &*entropy());
        assert_eq!(word(&refused), "keys", "without {name}");
        assert!(!path.exists(), "{name} is not made anew");
        std::fs::write(&path, b"not a key at all +").unwrap();
        assert_eq!(word(&Keys::open(dir.path(), &*entropy())), "keys", "{name} is damaged");
        std::fs::write(&path, text).unwrap();
    }
    assert_eq!(Keys::open(dir.path(), &*entropy()).unwrap().verifier(), first.verifier());
}

#[tokio::test]
async fn tables_of_another_version_are_refused_before_anything_is_changed() {
    const CHANGED: Columns = Columns {
        part: "things",
        sql: "CREATE TABLE IF NOT EXISTS things (id TEXT PRIMARY KEY, owner TEXT, name TEXT, size {int} NOT NULL, \
              at {int} NOT NULL, colour TEXT) {strict}; CREATE INDEX IF NOT EXISTS by_colour ON things (colour);",
        toml: THINGS.toml,
    };
    for kind in BOTH {
        let house = House::new(kind).await;
        assert_eq!(word(&house.open(house.keys(), &[CHANGED]).await), "other version");
        assert_eq!(word(&house.open(house.keys(), &[]).await), "other version", "a part this version lacks");
        house.second().await.expect("the version that made it").close().await;
    }
}

#[tokio::test]
async fn a_missing_folder_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let missing = dir.path().join("not-there");
    let refused = open(&format!("sqlite:{}/garant.db", missing.display())).await;
    assert_eq!(word(&refused), "unreachable");
    let said = refused.err().unwrap().to_string();
    assert_eq!(said, format!("the database does not answer: the folder {} does not exist", missing.display()));
    let refused = open(&format!("sqlite:{}", dir.path().display())).await;
    assert!(refused.err().unwrap().to_string().ends_with("is a folder, not a file"));
}

#[tokio::test]
async fn a_file_we_may_not_write_is_read_only() {
    let house = House::new(Kind::Sqlite).await;
    house.store.close().await;
    let path = house.dir.path().join("garant.db");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600, "ours alone");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o400)).unwrap();
    assert_eq!(word(&house.second().await), "read-only");
}

#[tokio::test]
async fn a_server_that_is_not_there_or_refuses_us_is_unreachable_and_the_password_stays_secret() {
    let server = server();
    let (place, database) = server.split_once('@').expect("a user in the address").1.rsplit_once('/').unwrap();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for address in [
        format!("postgres://garant:hunter2secret@{closed}/{database}"),
        format!("postgres://nobody-here:hunter2secret@{place}/{database}"),
        format!("postgres://garant:hunter2secret@{place}/no-such-database"),
        "postgres://garant:hunter2secret@host.invalid/garant".to_owned(),
    ] {
        let refused = open(&address).await;
        assert_eq!(word(&refused), "unreachable", "{address}");
        let error = refused.err().unwrap();
        for text in [error.message(Lang::En), error.message(Lang::Fr), format!("{error:?}")] {
            assert!(!text.contains("hunter2"), "{text}");
        }
        assert!(!format!("{:?}", DatabaseUrl::parse(&address).unwrap()).contains("hunter2"));
    }
}

#[test]
fn addresses_are_paths_or_postgres_and_nothing_else() {
    let path = |text: &str| match DatabaseUrl::parse(text) {
        Ok(DatabaseUrl::Sqlite(path)) => path,
        other => panic!("{text}: {other:?}"),
    };
    for text in ["/var/lib/garant.db", "sqlite:/var/lib/garant.db", "sqlite:///var/lib/garant.db"] {
        assert_eq!(path(text), Path::new("/var/lib/garant.db"), "{text}");
    }
    assert_eq!(path("sqlite:data/garant.db"), Path::new("data/garant.db"));
    assert_eq!(path("sqlite:////var//garant.db"), Path::new("//var//garant.db"));
    for text in ["postgres://h/d", "postgresql://u:p@h:5432/d"] {
        assert!(matches!(DatabaseUrl::parse(text), Ok(DatabaseUrl::Postgres(_))), "{text}");
    }
    let refused = [
        "",
        "sqlite:",
        "sqlite://",
        "sqlite::memory:",
        "mysql://u:hunter2@h/d",
        "postgres:u:hunter2@h/d",
        "u:hunter2://h",
    ];
    for text in refused {
        let error = DatabaseUrl::parse(text);
        assert_eq!(word(&error), "address", "{text}");
        assert!(!error.unwrap_err().to_string().contains("hunter2"), "{text}");
    }
}
