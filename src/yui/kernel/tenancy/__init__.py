"""Tenancy: a body is a tenant, and PostgreSQL hides its rows from every other body.

Two locks: the manager raises when no body is active (loud), and row-level security returns nothing (last line).
"""
