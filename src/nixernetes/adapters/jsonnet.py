"""Jsonnet evaluated by the library that Argo CD uses, go-jsonnet, in a process with bounded time and memory.

The library cannot be stopped from within, and a program can ask for more memory than there is. Files are handed to the
process one by one, as they are imported: it opens none.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

from nixernetes.errors import InputError, RemoteError
from nixernetes.render.argocd.jsonnet import Imports, JsonnetProgram

__all__ = ["JsonnetProcess"]

_WORKER = Path(__file__).with_name("jsonnet_worker.py")  # the library takes long to load: only there
_SECONDS = 20.0  # of one program, waiting included; the process itself may compute for five
_LINE = re.compile(r"\t?([^\t:]+):\(?(\d+)[:)]\d+\S*\s*(.*)")
# What a failed import gives. The library must not see the callback fail: it reads beyond the reason, and may crash.
_NOTHING = {"path": "", "content": "error 'no such import'"}
_ANSWER_CHARACTERS = 64 * 1024 * 1024  # far above all manifests of one file


class JsonnetProcess:
    """A :class:`~nixernetes.render.argocd.jsonnet.JsonnetRenderer`. The process starts with the first program."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()

    def evaluate(self, program: JsonnetProgram, imports: Imports) -> str:
        """Return the JSON that a program gives."""
        request = {
            "file": program.file,
            "text": _text(program.text, program.file),
            "ext_vars": dict(program.ext_vars),
            "ext_codes": dict(program.ext_codes),
            "tla_vars": dict(program.tla_vars),
            "tla_codes": dict(program.tla_codes),
        }
        with self._lock:
            answer = self._asked(request, imports, program.file)
        if "error" in answer:
            raise _failed(answer["error"], program.file)
        return str(answer["result"])

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _asked(self, request: object, imports: Imports, file: str) -> dict[str, str]:
        process = self._ready()
        watch = threading.Timer(_SECONDS, process.kill)
        watch.start()
        try:
            return self._conversation(request, imports, *_pipes(process))
        except (OSError, ValueError) as error:
            self.close()
            raise InputError(
                "the program takes more than 5 seconds, or more than 512 MiB of memory: make it smaller", subject=file
            ) from error
        except BaseException:  # the process still waits for a file: the next program must not meet it so
            self.close()
            raise
        finally:
            watch.cancel()

    def _conversation(self, request: object, imports: Imports, to: IO[str], back: IO[str]) -> dict[str, str]:
        _say(to, request)
        missing = ""
        while True:
            line = back.readline(_ANSWER_CHARACTERS)
            if not line.endswith("\n"):
                raise ValueError("the process ended, or does not end its answer")
            answer = json.loads(line)
            if "import" not in answer:
                return {"error": missing + _stack(answer.get("error", ""))} if missing else answer
            folder, name = answer["import"]
            try:
                path, content = imports(folder, name)
            except InputError as error:
                missing = f"couldn't open import {name!r}: {error}"
                _say(to, _NOTHING)
            else:
                _say(to, {"path": path, "content": content.decode("latin-1")})

    def _ready(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            try:
                self._process = subprocess.Popen(
                    [sys.executable, "-I", str(_WORKER)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    text=True,
                    encoding="utf-8",
                )
            except OSError as error:
                raise RemoteError(f"cannot be started: {error.strerror}", subject=sys.executable) from error
        return self._process


def _pipes(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    if process.stdin is None or process.stdout is None:
        raise ValueError("the process has no pipes")
    return process.stdin, process.stdout


def _say(to: IO[str], message: object) -> None:
    to.write(json.dumps(message) + "\n")
    to.flush()


def _text(data: bytes, file: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise InputError("is not UTF-8 text", subject=file) from error


def _stack(text: str) -> str:
    return "\n" + text.partition("\n")[2]


def _failed(text: str, file: str) -> InputError:
    """Return the error of what Jsonnet says: a reason, then the stack, the innermost frame first."""
    first, _, stack = text.strip().partition("\n")
    own = _LINE.match(first)
    if own is not None:  # broken syntax
        return InputError(f"Failed to evaluate jsonnet: {own[3]}", subject=file, place=f"{own[1]}:{own[2]}")
    frames = (_LINE.match(line) for line in stack.splitlines())
    place = next((f"{frame[1]}:{frame[2]}" for frame in frames if frame is not None), file)
    return InputError(f"Failed to evaluate jsonnet: {first}", subject=file, place=place)
