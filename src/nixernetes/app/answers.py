"""Where the answers of whole runs are kept: of ``render`` and of ``up --once``."""

from __future__ import annotations

from collections.abc import Mapping
from os import environ
from pathlib import Path

from nixernetes.adapters.helm_executable import helm_identity
from nixernetes.adapters.kept_answers import KeptAnswers
from nixernetes.adapters.result_store import ResultStore
from nixernetes.app.rendering.render_folder import cache_folder, program

__all__ = ["answers_of"]

_LOOKS = ("TERM", "COLORTERM", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "TTY_COMPATIBLE")  # what rich reads


def answers_of(command: str, arguments: Mapping[str, object], repo: Path) -> KeptAnswers:
    """Return the answers of a command about a repository.

    Args:
        command: the command.
        arguments: all that the user said, and what of the terminal decides about the answer.
        repo: the repository, as the user named it: it stands in messages.

    """
    asked = [command, repr(sorted(arguments.items())), str(repo), helm_identity(), *map(environ.get, _LOOKS)]
    return KeptAnswers(ResultStore(cache_folder() / "answers"), program(), asked, repo)
