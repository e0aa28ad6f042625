"""What the schemas have against objects, kept by what decides about it.

To hold an object against its schema costs a hundred times what it costs to tell that it is the same as before. So the
verdicts are kept: between the two sides of a comparison, and from one run to the next. Only what was asked for in a run
outlives it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Final

from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.remembered import ResultKeeper
from nixernetes.schemas.problems import FieldPath, MapKey, Problem, ProblemKind

__all__ = ["KnownProblems"]

_BYTES: Final = 16
_MOST: Final = 500_000  # verdicts of one repository


class KnownProblems:
    """Verdicts of the schemas on objects.

    Args:
        store: keeps them beyond this run; None keeps them in memory only.
        key: stands for the program, whose rules decide, and for the repository.

    """

    def __init__(self, store: ResultKeeper | None = None, key: str = "") -> None:
        self._store = store
        self._key = key
        self._stored = _read(store.get(key)) if store is not None else {}
        self._known: dict[str, Sequence[Problem]] = {}
        self._is_new = False
        self._definitions: dict[int, tuple[Manifest, bytes]] = {}

    def digest(self, manifest: Manifest, definition: Manifest | None, *others: Json) -> str:
        """Return what stands for an object and all that decides about its problems; ``""`` if it cannot be kept.

        Args:
            manifest: the object.
            definition: the CustomResourceDefinition of its kind, or None.
            others: what else decides: the Kubernetes version, say.

        """
        try:
            beside = b"" if definition is None else self._digest_of(definition)
            return _digest(beside, [*others, manifest]).hex()
        except (TypeError, ValueError, RecursionError):
            return ""

    def get(self, digest: str) -> Sequence[Problem] | None:
        """Return the verdict on an object, or None where it is not known."""
        found = self._known.get(digest)
        if found is None:
            stored = self._stored.get(digest)
            if stored is None:
                return None
            found = self._known[digest] = stored
        return found

    def put(self, digest: str, problems: Sequence[Problem]) -> None:
        """Keep the verdict on an object."""
        if digest and len(self._known) < _MOST:
            self._known[digest] = problems
            self._is_new = True

    def save(self) -> None:
        """Put the verdicts that this run has asked for into the store."""
        if self._store is not None and (self._is_new or len(self._known) < len(self._stored) // 2):
            self._store.put(self._key, _written(self._known))
            self._is_new = False

    def _digest_of(self, definition: Manifest) -> bytes:
        held = self._definitions.get(id(definition))
        if held is None:
            held = self._definitions[id(definition)] = (definition, _digest(b"", definition))
        return held[1]


def _digest(beside: bytes, data: Mapping[str, Json] | list[Json]) -> bytes:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return blake2b(beside + text.encode(errors="surrogatepass"), digest_size=_BYTES).digest()


def _written(known: Mapping[str, Sequence[Problem]]) -> bytes:
    clean = sorted(digest for digest, problems in known.items() if not problems)
    others = {
        digest: [[_steps(each.path), each.kind, each.message, each.hint, _steps(each.field)] for each in problems]
        for digest, problems in sorted(known.items())
        if problems
    }
    return json.dumps([clean, others], separators=(",", ":")).encode()


def _read(data: bytes | None) -> dict[str, Sequence[Problem]]:
    if data is None:
        return {}
    try:
        clean, others = json.loads(data)
        found: dict[str, Sequence[Problem]] = dict.fromkeys(clean, ())
        for digest, problems in others.items():
            found[digest] = tuple(
                Problem(_path(path) or (), ProblemKind(kind), message, hint, _path(field))
                for path, kind, message, hint, field in problems
            )
    except (ValueError, TypeError, AttributeError, RecursionError):
        return {}
    return found


def _steps(path: FieldPath | None) -> Json:
    """Return a path as JSON: a key of a map, which is a text of its own kind, as a list of one."""
    return None if path is None else [[str(step)] if isinstance(step, MapKey) else step for step in path]


def _path(steps: Json) -> FieldPath | None:
    return None if steps is None else tuple(MapKey(step[0]) if isinstance(step, list) else step for step in steps)
