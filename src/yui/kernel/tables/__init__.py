"""Foreign tables: reading them as they come, declaring their columns, reporting what was mended."""
