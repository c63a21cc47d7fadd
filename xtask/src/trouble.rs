//! What went wrong on this machine, and what to do about it.

use std::fmt;

/// A failure of the machine (a missing package, a full disk, a port in use) with its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    what: String,
    remedy: String,
}

impl Trouble {
    /// What happened, and the sentence that tells the reader what to do next.
    pub fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: remedy.into() }
    }

    /// For a program that could not be started at all.
    pub fn cannot_start(program: &str, cause: &std::io::Error) -> Self {
        Self::new(
            format!("cannot start `{program}`: {cause}"),
            format!("Check that `{program}` is installed and in PATH."),
        )
    }

    /// What happened, without the remedy; used to recognise a failure worth another attempt.
    pub fn what(&self) -> &str {
        &self.what
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}\n  help: {}", self.what, self.remedy)
    }
}

impl std::error::Error for Trouble {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_happened_and_what_to_do() {
        let trouble = Trouble::new("the disk is full", "Free some space.");
        assert_eq!(trouble.to_string(), "error: the disk is full\n  help: Free some space.");
    }
}
