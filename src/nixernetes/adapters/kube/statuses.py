"""Refusals of API servers (``metav1.Status``), as the errors that embedded clusters raise."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from nixernetes.cluster.api import ApiError, Cause, Details
from nixernetes.objects.fields import mapping_at, number_at, objects_at, text_at
from nixernetes.objects.manifest import Json

__all__ = ["refusal", "refusal_of"]

_REASONS: Final = {  # apimachinery pkg/api/errors/errors.go, NewGenericServerResponse, v0.34.4
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    405: "MethodNotAllowed",
    406: "NotAcceptable",
    409: "Conflict",
    410: "Expired",
    413: "RequestEntityTooLarge",
    415: "UnsupportedMediaType",
    422: "Invalid",
    429: "TooManyRequests",
    500: "InternalError",
    503: "ServiceUnavailable",
    504: "Timeout",
}
_LONGEST: Final = 300  # characters of an answer that is not a Status: a proxy's page of HTML has many more


def refusal(code: int, body: bytes, headers: Mapping[str, str]) -> ApiError:
    """Return the refusal that an answer tells."""
    try:
        status = json.loads(body)
    except (ValueError, RecursionError):
        status = None
    if text_at(status, "kind") == "Status":
        return refusal_of(status, code)
    said = " ".join(body[: 4 * _LONGEST].decode(errors="replace").split())[:_LONGEST]
    wait = headers.get("retry-after", "")
    return ApiError(
        _REASONS.get(code, ""),
        f"the server answered {code}{f': {said}' if said else ''}",
        code=code,
        retry_after=int(wait) if wait.isdecimal() else 0,
    )


def refusal_of(status: Json, code: int = 0) -> ApiError:
    """Return the refusal that a Status tells; a code counts where the Status has none."""
    details, found = mapping_at(status, "details"), number_at(status, "code") or code
    causes = tuple(
        Cause(text_at(each, "reason"), text_at(each, "message"), text_at(each, "field"))
        for each in objects_at(details, "causes")
    )
    name, group, kind, uid = (text_at(details, each) for each in ("name", "group", "kind", "uid"))
    return ApiError(
        text_at(status, "reason") or _REASONS.get(found, ""),
        text_at(status, "message") or f"the server answered {found}",
        code=found,
        details=Details(name, group, kind, uid, causes) if details else None,
        retry_after=number_at(details, "retryAfterSeconds"),
    )
