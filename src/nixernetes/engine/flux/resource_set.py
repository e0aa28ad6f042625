"""Flux Operator: ResourceSet applies what its templates give, as the walk makes it, and prunes what they no longer do.

A ResourceSet runs when it changes, when an input provider of its namespace does, and at its interval.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

from nixernetes.cluster.api import Outcome
from nixernetes.engine.flux.applying import inventory, ordering
from nixernetes.engine.flux.applying.apply import Applier, ApplyError, ApplyOptions
from nixernetes.engine.flux.applying.changes import Change, describe
from nixernetes.engine.flux.applying.filing import as_filed
from nixernetes.engine.flux.applying.health import HealthError, wait_healthy
from nixernetes.engine.flux.applying.prune import PruneError
from nixernetes.engine.flux.controller import REQUEUE_DEPENDENCY, Context, FluxController, Steps, duration
from nixernetes.engine.flux.impersonating import acting_for
from nixernetes.engine.flux.statuses import condition_of
from nixernetes.engine.flux.subject import Subject
from nixernetes.engine.results import Done, RetryAfter, Stalled, Waiting
from nixernetes.errors import InputError
from nixernetes.gitops.flux.flux_resource import FluxResource
from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Bool, JsonMap, Many, Text
from nixernetes.health import kstatus
from nixernetes.health.expressions import NO_EXPRESSIONS, NoValueError, holds
from nixernetes.objects import manifest as manifests
from nixernetes.objects.api_groups import FLUX_OPERATOR
from nixernetes.objects.durations import format_duration
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of, split_api_version
from nixernetes.objects.manifest import Manifest, annotations_of, labels_of
from nixernetes.objects.provenance import Origin
from nixernetes.objects.well_known import FLUX_OPERATOR_RESOURCE_SET
from nixernetes.render.flux_operator import resource_set_objects
from nixernetes.render.rendered import Rendered

__all__ = ["InputProviderController", "ResourceSetController", "marked_by_set", "resource_set_labels"]

_INTERVAL = timedelta(hours=1)  # fluxcd.controlplane.io/reconcileEvery
_TIMEOUT = timedelta(minutes=5)  # fluxcd.controlplane.io/reconcileTimeout
_SUCCEEDED = "ReconciliationSucceeded"
_FAILED = "ReconciliationFailed"


class ResourceSetDependency(Spec):
    """An object that must be there, or ready, first."""

    api_version: Text
    kind: Text
    name: Text
    namespace: Text | None = None
    ready: Bool | None = None
    ready_expr: Text | None = None


class ResourceSet(FluxResource):
    """A set of objects, as far as its controller reads it; its templates are read where they are filled in."""

    API_VERSION: ClassVar[str] = f"{FLUX_OPERATOR}/v1"
    KIND: ClassVar[str] = "ResourceSet"

    depends_on: Many[ResourceSetDependency] | None = None
    service_account_name: Text | None = None
    wait: Bool | None = None


class ResourceSetInputProvider(FluxResource):
    """Inputs of ResourceSets."""

    API_VERSION: ClassVar[str] = f"{FLUX_OPERATOR}/v1"
    KIND: ClassVar[str] = "ResourceSetInputProvider"

    type: Text
    default_values: JsonMap | None = None


class _NotReadyError(InputError):
    """A dependency is missing or not ready yet."""


class ResourceSetController(FluxController[ResourceSet]):
    """Builds, applies and prunes ResourceSets."""

    model = ResourceSet
    component = "flux-operator"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._applier = Applier(context.api, context.clock, self.component)

    def run(self, subject: Subject[ResourceSet]) -> Steps:
        """Reconcile one ResourceSet."""
        marks = annotations_of(subject.live)
        if marks.get(f"{FLUX_OPERATOR}/reconcile") == "disabled":
            subject.mark("Ready", "True", "ReconciliationDisabled", "Reconciliation is disabled")
            return Done()
        try:
            self._check_dependencies(subject)
        except _NotReadyError as error:
            subject.mark("Ready", "False", "DependencyNotReady", error.message)
            return Waiting(REQUEUE_DEPENDENCY, error.message)
        except InputError as error:
            subject.stall("InvalidCELExpression", error.message)
            return Stalled(error.message)
        try:
            items = [marked_by_set(each, subject.key) for each in self._built(subject)]
        except InputError as error:
            return self._failed(subject, "BuildFailed", f"build failed: {error}")
        started, timeout = self.context.clock.now(), _marked(marks, "reconcileTimeout", _TIMEOUT)
        objects = [item.manifest for item in items]
        try:
            applier = self._applier_of(subject)
            changes = yield from applier.apply(objects, ApplyOptions(timeout=timeout))
            self._replace(subject, items, applier)
            yield from self._wait(subject, changes, timeout)
        except (ApplyError, PruneError, HealthError) as error:
            return self._failed(subject, _FAILED, error.message)
        told = describe(changes)
        if told:
            self.event(subject, "Normal", "ApplySucceeded", told)
        subject.status["lastAppliedRevision"] = "sha256:" + manifests.digest(objects)
        text = f"Reconciliation finished in {format_duration(self.context.clock.now() - started)}"
        subject.mark("Ready", "True", _SUCCEEDED, text)
        subject.drop("Reconciling", "Stalled")
        subject.observe()
        self.succeeded(subject.key)
        return Done(_marked(marks, "reconcileEvery", _INTERVAL))

    def finalize(self, subject: Subject[ResourceSet]) -> Steps:
        """Delete what was applied."""
        try:
            self._applier_of(subject).prune(inventory.keys(subject.status), resource_set_labels(subject.key))
        except PruneError as error:
            return self.retry(subject.key, error.message)
        return Done()
        yield

    def _applier_of(self, subject: Subject[ResourceSet]) -> Applier:
        """Return who applies: the operator, or the account that a ResourceSet names."""
        api = acting_for(self.api, subject.namespace, subject.spec.service_account_name, self.component)
        return self._applier if api is self.api else Applier(api, self.context.clock, self.component)

    def _built(self, subject: Subject[ResourceSet]) -> list[Rendered]:
        return [
            Rendered(manifest=made.manifest, origin=Origin().through(*made.steps))
            for made in resource_set_objects(subject.live, self.context.declared)
        ]

    def _check_dependencies(self, subject: Subject[ResourceSet]) -> None:
        for entry in subject.spec.depends_on or ():
            kind = GroupKind(split_api_version(entry.api_version)[0], entry.kind)
            is_cluster_wide = self.api.is_namespaced(kind) is False
            namespace = "" if is_cluster_wide else entry.namespace or subject.namespace
            key = ObjectKey(*kind, namespace, entry.name)
            found = self.api.get(key)
            if found is None:
                raise _NotReadyError(f"dependency {key} not found")
            if entry.ready_expr:
                self._check_expression(key, entry.ready_expr, found)
            elif entry.ready and not _is_current(found):
                raise _NotReadyError(f"dependency {key} is not ready")

    @staticmethod
    def _check_expression(key: ObjectKey, source: str, found: Manifest) -> None:
        try:
            is_true = holds(source, found)
        except NoValueError as error:
            raise _NotReadyError(f"dependency {key} is not ready: {error.message}") from error
        if not is_true:
            raise _NotReadyError(f"dependency {key} is not ready: expression evaluates to false")

    def _replace(self, subject: Subject[ResourceSet], items: list[Rendered], applier: Applier) -> None:
        ordered = as_filed(self.api, sorted(items, key=lambda item: ordering.sort_key(key_of(item.manifest))))
        before = inventory.keys(subject.status)
        subject.status["inventory"] = inventory.entries(item.manifest for item in ordered)
        self.context.origins.record(subject.key, ordered)
        kept = {key_of(item.manifest) for item in ordered}
        done = applier.prune([key for key in before if key not in kept], resource_set_labels(subject.key))
        deleted = describe(done)
        if deleted:
            self.event(subject, "Normal", "ApplySucceeded", deleted)

    def _wait(
        self, subject: Subject[ResourceSet], changes: list[Change], timeout: timedelta
    ) -> Generator[Waiting, None, timedelta | None]:
        if not subject.spec.wait:
            return None
        keys = [change.key for change in changes if change.outcome != Outcome.SKIPPED]
        subject.mark("Ready", "Unknown", "Progressing", "Running health checks")
        subject.save()
        return (yield from wait_healthy(self.api, self.context.clock, keys, NO_EXPRESSIONS, timeout))

    def _failed(self, subject: Subject[ResourceSet], reason: str, text: str) -> RetryAfter:
        subject.mark("Ready", "False", reason, text)
        self.event(subject, "Warning", reason, text)
        return self.retry(subject.key, text)


class InputProviderController(FluxController[ResourceSetInputProvider]):
    """Says of ResourceSetInputProviders whether their inputs are known: those that are written are, others are not."""

    model = ResourceSetInputProvider
    component = "flux-operator"
    finalizes = False

    def run(self, subject: Subject[ResourceSetInputProvider]) -> Steps:
        """Export the inputs that are written in the object."""
        if subject.spec.type != "Static":
            text = f"inputs of type {subject.spec.type} are not verified: they need the network"
            subject.stall("NotSupportedHere", text)
            return Stalled(text)
        exported = dict(subject.spec.default_values or ())
        subject.status["exportedInputs"] = [exported]
        subject.status["lastExportedRevision"] = "sha256:" + manifests.digest([exported])
        subject.mark("Ready", "True", _SUCCEEDED, "Reconciliation finished")
        subject.observe()
        return Done()
        yield


def _marked(marks: Mapping[str, str], name: str, default: timedelta) -> timedelta:
    """Return the duration in an annotation; one that is malformed counts as absent, as to Flux Operator."""
    try:
        return duration(marks.get(f"{FLUX_OPERATOR}/{name}"), default)
    except ValueError:
        return default


def resource_set_labels(key: ObjectKey) -> dict[str, str]:
    """Return the labels by which a ResourceSet marks its objects."""
    return {f"{FLUX_OPERATOR_RESOURCE_SET}/name": key.name, f"{FLUX_OPERATOR_RESOURCE_SET}/namespace": key.namespace}


def marked_by_set(item: Rendered, owner: ObjectKey) -> Rendered:
    """Return an object marked as a ResourceSet's."""
    meta = {**item.manifest["metadata"], "labels": {**labels_of(item.manifest), **resource_set_labels(owner)}}
    return replace(item, manifest={**item.manifest, "metadata": meta})


def _is_current(found: Manifest) -> bool:
    ready = condition_of(found, "Ready")
    return kstatus.compute(found).status is kstatus.Status.CURRENT and ready.get("status") in (None, "True")
