"""Back ends that decide about many groups at once: one card, compiled to SQL or to Polars expressions."""
