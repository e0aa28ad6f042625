"""Helm repositories and OCI registries for one run: what is mapped, what is reached, and what could not be."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from nixernetes.adapters.registries.docker_config import DockerConfig
from nixernetes.adapters.registries.reachability import Reachability
from nixernetes.render.sources.charts import Chart
from nixernetes.render.sources.credentials import ANONYMOUS, Credentials
from nixernetes.render.sources.oci import OciArtifact, OciRef

if TYPE_CHECKING:
    from nixernetes.adapters.registries.chart_repositories import HttpCharts
    from nixernetes.adapters.registries.oci_registry import HttpRegistries

__all__ = ["Registries", "Repositories", "with_schemes"]

_TIMEOUT_SECONDS = 10.0  # a place that cannot be reached must not hold up the rest


def with_schemes(sources: Mapping[str, Path]) -> dict[str, Path]:
    """Return the mapping with ``oci://`` before what has no scheme, as Argo CD reads the URLs of registries."""
    return {url if "://" in url else f"oci://{url}": path for url, path in sources.items()}


class Repositories:
    """Helm repositories, made ready when the first of them is asked for.

    Args:
        mapped: ``<URL of the repository>/<name of the chart>`` to the local chart or charts that stand for it.
        again_after_seconds: after how long a host that cannot be reached is tried again; None: not in this run.
        offline: whether nobody is asked.

    """

    def __init__(
        self, mapped: Mapping[str, Path], *, again_after_seconds: float | None = None, offline: bool = False
    ) -> None:
        self._mapped = mapped
        self._found: HttpCharts | None = None
        self._hosts = Reachability(_TIMEOUT_SECONDS, again_after_seconds, offline=offline)
        self._users = DockerConfig()

    def index(self, url: str, credentials: Credentials = ANONYMOUS) -> str:
        """Return the revision of a repository's index."""
        if any(name.startswith(f"{url.rstrip('/')}/") for name in self._mapped):
            from nixernetes.adapters.registries.mapped_charts import MappedCharts  # noqa: PLC0415

            return MappedCharts(self._mapped, self._ready()).index(url, credentials)
        return self._hosts.ask(url, lambda: self._ready().index(url, credentials))

    def pull(self, url: str, name: str, version: str, credentials: Credentials = ANONYMOUS) -> Chart:
        """Return the newest chart that satisfies a version constraint."""
        if f"{url.rstrip('/')}/{name}" in self._mapped:
            from nixernetes.adapters.registries.mapped_charts import MappedCharts  # noqa: PLC0415

            return MappedCharts(self._mapped, self._ready()).pull(url, name, version, credentials)
        who = self._users.completed(f"{url.rstrip('/')}/{name}", credentials)
        return self._hosts.ask(url, lambda: self._ready().pull(url, name, version, who))

    @property
    def hosts(self) -> Reachability:
        """What is known of the hosts that were asked."""
        return self._hosts

    def close(self) -> None:
        """Close the connections, if there are any."""
        if self._found is not None:
            self._found.close()

    def _ready(self) -> HttpCharts:
        from nixernetes.adapters.registries.chart_repositories import HttpCharts  # noqa: PLC0415  # httpx takes long to import

        if self._found is None:
            self._found = HttpCharts(timeout_seconds=_TIMEOUT_SECONDS)
        return self._found


class Registries:
    """OCI registries, made ready when the first of them is asked for.

    Args:
        mapped: URL to the local folder or archive that stands for the artifact.
        again_after_seconds: after how long a host that cannot be reached is tried again; None: not in this run.
        offline: whether nobody is asked.

    """

    def __init__(
        self, mapped: Mapping[str, Path], *, again_after_seconds: float | None = None, offline: bool = False
    ) -> None:
        self._mapped = {url.rstrip("/"): path for url, path in mapped.items()}
        self._found: HttpRegistries | None = None
        self._hosts = Reachability(_TIMEOUT_SECONDS, again_after_seconds, offline=offline)
        self._users = DockerConfig()

    def resolve(self, url: str, ref: OciRef, credentials: Credentials = ANONYMOUS) -> str:
        """Return the revision that a reference names now."""
        return (
            self.artifact(url, ref, credentials).revision
            if self._is_mapped(url)
            else self._resolved(url, ref, credentials)
        )

    def artifact(
        self, url: str, ref: OciRef, credentials: Credentials = ANONYMOUS, *, media_type: str = ""
    ) -> OciArtifact:
        """Return an artifact with the files of one layer."""
        if self._is_mapped(url):
            from nixernetes.adapters.registries.mapped_registries import MappedRegistries  # noqa: PLC0415

            return MappedRegistries(self._mapped, self).artifact(url, ref, credentials, media_type=media_type)
        who = self._users.completed(url, credentials)
        return self._hosts.ask(
            url, lambda: self._ready().artifact(url, ref, who, media_type=media_type), plain=who.insecure
        )

    @property
    def hosts(self) -> Reachability:
        """What is known of the hosts that were asked."""
        return self._hosts

    def close(self) -> None:
        """Close the connections, if there are any."""
        if self._found is not None:
            self._found.close()

    def _resolved(self, url: str, ref: OciRef, credentials: Credentials) -> str:
        who = self._users.completed(url, credentials)
        return self._hosts.ask(url, lambda: self._ready().resolve(url, ref, who), plain=who.insecure)

    def _is_mapped(self, url: str) -> bool:
        return url.rstrip("/") in self._mapped

    def _ready(self) -> HttpRegistries:
        from nixernetes.adapters.registries.oci_registry import HttpRegistries  # noqa: PLC0415  # httpx takes long to import

        if self._found is None:
            self._found = HttpRegistries(timeout_seconds=_TIMEOUT_SECONDS)
        return self._found
