"""Queries of JMESPath, as variables of rules have them, in CEL.

A field that is absent is an error in both, but for what JMESPath takes for null: before ``||``, in projections and in
filters. There the optional form of the field is taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final

from nixernetes.kyverno.migration.spelling import (
    NotCarriedError,
    all_of,
    any_of,
    bounded,
    literal,
    member,
    negated,
    optional_member,
)
from nixernetes.languages.jmespath import syntax_tree
from nixernetes.objects.manifest import Json

__all__ = ["CelQuery", "Queries", "QueryShape", "as_text"]

_VARIABLE: Final = re.compile(r"\{\{((?:(?!\{\{|\}\}).)*)\}\}", re.DOTALL)
_PROJECTIONS: Final = ("projection", "filter_projection", "value_projection")
_REQUEST: Final = ("operation", "namespace", "name", "userInfo", "kind", "dryRun")
_COMPARED: Final = {"eq": "==", "ne": "!=", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}


class QueryShape(Enum):
    """What a query gives, as far as it is known."""

    UNKNOWN = 0
    TEXT = 1
    NUMBER = 2
    TRUTH = 3
    LIST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class CelQuery:
    """An expression of CEL.

    Attributes:
        text: the expression; an error where a field is absent.
        optional: the same as an optional value, none where a field is absent; ``""`` for what always has a value.
        shape: what it gives.
        guard: what holds where JMESPath gives anything but null; ``""`` where that is always.

    """

    text: str
    optional: str = ""
    shape: QueryShape = QueryShape.UNKNOWN
    guard: str = ""

    def gentle(self, default: str = "null") -> str:
        """Return the expression with a value for what is absent."""
        return f"{self.optional}.orValue({default})" if self.optional else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Queries:
    """What the variables of a rule mean.

    Attributes:
        names: roots beside ``request``: entries of the context, the elements of a ``foreach``.
        has_spec: whether every object has ``spec``, so that it is no optional field.
        is_mixing: whether a list or map may hold values of several types.
        namespace: of a policy that has one.
        is_derived: whether controllers of pods are meant as well, by what is derived from the policy.
        is_deletion: whether deletions alone are meant, so that the object is what was there.

    """

    names: Mapping[str, str] = field(default_factory=dict)
    has_spec: bool = False
    is_mixing: bool = False
    namespace: str = ""
    is_derived: bool = False
    is_deletion: bool = False

    def of(self, value: Json) -> CelQuery:
        """Return a value in which variables may stand.

        Raises:
            NotCarriedError: a variable cannot be written in CEL.
            JmesPathError: it is no expression.

        """
        if not isinstance(value, str) or "{{" not in value:
            return _constant(value)
        found = list(_VARIABLE.finditer(value))
        if value.count("{{") != len(found):
            raise NotCarriedError(f"a variable inside of a variable: {value}")
        if found and found[0][0] == value.strip():
            return self.query(found[0][1].strip())
        parts: list[str] = []
        end = 0
        for each in found:
            if value[end : each.start()]:
                parts.append(literal(value[end : each.start()]))
            read = self.query(each[1].strip())
            parts.append(as_text(read))
            end = each.end()
        parts += [literal(value[end:])] if value[end:] else []
        return CelQuery(text=" + ".join(parts), shape=QueryShape.TEXT)

    def filled(self, value: Json) -> str:
        """Return a document in which variables may stand.

        Raises:
            NotCarriedError: a variable cannot be written in CEL.

        """
        if isinstance(value, dict):
            items = zip(value, self._alike([*value.values()]), strict=True)
            return "{" + ", ".join(f"{self.of(key).text}: {item}" for key, item in items) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(self._alike(value)) + "]"
        return self.of(value).text

    def _alike(self, values: list[Json]) -> list[str]:
        """Return the parts of a list or map, without their types where these differ."""
        texts = [*map(self.filled, values)]
        is_mixed = len({type(each) for each in values}) > 1 and not self.is_mixing
        return [f"dyn({each})" for each in texts] if is_mixed else texts

    def query(self, expression: str) -> CelQuery:
        """Return an expression of JMESPath.

        Raises:
            NotCarriedError: it cannot be written in CEL.
            JmesPathError: it is no expression.

        """
        return _Translation(self, is_quoted='"object"' in expression).value(syntax_tree(expression), None)

    def query_of(self, expression: str, here: CelQuery) -> CelQuery:
        """Return an expression of JMESPath about a value.

        Raises:
            NotCarriedError: it cannot be written in CEL.
            JmesPathError: it is no expression.

        """
        return _Translation(self).value(syntax_tree(expression), here)

    def read(self, verb: str, api: str, resource: str, space: str, last: str) -> str:
        """Return the call that reads an object (``get``, by its name) or objects (``list``, by labels) of a cluster."""
        if self.namespace and space != literal(self.namespace):
            raise NotCarriedError("what a namespaced policy reads in another namespace")
        given = [literal(api), literal(resource), *([] if self.namespace else [space]), *([last] if last else [])]
        return f"resource.{verb}({', '.join(given)})"

    def apply(self, space: str, objects: str) -> str:
        """Return the call that makes objects in a namespace."""
        if self.namespace and space != self.namespace:
            raise NotCarriedError("what a namespaced policy makes in another namespace")
        return f"generator.apply({objects})" if self.namespace else f"generator.apply({self.of(space).text}, {objects})"

    def with_names(self, names: Mapping[str, str]) -> Queries:
        """Return the same with more roots."""
        return replace(self, names={**self.names, **names})


def as_text(query: CelQuery) -> str:
    """Return what a query gives as text; a list as JSON, and what only a context knows whatever its type is."""
    if query.shape is QueryShape.LIST:
        return f"json.marshal({query.text})"
    return f"string(dyn({query.text}))" if query.text.startswith("variables.") else f"string({query.text})"


def _constant(value: Json) -> CelQuery:
    shapes = {str: QueryShape.TEXT, bool: QueryShape.TRUTH, list: QueryShape.LIST}
    shape = shapes.get(type(value), QueryShape.NUMBER if isinstance(value, int | float) else QueryShape.UNKNOWN)
    return CelQuery(text=literal(value), shape=shape)


class _Translation:
    """One expression."""

    def __init__(self, queries: Queries, *, is_quoted: bool = False) -> None:
        self._queries = queries
        self._loops = 0
        self._is_quoted = is_quoted  # whether rules derived for controllers are to read the object at the same place

    def value(self, tree: Json, here: CelQuery | None) -> CelQuery:
        kind = tree["type"]
        maker: Callable[[Json, CelQuery | None], CelQuery] | None = getattr(self, f"_{kind}", None)
        if maker is None:
            raise NotCarriedError(f"JMESPath with {kind.replace('_', ' ')}")
        found = maker(tree, here)
        bounded(found.text + found.optional)
        return found

    def truth(self, tree: Json, here: CelQuery | None) -> str:
        """Return whether a condition of a filter holds."""
        kind = tree["type"]
        if kind == "and_expression":
            return all_of(self.truth(each, here) for each in tree["children"])
        if kind == "or_expression":
            return any_of(self.truth(each, here) for each in tree["children"])
        if kind == "not_expression":
            return negated(self.truth(tree["children"][0], here))
        found = self.value(tree, here)
        if found.shape is not QueryShape.TRUTH:
            raise NotCarriedError("a query as a condition")
        return found.text

    def _field(self, tree: Json, here: CelQuery | None) -> CelQuery:
        name = tree["value"]
        if here is None:
            return self._root(name)
        if here.text == "request":
            return self._of_request(name)
        text = member(here.text, name)
        if here.optional:
            return CelQuery(text=text, optional=optional_member(here.optional, name))
        is_there = here.text in ("object", "oldObject") and (name == "metadata" or (name == "spec" and self._has_spec))
        if is_there:
            return CelQuery(text=f"{here.text}[{literal(name)}]" if self._is_quoted else text)
        return CelQuery(text=text, optional=optional_member(here.text, name))

    @property
    def _has_spec(self) -> bool:
        return self._queries.has_spec

    def _root(self, name: str) -> CelQuery:
        if name == "request":
            return CelQuery(text="request")
        known = self._queries.names.get(name)
        if known is None:
            raise NotCarriedError(f"variable {name}")
        return CelQuery(text=known)

    def _of_request(self, name: str) -> CelQuery:
        if name in ("object", "oldObject"):
            return CelQuery(text="oldObject" if self._queries.is_deletion else name)
        if name not in _REQUEST:
            raise NotCarriedError(f"variable request.{name}")
        shape = QueryShape.TEXT if name in ("operation", "namespace", "name") else QueryShape.UNKNOWN
        return CelQuery(text=f"request.{name}", shape=shape)

    def _subexpression(self, tree: Json, here: CelQuery | None) -> CelQuery:
        found = here
        for child in tree["children"]:
            found = self.value(child, found)
        assert found is not None  # noqa: S101  # narrows the type: an expression has children
        return found

    _index_expression = _subexpression
    _pipe = _subexpression

    def _index(self, tree: Json, here: CelQuery | None) -> CelQuery:
        if here is None or tree["value"] < 0:
            raise NotCarriedError("an index from the end")
        optional = f"{here.optional or here.text}[?{tree['value']}]"
        return CelQuery(text=f"{here.text}[{tree['value']}]", optional=optional)

    def _identity(self, _: Json, here: CelQuery | None) -> CelQuery:
        if here is None:
            raise NotCarriedError("the whole of the data")
        return here

    _current = _identity

    def _literal(self, tree: Json, _: CelQuery | None) -> CelQuery:
        return _constant(tree["value"])

    # Lists

    def _items(self, tree: Json, here: CelQuery | None) -> CelQuery:
        """Return a list, empty where there is none."""
        found = self.value(tree, here)
        guard = found.guard or (f"{found.optional}.hasValue()" if found.optional else "")
        return CelQuery(text=found.gentle("[]"), shape=QueryShape.LIST, guard=guard)

    def _flatten(self, tree: Json, here: CelQuery | None) -> CelQuery:
        child = tree["children"][0]
        last = child["children"][-1] if child["type"] == "subexpression" else child
        if last["type"] == "multi_select_list":
            base = here
            for each in child["children"][:-1] if child is not last else ():
                base = self.value(each, base)
            parts = (self._items(each, base).text for each in last["children"])
            return CelQuery(text=f"({' + '.join(parts)})", shape=QueryShape.LIST)
        found = self._items(child, here)
        return replace(found, text=f"{found.text}.flatten()") if last["type"] in _PROJECTIONS else found

    def _projection(self, tree: Json, here: CelQuery | None) -> CelQuery:
        left, right = tree["children"]
        return self._projected(self._items(left, here), right, "")

    def _filter_projection(self, tree: Json, here: CelQuery | None) -> CelQuery:
        left, right, comparator = tree["children"]
        items, name = self._items(left, here), self._name()
        test = self.truth(comparator, CelQuery(text=name))
        return self._projected(replace(items, text=f"{items.text}.filter({name}, {test})"), right, name)

    def _value_projection(self, tree: Json, here: CelQuery | None) -> CelQuery:
        left, right = tree["children"]
        found, name = self.value(left, here).gentle("{}"), self._name()
        items = CelQuery(text=f"{found}.map({name}, {found}[{name}])", shape=QueryShape.LIST)
        return self._projected(items, right, "")

    def _projected(self, items: CelQuery, right: Json, name: str) -> CelQuery:
        if right["type"] == "identity":
            return items
        name = name or self._name()
        each = self.value(right, CelQuery(text=name))
        filtered = f".filter({name}, {each.optional}.hasValue())" if each.optional else ""
        return replace(items, text=f"{items.text}{filtered}.map({name}, {each.text})")

    def _name(self) -> str:
        self._loops += 1
        return "item" if self._loops == 1 else f"item{self._loops}"

    def _multi_select_list(self, tree: Json, here: CelQuery | None) -> CelQuery:
        parts = ", ".join(self.value(each, here).gentle() for each in tree["children"])
        return CelQuery(text=f"[{parts}]", shape=QueryShape.LIST)

    # Conditions

    def _comparator(self, tree: Json, here: CelQuery | None) -> CelQuery:
        left, right = (self.value(each, here) for each in tree["children"])
        word = _COMPARED[tree["value"]]
        test = f"{left.gentle()} {word} {right.gentle()}"
        if word not in ("==", "!="):
            there = [f"{each.optional}.hasValue()" for each in (left, right) if each.optional]
            test = all_of([*there, f"{left.text} {word} {right.text}"])
        return CelQuery(text=test, shape=QueryShape.TRUTH)

    def _not_expression(self, tree: Json, here: CelQuery | None) -> CelQuery:
        return CelQuery(text=negated(self.truth(tree["children"][0], here)), shape=QueryShape.TRUTH)

    def _and_expression(self, tree: Json, here: CelQuery | None) -> CelQuery:
        return CelQuery(text=self.truth(tree, here), shape=QueryShape.TRUTH)

    def _or_expression(self, tree: Json, here: CelQuery | None) -> CelQuery:
        left, right = tree["children"]
        first = self.value(left, here)
        if first.shape is QueryShape.TRUTH:
            return CelQuery(text=self.truth(tree, here), shape=QueryShape.TRUTH)
        second = self.value(right, here)
        if right["type"] != "literal":
            if not first.optional or not second.optional:
                raise NotCarriedError("a choice of two queries of which one is no field")
            return CelQuery(
                text=f"{first.optional}.or({second.optional}).value()",
                optional=f"{first.optional}.or({second.optional})",
            )
        default = right["value"]
        if not first.optional:
            if first.text.startswith("request."):
                return first  # a policy in CEL is asked of a request, always
            if first.shape is QueryShape.LIST and default == []:
                return replace(first, guard="")
            if first.shape is QueryShape.LIST and isinstance(default, str):
                return replace(first, text=f"(size({first.text}) > 0 ? {first.text} : [{second.text}])", guard="")
            raise NotCarriedError("a default of what is no field")
        if default is True or (default and isinstance(default, list | dict)):
            raise NotCarriedError("a default that is true, or a list")
        text = first.gentle(second.text)
        if default and isinstance(default, str):
            text = f"({first.gentle(literal(''))} != '' ? {first.optional}.value() : {second.text})"
        is_known = default != "" or any(f".{each}" in first.text for each in ("labels", "annotations", "metadata"))
        return CelQuery(text=text, shape=second.shape if is_known else QueryShape.UNKNOWN)

    # Functions

    def _function_expression(self, tree: Json, here: CelQuery | None) -> CelQuery:
        given = [self.value(each, here) for each in tree["children"]]
        maker = _FUNCTIONS.get(tree["value"])
        if maker is None:
            raise NotCarriedError(f"function {tree['value']}")
        found = maker(*given)
        absent = [index for index, each in enumerate(given) if each.optional]
        if len(absent) != 1:
            return found
        there = [replace(each, text="value", optional="") if each.optional else each for each in given]
        return replace(found, optional=f"{given[absent[0]].optional}.optMap(value, {maker(*there).text})")


def _text(form: str) -> Callable[..., CelQuery]:
    return lambda *given: CelQuery(text=form.format(*(each.text for each in given)), shape=QueryShape.TEXT)


def _truth(form: str) -> Callable[..., CelQuery]:
    return lambda *given: CelQuery(text=form.format(*(each.text for each in given)), shape=QueryShape.TRUTH)


def _number(form: str) -> Callable[..., CelQuery]:
    return lambda *given: CelQuery(text=form.format(*(each.text for each in given)), shape=QueryShape.NUMBER)


def _list(form: str) -> Callable[..., CelQuery]:
    return lambda *given: CelQuery(text=form.format(*(each.text for each in given)), shape=QueryShape.LIST)


def _contains(held: CelQuery, item: CelQuery) -> CelQuery:
    if held.shape is QueryShape.LIST:
        test = f"{item.text} in {held.text}"
    elif held.shape is QueryShape.TEXT:
        test = f"{held.text}.contains({item.text})"
    else:
        read = f"dyn({held.text})"
        test = f"(type({read}) == list ? {item.text} in {read} : {read}.contains({item.text}))"
    return CelQuery(text=test, shape=QueryShape.TRUTH)


_FUNCTIONS: Final[dict[str, Callable[..., CelQuery]]] = {
    "base64_decode": _text("string(base64.decode({0}))"),
    "base64_encode": _text("base64.encode(bytes({0}))"),
    "contains": _contains,
    "ends_with": _truth("{0}.endsWith({1})"),
    "join": _text("{1}.join({0})"),
    "keys": _list("{0}.map(key, key)"),
    "length": _number("size({0})"),
    "regex_match": _truth("string({1}).matches({0})"),
    "replace_all": _text("{0}.replace({1}, {2})"),
    "split": _list("{0}.split({1})"),
    "starts_with": _truth("{0}.startsWith({1})"),
    "to_lower": _text("{0}.lowerAscii()"),
    "to_number": _number("double({0})"),
    "to_string": _text("string({0})"),
    "to_upper": _text("{0}.upperAscii()"),
    "values": _list("{0}.map(key, {0}[key])"),
}
