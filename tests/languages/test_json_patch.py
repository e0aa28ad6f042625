"""JSON patches do what Kubernetes' library does, where it is more lenient than the RFC and where it is not."""

import pytest

from nixernetes.errors import InputError
from nixernetes.languages import json_patch
from nixernetes.objects.manifest import Json, Manifest

OBJECT: Manifest = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "c"},
    "data": {"a": "x", "none": None},
    "list": [1, 2],
}


def _patched(*lines: str) -> Manifest:
    return json_patch.apply(OBJECT, json_patch.parse("".join(f"- {line}\n" for line in lines)))


@pytest.mark.parametrize(
    ("operation", "field", "expected"),
    [
        ("{op: replace, path: /data/new, value: 1}", "data", {"a": "x", "none": None, "new": 1}),
        ("{op: copy, from: /data/new, path: /data/q}", "data", {"a": "x", "none": None, "q": None}),
        ("{op: add, path: /data/q}", "data", {"a": "x", "none": None, "q": None}),
        ("{op: test, path: /data/new, value: null}", "list", [1, 2]),
        ("{op: test, path: /list/0, value: 1.0}", "list", [1, 2]),
        ("{op: replace, path: /list/-1, value: 9}", "list", [1, 9]),
        ("{op: replace, path: /list/+1, value: 9}", "list", [1, 9]),
        ("{op: remove, path: /list/+0}", "list", [2]),
        ("{op: replace, path: '', value: 3}", "list", [1, 2]),
    ],
)
def test_the_library_is_lenient(operation: str, field: str, expected: Json) -> None:
    assert _patched(operation)[field] == expected


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        ("{op: replace, path: /nope/x, value: 1}", "doc is missing path"),
        ("{op: replace, path: /list/2, value: 1}", "doc is missing key"),
        ("{op: test, path: /list/9, value: null}", "invalid index"),
        ("{op: test, path: /nope/x, value: null}", "missing path"),
        ("{op: copy, from: '', path: /data/x}", "missing path"),
        ("{op: move, from: /data/new, path: /data/x}", "nonexistent key"),
        ("{op: add, path: '', value: {}}", "missing path"),
        ("{op: replace, path: '', value: []}", "a list in place of the object"),
    ],
)
def test_what_does_not_apply_is_told(operation: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        _patched(operation)


def test_a_whole_object_is_replaced() -> None:
    other = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}}
    assert _patched("{op: replace, path: '', value: {apiVersion: v1, kind: Secret, metadata: {name: s}}}") == other
