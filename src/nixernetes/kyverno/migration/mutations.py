"""Rules that mutate, as the ``mutations`` of a MutatingPolicy.

A strategic merge is an apply configuration where both say the same: fields that are set, fields that are added where
they are absent (``+()``), and elements of lists that are told apart by ``name``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.patterns import anchor_of
from nixernetes.kyverno.engine.variables import has_variables
from nixernetes.kyverno.engine.wildcards import has_wildcard
from nixernetes.kyverno.migration.conditions import conditions_met
from nixernetes.kyverno.migration.patterns import pattern_holds
from nixernetes.kyverno.migration.queries import Queries
from nixernetes.kyverno.migration.spelling import NotCarriedError, all_of, literal, member, optional_member
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.objects.yamls import parse

__all__ = ["mutating_spec"]

_FREE: Final = (
    *("annotations", "binaryData", "data", "labels", "limits", "matchLabels", "requests"),
    *("stringData", "parameters"),
)
_NAMED: Final = ("containers", "initContainers", "ephemeralContainers", "volumes", "env", "imagePullSecrets")
_ATOMIC: Final = ("nodeSelector", "selector")  # an apply configuration would replace them as a whole
_GIVEN: Final = ("metadata", "spec")
_EACH: Final = "element"
_PLACE: Final = "place"
_WHOLE_LIST: Final = re.compile(r"request\.object((?:\.[A-Za-z_]\w*)+)(?:\[\*?\])?(?:\s*\|\|\s*`\[\]`)?")
_ELEMENT_NAME: Final = re.compile(r"\{\{\s*element0?\.name\s*\}\}")


def mutating_spec(rule: Mapping[str, Json], queries: Queries) -> dict[str, Json]:
    """Return ``mutations``, and the conditions under which they are made.

    Raises:
        NotCarriedError: the mutation has no equal in CEL.
        JmesPathError: a variable is no expression.

    """
    mutate = mapping_at(rule, "mutate")
    if "targets" in mutate:
        raise NotCarriedError("mutate.targets: a policy in CEL changes the object that triggers it in the same way")
    if "foreach" in mutate:
        return {"mutations": [_looped(each, queries) for each in objects_at(mutate, "foreach")]}
    if "patchesJson6902" in mutate:
        return {"mutations": [_json_patch(mutate["patchesJson6902"], queries)]}
    patch = mutate.get("patchStrategicMerge")
    if not isinstance(patch, dict):
        raise NotCarriedError("a mutation without a patch")
    if "metadata" in map(_bare, patch) and queries.is_derived:
        raise NotCarriedError("metadata of pods: what is derived for controllers would change theirs, not their pods'")
    conditions: list[str] = []
    expression = _Merge(queries, conditions).object(patch, "Object", "object", ())
    made: dict[str, Json] = {"patchType": "ApplyConfiguration", "applyConfiguration": {"expression": expression}}
    spec: dict[str, Json] = {"mutations": [made]}
    if conditions:
        spec["matchConditions"] = [{"name": "anchors", "expression": all_of(conditions)}]
    return spec


def _looped(loop: Mapping[str, Json], queries: Queries) -> dict[str, Json]:
    """Return the mutation that a ``foreach`` is: of the elements of a list that it goes over."""
    if "foreach" in loop or objects_at(loop, "context"):
        raise NotCarriedError("a foreach in a foreach that mutates, or one with a context")
    found = _WHOLE_LIST.fullmatch(text_at(loop, "list"))
    if found is None:
        raise NotCarriedError(f"a foreach that mutates, over {text_at(loop, 'list')}: it is no list of the object")
    inner = queries.with_names(dict.fromkeys(("element", "element0"), _EACH))
    inner = inner.with_names(dict.fromkeys(("elementIndex", "elementIndex0"), _PLACE))
    test = conditions_met(loop["preconditions"], inner) if loop.get("preconditions") else "true"
    path = tuple(found[1].removeprefix(".").split("."))
    patch = loop.get("patchStrategicMerge")
    if "patchesJson6902" in loop:
        items = f"{_optional_path([*path])}.orValue([])"
        steps = _patch_steps(loop["patchesJson6902"])
        filtered = "" if test == "true" else f"{test}, "
        parts = [f"{items}.transformList({_PLACE}, {_EACH}, {filtered}{_each_step(one, inner)})" for one in steps]
        return {"patchType": "JSONPatch", "jsonPatch": {"expression": " + ".join(parts)}}
    if not isinstance(patch, dict):
        raise NotCarriedError("a mutation without a patch")
    conditions: list[str] = []
    merge = _Merge(queries, conditions, loop=_Looped(path=path, test=test, queries=inner))
    expression = merge.object(patch, "Object", "object", ())
    if conditions or not merge.is_looped:
        raise NotCarriedError("a foreach whose patch is about more than the element that it is at")
    return {"patchType": "ApplyConfiguration", "applyConfiguration": {"expression": expression}}


def _each_step(step: Mapping[str, Json], queries: Queries) -> str:
    operation, path = text_at(step, "op"), text_at(step, "path")
    if operation not in ("add", "replace"):
        raise NotCarriedError(f"the step {operation} of {path} in a foreach: places shift")
    where = queries.of(path).text
    return f"JSONPatch{{op: {literal(operation)}, path: {where}, value: {queries.filled(step.get('value'))}}}"


def _bare(key: str) -> str:
    return anchor_of(key)[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looped:
    """A ``foreach``: the path of its list, the condition on an element, and what variables mean in it."""

    path: tuple[str, ...]
    test: str
    queries: Queries


def _is_named_after_element(patch: Mapping[str, Json]) -> bool:
    names = [value for key, value in patch.items() if anchor_of(key)[1] == "name"]
    return len(names) == 1 and isinstance(names[0], str) and bool(_ELEMENT_NAME.fullmatch(names[0]))


class _Merge:
    """One patch; what its anchors demand of the whole object is collected in ``conditions``."""

    def __init__(self, queries: Queries, conditions: list[str], loop: _Looped | None = None) -> None:
        self.queries = queries
        self.conditions = conditions
        self.loops = 0
        self.loop = loop
        self.is_looped = False

    def object(self, patch: Mapping[str, Json], kind: str, live: str, path: tuple[str, ...]) -> str:
        """Return a part of the configuration."""
        fields = []
        for key, value in patch.items():
            anchor, name = anchor_of(key)
            if anchor in ("()", "<"):
                self.demand(key, value, path)
                continue
            if anchor not in ("", "+") or name.startswith("$") or has_wildcard(name):
                raise NotCarriedError(f"the key {key} in a patch")
            made = self.value(value, f"{kind}.{name}", member(live, name), (*path, name))
            if anchor == "+":
                absent = f"{self.optional(live, name)}.hasValue()"
                fields.append(f"?{name}: {absent} ? optional.none() : optional.of({made})")
            else:
                fields.append(f"{name}: {made}")
        return f"{kind}{{{', '.join(fields)}}}"

    def value(self, value: Json, kind: str, live: str, path: tuple[str, ...]) -> str:
        if value is None:
            raise NotCarriedError("null in a patch, which deletes")
        if isinstance(value, list):
            return self.items(value, kind, path)
        if not isinstance(value, dict):
            return self.queries.of(value).text
        if path[-1] in _ATOMIC:
            raise NotCarriedError(f"{path[-1]} in a patch: an apply configuration replaces it as a whole")
        if path[-1] in _FREE:
            return self.free(value, path)
        return self.object(value, kind, live, path)

    def free(self, value: Mapping[str, Json], path: tuple[str, ...]) -> str:
        """Return a map whose keys are no fields."""
        fields = []
        for key, item in value.items():
            anchor, name = anchor_of(key)
            if anchor in ("()", "<"):
                self.demand(key, item, path)
                continue
            if anchor not in ("", "+") or item is None or isinstance(item, dict | list) or has_wildcard(name):
                raise NotCarriedError(f"the key {key} in a patch")
            text = self.queries.of(item).text
            if anchor == "+":
                absent = f"{self.optional(_path_text(path), name)}.hasValue()"
                fields.append(f"?{literal(name)}: {absent} ? optional.none() : optional.of({text})")
            else:
                fields.append(f"{self.queries.of(name).text}: {text}")
        return "{" + ", ".join(fields) + "}"

    def items(self, value: list[Json], kind: str, path: tuple[str, ...]) -> str:
        if not all(isinstance(each, dict) for each in value):
            raise NotCarriedError(f"the list {path[-1]} in a patch: it would be replaced as a whole")
        if path[-1] not in _NAMED:
            raise NotCarriedError(f"the list {path[-1]} in a patch: its elements have no name")
        parts = [self.item(each, kind, path) for each in value]
        return parts[0] if len(parts) == 1 else f"{' + '.join(parts)}"

    def item(self, patch: Mapping[str, Json], kind: str, path: tuple[str, ...]) -> str:
        """Return the elements that one element of a patch gives: itself, or each that its anchors mean."""
        anchors = {key: value for key, value in patch.items() if anchor_of(key)[0] == "()"}
        rest = {key: value for key, value in patch.items() if key not in anchors}
        if any(anchor_of(key)[0] == "<" for key in patch):
            raise NotCarriedError("a global anchor in an element of a list")
        if self.loop is not None and path == self.loop.path and _is_named_after_element(patch):
            return self.looped(patch, kind, self.loop)
        if not anchors:
            if "name" not in patch:
                raise NotCarriedError(f"an element of {path[-1]} without a name")
            return f"[{self.object(patch, kind, 'null', path)}]"
        self.loops += 1
        name = "each" if self.loops == 1 else f"each{self.loops}"
        test = pattern_holds({anchor_of(key)[1]: value for key, value in anchors.items()}, name, self.queries)
        base = _path_text(path[:-1])
        items = f"{self.optional(base, path[-1])}.orValue([])"
        nested = _Merge(self.queries, self.conditions)
        nested.loops = self.loops
        made = nested.element(rest, kind, name)
        filtered = "" if test in ("true", f"{name}.?name.orValue(null) != null") else f".filter({name}, {test})"
        return f"{items}{filtered}.map({name}, {made})"

    def looped(self, patch: Mapping[str, Json], kind: str, loop: _Looped) -> str:
        """Return the elements that a ``foreach`` goes over, each patched."""
        if self.is_looped:
            raise NotCarriedError("a foreach that patches its element twice")
        self.is_looped = True
        rest = {key: value for key, value in patch.items() if anchor_of(key)[1] != "name"}
        anchors = {anchor_of(key)[1]: value for key, value in rest.items() if anchor_of(key)[0] == "()"}
        rest = {key: value for key, value in rest.items() if anchor_of(key)[0] != "()"}
        test = all_of([loop.test, pattern_holds(anchors, _EACH, loop.queries)]) if anchors else loop.test
        made = _Merge(loop.queries, self.conditions).element(rest, kind, _EACH)
        items = f"{_optional_path([*loop.path])}.orValue([])"
        filtered = "" if test == "true" else f".filter({_EACH}, {test})"
        if _PLACE in test or _PLACE in made:
            return f"{items}.transformList({_PLACE}, {_EACH}, {test}, {made})"
        return f"{items}{filtered}.map({_EACH}, {made})"

    def element(self, patch: Mapping[str, Json], kind: str, live: str) -> str:
        fields = [f"name: {live}.name"]
        for key, value in patch.items():
            anchor, name = anchor_of(key)
            if anchor not in ("", "+") or value is None or has_wildcard(name):
                raise NotCarriedError(f"the key {key} in an element of a list")
            made = self.deep(value, f"{kind}.{name}", member(live, name), optional_member(live, name))
            if anchor == "+":
                absent = f"{optional_member(live, name)}.hasValue()"
                fields.append(f"?{name}: {absent} ? optional.none() : optional.of({made})")
            elif name != "name":
                fields.append(f"{name}: {made}")
        return f"{kind}{{{', '.join(fields)}}}"

    def deep(self, value: Json, kind: str, live: str, optional: str) -> str:
        if isinstance(value, list):
            return self.named(value, kind)
        if not isinstance(value, dict):
            return self.queries.of(value).text
        fields = []
        is_free = kind.rpartition(".")[2] in _FREE
        for key, item in value.items():
            anchor, name = anchor_of(key)
            if anchor not in ("", "+") or item is None or has_wildcard(name):
                raise NotCarriedError(f"the key {key} in an element of a list")
            made = self.deep(item, f"{kind}.{name}", member(live, name), optional_member(optional, name))
            written = literal(name) if is_free else name
            if anchor == "+":
                absent = f"{optional_member(optional, name)}.hasValue()"
                fields.append(f"?{written}: {absent} ? optional.none() : optional.of({made})")
            else:
                fields.append(f"{written}: {made}")
        return f"{'' if is_free else kind}{{{', '.join(fields)}}}"

    def named(self, value: list[Json], kind: str) -> str:
        """Return a list inside of an element: of elements that have names, and no anchors."""
        name = kind.rpartition(".")[2]
        for each in value:
            if not isinstance(each, dict) or "name" not in each or any(anchor_of(key)[0] for key in each):
                raise NotCarriedError(f"the list {name} in an element of a list")
        if name not in _NAMED:
            raise NotCarriedError(f"the list {name} in an element of a list: its elements have no name")
        return f"[{', '.join(self.deep(each, kind, 'null', 'null') for each in value)}]"

    def optional(self, live: str, name: str) -> str:
        """Return a field of the object as an optional value."""
        steps = live.split(".")
        found = steps[0]
        for index, step in enumerate(steps[1:]):
            is_given = index == 0 and (step == "metadata" or (step == "spec" and self.queries.has_spec))
            found = f"{found}.{step}" if is_given else optional_member(found, step)
        return optional_member(found, name)

    def demand(self, key: str, value: Json, path: tuple[str, ...]) -> None:
        """Note what an anchor demands of the object before anything is changed."""
        pattern: Json = {anchor_of(key)[1]: value}
        for step in reversed(path):
            pattern = {step: pattern}
        if has_variables(value):
            raise NotCarriedError(f"variables below the anchor {key}")
        self.conditions.append(pattern_holds(pattern, "object", self.queries))


def _path_text(path: tuple[str, ...]) -> str:
    return ".".join(("object", *path))


def _json_patch(given: Json, queries: Queries) -> dict[str, Json]:
    expression = " + ".join(_patch_step(each, queries) for each in _patch_steps(given))
    return {"patchType": "JSONPatch", "jsonPatch": {"expression": expression}}


def _patch_steps(given: Json) -> list[dict[str, Json]]:
    try:
        steps = parse(given.encode(), file="patchesJson6902") if isinstance(given, str) else given
    except InputError as error:
        raise NotCarriedError(f"patchesJson6902: {error.message}") from error
    if not isinstance(steps, list):
        raise NotCarriedError("patchesJson6902 is not a list of steps")
    found = [each for each in steps if isinstance(each, dict)]
    if len(found) != len(steps):
        raise NotCarriedError("patchesJson6902 is not a list of steps")
    return found


def _patch_step(step: Mapping[str, Json], queries: Queries) -> str:
    operation, path = text_at(step, "op"), text_at(step, "path")
    if operation not in ("add", "remove", "replace") or has_variables(path):
        raise NotCarriedError(f"the step {operation} of {path}")
    steps = [each.replace("~1", "/").replace("~0", "~") for each in path.split("/")[1:]]
    if operation == "remove":
        there = _optional_path(steps)
        return f"({there}.hasValue() ? [JSONPatch{{op: 'remove', path: {literal(path)}}}] : [])"
    value = queries.filled(step.get("value"))
    made = f"JSONPatch{{op: {literal(operation)}, path: {literal(path)}, value: {value}}}"
    if operation == "replace":  # of what is not there it is an error, which the reading of it is in CEL
        return f"[{_path_of(steps)}].map(old, {made})"
    return " + ".join([*_parents(steps, path), f"[{made}]"])


def _path_of(steps: list[str]) -> str:
    found = "object"
    for each in steps:
        found = f"{found}[{each}]" if each.isdecimal() else member(found, each)
    return found


def _parents(steps: list[str], path: str) -> list[str]:
    """Return the steps that make what a path goes through, as Kyverno does; ``add`` alone would fail."""
    found = []
    tokens = path.split("/")[1:]
    for count in range(1, len(steps)):
        is_list = steps[count].isdecimal() or steps[count - 1].isdecimal()  # nobody makes its elements
        if is_list or (count == 1 and steps[0] in _GIVEN):
            continue
        empty = "[]" if steps[count] == "-" else "{}"
        there, pointer = _optional_path(steps[:count]), literal("/" + "/".join(tokens[:count]))
        found.append(f"({there}.hasValue() ? [] : [JSONPatch{{op: 'add', path: {pointer}, value: {empty}}}])")
    return found


def _optional_path(steps: list[str]) -> str:
    found = "object"
    for index, each in enumerate(steps):
        if each.isdecimal():
            found = f"{found}[?{each}]"
        elif index == 0 and each in _GIVEN and len(steps) > 1:
            found = member(found, each)
        else:
            found = optional_member(found, each)
    return found
