"""source-watcher: ArtifactGenerator puts artifacts together from those of other sources, as the walk does.

Each entry of ``spec.artifacts`` is kept as an ExternalArtifact whose status advertises the artifact; one that is no
longer generated is deleted. A generator runs when it changes and when one of its sources has another artifact.
"""

from __future__ import annotations

from typing import ClassVar

from nixernetes.cluster.api import ApiError
from nixernetes.engine.flux.applying import inventory
from nixernetes.engine.flux.artifacts import Artifact
from nixernetes.engine.flux.controller import REQUEUE_DEPENDENCY, FluxController, Steps
from nixernetes.engine.flux.statuses import artifact_of
from nixernetes.engine.flux.subject import Subject
from nixernetes.engine.results import Done, Waiting
from nixernetes.errors import InputError, NixernetesError
from nixernetes.gitops.flux.flux_resource import FluxResource
from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Many, Text
from nixernetes.objects import kinds
from nixernetes.objects.api_groups import FLUX_SOURCE_EXTENSIONS
from nixernetes.objects.clocks import timestamp
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.well_known import APP_MANAGED_BY
from nixernetes.render.flux.artifact_generators import declared_artifacts, made_artifact, output_of
from nixernetes.render.flux.fetched import Fetched

__all__ = ["ArtifactGenerator", "ArtifactGeneratorController", "reads"]

_SUCCEEDED = "Succeeded"
_READY = "Artifact is ready"


class GeneratorSource(Spec):
    """A source, by the name that copies know it by."""

    alias: Text
    kind: Text
    name: Text
    namespace: Text | None = None


class GeneratedArtifact(Spec):
    """An artifact by its name; what is copied into it is read where it is made."""

    name: Text


class ArtifactGenerator(FluxResource):
    """A generator, as far as its controller reads it."""

    API_VERSION: ClassVar[str] = f"{FLUX_SOURCE_EXTENSIONS}/v1beta1"
    KIND: ClassVar[str] = "ArtifactGenerator"

    sources: Many[GeneratorSource]
    artifacts: Many[GeneratedArtifact]


class _NotReadyError(NixernetesError):
    """A source has no artifact yet."""


class ArtifactGeneratorController(FluxController[ArtifactGenerator]):
    """Keeps the ExternalArtifacts of generators."""

    model = ArtifactGenerator
    component = "source-watcher"

    def run(self, subject: Subject[ArtifactGenerator]) -> Steps:
        """Bring the artifacts up to what the sources have now."""
        try:
            sources = {each.alias: self._source(subject, each) for each in subject.spec.sources}
        except _NotReadyError as error:
            subject.mark("Ready", "False", "SourceFetchFailed", error.message)
            return Waiting(REQUEUE_DEPENDENCY, error.message)
        try:
            made = [
                (artifact, made_artifact(subject.live, output_of(subject.live, key_of(artifact).name), sources))
                for artifact in declared_artifacts(subject.live)
            ]
            for artifact, found in made:
                self._keep(subject, artifact, found)
        except (InputError, ApiError) as error:
            subject.mark("Ready", "False", "BuildFailed", str(error))
            self.event(subject, "Warning", "BuildFailed", str(error))
            return self.retry(subject.key, str(error))
        wanted = [key_of(artifact) for artifact, _ in made]
        for stale in inventory.keys(subject.status):
            if stale not in wanted:
                self._drop(stale)
        entries = [{"id": inventory.entry_id(key), "v": "v1"} for key in wanted]
        subject.status["inventory"] = {"entries": entries}
        text = f"reconciliation succeeded, generated {len(made)} artifact(s)"
        subject.mark("Ready", "True", _SUCCEEDED, text)
        subject.drop("Reconciling", "Stalled")
        subject.observe()
        self.succeeded(subject.key)
        return Done()
        yield

    def finalize(self, subject: Subject[ArtifactGenerator]) -> Steps:
        """Delete the ExternalArtifacts of a generator that goes."""
        for key in inventory.keys(subject.status):
            self._drop(key)
        return Done()
        yield

    def _source(self, subject: Subject[ArtifactGenerator], reference: GeneratorSource) -> Fetched:
        key = _source_key(subject.namespace, reference)
        artifact = self.context.artifacts.get(key)
        live = self.api.get(key)
        if live is None:
            raise _NotReadyError(f"source {key} not found")
        tree = None if artifact is None else artifact.chart.tree if artifact.chart is not None else artifact.tree
        if artifact is None or tree is None or not artifact_of(live):
            raise _NotReadyError(f"source {key} is not ready: it has no artifact")
        return Fetched(tree=tree, revision=artifact.revision, name="")

    def _keep(self, subject: Subject[ArtifactGenerator], artifact: Manifest, found: Fetched) -> None:
        key = key_of(artifact)
        labels = {
            APP_MANAGED_BY: self.component,
            f"{FLUX_SOURCE_EXTENSIONS}/generator": str(subject.live["metadata"].get("uid", "")),
        }
        wanted = {**artifact, "metadata": {**artifact["metadata"], "labels": labels}}
        live = self.api.get(key)
        if live is None or live.get("spec") != wanted["spec"]:
            live = self.api.apply(wanted, manager=self.component, force=True)
        stored = Artifact(revision=found.revision, file=f"{found.name}.tar.gz", content=found.tree.id, tree=found.tree)
        before = artifact_of(live)
        shown = stored.status(key, self.context.clock.now())
        held = self.context.artifacts.get(key)
        if held is None or held.content != stored.content or held.revision != stored.revision:
            self.context.artifacts.put(key, stored)
        if all(before.get(part) == shown[part] for part in ("revision", "digest")):
            return
        generation = live["metadata"].get("generation", 1)
        ready = {
            "type": "Ready",
            "status": "True",
            "reason": _SUCCEEDED,
            "message": _READY,
            "observedGeneration": generation,
            "lastTransitionTime": timestamp(self.context.clock.now()),
        }
        status = {"artifact": shown, "conditions": [ready]}
        self.api.update({**live, "status": status}, manager=self.component, subresource="status")
        text = f"{key} reconciled with revision {found.revision}"
        self.event(subject, "Normal", _SUCCEEDED, text)

    def _drop(self, key: ObjectKey) -> None:
        self.context.artifacts.drop(key)
        try:
            self.api.delete(key)
        except ApiError as error:
            if error.reason != "NotFound":
                raise


def reads(generator: ArtifactGenerator, source: ObjectKey) -> bool:
    """Tell whether a generator reads a source."""
    return any(_source_key(generator.namespace or "", each) == source for each in generator.sources)


def _source_key(namespace: str, reference: GeneratorSource) -> ObjectKey:
    return ObjectKey(kinds.EXTERNAL_ARTIFACT.group, reference.kind, reference.namespace or namespace, reference.name)
