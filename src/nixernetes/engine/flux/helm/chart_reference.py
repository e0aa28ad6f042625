"""The HelmChart behind a HelmRelease: made from ``spec.chart``, or named by ``spec.chartRef`` (Flux, 10.3)."""

from __future__ import annotations

from collections.abc import Callable

from nixernetes.cluster.api import Api, ApiError
from nixernetes.engine.flux.artifacts import Artifact, Artifacts
from nixernetes.engine.flux.statuses import artifact_of, condition_of, status_of
from nixernetes.engine.flux.subject import Subject
from nixernetes.errors import BugError, InputError, NixernetesError
from nixernetes.gitops.flux.helm_release import HelmRelease
from nixernetes.objects import kinds
from nixernetes.objects.api_groups import FLUX_HELM, FLUX_SOURCE_V1
from nixernetes.objects.durations import format_duration, parse_duration
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.sources.artifact_charts import artifact_chart, digest_of
from nixernetes.render.sources.charts import Chart

__all__ = ["ChartReferences", "NotReadyError", "chart_key", "foreign_chart"]

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
        told: takes the reason and the text of an event about a HelmRelease.

    """

    def __init__(self, api: Api, artifacts: Artifacts, told: Callable[[Subject[HelmRelease], str, str], None]) -> None:
        self._api = api
        self._told = told
        self._artifacts = artifacts

    def ensure(self, subject: Subject[HelmRelease]) -> None:
        """Apply the HelmChart that ``spec.chart`` describes; delete the one that is no longer wanted."""
        wanted = _chart_for(subject)
        before = subject.status.get("helmChart")
        name = _named(key_of(wanted)) if wanted is not None else None
        if before and before != name:
            self._delete(before)
            self._told(subject, "HelmChartDeleted", f"deleted HelmChart '{before}'")
            subject.status.pop("helmChart", None)
        if wanted is None:
            return
        live = self._api.get(key_of(wanted))
        if live is None or not wanted["spec"].items() <= live["spec"].items():
            self._api.apply(wanted, manager=_MANAGER, force=True)
            ref = wanted["spec"]["sourceRef"]
            verb, place = "Created" if live is None else "Configured", f"{ref['kind']}/{key_of(wanted).namespace}"
            text = f"{verb} HelmChart/{name} with SourceRef '{place}/{ref['name']}'"
            self._told(subject, f"HelmChart{verb}", text)
        if before != name:
            subject.status["helmChart"] = name
            subject.save()

    def remove(self, subject: Subject[HelmRelease]) -> None:
        """Delete the HelmChart of a release that goes."""
        name = subject.status.get("helmChart")
        if name:
            self._delete(name)
            self._told(subject, "HelmChartDeleted", f"deleted HelmChart '{name}'")

    def chart(self, subject: Subject[HelmRelease]) -> Chart:
        """Return the chart.

        Raises:
            NotReadyError: the source is missing or has nothing yet.

        """
        key = _source_key(subject)
        label = f"{key.kind} '{key.namespace}/{key.name}'"
        source = self._api.get(key)
        if source is None:
            missing = f'{key.kind}.{key.group} "{key.name}" not found'
            raise NotReadyError("ArtifactFailed", f"could not get Source object: {missing}")
        stalled = condition_of(source, "Stalled")
        if stalled and stalled["status"] == "True":
            raise NotReadyError("SourceNotReady", f"{label} is not ready: {stalled['message']}")
        ready = condition_of(source, "Ready")
        why = ready.get("message") or "latest generation of object has not been reconciled"
        artifact = self._artifacts.get(key)
        is_observed = status_of(source).get("observedGeneration") == source["metadata"].get("generation")
        if not is_observed or not artifact_of(source) or artifact is None:
            raise NotReadyError("SourceNotReady", f"{label} is not ready: {why}")
        return _chart_in(artifact, label, why)

    def oci_digest(self, subject: Subject[HelmRelease]) -> str:
        """Return the digest of the OCI artifact that the chart is from; ``""`` when it is from elsewhere."""
        key = _source_key(subject)
        artifact = self._artifacts.get(key)
        if key.kind != kinds.OCI_REPOSITORY.kind or artifact is None:
            return ""
        return digest_of(artifact.revision)

    def _delete(self, name: str) -> None:
        try:
            self._api.delete(_chart_named(name))
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


def chart_key(spec: HelmRelease, status: Json) -> ObjectKey | None:
    """Return the object that a release's chart comes from; None while its HelmChart is not made.

    Args:
        spec: the HelmRelease.
        status: its status.

    """
    ref = spec.chart_ref
    if ref is not None:
        return ObjectKey(kinds.HELM_CHART.group, ref.kind, ref.namespace or spec.namespace or "", ref.name)
    made = status.get("helmChart")
    return _chart_named(made) if made else None


def foreign_chart(subject: Subject[HelmRelease]) -> str:
    """Return why a controller that keeps tenants apart refuses where a chart comes from; ``""`` where it does not.

    As ``internal/acl`` of helm-controller 1.6. Where that refuses ``spec.chart`` it writes nothing into the status; the
    reason is written here all the same.
    """
    wanted = _chart_for(subject)
    key = key_of(wanted) if wanted is not None else chart_key(subject.spec, subject.status)
    if key is None or key.namespace == subject.namespace:
        return ""
    return f"cross-namespace references are not allowed: cannot access {key.kind} {_named(key)}"


def _source_key(subject: Subject[HelmRelease]) -> ObjectKey:
    key = chart_key(subject.spec, subject.status)
    if key is None:
        raise BugError(f"{subject.key}: its HelmChart was not made")
    return key


def _chart_named(name: str) -> ObjectKey:
    return ObjectKey(*kinds.HELM_CHART, *name.split("/", 1))


def _named(key: ObjectKey) -> str:
    return f"{key.namespace}/{key.name}"


def _chart_for(subject: Subject[HelmRelease]) -> Manifest | None:
    template = subject.spec.chart
    if template is None:
        return None
    spec, ref = template.spec, template.spec.source_ref
    marks = template.metadata.data() if template.metadata is not None else {}
    owner = {f"{FLUX_HELM}/name": subject.name, f"{FLUX_HELM}/namespace": subject.namespace}
    optional = {
        "valuesFiles": list(spec.values_files or ()),
        "ignoreMissingValuesFiles": spec.ignore_missing_values_files,
        "verify": spec.verify.data() if spec.verify is not None else None,
    }
    return {
        "apiVersion": FLUX_SOURCE_V1,
        "kind": "HelmChart",
        "metadata": {
            **marks,
            "name": f"{subject.namespace}-{subject.name}",
            "namespace": ref.namespace or subject.namespace,
            "labels": {**marks.get("labels", {}), **owner},
        },
        "spec": {
            "chart": spec.chart,
            "version": spec.version or "*",
            "sourceRef": {"kind": ref.kind, "name": ref.name},
            "interval": format_duration(parse_duration(spec.interval or subject.spec.interval)),
            "reconcileStrategy": spec.reconcile_strategy or "ChartVersion",
            **{part: value for part, value in optional.items() if value},
        },
    }
