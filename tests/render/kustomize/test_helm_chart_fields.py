"""Fields of ``helmCharts``: which hooks are left out, and how values files are read."""

from nixernetes.objects.manifest import Manifest
from nixernetes.objects.provenance import Origin
from nixernetes.render.kustomize import BuildOptions, build
from nixernetes.render.rendered import Rendered
from nixernetes.render.sources.charts import Chart, ChartOptions
from nixernetes.render.tree import MemoryTree


class _Charts:
    def template(self, chart: Chart, options: ChartOptions) -> list[Rendered]:
        values = {str(key): str(value) for key, value in options.values.items()}
        plain: Manifest = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": values}
        hook = {**plain, "metadata": {"name": "b", "annotations": {"helm.sh/hook": "pre-install"}}}
        return [Rendered(manifest=each, origin=Origin(file=chart.name)) for each in (plain, hook)]


def _built(fields: str) -> list[Manifest]:
    files = {
        "kustomization.yaml": f"helmCharts: [{{name: c, {fields}}}]",
        "charts/c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n",
        "charts/c/values.yaml": "on: 2\n",
    }
    return [each.manifest for each in build(MemoryTree(files), "", BuildOptions(enable_helm=True, charts=_Charts()))]


def test_hooks_are_left_out_when_told_to() -> None:
    assert [each["metadata"]["name"] for each in _built("releaseName: r")] == ["a", "b"]
    assert [each["metadata"]["name"] for each in _built("skipHooks: true")] == ["a"]


def test_a_merged_values_file_is_read_as_kustomize_reads_it() -> None:
    assert _built("valuesInline: {x: 1}, skipHooks: true")[0]["data"] == {"on": "2", "x": "1"}
