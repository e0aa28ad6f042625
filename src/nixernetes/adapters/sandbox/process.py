"""A process that evaluates one language: started with the first program, ended when one takes too much.

The libraries cannot be stopped from within, and a program can ask for more memory than there is.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, TypeVar

from nixernetes.errors import RemoteError
from nixernetes.objects.manifest import Json

__all__ = ["Lines", "SandboxProcess", "TooMuchError"]

_WORKER = Path(__file__).with_name("worker.py")  # the libraries take long to load: only there
_ANSWER_CHARACTERS = 64 * 1024 * 1024  # far above all manifests of one file
_Answer = TypeVar("_Answer")


class TooMuchError(Exception):
    """A program took more time or memory than it may."""


class Lines:
    """Both ends of a conversation with the process: JSON, one value a line."""

    def __init__(self, to: IO[str], back: IO[str]) -> None:
        self._to = to
        self._back = back

    def say(self, message: object) -> None:
        """Send a value."""
        self._to.write(json.dumps(message) + "\n")
        self._to.flush()

    def hear(self) -> Json:
        """Return the next value.

        Raises:
            ValueError: the process ended, or does not end its answer.

        """
        line = self._back.readline(_ANSWER_CHARACTERS)
        if not line.endswith("\n"):
            raise ValueError("the process ended, or does not end its answer")
        return json.loads(line)


class SandboxProcess:
    """One process for one language.

    Args:
        language: ``jsonnet``, ``jq``, or ``git``, which fetches.
        cpu_seconds: how long one program may compute.
        wall_seconds: how long one program may take, waiting included.
        environment: what the process sees of the environment; programs can read it.

    """

    def __init__(
        self, language: str, cpu_seconds: int, wall_seconds: float, environment: Mapping[str, str] | None = None
    ) -> None:
        self._language = language
        self._cpu_seconds = cpu_seconds
        self._wall_seconds = wall_seconds
        self._environment = dict(environment or {})
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()

    def converse(self, talk: Callable[[Lines], _Answer]) -> _Answer:
        """Return what comes of a conversation about one program.

        Raises:
            TooMuchError: the program took more than it may; the next one meets a new process.
            RemoteError: the process cannot be started.

        """
        with self._lock:
            process = self._ready()
            watch = threading.Timer(self._wall_seconds, process.kill)
            watch.start()
            try:
                return talk(_lines(process))
            except (OSError, ValueError) as error:
                self.close()
                raise TooMuchError(self._language) from error
            except BaseException:  # the process still waits for an answer: the next program must not meet it so
                self.close()
                raise
            finally:
                watch.cancel()

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _ready(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            try:
                self._process = subprocess.Popen(
                    [sys.executable, "-I", str(_WORKER), self._language, str(self._cpu_seconds)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env=self._environment,
                    text=True,
                    encoding="utf-8",
                )
            except OSError as error:
                raise RemoteError(f"cannot be started: {error.strerror}", subject=sys.executable) from error
        return self._process


def _lines(process: subprocess.Popen[str]) -> Lines:
    if process.stdin is None or process.stdout is None:
        raise ValueError("the process has no pipes")
    return Lines(process.stdin, process.stdout)
