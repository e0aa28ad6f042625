"""Two resources never have one identity, and Namespaces of the core group come first."""

import pytest

from nixernetes.render.kustomize import KustomizeError, build
from nixernetes.render.tree import MemoryTree


def test_a_component_that_gives_two_resources_one_name_is_refused() -> None:
    patch = "- {op: replace, path: /metadata/name, value: same}"
    files = {
        "part/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
        f"patches: [{{target: {{kind: ConfigMap}}, patch: '{patch}'}}]\n",
        "over/kustomization.yaml": "resources: [all.yaml]\ncomponents: [../part]\nnamespace: apart\n",
        "over/all.yaml": "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n---\n"
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}\n",
    }
    with pytest.raises(KustomizeError, match=r"recursed merging from path 'part': .*already registered id"):
        build(MemoryTree(files), "over")


def test_core_namespaces_come_before_others_of_that_kind() -> None:
    files = {
        "kustomization.yaml": "resources: [all.yaml]\n",
        "all.yaml": "---\n".join(
            f"{{apiVersion: {version}, kind: Namespace, metadata: {{name: n}}}}\n"
            for version in ("apps/v1", "v1", "z/v1")
        ),
    }
    assert [each.manifest["apiVersion"] for each in build(MemoryTree(files), "")] == ["v1", "apps/v1", "z/v1"]


@pytest.mark.parametrize("behavior", ["merge", "replace"])
def test_what_a_generator_puts_in_the_place_of_a_resource_keeps_what_happened_to_it(behavior: str) -> None:
    files = {
        "base/kustomization.yaml": "configMapGenerator: [{name: g, literals: [a=b]}]\nnamePrefix: p-\n",
        "over/kustomization.yaml": "resources: [../base]\nbuildMetadata: [transformerAnnotations]\n"
        f"configMapGenerator: [{{name: g, behavior: {behavior}, literals: [c=d]}}]\n",
    }
    (found,) = build(MemoryTree(files), "over")
    noted = found.manifest["metadata"]["annotations"]["alpha.config.kubernetes.io/transformations"]
    assert "../base/kustomization.yaml" in noted
    assert "PrefixTransformer" in noted
