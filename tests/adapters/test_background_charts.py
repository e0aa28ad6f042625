"""Charts are rendered beside the loop: who asks too early is told so, and gets the result or the error later."""

import threading
from collections.abc import Iterator

import pytest

from nixernetes.adapters.background_charts import BackgroundCharts
from nixernetes.errors import NotYetError, RemoteError
from nixernetes.render.rendered import Rendered
from nixernetes.render.sources.charts import Chart, ChartOptions
from nixernetes.render.tree import MemoryTree

CHART = Chart(name="web", version="1.0.0", tree=MemoryTree({"Chart.yaml": ""}))


class Slow:
    """Renders when it is let."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.asked: list[str] = []

    def template(self, chart: Chart, options: ChartOptions) -> list[Rendered]:
        self.go.wait(30)
        self.asked.append(options.release)
        if options.release == "broken":
            raise RemoteError("helm failed")
        return [Rendered(manifest={"kind": chart.name})]


@pytest.fixture
def slow() -> Iterator[Slow]:
    made = Slow()
    yield made
    made.go.set()


def _options(release: str) -> ChartOptions:
    return ChartOptions(release=release, namespace="default", values={"a": 1})


def test_a_chart_that_is_being_rendered_is_not_there_yet_and_rendered_once(slow: Slow) -> None:
    charts = BackgroundCharts(slow, patience_seconds=0)
    for _ in range(3):
        with pytest.raises(NotYetError, match=r"chart web-1\.0\.0"):
            charts.template(CHART, _options("web"))
    slow.go.set()
    (running,) = charts._running.values()
    running.result(30)
    patient = BackgroundCharts(slow, patience_seconds=30)
    assert [item.manifest for item in patient.template(CHART, _options("other"))] == [{"kind": "web"}]
    charts.close()
    patient.close()
    assert slow.asked.count("web") == 1


def test_an_error_reaches_whoever_asks(slow: Slow) -> None:
    slow.go.set()
    charts = BackgroundCharts(slow, patience_seconds=30)
    with pytest.raises(RemoteError, match="helm failed"):
        charts.template(CHART, _options("broken"))
    charts.close()
