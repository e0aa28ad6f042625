"""Where keys stand twice is counted as Go's reader counts."""

from __future__ import annotations

import itertools

import pytest

from nixernetes.objects.yaml_reading.repeated_keys import repeated_keys


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a: 1\nb: 2\na: 3\n", ['line 3: mapping key "a" already defined at line 1']),
        # Each pair, by the key that stands first; then what is below.
        (
            "m: {x: 1, x: 2}\na: 1\nb: 1\nb: 2\na: 2\na: 3\n",
            [
                'line 5: mapping key "a" already defined at line 2',
                'line 6: mapping key "a" already defined at line 2',
                'line 4: mapping key "b" already defined at line 3',
                'line 6: mapping key "a" already defined at line 5',
                'line 1: mapping key "x" already defined at line 1',
            ],
        ),
        # The lines of the document that has them, from behind what divides it from the one before.
        ("---\na: 1\n---\n# c\na: 1\na: 2\n", ['line 3: mapping key "a" already defined at line 2']),
        ("---\na: 1\na: 2\n", ['line 3: mapping key "a" already defined at line 2']),
        ("a: 1\n", []),
        ("a: [\n", []),
    ],
)
def test_each_pair_is_told_with_its_lines(text: str, rows: list[str]) -> None:
    assert repeated_keys(text.encode()) == rows


def test_an_alias_is_looked_at_once() -> None:
    names = "abcdefghijklmnopqrstu"
    text = "a: &a {x: 1}\n" + "".join(
        f"{name}: &{name} [*{before}, *{before}]\n" for before, name in itertools.pairwise(names)
    )
    assert repeated_keys((text + "z: 1\nz: 2\n").encode()) == ['line 23: mapping key "z" already defined at line 22']
