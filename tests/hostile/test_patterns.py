"""What users write as patterns is matched in time that grows with the lengths, never faster."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings, strategies as st

from nixernetes.errors import InputError
from nixernetes.languages.globs.go_paths import compiled
from nixernetes.languages.globs.paths import glob_matches, path_glob_matches
from nixernetes.render.flux.ignore import filter_source
from nixernetes.render.tree import MemoryTree

SLOW = ["*a" * 100 + "b", "a*" * 100 + "b", "**/" * 100 + "b", "*?" * 100 + "b", "[a]*" * 100 + "b"]
NAME = "a" * 200


@pytest.mark.parametrize("pattern", SLOW)
def test_a_pattern_full_of_stars_takes_no_time(pattern: str) -> None:
    assert not compiled(pattern, "")(NAME)
    assert not glob_matches(pattern, NAME)
    assert not path_glob_matches(pattern, f"{NAME}/{NAME}")
    assert len(list(filter_source(MemoryTree({NAME: "", f"x/{NAME}": ""}), pattern).walk())) == 2


@pytest.mark.parametrize("pattern", ["{a,{a,{a,{a,a}}}}*" * 50 + "b", "{*a,*a}" * 50 + "b"])
def test_a_glob_with_choices_takes_no_time(pattern: str) -> None:
    assert not glob_matches(pattern, NAME)


def test_too_many_patterns_of_what_to_ignore_are_refused() -> None:
    with pytest.raises(InputError, match=r"^\.sourceignore: more than 1,000 patterns"):
        filter_source(MemoryTree({".sourceignore": "x\n" * 1001}))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text("ab*?", max_size=8), st.text("ab", max_size=8))
def test_a_shell_pattern_means_what_the_expression_means(pattern: str, text: str) -> None:
    expression = "".join({"*": ".*", "?": "."}.get(sign, sign) for sign in pattern)
    assert compiled(pattern, "")(text) == (re.fullmatch(expression, text) is not None)
