"""``validate.pattern`` in CEL: an expression that holds where the pattern does not fail.

A pattern passes, fails, or is not about the object (an anchor says so). A policy in CEL knows two answers, so that what
an anchor passes over passes. The order of keys, and what anchors do to each other, is that of
``kyverno.engine.patterns``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from nixernetes.kyverno.engine.patterns import anchor_of, phases_of
from nixernetes.kyverno.engine.scalars import duration, quantity, range_ends
from nixernetes.kyverno.engine.variables import has_variables, referenced
from nixernetes.kyverno.engine.wildcards import has_wildcard, matches
from nixernetes.kyverno.migration.queries import CelQuery, Queries, QueryShape
from nixernetes.kyverno.migration.spelling import (
    NotCarriedError,
    all_of,
    any_of,
    fits,
    literal,
    member,
    negated,
    optional_member,
)
from nixernetes.objects.manifest import Json

__all__ = ["pattern_holds"]

_OPERATORS: Final = (">=", "<=", ">", "<", "!")
_ORDERED: Final = {">=": ">= 0", "<=": "<= 0", ">": "> 0", "<": "< 0"}
_FREE: Final = ("labels", "annotations")


def pattern_holds(pattern: Json, root: str, queries: Queries) -> str:
    """Return whether a value does not fail a pattern.

    Args:
        pattern: the pattern.
        root: the value, an expression that always has one.
        queries: what variables mean.

    Raises:
        NotCarriedError: it cannot be written in CEL.
        VariableError: a reference leads nowhere.

    """
    found = _Patterns(queries).test(referenced(pattern), CelQuery(text=root))
    return found.unless_failed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Test:
    """What a pattern says of a value.

    Attributes:
        holds: whether it passes.
        skips: whether it is not about the value; ``"false"`` where it always is.
        needs: whether it fails where the value is absent.

    """

    holds: str
    skips: str = "false"
    needs: bool = True

    @property
    def unless_failed(self) -> str:
        return any_of([self.skips, self.holds])


@dataclass(slots=True)
class _Patterns:
    queries: Queries
    loops: int = field(default=0)

    def test(self, pattern: Json, value: CelQuery) -> _Test:
        if isinstance(pattern, dict):
            return self.mapping(pattern, value)
        if isinstance(pattern, list):
            return self.sequence(pattern, value)
        return self.scalar(pattern, value)

    def child(self, value: CelQuery, name: str) -> CelQuery:
        if value.optional:
            return CelQuery(text=member(value.text, name), optional=optional_member(value.optional, name))
        if value.text in ("object", "oldObject") and (name == "metadata" or (name == "spec" and self.queries.has_spec)):
            return CelQuery(text=member(value.text, name))
        if value.text.endswith("object.spec") and name == "containers" and self.queries.has_spec:
            return CelQuery(text=member(value.text, name))  # a pod without containers is none
        return CelQuery(text=member(value.text, name), optional=optional_member(value.text, name))

    def mapping(self, pattern: Mapping[str, Json], value: CelQuery, *, is_free: bool = False) -> _Test:
        first, others = phases_of(pattern)
        skips, tests = [], []
        for key in first:
            kind, name = anchor_of(key)
            if has_wildcard(name):
                tests.append(self.any_key(kind, name, value, is_free=is_free))
                continue
            found = self.anchored(kind, pattern[key], self.child(value, name))
            if kind == "()":
                skips.append(negated(found.holds))
            else:
                skips.append(found.skips)
                tests.append(found.holds)
        holds, skip = "true", "false"
        for key in reversed(others):
            found = self.plain(key, pattern[key], value)
            skip = any_of([found.skips, all_of([found.holds, skip])])
            holds = all_of([found.holds, holds])
        before = any_of(skips)
        needs = any(anchor_of(key)[0] in ("", "+") for key in others) or not pattern
        if value.optional and not (needs and others and self.requires(pattern, others)):
            tests = [f"{value.optional}.hasValue()", *tests]
        return _Test(
            holds=all_of([negated(before), *tests, holds]),
            skips=any_of([before, all_of([*tests, skip])]),
        )

    def requires(self, pattern: Mapping[str, Json], others: list[str]) -> bool:
        """Tell whether a key of a map fails where the map is absent."""
        return any(
            not isinstance(pattern[key], dict | list)
            and self.scalar(pattern[key], CelQuery(text="x", optional="x")).needs
            for key in others
            if anchor_of(key)[0] == "" and not has_variables(pattern[key])
        )

    def any_key(self, kind: str, name: str, value: CelQuery, *, is_free: bool) -> str:
        """Return the test of an anchor on all keys that fit a text with wildcards."""
        if kind != "X" or not is_free:
            raise NotCarriedError(f"the wildcard key {name}")
        return f"!{value.gentle('{}')}.exists(key, {fits('key', name)})"

    def anchored(self, kind: str, pattern: Json, value: CelQuery) -> _Test:
        there = f"{value.optional}.hasValue()" if value.optional else "true"
        if kind == "X":
            return _Test(holds=negated(there))
        if kind == "^":
            return _Test(holds=any_of([negated(there), self.existing(pattern, value)]))
        # An optional value of which something is asked that is there is read without a question.
        found = self.test(pattern, value)
        if kind == "()":
            return _Test(holds=found.holds if found.needs else all_of([there, found.holds]))
        if kind == "<":
            holds = any_of([negated(there), found.holds])
            return _Test(holds=holds, skips=negated(holds))
        return _Test(holds=any_of([negated(there), found.holds]), skips=all_of([there, found.skips]))

    def plain(self, key: str, pattern: Json, value: CelQuery) -> _Test:
        kind, name = anchor_of(key)
        if kind == "<":
            return self.anchored(kind, pattern, self.child(value, name))
        if has_wildcard(name):
            raise NotCarriedError(f"the wildcard key {name}")
        child = self.child(value, name)
        if pattern == "*":
            return _Test(holds=f"{child.gentle()} != null")
        if isinstance(pattern, dict) and name in _FREE:
            return self.mapping(pattern, child, is_free=True)
        return self.test(pattern, child)

    def existing(self, pattern: Json, value: CelQuery) -> str:
        if not isinstance(pattern, list):
            raise NotCarriedError("an existence anchor without a list")
        name = self.name()
        each = CelQuery(text=name)
        return all_of(f"{value.gentle('[]')}.exists({name}, {self.test(one, each).holds})" for one in pattern)

    def sequence(self, pattern: list[Json], value: CelQuery) -> _Test:
        if not pattern or isinstance(pattern[0], list):
            raise NotCarriedError("an empty list, or a list of lists, as a pattern")
        name = self.name()
        found = self.test(pattern[0], CelQuery(text=name))
        there = [f"{value.optional}.hasValue()"] if value.optional else []
        items = f"{value.optional}.value()" if value.optional else value.text
        fails = all_of([*there, f"{items}.all({name}, {found.unless_failed})"])
        if found.skips == "false":
            return _Test(holds=fails)
        passes = f"(size({items}) == 0 || {items}.exists({name}, {found.holds}))"
        skips = f"size({items}) > 0 && {items}.all({name}, {found.skips})"
        return _Test(holds=all_of([fails, passes]), skips=all_of([*there, skips]))

    def name(self) -> str:
        self.loops += 1
        return "each" if self.loops == 1 else f"each{self.loops}"

    # Scalars

    def scalar(self, pattern: Json, value: CelQuery) -> _Test:
        if isinstance(pattern, bool):
            return _Test(holds=f"{value.gentle(literal(not pattern))} == {literal(pattern)}")
        if isinstance(pattern, int):
            return _Test(holds=f"string({value.gentle(literal(''))}) == {literal(str(pattern))}")
        if isinstance(pattern, float):
            raise NotCarriedError(f"the number {pattern} as a pattern")
        if pattern is None:
            found = value.gentle()
            empty = (f"{found} == {each}" for each in ("null", "''", "0", "false"))
            return _Test(holds=any_of(empty), needs=False)
        if has_variables(pattern):
            return self.variable(str(pattern), value)
        choices = [[piece.strip() for piece in choice.strip().split("&")] for choice in str(pattern).split("|")]
        tests = [[_piece(piece, value) for piece in pieces] for pieces in choices]
        return _Test(
            holds=any_of(all_of(each.holds for each in row) for row in tests),
            needs=all(any(each.needs for each in row) for row in tests),
        )

    def variable(self, pattern: str, value: CelQuery) -> _Test:
        operator = next((each for each in _OPERATORS if pattern.startswith(each)), "")
        wanted = self.queries.of(pattern[len(operator) :].strip())
        if operator not in ("", "!") or any(each in pattern for each in "|&"):
            raise NotCarriedError(f"a variable in the pattern {pattern}")
        text = f"string({value.gentle(literal(''))})"
        other = wanted.text if wanted.shape is QueryShape.TEXT else f"string({wanted.text})"
        if operator == "!":
            there = [f"{value.optional}.hasValue()"] if value.optional else []
            return _Test(holds=all_of([*there, f"{text} != {other}"]))
        return _Test(holds=f"{text} == {other}")


def _piece(piece: str, value: CelQuery) -> _Test:
    ends = range_ends(piece)
    if ends is not None:
        low, high, is_outside = ends
        parts = [
            _compared(low, "<" if is_outside else ">=", value),
            _compared(high, ">" if is_outside else "<=", value),
        ]
        return (_Test(holds=any_of(each.holds for each in parts), needs=False)) if is_outside else _both(parts)
    operator = next((each for each in _OPERATORS if len(piece) > 1 and piece.startswith(each)), "")
    bound = piece[len(operator) :].strip()
    if _is_measured(bound):
        return _compared(bound, operator, value)
    if operator not in ("", "!"):
        raise NotCarriedError(f"the order {piece}")
    if piece == "?*":
        return _Test(holds=f"string({value.gentle(literal(''))}) != ''")
    there = [f"{value.optional}.hasValue()"] if value.optional else []
    if operator == "!":
        return _Test(holds=all_of([*there, negated(_equal(bound, value))]))
    return _Test(holds=all_of([*(there if matches(bound, "") else []), _equal(bound, value)]))


def _both(parts: list[_Test]) -> _Test:
    return _Test(holds=all_of(each.holds for each in parts), needs=any(each.needs for each in parts))


def _equal(bound: str, value: CelQuery) -> str:
    found = value.gentle(literal(""))
    is_text = not has_wildcard(bound) and bound not in ("true", "false")
    return fits(found if is_text else f"string({found})", bound)


def _is_measured(bound: str) -> bool:
    if duration(bound) is not None and not bound.isdecimal():
        raise NotCarriedError(f"the duration {bound} as a pattern")
    return quantity(bound) is not None


def _compared(bound: str, operator: str, value: CelQuery) -> _Test:
    """Return the comparison with a quantity; what is absent counts as 0."""
    if not _is_measured(bound):
        raise NotCarriedError(f"the range with {bound}")
    text = f"string({value.gentle(literal('0'))})"
    zero, limit = quantity("0"), quantity(bound)
    assert zero is not None and limit is not None  # noqa: S101, PT018  # narrows the types
    difference = zero.nano - limit.nano
    order = f"quantity({text}).compareTo(quantity({literal(bound)}))"
    if operator == "!":
        plain = f"{text} != {literal(bound)}"
        return _Test(
            holds=plain if bound.isdecimal() else f"!(isQuantity({text}) && {order} == 0)", needs=difference == 0
        )
    if operator == "":
        plain = f"{text} == {literal(bound)}"
        return _Test(holds=plain if bound.isdecimal() else f"isQuantity({text}) && {order} == 0", needs=difference != 0)
    passes = {">=": difference >= 0, "<=": difference <= 0, ">": difference > 0, "<": difference < 0}[operator]
    return _Test(holds=f"isQuantity({text}) && {order} {_ORDERED[operator]}", needs=not passes)
