"""What a repository needs of a cluster, and whether the cluster has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from nixernetes.objects.api_groups import (
    ARGOPROJ,
    FLUX_HELM,
    FLUX_IMAGE,
    FLUX_KUSTOMIZE,
    FLUX_NOTIFICATION,
    FLUX_OPERATOR,
    FLUX_SOURCE,
    FLUX_SOURCE_EXTENSIONS,
)
from nixernetes.objects.fields import flag_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, split_api_version
from nixernetes.objects.kinds import (
    APPLICATION_SET,
    CUSTOM_RESOURCE_DEFINITION,
    DEPLOYMENT,
    FLUX_INSTANCE,
    IMAGE_UPDATE_AUTOMATION,
    STATEFUL_SET,
)
from nixernetes.objects.manifest import Manifest
from nixernetes.schemas import Schemas
from nixernetes.schemas.problems import ProblemKind, path_text
from nixernetes.verify.objects import ClusterObjects, Placed
from nixernetes.verify.readiness.facts import ClusterFacts, RunningController
from nixernetes.verify.readiness.named import NeededObject

__all__ = ["Availability", "Requirement", "requirements"]

_CONTROLLERS: Final[dict[str, tuple[str, ...]]] = {
    FLUX_SOURCE: ("source-controller",),
    FLUX_KUSTOMIZE: ("kustomize-controller",),
    FLUX_HELM: ("helm-controller",),
    FLUX_NOTIFICATION: ("notification-controller",),
    FLUX_SOURCE_EXTENSIONS: ("source-watcher",),
    FLUX_OPERATOR: ("flux-operator",),
}
_OF_ARGOCD: Final = ("argocd-application-controller", "argocd-repo-server")
_BY_OPERATOR: Final = ("source-controller", "kustomize-controller", "helm-controller", "notification-controller")
_INSTALL: Final = {
    "flux": "install Flux first: flux install",
    "argocd": "install Argo CD first, into the namespace argocd",
}


class Availability(StrEnum):
    """Whether something that is needed is there."""

    MET = "met"
    COMES = "comes"
    """The repository brings it itself."""
    DIFFERS = "differs"
    """It is there, and is not what it is taken to be."""
    MISSING = "missing"
    UNKNOWN = "unknown"
    """It could not be read, or may come with what could not be rendered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """Something that a repository needs of a cluster.

    Attributes:
        topic: ``kubernetes``, ``api``, ``field``, ``controller`` or ``object``.
        subject: what is needed.
        availability: whether it is there.
        message: what there is to say, and what to do.
        needed_by: the first object that needs it, and how many more do.

    """

    topic: str
    subject: str
    availability: Availability
    message: str = ""
    needed_by: str = ""


def requirements(
    cluster: ClusterObjects, facts: ClusterFacts, expected: str, needed: Mapping[ObjectKey, NeededObject]
) -> tuple[Requirement, ...]:
    """Return what a repository needs of a cluster, with what there is to say of it.

    Args:
        cluster: what the repository brings to the cluster.
        facts: what the cluster answered.
        expected: the Kubernetes version that the settings give it, ``""`` for none.
        needed: the objects that are named and that the repository does not bring.

    """
    return (
        _kubernetes(facts, expected),
        *_kinds(cluster, facts),
        *_fields(cluster, facts),
        *_controllers(cluster, facts),
        *_objects(facts, needed),
    )


def _kubernetes(facts: ClusterFacts, expected: str) -> Requirement:
    subject = f"Kubernetes {facts.version}"
    if not expected or _minor(expected) == _minor(facts.version):
        return Requirement(topic="kubernetes", subject=subject, availability=Availability.MET)
    message = f"check holds objects against {expected}: set kubeVersion in the settings"
    return Requirement(topic="kubernetes", subject=subject, availability=Availability.DIFFERS, message=message)


def _minor(version: str) -> tuple[str, ...]:
    return tuple(version.removeprefix("v").split(".")[:2])


def _kinds(cluster: ClusterObjects, facts: ClusterFacts) -> Iterator[Requirement]:
    """Yield whether each kind is served in the version that the repository has."""
    found: dict[tuple[str, GroupKind], list[Placed]] = {}
    for item in cluster.placed:
        found.setdefault((text_at(item.manifest, "apiVersion"), item.key.group_kind), []).append(item)
    coming = _defined(cluster)
    for (api_version, kind), items in sorted(found.items()):
        availability, message = _kind(api_version, kind, cluster, facts, coming)
        yield Requirement(
            topic="api",
            subject=f"{api_version} {kind.kind}",
            availability=availability,
            message=message,
            needed_by=_by(items),
        )


def _kind(
    api_version: str,
    kind: GroupKind,
    cluster: ClusterObjects,
    facts: ClusterFacts,
    coming: Mapping[GroupKind, Manifest],
) -> tuple[Availability, str]:
    version = split_api_version(api_version)[1]
    served = facts.served.get(kind, ())
    if version in served:
        return Availability.MET, ""
    definition = coming.get(kind)
    if definition is not None:
        if any(text_at(each, "name") == version and flag_at(each, "served") for each in _versions(definition)):
            return Availability.COMES, "the repository brings its definition"
        return Availability.MISSING, "the definition that the repository brings does not serve this version"
    removed = Schemas(facts.version).removed({"apiVersion": api_version, "kind": kind.kind})
    if removed is not None and removed.since:
        other = f": use {removed.replacement}" if removed.replacement else ""
        return Availability.MISSING, f"not served since Kubernetes 1.{removed.since}{other}"
    if served:
        return Availability.MISSING, f"the cluster serves only {', '.join(served)} of it"
    if cluster.may_have("", group=kind.group):
        unknown = cluster.unrendered[0].key
        return Availability.UNKNOWN, f"its definition may come with {unknown}, which could not be rendered"
    engine = _engine(kind)
    return Availability.MISSING, _INSTALL.get(
        engine, "the cluster does not serve it, and the repository brings no definition"
    )


def _engine(kind: GroupKind) -> str:
    if kind.group == ARGOPROJ:
        return "argocd"
    return "flux" if kind.group in (*_CONTROLLERS, FLUX_IMAGE) and kind.group != FLUX_OPERATOR else ""


def _defined(cluster: ClusterObjects) -> dict[GroupKind, Manifest]:
    return {
        GroupKind(
            text_at(item.manifest, "spec", "group"), text_at(item.manifest, "spec", "names", "kind")
        ): item.manifest
        for item in cluster.of(CUSTOM_RESOURCE_DEFINITION)
    }


def _versions(definition: Manifest) -> list[Manifest]:
    return [*objects_at(definition, "spec", "versions")]


def _fields(cluster: ClusterObjects, facts: ClusterFacts) -> Iterator[Requirement]:
    """Yield the fields and values that the definitions of the cluster do not have: what is installed is too old."""
    schemas = Schemas.of(facts.version, facts.definitions.values())
    coming = _defined(cluster)
    found: dict[tuple[GroupKind, str, str], list[Placed]] = {}
    for item in cluster.placed:
        if item.key.group_kind not in facts.definitions or item.key.group_kind in coming:
            continue
        for problem in schemas.problems(item.manifest):
            if problem.kind in (ProblemKind.UNKNOWN, ProblemKind.UNSUPPORTED):
                found.setdefault((item.key.group_kind, path_text(problem.path), problem.message), []).append(item)
    for (kind, path, message), items in sorted(found.items()):
        yield Requirement(
            topic="field",
            subject=f"{kind.kind} {path}",
            availability=Availability.MISSING,
            message=f"the definition on the cluster has another opinion: {message}; is what is installed too old?",
            needed_by=_by(items),
        )


def _controllers(cluster: ClusterObjects, facts: ClusterFacts) -> Iterator[Requirement]:
    """Yield whether the controllers are there that look after the kinds of engines."""
    wanted: dict[str, list[Placed]] = {}
    for item in cluster.placed:
        for name in _controllers_of(item.key.group_kind):
            wanted.setdefault(name, []).append(item)
    running = {each.key.name: each for each in facts.controllers}
    brought = {item.key.name for item in cluster.of(DEPLOYMENT, STATEFUL_SET)}
    if next(cluster.of(FLUX_INSTANCE), None) is not None:
        brought |= {*_BY_OPERATOR}
    for name, items in sorted(wanted.items()):
        availability, message = _controller(name, running.get(name), facts, is_brought=name in brought)
        yield Requirement(
            topic="controller", subject=name, availability=availability, message=message, needed_by=_by(items)
        )


def _controllers_of(kind: GroupKind) -> tuple[str, ...]:
    if kind.group == FLUX_IMAGE:
        is_automation = kind == IMAGE_UPDATE_AUTOMATION
        return ("image-automation-controller",) if is_automation else ("image-reflector-controller",)
    if kind.group == ARGOPROJ:
        if kind.kind not in ("Application", "ApplicationSet", "AppProject"):
            return ()  # of Argo Rollouts, Workflows, Events
        return (*_OF_ARGOCD, "argocd-applicationset-controller") if kind == APPLICATION_SET else _OF_ARGOCD
    return _CONTROLLERS.get(kind.group, ())


def _controller(
    name: str, found: RunningController | None, facts: ClusterFacts, *, is_brought: bool
) -> tuple[Availability, str]:
    if found is not None:
        told = f"{found.version or 'of an unknown version'} in {found.key.namespace}"
        return (
            (Availability.MET, told) if found.is_ready else (Availability.DIFFERS, f"{told}: none of its pods is ready")
        )
    if is_brought:
        return Availability.COMES, "the repository brings it"
    unread = facts.unread.get("controllers")
    if unread:
        return Availability.UNKNOWN, unread
    engine = "argocd" if name.startswith("argocd-") else "flux"
    has_some = any(each.key.name.startswith("argocd-") == (engine == "argocd") for each in facts.controllers)
    return Availability.MISSING, "it is not among the controllers that are installed" if has_some else _INSTALL[engine]


def _objects(facts: ClusterFacts, needed: Mapping[ObjectKey, NeededObject]) -> Iterator[Requirement]:
    for key, each in sorted(needed.items()):
        unread = facts.unread.get(str(key))
        if unread:
            availability, message = Availability.UNKNOWN, unread
        elif facts.present.get(key):
            availability, message = Availability.MET, ""
        elif each.may_be_made:
            availability, message = (
                Availability.UNKNOWN,
                "it is not there; something that the repository brings may make it",
            )
        else:
            availability, message = Availability.MISSING, "the repository does not bring it: create it first"
        yield Requirement(
            topic="object", subject=str(key), availability=availability, message=message, needed_by=_by(each.subjects)
        )


def _by(items: list[Placed] | tuple[Placed, ...]) -> str:
    more = f" and {len(items) - 1} more" if len(items) > 1 else ""
    return f"{items[0].key}{more}" if items else ""
