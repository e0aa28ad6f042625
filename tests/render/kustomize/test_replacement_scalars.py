"""A replaced scalar keeps the type of the field it is written to; one that is made takes the type it looks like."""

import pytest

from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json
from nixernetes.render.kustomize import KustomizeError, build
from nixernetes.render.tree import MemoryTree


def _replaced(path: str, source: str, *, create: bool) -> Json:
    entry = {
        "source": {"kind": "Src", "fieldPath": "data.v"},
        "targets": [{"select": {"kind": "Dst"}, "fieldPaths": [path], "options": {"create": create}}],
    }
    objects = (
        f"apiVersion: example.com/v1\nkind: Src\nmetadata: {{name: s}}\ndata: {{v: {source}}}\n---\n"
        "apiVersion: example.com/v1\nkind: Dst\nmetadata: {name: d}\nspec: {none: null, text: a}\n"
    )
    files = {
        "a.yaml": objects,
        "kustomization.yaml": yamls.dump({"resources": ["a.yaml"], "replacements": [entry]}),
    }
    found = next(each.manifest for each in build(MemoryTree(files), "") if each.manifest["kind"] == "Dst")
    return found["spec"]


def test_a_made_scalar_takes_the_type_that_its_text_looks_like() -> None:
    spec = _replaced("spec.list.[k=1].z", '"true"', create=True)
    assert spec == {"none": None, "text": "a", "list": [{"k": 1, "z": True}]}


def test_text_stays_text() -> None:
    assert _replaced("spec.text", "true", create=True) == {"none": None, "text": "true"}


@pytest.mark.parametrize("create", [True, False])
def test_nothing_is_written_to_a_null(create: bool) -> None:
    with pytest.raises(KustomizeError, match="!!null"):
        _replaced("spec.none", "abc", create=create)
