"""What is done about fields that a kind has not: refused, told of, or nothing (``fieldValidation`` of requests)."""

from __future__ import annotations

import json
from collections.abc import Sequence

from nixernetes.cluster.api import ApiError, Cause, Details
from nixernetes.cluster.server.serving import Served
from nixernetes.objects.manifest import Manifest

__all__ = ["invalid_patch", "of_body", "of_patch", "shown_object"]

_STRICT = "Strict"
_IGNORE = "Ignore"


def of_body(served: Served, validation: str, unknown: Sequence[str], twice: Sequence[str]) -> tuple[str, ...]:
    """Return the warnings about an object that was sent.

    Args:
        served: what it was sent to.
        validation: ``Strict``, ``Warn`` or ``Ignore``.
        unknown: the paths of the fields that its kind has not.
        twice: the paths of the keys that it has twice.

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


def shown_object(manifest: Manifest) -> str:
    """Return an object as a server shows it."""
    return json.dumps(manifest, separators=(",", ":"), sort_keys=True, ensure_ascii=False)


def _told(validation: str, unknown: Sequence[str], twice: Sequence[str]) -> tuple[str, ...]:
    if validation == _IGNORE:
        return ()
    return (*(f'duplicate field "{path}"' for path in twice), *(f'unknown field "{path}"' for path in unknown))
