//! What is written from an agreement file, read back.

mod forms;
mod round_trip;
mod support;
