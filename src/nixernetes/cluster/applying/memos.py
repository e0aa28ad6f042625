"""What managers applied last: the same again changes nothing, and is not looked at."""

from __future__ import annotations

from nixernetes.objects import manifest as manifests
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Manifest

__all__ = ["AppliedMemos"]


class AppliedMemos:
    """What each manager applied to an object last, and the version that it left; forgotten with the object."""

    def __init__(self) -> None:
        self._of: dict[ObjectKey, dict[str, tuple[Manifest, str]]] = {}

    def holds(self, key: ObjectKey, manager: str, manifest: Manifest, live: Manifest | None) -> bool:
        """Tell whether a manager applied this very configuration last, and nobody wrote the object since."""
        memos = self._of.get(key)
        memo = memos.get(manager) if memos is not None and live is not None else None
        if memo is None or live is None or memos is None or memo[1] != live["metadata"]["resourceVersion"]:
            return False
        if memo[0] is manifest:
            return True
        if manifests.is_same(memo[0], manifest):
            memos[manager] = (manifest, memo[1])
            return True
        return False

    def note(self, key: ObjectKey, manager: str, manifest: Manifest, stored: Manifest) -> None:
        """Remember what a manager applied."""
        self._of.setdefault(key, {})[manager] = (manifest, stored["metadata"]["resourceVersion"])

    def forget(self, key: ObjectKey) -> None:
        """Forget an object that is gone."""
        self._of.pop(key, None)
