"""One accessible form: how it looks, how it is sent once, how a stale page is refused."""
