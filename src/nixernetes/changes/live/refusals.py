"""What a try that failed means: the write is refused, or nobody can tell before the change is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from nixernetes.changes.sides import ClusterSide
from nixernetes.cluster.api import ApiError
from nixernetes.errors import NixernetesError
from nixernetes.objects.fields import flag_at, items_at, text_at
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.kinds import APPLICATION, CUSTOM_RESOURCE_DEFINITION, HELM_RELEASE, NAMESPACE
from nixernetes.verify.objects import Placed

__all__ = ["RefusedTry", "read_refusal"]

_UNSURE: Final = (  # the server did not decide about the write
    *("", "InternalError", "ServiceUnavailable", "ServerTimeout", "Timeout", "TooManyRequests", "Conflict"),
    *("Forbidden", "Unauthorized", "MethodNotAllowed", "NotAcceptable", "UnsupportedMediaType"),
)
_DECIDED: Final = (
    *("field not declared in schema", "failed to create typed patch object"),
    *("denied the request", "exceeded quota", "violates PodSecurity", "denied request"),
)
_NO_DRY_RUN: Final = "does not support dry run"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedTry:
    """Why a try failed.

    Attributes:
        reason: the reason, in the server's words where it has some.
        is_sure: whether the real write would be refused, too.

    """

    reason: str
    is_sure: bool


def read_refusal(error: NixernetesError, item: Placed, head: ClusterSide) -> RefusedTry:
    """Return what a failed try means for an object.

    Args:
        error: how it failed.
        item: the object.
        head: the cluster as it is in Git.

    """
    if not isinstance(error, ApiError):
        return RefusedTry(reason=error.message, is_sure=False)
    coming = _coming(error, item, head)
    if coming:
        return RefusedTry(reason=f"{coming} comes with this change: no server has checked it", is_sure=False)
    if _is_decided(error):
        return RefusedTry(reason=str(error), is_sure=True)
    return RefusedTry(reason=f"it could not be tried: {error}", is_sure=False)


def _is_decided(error: ApiError) -> bool:
    """Tell whether a server decided about the write, and not about who asks or how."""
    if _NO_DRY_RUN in error.message:
        return False
    if any(text in error.message for text in _DECIDED):
        return True
    return error.reason not in _UNSURE


def _coming(error: ApiError, item: Placed, head: ClusterSide) -> str:
    """Return what is missing and comes with this change, or ``""``."""
    if error.reason == "NoMatch":
        return "its definition" if _is_defined(item.key.group_kind, head) else ""
    is_about = error.reason == "NotFound" and item.key.namespace and f'"{item.key.namespace}"' in error.message
    return "its namespace" if is_about and _is_made(item, head) else ""


def _is_defined(kind: GroupKind, head: ClusterSide) -> bool:
    return any(
        (text_at(each.manifest, "spec", "group"), text_at(each.manifest, "spec", "names", "kind")) == kind
        for each in head.objects.of(CUSTOM_RESOURCE_DEFINITION)
    )


def _is_made(item: Placed, head: ClusterSide) -> bool:
    """Tell whether a namespace is made by this change: as an object, by a release, or by a sync."""
    name = item.key.namespace
    if any(each.key.name == name for each in head.objects.of(NAMESPACE)):
        return True
    for delivery in head.deliveries.values():
        spec = delivery.manifest.get("spec")
        if delivery.key.group_kind == HELM_RELEASE:
            target = text_at(spec, "targetNamespace") or delivery.key.namespace
            if target == name and flag_at(spec, "install", "createNamespace"):
                return True
        elif delivery.key.group_kind == APPLICATION and text_at(spec, "destination", "namespace") == name:
            makes = "CreateNamespace=true" in items_at(spec, "syncPolicy", "syncOptions")
            if makes:
                return True
    return False
