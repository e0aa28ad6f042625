"""A value of the wrong type anywhere in what deliveries read is the problem of that delivery, never a crash."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import given, settings, strategies as st
from tests.wrong_types import changes, read

from nixernetes.app.rendering.manifest_text import View, json_text, yaml_text
from nixernetes.errors import InputError, RemoteError
from nixernetes.objects import yamls
from nixernetes.objects.manifest import canonical
from nixernetes.objects.provenance import Origin
from nixernetes.render.deliveries import Delivery, reached_deliveries
from nixernetes.render.delivery_builds import Builder
from nixernetes.render.estate import read_estate
from nixernetes.render.rendered import Rendered
from nixernetes.render.sources.charts import Chart, ChartOptions
from nixernetes.render.sources.git import Ref, Snapshot
from nixernetes.render.tools import Tools
from nixernetes.render.tree import MemoryTree, Tree

FILES = read(Path(__file__).parent / "every_delivery")


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
        parts: list[Any] = [options.values, options.value_files, options.set_values, options.set_files]
        assert canonical([chart.name, options.release, options.namespace, *parts, options.api_versions])
        manifest = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "helm", "labels": {"a": "b"}}}
        return [Rendered(manifest=manifest, origin=Origin(file="templates/x.yaml"))]


class _Nowhere:
    def index(self, *_: Any) -> str:
        raise RemoteError("cannot be reached")

    def pull(self, *_: Any) -> Chart:
        raise RemoteError("cannot be reached")

    def artifact(self, *_: Any, **__: Any) -> Any:
        raise RemoteError("cannot be reached")


def _deliveries(files: dict[str, str]) -> list[Delivery]:
    tree = MemoryTree(files)
    tools = Tools(source=_Repository(tree), repositories=_Nowhere(), registries=_Nowhere(), charts=_Charts())
    view = View(origin=True)
    found: list[Delivery] = []
    for plan in read_estate(tree).clusters:
        for each in reached_deliveries(plan.manifests, Builder(tools), origins=plan.origins):
            assert yaml_text(each.manifests, view) + json_text(each.manifests, view)
            found.append(each)
    return found


FLUX = {path: text for path, text in FILES.items() if not path.startswith("argo/")}
ARGO = {path: text for path, text in FILES.items() if not path.startswith("clusters/")}
TOLD = {"HelmRelease/flux-system/hr3", "HelmRelease/flux-system/hr4", "Application/argocd/helmr"}  # charts from outside


def test_the_deliveries_are_right_as_they_are() -> None:
    found = [*_deliveries(FLUX), *_deliveries(ARGO)]
    assert len(found) > 10
    assert {str(each.key) for each in found if each.problem} == TOLD


def _survives(data: st.DataObject, files: dict[str, str]) -> None:
    path = data.draw(st.sampled_from(sorted(path for path in files if path.endswith(".yaml"))))
    changed = data.draw(changes([each.data for each in yamls.parse_all(files[path])]))
    try:
        _deliveries({**files, path: yamls.dump_all(changed)})
    except InputError as error:
        assert str(error)  # noqa: PT017  # both outcomes are right; only another exception is not


@settings(max_examples=120, deadline=None, derandomize=True)
@given(st.data())
def test_a_wrong_type_in_what_flux_reads_is_told(data: st.DataObject) -> None:
    _survives(data, FLUX)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(st.data())
def test_a_wrong_type_in_what_argo_cd_reads_is_told(data: st.DataObject) -> None:
    _survives(data, ARGO)
