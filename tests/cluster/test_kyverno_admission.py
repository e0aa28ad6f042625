"""The policies of a cluster are asked about every write, and refuse in the words of Kyverno's webhooks."""

from __future__ import annotations

from typing import Any

import pytest

from nixernetes.cluster.api import ApiError
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.identity import GroupKind, ObjectKey

POLICY = GroupKind("kyverno.io", "ClusterPolicy")
NEWER = GroupKind("policies.kyverno.io", "ValidatingPolicy")


@pytest.fixture
def cluster() -> EmbeddedCluster:
    made = EmbeddedCluster(name="prod", clock=VirtualClock())
    made.serve(POLICY, namespaced=False)
    made.serve(NEWER, namespaced=False)
    made.namespace("shop")
    return made


def ruled(name: str, *rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    spec = {"rules": [*rules], **more}
    return {"apiVersion": "kyverno.io/v1", "kind": "ClusterPolicy", "metadata": {"name": name}, "spec": spec}


def rule(name: str, body: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "match": {"any": [{"resources": {"kinds": ["ConfigMap"]}}]}, **body, **more}


def team(action: str = "Enforce") -> dict[str, Any]:
    validate = {"message": "a team is needed", "failureAction": action, "pattern": {"data": {"team": "?*"}}}
    return rule("team", {"validate": validate})


def config(namespace: str = "shop", **data: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": namespace}, "data": data}


WORDS = (
    'admission webhook "validate.kyverno.svc-fail" denied the request: \n\n'
    "resource ConfigMap/shop/a was blocked due to the following policies \n\n"
    "owned:\n  team: 'validation error: a team is needed. rule team failed at path /data/team/'\n"
)


@pytest.mark.parametrize("is_dry", [True, False])
def test_an_enforced_policy_refuses_a_write(cluster: EmbeddedCluster, is_dry: bool) -> None:
    cluster.apply(ruled("owned", team()), manager="flux")
    with pytest.raises(ApiError) as refused:
        cluster.apply(config(a="1"), manager="flux", dry_run=is_dry)
    assert (refused.value.reason, refused.value.message) == ("", WORDS)
    with pytest.raises(ApiError):
        cluster.create(config(a="1"), manager="kubectl-create")
    assert cluster.apply(config(team="x"), manager="flux")["data"] == {"team": "x"}


def test_an_audited_policy_refuses_nothing_and_neither_does_one_that_is_gone(cluster: EmbeddedCluster) -> None:
    cluster.apply(ruled("owned", team("Audit")), manager="flux")
    cluster.apply(config(a="1"), manager="flux")
    cluster.apply(ruled("owned", team()), manager="flux")
    cluster.delete(ObjectKey(*POLICY, "", "owned"))
    cluster.apply(config(a="2"), manager="flux")


def test_what_was_wrong_before_an_update_is_let_be(cluster: EmbeddedCluster) -> None:
    cluster.apply(config(a="1"), manager="flux")
    cluster.apply(ruled("owned", team()), manager="flux")
    assert cluster.apply(config(a="2"), manager="flux")["data"] == {"a": "2"}
    strict = team()
    strict["validate"]["allowExistingViolations"] = False
    cluster.apply(ruled("owned", strict), manager="flux")
    with pytest.raises(ApiError, match="a team is needed"):
        cluster.apply(config(a="3"), manager="flux")


def test_a_mutation_comes_first_and_is_stored_once(cluster: EmbeddedCluster) -> None:
    added = rule("add", {"mutate": {"patchStrategicMerge": {"data": {"+(team)": "x"}}}})
    cluster.apply(ruled("add", added), manager="flux")
    cluster.apply(ruled("owned", team()), manager="flux")
    first = cluster.apply(config(a="1"), manager="flux")
    assert first["data"] == {"a": "1", "team": "x"}
    assert cluster.apply(dict(config(a="1")), manager="flux") == first
    assert cluster.apply(config(a="2"), manager="flux")["data"] == {"a": "2", "team": "x"}


def test_namespaces_that_kyverno_passes_over_and_controllers_are_not_asked(cluster: EmbeddedCluster) -> None:
    cluster.apply(ruled("owned", team()), manager="flux")
    cluster.apply(config("kube-system", a="1"), manager="flux")
    cluster.create(config(a="1"), manager="kube-controller-manager")


def test_a_policy_in_cel_asks_the_cluster(cluster: EmbeddedCluster) -> None:
    rules = [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["configmaps"]}]
    expression = "resource.List('v1', 'configmaps', 'shop').items.size() < 2"
    spec = {
        "matchConstraints": {"resourceRules": rules},
        "validations": [{"expression": expression, "message": "too many"}],
    }
    policy = {"apiVersion": "policies.kyverno.io/v1", "kind": "ValidatingPolicy", "metadata": {"name": "few"}}
    cluster.apply({**policy, "spec": spec}, manager="flux")
    cluster.apply({**config(a="1"), "metadata": {"name": "b", "namespace": "shop"}}, manager="flux")
    with pytest.raises(ApiError) as refused:  # the namespace has kube-root-ca.crt, too
        cluster.apply(config(a="1"), manager="flux")
    assert refused.value.message == (
        'admission webhook "vpol.validate.kyverno.svc-fail" denied the request: Policy few failed: too many'
    )


def test_what_a_policy_makes_is_written_after_the_object(cluster: EmbeddedCluster) -> None:
    made = {
        "name": "quota",
        "match": {"any": [{"resources": {"kinds": ["Namespace"]}}]},
        "generate": {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "name": "made",
            "namespace": "{{ request.object.metadata.name }}",
            "data": {"data": {"of": "{{ request.object.metadata.name }}"}},
        },
    }
    cluster.apply(ruled("make", made), manager="flux")
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "new"}}
    cluster.apply(space, manager="flux", dry_run=True)
    assert cluster.get(ObjectKey("", "ConfigMap", "new", "made")) is None
    cluster.apply(space, manager="flux")
    found = cluster.get(ObjectKey("", "ConfigMap", "new", "made"))
    assert found is not None
    assert found["data"] == {"of": "new"}


def test_what_cannot_be_known_here_refuses_nothing(cluster: EmbeddedCluster) -> None:
    entry = {"name": "r", "apiCall": {"service": {"url": "https://example.com"}}}
    body = {
        "validate": {
            "failureAction": "Enforce",
            "deny": {"conditions": {"any": [{"key": "{{ r.x }}", "operator": "Equals", "value": "y"}]}},
        }
    }
    cluster.apply(ruled("asks", rule("r", body, context=[entry])), manager="flux")
    cluster.apply(config(a="1"), manager="flux")
