"""Refusals and successes as ``metav1.Status`` objects."""

from __future__ import annotations

from typing import Final

from nixernetes.cluster.api import ApiError, Cause, Details
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["code_of", "failure", "success"]

# apimachinery pkg/api/errors/errors.go, v0.34.4
_CODES: Final = {
    "Unauthorized": 401,
    "Forbidden": 403,
    "NotFound": 404,
    "NoMatch": 404,
    "AlreadyExists": 409,
    "Conflict": 409,
    "Gone": 410,
    "Expired": 410,
    "Invalid": 422,
    "ServerTimeout": 500,
    "Timeout": 504,
    "TooManyRequests": 429,
    "BadRequest": 400,
    "MethodNotAllowed": 405,
    "NotAcceptable": 406,
    "RequestEntityTooLarge": 413,
    "UnsupportedMediaType": 415,
    "InternalError": 500,
    "ServiceUnavailable": 503,
}
_UNTOLD: Final = frozenset(("", "NoMatch"))


def code_of(error: ApiError) -> int:
    """Return the HTTP status of a refusal."""
    return error.code or _CODES.get(error.reason, 500)


def failure(error: ApiError) -> Manifest:
    """Return a refusal as clients read it."""
    status: Manifest = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure"}
    status["message"] = error.message
    if error.reason not in _UNTOLD:
        status["reason"] = error.reason
    if error.details is not None:
        status["details"] = _details(error.details)
    if error.retry_after:
        status["details"] = {**status.get("details", {}), "retryAfterSeconds": error.retry_after}
    return {**status, "code": code_of(error)}


def success(details: Details) -> Manifest:
    """Return the answer to a deletion."""
    return {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Success",
        "details": _details(details),
    }


def _details(details: Details) -> Json:
    named = {name: getattr(details, name) for name in ("name", "group", "kind", "uid")}
    told: Json = {name: value for name, value in named.items() if value}
    if details.causes:
        told["causes"] = [_cause(each) for each in details.causes]
    return told


def _cause(cause: Cause) -> Json:
    told = {"reason": cause.reason, "message": cause.message, "field": cause.field}
    return {name: value for name, value in told.items() if value}
