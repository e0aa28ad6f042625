"""What Helm 4 says of a chart that cannot be rendered, from what the helm that renders here says.

helm-controller v1.6.3 holds Helm 4 (helm.sh/helm/v4 v4.2.4): its errors of templates (``pkg/engine/engine.go``,
``reformatExecErrorMsg``) and of values schemas (santhosh-tekuri/jsonschema/v6 v6.0.2, ``kind/kind.go``) are written
otherwise than those of Helm 3; what is wrong is the same. A text that is not known stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from nixernetes.objects.manifest import Json

__all__ = ["as_helm_4"]

_TEMPLATE: Final = "template: "
_EXECUTING: Final = re.compile(r'(.*?): executing ("[^"]*") at <(.*?)>: (.*)', re.DOTALL)
_BROKEN: Final = re.compile(r"YAML parse error on (\S+): error converting YAML to JSON: (yaml: .*)", re.DOTALL)
_SCHEMA: Final = "values don't meet the specifications of the schema(s)"
_LINE: Final = re.compile(r"- (\S+?): (.*)")
_TYPE: Final = re.compile(r"Invalid type\. Expected: \[?([^\]]*?)\]?, given: (\w+)")
_BOUND: Final = re.compile(r"Must be (less|greater) than or equal to (\S+)")
_LENGTH: Final = re.compile(r"String length must be (less|greater) than or equal to (\d+)")
_REQUIRED: Final = re.compile(r"(.+) is required")
_ADDITIONAL: Final = re.compile(r"Additional property (.+) is not allowed")
_ITEMS: Final = re.compile(r"Array must have at (least|most) (\d+) items")
_PATTERN: Final = re.compile(r"Does not match pattern '(.*)'")
_TYPES: Final = ("null", "boolean", "number", "integer", "string", "array", "object")
_ENUM: Final = re.compile(r"\S+ must be one of the following: (.*)")


def as_helm_4(text: str, values: Json = None) -> str:
    """Return an error of Helm 3 in the words of Helm 4.

    Args:
        text: the error.
        values: the values that were checked, where they may be told; None where a Secret may be among them.

    """
    broken = _BROKEN.fullmatch(text)
    if broken:
        return f"error merging manifests: parsing {broken[1]}: MalformedYAMLError: {broken[2]}"
    if text.startswith(_SCHEMA):
        return "\n".join(_schema_lines(text.split("\n"), values))
    return _traced(text) if text.startswith(_TEMPLATE) else text


def _traced(text: str) -> str:
    """Return the way through the templates, each with its place, what it ran and what came of it on lines of their own.

    A function that failed by itself leaves an error that is no error of a template: the whole stays as it is.
    """
    steps: list[str] = []
    remainders = f" {text}".split(f" {_TEMPLATE}")[1:]
    for number, remainder in enumerate(remainders, 1):
        if remainder.startswith("no template "):
            steps.append(f"{_TEMPLATE}{remainder}")
            continue
        found = _EXECUTING.fullmatch(remainder)
        if found is None:
            place, _, why = remainder.rpartition(": ")
            steps.append(f"{place}\n  {why}")
            continue
        place, run, at, why = found.groups()
        if number == len(remainders) and why.startswith("error calling "):
            return text
        steps.append(f"{place}\n  executing {run} at <{at}>:\n    {why}")
    return "\n".join(steps).strip()


def _schema_lines(lines: Iterable[str], values: Json) -> Iterator[str]:
    """Yield the lines, those of one place that tell of missing or further properties drawn together."""
    listed: dict[tuple[str, str], list[str]] = {}
    for line in lines:
        found = _LINE.fullmatch(line)
        pair = _listed(found) if found else None
        if pair is not None:
            where, what, name = pair
            listed.setdefault((where, what), []).append(name)
            continue
        yield from _drawn(listed)
        listed = {}
        yield line if found is None else _schema_line(found, values) or line
    yield from _drawn(listed)


def _listed(found: re.Match[str]) -> tuple[str, str, str] | None:
    required, additional = _REQUIRED.fullmatch(found[2]), _ADDITIONAL.fullmatch(found[2])
    if required:
        return _pointer(found[1]), "missing", required[1]
    return (_pointer(found[1]), "additional", additional[1]) if additional else None


def _drawn(listed: dict[tuple[str, str], list[str]]) -> Iterator[str]:
    for (where, what), names in listed.items():
        quoted = ", ".join(f"'{name}'" for name in names)
        if what == "missing":
            yield f"- at '{where}': missing {'property' if len(names) == 1 else 'properties'} {quoted}"
        else:
            yield f"- at '{where}': additional properties {quoted} not allowed"


def _schema_line(found: re.Match[str], values: Json) -> str:
    where, said = _pointer(found[1]), found[2]
    kind = _TYPE.fullmatch(said)
    if kind:
        given = "number" if kind[2] == "integer" else kind[2]
        return f"- at '{where}': got {given}, want {_types(kind[1])}"
    choice = _ENUM.fullmatch(said)
    if choice:
        return f"- at '{where}': value must be one of {choice[1].replace(chr(34), chr(39))}"
    value = _value(values, found[1])
    bound, length = _BOUND.fullmatch(said), _LENGTH.fullmatch(said)
    if bound and isinstance(value, int | float):
        return f"- at '{where}': {'maximum' if bound[1] == 'less' else 'minimum'}: got {value}, want {bound[2]}"
    if length and isinstance(value, str):
        word = "maxLength" if length[1] == "less" else "minLength"
        return f"- at '{where}': {word}: got {len(value)}, want {length[2]}"
    items, pattern = _ITEMS.fullmatch(said), _PATTERN.fullmatch(said)
    if items and isinstance(value, list):
        return f"- at '{where}': {'minItems' if items[1] == 'least' else 'maxItems'}: got {len(value)}, want {items[2]}"
    if pattern and isinstance(value, str):
        return f"- at '{where}': '{value}' does not match pattern '{pattern[1]}'"
    return ""


def _types(names: str) -> str:
    known = [name for name in names.split(",") if name in _TYPES]
    return " or ".join(sorted(known, key=_TYPES.index))


def _pointer(path: str) -> str:
    return "" if path == "(root)" else "".join(f"/{step}" for step in path.split("."))


def _value(values: Json, path: str) -> Json:
    for step in path.split("."):
        if isinstance(values, dict):
            values = values.get(step)
        elif isinstance(values, list) and step.isdecimal() and int(step) < len(values):
            values = values[int(step)]
        else:
            return None
    return values
