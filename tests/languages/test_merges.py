"""Layers and merge patches: what each gives, and that neither changes what it was given."""

import pytest
from hypothesis import given, strategies as st

from nixernetes.languages.merges import merge_patched, overlaid
from nixernetes.objects.manifest import Json, copy

VALUES = st.recursive(
    st.none() | st.integers(0, 2) | st.lists(st.integers(0, 2), max_size=2),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
)


@pytest.mark.parametrize(
    ("target", "patch", "expected"),
    [
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_the_examples_of_rfc_7386_hold(target: Json, patch: Json, expected: Json) -> None:
    assert merge_patched(target, patch) == expected


@given(VALUES, VALUES)
def test_a_merge_patch_says_all_about_what_it_names(target: Json, patch: Json) -> None:
    before = copy([target, patch])
    once = merge_patched(target, patch)
    assert merge_patched(once, patch) == once
    assert [target, patch] == before


def test_the_upper_layer_replaces_all_but_maps() -> None:
    below = {"a": {"x": 1, "y": [1]}, "b": {"k": 1}, "c": 1}
    above = {"a": {"y": [2]}, "b": None, "d": {"n": None}}
    assert overlaid(below, above) == {"a": {"x": 1, "y": [2]}, "b": None, "c": 1, "d": {"n": None}}


@given(VALUES, VALUES)
def test_a_layer_laid_over_twice_is_laid_over_once_and_no_argument_changes(below: Json, above: Json) -> None:
    before = copy([below, above])
    once = overlaid(below, above)
    assert overlaid(once, above) == once
    assert [below, above] == before
