"""source-controller: HelmChart, from a HelmRepository or a GitRepository (Flux, section 1.5)."""

from __future__ import annotations

from typing import Final

from nixernetes.engine.flux.admission import read
from nixernetes.engine.flux.artifacts import Artifact
from nixernetes.engine.flux.controller import REQUEUE_DEPENDENCY, Steps
from nixernetes.engine.flux.dependencies import source_key
from nixernetes.engine.flux.sources import conditions
from nixernetes.engine.flux.sources.controller import AUTHENTICATION_FAILED, SourceController
from nixernetes.engine.flux.statuses import artifact_of
from nixernetes.engine.flux.subject import Subject
from nixernetes.engine.results import Done, Stalled, Waiting
from nixernetes.errors import InputError, RemoteError
from nixernetes.gitops.flux.sources.helm_chart import HelmChart
from nixernetes.gitops.flux.sources.helm_repository import HelmRepository
from nixernetes.objects import kinds
from nixernetes.objects.durations import parse_duration
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Manifest
from nixernetes.render.flux.fetched import Fetched
from nixernetes.render.sources.chart_folders import ChartBuildError, absent_dependencies
from nixernetes.render.sources.charts import Chart
from nixernetes.render.tree import join

__all__ = ["HelmChartController"]

# Only another spec, or another revision of the source, will do (source-controller v1.9.6, ``chart/errors.go``).
_FINAL: Final = {"InvalidChartReference": "FetchFailed", "ValuesFilesError": "BuildFailed"}


class HelmChartController(SourceController[HelmChart]):
    """Pulls or packages charts."""

    model = HelmChart

    def run(self, subject: Subject[HelmChart]) -> Steps:
        """Bring the stored chart up to date."""
        key = source_key(subject.spec)
        source = self.api.get(key)
        if source is None:
            text = f'failed to get source: {key.kind}.{key.group} "{key.name}" not found'
            conditions.fail(subject, "FetchFailed", "SourceUnavailable", text)
            self.event(subject, "Warning", "SourceUnavailable", text)
            return Waiting(REQUEUE_DEPENDENCY, text)
        if not self._has_artifact(key, source):
            text = f"no artifact available for {key.kind} source '{key.name}'"
            conditions.fail(subject, "FetchFailed", "NoSourceArtifact", text)
            self.event(subject, "Normal", "NoSourceArtifact", text)
            return Waiting(REQUEUE_DEPENDENCY, text)
        if artifact_of(source):
            subject.status["observedSourceArtifactRevision"] = artifact_of(source)["revision"]
        try:
            chart, verb = self._make(subject, key, source)
        except InputError as error:
            return self.fail(subject, "FetchFailed", AUTHENTICATION_FAILED, error.message)
        except (ChartBuildError, RemoteError) as error:
            reason = error.reason if isinstance(error, ChartBuildError) else "ChartPullError"
            head = "" if isinstance(error, ChartBuildError) else "chart pull error: "
            kind = "BuildFailed" if isinstance(error, ChartBuildError) else "FetchFailed"
            text = head + error.message
            if reason in _FINAL:
                conditions.fail(subject, _FINAL[reason], reason, text)
                subject.stall(reason, text)
                self.event(subject, "Warning", reason, text)
                return Stalled(text)
            return self.fail(subject, kind, reason, text)
        self.succeeded(subject.key)
        notes = self.context.builder.sources.chart_not_verified(subject.live["spec"], source)
        self.note(subject, [note.text for note in notes])
        self._store(subject, chart, verb)
        return Done(parse_duration(subject.spec.interval))
        yield

    def _has_artifact(self, key: ObjectKey, source: Manifest) -> bool:
        if key.group_kind == kinds.HELM_REPOSITORY:
            repository = read(HelmRepository, source).resource
            if repository is not None and repository.type == "oci":
                return True
        return bool(artifact_of(source)) and self.context.artifacts.get(key) is not None

    def _make(self, subject: Subject[HelmChart], key: ObjectKey, source: Manifest) -> tuple[Chart, str]:
        sources, declared = self.context.builder.sources, self.context.declared
        spec, generation = subject.live["spec"], subject.generation
        if key.kind == "HelmRepository":
            return sources.made(spec, source, declared, None, generation=generation), "pulled"
        artifact = self.context.artifacts.get(key)
        if artifact is None or artifact.tree is None:
            raise ChartBuildError("NoSourceArtifact", f"{key.kind} '{key.name}' has no files")
        files = Fetched(tree=artifact.tree, revision=artifact.revision, name="")
        return sources.made(spec, source, declared, files, generation=generation), "packaged"

    def _resolved(self, subject: Subject[HelmChart]) -> int:
        """Return how many dependencies of a chart in files were put into it."""
        artifact = self.context.artifacts.get(source_key(subject.spec))
        return (
            0 if artifact is None or artifact.tree is None else absent_dependencies(artifact.tree, subject.spec.chart)
        )

    def _merged(self, subject: Subject[HelmChart]) -> list[str]:
        """Return the values files that were merged: those that are there, where others may be missing."""
        files = list(subject.spec.values_files or ())
        artifact = self.context.artifacts.get(source_key(subject.spec))
        tree = None if artifact is None else artifact.tree
        if not subject.spec.ignore_missing_values_files or tree is None:
            return files
        return [each for each in files if tree.is_file(join("", each.removeprefix("/")))]

    def _store(self, subject: Subject[HelmChart], chart: Chart, verb: str) -> None:
        files = self._merged(subject)
        artifact = Artifact(
            revision=chart.version,
            file=f"{chart.name}-{chart.version}.tgz",
            content=f"{chart.version} {chart.tree.id}",
            chart=chart,
        )
        before = subject.artifact
        advertised = artifact.status(subject.key, self.context.clock.now())
        # A chart made from files follows their version: equal versions are one artifact (strategy ChartVersion).
        held = self.context.artifacts.get(subject.key)
        text = f"{verb} '{chart.name}' chart with version '{chart.version}'"
        text += f" and merged values files [{' '.join(files)}]" if files else ""
        reason = "ChartPullSucceeded" if verb == "pulled" else "ChartPackageSucceeded"
        same = held is not None and before.get("revision") == advertised["revision"]
        if not same or subject.status.get("observedGeneration") != subject.generation:
            self.context.artifacts.put(subject.key, artifact)
            if any(before.get(part) != advertised[part] for part in ("revision", "digest")):
                subject.status["artifact"] = advertised
                self.event(subject, "Normal", reason, text)
                count = self._resolved(subject) if verb == "packaged" else 0
                if count:
                    told = f"resolved {count} chart dependencies"
                    self.event(subject, "Normal", "ResolvedDependencies", told)
        subject.status.pop("observedValuesFiles", None)
        if subject.spec.ignore_missing_values_files and files:
            subject.status["observedValuesFiles"] = files
        subject.status["observedChartName"] = chart.name
        subject.status["url"] = advertised["url"]
        conditions.succeed(subject, reason, text)
