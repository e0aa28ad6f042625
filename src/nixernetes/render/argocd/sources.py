"""The sources of Argo CD: repositories, artifacts and charts, asked as Secrets say, at a revision."""

from __future__ import annotations

from typing import Final

from nixernetes.objects.bounded import Bounded
from nixernetes.objects.manifest import Json
from nixernetes.render.argocd.repositories import (
    artifact_files,
    artifact_reference,
    chart_url,
    is_oci,
    repository_credentials,
)
from nixernetes.render.argocd.source import SourceFiles
from nixernetes.render.outside import Surroundings
from nixernetes.render.sources.artifact_charts import digest_of
from nixernetes.render.sources.charts import Chart
from nixernetes.render.sources.credentials import ANONYMOUS, Credentials
from nixernetes.render.sources.git import Ref
from nixernetes.render.sources.oci import OciArtifact, OciRef
from nixernetes.render.tools import Tools

__all__ = ["ArgoSources"]

_REPOSITORIES: Final = ("repository", "repo-creds")
_MOST: Final = 512


class ArgoSources:
    """Finds the files of an Application's sources.

    A walk asks once what a name stands for. Controllers ask again each time, for a tag or a range may have moved; what
    a digest or an exact version names is fetched once for them too. It forgets what was asked for least recently when
    it holds more than 512 charts or artifacts.

    Args:
        tools: what is read through.

    """

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._charts: Bounded[object, Chart] = Bounded(_MOST)
        self._artifacts: Bounded[object, OciArtifact] = Bounded(_MOST)

    def forget_charts(self) -> None:
        """Ask for charts again, whatever version they had: a repository may have put another in its place."""
        self._charts = Bounded(_MOST)

    def files(
        self, source: Json, project: str, declared: Surroundings, *, revision: str = "", fresh: bool = False
    ) -> SourceFiles:
        """Return the files of a source.

        Args:
            source: one of ``spec.sources``.
            project: the Application's project.
            declared: the objects around.
            revision: a revision to take instead of the target revision, by whatever name; ``""`` for none.
            fresh: whether what a name stands for is found out again.

        Raises:
            NixernetesError: the source cannot be reached, or has no such revision.

        """
        url, wanted = source.get("repoURL") or "", source.get("targetRevision") or ""
        if source.get("chart"):
            asked = (chart_url(url), source["chart"], revision or wanted)
            is_mapped = self._tools.is_mapped(f"{asked[0].rstrip('/')}/{asked[1]}")
            chart = self._chart(*asked, ANONYMOUS if is_mapped else self._who(url, project, declared), fresh=fresh)
            return SourceFiles(tree=chart.tree, revision=chart.version)
        if is_oci(url):
            who = ANONYMOUS if self._tools.is_mapped(url) else self._who(url, project, declared)
            artifact = self._artifact(url, artifact_reference(revision or wanted), who, fresh=fresh)
            return SourceFiles(tree=artifact_files(artifact.tree, source.get("path") or ""), revision=artifact.digest)
        ref = Ref(revision=revision or wanted or "HEAD")
        found = self._tools.source.snapshot(url, ref)
        return SourceFiles(tree=found.tree, revision=found.commit)

    def _who(self, url: str, project: str, declared: Surroundings) -> Credentials:
        return repository_credentials(url, declared.secrets(_REPOSITORIES), project)

    def _chart(self, url: str, name: str, version: str, who: Credentials, *, fresh: bool) -> Chart:
        key = (url, name, version, who)
        held = self._charts.get(key)
        if held is not None and (not fresh or held.version == version):
            return held
        chart = self._tools.repositories.pull(url, name, version, who)
        self._charts.put(key, chart)
        return chart

    def _artifact(self, url: str, ref: OciRef, who: Credentials, *, fresh: bool) -> OciArtifact:
        registries = self._tools.registries
        if not fresh:
            return self._artifacts.answer((url, ref, who), lambda: registries.artifact(url, ref, who))
        digest = OciRef(digest=ref.digest or digest_of(registries.resolve(url, ref, who)))
        return self._artifacts.answer((url, digest, who), lambda: registries.artifact(url, digest, who))
