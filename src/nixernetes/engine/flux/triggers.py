"""Which change of an object queues which reconcile (Flux, section 0.3).

A change of spec or of the ``requestedAt`` annotation queues the object itself; a new revision of a source queues what
is delivered from it, Kustomizations in order of their dependencies; a labelled ConfigMap or Secret queues who reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from nixernetes.cluster.api import Api, Event, EventType
from nixernetes.engine.flux import dependencies
from nixernetes.engine.flux.admission import readable
from nixernetes.engine.flux.controller import AnyController
from nixernetes.engine.flux.helm.chart_reference import chart_key
from nixernetes.engine.flux.progress import Progress
from nixernetes.engine.flux.sources.artifact_generator import ArtifactGenerator, reads
from nixernetes.engine.flux.statuses import condition_of, revision_of, status_of
from nixernetes.gitops.flux.helm_release import HelmRelease
from nixernetes.gitops.flux.kustomization import Kustomization
from nixernetes.gitops.flux.sources.helm_chart import HelmChart
from nixernetes.objects import kinds
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.kinds import CONFIG_MAP, SECRET
from nixernetes.objects.manifest import Json, Manifest, annotations_of, labels_of
from nixernetes.objects.well_known import FLUX_REQUESTED_AT

__all__ = ["Triggers"]

_WATCH = "reconcile.fluxcd.io/watch"
_CONFIG = (CONFIG_MAP, SECRET)


class Triggers:
    """Takes note of the changes of one cluster.

    Args:
        api: the cluster.
        controllers: the controllers by kind.
        progress: told of every change that may let somebody else go on.

    """

    def __init__(self, api: Api, controllers: Mapping[GroupKind, AnyController], progress: Progress) -> None:
        self._api = api
        self._controllers = controllers
        self._progress = progress
        self._said: dict[ObjectKey, Json] = {}

    def on_event(self, event: Event) -> None:
        """Take note of one change; writes nothing."""
        key = key_of(event.object)
        controller = self._controllers.get(key.group_kind)
        if controller is not None:
            self._flux_object(controller, key, event)
        elif key.group_kind == kinds.EXTERNAL_ARTIFACT:
            self._progress.changed()
            self._new_revision(key, event)
        elif key.group_kind in _CONFIG:
            self._progress.changed()
            if labels_of(event.object).get(_WATCH) == "Enabled" and _differs(event, "data", "binaryData", "stringData"):
                self._configuration(key)
        elif _matters(event):
            self._progress.changed()

    def _flux_object(self, controller: AnyController, key: ObjectKey, event: Event) -> None:
        short = (key.namespace, key.name)
        if event.type is EventType.DELETED:
            self._progress.forget(key)
            self._progress.changed()
            self._said.pop(key, None)
            controller.trigger(short)
            return
        if event.type is EventType.ADDED:
            self._progress.expect(key)
        if event.old is None or _asks(event.old, event.object):
            self._progress.changed()
            controller.trigger(short)
        self._note_words(key, event.object)
        self._new_revision(key, event)
        if key.group_kind == kinds.INPUT_PROVIDER and _differs(event, "spec"):
            for one in self._api.list(kinds.RESOURCE_SET, namespace=key.namespace):
                self._trigger(key_of(one))

    def _new_revision(self, key: ObjectKey, event: Event) -> None:
        """Queue what is delivered from a source that has another revision."""
        revision = revision_of(event.object)
        if revision not in ("", revision_of(event.old)):
            for consumer in self._consumers(key, revision):
                self._trigger(consumer)

    def _trigger(self, key: ObjectKey) -> None:
        self._controllers[key.group_kind].trigger((key.namespace, key.name))

    def _note_words(self, key: ObjectKey, manifest: Manifest) -> None:
        """Count a change when an object says something else than when it last spoke for certain."""
        ready = condition_of(manifest, "Ready")
        if not ready or ready["status"] == "Unknown":
            return
        applied = status_of(manifest).get("lastAppliedRevision")
        said = (ready["status"], ready["reason"], applied, revision_of(manifest))
        if self._said.get(key) != said:
            self._said[key] = said
            self._progress.changed()

    def _consumers(self, key: ObjectKey, revision: str) -> Iterator[ObjectKey]:
        if key.kind in ("GitRepository", "HelmRepository", "Bucket"):
            for _, chart in readable(self._api, HelmChart, key.namespace):
                if dependencies.source_key(chart) == key:
                    yield chart.key
        for _, generator in readable(self._api, ArtifactGenerator):
            if reads(generator, key):
                yield generator.key
        if key.kind in ("HelmChart", "OCIRepository", "ExternalArtifact"):
            for live, release in readable(self._api, HelmRelease):
                if chart_key(release, status_of(live)) == key:
                    yield release.key
        if key.kind != "HelmChart":
            yield from self._kustomizations(key, revision)

    def _kustomizations(self, key: ObjectKey, revision: str) -> Iterator[ObjectKey]:
        found = [pair for pair in readable(self._api, Kustomization) if dependencies.source_key(pair[1]) == key]
        attempted = {spec.key for live, spec in found if _has_attempted(live, revision)}
        for spec in dependencies.in_order([spec for _, spec in found]):
            if spec.key not in attempted:
                yield spec.key

    def _configuration(self, key: ObjectKey) -> None:
        for _, kustomization in readable(self._api, Kustomization, key.namespace):
            post_build = kustomization.post_build
            refs = () if post_build is None else post_build.substitute_from or ()
            if any((ref.kind, ref.name) == (key.kind, key.name) for ref in refs):
                self._trigger(kustomization.key)
        for _, release in readable(self._api, HelmRelease, key.namespace):
            if any((ref.kind, ref.name) == (key.kind, key.name) for ref in release.values_from or ()):
                self._trigger(release.key)


def _asks(old: Manifest, new: Manifest) -> bool:
    return _asked(old) != _asked(new)


def _asked(manifest: Manifest) -> tuple[Json, ...]:
    meta = manifest["metadata"]
    return meta.get("generation"), meta.get("deletionTimestamp"), annotations_of(manifest).get(FLUX_REQUESTED_AT)


def _matters(event: Event) -> bool:
    """Tell whether a change may let a delivery go on; what controllers own follows its owner."""
    meta = event.object["metadata"]
    if meta.get("ownerReferences") or event.object.get("kind") in ("Event", "Pod", "Lease"):
        return False
    if event.old is None or event.type is EventType.DELETED:
        return True
    return _differs(event, "status") or event.old["metadata"].get("generation") != meta.get("generation")


def _differs(event: Event, *parts: str) -> bool:
    return event.old is None or any(event.old.get(part) != event.object.get(part) for part in parts)


def _has_attempted(kustomization: Manifest, revision: str) -> bool:
    """Tell whether a Kustomization is, or is becoming, what the revision says (Flux, section 0.3)."""
    if status_of(kustomization).get("lastAttemptedRevision") != revision:
        return False
    words = (condition_of(kustomization, kind).get("status") for kind in ("Ready", "Reconciling"))
    return "True" in words
