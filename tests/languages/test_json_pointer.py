"""Pointers are read as RFC 6901 has them."""

import pytest

from nixernetes.languages.json_pointer import ABSENT, get, put, remove, steps
from nixernetes.objects.manifest import Json, copy


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ("", ()),
        ("/", ("",)),
        ("/spec/replicas", ("spec", "replicas")),
        ("/a~1b/m~0n/~01", ("a/b", "m~n", "~1")),
        ("/0/-", ("0", "-")),
    ],
)
def test_a_pointer_names_steps(pointer: str, expected: tuple[str, ...]) -> None:
    assert steps(pointer) == expected


DOCUMENT: Json = {"a": {"b": [1, {"c": None}]}, "": 2}


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ("", DOCUMENT),
        ("/", 2),
        ("/a/b/1/c", None),
        ("/a/b/2", ABSENT),
        ("/a/b/-1", ABSENT),
        ("/a/b/-", ABSENT),
        ("/a/b/\u00b2", ABSENT),
        ("/a/b/" + "9" * 5000, ABSENT),
        ("/a/b/0/x", ABSENT),
        ("/x/y", ABSENT),
    ],
)
def test_a_value_is_found_or_absent(pointer: str, expected: Json) -> None:
    assert get(DOCUMENT, steps(pointer)) is expected


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ("/a/b/0", {"a": {"b": [{"c": None}]}, "": 2}),
        ("/a/b/1/c", {"a": {"b": [1, {}]}, "": 2}),
        ("/a", {"": 2}),
        *((pointer, DOCUMENT) for pointer in ("", "/a/b/7", "/a/x/y", "/a/b/-")),
    ],
)
def test_what_is_not_there_stays_away_when_it_is_removed(pointer: str, expected: Json) -> None:
    document = copy(DOCUMENT)
    remove(document, steps(pointer))
    assert document == expected


@pytest.mark.parametrize(
    ("pointer", "create", "expected"),
    [
        ("/a/b/0", False, {"a": {"b": [9, {"c": None}]}, "": 2}),
        ("/a/x", False, {"a": {"b": [1, {"c": None}], "x": 9}, "": 2}),
        ("/x/y", True, {**DOCUMENT, "x": {"y": 9}}),
        ("/x/y", False, DOCUMENT),
        ("", True, DOCUMENT),
        ("/a/b/2", True, DOCUMENT),
        ("/a/b/1/c/d", True, DOCUMENT),
    ],
)
def test_a_value_is_put_where_its_holder_is_or_may_be_made(pointer: str, create: bool, expected: Json) -> None:
    document = copy(DOCUMENT)
    put(document, steps(pointer), 9, create=create)
    assert document == expected
