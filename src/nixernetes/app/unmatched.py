"""Options that have no effect: a ``--source`` whose URL nothing names, a ``--fail`` whose pattern no image matches."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.languages.globs.gobwas import glob_match
from nixernetes.objects.fields import objects_at, text_at
from nixernetes.objects.kinds import POD
from nixernetes.render.estate import DocumentIndex, Note, NoteKind

__all__ = ["unmatched_failures", "unnamed_sources"]

_LISTED: Final = 5


def unnamed_sources(index: DocumentIndex, urls: Iterable[str], known: Iterable[str]) -> Iterator[Note]:
    """Yield a line for each URL that is mapped and that no file names.

    Args:
        index: the files.
        urls: what ``--source`` maps; of a chart, its repository with the chart's name.
        known: the URLs that are declared, for the one that was perhaps meant.

    """
    declared = sorted(set(known))
    for url in urls:
        if not any(_bare(name) in index.read(path) for name in (url, url.rpartition("/")[0]) for path in index.files):
            near = difflib.get_close_matches(url, declared, n=1)
            advice = f": did you mean {near[0]}?" if near else ""
            yield Note(kind=NoteKind.CHOSEN, message=f"--source {url}: nothing here names this URL{advice}")


def unmatched_failures(clusters: Mapping[str, EmbeddedCluster], patterns: Iterable[str]) -> Iterator[str]:
    """Yield a line for each pattern of ``--fail`` that the image of no pod matches."""
    images = sorted(
        {
            text_at(container, "image")
            for cluster in clusters.values()
            for pod in cluster.list(POD)
            for part in ("initContainers", "containers")
            for container in objects_at(pod, "spec", part)
        }
    )
    for pattern in patterns:
        if not any(glob_match(pattern, image) for image in images):
            more = f" and {len(images) - _LISTED} more" if len(images) > _LISTED else ""
            there = f"there are {', '.join(images[:_LISTED])}{more}" if images else "no pod runs"
            yield f"--fail {pattern}: no image matches: {there}"


def _bare(url: str) -> bytes:
    """Return a URL without what people write in one place and leave out in another."""
    return url.partition("://")[2].removesuffix("/").removesuffix(".git").encode() or url.encode()
