"""Flux Operator: a FluxInstance makes the source and the Kustomization that sync a cluster from ``spec.sync``.

It is written as an object, or in values of the chart ``flux-instance``, wherever these stand: in a HelmRelease, in a
file of values, in a ConfigMap, in a helmfile. Both made objects are called ``flux-system`` unless ``sync.name`` says
otherwise, and are patched by ``spec.kustomize.patches``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from nixernetes.errors import InputError, NixernetesError
from nixernetes.objects import yamls
from nixernetes.objects.api_groups import FLUX_KUSTOMIZE_V1, FLUX_SOURCE_V1
from nixernetes.objects.fields import flag_at, items_at, mapping_at, mappings_in, text_at
from nixernetes.objects.identity import group_kind, key_of
from nixernetes.objects.kinds import FLUX_INSTANCE, HELM_RELEASE
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.provenance import Origin
from nixernetes.objects.well_known import FLUX_NAMESPACE
from nixernetes.render.estate.index import DocumentIndex, has_objects_form, objects_of
from nixernetes.render.estate.reach import brought_path
from nixernetes.render.kustomize.build import build
from nixernetes.render.rendered import Rendered
from nixernetes.render.tree import MemoryTree

__all__ = ["FLUX_INSTANCE", "Sync", "sync_objects", "syncs"]

_NAME: Final = FLUX_NAMESPACE
_TENANT_SYNC: Final = "kustomize-controller"  # as the profile multitenant of Flux Operator 0.59 patches its sync
_SPEAKS: Final = re.compile(rb"\bsync[\"']?\s*:")
_OF_A_CHART: Final = re.compile(rb"\binstance[\"']?\s*:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sync:
    """What a FluxInstance syncs.

    Attributes:
        kind: ``GitRepository``, ``OCIRepository`` or ``Bucket``.
        url: where from.
        ref: a Git reference, a tag, or the name of a bucket.
        path: the folder.
        name: what the made objects are called.
        namespace: where they are.
        interval: how often the source is asked.
        pull_secret: the Secret with credentials, or ``""``.
        provider: how the source is asked for identity, or ``""``.
        patches: patches of the made objects.
        account: the account of the made Kustomization, ``""`` for the controller's own.
        origin: where it is written.
        is_object: whether it is written as an object, not as values of a chart.

    """

    kind: str
    url: str
    ref: str
    path: str
    name: str
    namespace: str
    interval: str
    pull_secret: str
    provider: str
    patches: tuple[Json, ...]
    account: str
    origin: Origin
    is_object: bool

    @property
    def folder(self) -> str | None:
        """The folder of the repository that it syncs, None for a path that leads out of it."""
        return brought_path(self.path)


def syncs(index: DocumentIndex) -> list[Sync]:
    """Return the syncs of a repository: objects first, in order; each place that is synced once."""
    found = [
        sync
        for path in index.holding(_SPEAKS)
        for document in index.lenient(path)
        for sync in _in_document(document.data, Origin(file=path, line=document.line), index.read(path))
    ]
    distinct: dict[tuple[str, str | None], Sync] = {}
    for sync in sorted(found, key=lambda sync: not sync.is_object):
        distinct.setdefault((sync.url, sync.folder), sync)
    return list(distinct.values())


def sync_objects(sync: Sync) -> list[Rendered]:
    """Return the source and the Kustomization that the operator makes.

    Raises:
        NixernetesError: a patch of them cannot be applied.

    """
    made = [_source(sync), _kustomization(sync)]
    keys = {(text_at(item, "kind"), sync.name) for item in made}
    patches = [patch for patch in sync.patches if _concerns(patch, keys)]
    if not patches:
        return [Rendered(manifest=item, origin=sync.origin) for item in made]
    files = {f"{number}.yaml": yamls.dump(item) for number, item in enumerate(made)}
    tree = MemoryTree({**files, "kustomization.yaml": yamls.dump({"resources": list(files), "patches": patches})})
    try:
        patched = {key_of(item.manifest): item.manifest for item in build(tree, "")}
    except NixernetesError as error:
        text = f"spec.kustomize.patches cannot be applied to what it syncs: {error.message}"
        raise InputError(text, place=str(sync.origin)) from error
    return [Rendered(manifest=patched.get(key_of(item), item), origin=sync.origin) for item in made]


def _in_document(data: Json, origin: Origin, text: bytes) -> Iterator[Sync]:
    if has_objects_form(data) and group_kind(data) != HELM_RELEASE:
        for item in objects_of(data):
            if group_kind(item) == FLUX_INSTANCE:
                yield from _of(mapping_at(item, "spec"), key_of(item).namespace, origin, is_object=True)
            elif _OF_A_CHART.search(text):
                yield from _in_texts(item, origin)
    elif _OF_A_CHART.search(text):
        yield from _in_values(data, _namespace(data), origin)


def _in_texts(item: Manifest, origin: Origin) -> Iterator[Sync]:
    """Look into the texts of a ConfigMap, and into the values of an Application."""
    texts = [value for value in mapping_at(item, "data").values() if isinstance(value, str)]
    for value in texts if item.get("kind") == "ConfigMap" else ():
        try:
            yield from _in_values(yamls.parse(value), key_of(item).namespace, origin)
        except InputError:
            continue
    yield from _in_values(item.get("spec"), _NAME, origin)


def _in_values(data: Json, namespace: str, origin: Origin) -> Iterator[Sync]:
    for mapping in mappings_in(data):
        if text_at(mapping, "instance", "sync", "url"):
            yield from _of(mapping_at(mapping, "instance"), namespace, origin, is_object=False)


def _namespace(data: Json) -> str:
    """Return the namespace that a release of the chart goes to, as far as it says."""
    return text_at(data, "spec", "targetNamespace") or text_at(data, "metadata", "namespace")


def _of(spec: Json, namespace: str, origin: Origin, *, is_object: bool) -> Iterator[Sync]:
    sync = mapping_at(spec, "sync")
    if not text_at(sync, "url"):
        return
    yield Sync(
        kind=text_at(sync, "kind") or "GitRepository",
        url=text_at(sync, "url"),
        ref=text_at(sync, "ref"),
        path=text_at(sync, "path"),
        name=text_at(sync, "name") or namespace or _NAME,
        namespace=namespace or _NAME,
        interval=text_at(sync, "interval") or "1m",
        pull_secret=text_at(sync, "pullSecret"),
        provider=text_at(sync, "provider"),
        patches=tuple(items_at(spec, "kustomize", "patches")),
        account=_TENANT_SYNC if flag_at(spec, "cluster", "multitenant") else "",
        origin=origin,
        is_object=is_object,
    )


def _source(sync: Sync) -> Manifest:
    wheres: dict[str, dict[str, Json]] = {
        "OCIRepository": {"url": sync.url, "ref": _oci_ref(sync.ref)},
        "Bucket": {"endpoint": sync.url, "bucketName": sync.ref},
    }
    spec = wheres.get(sync.kind, {"url": sync.url, "ref": {"name": sync.ref or "HEAD"}})
    given = {"secretRef": {"name": sync.pull_secret} if sync.pull_secret else None, "provider": sync.provider}
    return {
        "apiVersion": FLUX_SOURCE_V1,
        "kind": sync.kind,
        "metadata": {"name": sync.name, "namespace": sync.namespace},
        "spec": {"interval": sync.interval, **spec, **{field: value for field, value in given.items() if value}},
    }


def _oci_ref(ref: str) -> Json:
    tag, _, digest = ref.partition("@")
    if tag.startswith("sha256:"):
        tag, digest = "", tag
    return {"digest": digest} if digest else {"tag": tag or "latest"}


def _kustomization(sync: Sync) -> Manifest:
    spec: dict[str, Json] = {"interval": "10m", "path": sync.path or "./", "prune": True}
    if sync.account:
        spec["serviceAccountName"] = sync.account
    return {
        "apiVersion": FLUX_KUSTOMIZE_V1,
        "kind": "Kustomization",
        "metadata": {"name": sync.name, "namespace": sync.namespace},
        "spec": {**spec, "sourceRef": {"kind": sync.kind, "name": sync.name}},
    }


def _concerns(patch: Json, keys: set[tuple[str, str]]) -> bool:
    """Tell whether a patch may be one of the made objects: the others are of the controllers."""
    if mapping_at(patch, "target"):
        return True
    try:
        data = yamls.parse(text_at(patch, "patch"))
    except InputError:
        return False
    return (text_at(data, "kind"), text_at(data, "metadata", "name")) in keys
