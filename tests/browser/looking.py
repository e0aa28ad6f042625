"""How a page is looked at."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

__all__ = [
    "ALL",
    "COLOURS",
    "PHONE",
    "SCREEN",
    "Run",
    "in_the_way",
    "moved",
    "number_is",
    "opened",
    "resized",
    "settled",
]

SCREEN = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}
ALL: dict[str, Any] = {}  # what axe looks for
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}  # what another theme alone can break


@dataclass(kw_only=True)
class Run:
    """A run of the command, and the addresses that it has printed."""

    address: str = ""
    viewer: str = ""
    ready: threading.Event = field(default_factory=threading.Event)
    fresh: threading.Event = field(default_factory=threading.Event)

    def invitation(self) -> str:
        """Return an address that nobody has used yet."""
        assert self.fresh.wait(20), "no new address is printed"
        self.fresh.clear()
        return self.address


@contextmanager
def opened(browser: Any, address: str, path: str = "", *, forgives: str = "-", **options: Any) -> Iterator[Any]:
    """Open an address in a browser of its own; what the page complains about is an error, but for what is forgiven."""
    context = browser.new_context(**{"viewport": SCREEN, **options})
    said: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.set_default_timeout(20_000)
    try:
        page.goto(address)
        page.wait_for_selector("main .row, main h1")
        if path:
            page.goto(address.partition("?")[0].rstrip("/") + path)
        page.wait_for_selector("main h1")
        yield page
        assert [text for text in said if forgives not in text] == []
        assert page.evaluate("window.hurt") is None
    finally:
        context.close()


def in_the_way(page: Any, options: dict[str, Any]) -> list[str]:
    """Return what axe, which has run in this page before, finds in what is shown now."""
    found = page.evaluate(
        "options => axe.run('main', {...options, resultTypes: ['violations']}).then((found) => found.violations)",
        options,
    )
    return [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]]


def resized(page: Any, size: dict[str, int]) -> None:
    """Give the window another size, and wait until the page has drawn itself for it."""
    page.set_viewport_size(size)
    page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")


def moved(page: Any, view: str) -> None:
    """Go to another view of the page that is open, and wait until it is there."""
    page.evaluate("path => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')); }", view)
    page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    page.wait_for_selector("main h1")
    page.wait_for_selector(".skeleton", state="detached")


def settled(page: Any) -> None:
    """Wait until everything but what cannot be well is."""
    page.goto(page.url.partition("/delivery")[0])
    page.wait_for_selector(".row.delivery.ready:has-text('storefront')")
    page.wait_for_selector(".row.delivery.failed:has-text('hostile')")


def number_is(page: Any, selector: str, number: int) -> None:
    """Wait until there are so many of something."""
    from playwright.sync_api import expect  # noqa: PLC0415  # where it is not installed these tests are skipped

    expect(page.locator(selector)).to_have_count(number)
