"""The flags that Argo CD gives to ``kustomize build`` are found wherever a repository says them."""

import pytest
from tests.render.estate.samples import application, kustomize

from nixernetes.render.estate import read_estate
from nixernetes.render.tree import MemoryTree

FLAG = "--enable-helm"
KEY = "kustomize.buildOptions"
ROOT = {"argocd/root.yaml": application("root", "apps")}
CONFIG = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: argocd-cm}}\ndata: {{{KEY}: {FLAG}}}\n"
VALUES = f"configs:\n  cm:\n    {KEY}: {FLAG}\n"


def nested(text: str, indent: int) -> str:
    return "".join(f"{' ' * indent}{line}\n" for line in text.splitlines())


PLACES = {
    "an object": {"install/cm.yaml": CONFIG},
    "a patch": {"install/kustomization.yaml": kustomize(more=f"patches:\n- patch: |\n{nested(CONFIG, 4)}")},
    "a json patch": {
        "install/kustomization.yaml": kustomize(
            more="patches:\n- target: {kind: ConfigMap}\n  patch: |\n"
            f"    - {{op: add, path: /data/{KEY}, value: {FLAG}}}\n"
        )
    },
    "literals": {
        "install/kustomization.yaml": kustomize(
            more=f"configMapGenerator: [{{name: argocd-cm, behavior: merge, literals: ['{KEY}=\"{FLAG}\"']}}]\n"
        )
    },
    "a file": {
        "install/kustomization.yaml": kustomize(
            more=f"configMapGenerator: [{{name: argocd-cm, files: [{KEY}=o.txt]}}]\n"
        ),
        "install/o.txt": f"{FLAG}\n",
    },
    "envs": {
        "install/kustomization.yaml": kustomize(
            more=f"configMapGenerator: [{{name: argocd-cm, envs: [o.env]}}]\n# {KEY}\n"
        ),
        "install/o.env": f"a=b\n{KEY}={FLAG}\n",
    },
    "values": {"install/values.yaml": VALUES},
    "values of an umbrella chart": {"install/values.yaml": f"argo-cd:\n{nested(VALUES, 2)}"},
    "values of an old chart": {"install/values.yaml": f"server:\n  config:\n    {KEY}: {FLAG}\n"},
    "a release": {
        "install/hr.yaml": "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: argocd}\n"
        f"spec:\n  chart: {{}}\n  values:\n{nested(VALUES, 4)}"
    },
    "an application's text": {
        "install/app.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: argocd}\n"
        f"spec:\n  source:\n    chart: argo-cd\n    repoURL: https://x\n    helm:\n      values: |\n{nested(VALUES, 8)}"
    },
    "an application's parameters": {
        "install/app.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: argocd}\n"
        "spec:\n  source:\n    chart: argo-cd\n    repoURL: https://x\n    helm:\n      parameters:\n"
        f"      - {{name: 'configs.cm.kustomize\\.buildOptions', value: {FLAG}}}\n"
    },
    "helm charts of a kustomization": {
        "install/kustomization.yaml": kustomize(
            more=f"helmCharts:\n- name: argo-cd\n  valuesInline:\n{nested(VALUES, 4)}"
        )
    },
    "an operator's object": {
        "install/argocd.yaml": "apiVersion: argoproj.io/v1beta1\nkind: ArgoCD\nmetadata: {name: argocd}\n"
        f"spec: {{kustomizeBuildOptions: {FLAG}}}\n"
    },
}


@pytest.mark.parametrize("place", PLACES)
def test_flags_are_read_where_they_stand(place: str) -> None:
    (cluster,) = read_estate(MemoryTree({**ROOT, **PLACES[place]})).clusters
    assert cluster.build_options == FLAG
    config = next(item for item in cluster.manifests if item["metadata"]["name"] == "argocd-cm")
    assert config["metadata"]["namespace"] == "argocd"
    assert config["data"][KEY] == FLAG


def test_what_starts_the_cluster_counts_before_what_stands_elsewhere() -> None:
    files = {**ROOT, "argocd/cm.yaml": CONFIG.replace(FLAG, "--own"), "a/values.yaml": VALUES}
    (cluster,) = read_estate(MemoryTree(files)).clusters
    assert cluster.build_options == "--own"
    assert len(cluster.bootstrap) == 2


def test_nothing_is_made_where_nothing_is_said() -> None:
    (cluster,) = read_estate(MemoryTree({**ROOT, "a/values.yaml": "buildOptions: x\nconfigs: {cm: []}\n"})).clusters
    assert cluster.build_options == ""
    assert len(cluster.bootstrap) == 1
