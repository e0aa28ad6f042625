"""Charts taken from this machine: those that the user maps, all others asked below."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from nixernetes.adapters.folder_snapshot import FolderSnapshot
from nixernetes.adapters.registries.chart_repositories import unpack_chart
from nixernetes.errors import RemoteError
from nixernetes.languages.semver import chosen
from nixernetes.render.sources.charts import Chart, ChartRepositories, chart_from_tree
from nixernetes.render.sources.credentials import ANONYMOUS, Credentials

__all__ = ["MappedCharts"]


class MappedCharts:
    """Helm repositories some of whose charts are local; a :class:`~nixernetes.render.sources.charts.ChartRepositories`.

    Args:
        mapped: ``<URL of the repository>/<name of the chart>`` → the chart's folder, its archive (``.tgz``), or a
            folder of archives, one for each version.
        below: asked for what is not mapped.

    """

    def __init__(self, mapped: Mapping[str, Path], below: ChartRepositories) -> None:
        self._mapped = {url.rstrip("/"): path for url, path in mapped.items()}
        self._below = below

    def index(self, url: str, credentials: Credentials = ANONYMOUS) -> str:
        """Return the revision of a repository's index: of a repository with mapped charts, the digest of those."""
        start = f"{url.rstrip('/')}/"
        here = {name: place for name, place in sorted(self._mapped.items()) if name.startswith(start)}
        if not here:
            return self._below.index(url, credentials)
        there = "".join(f"{name} {chart.version}\n" for name, place in here.items() for chart in _charts(place))
        return f"sha256:{sha256(there.encode()).hexdigest()}"

    def pull(self, url: str, name: str, version: str, credentials: Credentials = ANONYMOUS) -> Chart:
        """Return the newest chart that satisfies a version constraint.

        Raises:
            RemoteError: the local place holds no chart, or none of a version that is asked for.

        """
        place = self._mapped.get(f"{url.rstrip('/')}/{name}")
        if place is None:
            return self._below.pull(url, name, version, credentials)
        charts = {chart.version: chart for chart in _charts(place)}
        try:
            found = chosen(charts, version)
        except ValueError as error:
            raise RemoteError(f"chart {name}: {error}", subject=url) from error
        if not found:
            there = ", ".join(sorted(charts)) or "none"
            raise RemoteError(f"no '{name}' chart with version matching '{version}' in {place}: {there}", subject=url)
        return charts[found]


def _charts(place: Path) -> list[Chart]:
    try:
        if (place / "Chart.yaml").is_file():
            return [chart_from_tree(FolderSnapshot(place))]
        archives = sorted(place.glob("*.tgz")) if place.is_dir() else [place]
        return [unpack_chart(archive.read_bytes(), str(archive)) for archive in archives]
    except OSError as error:
        raise RemoteError(f"cannot be read: {error.strerror}", subject=str(place)) from error
