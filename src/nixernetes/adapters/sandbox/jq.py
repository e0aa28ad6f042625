"""jq evaluated by its own library, in a process with bounded time and memory, no files and no environment.

Argo CD evaluates with gojq, for a second at most (``ignore.normalizer.jq.timeout``); so long may an expression compute
here. One that took longer is not tried again.
"""

from __future__ import annotations

from typing import Any

from nixernetes.adapters.sandbox.process import Lines, SandboxProcess, TooMuchError
from nixernetes.errors import InputError
from nixernetes.languages.jq import Path
from nixernetes.objects import manifest as manifests
from nixernetes.objects.bounded import Bounded
from nixernetes.objects.manifest import Json

__all__ = ["JqProcess"]

_CPU_SECONDS = 1
_WALL_SECONDS = 5.0
_MOST = 4096  # answers: an expression is asked about the same object at each comparison


class JqProcess:
    """A :class:`~nixernetes.languages.jq.Jq`. The process starts with the first expression.

    Answers are kept by expression and content; beyond the most, the least recently asked are forgotten.
    """

    def __init__(self) -> None:
        self._process = SandboxProcess("jq", _CPU_SECONDS, _WALL_SECONDS)
        self._known: Bounded[tuple[str, str], list[Path]] = Bounded(_MOST)
        self._endless: set[str] = set()

    def paths(self, expression: str, value: Json) -> list[Path]:
        """Return the paths that an expression names in a value."""
        if expression in self._endless:
            return []
        return self._known.answer((expression, manifests.digest(value)), lambda: self._asked(expression, value))

    def close(self) -> None:
        """End the process, if there is one."""
        self._process.close()

    def _asked(self, expression: str, value: Json) -> list[Path]:
        request = {"program": f"[path({expression})]", "value": value}

        def talk(lines: Lines) -> dict[str, Any]:
            lines.say(request)
            answer: dict[str, Any] = lines.hear()
            return answer

        try:
            answer = self._process.converse(talk)
        except TooMuchError:
            self._endless.add(expression)
            return []
        if "broken" in answer:
            reason = str(answer["broken"]).partition("\n")[0].removeprefix("jq: error: ")
            raise InputError(f"{expression!r} is not a jq expression: {reason}")
        found: list[Path] = answer.get("result") or []
        return found
