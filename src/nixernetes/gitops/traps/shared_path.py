"""Two Kustomizations on one path: both own every object of it, and when one goes, it deletes them for both."""

from __future__ import annotations

from collections.abc import Iterator

from nixernetes.gitops.traps.declared import Declared, DeclaredObject, Trap
from nixernetes.objects import manifest as manifests
from nixernetes.objects.fields import at, text_at
from nixernetes.objects.identity import key_of

__all__ = ["traps"]

# What makes of one folder objects of other names, namespaces or clusters.
_APART = (
    "sourceRef",
    "targetNamespace",
    "namePrefix",
    "nameSuffix",
    "kubeConfig",
    "postBuild",
    "components",
    "patches",
)


def traps(declared: Declared) -> Iterator[Trap]:
    """Yield Kustomizations of one cluster that apply the same folder in the same way as one before."""
    seen: dict[tuple[str, str, bytes], DeclaredObject] = {}
    for placed in sorted(declared.of("Kustomization"), key=lambda each: key_of(each.manifest)):
        path = text_at(placed.manifest, "spec", "path").removeprefix("./").strip("/")
        apart = manifests.canonical({field: at(placed.manifest, "spec", field) for field in _APART})
        first = seen.setdefault((placed.site, path, apart), placed)
        if first is not placed:
            where = f" (at {first.place})" if first.place else ""
            yield placed.trap(
                f"path: {key_of(first.manifest)}{where} applies {path or 'the root'} too, and both own its objects: "
                "remove one, or give one of them a target_namespace"
            )
