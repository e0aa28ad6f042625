"""Refusals that every kind has in common, in the server's words (apimachinery pkg/api/errors/errors.go, v0.34.4)."""

from __future__ import annotations

from nixernetes.cluster.api import ApiError, Cause, Details
from nixernetes.cluster.validation import resource_name
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Manifest

__all__ = ["already_exists", "modified", "no_match", "no_namespace", "not_found", "terminating"]


def not_found(key: ObjectKey) -> ApiError:
    """Return the refusal for an object that is not there."""
    message = f'{resource_name(key.group_kind)} "{key.name}" not found'
    return ApiError("NotFound", message, subject=str(key), details=_details(key))


def already_exists(key: ObjectKey, live: Manifest) -> ApiError:
    """Return the refusal to create an object that is there, or still there."""
    message = f'{resource_name(key.group_kind)} "{key.name}" already exists'
    if "deletionTimestamp" in live["metadata"]:
        message = f"object is being deleted: {message}"
    return ApiError("AlreadyExists", message, subject=str(key), details=_details(key))


def modified(key: ObjectKey) -> ApiError:
    """Return the refusal of a write that was made for an older state."""
    message = (
        f'Operation cannot be fulfilled on {resource_name(key.group_kind)} "{key.name}": the object has been modified; '
        "please apply your changes to the latest version and try again"
    )
    return ApiError("Conflict", message, subject=str(key), details=_details(key))


def no_namespace(key: ObjectKey) -> ApiError:
    """Return the refusal of an object whose namespace is not there."""
    details = Details(name=key.namespace, kind="namespaces")
    return ApiError("NotFound", f'namespaces "{key.namespace}" not found', subject=str(key), details=details)


def terminating(key: ObjectKey) -> ApiError:
    """Return the refusal of an object whose namespace is being deleted."""
    message = (
        f'{resource_name(key.group_kind)} "{key.name}" is forbidden: unable to create new content '
        f"in namespace {key.namespace} because it is being terminated"
    )
    why = f"namespace {key.namespace} is being terminated"
    cause = Cause("NamespaceTerminating", why, "metadata.namespace")
    return ApiError("Forbidden", message, subject=str(key), details=_details(key, cause))


def no_match(key: ObjectKey, api_version: str) -> ApiError:
    """Return the refusal of a kind that is not served, or of an object that does not state its kind."""
    if not key.kind or not api_version:
        return ApiError("BadRequest", "apiVersion and kind must be given", subject=str(key))
    return ApiError("NoMatch", f'no matches for kind "{key.kind}" in version "{api_version}"', subject=str(key))


def _details(key: ObjectKey, *causes: Cause) -> Details:
    plural = resource_name(key.group_kind).partition(".")[0]
    return Details(name=key.name, group=key.group, kind=plural, causes=causes)
