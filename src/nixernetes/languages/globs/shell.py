r"""Shell patterns that match a beginning or an end of a text: ``*`` (any text), ``?``, ``[a-z]``, ``[^a]``, ``\x``.

A pattern runs as an automaton over the text, so the work is at most the product of both lengths.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

__all__ = ["longest_prefix", "matches", "shortest_prefix"]

_Test = Callable[[str], bool]
_MAX_PATTERN = 1024  # characters; bounds the work of one removal


def shortest_prefix(pattern: str, text: str, *, backwards: bool = False) -> int | None:
    """Return the length of the shortest beginning (backwards: end) that the pattern matches whole; None if none."""
    return _matched(pattern, text, backwards=backwards, longest=False)


def longest_prefix(pattern: str, text: str, *, backwards: bool = False) -> int | None:
    """Return the length of the longest beginning (backwards: end) that the pattern matches whole; None if none."""
    return _matched(pattern, text, backwards=backwards, longest=True)


def matches(pattern: str, text: str) -> bool:
    """Tell whether a pattern matches a whole text; one that is malformed matches nothing."""
    tests = _kept_tests(pattern)
    if tests is None:
        return False
    at, position, star, tried = 0, 0, -1, 0
    while position < len(text):
        test = tests[at] if at < len(tests) else _nothing
        if test is None:
            star, tried = at, position
            at += 1
        elif test(text[position]):
            at, position = at + 1, position + 1
        elif star >= 0:  # the last star takes one more; those before it need not, as what follows them was found
            tried += 1
            at, position = star + 1, tried
        else:
            return False
    return all(test is None for test in tests[at:])


def _nothing(_: str) -> bool:
    return False


@lru_cache(maxsize=4096)
def _kept_tests(pattern: str) -> list[_Test | None] | None:
    return _tests(pattern)


def _matched(pattern: str, text: str, *, backwards: bool, longest: bool) -> int | None:
    tests = _tests(pattern)
    if tests is None:
        return None
    if backwards:
        tests, text = tests[::-1], text[::-1]
    end, best = len(tests), None
    states = _closed({0}, tests)
    for position, character in enumerate(["", *text]):
        if position:
            states = _closed(_after(states, tests, character), tests)
        if end in states:
            best = position
            if not longest:
                return best
        if not states:
            break
    return best


def _after(states: set[int], tests: list[_Test | None], character: str) -> set[int]:
    following = set()
    for state in states:
        if state == len(tests):
            continue
        test = tests[state]
        if test is None:
            following.add(state)
        elif test(character):
            following.add(state + 1)
    return following


def _closed(states: set[int], tests: list[_Test | None]) -> set[int]:
    """Add what is reached without a character: a ``*`` may stand for nothing."""
    closed = set(states)
    for state in states:
        at = state
        while at < len(tests) and tests[at] is None:
            at += 1
            closed.add(at)
    return closed


def _tests(pattern: str) -> list[_Test | None] | None:
    """Compile a pattern: one test a character, None for ``*``; None as a whole when it is malformed."""
    if len(pattern) > _MAX_PATTERN:
        return None
    tests: list[_Test | None] = []
    at = 0
    while at < len(pattern):
        sign = pattern[at]
        at += 1
        if sign == "*":
            if not tests or tests[-1] is not None:
                tests.append(None)
        elif sign == "?":
            tests.append(lambda _: True)
        elif sign == "[":
            found = _range_test(pattern, at)
            if found is None:
                return None
            test, at = found
            tests.append(test)
        else:
            if sign == "\\":
                if at == len(pattern):
                    return None
                sign = pattern[at]
                at += 1
            tests.append(sign.__eq__)
    return tests


def _range_test(pattern: str, at: int) -> tuple[_Test, int] | None:
    negated = pattern.startswith("^", at)
    at += negated
    ranges: list[tuple[str, str]] = []
    while at < len(pattern):
        if pattern[at] == "]" and ranges:
            return (lambda c: any(low <= c <= high for low, high in ranges) != negated), at + 1
        low, at = _range_character(pattern, at)
        high = low
        if pattern.startswith("-", at):
            high, at = _range_character(pattern, at + 1)
        if not low or not high:
            return None
        ranges.append((low, high))
    return None


def _range_character(pattern: str, at: int) -> tuple[str, int]:
    """Return one character of a range and what follows; ``""`` where none may stand."""
    if pattern[at : at + 1] in ("", "-", "]"):
        return "", at + 1
    if pattern[at] == "\\":
        return pattern[at + 1 : at + 2], at + 2
    return pattern[at], at + 1
