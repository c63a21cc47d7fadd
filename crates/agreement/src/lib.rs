//! The agreement file: model, vocabulary, checks, explanations, rendering; no I/O.
