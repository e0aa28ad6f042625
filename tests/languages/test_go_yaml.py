"""What is wrong with a YAML text is told in the words of Go's readers, with their count of lines."""

from __future__ import annotations

import pytest

from nixernetes.errors import InputError
from nixernetes.languages.go_yaml import go_yaml_problem
from nixernetes.objects import yamls


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: x: y\n", "yaml: mapping values are not allowed in this context"),  # Go tells no first line
        ("---\na: b: c\n", "yaml: line 2: mapping values are not allowed in this context"),
        ("- a\nb: c", "yaml: line 1: did not find expected '-' indicator"),
        ("a: 'x\n", "yaml: line 2: found unexpected end of stream"),
        ("resources: [\n", "yaml: line 1: did not find expected node content"),
        ("a:\n\tb: c\n", "yaml: line 2: found character that cannot start any token"),
        ("a: *x\n", ""),
    ],
)
def test_a_problem_is_told_as_go_tells_it(text: str, told: str) -> None:
    with pytest.raises(InputError) as raised:
        yamls.parse(text, file="a.yaml")
    assert go_yaml_problem(raised.value) == told
