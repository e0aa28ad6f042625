"""Objects of the whole cluster that are written with a namespace, as Kustomize does to kinds that it does not know."""

from __future__ import annotations

import pytest
from tests.engine.flux.conftest import World
from tests.engine.flux.releases import CHARTS, chart, release

from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Json

_CRD = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: clusterissuers.cert-manager.io}
spec:
  group: cert-manager.io
  names: {kind: ClusterIssuer, plural: clusterissuers, singular: clusterissuer, listKind: ClusterIssuerList}
  scope: Cluster
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
"""
_ISSUER = "apiVersion: cert-manager.io/v1\nkind: ClusterIssuer\nmetadata: {name: ca}\nspec: {}\n"
_FILES = {
    "apps/kustomization.yaml": "namespace: default\nresources: [crd.yaml, issuer.yaml]\n",
    "apps/crd.yaml": _CRD,
    "apps/issuer.yaml": _ISSUER,
}
_ROLE = """
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader, namespace: default}
rules: []
"""
_READER = ObjectKey("rbac.authorization.k8s.io", "ClusterRole", "", "reader")


def _entries(world: World) -> list[Json]:
    return [each["id"] for each in world.status("Kustomization", "apps")["inventory"]["entries"]]


@pytest.mark.parametrize("skips", [False, True])
def test_it_is_applied_found_and_pruned(world: World, skips: bool) -> None:
    written = _ISSUER.replace("name: ca", "name: ca, annotations: {kustomize.toolkit.fluxcd.io/ssa: IfNotPresent}")
    world.commit({**_FILES, "apps/issuer.yaml": written if skips else _ISSUER})
    world.repository()
    world.kustomization(wait=True)
    assert world.settle()
    assert world.condition("Kustomization", "apps")[0] == "True"
    expected = ["_clusterissuers.cert-manager.io_apiextensions.k8s.io_CustomResourceDefinition"]
    assert _entries(world) == [*expected, "_ca_cert-manager.io_ClusterIssuer"]
    world.run(minutes=11)  # what was made is found where it was made
    assert _entries(world) == [*expected, "_ca_cert-manager.io_ClusterIssuer"]
    assert not [text for text in world.messages() if "deleted" in text]
    world.commit({**_FILES, "apps/kustomization.yaml": "namespace: default\nresources: [crd.yaml]\n"})
    world.run(minutes=2)
    assert "ClusterIssuer/ca deleted" in world.messages("Progressing")
    assert _entries(world) == expected


def test_it_goes_with_its_release(world: World) -> None:
    world.charts.add(CHARTS, chart(templates={"role.yaml": _ROLE}))
    release(world, driftDetection={"mode": "enabled"})
    assert world.settle()
    world.run(minutes=11)
    assert world.condition("HelmRelease", "web", namespace="default")[0] == "True"
    assert not world.messages("DriftCorrected")
    kept = world.status("HelmRelease", "web", "default")["inventory"]["entries"]
    assert [each["id"] for each in kept] == ["_reader_rbac.authorization.k8s.io_ClusterRole"]
    assert world.cluster.get(_READER) is not None
    world.delete("HelmRelease", "web", "default")
    world.settle()
    assert world.cluster.get(_READER) is None
