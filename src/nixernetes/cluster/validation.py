"""What the API server refuses of an object that it is about to store; the messages are Kubernetes' own."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from nixernetes.cluster.api import ApiError, Cause, Details
from nixernetes.cluster.conversions.events import OF_EVENTS, event_problems
from nixernetes.cluster.immutable import changes
from nixernetes.objects.identity import GroupKind, ObjectKey, group_kind, key_of
from nixernetes.objects.kinds import (
    CLUSTER_ROLE,
    CLUSTER_ROLE_BINDING,
    CONFIG_MAP,
    EVENT,
    NAMESPACE,
    NODE,
    PERSISTENT_VOLUME,
    PERSISTENT_VOLUME_CLAIM,
    POD,
    ROLE,
    ROLE_BINDING,
    SECRET,
    SERVICE,
    SERVICE_ACCOUNT,
    STATEFUL_SET,
)
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.shapes import OBJECT, misfit
from nixernetes.schemas import Problem, Schemas
from nixernetes.schemas.problems import path_text
from nixernetes.schemas.rules.batch import UID

__all__ = ["check_shape", "check_stored", "invalid", "invalid_field", "resource_name"]

_OF_EVERY_KIND: Final = 2  # apiserver pkg/registry/rest/update.go, validateCommonFields
_LOOKED_AT_AGAIN: Final = (("metadata", "labels"), ("metadata", "annotations"), ("metadata", "ownerReferences"))
_LOOK_TWICE: Final = frozenset(
    (  # kinds whose ValidateUpdate looks at the new object, and at the change
        *(
            CONFIG_MAP,
            SECRET,
            POD,
            SERVICE,
            NAMESPACE,
            SERVICE_ACCOUNT,
            NODE,
            PERSISTENT_VOLUME,
            PERSISTENT_VOLUME_CLAIM,
        ),
        *(ROLE, CLUSTER_ROLE, ROLE_BINDING, CLUSTER_ROLE_BINDING, STATEFUL_SET),
    )
)
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


def check_stored(schemas: Schemas, new: Manifest, old: Manifest | None = None, *, version: str = "") -> None:
    """Refuse an object, merged and complete, that breaks a rule of its kind, or changes what never changes.

    Args:
        schemas: the kinds of the cluster.
        new: the object.
        old: what it replaces.
        version: the API version in which it was written, where that is not the one that it is kept in.

    Raises:
        ApiError: Invalid, with all that is wrong.

    """
    kind = group_kind(new)
    found: list[Cause] = []
    for each in schemas.refusals(new, old):
        # A new namespace is not told which of its finalizers is wrong; one that is finalized is.
        is_finalized = kind == NAMESPACE and old is not None and each.path[:2] == ("spec", "finalizers")
        problem = replace(each, field=None) if is_finalized else each
        times = problem.times if old is None else max(problem.times, _times_on_update(problem, kind))
        found += [_told(problem, new)] * times
    if kind == EVENT:
        told = event_problems(new, old, is_strict=version == OF_EVENTS)
        found += [_cause(*text.partition(": ")[::2]) for text in told]
    if old is not None:
        found += [_cause(*text.partition(": ")[::2]) for text in changes(old, new)]
    if found:
        raise invalid(key_of(new), found)


def _times_on_update(problem: Problem, kind: GroupKind) -> int:
    """Return how often an update is told of a problem: metadata is looked at twice for every kind, then by its own."""
    if kind == NODE and problem.path[:2] == ("spec", "taints"):
        return 2
    if problem.path[:2] not in _LOOKED_AT_AGAIN:
        return 1
    return _OF_EVERY_KIND + (2 if kind in _LOOK_TWICE else 1)


def _told(problem: Problem, new: Manifest) -> Cause:
    """Return a problem in the words of a server, which names no field for what whole schemas demand."""
    whole = "must validate" in problem.message or "must not validate the schema" in problem.message
    field = problem.path if problem.field is None else problem.field
    message = problem.message
    if UID in message:  # of an object that is never stored
        message = message.replace(UID, str(uuid.uuid5(uuid.NAMESPACE_OID, str(key_of(new)))))
    return _cause(path_text(field) if field and not whole else "<nil>", message)


def _cause(field: str, message: str) -> Cause:
    if " in body must be of type " in message:
        return Cause("FieldValueTypeInvalid", message, field)
    return Cause(next((reason for words, reason in _REASONS.items() if message.startswith(words)), ""), message, field)


def invalid(key: ObjectKey, causes: Sequence[Cause]) -> ApiError:
    """Return the refusal of an object for what is wrong with it (``errors.NewInvalid``)."""
    kind = f"{key.kind}.{key.group}" if key.group else key.kind
    found = [f"{each.field}: {each.message}" for each in causes]
    found = [*dict.fromkeys(found)]
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
