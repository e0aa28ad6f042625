"""Regular expressions: the regex extension of cel-go (``ext/regex.go``) and ``find`` of Kubernetes (``regex.go``)."""

from __future__ import annotations

from nixernetes.languages.cel.budget import Meter
from nixernetes.languages.cel.errors import EvaluationError
from nixernetes.languages.cel.functions import Library, function
from nixernetes.languages.cel.patterns import compiled
from nixernetes.languages.cel.values import NONE, OptionalValue
from nixernetes.languages.go_quoting import go_quoted
from nixernetes.languages.regexes import Match, Pattern, matched

__all__ = ["KUBERNETES_REGEX", "REGEX"]


def _one_group(meter: Meter, expression: str) -> Pattern:
    try:
        regex = compiled(meter, expression)
    except EvaluationError as error:
        raise EvaluationError(f"given regex is invalid: {error.message}") from error
    if regex.groups > 1:
        shown = go_quoted(expression)
        raise EvaluationError(f"regular expression has more than one capturing group: {shown}")
    return regex


def _extract(meter: Meter, text: str, expression: str) -> OptionalValue:
    regex = _one_group(meter, expression)
    found = regex.search(text)
    if found is None:
        return NONE
    value = found.group(regex.groups)
    return OptionalValue(value) if value or not regex.groups else NONE


def _extract_all(meter: Meter, text: str, expression: str) -> list[str]:
    regex = _one_group(meter, expression)
    meter.elements(len(text) + 1)
    values = [found.group(regex.groups) or "" for found in matched(regex, text)]
    return [value for value in values if value or not regex.groups]


def _replace(meter: Meter, text: str, expression: str, replacement: str, count: int = -1) -> str:
    if not count:
        return text
    if count > 2**31 - 1:
        raise EvaluationError("integer overflow")
    regex = compiled(meter, expression)
    meter.charge(len(text))
    parts, last, made = [], 0, len(text)
    for index, found in enumerate(matched(regex, text)):
        if index == count:
            break
        parts += [text[last : found.start()], _filled(regex, found, replacement)]
        last, made = found.end(), made + len(parts[-1])
        meter.charge(len(parts[-1]))
        if made > meter.limits.text_length:
            break
    meter.text(made)
    return "".join([*parts, text[last:]])


def _filled(regex: Pattern, found: Match, replacement: str) -> str:
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
        if group > regex.groups:
            groups = f"regex has only {regex.groups} group(s)"
            raise EvaluationError(f"replacement string references group {group} but {groups}")
        made += [found.group(group) or "", part[1:]]
        index += 1
    return "".join(made)


REGEX = Library(
    name="regex",
    functions=(
        function("regex.extract", "(string, string) -> optional_type(string)", _extract, metered=True),
        function("regex.extractAll", "(string, string) -> list(string)", _extract_all, metered=True),
        function("regex.replace", "(string, string, string) -> string", _replace, metered=True),
        function("regex.replace", "(string, string, string, int) -> string", _replace, metered=True),
    ),
)


def _legal(meter: Meter, expression: str) -> Pattern:
    try:
        return compiled(meter, expression)
    except EvaluationError as error:
        raise EvaluationError(f"Illegal regex: {error.message}") from error


def _find(meter: Meter, text: str, expression: str) -> str:
    found = _legal(meter, expression).search(text)
    return "" if found is None else found.group(0) or ""


def _find_all(meter: Meter, text: str, expression: str, count: int = -1) -> list[str]:
    regex = _legal(meter, expression)
    meter.elements(len(text) + 1)
    values: list[str] = []
    for found in matched(regex, text):
        if len(values) == count:
            break
        values.append(found.group(0) or "")
    return values


KUBERNETES_REGEX = Library(
    name="kubernetes.regex",
    functions=(
        function("find", "string.(string) -> string", _find, metered=True),
        function("findAll", "string.(string) -> list(string)", _find_all, metered=True),
        function("findAll", "string.(string, int) -> list(string)", _find_all, metered=True),
    ),
)
