"""Results kept by what was read while making them: a verifying trace, so that the cache never changes a result.

An entry holds every question that was put to the tree, with its answer (for a file's bytes, their content id), and the
result. It counts while the tree would give the same answers. A damaged entry counts as none.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from nixernetes.render.traced import Trace, TracedRemotes, TracedTree, holds
from nixernetes.render.tree import Tree

if TYPE_CHECKING:  # the package of the builder takes long to import, and an answer from the store needs none of it
    from nixernetes.render.kustomize.remote_bases import Remotes

__all__ = ["ResultKeeper", "recall", "remember", "remembered"]


class ResultKeeper(Protocol):
    """Keeps bytes by key; it may forget them at any time."""

    def get(self, key: str) -> bytes | None:
        """Return what was put last under a key, whole, or None."""
        ...

    def put(self, key: str, data: bytes) -> None:
        """Keep bytes under a key; it does not fail."""
        ...


def remembered(
    store: ResultKeeper | None,
    key: str,
    tree: Tree,
    make: Callable[[Tree], bytes],
    remotes: TracedRemotes | None = None,
) -> bytes:
    """Return what ``make`` gives for a tree, from the store where that is sure to be the same.

    Args:
        store: where results are kept; None makes it anew.
        key: stands for everything besides the tree that decides about the result, the program included.
        tree: the tree.
        make: makes the result; it must read nothing but the tree that it is given, the remotes, and what the key
            stands for.
        remotes: what stands for remote bases, nothing yet asked of it; None where ``make`` asks for none.

    """
    if store is None:
        return make(tree)
    found = recall(store, key, tree, remotes)
    if found is not None:
        return found[1]
    traced = TracedTree(tree)
    result = make(traced)
    remember(store, key, traced.trace | (remotes.trace if remotes is not None else {}), result)
    return result


def remember(store: ResultKeeper, key: str, trace: Trace, result: bytes) -> None:
    """Put a result into the store, with all that was asked while making it."""
    questions = [[question, path, answer] for (question, path), answer in trace.items()]
    store.put(key, json.dumps(questions).encode() + b"\n" + result)


def recall(store: ResultKeeper, key: str, tree: Tree, remotes: Remotes | None = None) -> tuple[Trace, bytes] | None:
    """Return what was put last under a key, with its trace, while that holds; None else."""
    held = store.get(key)
    if held is None:
        return None
    head, _, result = held.partition(b"\n")
    try:
        trace: Trace = {(question, path): answer for question, path, answer in json.loads(head)}
        return (trace, result) if holds(trace, tree, remotes) else None
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None
