"""helm is started on what others wrote: no name becomes an option, and nothing grows without end."""

from __future__ import annotations

import gzip
import io
import json
import sys
import tarfile
from collections.abc import Iterator

import pytest
from tests.adapters.registry_server import RegistryServer, archive, served

from nixernetes.adapters import helm
from nixernetes.adapters.chart_schemas import read_by_helm
from nixernetes.adapters.helm import HelmRenderer
from nixernetes.errors import InputError, RemoteError
from nixernetes.objects.sizes import MAX_CHART_BYTES
from nixernetes.render.sources.charts import ChartOptions, chart_from_tree
from nixernetes.render.tree import MemoryTree

CHART = "apiVersion: v2\nname: web\nversion: 1.2.3\n"
CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n"


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


def _counted(monkeypatch: pytest.MonkeyPatch, seconds: float) -> HelmRenderer:
    """Return a renderer whose charts have little time, and all of them together not much more."""
    monkeypatch.setattr(helm, "_TIMEOUT_SECONDS", seconds)
    monkeypatch.setattr(helm, "_WASTED_SECONDS", 2 * seconds)
    monkeypatch.setattr(helm, "_SHORT_SECONDS", seconds / 2)
    return HelmRenderer()


def test_a_chart_that_is_never_done_is_not_tried_again_and_others_get_less_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    renderer = _counted(monkeypatch, 0.2)
    endless = "{{range until 100000}}{{range until 100000}}{{end}}{{end}}a: b\n"
    told = []
    for number in (0, 0, 1, 1, 2, 2, 3):
        chart = chart_from_tree(MemoryTree({"Chart.yaml": CHART, "templates/a.yaml": f"{endless}# {number}"}))
        with pytest.raises(RemoteError, match="did not finish within") as error:
            renderer.template(chart, ChartOptions(release="r", namespace="n"))
        told.append(error.value.message.rpartition(" within ")[2])
    assert told == ["0.2 seconds"] * 4 + ["0.1 seconds"] * 3
    assert renderer.runs == 4


def test_documents_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helm, "_MAX_DOCUMENTS", 100)
    with pytest.raises(RemoteError, match="more than 100 documents"):
        _rendered("{{range until 200}}---\na: b\n{{end}}", ChartOptions(release="r", namespace="n"))


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
        ("dependencies: [{name: ../../x, repository: 'file://.'}]", "is not a valid folder name"),
        ("dependencies: 3", "dependencies: must be an array"),
        ("dependencies: [3]", r"dependencies\[0\]: must be an object"),
        ("dependencies: [{name: a, repository: {}}]", r"dependencies\[0\]\.repository: must be a string"),
        ("appVersion: [1]", "appVersion: must be a string, number or boolean"),
    ],
)
def test_a_chart_file_that_has_not_its_form_is_named(fields: str, message: str) -> None:
    with pytest.raises(InputError, match=rf"^Chart\.yaml: .*{message}"):
        chart_from_tree(MemoryTree({"Chart.yaml": f"{CHART}{fields}\n"}))


@pytest.fixture(name="server")
def _server() -> Iterator[RegistryServer]:
    for server in served():
        server.answers["/s.json"] = (200, {}, b'{"type": "string", "$ref": "file:///etc/hostname"}')
        yield server


SCHEMAS = {
    "ref": {"$ref": "URL/s.json"},
    "property": {"properties": {"a": {"$ref": "URL/s.json"}}},
    "property with the name of data": {"properties": {"const": {"$ref": "URL/s.json"}}},
    "relative": {"$id": "URL/x/y.json", "properties": {"a": {"$ref": "../s.json"}}},
    "nested base": {"properties": {"a": {"$id": "URL/x/", "allOf": [{"$ref": "../s.json"}]}}},
    "old base": {"id": "URL/x/y.json", "items": [{"$ref": "/s.json"}], "additionalProperties": {"$ref": "../s.json"}},
    "definition": {"properties": {"a": {"$ref": "#/definitions/x"}}, "definitions": {"x": {"$ref": "URL/s.json"}}},
    "file": {"properties": {"a": {"$ref": "file:///etc/hostname"}}},
    "device": {"$ref": "file:///dev/zero"},
}


@pytest.mark.parametrize("where", ["", "charts/sub/", "charts/sub.tgz", "charts/sub.tgz in charts/sub.tgz"])
@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=SCHEMAS)
def test_a_schema_reaches_neither_the_network_nor_the_disk(server: RegistryServer, schema: object, where: str) -> None:
    text = json.dumps(schema).replace("URL", f"http://{server.host}")
    sub = {"sub/Chart.yaml": CHART.replace("web", "sub"), "sub/values.schema.json": text}
    files: dict[str, bytes | str] = {"Chart.yaml": CHART, "values.yaml": "a: {b: c}\n", "templates/a.yaml": CONFIG_MAP}
    if where == "charts/sub.tgz":
        files["charts/sub.tgz"] = archive(sub)
    elif where.endswith(".tgz"):
        outer = {"sub/Chart.yaml": CHART.replace("web", "sub").encode(), "sub/charts/sub.tgz": archive(sub)}
        files["charts/sub.tgz"] = _archive(outer)
    else:
        files |= {f"{where}{path.removeprefix('sub/')}": data for path, data in sub.items()} if where else {}
        files |= {} if where else {"values.schema.json": text}
    chart = chart_from_tree(MemoryTree(files))
    options = ChartOptions(release="r", namespace="n")
    assert [each.manifest["kind"] for each in HelmRenderer().template(chart, options)] == ["ConfigMap"]
    assert server.seen == []


def test_a_reference_that_hides_in_a_value_reaches_nothing(server: RegistryServer) -> None:
    schema = {"properties": {"a": {"$ref": "#/const"}}, "const": {"$ref": f"http://{server.host}/s.json"}}
    files = {"Chart.yaml": CHART, "values.yaml": "a: b\n", "values.schema.json": json.dumps(schema)}
    with pytest.raises(RemoteError, match="has no key 'const'"):
        HelmRenderer().template(chart_from_tree(MemoryTree(files)), ChartOptions(release="r", namespace="n"))
    assert server.seen == []


def _archive(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return gzip.compress(packed.getvalue())


def test_all_else_of_a_schema_is_still_checked() -> None:
    schema = {"properties": {"a": {"type": "integer"}, "b": {"$ref": "http://127.0.0.1:9/s.json"}}}
    files = {"Chart.yaml": CHART, "values.yaml": "a: text\n", "values.schema.json": json.dumps(schema)}
    with pytest.raises(RemoteError, match=r"Expected: integer, given: string"):
        HelmRenderer().template(chart_from_tree(MemoryTree(files)), ChartOptions(release="r", namespace="n"))


@pytest.mark.parametrize("data", [b'{"$ref": "#/definitions/a"}', b"{}", b'{"pattern": "\\\\d"}', b"no schema"])
def test_a_schema_that_leads_nowhere_is_left_as_it_is(data: bytes) -> None:
    assert read_by_helm("values.schema.json", data) is data


@pytest.mark.parametrize(
    "data", [b'{"$ref": ', b"[" * 100_000 + b"$ref", b'{"\\u0024ref": "http://x", "a": ' + b"1" * 5_000]
)
def test_a_schema_that_nobody_can_read_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match="the schema is not JSON"):
        read_by_helm("charts/a/values.schema.json", data)
