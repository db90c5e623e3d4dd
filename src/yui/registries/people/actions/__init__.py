"""Writes of the resident registry: check, write facts, journal, tell."""
