"""What a Kustomization applies: its build, marked as its own and put in order (Flux, sections 3 to 6).

The memo of each holds while the build gives the very same manifests, so it never changes a result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from nixernetes.engine.flux.applying import inventory, ordering
from nixernetes.engine.flux.subject import Subject
from nixernetes.errors import InputError
from nixernetes.gitops.flux.kustomization import Kustomization
from nixernetes.objects import manifest as manifests
from nixernetes.objects.api_groups import FLUX_KUSTOMIZE
from nixernetes.objects.fields import mapping_at
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Manifest
from nixernetes.render.delivery_builds import Builder
from nixernetes.render.flux.kustomization import with_common_metadata
from nixernetes.render.outside import Surroundings
from nixernetes.render.rendered import Rendered
from nixernetes.render.sops.summary import not_verified
from nixernetes.render.tree import Tree

__all__ = ["Build", "Builds", "owner_labels", "stamped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """A build.

    Attributes:
        items: ready to be applied, in order of application.
        objects: their manifests.
        digest: over the objects.
        inventory: the inventory's entries for them.
        not_verified: what SOPS encrypted and nobody could read, or ``""``.

    """

    items: tuple[Rendered, ...]
    objects: tuple[Manifest, ...]
    digest: str
    inventory: tuple[Manifest, ...]
    not_verified: str = ""


@dataclass(frozen=True, slots=True)
class _Memo:
    rendered: tuple[Rendered, ...]
    build: Build

    def counts(self, rendered: Sequence[Rendered]) -> bool:
        if len(rendered) != len(self.rendered):
            return False
        return all(one.manifest is other.manifest for one, other in zip(rendered, self.rendered, strict=True))


def owner_labels(key: ObjectKey) -> dict[str, str]:
    """Return the labels by which a Kustomization marks its objects."""
    return {f"{FLUX_KUSTOMIZE}/name": key.name, f"{FLUX_KUSTOMIZE}/namespace": key.namespace}


class Builds:
    """The last build of each Kustomization; forgotten with it.

    Args:
        builder: builds.

    """

    def __init__(self, builder: Builder) -> None:
        self._builder = builder
        self._last: dict[ObjectKey, _Memo] = {}

    def build(self, subject: Subject[Kustomization], tree: Tree, declared: Surroundings) -> Build:
        """Return what a Kustomization applies.

        Raises:
            InputError: the files, the overlay or the substitution are wrong.

        """
        rendered = self._builder.kustomization(subject.live, tree, declared)
        held = self._last.get(subject.key)
        if held is not None and held.counts(rendered):
            return held.build
        build = _made(rendered, subject)
        self._last[subject.key] = _Memo(tuple(rendered), build)
        return build

    def forget(self, key: ObjectKey) -> None:
        """Drop what is remembered of a Kustomization."""
        self._last.pop(key, None)


def _made(rendered: Sequence[Rendered], subject: Subject[Kustomization]) -> Build:
    _refuse_encrypted(rendered)
    marked = [replace(item, manifest=stamped(item.manifest, subject.key, subject.spec)) for item in rendered]
    by_place = {id(item.manifest): item for item in marked}
    stages = ordering.stages(item.manifest for item in marked)
    objects = tuple(one for stage in stages for one in stage)
    return Build(
        items=tuple(by_place[id(one)] for one in objects),
        objects=objects,
        digest="sha256:" + manifests.digest([_without_common(one, subject.spec) for one in objects]),
        inventory=tuple(inventory.entries(objects)["entries"]),
        not_verified=not_verified(rendered),
    )


def _without_common(manifest: Manifest, spec: Kustomization) -> Manifest:
    """Return an object without what ``commonMetadata`` names: that is set on what was built, and is no part of it."""
    if spec.common_metadata is None:
        return manifest
    meta = dict(manifest["metadata"])
    for part, common in spec.common_metadata.data().items():
        meta[part] = {name: text for name, text in mapping_at(meta, part).items() if name not in common}
    kept = {name: value for name, value in meta.items() if value != {}}
    return {**manifest, "metadata": kept}


def stamped(manifest: Manifest, owner: ObjectKey, spec: Kustomization) -> Manifest:
    """Return a manifest as its Kustomization applies it: marked as its own, without what only a server writes.

    Args:
        manifest: the manifest as it is rendered.
        owner: the Kustomization.
        spec: what it says.

    """
    marked = with_common_metadata(manifest, {"labels": owner_labels(owner)})
    common = spec.common_metadata
    if common is not None:
        marked = with_common_metadata(marked, common.data())
    meta = {name: value for name, value in marked["metadata"].items() if name != "creationTimestamp"}
    return {name: value for name, value in manifest.items() if name not in ("status", "metadata")} | {"metadata": meta}


def _refuse_encrypted(rendered: Sequence[Rendered]) -> None:
    """Refuse a Secret that SOPS encrypted where decryption is not configured, as the controller does."""
    for item in rendered:
        if item.seal is not None and item.seal.state == "refused":
            text = "is SOPS encrypted, configuring decryption is required for this secret to be reconciled"
            raise InputError(f"{key_of(item.manifest)} {text}")
