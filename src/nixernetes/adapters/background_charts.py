"""Charts rendered beside the loop: whoever asks is told to ask again, and the others go on meanwhile.

Only for the real clock: on a virtual one nothing may depend on how long a computation takes.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict

from nixernetes.errors import NotYetError
from nixernetes.objects.manifest import digest
from nixernetes.render.rendered import Rendered
from nixernetes.render.sources.charts import Chart, ChartOptions, ChartRenderer

__all__ = ["BackgroundCharts"]


class BackgroundCharts:
    """A :class:`~nixernetes.render.sources.charts.ChartRenderer` that never keeps anybody waiting for long.

    It holds results only until they are asked for; what is behind it keeps them.

    Args:
        charts: renders, one chart at a time.
        patience_seconds: how long whoever asks is kept waiting: what is kept is there at once.

    """

    def __init__(self, charts: ChartRenderer, patience_seconds: float = 0.02) -> None:
        self._charts = charts
        self._patience_seconds = patience_seconds
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="charts")
        self._running: dict[str, Future[list[Rendered]]] = {}

    def template(self, chart: Chart, options: ChartOptions) -> list[Rendered]:
        """Return the manifests of a chart.

        Raises:
            NotYetError: they are being made.
            RemoteError: helm is missing or failed; the message is helm's own.

        """
        key = digest([chart.name, chart.version, chart.tree.id, asdict(options)])
        if key not in self._running:
            self._running[key] = self._executor.submit(self._charts.template, chart, options)
        future = self._running[key]
        try:
            future.exception(self._patience_seconds)
        except TimeoutError:
            raise NotYetError(f"chart {chart.name}-{chart.version}") from None
        return self._running.pop(key).result()

    def close(self) -> None:
        """End without waiting for what is still to be made."""
        self._executor.shutdown(wait=False, cancel_futures=True)
