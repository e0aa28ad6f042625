"""A running ``up``, in a thread, whose clusters are served; and the programs of others that ask them."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from nixernetes.adapters.clock import SystemClock
from nixernetes.app import targets, up
from nixernetes.app.serving.worlds import ServedWorld
from nixernetes.app.timing.pace import RealPace
from nixernetes.app.worlds import World
from nixernetes.objects.manifest import Json

DEMO = Path(targets.__file__).parent / "data" / "demo"
CLIENTS = Path(os.environ.get("NIXERNETES_CLIENTS") or Path.home() / ".cache" / "nixernetes-clients")
_PATIENCE = 60.0


_Program = TypeVar("_Program", bound="Program")


class _Over(Exception):  # noqa: N818  # nothing is wrong
    pass


class Program:
    """A program of somebody else, told of the clusters by a kubeconfig.

    Args:
        path: the program.
        kubeconfig: the kubeconfig.
        home: an empty folder for what it keeps.
        folder: where it runs; default: here.

    """

    def __init__(self, path: str, kubeconfig: Path, home: Path, folder: Path | None = None) -> None:
        self._folder = folder
        self._path = path
        self._place = kubeconfig, home
        self._environment = {**os.environ, "KUBECONFIG": str(kubeconfig), "HOME": str(home), "NO_COLOR": "1"}

    def as_another(self, path: str, kind: type[_Program]) -> _Program:
        """Return another program that is told the same."""
        return kind(path, *self._place)

    def run(self, *arguments: str, fails: bool = False) -> str:
        """Return what it says; it has to succeed, or has to fail."""
        done = subprocess.run(  # a test names it
            [self._path, *arguments],
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )
        assert (done.returncode != 0) == fails, done.stdout + done.stderr
        return done.stdout + done.stderr

    @contextmanager
    def left_running(self, *arguments: str) -> Iterator[str]:
        """Start it, yield its first line, and end it."""
        command = [self._path, *arguments]
        with subprocess.Popen(command, env=self._environment, stdout=subprocess.PIPE, text=True) as left:
            try:
                assert left.stdout is not None
                yield left.stdout.readline()
            finally:
                left.terminate()

    def until(self, is_right: Callable[[str], bool], *arguments: str) -> str:
        """Ask again until the answer is right."""
        ends, said = time.monotonic() + _PATIENCE, ""
        while time.monotonic() < ends:
            said = self.run(*arguments)
            if is_right(said):
                return said
        raise AssertionError(said)


@contextmanager
def running(folder: Path, path: Path = DEMO, **options: Json) -> Iterator[Path]:
    """Run a platform or a repository; yield the kubeconfig of its clusters while they are served."""
    served = ServedWorld(folder / "kubeconfig")
    ready, over, failed = threading.Event(), threading.Event(), list[BaseException]()

    def step(world: World) -> None:
        served.step(world)
        if over.is_set():
            raise _Over
        if world.settled():
            ready.set()

    def wait(seconds: float) -> None:
        over.wait(min(seconds, 0.01))

    def run() -> None:
        try:
            with targets.prepare(path, targets.RunOptions(**options)) as prepared, served:
                up.live(prepared.blueprint, prepared.outside, RealPace(SystemClock()), wait, step)
        except _Over:
            pass
        except BaseException as error:  # noqa: BLE001  # told below
            failed.append(error)
        finally:
            ready.set()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        assert ready.wait(_PATIENCE), "never settled"
        assert not failed, failed
        yield served.file
    finally:
        over.set()
        thread.join(_PATIENCE)
    assert not failed, failed


def client(name: str) -> str:
    """Return where a program is, or ``""``: where ``scripts/build_clients.py`` puts it, else on the path."""
    built = CLIENTS / name
    return str(built) if built.is_file() else shutil.which(name) or ""
