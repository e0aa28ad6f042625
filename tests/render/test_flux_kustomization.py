"""A Flux Kustomization gives what kustomize-controller would apply."""

import pytest

from nixernetes.errors import InputError
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.flux.kustomization import KustomizationInputs, RenderError, ignored_fields, render_kustomization
from nixernetes.render.rendered import Rendered
from nixernetes.render.tree import MemoryTree

DATA = {
    ("ConfigMap", "flux-system", "settings"): {"region": "eu", "size": "1"},
    ("Secret", "flux-system", "more"): {"size": "2\n"},
    ("ConfigMap", "flux-system", "bad"): {"not-a-name": "x"},
}


def _map(name: str, **data: str) -> str:
    body = "".join(f"  {key}: {value}\n" for key, value in data.items())
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n{body}"


DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: nginx:1.0}]
"""


def _render(files: dict[str, str], **spec: Json) -> list[Rendered]:
    kustomization = {"metadata": {"name": "apps", "namespace": "flux-system"}, "spec": spec}
    return render_kustomization(
        MemoryTree(files), kustomization, KustomizationInputs(lookup=lambda *key: DATA.get(key))
    )


def _names(found: list[Rendered]) -> list[str]:
    return [item.manifest["metadata"]["name"] for item in found]


def _only(found: list[Rendered]) -> Manifest:
    (item,) = found
    return item.manifest


def test_a_folder_without_a_kustomization_is_scanned() -> None:
    files = {
        "apps/b.yaml": _map("b") + "---\n" + _map("b2"),
        "apps/deep/a.yml": _map("a"),
        "apps/notes.txt": "not YAML: {",
        "apps/overlay/kustomization.yaml": "resources: [in.yaml]\nnamePrefix: x-\n",
        "apps/overlay/in.yaml": _map("in"),
        "apps/overlay/out.yaml": _map("out"),
        "other.yaml": _map("other"),
    }
    found = _render(files, path="./apps")
    assert sorted(_names(found)) == ["a", "b", "b2", "x-in"]
    assert {str(item.origin) for item in found if item.manifest["metadata"]["name"] == "b2"} == {"apps/b.yaml:7"}


def test_a_folder_without_manifests_gives_nothing() -> None:
    assert _render({"apps/readme.md": ""}, path="apps") == []


@pytest.mark.parametrize("path", ["", "./", "/", "../.."])
def test_no_path_leads_above_the_root(path: str) -> None:
    assert _names(_render({"a.yaml": _map("a")}, path=path)) == ["a"]


def test_the_fields_of_the_spec_are_merged_into_the_kustomization() -> None:
    files = {
        "a/kustomization.yaml": "resources: [d.yaml]\nimages: [{name: nginx, newTag: '1.1'}]\nnamespace: mine\n",
        "a/d.yaml": DEPLOYMENT,
        "comp/kustomization.yaml": (
            "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\ncommonAnnotations: {c: d}\n"
        ),
    }
    manifest = _only(
        _render(
            files,
            path="a",
            targetNamespace="prod",
            namePrefix="p-",
            nameSuffix="-s",
            images=[{"name": "nginx", "newName": "registry/nginx", "newTag": "2.0"}],
            patches=[{"patch": "- {op: add, path: /spec/replicas, value: 3}", "target": {"kind": "Deployment"}}],
            components=["../comp", "../missing"],
            ignoreMissingComponents=True,
            commonMetadata={"labels": {"team": "a"}, "annotations": {"n": "m"}},
        )
    )
    assert manifest["metadata"] == {
        "name": "p-web-s",
        "namespace": "prod",
        "labels": {"team": "a"},
        "annotations": {"c": "d", "n": "m"},
    }
    assert manifest["spec"]["replicas"] == 3
    assert manifest["spec"]["template"]["spec"]["containers"][0]["image"] == "registry/nginx:2.0"


def test_variables_come_from_references_in_order_and_then_from_the_spec() -> None:
    text = _map("m", region="${region}", size="${size}", own="${own}", kept="$${x}", plain="$y")
    manifest = _only(
        _render(
            {"a.yaml": text},
            postBuild={
                "substitute": {"own": "here"},
                "substituteFrom": [
                    {"kind": "ConfigMap", "name": "settings"},
                    {"kind": "Secret", "name": "more"},
                    {"kind": "Secret", "name": "none", "optional": True},
                ],
            },
        )
    )
    assert manifest["data"] == {"region": "eu", "size": 2, "own": "here", "kept": "${x}", "plain": "$y"}


def test_substitution_can_be_opted_out_of_and_needs_a_variable() -> None:
    text = (
        _map("m", a="${own}")
        + "---\n"
        + _map("n", a="${own}").replace(
            "  name: n\n", "  name: n\n  annotations: {kustomize.toolkit.fluxcd.io/substitute: disabled}\n"
        )
    )
    found = _render({"a.yaml": text}, postBuild={"substitute": {"own": "x"}})
    assert [item.manifest["data"]["a"] for item in found] == ["x", "${own}"]
    assert _only(_render({"a.yaml": _map("m", a="${own}")}, postBuild={"substitute": {}}))["data"] == {"a": "${own}"}
    with pytest.raises(RenderError, match="variable not set"):
        _render({"a.yaml": _map("m", a="${own}")}, postBuild={"substituteStrategy": "Always"})


@pytest.mark.parametrize(
    ("post_build", "message"),
    [
        (
            {"substitute": {"other": "x"}},
            r"post build failed for 'ConfigMap.v1.\[noGrp\]/m': variable not set \(strict mode\): \"own\"",
        ),
        (
            {"substituteFrom": [{"kind": "ConfigMap", "name": "none"}]},
            "substitute from 'ConfigMap/none' error: configmaps \"none\" not found",
        ),
        ({"substituteFrom": [{"kind": "ConfigMap", "name": "bad"}]}, "'not-a-name' var name is invalid"),
        ({"substitute": {"own": "{"}}, "not valid YAML"),
    ],
)
def test_a_substitution_that_fails_says_why(post_build: Json, message: str) -> None:
    with pytest.raises(RenderError, match=message):
        _render({"a.yaml": _map("m", a="${own}")}, postBuild=post_build)


def test_a_broken_expression_is_quoted_with_its_line_and_the_remedy() -> None:
    text = _map("m", a="x", b="say ${foo.bar} twice")
    with pytest.raises(RenderError) as raised:
        _render({"a.yaml": "---\n" + text}, postBuild={"substitute": {"own": "x"}})
    line = 2 + text.split("\n").index(next(each for each in text.split("\n") if "${foo" in each))
    assert str(raised.value) == (
        f"a.yaml:{line}: post build failed for 'ConfigMap.v1.[noGrp]/m': missing closing brace in ${{foo.bar}}: "
        "write $${ for text that is not a variable"
    )


def test_an_expression_in_a_secret_is_not_quoted() -> None:
    secret = _map("m").replace("ConfigMap", "Secret") + "stringData:\n  a: x${hidden.text}\n"
    with pytest.raises(RenderError, match="missing closing brace") as raised:
        _render({"a.yaml": secret}, postBuild={"substitute": {"own": "x"}})
    assert "hidden" not in str(raised.value)


def test_lists_are_flattened_and_kustomization_files_are_no_objects() -> None:
    text = "apiVersion: v1\nkind: List\nitems:\n" + "".join(
        f"- {{apiVersion: v1, kind: ConfigMap, metadata: {{name: {name}}}}}\n" for name in "ab"
    )
    assert sorted(_names(_render({"a.yaml": text}))) == ["a", "b"]


@pytest.mark.parametrize(
    ("files", "spec", "message"),
    [
        ({"a.yaml": ""}, {"path": "none"}, "kustomization path not found: stat none"),
        ({"a.yaml": "a: [\n"}, {}, "failed to decode Kubernetes YAML from a.yaml"),
        (
            {"x/a.yaml": _map("ok") + "---\nfoo: bar\n"},
            {},
            "x/a.yaml:7: failed to decode Kubernetes YAML from x/a.yaml",
        ),
        ({"a.yaml": "kind: X\napiVersion: v1\n"}, {}, "missing metadata.name"),
        ({"a.yaml": _map("a")}, {"components": ["/abs"]}, "component path '/abs' must be local and relative"),
        ({"a.yaml": _map("a")}, {"components": ["../../up"]}, "must be local and relative"),
        ({"kustomization.yaml": "- 1\n"}, {}, "must be a mapping"),
    ],
)
def test_what_flux_refuses_is_refused(files: dict[str, str], spec: Json, message: str) -> None:
    with pytest.raises(RenderError, match=message):
        _render(files, **spec)


def test_a_missing_resource_is_kustomizes_error() -> None:
    with pytest.raises(InputError, match=r"none\.yaml"):
        _render({"kustomization.yaml": "resources: [none.yaml]\n"})


def test_patches_of_the_first_versions_of_the_api_are_objects() -> None:
    found = _render(
        {"a.yaml": _map("a", k="v")},
        patchesStrategicMerge=[
            {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"z": "1"}}
        ],
        patchesJson6902=[
            {
                "patch": [{"op": "add", "path": "/data/q", "value": "2"}],
                "target": {"version": "v1", "kind": "ConfigMap", "name": "a"},
            }
        ],
    )
    assert found[0].manifest["data"] == {"k": "v", "z": "1", "q": "2"}


def test_fields_that_kustomize_does_not_know_are_dropped_and_named_where_the_path_leads_alone() -> None:
    files = {
        "apps/kustomization.yaml": "resources: [a.yaml, base]\nnamePrefx: x-\nimages: [{name: a, newTga: b}]\n",
        "apps/a.yaml": _map("a"),
        "apps/base/kustomization.yaml": "resources: [b.yaml]\n",
        "apps/base/b.yaml": _map("b"),
    }
    assert _names(_render(files, path="./apps")) == ["a", "b"]
    asked = {"metadata": {"name": "apps", "namespace": "flux-system"}, "spec": {"path": "./apps"}}
    assert ignored_fields(MemoryTree(files), asked) == ["namePrefx", "images[0].newTga"]
    files["apps/base/kustomization.yaml"] += "namePrefx: x-\n"
    with pytest.raises(InputError, match='unknown field "namePrefx"'):
        _render(files, path="./apps")
