"""helm is started on what others wrote: no name becomes an option, and nothing grows without end."""

from __future__ import annotations

import sys

import pytest

from nixernetes.adapters.helm import HelmRenderer
from nixernetes.errors import InputError, RemoteError
from nixernetes.objects.sizes import MAX_CHART_BYTES
from nixernetes.render.sources.charts import ChartOptions, chart_from_tree
from nixernetes.render.tree import MemoryTree

CHART = "apiVersion: v2\nname: web\nversion: 1.2.3\n"


def _rendered(template: str, options: ChartOptions) -> object:
    return HelmRenderer().template(
        chart_from_tree(MemoryTree({"Chart.yaml": CHART, "templates/a.yaml": template})), options
    )


@pytest.mark.parametrize("name", ["--post-renderer=/bin/ls", "-h", "", "a/b", "A", "a" * 54])
def test_a_release_name_that_is_none_never_reaches_helm(name: str) -> None:
    with pytest.raises(InputError, match="invalid release name"):
        _rendered("a: b\n", ChartOptions(release=name, namespace="n"))


def test_a_file_parameter_names_no_second_file() -> None:
    options = ChartOptions(release="r", namespace="n", set_files=(("a=/etc/hostname,b", "x"),))
    with pytest.raises(InputError, match="a name has no '=' and no ','"):
        _rendered("a: b\n", options)


@pytest.mark.skipif(sys.platform != "linux", reason="limits of other processes are Linux's")
def test_a_template_that_takes_all_memory_is_ended() -> None:
    with pytest.raises(RemoteError, match="needs more than 2048 MiB of memory"):
        _rendered('a: {{ repeat 1000000000 (repeat 10 "x") | len }}\n', ChartOptions(release="r", namespace="n"))


def test_a_chart_that_depends_on_itself_comes_to_an_end() -> None:
    again = f"{CHART}dependencies: [{{name: a, repository: 'file://.'}}, {{name: b, repository: 'file://.'}}]\n"
    with pytest.raises(InputError, match="nested deeper than 16"):
        chart_from_tree(MemoryTree({"Chart.yaml": again}))


def test_charts_that_multiply_are_counted() -> None:
    files = {"c15/Chart.yaml": CHART}
    for depth in range(15):
        names = ", ".join(f"{{name: {name}, repository: 'file://../c{depth + 1}'}}" for name in "abc")
        files[f"c{depth}/Chart.yaml"] = f"{CHART}dependencies: [{names}]\n"
    with pytest.raises(InputError, match=f"is larger than {MAX_CHART_BYTES // 1024 // 1024} MiB"):
        chart_from_tree(MemoryTree(files), "c0")


@pytest.mark.parametrize("repository", ["file:///etc", "file://../../..", "file://../.."])
def test_a_dependency_does_not_lead_out_of_the_repository(repository: str) -> None:
    chart = f"{CHART}dependencies: [{{name: a, repository: '{repository}'}}]\n"
    with pytest.raises(InputError, match=r"is absolute|leads out of the repository"):
        chart_from_tree(MemoryTree({"chart/Chart.yaml": chart}), "chart")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ("dependencies: [{name: ../../x, repository: 'file://.'}]", "is no name of a folder"),
        ("dependencies: 3", "dependencies: must be an array"),
        ("dependencies: [3]", r"dependencies\[0\]: must be an object"),
        ("dependencies: [{name: a, repository: {}}]", r"dependencies\[0\]\.repository: must be a string"),
        ("appVersion: [1]", "appVersion: must be a string, number or boolean"),
    ],
)
def test_a_chart_file_that_has_not_its_form_is_named(fields: str, message: str) -> None:
    with pytest.raises(InputError, match=rf"^Chart\.yaml: .*{message}"):
        chart_from_tree(MemoryTree({"Chart.yaml": f"{CHART}{fields}\n"}))
