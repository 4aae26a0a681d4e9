"""A real browser before a real server: Debian's Chromium, driven from outside."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE = 20.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(app: FastAPI, port: int) -> Iterator[None]:
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + PATIENCE
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    assert server.started
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(PATIENCE)


def launched(playwright: Playwright) -> Browser:
    """A browser that cannot be had fails the test; nothing is skipped."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    assert path is not None, "install chromium: apt-get install -y chromium"
    return playwright.chromium.launch(executable_path=path, args=ARGUMENTS)


class Watched:
    """One browser window that notes every complaint of the console and every request to another house."""

    def __init__(self, browser: Browser, base: str, **look: Any) -> None:
        self.base = base
        self.context: BrowserContext = browser.new_context(base_url=base, **look)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.strangers: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._asked)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith(self.base) and not request.url.startswith(("data:", "about:")):
            self.strangers.append(request.url)

    def enter(self, link: str) -> None:
        self.page.goto(f"/vao/{link}")
        self.page.click("main button")
        assert self.page.url == f"{self.base}/"

    def close(self) -> None:
        self.context.close()
