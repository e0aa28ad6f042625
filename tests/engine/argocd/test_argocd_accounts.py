"""``destinationServiceAccounts``: a sync writes what the account of its destination may, where Argo CD impersonates."""

from __future__ import annotations

from typing import Any

import pytest
from tests.engine.argocd.conftest import Plane
from tests.engine.argocd.samples import application, config_map, namespace

from nixernetes.objects.manifest import Manifest

RBAC = "rbac.authorization.k8s.io"
ACCOUNT = {"server": "*", "namespace": "prod*", "defaultServiceAccount": "deployer"}


def settings(enabled: bool = True) -> Manifest:
    data = {"application.sync.impersonation.enabled": str(enabled).lower()}
    meta = {"name": "argocd-cm", "namespace": "argocd"}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": data}


def default_project(*accounts: Any) -> Manifest:
    spec: dict[str, Any] = {
        "sourceRepos": ["*"],
        "destinations": [{"server": "*", "namespace": "*"}],
        "clusterResourceWhitelist": [{"group": "*", "kind": "*"}],
        "destinationServiceAccounts": list(accounts),
    }
    meta = {"name": "default", "namespace": "argocd"}
    return {"apiVersion": "argoproj.io/v1alpha1", "kind": "AppProject", "metadata": meta, "spec": spec}


def rights(place: str = "production") -> list[Manifest]:
    about = {"apiVersion": f"{RBAC}/v1", "metadata": {"name": "deployer", "namespace": "production"}}
    rules = [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["create", "patch"]}]
    subject = {"kind": "ServiceAccount", "name": "deployer", "namespace": place}
    reference = {"apiGroup": RBAC, "kind": "Role", "name": "deployer"}
    return [
        {**about, "kind": "Role", "rules": rules},
        {**about, "kind": "RoleBinding", "roleRef": reference, "subjects": [subject]},
    ]


def begun(plane: Plane, *objects: Manifest) -> None:
    plane.commit({"apps/a.yaml": config_map("a")})
    plane.apply(settings(), namespace("production"), *objects, application("web", automated={}))
    plane.run(60)


@pytest.mark.parametrize(
    ("account", "place"),
    [(ACCOUNT, "production"), ({**ACCOUNT, "defaultServiceAccount": "tools:deployer"}, "tools")],
)
def test_what_the_account_may_write_is_synced(plane: Plane, account: Any, place: str) -> None:
    begun(plane, default_project(account), *rights(place))
    assert plane.words("web") == "Synced/Healthy"


def test_what_it_may_not_write_is_refused(plane: Plane) -> None:
    begun(plane, default_project(ACCOUNT))
    (entry,) = plane.operation("web")["syncResult"]["resources"]
    assert 'User "system:serviceaccount:production:deployer" cannot patch resource "configmaps"' in entry["message"]
    assert plane.get("ConfigMap", "production", "a") is None


def test_a_destination_without_an_account_is_told(plane: Plane) -> None:
    begun(plane, default_project({**ACCOUNT, "namespace": "other"}))
    assert plane.operation("web")["message"].startswith(  # and tried again
        "failed to find a matching service account to impersonate: no matching service account found for destination "
        "server https://kubernetes.default.svc and namespace production"
    )


def test_without_the_setting_accounts_mean_nothing(plane: Plane) -> None:
    plane.commit({"apps/a.yaml": config_map("a")})
    plane.apply(settings(enabled=False), namespace("production"), default_project(ACCOUNT))
    plane.apply(application("web", automated={}))
    plane.run(60)
    assert plane.words("web") == "Synced/Healthy"
