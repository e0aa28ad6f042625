"""``invalid-object``: an API server takes every object, with the fields that are written.

Built-in kinds are held against the schema of the cluster's Kubernetes version and the rules that a server has beyond
it; custom kinds against the definitions that the platform renders or the user gives, their CEL rules among them; the
kinds of Flux, Argo CD and Kyverno against our own models. A kind without a schema is counted as not verified.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from nixernetes.gitops.decoding import KINDS, decode
from nixernetes.objects.api_groups import RBAC
from nixernetes.objects.fields import items_at
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.kinds import (
    APP_PROJECT,
    APPLICATION,
    APPLICATION_SET,
    CUSTOM_RESOURCE_DEFINITION,
    KUSTOMIZATION,
    SERVICE,
)
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.provenance import StepKind
from nixernetes.schemas import Problem, ProblemKind, Schemas
from nixernetes.schemas.problems import path_text
from nixernetes.verify.admission.allocated_ports import port_problems
from nixernetes.verify.cluster_schemas import schemas_of
from nixernetes.verify.findings import Severity
from nixernetes.verify.objects import ClusterObjects, Placed
from nixernetes.verify.places import FieldPath
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.references.graph import is_filled
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_MOST: Final = 20  # problems of one object; a chart that is wrong throughout says no more with a thousand
_STRUCTURE: Final = (ProblemKind.TYPE, ProblemKind.UNKNOWN, ProblemKind.REQUIRED)
_SERVER_SIDE: Final = "ServerSideApply=true"
_METADATA: Final = ("spec", "template", "metadata")
_NEAR: Final = 2  # steps below a value that is said to lack something, to what is written in its place
_DOUBLE: Final = (ProblemKind.DUPLICATE, ProblemKind.REPEATED)


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster in view.clusters:
        schemas = schemas_of(view, cluster)
        for item in cluster.placed:
            if schemas.removed(item.manifest) is not None or schemas.unserved(item.manifest) is not None:
                continue  # ``unserved-version`` says so
            if item.key.group_kind == APPLICATION and "{{" in item.key.name:
                continue  # ``empty-application-set`` says so of the set that left it
            if item.key.name or not _is_generated(item.manifest):
                yield from _problems(view, cluster, schemas, item)


def _is_generated(manifest: Manifest) -> bool:
    meta = manifest.get("metadata")
    return isinstance(meta, dict) and bool(meta.get("generateName"))


def _problems(view: PlatformView, cluster: ClusterObjects, schemas: Schemas, item: Placed) -> Iterator[Found]:
    is_known = schemas.is_known(item.manifest)
    if is_known and not item.namespace and view.is_namespaced(item.manifest) and _needs_namespace(item):
        message = f"{item.key.kind} has a namespace, and none is given: set it, or targetNamespace of the Kustomization"
        yield Found(
            cluster=cluster,
            subject=item,
            message=message,
            path=("metadata",),
            topic="crd-instance" if item.key.group_kind in schemas.definitions else "namespace-missing",
        )
    found = _found(view, schemas, item)
    for problem in _told_once(found):
        if problem.path[:1] == ("data",) and is_filled(item.manifest):
            continue
        yield Found(
            cluster=cluster,
            subject=item,
            message=_words(problem, item),
            path=_written(item, problem.path),
            severity=_severity(problem, item),
            topic=_topic(view, problem, item),
        )


def _told_once(found: Sequence[Problem]) -> Iterator[Problem]:
    """Yield the problems that are not the same in other words, or follow from one that is told."""
    twice = {each.path for each in found if each.kind in _DOUBLE}
    wrong = {each.path for each in found if each.kind is ProblemKind.TYPE}
    misread = [each.path for each in found if each.kind in (ProblemKind.TYPE, ProblemKind.UNKNOWN)]
    missing: set[FieldPath] = set()
    is_mislabelled = any(path[-1:] == ("labels",) or path[:3] == _METADATA for path in misread)
    for problem in found:
        path = problem.path
        is_structure = problem.kind in _STRUCTURE
        if path in twice and problem.kind not in _DOUBLE:
            continue  # the same in other words
        if problem.kind is ProblemKind.REQUIRED and (path in wrong or path in missing):
            continue  # it is given, and cannot be read; or it was said
        if is_mislabelled and path[:3] == _METADATA and "`selector`" in problem.message:
            continue  # its labels are written in another place
        if path in missing and not is_structure:
            continue  # nothing is there to be wrong
        if (problem.kind is ProblemKind.REQUIRED or not is_structure) and any(
            each[: len(path)] == path and len(path) < len(each) <= len(path) + _NEAR for each in misread if path
        ):
            continue  # of a part that is misspelt, or cannot be read
        if problem.kind is ProblemKind.REQUIRED:
            missing.add(path)
        yield problem


def _found(view: PlatformView, schemas: Schemas, item: Placed) -> Sequence[Problem]:
    """Return what is wrong in an object; the same object is held against the same schema once."""
    is_ours = item.key.group_kind in KINDS and item.key.group_kind not in view.definitions
    digest = view.known.digest(item.manifest, schemas.definition(item.manifest), schemas.minor, is_ours)
    known = view.known.get(digest)
    if known is not None:
        return known
    found = [*schemas.problems(item.manifest)][:_MOST]
    if item.key.group_kind == SERVICE:
        found += port_problems(item.manifest)
    if is_ours:
        found = _with_remedy(item, found)
    view.known.put(digest, tuple(found))
    return found


def _path(field: str) -> FieldPath:
    """Return a path that is written as ``spec.syncWindows[0].schedule``."""
    steps = re.findall(r"[^.\[\]]+", field)
    return tuple(int(step) if step.isdigit() else step for step in steps)


def _with_remedy(item: Placed, found: list[Problem]) -> list[Problem]:
    """Return the problems of a kind of ours, in the words of its model where it knows what to write instead."""
    if any(each.kind is not ProblemKind.INVALID for each in found):
        return found
    decoded = decode(item.manifest)
    if decoded is None or not decoded.problem:
        return found
    field, _, detail = decoded.fault.partition(": ")
    path = _path(field) if field.startswith("spec") else ("spec",)
    said = Problem(path, ProblemKind.INVALID, detail or decoded.problem)
    return [said, *(each for each in found if path_text(each.path) != field)]


def _written(item: Placed, path: FieldPath) -> FieldPath:
    """Return where a field is written: data of a Secret may stand in ``stringData``."""
    is_plain = path[:1] == ("data",) and "data" not in item.manifest and "stringData" in item.manifest
    return ("stringData", *path[1:]) if is_plain else path


def _needs_namespace(item: Placed) -> bool:
    """Tell whether nobody else gives an object its namespace: Argo CD and Helm have their destination."""
    return item.owner is not None and item.owner.key.group_kind == KUSTOMIZATION


def _words(problem: Problem, item: Placed) -> str:
    """Return the words for a problem; no value of a Secret is among them."""
    if item.key.kind == "Secret" and problem.kind in (ProblemKind.TYPE, ProblemKind.INVALID):
        head = problem.message.partition(": ")[2].rpartition(": ")[2] if "Invalid value" in problem.message else ""
        return f"{_field(problem)}: {head or problem.message}{problem.hint}"
    return str(problem)


def _field(problem: Problem) -> str:
    return str(problem).partition(":")[0]


def _severity(problem: Problem, item: Placed) -> Severity:
    if problem.kind is ProblemKind.DOUBTFUL:
        return Severity.WARNING
    if problem.kind in _DOUBLE and not _is_refused(problem, item):
        return Severity.WARNING
    return Severity.ERROR


def _is_refused(problem: Problem, item: Placed) -> bool:
    """Tell whether a double entry is refused: names always, ports only by server-side apply; the last variable wins."""
    step = problem.path[-3] if len(problem.path) > 2 else ""
    if step == "env":
        return False
    if step != "ports" or problem.path[-1] == "name":
        return True
    owner = item.owner
    if owner is None or owner.key.group_kind != APPLICATION:
        return True
    return _SERVER_SIDE in items_at(owner.manifest, "spec", "syncPolicy", "syncOptions")


def _topic(view: PlatformView, problem: Problem, item: Placed) -> str:
    kind, path = item.key.group_kind, problem.path
    if problem.kind in _DOUBLE:
        return "duplicate-entry"
    if problem.kind is ProblemKind.TYPE:
        if _is_substituted(view, problem, item):
            return "substitution"
        if path[:2] in (("metadata", "annotations"), ("metadata", "labels")):
            return "annotation-type"
    if kind == CUSTOM_RESOURCE_DEFINITION:
        return "crd-definition"
    if kind in KINDS:
        return _topic_of_ours(problem, kind)
    is_custom = kind in view.definitions and path[:1] != ("metadata",)
    return "crd-instance" if is_custom else _topic_of_builtin(problem, kind.group)


def _topic_of_ours(problem: Problem, kind: GroupKind) -> str:
    """Return the topic of a problem of a kind of Flux, Argo CD or Kyverno."""
    if kind == APP_PROJECT and problem.path[:2] == ("spec", "syncWindows"):
        return "sync-window"
    if kind == APPLICATION_SET and problem.kind is ProblemKind.INVALID:  # its controller refuses it, no schema does
        return "appset"
    is_duration = problem.path and problem.path[-1] in ("interval", "timeout", "retryInterval")
    return "interval" if is_duration and problem.kind is not ProblemKind.REQUIRED else "k8s-schema"


def _topic_of_builtin(problem: Problem, group: str) -> str:
    if group == RBAC and problem.path[:1] in (("roleRef",), ("subjects",)):
        return "rbac"
    if "`selector`" in problem.message:
        return "selector"
    is_structure = problem.kind in _STRUCTURE and "valid values" not in problem.message
    return "k8s-schema" if is_structure else "k8s-value"


def _is_substituted(view: PlatformView, problem: Problem, item: Placed) -> bool:
    """Tell whether a value got its type by a variable."""
    if not any(step.kind is StepKind.SUBSTITUTION for step in item.origin.chain):
        return False
    place = view.place(item, problem.path)
    lines = view.places.text(place.file).splitlines()
    return 0 < place.line <= len(lines) and "${" in lines[place.line - 1]


RULE: Final = Rule(
    name="invalid-object",
    topic="k8s-schema",
    severity=Severity.ERROR,
    sentence="An API server accepts every object with all of its fields.",
    check=_check,
)
