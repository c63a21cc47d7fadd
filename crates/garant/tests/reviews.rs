//! Reviews of rights from the command line, with the real binary.

mod support;

use serde_json::Value;
use support::{Ended, folder, garant, garant_with};
use tempfile::TempDir;

const PASSWORD: &str = "a long and honest password";

struct House(TempDir);

impl House {
    fn tried(&self, role: &str, args: &[&str]) -> Ended {
        let person = format!("{role}@example.org");
        let env = [("GARANT_PASSWORD", PASSWORD), ("GARANT_NEW_PASSWORD", PASSWORD), ("GARANT_AS", &person)];
        garant_with(&self.0, &[args, &["--dir", "house"]].concat(), b"", &env)
    }

    fn by(&self, role: &str, args: &[&str]) -> String {
        let ended = self.tried(role, args);
        assert_eq!(ended.exit, 0, "{role} {args:?}: {}{}", ended.stdout, ended.stderr);
        ended.stdout.trim_end().to_owned()
    }

    fn shown(&self) -> Value {
        serde_json::from_str(&self.by("auditor", &["account", "review", "show", "--json"])).expect("JSON")
    }
}

#[test]
fn rights_are_confirmed_and_ended_by_two_people() {
    let house = House(folder(&[]));
    for role in ["owner", "dpo", "support", "auditor"] {
        let email = format!("{role}@example.org");
        house.by("owner", &["account", "new", "--email", &email, "--name", role, "--role", role]);
    }
    house.by("support", &["account", "token", "--label", "tickets", "--may", "requests.read"]);
    let tokens: Value = serde_json::from_str(&house.by("support", &["account", "tokens", "--json"])).expect("JSON");
    let token = tokens[0]["token"].as_str().expect("a token").get(..8).expect("eight").to_owned();
    assert_eq!(house.tried("support", &["account", "review", "begin"]).exit, 4);
    assert_eq!(house.tried("owner", &["account", "review", "finish"]).exit, 6, "none runs");
    let review = house.by("owner", &["account", "review", "begin"]);
    assert_eq!((house.shown()["review"].as_str(), house.shown()["undecided"].as_i64()), (Some(&*review), Some(5)));
    let own = ["account", "review", "confirm", "--email", "owner@example.org"];
    assert_eq!(house.tried("owner", &own).exit, 4, "nobody reviews themselves");
    let ended = ["account", "review", "revoke", "--email", "support@example.org", "--token", &token];
    assert_eq!(house.tried("owner", &ended).exit, 2, "ending something needs a reason");
    let ended = [&ended[..], &["--reason", "tool replaced"]].concat();
    assert_eq!(house.tried("dpo", &ended).exit, 4, "an owner ends rights");
    house.by("owner", &ended);
    assert_eq!(house.tried("owner", &ended).exit, 5, "it is gone");
    house.by("owner", &["account", "review", "confirm-rest", "--reason", "as before"]);
    assert_eq!(house.tried("owner", &["account", "review", "finish"]).exit, 6, "the owner's own is undecided");
    house.by("dpo", &own);
    assert!(house.by("dpo", &["account", "review", "show", "--lang", "fr"]).contains("confirmé"));
    assert_eq!(house.by("owner", &["account", "review", "finish"]), review);
    house.by("owner", &["ledger", "replay"]);
    assert!(garant(&house.0, &["account", "review", "--help"]).stdout.contains("Finish the review"));
}
