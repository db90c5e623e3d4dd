"""Forms of the desk, one file per change."""
