"""Measures the page of a large run: 1,000 deliveries that bring 20,000 objects, seen by an installed Chromium.

    .venv/bin/python benchmarks/web.py [DELIVERIES [OBJECTS]]

It starts ``nixernetes up``, waits until all is ready, and prints for the first view, a key in the search and an update
that somebody else makes how long each took, what was sent for it, and what memory was used.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import platforms
from playwright.sync_api import Page, sync_playwright

NIXERNETES = str(Path(sys.executable).with_name("nixernetes"))
ADDRESS = re.compile(r"the page is at (http://\S+)")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ROUNDS = 5


class Server:
    """A run of ``nixernetes up``; its addresses are good once, so the latest is read of what it printed."""

    def __init__(self, folder: Path) -> None:
        self._said = folder / "up.txt"
        with self._said.open("w") as said:
            command = [NIXERNETES, "up", str(folder), "--offline"]
            self.process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)

    def address(self, used: str = "") -> str:
        """Return an address that nobody has used."""
        while True:
            found = ADDRESS.findall(self._said.read_text())
            if found and found[-1] != used:
                return found[-1]
            if self.process.poll() is not None:
                raise SystemExit(self._said.read_text()[-2000:])
            time.sleep(0.2)

    @property
    def memory_mib(self) -> float:
        """What it holds in memory."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024


def milliseconds(page: Page, action: str, until: str) -> float:
    """Return how long it takes in the page from an action until something holds in a frame that is drawn."""
    code = f"""() => new Promise((done) => {{
        const began = performance.now();
        ({action})();
        const look = () => (({until})() ? done(performance.now() - began) : requestAnimationFrame(look));
        requestAnimationFrame(look);
    }})"""
    return float(page.evaluate(code))


def first_view(page: Page, address: str) -> tuple[float, int]:
    """Return the milliseconds until the rows are there, and the bytes that were sent."""
    session = page.context.new_cdp_session(page)
    sizes: list[int] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    began = time.perf_counter()
    page.goto(address)
    page.wait_for_selector(".row.delivery")
    took = (time.perf_counter() - began) * 1000
    page.wait_for_timeout(300)
    session.detach()
    return took, sum(sizes)


def heap_mib(page: Page) -> float:
    """Return what the scripts of the tab hold."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    metrics: list[dict[str, Any]] = session.send("Performance.getMetrics")["metrics"]
    return float(next(each["value"] for each in metrics if each["name"] == "JSHeapUsedSize")) / 2**20


def told(what: str, values: list[float], target: float, unit: str = "ms") -> None:
    """Print the middle one of some values beside what is aimed at."""
    middle = sorted(values)[len(values) // 2]
    print(f"{what:48} {middle:9.1f} {unit:4} (target {target:g})", flush=True)


def measure(server: Server, page: Page, other: Page) -> None:
    """Measure, and print."""
    address = server.address()
    page.goto(address)
    page.wait_for_selector(".row.delivery")
    print("waiting until all is ready ...", flush=True)
    page.wait_for_selector(".lead:has-text('are ready')", timeout=1_200_000)
    home = address.partition("?")[0]
    views = [first_view(page, home) for _ in range(ROUNDS)]
    told("first view, nothing kept by the browser", [took for took, _ in views], 200)
    told("sent for the first view", [size / 1024 for _, size in views], 150, "KiB")
    key = "() => { const s = document.getElementById('search'); s.value = %r; s.oninput({ target: s }); }"
    rows = "() => document.querySelectorAll('.row.delivery').length %s"
    keys = []
    for _ in range(ROUNDS):
        keys.append(milliseconds(page, key % "app77", rows % "<= 12"))
        milliseconds(page, key % "", rows % "> 12")
    told("a key in the search", keys, 50)
    other.goto(server.address(address))
    other.wait_for_selector(".row.delivery")
    updates = []
    for number in range(ROUNDS):
        other.goto(f"{home}?q=app{number + 10}")
        other.wait_for_selector(".row.delivery")
        page.goto(f"{home}?q=app{number + 10}")
        page.wait_for_selector(".row.delivery")
        act = other.locator(".row.delivery .pick").first
        act.click()
        other.get_by_role("button", name="Suspend", exact=True).click()
        began = time.perf_counter()
        other.locator("dialog .primary").click()
        page.wait_for_selector(".row.delivery.suspended, .row.delivery .badge.warn")
        updates.append((time.perf_counter() - began) * 1000)
    told("from a click of somebody else to the row", updates, 200)
    told("memory of the tab's scripts", [heap_mib(page)], 50, "MiB")
    told("memory of nixernetes up", [server.memory_mib], 1000, "MiB")


def main() -> None:
    """Run."""
    deliveries, objects = (int(text) for text in (*sys.argv[1:], *("1000", "20")[len(sys.argv) - 1 :]))
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as found:
        folder = Path(name)
        platforms.write(folder, apps=deliveries, objects=objects, clusters=("us-east-1",), engine="flux")
        server = Server(folder)
        try:
            browser = found.chromium.launch(executable_path=path, args=["--no-sandbox"])
            page, other = (browser.new_context(viewport={"width": 1360, "height": 900}).new_page() for _ in range(2))
            page.set_default_timeout(120_000)
            other.set_default_timeout(120_000)
            measure(server, page, other)
            browser.close()
        finally:
            server.process.terminate()
            server.process.wait()
    print(f"{deliveries:,} deliveries, {deliveries * objects:,} objects; {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
