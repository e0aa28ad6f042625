"""The HelmChart behind a HelmRelease: made from ``spec.chart``, or named by ``spec.chartRef`` (Flux, 10.3)."""

from __future__ import annotations

from nixernetes.cluster.api import Api, ApiError
from nixernetes.engine.flux import kinds
from nixernetes.engine.flux.artifacts import Artifact, Artifacts
from nixernetes.engine.flux.subject import Subject
from nixernetes.errors import InputError, NixernetesError
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.sources.artifact_charts import artifact_chart, digest_of
from nixernetes.render.sources.charts import Chart

__all__ = ["ChartReferences", "NotReadyError"]

_GROUP = "helm.toolkit.fluxcd.io"
_MANAGER = "helm-controller"


class NotReadyError(NixernetesError):
    """The chart's source is missing or not ready.

    Attributes:
        reason: the reason for Ready: ArtifactFailed or SourceNotReady.

    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class ChartReferences:
    """Keeps HelmCharts and reads their charts.

    Args:
        api: the cluster.
        artifacts: the storage of source-controller.

    """

    def __init__(self, api: Api, artifacts: Artifacts) -> None:
        self._api = api
        self._artifacts = artifacts

    def ensure(self, subject: Subject) -> None:
        """Apply the HelmChart that ``spec.chart`` describes; delete the one that is no longer wanted."""
        wanted = _chart_for(subject)
        before = subject.status.get("helmChart")
        name = "/".join((wanted["metadata"]["namespace"], wanted["metadata"]["name"])) if wanted is not None else None
        if before and before != name:
            self._delete(before)
            subject.status.pop("helmChart", None)
        if wanted is None:
            return
        live = self._api.get(key_of(wanted))
        if live is None or any(live["spec"].get(part) != value for part, value in wanted["spec"].items()):
            self._api.apply(wanted, manager=_MANAGER, force=True)
        if before != name:
            subject.status["helmChart"] = name
            subject.save()

    def remove(self, subject: Subject) -> None:
        """Delete the HelmChart of a release that goes."""
        if subject.status.get("helmChart"):
            self._delete(subject.status["helmChart"])

    def chart(self, subject: Subject) -> Chart:
        """Return the chart.

        Raises:
            NotReadyError: the source is missing or has nothing yet.

        """
        key = _source_key(subject)
        label = f"{key.kind} '{key.namespace}/{key.name}'"
        source = self._api.get(key)
        if source is None:
            plural = f"{key.kind.lower()}s.{key.group}"
            raise NotReadyError("ArtifactFailed", f'could not get Source object: {plural} "{key.name}" not found')
        status: Json = source.get("status") or {}
        words = {one["type"]: one for one in status.get("conditions") or []}
        if words.get("Stalled", {}).get("status") == "True":
            raise NotReadyError("SourceNotReady", f"{label} is not ready: {words['Stalled']['message']}")
        ready = words.get("Ready", {})
        why = ready.get("message") or "latest generation of object has not been reconciled"
        artifact = self._artifacts.get(key)
        if status.get("observedGeneration") != source["metadata"].get("generation"):
            raise NotReadyError("SourceNotReady", f"{label} is not ready: {why}")
        if not status.get("artifact") or artifact is None:
            raise NotReadyError("SourceNotReady", f"{label} is not ready: {why}")
        return _chart_in(artifact, label, why)

    def oci_digest(self, subject: Subject) -> str:
        """Return the digest of the OCI artifact that the chart is from; ``""`` when it is from elsewhere."""
        key = _source_key(subject)
        artifact = self._artifacts.get(key)
        if key.kind != kinds.OCI_REPOSITORY.kind or artifact is None:
            return ""
        return digest_of(artifact.revision)

    def _delete(self, name: str) -> None:
        try:
            self._api.delete(ObjectKey(*kinds.HELM_CHART, *name.split("/", 1)))
        except ApiError as error:
            if error.reason != "NotFound":
                raise


def _chart_in(artifact: Artifact, label: str, why: str) -> Chart:
    if artifact.chart is not None:
        return artifact.chart
    if artifact.tree is None:
        raise NotReadyError("SourceNotReady", f"{label} is not ready: {why}")
    try:
        return artifact_chart(artifact.tree, artifact.revision)
    except InputError as error:
        text = f"could not load chart: {label} with revision '{artifact.revision}': {error}"
        raise NotReadyError("ArtifactFailed", text) from error


def _source_key(subject: Subject) -> ObjectKey:
    ref = subject.spec.get("chartRef")
    if ref:
        return ObjectKey(kinds.HELM_CHART.group, ref["kind"], ref.get("namespace") or subject.namespace, ref["name"])
    return ObjectKey(*kinds.HELM_CHART, *subject.status["helmChart"].split("/", 1))


def _chart_for(subject: Subject) -> Manifest | None:
    chart = subject.spec.get("chart")
    if not chart:
        return None
    spec, meta = chart["spec"], chart.get("metadata") or {}
    ref = spec["sourceRef"]
    optional = ("valuesFiles", "ignoreMissingValuesFiles", "verify")
    manifest: Manifest = {
        "apiVersion": "source.toolkit.fluxcd.io/v1",
        "kind": "HelmChart",
        "metadata": {
            "name": f"{subject.namespace}-{subject.name}",
            "namespace": ref.get("namespace") or subject.namespace,
            "labels": {
                **(meta.get("labels") or {}),
                f"{_GROUP}/name": subject.name,
                f"{_GROUP}/namespace": subject.namespace,
            },
        },
        "spec": {
            "chart": spec["chart"],
            "version": spec.get("version") or "*",
            "sourceRef": {"kind": ref["kind"], "name": ref["name"]},
            "interval": spec.get("interval") or subject.spec["interval"],
            "reconcileStrategy": spec.get("reconcileStrategy") or "ChartVersion",
            **{part: spec[part] for part in optional if spec.get(part)},
        },
    }
    if meta.get("annotations"):
        manifest["metadata"]["annotations"] = meta["annotations"]
    return manifest
