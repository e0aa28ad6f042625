"""How an answer reaches the user: a text on each stream, and the exit status."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from nixernetes.app import platform_file

if TYPE_CHECKING:
    from nixernetes.adapters.kept_answers import Answer, KeptAnswers

__all__ = ["SECONDS", "kept", "kept_check", "retold", "tell"]

SECONDS = "\0seconds\0"  # stands in a kept text for how long the run took that prints it
_BEGAN = time.monotonic()


def kept(command: str, arguments: Mapping[str, object], target: Path) -> KeptAnswers | None:
    """Return where the answers of a command about a repository are kept; None for a platform, which is a program."""
    if not target.is_dir() or platform_file.found_in(target) is not None:
        return None
    from nixernetes.app.answers import answers_of  # noqa: PLC0415  # nothing else needs it

    terminals = (sys.stdout.isatty(), sys.stderr.isatty())
    columns = shutil.get_terminal_size().columns if any(terminals) else 0
    return answers_of(command, {**arguments, "a terminal": (*terminals, columns)}, target)


def kept_check(arguments: Mapping[str, object], target: Path) -> KeptAnswers | None:
    """Return where the answers of ``check`` are kept; None where it reads or writes more than the repository."""
    beside = ("rev", "changed_since", "schemas", "source", "values", "baseline", "watch")
    outputs = arguments["output"]
    if any(arguments[each] for each in beside) or "=" in repr(outputs):
        return None
    today = datetime.now(tz=UTC).date()  # exceptions end with a day
    return kept("check", {**arguments, "today": today}, target)


def tell(answer: Answer, *, told: str = "") -> None:
    """Print an answer; exits with its status where that is not 0.

    Args:
        answer: what is printed.
        told: the beginning of its standard error that was printed already.

    """
    sys.stdout.write(answer.out.replace(SECONDS, f"{time.monotonic() - _BEGAN:.1f}"))
    sys.stdout.flush()
    sys.stderr.write(answer.err.removeprefix(told))
    sys.stderr.flush()
    if answer.status:
        sys.exit(answer.status)


def retold(answers: KeptAnswers | None) -> bool:
    """Print what the same run printed before; False where it must run. Exits as :func:`tell` does."""
    answer = answers.recall() if answers is not None else None
    if answer is not None:
        tell(answer)
    return answer is not None
