"""Measures the page of large runs, seen by an installed Chromium, each figure beside what is aimed at.

    .venv/bin/python benchmarks/web.py [DELIVERIES OBJECTS]...

Without arguments there are three runs: 300 deliveries of 20 objects each, 1,000 of 20, and 2 of 10,000. Each starts
``nixernetes up``, waits until all is ready, and prints for the first view, keys in searches, a fold of a tree, and a
change that somebody else makes how long each took, what was sent for it, and what memory was used.
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
SIZES = ((300, 20), (1000, 20), (2, 10_000))
# From the navigation on: when the first picture with content was shown.
DRAWN = """() => new Promise((done) => {
    const look = () => {
        const [shown] = performance.getEntriesByName('first-contentful-paint');
        if (shown && document.querySelector('.row.delivery')) done(shown.startTime);
        else requestAnimationFrame(look);
    };
    look();
})"""
KEY = "() => { const s = document.getElementById('search'); s.value = '%s'; s.oninput({ target: s }); }"
# The moment at which something is drawn, on the clock that all tabs share.
SEEN = """(wanted) => new Promise((done) => {
    const look = () => (document.querySelector(wanted)
        ? done(performance.timeOrigin + performance.now())
        : requestAnimationFrame(look));
    look();
})"""
# Asks for a change of the deliveries that are shown, as the page does; returns when.
ACT = """async (verb) => {
    const { need } = await import(document.querySelector('script[type=module]').src);
    const [{ act }, { known }] = [need('server.js'), need('store.js')];
    const words = new URL(location).searchParams.get('q').split(' ');
    const { id } = known('fleet').value.deliveries.find((each) => words.includes(each.id.name));
    const began = performance.timeOrigin + performance.now();
    await act({ do: verb, targets: [id] });
    return began;
}"""


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


def first_view(page: Page, address: str, *, is_kept: bool) -> tuple[float, int, int]:
    """Return the milliseconds until the rows are drawn, the bytes that were sent, and the requests.

    Args:
        page: where it is seen.
        address: the address.
        is_kept: whether the browser has what it kept of the last view.

    """
    session = page.context.new_cdp_session(page)
    sizes: list[int] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": not is_kept})
    page.goto(address, wait_until="commit")
    page.wait_for_selector(".row.delivery")
    took = float(page.evaluate(DRAWN))
    page.wait_for_timeout(300)
    session.detach()
    sent = [size for size in sizes if size]
    return took, sum(sent), len(sent)


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


def measure_fleet(page: Page, home: str) -> None:
    """Measure the list of deliveries, and print."""
    views = [first_view(page, home, is_kept=False) for _ in range(ROUNDS)]
    told("first view, nothing kept by the browser", [took for took, _, _ in views], 200)
    told("  sent for it", [size / 1024 for _, size, _ in views], 150, "KiB")
    views = [first_view(page, home, is_kept=True) for _ in range(ROUNDS)]
    told("first view, files of the page kept", [took for took, _, _ in views], 200)
    told("  sent for it", [size / 1024 for _, size, _ in views], 150, "KiB")
    told("  requests for it", [number for _, _, number in views], 1, "")
    rows = "() => document.querySelectorAll('.row.delivery').length %s"
    keys = []
    for _ in range(ROUNDS):
        keys.append(milliseconds(page, KEY % "of nothing", rows % "== 0"))
        milliseconds(page, KEY % "", rows % "> 0")
    told("a key in the search of deliveries", keys, 50)


def measure_tree(page: Page, home: str) -> None:
    """Measure the tree of a delivery, and print."""
    page.goto(f"{home}?q=Kustomization+app1")
    page.wait_for_selector(".row.delivery")
    began = time.perf_counter()
    page.locator(".row.delivery a").first.click()
    page.wait_for_selector(".row.object")
    told("from a click on a delivery to its tree", [(time.perf_counter() - began) * 1000], 200)
    rows = "() => document.querySelectorAll('.row.object').length %s"
    button = "() => document.querySelectorAll('.row.object button.fold')[1].click()"
    folds, keys = [], []
    for _ in range(ROUNDS):
        folds.append(milliseconds(page, button, rows % "<= 2"))
        folds.append(milliseconds(page, button, rows % "> 10"))
        keys.append(milliseconds(page, KEY % "Deployment", rows % "<= 10"))
        milliseconds(page, KEY % "", rows % "> 10")
    told("a fold of a tree", folds, 50)
    told("a key in the search of a tree", keys, 50)


def measure_updates(page: Page, other: Page, home: str) -> None:
    """Measure how fast a change reaches somebody else, and print."""
    found = []
    for _ in range(ROUNDS):
        for each in (page, other):
            each.goto(f"{home}?q=app1")
            each.wait_for_selector(".row.delivery.ready:not(.suspended)")
        page.wait_for_timeout(1000)
        for verb, wanted in (("suspend", ".row.delivery.suspended"), ("resume", "body:not(:has(.suspended.row))")):
            page.evaluate(f"(wanted) => {{ window.seen = ({SEEN})(wanted); }}", wanted)
            began = other.evaluate(ACT, verb)
            found.append(float(page.evaluate("() => window.seen")) - began)
            page.wait_for_timeout(1000)
    told("from a change to the browser of somebody else", found, 200)


def measure(server: Server, page: Page, other: Page) -> None:
    """Measure, and print."""
    address = server.address()
    page.goto(address)
    page.wait_for_selector(".row.delivery")
    print("waiting until all is ready ...", flush=True)
    page.wait_for_selector(".lead:has-text('are ready')", timeout=1_200_000)
    home = address.partition("?")[0]
    measure_fleet(page, home)
    measure_tree(page, home)
    other.goto(server.address(address))
    measure_updates(page, other, home)
    told("memory of the tab's scripts", [heap_mib(page)], 50, "MiB")
    told("memory of nixernetes up", [server.memory_mib], 1000, "MiB")


def run(deliveries: int, objects: int, path: str | None) -> None:
    """Run a platform, and measure its page."""
    print(f"{deliveries:,} deliveries, {deliveries * objects:,} objects; {os.cpu_count()} cores", flush=True)
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


def main() -> None:
    """Run."""
    numbers = [int(text) for text in sys.argv[1:]]
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    for deliveries, objects in zip(numbers[::2], numbers[1::2], strict=True) if numbers else SIZES:
        run(deliveries, objects, path)


if __name__ == "__main__":
    main()
