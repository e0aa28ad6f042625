r"""Which paths a git generator chooses: Go's ``path.Match`` for directories, Git's pathspecs for files (section 14.2).

For directories ``*`` and ``**`` alike stay within one folder, and nothing is matched below what a pattern names. For
files ``*`` crosses folders, as in ``git ls-files``, which Argo CD asks unless it is told to glob anew; a path without
a pattern means the file, or all below the folder. A pattern runs as an automaton: the work is at most the product of
both lengths.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from nixernetes.errors import InputError

__all__ = ["directory_matches", "file_matches"]

_ANSWERS = 16_384  # questions of which the latest answers are held: an engine asks the same ones at each look

_Test = Callable[[str], bool]
_MAX_LENGTH = 1024
_CLASSES: dict[str, _Test] = {
    "alnum": str.isalnum,
    "alpha": str.isalpha,
    "blank": lambda sign: sign in " \t",
    "digit": str.isdigit,
    "lower": str.islower,
    "punct": lambda sign: sign.isprintable() and not sign.isalnum() and sign != " ",
    "space": str.isspace,
    "upper": str.isupper,
    "xdigit": lambda sign: sign in "0123456789abcdefABCDEF",
}


@lru_cache(maxsize=_ANSWERS)
def directory_matches(pattern: str, path: str) -> bool:
    """Tell whether a pattern of ``directories`` matches a folder; a malformed one matches none, as in Argo CD.

    Raises:
        InputError: the pattern is longer than 1,024 characters.

    """
    return _runs(_compiled(pattern, False), path)


@lru_cache(maxsize=_ANSWERS)
def file_matches(pattern: str, path: str) -> bool:
    """Tell whether a pattern of ``files`` matches a file.

    Raises:
        InputError: the pattern is empty, absolute, has a magic prefix, or is longer than 1,024 characters.

    """
    if not pattern or pattern.startswith((":", "/")):
        raise InputError(f"git generator: {pattern!r} is empty, or begins with ':' or '/': name files from the top")
    wanted = "/".join(part for part in pattern.split("/") if part not in ("", "."))
    folder = not wanted or path.startswith(f"{wanted}/")
    if folder or pattern.endswith("/"):
        return folder
    return path == wanted or _runs(_compiled(wanted, True), path)


# A place in a pattern: a test of one character, or for a star whether it crosses folders.
_Token = _Test | bool


def _runs(tokens: tuple[_Token, ...] | None, text: str) -> bool:
    if tokens is None:
        return False
    states = _closed({0}, tokens)
    for sign in text:
        after: set[int] = set()
        for at in states:
            token = tokens[at] if at < len(tokens) else None
            if isinstance(token, bool):
                if token or sign != "/":
                    after.add(at)
            elif token is not None and token(sign):
                after.add(at + 1)
        states = _closed(after, tokens)
        if not states:
            return False
    return len(tokens) in states


def _closed(states: set[int], tokens: tuple[_Token, ...]) -> set[int]:
    """Add what is reached without a character: a star may stand for nothing."""
    closed = set(states)
    for state in states:
        at = state
        while at < len(tokens) and isinstance(tokens[at], bool):
            at += 1
            closed.add(at)
    return closed


@lru_cache(maxsize=256)
def _compiled(pattern: str, crosses: bool) -> tuple[_Token, ...] | None:
    """Compile a pattern; None when it is malformed."""
    if len(pattern) > _MAX_LENGTH:
        raise InputError(f"git generator: a path is longer than {_MAX_LENGTH:,} characters", subject=pattern[:50])
    tokens: list[_Token] = []
    at = 0
    while at < len(pattern):
        sign = pattern[at]
        at += 1
        if sign == "*":
            if not tokens or not isinstance(tokens[-1], bool):
                tokens.append(crosses)
        elif sign == "?":
            tokens.append(lambda other: crosses or other != "/")
        elif sign == "[":
            found = _class(pattern, at, posix=crosses)
            if found is None:
                return None
            test, at = found
            tokens.append(test)
        else:
            if sign == "\\":
                if at == len(pattern):
                    return None
                sign = pattern[at]
                at += 1
            tokens.append(sign.__eq__)
    return tuple(tokens)


def _class(pattern: str, at: int, *, posix: bool) -> tuple[_Test, int] | None:
    """Read a class of characters; Git knows ``[!a]``, ``[]a]`` and ``[[:alpha:]]``, Go does not."""
    negated = pattern[at : at + 1] in (("!", "^") if posix else ("^",))
    at += negated
    tests: list[_Test] = []
    while at < len(pattern):
        if pattern[at] == "]" and tests:
            return _any_of(tuple(tests), negated=negated), at + 1
        if posix and pattern.startswith("[:", at) and (end := pattern.find(":]", at)) > 0:
            known = _CLASSES.get(pattern[at + 2 : end])
            if known is None:
                return None
            tests.append(known)
            at = end + 2
            continue
        low, at = _character(pattern, at, posix=posix)
        high = low
        if pattern.startswith("-", at) and pattern[at + 1 : at + 2] not in ("", "]"):
            high, at = _character(pattern, at + 1, posix=posix)
        if not low or not high:
            return None
        tests.append(_between(low, high, posix=posix))
    return None


def _character(pattern: str, at: int, *, posix: bool) -> tuple[str, int]:
    """Return one character of a class and what follows; ``""`` where none may stand."""
    sign = pattern[at]
    if sign == "\\":
        return pattern[at + 1 : at + 2], at + 2
    return ("" if sign in "-]" and not posix else sign), at + 1


def _between(low: str, high: str, *, posix: bool) -> _Test:
    """Test for a range; Git takes the first character of a reversed one for itself."""
    return lambda sign: low <= sign <= high or (posix and sign == low)


def _any_of(tests: tuple[_Test, ...], *, negated: bool) -> _Test:
    return lambda sign: any(test(sign) for test in tests) != negated
