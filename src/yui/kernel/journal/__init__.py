"""The journal: one append-only record of actions, reads, messages and jobs, sealed so that tampering shows."""
