"""What charts are told of the cluster: ``.Capabilities.KubeVersion`` and ``.Capabilities.APIVersions``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from nixernetes.render.rendered import Rendered
from nixernetes.render.sources.charts import Chart, ChartOptions, ChartRenderer

__all__ = ["Capabilities", "ClusterCharts"]


class Capabilities(NamedTuple):
    """What is known of a cluster.

    Attributes:
        kube_version: its Kubernetes version; ``""`` is helm's own.
        api_versions: what it serves besides what helm knows, ``group/version`` or ``group/version/Kind``.

    """

    kube_version: str = ""
    api_versions: tuple[str, ...] = ()


class ClusterCharts:
    """A renderer that tells charts of one cluster, unless a source says otherwise of itself.

    Args:
        charts: renders charts.
        kube_version: the cluster's; ``""`` is helm's own.
        api_versions: what the cluster serves besides what helm knows, ``group/version`` or ``group/version/Kind``.

    """

    def __init__(self, charts: ChartRenderer, kube_version: str = "", api_versions: Sequence[str] = ()) -> None:
        self._charts = charts
        self._kube_version = kube_version
        self._api_versions = tuple(api_versions)

    def template(self, chart: Chart, options: ChartOptions) -> list[Rendered]:
        """Return the manifests of a chart.

        Raises:
            RemoteError: helm is missing or failed; the message is helm's own.

        """
        told = replace(
            options,
            kube_version=options.kube_version or self._kube_version,
            api_versions=options.api_versions or self._api_versions,
        )
        return self._charts.template(chart, told)
