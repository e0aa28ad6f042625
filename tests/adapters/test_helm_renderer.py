"""Charts mean what the real helm says they mean; each distinct rendering starts helm once."""

from pathlib import Path

import pytest

from nixernetes.adapters.helm import HelmRenderer
from nixernetes.adapters.helm_executable import find_helm
from nixernetes.errors import RemoteError
from nixernetes.render.sources.charts import Chart, ChartOptions, PrivateCharts, chart_from_tree
from nixernetes.render.tree import MemoryTree

FILES = {
    "Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.2.3\nappVersion: '4'\n",
    "values.yaml": "message: hello\nlist: []\n",
    "crds/widget.yaml": (
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: widgets.x}\n"
    ),
    "templates/map.yaml": """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
  namespace: {{ .Release.Namespace }}
data:
  message: {{ .Values.message | quote }}
  list: {{ .Values.list | join "+" | quote }}
  upgrade: {{ .Release.IsUpgrade | quote }}
  kube: {{ .Capabilities.KubeVersion.Version | quote }}
  file: {{ .Values.file | quote }}
""",
    "templates/tests/test.yaml": (
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: t\n  annotations: {helm.sh/hook: test}\nspec: {containers: []}\n"
    ),
}


def _chart(**files: str) -> Chart:
    return chart_from_tree(MemoryTree({**FILES, **files}))


@pytest.fixture(scope="module")
def helm() -> HelmRenderer:
    return HelmRenderer()


def test_manifests_come_with_their_template(helm: HelmRenderer) -> None:
    found = helm.template(_chart(), ChartOptions(release="shop", namespace="prod"))
    assert [(item.manifest["kind"], item.origin.file) for item in found] == [
        ("CustomResourceDefinition", "crds/widget.yaml"),
        ("ConfigMap", "templates/map.yaml"),
        ("Pod", "templates/tests/test.yaml"),
    ]
    assert found[1].manifest["metadata"] == {"name": "shop", "namespace": "prod"}
    assert list(map(str, found[1].origin.chain)) == ["chart web-1.2.3"]


@pytest.mark.slow
def test_what_was_decrypted_is_not_written_to_the_cache(tmp_path: Path) -> None:
    options = ChartOptions(release="shop", namespace="prod", values={"message": "very secret"})
    caching = HelmRenderer(tmp_path)
    private = PrivateCharts(caching).template(_chart(), options)
    assert not any(b"very secret" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert [item.manifest for item in caching.template(_chart(), options)] == [item.manifest for item in private]
    assert any(path.is_file() for path in tmp_path.rglob("*"))


def test_options_are_layered_as_flags(helm: HelmRenderer) -> None:
    options = ChartOptions(
        release="shop",
        namespace="prod",
        value_files=(("a.yaml", "message: low\nlist: [a]\n"), ("b.yaml", "list: [b]\n")),
        values={"message": "high"},
        set_values=("list={x,y}",),
        set_files=(("file", "content"),),
        include_crds=False,
        skip_tests=True,
        is_upgrade=True,
        kube_version="1.30.0",
    )
    (item,) = helm.template(_chart(), options)
    assert item.manifest["data"] == {
        "message": "high",
        "list": "x+y",
        "upgrade": "true",
        "kube": "v1.30.0",
        "file": "content",
    }


def test_equal_input_starts_helm_once_and_a_new_process_finds_it_on_disk(tmp_path: Path) -> None:
    options = ChartOptions(release="a", namespace="b", skip_tests=True)
    first, second = HelmRenderer(tmp_path / "cache"), HelmRenderer(tmp_path / "cache")
    found = first.template(_chart(), options)
    assert first.template(_chart(), options) == found == second.template(_chart(), options)
    assert (first.runs, second.runs) == (1, 0)
    (entry,) = (tmp_path / "cache").iterdir()
    assert entry.stat().st_mode & 0o077 == 0
    entry.write_bytes(entry.read_bytes()[:-5])
    third = HelmRenderer(tmp_path / "cache")
    assert third.template(_chart(), options) == found
    assert third.runs == 1


def test_a_cache_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert HelmRenderer(tmp_path / "file" / "cache").template(_chart(), ChartOptions(release="a", namespace="b"))


def test_helms_own_message_is_passed_on_without_our_paths(helm: HelmRenderer) -> None:
    broken = _chart(**{"templates/map.yaml": '{{ fail "give a name" }}'})
    with pytest.raises(RemoteError, match="give a name") as caught:
        helm.template(broken, ChartOptions(release="a", namespace="b"))
    assert "nixernetes-helm-" not in str(caught.value)
    assert "--debug" not in str(caught.value)


def test_a_missing_dependency_is_helms_error(helm: HelmRenderer) -> None:
    needy = _chart(
        **{
            "Chart.yaml": FILES["Chart.yaml"]
            + "dependencies: [{name: redis, version: 1.0.0, repository: 'https://charts.example.com'}]\n"
        }
    )
    with pytest.raises(RemoteError, match="missing in charts/ directory: redis"):
        helm.template(needy, ChartOptions(release="a", namespace="b"))


def test_a_dependency_in_the_same_repository_is_found(helm: HelmRenderer) -> None:
    tree = MemoryTree(
        {
            "app/Chart.yaml": (
                "apiVersion: v2\nname: app\nversion: 1.0.0\n"
                "dependencies: [{name: web, version: 1.2.3, repository: 'file://../web'}]\n"
            ),
            **{f"web/{name}": text for name, text in FILES.items()},
        }
    )
    found = helm.template(chart_from_tree(tree, "app"), ChartOptions(release="a", namespace="b", skip_tests=True))
    assert [item.origin.file for item in found] == ["charts/web/crds/widget.yaml", "charts/web/templates/map.yaml"]


def test_values_files_of_a_chart_take_the_place_of_its_values(helm: HelmRenderer) -> None:
    tree = MemoryTree({**FILES, "values-prod.yaml": "message: production\n"})
    chart = chart_from_tree(tree, values_files=["values.yaml", "values-prod.yaml", "none.yaml"], ignore_missing=True)
    found = helm.template(chart, ChartOptions(release="a", namespace="b", include_crds=False, skip_tests=True))
    assert found[0].manifest["data"]["message"] == "production"


def test_a_named_helm_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIXERNETES_HELM", "/nowhere/helm")
    with pytest.raises(RemoteError, match="correct NIXERNETES_HELM"):
        find_helm()


def test_an_executable_that_cannot_start_is_a_remote_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tmp_path / "helm"
    fake.write_text("#!/nowhere/sh\n")
    fake.chmod(0o755)
    monkeypatch.setenv("NIXERNETES_HELM", str(fake))
    with pytest.raises(RemoteError, match="cannot be started"):
        HelmRenderer().template(_chart(), ChartOptions(release="a", namespace="b"))
