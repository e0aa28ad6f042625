"""What stands for remote bases: what the user maps, and what may be fetched besides."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from nixernetes.adapters.repositories.local_remotes import LocalRemotes
from nixernetes.render.sources.git import Source

if TYPE_CHECKING:
    from nixernetes.adapters.repositories.fetched_remotes import FetchedRemotes

__all__ = ["remote_bases"]


def remote_bases(source: Source, mapped: Mapping[str, Path], *, fetching: bool) -> LocalRemotes | FetchedRemotes:
    """Return what stands for remote bases; close it when the work is done.

    Args:
        source: the mapped repositories.
        mapped: URL to the local repository, or file, that stands for it.
        fetching: whether what is not mapped is fetched.

    """
    if not fetching:
        return LocalRemotes(source, {url: path for url, path in mapped.items() if path.is_file()})
    from nixernetes.adapters.repositories.fetched_remotes import FetchedRemotes  # noqa: PLC0415  # httpx takes long to import

    return FetchedRemotes(source, mapped)
