"""Keys are printed in the order of Go's YAML writers."""

import pytest

from nixernetes.objects import yamls
from nixernetes.objects.key_order import ordered_keys


@pytest.mark.parametrize(
    "keys",
    [
        ("B", "Zed", "a", "ab"),
        ("a1", "a2", "a10", "a10b"),
        ("a-b", "a.b", "a/b", "a_b", "a~b", "ab"),
        ("_x", "~x", "x"),
        ("v1", "v01"),
        ("x0", "x00", "x000"),
        ("x10", "x100", "x101"),
        ("é", "日"),
    ],
)
def test_numbers_count_and_letters_come_last(keys: tuple[str, ...]) -> None:
    assert ordered_keys(tuple(reversed(keys))) == keys


def test_long_numbers_are_compared_in_bounded_time() -> None:
    keys = tuple("x" + "1" * length for length in (9000, 8000, 2))
    assert ordered_keys(keys) == keys[::-1]


def test_documents_are_written_in_that_order() -> None:
    assert yamls.dump({"a10": {"x2": 1, "x": 2}, "a9": 1}, sort_keys=True) == "a9: 1\na10:\n  x: 2\n  x2: 1\n"
    assert yamls.dump({"b": 1, "a": 2}) == "b: 1\na: 2\n"
