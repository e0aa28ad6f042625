"""An app of apps over a folder that holds only folders: without ``recurse`` it is Healthy, and brings nothing."""

from __future__ import annotations

from collections.abc import Iterator

from nixernetes.gitops.argocd.application_specs import sources_of
from nixernetes.gitops.traps.declared import Declared, Trap, specs_of
from nixernetes.objects.fields import at, text_at

__all__ = ["traps"]

_MANIFESTS = (".yaml", ".yml", ".json", ".jsonnet")
_OTHER_TOOLS = ("helm", "kustomize", "plugin", "chart", "ref")


def traps(declared: Declared) -> Iterator[Trap]:
    """Yield Applications on a folder of the platform's repository whose manifests are all one level deeper."""
    for placed in declared.of("Application", "ApplicationSet"):
        for source in sources_of(specs_of(placed.manifest)):
            path = text_at(source, "path").strip("/").removeprefix("./")
            if text_at(source, "repoURL").removesuffix(".git") != declared.url.removesuffix(".git"):
                continue
            if "{{" in path or at(source, "directory", "recurse") or any(at(source, tool) for tool in _OTHER_TOOLS):
                continue
            found = [name for name in declared.below(path) if name.endswith(_MANIFESTS)]
            if found and all("/" in name for name in found):
                first = min(found)
                yield placed.trap(
                    f"source: folder {path or '.'} holds only folders ({first}), and Argo CD does not look into them: "
                    'give the source "directory": {"recurse": True}'
                )
