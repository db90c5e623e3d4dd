"""The resident registry: who lives in a body, in which household, where, since when, and when we knew it."""
