"""Turns what pydantic found wrong into one message: each problem names field, value and rule, and what to do."""

from __future__ import annotations

import difflib
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError

from nixernetes.errors import InputError

__all__ = ["MISSING", "RefusedError", "model_in", "refusal"]

MISSING: Final = object()  # stands for a required field that a manifest does not have

_SHOWN = 80  # characters of a wrong value; enough to recognise it
_METADATA = ("name", "namespace", "labels", "annotations", "finalizers")
# What an API server calls the types that a wrong value is not of.
_TYPES: Final = {
    **dict.fromkeys(("string_type", "text_type"), "string"),
    "bool_type": "boolean",
    "int_type": "integer",
    **dict.fromkeys(("tuple_type", "list_type"), "array"),
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type"), "object"),
}


class RefusedError(InputError):
    """A declaration that breaks a rule of its kind.

    Attributes:
        fault: the same in the words of an API server, which knows no Python: ``spec.interval: Required value``.

    """

    def __init__(self, message: str, *, fault: str, subject: str = "", place: str = "") -> None:
        super().__init__(message, subject=subject, place=place)
        self.fault = fault


def refusal(
    model: type[BaseModel], error: ValidationError, *, subject: str, place: str, written: bool = False
) -> RefusedError:
    """Return the error for a declaration that is not valid.

    Args:
        model: what was declared.
        error: what pydantic found.
        subject: the object, in its one spelling.
        place: ``file:line`` of the declaration.
        written: whether it was written for Kubernetes, so that fields are named in that spelling.

    """
    wrong = [dict(found) for found in error.errors(include_url=False)]
    lines = list(dict.fromkeys(_sentence(model, found, written=written) for found in wrong))
    message = lines[0] if len(lines) == 1 else "\n  ".join([f"{len(lines)} problems", *lines])
    fault = "; ".join(dict.fromkeys(_fault(model, found) for found in wrong))
    return RefusedError(message, fault=fault, subject=subject, place=place)


def _fault(model: type[BaseModel], found: dict[str, Any]) -> str:
    words, _, secret = _trace(model, found["loc"], written=True)
    at = "".join(words).lstrip(".")
    if not at:
        return f"spec: Invalid value: {_rule(found)}"
    first = words[0].lstrip(".")
    parts = getattr(model, "PARTS", ())
    where = f"metadata.{at}" if first in _METADATA else at if first in parts else f"spec.{at}"
    kind, value = found["type"], found.get("input")
    if kind == "missing" or value is MISSING:
        return f"{where}: Required value"
    if kind in _TYPES:
        return f"{where}: Invalid value: must be of type {_TYPES[kind]}"
    shown = "" if isinstance(value, BaseModel | dict | list) else f" {'***' if secret else _shown(value)}:"
    if kind == "literal_error":
        return f"{where}: Unsupported value:{shown} supported values: {found['ctx']['expected']}"
    return f"{where}: Invalid value:{shown} {_rule(found)}"


def _sentence(model: type[BaseModel], found: dict[str, Any], *, written: bool) -> str:
    words, owner, secret = _trace(model, found["loc"], written=written)
    where = "".join(words).lstrip(".")
    if found["type"] == "extra_forbidden":
        return f"{where}: {_no_such_field(owner, str(found['loc'][-1]), written=written)}"
    if found["type"] == "missing" or found["input"] is MISSING:
        return f"{where} is missing: give it"
    rule = _rule(found)
    if not where:
        return rule
    value = found.get("input")
    if isinstance(value, BaseModel | dict) and found["type"] == "value_error":
        return f"{where}: {rule}"
    return f"{where}: {'***' if secret else _shown(value)}: {rule}"


def _trace(
    model: type[BaseModel], loc: tuple[str | int, ...], *, written: bool
) -> tuple[list[str], type[BaseModel], bool]:
    """Follow a location into the models: the words of its path in Python, the last model, and whether it is secret."""
    words: list[str] = []
    owner: type[BaseModel] | None = model
    secret = False
    last = model
    for part in loc:
        if isinstance(part, int):
            words.append(f"[{part}]")
            continue
        if owner is not None:
            last = owner
        fields = owner.model_fields if owner is not None else {}
        name = next((n for n, field in fields.items() if part in (n, field.alias)), None)
        secret = secret or (name or part) in getattr(owner, "SECRET_FIELDS", ())
        if owner is not None or not part.endswith("]"):
            spelling = fields[name].alias if name and written else name
            words.append(f".{spelling or part}")
        owner = model_in(fields[name].annotation) if name in fields else None
    return words, last, secret


def model_in(annotation: Any) -> type[BaseModel] | None:
    """Return the class of the nested values that a field holds, None for plain ones."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for part in get_args(annotation) if (model := model_in(part)) is not None), None)


def _no_such_field(owner: type[BaseModel], name: str, *, written: bool) -> str:
    names = {field.alias or n: n for n, field in owner.model_fields.items()}
    spellings = {**names, **{n: n for n in (*names.values(), *(() if written else getattr(owner, "SHORT", ())))}}
    near = difflib.get_close_matches(name, spellings, n=1, cutoff=0.6)
    lower = {spelling.lower().replace("_", ""): n for spelling, n in spellings.items()}
    same = lower.get(name.lower().replace("_", ""))
    begins = max((n for n in names.values() if name.startswith(n)), key=len, default="")
    best = same or (spellings[near[0]] if near else begins)
    shown = {n: (field.alias if written else None) or n for n, field in owner.model_fields.items()}
    advice = f"did you mean {shown.get(best, best)}?" if best else f"it has {', '.join(sorted(shown.values()))}"
    return f"{owner.__name__} has no such field: {advice}"


_RULES = {
    "string_type": "must be text",
    "bool_type": "must be True or False",
    "int_type": "must be a whole number",
    "tuple_type": "must be a list",
    "dict_type": "must be a mapping",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "too_short": "must have {min_length} or more entries",
    "too_long": "must have {max_length} or fewer entries",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "literal_error": "must be {expected}",
}


def _rule(found: dict[str, Any]) -> str:
    kind, context = found["type"], found.get("ctx", {})
    if kind in ("model_type", "model_attributes_type"):
        name = str(context.get("class_name", "matching object"))
        return f"must be a mapping or {'an' if name[0] in 'AEIOU' else 'a'} {name}"
    if kind in _RULES:
        return _RULES[kind].format(**context)
    return str(found["msg"]).removeprefix("Value error, ")


def _shown(value: Any) -> str:
    text = f"{type(value).__name__} object" if isinstance(value, BaseModel) else repr(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
