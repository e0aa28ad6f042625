"""One automaton matches what all dialects of globs spell, in time that grows with the text alone."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given, settings, strategies as st

from nixernetes.languages.globs.automaton import Either, One, Pattern, Run, any_but, leading, matcher
from nixernetes.languages.globs.git_files import file_matches
from nixernetes.languages.globs.gobwas import glob_match
from nixernetes.languages.globs.shell import longest_prefix, shortest_prefix

PARTS = st.recursive(
    st.sampled_from(
        ["a", "b", "/", Run(), Run("/"), any_but("/"), One((("a", "b"),)), One((("b", "a"),), negated=True)]
    ),
    lambda inner: st.lists(st.lists(inner, max_size=2).map(tuple), min_size=1, max_size=2).map(
        lambda branches: Either(tuple(branches))
    ),
    max_leaves=3,
)
TEXTS = ["".join(signs) for length in range(5) for signs in itertools.product("ab/", repeat=length)]


def _ends(pattern: Pattern, text: str) -> set[str]:
    """Return what may be left of a text behind a pattern: what the parts mean, word for word."""
    if not pattern:
        return {text}
    part, rest = pattern[0], pattern[1:]
    if isinstance(part, Either):
        left = set().union(*(_ends(branch, text) for branch in part.branches))
    elif isinstance(part, Run):
        allowed = len(list(itertools.takewhile(lambda sign: sign not in part.barred, text)))
        left = {text[taken:] for taken in range(allowed + 1)}
    elif isinstance(part, str):
        left = {text[1:]} if text.startswith(part) else set()
    else:
        fits = text and any(low <= text[0] <= high for low, high in part.ranges) != part.negated
        left = {text[1:]} if fits else set()
    return set().union(*(_ends(rest, each) for each in left))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(PARTS, max_size=4).map(tuple))
def test_a_pattern_matches_what_its_parts_mean(pattern: Pattern) -> None:
    matches = matcher(pattern)
    assert [text for text in TEXTS if matches(text)] == [text for text in TEXTS if "" in _ends(pattern, text)]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(["a", "b", Run(), any_but("")]), max_size=5).map(tuple))
def test_a_leading_match_is_the_longest_or_the_shortest(pattern: Pattern) -> None:
    for text in TEXTS:
        ends = [len(text) - len(left) for left in _ends(pattern, text)]
        assert leading(pattern, text, longest=True) == max(ends, default=None)
        assert leading(pattern, text, longest=False) == min(ends, default=None)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text("ab*?", max_size=6), st.text("ab", max_size=6))
def test_an_end_is_a_beginning_seen_from_behind(pattern: str, text: str) -> None:
    for length in (longest_prefix, shortest_prefix):
        assert length(pattern, text, backwards=True) == length(pattern[::-1], text[::-1])


@pytest.mark.parametrize("text", ["a\ud800b", "a\nb", "aéb", "a\U0001f600b"])
def test_any_character_is_one(text: str) -> None:
    assert glob_match("a?b", text)
    assert glob_match("a*b", text)
    assert glob_match("*[!x]*b", text)
    assert longest_prefix("a?", text) == 2


@pytest.mark.parametrize(
    ("name", "members"),
    [("alpha", "aZ"), ("digit", "09"), ("punct", "!~["), ("space", " \t\n"), ("blank", " \t"), ("xdigit", "fF0")],
)
def test_classes_of_git_are_of_ascii(name: str, members: str) -> None:
    """Git's ``wildmatch`` asks first whether a character is ASCII."""
    assert all(file_matches(f"x[[:{name}:]]", f"x{member}") for member in members)
    assert not any(file_matches(f"x[[:{name}:]]", f"x{sign}") for sign in "é²\x01")


def test_no_pattern_makes_the_time_grow() -> None:
    start = time.perf_counter()
    hostile = matcher((Run(), "a") * 300 + ("b",))
    assert not any(hostile("a" * 5000) for _ in range(10))
    assert leading((Run(), "a") * 300 + ("b",), "a" * 5000, longest=False) is None
    assert time.perf_counter() - start < 2
