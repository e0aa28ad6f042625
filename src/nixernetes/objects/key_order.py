"""The order in which Go's YAML writers print the keys of a map: numbers in keys count as numbers, letters come last."""

from __future__ import annotations

from functools import cmp_to_key, lru_cache

__all__ = ["ordered_keys"]


@lru_cache(maxsize=4096)  # most objects share a few sets of keys
def ordered_keys(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return the keys in the order in which Go's YAML writers (yaml.v2, below sigs.k8s.io/yaml) print them."""
    if all(map(str.isalpha, keys)):
        return tuple(sorted(keys))
    return tuple(sorted(keys, key=cmp_to_key(_compared)))


def _compared(one: str, other: str) -> int:
    for at, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return _at_difference(one, other, at)
    return len(one) - len(other)


def _at_difference(one: str, other: str, at: int) -> int:
    left, right = one[at], other[at]
    if left.isalpha() and right.isalpha():
        return _sign(left < right)
    if left.isalpha() or right.isalpha():
        return _sign(right.isalpha())
    # Leading zeros count only behind a digit that is none.
    start = 0
    if "0" in (left, right):
        before = one[:at]
        digits = before[len(before.rstrip("0123456789")) :]
        start = 1 if digits.strip("0") else 0
    first, length = _number(one, at, start)
    second, other_length = _number(other, at, start)
    if first != second:
        return _sign(first < second)
    if length != other_length:
        return _sign(length < other_length)
    return _sign(left < right)


def _number(text: str, at: int, start: int) -> tuple[int, int]:
    end = at
    while end < len(text) and text[end].isdecimal():
        end += 1
    # Go counts in 64 bits and lets them overflow; long numbers are compared by their last digits there, by value here.
    digits = text[at:end][:4000]
    return (int(f"{start}{digits}") if digits else start), end


def _sign(is_less: bool) -> int:
    return -1 if is_less else 1
