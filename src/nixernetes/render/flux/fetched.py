"""What was fetched from a source of Flux."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nixernetes.render.tree import Tree

__all__ = ["Fetched", "revision_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """The files of a source at one revision.

    Attributes:
        tree: the files, filtered as the source says.
        revision: in Flux's format (section 1.2).
        name: what the artifact's file is named after: the commit, the layer's digest, or the tree's id.
        message: the first line of the commit's message, or ``""``.
        annotations: the manifest's, of an OCI artifact.
        notes: what was not honoured.

    """

    tree: Tree = field(repr=False)
    revision: str
    name: str
    message: str = ""
    annotations: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def revision_of(commit: str, reference: str) -> str:
    """Return the revision in Flux's format (section 1.2): ``main@sha1:<hash>``, or ``sha1:<hash>`` without a name."""
    algorithm = "sha256" if len(commit) == 64 else "sha1"
    return f"{reference}@{algorithm}:{commit}" if reference else f"{algorithm}:{commit}"
