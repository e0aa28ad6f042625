"""What a patch makes of an object, by its media type (apiserver pkg/endpoints/handlers/patch.go, v0.34.4)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final, NamedTuple, Protocol

from nixernetes.cluster import typed
from nixernetes.cluster.api import ApiError, Details
from nixernetes.cluster.server.media import media_type
from nixernetes.cluster.server.requests import ApiRequest
from nixernetes.cluster.server.serving import Served
from nixernetes.cluster.server.writes.field_validation import invalid_patch, of_patch, shown_object
from nixernetes.cluster.strays import given_twice, parse_json
from nixernetes.cluster.validation import invalid_field
from nixernetes.errors import InputError
from nixernetes.languages import json_patch, merges
from nixernetes.languages.go.json_errors import json_problem
from nixernetes.languages.go_values import go_value
from nixernetes.languages.strategic_merge import MalformedPatchError, strategic_merged
from nixernetes.objects import schema
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["APPLY", "Patched", "patch_of"]

APPLY: Final = "application/apply-patch+yaml"
_JSON_PATCH: Final = "application/json-patch+json"
_MERGE: Final = "application/merge-patch+json"
_STRATEGIC: Final = "application/strategic-merge-patch+json"
_REFUSED: Final = "the server rejected our request due to an error in our request"
_MOST_OPERATIONS: Final = 10_000
_NO_LIST: Final = "json: cannot unmarshal {} into Go value of type []handlers.jsonPatchOp"


class Patched(NamedTuple):
    """What a patch made.

    Attributes:
        manifest: the object.
        warnings: what the client is warned of.

    """

    manifest: Manifest
    warnings: tuple[str, ...] = ()


class FieldReader(Protocol):
    """What knows the fields of kinds."""

    def unknown_fields(self, manifest: Manifest) -> tuple[str, ...]:
        """Return the paths of the fields that the kind of an object has not."""
        ...


Patch = Callable[[Manifest], Patched]


def patch_of(request: ApiRequest, served: Served, validation: str, fields: FieldReader) -> Patch:
    """Return the function that a patch is.

    Args:
        request: the request.
        served: what it is about.
        validation: what is done about fields that the kind has not: ``Strict``, ``Warn`` or ``Ignore``.
        fields: knows the fields of the kind.

    Raises:
        ApiError: UnsupportedMediaType or BadRequest.

    """
    media = media_type(request.headers.get("content-type", ""))
    if media == _JSON_PATCH:
        return _checked(served, validation, fields, _json_patch(request.body))
    if media == _MERGE:
        return _checked(served, validation, fields, *_merge(request.body))
    if media == _STRATEGIC and not served.is_custom:
        return _strategic(request.body, served, validation, fields)
    if served.is_custom:
        told = f"{_JSON_PATCH}, {_MERGE}, {APPLY}"
        message = f"the body of the request was in an unknown format - accepted media types include: {told}"
        raise ApiError("UnsupportedMediaType", message)
    raise ApiError("UnsupportedMediaType", "415: Unsupported Media Type", details=Details())


def _checked(
    served: Served,
    validation: str,
    fields: FieldReader,
    change: Callable[[Manifest], Manifest],
    twice: tuple[str, ...] = (),
) -> Patch:
    """Return a patch whose result is decoded as an object of its kind."""

    def patched(live: Manifest) -> Patched:
        new = change(live)
        kind, version = new.get("kind"), new.get("apiVersion")
        if (kind or live["kind"], version or live["apiVersion"]) != (live["kind"], live["apiVersion"]):
            raise _other_kind(served, new, live)
        new = {**new, "kind": live["kind"], "apiVersion": live["apiVersion"]}
        wrong = _undecodable(new)
        if wrong:
            raise invalid_patch(shown_object(new, live), wrong)
        unknown = fields.unknown_fields(new) if validation != "Ignore" else ()
        return Patched(new, of_patch(shown_object(new, live) if unknown or twice else "", validation, unknown, twice))

    return patched


def _other_kind(served: Served, new: Manifest, live: Manifest) -> ApiError:
    """Return the refusal of a patch that would change the kind or the version of an object."""
    if served.is_custom:
        kind, version = str(new.get("kind")), str(new.get("apiVersion"))
        key = key_of({**new, "kind": kind, "apiVersion": version})
        if kind != served.kind.kind:
            return invalid_field(key, "kind", f'Invalid value: "{kind}": must be {served.kind.kind}')
        return invalid_field(key, "apiVersion", f'Invalid value: "{version}": must be {served.api_version}')
    version = str(new.get("apiVersion"))
    group, _, short = version.rpartition("/")
    shown = f"unable to convert to {group}/{short}, Kind={new.get('kind')}" if group else f"no kind {new.get('kind')}"
    return invalid_patch(shown_object(new, live), shown)


def _undecodable(manifest: Manifest) -> str:
    """Return why an object cannot be read as one of its kind, in Go's words; ``""`` where it can."""
    try:
        typed.check_decoded(manifest, key_of(manifest))
    except ApiError as error:
        return error.message.partition(f" as a {manifest['kind']}: ")[2] or error.message
    return ""


def _json_patch(body: bytes) -> Callable[[Manifest], Manifest]:
    text = body.decode("utf-8", "replace")

    def patched(live: Manifest) -> Manifest:
        try:
            operations = json.loads(text)
        except (ValueError, RecursionError):
            raise ApiError("BadRequest", f"error decoding patch: {json_problem(text)}") from None
        if not isinstance(operations, list):
            raise ApiError("BadRequest", f"error decoding patch: {_NO_LIST.format(_json_word(operations))}")
        if len(operations) > _MOST_OPERATIONS:
            why = f"The allowed maximum operations in a JSON patch is {_MOST_OPERATIONS}, got {len(operations)}"
            raise ApiError("RequestEntityTooLarge", why)
        try:
            return json_patch.apply(live, json_patch.parse(text))
        except InputError:
            raise ApiError("Invalid", _REFUSED, details=Details()) from None

    return patched


def _merge(body: bytes) -> tuple[Callable[[Manifest], Manifest], tuple[str, ...]]:
    patch = _object(body, "error decoding patch: ")
    return (lambda live: dict(merges.merge_patched(live, patch))), tuple(given_twice(patch))


def _strategic(body: bytes, served: Served, validation: str, fields: FieldReader) -> Patch:
    patch = _object(body, "")

    def patched(live: Manifest) -> Patched:
        try:
            new = strategic_merged(live, patch, schema.of(served.api_version, served.kind.kind))
        except MalformedPatchError as error:
            raise ApiError("BadRequest", error.message) from None
        except InputError as error:
            raise ApiError("", error.message, code=500) from None
        shown = go_value(patch)
        if (new.get("kind"), new.get("apiVersion")) != (live["kind"], live["apiVersion"]):
            raise _other_kind(served, new, live)
        wrong = _unconvertible(schema.of(served.api_version, served.kind.kind), new)
        if wrong:
            raise invalid_patch(shown, wrong)
        unknown = fields.unknown_fields(new) if validation != "Ignore" else ()
        return Patched(new, of_patch(shown, validation, unknown, given_twice(patch)))

    return patched


_GO: Final = {"s": "string", "y": "[]uint8", "b": "bool", "i": "int32", "l": "int64", "n": "float64"}


def _unconvertible(field: schema.Field | None, value: Json) -> str:
    """Return why a value is none of its type, in the words of ``FromUnstructured``; ``""`` where it is."""
    if field is None or value is None:
        return ""
    letter = field.json_type
    if letter in _GO and not typed.is_of(field, value):
        if isinstance(value, str) and letter in ("i", "l"):
            return f"unrecognized type: {_GO[letter]}"
        return f"cannot convert {_go_type(value)} to {_GO[letter]}"
    if letter == "a" and not isinstance(value, list):
        return f"cannot restore slice from {_go_type(value)}"
    if letter == "o" and not isinstance(value, dict):
        what = "struct" if field.type_name else "map"
        return f"cannot restore {what} from: {_go_type(value)}"
    if isinstance(value, dict):
        return next((text for name, item in value.items() if (text := _unconvertible(field.field(name), item))), "")
    if isinstance(value, list):
        items = field.items()
        return next((text for item in value if (text := _unconvertible(items, item))), "")
    return ""


def _go_type(value: Json) -> str:
    if isinstance(value, dict):
        return "map[string]interface {}"
    names = {str: "string", bool: "bool", int: "int64", float: "float64", list: "[]interface {}"}
    return names[type(value)]


def _object(body: bytes, head: str) -> Manifest:
    try:
        patch = parse_json(body)
    except (ValueError, RecursionError):
        raise ApiError("BadRequest", f"{head}{json_problem(body.decode('utf-8', 'replace'))}") from None
    if patch is None and head:
        raise ApiError("BadRequest", "Invalid JSON Patch")
    if not isinstance(patch, dict):
        why = f"json: cannot unmarshal {_json_word(patch)} into Go value of type map[string]interface {{}}"
        raise ApiError("BadRequest", f"{head}{why}")
    return patch


def _json_word(value: Json) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool"
    names = {str: "string", int: "number", float: "number", list: "array", dict: "object"}
    return names[type(value)]
