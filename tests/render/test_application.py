"""A source of an Argo CD Application gives what its repo server would generate."""

import pytest

from nixernetes.errors import InputError, NixernetesError
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.provenance import Origin
from nixernetes.render.argocd.build_environment import expand
from nixernetes.render.argocd.kustomize_flags import KustomizeFlags
from nixernetes.render.argocd.source import SourceFiles, SourceRendered, render_source
from nixernetes.render.rendered import Rendered
from nixernetes.render.sources.charts import Chart, ChartOptions, ChartRepositories
from nixernetes.render.sources.credentials import ANONYMOUS, Credentials
from nixernetes.render.tools import Tools
from nixernetes.render.tree import MemoryTree
from nixernetes.testing import MemoryCharts, MemoryRegistries, MemorySource

APP: Manifest = {
    "metadata": {"name": "shop", "namespace": "argocd"},
    "spec": {"project": "team", "destination": {"namespace": "prod"}},
}


class _Renderer:
    def __init__(self) -> None:
        self.options = ChartOptions(release="", namespace="")
        self.chart = Chart(name="", version="", tree=MemoryTree({}))

    def template(self, chart: Chart, options: ChartOptions) -> list[Rendered]:
        self.chart, self.options = chart, options
        return [Rendered(manifest={"kind": "ConfigMap"}, origin=Origin(file="templates/a.yaml"))]


def _tools(renderer: _Renderer, repositories: ChartRepositories | None = None) -> Tools:
    return Tools(
        source=MemorySource(),
        repositories=repositories or MemoryCharts(),
        registries=MemoryRegistries(),
        charts=renderer,
    )


def _render(
    files: dict[str, str],
    source: Json,
    *,
    renderer: _Renderer | None = None,
    refs: dict[str, MemoryTree] | None = None,
    app: Manifest = APP,
) -> SourceRendered:
    return render_source(
        app,
        source,
        SourceFiles(tree=MemoryTree(files), revision="0123456789abcdef"),
        refs or {},
        _tools(renderer or _Renderer()),
        KustomizeFlags(),
    )


def _names(found: SourceRendered) -> list[str]:
    return [item.manifest["metadata"]["name"] for item in found.manifests]


def _map(name: str) -> str:
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n"


DIRECTORY = {
    "a/one.yaml": _map("one") + "---\n---\n" + _map("two"),
    "a/three.json": '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "three"}}',
    "a/deep/four.yml": _map("four"),
    "a/skipped.yaml": "# +argocd:skip-file-rendering\n" + _map("skipped"),
    "a/values.yaml": "just: values\n",
    "a/README.md": "x",
}


def test_a_folder_is_a_directory_and_not_recursive() -> None:
    found = _render(DIRECTORY, {"path": "a"})
    assert (found.tool, _names(found)) == ("Directory", ["one", "two", "three"])
    assert str(found.manifests[1].origin) == "a/one.yaml:7"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"recurse": True}, ["four", "one", "two", "three"]),
        ({"recurse": True, "include": "*.yml"}, ["four"]),
        ({"recurse": True, "exclude": "{deep/*,*.json}"}, ["one", "two"]),
        ({"recurse": True, "include": "{one,three}.*", "exclude": "three*"}, ["one", "two"]),
    ],
)
def test_a_directory_is_narrowed_by_globs(options: Json, expected: list[str]) -> None:
    assert _names(_render(DIRECTORY, {"path": "a", "directory": options})) == expected


def test_lists_are_expanded() -> None:
    text = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: in}}\n"
    assert _names(_render({"a/l.yaml": text}, {"path": "a"})) == ["in"]


@pytest.mark.parametrize(
    ("text", "message"),
    [('{"name": "web", "version": "1"}', "'Kind' is missing"), ("", "a single object"), ("{", "Failed to unmarshal")],
)
def test_a_json_file_must_be_an_object(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        _render({"a/package.json": text}, {"path": "a"})


def test_what_has_items_is_these_whatever_its_kind_is_called() -> None:
    bag = "apiVersion: v1\nkind: Bag\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: inner}}\n"
    empty = "apiVersion: v1\nkind: ConfigMapList\nitems:\n"
    assert _names(_render({"a/x.yaml": f"{bag}---\n{empty}"}, {"path": "a"})) == ["inner"]


def test_lists_that_a_chart_gives_are_expanded_too() -> None:
    class _Lists(_Renderer):
        def template(self, chart: Chart, options: ChartOptions) -> list[Rendered]:
            super().template(chart, options)
            inner = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "inner"}}
            listed = {"apiVersion": "v1", "kind": "List", "items": [inner]}
            return [Rendered(manifest=listed, origin=Origin(file="templates/a.yaml"))]

    assert _names(_render(CHART, {"path": "charts/web"}, renderer=_Lists())) == ["inner"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (_map("a") + "bad: [\n", 'a/x.yaml:.*Failed to unmarshal "a/x.yaml"'),
        (_map("a") + "---\njust: values\n", "Object 'Kind' is missing"),
    ],
)
def test_a_broken_manifest_is_named(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        _render({"a/x.yaml": text}, {"path": "a"})


def test_jsonnet_and_plugins_are_refused_by_name() -> None:
    with pytest.raises(InputError, match="Jsonnet is not evaluated here"):
        _render({"a/x.jsonnet": "{}"}, {"path": "a"})
    with pytest.raises(InputError, match="plugins are not run"):
        _render({"a/x.yaml": ""}, {"path": "a", "plugin": {"name": "p"}})


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ({"path": "/a"}, "app path is absolute"),
        ({"path": "../a"}, "app path outside root"),
        ({"path": "none"}, "none: app path does not exist"),
        ({"path": "a/one.yaml"}, "app path is not a directory"),
        (
            {"path": "a", "kustomize": {"namespace": "x"}, "helm": {"skipCrds": True}},
            "multiple application sources defined: Kustomize,Helm",
        ),
        ({"path": "a", "kustomize": {"namePrefix": "x-"}}, "unable to find one of 'kustomization.yaml'"),
        ({"path": "a", "helm": {"releaseName": "x"}}, "Chart.yaml file is missing"),
    ],
)
def test_a_source_that_cannot_be_generated_says_why(source: Json, message: str) -> None:
    with pytest.raises(InputError, match=message):
        _render(DIRECTORY, source)


OVERLAY = {
    "o/kustomization.yaml": "resources: [d.yaml]\nimages: [{name: nginx, newTag: '1'}]\ncommonLabels: {app: x}\n",
    "o/d.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {a: b}}
  template:
    metadata: {labels: {a: b}}
    spec: {containers: [{name: c, image: nginx}, {name: d, image: 'r.io:5000/side:1'}]}
""",
    "c/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnameSuffix: -c\n",
}


def test_an_overlay_is_rendered_with_all_overrides() -> None:
    options = {
        "namePrefix": "p-",
        "namespace": "elsewhere",
        "images": ["nginx=registry/nginx:2", "r.io:5000/side@sha256:abc"],
        "replicas": [{"name": "web", "count": "3"}],
        "commonLabels": {"team": "a"},
        "labelWithoutSelector": True,
        "commonAnnotations": {"rev": "${ARGOCD_APP_REVISION_SHORT}", "cost": "$$5"},
        "commonAnnotationsEnvsubst": True,
        "patches": [{"patch": "- {op: add, path: /spec/paused, value: true}", "target": {"kind": "Deployment"}}],
        "components": ["../c", "../none"],
        "ignoreMissingComponents": True,
    }
    found = _render(OVERLAY, {"path": "o", "kustomize": options})
    assert found.tool == "Kustomize"
    manifest = found.manifests[0].manifest
    assert manifest["metadata"]["name"] == "p-web-c"
    assert manifest["metadata"]["namespace"] == "elsewhere"
    assert manifest["metadata"]["labels"]["team"] == "a"
    assert manifest["metadata"]["annotations"] == {"rev": "0123456", "cost": "$5"}
    assert "team" not in manifest["spec"]["selector"]["matchLabels"]
    assert (manifest["spec"]["replicas"], manifest["spec"]["paused"]) == (3, True)
    images = [container["image"] for container in manifest["spec"]["template"]["spec"]["containers"]]
    assert images == ["registry/nginx:2", "r.io:5000/side@sha256:abc"]


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("nginx=other:*", "other:1"),
        ("nginx=*:2", "nginx:2"),
        ("nginx:2@sha256:abc", "nginx:2@sha256:abc"),
        ("nginx=r.io:5000/nginx", "r.io:5000/nginx"),
        ("nginx=r.io:5000/nginx:2@sha256:abc", "r.io:5000/nginx:2@sha256:abc"),
        ("nginx:${ARGOCD_APP_REVISION_SHORT}", "nginx:0123456"),
    ],
)
def test_images_are_set_as_kustomize_edit_does(image: str, expected: str) -> None:
    manifest = _render(OVERLAY, {"path": "o", "kustomize": {"images": [image]}}).manifests[0].manifest
    assert manifest["spec"]["template"]["spec"]["containers"][0]["image"] == expected


def test_a_label_that_is_there_already_needs_force() -> None:
    with pytest.raises(InputError, match="label app already in kustomization file"):
        _render(OVERLAY, {"path": "o", "kustomize": {"commonLabels": {"app": "y"}}})
    found = _render(OVERLAY, {"path": "o", "kustomize": {"commonLabels": {"app": "y"}, "forceCommonLabels": True}})
    assert found.manifests[0].manifest["spec"]["selector"]["matchLabels"]["app"] == "y"


def test_labels_hold_build_variables_and_reach_templates_when_asked() -> None:
    options = {
        "commonLabels": {"rev": "${ARGOCD_APP_REVISION_SHORT_8}"},
        "labelWithoutSelector": True,
        "labelIncludeTemplates": True,
        "commonAnnotations": {"kept": "$ARGOCD_APP_NAME"},
    }
    manifest = _render(OVERLAY, {"path": "o", "kustomize": options}).manifests[0].manifest
    assert manifest["metadata"]["labels"]["rev"] == "01234567"
    assert manifest["spec"]["template"]["metadata"]["labels"]["rev"] == "01234567"
    assert "rev" not in manifest["spec"]["selector"]["matchLabels"]
    assert manifest["metadata"]["annotations"] == {"kept": "$ARGOCD_APP_NAME"}


def test_a_component_that_is_in_the_file_already_is_not_added_again() -> None:
    files = {**OVERLAY, "o/kustomization.yaml": "resources: [d.yaml]\ncomponents: [../c]\n"}
    manifest = _render(files, {"path": "o", "kustomize": {"components": ["../c"]}}).manifests[0].manifest
    assert manifest["metadata"]["name"] == "web-c"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"version": "v4"}, "kustomize.version"),
        ({"images": ["=x"]}, "'=x' is not <image>=<new image>"),
        ({"images": ["nginx"]}, "'nginx' is not <image>=<new image>"),
        ({"images": ["r.io:5000/nginx"]}, "is not <image>=<new image>"),
        ({"commonLabels": {"a": "b"}, "labelIncludeTemplates": True}, "set kustomize.labelWithoutSelector"),
        ({"replicas": [{"name": "web", "count": "many"}]}, "must be a number"),
    ],
)
def test_an_override_that_means_nothing_is_refused(options: Json, message: str) -> None:
    with pytest.raises(InputError, match=message):
        _render(OVERLAY, {"path": "o", "kustomize": options})


CHART = {
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "charts/web/values-prod.yaml": "a: prod\n",
    "charts/web/env/b.yaml": "b: 1\n",
    "charts/web/env/a.yaml": "a: 1\n",
    "shared/values.yaml": "s: 1\n",
    "shared/motd": "hello",
}


def test_a_chart_is_rendered_with_all_options() -> None:
    renderer = _Renderer()
    options = {
        "valueFiles": [
            "values-$ARGOCD_APP_NAMESPACE.yaml",
            "env/*.yaml",
            "/shared/values.yaml",
            "$other/x/v.yaml",
            "none.yaml",
        ],
        "ignoreMissingValueFiles": True,
        "values": "v: low",
        "valuesObject": {"v": "high"},
        "parameters": [
            {"name": "name", "value": "$ARGOCD_APP_NAME,x"},
            {"name": "list", "value": "{a,b}"},
            {"name": "text", "value": "1", "forceString": True},
        ],
        "fileParameters": [{"name": "motd", "path": "/shared/motd"}],
        "releaseName": "rel",
        "skipCrds": True,
        "skipTests": True,
        "kubeVersion": "1.30",
        "apiVersions": ["x/v1"],
    }
    source = {"path": "charts/web", "helm": options}
    found = _render(CHART, source, renderer=renderer, refs={"other": MemoryTree({"x/v.yaml": "o: 1\n"})})
    assert found.tool == "Helm"
    assert found.manifests[0].origin.file == "charts/web/templates/a.yaml"
    assert renderer.chart.name == "web"
    assert renderer.options == ChartOptions(
        release="rel",
        namespace="prod",
        values={"v": "high"},
        include_crds=False,
        skip_tests=True,
        kube_version="1.30",
        api_versions=("x/v1",),
        value_files=(
            ("charts/web/values-prod.yaml", "a: prod\n"),
            ("charts/web/env/a.yaml", "a: 1\n"),
            ("charts/web/env/b.yaml", "b: 1\n"),
            ("shared/values.yaml", "s: 1\n"),
            ("x/v.yaml", "o: 1\n"),
        ),
        set_values=("name=shop\\,x", "list={a,b}"),
        set_strings=("text=1",),
        set_files=(("motd", "hello"),),
    )


class _Repositories:
    def index(self, url: str, credentials: Credentials = ANONYMOUS) -> str:
        raise AssertionError((url, credentials))

    def pull(self, url: str, name: str, version: str, credentials: Credentials = ANONYMOUS) -> Chart:
        assert (url, credentials) == ("https://charts.example", ANONYMOUS)
        return Chart(name=name, version=version, tree=MemoryTree({"Chart.yaml": f"name: {name}\nversion: {version}\n"}))


def test_dependencies_that_are_not_vendored_are_brought_in() -> None:
    files = {
        "web/Chart.yaml": "name: web\nversion: 1.0.0\ndependencies:\n"
        "- {name: far, version: 2.0.0, repository: https://charts.example}\n"
        "- {name: near, version: 1.0.0, repository: file://../near}\n"
        "- {name: here, version: 1.0.0, repository: https://nowhere.example}\n",
        "web/charts/here/Chart.yaml": "name: here\nversion: 1.0.0\n",
        "near/Chart.yaml": "name: near\nversion: 1.0.0\n",
    }
    renderer = _with_dependencies(files)
    assert list(renderer.chart.tree.entries("charts")) == ["far", "here", "near"]


def test_a_lock_file_says_which_version_of_a_dependency_is_brought_in() -> None:
    dependency = "dependencies:\n- {name: far, version: %s, repository: https://charts.example}\n"
    files = {
        "web/Chart.yaml": "name: web\nversion: 1.0.0\n" + dependency % "2.x",
        "web/Chart.lock": dependency % "2.3.4",
    }
    renderer = _with_dependencies(files)
    assert b"2.3.4" in renderer.chart.tree.read("charts/far/Chart.yaml")


@pytest.mark.parametrize("text", ["- 1", "dependencies: [far]", "{", "dependencies: [{name: ../far}]"])
def test_a_lock_file_that_is_none_is_named(text: str) -> None:
    with pytest.raises(NixernetesError, match=r"Chart\.lock"):
        _with_dependencies({"web/Chart.yaml": "name: web\nversion: 1.0.0\n", "web/Chart.lock": text})


def _with_dependencies(files: dict[str, str]) -> _Renderer:
    renderer = _Renderer()
    files_of = SourceFiles(tree=MemoryTree(files), revision="1")
    render_source(APP, {"path": "web"}, files_of, {}, _tools(renderer, _Repositories()), KustomizeFlags())
    return renderer


def test_a_pulled_chart_is_its_own_root() -> None:
    renderer = _Renderer()
    files = {"Chart.yaml": "name: web\nversion: 1.0.0\n"}
    found = _render(files, {"chart": "web", "targetRevision": "1.x", "helm": {"values": "a: 1"}}, renderer=renderer)
    assert found.manifests[0].origin.file == "templates/a.yaml"
    assert (renderer.options.release, renderer.options.values) == ("shop", {"a": 1})


def test_an_empty_values_object_wins_over_values_too() -> None:
    renderer = _Renderer()
    _render(CHART, {"path": "charts/web", "helm": {"values": "a: 1", "valuesObject": {}}}, renderer=renderer)
    assert renderer.options.values == {}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"valueFiles": ["none.yaml"]}, "open charts/web/none.yaml: no such file"),
        ({"valueFiles": ["../../../etc/passwd"]}, "leads out"),
        ({"valueFiles": ["$nobody/x.yaml"]}, "no source has a 'ref' field set to 'nobody'"),
        ({"valueFiles": ["https://x.example/values.yaml"]}, "not fetched from URLs"),
        ({"values": "- 1"}, "must be a mapping"),
        ({"version": "v2"}, "only v3"),
    ],
)
def test_a_chart_option_that_is_wrong_says_so(options: Json, message: str) -> None:
    with pytest.raises(InputError, match=message):
        _render(CHART, {"path": "charts/web", "helm": options})


@pytest.mark.parametrize(
    ("source", "tool"),
    [
        ({"directory": {"recurse": False, "jsonnet": {}}}, "Kustomize"),
        ({"helm": {"parameters": [], "values": ""}}, "Kustomize"),
        ({"kustomize": {"forceCommonLabels": True}, "directory": {}}, "Kustomize"),
        ({"directory": {"exclude": "x"}}, "Directory"),
    ],
)
def test_a_block_that_says_nothing_leaves_the_tool_to_what_the_folder_shows(source: Json, tool: str) -> None:
    assert _render(OVERLAY, {"path": "o", **source}).tool == tool


def test_an_empty_block_of_one_of_several_sources_names_its_tool() -> None:
    source = {"path": "o", "directory": {"recurse": False}}
    app = {**APP, "spec": {**APP["spec"], "sources": [source]}}
    assert _render(OVERLAY, source, app=app).tool == "Directory"


def test_an_application_outside_of_argo_cds_namespace_has_a_qualified_name_and_a_plain_release() -> None:
    override = "helm: {parameters: [{name: a, value: $ARGOCD_APP_NAME}]}"
    files = {**CHART, "charts/web/.argocd-source-team_shop.yaml": override}
    app = {**APP, "metadata": {"name": "shop", "namespace": "team"}}
    renderer = _Renderer()
    _render(files, {"path": "charts/web"}, renderer=renderer, app=app)
    assert (renderer.options.release, renderer.options.set_values) == ("shop", ("a=team_shop",))


def test_override_files_do_not_move_a_source() -> None:
    files = {
        **OVERLAY,
        "o/.argocd-source.yaml": "{path: b, chart: x, kustomize: {commonLabels: {at: $ARGOCD_APP_SOURCE_PATH}}}\n",
    }
    found = _render(files, {"path": "o"})
    assert (found.tool, found.manifests[0].manifest["metadata"]["labels"]["at"]) == ("Kustomize", "o")


def test_override_files_are_merged_into_the_source() -> None:
    files = {
        **OVERLAY,
        "o/.argocd-source.yaml": "kustomize: {namePrefix: all-, images: ['nginx:3']}\n",
        "o/.argocd-source-shop.yaml": "kustomize: {namePrefix: mine-}\n",
        "o/.argocd-source-other.yaml": "kustomize: {namePrefix: other-}\n",
    }
    manifest = _render(files, {"path": "o"}).manifests[0].manifest
    assert manifest["metadata"]["name"] == "mine-web"
    assert manifest["spec"]["template"]["spec"]["containers"][0]["image"] == "nginx:3"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$A-${A}-$$A-${none}-$none.x", "v-v-$A--.x"),
        ("plain", "plain"),
        ("$", "$"),
        ("$10 ${$}A $/", "0 $A $/"),
        ("a${b", "ab"),
        ("a${}b", "ab"),
    ],
)
def test_the_build_environment_is_expanded_as_go_does(text: str, expected: str) -> None:
    assert expand(text, {"A": "v"}) == expected
