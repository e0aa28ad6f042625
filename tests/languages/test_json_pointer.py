"""Pointers are read as RFC 6901 has them."""

import pytest

from nixernetes.languages.json_pointer import steps


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
