"""A server for the built site and a browser to look at it with."""

from __future__ import annotations

import gzip
import shutil
import threading
from collections.abc import Iterator
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import axe_playwright_python.base
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from compendium.course.decks import BROWSERS
from compendium.project import Project

SITE = Project().build / "site"
#: Without a head, where the system has it so, a page takes a tenth less.
NAMES = ("chromium-headless-shell", *BROWSERS)
#: Without a sandbox, so that it starts for root in a container; and with nothing sent home.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # One process less for each picture of a page to go through.
    "--in-process-gpu",
]
#: What a browser shares among its processes stands on disk, unless there is room in memory.
SHARED, ROOM = Path("/dev/shm"), 1_000_000_000

DESK = {"width": 1280, "height": 800}
#: Where the server has axe, and the file that it is.
AXE, AXE_FILE = "/axe.js", axe_playwright_python.base.AXE_FILE_PATH

# A slow machine is not a broken site.
expect.set_options(timeout=60_000)


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and the script that looks for offences, and says nothing."""

    def translate_path(self, path: str) -> str:
        """Return the file of an address."""
        return str(AXE_FILE) if path == AXE else super().translate_path(path)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Pressed(Quiet):
    """Serves files as hosts do: what is text is compressed, for browsers that say they can."""

    def do_GET(self) -> None:
        """Send a file, or the page that says that there is none."""
        path = Path(self.translate_path(self.path))
        kind = self.guess_type(path)
        if not path.is_file() or not kind.startswith(("text/", "application/", "image/svg")):
            super().do_GET()
            return
        body = compressed(path)
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@cache
def compressed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 6)


class Visit:
    """A page that is open in the browser, and what it did that a page of ours must not do."""

    def __init__(self, page: Page, base: str) -> None:
        self.base = base
        self.complaints: list[str] = []
        self.page = page
        self.heard = {
            "console": self._heard,
            "pageerror": self._erred,
            "request": self._asked,
            "requestfailed": self._failed,
            "response": self._answered,
        }
        for event, hear in self.heard.items():
            page.on(event, hear)

    def leave(self) -> None:
        """Forget what was seen, and leave the window as it was found."""
        self.page.evaluate("localStorage.clear()")
        self.page.goto("about:blank")
        for event, hear in self.heard.items():
            self.page.remove_listener(event, hear)
        self.page.emulate_media(color_scheme="light", media="null")
        self.page.set_viewport_size(DESK)

    def open(self, path: str) -> Page:
        """Go to a page of the site and wait until its scripts are done."""
        self.page.goto(self.base + path, wait_until="load")
        return self.page

    def resize(self, window: dict[str, int]) -> None:
        """Make the window another size, and wait until the page has answered."""
        self.page.set_viewport_size(window)
        self.page.evaluate(
            "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )

    def _heard(self, message) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")

    def _erred(self, error) -> None:
        self.complaints.append(f"error: {error}")

    def _asked(self, request) -> None:
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.complaints.append(f"leaves the machine: {request.url}")

    def _failed(self, request) -> None:
        # Who leaves a page gives up what it still asked for.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"failed: {request.url}")

    def _answered(self, response) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.status}: {response.url}")


@pytest.fixture(scope="session")
def browser():
    """Chromium as the system has it."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.exit(f"The site is tested in Chromium, and none of {', '.join(NAMES)} is here.", 3)
    roomy = SHARED.is_dir() and shutil.disk_usage(SHARED).free > ROOM
    without = ["--disable-dev-shm-usage"] if roomy else []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=found, args=FLAGS, ignore_default_args=without
        )
        yield chromium
        chromium.close()


def served(handler: type[Quiet]) -> Iterator[str]:
    """Serve the built site, and yield its address."""
    if not (SITE / "index.html").exists():
        pytest.exit("There is no site to test: make site", 3)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(SITE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def base():
    """Address of the built site."""
    yield from served(Quiet)


@pytest.fixture(scope="session")
def host():
    """Address of the built site on a server that compresses."""
    yield from served(Pressed)


@pytest.fixture(scope="session")
def window(browser: Browser):
    """A wide window in daylight. To open one takes as long as to look at a page."""
    context = browser.new_context(viewport=DESK, color_scheme="light")
    yield context.new_page()
    context.close()


@pytest.fixture
def visit(window: Page, base: str):
    """A visitor with that window for himself, who must have nothing to complain of."""
    visit = Visit(window, base)
    yield visit
    visit.leave()
    assert visit.complaints == []


def pytest_terminal_summary(terminalreporter) -> None:
    """Say which pages are the largest, in each way in which they are held small."""
    told = [
        dict(report.user_properties)["sizes"]
        for report in terminalreporter.stats.get("passed", [])
        if report.when == "call" and "sizes" in dict(report.user_properties)
    ]
    for where, number in (("wide", 1), ("narrow", 2)):
        for name in told[0][number] if told else ():
            path, *both = max(told, key=lambda each: each[number][name])
            terminalreporter.line(f"most {name}, {where}: {both[number - 1][name]:,} on {path}")
