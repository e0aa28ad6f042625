"""The ports of the engine: what it asks of the outside. Adapters fulfil them; tests use the fakes of ``testing``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from nixernetes.cluster.api import Api, Event
from nixernetes.objects.manifest import Manifest
from nixernetes.render.charts import ChartRenderer, ChartRepositories
from nixernetes.render.tree import Tree

__all__ = ["Api", "ChartRenderer", "ChartRepositories", "Event", "Notifier", "Ref", "Snapshot", "Source"]


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
        tree: the files.

    """

    commit: str
    reference: str = ""
    message: str = ""
    author: str = ""
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


class Notifier(Protocol):
    """Delivers notifications (HTTP POST); delivery is best effort, and never blocks a reconcile."""

    def post(self, url: str, headers: dict[str, str], body: Manifest | str) -> None:
        """Send one message.

        Raises:
            RemoteError: it was not accepted.

        """
        ...
