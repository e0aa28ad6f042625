"""``{{ expression }}`` and ``$(reference)`` in documents (Kyverno, ``pkg/engine/variables/vars.go``)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from nixernetes.errors import InputError
from nixernetes.languages.jmespath.errors import JmesPathError
from nixernetes.languages.jmespath.functions import json_text
from nixernetes.objects.manifest import Json

__all__ = ["Lookup", "ShiftedError", "VariableError", "has_variables", "referenced", "substituted"]

Lookup = Callable[[str], Json]  # from an expression to its value

_VARIABLE: Final = re.compile(r"(?:^|(?<=[^\\]))(\{\{(?:\{[^{}]*\}|[^{}])*\}\})")
_REFERENCE: Final = re.compile(r"(?:^|(?<=[^\\]))\$\(([^ )]*)\)")
_ANCHOR: Final = re.compile(r"[+<=X^]?\((.+)\)")
_PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ROUNDS: Final = 64
_LONGEST: Final = 1_000_000  # characters of a text while it is filled in


class VariableError(InputError):
    """A variable of a rule has no value; the message is Kyverno's."""


class ShiftedError(VariableError):
    """An expression has no value that was asked in another form than it is written.

    Attributes:
        expression: how it was asked.

    """

    def __init__(self, expression: str, message: str) -> None:
        super().__init__(message)
        self.expression = expression


def has_variables(document: Json) -> bool:
    """Tell whether a document holds variables or references."""
    if isinstance(document, str):
        return "{{" in document or "$(" in document
    if isinstance(document, dict):
        return any(has_variables(key) or has_variables(item) for key, item in document.items())
    return isinstance(document, list) and any(map(has_variables, document))


def substituted(document: Json, lookup: Lookup, path: str = "") -> Json:
    """Return a document with the values of its variables.

    Args:
        document: JSON data.
        lookup: what gives the value of an expression.
        path: where the document stands in its rule, for messages.

    Raises:
        VariableError: a variable has no value, or filling in does not end.

    """
    if isinstance(document, str):
        return _text(document, lookup, path) if "{{" in document else document
    if isinstance(document, dict):
        return {
            _key(key, lookup, path): substituted(item, lookup, f"{path}/{key.replace('~', '~0').replace('/', '~1')}")
            for key, item in document.items()
        }
    if isinstance(document, list):
        return [substituted(item, lookup, f"{path}/{index}") for index, item in enumerate(document)]
    return document


def _key(key: str, lookup: Lookup, path: str) -> str:
    found = _text(key, lookup, path) if "{{" in key else key
    if not isinstance(found, str):
        raise VariableError(f'expected string after substituting variables in key "{key}"')
    return found


def _text(text: str, lookup: Lookup, path: str) -> Json:
    for _ in range(_ROUNDS):
        found = list(_VARIABLE.finditer(text))
        if not found:
            return text.replace("\\{{", "{{")
        parts: list[str] = []
        end = 0
        for match in found:
            expression = match[1][2:-2].strip()
            value = _value(expression.removeprefix("-").strip(), lookup, path)
            if text == match[1]:
                return value
            written = value if isinstance(value, str) else json_text(value)
            if expression.startswith("-"):
                written = written.replace("{{", "\\{{")
            parts += [text[end : match.start()], written]
            end = match.end()
        text = "".join([*parts, text[end:]])
        if len(text) > _LONGEST:
            raise VariableError(f"a text at path {path} grows to more than {_LONGEST:,} characters")
    raise VariableError(f"variables at path {path} lead to others without an end")


def _value(expression: str, lookup: Lookup, path: str) -> Json:
    if not expression:
        raise VariableError(f"failed to resolve  at path {path}: invalid query (nil)")
    if expression == "@":
        expression = _same_place(lookup, path)
    try:
        return lookup(expression)
    except ShiftedError as error:
        raise VariableError(f"failed to resolve {error.expression} at path {path}: {error.message}") from error
    except VariableError as error:
        raise VariableError(f"failed to resolve {expression} at path {path}: {error.message}") from error
    except JmesPathError as error:
        text = f"failed to resolve {expression} at path {path}: JMESPath query failed: {error.message}"
        raise VariableError(text) from error


def _same_place(lookup: Lookup, path: str) -> str:
    """Return the expression for the same place of the target, or of the object that is admitted."""
    steps = [each.replace("~1", "/").replace("~0", "~") for each in path.split("/")[1:]]
    if "foreach" in steps:
        steps = steps[steps.index("foreach") + 1 :]
    try:
        lookup("target")
        root = "target"
    except InputError:
        root = "request.object"
    return root + "".join(map(_spelled, steps[2:]))


def _spelled(step: str) -> str:
    """Return a step as Kyverno writes it in an expression: quoted only where it has to be."""
    if step.isdecimal():
        return f"[{step}]"
    name = _bare(step)
    return f".{name}" if _PLAIN.fullmatch(name) else f".{json_text(name)}"


def referenced(document: Json) -> Json:
    """Return a pattern in which each ``$(path)`` is the value at that path of the pattern.

    Raises:
        VariableError: there is nothing at a path, or no text.

    """
    return _referenced(document, document, []) if has_variables(document) else document


def _referenced(node: Json, root: Json, path: list[str]) -> Json:
    if isinstance(node, dict):
        return {key: _referenced(item, root, [*path, _bare(key)]) for key, item in node.items()}
    if isinstance(node, list):
        return [_referenced(item, root, [*path, str(index)]) for index, item in enumerate(node)]
    if not isinstance(node, str) or "$(" not in node:
        return node
    text = node
    for match in list(_REFERENCE.finditer(node)):
        inner = match[1]
        operator = next((each for each in (">=", "<=", ">", "<", "!") if inner.startswith(each)), "")
        found = _resolved(inner[len(operator) :], root, path)
        if found is None:
            where = f"/{'/'.join(path)}" if path else ""
            raise VariableError(f"got nil resolved variable {match[0]} at path {where}: <nil>")
        if not isinstance(found, str | int | float):
            raise VariableError(f"the reference {match[0]} at path /{'/'.join(path)} does not give a text")
        written = found if isinstance(found, str) else json_text(found)
        text = text.replace(match[0], operator + written, 1)
    return text.replace("\\$(", "$(")


def _bare(key: str) -> str:
    found = _ANCHOR.fullmatch(key)
    return found[1] if found else key


def _resolved(reference: str, root: Json, path: list[str]) -> Json:
    steps = [] if reference.startswith("/") else list(path)
    for part in reference.split("/"):
        if part == "..":
            steps = steps[:-1]
        elif part not in ("", "."):
            steps.append(part)
    node = root
    for step in steps:
        if isinstance(node, dict):
            node = next((item for key, item in node.items() if _bare(key) == step), None)
        elif isinstance(node, list) and step.isdigit() and int(step) < len(node):
            node = node[int(step)]
        else:
            node = None
    return node
