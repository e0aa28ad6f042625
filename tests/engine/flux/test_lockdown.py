"""Controllers that keep tenants apart: which account writes, and which references are refused."""

from __future__ import annotations

import pytest
from tests.engine.flux.conftest import World, config_map
from tests.engine.flux.releases import CHARTS, chart

from nixernetes.engine.flux.lockdown import DEFAULT_ACCOUNT, NO_FOREIGN, Lockdown, flag, lockdown_of
from nixernetes.objects.kinds import FLUX_INSTANCE
from nixernetes.objects.manifest import Json

_RBAC = "rbac.authorization.k8s.io"
_REFUSED = (
    'ConfigMap/default/a dry-run failed (Forbidden): configmaps "a" is forbidden: User '
    '"system:serviceaccount:flux-system:{}" cannot patch resource "configmaps" in API group "" in the namespace '
    '"default"'
)


def _controller(world: World, name: str, *args: str) -> None:
    """Put a controller with flags into the cluster."""
    labels = {"app": name}
    pod = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "m", "image": "m:1", "args": [*args]}]}}
    about = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "namespace": "flux-system"}}
    world.cluster.apply({**about, "spec": {"selector": {"matchLabels": labels}, "template": pod}}, manager="admin")


def _bind(world: World, account: str, role: str) -> None:
    subject = {"kind": "ServiceAccount", "name": account, "namespace": "flux-system"}
    reference = {"apiGroup": _RBAC, "kind": "ClusterRole", "name": role}
    about = {"apiVersion": f"{_RBAC}/v1", "kind": "ClusterRoleBinding", "metadata": {"name": account}}
    world.cluster.apply({**about, "roleRef": reference, "subjects": [subject]}, manager="admin")


def _applied(world: World, **spec: Json) -> str:
    world.commit({"apps/a.yaml": config_map("a")})
    world.repository()
    world.kustomization(**spec)
    world.settle()
    return world.condition("Kustomization", "apps")[2]


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ([], ""),
        ([f"{DEFAULT_ACCOUNT}=tenant"], "tenant"),
        ([DEFAULT_ACCOUNT, "tenant", "--watch-all-namespaces"], "tenant"),
        ([f"{DEFAULT_ACCOUNT}=a", f"{DEFAULT_ACCOUNT}=b"], "b"),
        ([f"{DEFAULT_ACCOUNT}s=a"], ""),
    ],
)
def test_flags_are_read_as_go_reads_them(args: list[str], expected: str) -> None:
    assert flag(args, DEFAULT_ACCOUNT) == expected


def test_who_names_no_account_writes_as_the_default_one(world: World) -> None:
    _controller(world, "kustomize-controller", f"{DEFAULT_ACCOUNT}=tenant")
    assert _applied(world) == _REFUSED.format("tenant")


def test_the_account_of_a_controller_may_do_all_unless_bindings_say_otherwise(world: World) -> None:
    _controller(world, "kustomize-controller", f"{DEFAULT_ACCOUNT}=tenant")
    assert _applied(world, serviceAccountName="kustomize-controller").startswith("Applied revision")
    _bind(world, "kustomize-controller", "view")
    world.run(minutes=11)
    assert world.condition("Kustomization", "apps")[2] == _REFUSED.format("kustomize-controller")


def test_references_to_other_namespaces_are_refused(world: World) -> None:
    for name in ("kustomize-controller", "helm-controller"):
        _controller(world, name, f"{NO_FOREIGN}=true")
    world.commit({"apps/a.yaml": config_map("a")})
    world.repository()
    source = {"kind": "GitRepository", "name": "repo", "namespace": "flux-system"}
    spec = {"interval": "1m", "prune": True, "path": "./apps", "sourceRef": source}
    world.put("Kustomization", "apps", spec, namespace="default")
    world.charts.add(CHARTS, chart())
    world.put("HelmRepository", "charts", {"url": CHARTS, "interval": "1m"})
    charts = {"kind": "HelmRepository", "name": "charts", "namespace": "flux-system"}
    release = {"interval": "1m", "chart": {"spec": {"chart": "app", "sourceRef": charts}}}
    world.put("HelmRelease", "web", release, namespace="default")
    world.settle()
    text = "can't access 'GitRepository/flux-system/repo', cross-namespace references have been blocked"
    assert world.condition("Kustomization", "apps", namespace="default") == ("False", "AccessDenied", text)
    assert world.condition("Kustomization", "apps", "Stalled", namespace="default") == ("True", "AccessDenied", text)
    text = "cross-namespace references are not allowed: cannot access HelmChart flux-system/default-web"
    assert world.condition("HelmRelease", "web", namespace="default") == ("False", "AccessDenied", text)


def test_a_flux_instance_for_tenants_sets_both(world: World) -> None:
    about = {"apiVersion": "fluxcd.controlplane.io/v1", "kind": "FluxInstance"}
    instance = {**about, "metadata": {"name": "flux", "namespace": "flux-system"}}
    world.cluster.serve(FLUX_INSTANCE)
    world.cluster.apply({**instance, "spec": {"cluster": {"multitenant": True}}}, manager="admin")
    assert lockdown_of(world.cluster, "helm-controller") == Lockdown(account="default", refuses_foreign=True)
    assert lockdown_of(world.cluster, "flux-operator") == Lockdown()
