"""``nixernetes diff --live`` on the command line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from nixernetes.app.live.clusters import Contexts
from nixernetes.app.live.diff import LiveOptions, live_differences
from nixernetes.changes.report import ChangeReport
from nixernetes.cli.diff import DiffQuestion, tell
from nixernetes.errors import InputError

__all__ = ["contexts", "run"]


def contexts(name: str, kubeconfig: Path | None) -> Contexts:
    """Return the one context that is meant."""
    return Contexts(kubeconfig=kubeconfig, names=(name,) if name else ())


def run(words: tuple[str, str], repo: Path, meant: Contexts, asked: DiffQuestion) -> None:
    """Compare with a cluster that runs, print, and exit as ``nixernetes diff`` does.

    Args:
        words: a repository, a revision, or both.
        repo: the repository, where none of the words is one.
        meant: the context of the cluster.
        asked: what else is asked for.

    """

    def compare() -> ChangeReport:
        place, rev = _meant(words, repo)
        return live_differences(
            LiveOptions(
                contexts=meant,
                repo=place,
                rev=rev,
                cluster=asked.cluster,
                folders=asked.folders,
                tools=asked.tools,
                schemas=tuple(asked.schemas),
                today=datetime.now(tz=UTC).date(),
            )
        )

    tell(compare, asked)


def _meant(words: tuple[str, str], repo: Path) -> tuple[Path, str]:
    """Return the repository and the revision: of one word, a folder that is there is the repository."""
    first, second = words
    if not first or (not second and not Path(first).is_dir()):
        return repo, first
    if repo != Path():
        raise InputError("give the repository once", subject=f"--repo {repo}")
    return Path(first), second
