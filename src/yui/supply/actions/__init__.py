"""Writes of supply: check, change, journal, in the transaction of the body's scope."""
