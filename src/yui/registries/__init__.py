"""Base registries: areas, people, organisations and facilities, as facts with two dates."""
