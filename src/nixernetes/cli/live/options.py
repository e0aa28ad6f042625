"""What the commands that ask a cluster are told about it and about the repository."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from nixernetes.app.live.clusters import Contexts
from nixernetes.app.live.diff import LiveOptions
from nixernetes.cli.diff import DiffQuestion

__all__ = ["asked_options", "live_options"]


def asked_options(place: tuple[Path, str], meant: Contexts, asked: DiffQuestion) -> LiveOptions:
    """Return the options of a question.

    Args:
        place: the repository, and the revision.
        meant: the context of the cluster.
        asked: what else is said.

    Raises:
        InputError: several clusters are named, or a source is not of its form.

    """
    return LiveOptions(
        contexts=meant,
        repo=place[0],
        rev=place[1],
        cluster=asked.cluster,
        folders=asked.folders,
        tools=asked.tools,
        schemas=tuple(asked.schemas),
        today=datetime.now(tz=UTC).date(),
    )


def live_options(
    place: tuple[Path, str],
    meant: tuple[str, Path | None],
    words: tuple[Sequence[str], Sequence[str], Sequence[Path]],
    *,
    offline: bool,
) -> LiveOptions:
    """Return the options of a command line.

    Args:
        place: the repository, and the revision.
        meant: the context, and the kubeconfig.
        words: what is said of clusters, of sources and of values.
        offline: whether nobody is asked for charts and artifacts.

    Raises:
        InputError: several clusters are named, or a source is not of its form.

    """
    context, kubeconfig = meant
    clusters, sources, values = words
    contexts = Contexts(kubeconfig=kubeconfig, names=(context,) if context else ())
    asked = DiffQuestion(clusters=clusters, sources=sources, values=values, offline=offline)
    return asked_options(place, contexts, asked)
