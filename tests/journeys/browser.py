"""Find a Chromium for the journeys, or get one; run as a script it says what it did."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_browser() -> str:
    """The path of a Chromium: ``YUI_CHROMIUM``, the system's, Playwright's own; empty when there is none.

    Raises:
        FileNotFoundError: ``YUI_CHROMIUM`` names a file that is not there.
    """
    if given := os.environ.get("YUI_CHROMIUM"):
        if not Path(given).exists():
            raise FileNotFoundError(f"YUI_CHROMIUM names {given}, which is not there.")
        return given
    for name in NAMES:
        if path := shutil.which(name):
            return path
    return _playwrights_own()


def _playwrights_own() -> str:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else ""


def _attempts() -> list[list[str]]:
    attempts = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        attempts.append(["apt-get", "install", "--yes", "--no-install-recommends", "chromium"])
    return attempts


def main() -> None:
    """Say which browser the journeys will use; try to get one when there is none."""
    if path := find_browser():
        print(f"Journeys use {path}.", file=sys.stderr)
        return
    for command in _attempts():
        print(f"No Chromium found; trying: {' '.join(command)}", file=sys.stderr)
        if subprocess.run(command, check=False).returncode == 0 and (path := find_browser()):
            print(f"Journeys use {path}.", file=sys.stderr)
            return
    print(
        "No Chromium could be found or fetched, so the journeys will be skipped. "
        "Install one, or set YUI_CHROMIUM to its path.",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
