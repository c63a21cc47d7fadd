//! `kill -9` at every instant that matters: after a restart the work goes on or is undone, nothing is
//! done twice, and the ledger verifies. The real binary dies at a failpoint and is run again.

mod support;

use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use std::path::Path;
use support::{Ended, folder, garant, garant_with};
use tempfile::TempDir;

const DPA: &str = include_str!("inputs/dpa.txt");
const PASSWORD: &str = "a long and honest password";
const SHOP: &str = "
CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT NOT NULL, name TEXT NOT NULL);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (id), total INTEGER);
INSERT INTO customers VALUES (1, 'Lea@Example.org', 'Léa'), (2, 'sam@example.org', 'Sam');
INSERT INTO orders VALUES (10, 1, 100), (11, 1, 200), (12, 2, 300);
";

/// A house, and its PostgreSQL database when it has one.
struct House(TempDir, Option<Database>);

/// A database that can be put back as it was.
struct Database {
    admin: String,
    name: String,
}

impl Database {
    async fn new() -> Self {
        let admin = std::env::var("GARANT_TEST_POSTGRES")
            .expect("run `cargo xtask test`, it starts PostgreSQL and sets GARANT_TEST_POSTGRES");
        let database = Self { admin, name: format!("garant_crash_{}", std::process::id()) };
        database.run(&["DROP DATABASE IF EXISTS {}", "DROP DATABASE IF EXISTS {}_kept", "CREATE DATABASE {}"]).await;
        database
    }

    async fn run(&self, statements: &[&str]) {
        let mut line = PgConnection::connect(&self.admin).await.expect("the test server answers");
        for statement in statements {
            let sql = AssertSqlSafe(statement.replace("{}", &self.name));
            sqlx::raw_sql(sql).execute(&mut line).await.expect("the server's own statement");
        }
    }

    async fn keep(&self) {
        self.run(&["CREATE DATABASE {}_kept TEMPLATE {}"]).await;
    }

    async fn put_back(&self) {
        self.run(&["DROP DATABASE {} WITH (FORCE)", "CREATE DATABASE {} TEMPLATE {}_kept"]).await;
    }

    async fn drop(&self) {
        self.run(&["DROP DATABASE {} WITH (FORCE)", "DROP DATABASE {}_kept WITH (FORCE)"]).await;
    }

    fn url(&self) -> String {
        format!("{}/{}", self.admin.rsplit_once('/').expect("a database in the address").0, self.name)
    }
}

impl House {
    fn run(&self, args: &[&str], failpoint: &str) -> Ended {
        let database = self.1.as_ref().map(Database::url).unwrap_or_default();
        let env = [("GARANT_PASSWORD", PASSWORD), ("GARANT_FAILPOINT", failpoint), ("GARANT_DATABASE", &database)];
        let env: Vec<(&str, &str)> = env.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        garant_with(&self.0, &[args, &["--dir", "house"]].concat(), b"", &env)
    }

    fn by(&self, role: &str, args: &[&str]) -> String {
        let ended = self.run(&[args, &["--as", &format!("{role}@example.org")]].concat(), "");
        assert_eq!(ended.exit, 0, "{role} {args:?}: {}{}", ended.stdout, ended.stderr);
        ended.stdout.trim_end().to_owned()
    }

    fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.by("owner", &[args, &["--json"]].concat())).expect("JSON")
    }

    async fn shop(&self, sql: &str) -> i64 {
        let url = format!("sqlite:{}?mode=rwc", self.0.path().join("shop.db").display());
        let mut line = SqliteConnection::connect(&url).await.expect("the shop's file opens");
        sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_one(&mut line).await.expect("a number")
    }

    /// The ledger verifies offline and the tables are what it says.
    fn is_whole(&self, when: &str) {
        let exported = self.run(&["ledger", "export", "--out", "ledger.jsonl"], "");
        assert_eq!(exported.exit, 0, "{when}: {}", exported.stderr);
        let verified = garant(&self.0, &["ledger", "verify", "ledger.jsonl", "--key", "house/keys/ledger.pub"]);
        assert_eq!(verified.exit, 0, "{when}: {}{}", verified.stdout, verified.stderr);
        let replayed = self.run(&["ledger", "replay"], "");
        assert_eq!(replayed.exit, 0, "{when}: {}{}", replayed.stdout, replayed.stderr);
        std::fs::remove_file(self.0.path().join("ledger.jsonl")).expect("the export");
    }
}

/// A house with an approved plan for Léa, up to the moment of carrying it out.
async fn house(right: &str, database: Option<Database>) -> (House, String) {
    let house = House(folder(&[("dpa.txt", DPA.as_bytes()), ("password", PASSWORD.as_bytes())]), database);
    let url = format!("sqlite:{}?mode=rwc", house.0.path().join("shop.db").display());
    let mut line = SqliteConnection::connect(&url).await.expect("the shop's file");
    sqlx::raw_sql(SHOP).execute(&mut line).await.expect("the shop's tables");
    line.close().await.expect("closed");
    let open = ["account", "new", "--email", "owner@example.org", "--name", "Inès", "--role", "owner"];
    assert_eq!(house.run(&open, "").exit, 0);
    let dpo = [
        "account",
        "new",
        "--email",
        "dpo@example.org",
        "--name",
        "Hugo",
        "--role",
        "dpo",
        "--new-password-file",
        "password",
    ];
    house.by("owner", &dpo);
    let party =
        ["agreement", "import", "dpa.txt", "--controller", "Maison Perrin", "--contact", "privacy@perrin.example"];
    let agreement = house.by("dpo", &party);
    house.by("dpo", &["agreement", "review", &agreement, "--accept-silence"]);
    house.by("dpo", &["agreement", "in-force", &agreement, "--accept-errors"]);
    let address = format!("sqlite:{}", house.0.path().join("shop.db").display());
    house.by("dpo", &["estate", "connect", "shop", &address]);
    let map = house.by("dpo", &["estate", "map", "shop"]);
    std::fs::write(house.0.path().join("map.toml"), map).expect("a file");
    house.by("dpo", &["estate", "map", "shop", "--set", "map.toml"]);
    let new = ["request", "new", "--controller", "Maison Perrin", "--right", right, "--email", "lea@example.org"];
    let id = house.by("dpo", &new);
    house.by("dpo", &["request", "instruct", &id, "--carry-out"]);
    house.by("dpo", &["request", "plan", &id]);
    let hash = house.json(&["request", "show", &id])["plan_hash"].as_str().expect("a plan").to_owned();
    house.by("owner", &["request", "approve", &id, "--hash", &hash]);
    (house, id)
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).expect("a copy");
        }
    }
}

/// Puts the house back as it was, at the same place: the shop's address is sealed in the ledger.
fn restore(template: &Path, house: &House) {
    for entry in std::fs::read_dir(house.0.path()).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) }.expect("removed");
    }
    copy(template, house.0.path());
}

#[tokio::test]
async fn an_erasure_killed_at_any_instant_ends_exactly_once() {
    let (house, id) = house("erasure", None).await;
    let template = tempfile::tempdir().expect("a folder");
    copy(house.0.path(), template.path());
    let mut points: Vec<String> = ["requests.after_intent", "requests.after_erase", "estate.erase.begin"]
        .into_iter()
        .chain(["estate.erase.before_commit", "estate.erase.after_commit"])
        .map(str::to_owned)
        .collect();
    points.extend((1..=7).flat_map(|n| [format!("store.before_commit:{n}"), format!("store.after_commit:{n}")]));
    let mut died = 0;
    for point in &points {
        restore(template.path(), &house);
        let first = house.run(&["request", "apply", &id, "--as", "owner@example.org"], point);
        assert!(matches!(first.exit, -1 | 0), "{point}: {} {}", first.exit, first.stderr);
        died += usize::from(first.exit == -1);
        house.is_whole(point);
        house.by("owner", &["request", "apply", &id]);
        assert_eq!(house.shop("SELECT COUNT(*) FROM customers WHERE id = 1").await, 0, "{point}");
        assert_eq!(house.shop("SELECT COUNT(*) FROM orders").await, 1, "{point}: nothing else was touched");
        let shown = house.json(&["request", "show", &id]);
        assert_eq!(shown["outcome"], "nothing-left", "{point}: {shown}");
        house.is_whole(point);
    }
    assert!(died >= 16, "the failpoints are really there: {died} of {}", points.len());
}

#[tokio::test]
async fn on_postgresql_too_an_erasure_killed_at_any_instant_ends_exactly_once() {
    let (house, id) = house("erasure", Some(Database::new().await)).await;
    let database = house.1.as_ref().expect("a database");
    let template = tempfile::tempdir().expect("a folder");
    copy(house.0.path(), template.path());
    database.keep().await;
    for point in ["requests.after_intent", "estate.erase.after_commit", "requests.after_erase", "store.before_commit:4"]
    {
        restore(template.path(), &house);
        database.put_back().await;
        let first = house.run(&["request", "apply", &id, "--as", "owner@example.org"], point);
        assert_eq!(first.exit, -1, "{point}: {}", first.stderr);
        house.is_whole(point);
        house.by("owner", &["request", "apply", &id]);
        assert_eq!(house.shop("SELECT COUNT(*) FROM customers WHERE id = 1").await, 0, "{point}");
        assert_eq!(house.json(&["request", "show", &id])["outcome"], "nothing-left", "{point}");
        house.is_whole(point);
    }
    database.drop().await;
}

#[tokio::test]
async fn an_access_package_killed_at_any_instant_is_made_whole_or_not_at_all() {
    let (house, id) = house("access", None).await;
    let template = tempfile::tempdir().expect("a folder");
    copy(house.0.path(), template.path());
    for point in ["requests.after_intent", "requests.after_package", "store.before_commit:4", "store.after_commit:4"] {
        restore(template.path(), &house);
        let first = house.run(&["request", "apply", &id, "--as", "owner@example.org"], point);
        assert_eq!(first.exit, -1, "{point}: {}", first.stderr);
        house.is_whole(point);
        let passphrase = house.by("owner", &["request", "apply", &id]);
        assert!(passphrase.contains('-'), "{point}: a passphrase on standard output: {passphrase}");
        let files: Vec<String> = std::fs::read_dir(house.0.path().join("house/packages"))
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        assert_eq!(files, [format!("{id}.zip.age")], "{point}: one package, nothing half made");
        house.is_whole(point);
    }
}

#[tokio::test]
async fn a_request_killed_while_it_is_logged_is_there_whole_or_not_at_all() {
    let (house, _) = house("access", None).await;
    let template = tempfile::tempdir().expect("a folder");
    copy(house.0.path(), template.path());
    let new = ["request", "new", "--controller", "Maison Perrin", "--right", "access", "--email", "sam@example.org"];
    for (point, there) in [("store.before_commit:3", false), ("store.after_commit:3", true)] {
        restore(template.path(), &house);
        let first = house.run(&[&new[..], &["--as", "dpo@example.org"]].concat(), point);
        assert_eq!(first.exit, -1, "{point}: {}", first.stderr);
        house.is_whole(point);
        let second = house.run(&[&new[..], &["--as", "dpo@example.org"]].concat(), "");
        assert_eq!(second.exit, if there { 6 } else { 0 }, "{point}: {}", second.stderr);
        house.is_whole(point);
    }
}

/// A small file system of its own for the house, filled to the last byte while a plan is carried out.
const FULL_DISK: &str = r#"
set -e
cp -r house kept
mount -t tmpfs -o size=6m tmpfs house
cp -r kept/. house/
dd if=/dev/zero of=house/fill bs=4k 2>/dev/null || true
set +e
"$GARANT" --lang en request apply "$ID" --as owner@example.org --dir house 2> full.err
echo $? > full.exit
set -e
rm house/fill
"$GARANT" request apply "$ID" --as owner@example.org --dir house --json > done.json
"$GARANT" ledger export --out ledger.jsonl --dir house
"$GARANT" ledger verify ledger.jsonl --key house/keys/ledger.pub
"$GARANT" ledger replay --dir house
"#;

#[tokio::test]
async fn a_full_disk_is_said_plainly_and_leaves_nothing_half_done() {
    let (house, id) = house("erasure", None).await;
    let mut shell = std::process::Command::new("unshare");
    shell.args(["--map-root-user", "--mount", "sh", "-c", FULL_DISK]).current_dir(house.0.path());
    shell.env("GARANT", env!("CARGO_BIN_EXE_garant")).env("ID", &id).env("GARANT_PASSWORD", PASSWORD);
    let ended = shell.output().expect("`unshare` of util-linux");
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(ended.status.success(), "needs a mount namespace: {said}");
    let read = |name: &str| std::fs::read_to_string(house.0.path().join(name)).expect("written by the script");
    assert_eq!(read("full.exit").trim(), "1", "{}", read("full.err"));
    assert!(read("full.err").contains("the disk is full"), "{}", read("full.err"));
    assert!(read("done.json").contains("nothing-left"), "{}", read("done.json"));
    assert_eq!(house.shop("SELECT COUNT(*) FROM orders").await, 1);
}
