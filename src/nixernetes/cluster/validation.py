"""What the API server refuses of an object that it is about to store; the messages are Kubernetes' own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nixernetes.cluster.api import ApiError, Cause, Details
from nixernetes.cluster.immutable import changes
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.shapes import OBJECT, misfit
from nixernetes.schemas import Problem, Schemas
from nixernetes.schemas.problems import path_text

__all__ = ["check_shape", "check_stored", "invalid", "invalid_field", "resource_name"]

_MOST_TOLD: Final = 50  # problems of one message
_REASONS: Final = {  # after the first words of a message (``field.ErrorType``, apimachinery v0.34.4)
    "Required value": "FieldValueRequired",
    "Invalid value": "FieldValueInvalid",
    "Unsupported value": "FieldValueNotSupported",
    "Duplicate value": "FieldValueDuplicate",
    "Forbidden": "FieldValueForbidden",
    "Too long": "FieldValueTooLong",
    "Too many": "FieldValueTooMany",
    "Not found": "FieldValueNotFound",
    "Internal error": "InternalError",
}


def resource_name(kind: GroupKind) -> str:
    """Return the plural resource name with its group, as it stands in messages: ``deployments.apps``."""
    plural = _IRREGULAR.get(kind.kind) or _plural(kind.kind.lower())
    return f"{plural}.{kind.group}" if kind.group else plural


def check_shape(manifest: Manifest) -> None:
    """Refuse what is not an object at all.

    Raises:
        ApiError: BadRequest.

    """
    wrong = misfit(OBJECT, manifest)
    if wrong:
        raise ApiError("BadRequest", f"the object cannot be decoded: {wrong}", subject=str(key_of(manifest)))


def check_stored(schemas: Schemas, new: Manifest, old: Manifest | None = None) -> None:
    """Refuse an object, merged and complete, that breaks a rule of its kind, or changes what never changes.

    Raises:
        ApiError: Invalid, with all that is wrong.

    """
    found = [_told(problem) for problem in schemas.refusals(new, old)]
    if old is not None:
        found += [_cause(*text.partition(": ")[::2]) for text in changes(old, new)]
    if found:
        raise invalid(key_of(new), found)


def _told(problem: Problem) -> Cause:
    """Return a problem in the words of a server, which names no field for what whole schemas demand."""
    whole = "must validate" in problem.message or "must not validate the schema" in problem.message
    field = problem.path if problem.field is None else problem.field
    return _cause(path_text(field) if field and not whole else "<nil>", problem.message)


def _cause(field: str, message: str) -> Cause:
    if " in body must be of type " in message:
        return Cause("FieldValueTypeInvalid", message, field)
    return Cause(next((reason for words, reason in _REASONS.items() if message.startswith(words)), ""), message, field)


def invalid(key: ObjectKey, causes: Sequence[Cause]) -> ApiError:
    """Return the refusal of an object for what is wrong with it (``errors.NewInvalid``)."""
    kind = f"{key.kind}.{key.group}" if key.group else key.kind
    found = [f"{each.field}: {each.message}" for each in causes]
    what = found[0] if len(found) == 1 else f"[{', '.join(found[:_MOST_TOLD])}]"
    details = Details(name=key.name, group=key.group, kind=key.kind, causes=tuple(causes[:_MOST_TOLD]))
    return ApiError("Invalid", f'{kind} "{key.name}" is invalid: {what}', subject=str(key), details=details)


def invalid_field(key: ObjectKey, field: str, message: str) -> ApiError:
    """Return the refusal of an object for one field, in the words of :class:`Cause`."""
    return invalid(key, [_cause(field, message)])


def _plural(word: str) -> str:
    if word.endswith(("s", "x", "ch", "sh")):
        return f"{word}es"
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}s"


_IRREGULAR = {"Endpoints": "endpoints", "Gateway": "gateways"}
