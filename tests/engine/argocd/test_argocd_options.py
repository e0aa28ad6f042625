"""Hooks, sync options, several sources, deletion: the finer points of a sync."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.engine.argocd.conftest import PlainCharts, Plane, make_plane
from tests.engine.argocd.samples import URL, application, config_map, deployment, namespace

from nixernetes.cluster.workloads import WorkloadProfile, WorkloadSimulator
from nixernetes.engine.argocd.install import install_argocd
from nixernetes.engine.argocd.requests import request_sync
from nixernetes.engine.outbox import Outbox
from nixernetes.engine.outside import Outside
from nixernetes.engine.runtime import Runtime
from nixernetes.objects.clocks import timestamp
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import APPLICATION
from nixernetes.objects.manifest import Manifest, canonical
from nixernetes.objects.well_known import IN_CLUSTER
from nixernetes.render.delivery_builds import Builder
from nixernetes.render.sources.charts import Chart
from nixernetes.render.tools import Tools
from nixernetes.render.tree import MemoryTree

CASCADE = "resources-finalizer.argocd.argoproj.io"


def job(name: str, image: str = "migrate:1", **annotations: str) -> Manifest:
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": config_map(name, **annotations)["metadata"],
        "spec": {
            "backoffLimit": 0,
            "template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "main", "image": image}]}},
        },
    }


def test_hooks_run_before_and_after_and_are_no_part_of_the_status(plane: Plane) -> None:
    before = job("migrate", hook="PreSync")
    after = job("smoke", hook="PostSync", hook_delete_policy="HookSucceeded")
    plane.commit({"apps/all.yaml": [deployment("web"), before, after]})
    plane.apply(namespace("production"), application("web", automated={}))
    plane.run(1)
    assert plane.get("Job", "production", "migrate", group="batch") is not None
    assert plane.get("Deployment", "production", "web", group="apps") is None
    assert plane.operation("web")["message"].startswith("waiting for completion of hook batch/Job/migrate")
    assert plane.settle()
    assert plane.words("web") == "Synced/Healthy"
    assert plane.get("Job", "production", "smoke", group="batch") is None
    rows = {(row["kind"], row["name"]): row for row in plane.status("web")["resources"]}
    assert "status" not in rows[("Job", "migrate")]
    phases = [(row["name"], row["syncPhase"]) for row in plane.operation("web")["syncResult"]["resources"]]
    assert phases == [("migrate", "PreSync"), ("web", "Sync"), ("smoke", "PostSync")]


def test_a_failed_hook_fails_the_sync_and_runs_the_hooks_for_failures(plane: Plane) -> None:
    bad = job("migrate", hook="PreSync")
    bad["spec"]["template"]["metadata"] = {"annotations": {"sim.nixernetes.dev/fail": "Error"}}
    told = job("tell", hook="SyncFail")
    plane.commit({"apps/all.yaml": [config_map("a"), bad, told]})
    plane.apply(namespace("production"), application("web"))
    request_sync(plane.api, "argocd", "web", clock=plane.clock)
    plane.settle()
    assert plane.operation("web")["phase"] == "Failed"
    assert plane.operation("web")["message"] == "one or more synchronization tasks completed unsuccessfully"
    assert plane.get("Job", "production", "tell", group="batch") is not None
    assert plane.get("ConfigMap", "production", "a") is None


def test_a_hook_with_a_generated_name_gets_revision_phase_and_time(plane: Plane) -> None:
    hook = job("x", hook="PreSync")
    hook["metadata"]["generateName"] = "migrate-"
    del hook["metadata"]["name"]
    revision = plane.commit({"apps/all.yaml": [config_map("a"), hook]})
    plane.apply(namespace("production"), application("web", automated={}))
    assert plane.settle()
    names = [row["name"] for row in plane.operation("web")["syncResult"]["resources"]]
    assert names[0] == f"migrate-{revision[:7]}-presync-{1767225600}"


def test_a_selective_sync_runs_no_hooks_and_writes_no_history(plane: Plane) -> None:
    plane.commit({"apps/all.yaml": [config_map("a"), config_map("b"), job("migrate", hook="PreSync")]})
    plane.apply(namespace("production"), application("web"))
    app = plane.edit("Application", "argocd", "web", group="argoproj.io")
    app["operation"] = {"sync": {"resources": [{"kind": "ConfigMap", "name": "b"}]}}
    plane.put(app)
    plane.settle()
    assert plane.operation("web")["phase"] == "Succeeded"
    assert plane.get("ConfigMap", "production", "b") is not None
    assert plane.get("ConfigMap", "production", "a") is None
    assert plane.get("Job", "production", "migrate", group="batch") is None
    assert "history" not in plane.status("web")


@pytest.mark.parametrize(
    ("options", "annotation", "message"),
    [
        ((), "", "configmap/a configured"),
        (("Replace=true",), "", "configmap/a replaced"),
        (("ServerSideApply=true",), "", "configmap/a serverside-applied"),
        (("ServerSideApply=true",), "ServerSideApply=false", "configmap/a configured"),
        ((), "Replace=true", "configmap/a replaced"),
    ],
)
def test_how_an_object_is_applied_is_an_option_and_the_object_has_the_last_word(
    plane: Plane, options: tuple[str, ...], annotation: str, message: str
) -> None:
    marks = {"sync_options": annotation} if annotation else {}
    plane.commit({"apps/a.yaml": config_map("a", **marks)})
    plane.apply(namespace("production"), application("web", automated={}, options=options))
    plane.settle()
    plane.commit({"apps/a.yaml": {**config_map("a", **marks), "data": {"key": "new"}}})
    plane.run(130)
    assert [row["message"] for row in plane.operation("web")["syncResult"]["resources"]] == [message]
    assert plane.get("ConfigMap", "production", "a")["data"] == {"key": "new"}


def test_force_makes_again_what_cannot_be_changed(plane: Plane) -> None:
    plane.commit({"apps/web.yaml": deployment("web")})
    plane.apply(namespace("production"), application("web", automated={}))
    plane.settle()
    before = plane.get("Deployment", "production", "web", group="apps")["metadata"]["uid"]
    changed = deployment("web", sync_options="Force=true,Replace=true")
    changed["spec"]["selector"]["matchLabels"]["tier"] = "front"
    changed["spec"]["template"]["metadata"]["labels"]["tier"] = "front"
    plane.commit({"apps/web.yaml": changed})
    plane.run(140)
    live = plane.get("Deployment", "production", "web", group="apps")
    assert live["spec"]["selector"]["matchLabels"]["tier"] == "front"
    assert live["metadata"]["uid"] != before


def test_only_what_differs_is_applied_when_asked(plane: Plane) -> None:
    options = ("ApplyOutOfSyncOnly=true",)
    plane.commit({"apps/all.yaml": [config_map("a"), config_map("b")]})
    plane.apply(namespace("production"), application("web", automated={}, options=options))
    plane.settle()
    plane.commit({"apps/all.yaml": [config_map("a"), {**config_map("b"), "data": {"key": "new"}}]})
    plane.run(130)
    assert [row["name"] for row in plane.operation("web")["syncResult"]["resources"]] == ["b"]
    assert plane.words("web") == "Synced/Healthy"


def test_prune_last_waits_for_everything_else(plane: Plane) -> None:
    plane.commit({"apps/all.yaml": [config_map("old"), deployment("web")]})
    options = ("PruneLast=true",)
    plane.apply(namespace("production"), application("web", automated={"prune": True}, options=options))
    plane.settle()
    plane.commit({"apps/all.yaml": [deployment("web", image="web:2")]})
    while plane.operation("web")["phase"] == "Succeeded" and plane.clock.now().hour == 0:
        plane.run(1)
        if plane.get("Deployment", "production", "web", group="apps")["metadata"]["generation"] > 1:
            break
    assert plane.get("ConfigMap", "production", "old") is not None
    plane.run(30)
    assert plane.get("ConfigMap", "production", "old") is None


def test_a_custom_resource_may_come_with_its_definition(plane: Plane) -> None:
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "widgets.example.com"},
        "spec": {
            "group": "example.com",
            "names": {"kind": "Widget", "plural": "widgets", "singular": "widget", "listKind": "WidgetList"},
            "scope": "Namespaced",
            "versions": [
                {
                    "name": "v1",
                    "served": True,
                    "storage": True,
                    "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}},
                }
            ],
        },
    }
    widget = {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "w"}, "spec": {"size": 1}}
    plane.commit({"apps/all.yaml": [widget, definition]})
    plane.apply(namespace("production"), application("web", automated={}))
    assert plane.settle()
    assert plane.words("web") == "Synced/Healthy"
    assert plane.get("Widget", "production", "w", group="example.com") is not None


def test_a_chart_with_values_from_another_repository(plane: Plane) -> None:
    values = "https://github.com/myorg/values"
    manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: from-chart}\n"
    files = {"Chart.yaml": "apiVersion: v2\nname: demo\nversion: 1.2.3\n", "templates/a.yaml": manifest}
    plane.charts.add("https://charts.example.com", Chart(name="demo", version="1.2.3", tree=MemoryTree(files)))
    revision = plane.commit({"demo/values.yaml": "size: 3\n"}, url=values)
    app = application("web", automated={})
    del app["spec"]["source"]
    app["spec"]["sources"] = [
        {
            "repoURL": "https://charts.example.com",
            "chart": "demo",
            "targetRevision": "1.2.3",
            "helm": {"valueFiles": ["$values/demo/values.yaml"]},
        },
        {"repoURL": values, "targetRevision": "main", "ref": "values"},
    ]
    plane.apply(namespace("production"), app)
    assert plane.settle()
    assert plane.words("web") == "Synced/Healthy"
    assert plane.status("web")["sync"]["revisions"] == ["1.2.3", revision]
    assert plane.status("web")["sourceTypes"] == ["Helm", ""]
    assert plane.get("ConfigMap", "production", "from-chart") is not None


def test_an_application_with_a_finalizer_takes_its_objects_along_by_descending_wave(plane: Plane) -> None:
    first = config_map("first", sync_wave="-1")
    kept = config_map("kept", sync_options="Delete=false")
    last = config_map("last", sync_wave="5")
    plane.commit({"apps/all.yaml": [first, kept, last]})
    plane.apply(namespace("production"), application("web", automated={}, meta={"finalizers": [CASCADE]}))
    assert plane.settle()
    gone: list[str] = []
    plane.api.watch(lambda event: gone.append(event.object["metadata"]["name"]) if event.type == "DELETED" else None)
    plane.api.delete(ObjectKey(*APPLICATION, "argocd", "web"))
    plane.run(20)
    assert gone == ["last", "first", "web"]
    assert plane.get("ConfigMap", "production", "kept") is not None


def test_hooks_run_around_a_deletion(plane: Plane) -> None:
    policy = {"hook_delete_policy": "HookSucceeded"}
    before, after = job("before", hook="PreDelete"), job("after", hook="PostDelete", **policy)
    plane.commit({"apps/all.yaml": [config_map("a"), before, after]})
    plane.apply(namespace("production"), application("web", automated={}, meta={"finalizers": [CASCADE]}))
    assert plane.settle()
    assert plane.get("Job", "production", "before", group="batch") is None
    assert "pre-delete-finalizer.argocd.argoproj.io" in plane.app("web")["metadata"]["finalizers"]
    plane.api.delete(ObjectKey(*APPLICATION, "argocd", "web"))
    plane.run(1)
    assert plane.get("Job", "production", "before", group="batch") is not None
    assert plane.get("ConfigMap", "production", "a") is not None
    plane.run(60)
    assert plane.api.get(ObjectKey(*APPLICATION, "argocd", "web")) is None
    assert plane.get("ConfigMap", "production", "a") is None
    assert plane.get("Job", "production", "after", group="batch") is None


def test_extraneous_objects_may_be_tolerated(plane: Plane) -> None:
    plane.commit({"apps/all.yaml": [config_map("a"), config_map("b", compare_options="IgnoreExtraneous")]})
    plane.apply(namespace("production"), application("web", automated={}))
    plane.settle()
    plane.commit({"apps/all.yaml": [config_map("a")]})
    plane.run(130)
    assert plane.words("web") == "Synced/Healthy"


def test_a_copied_mark_makes_no_object_managed(plane: Plane) -> None:
    plane.commit({"apps/a.yaml": config_map("a")})
    plane.apply(namespace("production"), application("web", automated={"prune": True}))
    plane.settle()
    copied = config_map("copy", "production")
    copied["metadata"]["annotations"] = plane.get("ConfigMap", "production", "a")["metadata"]["annotations"]
    plane.apply(copied)
    plane.run(130)
    assert plane.words("web") == "Synced/Healthy"
    assert plane.get("ConfigMap", "production", "copy") is not None


def test_a_user_script_gives_child_applications_a_health(plane: Plane) -> None:
    script = (
        'hs = {status = "Progressing"}\n'
        "if obj.status and obj.status.health then hs.status = obj.status.health.status end\n"
        "return hs"
    )
    settings = config_map("argocd-cm", "argocd")
    settings["data"] = {"resource.customizations.health.argoproj.io_Application": script}
    child = application("child", "bad", automated={})
    plane.commit({"apps/child.yaml": child, "bad/web.yaml": deployment("web", image="broken")})
    plane.apply(namespace("production"), settings, application("root", to="argocd", automated={}))
    plane.run(30)
    assert plane.words("child") == "Synced/Progressing"
    assert plane.words("root") == "Synced/Progressing"


def test_the_poll_interval_is_a_setting(plane: Plane) -> None:
    settings = config_map("argocd-cm", "argocd")
    settings["data"] = {"timeout.reconciliation": "30s"}
    plane.commit({"apps/a.yaml": config_map("a")})
    plane.apply(
        namespace("production"),
        settings,
        application("web", automated={}),
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "x"}},
    )
    plane.settle()
    revision = plane.commit({"apps/a.yaml": {**config_map("a"), "data": {"key": "new"}}})
    plane.run(31)
    assert plane.status("web")["sync"]["revision"] == revision


def test_a_skipped_application_is_left_alone(plane: Plane) -> None:
    plane.commit({"apps/a.yaml": config_map("a")})
    meta = {"annotations": {"argocd.argoproj.io/skip-reconcile": "true"}}
    plane.apply(namespace("production"), application("web", automated={}, meta=meta))
    assert plane.settle()
    assert plane.status("web") == {}


def test_sources_of_a_pinned_tag_stay_there(plane: Plane) -> None:
    revision = plane.commit({"apps/a.yaml": config_map("a")})
    plane.source.tag(URL, "v1", revision)
    plane.commit({"apps/a.yaml": {**config_map("a"), "data": {"key": "new"}}})
    source = {"repoURL": URL, "path": "apps", "targetRevision": "v1"}
    plane.apply(namespace("production"), application("web", automated={}, source=source))
    assert plane.settle()
    assert plane.get("ConfigMap", "production", "a")["data"] == {"key": "value"}


def test_a_prune_that_needs_confirmation_waits_for_it(plane: Plane) -> None:
    plane.commit({"apps/all.yaml": [config_map("a"), config_map("b", sync_options="Prune=confirm")]})
    plane.apply(namespace("production"), application("web", automated={"prune": True}))
    plane.settle()
    plane.commit({"apps/all.yaml": config_map("a")})
    plane.run(300)
    assert plane.operation("web")["message"] == "waiting for pruning confirmation of /ConfigMap/b"
    assert plane.get("ConfigMap", "production", "b") is not None
    assert plane.argocd.settled()
    app = plane.edit("Application", "argocd", "web", group="argoproj.io")
    app["metadata"].setdefault("annotations", {})["argocd.argoproj.io/deletion-approved"] = timestamp(plane.clock.now())
    plane.put(app)
    plane.run(5)
    assert plane.get("ConfigMap", "production", "b") is None


def test_a_deletion_that_needs_confirmation_waits_for_it(plane: Plane) -> None:
    plane.commit({"apps/all.yaml": [config_map("a", sync_options="Delete=confirm")]})
    plane.apply(namespace("production"), application("web", automated={}, meta={"finalizers": [CASCADE]}))
    plane.settle()
    plane.api.delete(ObjectKey(*APPLICATION, "argocd", "web"))
    plane.run(30)
    assert plane.get("ConfigMap", "production", "a") is not None
    app = plane.edit("Application", "argocd", "web", group="argoproj.io")
    app["metadata"].setdefault("annotations", {})["argocd.argoproj.io/deletion-approved"] = timestamp(plane.clock.now())
    plane.put(app)
    plane.run(5)
    assert plane.get("ConfigMap", "production", "a") is None
    assert plane.api.get(ObjectKey(*APPLICATION, "argocd", "web")) is None


def test_a_manual_sync_of_a_forbidden_application_ends_in_error_with_the_reason(plane: Plane) -> None:
    plane.commit({"apps/a.yaml": config_map("a")})
    plane.apply(namespace("production"), application("web", project="nobody"))
    request_sync(plane.api, "argocd", "web", clock=plane.clock)
    assert plane.settle()
    message = 'Failed to load application project: appproject.argoproj.io "nobody" not found'
    assert (plane.operation("web")["phase"], plane.operation("web")["message"]) == ("Error", message)


def test_a_sync_whose_first_wave_never_gets_healthy_settles_in_the_end(plane: Plane) -> None:
    plane.commit({"apps/all.yaml": [deployment("web", image="broken"), config_map("a", sync_wave="1")]})
    plane.apply(namespace("production"), application("web", automated={}))
    assert plane.settle(7200)
    assert plane.operation("web")["phase"] in ("Running", "Failed")
    assert plane.get("ConfigMap", "production", "a") is None


def test_a_restart_in_the_middle_of_a_sync_loses_nothing(plane: Plane) -> None:
    plane.commit({"apps/all.yaml": [deployment("web"), config_map("a", sync_wave="1"), config_map("b", sync_wave="2")]})
    plane.apply(namespace("production"), application("web", automated={"prune": True}))
    plane.run(1)
    assert plane.operation("web")["phase"] == "Running"
    runtime = Runtime(plane.clock)
    runtime.add_process(WorkloadSimulator(plane.api, plane.clock, WorkloadProfile()))
    again = install_argocd(
        runtime=runtime,
        api=plane.api,
        clusters={IN_CLUSTER: plane.api},
        names={"in-cluster": IN_CLUSTER},
        outside=Outside(
            builder=Builder(
                Tools(source=plane.source, repositories=plane.charts, registries=plane.registries, charts=PlainCharts())
            ),
            outbox=Outbox(plane.notifier),
        ),
        recorder=plane.recorder,
    )
    assert runtime.advance(plane.clock.now() + timedelta(hours=1), again.settled)
    assert plane.words("web") == "Synced/Healthy"
    assert plane.operation("web")["startedAt"] == "2026-01-01T00:00:00Z"
    plane.commit({"apps/all.yaml": [deployment("web")]})
    runtime.advance(plane.clock.now() + timedelta(minutes=5))
    assert plane.get("ConfigMap", "production", "a") is None


def test_fields_of_another_manager_may_be_ignored(plane: Plane) -> None:
    plane.commit({"apps/web.yaml": deployment("web", replicas=1)})
    rule = {"group": "apps", "kind": "Deployment", "managedFieldsManagers": ["autoscaler"]}
    app = application("web", automated={"selfHeal": True}, ignoreDifferences=[rule])
    plane.apply(namespace("production"), app)
    plane.settle()
    scaled = plane.edit("Deployment", "production", "web", group="apps")
    scaled["spec"]["replicas"] = 3
    plane.api.update(scaled, manager="autoscaler")
    plane.run(30)
    assert plane.words("web") == "Synced/Healthy"
    assert plane.get("Deployment", "production", "web", group="apps")["spec"]["replicas"] == 3


def test_two_equal_runs_give_equal_bytes() -> None:
    def run() -> bytes:
        plane = make_plane()
        plane.commit({"apps/all.yaml": [deployment("web"), config_map("a"), job("j", hook="PostSync")]})
        plane.apply(namespace("production"), application("web", automated={"prune": True, "selfHeal": True}))
        plane.settle()
        return canonical([plane.app("web"), [event.message for event in plane.recorder.recent]])

    assert run() == run()


@pytest.mark.parametrize(
    "changes",
    [
        {"syncPolicy": {"automated": {}, "retry": {"limit": 2, "backoff": {"duration": "1d"}}}},
        {"sources": "none"},
        {"destination": []},
        {"revisionHistoryLimit": "many"},
    ],
)
def test_a_spec_that_cannot_be_read_is_a_condition_and_stops_nobody(plane: Plane, changes: Manifest) -> None:
    plane.permissive()
    plane.commit({"apps/a.yaml": config_map("a")})
    broken = application("broken")
    broken["spec"].update(changes)
    plane.apply(namespace("production"), broken, application("web", automated={}))
    assert plane.settle()
    assert plane.conditions("broken")[0][0] == "InvalidSpecError"
    assert plane.words("web") == "Synced/Healthy"
