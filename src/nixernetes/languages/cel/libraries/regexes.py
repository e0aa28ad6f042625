"""Regular expressions: the regex extension of cel-go (``ext/regex.go``) and ``find`` of Kubernetes (``regex.go``)."""

from __future__ import annotations

from nixernetes.languages.cel.budget import Meter
from nixernetes.languages.cel.errors import EvaluationError
from nixernetes.languages.cel.functions import Library, function
from nixernetes.languages.cel.libraries.display import go_quoted
from nixernetes.languages.cel.patterns import Match, Pattern, matches, pattern
from nixernetes.languages.cel.values import NONE, OptionalValue

__all__ = ["KUBERNETES_REGEX", "REGEX"]


def _one_group(expression: str) -> Pattern:
    try:
        compiled = pattern(expression)
    except EvaluationError as error:
        raise EvaluationError(f"given regex is invalid: {error.message}") from error
    if compiled.groups > 1:
        shown = go_quoted(expression)
        raise EvaluationError(f"regular expression has more than one capturing group: {shown}")
    return compiled


def _extract(text: str, expression: str) -> OptionalValue:
    compiled = _one_group(expression)
    found = compiled.search(text)
    if found is None:
        return NONE
    value = found.group(compiled.groups)
    return OptionalValue(value) if value or not compiled.groups else NONE


def _extract_all(meter: Meter, text: str, expression: str) -> list[str]:
    compiled = _one_group(expression)
    meter.elements(len(text) + 1)
    values = [found.group(compiled.groups) or "" for found in matches(compiled, text)]
    return [value for value in values if value or not compiled.groups]


def _replace(meter: Meter, text: str, expression: str, replacement: str, count: int = -1) -> str:
    if not count:
        return text
    if count > 2**31 - 1:
        raise EvaluationError("integer overflow")
    compiled = pattern(expression)
    meter.charge(len(text))
    parts, last, made = [], 0, 0
    for index, found in enumerate(matches(compiled, text)):
        if index == count:
            break
        parts += [text[last : found.start()], _filled(compiled, found, replacement)]
        made += len(parts[-1]) + len(parts[-2])
        meter.text(made)
        last = found.end()
    return "".join([*parts, text[last:]])


def _filled(compiled: Pattern, found: Match, replacement: str) -> str:
    parts = replacement.split("\\")
    made, index = [parts[0]], 1
    while index < len(parts):
        part = parts[index]
        if not part:  # nothing behind the backslash: the end, or another backslash
            if index + 1 == len(parts):
                raise EvaluationError(f"invalid replacement string: '{replacement}' \\ not allowed at end")
            made += ["\\", parts[index + 1]]
            index += 2
            continue
        if part[0] not in "0123456789":
            raise EvaluationError(f"invalid replacement string: '{replacement}' \\ must be followed by a digit or \\")
        group = int(part[0])
        if group > compiled.groups:
            groups = f"regex has only {compiled.groups} group(s)"
            raise EvaluationError(f"replacement string references group {group} but {groups}")
        made += [found.group(group) or "", part[1:]]
        index += 1
    return "".join(made)


REGEX = Library(
    name="regex",
    functions=(
        function("regex.extract", "(string, string) -> optional_type(string)", _extract),
        function("regex.extractAll", "(string, string) -> list(string)", _extract_all, metered=True),
        function("regex.replace", "(string, string, string) -> string", _replace, metered=True),
        function("regex.replace", "(string, string, string, int) -> string", _replace, metered=True),
    ),
)


def _legal(expression: str) -> Pattern:
    try:
        return pattern(expression)
    except EvaluationError as error:
        raise EvaluationError(f"Illegal regex: {error.message}") from error


def _find(text: str, expression: str) -> str:
    found = _legal(expression).search(text)
    return "" if found is None else found.group(0) or ""


def _find_all(meter: Meter, text: str, expression: str, count: int = -1) -> list[str]:
    compiled = _legal(expression)
    meter.elements(len(text) + 1)
    values: list[str] = []
    for found in matches(compiled, text):
        if len(values) == count:
            break
        values.append(found.group(0) or "")
    return values


KUBERNETES_REGEX = Library(
    name="kubernetes.regex",
    functions=(
        function("find", "string.(string) -> string", _find),
        function("findAll", "string.(string) -> list(string)", _find_all, metered=True),
        function("findAll", "string.(string, int) -> list(string)", _find_all, metered=True),
    ),
)
