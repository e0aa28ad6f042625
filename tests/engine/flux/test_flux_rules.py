"""The pure parts of Flux: order, inventory, controls, drift rules, dependencies, history, conditions of progress."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from nixernetes.engine.flux import dependencies
from nixernetes.engine.flux.applying import controls, drift, inventory, ordering
from nixernetes.engine.flux.applying.managed_fields import taken_over
from nixernetes.engine.flux.helm.cluster import hooks_for
from nixernetes.engine.flux.helm.settings import action_settings
from nixernetes.engine.flux.kustomize import history
from nixernetes.engine.flux.progress import Progress
from nixernetes.engine.results import Done, RetryAfter, Stalled
from nixernetes.errors import InputError
from nixernetes.gitops.flux import HealthCheckExpr, HelmRelease, IgnoreRule, Kustomization, SourceReference
from nixernetes.health.expressions import HealthExpressions, NoValueError, is_ready
from nixernetes.health.kstatus import Status
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Json, Manifest

_GROUP = "kustomize.toolkit.fluxcd.io"
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


def _object(kind: str, name: str = "a", **meta: Json) -> Manifest:
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": "n", **meta}}


def test_definitions_come_first_then_classes_then_the_rest_by_kind() -> None:
    names = ["Deployment", "StorageClass", "Widget", "Namespace", "ValidatingWebhookConfiguration", "ConfigMap"]
    stages = ordering.stages([_object(name) for name in names])
    assert [[one["kind"] for one in stage] for stage in stages] == [
        ["Namespace"],
        ["StorageClass"],
        ["ConfigMap", "Deployment", "Widget", "ValidatingWebhookConfiguration"],
    ]


def test_the_order_of_input_is_irrelevant() -> None:
    objects = [_object("ConfigMap", name) for name in "cab"]
    assert ordering.stages(objects) == ordering.stages(reversed(objects))


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (ObjectKey("", "ConfigMap", "default", "cm"), "default_cm__ConfigMap"),
        (ObjectKey("apps", "Deployment", "default", "web"), "default_web_apps_Deployment"),
        (ObjectKey("", "Namespace", "", "team"), "_team__Namespace"),
        (
            ObjectKey("rbac.authorization.k8s.io", "ClusterRole", "", "system:x"),
            "_system__x_rbac.authorization.k8s.io_ClusterRole",
        ),
    ],
)
def test_inventory_ids_are_read_back(key: ObjectKey, text: str) -> None:
    assert inventory.entry_id(key) == text
    assert inventory.parse_id(text) == key


def test_controls_are_labels_or_annotations_in_any_case() -> None:
    assert controls.is_left_alone(_object("A", labels={f"{_GROUP}/reconcile": "Disabled"}))
    assert controls.is_left_alone(_object("A", annotations={f"{_GROUP}/ssa": "IGNORE"}))
    assert controls.creates_only(_object("A", annotations={f"{_GROUP}/ssa": "ifNotPresent"}))
    assert controls.survives_prune(_object("A", labels={f"{_GROUP}/prune": "disabled"}))
    assert not controls.is_left_alone(_object("A", labels={f"{_GROUP}/reconcile": "enabled"}))


def test_fields_of_kubectl_are_taken_over_and_others_stay() -> None:
    ours = {"manager": "kustomize-controller", "operation": "Apply", "fieldsV1": {"f:data": {"f:a": {}}}}
    hand = {"manager": "kubectl-edit", "operation": "Update", "fieldsV1": {"f:data": {"f:b": {}}}}
    other = {"manager": "autoscaler", "operation": "Update", "fieldsV1": {"f:spec": {}}}
    taken = taken_over(_object("ConfigMap", managedFields=[ours, hand, other]), "kustomize-controller")
    assert taken is not None
    assert taken["metadata"]["managedFields"] == [other, {**ours, "fieldsV1": {"f:data": {"f:a": {}, "f:b": {}}}}]


def test_nothing_is_taken_over_where_kubectl_holds_nothing() -> None:
    assert taken_over(_object("ConfigMap", managedFields=[]), "kustomize-controller") is None


def test_ignored_fields_take_their_live_value() -> None:
    rules = [IgnoreRule(paths=["/spec/replicas", "/metadata/annotations/a~1b"], target={"kind": "Deploy.*"})]
    desired, live = _object("Deployment") | {"spec": {"replicas": 1}}, _object("Deployment") | {"spec": {"replicas": 5}}
    paths = drift.pointers(rules, desired)
    assert paths == (("spec", "replicas"), ("metadata", "annotations", "a/b"))
    assert drift.payload(desired, live, paths)["spec"] == {"replicas": 5}
    assert drift.without(live, paths)["spec"] == {}
    assert drift.pointers(rules, _object("ConfigMap")) == ()


def test_targets_of_ignored_fields_are_expressions_of_go() -> None:
    rule = IgnoreRule(paths=["/spec"], target={"name": "(a+)+"})
    long = _object("Deployment", name="a" * 5000 + "b")
    assert drift.pointers([rule], long) == ()
    with pytest.raises(InputError, match=r"missing closing \): `\^\(\?:\(\)\$`"):
        drift.pointers([IgnoreRule(paths=["/spec"], target={"kind": "("})], long)


_SOURCE = SourceReference(kind="GitRepository", name="repo")


def _kustomization(name: str, *needs: str) -> Kustomization:
    return Kustomization(name=name, namespace="n", source_ref=_SOURCE, depends_on=needs)


def test_a_new_revision_runs_dependencies_first() -> None:
    objects = [_kustomization("a", "b"), _kustomization("b", "c"), _kustomization("c")]
    assert [one.name for one in dependencies.in_order(objects)] == ["c", "b", "a"]


def test_a_cycle_runs_nothing() -> None:
    objects = [_kustomization("a", "b"), _kustomization("b", "a"), _kustomization("c")]
    assert dependencies.in_order(objects) == []


def test_a_long_chain_of_dependencies_is_no_problem() -> None:
    objects = [_kustomization(f"k{i:04}", f"k{i + 1:04}") for i in range(3_000)]
    assert len(dependencies.in_order(objects)) == 3_000


def test_history_counts_repetitions_and_keeps_five() -> None:
    entries: Json = []
    for number in range(6):
        entries = history.upsert(
            entries, digest=f"d{number}", status="S", moment=_NOW, took=timedelta(seconds=1), metadata={}
        )
    entries = history.upsert(entries, digest="d3", status="S", moment=_NOW, took=timedelta(), metadata={})
    assert [one["digest"] for one in entries] == ["d3", "d5", "d4", "d2", "d1"]
    assert entries[0]["totalReconciliations"] == 2


def _widget(word: str) -> Manifest:
    return {
        "apiVersion": "x.io/v1",
        "kind": "Widget",
        "metadata": {"name": "a", "generation": 1},
        "status": {"conditions": [{"type": "Ready", "status": word}]},
    }


def test_health_expressions_decide_for_their_kind() -> None:
    rules = [
        HealthCheckExpr(
            api_version="x.io/v1",
            kind="Widget",
            current="status.conditions.filter(c, c.type == 'Ready').all(c, c.status == 'True')",
            failed="status.conditions.exists(c, c.status == 'Broken')",
        )
    ]
    expressions = HealthExpressions(rules)
    assert expressions.compute(_widget("True"), _NOW).status is Status.CURRENT
    assert expressions.compute(_widget("Broken"), _NOW).status is Status.FAILED
    assert expressions.compute(_widget("False"), _NOW).status is Status.IN_PROGRESS
    assert expressions.compute(_object("ConfigMap"), _NOW).status is Status.CURRENT


def test_a_field_that_is_missing_means_that_health_is_not_known() -> None:
    expressions = HealthExpressions([HealthCheckExpr(api_version="v1", current="status.phase == 'Up'")])
    assert expressions.compute(_object("ConfigMap"), _NOW).status is Status.UNKNOWN


def test_an_expression_has_the_libraries_of_flux() -> None:
    text = "sets.contains(metadata.tags, ['a']) && base64.decode(data.key) == b'hi' && metadata.name.charAt(0) == 'a'"
    expressions = HealthExpressions([HealthCheckExpr(api_version="v1", current=text)])
    live = _object("ConfigMap", tags=["a", "b"]) | {"data": {"key": "aGk="}}
    assert expressions.compute(live, _NOW).status is Status.CURRENT


@pytest.mark.parametrize("source", ["a b", "status.", "1 ="])
def test_an_expression_that_cannot_be_used_is_refused(source: str) -> None:
    with pytest.raises(InputError, match="CEL"):
        HealthExpressions([HealthCheckExpr(api_version="v1", current=source)])


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("1 + 1", "CEL expression output type mismatch: expected bool, got int"),
        ("dep.spec.suspend", "CEL expression output type mismatch: expected bool, got dyn"),
        ("other.spec.suspend == true", "failed to parse the CEL expression 'other.spec.suspend == true': ERROR"),
    ],
)
def test_an_expression_about_a_dependency_must_be_known_to_be_a_boolean(source: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        is_ready(source, {}, {})
    assert caught.value.message.startswith(message)
    assert not isinstance(caught.value, NoValueError)


def test_an_expression_may_have_no_value_yet() -> None:
    source = "dep.metadata.labels.v == self.metadata.labels.v"
    dependency = _object("ConfigMap")
    with pytest.raises(NoValueError) as caught:
        is_ready(source, _object("ConfigMap", labels={"v": "1"}), dependency)
    assert caught.value.message == f"failed to evaluate the CEL expression '{source}': no such key: labels"
    dependency["metadata"]["labels"] = {"v": "1"}
    assert is_ready(source, _object("ConfigMap", labels={"v": "1"}), dependency)


def test_hooks_run_by_weight_then_name() -> None:
    def hook(name: str, weight: str) -> Manifest:
        annotations = {"helm.sh/hook": "pre-install,pre-upgrade", "helm.sh/hook-weight": weight}
        return _object("Job", name, annotations=annotations)

    hooks = [hook("c", "1"), hook("b", "1"), hook("a", "5"), hook("z", "-1")]
    assert [one["metadata"]["name"] for one in hooks_for(hooks, "pre-upgrade")] == ["z", "b", "c", "a"]
    assert hooks_for(hooks, "post-install") == []


def _release(**fields: Json) -> HelmRelease:
    return HelmRelease(name="web", chart_ref={"kind": "OCIRepository", "name": "web"}, **fields)


def test_remediation_defaults_are_those_of_flux() -> None:
    assert not action_settings(_release(), "upgrade").remediation.last
    upgrade = action_settings(_release(upgrade={"remediation": {"retries": 1}}), "upgrade").remediation
    assert (upgrade.last, upgrade.strategy, upgrade.exhausted(1), upgrade.exhausted(2)) == (
        True,
        "rollback",
        False,
        True,
    )
    endless = _release(install={"remediation": {"retries": -1}})
    assert not action_settings(endless, "install").remediation.exhausted(99)


def test_failing_twice_alike_is_rest_until_something_changes() -> None:
    progress, key = Progress(), ObjectKey("g", "K", "n", "a")
    progress.expect(key)
    assert not progress.settled()
    for expected in (False, True):
        progress.begins(key)
        progress.ended(key, RetryAfter(timedelta(minutes=1), "broken after 5s"), again=False)
        assert progress.settled() is expected
    progress.changed()
    assert not progress.settled()


def test_nobody_waits_for_a_next_look_that_is_hours_away() -> None:
    progress, key = Progress(), ObjectKey("g", "K", "n", "a")
    progress.begins(key)
    progress.ended(key, RetryAfter(timedelta(hours=12), "broken"), again=False)
    assert progress.settled()
    progress.begins(key)
    assert not progress.settled()


@pytest.mark.parametrize("result", [Done(), Stalled("never")])
def test_success_and_stalling_are_rest(result: Done | Stalled) -> None:
    progress, key = Progress(), ObjectKey("g", "K", "n", "a")
    progress.begins(key)
    assert not progress.settled()
    progress.ended(key, result, again=False)
    assert progress.settled()
