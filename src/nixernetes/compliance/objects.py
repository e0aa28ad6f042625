"""What is assessed: the objects of each cluster, the pods in them, and an index that every check shares."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple, TypeAlias

from nixernetes.objects.fields import at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.kinds import (
    CLUSTER_ROLE_BINDING,
    CRON_JOB,
    DAEMON_SET,
    DEPLOYMENT,
    JOB,
    NAMESPACE,
    POD,
    REPLICA_SET,
    REPLICATION_CONTROLLER,
    ROLE_BINDING,
    STATEFUL_SET,
)
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.scopes import is_cluster_scoped
from nixernetes.schemas.pod_security import Breach

__all__ = ["AssessedCluster", "AssessedObject", "ClusterIndex", "FieldPath", "PodContainerView", "PodView", "pointer"]

FieldPath: TypeAlias = tuple[str | int, ...]

_TEMPLATES: Final[Mapping[GroupKind, FieldPath]] = {
    POD: (),
    CRON_JOB: ("spec", "jobTemplate", "spec", "template"),
    **dict.fromkeys(
        (DEPLOYMENT, STATEFUL_SET, DAEMON_SET, REPLICA_SET, REPLICATION_CONTROLLER, JOB), ("spec", "template")
    ),
}
_LISTS: Final = ("containers", "initContainers", "ephemeralContainers")


def pointer(path: FieldPath) -> str:
    """Return a path as a JSON pointer."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


class PodContainerView(NamedTuple):
    """A container of a pod template: where it stands in its object, and itself."""

    path: FieldPath
    spec: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class PodView:
    """The pod template of an object.

    Attributes:
        path: where it stands in the object.
        template: the template, with ``metadata`` and ``spec``.
        containers: the containers, those that run first and those that are added later among them.

    """

    path: FieldPath
    template: Mapping[str, Json]
    containers: tuple[PodContainerView, ...]

    @property
    def spec(self) -> dict[str, Json]:
        """The spec of the pods."""
        return mapping_at(self.template, "spec")

    @property
    def labels(self) -> dict[str, str]:
        """The labels of the pods."""
        found = mapping_at(self.template, "metadata", "labels")
        return {key: value for key, value in found.items() if isinstance(value, str)}

    @property
    def service_account(self) -> str:
        """The service account that the pods run as, ``""`` where they do not say it."""
        return text_at(self.spec, "serviceAccountName") or text_at(self.spec, "serviceAccount")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AssessedObject:
    """An object on a cluster.

    Attributes:
        key: who it is.
        manifest: the object as it is rendered.
        file: the file that it began in, ``""`` where none is known.
        line: the line.
        sealed: whether its secret values are encrypted in Git.
        handle: what the caller knows it by.

    """

    key: ObjectKey
    manifest: Manifest
    file: str = ""
    line: int = 0
    sealed: bool = False
    handle: object = None

    @classmethod
    def of(cls, manifest: Manifest, *, file: str = "", line: int = 0) -> AssessedObject:
        """Return a manifest as an object; one that names no namespace, where its kind has one, is in ``default``."""
        key = key_of(manifest)
        if not key.namespace and "." not in key.group.removesuffix(".k8s.io") and not is_cluster_scoped(key.group_kind):
            key = key._replace(namespace="default")
        return cls(key=key, manifest=manifest, file=file, line=line)

    @property
    def namespace(self) -> str:
        """Its namespace, or ``""``."""
        return self.key.namespace


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessedCluster:
    """What one cluster is given.

    Attributes:
        name: its name.
        objects: its objects; of those with one identity the first counts.
        unrendered: what could not be rendered, so that nobody takes the absence of an object for a fact.
        may_bring: tells whether some of that may go to a namespace, ``""`` for none; None: all of it to any.

    """

    name: str
    objects: Sequence[AssessedObject]
    unrendered: Sequence[str] = ()
    may_bring: Callable[[str], bool] | None = None

    def may_get(self, namespace: str) -> bool:
        """Tell whether something that is not known here may come to a namespace."""
        return bool(self.unrendered) and (self.may_bring is None or self.may_bring(namespace))


def _pod(item: AssessedObject) -> PodView | None:
    path = _TEMPLATES.get(item.key.group_kind)
    if path is None:
        return None
    template: Json = item.manifest
    for step in path:
        template = template.get(step) if isinstance(template, dict) else None
    if not isinstance(template, dict):
        return None
    spec = template.get("spec")
    containers = tuple(
        PodContainerView((*path, "spec", name, number), each)
        for name in _LISTS
        for number, each in enumerate(items_at(spec, name))
        if isinstance(each, dict)
    )
    return PodView(path, template, containers)


@dataclass(eq=False)
class ClusterIndex:
    """The objects of a cluster as checks look them up; each part is made when it is first asked for."""

    cluster: AssessedCluster
    _kinds: dict[GroupKind, list[AssessedObject]] = field(default_factory=dict)
    _views: dict[int, PodView] = field(default_factory=dict)
    _spaces: dict[GroupKind, dict[str, list[AssessedObject]]] = field(default_factory=dict)
    _names: dict[GroupKind, dict[tuple[str, str], AssessedObject]] = field(default_factory=dict)
    breaches: dict[int, dict[str, Breach]] = field(default_factory=dict)
    """What pods do not keep of the Pod Security Standards, once somebody has asked for it."""

    def __post_init__(self) -> None:
        seen: set[ObjectKey] = set()
        for item in self.cluster.objects:
            if item.key not in seen:
                seen.add(item.key)
                self._kinds.setdefault(item.key.group_kind, []).append(item)

    @property
    def name(self) -> str:
        """The name of the cluster."""
        return self.cluster.name

    @cached_property
    def itself(self) -> list[AssessedObject]:
        """The cluster as the one object of checks that are about all of it; none where it is given nothing."""
        key = ObjectKey("", "Cluster", "", self.cluster.name)
        return [AssessedObject(key=key, manifest={})] if self._kinds else []

    @cached_property
    def everything(self) -> list[AssessedObject]:
        """All objects, kind by kind."""
        return [item for items in self._kinds.values() for item in items]

    def of(self, *kinds: GroupKind) -> list[AssessedObject]:
        """Return the objects of some kinds."""
        if len(kinds) == 1:
            return self._kinds.get(kinds[0], [])
        return [item for kind in kinds for item in self._kinds.get(kind, ())]

    def within(self, kind: GroupKind, namespace: str) -> list[AssessedObject]:
        """Return the objects of a kind in a namespace."""
        known = self._spaces.get(kind)
        if known is None:
            known = self._spaces[kind] = _by_namespace(self.of(kind))
        return known.get(namespace, [])

    def named(self, kind: GroupKind, namespace: str, name: str) -> AssessedObject | None:
        """Return the object of a kind with a name, or None."""
        known = self._names.get(kind)
        if known is None:
            known = self._names[kind] = {(item.namespace, item.key.name): item for item in self.of(kind)}
        return known.get((namespace, name))

    def of_groups(self, *groups: str) -> list[AssessedObject]:
        """Return the objects of some API groups."""
        return [item for kind, items in self._kinds.items() if kind.group in groups for item in items]

    @cached_property
    def pods(self) -> list[AssessedObject]:
        """The objects with a pod template."""
        found = []
        for item in self.of(*_TEMPLATES):
            view = _pod(item)
            if view is not None:
                self._views[id(item)] = view
                found.append(item)
        return found

    def pod(self, item: AssessedObject) -> PodView:
        """Return the pod template of one of :attr:`pods`."""
        return self._views[id(item)]

    @cached_property
    def namespaces(self) -> dict[str, AssessedObject]:
        """The Namespaces that are created, by name."""
        return {item.key.name: item for item in self.of(NAMESPACE)}

    @cached_property
    def bound_accounts(self) -> set[tuple[str, str]]:
        """The service accounts that some binding gives rights to, by namespace and name."""
        return {
            (text_at(subject, "namespace") or binding.namespace, text_at(subject, "name"))
            for binding in self.of(ROLE_BINDING, CLUSTER_ROLE_BINDING)
            for subject in objects_at(binding.manifest, "subjects")
            if at(subject, "kind") == "ServiceAccount"
        }


def _by_namespace(items: Iterable[AssessedObject]) -> dict[str, list[AssessedObject]]:
    found: dict[str, list[AssessedObject]] = {}
    for item in items:
        found.setdefault(item.namespace, []).append(item)
    return found
