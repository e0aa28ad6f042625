"""Hostile and mistaken input: a clear error that names file and reason, and nothing from outside the tree."""

import pytest

from nixernetes.render.kustomize import BuildOptions, KustomizeError, build
from nixernetes.render.tree import MemoryTree, OverlayTree

CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"kustomization.yaml": ""}, "kustomization.yaml is empty"),
        ({"kustomization.yaml": "kind: Kustomization\n"}, "kustomization.yaml is empty"),
        ({"kustomization.yaml": "resources:\n"}, "kustomization.yaml is empty"),
        ({"kustomization.yaml": "bases: []\nimageTags: []\n"}, "kustomization.yaml is empty"),
        ({"kustomization.yaml": "---\n---\nnamePrefix: x-\n"}, "kustomization.yaml is empty"),
        ({"kustomization.yaml": "kind: Deployment\nresources: []\nnamespace: x\n"}, "kind should be Kustomization"),
        ({"kustomization.yaml": "[]"}, "cannot unmarshal array"),
        (
            {"kustomization.yaml": "resources:\n- a.yaml\nresorces: []\n"},
            'kustomization.yaml:3: .*unknown field "resorces"',
        ),
        ({"kustomization.yaml": "namePrefix: 3\n"}, "cannot unmarshal number .*namePrefix"),
        ({"kustomization.yaml": "a: [\n"}, "broken YAML"),
        ({"kustomization.yaml/x": ""}, "unable to find one of 'kustomization.yaml'"),
        ({"kustomization.yaml": "namespace: x", "Kustomization": "namespace: y"}, "multiple kustomization files"),
        ({"kustomization.yaml": "resources: [a.yaml]"}, "kustomization.yaml:1: .*no such file"),
        ({"kustomization.yaml": "resources: [a.yaml]", "a.yaml": "kind: X\n"}, "a.yaml:1: .*missing metadata.name"),
        ({"kustomization.yaml": "resources: [a.yaml]", "a.yaml": b"\xff\xfe"}, "a.yaml: .*not UTF-8"),
        ({"kustomization.yaml": "resources: [a.yaml, a.yaml]", "a.yaml": CONFIG_MAP}, "already registered id"),
        ({"kustomization.yaml": "resources: [../../etc]"}, "outside the repository"),
        ({"kustomization.yaml": "resources: [/etc/passwd]"}, "cannot be absolute"),
        ({"kustomization.yaml": "resources: [.]"}, "cycle detected"),
        ({"kustomization.yaml": "resources: ['https://github.com/a/b?ref=v1']"}, "remote base .* is not at hand"),
        ({"kustomization.yaml": "configMapGenerator: [{name: c, files: [../x]}]"}, "security; file '../x' is not in"),
        ({"kustomization.yaml": "helmCharts: [{name: c}]"}, "must specify --enable-helm"),
        (
            {"kustomization.yaml": "patches: [{patch: '- {op: remove, path: /a}'}]"},
            "must specify a target for JSON patch",
        ),
        ({"kustomization.yaml": "openapi: {version: v9}\nnamespace: x"}, "OpenAPI version is not built in"),
        ({"kustomization.yaml": "replicas: [{name: a, count: 1}]"}, "resource with name a does not match"),
        ({"kustomization.yaml": "vars: [{name: A, objref: {kind: X, name: z}}]"}, "var 'A' cannot be mapped"),
    ],
)
def test_a_mistake_is_named(files: dict[str, str | bytes], message: str) -> None:
    with pytest.raises(KustomizeError, match=f"(?s){message}"):
        build(MemoryTree(files), "")


def test_overlays_that_lead_to_each_other_are_refused() -> None:
    files = {"a/kustomization.yaml": "resources: [../b]", "b/kustomization.yaml": "resources: [../a]"}
    with pytest.raises(KustomizeError, match="cycle detected"):
        build(MemoryTree(files), "a")


@pytest.mark.parametrize("pattern", ["a" * 2000, "(?=a)", "(a)\\1", "("])
def test_an_expression_that_go_does_not_take_is_refused(pattern: str) -> None:
    files = {
        "kustomization.yaml": f"resources: [a.yaml]\npatches:\n- {{path: p.yaml, target: {{name: '{pattern}'}}}}\n",
        "a.yaml": CONFIG_MAP,
        "p.yaml": CONFIG_MAP,
    }
    with pytest.raises(KustomizeError, match=r"regular expression|regexp"):
        build(MemoryTree(files), "")


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("patches:\n- {target: {kind: ConfigMap}, patch: '- {op: remove, path: /data/x/y}'}", "remove operation"),
        ("patches:\n- patch: '{apiVersion: v1, kind: ConfigMap, metadata: {name: z}}'", "no resource matches"),
        ("configMapGenerator:\n- {name: x, files: [none.txt]}", "no such file"),
        ("secretGenerator:\n- {name: x, behavior: merge, literals: [a=b]}", "does not exist; cannot merge"),
        (
            "replacements:\n- {source: {name: none, fieldPath: data.x}, targets: [{select: {kind: X}}]}",
            "nothing selected",
        ),
    ],
    ids=["operation", "patch", "generator", "merge", "replacement"],
)
def test_an_entry_that_fails_is_named_with_its_line(entry: str, message: str) -> None:
    files = {"a/kustomization.yaml": f"# a comment\nresources: [../c.yaml]\n\n{entry}", "c.yaml": CONFIG_MAP}
    with pytest.raises(KustomizeError, match=rf"^a/kustomization\.yaml:[45]: .*{message}"):
        build(MemoryTree(files), "a", BuildOptions(load_restrictor="none"))


@pytest.mark.parametrize("text", ["resources: []\n", "commonLabels: {}\n", "resources: []\n---\nbroken: [\n"])
def test_a_file_that_names_nothing_gives_nothing(text: str) -> None:
    assert build(MemoryTree({"kustomization.yaml": text}), "") == []


def test_lines_are_those_of_the_file_whatever_a_delivery_lays_over_it() -> None:
    files = {"kustomization.yaml": "# a comment\n\nresources:\n- c.yaml\n- none.yaml\n", "c.yaml": CONFIG_MAP}
    overlaid = OverlayTree(
        MemoryTree(files), {"kustomization.yaml": b"{resources: [c.yaml, none.yaml], namespace: ns}"}
    )
    with pytest.raises(KustomizeError, match=r"^kustomization\.yaml:5: "):
        build(overlaid, "")


@pytest.mark.parametrize("function", ["container: {image: x}", "exec: {path: ./x}", "starlark: {path: x}"])
def test_functions_and_external_plugins_are_refused_by_name(function: str) -> None:
    plugin = (
        "apiVersion: example.com/v1\nkind: Evil\nmetadata:\n  name: e\n"
        f"  annotations:\n    config.kubernetes.io/function: '{function}'\n"
    )
    for field in ("generators", "transformers", "validators"):
        files = {
            "kustomization.yaml": f"resources: [a.yaml]\n{field}: [p.yaml]",
            "a.yaml": CONFIG_MAP,
            "p.yaml": plugin,
        }
        with pytest.raises(KustomizeError, match=r"p\.yaml:1: .*not run here 'Evil'"):
            build(MemoryTree(files), "")


def test_a_literal_is_not_repeated_in_an_error() -> None:
    files = {"kustomization.yaml": "secretGenerator: [{name: s, literals: [hunter2]}]"}
    with pytest.raises(KustomizeError, match="expected key=value") as caught:
        build(MemoryTree(files), "")
    assert "hunter2" not in str(caught.value)
