"""What is done about fields that a kind has not: refused, told of, or nothing (``fieldValidation`` of requests)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from nixernetes.cluster.api import ApiError, Cause, Details
from nixernetes.cluster.server.serving import Served
from nixernetes.cluster.server.writes.yaml_keys import repeated_keys
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["invalid_patch", "of_body", "of_patch", "repeated_in", "shown_object"]

_STRICT = "Strict"
_IGNORE = "Ignore"
_YAML = "yaml: unmarshal errors:"


def of_body(served: Served, validation: str, unknown: Sequence[str], twice: Sequence[str]) -> tuple[str, ...]:
    """Return the warnings about an object that was sent.

    Args:
        served: what it was sent to.
        validation: ``Strict``, ``Warn`` or ``Ignore``.
        unknown: the paths of the fields that its kind has not.
        twice: the paths of the keys that it has twice; of YAML what :func:`repeated_in` returns.

    Raises:
        ApiError: BadRequest, where none are allowed.

    """
    found = _told(validation, unknown, twice)
    if found and validation == _STRICT:
        version, kind = served.target.version, served.kind.kind
        what = f'{kind} in version "{version}" cannot be handled as a {kind}'
        raise ApiError("BadRequest", f"{what}: strict decoding error: {', '.join(found)}")
    return found


def of_patch(shown: str, validation: str, unknown: Sequence[str], twice: Sequence[str]) -> tuple[str, ...]:
    """Return the warnings about what a patch makes; the arguments are those of :func:`of_body`.

    Raises:
        ApiError: Invalid, where none are allowed.

    """
    found = _told(validation, unknown, twice)
    if found and validation == _STRICT:
        raise invalid_patch(shown, f"strict decoding error: {', '.join(found)}")
    return found


def invalid_patch(shown: str, why: str) -> ApiError:
    """Return the refusal of a patch that makes no object of its kind.

    Args:
        shown: the patch, or what it makes, as a server shows it.
        why: what is wrong with it.

    """
    message = f"Invalid value: {json.dumps(shown, ensure_ascii=False)}: {why}"
    details = Details(causes=(Cause("FieldValueInvalid", message, "patch"),))
    return ApiError("Invalid", f' "" is invalid: patch: {message}', details=details)


_TIGHT: Final = (",", ":")
_META_ORDER: Final = (
    *("name", "generateName", "namespace", "selfLink", "uid", "resourceVersion", "generation", "creationTimestamp"),
    *("deletionTimestamp", "deletionGracePeriodSeconds", "labels", "annotations", "ownerReferences", "finalizers"),
    "managedFields",
)
_ENTRY_ORDER: Final = ("manager", "operation", "apiVersion", "time", "fieldsType", "fieldsV1", "subresource")


def shown_object(manifest: Manifest, live: Manifest) -> str:
    """Return a patched object as a server shows it: sorted, but for metadata that the patch left alone."""
    parts = []
    for name, value in sorted(manifest.items()):
        text = _written(value) if name != "metadata" or value != live[name] else _shown_meta(value)
        parts.append(f"{json.dumps(name)}:{text}")
    return "{" + ",".join(parts) + "}"


def _shown_meta(meta: Manifest) -> str:
    """Return metadata in the order of the fields of Go's type."""
    ordered: dict[str, Json] = {name: meta[name] for name in _META_ORDER if name in meta}
    parts = {name: json.loads(_written(value)) for name, value in ordered.items()}
    entries = [{name: each[name] for name in _ENTRY_ORDER if name in each} for each in parts.pop("managedFields", [])]
    return json.dumps(
        {**parts, **({"managedFields": entries} if entries else {})}, separators=_TIGHT, ensure_ascii=False
    )


def _written(value: Json) -> str:
    return json.dumps(value, separators=_TIGHT, sort_keys=True, ensure_ascii=False)


def _told(validation: str, unknown: Sequence[str], twice: Sequence[str]) -> tuple[str, ...]:
    if validation == _IGNORE:
        return ()
    told = (path if path.startswith(_YAML) else f'duplicate field "{path}"' for path in twice)
    return (*told, *(f'unknown field "{path}"' for path in unknown))


def repeated_in(body: bytes) -> tuple[str, ...]:
    """Return what a server says of the keys that YAML has twice: all of them in one (``sigs.k8s.io/yaml``)."""
    found = repeated_keys(body)
    lines = "\n".join(f'  line {line}: key "{key}" already set in map' for key, line in found)
    return (f"{_YAML}\n{lines}",) if found else ()
