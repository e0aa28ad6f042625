"""Installs Argo CD: its kinds, its namespace and default project, its controllers, and the watches that wake them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol, runtime_checkable

from nixernetes.cluster.api import Api, Event, EventType
from nixernetes.engine.argocd.application import ReadApplication
from nixernetes.engine.argocd.appsets.controller import CONTROLLER as SETS, ApplicationSetController
from nixernetes.engine.argocd.comparison.compare import Comparer
from nixernetes.engine.argocd.comparison.index import OwnerIndex
from nixernetes.engine.argocd.comparison.inspection import Inspector
from nixernetes.engine.argocd.controller import CONTROLLER, ApplicationController
from nixernetes.engine.argocd.destinations import Clusters
from nixernetes.engine.argocd.kinds import KINDS
from nixernetes.engine.argocd.namespace import namespace_of
from nixernetes.engine.argocd.notifications.controller import CONTROLLER as NOTIFICATIONS, NotificationsController
from nixernetes.engine.argocd.projects import generated_violations
from nixernetes.engine.argocd.refresh import Level
from nixernetes.engine.argocd.removal.removal import ApplicationRemoval
from nixernetes.engine.argocd.settings import CachedSettings
from nixernetes.engine.argocd.settled import ApplicationView, is_settled, view
from nixernetes.engine.argocd.transitions import Transitions
from nixernetes.engine.events import Recorder
from nixernetes.engine.origins import Origins
from nixernetes.engine.outside import Outside
from nixernetes.engine.runtime import Runtime
from nixernetes.engine.scoped_runtime import ScopedRuntime
from nixernetes.errors import NixernetesError
from nixernetes.gitops.definitions import definition_of
from nixernetes.objects.api_groups import ARGOPROJ_V1ALPHA1
from nixernetes.objects.clocks import Clock
from nixernetes.objects.fields import at, mapping_at
from nixernetes.objects.identity import GroupKind, ObjectKey, group_kind, key_of
from nixernetes.objects.kinds import APP_PROJECT, APPLICATION, APPLICATION_SET
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.well_known import ARGOCD_NAMESPACE, ARGOCD_SECRET_TYPE, IN_CLUSTER

__all__ = ["KINDS", "ArgoCD", "install_argocd"]

_MANAGER = "argocd-installer"
_DEFAULT_PROJECT: Manifest = {
    "apiVersion": ARGOPROJ_V1ALPHA1,
    "kind": "AppProject",
    "metadata": {"name": "default", "namespace": ARGOCD_NAMESPACE},
    "spec": {
        "sourceRepos": ["*"],
        "destinations": [{"namespace": "*", "server": "*"}],
        "clusterResourceWhitelist": [{"group": "*", "kind": "*"}],
    },
}


class ArgoCD:
    """A running Argo CD; made by :func:`install_argocd`."""

    def __init__(
        self, api: Api, clock: Clock, controller: ApplicationController, inspector: Inspector, origins: Origins
    ) -> None:
        self.api = api
        self.clock = clock
        self.inspector = inspector
        self.controller = controller
        self.origins = origins

    def deliveries(self) -> list[ApplicationView]:
        """Return what a view shows of every Application, sorted by key."""
        return [view(app) for app in self.api.list(APPLICATION)]

    def destination(self, app: Manifest) -> Api | None:
        """Return the cluster that an Application delivers to; None where there is none."""
        try:
            return self.inspector.destination(ReadApplication.decode(app))
        except NixernetesError:
            return None

    def settled(self) -> bool:
        """Tell whether every Application is well, or can make no further progress by itself."""
        generated = all((found.get("status") or {}).get("conditions") for found in self.api.list(APPLICATION_SET))
        return generated and all(is_settled(app, self.clock, self._is_blocked) for app in self.api.list(APPLICATION))

    def _is_blocked(self, app: ReadApplication) -> bool:
        return self.inspector.is_blocked(app, self.clock.now(), manual=False)


class _Wiring:
    """Wakes the controller when something that it depends on changes; takes notes only."""

    def __init__(self, runtime: Runtime | ScopedRuntime, control_plane: Api) -> None:
        self._runtime = runtime
        self._api = control_plane
        self.controller: ApplicationController | None = None

    def managed(self, _server: str, owner: str, event: Event) -> None:
        """Note that a managed object changed: its Application is compared again, at the same revision."""
        if not _matters(event) or self.controller is None:
            return
        namespace, separator, name = owner.partition("_")
        key = (namespace, name) if separator else (namespace_of(self._api), owner)
        self.controller.request_refresh(key)
        self._runtime.enqueue(CONTROLLER, key)

    def control_plane(self, event: Event) -> None:
        """Note that an Application, a project, a setting or a cluster Secret changed."""
        kind, key = group_kind(event.object), key_of(event.object)
        if kind == APPLICATION:
            if self.controller is not None and _enables_sync(event):
                self.controller.request_refresh((key.namespace, key.name), Level.LATEST)
            self._runtime.enqueue(CONTROLLER, (key.namespace, key.name))
            self._runtime.enqueue(NOTIFICATIONS, (key.namespace, key.name))
            if _concerns_set(event):
                self._wake_set(event.object)
        elif kind == APPLICATION_SET:
            if event.type is not EventType.MODIFIED or _is_written(event):
                self._runtime.enqueue(SETS, (key.namespace, key.name))
        elif kind == APP_PROJECT or _is_setting(event.object, key, namespace_of(self._api)):
            self._wake_all()

    def _wake_all(self) -> None:
        if self.controller is None:
            return
        for app in self._api.list(APPLICATION):
            key = (app["metadata"]["namespace"], app["metadata"]["name"])
            self.controller.request_refresh(key, Level.LATEST)
            self._runtime.enqueue(CONTROLLER, key)
        for found in self._api.list(APPLICATION_SET):
            self._runtime.enqueue(SETS, (found["metadata"]["namespace"], found["metadata"]["name"]))

    def _wake_set(self, app: Manifest) -> None:
        """Let the ApplicationSet that made an Application look at it again."""
        for item in (app.get("metadata") or {}).get("ownerReferences") or []:
            if item.get("kind") == "ApplicationSet":
                self._runtime.enqueue(SETS, (app["metadata"]["namespace"], item["name"]))


def _enables_sync(event: Event) -> bool:
    """Tell whether a change lets an Application sync by itself (``automatedSyncEnabled`` of ``appcontroller.go``)."""
    return event.old is not None and _is_automated(event.object) and not _is_automated(event.old)


def _is_automated(app: Manifest) -> bool:
    policy = at(app, "spec", "syncPolicy", "automated")
    return policy is not None and at(policy, "enabled") is not False


def _is_setting(obj: Manifest, key: ObjectKey, namespace: str) -> bool:
    if key.namespace != namespace:
        return False
    if (key.kind, key.name) == ("ConfigMap", "argocd-cm"):
        return True
    return key.kind == "Secret" and ARGOCD_SECRET_TYPE in ((obj.get("metadata") or {}).get("labels") or {})


def _matters(event: Event) -> bool:
    """Tell whether a change can change a comparison: not the status of a child Application, which has no health."""
    if event.type is not EventType.MODIFIED or event.old is None or group_kind(event.object) != APPLICATION:
        return True
    return _substance(event.object) != _substance(event.old)


def _concerns_set(event: Event) -> bool:
    """Tell whether a change is of what an ApplicationSet keeps as generated (``shouldRequeueForApplication``)."""
    return event.type is EventType.DELETED or (event.type is EventType.MODIFIED and _is_written(event))


def _is_written(event: Event) -> bool:
    """Tell whether a change is of more than the status."""
    return _written(event.object) != _written(event.old or {})


def _written(obj: Manifest) -> object:
    parts = ("labels", "annotations", "finalizers", "deletionTimestamp")
    return (obj.get("spec"), *(mapping_at(obj, "metadata").get(part) or None for part in parts))


def _substance(app: Manifest) -> object:
    meta, status = app.get("metadata") or {}, app.get("status") or {}
    names = ("labels", "annotations", "finalizers", "deletionTimestamp", "ownerReferences")
    health = (status.get("health") or {}).get("status")
    return ({name: meta.get(name) for name in names}, app.get("spec"), health)


@runtime_checkable
class _Serving(Protocol):
    """A cluster that can be told to serve a kind; one that cannot has the CustomResourceDefinitions already."""

    def serve(
        self, kind: GroupKind, namespaced: bool = True, definition: Callable[[], Manifest] | None = None
    ) -> None: ...


def _serve(api: Api, kind: GroupKind) -> None:
    if isinstance(api, _Serving):  # also where it is served as an undefined kind: now its definition is there
        api.serve(kind, definition=partial(definition_of, kind))


def _ensure(api: Api, manifest: Manifest) -> None:
    if api.get(key_of(manifest)) is None:
        api.create(manifest, manager=_MANAGER)


def _plane_name(names: Mapping[str, str]) -> str:
    return next((name for name, server in sorted(names.items()) if server == IN_CLUSTER), "in-cluster")


def install_argocd(  # noqa: PLR0913  # a control plane is wired to all of it
    *,
    runtime: Runtime | ScopedRuntime,
    api: Api,
    clusters: Mapping[str, Api],
    names: Mapping[str, str],
    outside: Outside,
    recorder: Recorder,
    plane: str = "",
) -> ArgoCD:
    """Install Argo CD into a control plane.

    Args:
        runtime: drives its controllers; a part of one, where several control planes share it.
        api: the control plane's cluster.
        clusters: API server URL to cluster, the control plane's own included.
        names: cluster name to API server URL.
        outside: the outside.
        recorder: takes events.
        plane: the name of the control plane's cluster among all clusters; default: that by which Argo CD knows it.

    """
    plane = plane or _plane_name(names)
    for kind in KINDS:
        _serve(api, kind)
    _ensure(api, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": ARGOCD_NAMESPACE}})
    _ensure(api, _DEFAULT_PROJECT)
    settings = CachedSettings(api, runtime.clock)
    wiring = _Wiring(runtime, api)
    index = OwnerIndex(clusters, lambda: settings.current().tracking, wiring.managed)
    origins = Origins()
    known = Clusters(api, clusters, names)
    inspector = Inspector(api, known, outside.builder, Comparer(index), settings.current, origins)
    transitions = Transitions(recorder, plane)
    controller = ApplicationController(
        api=api,
        inspector=inspector,
        settings=settings.current,
        clock=runtime.clock,
        transitions=transitions,
        removal=ApplicationRemoval(
            api, inspector, runtime.clock, lambda app: origins.forget(key_of(app)), transitions.undeleted
        ),
    )
    wiring.controller = controller
    sets = ApplicationSetController(
        api=api,
        builder=outside.builder,
        clusters=known,
        clock=runtime.clock,
        violations=lambda app: generated_violations(api, app, known),
        tell=lambda found, reason, message: recorder.event(
            found, "Normal", reason, message, controller=SETS, cluster=plane
        ),
    )
    runtime.add(sets, [(s["metadata"]["namespace"], s["metadata"]["name"]) for s in api.list(APPLICATION_SET)])
    runtime.add(controller, [(a["metadata"]["namespace"], a["metadata"]["name"]) for a in api.list(APPLICATION)])
    runtime.add(NotificationsController(api, outside, recorder, runtime.clock, plane))
    api.watch(wiring.control_plane)
    return ArgoCD(api, runtime.clock, controller, inspector, origins)
