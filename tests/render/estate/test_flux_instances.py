"""Flux Operator starts a cluster from ``spec.sync`` of a FluxInstance, wherever that is written."""

from typing import Any

import pytest
from tests.render.estate.samples import OWN, kustomization, kustomize

from nixernetes.objects import yamls
from nixernetes.objects.identity import key_of
from nixernetes.render.estate import Estate, NoteKind, read_estate
from nixernetes.render.tree import MemoryTree

SYNC = {"kind": "GitRepository", "url": OWN, "ref": "refs/heads/main", "path": "clusters/blue"}
APPS = {"clusters/blue/apps.yaml": kustomization("apps", "apps")}


def instance(sync: dict[str, Any] = SYNC, namespace: str = "flux-system", **more: Any) -> str:
    return yamls.dump(
        {
            "apiVersion": "fluxcd.controlplane.io/v1",
            "kind": "FluxInstance",
            "metadata": {"name": "flux", "namespace": namespace},
            "spec": {"distribution": {"version": "2.x", "registry": "ghcr.io/fluxcd"}, "sync": sync, **more},
        }
    )


def release(values: Any) -> str:
    return yamls.dump(
        {
            "apiVersion": "helm.toolkit.fluxcd.io/v2",
            "kind": "HelmRelease",
            "metadata": {"name": "flux-instance", "namespace": "flux-system"},
            "spec": {"chartRef": {"kind": "OCIRepository", "name": "flux-instance"}, "values": values},
        }
    )


def read(files: dict[str, str]) -> Estate:
    return read_estate(MemoryTree(files))


def made(estate: Estate) -> dict[str, Any]:
    (cluster,) = estate.clusters
    return {key_of(item).kind: item for item in cluster.manifests}


def test_an_instance_makes_a_source_and_a_kustomization() -> None:
    sync = {**SYNC, "pullSecret": "git-auth", "interval": "3m"}
    found = read({**APPS, "clusters/blue/flux-system/instance.yaml": instance(sync)})
    objects = made(found)
    assert [each.name for each in found.clusters] == ["blue"]
    assert list(objects) == ["FluxInstance", "GitRepository", "Kustomization"]
    assert objects["GitRepository"]["metadata"] == {"name": "flux-system", "namespace": "flux-system"}
    assert objects["GitRepository"]["spec"] == {
        "interval": "3m",
        "url": OWN,
        "ref": {"name": "refs/heads/main"},
        "secretRef": {"name": "git-auth"},
    }
    assert objects["Kustomization"]["spec"] == {
        "interval": "10m",
        "path": "clusters/blue",
        "prune": True,
        "sourceRef": {"kind": "GitRepository", "name": "flux-system"},
    }
    assert found.urls == (OWN,)


@pytest.mark.parametrize(
    ("sync", "spec"),
    [
        (
            {"kind": "OCIRepository", "url": "oci://h/f", "ref": "latest"},
            {"url": "oci://h/f", "ref": {"tag": "latest"}},
        ),
        (
            {"kind": "OCIRepository", "url": "oci://h/f", "ref": "v1@sha256:ab"},
            {"url": "oci://h/f", "ref": {"digest": "sha256:ab"}},
        ),
        (
            {"kind": "Bucket", "url": "minio.example", "ref": "fleet"},
            {"endpoint": "minio.example", "bucketName": "fleet"},
        ),
    ],
)
def test_each_kind_of_source_is_made(sync: dict[str, Any], spec: dict[str, Any]) -> None:
    found = read({**APPS, "start/instance.yaml": instance({**sync, "path": "./clusters/blue"})})
    (source,) = [item for item in found.clusters[0].manifests if item["kind"] == sync["kind"]]
    assert source["spec"] == {"interval": "1m", **spec}
    assert found.urls == (sync["url"],)


def test_names_are_the_instances_unless_it_says_otherwise() -> None:
    named = made(read({**APPS, "start/a.yaml": instance({**SYNC, "name": "fleet"})}))
    assert named["Kustomization"]["metadata"] == {"name": "fleet", "namespace": "flux-system"}
    assert named["Kustomization"]["spec"]["sourceRef"]["name"] == "fleet"


def test_patches_of_the_instance_change_what_it_makes() -> None:
    account = '[{"op": "add", "path": "/spec/serviceAccountName", "value": "flux"}]'
    patches = [
        {"target": {"kind": "Kustomization", "name": "flux-system"}, "patch": account},
        {"target": {"kind": "Deployment"}, "patch": '[{"op": "remove", "path": "/spec/nothing"}]'},
        {"patch": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: other}\n"},
    ]
    found = made(read({**APPS, "start/a.yaml": instance(SYNC, kustomize={"patches": patches})}))
    assert found["Kustomization"]["spec"]["serviceAccountName"] == "flux"


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("apps/flux/release.yaml", release({"instance": {"sync": SYNC}})),
        ("bootstrap/values.yaml", yamls.dump({"instance": {"sync": SYNC}})),
        (
            "bootstrap/helmfile.yaml",
            yamls.dump({"releases": [{"name": "f", "values": [{"instance": {"sync": SYNC}}]}]}),
        ),
        (
            "bootstrap/config.yaml",
            yamls.dump(
                {
                    "apiVersion": "v1",
                    "kind": "ConfigMap",
                    "metadata": {"name": "values", "namespace": "flux-system"},
                    "data": {"values.yaml": yamls.dump({"instance": {"sync": SYNC}})},
                }
            ),
        ),
    ],
)
def test_values_of_its_chart_say_the_same(file: str, text: str) -> None:
    found = read({**APPS, file: text, "apps/flux/kustomization.yaml": kustomize("release.yaml")})
    assert [each.name for each in found.clusters] == ["blue"]
    assert set(made(found)) == {"GitRepository", "Kustomization"}


def test_one_cluster_starts_for_one_path_however_often_it_is_said() -> None:
    files = {
        **APPS,
        "clusters/blue/flux-system/instance.yaml": instance(),
        "bootstrap/values.yaml": yamls.dump({"instance": {"sync": SYNC}}),
    }
    assert [each.name for each in read(files).clusters] == ["blue"]


def test_what_is_synced_from_elsewhere_is_a_note() -> None:
    files = {"clusters/green/ks.yaml": kustomization("apps", "apps"), "start/a.yaml": instance()}
    found = read(files)
    assert [each.name for each in found.clusters] == ["green"]
    (note,) = found.notes
    assert note.kind is NoteKind.LEFT_OUT
    assert "clusters/blue, is not in this repository" in note.message


def test_a_patch_that_cannot_be_applied_is_told() -> None:
    broken = {
        "patches": [{"target": {"kind": "Kustomization"}, "patch": '[{"op": "remove", "path": "/spec/nothing"}]'}]
    }
    files = {**APPS, "clusters/green/ks.yaml": kustomization("apps", "apps"), "a/i.yaml": instance(kustomize=broken)}
    assert any(note.is_problem and note.place == "a/i.yaml:1" for note in read(files).notes)
