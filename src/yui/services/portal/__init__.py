"""The resident's home: what is coming, what was decided, and who looked at my data."""
