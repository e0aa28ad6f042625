"""Writes what every object bears into what a build makes: labels of objects and pod templates, annotations of objects.

Manifests of folders get them by their kustomization, never by ``commonLabels``, which changes selectors. What already
has one of the labels with another value keeps it. What comes from a chart or from a folder of another repository is
only reached by who delivers it: ``commonMetadata`` and patches of Flux, Kustomize's labels of Argo CD.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from nixernetes.gitops.marking.marks import Marks
from nixernetes.objects import yamls
from nixernetes.objects.fields import at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import group_kind
from nixernetes.objects.kinds import APPLICATION, APPLICATION_SET, HELM_RELEASE, KUSTOMIZATION
from nixernetes.objects.manifest import Json, Manifest, annotations_of, labels_of

__all__ = ["conflicts_of", "is_reached_by_kustomize", "marked", "marked_delivery", "marking_fields", "template_labels"]

_RUNNERS: Final = ("apps", "Deployment|StatefulSet|DaemonSet|ReplicaSet")
# Not includeTemplates: that writes to volumeClaimTemplates too, which an API server does not let change.
_TEMPLATES: Final = tuple(
    {"kind": kind, "path": f"{path}/metadata/labels", "create": True}
    for kind, path in (
        *((kind, "spec/template") for kind in ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")),
        *((kind, "spec/template") for kind in ("ReplicationController", "Job", "Rollout")),
        ("CronJob", "spec/jobTemplate/spec/template"),
    )
)
_CONFIG: Final = "builtin"


def marked(manifest: Manifest, marks: Marks) -> Manifest:
    """Return an object with the marks; those that it has already stay as they are."""
    if not marks:
        return manifest
    metadata = dict(mapping_at(manifest, "metadata"))
    for field, own, added in (
        ("labels", labels_of(manifest), marks.labels),
        ("annotations", annotations_of(manifest), marks.annotations),
    ):
        if added:
            metadata[field] = {**added, **own}
    return {**manifest, "metadata": metadata}


def marking_fields(marks: Marks, documents: Iterable[Manifest], fields: dict[str, Json]) -> dict[str, Json]:
    """Return the fields of a kustomization that mark what it brings.

    Args:
        marks: the marks.
        documents: the manifests below it, as far as they are known: what differs there stays.
        fields: the fields that it has besides.

    """
    if not marks:
        return fields
    given = {name for entry in objects_at(fields, "labels") for name in mapping_at(entry, "pairs")}
    pairs = {name: value for name, value in marks.labels.items() if name not in given}
    found = dict(fields)
    if pairs:
        found["labels"] = [*items_at(fields, "labels"), {"pairs": pairs, "fields": [dict(each) for each in _TEMPLATES]}]
    transformers: list[Json] = [yamls.dump(_annotations(marks))] if marks.annotations else []
    transformers += [yamls.dump(each) for each in _kept(documents, marks)]
    return {**found, "transformers": transformers} if transformers else found


def _annotations(marks: Marks) -> dict[str, Json]:
    """Return a transformer: ``commonAnnotations`` would reach pod templates, and restart pods at each build."""
    return {
        "apiVersion": _CONFIG,
        "kind": "AnnotationsTransformer",
        "metadata": {"name": "marks"},
        "annotations": dict(marks.annotations),
        "fieldSpecs": [{"path": "metadata/annotations", "create": True}],
    }


def _kept(documents: Iterable[Manifest], marks: Marks) -> Iterator[dict[str, Json]]:
    """Yield transformers that give documents back the labels and annotations that they had already."""
    for number, document in enumerate(documents):
        own = {name: value for name, value in labels_of(document).items() if name in marks.labels}
        notes = {name: value for name, value in annotations_of(document).items() if name in marks.annotations}
        path, inner = template_labels(document)
        inside = {name: value for name, value in inner.items() if name in marks.labels}
        if not (own or notes or inside):
            continue
        kind, name = text_at(document, "kind"), text_at(document, "metadata", "name")
        patch: Json = {"apiVersion": text_at(document, "apiVersion"), "kind": kind, "metadata": {"name": name}}
        patch["metadata"] |= {"labels": own} if own else {}
        patch["metadata"] |= {"annotations": notes} if notes else {}
        if inside:
            below: Json = {"metadata": {"labels": inside}}
            for step in reversed(path):
                below = {step: below}
            patch |= below
        yield {
            "apiVersion": _CONFIG,
            "kind": "PatchTransformer",
            "metadata": {"name": f"own-marks-{number}"},
            "patch": yamls.dump(patch),
            "target": {"kind": kind, "name": name},
        }


def template_labels(document: Manifest) -> tuple[tuple[str, ...], dict[str, Json]]:
    """Return where the pod template of an object stands, and its labels; nothing where it has none."""
    for path in (("spec", "template"), ("spec", "jobTemplate", "spec", "template")):
        if isinstance(at(document, *path, "spec", "containers"), list):
            return path, mapping_at(document, *path, "metadata", "labels")
    return (), {}


def conflicts_of(document: Manifest, marks: Marks) -> list[str]:
    """Return the labels that an object or its pod template has with another value."""
    _, inner = template_labels(document)
    own = labels_of(document)
    return [
        name for name, value in marks.labels.items() if own.get(name, value) != value or inner.get(name, value) != value
    ]


def marked_delivery(manifest: Manifest, marks: Marks) -> Manifest:
    """Return a Kustomization, HelmRelease or Application that marks what it brings, besides bearing the marks."""
    found = marked(manifest, marks)
    if not marks:
        return found
    kind = group_kind(manifest)
    spec = mapping_at(manifest, "spec")
    if kind == KUSTOMIZATION:
        patches = [*items_at(spec, "patches"), *_template_patches(marks)]
        return {**found, "spec": {**spec, "commonMetadata": _common(spec, marks), "patches": patches}}
    if kind == HELM_RELEASE:
        renderers = [*items_at(spec, "postRenderers"), {"kustomize": {"patches": list(_template_patches(marks))}}]
        return {**found, "spec": {**spec, "commonMetadata": _common(spec, marks), "postRenderers": renderers}}
    if kind == APPLICATION_SET:
        head = {"apiVersion": manifest["apiVersion"], "kind": APPLICATION.kind}
        inside = marked_delivery({**head, **mapping_at(spec, "template")}, marks)
        template = {name: value for name, value in inside.items() if name not in head}
        return {**found, "spec": {**spec, "template": template}}
    if kind == APPLICATION and is_reached_by_kustomize(spec):
        options = mapping_at(spec, "source", "kustomize")
        kustomize = {
            **options,
            "commonLabels": {**marks.labels, **mapping_at(options, "commonLabels")},
            "labelWithoutSelector": True,
            "patches": [*items_at(options, "patches"), *_template_patches(marks), *_annotation_patches(marks)],
        }
        return {**found, "spec": {**spec, "source": {**mapping_at(spec, "source"), "kustomize": kustomize}}}
    return found


def is_reached_by_kustomize(spec: Manifest) -> bool:
    """Tell whether an Application builds a kustomization for sure: it says so, and changes no selectors by labels."""
    options = at(spec, "source", "kustomize")
    if not isinstance(options, dict) or not options:
        return False
    return not mapping_at(options, "commonLabels") or at(options, "labelWithoutSelector") is True


def _common(spec: Manifest, marks: Marks) -> dict[str, Json]:
    own = mapping_at(spec, "commonMetadata")
    found: dict[str, Json] = {"labels": {**marks.labels, **mapping_at(own, "labels")}}
    notes = {**marks.annotations, **mapping_at(own, "annotations")}
    return {**found, "annotations": notes} if notes else found


def _annotation_patches(marks: Marks) -> Iterator[dict[str, Json]]:
    """Yield a patch that annotates every object: ``commonAnnotations`` would reach pod templates too."""
    if marks.annotations:
        metadata = {"name": "any", "annotations": dict(marks.annotations)}
        patch = yamls.dump({"apiVersion": "v1", "kind": "Any", "metadata": metadata})
        yield {"target": {"kind": ".*"}, "patch": patch}


def _template_patches(marks: Marks) -> Iterator[dict[str, Json]]:
    """Yield patches that label pod templates, by kind; where there is none of a kind, nothing is patched."""
    inner: Json = {"metadata": {"labels": dict(marks.labels)}}
    for group, kinds, path in (
        (*_RUNNERS, ("spec", "template")),
        ("batch", "Job", ("spec", "template")),
        ("batch", "CronJob", ("spec", "jobTemplate", "spec", "template")),
    ):
        below = inner
        for step in reversed(path):
            below = {step: below}
        head = {"apiVersion": f"{group}/v1", "kind": kinds.partition("|")[0], "metadata": {"name": "any"}}
        yield {
            "target": {"group": group, "kind": f"({kinds})" if "|" in kinds else kinds},
            "patch": yamls.dump({**head, **below}),
        }
