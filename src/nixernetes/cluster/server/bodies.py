"""Bodies of requests: bytes in one of three media types become an object of the kind that the path names."""

from __future__ import annotations

from typing import Final

from nixernetes.cluster.api import ApiError
from nixernetes.cluster.server.media import JSON, PROTOBUF, YAML, media_type
from nixernetes.cluster.server.requests import ApiRequest
from nixernetes.cluster.server.serving import Served
from nixernetes.cluster.strays import parse_json
from nixernetes.cluster.validation import invalid_field
from nixernetes.errors import InputError
from nixernetes.languages.go.json_errors import json_problem
from nixernetes.objects import yamls
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["MOST_BYTES", "applied_object", "object_of", "options_of"]

MOST_BYTES: Final = 3 * 1024 * 1024  # apiserver pkg/server/config.go, MaxRequestBodyBytes
_ACCEPTED: Final = (JSON, YAML, PROTOBUF)
_UNKNOWN: Final = (
    "the body of the request was in an unknown format - accepted media types include: "
    "application/json, application/yaml, application/vnd.kubernetes.protobuf"
)


def object_of(body: bytes, media: str, served: Served, kind: str = "", api_version: str = "") -> Manifest:
    """Return the object in the body of a write.

    Args:
        body: the body.
        media: the media type that the client states; ``""`` is JSON.
        served: what the path names.
        kind: the kind that the body has to have; default: that of the path.
        api_version: the version that it has to have; default: that of the path.

    Raises:
        ApiError: UnsupportedMediaType or BadRequest.

    """
    kind, api_version = kind or served.kind.kind, api_version or served.api_version
    value = _decoded(body, media, kind)
    if value is None:
        value = {}
    if not isinstance(value, dict):
        raise _unrecognized(kind, body, f"json: cannot unmarshal {_word(value)} into Go value of type struct")
    told_kind, told_version = text_at(value, "kind"), text_at(value, "apiVersion")
    if (told_kind or kind) != kind or (told_version or api_version) != api_version:
        if served.is_custom:
            raise _foreign(served, value, told_kind or kind, told_version or api_version)
        raise _wrong_kind(told_kind or kind, told_version or api_version, kind, api_version)
    return {**value, "apiVersion": api_version, "kind": kind}


def applied_object(body: bytes, served: Served, kind: str = "", api_version: str = "") -> Manifest:
    """Return the configuration that a server-side apply sends, which has to say what it is.

    Raises:
        ApiError: BadRequest.

    """
    try:
        value = yamls.parse_first(body, duplicates="last")
    except InputError as error:
        why = error.message.removeprefix("broken YAML: ")
        raise ApiError("BadRequest", f"error decoding YAML: error converting YAML to JSON: yaml: {why}") from None
    if value is not None and not isinstance(value, dict):
        kind_of = f"json: cannot unmarshal {_word(value)} into Go value of type map[string]interface {{}}"
        raise ApiError("BadRequest", f"error decoding YAML: error unmarshaling JSON: while decoding JSON: {kind_of}")
    value = value or {}
    told_kind, version = text_at(value, "kind"), text_at(value, "apiVersion")
    if not told_kind or not version:
        shown = version if "/" in version else f"/{version}"
        raise ApiError("BadRequest", f"invalid object type: {shown}, Kind={told_kind}")
    if (told_kind, version) != (kind or served.kind.kind, api_version or served.api_version):
        raise _wrong_kind(told_kind, version, kind or served.kind.kind, api_version or served.api_version)
    return value


def options_of(request: ApiRequest) -> Manifest | None:
    """Return the DeleteOptions in the body of a deletion; None without a body.

    Raises:
        ApiError: UnsupportedMediaType or BadRequest.

    """
    if not request.body:
        return None
    media = media_type(request.headers.get("content-type", ""))
    value = _decoded(request.body, media, "DeleteOptions")
    if not isinstance(value, dict):
        raise _unrecognized("DeleteOptions", request.body, "no object")
    kind = text_at(value, "kind")
    if kind and kind != "DeleteOptions":
        told = f'no kind "{kind}" is registered for version "{text_at(value, "apiVersion")}"'
        raise ApiError("", f'{told} in scheme "pkg/runtime/scheme.go:110"', code=500)
    return value


def _decoded(body: bytes, media: str, kind: str) -> Json:
    media = media or JSON
    if media not in _ACCEPTED:
        raise ApiError("UnsupportedMediaType", _UNKNOWN)
    if media == PROTOBUF:
        from nixernetes.cluster.wire import protobuf  # noqa: PLC0415  # many clients send none

        try:
            return protobuf.decode(body)
        except ApiError as error:
            raise _unread(kind, body, error.message) from None
    if media == JSON:
        try:
            return parse_json(body)
        except (ValueError, RecursionError):
            raise _unrecognized(kind, body, json_problem(body.decode("utf-8", "replace"))) from None
    try:
        return yamls.parse_first(body, duplicates="last")
    except InputError as error:
        raise ApiError("BadRequest", f"error decoding YAML: {error.message}") from None


def _unread(kind: str, body: bytes, why: str) -> ApiError:
    shown = body[:30].hex() or "<empty>"
    return ApiError("BadRequest", f"the object provided is unrecognized (must be of type {kind}): {why} ({shown})")


def _unrecognized(kind: str, body: bytes, why: str) -> ApiError:
    shown = body[:30].decode("utf-8", "replace") or "<empty>"
    message = (
        f"the object provided is unrecognized (must be of type {kind}): couldn't get version/kind; json parse error: "
        f"{why} ({shown})"
    )
    return ApiError("BadRequest", message)


def _foreign(served: Served, value: Manifest, kind: str, api_version: str) -> ApiError:
    """Return the refusal of an object that a custom resource's endpoint does not take."""
    key = key_of({**value, "kind": kind, "apiVersion": api_version})
    if kind != served.kind.kind:
        return invalid_field(key, "kind", f'Invalid value: "{kind}": must be {served.kind.kind}')
    return invalid_field(key, "apiVersion", f'Invalid value: "{api_version}": must be {served.api_version}')


def _wrong_kind(kind: str, api_version: str, wanted: str, version: str) -> ApiError:
    if kind == wanted:
        message = f"the API version in the data ({api_version}) does not match the expected API version ({version})"
        return ApiError("BadRequest", message)
    short = api_version.rpartition("/")[2]
    return ApiError(
        "BadRequest",
        f'{kind} in version "{short}" cannot be handled as a {wanted}: converting ({short}.{kind}) to '
        f"({'core' if '/' not in version else version.partition('/')[0]}.{wanted}): unknown conversion",
    )


def _word(value: Json) -> str:
    return {str: "string", list: "array", bool: "bool"}.get(type(value), "number")
