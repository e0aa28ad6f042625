"""The kustomization files that deliveries are built from, as the origins of their objects show them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from nixernetes.objects.fields import text_at
from nixernetes.objects.kinds import APPLICATION, KUSTOMIZATION
from nixernetes.objects.manifest import Json
from nixernetes.objects.provenance import StepKind
from nixernetes.render.deliveries import Delivery
from nixernetes.render.kustomization_files import FILE_NAMES
from nixernetes.render.rendered import Rendered
from nixernetes.verify.objects import ClusterObjects
from nixernetes.verify.platform_view import PlatformView

__all__ = ["KustomizationUse", "kustomization_at", "uses"]


@dataclass(frozen=True)
class KustomizationUse:
    """One kustomization file, and what was built through it.

    Attributes:
        file: the file.
        data: what it holds.
        built: the objects that went through it, each with the delivery that brings it.

    """

    file: str
    data: Json
    built: tuple[tuple[ClusterObjects, Delivery, Rendered], ...]

    @cached_property
    def patched(self) -> frozenset[str]:
        """The patches that changed something: fields of this file, as ``patches[0]``, and files of patches."""
        return frozenset(
            step.field if step.file == self.file else step.file
            for _, _, item in self.built
            for step in item.origin.chain
            if step.kind in (StepKind.PATCH, StepKind.REPLACEMENT)
        )


def uses(view: PlatformView) -> Iterator[KustomizationUse]:
    """Yield the kustomization files of a platform that could be built."""
    found: dict[str, list[tuple[ClusterObjects, Delivery, Rendered]]] = {}
    for cluster, delivery in view.deliveries():
        if delivery.problem:
            continue
        own = _own_file(view, delivery)
        for item in delivery.manifests:
            files = {step.file for step in item.origin.chain if step.file.rpartition("/")[2] in FILE_NAMES}
            for file in files | ({own} if own else set()):
                found.setdefault(file, []).append((cluster, delivery, item))
    index = view.platform.estate.index
    for file, built in sorted(found.items()):
        documents = index.lenient(file) if index.tree.is_file(file) else ()
        if documents and isinstance(documents[0].data, dict):
            yield KustomizationUse(file, documents[0].data, tuple(built))


def _own_file(view: PlatformView, delivery: Delivery) -> str:
    """Return the kustomization file of the folder that a delivery names, if there is one."""
    kind, spec = delivery.key.group_kind, delivery.manifest.get("spec")
    path = text_at(spec, "path") if kind == KUSTOMIZATION else ""
    if kind == APPLICATION:
        path = text_at(spec, "source", "path")
    return kustomization_at(view, path)


def kustomization_at(view: PlatformView, path: str) -> str:
    """Return the kustomization file of a folder of the repository, ``""`` where there is none."""
    folder = "/".join(part for part in path.split("/") if part not in ("", "."))
    tree = view.platform.estate.index.tree
    names = (f"{folder}/{name}" if folder else name for name in FILE_NAMES)
    return next((name for name in names if path and tree.is_file(name)), "")
