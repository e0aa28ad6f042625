"""A misfit names the first place that has not its form, in the words of the Kubernetes API."""

from __future__ import annotations

import pytest

from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Json, annotations_of, labels_of
from nixernetes.objects.shapes import SCALAR, misfit

SHAPE: Json = {"path": str, "prune": bool, "list": [{"name!": str}], "map": {"*": SCALAR}, "any": object}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({}, ""),
        ({"path": None, "list": [], "map": {"a": None, "b": 1}, "any": [1], "more": 3}, ""),
        ([], "spec: must be an object"),
        ({"path": 3}, "spec.path: must be a string"),
        ({"prune": "yes"}, "spec.prune: must be a boolean"),
        ({"list": {}}, "spec.list: must be an array"),
        ({"list": [{"name": "a"}, None]}, "spec.list[1]: must be an object"),
        ({"list": [{}]}, "spec.list[0].name: is required"),
        ({"map": {"a": []}}, "spec.map.a: must be a string, number or boolean"),
    ],
)
def test_the_first_misfit_is_named(value: Json, expected: str) -> None:
    assert misfit(SHAPE, value, "spec") == expected


@pytest.mark.parametrize("wrong", [3, [1], {"a": 1}, True, None])
def test_whatever_is_written_has_an_identity(wrong: Json) -> None:
    """As Kubernetes reads unstructured objects: a part that is no text is missing."""
    nobody = ObjectKey("", "", "", "")
    assert key_of({"apiVersion": wrong, "kind": wrong, "metadata": {"name": wrong, "namespace": wrong}}) == nobody
    assert key_of({"metadata": wrong}) == nobody
    assert labels_of({"metadata": {"labels": wrong}}) == {}
    assert annotations_of({"metadata": {"annotations": {"a": "b", "c": 3}}}) == {}
