"""A null in a custom object: dropped or defaulted where an object is decoded, refused where it is applied."""

import pytest

from nixernetes.cluster.api import ApiError
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Json, Manifest

SPEC: Json = {
    "type": "object",
    "properties": {
        "ref": {"type": "object", "properties": {"branch": {"type": "string"}}},
        "size": {"type": "integer", "default": 3},
        "note": {"type": "string", "nullable": True},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        "words": {"type": "array", "items": {"type": "string"}},
    },
}
CRD: Manifest = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "widgets.example.com"},
    "spec": {
        "group": "example.com",
        "names": {"kind": "Widget", "plural": "widgets"},
        "scope": "Namespaced",
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "schema": {"openAPIV3Schema": {"type": "object", "properties": {"spec": SPEC}}},
            }
        ],
    },
}


def widget(**spec: Json) -> Manifest:
    meta = {"name": "w", "namespace": "default"}
    return {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": meta, "spec": spec}


@pytest.fixture(autouse=True)
def _defined(cluster: EmbeddedCluster) -> None:
    cluster.apply(CRD, manager="kubectl")


def said(what: str, kind: str) -> str:
    told = f'{what} in body must be of type {kind}: "null"'
    return f'Widget.example.com "w" is invalid: {what}: Invalid value: "null": {told}'


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"ref": None}, said("spec.ref", "object")),
        ({"ref": {"branch": None}}, said("spec.ref.branch", "string")),
        ({"labels": {"a": None}}, said("spec.labels.a", "string")),
        ({"words": ["a", None]}, said("spec.words[1]", "string")),
    ],
)
def test_an_applied_null_is_refused_where_it_may_not_be(cluster: EmbeddedCluster, spec: Json, message: str) -> None:
    with pytest.raises(ApiError) as caught:
        cluster.apply(widget(**spec), manager="kustomize-controller", dry_run=True)
    assert (caught.value.reason, caught.value.message) == ("Invalid", message)


def test_an_applied_null_is_defaulted_or_kept_where_it_may_be(cluster: EmbeddedCluster) -> None:
    stored = cluster.apply(widget(size=None, note=None), manager="kustomize-controller")
    assert stored["spec"] == {"size": 3, "note": None}


def test_nulls_of_a_created_or_replaced_object_go(cluster: EmbeddedCluster) -> None:
    sent = widget(ref={"branch": None}, size=None, note=None, labels={"a": None, "b": "1"})
    stored = cluster.create(sent, manager="kubectl")
    assert stored["spec"] == {"ref": {}, "size": 3, "note": None, "labels": {"b": "1"}}
    replaced = cluster.update({**stored, "spec": {"ref": None, "size": 4}}, manager="kubectl")
    assert replaced["spec"] == {"size": 4}


def test_nulls_of_a_client_that_merges_by_itself_go(cluster: EmbeddedCluster) -> None:
    cluster.apply(widget(ref=None, size=4), manager="argocd", lenient=True)
    found = cluster.get(key_of(widget()))
    assert found is not None
    assert found["spec"] == {"size": 4}
