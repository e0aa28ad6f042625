"""A label that was made at several places is one node to Kustomize: changed at one place, it is changed at all."""

import pytest

from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.kustomize import build
from nixernetes.render.tree import MemoryTree

DEPLOYMENT = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {template: {spec: {containers: [{name: c}]}}}\n"
)
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {type: ClusterIP}\n"


def _built(base: str, overlay: str) -> dict[str, Manifest]:
    files = {
        "base/kustomization.yaml": f"resources: [d.yaml, s.yaml]\n{base}\n",
        "base/d.yaml": DEPLOYMENT,
        "base/s.yaml": SERVICE,
        "overlay/kustomization.yaml": f"resources: [../base]\n{overlay}\n",
    }
    return {each.manifest["kind"]: each.manifest for each in build(MemoryTree(files), "overlay")}


def _labels(deployment: Manifest) -> list[Json]:
    spec = deployment["spec"]
    return [
        deployment["metadata"]["labels"]["app"],
        spec["selector"]["matchLabels"]["app"],
        spec["template"]["metadata"]["labels"]["app"],
    ]


@pytest.mark.parametrize("base", ["commonLabels: {app: one}", "labels: [{pairs: {app: one}, includeSelectors: true}]"])
@pytest.mark.parametrize(
    "overlay",
    [
        "labels: [{pairs: {app: two}}]",
        "patches: [{patch: '{apiVersion: apps/v1, kind: Deployment, metadata: {name: d, labels: {app: two}}}'}]",
        "replacements: [{source: {kind: Service, name: s, fieldPath: spec.type}, targets: [TARGET]}]",
    ],
    ids=["label", "merge", "replacement"],
)
def test_a_change_at_one_place_is_a_change_at_all(base: str, overlay: str) -> None:
    target = "{select: {kind: Deployment}, fieldPaths: [metadata.labels.app]}"
    found = _built(base, overlay.replace("TARGET", target))
    value = "ClusterIP" if "replacements" in overlay else "two"
    assert _labels(found["Deployment"]) == [value] * 3
    assert all(type(label) is str for label in _labels(found["Deployment"]))


def test_each_object_has_its_own() -> None:
    patch = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: d, labels: {app: two}}}"
    found = _built("commonLabels: {app: one}", f"patches: [{{patch: '{patch}'}}]")
    assert found["Service"]["spec"]["selector"] == {"app": "one"}


@pytest.mark.parametrize(
    "between",
    [
        "patches: [{target: {kind: Deployment}, patch: '- {op: add, path: /spec/paused, value: true}'}]",
        "patches: [{target: {kind: Deployment}, patch: '- {op: replace, path: /metadata/labels/app, value: one}'}]",
    ],
)
def test_a_json_patch_loosens_what_was_tied(between: str) -> None:
    found = _built("commonLabels: {app: one}", f"{between}\nlabels: [{{pairs: {{app: two}}}}]")
    assert _labels(found["Deployment"]) == ["two", "one", "one"]


@pytest.mark.parametrize(("metadata", "template"), [("", "two"), ("buildMetadata: [transformerAnnotations]", "one")])
def test_an_object_with_build_metadata_has_annotations_of_its_own(metadata: str, template: str) -> None:
    patch = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: d, annotations: {note: two}}}"
    deployment = _built("commonAnnotations: {note: one}", f"patches: [{{patch: '{patch}'}}]\n{metadata}")["Deployment"]
    assert deployment["metadata"]["annotations"]["note"] == "two"
    assert deployment["spec"]["template"]["metadata"]["annotations"] == {"note": template}


def test_what_a_generator_merges_is_on_its_own() -> None:
    base = "configMapGenerator: [{name: g, literals: [a=b]}]\ncommonLabels: {app: one}"
    overlay = "configMapGenerator: [{name: g, behavior: merge, literals: [b=c]}]\nlabels: [{pairs: {app: two}}]"
    assert all(type(value) is str for value in _built(base, overlay)["ConfigMap"]["metadata"]["labels"].values())


def test_what_is_copied_to_another_object_is_on_its_own() -> None:
    overlay = (
        "replacements: [{source: {kind: Deployment, name: d, fieldPath: metadata.labels}, "
        "targets: [{select: {kind: Service}, fieldPaths: [spec.copied], options: {create: true}}]}]\n"
        "labels: [{pairs: {app: two}}]"
    )
    service = _built("commonLabels: {app: one}", overlay)["Service"]
    assert service["spec"]["copied"] == {"app": "two"}
    assert type(service["spec"]["copied"]["app"]) is str
