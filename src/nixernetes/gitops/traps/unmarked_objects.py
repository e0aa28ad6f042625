"""Objects that do not get the compliance labels of their platform: nobody can add them, or they have their own."""

from __future__ import annotations

from collections.abc import Iterator

from nixernetes.errors import InputError
from nixernetes.gitops.argocd.application_specs import sources_of
from nixernetes.gitops.marking.marks import Marks
from nixernetes.gitops.marking.writing import conflicts_of, is_reached_by_kustomize
from nixernetes.gitops.traps.declared import Declared, Trap, specs_of
from nixernetes.objects import yamls
from nixernetes.objects.fields import at, text_at
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Manifest, labels_of

__all__ = ["traps"]


def traps(declared: Declared) -> Iterator[Trap]:
    """Yield Applications whose objects get no labels, and objects that keep labels of their own."""
    platform = declared.platform
    if platform.compliance is None:
        return
    marks = platform.compliance.marks(platform.name, platform.owner)
    for placed in declared.of("Application", "ApplicationSet"):
        spec = specs_of(placed.manifest)
        if not all(_is_marked(each, spec, declared) for each in sources_of(spec)):
            yield placed.trap(
                "Argo CD adds no labels to what a chart or plain files bring: the objects lack the compliance labels. "
                "Deliver a chart by Flux, give plain files a kustomization, or label them where they are written"
            )
    yield from _own_labels(declared, marks)


def _is_marked(source: Manifest, spec: Manifest, declared: Declared) -> bool:
    """Tell whether what a source brings is marked: by a kustomization that the build writes, or as the source says."""
    if text_at(source, "chart") or at(source, "helm"):
        return False
    folder = text_at(source, "path").strip("/")
    ours = text_at(source, "repoURL") == declared.url and f"{folder}/kustomization.yaml" in declared.files
    return ours or is_reached_by_kustomize(spec) or bool(text_at(source, "ref") and not folder)


def _own_labels(declared: Declared, marks: Marks) -> Iterator[Trap]:
    platform = declared.platform
    names = tuple(name.encode() for name in marks.labels)
    for path, data in declared.files.items():
        if path.endswith("kustomization.yaml") or not any(name in data for name in names):
            continue
        try:
            documents = yamls.parse_all(data)
        except InputError:
            continue  # a template, or a file that rendering will say something about
        for each in documents:
            document = each.data
            for name in conflicts_of(document, marks) if isinstance(document, dict) and labels_of(document) else ():
                message = f"it has the label {name} with a value of its own, and keeps it: {path}"
                yield Trap(message, str(key_of(document)), platform.declared_at)
