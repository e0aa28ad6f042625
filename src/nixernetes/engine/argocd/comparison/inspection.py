"""Looks at an Application: is its spec allowed, what does it want, how does its cluster differ (3.5 and 4.2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from nixernetes.cluster.api import Api, Reader
from nixernetes.engine.argocd.application import ReadApplication
from nixernetes.engine.argocd.comparison import diff
from nixernetes.engine.argocd.comparison.compare import Comparer, Comparison, Scene
from nixernetes.engine.argocd.comparison.load_problems import load_problem
from nixernetes.engine.argocd.comparison.managed_namespace import has_changed
from nixernetes.engine.argocd.conditions import ApplicationCondition, ConditionType
from nixernetes.engine.argocd.destinations import Clusters
from nixernetes.engine.argocd.projects import Projects
from nixernetes.engine.argocd.settings import Settings
from nixernetes.engine.argocd.sync.last_applied import LastApplied
from nixernetes.engine.argocd.sync.operations import Look
from nixernetes.engine.origins import Origins
from nixernetes.engine.reading import declared_in
from nixernetes.errors import InputError, NixernetesError
from nixernetes.objects.fields import text_at
from nixernetes.objects.manifest import Manifest
from nixernetes.render.argocd.applications import ApplicationManifests
from nixernetes.render.delivery_builds import Builder

__all__ = ["Inspector"]


class Inspector:
    """Makes a :class:`Look` of an Application.

    Args:
        api: the control plane.
        clusters: the clusters it knows.
        builder: renders sources.
        origins: where the objects of Applications come from.
        comparer: compares.
        settings: returns the settings of now.

    """

    def __init__(
        self,
        api: Reader,
        clusters: Clusters,
        builder: Builder,
        comparer: Comparer,
        settings: Callable[[], Settings],
        origins: Origins,
    ) -> None:
        self._api = api
        self.clusters = clusters
        self._projects = Projects(api, clusters)
        self.builder = builder
        self._origins = origins
        self._comparer = comparer
        self._settings = settings
        self._last_applied = LastApplied()

    def allowed(self, manifest: Manifest) -> list[ApplicationCondition]:
        """Return what is wrong with a spec: its sources, destination, project and permissions."""
        return self._projects.violations(manifest)

    def has_project(self, app: ReadApplication) -> bool:
        """Tell whether the project of an Application is there."""
        return self._projects.load(app.project) is not None

    def destination(self, app: ReadApplication) -> Api:
        """Return the cluster that an Application delivers to.

        Raises:
            InputError: its cluster is not there.

        """
        return self.clusters.of(app)[1]

    def scene(self, manifest: Manifest, app: ReadApplication) -> Scene:
        """Return where an Application is compared.

        Raises:
            InputError: its project or its cluster is not there.

        """
        project = self._projects.load(app.project)
        if project is None:
            raise InputError(f"Application referencing project {app.project} which does not exist")
        cluster, api = self.clusters.of(app)
        settings = self._settings()
        rules = (*settings.ignore_differences, *app.ignore_differences)
        return Scene(
            app=app,
            project=project,
            cluster=cluster,
            api=api,
            settings=settings,
            rules=rules,
            jq=self.builder.tools.jq,
            namespace_changed=has_changed(manifest),
            last_applied=self._last_applied,
        )

    def look(
        self, manifest: Manifest, app: ReadApplication, revisions: Sequence[str] = (), *, hard: bool = False
    ) -> Look:
        """Return the comparison at exact revisions, or at the target revisions; or the conditions that forbid it.

        What cannot be loaded is a condition, too; then the comparison tells what is there, and no more.
        """
        conditions = self.allowed(manifest)
        if conditions:
            return Look(conditions=tuple(conditions))
        unreadable = self._settings().problem
        if unreadable:
            message = f"Failed to load the settings in ConfigMap argocd-cm: {unreadable}"
            return Look(conditions=(ApplicationCondition(ConditionType.COMPARISON, message),))
        try:
            scene = self.scene(manifest, app)
            diff.check_rules(scene.rules, scene.jq)
        except NixernetesError as error:
            return Look(conditions=(ApplicationCondition(ConditionType.COMPARISON, error.message),))
        try:
            if hard:
                self.builder.applications.refresh()
            found = self.builder.applications.manifests(
                manifest,
                app.sources,
                declared_in(self._api, self.builder.tools.given),
                revisions=revisions,
                fresh=True,
            )
            comparison = self._comparer.compare(scene, found)
        except NixernetesError as error:
            message = f"Failed to load target state: {load_problem(error, app)}"
            return self._unloaded(scene, app, revisions, ApplicationCondition(ConditionType.COMPARISON, message))
        self._origins.record(app.key, found.manifests)
        return Look(scene=scene, comparison=comparison, conditions=comparison.conditions)

    def _unloaded(
        self, scene: Scene, app: ReadApplication, revisions: Sequence[str], condition: ApplicationCondition
    ) -> Look:
        """Return what there is of an Application when what it wants cannot be told."""
        asked = tuple(revisions) or tuple(text_at(source, "targetRevision") for source in app.sources)
        nothing = ApplicationManifests(revisions=asked)
        comparison = self._comparer.compare(scene, nothing, unknown=True)
        return Look(scene=scene, comparison=comparison, conditions=(*comparison.conditions, condition))

    def live(self, scene: Scene) -> Comparison:
        """Return what there is of an Application when nothing is wanted any more; hooks cannot be known then."""
        return self._comparer.compare(scene, ApplicationManifests())

    def is_blocked(self, app: ReadApplication, now: datetime, *, manual: bool, started: datetime | None = None) -> bool:
        """Tell whether a sync window of the project forbids a sync now."""
        project = self._projects.load(app.project)
        return project is not None and project.is_blocked(app, now, manual=manual, started=started)
