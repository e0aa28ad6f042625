"""Helm repositories as the HelmRepository objects of a namespace name them: whoever pulls, asks as they say."""

from __future__ import annotations

from collections.abc import Callable

from nixernetes.cluster.api import Api
from nixernetes.engine.flux import kinds
from nixernetes.engine.ports import ChartRepositories
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Manifest
from nixernetes.render.charts import Chart
from nixernetes.render.credentials import ANONYMOUS, Credentials

__all__ = ["NamedRepositories"]


class NamedRepositories:
    """Repositories that are asked with the credentials of the HelmRepository with their URL.

    Args:
        api: the cluster.
        repositories: the repositories themselves.
        source: what a chart comes from: this HelmRepository is preferred, and others are sought in its namespace.
        credentials: returns who a HelmRepository asks as.

    """

    def __init__(
        self,
        api: Api,
        repositories: ChartRepositories,
        source: ObjectKey,
        credentials: Callable[[Manifest], Credentials],
    ) -> None:
        self._api = api
        self._repositories = repositories
        self._source = source
        self._credentials = credentials

    def index(self, url: str, credentials: Credentials = ANONYMOUS) -> str:
        """Return the revision of a repository's index, asked as its HelmRepository says unless told who asks."""
        return self._repositories.index(url, self._who(url, credentials))

    def pull(self, url: str, name: str, version: str, credentials: Credentials = ANONYMOUS) -> Chart:
        """Return a chart, asked for as its HelmRepository says unless told who asks."""
        return self._repositories.pull(url, name, version, self._who(url, credentials))

    def _who(self, url: str, credentials: Credentials) -> Credentials:
        if credentials != ANONYMOUS:
            return credentials
        wanted = url.rstrip("/")
        own = self._api.get(self._source)
        named = [own] if own is not None and self._source.kind == kinds.HELM_REPOSITORY.kind else []
        named += self._api.list(kinds.HELM_REPOSITORY, namespace=self._source.namespace)
        for one in named:
            if str((one.get("spec") or {}).get("url") or "").rstrip("/") == wanted:
                return self._credentials(one)
        return ANONYMOUS
