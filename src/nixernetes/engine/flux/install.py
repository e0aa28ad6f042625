"""Flux in one cluster: its kinds, its namespace, its controllers, and the watches that wake them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from nixernetes.cluster.api import Api
from nixernetes.engine.events import Recorder
from nixernetes.engine.flux.controller import AnyController, Context
from nixernetes.engine.flux.helm.release import HelmReleaseController
from nixernetes.engine.flux.kinds import KINDS
from nixernetes.engine.flux.kustomize.kustomization import KustomizationController
from nixernetes.engine.flux.notifications.alerts import Alerts
from nixernetes.engine.flux.notifications.provider import ProviderController
from nixernetes.engine.flux.notifications.receiver import ReceiverController
from nixernetes.engine.flux.refused import refused_controllers
from nixernetes.engine.flux.resource_set import InputProviderController, ResourceSetController
from nixernetes.engine.flux.sources.artifact_generator import ArtifactGeneratorController
from nixernetes.engine.flux.sources.git_repository import BucketController, GitRepositoryController
from nixernetes.engine.flux.sources.helm_chart import HelmChartController
from nixernetes.engine.flux.sources.helm_repository import HelmRepositoryController
from nixernetes.engine.flux.sources.oci_repository import OciRepositoryController
from nixernetes.engine.flux.triggers import Triggers
from nixernetes.engine.notes import Notes
from nixernetes.engine.origins import Origins
from nixernetes.engine.outside import Outside
from nixernetes.engine.runtime import Runtime
from nixernetes.gitops.decoding import KINDS as DEFINED
from nixernetes.gitops.definitions import definition_of
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.well_known import APP_INSTANCE, APP_PART_OF, FLUX_NAMESPACE

__all__ = ["KINDS", "Flux", "FluxCluster", "install_flux"]


class FluxCluster(Api, Protocol):
    """A cluster that can be taught kinds."""

    def serve(self, kind: GroupKind, namespaced: bool = True, definition: Callable[[], Manifest] | None = None) -> None:
        """Serve a kind from now on, whose CustomResourceDefinition can be made."""
        ...


class Flux:
    """Flux as it runs in one cluster; made by :func:`install_flux`."""

    def __init__(self, context: Context) -> None:
        self._context = context

    @property
    def origins(self) -> Origins:
        """Where the objects of deliveries come from."""
        return self._context.origins

    @property
    def notes(self) -> Notes:
        """What was not honoured or verified."""
        return self._context.notes

    def settled(self) -> bool:
        """Tell whether every object is ready, or can make no further progress by itself."""
        return self._context.progress.settled()


def install_flux(
    *, runtime: Runtime, cluster_name: str, api: FluxCluster, outside: Outside, recorder: Recorder
) -> Flux:
    """Install Flux into a cluster.

    Args:
        runtime: what drives the controllers.
        cluster_name: a name that no other cluster of the runtime has.
        api: the cluster; Flux's kinds are served and the namespace ``flux-system`` is made.
        outside: the outside.
        recorder: where events go, and come from for Alerts.

    """
    for kind, namespaced in KINDS.items():
        api.serve(kind, namespaced, partial(_definition, kind) if kind in DEFINED else None)
    if api.get(ObjectKey("", "Namespace", "", FLUX_NAMESPACE)) is None:
        manifest = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": FLUX_NAMESPACE}}
        api.apply(manifest, manager="flux", force=True)
    context = Context(cluster=cluster_name, api=api, runtime=runtime, builder=outside.builder, recorder=recorder)
    controllers = _controllers(context)
    for kind, controller in controllers.items():
        runtime.add(controller, [(one.namespace, one.name) for one in map(key_of, api.list(kind))])
        for one in api.list(kind):
            context.progress.expect(key_of(one))
    triggers = Triggers(api, controllers, context.progress)
    api.watch(triggers.on_event)
    recorder.subscribe(Alerts(api, cluster_name, outside.outbox, recorder).on_event)
    return Flux(context)


def _definition(kind: GroupKind) -> Manifest:
    """Return the definition of a kind, labelled as Flux's own manifests label it: ``flux check`` selects by that."""
    made = definition_of(kind)
    labels = {APP_INSTANCE: FLUX_NAMESPACE, APP_PART_OF: "flux"}
    return {**made, "metadata": {**made["metadata"], "labels": labels}}


def _controllers(context: Context) -> dict[GroupKind, AnyController]:
    made: list[AnyController] = [
        GitRepositoryController(context),
        BucketController(context),
        OciRepositoryController(context),
        HelmRepositoryController(context),
        HelmChartController(context),
        ArtifactGeneratorController(context),
        ResourceSetController(context),
        InputProviderController(context),
        KustomizationController(context),
        HelmReleaseController(context),
        ProviderController(context),
        ReceiverController(context),
        *refused_controllers(context),
    ]
    return {controller.kind: controller for controller in made}
