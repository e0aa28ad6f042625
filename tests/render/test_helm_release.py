"""A HelmRelease composes values and renders as helm-controller does."""

import pytest

from nixernetes.errors import InputError
from nixernetes.objects.api_groups import FLUX_HELM
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.provenance import Origin
from nixernetes.render.flux.helm_release import (
    ValuesError,
    compose_values,
    installed,
    is_crd,
    is_hook,
    release_name,
    render_release,
)
from nixernetes.render.references import data_of, reader
from nixernetes.render.rendered import Rendered
from nixernetes.render.sources.charts import Chart, ChartOptions
from nixernetes.render.tree import MemoryTree

DATA = {
    ("ConfigMap", "apps", "base"): {"values.yaml": "a: 1\nm: {x: 1, k: 1}\nl: [1, 2]\n"},
    ("Secret", "apps", "secret"): {"values.yaml": "m: {k: 2}\nl: [3]\n", "password": "pa,ss", "quoted": "'8080'"},
    ("ConfigMap", "apps", "broken"): {"values.yaml": "secret: [", "list": "- 1"},
}


def _compose(values: Json, *references: Json) -> Json:
    release = {
        "metadata": {"name": "r", "namespace": "apps"},
        "spec": {"values": values, "valuesFrom": list(references)},
    }
    return compose_values(release, lambda *key: DATA.get(key))


BASE = {"kind": "ConfigMap", "name": "base"}


def test_references_are_merged_in_order_and_inline_values_win() -> None:
    found = _compose({"m": {"z": 3}, "a": 9}, BASE, {"kind": "Secret", "name": "secret"})
    assert found == {"a": 9, "m": {"x": 1, "k": 2, "z": 3}, "l": [3]}


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ({"valuesKey": "quoted", "targetPath": "port"}, {"port": "8080"}),
        ({"valuesKey": "password", "targetPath": "auth.pw", "literal": True}, {"auth": {"pw": "pa,ss"}}),
        ({"valuesKey": "none", "optional": True}, {}),
        ({"name": "none", "optional": True}, {}),
    ],
)
def test_single_values_are_set_at_a_path(reference: Json, expected: Json) -> None:
    assert _compose({}, {"kind": "Secret", "name": "secret", **reference}) == expected


def test_a_target_path_loses_against_the_same_key_inline() -> None:
    reference = {"kind": "Secret", "name": "secret", "valuesKey": "quoted", "targetPath": "port"}
    assert _compose({"port": 1}, reference) == {"port": 1}


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        (
            {"kind": "Secret", "name": "none"},
            r"Secret chart values reference 'apps/none' with key 'values\.yaml': secrets \"none\" not found",
        ),
        ({"kind": "ConfigMap", "name": "base", "valuesKey": "k"}, "with key 'k': key not found"),
        ({"kind": "ConfigMap", "name": "broken"}, "error converting YAML to JSON: yaml: "),
        ({"kind": "ConfigMap", "name": "broken", "valuesKey": "list"}, "json: cannot unmarshal array"),
        (
            {"kind": "Secret", "name": "secret", "valuesKey": "password", "targetPath": "a"},
            "at path 'a': the value holds a comma",
        ),
    ],
)
def test_values_that_cannot_be_composed_are_named_and_never_shown(reference: Json, message: str) -> None:
    with pytest.raises(ValuesError, match=message) as caught:
        _compose({}, reference)
    assert "pa,ss" not in str(caught.value)


def test_a_release_is_named_after_target_and_name_within_helms_limit() -> None:
    def named(**spec: str) -> str:
        return release_name({"metadata": {"name": spec.pop("name", "web")}, "spec": spec})

    assert named() == "web"
    assert named(targetNamespace="prod") == "prod-web"
    assert named(releaseName="given", targetNamespace="prod") == "given"
    long = named(name="n" * 60)
    assert len(long) == 53
    assert long.startswith("n" * 40 + "-")


class _Renderer:
    def __init__(self) -> None:
        self.options: list[ChartOptions] = []

    def template(self, chart: Chart, options: ChartOptions) -> list[Rendered]:
        assert chart is CHART
        self.options.append(options)
        crd = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "c"}}
        config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}, "data": {"k": "v"}}
        hook = {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": "h", "annotations": {"helm.sh/hook": "pre-install"}},
        }
        found = [Rendered(manifest=config, origin=Origin(file="templates/m.yaml")), Rendered(manifest=hook)]
        definitions = [Rendered(manifest=crd, origin=Origin(file="crds/c.yaml"))] if options.include_crds else []
        return definitions + found


CHART = Chart(name="c", version="1", tree=MemoryTree({}))


def _release(**spec: Json) -> Manifest:
    return {"metadata": {"name": "r", "namespace": "apps"}, "spec": spec}


@pytest.mark.parametrize(
    ("spec", "is_upgrade", "expected"),
    [
        ({}, False, True),
        ({}, True, True),
        ({"upgrade": {"crds": "Skip"}}, True, False),
        ({"install": {"crds": "Skip"}}, False, False),
        ({"install": {"skipCRDs": True}}, False, False),
        ({"upgrade": {"crds": "CreateReplace"}}, True, True),
    ],
)
def test_definitions_are_rendered_as_the_crd_policy_says(spec: Json, is_upgrade: bool, expected: bool) -> None:
    found = render_release(CHART, _release(**spec), {}, _Renderer(), is_upgrade=is_upgrade)
    assert any(is_crd(item) for item in found) is expected


def test_post_renderers_and_labels_change_all_but_definitions() -> None:
    spec = {
        "targetNamespace": "prod",
        "commonMetadata": {"labels": {"team": "a", "helm.toolkit.fluxcd.io/name": "other"}},
        "postRenderers": [
            {
                "kustomize": {
                    "patches": [{"patch": "- {op: add, path: /data/p, value: q}", "target": {"kind": "ConfigMap"}}]
                }
            }
        ],
    }
    renderer = _Renderer()
    crd, config, hook = render_release(CHART, _release(**spec), {"v": 1}, renderer, is_upgrade=False)
    assert sorted(crd.manifest["metadata"]["labels"]) == [f"{FLUX_HELM}/name", f"{FLUX_HELM}/namespace"]
    assert config.manifest["data"] == {"k": "v", "p": "q"}
    assert config.manifest["metadata"]["labels"] == {
        "team": "a",
        "helm.toolkit.fluxcd.io/name": "r",
        "helm.toolkit.fluxcd.io/namespace": "apps",
        "app.kubernetes.io/managed-by": "Helm",
    }
    assert config.origin.file == "templates/m.yaml"
    assert is_hook(hook.manifest)
    assert "app.kubernetes.io/managed-by" not in hook.manifest["metadata"]["labels"]
    assert (renderer.options[0].release, renderer.options[0].namespace) == ("prod-r", "prod")


@pytest.mark.parametrize(
    ("strategy", "changes_hooks"), [("", True), ("combined", True), ("separate", True), ("nohooks", False)]
)
def test_hooks_are_post_rendered_as_the_strategy_says(strategy: str, *, changes_hooks: bool) -> None:
    patch = {"patch": "- {op: add, path: /metadata/labels, value: {a: b}}", "target": {"kind": ".*"}}
    spec = {"postRenderStrategy": strategy, "postRenderers": [{"kustomize": {"patches": [patch]}}]}
    _, config, hook = render_release(CHART, _release(**spec), {}, _Renderer(), is_upgrade=False)
    expected = {"a": "b", "helm.toolkit.fluxcd.io/name": "r", "helm.toolkit.fluxcd.io/namespace": "apps"}
    assert config.manifest["metadata"]["labels"] == {**expected, "app.kubernetes.io/managed-by": "Helm"}
    assert hook.manifest["metadata"].get("labels") == (expected if changes_hooks else None)


def test_a_hook_post_rendered_by_itself_may_be_called_as_an_object() -> None:
    class Twins(_Renderer):
        def template(self, chart: Chart, options: ChartOptions) -> list[Rendered]:
            found = super().template(chart, options)
            meta = {"name": "m", "annotations": {"helm.sh/hook": "pre-install"}}
            return [*found, Rendered(manifest={"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta})]

    renderers: Json = [{"kustomize": {"images": [{"name": "x", "newTag": "1"}]}}]
    with pytest.raises(InputError, match="already registered id"):
        render_release(CHART, _release(postRenderers=renderers), {}, Twins(), is_upgrade=False)
    spec = {"postRenderers": renderers, "postRenderStrategy": "separate"}
    found = render_release(CHART, _release(**spec), {}, Twins(), is_upgrade=False)
    assert [is_hook(item.manifest) for item in found] == [False, False, True, True]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({}, ["m", "before", "check"]),
        ({"install": {"disableHooks": True}}, ["m"]),
        ({"install": {"disableHooks": True}, "test": {"enable": True}}, ["m", "check"]),
    ],
)
def test_hooks_that_are_disabled_are_not_installed_but_tests_that_are_enabled(spec: Json, expected: list[str]) -> None:
    hooks = {"m": "", "before": "pre-install, pre-upgrade", "check": "test"}
    found = [
        Rendered(manifest={"metadata": {"name": name, "annotations": {"helm.sh/hook": hook} if hook else {}}})
        for name, hook in hooks.items()
    ]
    assert [each.manifest["metadata"]["name"] for each in installed(_release(**spec), found)] == expected


def test_the_data_of_a_secret_is_decoded() -> None:
    secret = {"kind": "Secret", "data": {"a": "aGk=", "b": "//8=", "c": "?"}, "stringData": {"d": "e"}}
    assert data_of(secret) == {"a": "hi", "b": "", "c": "", "d": "e"}
    lookup = reader(lambda key: secret if key.name == "s" else None)
    assert lookup("Secret", "n", "s") == data_of(secret)
    assert lookup("Secret", "n", "none") is None
