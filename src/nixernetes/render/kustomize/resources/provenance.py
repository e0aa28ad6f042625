"""``buildMetadata``: the annotations that say where a resource began and what transformed it."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace

from nixernetes.languages.kyaml.nodes import settled
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json
from nixernetes.render.kustomize.remote_bases import remote_base
from nixernetes.render.kustomize.resources.resource import BuildResource

__all__ = ["ORIGIN", "TRANSFORMATIONS", "Provenance", "annotate"]

ORIGIN = "config.kubernetes.io/origin"
TRANSFORMATIONS = "alpha.config.kubernetes.io/transformations"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a kustomization stands, relative to the one that is built."""

    folder: str = ""
    file: str = ""
    repository: str = ""
    ref: str = ""

    def configured_in(self, file: str) -> Provenance:
        """Return it with the name of the kustomization file."""
        return replace(self, file=file)

    def below(self, path: str) -> Provenance:
        """Return that of a folder as a path of this kustomization names it; one of another repository begins anew."""
        base = remote_base(path)
        if base is not None:
            return Provenance(folder=base.path, repository=base.url, ref=base.ref)
        return replace(self, folder=_joined(self.folder, path), file="")

    def of_file(self, path: str) -> Json:
        """Return the origin of a resource read from a file."""
        found = {"path": _joined(self.folder, path), "repo": self.repository, "ref": self.ref}
        return {name: value for name, value in found.items() if value}

    def of_plugin(self, kind: str, config: BuildResource | None) -> Json:
        """Return the origin of what a plugin made or changed: a field of the kustomization, or a configuration."""
        if config is None:
            repository = {"repo": self.repository, "ref": self.ref}
            return {name: value for name, value in repository.items() if value} | {
                "configuredIn": _joined(self.folder, self.file),
                "configuredBy": {"apiVersion": "builtin", "kind": kind},
            }
        by = {"apiVersion": str(config.manifest.get("apiVersion", "")), "kind": config.kind, "name": config.name}
        if config.namespace:
            by["namespace"] = config.namespace
        return {"configuredIn": (config.begun or {}).get("path", ""), "configuredBy": by}

    def note(self, resource: BuildResource, kind: str, config: BuildResource | None) -> None:
        """Note on a resource that a transformer ran over it."""
        by = self.of_plugin(kind, config)
        if resource.begun is None:
            resource.begun = by
        else:
            resource.transformations.append(by)
            resource.rewrite_annotations()


def _joined(folder: str, path: str) -> str:
    found = posixpath.normpath(posixpath.join(folder, path))
    return "" if found == "." else found


def annotate(resource: BuildResource, *, origins: bool, transformations: bool) -> None:
    """Write, or take away, the annotations."""
    annotations = resource.annotations
    for wanted, name, value in (
        (origins, ORIGIN, resource.begun),
        (transformations, TRANSFORMATIONS, resource.transformations),
    ):
        if wanted and value:
            annotations[name] = yamls.dump(value)
        elif not wanted:
            annotations.pop(name, None)
    resource.manifest = settled(resource.manifest, "annotations", annotations)
