"""The store: one truth (the journal) and two projections (tables, index). It knows records, not sales."""
