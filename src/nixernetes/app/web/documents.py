"""Objects as texts for the page: bounded, without secret values."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from nixernetes.app.web.objects.git_hosts import file_link
from nixernetes.app.web.objects.values import ComparedTexts, OriginLine, OriginStep
from nixernetes.app.web.values import FieldLine
from nixernetes.changes.fields import ABSENT, FieldChange
from nixernetes.objects import yamls
from nixernetes.objects.fields import mapping_at, number_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.provenance import Origin, origin_as_json

__all__ = ["compared_texts", "document", "field_lines", "one_text", "origin_line"]

_FIRST: Final = ("apiVersion", "kind", "metadata", "spec")
_LAST: Final = ("status",)
_ELSEWHERE: Final = ("chart", "delivery")  # steps whose file is not of the repository that they name
_SERVER: Final = ("uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "selfLink")
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


def origin_line(origin: Origin, home: tuple[str, str] = ("", "")) -> OriginLine:
    """Return where something comes from, with links to the Git host where that is known by its name.

    Args:
        origin: where it comes from.
        home: the repository of its delivery's source, and the revision that was fetched; for files of none that is
            named.

    """
    told = origin_as_json(origin)
    began = file_link(*_written(told, home))
    steps = zip(origin.chain, objects_at(told, "steps"), strict=True)
    return OriginLine(
        text=str(origin),
        link=began.url if began is not None else "",
        host=began.host if began is not None else "",
        chain=tuple(filter(None, map(str, origin.chain))),
        steps=tuple(OriginStep(text=str(step), link=_link(data, home)) for step, data in steps if str(step)),
    )


def _written(data: Json, home: tuple[str, str]) -> tuple[str, str, str, int]:
    """Return repository, revision, file and line of a part of an origin."""
    repository = text_at(data, "repository")
    place = (repository, text_at(data, "revision")) if repository else home
    return (*place, text_at(data, "file"), number_at(data, "line"))


def _link(data: Json, home: tuple[str, str]) -> str:
    found = file_link(*_written(data, home)) if text_at(data, "kind") not in _ELSEWHERE else None
    return found.url if found is not None else ""


def compared_texts(live: Manifest, desired: Manifest) -> ComparedTexts:
    """Return an object as it is, and as it would be, without its status and what the API server writes itself."""
    return ComparedTexts(live=document(_written_by_people(live)), desired=document(_written_by_people(desired)))


def _written_by_people(item: Manifest) -> Manifest:
    meta = {name: value for name, value in mapping_at(item, "metadata").items() if name not in _SERVER}
    return {name: value for name, value in item.items() if name not in _LAST} | {"metadata": meta}
