"""Patches obey their algebra, leave their arguments alone, and answer anything with a result or an InputError."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings, strategies as st

from nixernetes.errors import InputError
from nixernetes.languages import json_patch
from nixernetes.languages.kyaml import strategic_merge
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json, copy
from nixernetes.render.kustomize import KustomizeError, build
from nixernetes.render.kustomize.resources.openapi import OpenApi
from nixernetes.render.tree import MemoryTree

SCHEMAS = OpenApi()
QUICK = settings(max_examples=150, deadline=None, derandomize=True)
NAMES = st.sampled_from(["a", "b", "name", "containers", "env", "ports", "containerPort", "a/b", "~", "0", "1", "-"])
SCALARS = st.none() | st.booleans() | st.integers(-3, 300) | st.sampled_from(["", "x", "y", "delete", "replace"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.just("$patch"), inner, max_size=3),
    max_leaves=10,
)
MAPS = st.recursive(
    st.sampled_from(["x", "y", 1, True]),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, min_size=1, max_size=3),
    max_leaves=8,
)
POINTERS = st.lists(st.sampled_from(["a", "b", "0", "1", "-", "-1", "~0", "~1", "~2", "", "9" * 5000, "²", "--1"])).map(
    lambda tokens: "".join(f"/{token}" for token in tokens)
)


def _deployment(spec: Json) -> dict[str, Json]:
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "d"}, "spec": spec}


def _patched(document: Json, *rows: dict[str, Json]) -> Json:
    return json_patch.apply(document, json_patch.parse(yamls.dump(list(rows))))


@QUICK
@given(MAPS, MAPS)
def test_merging_maps_twice_is_merging_once(spec: Json, change: Json) -> None:
    assume(isinstance(spec, dict) and isinstance(change, dict))
    patch = {"apiVersion": "example.com/v1", "kind": "X", "metadata": {"name": "d"}, "spec": change}
    target = {**patch, "spec": spec}
    try:
        once = strategic_merge.merge(target, patch, SCHEMAS)
    except KustomizeError:
        return
    assert once is not None
    assert strategic_merge.merge(once, patch, SCHEMAS) == once


@QUICK
@given(MAPS)
def test_a_merge_with_nothing_changes_nothing(spec: Json) -> None:
    target = {"apiVersion": "example.com/v1", "kind": "X", "metadata": {"name": "d"}, "spec": spec}
    assert strategic_merge.merge(target, {}, SCHEMAS) == target


@QUICK
@given(VALUES, VALUES)
def test_any_merge_has_a_result_or_is_refused_and_changes_no_argument(spec: Json, change: Json) -> None:
    template = {"template": {"spec": {"containers": spec}}}
    target, patch = _deployment(template), _deployment({"template": {"spec": {"containers": change}}})
    before = copy([target, patch])
    try:
        strategic_merge.merge(target, patch, SCHEMAS)
    except InputError as error:
        assert str(error)  # noqa: PT017  # both outcomes are right; only another exception is not
    assert [target, patch] == before


@QUICK
@given(
    st.dictionaries(st.sampled_from("ab"), VALUES),
    st.lists(
        st.fixed_dictionaries(
            {"op": st.sampled_from(["add", "remove", "replace", "move", "copy", "test"]), "path": POINTERS},
            optional={"from": POINTERS, "value": VALUES},
        ),
        max_size=6,
    ),
)
def test_any_json_patch_has_a_result_or_is_refused_and_changes_no_argument(
    document: dict[str, Json], rows: list[dict[str, Json]]
) -> None:
    operations = [
        json_patch.PatchOperation(row["op"], row["path"], row.get("value"), row.get("from", "")) for row in rows
    ]
    before = copy([document, [row.value for row in operations]])
    try:
        result = json_patch.apply(document, operations)
    except InputError:
        result = {}
    assert isinstance(result, dict)
    assert [document, [row.value for row in operations]] == before


def _naive(node: Json, tokens: list[str], op: str, value: Json) -> Json:
    """Apply one step to JSON of maps only, as RFC 6902 words it, but ``replace`` may add; None: it does not apply."""
    if not isinstance(node, dict) or ((op == "remove" or len(tokens) > 1) and tokens[0] not in node):
        return None
    if len(tokens) > 1:
        below = _naive(node[tokens[0]], tokens[1:], op, value)
        return None if below is None else {**node, tokens[0]: below}
    if op == "remove":
        return {name: item for name, item in node.items() if name != tokens[0]}
    return {**node, tokens[0]: value}


@QUICK
@given(
    st.dictionaries(st.sampled_from("abc"), MAPS),
    st.lists(st.sampled_from("abc"), min_size=1, max_size=3),
    st.sampled_from(["add", "remove", "replace"]),
    MAPS,
)
def test_json_patches_of_maps_do_what_the_rfc_says(document: Json, tokens: list[str], op: str, value: Json) -> None:
    expected = _naive(document, tokens, op, value)
    step = {"op": op, "path": "/" + "/".join(tokens), "value": value}
    if expected is None:
        with pytest.raises(InputError):
            _patched(document, step)
    else:
        assert _patched(document, step) == expected


@pytest.mark.parametrize(
    ("document", "rows", "expected"),
    [
        ({"foo": "bar"}, [{"op": "add", "path": "/baz", "value": "qux"}], {"baz": "qux", "foo": "bar"}),
        (
            {"foo": ["bar", "baz"]},
            [{"op": "add", "path": "/foo/1", "value": "qux"}],
            {"foo": ["bar", "qux", "baz"]},
        ),
        ({"baz": "qux", "foo": "bar"}, [{"op": "remove", "path": "/baz"}], {"foo": "bar"}),
        ({"foo": ["bar", "qux", "baz"]}, [{"op": "remove", "path": "/foo/1"}], {"foo": ["bar", "baz"]}),
        (
            {"foo": {"bar": "baz", "waldo": "fred"}, "qux": {"corge": "grault"}},
            [{"op": "move", "from": "/foo/waldo", "path": "/qux/thud"}],
            {"foo": {"bar": "baz"}, "qux": {"corge": "grault", "thud": "fred"}},
        ),
        (
            {"foo": ["all", "grass", "cows", "eat"]},
            [{"op": "move", "from": "/foo/1", "path": "/foo/3"}],
            {"foo": ["all", "cows", "eat", "grass"]},
        ),
        ({"/": 9, "~1": 10}, [{"op": "test", "path": "/~01", "value": 10}], {"/": 9, "~1": 10}),
        ({"foo": ["bar"]}, [{"op": "add", "path": "/foo/-", "value": ["a"]}], {"foo": ["bar", ["a"]]}),
    ],
)
def test_the_examples_of_rfc_6902_hold(document: Json, rows: list[Json], expected: Json) -> None:
    assert _patched(document, *rows) == expected


def test_a_copy_is_no_alias() -> None:
    rows: list[Json] = [{"op": "copy", "from": "/a", "path": "/b"}, {"op": "add", "path": "/b/x", "value": 1}]
    assert _patched({"a": {}}, *rows) == {"a": {}, "b": {"x": 1}}


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"op": "copy", "from": "/a", "path": f"/a/k{n}"} for n in range(40)], "more than 1,000,000 values"),
        ([{"op": "copy", "from": "/t", "path": f"/k{n}"} for n in range(40)], "more than 32 MiB of text"),
        ([{"op": "copy", "from": "/a", "path": "/a/z"}, *[{"op": "copy", "from": "/a", "path": "/a/z"}] * 300], "deep"),
        (
            [
                *[
                    {"op": "add", "path": "/y", "value": {}},
                    {"op": "move", "from": "/a", "path": "/y/x"},
                    {"op": "move", "from": "/y", "path": "/a"},
                ]
                * 300,
            ],
            "nested deeper than 200",
        ),
        ([{"op": "add", "path": "/l/" + "9" * 5000, "value": 1}], "not a proper array index"),
        ([{"op": "add", "path": "/a" * 100_000, "value": 1}], "nested deeper than 200"),
    ],
    ids=["copies double", "copies of text", "copies nest", "moves nest", "index", "path"],
)
def test_a_patch_that_grows_without_end_is_refused(rows: list[dict[str, Json]], message: str) -> None:
    document = {"a": {"x": "y"}, "t": "x" * 1_000_000, "l": []}
    operations = [
        json_patch.PatchOperation(row["op"], row["path"], row.get("value"), row.get("from", "")) for row in rows
    ]
    with pytest.raises(InputError, match=message) as caught:
        json_patch.apply(document, operations)
    assert len(str(caught.value)) < 1000


def test_a_list_too_long_to_be_merged_is_refused_with_the_patch() -> None:
    patch = _deployment({"template": {"spec": {"containers": [{"name": f"c{n}"} for n in range(2000)]}}})
    files = {
        "kustomization.yaml": "resources: [a.yaml]\npatches: [{path: p.yaml}]\n",
        "a.yaml": yamls.dump(_deployment({})),
        "p.yaml": yamls.dump(patch),
    }
    with pytest.raises(KustomizeError, match=r"^p\.yaml: .*2,000 items is too long to be merged"):
        build(MemoryTree(files), "")
