"""Reads of the resident registry. Each one that gives out personal data is journalled with its reason."""
