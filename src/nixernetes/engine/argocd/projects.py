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
from nixernetes.objects.fields import mapping_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.shapes import misfit

__all__ = ["Project", "generated_violations", "load", "violations"]

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

    @property
    def orphaned_resources(self) -> Json:
        """The ``orphanedResources`` block, or None."""
        return self.spec.get("orphanedResources")

    def permits_kind(self, kind: GroupKind, name: str, *, namespaced: bool) -> bool:
        """Tell whether objects of a kind may be deployed."""
        return is_group_kind_name_permitted(self.spec, kind, name, namespaced=namespaced)

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


def load(api: Reader, name: str, clusters: Clusters) -> Project | None:
    """Return a project, or None."""
    found = project_of(api, name)
    if found is None:
        return None
    reserved = tuple(cluster for cluster in clusters.known() if cluster.project == name)
    return Project(name=name, spec=found.get("spec") or {}, clusters=reserved)


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


def violations(api: Reader, manifest: Manifest, clusters: Clusters) -> list[ApplicationCondition]:
    """Return what forbids an Application, in Argo CD's own words."""
    name = (manifest.get("spec") or {}).get("project") or "default"
    project = project_of(api, name)
    found = validate_application(manifest, project, clusters.known(), control_plane=namespace_of(api))
    conditions = [ApplicationCondition(ConditionType(kind), message) for kind, message in found]
    return conditions + [
        ApplicationCondition(ConditionType.UNKNOWN, f"sync window of project '{name}': {problem}")
        for problem in _broken_windows((project or {}).get("spec") or {})
    ]


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
