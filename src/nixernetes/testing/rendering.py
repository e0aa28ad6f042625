"""What the deliveries of a repository bring to its clusters, for tests to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path

from nixernetes.app.rendering.render_deliveries import Query, render
from nixernetes.app.toolbox import ToolOptions
from nixernetes.errors import InputError
from nixernetes.render.rendered import Rendered

__all__ = ["rendered"]


def rendered(
    repo: str | PathLike[str],
    *,
    cluster: str = "",
    rev: str = "",
    clusters: Mapping[str, str] | None = None,
    sources: Mapping[str, str | PathLike[str]] | None = None,
    values: Sequence[str | PathLike[str]] = (),
) -> list[Rendered]:
    """Return all manifests with their origins, as ``nixernetes render --all`` prints them.

    Args:
        repo: the repository.
        cluster: only what this cluster gets; ``""`` means all clusters.
        rev: the Git revision; ``""`` reads the files on disk.
        clusters: cluster name to the folder that starts it; none: found by itself.
        sources: remote URL to the local repository, chart or artifact that stands for it.
        values: files with ConfigMaps and Secrets.

    Raises:
        InputError: there is no such repository, revision or cluster, or a delivery cannot be rendered; the message
            names every delivery that cannot.

    """
    tools = ToolOptions(
        sources={url: Path(path) for url, path in (sources or {}).items()}, values=tuple(map(Path, values))
    )
    found = render(Query(repo=Path(repo), rev=rev, cluster=cluster, folders=clusters or {}, options=tools))
    deliveries = [item for each in found.clusters for item in each.deliveries]
    problems = [f"{item.key}: {item.problem}" for item in deliveries if item.problem]
    problems += [str(note) for note in found.notes if note.is_problem]
    if problems:
        raise InputError("; ".join(problems), subject=str(repo))
    return [manifest for item in deliveries for manifest in item.manifests]
