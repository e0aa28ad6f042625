"""The door at which objects of Flux and Argo CD become typed values: once, and equal content once for all.

Reading is lenient where an API server is: unknown fields are passed over, null is not given. What a server would refuse
is a problem that comes with the object, so that whoever reads it can mark the object and go on with the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, TypeVar, cast

from nixernetes import gitops
from nixernetes.errors import InputError
from nixernetes.gitops.refusal import RefusedError
from nixernetes.objects import manifest as manifests
from nixernetes.objects.api_groups import (
    ARGOPROJ,
    FLUX_HELM,
    FLUX_IMAGE,
    FLUX_KUSTOMIZE,
    FLUX_NOTIFICATION,
    FLUX_SOURCE,
)
from nixernetes.objects.bounded import Bounded
from nixernetes.objects.identity import GroupKind, group_kind
from nixernetes.objects.manifest import Manifest

if TYPE_CHECKING:
    from nixernetes.gitops.resource import Resource

__all__ = ["KINDS", "Decoded", "decode", "decode_as", "decoded_as", "model_of"]

_Kind = TypeVar("_Kind", bound="Resource")
_MOST: Final = 4096  # objects: a fleet has hundreds of deliveries; each costs a few kilobytes

_GROUPS: Final = {
    FLUX_SOURCE: (
        "GitRepository",
        "OCIRepository",
        "HelmRepository",
        "HelmChart",
        "Bucket",
        "ExternalArtifact",
    ),
    FLUX_KUSTOMIZE: ("Kustomization",),
    FLUX_HELM: ("HelmRelease",),
    FLUX_NOTIFICATION: ("Alert", "Provider", "Receiver"),
    FLUX_IMAGE: ("ImageRepository", "ImagePolicy", "ImageUpdateAutomation"),
    ARGOPROJ: ("Application", "ApplicationSet", "AppProject"),
}
KINDS: Final = frozenset(GroupKind(group, kind) for group, kinds in _GROUPS.items() for kind in kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded(Generic[_Kind]):
    """An object as it was read.

    Attributes:
        resource: the typed value; None where there is a problem.
        problem: what an API server would refuse, or ``""``.
        fault: the same in its words, ``spec.interval: Required value``.

    """

    resource: _Kind | None = None
    problem: str = ""
    fault: str = ""


_held: Bounded[tuple[type[Resource], str], Decoded[Resource]] = Bounded(
    _MOST
)  # by content; beyond the most the least recently read goes


def model_of(kind: GroupKind) -> type[Resource] | None:
    """Return the type of a kind; None for a kind of others. Only what is asked for is imported."""
    found: type[Resource] | None = getattr(gitops, kind.kind) if kind in KINDS else None
    return found


def decode(manifest: Manifest) -> Decoded[Resource] | None:
    """Return an object of Flux or Argo CD as a typed value; None for a kind of others.

    Status and what a server keeps in metadata do not matter to the value; equal content gives the very same one.
    """
    model = model_of(group_kind(manifest))
    return None if model is None else decoded_as(model, manifest)


def decoded_as(model: type[_Kind], manifest: Manifest) -> Decoded[_Kind]:
    """Return an object as it was read, as one of a kind that is known."""
    found = _held.answer((model, manifests.digest(_content(manifest))), lambda: _decoded(model, manifest))
    return cast("Decoded[_Kind]", found)  # the model is a part of the question


def decode_as(model: type[_Kind], manifest: Manifest) -> _Kind:
    """Return an object as a typed value of a kind that is known.

    Raises:
        InputError: an API server would refuse the object.

    """
    found = decoded_as(model, manifest)
    if found.resource is None:
        raise InputError(found.problem)
    return found.resource


def _decoded(model: type[_Kind], manifest: Manifest) -> Decoded[_Kind]:
    try:
        return Decoded(resource=model.lenient(manifest))
    except RefusedError as error:
        return Decoded(problem=error.message, fault=error.fault)
    except InputError as error:
        return Decoded(problem=error.message, fault=error.message)


def _content(manifest: Manifest) -> Manifest:
    meta = manifest.get("metadata")
    meta = meta if isinstance(meta, dict) else {}
    named = ("name", "namespace", "labels", "annotations", "finalizers")
    kept = {key: value for key, value in manifest.items() if key not in ("metadata", "status")}
    return {**kept, "metadata": {key: meta[key] for key in named if key in meta}}
