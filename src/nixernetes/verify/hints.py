"""What was perhaps meant: the closest of the names that exist."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["meant"]

_TELLING = 3  # letters of a name that may stand in another: fewer stand in many by chance
_MOST = 2_000  # names that are compared; the search is quadratic in their length


def meant(name: str, known: Iterable[str]) -> str:
    """Return ``: is it NAME?`` for the closest of the known names, or ``""``.

    Args:
        name: what is written.
        known: what exists.

    """
    names = sorted(set(known))[:_MOST]
    near = get_close_matches(name, names, n=1, cutoff=0.5)
    if not near:
        telling = (each for each in names if min(len(name), len(each)) >= _TELLING)
        near = [each for each in telling if name in each or each in name][:1]
    return f": is it {near[0]}?" if near else ""
