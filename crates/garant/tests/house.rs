//! The house from the command line: the people, the agreement, the estate, a request and the proof.
//!
//! One story told on both databases, each step by the real binary in a process of its own.

mod support;

use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use support::{Ended, folder, garant, garant_with};
use tempfile::TempDir;

const DPA: &str = include_str!("inputs/dpa.txt");
const PASSWORD: &str = "a long and honest password";
const SHOP: &str = "
CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT NOT NULL, name TEXT NOT NULL);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (id), total INTEGER);
INSERT INTO customers VALUES (1, 'Lea@Example.org', 'Léa'), (2, 'sam@example.org', 'Sam'), (3, 'lea@example.org.uk', 'Other');
INSERT INTO orders VALUES (10, 1, 100), (11, 1, 200), (12, 2, 300);
";

/// A house with its database, and the shop it looks after.
struct House {
    dir: TempDir,
    database: Option<String>,
}

impl House {
    fn run(&self, args: &[&str]) -> Ended {
        let mut env = vec![("GARANT_PASSWORD", PASSWORD)];
        if let Some(database) = &self.database {
            env.push(("GARANT_DATABASE", database));
        }
        garant_with(&self.dir, &[args, &["--dir", "house"]].concat(), b"", &env)
    }

    /// Runs a command as the account with this role, and expects it to end well.
    fn by(&self, role: &str, args: &[&str]) -> String {
        let ended = self.tried(role, args);
        assert_eq!(ended.exit, 0, "{role} {args:?}: {}{}", ended.stdout, ended.stderr);
        ended.stdout.trim_end().to_owned()
    }

    /// Runs a command as the account with this role, however it ends.
    fn tried(&self, role: &str, args: &[&str]) -> Ended {
        self.run(&[args, &["--as", &format!("{role}@example.org")]].concat())
    }

    fn json(&self, role: &str, args: &[&str]) -> Value {
        serde_json::from_str(&self.by(role, &[args, &["--json"]].concat())).expect("JSON")
    }

    async fn shop(&self, sql: &str) -> i64 {
        let url = format!("sqlite:{}?mode=rwc", self.dir.path().join("shop.db").display());
        let mut line = SqliteConnection::connect(&url).await.expect("the shop's file opens");
        if sql.starts_with("SELECT") {
            return sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_one(&mut line).await.expect("a number");
        }
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut line).await.expect("the shop's own statements");
        0
    }
}

#[tokio::test]
async fn a_request_is_kept_and_proved_on_sqlite() {
    let dir = folder(&[("dpa.txt", DPA.as_bytes())]);
    story(&House { dir, database: None }).await;
}

#[tokio::test]
async fn a_request_is_kept_and_proved_on_postgresql() {
    let admin = std::env::var("GARANT_TEST_POSTGRES")
        .expect("run `cargo xtask test`, it starts PostgreSQL and sets GARANT_TEST_POSTGRES");
    let name = format!("garant_cli_{}", std::process::id());
    let mut line = PgConnection::connect(&admin).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name}"))).execute(&mut line).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut line).await.unwrap();
    let (server, _) = admin.rsplit_once('/').unwrap();
    let dir = folder(&[("dpa.txt", DPA.as_bytes())]);
    story(&House { dir, database: Some(format!("{server}/{name}")) }).await;
    sqlx::raw_sql(AssertSqlSafe(format!("DROP DATABASE {name}"))).execute(&mut line).await.unwrap();
}

async fn story(house: &House) {
    house.shop(SHOP).await;
    accounts(house);
    agreement(house);
    contradiction(house);
    estate(house).await;
    erasure(house).await;
    access(house);
    late(house);
    proof(house);
}

fn accounts(house: &House) {
    let open = ["account", "new", "--email", "owner@example.org", "--name", "Inès", "--role", "owner"];
    assert_eq!(house.run(&open).exit, 0, "the first account needs nobody's leave");
    let again = house.run(&open);
    assert_eq!(again.exit, 2, "the second does: {}", again.stderr);
    for role in ["dpo", "engineer", "support", "auditor"] {
        let email = format!("{role}@example.org");
        let args =
            ["account", "new", "--email", &email, "--name", role, "--role", role, "--new-password-file", "password"];
        std::fs::write(house.dir.path().join("password"), format!("{PASSWORD}\n")).expect("a file");
        house.by("owner", &args);
    }
    for (role, args, exit) in [
        ("support", &["account", "list"][..], 4),
        ("nobody", &["account", "list"], 4),
        ("dpo", &["account", "token", "--label", "x", "--may", "accounts.change"], 4),
        ("owner", &["account", "tokens", "--email", "missing@example.org"], 5),
        (
            "owner",
            &[
                "account",
                "new",
                "--email",
                "dpo@example.org",
                "--name",
                "D",
                "--role",
                "dpo",
                "--new-password-file",
                "password",
            ],
            6,
        ),
        ("owner", &["account", "new", "--email", "x@example.org", "--name", "X", "--role", "king"], 2),
    ] {
        let ended = house.tried(role, args);
        assert_eq!(ended.exit, exit, "{role} {args:?}: {}", ended.stderr);
        assert!(exit == 2 || ended.stderr.contains("help: "), "{role} {args:?}: {}", ended.stderr);
    }
    assert_eq!(house.json("auditor", &["account", "list"]).as_array().map(Vec::len), Some(5));
    let token = ["account", "token", "--label", "tickets", "--may", "requests.read"];
    assert!(house.by("support", &token).len() > 30);
    a_guest(house);
}

/// Somebody comes, changes their password and role, leaves, and comes back.
fn a_guest(house: &House) {
    let file =
        |name: &str, text: &str| std::fs::write(house.dir.path().join(name), format!("{text}\n")).expect("a file");
    file("password", PASSWORD);
    file("other", "walnut-ferry-copper-9");
    let new = ["account", "new", "--email", "guest@example.org", "--name", "G", "--role", "support"];
    let open = [&new[..], &["--new-password-file", "password"]].concat();
    let role = ["account", "role", "--email", "guest@example.org", "--role", "auditor"];
    let close = ["account", "close", "--email", "guest@example.org"];
    house.by("owner", &open);
    let change = ["account", "password", "--new-password-file"];
    assert_eq!(house.tried("guest", &[&change[..], &["password"]].concat()).exit, 2, "the same password");
    house.by("guest", &[&change[..], &["other"]].concat());
    assert_eq!(house.tried("guest", &["account", "tokens"]).exit, 4, "the old password opens nothing");
    let tokens = ["account", "tokens", "--password-file", "other"];
    let token = ["account", "token", "--label", "x", "--may", "requests.read", "--password-file", "other"];
    house.by("guest", &token);
    let told = house.json("guest", &tokens)[0]["token"].as_str().expect("a token").to_owned();
    assert!(house.by("owner", &["account", "tokens", "--email", "guest@example.org"]).contains(&told[..8]));
    assert_eq!(house.tried("dpo", &["account", "revoke", "--email", "guest@example.org", &told]).exit, 4);
    assert_eq!(house.tried("owner", &["account", "revoke", "--email", "guest@example.org", "00000000"]).exit, 5);
    house.by("owner", &["account", "revoke", "--email", "guest@example.org", &told[..8]]);
    assert_eq!(house.json("guest", &tokens).as_array().map(Vec::len), Some(0));
    for (who, args, exit) in [("dpo", &role[..], 4), ("dpo", &close, 4), ("owner", &role, 0), ("owner", &close, 0)] {
        let ended = house.tried(who, args);
        assert_eq!(ended.exit, exit, "{who} {args:?}: {}", ended.stderr);
    }
    let own = house.tried("owner", &["account", "close", "--email", "owner@example.org"]);
    assert_eq!((own.exit, own.stderr.contains("their own account")), (6, true), "{}", own.stderr);
    assert_eq!(house.tried("owner", &close).exit, 5, "it is closed already");
    house.by("owner", &open);
    house.by("owner", &close);
}

fn agreement(house: &House) {
    let import = ["agreement", "import", "dpa.txt", "--controller", "Maison Perrin"];
    assert_eq!(house.tried("dpo", &import).exit, 2, "a new controller needs an address");
    let id = house.by("dpo", &[&import[..], &["--contact", "privacy@perrin.example"]].concat());
    assert_eq!(house.tried("dpo", &["agreement", "in-force", &id]).exit, 6, "nobody has reviewed it");
    assert_eq!(house.tried("engineer", &["agreement", "review", &id]).exit, 4);
    let silent = house.tried("dpo", &["agreement", "review", &id]);
    assert_eq!(silent.exit, 6, "the text is silent where the law asks: {}", silent.stderr);
    terms(house, &id);
    house.by("dpo", &["agreement", "review", &id, "--accept-silence"]);
    let errors = house.tried("dpo", &["agreement", "in-force", &id]);
    assert_eq!(errors.exit, 6, "it lacks what the law demands: {}", errors.stderr);
    let row = house.json("dpo", &["agreement", "in-force", &id, "--accept-errors"]);
    assert_eq!((row["state"].as_str(), row["controller_name"].as_str()), (Some("in-force"), Some("Maison Perrin")));
    let list = house.run(&["agreement", "list"]);
    assert!(list.stdout.contains("in-force") && list.stdout.contains("dpa.txt"), "{}", list.stdout);
}

/// Each side of a contradiction is told with the number that chooses it.
fn contradiction(house: &House) {
    let text = "1. The Processor shall notify the Controller of any personal data breach within 48 hours.\n\n\
                2. The Processor is not obliged to notify the Controller of a personal data breach.\n";
    std::fs::write(house.dir.path().join("two.txt"), text).expect("a file");
    let id = house.by("dpo", &["agreement", "import", "two.txt", "--controller", "Maison Perrin"]);
    let told = house.run(&["agreement", "terms", &id, "--undecided"]);
    assert!(told.stdout.contains("contradictory: 1) 48 hours, 2) excluded"), "{}", told.stdout);
    house.by("dpo", &["agreement", "decide", &id, "breach.notify_controller", "--side", "2"]);
    let listed: Value = serde_json::from_str(&house.run(&["agreement", "terms", &id, "--json"]).stdout).expect("JSON");
    let term = listed.as_array().and_then(|all| all.iter().find(|one| one["term"] == "breach.notify_controller"));
    let term = term.expect("listed");
    assert_eq!((&term["said"]["state"], &term["decision"]), (&"negated".into(), &"corrected".into()));
    assert_eq!(term["sides"].as_array().map(Vec::len), Some(2));
}

/// One term after the other, as in the console.
fn terms(house: &House, id: &str) {
    let of = |verb: &'static str| vec!["agreement", verb, id];
    let listed = |args: &[&str]| -> Value {
        serde_json::from_str(&house.run(&[&of("terms")[..], args, &["--json"]].concat()).stdout).expect("JSON")
    };
    let count = |value: &Value| value.as_array().map_or(0, Vec::len);
    assert_eq!(count(&listed(&[])), 46);
    let open = count(&listed(&["--undecided", "--required"]));
    assert!(open > 0, "silence is confirmed by nobody");
    for (verb, args, exit) in [
        ("correct", &["breach.notify_controller", "tomorrow"][..], 2),
        ("correct", &["breach.notify_controller", "PT30H", "--quote", "words of another paper"], 2),
        ("correct", &["breach.notify_controller", "PT30H", "--state", "silent"], 2),
        ("correct", &["no.term", "PT30H"], 2),
        ("decide", &["breach.notify_controller", "--not-said"], 6),
        ("decide", &["breach.notify_controller", "--default", "--undo"], 2),
        ("decide", &["audit.costs", "--default"], 2),
        ("decide", &["breach.notify_controller", "--side", "1"], 2),
        ("decide", &["breach.notify_controller", "--side", "0"], 2),
        ("confirm", &[], 2),
    ] {
        let ended = house.tried("dpo", &[&of(verb)[..], args].concat());
        assert_eq!(ended.exit, exit, "{verb} {args:?}: {}", ended.stderr);
    }
    house.by("dpo", &[&of("correct")[..], &["breach.notify_controller", "PT30H"]].concat());
    let breach = |values: &Value| {
        let found = values.as_array().and_then(|all| all.iter().find(|one| one["term"] == "breach.notify_controller"));
        found.map(|one| (one["said"]["value"].clone(), one["decision"].clone())).expect("listed")
    };
    assert_eq!(breach(&listed(&[])), ("PT30H".into(), "corrected".into()));
    house.by("dpo", &[&of("decide")[..], &["breach.notify_controller", "--undo"]].concat());
    assert_eq!(breach(&listed(&[])).1, Value::Null, "taken back");
    house.by("dpo", &[&of("decide")[..], &["breach.notify_controller", "--default"]].concat());
    assert_eq!(breach(&listed(&["--required"])), ("PT24H".into(), "default".into()));
}

async fn estate(house: &House) {
    let address = format!("sqlite:{}", house.dir.path().join("shop.db").display());
    let scan = garant(&house.dir, &["estate", "scan", &address, "--name", "shop"]);
    assert_eq!(scan.exit, 0, "{}", scan.stderr);
    assert!(scan.stdout.contains("identifies = \"email\""), "{}", scan.stdout);
    std::fs::write(house.dir.path().join("shop.toml"), &scan.stdout).expect("a file");
    let nowhere = garant(&house.dir, &["estate", "scan", "mysql://x/y"]);
    assert_eq!(nowhere.exit, 2, "{}", nowhere.stderr);
    house.by("engineer", &["estate", "connect", "shop", &address, "--map", "shop.toml"]);
    assert_eq!(house.tried("engineer", &["estate", "connect", "shop", &address]).exit, 6, "the name is taken");
    assert_eq!(house.tried("support", &["estate", "connect", "other", &address]).exit, 4);
    assert!(house.run(&["estate", "list"]).stdout.contains("map confirmed"));
    assert!(house.run(&["estate", "map", "shop"]).stdout.contains("[[dataset]]"));
    assert_eq!(house.run(&["estate", "drift", "shop"]).exit, 0);
    assert_eq!(house.run(&["estate", "drift", "missing"]).exit, 5);
    house.shop("ALTER TABLE orders RENAME COLUMN total TO sum").await;
    let drift = house.run(&["estate", "drift", "shop"]);
    assert_eq!(drift.exit, 3, "a column of the map is gone");
    assert!(drift.stdout.contains("`total`"), "{}", drift.stdout);
    house.shop("ALTER TABLE orders RENAME COLUMN sum TO total").await;
}

async fn erasure(house: &House) {
    let new = ["request", "new", "--controller", "maison perrin", "--right", "erasure", "--email", "lea@example.org"];
    assert_eq!(house.tried("engineer", &new).exit, 4);
    let id = house.by("support", &new);
    assert_eq!(house.tried("support", &new).exit, 6, "the same request is open");
    assert_eq!(house.tried("engineer", &["request", "plan", &id]).exit, 6, "the controller has not instructed us");
    let duties = house.run(&["duty", "list"]);
    assert_eq!(duties.exit, 0, "the request's clocks run, in time: {}", duties.stderr);
    house.by("support", &["request", "instruct", &id, "--carry-out"]);
    let plan = house.json("dpo", &["request", "plan", &id]);
    assert_eq!(plan["rows"], 3, "one customer, two orders: {plan}");
    let hash = plan["hash"].as_str().expect("a hash").to_owned();
    assert!(house.by("dpo", &["request", "show", &id]).contains(&hash));
    assert_ne!(house.tried("dpo", &["request", "approve", &id, "--hash", &hash]).exit, 0, "four eyes are two people");
    assert_eq!(house.tried("owner", &["request", "approve", &id, "--hash", "00"]).exit, 6);
    house.by("owner", &["request", "approve", &id, "--hash", &hash]);
    let done = house.json("engineer", &["request", "apply", &id]);
    assert_eq!((done["outcome"].as_str(), done["passphrase"].is_null()), (Some("nothing-left"), true));
    assert_eq!(house.shop("SELECT count(*) FROM customers").await, 2);
    assert_eq!(house.shop("SELECT count(*) FROM orders").await, 1);
    let shown = house.json("support", &["request", "show", &id]);
    assert_eq!((shown["email"].as_str(), shown["state"].as_str()), (Some("lea@example.org"), Some("applied")));
    let listed = house.run(&["request", "list", "--json"]);
    assert!(!listed.stdout.contains("lea@"), "a list names nobody: {}", listed.stdout);
    assert_eq!(house.tried("support", &["request", "show", "01ks0000000000000000000001"]).exit, 5);
    assert_eq!(house.tried("support", &["request", "show", "nonsense"]).exit, 2);
}

fn late(house: &House) {
    let new = ["request", "new", "--controller", "Maison Perrin", "--right", "access", "--email", "old@example.org"];
    house.by("support", &[&new[..], &["--received-at", "2020-01-06T09:00:00Z", "--channel", "letter"]].concat());
    let duties = house.run(&["duty", "list"]);
    assert_eq!(duties.exit, 7, "a letter that lay for years: {}{}", duties.stdout, duties.stderr);
    let future = house.tried("support", &[&new[..], &["--received-at", "2999-01-01T00:00:00Z"]].concat());
    assert_eq!(future.exit, 2, "{}", future.stderr);
}

fn access(house: &House) {
    let new = ["request", "new", "--controller", "Maison Perrin", "--right", "access", "--email", "Sam@example.org"];
    let id = house.by("support", &new);
    house.by("support", &["request", "instruct", &id, "--carry-out", "--note", "go on"]);
    let printed = house.by("engineer", &["request", "plan", &id]);
    assert!(printed.contains("orders: read, 1") && printed.contains("SELECT"), "{printed}");
    let hash = printed.rsplit(' ').next().expect("the hash comes last").to_owned();
    house.by("dpo", &["request", "approve", &id, "--hash", &hash]);
    let applied = house.tried("engineer", &["request", "apply", &id]);
    assert_eq!(applied.exit, 0, "{}", applied.stderr);
    assert!(applied.stdout.trim().len() > 20 && applied.stdout.lines().count() == 1, "the passphrase alone");
    assert!(house.dir.path().join(format!("house/packages/{id}.zip.age")).exists());
    let again = house.tried("engineer", &["request", "apply", &id]);
    assert_eq!((again.exit, again.stdout.as_str()), (0, ""), "it is shown once");
}

fn proof(house: &House) {
    assert_eq!(house.run(&["ledger", "export", "--out", "ledger.jsonl"]).exit, 0);
    let key = house.run(&["ledger", "key"]).stdout.trim().to_owned();
    let verified = garant(&house.dir, &["ledger", "verify", "ledger.jsonl", "--key", &key]);
    assert_eq!(verified.exit, 0, "{}", verified.stdout);
    let export = std::fs::read_to_string(house.dir.path().join("ledger.jsonl")).expect("the export");
    assert!(!export.to_lowercase().contains("sam@"), "no personal value is in it");
    let entry = export
        .split("\\\"id\\\":\\\"")
        .nth(1)
        .and_then(|rest| rest.split('\\').next())
        .expect("an entry's id")
        .to_owned();
    let receipt = house.run(&["ledger", "receipt", &entry]);
    assert_eq!(receipt.exit, 0, "{}", receipt.stderr);
    std::fs::write(house.dir.path().join("entry.tlog-proof"), &receipt.stdout).expect("a file");
    let verified = garant(&house.dir, &["ledger", "verify", "entry.tlog-proof", "--key", &key]);
    assert_eq!(verified.exit, 0, "{}", verified.stdout);
    assert_eq!(
        house.run(&["ledger", "receipt", &entry, "--disclose", "/email"]).exit,
        2,
        "somebody must answer for it"
    );
    assert_eq!(house.tried("support", &["ledger", "receipt", &entry, "--disclose", "/email"]).exit, 4);
    assert!(house.run(&["ledger", "list"]).stdout.contains("/house"));
    let replay = house.run(&["ledger", "replay", "--json"]);
    assert_eq!(replay.exit, 0, "{}{}", replay.stdout, replay.stderr);
}

#[tokio::test]
async fn a_table_changed_from_outside_is_an_alarm() {
    let house = House { dir: folder(&[]), database: None };
    house.run(&["account", "new", "--email", "owner@example.org", "--name", "Inès", "--role", "owner"]);
    assert_eq!(house.run(&["ledger", "replay"]).exit, 0);
    let url = format!("sqlite:{}", house.dir.path().join("house/garant.db").display());
    let mut line = SqliteConnection::connect(&url).await.unwrap();
    sqlx::raw_sql("UPDATE accounts SET role = 'auditor'").execute(&mut line).await.unwrap();
    line.close().await.unwrap();
    let alarm = house.run(&["ledger", "replay"]);
    assert_eq!(alarm.exit, 1);
    assert!(alarm.stdout.contains("accounts: 1 rows"), "{}", alarm.stdout);
    let mended = house.run(&["ledger", "replay", "--keep"]);
    assert_eq!(mended.exit, 0, "told once more, and mended: {}", mended.stderr);
    assert_eq!(house.run(&["ledger", "replay"]).exit, 0);
}

#[test]
fn nothing_is_asked_where_nobody_can_answer() {
    let dir = folder(&[]);
    let args = [
        "account",
        "new",
        "--email",
        "a@example.org",
        "--name",
        "A",
        "--role",
        "owner",
        "--dir",
        "house",
        "--no-input",
    ];
    let ended = garant_with(&dir, &args, b"", &[]);
    assert_eq!(ended.exit, 2);
    assert!(ended.stderr.contains("GARANT_PASSWORD"), "{}", ended.stderr);
    let weak = garant_with(&dir, &args, b"", &[("GARANT_PASSWORD", "short")]);
    assert_eq!(weak.exit, 2);
    assert!(weak.stderr.contains("12 characters"), "{}", weak.stderr);
    let wrong = ["agreement", "list", "--database", "mysql://x", "--dir", "house"];
    assert_eq!(garant(&dir, &wrong).exit, 2);
    let down = ["agreement", "list", "--database", "postgres://x@127.0.0.1:1/none", "--dir", "house"];
    let down = garant(&dir, &down);
    assert_eq!(down.exit, 1);
    assert!(down.stderr.contains("help: "), "{}", down.stderr);
}

#[test]
fn the_first_account_is_an_owners() {
    let house = House { dir: folder(&[]), database: None };
    let refused = house.run(&["account", "new", "--email", "i@example.org", "--name", "I", "--role", "dpo"]);
    assert_eq!(refused.exit, 2, "{}", refused.stderr);
    assert!(refused.stderr.contains("--role owner"), "{}", refused.stderr);
}

#[test]
fn a_mistyped_folder_makes_no_house() {
    let dir = folder(&[]);
    let ended = garant(&dir, &["request", "list", "--dir", "hause"]);
    assert_eq!(ended.exit, 5, "{}", ended.stderr);
    assert!(ended.stderr.contains("there is no house in `hause`"), "{}", ended.stderr);
    assert!(!dir.path().join("hause").exists());
}
