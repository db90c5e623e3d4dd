"""The clerk's desk for the resident record (住民基本台帳): search, households over time, changes, certificates."""
