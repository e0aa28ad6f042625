"""HelmReleases: installed, upgraded, mended, rolled back, uninstalled, with Flux's words."""

from __future__ import annotations

import base64
import gzip
import json

import pytest
from tests.engine.flux.conftest import TemplateCharts, World, config_map, deployment
from tests.engine.flux.releases import CHARTS, broken, chart, job, release

from nixernetes.cluster.workloads import WorkloadProfile
from nixernetes.cluster.workloads.profile import Failure
from nixernetes.objects import yamls
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.sources.charts import Chart
from nixernetes.render.tree import MemoryTree


def _ready(world: World) -> tuple[str, str, str]:
    return world.condition("HelmRelease", "web", namespace="default")


def _history(world: World) -> list[Json]:
    return [
        (one["version"], one["status"], one["chartVersion"])
        for one in world.status("HelmRelease", "web", "default")["history"]
    ]


def _data(world: World, name: str = "web-cm", namespace: str = "default") -> Json:
    return (world.get("ConfigMap", name, namespace) or {}).get("data")


def _allow(world: World, **rights: list[str]) -> None:
    """Let an account do something in the namespace of the release."""
    about = {"apiVersion": "rbac.authorization.k8s.io/v1", "metadata": {"name": "team", "namespace": "default"}}
    rules = [{"apiGroups": [""], "resources": [resource], "verbs": verbs} for resource, verbs in rights.items()]
    world.cluster.apply({**about, "kind": "Role", "rules": rules}, manager="admin", force=True)
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "team"}
    subjects = [{"kind": "ServiceAccount", "name": "team", "namespace": "default"}]
    binding = {**about, "kind": "RoleBinding", "roleRef": reference, "subjects": subjects}
    world.cluster.apply(binding, manager="admin", force=True)


def test_a_release_writes_with_the_rights_of_its_account(world: World) -> None:
    """What Helm remembers of a release is read and written by the account, too."""
    world.charts.add(CHARTS, chart())
    release(world, serviceAccountName="team")
    world.run(minutes=1)
    assert _ready(world)[1:] == (
        "StateError",
        (
            "Could not determine release state: failed to retrieve last release from storage: query: failed to query "
            'with labels: secrets is forbidden: User "system:serviceaccount:default:team" cannot list resource '
            '"secrets" in API group "" in the namespace "default"'
        ),
    )
    _allow(world, secrets=["list"])
    world.run(minutes=11)
    assert "failed to create: secrets is forbidden" in _ready(world)[2]
    secrets = ["list", "create", "update", "delete"]
    _allow(world, secrets=secrets)
    world.run(hours=1)
    assert 'User "system:serviceaccount:default:team" cannot patch resource "configmaps"' in _ready(world)[2]
    assert _data(world) is None
    _allow(world, secrets=secrets, configmaps=["get", "patch", "create"])
    release(world, serviceAccountName="team", values={"color": "blue"})
    world.run(hours=1)
    assert _ready(world)[0] == "True"
    assert _data(world) == {"color": "blue"}


def test_a_chart_is_deployed_with_custom_values(world: World) -> None:
    world.charts.add(CHARTS, chart())
    release(world, values={"color": "blue"})
    assert world.settle()
    assert _ready(world) == (
        "True",
        "InstallSucceeded",
        "Helm install succeeded for release default/web.v1 with chart app@1.0.0",
    )
    assert _data(world) == {"color": "blue"}
    assert world.status("HelmChart", "default-web")["artifact"]["revision"] == "1.0.0"
    assert world.condition("HelmChart", "default-web")[2] == "pulled 'app' chart with version '1.0.0'"


def test_changed_values_are_an_upgrade(world: World) -> None:
    world.charts.add(CHARTS, chart())
    release(world)
    world.settle()
    release(world, values={"color": "green"})
    world.settle()
    assert _ready(world)[1] == "UpgradeSucceeded"
    assert _data(world) == {"color": "green"}
    assert _history(world) == [(2, "deployed", "1.0.0"), (1, "superseded", "1.0.0")]


def test_a_new_chart_version_is_an_upgrade_and_drops_what_it_left_out(world: World) -> None:
    world.charts.add(
        CHARTS, chart(templates={"a.yaml": config_map("a", namespace=""), "b.yaml": config_map("b", namespace="")})
    )
    release(world)
    world.settle()
    world.charts.add(CHARTS, chart("1.1.0", templates={"a.yaml": config_map("a", namespace="")}))
    world.run(minutes=3)
    assert _history(world)[0] == (2, "deployed", "1.1.0")
    assert world.get("ConfigMap", "b", "default") is None


def test_nothing_changes_without_a_change(world: World) -> None:
    world.charts.add(CHARTS, chart())
    release(world)
    world.settle()
    before = world.get("HelmRelease", "web", "default")
    world.run(hours=1)
    assert world.get("HelmRelease", "web", "default") == before


def test_the_release_is_stored_as_helm_does_and_never_in_clear(world: World) -> None:
    world.charts.add(CHARTS, chart())
    release(world, values={"color": "topsecret"})
    world.settle()
    secret = world.get("Secret", "sh.helm.release.v1.web.v1", "default") or {}
    assert (secret["type"], secret["metadata"]["labels"]["status"]) == ("helm.sh/release.v1", "deployed")
    assert b"topsecret" not in base64.b64decode(base64.b64decode(secret["data"]["release"]))


def test_a_chart_from_a_git_repository_is_packaged(world: World) -> None:
    tree = chart("0.3.0").tree
    revision = world.commit({f"charts/app/{path}": tree.read(path).decode() for path in tree.walk()})
    world.repository()
    source = {"kind": "GitRepository", "name": "repo", "namespace": "flux-system"}
    spec = {"chart": "./charts/app", "sourceRef": source, "reconcileStrategy": "Revision"}
    world.put("HelmRelease", "web", {"interval": "10m", "chart": {"spec": spec}}, namespace="default")
    assert world.settle()
    version = f"0.3.0+{revision.split(':')[1][:12]}"
    assert _ready(world)[2].endswith(f"chart app@{version}")
    assert world.condition("HelmChart", "default-web")[2] == f"packaged 'app' chart with version '{version}'"


def test_readiness_is_waited_for(world: World) -> None:
    world.charts.add(CHARTS, chart(templates={"d.yaml": deployment("web", namespace="")}))
    release(world)
    world.run(seconds=0)
    assert _ready(world)[0] == "Unknown"
    assert world.settle()
    assert _ready(world)[0] == "True"


def test_a_missing_namespace_fails_the_install(world: World) -> None:
    world.charts.add(CHARTS, chart())
    release(world, targetNamespace="new")
    world.settle()
    assert _ready(world)[:2] == ("False", "InstallFailed")
    assert 'namespaces "new" not found' in _ready(world)[2]


def test_the_release_namespace_is_created_when_asked(world: World) -> None:
    world.charts.add(CHARTS, chart())
    release(world, targetNamespace="new", install={"createNamespace": True})
    assert world.settle()
    assert _ready(world)[0] == "True"
    assert world.get("ConfigMap", "new-web-cm", "new") is not None


def test_without_retries_a_failed_install_stays_failed(world: World) -> None:
    world.charts.add(CHARTS, broken("1.0.0"))
    release(world)
    assert world.settle()
    assert _ready(world)[:2] == ("False", "InstallFailed")
    stalled = world.condition("HelmRelease", "web", "Stalled", "default")
    assert stalled == ("True", "RetriesExceeded", "Failed to install after 1 attempt(s)")
    world.charts.add(CHARTS, chart("1.0.1"))
    world.run(minutes=3)
    assert _ready(world)[0] == "True"


def test_retries_uninstall_in_between(world: World) -> None:
    world.charts.add(CHARTS, broken("1.0.0"))
    release(world, install={"remediation": {"retries": 2}})
    assert world.settle()
    assert world.status("HelmRelease", "web", "default")["installFailures"] == 3
    assert len(world.messages("UninstallSucceeded")) == 2


def test_a_failed_upgrade_is_rolled_back(world: World) -> None:
    world.charts.add(CHARTS, chart())
    release(world, upgrade={"remediation": {"retries": 1}})
    world.settle()
    world.charts.add(CHARTS, broken("2.0.0"))
    world.run(minutes=30)
    assert _data(world) == {"color": "red"}
    assert _history(world)[0][1:] == ("deployed", "1.0.0")
    assert _ready(world)[:2] == ("False", "RollbackSucceeded")
    assert world.condition("HelmRelease", "web", "Stalled", "default")[1] == "RetriesExceeded"


def test_a_template_error_is_told_and_tried_again(world: World) -> None:
    world.charts.add(CHARTS, chart(templates={"cm.yaml": config_map("a", namespace="", v="{{nothing}}")}))
    release(world)
    assert world.settle()
    assert _ready(world)[1] == "InstallFailed"
    assert "a value is missing" in _ready(world)[2]
    release(world, values={"nothing": "x"})
    world.settle()
    assert _ready(world)[0] == "True"


def test_deleting_the_release_uninstalls_it(world: World) -> None:
    world.charts.add(CHARTS, chart())
    release(world)
    world.settle()
    world.delete("HelmRelease", "web", "default")
    world.run(minutes=1)
    assert world.get("HelmRelease", "web", "default") is None
    assert world.get("HelmChart", "default-web") is None
    assert world.get("ConfigMap", "web-cm", "default") is None
    assert world.cluster.list(GroupKind("", "Secret"), labels={"owner": "helm"}) == []


def test_a_suspended_release_that_is_deleted_stays(world: World) -> None:
    world.charts.add(CHARTS, chart())
    release(world)
    world.settle()
    release(world, suspend=True)
    world.run(seconds=1)
    world.delete("HelmRelease", "web", "default")
    world.run(minutes=1)
    assert world.get("ConfigMap", "web-cm", "default") is not None


def _edit(world: World) -> None:
    live = world.get("ConfigMap", "web-cm", "default") or {}
    world.cluster.update({**live, "data": {"color": "hand"}}, manager="kubectl-edit")


@pytest.mark.parametrize(("mode", "color"), [("disabled", "hand"), ("warn", "hand"), ("enabled", "red")])
def test_drift_is_mended_only_when_asked(world: World, mode: str, color: str) -> None:
    world.charts.add(CHARTS, chart())
    release(world, driftDetection={"mode": mode})
    world.settle()
    _edit(world)
    world.run(minutes=11)
    assert _data(world) == {"color": color}
    assert bool(world.messages("DriftDetected")) is (mode != "disabled")
    assert len(_history(world)) == 1


def _hook(name: str, moment: str, weight: int = 0) -> str:
    return f"""
apiVersion: v1
kind: ConfigMap
metadata:
  name: {name}
  annotations: {{helm.sh/hook: {moment}, helm.sh/hook-weight: "{weight}", helm.sh/hook-delete-policy: hook-succeeded}}
"""


def test_hooks_run_and_go_and_are_no_part_of_the_release(world: World) -> None:
    templates = {
        "cm.yaml": config_map("cm", namespace=""),
        "hook.yaml": _hook("pre", "pre-install"),
        "j.yaml": job("ok"),
    }
    world.charts.add(CHARTS, chart(templates=templates))
    release(world)
    assert world.settle()
    assert _ready(world)[0] == "True"
    assert world.get("ConfigMap", "pre", "default") is None
    assert world.get("Job", "migrate", "default") is not None
    entries = world.status("HelmRelease", "web", "default")["inventory"]["entries"]
    assert [one["id"] for one in entries] == ["default_cm__ConfigMap"]


def test_a_release_waits_for_its_dependency(world: World) -> None:
    world.charts.add(CHARTS, chart())
    release(world, dependsOn=[{"name": "db"}])
    world.run(seconds=1)
    assert _ready(world)[1] == "DependencyNotReady"


def test_an_http_repository_that_fails_says_so(world: World) -> None:
    world.charts.failing[CHARTS] = "connection refused"
    release(world)
    assert world.settle()
    assert world.condition("HelmRepository", "charts")[1:] == (
        "Failed",
        "failed to fetch Helm repository index: connection refused",
    )
    assert _ready(world)[1] == "SourceNotReady"


def test_the_objects_carry_helm_and_flux_labels(world: World) -> None:
    world.charts.add(CHARTS, chart())
    release(world)
    world.settle()
    meta: Manifest = (world.get("ConfigMap", "web-cm", "default") or {})["metadata"]
    assert meta["labels"]["app.kubernetes.io/managed-by"] == "Helm"
    assert meta["labels"]["helm.toolkit.fluxcd.io/name"] == "web"
    assert meta["annotations"]["meta.helm.sh/release-name"] == "web"


def test_a_source_namespace_that_is_missing_is_told(world: World) -> None:
    source = {"kind": "HelmRepository", "name": "charts", "namespace": "nowhere"}
    spec = {"interval": "10m", "chart": {"spec": {"chart": "app", "sourceRef": source}}}
    world.put("HelmRelease", "web", spec, namespace="default")
    assert world.settle()
    refused = 'HelmChart/nowhere/default-web not found: namespaces "nowhere" not found'
    assert _ready(world)[1:] == ("ArtifactFailed", f"failed to run server-side apply: {refused}")


def test_a_failed_test_fails_the_release(world: World) -> None:
    test = job("x").replace("pre-install,pre-upgrade", "test").replace("image: x", "image: 'bad:1'")
    failing = World(TemplateCharts(), profile=WorkloadProfile(failures={"bad:*": Failure.ERROR}))
    failing.charts.add(CHARTS, chart(templates={"cm.yaml": config_map("cm", namespace=""), "t.yaml": test}))
    release(failing, test={"enable": True})
    failing.settle()
    assert failing.condition("HelmRelease", "web", "Released", "default")[0] == "True"
    assert failing.condition("HelmRelease", "web", "TestSuccess", "default")[:2] == ("False", "TestFailed")
    assert _ready(failing)[0] == "False"
    world.charts.add(CHARTS, chart(templates={"cm.yaml": config_map("cm", namespace=""), "t.yaml": test}))
    release(world, test={"enable": True})
    assert world.settle()
    assert _ready(world)[1] == "TestSucceeded"


@pytest.mark.parametrize(
    ("filters", "ran"),
    [
        ([], {"one", "two"}),
        ([{"name": "one"}], {"one"}),
        ([{"name": "one", "exclude": True}], {"two"}),
        ([{"name": "one"}, {"name": "one", "exclude": True}], set()),
    ],
)
def test_test_hooks_run_as_the_filters_say(world: World, filters: list[Json], ran: set[str]) -> None:
    test = job("x").replace("pre-install,pre-upgrade", "test")
    name = yamls.parse(test)["metadata"]["name"]
    hooks = {f"{each}.yaml": test.replace(f"name: {name}", f"name: {each}", 1) for each in ("one", "two")}
    world.charts.add(CHARTS, chart(templates={"cm.yaml": config_map("cm", namespace=""), **hooks}))
    release(world, test={"enable": True, "filters": filters})
    assert world.settle()
    found = world.status("HelmRelease", "web", "default")["history"][0].get("testHooks") or {}
    assert set(found) == ran


def test_values_that_cannot_be_preserved_are_a_note(world: World) -> None:
    world.charts.add(CHARTS, chart(templates={"cm.yaml": config_map("cm", namespace="")}))
    release(world, upgrade={"preserveValues": True})
    assert world.settle()
    assert _ready(world)[0] == "True"
    assert world.messages("NotVerified") == ["spec.upgrade.preserveValues is not honoured: values are composed anew"]


def test_a_release_for_another_cluster_is_rendered_and_not_installed(world: World) -> None:
    world.charts.add(CHARTS, chart(templates={"cm.yaml": config_map("cm", namespace="")}))
    release(world, kubeConfig={"secretRef": {"name": "far"}})
    assert world.settle()
    assert _ready(world)[0] == "True"
    assert "not installed: it goes to another cluster" in _ready(world)[2]
    assert world.get("ConfigMap", "cm", "default") is None


def test_a_kept_object_outlives_its_release(world: World) -> None:
    kept = config_map("{{release}}-cm", namespace="").replace(
        "metadata:\n", "metadata:\n  annotations: {helm.sh/resource-policy: keep}\n"
    )
    world.charts.add(CHARTS, chart(templates={"cm.yaml": kept}))
    release(world)
    world.settle()
    world.delete("HelmRelease", "web", "default")
    world.run(minutes=1)
    assert world.get("ConfigMap", "web-cm", "default") is not None


def test_values_files_of_the_chart_are_merged(world: World) -> None:
    tree = chart().tree
    files = {path: tree.read(path) for path in tree.walk()} | {"prod.yaml": b"color: gold\n"}
    world.charts.add(CHARTS, Chart(name="app", version="1.0.0", tree=MemoryTree(files)))
    world.put("HelmRepository", "charts", {"url": CHARTS, "interval": "1m"})
    source = {"kind": "HelmRepository", "name": "charts", "namespace": "flux-system"}
    spec = {"chart": "app", "sourceRef": source, "valuesFiles": ["values.yaml", "prod.yaml"]}
    world.put("HelmRelease", "web", {"interval": "10m", "chart": {"spec": spec}}, namespace="default")
    assert world.settle()
    assert _data(world) == {"color": "gold"}
    assert world.condition("HelmChart", "default-web")[2].endswith("and merged values files [values.yaml prod.yaml]")


def test_a_history_without_limit_keeps_all(world: World) -> None:
    world.charts.add(CHARTS, chart("1.0.0"))
    release(world, maxHistory=-1)
    for number in range(7):
        release(world, maxHistory=-1, values={"color": str(number)})
        world.run(minutes=1)
    secrets = world.cluster.list(GroupKind("", "Secret"), namespace="default", labels={"owner": "helm"})
    assert len(secrets) == 7


def _packed(record: Json) -> str:
    return base64.b64encode(base64.b64encode(gzip.compress(json.dumps(record).encode(), mtime=0))).decode()


@pytest.mark.parametrize("content", ["", "eHg=", _packed([]), _packed({"name": "web", "version": {}})])
def test_a_secret_of_somebody_that_looks_like_a_revision_is_passed_over(world: World, content: str) -> None:
    world.charts.add(CHARTS, chart())
    labels = {"owner": "helm", "name": "web", "version": "new", "status": "deployed"}
    meta = {"name": "sh.helm.release.v1.web.v9", "namespace": "default", "labels": labels}
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": meta, "data": {"release": content}}
    world.cluster.apply(secret, manager="user")
    release(world)
    assert world.settle()
    assert _ready(world)[:2] == ("True", "InstallSucceeded")


def test_objects_of_others_are_taken_over_unless_the_release_says_not_to(world: World) -> None:
    world.charts.add(CHARTS, chart())
    world.cluster.apply(yamls.parse(config_map("web-cm", color="mine")), manager="me", force=True)
    release(world, install={"disableTakeOwnership": True})
    world.run(minutes=1)
    assert _ready(world)[2] == (
        "Helm install failed for release default/web with chart app@1.0.0: unable to continue with install: ConfigMap "
        '"web-cm" in namespace "default" exists and cannot be imported into the current release: invalid ownership '
        'metadata; label validation error: missing key "app.kubernetes.io/managed-by": must be set to "Helm"; '
        'annotation validation error: missing key "meta.helm.sh/release-name": must be set to "web"; annotation '
        'validation error: missing key "meta.helm.sh/release-namespace": must be set to "default"'
    )
    release(world)
    world.run(minutes=1)
    assert _data(world) == {"color": "red"}


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"force": True}, "server-side apply failed for object default/web-cm /v1, Kind=ConfigMap"),
        ({"serverSideApply": "disabled"}, 'cannot patch "web-cm" with kind ConfigMap'),
        ({"serverSideApply": "disabled", "force": True}, "failed to replace object"),
    ],
)
def test_force_makes_no_immutable_object_anew(world: World, settings: Json, words: str) -> None:
    """Helm 4 replaces where the server does not apply, and an API server refuses that, too."""
    text = config_map("{{release}}-cm", namespace="", color="{{color}}") + "immutable: true\n"
    world.charts.add(CHARTS, chart(templates={"cm.yaml": text}))
    release(world, upgrade=settings)
    world.run(minutes=1)
    release(world, upgrade=settings, values={"color": "blue"})
    world.run(minutes=1)
    why = 'ConfigMap "web-cm" is invalid: data: Forbidden: field is immutable when `immutable` is set'
    head = "Helm upgrade failed for release default/web with chart app@1.0.0"
    assert _ready(world) == ("False", "UpgradeFailed", f"{head}: {words}: {why}")
    assert _data(world) == {"color": "red"}


def test_drift_is_told_with_how_much_of_it_there_is(world: World) -> None:
    world.charts.add(CHARTS, chart())
    release(world, driftDetection={"mode": "warn"})
    world.run(minutes=1)
    live = world.get("ConfigMap", "web-cm", "default") or {}
    world.cluster.update({**live, "data": {"color": "blue", "more": "x"}}, manager="kubectl-edit")
    world.run(minutes=11)
    assert world.condition("HelmRelease", "web", "Drifted", "default")[2].endswith(
        "has drifted from the desired state:\nConfigMap/default/web-cm changed (0 additions, 1 changes, 0 removals)"
    )


@pytest.mark.parametrize(("is_off", "status"), [(True, "True"), (False, "False")])
def test_jobs_are_waited_for_unless_the_release_says_not_to(world: World, is_off: bool, status: str) -> None:
    text = (
        job("x")
        .replace('helm.sh/hook: "pre-install,pre-upgrade"', "")
        .replace(
            "template: {spec",
            "backoffLimit: 0, template: {metadata: {annotations: {sim.nixernetes.dev/fail: Broken}}, spec",
        )
    )
    world.charts.add(CHARTS, chart(templates={"job.yaml": text}))
    release(world, timeout="30s", install={"disableWaitForJobs": is_off})
    world.run(minutes=2)
    assert _ready(world)[0] == status


def test_a_namespace_that_helm_makes_has_its_name_as_a_label(world: World) -> None:
    world.charts.add(CHARTS, chart())
    release(world, targetNamespace="made", install={"createNamespace": True})
    world.run(minutes=1)
    assert (world.get("Namespace", "made") or {})["metadata"]["labels"]["name"] == "made"


def test_a_static_repository_gets_no_finalizer(world: World) -> None:
    world.put("HelmRepository", "static", {"url": "oci://ghcr.io/x", "type": "oci"})
    world.run(minutes=1)
    assert "finalizers" not in (world.get("HelmRepository", "static") or {})["metadata"]
