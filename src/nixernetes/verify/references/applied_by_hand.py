"""What a repository declares for the first steps of a cluster: people apply it by hand, before anything else runs.

A file that nothing delivers is mostly forgotten. One below ``bootstrap/``, ``terraform/`` or the like, from where no
delivery reads anything, is meant for somebody.
"""

from __future__ import annotations

from typing import Final

from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.render.estate.index import objects_of
from nixernetes.verify.platform_view import PlatformView

__all__ = ["is_applied_by_hand"]

_FIRST: Final = frozenset(
    {"ansible", "bootstrap", "hack", "install", "opentofu", "scripts", "setup", "talos", "terraform", "tofu"}
)


def is_applied_by_hand(view: PlatformView, target: ObjectKey) -> bool:
    """Tell whether a file for the first steps declares an object; in its namespace, or in none."""
    index = view.platform.estate.index
    read = _read_folders(view)
    name = target.name.encode()
    for path in index.files:
        if _root(path) in read or _root(path) not in _FIRST or name not in index.read(path):
            continue
        for key in (key_of(each) for document in index.lenient(path) for each in objects_of(document.data)):
            if key._replace(namespace=target.namespace) == target and key.namespace in ("", target.namespace):
                return True
    return False


def _read_folders(view: PlatformView) -> frozenset[str]:
    """Return the folders of the root that what is delivered comes from; worked out once."""
    known: frozenset[str] | None = view.memo.get(__name__)
    if known is None:
        items = (item for cluster in view.clusters for item in cluster.placed)
        known = view.memo[__name__] = frozenset(_root(item.origin.file) for item in items)
    return known


def _root(path: str) -> str:
    return path.partition("/")[0]
