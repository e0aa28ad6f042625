"""CEL expressions of webhooks and admission policies, compiled when they are written.

After ``pkg/apis/admissionregistration/validation`` of Kubernetes 1.34.4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from nixernetes.objects.fields import objects_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.schemas import names
from nixernetes.schemas.problems import FieldPath, Problem, ProblemKind, duplicate, invalid, required, unsupported

if TYPE_CHECKING:
    from nixernetes.languages.cel.types import Type

__all__ = ["match_conditions", "policy_expressions"]

_MOST_CONDITIONS: Final = 64
_MOST_ANNOTATIONS: Final = 20
_LONGEST_VALUE: Final = 5 * 1024
_REASONS: Final = ("Forbidden", "Invalid", "RequestEntityTooLarge")
_IDENTIFIER: Final = re.compile("[_a-zA-Z][_a-zA-Z0-9]*")
_RESERVED: Final = frozenset(
    (
        *("true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if"),
        *("import", "let", "loop", "package", "namespace", "return", "var", "void", "while"),
    )
)


def match_conditions(entries: Sequence[Mapping[str, Json]], path: FieldPath, *, has_params: bool) -> Iterator[Problem]:
    """Yield what is wrong with ``matchConditions``."""
    if len(entries) > _MOST_CONDITIONS:
        told = f"Too many: {len(entries)}: must have at most {_MOST_CONDITIONS} items"
        yield Problem(path, ProblemKind.INVALID, told)
    seen = set[str]()
    for number, entry in enumerate(entries):
        text, name, here = text_at(entry, "expression").strip(), text_at(entry, "name"), (*path, number)
        if not text:
            yield required((*here, "expression"))
        else:
            yield from _compiled(text, (*here, "expression"), "bool", has_params=has_params)
        if not name:
            yield required((*here, "name"))
            continue
        yield from (invalid((*here, "name"), name, wrong) for wrong in names.label_key_problems(name))
        if name in seen:
            yield duplicate((*here, "name"), name)
        seen.add(name)


def policy_expressions(value: Mapping[str, Json], name: str, path: FieldPath) -> Iterator[Problem]:
    """Yield what is wrong with the expressions of a ValidatingAdmissionPolicy.

    Args:
        value: its spec.
        name: its name, which the keys of its audit annotations follow.
        path: where the spec is.

    """
    has_params = "paramKind" in value
    yield from match_conditions(objects_at(value, "matchConditions"), (*path, "matchConditions"), has_params=has_params)
    own = objects_at(value, "variables")
    yield from _variables(own, path, has_params=has_params)
    variables = _types(own, has_params=has_params) if own else None
    validations, annotations = objects_at(value, "validations"), objects_at(value, "auditAnnotations")
    if not validations and not annotations:
        told = "validations or auditAnnotations must contain at least one item"
        yield from (required((*path, part), told) for part in ("validations", "auditAnnotations"))
    for number, each in enumerate(validations):
        yield from _validation(each, (*path, "validations", number), variables, has_params=has_params)
    here = (*path, "auditAnnotations")
    if len(annotations) > _MOST_ANNOTATIONS:
        yield invalid(here, annotations, f"must not have more than {_MOST_ANNOTATIONS} auditAnnotations")
    seen = set[str]()
    for number, each in enumerate(annotations):
        yield from _annotation(each, name, (*here, number), variables, has_params=has_params)
        key = text_at(each, "key")
        if key in seen:
            yield duplicate((*here, number, "key"), key)
        seen.add(key)


def _variables(entries: Sequence[Mapping[str, Json]], path: FieldPath, *, has_params: bool) -> Iterator[Problem]:
    known: dict[str, Type] = {}
    for number, entry in enumerate(entries):
        name, text, here = text_at(entry, "name"), text_at(entry, "expression"), (*path, "variables", number)
        if not name.strip():
            yield required((*here, "name"), "name is not specified")
        elif not _IDENTIFIER.fullmatch(name) or name in _RESERVED:
            yield invalid((*here, "name"), name, "must be a valid CEL identifier")
        if not text.strip():
            yield required((*here, "expression"), "expression is not specified")
        else:
            yield from _compiled(text, (*here, "expression"), "", known, has_params=has_params)
            known = _types([entry], known, has_params=has_params)


def _types(
    entries: Sequence[Mapping[str, Json]], known: Mapping[str, Type] | None = None, *, has_params: bool
) -> dict[str, Type]:
    """Return the types of variables, each made of those before it; of what does not compile nothing is known."""
    from nixernetes.errors import InputError  # noqa: PLC0415  # few objects have expressions
    from nixernetes.languages.cel.hosts.admission import admission  # noqa: PLC0415  # same
    from nixernetes.languages.cel.types import DYN  # noqa: PLC0415  # same

    found = dict(known or {})
    for entry in entries:
        try:
            program = admission(has_params=has_params, variables=found).compile(text_at(entry, "expression"))
            found = {**found, text_at(entry, "name"): program.result}
        except InputError:
            found = {**found, text_at(entry, "name"): DYN}
    return found


def _validation(
    value: Mapping[str, Json], path: FieldPath, variables: Mapping[str, Type] | None, *, has_params: bool
) -> Iterator[Problem]:
    text, message, told = (text_at(value, name) for name in ("expression", "message", "messageExpression"))
    if not text.strip():
        yield required((*path, "expression"), "expression is not specified")
    else:
        yield from _compiled(text, (*path, "expression"), "bool", variables, has_params=has_params)
    if told and not told.strip():
        yield invalid((*path, "messageExpression"), told, "must be non-empty if specified")
    elif told:
        here = (*path, "messageExpression")
        yield from _compiled(told, here, "string", variables, has_params=has_params, has_authorizer=False)
    if message and not message.strip():
        yield invalid((*path, "message"), message, "must be non-empty if specified")
    elif "\n" in message.strip() or "\r" in message.strip():
        yield invalid((*path, "message"), message, "must not contain line breaks")
    if "reason" in value and value["reason"] not in _REASONS:
        yield unsupported((*path, "reason"), value["reason"], _REASONS)


def _annotation(
    value: Mapping[str, Json],
    name: str,
    path: FieldPath,
    variables: Mapping[str, Type] | None,
    *,
    has_params: bool,
) -> Iterator[Problem]:
    key, text = text_at(value, "key"), text_at(value, "valueExpression")
    if name:
        yield from (
            invalid((*path, "key"), f"{name}/{key}", each) for each in names.label_key_problems(f"{name}/{key}")
        )
    here = (*path, "valueExpression")
    if not text.strip():
        yield required(here, "valueExpression is not specified")
    elif len(text.strip().encode()) > _LONGEST_VALUE:
        yield required(here, f"must not exceed {_LONGEST_VALUE} bytes in length")
    else:
        yield from _compiled(text.strip(), here, "string null_type", variables, has_params=has_params)


def _compiled(  # what an expression may read
    text: str,
    path: FieldPath,
    wanted: str,
    variables: Mapping[str, Type] | None = None,
    *,
    has_params: bool,
    has_authorizer: bool = True,
) -> Iterator[Problem]:
    """Yield why an expression does not compile, or that it gives what it must not; ``wanted`` may be anything."""
    from nixernetes.errors import InputError  # noqa: PLC0415  # few objects have expressions
    from nixernetes.languages.cel.hosts.admission import admission  # noqa: PLC0415  # same

    environment = admission(has_params=has_params, has_authorizer=has_authorizer, variables=variables)
    try:
        found = _spelled(environment.compile(text).result)
    except InputError as error:
        yield invalid(path, text, f"compilation failed: {error.message}")
        return
    if wanted and found not in wanted.split():
        one = wanted if " " not in wanted else f"one of [{wanted}]"
        yield invalid(path, text, f"must evaluate to {one} but got {found}")


def _spelled(found: Type) -> str:
    """Return a type as cel-go names it where it is a type of the language, not of a message."""
    inner = ", ".join(_spelled(each) for each in found.parameters)
    return f"{found.name}({inner})" if inner else found.name
