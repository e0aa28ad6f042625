"""Git repositories as a port: which revision a source follows, and its files."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from nixernetes.objects.manifest import Json
from nixernetes.render.tree import Tree

__all__ = ["Ref", "Snapshot", "Source", "ref_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ref:
    """Which revision of a Git repository; precedence commit > name > semver > tag > branch (Flux, section 1.3).

    ``revision`` is Argo CD's targetRevision: a branch, a tag, a commit, ``HEAD`` or a semver range; used when set.
    """

    branch: str = ""
    tag: str = ""
    semver: str = ""
    name: str = ""
    commit: str = ""
    revision: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A repository at one revision.

    Attributes:
        commit: the full hash.
        reference: the short name that was resolved (branch or tag), the full one for ``Ref.name``, or ``""``.
        message: the commit message.
        author: ``Name <mail>``.
        time: when it was committed; None where that is not known.
        tree: the files.

    """

    commit: str
    reference: str = ""
    message: str = ""
    author: str = ""
    time: datetime | None = None
    tree: Tree = field(repr=False)


class Source(Protocol):
    """Reads Git repositories."""

    def resolve(self, url: str, ref: Ref) -> tuple[str, str]:
        """Return (commit, reference) that a ref names now, without reading files (``git ls-remote``).

        Raises:
            RemoteError: the repository cannot be reached, or has no such revision.

        """
        ...

    def snapshot(self, url: str, ref: Ref) -> Snapshot:
        """Return the repository at a ref.

        Raises:
            RemoteError: as :meth:`resolve`.

        """
        ...


def ref_of(spec: Json) -> Ref:
    """Return which revision a GitRepository follows; ``master`` when it does not say (Flux, section 1.3)."""
    ref = spec.get("ref") or {}
    named = {part: ref.get(part) or "" for part in ("branch", "tag", "semver", "name", "commit")}
    return Ref(**named) if any(named.values()) else Ref(branch="master")
