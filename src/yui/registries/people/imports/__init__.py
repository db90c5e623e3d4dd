"""Resident records from a file: read, check, load, and write what was rejected."""
