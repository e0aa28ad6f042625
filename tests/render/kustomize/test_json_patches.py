"""JSON patches in overlays: how they are written, and what they may not do to an object."""

import json

import pytest

from nixernetes.objects.manifest import Manifest
from nixernetes.render.kustomize import KustomizeError, build
from nixernetes.render.tree import MemoryTree


def _built(patch: str) -> list[Manifest]:
    files = {
        "kustomization.yaml": "resources: [c.yaml]\n"
        f"patches: [{{target: {{kind: ConfigMap}}, patch: {json.dumps(patch)}}}]\n",
        "c.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: b}\n",
    }
    return [each.manifest for each in build(MemoryTree(files), "")]


@pytest.mark.parametrize("text", ['[{"op": "remove", "path": "/data"}]', "- {op: remove, path: /data}"])
def test_a_patch_is_json_or_a_yaml_list(text: str) -> None:
    assert _built(text) == [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}}]


def test_text_that_begins_as_a_json_list_must_be_json() -> None:
    with pytest.raises(KustomizeError, match="unable to parse SM or JSON patch"):
        _built("[{op: remove, path: /data}]")


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        ("{op: remove, path: /metadata/name}", "without metadata.name"),
        ("{op: replace, path: /metadata, value: []}", "without metadata.name"),
        ("{op: remove, path: /kind}", "without kind"),
    ],
)
def test_an_object_keeps_its_identity(operation: str, message: str) -> None:
    with pytest.raises(KustomizeError, match=message):
        _built(f"- {operation}")
