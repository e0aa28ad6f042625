"""ApplicationSets in the walk over deliveries: expanded offline, and what they generate is followed."""

from collections.abc import Mapping

import pytest

from nixernetes.errors import RemoteError
from nixernetes.objects import yamls
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.provenance import Origin
from nixernetes.render.deliveries import Delivery, render_deliveries
from nixernetes.render.delivery_builds import Builder
from nixernetes.render.given_values import GivenValues
from nixernetes.render.rendered import Rendered
from nixernetes.render.sources.charts import Chart, ChartOptions
from nixernetes.render.sources.credentials import ANONYMOUS, Credentials
from nixernetes.render.sources.git import Ref, Snapshot
from nixernetes.render.tools import Tools
from nixernetes.render.tree import MemoryTree
from nixernetes.testing import MemoryRegistries

URL = "https://git.example/platform"
LOCAL = "https://kubernetes.default.svc"


class OneRepository:
    def __init__(self, files: Mapping[str, str]) -> None:
        self._tree = MemoryTree(dict(files))

    def resolve(self, url: str, ref: Ref) -> tuple[str, str]:
        found = self.snapshot(url, ref)
        return found.commit, found.reference

    def snapshot(self, url: str, ref: Ref) -> Snapshot:
        del ref
        if url != URL:
            raise RemoteError(f"no local copy of {url}")
        return Snapshot(commit="1" * 40, tree=self._tree)


class NoCharts:
    def template(self, chart: Chart, options: ChartOptions) -> list[Rendered]:
        raise RemoteError(f"{chart.name} {options.release}: no charts here")

    def index(self, url: str, credentials: Credentials = ANONYMOUS) -> str:
        raise RemoteError(f"{url}: {credentials}")

    def pull(self, url: str, name: str, version: str, credentials: Credentials = ANONYMOUS) -> Chart:
        raise RemoteError(f"{url} {name} {version} {credentials}")


def _application(name: str, path: str) -> Manifest:
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {"name": name, "namespace": "argocd"},
        "spec": {
            "project": "default",
            "source": {"repoURL": URL, "path": path, "targetRevision": "HEAD"},
            "destination": {"server": LOCAL, "namespace": "argocd"},
        },
    }


def _set(*generators: Json, name: str = "{{name}}", path: str = "apps", server: str = LOCAL, **spec: Json) -> Manifest:
    template = _application(name, path)
    template["metadata"].pop("namespace")
    template["spec"]["destination"]["server"] = server
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "ApplicationSet",
        "metadata": {"name": "all", "namespace": "argocd"},
        "spec": {
            "generators": list(generators),
            "template": {key: template[key] for key in ("metadata", "spec")},
            **spec,
        },
    }


def _secret(name: str, **labels: str) -> Manifest:
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": name,
            "namespace": "argocd",
            "labels": {"argocd.argoproj.io/secret-type": "cluster", **labels},
        },
        "stringData": {"name": name, "server": f"https://{name}.example"},
    }


def _encrypted(name: str, **labels: str) -> Manifest:
    secret = _secret(name, **labels)
    return {**secret, "stringData": dict.fromkeys(secret["stringData"], "ENC[AES256_GCM,data:xx]"), "sops": {}}


def _config_map(name: str) -> Manifest:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "web"}}


def _render(
    files: Mapping[str, list[Manifest]],
    *roots: Manifest,
    given: list[Manifest] | None = None,
    origins: Mapping[ObjectKey, Origin] | None = None,
    wanted: list[str] | None = None,
) -> dict[str, Delivery]:
    charts = NoCharts()
    tools = Tools(
        source=OneRepository({path: yamls.dump_all(items) for path, items in files.items()}),
        repositories=charts,
        registries=MemoryRegistries(),
        charts=charts,
        given=GivenValues(given or []),
    )
    found = render_deliveries(roots, Builder(tools), wanted=wanted, origins=origins)
    return {str(each.key): each for each in found}


def _generated(found: Mapping[str, Delivery]) -> list[str]:
    return [item.manifest["metadata"]["name"] for item in found["ApplicationSet/argocd/all"].manifests]


def _git(**rules: Json) -> Json:
    return {"git": {"repoURL": URL, "revision": "HEAD", **rules}}


def test_what_is_generated_is_rendered_and_says_where_it_came_from() -> None:
    generator = _git(directories=[{"path": "apps/*"}])
    files = {
        "root/set.yaml": [_set(generator, name="{{path.basename}}", path="{{path}}")],
        "apps/web/config.yaml": [_config_map("web")],
    }
    found = _render(files, _application("root", "root"))
    assert list(found) == ["Application/argocd/root", "ApplicationSet/argocd/all", "Application/argocd/web"]
    (application,) = found["ApplicationSet/argocd/all"].manifests
    assert str(application.origin) == "root/set.yaml:1"
    assert tuple(map(str, application.origin.chain[-2:])) == ("ApplicationSet/argocd/all", "Application/argocd/root")
    (config,) = found["Application/argocd/web"].manifests
    assert key_of(config.manifest).name == "web"
    assert tuple(map(str, config.origin.chain[-3:])) == (
        "Application/argocd/web",
        "ApplicationSet/argocd/all",
        "Application/argocd/root",
    )


def test_a_root_says_where_it_is_declared_when_that_is_known() -> None:
    root = _set({"list": {"elements": [{"name": "one"}]}})
    found = _render({}, root, origins={key_of(root): Origin(file="set.yaml", line=3)})
    assert str(found["ApplicationSet/argocd/all"].manifests[0].origin) == "set.yaml:3"


def test_clusters_are_the_local_one_and_those_of_secrets() -> None:
    found = _render({}, _set({"clusters": {}}, server="{{server}}"), _secret("east"), _secret("west"))
    assert _generated(found) == ["east", "in-cluster", "west"]
    chosen = {"clusters": {"selector": {"matchLabels": {"tier": "prod"}}}}
    assert _generated(_render({}, _set(chosen), _secret("east", tier="prod"), _secret("west"))) == ["east"]


def test_a_secret_that_a_generated_application_brings_is_seen() -> None:
    files = {"secrets/east.yaml": [_secret("east")], "apps/config.yaml": [_config_map("web")]}
    found = _render(files, _set({"clusters": {}}), _application("secrets", "secrets"))
    assert _generated(found) == ["east", "in-cluster"]
    assert "Application/argocd/east" in found


def test_a_secret_without_a_namespace_goes_where_its_application_goes() -> None:
    secret = _secret("east")
    secret["metadata"].pop("namespace")
    found = _render({"secrets/east.yaml": [secret]}, _set({"clusters": {}}), _application("secrets", "secrets"))
    assert _generated(found) == ["east", "in-cluster"]


def test_secrets_of_the_user_win_over_declared_ones() -> None:
    found = _render({}, _set({"clusters": {}}), _encrypted("east"), given=[_secret("east")])
    assert _generated(found) == ["east", "in-cluster"]


@pytest.mark.parametrize("go", [False, True])
def test_labels_of_an_encrypted_secret_are_known_and_its_name_is_refused(*, go: bool) -> None:
    chosen = {"clusters": {"selector": {"matchLabels": {"tier": "prod"}}}}
    label = "{{.metadata.labels.tier}}" if go else "{{metadata.labels.tier}}"
    secrets = (_encrypted("east", tier="prod"), _encrypted("west"))
    assert _generated(_render({}, _set(chosen, name=label, goTemplate=go), *secrets)) == ["prod"]
    found = _render({}, _set(chosen, name="{{.name}}" if go else "{{name}}", goTemplate=go), *secrets)
    assert found["ApplicationSet/argocd/all"].problem == (
        "the name of Secret/argocd/east is encrypted with SOPS: give the Secret with --values FILE"
    )


@pytest.mark.parametrize(
    "template",
    [
        "{{ if .name }}x{{ end }}",
        '{{ eq .name "x" }}',
        "{{ .nameNormalized | lower }}",
        "{{ toYaml . }}",
        "{{ toJson . }}",
    ],
)
def test_whatever_reads_an_unknown_value_is_refused(template: str) -> None:
    chosen = {"clusters": {"selector": {"matchLabels": {"tier": "prod"}}}}
    found = _render({}, _set(chosen, name=template, goTemplate=True), _encrypted("east", tier="prod"))
    assert found["ApplicationSet/argocd/all"].problem
    assert _generated(found) == []


@pytest.mark.parametrize(
    ("generator", "message"),
    [
        ({"pullRequest": {}}, "generator pullRequest needs a service outside"),
        ({"list": {"elements": [{"name": "x"}, {"name": "x"}]}}, "applications with duplicate name: x"),
        ({"git": {"repoURL": "https://other.example", "directories": [{"path": "*"}]}}, "no local copy"),
        ({"list": "x"}, "spec.generators[0].list: must be an object"),
    ],
)
def test_an_application_set_that_fails_leaves_the_rest_alone(generator: Json, message: str) -> None:
    found = _render({"apps/config.yaml": [_config_map("web")]}, _set(generator), _application("web", "apps"))
    assert message in found["ApplicationSet/argocd/all"].problem
    assert found["Application/argocd/web"].problem == ""


def test_one_generated_application_can_be_asked_for() -> None:
    files = {"apps/config.yaml": [_config_map("web")]}
    rows = {"list": {"elements": [{"name": "one"}, {"name": "two"}]}}
    assert list(_render(files, _set(rows), wanted=["Application/argocd/two"])) == ["Application/argocd/two"]


def test_a_generated_application_has_no_reference_to_an_owner_that_is_not_there_yet() -> None:
    (item,) = _render({}, _set({"list": {"elements": [{"name": "one"}]}}))["ApplicationSet/argocd/all"].manifests
    assert item.manifest["metadata"] == {
        "name": "one",
        "namespace": "argocd",
        "finalizers": ["resources-finalizer.argocd.argoproj.io"],
    }
