"""The sandbox's page in a real Chromium, with everything it complains about or asks of others."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect, sync_playwright

from tests.fleet.no_skips import require

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
PATIENCE_MS = 20_000
DESKTOP, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)


@dataclass
class Watched:
    """A page of three people: merchant, chief and supervisor of the first street."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def phone(self, number: int) -> Locator:
        """One of the three, from the left."""
        return self.page.locator(".phone").nth(number)

    def write(self, number: int, text: str) -> None:
        """Somebody writes into the chat that is open before him, and sends it."""
        box = self.phone(number).locator("textarea")
        box.fill(text)
        box.press("Enter")

    def take_photo(self, number: int, label: str) -> None:
        """Somebody attaches one of the sample photos to what he is writing."""
        phone = self.phone(number)
        phone.get_by_role("button", name="添加照片").click()
        phone.get_by_role("button", name=label).click()

    def open_chat(self, number: int, name: str) -> Locator:
        """Somebody turns to another of his chats; returns his phone."""
        phone = self.phone(number)
        phone.get_by_role("tab", name=name).click()
        return phone


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser for many pages."""
    require("Chromium", CHROMIUM)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        yield browser
        browser.close()


@contextmanager
def watched(browser: Browser, base: str, **how: Any) -> Iterator[Watched]:
    """The page at ``base``, open; afterwards it must have written nothing to the console and asked nobody
    but the sandbox. ``how``: options of the browser's context."""
    context = browser.new_context(**{"viewport": DESKTOP, **how})
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    page = context.new_page()
    seen = Watched(page)
    page.on("console", lambda line: seen.complaints.append(line.text))
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.on("request", lambda one: None if _own(one.url, base) else seen.complaints.append(one.url))
    page.goto(base + "/")
    expect(page.locator(".phone")).to_have_count(3)
    yield seen
    context.close()
    assert seen.complaints == []


def _own(url: str, base: str) -> bool:
    return url.startswith((base, "data:", "blob:"))
