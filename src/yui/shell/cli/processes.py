"""``yui demo``, ``serve``, ``worker`` and ``stop``: the processes of one machine."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import Annotated

import typer
from rich.console import Console

from yui.config.database import state_folder
from yui.shell.cli.database import start_if_embedded
from yui.shell.cli.supervisor import PATIENCE_SECONDS, Process, Supervisor, clear_leftovers

WEB_PORT, PROVIDER_PORT = 8701, 8702
Port = Annotated[int, typer.Option(help="Port of the web pages.")]
Background = Annotated[bool, typer.Option(help="Return when ready; stop with `yui stop`.")]


def serve(
    port: Port = WEB_PORT, host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1"
) -> None:
    """Serve the web pages and do the jobs until stopped."""
    _refuse_busy_port(port)
    _make_ready()
    Supervisor(service_of(port, host), state_folder() / "logs", start_if_embedded).run()


def worker() -> None:
    """Do jobs until stopped."""
    from yui.engines.dispatch.public import warm
    from yui.kernel.jobs.public import work

    warm()
    work()


def stop() -> None:
    """Stop what `yui demo --background` started."""
    noted = state_folder() / "demo.pid"
    if not noted.exists():
        typer.echo("Nothing is running in the background.", err=True)
        return
    pid = int(noted.read_text())
    if _is_demo(pid):
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE_SECONDS + 5
        while _is_demo(pid):
            if time.monotonic() > deadline:
                typer.echo(f"Process {pid} does not stop; see {state_folder() / 'logs'}.", err=True)
                raise typer.Exit(1)
            time.sleep(0.1)
    clear_leftovers(state_folder() / "logs")
    noted.unlink()
    typer.echo("Stopped.", err=True)


def demo(
    residents: Annotated[int | None, typer.Option(help="Residents of the sample prefecture.")] = None,
    port: Port = WEB_PORT,
    provider_port: Annotated[int, typer.Option(help="Port of the practice sign-in.")] = PROVIDER_PORT,
    background: Background = False,
) -> None:
    """Open the sample prefecture, serve it, and say where to go as whom."""
    if background:
        _demo_in_background(residents, port, provider_port)
        return
    _refuse_busy_port(port)
    _refuse_busy_port(provider_port)
    _make_ready()
    from yui.shell.sample.public import RESIDENT_CLIENT, STAFF_CLIENT, SampleRefused, load_sample

    try:
        with Console(stderr=True).status("結県") as status:
            sample = load_sample(
                residents=residents, provider_port=provider_port, port=port, progress=status.update
            )
    except SampleRefused as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(1) from None
    files = sample.provider
    given = ["--people", str(files.people), "--clients", str(files.clients), "--state", str(files.state)]
    practice = Process(
        "sign_in",
        [sys.executable, "-m", "practice.sign_in_provider", "--port", str(provider_port), *given],
    )
    environment = {
        "YUI_PRACTICE": "1",
        "YUI_BASE_URL": f"http://localhost:{port}",
        "YUI_OIDC_ISSUER": f"http://localhost:{provider_port}/realms/main",
        "YUI_OIDC_STAFF_ISSUER": f"http://localhost:{provider_port}/realms/main",
        "YUI_OIDC_CLIENT_ID": RESIDENT_CLIENT,
        "YUI_OIDC_STAFF_CLIENT_ID": STAFF_CLIENT,
    }
    processes = [practice, *service_of(port, "127.0.0.1", environment)]
    supervisor = Supervisor(processes, state_folder() / "logs", start_if_embedded)
    supervisor.look_after()
    try:
        _wait_until_answering(f"http://localhost:{port}/health/")
    except BaseException:
        supervisor.end()
        raise
    typer.echo(f"\nYui is ready:  http://localhost:{port}/demo/\nStop with Ctrl+C.", err=True)
    supervisor.run()


def service_of(port: int, host: str, environment: dict[str, str] | None = None) -> list[Process]:
    """The web process and the worker."""
    environment = environment or {}
    python = [sys.executable, "-m"]
    web = [*python, "gunicorn", "yui.config.wsgi:application", "--bind", f"{host}:{port}"]
    # Loaded once and then copied, so that a worker that dies is replaced at once.
    web += ["--preload", "--workers", "2", "--threads", "4", "--graceful-timeout", "5", "--no-control-socket"]
    return [
        Process("web", web, environment),
        Process("worker", [*python, "yui.shell.cli.main", "worker"], environment),
    ]


def _make_ready() -> None:
    from yui.engines.dispatch.public import warm
    from yui.kernel.tenancy.provision import prepare
    from yui.shell.web.translations import compile_all

    prepare()
    compile_all()
    # The processes then read what was compiled, instead of each compiling it.
    warm()


def _demo_in_background(residents: int | None, port: int, provider_port: int) -> None:
    noted = state_folder() / "demo.pid"
    if noted.exists() and _is_demo(int(noted.read_text())):
        typer.echo(f"Yui is running already:  http://localhost:{port}/demo/", err=True)
        return
    _refuse_busy_port(port)
    _refuse_busy_port(provider_port)
    command = [sys.executable, "-m", "yui.shell.cli.main", "demo", "--port", str(port)]
    command += ["--provider-port", str(provider_port)]
    command += ["--residents", str(residents)] if residents else []
    logs = state_folder() / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    log = logs / "demo.log"
    with log.open("wb") as output:
        child = subprocess.Popen(
            command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, start_new_session=True
        )
    noted.write_text(str(child.pid))
    try:
        _wait_until_answering(f"http://localhost:{port}/health/", seconds=600, child=child)
    except (TimeoutError, RuntimeError):
        noted.unlink(missing_ok=True)
        typer.echo(log.read_text(encoding="utf-8", errors="replace"), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"Yui is ready:  http://localhost:{port}/demo/   (stop with: ./yui stop)", err=True)


def _wait_until_answering(url: str, seconds: int = 60, child: subprocess.Popen[bytes] | None = None) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if child is not None and child.poll() is not None:
            raise RuntimeError("The process ended before it answered.")
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise TimeoutError(f"{url} does not answer; see {state_folder() / 'logs'}.")


def _is_demo(pid: int) -> bool:
    """Whether the process runs and is ours: after a restart of the machine the number may be anybody's."""
    asked = subprocess.run(
        ["ps", "-ww", "-o", "stat=", "-o", "args=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return "yui.shell.cli.main" in asked.stdout and not asked.stdout.lstrip().startswith("Z")


def _refuse_busy_port(port: int) -> None:
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            typer.echo(
                f"Port {port} is in use. Stop what runs there (./yui stop), or choose another.", err=True
            )
            raise typer.Exit(1)
