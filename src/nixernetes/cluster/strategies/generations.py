"""When the generation of an object grows (``PrepareForUpdate`` of the strategies of Kubernetes 1.34.4)."""

from __future__ import annotations

from typing import Final

from nixernetes.objects.fields import at
from nixernetes.objects.identity import GroupKind, group_kind
from nixernetes.objects.kinds import DEPLOYMENT, ENDPOINT_SLICE, PRIORITY_CLASS
from nixernetes.objects.manifest import Manifest

__all__ = ["has_grown"]

_NOT_COUNTED: Final = frozenset(("apiVersion", "kind", "metadata", "status", "operation"))
_NEVER: Final = frozenset((PRIORITY_CLASS,))  # born with one, and it stays
_BESIDE: Final[dict[GroupKind, tuple[str, ...]]] = {
    DEPLOYMENT: ("metadata", "annotations"),
    ENDPOINT_SLICE: ("metadata", "labels"),
}


def has_grown(live: Manifest, new: Manifest) -> bool:
    """Tell whether a new state of an object that counts generations is a new generation."""
    if group_kind(new) in _NEVER:
        return False
    before = {name: value for name, value in live.items() if name not in _NOT_COUNTED}
    after = {name: value for name, value in new.items() if name not in _NOT_COUNTED}
    if before != after:
        return True
    path = _BESIDE.get(group_kind(new))
    return path is not None and (at(live, *path) or {}) != (at(new, *path) or {})
