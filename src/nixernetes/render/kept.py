"""What was made before, kept by what was read while making it, so that a cache never changes a result.

A result counts while the tree, and what stands for remote bases, would answer every question as they did then. Failures
that the input alone decides about are kept as results are, in memory only: what is wrong with a file is not found out
again by each delivery, at each interval. What could not be reached is not kept: that may change. What was decrypted is
kept in memory only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from nixernetes.errors import InputError
from nixernetes.objects.bounded import Bounded
from nixernetes.render.kustomize.remote_bases import Remotes
from nixernetes.render.remembered import ResultKeeper, recall, remember
from nixernetes.render.rendered import Rendered, encoded, is_opened, read_back
from nixernetes.render.traced import Trace, TracedRemotes, TracedTree, holds
from nixernetes.render.tree import Tree

__all__ = ["Kept", "Make"]

Make: TypeAlias = Callable[[Tree, Remotes | None], Sequence[Rendered]]
_MOST = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Built:
    tree: Tree
    trace: Trace
    asked: Trace
    found: tuple[Rendered, ...]
    failure: InputError | None

    def counts(self, tree: Tree, remotes: Remotes | None) -> bool:
        if self.asked and (remotes is None or not holds(self.asked, tree, remotes)):
            return False
        return self.tree is tree or holds(self.trace, tree)


class Kept:
    """Results of builds, shared by all who build: walks and controllers, of all clusters.

    It forgets: when the results together hold more manifests than ``most``, those that were asked for least recently
    go. What is in the store beneath is as long-lived as that is.

    Args:
        store: keeps results beyond this run; None keeps them in memory only.
        program: stands for the version of the program in the keys of the store.
        most: how many manifests are held in memory (a failure counts as one).

    """

    def __init__(self, store: ResultKeeper | None = None, program: str = "", *, most: int = _MOST) -> None:
        self._store = store
        self._program = program
        self._held: Bounded[str, _Built] = Bounded(most, lambda entry: 1 + len(entry.found))

    def __len__(self) -> int:
        """Return how many results are held in memory."""
        return len(self._held)

    def built(self, key: str, tree: Tree, remotes: Remotes | None, make: Make) -> tuple[Rendered, ...]:
        """Return what ``make`` gives for a tree; equal questions get the very same tuple while it is held.

        Args:
            key: stands for everything besides tree and remotes that decides about the result.
            tree: the files.
            remotes: what stands for remote bases, or None.
            make: makes the result; it reads nothing but the tree and the remotes that it is given, and what the key
                stands for.

        Raises:
            NixernetesError: what ``make`` raises; an InputError also from memory.

        """
        held = self._held.get(key)
        if held is not None and held.counts(tree, remotes):
            return _answer(held)
        entry = self._stored(key, tree, remotes) or self._made(key, tree, remotes, make)
        self._held.put(key, entry)
        return _answer(entry)

    def _stored(self, key: str, tree: Tree, remotes: Remotes | None) -> _Built | None:
        if self._store is None:
            return None
        found = recall(self._store, self._named(key), tree, remotes)
        found = found or recall(self._store, self._named(key, before=True), tree, remotes)
        if found is None:
            return None
        trace, data = found
        items = read_back(data)
        if items is None:
            return None
        asked = {at: answer for at, answer in trace.items() if at[0].startswith("remote ")}
        plain = {at: answer for at, answer in trace.items() if at not in asked}
        return _Built(tree=tree, trace=plain, asked=asked, found=tuple(items), failure=None)

    def _made(self, key: str, tree: Tree, remotes: Remotes | None, make: Make) -> _Built:
        traced = TracedTree(tree)
        asked = TracedRemotes(remotes) if remotes is not None else None
        found: tuple[Rendered, ...] = ()
        failure = None
        try:
            found = tuple(make(traced, asked))
        except InputError as error:
            failure = error
        questions = asked.trace if asked is not None else {}
        if failure is None and self._store is not None and not any(map(is_opened, found)):
            last = self._store.get(self._named(key))
            if last is not None:
                self._store.put(self._named(key, before=True), last)
            remember(self._store, self._named(key), traced.trace | questions, encoded(found))
        return _Built(tree=tree, trace=traced.trace, asked=questions, found=found, failure=failure)

    def _named(self, key: str, *, before: bool = False) -> str:
        """Return the key in the store: of the last result, or of the one before, which another branch may have."""
        return f"{self._program}\0{key}\0before" if before else f"{self._program}\0{key}"


def _answer(entry: _Built) -> tuple[Rendered, ...]:
    if entry.failure is not None:
        raise entry.failure.with_traceback(None)
    return entry.found
