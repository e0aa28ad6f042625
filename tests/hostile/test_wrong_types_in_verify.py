"""A value of the wrong type anywhere in a platform breaks no rule of `check`, and no look of `diff`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import given, settings, strategies as st
from tests.wrong_types import changes, read

from nixernetes.changes.formats.json_format import to_json
from nixernetes.changes.formats.pages import to_html, to_markdown
from nixernetes.changes.formats.terminal import to_terminal
from nixernetes.changes.report import report_of
from nixernetes.changes.sides import Side
from nixernetes.errors import InputError, RemoteError
from nixernetes.objects import yamls
from nixernetes.objects.provenance import Origin
from nixernetes.render.deliveries import reached_deliveries
from nixernetes.render.delivery_builds import Builder
from nixernetes.render.estate import read_estate
from nixernetes.render.rendered import Rendered
from nixernetes.render.rendered_platform import RenderedCluster, RenderedPlatform
from nixernetes.render.sources.charts import Chart, ChartOptions
from nixernetes.render.sources.git import Ref, Snapshot
from nixernetes.render.tools import Tools
from nixernetes.render.tree import MemoryTree, Tree
from nixernetes.verify.checks import check
from nixernetes.verify.platform_view import PlatformView

HERE = Path(__file__).parent
OBJECTS = read(HERE / "every_object")
DELIVERIES = read(HERE / "every_delivery")


class _Repository:
    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    def resolve(self, url: str, ref: Ref) -> tuple[str, str]:
        del url, ref
        return "a" * 40, ""

    def snapshot(self, url: str, ref: Ref) -> Snapshot:
        del url, ref
        return Snapshot(commit="a" * 40, tree=self._tree)


class _Charts:
    def template(self, chart: Chart, options: ChartOptions) -> list[Rendered]:
        del chart, options
        manifest = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "helm", "labels": {"a": "b"}}}
        return [Rendered(manifest=manifest, origin=Origin(file="templates/x.yaml"))]


class _Nowhere:
    def index(self, *_: Any) -> str:
        raise RemoteError("cannot be reached")

    def pull(self, *_: Any) -> Chart:
        raise RemoteError("cannot be reached")

    def artifact(self, *_: Any, **__: Any) -> Any:
        raise RemoteError("cannot be reached")


def _view(files: dict[str, str]) -> PlatformView:
    tree = MemoryTree(files)
    tools = Tools(source=_Repository(tree), repositories=_Nowhere(), registries=_Nowhere(), charts=_Charts())
    estate = read_estate(tree)
    clusters = []
    for start in estate.clusters:
        found = tuple(reached_deliveries(start.manifests, Builder(tools), origins=start.origins))
        clusters.append(RenderedCluster(start=start, deliveries=found, known=tuple(str(each.key) for each in found)))
    return PlatformView(platform=RenderedPlatform(estate=estate, clusters=tuple(clusters)))


def _survives(data: st.DataObject, files: dict[str, str]) -> None:
    path = data.draw(st.sampled_from(sorted(path for path in files if path.endswith(".yaml"))))
    changed = data.draw(changes([each.data for each in yamls.parse_all(files[path])]))
    try:
        odd = _view({**files, path: yamls.dump_all(changed)})
    except InputError:
        return  # it is told, and nothing is left to check
    found = check(odd)
    assert found.broken == ()
    sound = _view(files)
    for base, head in ((sound, odd), (odd, sound)):
        report = report_of(Side(view=base), Side(view=head), ((), found.findings))
        assert report.broken == ()
        assert to_json(report)
        assert to_html(report)
        assert to_markdown(report)
        assert to_terminal(report, colour=False)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.data())
def test_a_wrong_type_in_an_object_breaks_no_rule(data: st.DataObject) -> None:
    _survives(data, OBJECTS)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.data())
def test_a_wrong_type_in_a_delivery_breaks_no_rule(data: st.DataObject) -> None:
    _survives(data, DELIVERIES)
