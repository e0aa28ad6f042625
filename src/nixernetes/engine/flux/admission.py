"""The door of the controllers: an object of Flux is read here as a typed value, or what is wrong with it is told.

A real API server never stores an object that its definition refuses. A cluster that serves Flux's kinds without their
schemas does, and the controller then says on the object what is wrong with it, and leaves it at that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeVar, cast

from nixernetes.cluster.api import Reader
from nixernetes.gitops.decoding import Decoded, decoded_as
from nixernetes.gitops.resource import Resource
from nixernetes.objects.bounded import Bounded
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.declared_shapes import form_problem

__all__ = ["read", "readable"]

_Kind = TypeVar("_Kind", bound=Resource)
_MOST: Final = 4096  # objects
_held: Bounded[tuple[int, type[Resource]], tuple[Json, Json, Decoded[Resource]]] = Bounded(_MOST)


def read(model: type[_Kind], manifest: Manifest) -> Decoded[_Kind]:
    """Return an object of a cluster as a typed value, or why it would have been refused.

    An object is read at each of its reconciles, and its spec stays the very same value while it is not changed: so long
    the answer is held, of the latest 4,096 specs.
    """
    spec, meta = manifest.get("spec"), manifest.get("metadata")
    if not isinstance(spec, dict):
        return Decoded(problem="spec is missing: give it", fault="spec: Required value")
    if not isinstance(meta, dict):  # a repository can hold it, a cluster not
        return _read(model, manifest)
    key, marks = (id(spec), model), (meta.get("labels"), meta.get("annotations"), meta.get("finalizers"))
    held = _held.get(key)
    if held is None or held[0] is not spec or held[1] != marks:
        held = (spec, marks, _read(model, manifest))
        _held.put(key, held)
    return cast("Decoded[_Kind]", held[2])  # the model is a part of the question


def _read(model: type[_Kind], manifest: Manifest) -> Decoded[_Kind]:
    found = decoded_as(model, manifest)
    wrong = "" if found.fault else form_problem(manifest)  # of what builds read besides
    return Decoded(problem=wrong, fault=wrong) if wrong else found


def readable(api: Reader, model: type[_Kind], namespace: str | None = None) -> Iterator[tuple[Manifest, _Kind]]:
    """Yield the objects of a kind, each with its typed value, but those that would have been refused.

    Args:
        api: the cluster.
        model: the kind.
        namespace: only this one; None means all.

    """
    for manifest in api.list(model.group_kind(), namespace=namespace):
        spec = read(model, manifest).resource
        if spec is not None:
            yield manifest, spec
