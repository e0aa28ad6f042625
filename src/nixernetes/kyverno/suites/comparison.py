"""Whether an object is the expected one (Kyverno, ``resource/compare.go``).

What is empty or null on either side is not looked at, nor are the labels by which Kyverno knows what it made.
"""

from __future__ import annotations

from collections.abc import Sequence

from nixernetes.kyverno.engine.generation.made import GENERATED_PREFIX
from nixernetes.objects.fields import mapping_at
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.well_known import APP_MANAGED_BY

__all__ = ["difference", "expected_of"]


def difference(actual: Manifest, expected: Manifest) -> str:
    """Return where two objects differ first, or ``""``; values are never shown, since they may be secret."""
    return _difference(_tidy(_plain(actual)), _tidy(_plain(expected)), "")


def expected_of(actual: Manifest, candidates: Sequence[Manifest]) -> Manifest | None:
    """Return the candidate with the identity of an object; an object without a namespace counts as in ``default``."""
    wanted = _identity(actual)
    return next((each for each in candidates if _identity(each) == wanted), None)


def _identity(manifest: Manifest) -> tuple[Json, str, str, str]:
    key = key_of(manifest)
    return (manifest.get("apiVersion"), key.kind, key.namespace or "default", key.name)


def _plain(manifest: Manifest) -> Manifest:
    meta = dict(mapping_at(manifest, "metadata"))
    meta["labels"] = {
        key: value
        for key, value in mapping_at(meta, "labels").items()
        if not key.startswith(GENERATED_PREFIX) and (key, value) != (APP_MANAGED_BY, "kyverno")
    }
    if meta.get("namespace") == "default":
        del meta["namespace"]
    return {**manifest, "metadata": meta}


def _tidy(data: Json) -> Json:
    if isinstance(data, dict):
        kept = {key: value for key, value in ((key, _tidy(each)) for key, each in data.items()) if value is not None}
        return kept or None
    if isinstance(data, list):
        return [value for value in map(_tidy, data) if value is not None] or None
    return data


def _difference(actual: Json, expected: Json, path: str) -> str:
    if isinstance(actual, dict) and isinstance(expected, dict):
        for key in sorted({*actual, *expected}):
            if key not in actual or key not in expected:
                return f"{path}.{key} is {'missing' if key in expected else 'not expected'}".lstrip(".")
            found = _difference(actual[key], expected[key], f"{path}.{key}")
            if found:
                return found
        return ""
    if isinstance(actual, list) and isinstance(expected, list) and len(actual) == len(expected):
        pairs = enumerate(zip(actual, expected, strict=True))
        return next(filter(None, (_difference(a, b, f"{path}[{index}]") for index, (a, b) in pairs)), "")
    same = actual == expected and isinstance(actual, bool) == isinstance(expected, bool)
    return "" if same else f"{path.lstrip('.') or 'the object'} differs"
