//! The shell as a specification: who passes, what every answer carries, and that hostile input stays text.

mod answers;
mod console;
mod forms;
mod looks;
mod sessions;
mod steps;
mod texts;
