//! The shape of the code: short files, short functions, a reason at the head of each file.

use proc_macro2::Span;
use syn::visit::{self, Visit};
use xtask::lines;

use crate::tree::{File, no_breach, product, rust};

const FILE_LINES_MAX: usize = 500;
const FUNCTION_LINES_MAX: usize = 70;
const TEST_FUNCTION_LINES_MAX: usize = 120;

/// A function and the lines it takes, from its signature to its closing brace.
#[derive(Debug)]
struct Function {
    name: String,
    line: usize,
    lines: usize,
    is_test: bool,
}

#[derive(Default)]
struct Functions {
    found: Vec<Function>,
    in_tests: bool,
}

impl Functions {
    fn add(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let brace: Span = block.brace_token.span.close();
        let (line, last) = (signature.fn_token.span.start().line, brace.end().line);
        let name = signature.ident.to_string();
        self.found.push(Function { name, line, lines: last + 1 - line, is_test: self.in_tests });
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        let outside = self.in_tests;
        self.in_tests |= module.attrs.iter().any(is_cfg_test);
        visit::visit_item_mod(self, module);
        self.in_tests = outside;
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.add(&function.sig, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.add(&function.sig, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(block) = &function.default {
            self.add(&function.sig, block);
        }
        visit::visit_trait_item_fn(self, function);
    }
}

fn is_cfg_test(attribute: &syn::Attribute) -> bool {
    attribute.path().is_ident("cfg") && attribute.parse_args::<syn::Ident>().is_ok_and(|condition| condition == "test")
}

fn functions(source: &str, is_test: bool) -> syn::Result<Vec<Function>> {
    let mut functions = Functions { in_tests: is_test, ..Functions::default() };
    functions.visit_file(&syn::parse_file(source)?);
    Ok(functions.found)
}

/// What one file does wrong: functions too long, or a source nobody can read.
fn long_functions(file: &File) -> Vec<String> {
    let found = match functions(&file.text, is_test_file(file)) {
        Ok(found) => found,
        Err(cause) => return vec![format!("{}:{} {cause}", file.path, cause.span().start().line)],
    };
    let limit = |function: &Function| if function.is_test { TEST_FUNCTION_LINES_MAX } else { FUNCTION_LINES_MAX };
    let long = found.into_iter().filter(|function| function.lines > limit(function));
    long.map(|Function { name, line, lines, .. }| format!("{}:{line} {name}: {lines} lines", file.path)).collect()
}

/// Whether the file as a whole belongs to tests, seen from its crate's folder.
fn is_test_file(file: &File) -> bool {
    let inside = file.path.trim_start_matches("crates/");
    lines::is_test_path(inside.as_ref())
}

#[test]
fn no_file_is_longer_than_500_lines() {
    let sizes = product().into_iter().filter(|file| !is_test_file(file));
    let sizes = sizes.map(|file| (lines::without_tests(&file.text).lines().count(), file.path));
    let breaches: Vec<String> =
        sizes.filter(|(size, _)| *size > FILE_LINES_MAX).map(|(size, path)| format!("{path}: {size} lines")).collect();
    no_breach("A file has at most 500 lines beside its tests: divide it by concern.", &breaches);
}

#[test]
fn no_function_is_longer_than_70_lines_and_no_test_than_120() {
    let breaches: Vec<String> = rust().iter().flat_map(long_functions).collect();
    no_breach("A function has at most 70 lines, a test at most 120: give its parts a name.", &breaches);
}

#[test]
fn every_file_says_why_it_exists() {
    let told =
        |file: &File| file.text.starts_with("//!") || file.path.ends_with("tests.rs") || file.text.trim().is_empty();
    let silent = rust().into_iter().filter(|file| !told(file));
    let breaches: Vec<String> = silent.map(|file| file.path).collect();
    no_breach("The first line of a file is a `//!` that says why it exists.", &breaches);
}

#[test]
fn functions_are_measured_from_signature_to_brace() {
    let source = "/// Doc.\n#[inline]\nfn a() {\n    b();\n}\n\n#[cfg(test)]\nmod tests {\n    fn c() {}\n}\n";
    let found = functions(source, false).expect("it is Rust");
    let seen: Vec<_> = found.iter().map(|f| (f.name.as_str(), f.line, f.lines, f.is_test)).collect();
    assert_eq!(seen, [("a", 3, 3, false), ("c", 9, 1, true)]);
}
