//! The product: one folder per feature.
