"""A suite as it is written: which files it is about, and its results (Kyverno, ``apis/v1alpha1/test.go``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from nixernetes.errors import InputError
from nixernetes.objects.fields import at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json

__all__ = ["Expectation", "ResourceSpec", "Suite", "read_suite"]

_FIELDS: Final = frozenset(
    (
        *("apiVersion", "kind", "metadata", "name", "policies", "resources", "jsonPayload", "jsonPayloads"),
        *("httpPayloads", "envoyPayloads", "targetResources", "variables", "paramResources", "userinfo", "results"),
        *("values", "exceptions", "context", "clusterResources", "apiCallResponses", "globalContextEntries", "checks"),
    )
)
_RESULT_FIELDS: Final = frozenset(
    (
        *("policy", "rule", "result", "kind", "operation", "resources", "resourceSpecs", "patchedResources"),
        *("generatedResource", "generatedResources", "cloneSourceResource", "failOnMissingResources"),
    )
)
_RESULTS: Final = ("pass", "fail", "warn", "error", "skip")
_OPERATIONS: Final = ("", "CREATE", "UPDATE", "DELETE")
_MOCKS: Final = ("apiCallResponses", "globalContextEntries", "images")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceSpec:
    """An object by its parts; ``""`` is any.

    Attributes:
        api_version: its group and version.
        kind: its kind.
        namespace: its namespace.
        name: its name.

    """

    api_version: str = ""
    kind: str = ""
    namespace: str = ""
    name: str = ""

    def __str__(self) -> str:
        return "/".join(filter(None, (self.kind, self.namespace, self.name)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """One entry of ``results``.

    Attributes:
        policy: the policy, as ``name`` or ``namespace/name``.
        rule: the rule; the newer kinds have none.
        resources: the objects; nothing stands for all.
        kind: their kind; ``""`` where none is said.
        result: what is expected.
        operation: what is done with the objects; ``""`` is what the values say.
        patched: the file with the objects as they are after the mutations.
        generated: the files with what is generated.
        source: the file with what is cloned.

    """

    policy: str
    rule: str
    resources: tuple[ResourceSpec, ...]
    kind: str
    result: str
    operation: str = ""
    patched: str = ""
    generated: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """A suite.

    Attributes:
        name: its name.
        files: paths by the field that names them, such as ``policies``.
        inline: documents that stand in the suite itself, by what they are: ``values``, ``mocks``, ``context``.
        expectations: the results that it expects.

    """

    name: str
    files: Mapping[str, Sequence[str]]
    inline: Mapping[str, Mapping[str, Json]]
    expectations: Sequence[Expectation]


def read_suite(document: Json, place: str) -> Suite:
    """Return a suite.

    Raises:
        InputError: the document is not a suite, or asks for what is not supported.

    """
    if not isinstance(document, dict) or text_at(document, "kind") not in ("Test", ""):
        raise InputError("is not a suite: kind Test of cli.kyverno.io is expected", place=place)
    _refuse_unknown(document, _FIELDS, place)
    if "checks" in document:
        raise InputError("not evaluated: checks; write what they assert as results", place=place)
    lists = ("policies", "resources", "targetResources", "paramResources", "exceptions", "clusterResources")
    files = {name: _texts(at(document, name), name, place) for name in lists}
    payloads = (*_texts(at(document, "jsonPayloads"), "jsonPayloads", place), text_at(document, "jsonPayload"))
    files["jsonPayloads"] = tuple(filter(None, payloads))
    for name in ("variables", "userinfo", "context"):
        files[name] = tuple(filter(None, (text_at(document, name),)))
    expectations = tuple(_expectation(each, place) for each in objects_at(document, "results"))
    if not files["policies"] or not expectations:
        raise InputError("a suite names policies and results", place=place)
    sources = dict.fromkeys(each.source for each in expectations if each.source)
    files["clusterResources"] = (*files["clusterResources"], *sources)
    inline: dict[str, Mapping[str, Json]] = {
        "values": mapping_at(document, "values"),
        "mocks": {name: document[name] for name in _MOCKS if name in document},
        "context": mapping_at(document, "context"),
    }
    return Suite(
        name=text_at(document, "metadata", "name") or text_at(document, "name"),
        files=files,
        inline=inline,
        expectations=expectations,
    )


def _refuse_unknown(held: Mapping[str, Json], known: frozenset[str], place: str) -> None:
    """Refuse fields that Kyverno does not know, since what they were meant to say would not be asked.

    Raises:
        InputError: there is one.

    """
    unknown = sorted(
        each for each in held if each not in known and not (each.startswith("is") and known is not _FIELDS)
    )
    if unknown:
        raise InputError(f"unknown field {unknown[0]!r}: write one of {', '.join(sorted(known))}", place=place)


def _expectation(entry: Mapping[str, Json], place: str) -> Expectation:
    found = dict(entry)
    _refuse_unknown(found, _RESULT_FIELDS, place)
    told = text_at(found, "result")
    about = f"results: {text_at(found, 'policy')}/{text_at(found, 'rule')}"
    if not text_at(found, "policy") or told not in _RESULTS:
        raise InputError(f"{about}: a result names a policy, and one of {', '.join(_RESULTS)}", place=place)
    operation = text_at(found, "operation")
    if operation not in _OPERATIONS:
        raise InputError(f"{about}: the operation {operation!r} is not one of CREATE, UPDATE, DELETE", place=place)
    kind = text_at(found, "kind")
    names = [str(each) for each in items_at(found, "resources") if each]
    spelled = (("", *name.split("/"))[-2:] for name in names)
    generated = (text_at(found, "generatedResource"), *items_at(found, "generatedResources"))
    return Expectation(
        policy=text_at(found, "policy"),
        rule=text_at(found, "rule"),
        resources=(
            *(ResourceSpec(kind=kind, namespace=where, name=name) for where, name in spelled),
            *map(_spec, objects_at(found, "resourceSpecs")),
        ),
        kind=kind,
        result=told,
        operation=operation,
        patched=text_at(found, "patchedResources"),
        generated=tuple(each for each in generated if isinstance(each, str) and each),
        source=text_at(found, "cloneSourceResource"),
    )


def _spec(entry: Mapping[str, Json]) -> ResourceSpec:
    version = "/".join(filter(None, (text_at(entry, "group"), text_at(entry, "version"))))
    return ResourceSpec(
        api_version=version,
        kind=text_at(entry, "kind"),
        namespace=text_at(entry, "namespace"),
        name=text_at(entry, "name"),
    )


def _texts(data: Json, field: str, place: str) -> tuple[str, ...]:
    if data is None:
        return ()
    if not isinstance(data, list) or not all(isinstance(each, str) for each in data):
        raise InputError(f"{field}: a list of paths is expected", place=place)
    return tuple(str(each) for each in data)
