"""``spec.serviceAccountName``: a delivery may write what its account may, and nothing more."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.engine.flux.conftest import World, config_map

from nixernetes.objects import yamls

RBAC = "rbac.authorization.k8s.io"


def allow(world: World, verbs: list[str], *, resources: tuple[str, ...] = ("configmaps",), group: str = "") -> None:
    """Let the account write in the namespace ``default``."""
    rules = [{"apiGroups": [group], "resources": list(resources), "verbs": verbs}]
    about = {"apiVersion": f"{RBAC}/v1", "metadata": {"name": f"team-{group or 'core'}", "namespace": "default"}}
    world.cluster.apply({**about, "kind": "Role", "rules": rules}, manager="admin", force=True)
    binding = {
        **about,
        "kind": "RoleBinding",
        "roleRef": {"apiGroup": RBAC, "kind": "Role", "name": about["metadata"]["name"]},  # type: ignore[index]
        "subjects": [{"kind": "ServiceAccount", "name": "team", "namespace": "flux-system"}],
    }
    world.cluster.apply(binding, manager="admin", force=True)


@pytest.fixture(name="world_of_team")
def a_world(world: World) -> World:
    world.commit({"apps/a.yaml": config_map("a", v="1")})
    world.repository()
    world.kustomization(serviceAccountName="team")
    return world


def ready(world: World) -> Any:
    return world.condition("Kustomization", "apps")


def test_an_account_without_rights_applies_nothing(world_of_team: World) -> None:
    world_of_team.run(minutes=1)
    status, reason, message = ready(world_of_team)
    assert (status, reason) == ("False", "ReconciliationFailed")
    assert message == (
        'ConfigMap/default/a dry-run failed (Forbidden): configmaps "a" is forbidden: User '
        '"system:serviceaccount:flux-system:team" cannot patch resource "configmaps" in API group "" in the namespace '
        '"default"'
    )
    assert world_of_team.get("ConfigMap", "a", "default") is None


def test_it_applies_and_prunes_what_it_may(world_of_team: World) -> None:
    allow(world_of_team, ["get", "patch", "create"])
    world_of_team.run(minutes=1)
    assert ready(world_of_team)[0] == "True"
    world_of_team.commit({"apps/b.yaml": config_map("b")})
    world_of_team.run(minutes=2)
    assert ready(world_of_team)[1] == "PruneFailed"
    assert world_of_team.get("ConfigMap", "a", "default") is not None
    allow(world_of_team, ["get", "patch", "create", "delete"])
    world_of_team.run(minutes=12)
    assert ready(world_of_team)[0] == "True"


def test_what_is_new_has_to_be_allowed_too(world_of_team: World) -> None:
    allow(world_of_team, ["get", "patch"])
    world_of_team.run(minutes=1)
    assert "cannot create resource" in ready(world_of_team)[2]


def test_rights_that_are_taken_away_are_missed_at_the_next_interval(world_of_team: World) -> None:
    allow(world_of_team, ["get", "patch", "create"])
    world_of_team.run(minutes=1)
    allow(world_of_team, ["get"])
    world_of_team.run(minutes=11)
    assert ready(world_of_team)[0] == "False"


def test_nobody_grants_more_than_they_have(world: World) -> None:
    role = {
        "apiVersion": f"{RBAC}/v1",
        "kind": "Role",
        "metadata": {"name": "more", "namespace": "default"},
        "rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}],
    }
    world.commit({"apps/role.yaml": json.dumps(role)})
    world.repository()
    world.kustomization(serviceAccountName="team")
    allow(world, ["get", "patch", "create"], resources=("roles",), group=RBAC)
    world.run(minutes=1)
    assert "is attempting to grant RBAC permissions not currently held" in ready(world)[2]


def test_a_resource_set_applies_what_its_account_may(world: World) -> None:
    made = {
        "apiVersion": "fluxcd.controlplane.io/v1",
        "kind": "ResourceSet",
        "metadata": {"name": "set", "namespace": "flux-system"},
        "spec": {"serviceAccountName": "team", "resources": [yamls.parse(config_map("of-a-set"))]},
    }
    world.cluster.apply(made, manager="admin", force=True)
    world.run(minutes=1)
    status, _, message = world.condition("ResourceSet", "set")
    assert status == "False"
    assert 'User "system:serviceaccount:flux-system:team" cannot patch resource "configmaps"' in message
    allow(world, ["get", "patch", "create"])
    world.run(minutes=30)
    assert world.condition("ResourceSet", "set")[0] == "True"
    assert world.get("ConfigMap", "of-a-set", "default") is not None
