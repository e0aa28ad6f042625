"""Which change of an object queues which reconcile (Flux, section 0.3).

A change of spec or of the ``requestedAt`` annotation queues the object itself; a new revision of a source queues what
is delivered from it, Kustomizations in order of their dependencies; a labelled ConfigMap or Secret queues who reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from nixernetes.cluster.api import Api, Event, EventType
from nixernetes.engine.flux import dependencies, kinds
from nixernetes.engine.flux.admission import refusal
from nixernetes.engine.flux.artifact_generator import reads
from nixernetes.engine.flux.controller import FluxController
from nixernetes.engine.flux.progress import Progress
from nixernetes.engine.flux.subject import REQUESTED_AT
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.manifest import Json, Manifest, annotations_of, labels_of

__all__ = ["Triggers"]

_WATCH = "reconcile.fluxcd.io/watch"
_CONFIG = (GroupKind("", "ConfigMap"), GroupKind("", "Secret"))


class Triggers:
    """Takes note of the changes of one cluster.

    Args:
        api: the cluster.
        controllers: the controllers by kind.
        progress: told of every change that may let somebody else go on.

    """

    def __init__(self, api: Api, controllers: Mapping[GroupKind, FluxController], progress: Progress) -> None:
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

    def _flux_object(self, controller: FluxController, key: ObjectKey, event: Event) -> None:
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
                self._controllers[kinds.RESOURCE_SET].trigger(_short(one))

    def _new_revision(self, key: ObjectKey, event: Event) -> None:
        """Queue what is delivered from a source that has another revision."""
        if _revision(event.object) not in (None, _revision(event.old)):
            for who, name in self._consumers(key, event.object):
                who.trigger(name)

    def _note_words(self, key: ObjectKey, manifest: Manifest) -> None:
        """Count a change when an object says something else than when it last spoke for certain."""
        status = manifest.get("status") or {}
        ready = next((one for one in status.get("conditions") or [] if one["type"] == "Ready"), None)
        if ready is None or ready["status"] == "Unknown":
            return
        said = (ready["status"], ready["reason"], status.get("lastAppliedRevision"), _revision(manifest))
        if self._said.get(key) != said:
            self._said[key] = said
            self._progress.changed()

    def _consumers(self, key: ObjectKey, source: Manifest) -> Iterator[tuple[FluxController, tuple[str, str]]]:
        if key.kind in ("GitRepository", "HelmRepository", "Bucket"):
            for chart in self._api.list(kinds.HELM_CHART, namespace=key.namespace):
                if dependencies.source_key(chart) == key:
                    yield self._controllers[kinds.HELM_CHART], _short(chart)
        for generator in self._api.list(kinds.ARTIFACT_GENERATOR):
            if reads(generator, key):
                yield self._controllers[kinds.ARTIFACT_GENERATOR], _short(generator)
        if key.kind in ("HelmChart", "OCIRepository", "ExternalArtifact"):
            for release in self._api.list(kinds.HELM_RELEASE):
                if _chart_of(release) == (key.kind, key.namespace, key.name):
                    yield self._controllers[kinds.HELM_RELEASE], _short(release)
        if key.kind == "HelmChart":
            return
        found = [one for one in self._api.list(kinds.KUSTOMIZATION) if dependencies.source_key(one) == key]
        found = [one for one in found if not refusal(one)]
        for one in dependencies.in_order(found, kinds.KUSTOMIZATION):
            if not _has_attempted(one, _revision(source)):
                yield self._controllers[kinds.KUSTOMIZATION], _short(one)

    def _configuration(self, key: ObjectKey) -> None:
        for kind, path in (
            (kinds.KUSTOMIZATION, ("postBuild", "substituteFrom")),
            (kinds.HELM_RELEASE, ("valuesFrom",)),
        ):
            for one in self._api.list(kind, namespace=key.namespace):
                if refusal(one):
                    continue
                refs: Json = one.get("spec") or {}
                for part in path:
                    refs = (refs or {}).get(part)
                if any((ref.get("kind"), ref.get("name")) == (key.kind, key.name) for ref in refs or []):
                    self._controllers[kind].trigger(_short(one))


def _short(manifest: Manifest) -> tuple[str, str]:
    return manifest["metadata"]["namespace"], manifest["metadata"]["name"]


def _asks(old: Manifest, new: Manifest) -> bool:
    if old["metadata"].get("generation") != new["metadata"].get("generation"):
        return True
    if new["metadata"].get("deletionTimestamp") and not old["metadata"].get("deletionTimestamp"):
        return True
    return annotations_of(old).get(REQUESTED_AT) != annotations_of(new).get(REQUESTED_AT)


def _matters(event: Event) -> bool:
    """Tell whether a change may let a delivery go on; what controllers own follows its owner."""
    meta = event.object.get("metadata") or {}
    if meta.get("ownerReferences") or event.object.get("kind") in ("Event", "Pod", "Lease"):
        return False
    if event.old is None or event.type is EventType.DELETED:
        return True
    return _differs(event, "status") or event.old["metadata"].get("generation") != meta.get("generation")


def _differs(event: Event, *parts: str) -> bool:
    return event.old is None or any(event.old.get(part) != event.object.get(part) for part in parts)


def _revision(manifest: Manifest | None) -> str | None:
    revision = (((manifest or {}).get("status") or {}).get("artifact") or {}).get("revision")
    return str(revision) if revision else None


def _has_attempted(kustomization: Manifest, revision: str | None) -> bool:
    """Tell whether a Kustomization is, or is becoming, what the revision says (Flux, section 0.3)."""
    status = kustomization.get("status") or {}
    if status.get("lastAttemptedRevision") != revision:
        return False
    words = {one["type"]: one["status"] for one in status.get("conditions") or []}
    return words.get("Ready") == "True" or words.get("Reconciling") == "True"


def _chart_of(release: Manifest) -> tuple[str, str, str] | None:
    """Return (kind, namespace, name) of where a release's chart comes from."""
    spec = release.get("spec")
    ref = spec.get("chartRef") if isinstance(spec, dict) else None
    if isinstance(ref, dict):
        return ref.get("kind") or "", ref.get("namespace") or release["metadata"]["namespace"], ref.get("name") or ""
    namespace, _, name = ((release.get("status") or {}).get("helmChart") or "").partition("/")
    return ("HelmChart", namespace, name) if name else None
