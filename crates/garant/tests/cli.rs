//! The command line as its users meet it: the real binary, its two streams and its exit codes.

mod support;

use serde_json::Value;
use support::{Ended, folder, garant, garant_with};

const DPA: &str = include_str!("inputs/dpa.txt");

fn json(ended: &Ended) -> Value {
    serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}: {}", ended.stdout))
}

fn codes(ended: &Ended) -> Vec<String> {
    let findings = json(ended)["findings"].as_array().expect("a list of findings").clone();
    findings.iter().map(|finding| finding["code"].as_str().expect("a code").to_owned()).collect()
}

#[test]
fn read_prints_the_whole_reading_as_json() {
    let dir = folder(&[("dpa.txt", DPA.as_bytes())]);
    let ended = garant(&dir, &["read", "dpa.txt", "--json"]);
    assert_eq!((ended.exit, ended.stderr.as_str()), (0, ""));
    let reading = json(&ended);
    assert_eq!(reading["document"]["file"], "dpa.txt");
    let terms = reading["terms"].as_array().unwrap();
    assert_eq!(terms.len(), agreement::names::TERMS.len(), "silent terms are answers too");
    let breach = terms.iter().find(|term| term["name"] == "breach.notify_controller").unwrap();
    assert_eq!((breach["state"].as_str(), breach["value"].as_str()), (Some("stated"), Some("PT48H")));
    let span: Vec<usize> =
        breach["span"].as_array().unwrap().iter().map(|n| usize::try_from(n.as_u64().unwrap()).unwrap()).collect();
    assert!(DPA[span[0]..span[1]].contains("48 hours"));
}

#[test]
fn read_tells_people_what_stands_where() {
    let dir = folder(&[("dpa.txt", DPA.as_bytes())]);
    let ended = garant(&dir, &["read", "dpa.txt"]);
    assert_eq!(ended.exit, 0);
    for line in
        ["dpa.txt", "data processing agreement · English", "  (g) deletion or return at the end                absent"]
    {
        assert!(ended.stdout.contains(line), "{line}: {}", ended.stdout);
    }
    let breach = ended.stdout.lines().find(|line| line.contains("48 hours")).unwrap();
    assert!(breach.ends_with("  9:1"), "the place where the words stand: {breach}");
    let french = garant(&dir, &["read", "dpa.txt", "--lang", "fr"]);
    assert!(french.stdout.contains("accord de sous-traitance · anglais"), "{}", french.stdout);
    assert!(french.stdout.contains("48 heures"), "{}", french.stdout);
}

#[test]
fn read_takes_standard_input() {
    let dir = folder(&[]);
    let ended = garant_with(&dir, &["read", "-", "--json"], DPA.as_bytes(), &[]);
    assert_eq!((ended.exit, json(&ended)["document"]["file"].as_str()), (0, Some("stdin")));
}

#[test]
fn read_gives_the_text_that_spans_refer_to() {
    let page = "<!doctype html><html><body><h1>Agreement</h1><p>The <b>Processor</b> shall obey.</p></body></html>";
    let dir = folder(&[("page.html", page.as_bytes())]);
    let ended = garant(&dir, &["read", "page.html", "--text"]);
    assert_eq!(ended.exit, 0);
    assert!(ended.stdout.contains("The Processor shall obey."), "{}", ended.stdout);
    assert!(!ended.stdout.contains('<'), "{}", ended.stdout);
}

#[test]
fn check_shows_each_finding_where_it_stands_and_ends_with_three() {
    let dir = folder(&[("dpa.txt", DPA.as_bytes())]);
    let ended = garant(&dir, &["check", "dpa.txt"]);
    assert_eq!(ended.exit, 3);
    for part in ["error[A28-3-g]: ", " = help: ", " --> dpa.txt:6:1", "^^^^", "dpa.txt: "] {
        assert!(ended.stdout.contains(part), "{part}: {}", ended.stdout);
    }
    assert!(!ended.stdout.contains('\u{1b}'), "no colours where nobody sees them");
    let french = garant(&dir, &["check", "dpa.txt", "--lang", "fr"]);
    assert!(french.stdout.contains("erreur[A28-3-g]") && french.stdout.contains("aide"), "{}", french.stdout);
    assert!(french.stderr.contains("donne la loi"), "{}", french.stderr);
}

#[test]
fn check_says_the_same_of_a_document_and_of_its_agreement_file() {
    let dir = folder(&[("dpa.txt", DPA.as_bytes())]);
    let toml = garant(&dir, &["read", "dpa.txt", "--toml"]).stdout;
    std::fs::write(dir.path().join("agreement.toml"), &toml).unwrap();
    let [of_document, of_file] = ["dpa.txt", "agreement.toml"].map(|file| garant(&dir, &["check", file, "--json"]));
    assert_eq!(codes(&of_document), codes(&of_file));
    assert_eq!((of_document.exit, of_file.exit), (3, 3));
    assert_eq!(json(&of_file)["what"], "agreement-file");
    // The document lies beside the file, so its lines are cited and its text is asked too; by itself the file cites none.
    assert!(garant(&dir, &["check", "agreement.toml"]).stdout.contains("dpa.txt:6:1"));
    std::fs::remove_file(dir.path().join("dpa.txt")).unwrap();
    let alone = garant(&dir, &["check", "agreement.toml"]);
    assert!(!alone.stdout.contains("-->"), "{}", alone.stdout);
    // An agreement file is known by its first key as well.
    let unnamed = garant_with(&dir, &["check", "-", "--json"], toml.as_bytes(), &[]);
    let alone = garant(&dir, &["check", "agreement.toml", "--json"]);
    assert_eq!(codes(&unnamed), codes(&alone));
    assert!(codes(&alone).len() < codes(&of_file).len(), "what only a text shows is not asked of a file");
}

#[test]
fn check_draws_no_margin_without_a_place_and_says_what_was_read() {
    let dir = folder(&[("dpa.txt", DPA.as_bytes())]);
    let ended = garant(&dir, &["check", "dpa.txt"]);
    assert!(!ended.stdout.lines().any(|line| line.trim() == "|" && !line.starts_with("  ")), "{}", ended.stdout);
    let finding = ended.stdout.split("\n\n").find(|part| part.starts_with("error[A28-3-g]")).unwrap();
    let lines: Vec<&str> = finding.lines().collect();
    assert_eq!(lines.len(), 3, "{finding}");
    assert!(lines[1].starts_with("  = read: ") && lines[1].contains(" sentences in "), "{finding}");
    assert!(lines[2].starts_with("  = help: "), "{finding}");
}

#[test]
fn check_speaks_sarif_of_several_files_in_one_run() {
    let dir = folder(&[
        ("dpa.txt", DPA.as_bytes()),
        ("l'accord é.md", "# Accord\n\n😀 Le Sous-traitant agit pour le Client.\n".as_bytes()),
        ("bad.toml", b"garant-agreement = 1\nsurprise = true\n"),
    ]);
    let ended = garant(&dir, &["check", "./dpa.txt", "l'accord é.md", "bad.toml", "--sarif"]);
    assert_eq!(ended.exit, 3);
    let log = json(&ended);
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "utf16CodeUnits");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    let mut files = std::collections::BTreeSet::new();
    for result in results {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let place = &result["locations"][0]["physicalLocation"];
        files.insert(place["artifactLocation"]["uri"].as_str().unwrap().to_owned());
        if let Some(region) = place.get("region") {
            let at = |key: &str| region[key].as_u64().unwrap();
            assert!(at("startLine") >= 1 && at("startColumn") >= 1, "{region}");
            assert!((at("startLine"), at("startColumn")) <= (at("endLine"), at("endColumn")), "{region}");
        }
    }
    assert_eq!(files.into_iter().collect::<Vec<_>>(), ["bad.toml", "dpa.txt", "l%27accord%20%C3%A9.md"]);
    for rule in rules.iter().filter(|rule| !rule["id"].as_str().unwrap().starts_with("FILE-")) {
        assert!(rule["helpUri"].as_str().unwrap().starts_with("https://"), "{rule}");
        assert!(rule["fullDescription"]["text"].is_string() && rule["defaultConfiguration"]["level"].is_string());
    }
    // A line added above moves the region, and leaves the fingerprint as it is.
    let prints = |ended: &Ended| -> std::collections::BTreeSet<String> {
        let results = json(ended)["runs"][0]["results"].as_array().unwrap().clone();
        results.iter().map(|result| result["partialFingerprints"]["garantFinding/v1"].to_string()).collect()
    };
    let before = garant(&dir, &["check", "dpa.txt", "--sarif"]);
    std::fs::write(dir.path().join("dpa.txt"), format!("\n\n{DPA}")).unwrap();
    let after = garant(&dir, &["check", "dpa.txt", "--sarif"]);
    assert_ne!(before.stdout, after.stdout);
    assert_eq!(prints(&before), prints(&after));
    // Several files in JSON are a list.
    let many = json(&garant(&dir, &["check", "dpa.txt", "bad.toml", "--json"]));
    assert_eq!(many.as_array().map(Vec::len), Some(2));
}

#[test]
fn one_file_that_cannot_be_read_takes_nothing_from_the_others() {
    let dir = folder(&[("dpa.txt", DPA.as_bytes()), ("broken.docx", b"PK\x03\x04 no archive")]);
    let files = ["broken.docx", "dpa.txt", "missing.txt"];
    let check = |form: &[&str]| garant(&dir, &[&["check"], &files[..], form].concat());
    let sarif = check(&["--sarif"]);
    let run = &json(&sarif)["runs"][0];
    assert!(!run["results"].as_array().unwrap().is_empty());
    let invocation = &run["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let told = invocation["toolExecutionNotifications"].as_array().unwrap();
    let at = |index: usize| &told[index]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!((told.len(), at(0), at(1)), (2, &"broken.docx".into(), &"missing.txt".into()));
    assert!(told[0]["message"]["text"].as_str().unwrap().contains("damaged"), "{told:?}");
    let listed = json(&check(&["--json"]));
    assert_eq!(listed.as_array().map(Vec::len), Some(3));
    assert!(listed[0]["findings"].is_array() && listed[1]["error"]["message"].is_string(), "{listed}");
    let plain = check(&[]);
    assert!(plain.stdout.contains("A28-3-g") && plain.stderr.contains("broken.docx"), "{}", plain.stderr);
    for ended in [sarif, plain] {
        assert!(![0, 3].contains(&ended.exit) && ended.stderr.contains("missing.txt"), "{}", ended.stderr);
    }
    let fine = json(&garant(&dir, &["check", "dpa.txt", "--sarif"]));
    assert_eq!(fine["runs"][0]["invocations"][0]["executionSuccessful"], true);
}

#[test]
fn check_ends_with_zero_without_errors() {
    let dir = folder(&[("good.toml", include_bytes!("../../agreement/example.toml").as_slice())]);
    let ended = garant(&dir, &["check", "good.toml"]);
    assert_eq!(ended.exit, 0, "{}", ended.stdout);
}

#[test]
fn a_wrong_agreement_file_is_told_every_problem_at_its_place() {
    let text = "garant-agreement = 1\n\n[breach]\nnotify_controler = \"PT72H\"\n\n[audit]\nnotice = \"P30\"\n\n\
                [subprocessors]\nauthorisation = \"none-allowed\"\n\n[[subprocessor]]\nname = \"Nuage SA\"\n";
    let dir = folder(&[
        ("bad.toml", text.as_bytes()),
        ("broken.toml", b"garant-agreement = [\n"),
        ("wide.toml", &[0xFF, 0xFE, b'a', 0]),
    ]);
    let ended = garant(&dir, &["check", "bad.toml"]);
    assert_eq!(ended.exit, 3);
    for part in [
        "error[FILE-UNKNOWN-KEY]",
        "bad.toml:4:1",
        "Did you mean `breach.notify_controller`?",
        "error[FILE-SHAPE]",
        "bad.toml:7:10",
        "error[FILE-CONTRADICTION]",
        "bad.toml: 3 errors",
    ] {
        assert!(ended.stdout.contains(part), "{part}: {}", ended.stdout);
    }
    assert!(garant(&dir, &["check", "broken.toml"]).stdout.contains("error[FILE-SYNTAX]"));
    let wide = garant(&dir, &["check", "wide.toml"]);
    assert_eq!(wide.exit, 1);
    assert!(wide.stderr.contains("not UTF-8"), "{}", wide.stderr);
}

#[test]
fn files_that_are_no_documents_are_refused_with_a_way_out() {
    let deep = format!("<html><body>{}word", "<div>".repeat(200_000));
    let dir = folder(&[
        ("empty.txt", b""),
        ("noise.bin", &[0, 1, 2, 3, 0, 255, 9]),
        ("a.pdf", b"%PDF-1.7\n%\xe2\xe3\n"),
        ("deep.html", deep.as_bytes()),
    ]);
    std::fs::File::create(dir.path().join("huge.txt")).unwrap().set_len(200_000_000).unwrap();
    for (file, exit, why) in [
        ("empty.txt", 1, "empty"),
        ("noise.bin", 1, "not text"),
        ("deep.html", 1, "nested"),
        ("huge.txt", 1, "at most"),
        ("missing.txt", 5, "there is no file"),
        (".", 2, "is a folder"),
    ] {
        for verb in ["read", "check"] {
            let ended = garant(&dir, &[verb, file]);
            assert_eq!(ended.exit, exit, "{verb} {file}: {}", ended.stderr);
            assert!(ended.stderr.contains(why) && ended.stderr.contains("help: "), "{verb} {file}: {}", ended.stderr);
            assert_eq!(ended.stdout, "", "{verb} {file}");
        }
    }
    let french = garant_with(&dir, &["read", "missing.txt"], b"", &[("LC_ALL", "fr_FR.UTF-8")]);
    assert!(french.stderr.starts_with("erreur : il n'y a pas de fichier"), "{}", french.stderr);
}

#[test]
fn a_pdf_is_taken_apart_in_a_child_that_may_die() {
    let good = include_bytes!("../../reader/tests/files/fr-complet.pdf").as_slice();
    let deep = format!("%PDF-1.7\n1 0 obj\n{}\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n", "[".repeat(3_000_000));
    let dir = folder(&[("good.pdf", good), ("deep.pdf", deep.as_bytes())]);
    let reading = json(&garant(&dir, &["read", "good.pdf", "--json"]));
    assert_eq!(reading["document"]["media_type"], "application/pdf");
    let text = garant(&dir, &["read", "good.pdf", "--text"]).stdout;
    let term =
        reading["terms"].as_array().unwrap().iter().find(|term| term["name"] == "breach.notify_controller").unwrap();
    let span = |index: usize| usize::try_from(term["span"][index].as_u64().unwrap()).unwrap();
    assert_eq!(term["value"], "PT24H");
    assert_eq!(text[span(0)..span(1)], *term["text"].as_str().unwrap());
    let ended = garant(&dir, &["read", "deep.pdf"]);
    assert_eq!(ended.exit, 1);
    assert!(ended.stderr.contains("the PDF file unpacks to far more than an agreement"), "{}", ended.stderr);
}

#[test]
fn every_encoding_of_an_office_is_read_and_cited() {
    let text = "Accord de sous-traitance\n\nLe Sous-traitant notifie au Responsable toute violation de données à caractère personnel dans les 48 heures.\n";
    let latin: Vec<u8> = text.chars().map(|letter| u8::try_from(letter as u32).unwrap()).collect();
    let mut wide = vec![0xFF, 0xFE];
    wide.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    let dir = folder(&[("utf8.txt", text.as_bytes()), ("latin1.txt", &latin), ("utf16.txt", &wide)]);
    for file in ["utf8.txt", "latin1.txt", "utf16.txt"] {
        let ended = garant(&dir, &["read", file, "--lang", "fr"]);
        assert_eq!(ended.exit, 0, "{file}: {}", ended.stderr);
        let line = ended.stdout.lines().find(|line| line.contains("48 heures")).unwrap();
        assert!(line.ends_with("  3:4"), "{file}: {line}");
    }
}

#[test]
fn explain_speaks_both_languages_or_the_one_asked_for() {
    let dir = folder(&[]);
    let both = garant(&dir, &["explain", "a28-3-G"]);
    assert_eq!(both.exit, 0);
    assert!(
        both.stdout.contains("GDPR, Art. 28(3)(g)") && both.stdout.contains("RGPD, art. 28(3)(g)"),
        "{}",
        both.stdout
    );
    let french = garant(&dir, &["explain", "A28-3-g", "--lang", "fr"]);
    assert!(!french.stdout.contains("GDPR") && french.stdout.contains("Une clause à proposer"), "{}", french.stdout);
    let all = json(&garant(&dir, &["explain", "--all", "--json"]));
    assert_eq!(all.as_array().unwrap().len(), agreement::codes::all().len());
    let one = json(&garant(&dir, &["explain", "A28-3-g", "--json", "--lang", "en"]));
    assert!(one["clause"]["en"].is_string() && one["clause"]["fr"].is_null());
    let unknown = garant(&dir, &["explain", "A28-3-z"]);
    assert_eq!(unknown.exit, 5);
    assert!(unknown.stderr.contains("did you mean `A28-3-"), "{}", unknown.stderr);
    let forward = garant(&dir, &["explain", "A12-forward", "--lang", "en"]).stdout;
    assert!(forward.contains("advice") && forward.contains("warning when it is there"), "{forward}");
    let nothing = garant(&dir, &["explain"]);
    assert_eq!(nothing.exit, 2);
    assert!(nothing.stderr.contains("--all"), "{}", nothing.stderr);
}

#[test]
fn every_worked_example_of_the_clock_holds_on_the_command_line() {
    let dir = folder(&[]);
    let rows: Vec<&str> = include_str!("../../kernel/tests/clock_examples.csv").lines().skip(1).collect();
    assert_eq!(rows.len(), 26);
    for row in rows {
        let cells: Vec<&str> = row.split(',').collect();
        let [_, start, period, place, kind, extend, strict, legal] = cells[..] else { panic!("{row}") };
        let mut args = vec!["clock", start, period, "--place", place, "--kind", kind, "--json"];
        if !extend.is_empty() {
            args.extend(["--extend", extend]);
        }
        let ended = garant(&dir, &args);
        assert_eq!(ended.exit, 0, "{row}: {}", ended.stderr);
        let answer = json(&ended);
        assert_eq!((answer["strict"].as_str(), answer["legal"].as_str()), (Some(strict), Some(legal)), "{row}");
        for key in ["own_duty", "other_party_right"] {
            assert!(answer[key].is_string(), "{row}: {key}");
        }
        assert!(answer["explanation"]["en"].is_string() && answer["explanation"]["fr"].is_string(), "{row}");
    }
}

#[test]
fn the_clock_reads_local_time_unless_it_is_shown_twice_or_never() {
    let dir = folder(&[]);
    let summer = json(&garant(&dir, &["clock", "2026-07-01T10:00", "PT24H", "--place", "FR", "--json"]));
    assert_eq!(summer["strict"], "2026-07-02T10:00:00+02:00");
    for start in ["2026-10-25T02:30", "2027-03-28T02:30"] {
        let ended = garant(&dir, &["clock", start, "PT72H", "--place", "FR"]);
        assert_eq!(ended.exit, 2, "{start}");
        assert!(ended.stderr.contains("give the offset"), "{}", ended.stderr);
        let told = garant(&dir, &["clock", &format!("{start}+01:00"), "PT72H", "--place", "FR"]);
        assert_eq!(told.exit, 0, "{start}: {}", told.stderr);
    }
    // An instant given for a longer period counts as its day at the place, not in UTC.
    let late = json(&garant(&dir, &["clock", "2026-11-30T23:30:00Z", "P1M", "--place", "FR", "--json"]));
    assert_eq!(late["strict"], "2027-01-01");
    let working = json(&garant(&dir, &["clock", "2026-12-24", "P1D", "--working", "--place", "FR-67", "--json"]));
    assert_eq!(working["legal"], "2026-12-28");
    let both = json(&garant(&dir, &["clock", "2027-05-24", "P30D", "--other-place", "LU", "--json"]));
    assert_eq!((both["legal"].as_str(), both["other_party_right"].as_str()), (Some("2027-06-23"), Some("2027-06-24")));
}

#[test]
fn a_wrong_clock_is_a_usage_error_with_a_remedy() {
    let dir = folder(&[]);
    for (args, remedy) in [
        (&["2026-11-24", "72h"][..], "PT72H"),
        (&["2026-11-24", "P0D"], "PT72H"),
        (&["2026-11-24", "PT72H"], "add the time"),
        (&["24/11/2026", "P1M"], "2026-11-24"),
        (&["2026-02-30", "P1M"], "2026-11-24"),
        (&["2026-11-24", "P1M", "--place", "DE"], "LU"),
        (&["2026-11-24", "P1M", "--other-place", "XX"], "LU"),
        (&["2026-11-24", "P1M", "--working"], "P10D"),
        (&["2026-11-24", "P1M", "--kind", "retention", "--extend", "P1M"], "drop --extend"),
        (&["2026-11-24", "P10000Y"], "1900"),
        (&["2026-11-24", "P1M", "--kind", "sideways"], "retention"),
    ] {
        let ended = garant(&dir, &[&["clock"], args].concat());
        assert_eq!(ended.exit, 2, "{args:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(remedy), "{args:?}: {}", ended.stderr);
    }
}

#[test]
fn the_clock_answers_people_in_their_language() {
    let dir = folder(&[]);
    let ended = garant(&dir, &["clock", "2026-12-10", "P15D", "--lang", "fr"]);
    assert!(ended.stdout.contains("lundi 28 décembre 2026"), "{}", ended.stdout);
    let hours = garant(&dir, &["clock", "2026-11-24T10:20+01:00", "PT72H"]);
    assert!(hours.stdout.contains("Friday 27 November 2026, 10:20:00 (+01:00)"), "{}", hours.stdout);
}

#[test]
fn help_is_there_for_every_verb_and_a_slip_is_a_usage_error() {
    let dir = folder(&[]);
    for verb in [
        &["read"][..],
        &["check"],
        &["explain"],
        &["clock"],
        &["ledger", "verify"],
        &["demo"],
        &["serve"],
        &["account", "new"],
        &["request", "new"],
    ] {
        let ended = garant(&dir, &[verb, &["--help"]].concat());
        assert_eq!(ended.exit, 0, "{verb:?}");
        assert!(ended.stdout.contains("Example"), "{verb:?}: {}", ended.stdout);
    }
    for args in [&["raed"][..], &["read"], &["read", "x", "--jsn"], &["read", "x", "--lang", "de"], &["ledger"]] {
        assert_eq!(garant(&dir, args).exit, 2, "{args:?}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let dir = folder(&[]);
    let mut child = support::command(&dir)
        .args(["explain", "--all"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap()), (Some(0), String::new()));
}
