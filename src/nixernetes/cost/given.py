"""What users give to be priced: manifests, what is rendered, mappings of names to Deployments; each becomes an object.

A deployment may be a manifest, a resource of the vocabulary, an app with manifests, a spec with a template, or just
replicas and containers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from nixernetes.cost.objects import CostObject
from nixernetes.errors import InputError
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.provenance import Origin, StepKind

__all__ = ["Given", "cost_objects", "deployment_manifests"]

_MOST_DEPTH: Final = 4


Given: TypeAlias = "Iterable[object] | Mapping[str, Iterable[object]]"


def cost_objects(given: Given, cluster: str = "") -> Iterator[CostObject]:
    """Yield what is to be priced.

    Args:
        given: manifests, resources, what is rendered, or a mapping of clusters to these.
        cluster: the cluster of what names none.

    Raises:
        InputError: something that is none of these.

    """
    if isinstance(given, Mapping) and "kind" not in given:
        for name, items in given.items():
            yield from cost_objects(items, name)
        return
    for item in [given] if isinstance(given, Mapping) else given:
        yield from _objects(item, cluster)


def _objects(item: object, cluster: str) -> Iterator[CostObject]:
    if isinstance(item, CostObject):
        yield item
        return
    manifest, origin = _manifest(item), getattr(item, "origin", None)
    if manifest is None or not text_at(manifest, "kind"):
        raise InputError("is not a manifest: give objects with kind and metadata", subject=_shown(item))
    if text_at(manifest, "kind").endswith("List") and "items" in manifest:
        for each in objects_at(manifest, "items"):
            yield from _objects(each, cluster)
        return
    known = origin if isinstance(origin, Origin) else Origin()
    yield CostObject(key=key_of(manifest), manifest=manifest, cluster=cluster, app=_delivery(known), place=str(known))


def _manifest(item: object) -> Manifest | None:
    if isinstance(item, Mapping):
        return item if isinstance(item, dict) else dict(item)
    found = getattr(item, "manifest", None)  # of what is rendered an object, of the vocabulary a method
    found = found() if callable(found) else found
    return found if isinstance(found, dict) else None


def _delivery(origin: Origin) -> str:
    return next((step.name for step in origin.chain if step.kind is StepKind.DELIVERY), "")


def _shown(item: object) -> str:
    return f"{type(item).__name__} {text_at(item, 'kind')}".strip()


def deployment_manifests(deployments: object) -> Iterator[tuple[str, list[Manifest]]]:
    """Yield the name of each deployment, and its manifests.

    Args:
        deployments: name to a manifest, a list of them, a resource, an app, a spec, or replicas with containers.

    Raises:
        InputError: one is none of these.

    """
    if not isinstance(deployments, Mapping):
        fact = "is not a mapping of names to deployments; nixernetes.testing.estimated tells what a platform costs"
        raise InputError(fact, subject=type(deployments).__name__)
    for name, given in deployments.items():
        yield name, list(_deployed(name, given, 0))


def _deployed(name: str, given: object, depth: int) -> Iterator[Manifest]:
    if isinstance(given, list | tuple) and depth < _MOST_DEPTH:
        for each in given:
            yield from _deployed(name, each, depth + 1)
        return
    manifest = _manifest(given)
    if manifest is None:
        yield from _of_app(name, given, depth)
        return
    if text_at(manifest, "kind"):
        yield from objects_at(manifest, "items") if text_at(manifest, "kind") == "List" else [manifest]
        return
    yield _completed(name, manifest)


def _of_app(name: str, given: object, depth: int) -> Iterator[Manifest]:
    """Yield the manifests of an app; what it brings otherwise is known once it is rendered."""
    several = getattr(given, "manifests", None)
    if not isinstance(several, list | tuple) or depth >= _MOST_DEPTH:
        raise InputError(_FORMS, subject=f"deployments[{name!r}]")
    if not several:
        fact = "brings files, an overlay or a chart: `nixernetes cost` renders what it runs"
        raise InputError(fact, subject=f"deployments[{name!r}]")
    for each in several:
        yield from _deployed(name, each, depth + 1)


_FORMS: Final = "is not a deployment: give a manifest, its spec, or {'replicas': 3, 'containers': [{'resources': {…}}]}"


def _completed(name: str, given: Manifest) -> Manifest:
    """Return the Deployment that a part of one stands for."""
    spec = mapping_at(given, "spec") or given
    if "template" in spec:
        whole: dict[str, Json] = dict(spec)
    elif "containers" in spec:
        pod = {key: value for key, value in spec.items() if key != "replicas"}
        whole = {"replicas": spec.get("replicas"), "template": {"spec": pod}}
    elif "resources" in spec or "requests" in spec:
        resources = mapping_at(spec, "resources") or spec
        container = {"name": name, "resources": resources}
        whole = {"replicas": spec.get("replicas"), "template": {"spec": {"containers": [container]}}}
    else:
        raise InputError(_FORMS, subject=f"deployments[{name!r}]")
    metadata = {"name": name, **mapping_at(given, "metadata")}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": whole}
