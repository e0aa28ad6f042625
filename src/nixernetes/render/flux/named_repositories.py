"""Helm repositories as the HelmRepository objects of a namespace name them: whoever pulls, asks as they say."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from nixernetes.objects.identity import key_of
from nixernetes.objects.kinds import HELM_REPOSITORY
from nixernetes.objects.manifest import Manifest
from nixernetes.render.outside import Surroundings
from nixernetes.render.sources.charts import Chart
from nixernetes.render.sources.credentials import ANONYMOUS, Credentials
from nixernetes.render.tools import Tools

__all__ = ["NamedRepositories"]


Identify: TypeAlias = Callable[[Manifest, Surroundings], Credentials]


class NamedRepositories:
    """Repositories that are asked with the credentials of the HelmRepository with their URL.

    Args:
        tools: the repositories themselves, and what the user gives in their place.
        source: what a chart comes from: a HelmRepository is preferred, and others are sought in its namespace.
        declared: the objects around.
        identify: returns who a HelmRepository asks as.

    """

    def __init__(self, tools: Tools, source: Manifest, declared: Surroundings, identify: Identify) -> None:
        self._tools = tools
        self._source = source
        self._declared = declared
        self._identify = identify

    def index(self, url: str, credentials: Credentials = ANONYMOUS) -> str:
        """Return the revision of a repository's index, asked as its HelmRepository says unless told who asks."""
        return self._tools.repositories.index(url, self._who(url, credentials))

    def pull(self, url: str, name: str, version: str, credentials: Credentials = ANONYMOUS) -> Chart:
        """Return a chart, asked for as its HelmRepository says unless told who asks; nobody asks for a mapped one."""
        is_mapped = self._tools.is_mapped(f"{url.rstrip('/')}/{name}")
        who = ANONYMOUS if is_mapped else self._who(url, credentials)
        return self._tools.repositories.pull(url, name, version, who)

    def _who(self, url: str, credentials: Credentials) -> Credentials:
        if credentials != ANONYMOUS:
            return credentials
        key = key_of(self._source)
        named = [self._source] if key.group_kind == HELM_REPOSITORY else []
        named += self._declared.listing(HELM_REPOSITORY, key.namespace)
        wanted = url.rstrip("/")
        for one in named:
            if str((one.get("spec") or {}).get("url") or "").rstrip("/") == wanted:
                return self._identify(one, self._declared)
        return ANONYMOUS
