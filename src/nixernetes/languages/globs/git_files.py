r"""Which paths a git generator chooses: Go's ``path.Match`` for directories, Git's pathspecs for files (section 14.2).

For directories ``*`` and ``**`` alike stay within one folder, and nothing is matched below what a pattern names. For
files ``*`` crosses folders, as in ``git ls-files``, which Argo CD asks unless it is told to glob anew; a path without
a pattern means the file, or all below the folder.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from nixernetes.errors import InputError
from nixernetes.languages.globs import go_paths
from nixernetes.languages.globs.automaton import MalformedError, One, Pattern, Run, any_but, tolerant

__all__ = ["directory_matches", "file_matches"]

_ANSWERS = 16_384  # questions of which the latest answers are held: an engine asks the same ones at each look
_MAX_LENGTH = 1024
# What Git's wildmatch knows, of ASCII alone.
_CLASSES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "alnum": (("0", "9"), ("A", "Z"), ("a", "z")),
    "alpha": (("A", "Z"), ("a", "z")),
    "blank": ((" ", " "), ("\t", "\t")),
    "cntrl": (("\0", "\x1f"), ("\x7f", "\x7f")),
    "digit": (("0", "9"),),
    "graph": (("!", "~"),),
    "lower": (("a", "z"),),
    "print": ((" ", "~"),),
    "punct": (("!", "/"), (":", "@"), ("[", "`"), ("{", "~")),
    "space": ((" ", " "), ("\t", "\r")),
    "upper": (("A", "Z"),),
    "xdigit": (("0", "9"), ("A", "F"), ("a", "f")),
}


@lru_cache(maxsize=_ANSWERS)
def directory_matches(pattern: str, path: str) -> bool:
    """Tell whether a pattern of ``directories`` matches a folder; a malformed one matches none, as in Argo CD.

    Raises:
        InputError: the pattern is longer than 1,024 characters.

    """
    _refuse_long(pattern)
    return go_paths.compiled(pattern, "/")(path)


@lru_cache(maxsize=_ANSWERS)
def file_matches(pattern: str, path: str) -> bool:
    """Tell whether a pattern of ``files`` matches a file; a malformed one matches none.

    Raises:
        InputError: the pattern is empty, absolute, has a magic prefix, or is longer than 1,024 characters.

    """
    if not pattern or pattern.startswith((":", "/")):
        raise InputError(f"git generator: {pattern!r} is empty, or begins with ':' or '/': name files from the top")
    wanted = "/".join(part for part in pattern.split("/") if part not in ("", "."))
    folder = not wanted or path.startswith(f"{wanted}/")
    if folder or pattern.endswith("/"):
        return folder
    return path == wanted or _compiled(wanted)(path)


def _refuse_long(pattern: str) -> None:
    if len(pattern) > _MAX_LENGTH:
        raise InputError(f"git generator: a path is longer than {_MAX_LENGTH:,} characters", subject=pattern[:50])


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> Callable[[str], bool]:
    _refuse_long(pattern)
    return tolerant(pattern, _part)


def _part(text: str, at: int) -> tuple[Pattern, int]:
    if text[at] == "*":
        return (Run(),), at + 1
    if text[at] == "?":
        return (any_but(""),), at + 1
    if text[at] == "[":
        return _set(text, at + 1)
    sign, at = _character(text, at)
    return (sign,), at


def _set(text: str, at: int) -> tuple[Pattern, int]:
    """Read a set of characters; Git knows ``[!a]``, ``[]a]`` and ``[[:alpha:]]``."""
    negated = text[at : at + 1] in ("!", "^")
    at += negated
    ranges: list[tuple[str, str]] = []
    while not (ranges and text.startswith("]", at)):
        if text.startswith("[:", at) and (end := text.find(":]", at)) > 0:
            if text[at + 2 : end] not in _CLASSES:
                raise MalformedError
            ranges += _CLASSES[text[at + 2 : end]]
            at = end + 2
            continue
        low, at = _character(text, at)
        high = low
        if text.startswith("-", at) and text[at + 1 : at + 2] not in ("", "]"):
            high, at = _character(text, at + 1)
        ranges += ((low, low), (low, high))  # the first character of a range stands for itself, wherever it ends
    return (One(tuple(ranges), negated),), at + 1


def _character(text: str, at: int) -> tuple[str, int]:
    at += text.startswith("\\", at)
    if at >= len(text):
        raise MalformedError
    return text[at], at + 1
