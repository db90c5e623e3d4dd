"""Tests of the treasury's pages."""
