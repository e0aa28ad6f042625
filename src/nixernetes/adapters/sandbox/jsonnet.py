"""Jsonnet evaluated by the library that Argo CD uses, go-jsonnet, in a process with bounded time and memory.

Files are handed to the process one by one, as they are imported: it opens none.
"""

from __future__ import annotations

import re
from typing import Any

from nixernetes.adapters.sandbox.process import Lines, SandboxProcess, TooMuchError
from nixernetes.errors import InputError
from nixernetes.render.argocd.jsonnet import Imports, JsonnetProgram

__all__ = ["JsonnetProcess"]

_CPU_SECONDS = 5  # the largest honest programs take one or two
_WALL_SECONDS = 20.0
_LINE = re.compile(r"\t?([^\t:]+):\(?(\d+)[:)]\d+\S*\s*(.*)")
# What a failed import gives. The library must not see the callback fail: it reads beyond the reason, and may crash.
_NOTHING = {"path": "", "content": "error 'no such import'"}


class JsonnetProcess:
    """A :class:`~nixernetes.render.argocd.jsonnet.JsonnetRenderer`. The process starts with the first program."""

    def __init__(self) -> None:
        self._process = SandboxProcess("jsonnet", _CPU_SECONDS, _WALL_SECONDS)

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
        try:
            answer = self._process.converse(lambda lines: _conversation(lines, request, imports))
        except TooMuchError as error:
            raise InputError(
                "the program takes more than 5 seconds, or more than 512 MiB of memory: make it smaller",
                subject=program.file,
            ) from error
        if "error" in answer:
            raise _failed(answer["error"], program.file)
        return str(answer["result"])

    def close(self) -> None:
        """End the process, if there is one."""
        self._process.close()


def _conversation(lines: Lines, request: object, imports: Imports) -> dict[str, str]:
    lines.say(request)
    missing = ""
    while True:
        answer: dict[str, Any] = lines.hear()
        if "import" not in answer:
            return {"error": missing + _stack(answer.get("error", ""))} if missing else answer
        folder, name = answer["import"]
        try:
            path, content = imports(folder, name)
        except InputError as error:
            missing = f"couldn't open import {name!r}: {error}"
            lines.say(_NOTHING)
        else:
            lines.say({"path": path, "content": content.decode("latin-1")})


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
