"""An AppProject as the engine asks it: what it permits, its sync windows, its orphan rules (section 3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from nixernetes.cluster.api import Reader
from nixernetes.engine.argocd.application import ReadApplication
from nixernetes.engine.argocd.conditions import ApplicationCondition, ConditionType
from nixernetes.engine.argocd.destinations import Clusters, TargetCluster
from nixernetes.engine.argocd.namespace import namespace_of, project_of
from nixernetes.gitops.argocd.applications.validation import destination_cluster, validate_application
from nixernetes.gitops.argocd.projects import windows
from nixernetes.gitops.argocd.projects.permissions import is_destination_permitted, is_group_kind_name_permitted
from nixernetes.objects.bounded import Bounded
from nixernetes.objects.fields import mapping_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.shapes import misfit

__all__ = ["Project", "Projects", "generated_violations"]

_MOST = 10_000  # Applications of which it is remembered what forbids them, and projects
_ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)  # a window is readable at every moment or at none


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project.

    Attributes:
        name: its name.
        spec: its spec.
        clusters: the clusters that are reserved for it.

    """

    name: str
    spec: Manifest = field(default_factory=dict)
    clusters: tuple[TargetCluster, ...] = ()
    _permitted: dict[tuple[str, str, str], bool] = field(default_factory=dict, compare=False, repr=False)
    _kinds: dict[GroupKind, bool] = field(default_factory=dict, compare=False, repr=False)

    @property
    def orphaned_resources(self) -> Json:
        """The ``orphanedResources`` block, or None."""
        return self.spec.get("orphanedResources")

    def permits_kind(self, kind: GroupKind, name: str, *, namespaced: bool) -> bool:
        """Tell whether objects of a kind may be deployed; asked for every object, so remembered where it can be."""
        known = self._kinds.get(kind) if namespaced else None
        if known is None:
            known = is_group_kind_name_permitted(self.spec, kind, name, namespaced=namespaced)
            if namespaced:
                self._kinds[kind] = known
        return known

    def permits_namespace(self, cluster: TargetCluster, namespace: str) -> bool:
        """Tell whether objects may go to a namespace of a cluster; asked for every object, so remembered."""
        known = self._permitted.get((cluster.name, cluster.server, namespace))
        if known is None:
            known = is_destination_permitted(self.spec, cluster, namespace, self.clusters)
            self._permitted[(cluster.name, cluster.server, namespace)] = known
        return known

    def permits_live(self, key: ObjectKey, cluster: TargetCluster, *, namespaced: bool) -> bool:
        """Tell whether a live object may be seen by an Application of the project."""
        if not self.permits_kind(key.group_kind, key.name, namespaced=namespaced):
            return False
        return not namespaced or self.permits_namespace(cluster, key.namespace)

    def is_blocked(
        self,
        app: ReadApplication,
        now: datetime,
        *,
        manual: bool,
        started: datetime | None = None,
    ) -> bool:
        """Tell whether a sync window forbids a sync now; a window that cannot be read forbids it."""
        written = [place for place in (app.destination.server, app.destination.name) if place]
        found = windows.matching_windows(self.spec, app.key.name, app.namespace, written)
        try:
            return not windows.can_sync(found, now, manual=manual, started=started)
        except ValueError:
            return True


def generated_violations(api: Reader, manifest: Manifest, clusters: Clusters) -> list[str]:
    """Return why an ApplicationSet may not make an Application (``validateGeneratedApplications`` of Argo CD 3.5)."""
    name = text_at(manifest, "spec", "project")
    if not name or project_of(api, name) is None:
        return [f"application references project {name} which does not exist"]
    try:
        destination_cluster(mapping_at(manifest, "spec", "destination"), clusters.known())
    except ValueError as error:
        return [f"application destination spec is invalid: {error}"]
    return []


class Projects:
    """The projects of a control plane; what was found of one holds until it, or the clusters, change.

    Args:
        api: the control plane.
        clusters: the clusters that it knows.

    """

    def __init__(self, api: Reader, clusters: Clusters) -> None:
        self._api = api
        self._clusters = clusters
        self._known: Bounded[str, tuple[Manifest, Project]] = Bounded(_MOST)
        self._violations: Bounded[ObjectKey, _Violations] = Bounded(_MOST)

    def load(self, name: str) -> Project | None:
        """Return a project, or None."""
        found = project_of(self._api, name)
        if found is None:
            return None
        reserved = tuple(cluster for cluster in self._clusters.known() if cluster.project == name)
        known = self._known.get(name)
        if known is None or known[0] is not found or known[1].clusters != reserved:
            known = (found, Project(name=name, spec=found.get("spec") or {}, clusters=reserved))
            self._known.put(name, known)
        return known[1]

    def violations(self, manifest: Manifest) -> list[ApplicationCondition]:
        """Return what forbids an Application, in Argo CD's own words."""
        spec = manifest.get("spec")
        project = project_of(self._api, (spec or {}).get("project") or "default")
        clusters, place, key = self._clusters.known(), namespace_of(self._api), key_of(manifest)
        known = self._violations.get(key)
        if known is None or known.spec is not spec or known.project is not project or known.around != (clusters, place):
            found = _violations(manifest, project, clusters, place)
            known = _Violations(spec, project, (clusters, place), found)
            self._violations.put(key, known)
        return [*known.found]


@dataclass(frozen=True, slots=True)
class _Violations:
    spec: Json
    project: Manifest | None
    around: tuple[list[TargetCluster], str]
    found: tuple[ApplicationCondition, ...]


def _violations(
    manifest: Manifest, project: Manifest | None, clusters: list[TargetCluster], place: str
) -> tuple[ApplicationCondition, ...]:
    name = (manifest.get("spec") or {}).get("project") or "default"
    found = validate_application(manifest, project, clusters, control_plane=place)
    return (
        *(ApplicationCondition(ConditionType(kind), message) for kind, message in found),
        *(
            ApplicationCondition(ConditionType.UNKNOWN, f"sync window of project '{name}': {problem}")
            for problem in _broken_windows((project or {}).get("spec") or {})
        ),
    )


def _broken_windows(spec: Manifest) -> list[str]:
    """Say what is wrong with windows: one that cannot be read must not let through what it would hold."""
    wrong = misfit({"syncWindows": windows.WINDOWS}, spec)
    if wrong:
        return [wrong]
    found = []
    for window in spec.get("syncWindows") or []:
        try:
            windows.is_active(window, _ANY_TIME)
        except ValueError as error:
            found.append(str(error))
    return found
