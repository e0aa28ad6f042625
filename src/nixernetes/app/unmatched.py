"""Options that have no effect: a ``--source`` whose URL nothing names, a ``--fail`` whose pattern no image matches."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from nixernetes.app.fetching import declared_urls
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.languages.globs.gobwas import glob_match
from nixernetes.objects.fields import objects_at, text_at
from nixernetes.objects.kinds import POD
from nixernetes.objects.manifest import Manifest
from nixernetes.render.estate import DocumentIndex, Note, NoteKind

__all__ = ["unmatched_failures", "unnamed_sources"]

_LISTED: Final = 5
_ON: Final = re.compile(rb"(?![\w-])")  # a path, a revision or a tag may follow, not the rest of a longer name
_WHOLE: Final = re.compile(rb"(?:\.git)?/?(?![\w.~%/-])")  # of a chart: its repository, not whatever lies beside it


def unnamed_sources(index: DocumentIndex, urls: Iterable[str], brought: Iterable[Manifest] = ()) -> Iterator[Note]:
    """Yield a line for each URL that is mapped and that no file names.

    Args:
        index: the files.
        urls: what ``--source`` maps; of a chart, its repository with the chart's name.
        brought: objects that come from elsewhere: what is mapped may declare the next source.

    """
    wanted = tuple(urls)
    if not wanted:
        return
    declared = _declared(item.manifest for item in index.declared)
    elsewhere = "\n".join(_declared(brought)).encode()
    for url in wanted:
        here = (index.read(path) for path in index.files)
        if not any(_names(text, url) for text in (elsewhere, *here)):
            near = difflib.get_close_matches(url, declared, n=1)
            advice = f": did you mean {near[0]}?" if near else ""
            yield Note(kind=NoteKind.UNMATCHED, message=f"--source {url}: nothing here names this URL{advice}")


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


def _declared(items: Iterable[Manifest]) -> list[str]:
    """Return the URLs that objects declare, sorted."""
    objects = list(items)
    written = [text_at(item, "spec", part) for item in objects for part in ("url", "repoURL")]
    return sorted({*written, *declared_urls(objects)} - {""})


def _names(text: bytes, url: str) -> bool:
    """Tell whether a file names a URL, or the repository of the chart that it is."""
    return _holds(text, _bare(url), _ON) or _holds(text, _bare(url.rpartition("/")[0]), _WHOLE)


def _holds(text: bytes, words: bytes, tail: re.Pattern[bytes]) -> bool:
    """Tell whether a text has the words somewhere with such a tail behind them."""
    at = text.find(words) if words else -1
    while at >= 0:
        if tail.match(text, at + len(words)):
            return True
        at = text.find(words, at + 1)
    return False


def _bare(url: str) -> bytes:
    """Return a URL without what people write in one place and leave out in another."""
    return url.partition("://")[2].removesuffix("/").removesuffix(".git").encode() or url.encode()
