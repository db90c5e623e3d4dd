"""Jobs: work by name, deferred in the transaction that asks for it, done once, on the same PostgreSQL."""
