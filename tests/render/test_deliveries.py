"""Every delivery of a platform, to a fixed point, without a cluster and without a network."""

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
from nixernetes.render.kustomize import build
from nixernetes.render.rendered import Rendered
from nixernetes.render.sources.charts import Chart, ChartOptions
from nixernetes.render.sources.credentials import ANONYMOUS, Credentials
from nixernetes.render.sources.git import Ref, Snapshot
from nixernetes.render.tools import Tools
from nixernetes.render.tree import MemoryTree
from nixernetes.testing import MemoryRegistries

URL = "https://git.example/platform"


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


class Charts:
    """Renders a chart as one ConfigMap with its values."""

    def __init__(self) -> None:
        self.rendered: list[str] = []
        self.asked: list[tuple[str, Credentials]] = []

    def template(self, chart: Chart, options: ChartOptions) -> list[Rendered]:
        self.rendered.append(options.release)
        data = {key: str(value) for key, value in options.values.items()}
        manifest: Manifest = {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": options.release},
            "data": data,
        }
        return [Rendered(manifest=manifest, origin=Origin(file=f"{chart.name}/templates/x.yaml"))]

    def index(self, url: str, credentials: Credentials = ANONYMOUS) -> str:
        self.asked.append((url, credentials))
        raise RemoteError(f"{url} cannot be reached")

    def pull(self, url: str, name: str, version: str, credentials: Credentials = ANONYMOUS) -> Chart:
        self.asked.append((f"{url}/{name}", credentials))
        raise RemoteError(f"{name} {version}: {url} cannot be reached")


def _git() -> Manifest:
    return {
        "apiVersion": "source.toolkit.fluxcd.io/v1",
        "kind": "GitRepository",
        "metadata": {"name": "platform", "namespace": "flux-system"},
        "spec": {"url": URL, "ref": {"branch": "main"}},
    }


def _kustomization(name: str, path: str, **spec: Json) -> Manifest:
    return {
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "kind": "Kustomization",
        "metadata": {"name": name, "namespace": "flux-system"},
        "spec": {"path": path, "sourceRef": {"kind": "GitRepository", "name": "platform"}, **spec},
    }


def _config_map(name: str, **data: str) -> Manifest:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, "namespace": "flux-system"},
        "data": data,
    }


def _release(name: str, **spec: Json) -> Manifest:
    return {
        "apiVersion": "helm.toolkit.fluxcd.io/v2",
        "kind": "HelmRelease",
        "metadata": {"name": name, "namespace": "flux-system"},
        "spec": spec,
    }


def _render(
    files: Mapping[str, list[Manifest]],
    *roots: Manifest,
    wanted: list[str] | None = None,
    given: list[Manifest] | None = None,
    charts: Charts | None = None,
) -> dict[str, Delivery]:
    charts = charts or Charts()
    tools = Tools(
        source=OneRepository({path: yamls.dump_all(items) for path, items in files.items()}),
        repositories=charts,
        registries=MemoryRegistries(),
        charts=charts,
        given=GivenValues(given or []),
    )
    found = render_deliveries([_git(), *roots], Builder(tools), wanted=wanted)
    return {str(each.key): each for each in found}


def _names(delivery: Delivery) -> list[str]:
    return [str(key_of(item.manifest)) for item in delivery.manifests]


def test_a_kustomization_that_creates_kustomizations_is_followed_down() -> None:
    found = _render(
        {
            "clusters/apps.yaml": [_kustomization("apps", "apps")],
            "apps/web.yaml": [_kustomization("web", "web")],
            "web/config.yaml": [_config_map("web")],
        },
        _kustomization("root", "clusters"),
    )
    assert list(found) == [f"Kustomization/flux-system/{name}" for name in ("root", "apps", "web")]
    web = found["Kustomization/flux-system/web"]
    assert _names(web) == ["ConfigMap/flux-system/web"]
    assert [str(each) for each in web.parents] == ["Kustomization/flux-system/apps", "Kustomization/flux-system/root"]
    origin = web.manifests[0].origin
    assert str(origin) == "web/config.yaml:1"
    steps = origin.chain[-3:]
    assert [step.name for step in steps] == [f"Kustomization/flux-system/{name}" for name in ("web", "apps", "root")]


def test_a_child_is_rendered_as_its_parent_patches_it() -> None:
    patch = '[{"op": "add", "path": "/spec/namePrefix", "value": "patched-"}]'
    found = _render(
        {"clusters/apps.yaml": [_kustomization("apps", "apps")], "apps/config.yaml": [_config_map("web")]},
        _kustomization("root", "clusters", patches=[{"patch": patch, "target": {"kind": "Kustomization"}}]),
    )
    assert _names(found["Kustomization/flux-system/apps"]) == ["ConfigMap/flux-system/patched-web"]


def test_variables_come_from_config_maps_that_a_later_delivery_creates() -> None:
    substitution = {"substituteFrom": [{"kind": "ConfigMap", "name": "settings"}]}
    found = _render(
        {
            "apps/config.yaml": [_config_map("web", region="${region}")],
            "settings/settings.yaml": [_config_map("settings", region="eu")],
        },
        _kustomization("apps", "apps", postBuild=substitution),
        _kustomization("settings", "settings"),
    )
    assert found["Kustomization/flux-system/apps"].problem == ""
    assert found["Kustomization/flux-system/apps"].manifests[0].manifest["data"] == {"region": "eu"}


def test_variables_that_the_user_gives_win() -> None:
    substitution = {"substituteFrom": [{"kind": "ConfigMap", "name": "settings"}]}
    found = _render(
        {"apps/config.yaml": [_config_map("web", region="${region}")]},
        _kustomization("apps", "apps", postBuild=substitution),
        _config_map("settings", region="declared"),
        given=[_config_map("settings", region="given")],
    )
    assert found["Kustomization/flux-system/apps"].manifests[0].manifest["data"] == {"region": "given"}


def test_one_delivery_that_cannot_be_rendered_leaves_the_rest_alone() -> None:
    substitution = {"substituteFrom": [{"kind": "Secret", "name": "nowhere"}]}
    found = _render(
        {"apps/config.yaml": [_config_map("web", region="${region}")]},
        _kustomization("broken", "apps", postBuild=substitution),
        _kustomization("lost", "nowhere"),
        _kustomization("apps", "apps"),
    )
    problem = found["Kustomization/flux-system/broken"].problem
    assert problem.endswith('secrets "nowhere" not found: give Secret/flux-system/nowhere with --values FILE')
    assert "path not found" in found["Kustomization/flux-system/lost"].problem
    assert found["Kustomization/flux-system/broken"].manifests == ()
    assert _names(found["Kustomization/flux-system/apps"]) == ["ConfigMap/flux-system/web"]


def test_what_an_encrypted_secret_substitutes_is_a_placeholder_and_a_note() -> None:
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "settings", "namespace": "flux-system"},
        "data": {"region": "ENC[AES256_GCM,data:xxxx]"},
        "sops": {"version": "3"},
    }
    substitution = {"substituteFrom": [{"kind": "Secret", "name": "settings"}]}
    found = _render(
        {"apps/config.yaml": [_config_map("web", region="${region}")]},
        _kustomization("apps", "apps", postBuild=substitution),
        secret,
    )
    apps = found["Kustomization/flux-system/apps"]
    assert apps.manifests[0].manifest["data"] == {"region": "sops-placeholder"}
    assert [str(note) for note in apps.notes] == [
        "Secret/flux-system/settings: it holds placeholders for what SOPS encrypted"
    ]


def test_a_release_takes_its_chart_from_git_and_its_values_from_what_is_declared() -> None:
    chart = {"spec": {"chart": "charts/web", "sourceRef": {"kind": "GitRepository", "name": "platform"}}}
    about: Manifest = {"apiVersion": "v2", "name": "web", "version": "1.0.0"}
    found = _render(
        {"charts/web/Chart.yaml": [about]},
        _release("web", chart=chart, valuesFrom=[{"kind": "ConfigMap", "name": "values"}]),
        _config_map("values", **{"values.yaml": "replicas: 2"}),
    )
    assert found["HelmRelease/flux-system/web"].manifests[0].manifest["data"] == {"replicas": "2"}


def test_a_chart_that_cannot_be_reached_is_the_problem_of_its_release() -> None:
    chart = {"spec": {"chart": "web", "sourceRef": {"kind": "HelmRepository", "name": "charts"}}}
    repository: Manifest = {
        "apiVersion": "source.toolkit.fluxcd.io/v1",
        "kind": "HelmRepository",
        "metadata": {"name": "charts", "namespace": "flux-system"},
        "spec": {"url": "https://charts.example"},
    }
    found = _render({}, _release("web", chart=chart), repository, _release("lost", chart=chart | {}))
    assert "cannot be reached" in found["HelmRelease/flux-system/web"].problem


def test_a_source_that_nobody_declares_is_named() -> None:
    found = _render({}, _kustomization("apps", "apps", sourceRef={"kind": "GitRepository", "name": "other"}))
    assert found["Kustomization/flux-system/apps"].problem == (
        "its source GitRepository/flux-system/other is not declared in anything that is rendered"
    )


def test_charts_are_rendered_only_where_they_are_asked_for() -> None:
    chart = {"spec": {"chart": "charts/web", "sourceRef": {"kind": "GitRepository", "name": "platform"}}}
    about: Manifest = {"apiVersion": "v2", "name": "web", "version": "1.0.0"}
    files = {"charts/web/Chart.yaml": [about], "apps/config.yaml": [_config_map("web")]}
    roots = (_kustomization("apps", "apps"), _release("one", chart=chart), _release("two", chart=chart))
    charts = Charts()
    assert list(_render(files, *roots, wanted=["Kustomization/flux-system/apps"], charts=charts))
    assert charts.rendered == []
    _render(files, *roots, wanted=["HelmRelease/flux-system/two"], charts=charts)
    assert charts.rendered == ["two"]


def _application(name: str, path: str, server: str = "https://kubernetes.default.svc") -> Manifest:
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {"name": name, "namespace": "argocd"},
        "spec": {
            "project": "default",
            "source": {"repoURL": URL, "path": path, "targetRevision": "HEAD"},
            "destination": {"server": server, "namespace": "default"},
        },
    }


def test_applications_of_applications_are_followed_in_the_cluster_that_holds_them() -> None:
    files = {
        "apps/web.yaml": [_application("web", "web")],
        "web/config.yaml": [_config_map("web")],
    }
    found = _render(files, _application("root", "apps"))
    assert _names(found["Application/argocd/web"]) == ["ConfigMap/flux-system/web"]
    assert list(_render(files, _application("root", "apps", "https://far.example"))) == ["Application/argocd/root"]


def test_parents_are_complete_when_what_starts_is_delivered_too() -> None:
    """A starting delivery that another one declares passes on who declares it, whatever was reached first."""
    apps = _kustomization("apps", "apps")
    files = {
        "clusters/apps.yaml": [apps],
        "apps/web.yaml": [_kustomization("web", "web")],
        "web/config.yaml": [_config_map("web")],
    }
    found = _render(files, apps, _kustomization("root", "clusters"))
    parents = [str(each) for each in found["Kustomization/flux-system/web"].parents]
    assert parents == ["Kustomization/flux-system/apps", "Kustomization/flux-system/root"]


def test_deliveries_that_create_each_other_come_to_rest() -> None:
    one, two = _kustomization("one", "one"), _kustomization("two", "two")
    found = _render({"one/two.yaml": [two], "two/one.yaml": [one]}, one)
    assert {name.rpartition("/")[2]: [str(each) for each in item.parents] for name, item in found.items()} == {
        "one": [],
        "two": ["Kustomization/flux-system/one"],
    }


def test_a_delivery_that_creates_itself_comes_to_rest() -> None:
    root = _kustomization("root", "clusters")
    found = _render({"clusters/root.yaml": [root]}, root)
    assert list(found) == ["Kustomization/flux-system/root"]
    assert found["Kustomization/flux-system/root"].parents == ()


def test_a_delivery_that_changes_itself_for_ever_is_told() -> None:
    root = _kustomization("root", "clusters", postBuild={"substitute": {"n": "x"}})
    grows = _kustomization("root", "clusters", postBuild={"substitute": {"n": "${n}x"}})
    found = _render({"clusters/root.yaml": [grows]}, root)
    assert "does not come to rest" in found["Kustomization/flux-system/root"].problem


def test_a_broken_spec_is_the_problem_of_its_delivery() -> None:
    broken: Manifest = _kustomization("broken", "apps")
    broken["spec"] = ["no", "mapping"]
    found = _render({}, broken)
    assert found["Kustomization/flux-system/broken"].problem == "spec: must be an object"


@pytest.mark.parametrize("rounds", [1, 2])
def test_equal_input_gives_equal_results(rounds: int) -> None:
    files = {"apps/b.yaml": [_config_map("b")], "apps/a.yaml": [_config_map("a")]}
    found = [_render(files, _kustomization("apps", "apps")) for _ in range(rounds + 1)]
    assert found[0] == found[-1]


def test_a_key_has_the_one_spelling() -> None:
    assert str(ObjectKey("", "ConfigMap", "a", "b")) == "ConfigMap/a/b"


def test_the_chain_of_an_origin_names_what_it_passed_through() -> None:
    repository = {
        "base/kustomization.yaml": "resources: [config.yaml]\n",
        "base/config.yaml": yamls.dump(_config_map("web", a="1")),
        "extra/kustomization.yaml": (
            "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [more.yaml]\nnamePrefix: x-\n"
        ),
        "extra/more.yaml": yamls.dump(_config_map("more")),
        "top/kustomization.yaml": (
            "resources: [../base]\ncomponents: [../extra]\n"
            "patches: [{patch: '- {op: add, path: /data/b, value: c}', target: {name: web}}]\n"
        ),
    }
    found = {
        item.manifest["metadata"]["name"]: (str(item.origin), tuple(map(str, item.origin.chain)))
        for item in build(MemoryTree(repository), "top")
    }
    assert found == {
        "x-web": (
            "base/config.yaml:1",
            (
                "top/kustomization.yaml",
                "component extra/kustomization.yaml",
                "patch top/kustomization.yaml:3#patches[0]",
            ),
        ),
        "x-more": ("extra/more.yaml:1", ("component extra/kustomization.yaml", "top/kustomization.yaml")),
    }


def test_a_kustomization_builds_what_an_artifact_generator_puts_together() -> None:
    copies = [
        {"from": "@repo/apps/base/**", "to": "@artifact/base/"},
        {"from": "@repo/apps/staging/**", "to": "@artifact/staging/"},
    ]
    generator: Manifest = {
        "apiVersion": "source.extensions.fluxcd.io/v1beta1",
        "kind": "ArtifactGenerator",
        "metadata": {"name": "g", "namespace": "flux-system"},
        "spec": {
            "sources": [{"alias": "repo", "kind": "GitRepository", "name": "platform"}],
            "artifacts": [{"name": "apps", "copy": copies}],
        },
    }
    overlay: Manifest = {"resources": ["../base/web.yaml"], "namePrefix": "staging-"}
    found = _render(
        {
            "clusters/g.yaml": [generator],
            "apps/base/web.yaml": [_config_map("web")],
            "apps/staging/kustomization.yaml": [overlay],
        },
        _kustomization("root", "clusters"),
        _kustomization("apps", "staging", sourceRef={"kind": "ExternalArtifact", "name": "apps"}),
    )
    apps = found["Kustomization/flux-system/apps"]
    assert apps.problem == ""
    assert _names(apps) == ["ConfigMap/flux-system/staging-web"]
    assert apps.manifests[0].origin.file == "apps/base/web.yaml"
    assert apps.manifests[0].origin.chain[0].file == "apps/staging/kustomization.yaml"


def test_a_resource_set_is_a_delivery_whose_objects_lead_on() -> None:
    resource_set: Manifest = {
        "apiVersion": "fluxcd.controlplane.io/v1",
        "kind": "ResourceSet",
        "metadata": {"name": "apps", "namespace": "flux-system"},
        "spec": {"inputs": [{"name": "web"}], "resources": [_kustomization("<< inputs.name >>", "<< inputs.name >>")]},
    }
    found = _render(
        {"clusters/apps.yaml": [resource_set], "web/config.yaml": [_config_map("web")]},
        _kustomization("root", "clusters"),
    )
    assert [str(each) for each in found["Kustomization/flux-system/web"].parents] == [
        "ResourceSet/flux-system/apps",
        "Kustomization/flux-system/root",
    ]
    assert _names(found["Kustomization/flux-system/web"]) == ["ConfigMap/flux-system/web"]
    origin = found["ResourceSet/flux-system/apps"].manifests[0].origin
    assert str(origin) == "clusters/apps.yaml:1"
    assert "spec.inputs[0]" in map(str, origin.chain)
