"""Writes of cases: opening, applying, deciding."""
