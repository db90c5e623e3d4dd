"""Start the practice provider: ``python -m practice.sign_in_provider --people FILE --clients FILE``."""

import argparse
import contextlib
import sys
from pathlib import Path

from werkzeug.serving import WSGIRequestHandler, make_server

from .directory import DirectoryError, read_clients, read_people
from .provider import Provider
from .web import create_app


class QuietHandler(WSGIRequestHandler):
    """Logs method, path and status, never the query, which holds states, nonces and page names."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """One plain line a request."""
        self.log("info", "%s %s %s", self.command, self.path.partition("?")[0], code)


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m practice.sign_in_provider", description=__doc__)
    parser.add_argument("--people", type=Path, required=True, help="JSON list of practice people")
    parser.add_argument("--clients", type=Path, required=True, help="JSON list of registered services")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8702)
    parser.add_argument("--issuer", help="default: http://localhost:PORT/realms/main")
    parser.add_argument("--state", type=Path, help="folder that keeps the key and the subjects over restarts")
    given = parser.parse_args(arguments)
    issuer = given.issuer or f"http://localhost:{given.port}/realms/main"
    try:
        provider = Provider(issuer, read_people(given.people), read_clients(given.clients), given.state)
    except DirectoryError as error:
        print(error, file=sys.stderr)
        return 2
    try:
        server = make_server(
            given.host, given.port, create_app(provider), threaded=True, request_handler=QuietHandler
        )
    except (OSError, SystemExit):
        print(f"Port {given.port} is in use; stop what runs there or choose another --port.", file=sys.stderr)
        return 1
    print(f"Practice sign-in provider: {issuer}", file=sys.stderr, flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
