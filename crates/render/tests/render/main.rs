//! What is written from an agreement file, read back.

mod docx;
mod forms;
mod round_trip;
mod support;
