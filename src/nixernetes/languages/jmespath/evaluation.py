"""Expressions as closures over the tree that the parser of ``jmespath`` makes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Final, TypeAlias

from nixernetes.languages.jmespath.errors import JmesPathError, UnknownKeyError, WorkError
from nixernetes.languages.jmespath.functions import Functions
from nixernetes.objects.manifest import Json

__all__ = ["Expression", "compile_expression", "syntax_tree"]

_LONGEST: Final = 20_000  # characters of an expression
_DEEPEST: Final = 100  # brackets within brackets; how deep Python itself goes depends on who asks
_STEPS: Final = 500_000  # of one evaluation
_LARGEST: Final = 2_000_000  # characters or elements of one result of a function

Step: TypeAlias = Callable[["_Run", Json], Json]
_COMPARE: Final[dict[str, Callable[[float, float], bool]]] = {
    "lt": lambda one, other: one < other,
    "lte": lambda one, other: one <= other,
    "gt": lambda one, other: one > other,
    "gte": lambda one, other: one >= other,
}


def _depth(text: str) -> int:
    """Return how many brackets stand within each other at most, those in quotes left out."""
    depth = most = 0
    quote = ""
    for at, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote and text[at - 1] != "\\" else quote
        elif letter in "'`\"":
            quote = letter
        elif letter in "([{":
            depth += 1
            most = max(most, depth)
        elif letter in ")]}":
            depth -= 1
    return most


@dataclass(slots=True)
class _Run:
    functions: Functions
    root: Json
    left: int = _STEPS

    def spend(self, steps: int = 1) -> None:
        self.left -= steps
        if self.left < 0:
            raise WorkError(f"JMESPath expression takes more than {_STEPS:,} steps")


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression; ``names`` are the fields of the root that it may read."""

    text: str
    step: Step
    names: frozenset[str]

    def search(self, data: Json, functions: Functions) -> Json:
        """Return the value over data.

        Raises:
            JmesPathError: it has none, or wants more than it may have.

        """
        try:
            return self.step(_Run(functions, data), data)
        except RecursionError:
            raise WorkError("JMESPath expression is nested too deeply") from None


@lru_cache(maxsize=4096)
def compile_expression(text: str) -> Expression:
    """Return a compiled expression; 4,096 are kept.

    Raises:
        JmesPathError: it does not parse.

    """
    tree = syntax_tree(text)
    try:
        return Expression(text, _compiled(tree), frozenset(_names(tree)))
    except RecursionError:
        raise WorkError("JMESPath expression is nested too deeply") from None


def syntax_tree(text: str) -> Json:
    """Return an expression as it is parsed: ``type``, ``value`` and ``children`` of each node.

    Raises:
        JmesPathError: it does not parse.

    """
    if len(text) > _LONGEST:
        raise WorkError(f"JMESPath expression is longer than {_LONGEST:,} characters")
    if _depth(text) > _DEEPEST:
        raise WorkError("JMESPath expression is nested too deeply")
    parser = import_module("jmespath.parser")
    exceptions = import_module("jmespath.exceptions")
    try:
        return parser.Parser().parse(text).parsed
    except exceptions.JMESPathError as error:
        raise JmesPathError(f"SyntaxError: {str(error).splitlines()[0]}") from error
    except RecursionError:
        raise WorkError("JMESPath expression is nested too deeply") from None


def _names(tree: Json) -> Iterator[str]:
    if tree["type"] == "field":
        yield tree["value"]
    if tree["type"] == "slice":  # its children are numbers
        return
    for child in tree["children"]:
        yield from _names(child)


def _compiled(tree: Json) -> Step:
    return _MAKERS[tree["type"]](tree)


def _parts(tree: Json) -> list[Step]:
    return [_compiled(child) for child in tree["children"]]


def _gentle(step: Step) -> Step:
    """Take an unknown key for null."""

    def run(state: _Run, data: Json) -> Json:
        try:
            return step(state, data)
        except UnknownKeyError:
            return None

    return run


def _forgiving(step: Step) -> Step:
    """Take whatever is wrong for null, as what stands left of ``[?]``, ``[]`` and ``.*`` does."""

    def run(state: _Run, data: Json) -> Json:
        try:
            return step(state, data)
        except WorkError:
            raise
        except JmesPathError:
            return None

    return run


def _false(value: Json) -> bool:
    return value is None or value is False or value == "" or value in ([], {})


def _field(tree: Json) -> Step:
    name = tree["value"]

    def run(state: _Run, data: Json) -> Json:
        state.spend()
        if not isinstance(data, dict):
            return None
        if name not in data:
            raise UnknownKeyError(f'Unknown key "{name}" in path')
        return data[name]

    return run


def _chain(tree: Json) -> Step:
    steps = _parts(tree)

    def run(state: _Run, data: Json) -> Json:
        for step in steps:
            data = step(state, data)
        return data

    return run


def _pipe(tree: Json) -> Step:
    left, right = _parts(tree)
    left = _gentle(left)
    return lambda state, data: right(state, left(state, data))


def _index(tree: Json) -> Step:
    at = tree["value"]

    def run(_: _Run, data: Json) -> Json:
        return data[at] if isinstance(data, list) and -len(data) <= at < len(data) else None

    return run


def _slice(tree: Json) -> Step:
    start, stop, step = tree["children"]

    def run(_: _Run, data: Json) -> Json:
        if step == 0:
            raise JmesPathError("cannot use step of 0")
        return data[start:stop:step] if isinstance(data, list) else None

    return run


def _projected(state: _Run, items: list[Json], step: Step) -> list[Json]:
    state.spend(len(items))
    found = (step(state, item) for item in items)
    return [each for each in found if each is not None]


def _projection(tree: Json) -> Step:
    left, right = map(_gentle, _parts(tree))

    def run(state: _Run, data: Json) -> Json:
        items = left(state, data)
        return _projected(state, items, right) if isinstance(items, list) else None

    return run


def _value_projection(tree: Json) -> Step:
    left, right = _parts(tree)
    left, right = _forgiving(left), _gentle(right)

    def run(state: _Run, data: Json) -> Json:
        held = left(state, data)
        return _projected(state, [held[key] for key in sorted(held)], right) if isinstance(held, dict) else None

    return run


def _filter(tree: Json) -> Step:
    left, right, test = _parts(tree)
    left, right, test = _forgiving(left), _gentle(right), _gentle(test)

    def run(state: _Run, data: Json) -> Json:
        items = left(state, data)
        if not isinstance(items, list):
            return None
        state.spend(len(items))
        return _projected(state, [item for item in items if not _false(test(state, item))], right)

    return run


def _flatten(tree: Json) -> Step:
    inner = _forgiving(_parts(tree)[0])

    def run(state: _Run, data: Json) -> Json:
        items = inner(state, data)
        if not isinstance(items, list):
            return None
        flat: list[Json] = []
        for item in items:
            flat += item if isinstance(item, list) else [item]
        state.spend(len(flat))
        return flat

    return run


def _comparator(tree: Json) -> Step:
    left, right = map(_gentle, _parts(tree))
    name = tree["value"]

    def run(state: _Run, data: Json) -> Json:
        one, other = left(state, data), right(state, data)
        if name in ("eq", "ne"):
            same = one == other and isinstance(one, bool) is isinstance(other, bool)
            return same is (name == "eq")
        numbers = all(isinstance(each, int | float) and not isinstance(each, bool) for each in (one, other))
        return _COMPARE[name](one, other) if numbers else None

    return run


def _or(tree: Json) -> Step:
    left, right = map(_gentle, _parts(tree))

    def run(state: _Run, data: Json) -> Json:
        found = left(state, data)
        return right(state, data) if _false(found) else found

    return run


def _and(tree: Json) -> Step:
    left, right = _parts(tree)
    left = _gentle(left)

    def run(state: _Run, data: Json) -> Json:
        found = left(state, data)
        return found if _false(found) else right(state, data)

    return run


def _not(tree: Json) -> Step:
    inner = _gentle(_parts(tree)[0])
    return lambda state, data: _false(inner(state, data))


def _list(tree: Json) -> Step:
    steps = [_gentle(step) for step in _parts(tree)]
    return lambda state, data: None if data is None else [step(state, data) for step in steps]


def _map(tree: Json) -> Step:
    pairs = [(child["value"], _gentle(_compiled(child["children"][0]))) for child in tree["children"]]
    return lambda state, data: None if data is None else {key: step(state, data) for key, step in pairs}


def _reference(tree: Json) -> Step:
    inner = _gentle(_parts(tree)[0])

    def run(state: _Run, _: Json) -> Json:
        def key(item: Json) -> Json:
            state.spend()
            return inner(state, item)

        return key

    return run


def _call(tree: Json) -> Step:
    name = tree["value"]
    steps = [_gentle(step) for step in _parts(tree)]

    def run(state: _Run, data: Json) -> Json:
        if name not in state.functions:
            raise JmesPathError(f"unknown function: {name}")
        values = [step(state, data) for step in steps]
        state.spend(sum(len(each) // 10 if isinstance(each, str | list | dict) else 0 for each in values) + 1)
        found = state.functions[name].checked(values)
        if isinstance(found, str | list | dict):
            if len(found) > _LARGEST:
                raise WorkError(f"JMESPath function {name} makes more than {_LARGEST:,} characters or elements")
            state.spend(len(found) // 10)
        return found

    return run


def _literal(tree: Json) -> Step:
    value = tree["value"]
    return lambda _, __: value


def _same(_: Json) -> Step:
    return lambda _, data: data


_MAKERS: Final[dict[str, Callable[[Json], Step]]] = {
    "field": _field,
    "subexpression": _chain,
    "index_expression": _chain,
    "index": _index,
    "slice": _slice,
    "projection": _projection,
    "value_projection": _value_projection,
    "filter_projection": _filter,
    "flatten": _flatten,
    "comparator": _comparator,
    "or_expression": _or,
    "and_expression": _and,
    "not_expression": _not,
    "pipe": _pipe,
    "multi_select_list": _list,
    "multi_select_dict": _map,
    "expref": _reference,
    "function_expression": _call,
    "literal": _literal,
    "identity": _same,
    "current": _same,
}
