"""Organisations: corporations with their official number, name, seat and life span."""
