"""What the policies of a cluster say of what it holds is written beside it, as Kyverno's reports controller does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from nixernetes.cluster.admission.policy_reports import PolicyReporter
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.kinds import CLUSTER_POLICY_REPORT, POLICY_REPORT

POLICY = GroupKind("kyverno.io", "ClusterPolicy")
NEWER = GroupKind("policies.kyverno.io", "ValidatingPolicy")


class Reported:
    """A cluster with its reporter."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.cluster = EmbeddedCluster(name="prod", clock=self.clock)
        for kind in (POLICY, NEWER):
            self.cluster.serve(kind, namespaced=False)
        self.cluster.namespace("shop")
        self.reporter = PolicyReporter(self.cluster, self.clock)

    def put(self, *manifests: dict[str, Any]) -> None:
        for each in manifests:
            self.cluster.apply(each, manager="me", force=True)

    def run(self) -> dict[str, dict[str, str]]:
        """Let time pass; return the result of each rule by the object that it is about."""
        while self.reporter.due() is not None:
            self.clock.advance_to(self.clock.now() + timedelta(seconds=1))
            self.reporter.run(self.clock.now())
        reports = [*self.cluster.list(POLICY_REPORT), *self.cluster.list(CLUSTER_POLICY_REPORT)]
        return {
            f"{each['scope']['kind']}/{each['scope']['name']}": {
                f"{row['policy']}/{row.get('rule', '')}": row["result"] for row in each["results"]
            }
            for each in reports
        }


@pytest.fixture
def reported() -> Reported:
    return Reported()


def config(name: str, namespace: str = "shop", **data: str) -> dict[str, Any]:
    meta = {"name": name, "namespace": namespace}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": data}


def team(*kinds: str, **spec: Any) -> dict[str, Any]:
    rule = {
        "name": "team",
        "match": {"any": [{"resources": {"kinds": list(kinds or ("ConfigMap",)), "names": ["?*"]}}]},
        "validate": {"message": "a team is needed", "pattern": {"data": {"team": "?*"}}},
    }
    meta = {"name": "team", "annotations": {"policies.kyverno.io/severity": "high"}}
    return {"apiVersion": "kyverno.io/v1", "kind": "ClusterPolicy", "metadata": meta, "spec": {"rules": [rule], **spec}}


def test_what_was_there_before_the_policy_is_reported_too(reported: Reported) -> None:
    reported.put(config("good", team="a"), config("bad"), team())
    found = reported.run()
    assert found["ConfigMap/good"] == {"team/team": "pass"}
    assert found["ConfigMap/bad"] == {"team/team": "fail"}


def test_a_report_is_named_and_owned_by_its_object_and_goes_with_it(reported: Reported) -> None:
    reported.put(team(), config("bad"))
    reported.run()
    key = ObjectKey("", "ConfigMap", "shop", "bad")
    owner = reported.cluster.get(key)
    assert owner is not None
    report = reported.cluster.get(ObjectKey(*POLICY_REPORT, "shop", owner["metadata"]["uid"]))
    assert report is not None
    assert report["metadata"]["labels"] == {"app.kubernetes.io/managed-by": "kyverno"}
    assert report["metadata"]["ownerReferences"][0]["uid"] == owner["metadata"]["uid"]
    assert report["summary"] == {"pass": 0, "fail": 1, "warn": 0, "error": 0, "skip": 0}
    assert report["results"][0]["severity"] == "high"
    reported.cluster.delete(key)
    assert "ConfigMap/bad" not in reported.run()


def test_a_report_changes_with_its_object_and_with_the_policies(reported: Reported) -> None:
    reported.put(team(), config("web"))
    assert reported.run()["ConfigMap/web"] == {"team/team": "fail"}
    reported.put(config("web", team="a"))
    assert reported.run()["ConfigMap/web"] == {"team/team": "pass"}
    reported.cluster.delete(ObjectKey(*POLICY, "", "team"))
    assert reported.run() == {}


def test_what_has_no_namespace_has_a_report_without_one(reported: Reported) -> None:
    reported.put(team("Namespace"))
    found = reported.run()
    assert found["Namespace/shop"] == {"team/team": "fail"}
    assert "Namespace/kube-system" not in found


def test_policies_that_are_not_for_what_is_there_already_report_nothing(reported: Reported) -> None:
    reported.put(team(background=False), config("web"))
    assert reported.run() == {}


def test_only_what_judges_is_reported(reported: Reported) -> None:
    policy = team()
    mutate = {"patchStrategicMerge": {"metadata": {"labels": {"a": "b"}}}}
    policy["spec"]["rules"].append({"name": "label", "match": policy["spec"]["rules"][0]["match"], "mutate": mutate})
    reported.put(policy, config("web"))
    assert reported.run()["ConfigMap/web"] == {"team/team": "fail"}


def test_policies_in_cel_are_reported(reported: Reported) -> None:
    rules = [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["configmaps"]}]
    spec = {
        "matchConstraints": {"resourceRules": rules},
        "validationActions": ["Audit"],
        "validations": [{"expression": "has(object.data)", "message": "data is needed"}],
    }
    reported.put(
        {"apiVersion": "policies.kyverno.io/v1", "kind": "ValidatingPolicy", "metadata": {"name": "v"}, "spec": spec}
    )
    reported.put(config("web", a="b"))
    assert reported.run()["ConfigMap/web"] == {"v/": "pass"}


def test_a_cluster_without_policies_is_left_alone(reported: Reported) -> None:
    reported.put(config("web"))
    assert reported.reporter.due() is None
    assert POLICY_REPORT not in reported.cluster.kinds()
