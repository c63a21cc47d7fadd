//! Guarantees that hold for every feature because the tests walk the registry: a new feature cannot
//! forget its texts, its access, its columns or its events.

mod common;

use common::{BOTH, House};
use kernel::Lang;
use office::{FEATURES, NAV, POLICY, Registry};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use store::Projector;
use store::schema::ColumnSpec;
use web::Role;
use web::guard::Access;

fn sources(dir: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in std::fs::read_dir(dir).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = std::fs::read_to_string(&path).expect("text");
            found.push((path, text));
        }
    }
}

fn office_sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/src"), &mut found);
    found
}

#[test]
fn every_text_is_there_in_both_languages() {
    let texts = Registry::texts().expect("every Fluent file parses, no key twice");
    assert_eq!(texts.keys(Lang::En), texts.keys(Lang::Fr));
    for feature in FEATURES {
        assert!(feature.texts[0] != feature.texts[1], "{}", feature.name);
    }
}

/// Every quoted word in the sources that looks like a text key of ours must be one.
#[test]
fn every_text_a_page_names_exists() {
    let texts = Registry::texts().expect("texts");
    let keys = texts.keys(Lang::En);
    for (path, source) in office_sources().into_iter().filter(|(path, _)| !path.ends_with("guard.rs")) {
        for call in ["text(\"", ".get(lang, \"", "app.text(lang, \"", "app.text(visit.lang, \""] {
            for piece in source.split(call).skip(1) {
                let key = piece.split('"').next().expect("a piece");
                let named = piece[key.len() + 1..].starts_with(')');
                let simple = !key.is_empty() && key.chars().all(|c| c.is_ascii_lowercase() || c == '-');
                if simple && named && key.contains('-') {
                    assert!(keys.contains(key), "{}: {key}", path.display());
                }
            }
        }
    }
}

#[test]
fn every_kind_of_entry_has_its_words() {
    let texts = Registry::texts().expect("texts");
    let kinds = FEATURES.iter().flat_map(|feature| feature.kinds).copied();
    for kind in kinds.chain(["subject.erased", "ledger.checkpointed"]) {
        let key = format!("entry-{}", kind.replace('.', "-"));
        assert!(texts.keys(Lang::En).contains(&key), "{key}");
    }
}

/// The access matrix is committed: a change of who may do what is seen in review.
#[test]
fn the_access_matrix_is_the_reviewed_one() {
    let mut lines = vec![format!("method\tpath\tpermission\tpublic\t{}", Role::ALL.map(Role::word).join("\t"))];
    for route in FEATURES.iter().flat_map(|feature| feature.routes) {
        let (public, roles, mark) = match route.access {
            Access::Public => ("yes", &Role::ALL[..], "yes"),
            Access::May(permission) => ("-", POLICY.roles(permission), "yes"),
            Access::Fresh(permission) => ("-", POLICY.roles(permission), "fresh"),
            Access::Entering(_) => ("-", &Role::ALL[..], "entering"),
        };
        let cells = Role::ALL.map(|role| if roles.contains(&role) { mark } else { "-" });
        lines.push(format!(
            "{}\t{}\t{}\t{public}\t{}",
            route.method,
            route.path,
            route.access.permission().unwrap_or("-"),
            cells.join("\t")
        ));
    }
    for endpoint in FEATURES.iter().flat_map(|feature| feature.api) {
        let roles = POLICY.roles(endpoint.permission);
        let cells = Role::ALL.map(|role| if roles.contains(&role) { "token" } else { "-" });
        let (method, path) = (endpoint.method, endpoint.path);
        lines.push(format!("{method}\t/api/v1{path}\t{}\t-\t{}", endpoint.permission, cells.join("\t")));
    }
    lines[1..].sort();
    let matrix = format!("{}\n", lines.join("\n"));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("access.tsv");
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        std::fs::write(&path, &matrix).expect("written");
    }
    let committed = std::fs::read_to_string(&path).expect("access.tsv is committed");
    assert_eq!(committed, matrix, "review the change, then run with UPDATE_GENERATED=1");
}

#[test]
fn every_permission_is_asked_for_and_has_its_words() {
    let texts = Registry::texts().expect("texts");
    let mut asked: BTreeSet<&str> = NAV.iter().map(|item| item.permission).collect();
    asked.extend(FEATURES.iter().flat_map(|feature| feature.routes).filter_map(|route| route.access.permission()));
    for permission in &asked {
        assert!(!POLICY.roles(permission).is_empty(), "{permission} is nobody's: a page that nobody can open");
    }
    let endpoints = || FEATURES.iter().flat_map(|feature| feature.api);
    asked.extend(endpoints().map(|endpoint| endpoint.permission));
    assert!(endpoints().all(|endpoint| !POLICY.is_for_people(endpoint.permission)));
    // Some are asked for inside a page: what it shows, not whether it opens.
    let sources = office_sources();
    for (permission, _) in POLICY.rules() {
        let quoted = format!("\"{permission}\"");
        assert!(asked.contains(permission) || sources.iter().any(|(_, text)| text.contains(&quoted)), "{permission}");
        let key = format!("may-{}", permission.replace('.', "-"));
        assert!(texts.keys(Lang::En).contains(&key), "{key}");
    }
}

/// A controller's own people see their area, and nothing of the house: not even that it is there.
#[test]
fn no_page_of_the_house_is_open_to_a_controllers_people() {
    for (permission, roles) in POLICY.rules() {
        let theirs = permission.starts_with("client.") || permission.starts_with("account.");
        assert!(theirs || !roles.iter().any(|role| role.is_controllers()), "{permission}");
    }
}

/// The reference of the API is committed: a change of what programs can rely on is seen in review.
#[test]
fn the_reference_of_the_api_is_the_reviewed_one() {
    let reference = serde_json::to_string_pretty(&office::api::openapi()).expect("JSON") + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        std::fs::write(&path, &reference).expect("written");
    }
    let committed = std::fs::read_to_string(&path).expect("openapi.json is committed");
    assert!(committed == reference, "review the change, then run with UPDATE_GENERATED=1");
}

#[test]
fn nobody_but_people_with_a_role_changes_anything() {
    for route in FEATURES.iter().flat_map(|feature| feature.routes).filter(|route| route.method == "POST") {
        let ways_in = [
            "/sign-in",
            "/sign-in/passkey",
            "/sign-in/provider/link",
            "/sign-in/forgotten",
            "/invitation/{token}",
            "/password/{token}",
        ];
        let open = route.access == Access::Public && !ways_in.contains(&route.path);
        assert!(!open, "{} is open to anyone", route.path);
        if let Some(roles) = route.access.roles(&POLICY) {
            let own = route.path == "/sign-out"
                || ["/sign-in/factor", "/sign-in/again"].iter().any(|step| route.path.starts_with(step))
                || route.path.starts_with("/account/")
                || route.path.starts_with("/views")
                // Looks something up, so that no person's address stands in an address of ours.
                || route.path == "/search";
            let reads_only = roles.contains(&Role::Auditor) && !own;
            assert!(!reads_only, "an auditor changes nothing but their own account: {}", route.path);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_column_is_classified_and_the_live_schema_agrees_both_ways() {
    for kind in BOTH {
        let house = House::new(kind).await;
        let live = house.store().live_schema().await.expect("a catalogue");
        let declared = &house.store().schema().tables;
        let names = |keys: Vec<&String>| keys.into_iter().cloned().collect::<BTreeSet<String>>();
        assert_eq!(names(live.keys().collect()), names(declared.keys().collect()), "{kind:?}");
        for (table, spec) in declared {
            let columns = &live[table];
            assert_eq!(names(columns.keys().collect()), names(spec.columns.keys().collect()), "{kind:?} {table}");
            assert!(!spec.purpose.is_empty() && !spec.retention.is_empty(), "{table}");
            for (column, class) in &spec.columns {
                let ColumnSpec::Personal(personal) = class else { continue };
                assert!(spec.columns.contains_key(&personal.subject), "{table}.{column} names its subject");
                let nullable = !columns[column];
                assert!(nullable || personal.erased == store::schema::Erased::Row, "{table}.{column} can be erased");
                assert!(personal.category.contains(':'), "{table}.{column} has a DPV category");
            }
        }
    }
}

#[test]
fn every_event_has_a_sample_that_round_trips() {
    let mut golden: BTreeMap<String, Value> = BTreeMap::new();
    for feature in FEATURES {
        let samples = (feature.samples)();
        let sampled: BTreeSet<&str> = samples.iter().filter_map(|sample| sample["kind"].as_str()).collect();
        assert_eq!(sampled, feature.kinds.iter().copied().collect(), "{}", feature.name);
        for sample in &samples {
            assert_eq!(
                &office::round_trip(feature.name, sample).expect("reads and writes"),
                sample,
                "{}",
                feature.name
            );
            golden.insert(sample["kind"].as_str().expect("a kind").to_owned(), sample["data"].clone());
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/events.json");
    let read =
        || -> Option<BTreeMap<String, Value>> { serde_json::from_str(&std::fs::read_to_string(&path).ok()?).ok() };
    // Compared as values: the order of keys in a file says nothing, and depends on who built the JSON library.
    if std::env::var_os("UPDATE_GENERATED").is_some() && read().as_ref() != Some(&golden) {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        let text = serde_json::to_string_pretty(&golden).expect("JSON");
        std::fs::write(&path, format!("{text}\n")).expect("written");
    }
    let committed = read().expect("events.json is committed");
    let changed: Vec<&String> =
        golden.keys().chain(committed.keys()).filter(|k| golden.get(*k) != committed.get(*k)).collect();
    assert!(changed.is_empty(), "stored for ever, and changed: {changed:?}; old entries must stay readable");
}

#[test]
fn every_kind_belongs_to_one_feature() {
    let mut seen = BTreeSet::new();
    for kind in FEATURES.iter().flat_map(|feature| feature.kinds) {
        assert!(seen.insert(kind), "{kind} twice");
    }
    assert!(Registry::new().expect("a schema").schema().tables.len() > 10);
}

/// Who uses whom, read from the sources: the façades only, and no circle.
#[test]
fn features_use_each_other_without_a_circle() {
    let names: Vec<&str> = FEATURES.iter().map(|feature| feature.name).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut uses: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for name in &names {
        let mut files = Vec::new();
        sources(&root.join(name), &mut files);
        for (_, source) in files {
            let source = source.split("#[cfg(test)]").next().expect("a first part").replace(['\n', ' '], "");
            for other in names.iter().filter(|other| *other != name) {
                let inside_braces = source.split("usecrate::{").skip(1).any(|list| {
                    let list = list.split(";").next().unwrap_or_default();
                    list.split([',', '{', '}']).any(|word| word == *other || word.starts_with(&format!("{other}::")))
                });
                if inside_braces
                    || source.contains(&format!("crate::{other}::"))
                    || source.contains(&format!("usecrate::{other};"))
                {
                    uses.entry(name).or_default().insert(other);
                }
            }
        }
    }
    let mut rest: BTreeSet<&str> = names.iter().copied().collect();
    while !rest.is_empty() {
        let free = rest.iter().copied().find(|name| uses.get(name).is_none_or(|used| used.is_disjoint(&rest)));
        let free = free.unwrap_or_else(|| panic!("a circle among {rest:?}: {uses:?}"));
        rest.remove(free);
    }
    assert!(uses["requests"].contains("duties"), "the graph is really read: {uses:?}");
}
