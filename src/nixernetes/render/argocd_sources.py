"""The sources of Argo CD as a walk finds them: repositories, artifacts and charts, asked as Secrets say."""

from __future__ import annotations

from nixernetes.objects.manifest import Json
from nixernetes.render.argocd_repositories import (
    artifact_files,
    artifact_reference,
    chart_url,
    is_oci,
    repository_credentials,
)
from nixernetes.render.charts import Chart
from nixernetes.render.credentials import ANONYMOUS, Credentials
from nixernetes.render.oci import OciArtifact
from nixernetes.render.outside import Declared, Outside
from nixernetes.render.sources import Ref
from nixernetes.render.tree import Tree

__all__ = ["ArgoSources"]

_REPOSITORIES = ("repository", "repo-creds")


class ArgoSources:
    """Finds the files of an Application's sources; equal questions are asked once.

    Args:
        outside: what is read besides the declared objects.

    """

    def __init__(self, outside: Outside) -> None:
        self._outside = outside
        self._charts: dict[tuple[str, str, str, Credentials], Chart] = {}
        self._artifacts: dict[tuple[str, str, Credentials], OciArtifact] = {}

    def files(self, source: Json, project: str, declared: Declared) -> tuple[Tree, str]:
        """Return the files of a source, and its revision: a commit, a digest, or a chart's version.

        Args:
            source: one of ``spec.sources``.
            project: the Application's project.
            declared: the objects that are declared so far.

        Raises:
            NixernetesError: the source cannot be reached, or has no such revision.

        """
        url, revision = source.get("repoURL") or "", source.get("targetRevision") or ""
        if source.get("chart"):
            is_mapped = self._outside.is_mapped(f"{chart_url(url).rstrip('/')}/{source['chart']}")
            who = ANONYMOUS if is_mapped else self._who(url, project, declared)
            chart = self._chart(chart_url(url), source["chart"], revision, who)
            return chart.tree, chart.version
        if is_oci(url):
            who = ANONYMOUS if self._outside.is_mapped(url) else self._who(url, project, declared)
            artifact = self._artifact(url, revision, who)
            return artifact_files(artifact.tree, source.get("path") or ""), artifact.digest
        found = self._outside.source.snapshot(url, Ref(revision=revision or "HEAD"))
        return found.tree, found.commit

    def _who(self, url: str, project: str, declared: Declared) -> Credentials:
        return repository_credentials(url, declared.secrets(_REPOSITORIES), project)

    def _chart(self, url: str, name: str, version: str, who: Credentials) -> Chart:
        key = (url, name, version, who)
        if key not in self._charts:
            self._charts[key] = self._outside.repositories.pull(url, name, version, who)
        return self._charts[key]

    def _artifact(self, url: str, revision: str, who: Credentials) -> OciArtifact:
        key = (url, revision, who)
        if key not in self._artifacts:
            self._artifacts[key] = self._outside.registries.artifact(url, artifact_reference(revision), who)
        return self._artifacts[key]
