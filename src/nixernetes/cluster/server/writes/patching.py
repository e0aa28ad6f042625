"""What a patch makes of an object, by its media type."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from nixernetes.cluster.api import ApiError, Details
from nixernetes.cluster.server.media import media_type
from nixernetes.cluster.server.requests import ApiRequest
from nixernetes.cluster.server.serving import Served
from nixernetes.errors import InputError
from nixernetes.languages import json_patch, merges
from nixernetes.objects.manifest import Manifest

__all__ = ["APPLY", "patch_of"]

APPLY: Final = "application/apply-patch+yaml"
_JSON_PATCH: Final = "application/json-patch+json"
_MERGE: Final = "application/merge-patch+json"
_STRATEGIC: Final = "application/strategic-merge-patch+json"
_REFUSED: Final = "the server rejected our request due to an error in our request"


def patch_of(request: ApiRequest, served: Served) -> Callable[[Manifest], Manifest]:
    """Return the function that a patch is.

    Raises:
        ApiError: UnsupportedMediaType or BadRequest.

    """
    media = media_type(request.headers.get("content-type", ""))
    if media == _JSON_PATCH:
        return _json_patch(request.body, served)
    if media == _MERGE or (media == _STRATEGIC and not served.is_custom):
        return _merge(request.body)
    if served.is_custom:
        told = f"{_JSON_PATCH}, {_MERGE}, {APPLY}"
        message = f"the body of the request was in an unknown format - accepted media types include: {told}"
        raise ApiError("UnsupportedMediaType", message, details=Details())
    raise ApiError("UnsupportedMediaType", "415: Unsupported Media Type", details=Details())


def _json_patch(body: bytes, served: Served) -> Callable[[Manifest], Manifest]:
    try:
        operations = json_patch.parse(body.decode("utf-8", "replace"))
    except InputError as error:
        raise ApiError("BadRequest", f"error decoding patch: {error.message}") from None

    def patched(live: Manifest) -> Manifest:
        try:
            return json_patch.apply(live, operations)
        except InputError:
            details = Details(name=served.name, group=served.kind.group, kind=served.kind.kind)
            raise ApiError("Invalid", _REFUSED, details=details) from None

    return patched


def _merge(body: bytes) -> Callable[[Manifest], Manifest]:
    try:
        patch = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ApiError("BadRequest", f"error decoding patch: {error}") from None
    if not isinstance(patch, dict):
        raise ApiError("BadRequest", "error decoding patch: no object")
    return lambda live: dict(merges.merge_patched(live, patch))
