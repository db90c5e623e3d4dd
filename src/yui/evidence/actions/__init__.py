"""Writes of evidence: definitions, figures, entries by hand, publications."""
