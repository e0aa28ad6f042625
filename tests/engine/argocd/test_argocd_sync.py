"""An Application brings what Git says to a cluster, and keeps it so."""

from __future__ import annotations

import pytest
from tests.engine.argocd.conftest import URL, PlainCharts, Plane
from tests.engine.argocd.samples import application, config_map, deployment, namespace, project

from nixernetes.engine.argocd.requests import (
    request_refresh,
    request_rollback,
    request_sync,
    request_termination,
)
from nixernetes.errors import InputError, NotYetError
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import APPLICATION
from nixernetes.objects.manifest import Json
from nixernetes.render.rendered import Rendered
from nixernetes.render.sources.charts import Chart, ChartOptions

AUTO = {"prune": True, "selfHeal": True}


def test_an_automated_application_syncs_and_becomes_healthy(plane: Plane) -> None:
    revision = plane.commit({"apps/web.yaml": [deployment("web"), config_map("settings")]})
    plane.apply(namespace("production"), application("web", automated={}))
    assert plane.settle()
    assert plane.words("web") == "Synced/Healthy"
    assert plane.status("web")["sync"]["revision"] == revision
    assert plane.operation("web")["message"] == "successfully synced (all tasks run)"
    assert plane.status("web")["summary"] == {"images": ["web:1"]}
    assert [entry["message"] for entry in plane.operation("web")["syncResult"]["resources"]] == [
        "configmap/settings created",
        "deployment.apps/web created",
    ]
    marks = plane.get("ConfigMap", "production", "settings")["metadata"]["annotations"]
    assert marks["argocd.argoproj.io/tracking-id"] == "web:/ConfigMap:production/settings"


def test_a_new_commit_is_found_within_two_minutes(plane: Plane) -> None:
    plane.commit({"apps/a.yaml": config_map("a")})
    plane.apply(namespace("production"), application("web", automated={}))
    plane.settle()
    revision = plane.commit({"apps/a.yaml": {**config_map("a"), "data": {"key": "new"}}})
    plane.run(100)
    assert plane.status("web")["sync"]["revision"] != revision
    plane.run(30)
    assert plane.status("web")["sync"]["revision"] == revision
    assert plane.get("ConfigMap", "production", "a")["data"] == {"key": "new"}


def test_without_automation_nothing_is_synced_until_asked(plane: Plane) -> None:
    plane.commit({"apps/a.yaml": config_map("a")})
    plane.apply(namespace("production"), application("web"))
    assert plane.settle()
    assert plane.words("web") == "OutOfSync/Missing"
    request_sync(plane.api, "argocd", "web", clock=plane.clock)
    with pytest.raises(InputError, match="another operation is already in progress"):
        request_sync(plane.api, "argocd", "web", clock=plane.clock)
    assert plane.settle()
    assert plane.words("web") == "Synced/Healthy"
    assert "operation" not in plane.app("web")
    assert plane.status("web")["history"][0]["initiatedBy"] == {"username": "nixernetes"}


def test_a_dry_run_changes_nothing(plane: Plane) -> None:
    plane.commit({"apps/a.yaml": config_map("a")})
    plane.apply(namespace("production"), application("web"))
    request_sync(plane.api, "argocd", "web", dry_run=True, clock=plane.clock)
    plane.settle()
    assert plane.operation("web")["phase"] == "Succeeded"
    assert plane.get("ConfigMap", "production", "a") is None
    assert "history" not in plane.status("web")


def test_drift_is_healed_when_asked_and_only_shown_otherwise(plane: Plane) -> None:
    plane.commit({"apps/a.yaml": config_map("a")})
    healing = application("healing", automated=AUTO, to="one")
    showing = application("showing", automated={"prune": True}, to="two")
    plane.apply(namespace("one"), namespace("two"), healing, showing)
    plane.settle()
    for space in ("one", "two"):
        drifted = plane.edit("ConfigMap", space, "a")
        drifted["data"]["key"] = "by hand"
        plane.put(drifted)
    plane.run(5)
    assert plane.get("ConfigMap", "one", "a")["data"] == {"key": "value"}
    assert plane.words("healing") == "Synced/Healthy"
    assert plane.get("ConfigMap", "two", "a")["data"] == {"key": "by hand"}
    assert plane.words("showing") == "OutOfSync/Healthy"
    assert plane.argocd.settled()


def test_drift_that_comes_back_is_healed_with_back_off(plane: Plane) -> None:
    plane.commit({"apps/a.yaml": config_map("a")})
    plane.apply(namespace("production"), application("web", automated=AUTO))
    plane.settle()
    healed = []
    for _ in range(3):
        drifted = plane.edit("ConfigMap", "production", "a")
        drifted["data"]["key"] = "by hand"
        plane.put(drifted)
        start = plane.clock.now()
        while plane.get("ConfigMap", "production", "a")["data"]["key"] != "value":
            plane.run(1)
        healed.append((plane.clock.now() - start).total_seconds())
    # At once; two seconds after the last heal, one of which went by before; six seconds after the last heal.
    assert healed == [1, 1, 6]


def test_what_leaves_git_is_pruned(plane: Plane) -> None:
    plane.commit({"apps/all.yaml": [config_map("a"), config_map("b")]})
    plane.apply(namespace("production"), application("web", automated=AUTO))
    plane.settle()
    plane.commit({"apps/all.yaml": config_map("a")})
    plane.run(130)
    assert plane.get("ConfigMap", "production", "b") is None
    assert plane.words("web") == "Synced/Healthy"


def test_without_prune_it_stays_and_is_shown(plane: Plane) -> None:
    plane.commit({"apps/all.yaml": [config_map("a"), config_map("b")]})
    plane.apply(namespace("production"), application("web", automated={}))
    plane.settle()
    plane.commit({"apps/all.yaml": {**config_map("a"), "data": {"key": "new"}}})
    plane.run(130)
    assert plane.words("web") == "OutOfSync/Healthy"
    rows = {row["name"]: row for row in plane.status("web")["resources"]}
    assert rows["b"]["requiresPruning"]
    results = {row["name"]: row for row in plane.operation("web")["syncResult"]["resources"]}
    assert (results["b"]["status"], results["b"]["message"]) == ("PruneSkipped", "ignored (requires pruning)")
    assert plane.argocd.settled()


@pytest.mark.parametrize(
    "annotations",
    [{"argocd.argoproj.io/sync-options": "Prune=false"}, {"helm.sh/resource-policy": "keep"}],
    ids=["Prune=false", "keep"],
)
def test_what_an_object_says_of_itself_keeps_it_from_being_pruned(plane: Plane, annotations: dict[str, str]) -> None:
    kept = config_map("b")
    kept["metadata"] = {**kept["metadata"], "annotations": annotations}
    plane.commit({"apps/all.yaml": [config_map("a"), kept]})
    plane.apply(namespace("production"), application("web", automated={"prune": True}))
    plane.settle()
    plane.commit({"apps/all.yaml": {**config_map("a"), "data": {"key": "new"}}})
    plane.run(130)
    assert plane.get("ConfigMap", "production", "b") is not None
    results = {row["name"]: row for row in plane.operation("web")["syncResult"]["resources"]}
    assert (results["b"]["status"], results["b"]["message"]) == ("PruneSkipped", "ignored (no prune)")


def test_an_application_is_not_emptied_by_accident(plane: Plane) -> None:
    plane.commit({"apps/a.yaml": config_map("a")})
    plane.apply(namespace("production"), application("web", automated=AUTO))
    plane.settle()
    revision = plane.commit({"apps/README.md": "nothing here"})
    plane.run(130)
    assert plane.get("ConfigMap", "production", "a") is not None
    message = f"Skipping sync attempt to [{revision}]: auto-sync will wipe out all resources"
    assert plane.conditions("web") == [("SyncError", message)]
    assert plane.argocd.settled()


def test_a_missing_namespace_fails_the_sync_and_it_is_retried_five_times(plane: Plane) -> None:
    revision = plane.commit({"apps/a.yaml": config_map("a")})
    plane.apply(application("web", automated={}))
    assert plane.settle()
    operation = plane.operation("web")
    assert operation["phase"] == "Failed"
    assert operation["retryCount"] == 5
    reason = 'one or more objects failed to apply, reason: namespaces "production" not found'
    assert operation["message"] == f"{reason} (retried 5 times)."
    took = plane.clock.now() - plane.runtime.clock.now().replace(hour=0, minute=0, second=0)
    assert took.total_seconds() == pytest.approx(5 + 10 + 20 + 40 + 80, abs=5)
    message = f"Failed last sync attempt to [{revision}]: {operation['message']}"
    assert plane.conditions("web") == [("SyncError", message)]


def test_while_it_waits_for_a_retry_it_says_when(plane: Plane) -> None:
    plane.commit({"apps/a.yaml": config_map("a")})
    plane.apply(application("web", automated={}))
    plane.run(1)
    assert plane.operation("web")["message"].endswith("Retrying attempt #1 at 12:00AM.")
    plane.apply(namespace("production"))
    assert plane.settle()
    assert plane.words("web") == "Synced/Healthy"


def test_create_namespace_makes_it_with_its_metadata_and_leaves_it_when_the_application_goes(plane: Plane) -> None:
    plane.commit({"apps/a.yaml": config_map("a")})
    policy = {"managedNamespaceMetadata": {"labels": {"team": "web"}}}
    meta = {"finalizers": ["resources-finalizer.argocd.argoproj.io"]}
    app = application("web", automated={}, options=("CreateNamespace=true",), policy=policy, meta=meta)
    plane.apply(app)
    assert plane.settle()
    assert plane.get("Namespace", "", "production")["metadata"]["labels"]["team"] == "web"
    plane.api.delete(_key("web"))
    plane.run(10)
    assert plane.api.get(_key("web")) is None
    assert plane.get("ConfigMap", "production", "a") is None
    assert plane.get("Namespace", "", "production") is not None


def test_waves_wait_for_health_one_after_the_other(plane: Plane) -> None:
    objects = [deployment("first", sync_wave="-1"), deployment("second"), config_map("third", sync_wave="1")]
    plane.commit({"apps/all.yaml": objects})
    plane.apply(namespace("production"), application("web", automated={}))
    plane.run(1)
    assert plane.operation("web")["phase"] == "Running"
    assert plane.get("Deployment", "production", "second", group="apps") is None
    assert "waiting for healthy state of apps/Deployment/" in plane.operation("web")["message"]
    assert plane.settle()
    made = [
        plane.get(kind, "production", name, group=group)["metadata"]["creationTimestamp"]
        for kind, name, group in (
            ("Deployment", "first", "apps"),
            ("Deployment", "second", "apps"),
            ("ConfigMap", "third", ""),
        )
    ]
    assert made == sorted(set(made))
    assert plane.words("web") == "Synced/Healthy"


def test_deleting_without_finalizer_leaves_the_objects(plane: Plane) -> None:
    plane.commit({"apps/a.yaml": config_map("a")})
    plane.apply(namespace("production"), application("web", automated={}))
    plane.settle()
    plane.api.delete(_key("web"))
    plane.run(10)
    assert plane.api.get(_key("web")) is None
    assert plane.get("ConfigMap", "production", "a") is not None


def test_a_broken_manifest_is_a_comparison_error_that_names_the_file(plane: Plane) -> None:
    plane.commit({"apps/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: [broken"})
    plane.apply(namespace("production"), application("web", automated={}))
    assert plane.settle()
    ((kind, message),) = plane.conditions("web")
    assert kind == "ComparisonError"
    assert message.startswith("Failed to load target state: failed to generate manifest for source 1 of 1: ")
    assert "apps/a.yaml:" in message
    assert plane.status("web")["sync"]["status"] == "Unknown"


def test_a_source_that_disappears_is_forgiven_for_three_minutes_and_comes_back(plane: Plane) -> None:
    plane.commit({"apps/a.yaml": config_map("a")})
    plane.apply(namespace("production"), application("web", automated=AUTO))
    plane.settle()
    plane.source.failing[URL] = "connection refused"
    plane.run(150)
    assert plane.words("web") == "Synced/Healthy"
    plane.run(300)
    assert plane.conditions("web")[0][0] == "ComparisonError"
    assert "connection refused" in plane.conditions("web")[0][1]
    assert plane.get("ConfigMap", "production", "a") is not None
    del plane.source.failing[URL]
    plane.run(130)
    assert plane.words("web") == "Synced/Healthy"
    assert plane.conditions("web") == []


def test_a_refresh_is_asked_for_by_annotation_and_the_annotation_goes(plane: Plane) -> None:
    plane.commit({"apps/a.yaml": config_map("a")})
    plane.apply(namespace("production"), application("web", automated={}))
    plane.settle()
    revision = plane.commit({"apps/a.yaml": {**config_map("a"), "data": {"key": "new"}}})
    request_refresh(plane.api, "argocd", "web", hard=True)
    plane.run(3)
    assert plane.status("web")["sync"]["revision"] == revision
    assert "argocd.argoproj.io/refresh" not in (plane.app("web")["metadata"].get("annotations") or {})


def test_a_rollback_goes_to_an_earlier_deployment_and_needs_automation_off(plane: Plane) -> None:
    first = plane.commit({"apps/a.yaml": config_map("a")})
    plane.apply(namespace("production"), application("web"))
    request_sync(plane.api, "argocd", "web", clock=plane.clock)
    plane.settle()
    plane.commit({"apps/a.yaml": {**config_map("a"), "data": {"key": "new"}}})
    request_sync(plane.api, "argocd", "web", clock=plane.clock)
    plane.settle()
    request_rollback(plane.api, "argocd", "web")
    plane.settle()
    assert plane.get("ConfigMap", "production", "a")["data"] == {"key": "value"}
    assert plane.operation("web")["syncResult"]["revision"] == first
    plane.apply(application("auto", automated={}))
    with pytest.raises(InputError, match="rollback cannot be initiated when auto-sync is enabled"):
        request_rollback(plane.api, "argocd", "auto")


def test_ignored_differences_are_no_drift_and_may_be_kept_by_a_sync(plane: Plane) -> None:
    plane.commit({"apps/web.yaml": deployment("web", replicas=1)})
    rule = {"group": "apps", "kind": "Deployment", "jsonPointers": ["/spec/replicas"]}
    app = application("web", automated=AUTO, ignoreDifferences=[rule], options=("RespectIgnoreDifferences=true",))
    plane.apply(namespace("production"), app)
    plane.settle()
    scaled = plane.edit("Deployment", "production", "web", group="apps")
    scaled["spec"]["replicas"] = 5
    plane.put(scaled)
    plane.run(20)
    assert plane.words("web") == "Synced/Healthy"
    plane.commit({"apps/web.yaml": deployment("web", replicas=1, image="web:2")})
    plane.run(140)
    live = plane.get("Deployment", "production", "web", group="apps")
    assert live["spec"]["replicas"] == 5
    assert live["spec"]["template"]["spec"]["containers"][0]["image"] == "web:2"


IMAGE = '.spec.template.spec.containers[] | select(.name == "main") | .image'


def _drifted(plane: Plane, *expressions: str, **fields: Json) -> None:
    """Let somebody change the image of a Deployment whose differences are ignored by jq."""
    plane.commit({"apps/web.yaml": deployment("web", replicas=1)})
    rule = {"group": "apps", "kind": "Deployment", "jqPathExpressions": list(expressions)}
    plane.apply(namespace("production"), application("web", ignoreDifferences=[rule], **fields))
    request_sync(plane.api, "argocd", "web", clock=plane.clock)
    plane.settle()
    changed = plane.edit("Deployment", "production", "web", group="apps")
    changed["spec"]["template"]["spec"]["containers"][0]["image"] = "mirror/web:1"
    plane.put(changed)
    plane.run(20)


def test_what_jq_names_is_no_drift(plane_with_jq: Plane) -> None:
    _drifted(plane_with_jq, IMAGE)
    assert plane_with_jq.words("web") == "Synced/Healthy"
    changed = plane_with_jq.edit("Deployment", "production", "web", group="apps")
    changed["spec"]["replicas"] = 3
    plane_with_jq.put(changed)
    plane_with_jq.run(20)
    assert plane_with_jq.words("web") == "OutOfSync/Healthy"


@pytest.mark.parametrize("expression", [".spec.replicas.a", "last(range(1e15))"])
def test_an_expression_that_fails_or_never_ends_names_nothing(plane_with_jq: Plane, expression: str) -> None:
    _drifted(plane_with_jq, expression)
    assert plane_with_jq.words("web") == "OutOfSync/Healthy"


def test_a_sync_can_keep_what_jq_names(plane_with_jq: Plane) -> None:
    _drifted(plane_with_jq, IMAGE, automated=AUTO, options=("RespectIgnoreDifferences=true",))
    plane_with_jq.commit({"apps/web.yaml": deployment("web", replicas=2)})
    plane_with_jq.run(200)
    live = plane_with_jq.get("Deployment", "production", "web", group="apps")
    assert live["spec"]["replicas"] == 2
    assert live["spec"]["template"]["spec"]["containers"][0]["image"] == "mirror/web:1"


def test_a_text_that_is_no_expression_stops_the_comparison_and_is_named(plane_with_jq: Plane) -> None:
    plane_with_jq.commit({"apps/a.yaml": config_map("a")})
    rule = {"kind": "Other", "jqPathExpressions": [".spec["]}
    plane_with_jq.apply(namespace("production"), application("web", automated={}, ignoreDifferences=[rule]))
    assert plane_with_jq.settle()
    assert plane_with_jq.conditions("web")[0][0] == "ComparisonError"
    assert plane_with_jq.conditions("web")[0][1].startswith("'.spec[' is not a jq expression: syntax error")


def test_two_applications_that_want_one_object_are_warned(plane: Plane) -> None:
    plane.commit({"apps/a.yaml": config_map("a")})
    plane.apply(namespace("production"), application("one", automated={}))
    plane.settle()
    plane.apply(application("two", options=("FailOnSharedResource=true",)))
    request_sync(plane.api, "argocd", "two", clock=plane.clock)
    plane.settle()
    message = "ConfigMap/a is part of applications argocd/two and one"
    assert ("SharedResourceWarning", message) in plane.conditions("two")
    assert plane.operation("two")["message"] == f"Shared resource found: {message}"


def test_a_repeated_object_is_warned_about_and_the_last_one_counts(plane: Plane) -> None:
    plane.commit({"apps/all.yaml": [config_map("a"), {**config_map("a"), "data": {"key": "last"}}]})
    plane.apply(namespace("production"), application("web", automated={}))
    plane.settle()
    message = "Resource /ConfigMap/production/a appeared 2 times among application resources."
    assert plane.conditions("web") == [("RepeatedResourceWarning", message)]
    assert plane.get("ConfigMap", "production", "a")["data"] == {"key": "last"}


def test_an_operation_can_be_terminated(plane: Plane) -> None:
    plane.commit({"apps/all.yaml": [deployment("first", image="broken"), config_map("b", sync_wave="1")]})
    plane.apply(namespace("production"), application("web"))
    request_sync(plane.api, "argocd", "web", clock=plane.clock)
    plane.run(4)
    request_termination(plane.api, "argocd", "web")
    plane.run(4)
    assert (plane.operation("web")["phase"], plane.operation("web")["message"]) == ("Failed", "Operation terminated")


def test_an_unknown_kind_is_refused_before_anything_is_applied(plane: Plane) -> None:
    widget = {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "w"}}
    plane.commit({"apps/all.yaml": [config_map("a"), widget]})
    plane.apply(namespace("production"), application("web"))
    request_sync(plane.api, "argocd", "web", clock=plane.clock)
    plane.settle()
    assert plane.operation("web")["message"].startswith(
        "one or more synchronization tasks are not valid: failed to discover server resources for group version "
    )
    assert plane.get("ConfigMap", "production", "a") is None


def test_a_closed_sync_window_blocks_automation_and_says_so_for_a_manual_sync(plane: Plane) -> None:
    window = {"kind": "deny", "schedule": "* * * * *", "duration": "24h", "applications": ["*"]}
    plane.commit({"apps/a.yaml": config_map("a")})
    plane.apply(namespace("production"), project("team", syncWindows=[window]))
    plane.apply(application("web", project="team", automated={}))
    plane.run(300)
    assert plane.words("web") == "OutOfSync/Missing"
    request_sync(plane.api, "argocd", "web", clock=plane.clock)
    plane.run(5)
    assert plane.operation("web")["message"] == "Sync operation blocked by sync window"


def test_orphans_are_counted_when_the_project_asks(plane: Plane) -> None:
    plane.commit({"apps/a.yaml": config_map("a")})
    plane.apply(namespace("production"), config_map("stray", "production"), project("team", orphanedResources={}))
    plane.apply(application("web", project="team", automated={}))
    plane.settle()
    assert plane.conditions("web") == [("OrphanedResourceWarning", "Application has 1 orphaned resources")]


def _key(name: str) -> ObjectKey:
    return ObjectKey(*APPLICATION, "argocd", name)


def test_a_chart_that_is_still_being_rendered_is_compared_when_it_is_there(
    plane: Plane, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"apps/Chart.yaml": {"apiVersion": "v2", "name": "web", "version": "1.0.0"}}
    plane.commit({**files, "apps/templates/a.yaml": config_map("a")})
    template, asked = PlainCharts.template, []

    def late(charts: PlainCharts, chart: Chart, options: ChartOptions) -> list[Rendered]:
        asked.append(plane.clock.now())
        if len(asked) <= 3:
            raise NotYetError("chart")
        return template(charts, chart, options)

    monkeypatch.setattr(PlainCharts, "template", late)
    plane.apply(namespace("production"), application("web", automated={}))
    assert plane.settle()
    assert plane.words("web") == "Synced/Healthy"
    assert (asked[3] - asked[0]).total_seconds() == pytest.approx(0.6)
