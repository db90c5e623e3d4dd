"""Attacks on the walls between bodies."""
