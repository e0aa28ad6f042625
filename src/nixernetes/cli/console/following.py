"""A running ``up``, followed: a table on a terminal, a line for each change elsewhere, and a report at the end."""

from __future__ import annotations

import contextlib
import shlex
import signal
import sys
import time
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from rich.console import Console
from rich.live import Live

from nixernetes.adapters.clock import SystemClock
from nixernetes.adapters.control.bells import Bells
from nixernetes.adapters.control.claims import Claim
from nixernetes.adapters.terminal.keyboard import Keyboard
from nixernetes.app import targets, up
from nixernetes.app.fetching import asked
from nixernetes.app.reload import Reloader
from nixernetes.app.serving.kept_worlds import StateOfWorld
from nixernetes.app.serving.worlds import ServedWorld
from nixernetes.app.targets import Prepared
from nixernetes.app.timing.pace import RealPace, SteeredPace
from nixernetes.app.web.served_world import ServedPage
from nixernetes.app.worlds import World
from nixernetes.cli import view
from nixernetes.cli.console.choices import Choice, pressed
from nixernetes.cli.console.ending import ending
from nixernetes.cli.console.screen import counts, screen
from nixernetes.engine.reports import Report
from nixernetes.errors import printable

__all__ = ["follow"]

_Live: TypeAlias = Callable[[Callable[[World], None]], None]  # runs, and calls back after each step
_REST = 20  # times as long as a report took, none is read
_DRAW_SECONDS = 0.2  # a screen needs no more than five pictures a second


class _Over(Exception):  # noqa: N818  # nothing is wrong
    """The user is done."""


def follow(
    prepared: Prepared,
    target: Path,
    page: ServedPage | None = None,
    *,
    is_opened: bool = False,
    state: StateOfWorld | None = None,
    is_virtual: bool = False,
) -> None:
    """Run until the user ends it, and say then what is not ready.

    Args:
        prepared: what runs.
        target: what the user named.
        page: the page that is served; None for none.
        is_opened: whether it is opened in the browser.
        state: what is kept of what runs; None where it is in memory alone.
        is_virtual: whether time is virtual, and steered.

    """
    console = view.console()
    folder = targets.folder_of(target)
    reloader = Reloader(prepared.platform, target) if prepared.platform is not None else None
    signal.signal(signal.SIGTERM, _stop)
    bells = Bells()
    with Claim(folder) as claim:
        api = ServedWorld(claim.kubeconfig, claim.open, state)
        bells.wake_on(api.descriptor)
        if page is not None:
            bells.wake_on(page.descriptor)
        faces = _Faces(api, page, is_opened=is_opened)
        pace = SteeredPace(time.monotonic) if is_virtual else RealPace(SystemClock())

        def run(step: Callable[[World], None]) -> None:
            up.live(prepared.blueprint, prepared.outside, pace, bells.wait, step, state)

        face = _Screen(console, reloader, faces) if console.is_terminal else _Lines(console, reloader, faces)
        try:
            with api, page or contextlib.nullcontext():
                face.run(run, bells)
        except (KeyboardInterrupt, _Over):
            if face.world is not None:
                for text in _last_words(face.world.report(), console, asked(prepared.hosts)):
                    console.print(text)
        finally:
            bells.close()


class _Faces:
    """What others ask while it runs: ``kubectl``, and a browser."""

    def __init__(self, api: ServedWorld, page: ServedPage | None, *, is_opened: bool) -> None:
        self.api = api
        self._page = page
        self._is_opened = is_opened

    @property
    def address(self) -> str:
        """Where the page is, in words; ``""`` where none is served."""
        return f"the page is at {self._page.address}" if self._page is not None else ""

    @property
    def viewer_address(self) -> str:
        """The same for those who only look."""
        return f"to look only: {self._page.viewer_address}" if self._page is not None else ""

    def step(self, world: World) -> None:
        """Answer what waits."""
        self.api.step(world)
        if self._page is not None:
            self._page.step(world)
            if self._is_opened:
                self._is_opened = False
                webbrowser.open(self._page.address)


def _stop(number: int, frame: object) -> None:
    """End as Ctrl-C does, so that temporary files go away; the exit status names the signal."""
    del frame
    raise SystemExit(128 + number)


def _last_words(report: Report, console: Console, fetched: list[str]) -> list[object]:
    return [*view.summary(report), *map(printable, fetched), *ending(report, console.width), counts(report)]


class _Screen:
    """The table, drawn again a few times a second, and at once after a key."""

    def __init__(self, console: Console, reloader: Reloader | None, faces: _Faces) -> None:
        self._faces = faces
        self._console = console
        self._reloader = reloader
        self._choice = Choice()
        self._drawn = 0.0
        self.world: World | None = None

    def run(self, live: _Live, bells: Bells) -> None:
        """Run, on a screen of its own, so that what stood on the terminal is there afterwards."""
        with Keyboard() as keyboard, Live(console=self._console, auto_refresh=False, screen=True) as display:
            if keyboard.descriptor is not None:
                bells.wake_on(keyboard.descriptor)

            def step(world: World) -> None:
                self.world = world
                self._faces.step(world)
                self._take(keyboard, world)
                if self._reloader is not None:
                    self._reloader(world)
                if time.monotonic() - self._drawn >= _DRAW_SECONDS:
                    self._draw(world, display)

            live(step)

    def _take(self, keyboard: Keyboard, world: World) -> None:
        for key in keyboard.pressed():
            self._choice = pressed(self._choice, key, [*world.clusters])
            self._drawn = 0.0
        if self._choice.is_over:
            raise _Over

    def _draw(self, world: World, display: Live) -> None:
        problem = (self._reloader.problem if self._reloader is not None else "") or "".join(world.faults[-1:])
        size = self._console.size
        text = screen(world.report(objects=False), self._choice, size.width, size.height, problem, self._faces.address)
        display.update(text, refresh=True)
        self._drawn = time.monotonic()


class _Lines:
    """A line for each change."""

    def __init__(self, console: Console, reloader: Reloader | None, faces: _Faces) -> None:
        self._faces = faces
        self._console = console
        self._reloader = reloader
        self._before: Report | None = None
        self._problem = ""
        self._address = ""
        self._told = 0
        self._moved = -1
        self._next = 0.0
        self.world: World | None = None

    def run(self, live: _Live, bells: Bells) -> None:
        """Run, and print what changes."""
        del bells
        live(self._step)

    def _tell(self, text: str) -> None:
        if text:
            sys.stderr.write(f"{text}\n")
            sys.stderr.flush()

    def _step(self, world: World) -> None:
        if self.world is None:
            self._faces.step(world)
            sys.stderr.write(f"export KUBECONFIG={shlex.quote(str(self._faces.api.file))}\n")
            self._tell(self._faces.viewer_address)
        self.world = world
        self._faces.step(world)
        if self._address != self._faces.address:  # the first, or the one before was used
            self._address = self._faces.address
            self._tell(self._address)
        if self._reloader is not None:
            self._reloader(world)
            if self._reloader.problem != self._problem:
                self._problem = self._reloader.problem
                self._console.print(printable(self._problem) or "the platform is right again")
        moved = sum(cluster.revision for cluster in world.clusters.values())
        is_due = moved != self._moved and time.monotonic() >= self._next
        if not is_due and len(world.faults) == self._told:
            return
        began = time.monotonic()
        after = world.report(objects=False)
        took = time.monotonic() - began
        self._moved, self._next = moved, began + max(_DRAW_SECONDS, _REST * took)
        for item in view.changes(self._before, after):
            self._console.print(after.time, view.line(item))
        for fault in world.faults[self._told :]:
            self._console.print(after.time, printable(fault))
        self._before, self._told = after, len(world.faults)
        sys.stdout.flush()
