"""What Argo CD does with a change: what it prunes, keeps, replaces, moves, and what it refuses."""

from pathlib import Path

import pytest
from tests.changes.revisions import (
    ARGO_URL,
    FINALIZER,
    application,
    argocd,
    claim,
    config,
    dangers,
    deployment,
    differ,
    held,
    said,
)

from nixernetes.changes.report import ChangeReport

BOTH = config("one") + config("two")


def step(folder: Path, base: dict[str, str], head: dict[str, str]) -> ChangeReport:
    return differ(folder, base, head, ARGO_URL)


@pytest.mark.parametrize(
    ("metadata", "sync", "fate"),
    [
        ("", "automated: {prune: true}", "delete"),
        ("", "automated: {}", "orphan"),
        ("", "syncOptions: [CreateNamespace=true]", "orphan"),
        ("", "automated: {prune: true, enabled: false}", "orphan"),
        ("", "automated: {prune: true}, syncOptions: [Prune=false]", "orphan"),
        (", annotations: {argocd.argoproj.io/sync-options: Prune=false}", "automated: {prune: true}", "orphan"),
        (", annotations: {argocd.argoproj.io/sync-options: Prune=confirm}", "automated: {prune: true}", "orphan"),
        (
            ', annotations: {argocd.argoproj.io/sync-options: "PruneLast=true,Prune=true"}',
            "automated: {prune: true}, syncOptions: [Prune=false]",
            "delete",
        ),
        (
            ', annotations: {helm.sh/resource-policy: keep, argocd.argoproj.io/sync-options: "Prune=true"}',
            "automated: {prune: true}",
            "orphan",
        ),
    ],
)
def test_what_leaves_git_is_pruned_or_stays(tmp_path: Path, metadata: str, sync: str, fate: str) -> None:
    apps = application(sync=sync)
    base = argocd(config("one") + config("two", metadata=metadata), apps)
    assert said(step(tmp_path, base, argocd(config("one"), apps))) == {f"{fate} ConfigMap/shop/two"}


@pytest.mark.parametrize(
    ("more", "metadata", "fate"),
    [
        (FINALIZER, "", "delete"),
        (", finalizers: [resources-finalizer.argocd.argoproj.io/background]", "", "delete"),
        ("", "", "orphan"),
        (FINALIZER, ", annotations: {argocd.argoproj.io/sync-options: Delete=false}", "orphan"),
        (FINALIZER, ", annotations: {helm.sh/resource-policy: keep}", "orphan"),
    ],
)
def test_an_application_takes_its_objects_along_with_its_finalizer(
    tmp_path: Path, more: str, metadata: str, fate: str
) -> None:
    keep = application("kept", path="kept")
    files = {"kept/all.yaml": config("kept")}
    base = argocd(config("one", metadata=metadata), application(more=more) + keep) | files
    report = step(tmp_path, base, argocd(config("one", metadata=metadata), keep) | files)
    assert said(report) == {"delete Application/argocd/shop", f"{fate} ConfigMap/shop/one"}
    cascade = {"error cascade-deletion Application/argocd/shop"}
    assert dangers(report) == (cascade if fate == "delete" else set())


@pytest.mark.parametrize(
    ("more", "told"), [(FINALIZER, {"error ownership-transfer Application/argocd/shop"}), ("", set())]
)
def test_a_renamed_application_is_dangerous_with_its_finalizer(tmp_path: Path, more: str, told: set[str]) -> None:
    head = argocd(BOTH, application("store", more=more))
    report = step(tmp_path, argocd(BOTH, application(more=more)), head)
    assert {"move ConfigMap/shop/one", "delete Application/argocd/shop", "create Application/argocd/store"} <= said(
        report
    )
    assert dangers(report) == told


@pytest.mark.parametrize(("sync", "goes"), [("prune: true", False), ("prune: true, allowEmpty: true", True)])
def test_argo_cd_refuses_to_delete_all_that_an_application_has(tmp_path: Path, sync: str, goes: bool) -> None:
    apps = application(sync=f"automated: {{{sync}}}")
    report = step(tmp_path, argocd(BOTH, apps), argocd("", apps))
    assert said(report) == ({"delete ConfigMap/shop/one", "delete ConfigMap/shop/two"} if goes else set())
    assert held(report).keys() == (set() if goes else {"ConfigMap/shop/one", "ConfigMap/shop/two"})
    assert dangers(report) == {"error mass-deletion Application/argocd/shop"}


def application_set(elements: str, policy: str = "") -> str:
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: env, namespace: argocd}}
spec:
  generators: [{{list: {{elements: [{elements}]}}}}]
  {policy}
  template:
    metadata: {{name: 'env-{{{{env}}}}'}}
    spec:
      project: default
      source: {{repoURL: "{ARGO_URL}", targetRevision: main, path: shop}}
      destination: {{server: "https://kubernetes.default.svc", namespace: '{{{{env}}}}'}}
      syncPolicy: {{automated: {{prune: true}}}}
"""


@pytest.mark.parametrize(
    ("policy", "fates"),
    [
        ("", {"delete Application/argocd/env-us", "delete Service/us/web"}),
        ("syncPolicy: {applicationsSync: create-update}", {"orphan Application/argocd/env-us"}),
        (
            "syncPolicy: {preserveResourcesOnDeletion: true}",
            {"delete Application/argocd/env-us", "orphan Service/us/web"},
        ),
    ],
)
def test_an_element_that_leaves_a_generator(tmp_path: Path, policy: str, fates: set[str]) -> None:
    service = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n"
    base = argocd(service, application_set("{env: eu}, {env: us}", policy))
    report = step(tmp_path, base, argocd(service, application_set("{env: eu}", policy)))
    assert said(report) == {"change ApplicationSet/argocd/env"} | fates


def test_hooks_may_change_as_they_like(tmp_path: Path) -> None:
    job = """\
apiVersion: batch/v1
kind: Job
metadata: {name: migrate, namespace: shop, annotations: {argocd.argoproj.io/hook: PreSync}}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: "a:%s"}]}}}
"""
    report = step(tmp_path, argocd(config() + "---\n" + job % 1), argocd(config(data="a: c") + "---\n" + job % 2))
    assert said(report) == {"change Job/shop/migrate", "change ConfigMap/shop/settings"}
    assert dangers(report) == set()
    alone = step(tmp_path / "alone", argocd(config() + "---\n" + job % 1), argocd(config() + "---\n" + job % 2))
    assert said(alone) == set()
    reason = "a hook alone starts no sync: it runs with the next one of Application/argocd/shop"
    assert held(alone) == {"Job/shop/migrate": reason}


def test_what_is_forced_is_replaced(tmp_path: Path) -> None:
    forced = ', annotations: {argocd.argoproj.io/sync-options: "Force=true,Replace=true"}'
    base = argocd(deployment(metadata=forced))
    report = step(tmp_path, base, argocd(deployment(metadata=forced, labels="app: other")))
    assert said(report) == {"replace Deployment/shop/shop"}


def test_fields_that_an_application_leaves_alone_are_no_change(tmp_path: Path) -> None:
    apps = application(sync="automated: {}, syncOptions: [RespectIgnoreDifferences=true]")
    apps += "  ignoreDifferences: [{group: apps, kind: Deployment, jsonPointers: [/spec/replicas]}]\n"
    base = argocd(deployment(spec="replicas: 1"), apps)
    assert said(step(tmp_path, base, argocd(deployment(spec="replicas: 3"), apps))) == set()


def test_a_change_that_waits_for_a_sync_by_hand_says_so(tmp_path: Path) -> None:
    apps = application(sync="syncOptions: [CreateNamespace=true]")
    report = step(tmp_path, argocd(config(), apps), argocd(config(data="a: c"), apps))
    assert [each.reason for each in report.changes] == ["waits for a sync of Application/argocd/shop"]


def test_another_namespace_of_the_destination_leaves_nothing_where_it_was(tmp_path: Path) -> None:
    thing = claim().replace(", namespace: shop", "")
    report = step(tmp_path, argocd(thing), argocd(thing, application().replace("namespace: shop", "namespace: store")))
    assert {"delete PersistentVolumeClaim/shop/data", "create PersistentVolumeClaim/store/data"} <= said(report)
    assert "error data-loss PersistentVolumeClaim/shop/data" in dangers(report)


def test_a_child_without_prune_stays_and_goes_on(tmp_path: Path) -> None:
    root = application("root", path="children", sync="automated: {}")
    files = {"children/kept.yaml": config("kept"), "children/shop.yaml": application(more=FINALIZER)}
    base = argocd(config("one"), root) | files
    head = argocd(config("one"), root) | {"children/kept.yaml": files["children/kept.yaml"]}
    report = step(tmp_path, base, head)
    assert said(report) == {"orphan Application/argocd/shop"}
    assert held(report).keys() == {"ConfigMap/shop/one"}


OTHERS = {"argocd/other.yaml": application("other", path="kept"), "kept/all.yaml": config("kept")}


@pytest.mark.parametrize("others", [{}, OTHERS])
def test_what_stands_in_a_file_that_cannot_be_read_is_unknown(tmp_path: Path, others: dict[str, str]) -> None:
    base = argocd(BOTH, application(more=FINALIZER)) | others
    report = step(tmp_path, base, base | {"argocd/apps.yaml": application() + "\n  broken: [\n"})
    assert said(report) == set()
    assert [(each.side, each.delivery) for each in report.comparison.failures] == [("head", "Application/argocd/shop")]
    assert report.comparison.removed == ()


FORCED = ', annotations: {argocd.argoproj.io/sync-options: "Force=true,Replace=true"}'
EXTRANEOUS = ", annotations: {argocd.argoproj.io/compare-options: IgnoreExtraneous}"


@pytest.mark.parametrize(
    ("options", "fates"),
    [
        ("", {"change ConfigMap/shop/one", "replace PersistentVolumeClaim/shop/data"}),
        (", syncOptions: [ApplyOutOfSyncOnly=true]", {"change ConfigMap/shop/one"}),
    ],
)
def test_what_is_replaced_by_force_is_made_anew_at_each_sync(tmp_path: Path, options: str, fates: set[str]) -> None:
    app = application(sync="automated: {prune: true}" + options)
    base = argocd(config("one") + claim(metadata=FORCED), app)
    report = step(tmp_path, base, argocd(config("one", data="a: c") + claim(metadata=FORCED), app))
    assert said(report) == fates
    is_lost = any(text.endswith("PersistentVolumeClaim/shop/data") for text in dangers(report))
    assert is_lost == (len(fates) > 1)


def test_no_sync_comes_for_what_does_not_count(tmp_path: Path) -> None:
    extra = config("two", metadata=EXTRANEOUS)
    report = step(tmp_path, argocd(config("one") + extra), argocd(config("one")))
    assert said(report) == set()
    assert held(report) == {
        "ConfigMap/shop/two": "IgnoreExtraneous: it goes with the next sync of Application/argocd/shop"
    }


def test_and_it_goes_with_the_sync_of_something_else(tmp_path: Path) -> None:
    extra = config("two", metadata=EXTRANEOUS)
    report = step(tmp_path, argocd(config("one") + extra), argocd(config("one", data="a: c")))
    assert said(report) == {"change ConfigMap/shop/one", "delete ConfigMap/shop/two"}


CLUSTER = """
---
apiVersion: v1
kind: Secret
metadata: {name: prod, namespace: argocd, labels: {argocd.argoproj.io/secret-type: cluster}}
stringData: {name: prod, server: "https://prod.acme.org", config: "{}"}
"""


def elsewhere(objects: str, applications: str | None = None, **more: str) -> dict[str, str]:
    """Return an Application that goes to another cluster, which a Secret names, and one that stays."""
    stays = application("stays", path="stays") + CLUSTER
    text = application(**more) if applications is None else applications
    goes = text.replace('server: "https://kubernetes.default.svc"', "name: prod")
    return argocd(objects, goes + stays) | {"stays/all.yaml": config("stays")}


@pytest.mark.parametrize(
    ("sync", "fate"),
    [("automated: {prune: true}", "delete"), ("automated: {}", "orphan"), ("", "orphan")],
)
def test_what_leaves_git_for_another_cluster_is_pruned_or_stays(tmp_path: Path, sync: str, fate: str) -> None:
    base = elsewhere(BOTH, sync=sync, more=FINALIZER)
    report = step(tmp_path, base, elsewhere(config("one"), sync=sync, more=FINALIZER))
    assert [(each.cluster, str(each.action)) for each in report.changes] == [("prod", fate)]


def test_what_goes_to_another_cluster_is_no_loss_where_its_application_fails(tmp_path: Path) -> None:
    broken = {"shop/kustomization.yaml": "resources: [gone.yaml]\n"}
    report = step(tmp_path, elsewhere(BOTH), elsewhere(BOTH) | broken)
    assert said(report) == set()
    assert len(report.comparison.failures) == 1


def test_an_application_that_goes_takes_along_what_it_has_on_another_cluster(tmp_path: Path) -> None:
    report = step(tmp_path, elsewhere(BOTH, more=FINALIZER), elsewhere(BOTH, ""))
    assert {f"{each.cluster} {each.action} {each.key}" for each in report.changes} == {
        "management delete Application/argocd/shop",
        "prod delete ConfigMap/shop/one",
        "prod delete ConfigMap/shop/two",
    }


def test_what_was_replaced_by_force_is_so_once_more_where_a_sync_comes(tmp_path: Path) -> None:
    forced = ', annotations: {argocd.argoproj.io/sync-options: "Force=true,Replace=true"}'
    base = argocd(config("one", metadata=forced) + config("two"))
    report = step(tmp_path / "more", base, argocd(config("one") + config("two", data="a: c")))
    assert said(report) == {"replace ConfigMap/shop/one", "change ConfigMap/shop/two"}
    report = step(tmp_path / "alone", base, argocd(BOTH))
    assert "replace ConfigMap/shop/one" not in said(report)
