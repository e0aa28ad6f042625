"""Bodies of requests: bytes in one of three media types become an object of the kind that the path names."""

from __future__ import annotations

from typing import Final

from nixernetes.cluster.api import ApiError
from nixernetes.cluster.server.media import JSON, PROTOBUF, YAML, media_type
from nixernetes.cluster.server.requests import ApiRequest
from nixernetes.cluster.server.serving import Served
from nixernetes.cluster.server.undecoded import json_word, of_yaml, unrecognized, untyped, wrong_kind
from nixernetes.cluster.strays import parse_json
from nixernetes.cluster.validation import invalid_field
from nixernetes.errors import InputError
from nixernetes.languages.go.json_errors import json_problem
from nixernetes.objects import schema, yamls
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["MOST_BYTES", "applied_object", "object_of", "options_of"]

MOST_BYTES: Final = 3 * 1024 * 1024  # apiserver pkg/server/config.go, MaxRequestBodyBytes
_ACCEPTED: Final = (JSON, YAML, PROTOBUF)
_OF_META: Final = ("DeleteOptions", "ListOptions", "Status", "WatchEvent")
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
    if untyped(value):
        raise unrecognized(kind, body, untyped(value))
    value = value or {}
    if served.is_custom and not text_at(value, "kind"):
        text = body.decode("utf-8", "replace").strip()
        raise unrecognized(kind, body, f"Object 'Kind' is missing in '{text}'")
    meta = value.get("metadata")
    if meta is not None and not isinstance(meta, dict):
        where = "Go value" if served.is_custom else f"Go struct field {kind}.metadata"
        why = f"json: cannot unmarshal {json_word(meta)} into {where} of type v1.ObjectMeta"
        version = api_version.rpartition("/")[2]
        raise ApiError("BadRequest", f'{kind} in version "{version}" cannot be handled as a {kind}: {why}')
    told_kind, told_version = text_at(value, "kind"), text_at(value, "apiVersion")
    if served.is_custom and told_version != api_version:
        expected = f"does not match the expected API version ({api_version})"
        message = f"the API version in the data ({told_version}) {expected}"
        raise ApiError("BadRequest", message)
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
        why = of_yaml(error)
        raise ApiError("BadRequest", f"error decoding YAML: error converting YAML to JSON: {why}") from None
    if value is not None and not isinstance(value, dict):
        kind_of = f"json: cannot unmarshal {json_word(value)} into Go value of type map[string]interface {{}}"
        raise ApiError("BadRequest", f"error decoding YAML: error unmarshaling JSON: while decoding JSON: {kind_of}")
    value = value or {}
    told_kind, version = text_at(value, "kind"), text_at(value, "apiVersion")
    if not told_kind or not version:
        shown = version if "/" in version else f"/{version}"
        raise ApiError("BadRequest", f"invalid object type: {shown}, Kind={told_kind}")
    wanted = (kind or served.kind.kind, api_version or served.api_version)
    if (told_kind, version) != wanted:
        if schema.of(version, told_kind) is None and not served.is_custom:
            shown = version if "/" in version else f"/{version}"
            raise ApiError("BadRequest", f"invalid object type: {shown}, Kind={told_kind}")
        raise _wrong_kind(told_kind, version, *wanted)
    return value


def options_of(request: ApiRequest) -> Manifest | None:
    """Return the DeleteOptions in the body of a deletion; None without a body.

    Raises:
        ApiError: UnsupportedMediaType or BadRequest.

    """
    if not request.body:
        return None
    media = media_type(request.headers.get("content-type", ""))
    try:
        value = _decoded(request.body, media, "DeleteOptions")
    except ApiError as error:
        if error.reason != "BadRequest":
            raise
        raise ApiError("", _bare(error.message), code=500) from None
    if untyped(value):
        raise ApiError("", untyped(value), code=500)
    value = value or {}
    kind, version = text_at(value, "kind"), text_at(value, "apiVersion")
    if kind and kind != "DeleteOptions":
        told = f'no kind "{kind}" is registered for version "{version}"'
        raise ApiError("", f'{told} in scheme "pkg/runtime/scheme.go:110"', code=500)
    grace = value.get("gracePeriodSeconds")
    if grace is not None and (isinstance(grace, bool) or not isinstance(grace, int)):
        told = (
            f"cannot unmarshal {json_word(grace)} into Go struct field DeleteOptions.gracePeriodSeconds of type int64"
        )
        raise ApiError("", f"json: {told}", code=500)
    return value


def _bare(message: str) -> str:
    """Return why a body cannot be read, without what it was to be and what it is."""
    return message.partition("): ")[2].rpartition(" (")[0] or message


def _decoded(body: bytes, media: str, kind: str) -> Json:
    media = media or JSON
    if media not in _ACCEPTED:
        raise ApiError("UnsupportedMediaType", _UNKNOWN)
    if media == PROTOBUF:
        from nixernetes.cluster.wire import protobuf  # noqa: PLC0415  # many clients send none

        try:
            return protobuf.decode(body)
        except ApiError as error:
            raise unrecognized(kind, body, error.message) from None
    if media == JSON:
        try:
            return parse_json(body)
        except (ValueError, RecursionError):
            why = json_problem(body.decode("utf-8", "replace"))
            raise unrecognized(kind, body, f"couldn't get version/kind; json parse error: {why}") from None
    try:
        return yamls.parse_first(body, duplicates="last")
    except InputError as error:
        raise unrecognized(kind, body, of_yaml(error)) from None


def _foreign(served: Served, value: Manifest, kind: str, api_version: str) -> ApiError:
    """Return the refusal of an object that a custom resource's endpoint does not take."""
    key = key_of({**value, "kind": kind, "apiVersion": api_version})
    if kind != served.kind.kind:
        return invalid_field(key, "kind", f'Invalid value: "{kind}": must be {served.kind.kind}')
    return invalid_field(key, "apiVersion", f'Invalid value: "{api_version}": must be {served.api_version}')


def _wrong_kind(kind: str, api_version: str, wanted: str, version: str) -> ApiError:
    is_known = schema.of(api_version, kind) is not None or kind.endswith("List") or kind in _OF_META
    return wrong_kind(kind, api_version, wanted, version, is_known=is_known)
