"""``yui demo``, ``serve``, ``worker`` and ``stop``: the processes of one machine."""


def demo() -> None:
    """Make everything ready, open the sample prefecture, serve it, and say where."""
    raise SystemExit("not yet")


def serve() -> None:
    """Serve the web pages and do the jobs."""
    raise SystemExit("not yet")


def worker() -> None:
    """Do jobs until stopped."""
    from django.core.management import call_command

    call_command("procrastinate", "worker")


def stop() -> None:
    """Stop what `yui demo` or `yui serve` started."""
