"""Facilities: places a body publishes, from AED boxes to parks, read from its open-data files."""
