"""What the Secrets of a platform hold is not shown, wherever it turns up again: in a variable, a chart, an argument."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from nixernetes.changes.fields import FieldChange
from nixernetes.changes.sides import Side
from nixernetes.objects.fields import at, mapping_at
from nixernetes.objects.kinds import SECRET
from nixernetes.objects.manifest import Json
from nixernetes.verify.objects import Placed

__all__ = ["Secrecy", "secrets_of"]

_SHORTEST: Final = 8  # shorter ones are words that stand everywhere
_TELLING: Final = re.compile(r"[A-Za-z].*[^A-Za-z]|[^A-Za-z].*[A-Za-z]", re.DOTALL)
_LONGEST: Final = 4096  # of a file in a Secret its lines are what could turn up


@dataclass(frozen=True, slots=True)
class Secrecy:
    """Hides texts.

    Attributes:
        texts: what is hidden, the longest first.

    """

    texts: tuple[str, ...] = ()

    def hide(self, value: Json) -> Json:
        """Return a value without what is secret."""
        if isinstance(value, str):
            for text in self.texts:
                if text in value:
                    value = value.replace(text, "***")
            return value
        if isinstance(value, dict):
            return {name: self.hide(item) for name, item in value.items()}
        return [self.hide(item) for item in value] if isinstance(value, list) else value

    def hidden(self, change: FieldChange) -> FieldChange:
        """Return a changed field without what is secret; that it changed still shows."""
        before, after = self.hide(change.before), self.hide(change.after)
        if (before, after) == (change.before, change.after):
            return change
        if before == after and isinstance(before, str):
            before, after = before.replace("***", "*** (before)"), after.replace("***", "*** (after)")
        return FieldChange(path=change.path, before=before, after=after, place=change.place)


def secrets_of(*sides: Side) -> Secrecy:
    """Return what hides the values of all Secrets of some sides, and what SOPS had encrypted."""
    found: set[str] = set()
    for side in sides:
        for cluster in side.clusters.values():
            for item in cluster.objects.placed:
                found |= {text for text in _texts(item) if len(text) >= _SHORTEST and _TELLING.search(text)}
    return Secrecy(tuple(sorted(found, key=lambda text: (-len(text), text))))


def _texts(item: Placed) -> Iterator[str]:
    if item.key.group_kind == SECRET:
        for value in mapping_at(item.manifest, "stringData").values():
            yield from _pieces(value)
        for value in mapping_at(item.manifest, "data").values():
            if isinstance(value, str):
                yield value
                try:
                    yield from _pieces(base64.b64decode(value).decode())
                except (binascii.Error, ValueError):
                    continue
    elif item.seal is not None and item.seal.state == "opened":
        for path in item.seal.paths:
            yield from _pieces(_at(item.manifest, path))


def _pieces(value: Json) -> Iterator[str]:
    if isinstance(value, str) and len(value) <= _LONGEST:
        yield value
        yield value.strip()


def _at(manifest: Json, path: tuple[str | int, ...]) -> Json:
    value = manifest
    for step in path:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and step < len(value) else None
        else:
            value = at(value, step)
    return value
