"""``project-permission``: an Application, and all that it brings, is permitted by its AppProject."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nixernetes.gitops.argocd.applications.validation import destination_cluster, validate_application
from nixernetes.gitops.argocd.projects.permissions import is_destination_permitted, is_group_kind_name_permitted
from nixernetes.gitops.argocd.projects.project_rules import problems as project_problems
from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.kinds import APP_PROJECT, APPLICATION, NAMESPACE
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.well_known import ARGOCD_NAMESPACE
from nixernetes.render.argocd.applicationsets import TargetCluster
from nixernetes.render.deliveries import Delivery
from nixernetes.verify.argocd import known_clusters, may_know_more, project_of, project_placed
from nixernetes.verify.findings import Severity
from nixernetes.verify.objects import ClusterObjects, Placed
from nixernetes.verify.places import FieldPath
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_CREATE: Final = "CreateNamespace=true"
_STEPS: Final = re.compile(r"[^.\[\]]+")
_PATHS: Final[tuple[tuple[str, FieldPath, str], ...]] = (
    ("which does not exist", ("spec", "project"), ""),
    ("is not permitted to use project", ("metadata", "namespace"), ""),
    ("application repo", ("spec", "source", "repoURL"), ""),
    ("do not match any of the allowed", ("spec", "destination"), ""),
    ("clusters with this name", ("spec", "destination", "name"), "argo-destination"),
    ("clusters with the same name", ("spec", "destination", "name"), "argo-destination"),
    ("error getting cluster", ("spec", "destination", "server"), "argo-destination"),
    ("estination", ("spec", "destination"), "argo-destination"),
    ("source", ("spec", "source"), "k8s-schema"),
)


def _check(view: PlatformView) -> Iterator[Found]:
    for hub, delivery in view.deliveries():
        if delivery.key.group_kind == APPLICATION:
            clusters = known_clusters(hub)
            problems = list(_specified(hub, delivery, clusters))
            yield from problems
            if not problems:
                refused = list(_brought(view, hub, delivery, clusters))
                yield from refused or _created(hub, delivery)
    for hub in view.hubs.values():
        for item in hub.of(APP_PROJECT):
            yield from _written(hub, item)


def _written(hub: ClusterObjects, item: Placed) -> Iterator[Found]:
    """Yield what Argo CD's API refuses in a project, as ``roles[0].policies[1]``; a controller reads it and goes on."""
    for problem in project_problems(item.key.name, mapping_at(item.manifest, "spec")):
        field, _, message = problem.partition(": ")
        path: FieldPath = ("spec", *(int(step) if step.isdigit() else step for step in _STEPS.findall(field)))
        topic = "sync-window" if field.startswith("syncWindows") else ""
        is_wide = "its object must start" in message  # it reaches what is not the project's, and works
        severity = Severity.INFO if is_wide else Severity.WARNING
        said = f"{field}: {message}"
        yield Found(cluster=hub, subject=item, message=said, path=path, topic=topic, severity=severity)


def _created(hub: ClusterObjects, delivery: Delivery) -> Iterator[Found]:
    """Yield a finding where Argo CD is to create a Namespace, and the project does not permit one."""
    options = items_at(delivery.manifest, "spec", "syncPolicy", "syncOptions")
    spec = mapping_at(project_of(hub, delivery.manifest), "spec")
    space = text_at(delivery.manifest, "spec", "destination", "namespace")
    if _CREATE not in options or not space or hub.has(ObjectKey("", NAMESPACE.kind, "", space)):
        return
    if not is_group_kind_name_permitted(spec, NAMESPACE, space, namespaced=False):
        project = text_at(delivery.manifest, "spec", "project") or "default"
        message = (
            f"{_CREATE} makes the Namespace {space}, which project {project} does not permit: add Namespace to its "
            "clusterResourceWhitelist"
        )
        path = ("spec", "syncPolicy", "syncOptions", options.index(_CREATE))
        yield Found(cluster=hub, subject=delivery, message=message, path=path)


def _specified(hub: ClusterObjects, delivery: Delivery, clusters: list[TargetCluster]) -> Iterator[Found]:
    project = project_of(hub, delivery.manifest)
    if project is None and hub.may_have(ARGOCD_NAMESPACE):
        return
    for _, message in validate_application(delivery.manifest, project, clusters):
        path, topic = _source(delivery.manifest, message) or next(
            ((path, topic) for words, path, topic in _PATHS if words in message), (("spec",), "")
        )
        if topic == "argo-destination" and _is_unknown_cluster(message) and may_know_more(hub):
            continue
        yield Found(cluster=hub, subject=delivery, message=message, path=path, topic=topic)


def _source(application: Manifest, message: str) -> tuple[FieldPath, str] | None:
    """Return the repository that a message names, of an Application of several sources."""
    for index, source in enumerate(objects_at(application, "spec", "sources")):
        if "application repo" in message and text_at(source, "repoURL") in message.split():
            return ("spec", "sources", index, "repoURL"), ""
    return None


def _is_unknown_cluster(message: str) -> bool:
    return "no clusters with this name" in message or "error getting cluster" in message


def _brought(
    view: PlatformView, hub: ClusterObjects, delivery: Delivery, clusters: list[TargetCluster]
) -> Iterator[Found]:
    """Yield the first object of each kind, and the first of each namespace, that the project does not permit."""
    project = project_of(hub, delivery.manifest)
    if project is None:
        return  # something that cannot be rendered may bring it
    spec = mapping_at(project, "spec")
    name = text_at(delivery.manifest, "spec", "project") or "default"
    try:
        cluster = destination_cluster(mapping_at(delivery.manifest, "spec", "destination"), clusters)
    except ValueError:
        return
    told: set[GroupKind | str] = set()
    reserved = [each for each in clusters if each.project == name]
    target = view.reached_by(hub, delivery)
    if target is not None:
        for item in target.brought_by(delivery.key):
            key = item.key
            placed = project_placed(hub, name)
            related = [(view.place(placed), f"AppProject {name}")] if placed is not None else []
            if key.group_kind not in told and not is_group_kind_name_permitted(
                spec, key.group_kind, key.name, namespaced=bool(key.namespace)
            ):
                told.add(key.group_kind)
                yield Found(
                    cluster=hub, subject=item, message=_forbidden_kind(key, name), path=("kind",), related=related
                )
            elif (
                key.namespace
                and key.namespace not in told
                and not is_destination_permitted(spec, cluster, key.namespace, reserved)
            ):
                told.add(key.namespace)
                yield _forbidden_namespace(hub, delivery, item, name)


def _forbidden_kind(key: ObjectKey, project: str) -> str:
    listed = "namespaceResource" if key.namespace else "clusterResource"
    return f"{key.group_kind} is not permitted in project {project}: see its {listed} lists"


def _forbidden_namespace(hub: ClusterObjects, delivery: Delivery, item: Placed, project: str) -> Found:
    message = f"namespace {item.namespace} is not among the destinations of project {project} of {delivery.key}"
    return Found(cluster=hub, subject=item, message=message, path=("metadata", "namespace"))


RULE: Final = Rule(
    name="project-permission",
    topic="appproject",
    severity=Severity.ERROR,
    sentence="An AppProject permits its Applications and all of their objects.",
    check=_check,
)
