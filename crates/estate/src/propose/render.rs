//! A proposal as a TOML file that explains itself.

use super::Proposal;

impl Proposal {
    /// The map as TOML, each guess explained in a comment above its table.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut text = String::from("# Proposed by a scan. Read every line, correct it, then remove this one.\n");
        let mut dataset = 0;
        for line in self.map.to_toml().lines() {
            if line == "[[dataset]]" {
                text.push_str(&self.comments(dataset));
                dataset += 1;
            }
            text.push_str(line);
            text.push('\n');
        }
        text
    }

    fn comments(&self, at: usize) -> String {
        let Some(dataset) = self.map.datasets.get(at) else { return String::new() };
        let mut text = String::new();
        for evidence in self.evidence.iter().filter(|evidence| evidence.table == dataset.name) {
            let because = evidence.because.join("; ");
            let (column, guess, sure) = (&evidence.column, &evidence.guess, evidence.confidence);
            text.push_str(&comment(&format!("{column}: {guess}, {sure} % ({because})")));
        }
        for (_, column) in self.tenant_suggestions.iter().filter(|(table, _)| *table == dataset.name) {
            let name = toml::Value::String(column.clone()).to_string();
            text.push_str(&comment(&format!("to confirm: tenant = {{ field = {name} }}")));
        }
        text
    }
}

/// One comment line, whatever a name holds.
fn comment(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("# {line}\n")
}
