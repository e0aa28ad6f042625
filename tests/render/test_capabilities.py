"""What charts are told of the cluster; what a source says of itself counts more."""

from nixernetes.render.capabilities import ClusterCharts
from nixernetes.render.rendered import Rendered
from nixernetes.render.sources.charts import Chart, ChartOptions
from nixernetes.render.tree import MemoryTree

CHART = Chart(name="web", version="1.0.0", tree=MemoryTree({}))


class _Noting:
    def __init__(self) -> None:
        self.told: list[tuple[str, tuple[str, ...]]] = []

    def template(self, chart: Chart, options: ChartOptions) -> list[Rendered]:
        assert chart is CHART
        self.told.append((options.kube_version, tuple(options.api_versions)))
        return []


def test_charts_are_told_of_the_cluster() -> None:
    noting = _Noting()
    ClusterCharts(noting, "1.29.0", ["a/v1"]).template(CHART, ChartOptions(release="x", namespace="y", values={}))
    ClusterCharts(noting).template(CHART, ChartOptions(release="x", namespace="y", values={}))
    assert noting.told == [("1.29.0", ("a/v1",)), ("", ())]


def test_what_a_source_says_of_itself_counts_more() -> None:
    noting = _Noting()
    options = ChartOptions(release="x", namespace="y", values={}, kube_version="1.30.0", api_versions=("b/v1",))
    ClusterCharts(noting, "1.29.0", ["a/v1"]).template(CHART, options)
    assert noting.told == [("1.30.0", ("b/v1",))]
