"""Objects as texts for the page: bounded, without secret values."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from nixernetes.app.web.values import FieldLine, OriginLine
from nixernetes.changes.fields import ABSENT, FieldChange
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.provenance import Origin

__all__ = ["document", "field_lines", "one_text", "origin_line"]

_FIRST: Final = ("apiVersion", "kind", "metadata", "spec")
_LAST: Final = ("status",)
_MOST: Final = 400_000  # characters of a document: an object of etcd's limit is a page that nobody reads
_MOST_FIELDS: Final = 500
_MOST_VALUE: Final = 4_000


def document(manifest: Manifest) -> str:
    """Return an object as YAML as people write it, its end left out where it is too long to be read."""
    rest = [name for name in manifest if name not in (*_FIRST, *_LAST)]
    names = [name for name in (*_FIRST, *rest, *_LAST) if name in manifest]
    return one_text(yamls.dump({name: manifest[name] for name in names}), _MOST)


def one_text(text: str, most: int = _MOST_VALUE) -> str:
    """Return a text, its end left out where it is longer than so many characters."""
    return text if len(text) <= most else f"{text[:most]}\n… {len(text) - most:,} characters left out"


def field_lines(changes: Sequence[FieldChange]) -> tuple[FieldLine, ...]:
    """Return changes from live to desired, at most five hundred."""
    return tuple(
        FieldLine(path=each.path, live=_value(each.before), desired=_value(each.after))
        for each in changes[:_MOST_FIELDS]
    )


def _value(value: Json) -> str | None:
    if value is ABSENT:
        return None
    if isinstance(value, dict | list):
        return one_text(yamls.dump(value))
    return one_text(value) if isinstance(value, str) else json.dumps(value)


def origin_line(origin: Origin) -> OriginLine:
    """Return where something comes from."""
    return OriginLine(text=str(origin), chain=tuple(filter(None, map(str, origin.chain))))
