//! Envelope encryption, one key per data subject, erasure by key destruction, age files.
