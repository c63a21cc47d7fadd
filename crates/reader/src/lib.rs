//! Document bytes to text with offsets, blocks, terms with spans, and a draft agreement.
