"""What deliveries are rendered with: where files, charts and artifacts come from, and what renders them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from nixernetes.languages.jq import Jq
from nixernetes.render.argocd.jsonnet import JsonnetRenderer
from nixernetes.render.capabilities import Capabilities, ClusterCharts
from nixernetes.render.given_values import GivenValues
from nixernetes.render.kept import Kept
from nixernetes.render.kustomize.loader import DocumentCache
from nixernetes.render.kustomize.remote_bases import Remotes
from nixernetes.render.sops.keys import Decryptor
from nixernetes.render.sources.charts import ChartRenderer, ChartRepositories
from nixernetes.render.sources.git import Source
from nixernetes.render.sources.oci import OciRegistries

__all__ = ["Tools"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """One set of tools, for the walk over a repository and for the controllers alike.

    Attributes:
        source: Git repositories.
        repositories: Helm repositories.
        registries: OCI registries.
        charts: helm.
        jsonnet: evaluates Jsonnet; None refuses it by name.
        jq: evaluates jq; None refuses it by name.
        remotes: what stands for remote bases of kustomizations; None refuses them by name.
        given: ConfigMaps and Secrets of the user; they win over declared ones.
        mapped: the URLs of artifacts and charts (``<repository>/<chart>``) that the user gives: nobody is asked for
            them, so that neither identities nor signatures matter.
        kept: what was built before.
        in_memory: what was built with secrets, which no store keeps.
        cache: parsed files, shared between builds.
        strict: whether a variable of ``postBuild`` that is not set and has no default is an error, else it is empty.
        enable_helm: whether ``helmCharts`` of kustomizations are rendered wherever Argo CD builds one, whatever its
            ``kustomize.buildOptions`` say.
        decryptor: opens what SOPS encrypted with the keys of the user; None has none.
        capabilities: what charts are told of the cluster in question.
        clusters: what charts are told of other clusters, by the name and by the server of each.

    """

    source: Source
    repositories: ChartRepositories
    registries: OciRegistries
    charts: ChartRenderer
    jsonnet: JsonnetRenderer | None = None
    jq: Jq | None = None
    remotes: Remotes | None = None
    given: GivenValues = field(default_factory=GivenValues)
    mapped: Collection[str] = ()
    kept: Kept = field(default_factory=Kept)
    in_memory: Kept = field(default_factory=Kept)
    cache: DocumentCache = field(default_factory=DocumentCache)
    strict: bool = True
    enable_helm: bool = False
    decryptor: Decryptor | None = None
    capabilities: Capabilities = Capabilities()  # noqa: RUF009  # a tuple, that nobody changes
    clusters: Mapping[str, Capabilities] = field(default_factory=dict)

    @property
    def cluster_charts(self) -> ClusterCharts:
        """Helm, which tells charts of the cluster in question."""
        return ClusterCharts(self.charts, *self.capabilities)

    def of_cluster(self, name: str) -> Self:
        """Return the tools for what goes to a cluster; these where nothing else is known of it.

        Args:
            name: its name, or the URL of its API server.

        """
        known = self.clusters.get(name)
        return self if known in (None, self.capabilities) else replace(self, capabilities=known)

    def is_mapped(self, url: str) -> bool:
        """Tell whether the user gives what stands at a URL."""
        return url.rstrip("/") in self.mapped
