use super::*;
use crate::names::{RIGHTS, TERMS};
use proptest::{collection::vec, option, prelude::*, sample};

fn problems(text: &str) -> Vec<FileProblem> {
    AgreementFile::parse(text).expect_err("the file is wrong")
}

/// The code of the only problem, and the bytes it points at.
fn only(body: &str) -> (&'static str, String) {
    let text = format!("garant-agreement = 1\n{body}");
    let found = problems(&text);
    assert_eq!(found.len(), 1, "{body}: {found:?}");
    (found[0].code(), found[0].span.clone().map_or_else(String::new, |span| text[span].to_owned()))
}

#[test]
fn short_and_long_forms_say_the_same() {
    let short = AgreementFile::parse("garant-agreement = 1\n[requests]\nforward = \"P1D working\"").unwrap();
    let long = "garant-agreement = 1\n[requests.forward]\nvalue = \"P1D\"\ndays = \"working\"\nstate = \"stated\"";
    assert_eq!(short, AgreementFile::parse(long).unwrap());
    assert_eq!(short.digest(), AgreementFile::parse(long).unwrap().digest());
}

#[test]
fn a_file_reads_well() {
    let text = AgreementFile::parse(
        "garant-agreement = 1\nown_purposes = \"forbidden\"\ndated = 2026-01-31\n[breach]\nchannel = \"email\"\n\
         [breach.notify_controller]\nvalue = \"PT72H\"\nclause = \"III.8\"\nspan = [3, 9]\ntext = \"within\\n72 hours\"\n\
         [requests.forward]\nstate = \"vague\"\ntext = \"promptly\"\n[article28]\na = \"full\"\n\
         g = { state = \"weak\", spans = [[1, 2]] }\n[[subprocessor]]\nname = \"Acme\"\ncountry = \"FR\"\n",
    )
    .unwrap()
    .to_toml();
    let expected = r##"garant-agreement = 1
period_law = "eu-1182-71"
own_purposes = "forbidden"  # Use for the processor's own purposes
dated = 2026-01-31  # Date of the agreement

[document]
language = "en"
kind = "processor-agreement"

# Forwarding requests of data subjects: “promptly”
# no figure in the text; we propose "P1D" (1 working day): the controller's own month runs from receipt (Art. 12(3))
[requests.forward]
state = "vague"
text = "promptly"
source = "document"

[breach]
channel = "email"  # Channel of the breach notice

# Notice of a breach to the controller (III.8): “within 72 hours”
[breach.notify_controller]
value = "PT72H"
state = "stated"
clause = "III.8"
span = [3, 9]
text = "within\n72 hours"
source = "document"

[article28]
a = "full"
g = { state = "weak", spans = [[1, 2]] }

[[subprocessor]]
name = "Acme"
country = "FR"
"##;
    assert_eq!(text, expected);
}

#[test]
fn what_is_no_agreement_file_is_refused_in_one_sentence() {
    let code = |text: &str| problems(text).iter().map(FileProblem::code).collect::<Vec<_>>();
    assert_eq!(code(""), ["FILE-NOT-AN-AGREEMENT"]);
    assert_eq!(code("name = \"x\""), ["FILE-NOT-AN-AGREEMENT"]);
    assert_eq!(code("garant-agreement = 2\nx = 1"), ["FILE-VERSION"]);
    assert_eq!(code("garant-agreement = \"1\""), ["FILE-VERSION"]);
    assert_eq!(code("garant-agreement = = 1"), ["FILE-SYNTAX"]);
    assert_eq!(code(&"#".repeat(SIZE_BYTES_MAX + 1)), ["FILE-TOO-LARGE"]);
}

#[test]
fn each_mistake_is_named_where_it_stands() {
    let cases = [
        ("breach.notify_controller = \"72 hours\"", "FILE-SHAPE", "\"72 hours\""),
        ("breach.notify_controller = \"P1H\"", "FILE-SHAPE", "\"P1H\""),
        ("breach.notify_controller = 72", "FILE-SHAPE", "72"),
        ("breach.notify_controller = \"PT72H working\"", "FILE-SHAPE", "\"PT72H working\""),
        ("breach.notify_controler = \"PT72H\"", "FILE-UNKNOWN-KEY", "notify_controler"),
        ("breech = 1", "FILE-UNKNOWN-KEY", "breech"),
        ("audit.allowed = \"yes\"", "FILE-SHAPE", "\"yes\""),
        ("audit.per_year = -1", "FILE-SHAPE", "-1"),
        ("end.choice = \"burn\"", "FILE-WORD", "\"burn\""),
        ("transfers.allowed_to = \"EU\"", "FILE-SHAPE", "\"EU\""),
        ("dated = \"31/01/2026\"", "FILE-SHAPE", "\"31/01/2026\""),
        ("rights = [\"access\", \"oblivion\"]", "FILE-WORD", "[\"access\", \"oblivion\"]"),
        ("period_law = \"roman\"", "FILE-WORD", "\"roman\""),
        ("parties.processor = { name = \"A\", place = \"Mars\" }", "FILE-SHAPE", "\"Mars\""),
        ("document.sha256 = \"abc\"", "FILE-SHAPE", "\"abc\""),
        ("article28.i = \"full\"", "FILE-UNKNOWN-KEY", "i"),
        ("article28.a = \"maybe\"", "FILE-WORD", "\"maybe\""),
        ("breach.channel = { value = \"email\", span = [9, 3] }", "FILE-SHAPE", "[9, 3]"),
        ("breach.channel = { state = \"stated\" }", "FILE-MISSING", "{ state = \"stated\" }"),
        ("[[subprocessor]]\nname = \"A\"\ncountry = \"France\"", "FILE-SHAPE", "\"France\""),
        ("[[processing]]\npurpose = \"p\"\nretention = { keep = \"5 years\" }", "FILE-SHAPE", "\"5 years\""),
    ];
    for (body, code, place) in cases {
        assert_eq!(only(body), (code, place.to_owned()), "{body}");
    }
}

#[test]
fn terms_that_exclude_each_other_are_refused_where_they_stand() {
    let cases = [
        ("subprocessors.authorisation = \"none-allowed\"\n[[subprocessor]]\nname = \"A\"", "authorisation"),
        ("end = { choice = \"return\", delete_within = \"P30D\" }", "choice"),
        (
            "requests = { answer_by_processor = \"forbidden\", forward = { state = \"negated\" } }",
            "answer_by_processor",
        ),
        (
            "subprocessors = { silence_approves = true, notice = \"P15D\", objection_window = \"P30D\" }",
            "objection_window",
        ),
        ("audit = { allowed = false, per_year = 1 }", "per_year"),
    ];
    for (body, place) in cases {
        assert_eq!(only(body), ("FILE-CONTRADICTION", place.to_owned()), "{body}");
    }
}

#[test]
fn every_problem_is_told_at_once_in_both_languages_with_a_remedy() {
    let text = "garant-agreement = 1\nbreach.notify_controler = 1\nend.choice = \"burn\"\naudit.allowed = 3\n\
        [[subprocessor]]\ntask = \"x\"\n";
    let found = problems(text);
    let codes: Vec<&str> = found.iter().map(FileProblem::code).collect();
    assert_eq!(codes, ["FILE-UNKNOWN-KEY", "FILE-WORD", "FILE-SHAPE", "FILE-MISSING"]);
    for problem in &found {
        assert_ne!(problem.message(Lang::En), problem.message(Lang::Fr));
        assert_ne!(problem.remedy(Lang::En), problem.remedy(Lang::Fr));
    }
    assert_eq!(found[0].remedy(Lang::En), "Did you mean `breach.notify_controller`?");
    let start = found[1].span.clone().unwrap().start;
    assert_eq!(line_column(text, start), (3, 14));
}

#[test]
fn a_document_that_contradicts_itself_still_makes_a_file_that_is_accepted() {
    let mut reading = crate::reading::Reading::default();
    let mut term = crate::reading::Term::silent("subprocessors.authorisation");
    (term.state, term.value) = (State::Stated, serde_json::json!("none-allowed"));
    reading.terms.push(term);
    reading.subprocessors.push(crate::reading::Subprocessor { name: "A".to_owned(), ..Default::default() });
    let file = AgreementFile::from_reading(&reading);
    assert_eq!(file.term("subprocessors.authorisation").unwrap().state, State::Conflicting);
    assert_eq!(AgreementFile::parse(&file.to_toml()), Ok(file));
}

#[test]
fn a_value_of_the_wrong_shape_in_a_reading_leaves_the_duty_vague() {
    let mut reading = crate::reading::Reading::default();
    let mut term = crate::reading::Term::silent("breach.notify_controller");
    (term.state, term.value) = (State::Stated, serde_json::json!("soon"));
    reading.terms.push(term);
    let file = AgreementFile::from_reading(&reading);
    let term = file.term("breach.notify_controller").unwrap();
    assert_eq!((term.state, &term.value), (State::Vague, &None));
}

#[test]
fn defaults_are_filled_in_only_when_asked_and_only_where_the_law_or_the_text_obliges_us() {
    let file = AgreementFile::parse("garant-agreement = 1\nrequests.forward = \"vague\"").unwrap();
    assert_eq!(promised(&file), ["requests.forward"]);
    let filled = file.with_defaults();
    assert_eq!(
        promised(&filled),
        ["breach.notify_controller", "instructions.unlawful_alert", "requests.forward"],
        "Arts. 28(3) and 33(2) oblige the processor although the text is silent"
    );
    assert!(filled.terms.values().all(|term| term.source == Source::Default && term.value.is_some()));
    assert_eq!(AgreementFile::parse(&filled.to_toml()), Ok(filled));
}

#[test]
fn a_default_stays_marked_as_ours_until_a_person_confirms_it() {
    let mut reading = crate::reading::Reading::default();
    reading.document.kind = DocumentKind::ProcessorAgreement;
    let mut term = crate::reading::Term::silent("requests.forward");
    (term.state, term.span, term.clause) = (State::Vague, Some([40, 58]), Some("7.2".to_owned()));
    term.text = "as soon as possible".to_owned();
    reading.terms.push(term);
    let file = AgreementFile::from_reading(&reading).with_defaults();
    let text = file.to_toml_citing(&|byte| byte / 10);
    for line in [
        "# Forwarding requests of data subjects (7.2, line 4): “as soon as possible”",
        "# not in the text: a default of ours (1 working day): the controller's own month runs from receipt \
         (Art. 12(3)); to confirm it, write source = \"person\"",
        "# Notice of a breach to the controller\n# not in the text: a default of ours (24 hours)",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    let again = AgreementFile::parse(&text).unwrap();
    assert_eq!(again, file, "written, parsed and written again it is still ours");
    assert_eq!(AgreementFile::parse(&again.to_toml()).unwrap(), file);
    let confirmed = AgreementFile::parse(&text.replace("source = \"default\"", "source = \"person\"")).unwrap();
    assert!(confirmed.terms.values().all(|term| term.source == Source::Person));
    assert!(!confirmed.to_toml().contains("of ours"));
}

#[test]
fn a_default_in_place_of_silence_is_no_promise_of_the_text() {
    let reading = crate::reading::Reading {
        document: crate::reading::Document { kind: DocumentKind::ProcessorAgreement, ..Default::default() },
        ..Default::default()
    };
    let (bare, filled) = (AgreementFile::from_reading(&reading), AgreementFile::from_reading(&reading).with_defaults());
    assert_eq!(promised(&filled), ["breach.notify_controller", "instructions.unlawful_alert"]);
    assert_eq!(crate::check_file(&filled, Lang::En), crate::check_file(&bare, Lang::En));
    let notice = crate::reading::Document { kind: DocumentKind::PrivacyNotice, ..Default::default() };
    let notice = crate::reading::Reading { document: notice, ..Default::default() };
    assert!(AgreementFile::from_reading(&notice).with_defaults().terms.is_empty(), "a notice binds no processor");
}

#[test]
fn what_is_left_to_decide_is_told_above_the_term() {
    for (state, words) in [
        ("conditional", "# only on a condition"),
        ("staged", "# several values, by case"),
        ("conflicting", "# the text contradicts itself: keep one value"),
        ("by-reference", "# in another document"),
        ("placeholder", "# left blank in the text"),
        ("negated", "# the text excludes it"),
    ] {
        let text = format!("garant-agreement = 1\nbreach.notify_controller = {{ state = \"{state}\", text = \"x\" }}");
        let file = AgreementFile::parse(&text).unwrap();
        assert!(file.to_toml().contains(words), "{state}: {}", file.to_toml());
        let french = AgreementFile::parse(&format!("{text}\ndocument.language = \"fr\"")).unwrap();
        assert!(!french.to_toml().contains(words) && french.to_toml().contains("# Notification"), "{state}");
        assert_eq!(AgreementFile::parse(&file.to_toml()), Ok(file));
    }
}

#[test]
fn a_default_that_contradicts_another_term_is_shown_as_a_contradiction() {
    let text = "garant-agreement = 1\nsubprocessors = { silence_approves = true, notice = \"vague\", objection_window = \"P60D\" }";
    let filled = AgreementFile::parse(text).unwrap().with_defaults();
    assert_eq!(filled.term("subprocessors.objection_window").unwrap().state, State::Conflicting);
    assert_eq!(AgreementFile::parse(&filled.to_toml()), Ok(filled));
}

fn promised(file: &AgreementFile) -> Vec<&str> {
    file.terms.keys().map(String::as_str).collect()
}

#[test]
fn the_digest_sees_the_meaning_and_not_the_layout() {
    let one = AgreementFile::parse("garant-agreement = 1\n[audit]\nallowed = true\nper_year = 1").unwrap();
    let same = AgreementFile::parse("# ours\ngarant-agreement = 1\naudit = { per_year = 1, allowed = true }").unwrap();
    let other = AgreementFile::parse("garant-agreement = 1\naudit = { per_year = 2, allowed = true }").unwrap();
    assert_eq!(one.digest(), same.digest());
    assert_ne!(one.digest(), other.digest());
    assert_eq!(one.digest().len(), 64);
}

#[test]
fn a_place_in_a_text_counts_characters_and_survives_any_offset() {
    assert_eq!(line_column("é\nab", 0), (1, 1));
    assert_eq!(line_column("éa", 1), (1, 1));
    assert_eq!(line_column("é\nab", 4), (2, 2));
    assert_eq!(line_column("a", 99), (1, 2));
}

#[test]
fn a_hostile_file_costs_little_and_is_refused() {
    let deep = format!("garant-agreement = 1\nx = {}", "[".repeat(100_000));
    assert_eq!(problems(&deep)[0].code(), "FILE-SYNTAX");
    let many: String = (0..100_000).map(|number| format!("key{number} = 1\n")).collect();
    let found = problems(&format!("garant-agreement = 1\n{many}"));
    assert_eq!(found.len(), 100, "more problems help nobody");
}

prop_compose! {
    fn period()(count in 1..=10_000u32, unit in 0..5usize) -> Period {
        use kernel::Unit::{Days, Hours, Months, Weeks, Years};
        Period::new(count, [Hours, Days, Weeks, Months, Years][unit]).expect("within the limits")
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[a-z \"\\\\#\n\r\t]{0,12}", Just(String::new())]
}

fn span_of() -> impl Strategy<Value = Span> {
    (0..1_000_000usize, 0..1_000usize).prop_map(|(start, length)| [start, start + length])
}

fn value_of(shape: Shape) -> BoxedStrategy<Value> {
    match shape {
        Shape::Flag => any::<bool>().prop_map(Value::Flag).boxed(),
        Shape::Duration => period().prop_map(Value::Period).boxed(),
        Shape::Word(words) => sample::select(words).prop_map(|word| Value::Word(word.to_owned())).boxed(),
        Shape::Number => any::<u32>().prop_map(Value::Number).boxed(),
        Shape::Text => text().prop_map(Value::Text).boxed(),
        Shape::List => vec(text(), 0..4).prop_map(Value::List).boxed(),
        Shape::Date => (1..=9999i16, 1..=12i8, 1..=28i8)
            .prop_map(|(year, month, day)| {
                Value::Date(kernel::Date::new(year, month, day).expect("a day of the calendar"))
            })
            .boxed(),
    }
}

fn term_of(shape: Shape) -> impl Strategy<Value = FileTerm> {
    let state = sample::select(STATES.map(|(_, state)| state).to_vec());
    let other = (state, option::of(value_of(shape)), any::<bool>(), text(), option::of(span_of()), option::of(text()))
        .prop_map(move |(state, value, working, text, span, clause)| Other {
            state,
            value,
            working: working && shape == Shape::Duration,
            text,
            span,
            clause,
        });
    let sources = sample::select(vec![Source::Document, Source::Default, Source::Person]);
    let states =
        sample::select(STATES.iter().map(|(_, state)| *state).filter(|s| *s != State::Silent).collect::<Vec<_>>());
    let cited = (option::of(text()), option::of(span_of()), text(), sources, vec(other, 0..3));
    (states, value_of(shape), any::<bool>(), any::<bool>(), cited).prop_map(
        move |(state, value, has_value, working, (clause, span, text, source, others))| FileTerm {
            state,
            value: (has_value || state == State::Stated).then_some(value),
            working: working && shape == Shape::Duration,
            clause,
            span,
            text,
            source,
            others,
        },
    )
}

fn bare_of(shape: Shape) -> impl Strategy<Value = FileTerm> {
    prop_oneof![value_of(shape).prop_map(FileTerm::stated), Just(FileTerm::vague())]
}

fn terms() -> impl Strategy<Value = BTreeMap<String, FileTerm>> {
    let one = sample::select(TERMS).prop_flat_map(|name| {
        let said = prop_oneof![term_of(name.shape).boxed(), bare_of(name.shape).boxed()];
        (Just(name.name.to_owned()), said)
    });
    vec(one, 0..8).prop_map(|terms| terms.into_iter().collect())
}

fn party() -> impl Strategy<Value = Party> {
    let place = sample::select(vec!["FR", "FR-57", "LU", "any"]).prop_map(str::to_owned);
    (text(), vec(text(), 0..3), option::of(text()), option::of(text()), option::of(place), option::of(span_of()))
        .prop_map(|(name, called, address, contact, place, span)| Party { name, called, address, contact, place, span })
}

fn processing() -> impl Strategy<Value = Processing> {
    let retention = (text(), option::of(text()), option::of(period())).prop_map(|(text, after, keep)| Retention {
        text,
        after,
        keep,
    });
    let words = || vec(text(), 0..3);
    let role = sample::select(vec![Role::Controller, Role::Processor]);
    (role, text(), words(), words(), words(), option::of(text()), option::of(retention), option::of(span_of()))
        .prop_map(|(role, purpose, data, data_text, subjects, legal_basis, retention, span)| Processing {
            role,
            purpose,
            data,
            data_text,
            subjects,
            legal_basis,
            retention,
            span,
        })
}

fn subprocessor() -> impl Strategy<Value = Subprocessor> {
    let texts = (option::of(text()), option::of(text()), option::of(text()));
    (text(), option::of("[A-Z]{2}"), texts, option::of(span_of())).prop_map(
        |(name, country, (address, task, contact), span)| Subprocessor { name, address, country, task, contact, span },
    )
}

fn document() -> impl Strategy<Value = Document> {
    let kind = sample::select(KINDS.to_vec()).prop_map(|word| kind_of(word).expect("a kind"));
    let language = sample::select(Lang::ALL.to_vec());
    (text(), option::of("[0-9a-f]{64}"), language, option::of(text()), kind)
        .prop_map(|(file, sha256, language, title, kind)| Document { file, sha256, language, title, kind })
}

prop_compose! {
    fn file()(
        document in document(),
        controller in option::of(party()),
        processor in option::of(party()),
        as_written in any::<bool>(),
        terms in terms(),
        rights in sample::subsequence(RIGHTS.to_vec(), 0..=RIGHTS.len()),
        processings in vec(processing(), 0..3),
        subprocessors in vec(subprocessor(), 0..3),
        measures in vec((text(), text(), option::of(span_of())), 0..3),
        contacts in vec((sample::select(CONTACT_KINDS.to_vec()), text(), text(), option::of(span_of())), 0..3),
        letters in vec((sample::select(LETTERS.to_vec()), sample::select(COVERAGE.to_vec()), vec(span_of(), 0..3)), 0..8),
    ) -> AgreementFile {
        let coverage = |((_, state), spans): ((&str, CoverageState), Vec<Span>)| Coverage { state, spans };
        let mut file = AgreementFile {
            document,
            parties: Parties { controller, processor },
            period_law: if as_written { PeriodLaw::AsWritten } else { PeriodLaw::Eu1182_71 },
            terms,
            rights: rights.into_iter().map(str::to_owned).collect(),
            processings,
            subprocessors,
            measures: measures.into_iter().map(|(measure, text, span)| Measure { measure, text, span }).collect(),
            contacts: contacts
                .into_iter()
                .map(|(kind, value, purpose, span)| Contact { kind: kind.to_owned(), value, purpose, span })
                .collect(),
            article28: letters.into_iter().map(|(letter, word, spans)| (letter, coverage((word, spans)))).collect(),
        };
        file.admit_contradictions();
        file
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_file_reads_back_as_it_was_written(file in file()) {
        let text = file.to_toml();
        prop_assert_eq!(AgreementFile::parse(&text), Ok(file), "{}", text);
    }

    #[test]
    fn a_file_and_what_it_reads_back_as_have_the_same_findings_and_promises(file in file()) {
        let again = AgreementFile::parse(&file.to_toml()).unwrap();
        prop_assert_eq!(crate::check_file(&again, Lang::Fr), crate::check_file(&file, Lang::Fr));
        prop_assert_eq!(crate::promises(&again), crate::promises(&file));
        prop_assert_eq!(again.digest(), file.digest());
    }

    #[test]
    fn defaults_never_make_a_file_that_is_refused(file in file()) {
        let filled = file.with_defaults();
        prop_assert_eq!(AgreementFile::parse(&filled.to_toml()), Ok(filled));
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "(garant-agreement = 1\n)?[a-z.=\\[\\]{}\" \n0-9_#,-]{0,80}") {
        let _ = AgreementFile::parse(&text);
    }
}
