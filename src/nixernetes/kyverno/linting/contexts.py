"""Entries of ``context`` that Kyverno refuses (``pkg/validation/policy/validate.go``, ``validateRuleContext``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.variables import has_variables
from nixernetes.kyverno.linting.problems import FieldPath, PolicyProblem
from nixernetes.languages.jmespath.evaluation import syntax_tree
from nixernetes.objects.fields import at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json

__all__ = ["refused_contexts"]

_SOURCES: Final = ("configMap", "apiCall", "globalReference", "imageRegistry", "variable")
_TAKEN: Final = ("images", "request", "serviceAccountName", "serviceAccountNamespace", "element", "elementIndex")
_NEEDED: Final = {
    "configMap": ("name", "namespace"),
    "globalReference": ("name",),
    "imageRegistry": ("reference",),
    "apiCall": (),
    "variable": (),
}


def refused_contexts(rule: dict[str, Json], where: FieldPath) -> Iterator[PolicyProblem]:
    """Yield what is wrong with the entries of a rule."""
    entries = objects_at(rule, "context")
    if entries and at(rule, "validate", "cel") is not None:
        message = "rules of validate.cel have no context: write variables of the expressions"
        yield PolicyProblem(path=(*where, "context"), message=message)
        return
    for index, entry in enumerate(entries):
        yield from _entry(entry, (*where, "context", index))


def _entry(entry: dict[str, Json], path: FieldPath) -> Iterator[PolicyProblem]:
    name = text_at(entry, "name")
    if not name:
        yield PolicyProblem(path=(*path, "name"), message="an entry has a name")
    taken = next((each for each in _TAKEN if name == each or name.startswith(f"{each}.")), "")
    if taken:
        message = f"{name!r} conflicts with the variable {taken}, which Kyverno defines: choose another name"
        yield PolicyProblem(path=(*path, "name"), message=message)
    given = [each for each in _SOURCES if at(entry, each) is not None]
    if len(given) != 1:
        told = " and ".join(given) or "none"
        message = f"an entry has exactly one of {', '.join(_SOURCES)}; this one has {told}"
        yield PolicyProblem(path=path, message=message)
        return
    source = given[0]
    held = mapping_at(entry, source)
    for needed in _NEEDED[source]:
        if not text_at(held, needed):
            yield PolicyProblem(path=(*path, source), message=f"a {needed} is required for a {source} entry")
    query = text_at(held, "jmesPath")
    yield from _query(query, (*path, source, "jmesPath"))
    if source == "variable" and "value" not in held and not query:
        yield PolicyProblem(path=(*path, source), message="a variable must define a value or a jmesPath expression")
    if source == "variable" and "default" in held and not query:
        message = "a default is for a jmesPath expression that gives nothing: there is none here"
        yield PolicyProblem(path=(*path, source, "default"), message=message)
    if source == "apiCall" and text_at(held, "urlPath") and at(held, "service") is not None:
        yield PolicyProblem(path=(*path, source), message="a urlPath cannot be used for service API calls")


def _query(query: str, path: FieldPath) -> Iterator[PolicyProblem]:
    if not query or has_variables(query):  # what a variable will put in is not known
        return
    try:
        syntax_tree(query)
    except InputError as error:
        yield PolicyProblem(path=path, message=f"failed to parse JMESPath {query}: {error.message}")
