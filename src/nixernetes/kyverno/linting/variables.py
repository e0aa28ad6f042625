"""Variables and references that Kyverno refuses (``pkg/validation/policy/validate.go``, ``hasInvalidVariables``)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.variables import VariableError, referenced, substituted
from nixernetes.kyverno.engine.wildcards import any_matches
from nixernetes.kyverno.linting.problems import FieldPath, PolicyProblem, texts_in
from nixernetes.languages.jmespath.evaluation import syntax_tree
from nixernetes.objects.fields import at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.objects.yamls import parse_first

__all__ = ["refused_variables"]

_VARIABLE: Final = re.compile(r"\{\{[^{}]*\}\}")
_FUNCTION: Final = r"([a-z_0-9]+\()[^{}]"
_KNOWN: Final = re.compile(rf"request|serviceAccountName|serviceAccountNamespace|element|@|image|{_FUNCTION}")
_IN_BACKGROUND: Final = re.compile(rf"request\.|element|@|images|image\.|{_FUNCTION}")
_IN_TARGETS: Final = re.compile(rf"request\.|serviceAccountName|element|@|images|image\.|target\.|{_FUNCTION}")


def refused_variables(rule: dict[str, Json], where: FieldPath, *, is_background: bool) -> Iterator[PolicyProblem]:
    """Yield the variables of a rule that nobody defines, or that stand where none may.

    Args:
        rule: the rule.
        where: its path.
        is_background: whether the policy is evaluated in background scans as well.

    """
    for part in ("match", "exclude"):
        for path, text in texts_in(at(rule, part), (*where, part)):
            if _VARIABLE.search(text):
                yield PolicyProblem(path=path, message=f"{part} has no variables: write a precondition")
    yield from _elements(rule, where)
    yield from _patch_paths(rule, where)
    yield from _unresolved(rule, where, is_background=is_background)


def _elements(rule: dict[str, Json], where: FieldPath) -> Iterator[PolicyProblem]:
    for path, text in texts_in(rule, where):
        for found in _VARIABLE.findall(text):
            name = found[2:-2].strip().removeprefix("-").strip()
            if name.startswith("element") and "foreach" not in path:
                message = f"variable {name!r} is present outside of foreach, where there is no element"
                yield PolicyProblem(path=path, message=message)


def _patch_paths(rule: dict[str, Json], where: FieldPath) -> Iterator[PolicyProblem]:
    patch = text_at(rule, "mutate", "patchesJson6902")
    if not patch:
        return
    try:
        steps = parse_first(patch)
    except InputError:
        return  # with the variables filled in it may be YAML
    for step in steps if isinstance(steps, list) else ():
        if _VARIABLE.search(text_at(step, "path")):
            message = "the path of a JSON patch has no variables: write a foreach"
            yield PolicyProblem(path=(*where, "mutate", "patchesJson6902"), message=message)


def _unresolved(rule: dict[str, Json], where: FieldPath, *, is_background: bool) -> Iterator[PolicyProblem]:
    """Yield the first reference or variable that has no value whatever the request is."""
    targets = objects_at(rule, "mutate", "targets")
    known = _IN_TARGETS if targets else _IN_BACKGROUND if is_background else _KNOWN
    names = _named(rule)

    def lookup(expression: str) -> Json:
        try:
            syntax_tree(expression)
        except InputError as error:
            raise VariableError(f"invalid JMESPath query {expression}: {error.message}") from error
        plain = expression.replace('"', "")
        if known.search(plain) or any_matches(names, plain):
            return None
        raise VariableError(f"variable {plain} is not defined: it is none of the request, and no entry of context")

    for part, held in rule.items():
        try:
            substituted(referenced({part: held}), lookup, "")
        except VariableError as error:
            if error.message.startswith("expected string"):
                continue  # a key: what its variable gives is not known here
            told = error.message.partition(" at path ")[2] if error.message.startswith("failed to resolve ") else ""
            yield PolicyProblem(path=(*where, part), message=told.partition(": ")[2] or error.message)


def _named(rule: dict[str, Json]) -> list[str]:
    """Return what entries of context define, as patterns."""
    holders: list[Json] = [rule, *objects_at(rule, "mutate", "targets")]
    for part in ("validate", "mutate", "generate"):
        holders += objects_at(rule, part, "foreach")
    found: list[str] = []
    for holder in holders:
        for entry in objects_at(holder, "context"):
            name = text_at(entry, "name")
            if mapping_at(entry, "configMap"):
                found += [f"{name}.{part}{rest}" for part in ("data", "metadata") for rest in ("", ".*")]
            else:
                found.append(f"{name}*")
    for image in objects_at(rule, "verifyImages"):
        found += [f"{text_at(each, 'name')}*" for each in objects_at(image, "attestations")]
    return found
