"""What Flux does with a change: what it prunes, keeps, replaces, moves, and what it never applies."""

from pathlib import Path

import pytest
from tests.changes.revisions import (
    claim,
    config,
    dangers,
    deployment,
    differ,
    fields,
    flux,
    held,
    kustomization,
    release,
    said,
)

BOTH = config("one") + config("two")
CHART = {
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "charts/web/templates/all.yaml": config("{{ .Release.Name }}-web", namespace="web", data="a: '{{ .Values.a }}'"),
    "charts/web/values.yaml": "a: b\n",
}


def with_chart(releases: str, **files: str) -> dict[str, str]:
    return flux(config(), cluster=kustomization() + releases) | CHART | files


@pytest.mark.parametrize(
    ("metadata", "more", "fate"),
    [
        ("", "prune: true", "delete"),
        ("", "prune: false", "orphan"),
        (", labels: {kustomize.toolkit.fluxcd.io/prune: disabled}", "prune: true", "orphan"),
        (", annotations: {kustomize.toolkit.fluxcd.io/reconcile: disabled}", "prune: true", "orphan"),
        (", annotations: {kustomize.toolkit.fluxcd.io/ssa: Ignore}", "prune: true", "orphan"),
        (", annotations: {kustomize.toolkit.fluxcd.io/ssa: IfNotPresent}", "prune: true", "delete"),
    ],
)
def test_what_leaves_git_is_pruned_or_stays(tmp_path: Path, metadata: str, more: str, fate: str) -> None:
    cluster = kustomization(more=more)
    base = flux(config("one") + config("two", metadata=metadata), cluster=cluster)
    report = differ(tmp_path, base, flux(config("one"), cluster=cluster))
    assert said(report) == {f"{fate} ConfigMap/shop/two"}


@pytest.mark.parametrize(
    ("more", "fate"),
    [
        ("prune: true", "delete"),
        ("prune: false", "orphan"),
        ("prune: true, deletionPolicy: Orphan", "orphan"),
        ("prune: false, deletionPolicy: Delete", "delete"),
        ("prune: true, deletionPolicy: WaitForTermination", "delete"),
        ("prune: true, suspend: true", "orphan"),
    ],
)
def test_a_kustomization_that_leaves_git_takes_its_objects_along_or_not(tmp_path: Path, more: str, fate: str) -> None:
    report = differ(tmp_path, flux(BOTH, cluster=kustomization(more=more)), flux(BOTH, cluster=config("left")))
    gone = {"delete Kustomization/flux-system/apps", f"{fate} ConfigMap/shop/one", f"{fate} ConfigMap/shop/two"}
    assert said(report) == gone | {"create ConfigMap/shop/left"}
    cascade = {"error cascade-deletion Kustomization/flux-system/apps"}
    assert dangers(report) == (cascade if fate == "delete" else set())


def test_what_a_kustomization_that_stays_in_the_cluster_brings_stays_too(tmp_path: Path) -> None:
    parent = kustomization("parent", path="./parent", more="prune: false")
    base = flux(config(), cluster=parent, parent__child=kustomization("child", path="./child"), child__all=BOTH)
    head = flux(config(), cluster=parent, parent__other=config("other"), child__all=BOTH)
    report = differ(tmp_path, base, head)
    assert said(report) == {"orphan Kustomization/flux-system/child", "create ConfigMap/shop/other"}
    assert "stays in the cluster" in held(report)["ConfigMap/shop/one"]


def test_a_suspended_kustomization_does_nothing(tmp_path: Path) -> None:
    cluster = kustomization(more="prune: true, suspend: true")
    head = flux(config("one", data="a: other") + config("three"), cluster=cluster)
    report = differ(tmp_path, flux(BOTH, cluster=cluster), head)
    assert said(report) == set()
    assert held(report).keys() == {"ConfigMap/shop/one", "ConfigMap/shop/two", "ConfigMap/shop/three"}


@pytest.mark.parametrize("side", ["base", "head"])
def test_what_cannot_be_rendered_is_unknown_and_no_mass_deletion(tmp_path: Path, side: str) -> None:
    good = flux(BOTH)
    bad = flux(BOTH) | {"apps/kustomization.yaml": "resources: [missing.yaml]\n"}
    report = differ(tmp_path, *((bad, good) if side == "base" else (good, bad)))
    assert said(report) == set()
    assert [(each.side, each.delivery) for each in report.comparison.failures] == [
        (side, "Kustomization/flux-system/apps")
    ]


def test_what_a_delivery_brings_that_nobody_reaches_any_more_is_unknown_too(tmp_path: Path) -> None:
    parent = kustomization("parent", path="./parent")
    base = flux(config(), cluster=parent, parent__child=kustomization("child", path="./child"), child__all=BOTH)
    head = base | {"parent/kustomization.yaml": "resources: [missing.yaml]\n"}
    report = differ(tmp_path, base, head)
    assert said(report) == set()


@pytest.mark.parametrize(
    ("cluster", "metadata"),
    [
        (kustomization(more="prune: true, force: true"), ""),
        (kustomization(), ", annotations: {kustomize.toolkit.fluxcd.io/force: enabled}"),
    ],
)
def test_what_is_forced_is_replaced_where_a_field_is_immutable(tmp_path: Path, cluster: str, metadata: str) -> None:
    base = flux(deployment(metadata=metadata), cluster=cluster)
    head = flux(deployment(metadata=metadata, labels="app: other"), cluster=cluster)
    report = differ(tmp_path, base, head)
    assert said(report) == {"replace Deployment/shop/shop"}
    assert dangers(report) == {"warning replacement Deployment/shop/shop"}


def test_a_forced_claim_loses_its_data(tmp_path: Path) -> None:
    cluster = kustomization(more="prune: true, force: true")
    report = differ(tmp_path, flux(claim(size="2Gi"), cluster=cluster), flux(claim(size="1Gi"), cluster=cluster))
    assert said(report) == {"replace PersistentVolumeClaim/shop/data"}
    assert "error data-loss PersistentVolumeClaim/shop/data" in dangers(report)


@pytest.mark.parametrize(("thing", "severity"), [(config("moved"), "warning"), (claim("moved"), "error")])
def test_an_object_that_changes_hands_may_be_deleted_by_the_first(tmp_path: Path, thing: str, severity: str) -> None:
    cluster = kustomization() + kustomization("other", path="./other")
    base = flux(config() + thing, cluster=cluster, other__all=config("other"))
    head = flux(config(), cluster=cluster, other__all=config("other") + thing)
    report = differ(tmp_path, base, head)
    kind = "PersistentVolumeClaim" if severity == "error" else "ConfigMap"
    assert said(report) == {f"move {kind}/shop/moved"}
    assert dangers(report) == {f"{severity} ownership-transfer {kind}/shop/moved"}


def test_an_object_that_is_never_pruned_changes_hands_safely(tmp_path: Path) -> None:
    cluster = kustomization() + kustomization("other", path="./other")
    thing = claim("moved", metadata=", annotations: {kustomize.toolkit.fluxcd.io/prune: disabled}")
    base = flux(config() + thing, cluster=cluster, other__all=config("other"))
    head = flux(config(), cluster=cluster, other__all=config("other") + thing)
    report = differ(tmp_path, base, head)
    assert said(report) == {"move PersistentVolumeClaim/shop/moved"}
    assert dangers(report) == set()


def test_a_cluster_that_is_no_longer_declared_is_left_alone(tmp_path: Path) -> None:
    other = {name.replace("/prod/", "/test/"): text.replace("prod", "test") for name, text in flux(BOTH).items()}
    report = differ(tmp_path, flux(BOTH) | other, flux(BOTH))
    assert said(report) == set()
    assert report.comparison.removed == ("test",)
    assert dangers(report) == {"warning cluster-removed "}


def test_what_went_to_another_cluster_stays_behind_where_it_was(tmp_path: Path) -> None:
    remote = kustomization(more="prune: true, kubeConfig: {secretRef: {name: far}}")
    report = differ(tmp_path, flux(BOTH), flux(BOTH, cluster=remote))
    assert {str(each.key): str(each.action) for each in report.changes if each.cluster == "prod"} == {
        "Kustomization/flux-system/apps": "change",
        "ConfigMap/shop/one": "orphan",
        "ConfigMap/shop/two": "orphan",
    }


@pytest.mark.parametrize("policy", ["reconcile: disabled", "ssa: IfNotPresent", "ssa: Ignore"])
def test_objects_that_are_not_reconciled_do_not_change(tmp_path: Path, policy: str) -> None:
    metadata = f", annotations: {{kustomize.toolkit.fluxcd.io/{policy}}}"
    report = differ(tmp_path, flux(config(metadata=metadata)), flux(config(metadata=metadata, data="a: other")))
    assert said(report) == set()
    assert held(report) == {"ConfigMap/shop/settings": f"it has kustomize.toolkit.fluxcd.io/{policy}"}


def test_a_generated_name_shows_as_new_and_gone(tmp_path: Path) -> None:
    generator = "configMapGenerator: [{name: env, namespace: shop, literals: [a=%s]}]\nresources: [all.yaml]\n"
    base = flux(config()) | {"apps/kustomization.yaml": generator % "b"}
    head = flux(config()) | {"apps/kustomization.yaml": generator % "c"}
    report = differ(tmp_path, base, head)
    assert sorted(each.action for each in report.changes) == ["create", "delete"]
    assert all(each.key.name.startswith("env-") for each in report.changes)


def test_a_chart_that_changes_without_a_new_version_changes_nothing(tmp_path: Path) -> None:
    head = with_chart(release(), **{"charts/web/values.yaml": "a: other\n"})
    report = differ(tmp_path, with_chart(release()), head)
    assert said(report) == set()
    assert held(report).keys() == {"ConfigMap/web/web-web"}
    assert dangers(report) == {"warning chart-version HelmRelease/web/web"}


def test_a_chart_that_changes_is_not_taken_where_the_release_is_upgraded_anyway(tmp_path: Path) -> None:
    head = with_chart(release(more=", values: {b: c}"), **{"charts/web/values.yaml": "a: other\n"})
    report = differ(tmp_path, with_chart(release()), head)
    assert said(report) == {"change HelmRelease/web/web"}
    assert held(report).keys() == {"ConfigMap/web/web-web"}
    assert dangers(report) == {"warning chart-version HelmRelease/web/web"}


def test_a_chart_that_follows_revisions_is_applied(tmp_path: Path) -> None:
    following = release().replace("chart: ./charts/web", "chart: ./charts/web, reconcileStrategy: Revision")
    head = with_chart(following, **{"charts/web/values.yaml": "a: other\n"})
    report = differ(tmp_path, with_chart(following), head)
    assert said(report) == {"change ConfigMap/web/web-web"}
    assert dangers(report) == set()


@pytest.mark.parametrize("more", [", releaseName: other", ", targetNamespace: other", ", storageNamespace: other"])
def test_a_release_with_another_name_or_place_is_installed_anew(tmp_path: Path, more: str) -> None:
    report = differ(tmp_path, with_chart(release()), with_chart(release(more=more)))
    assert "change HelmRelease/web/web" in said(report)
    assert dangers(report) == {"error helm-reinstall HelmRelease/web/web"}


def test_what_a_chart_keeps_is_left_behind(tmp_path: Path) -> None:
    kept = CHART["charts/web/templates/all.yaml"] + claim(metadata=", annotations: {helm.sh/resource-policy: keep}")
    files = {"charts/web/templates/all.yaml": kept}
    report = differ(tmp_path, with_chart(release(), **files), with_chart("", **files))
    assert said(report) == {
        "delete HelmRelease/web/web",
        "delete ConfigMap/web/web-web",
        "orphan PersistentVolumeClaim/shop/data",
    }
    assert dangers(report) == {"error cascade-deletion HelmRelease/web/web"}


DEFINITION = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.acme.io}
spec:
  group: acme.io
  names: {plural: things, kind: Thing}
  scope: Namespaced
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, description: "%s"}}}]
"""


@pytest.mark.parametrize(("more", "arrives"), [("", False), (", upgrade: {crds: CreateReplace}", True)])
def test_definitions_of_a_chart_change_only_where_the_release_says_so(tmp_path: Path, more: str, arrives: bool) -> None:
    new = CHART["charts/web/Chart.yaml"].replace("1.0.0", "1.1.0")
    base = with_chart(release(more=more), **{"charts/web/crds/things.yaml": DEFINITION % "old"})
    head = with_chart(
        release(more=more), **{"charts/web/crds/things.yaml": DEFINITION % "new", "charts/web/Chart.yaml": new}
    )
    report = differ(tmp_path, base, head)
    changed = "change CustomResourceDefinition/things.acme.io"
    assert (changed in said(report)) is arrives
    assert ("CustomResourceDefinition/things.acme.io" in held(report)) is not arrives


def test_a_definition_that_leaves_a_chart_stays_in_the_cluster(tmp_path: Path) -> None:
    new = CHART["charts/web/Chart.yaml"].replace("1.0.0", "1.1.0")
    base = with_chart(release(), **{"charts/web/crds/things.yaml": DEFINITION % "old"})
    report = differ(tmp_path, base, with_chart(release(), **{"charts/web/Chart.yaml": new}))
    assert said(report) == {"orphan CustomResourceDefinition/things.acme.io"}
    assert dangers(report) == set()


def test_values_that_a_chart_makes_anew_are_told_as_such(tmp_path: Path) -> None:
    template = CHART["charts/web/templates/all.yaml"].replace("{{ .Values.a }}", "{{ randAlphaNum 9 }}")
    files = {"charts/web/templates/all.yaml": template}
    report = differ(tmp_path, with_chart(release(), **files), with_chart(release(more=", values: {b: c}"), **files))
    (change,) = [each for each in report.changes if each.key.kind == "ConfigMap"]
    assert change.reason == "its template makes new values at each rendering"


def test_a_repository_begins_with_everything_new(tmp_path: Path) -> None:
    report = differ(tmp_path, {"README.md": "nothing yet\n"}, flux(config()))
    assert report.comparison.added == ("prod",)
    assert "create ConfigMap/shop/settings" in said(report)
    assert dangers(report) == set()


def test_a_start_folder_that_does_not_build_deletes_nothing(tmp_path: Path) -> None:
    listing = {"clusters/prod/flux-system/kustomization.yaml": "resources: [gotk-sync.yaml]\n"}
    base = flux(BOTH) | listing
    head = {name: text for name, text in base.items() if not name.endswith("gotk-sync.yaml")}
    report = differ(tmp_path, base, head)
    assert said(report) == set()
    root = ("head", "Kustomization/flux-system/flux-system")
    assert root in {(each.side, each.delivery) for each in report.comparison.failures}
    assert [each.rule for each in report.new if each.rule == "not-started"] == ["not-started"]


HOOK = config("job", namespace="web", metadata=', annotations: {helm.sh/hook: "%s"}')


@pytest.mark.parametrize(
    ("events", "runs"),
    [("post-install", False), ("post-install,post-upgrade", True), ("pre-upgrade", True), ("test", False)],
)
def test_a_hook_runs_at_its_own_events(tmp_path: Path, events: str, runs: bool) -> None:
    newer = CHART["charts/web/Chart.yaml"].replace("1.0.0", "1.1.0")
    files = {"charts/web/templates/hook.yaml": HOOK % events, "charts/web/Chart.yaml": newer}
    report = differ(tmp_path, with_chart(release()), with_chart(release(), **files))
    assert ("create ConfigMap/web/job" in said(report)) == runs
    assert ("ConfigMap/web/job" in held(report)) != runs


def test_a_template_of_a_chart_with_the_same_version_waits_for_another_one(tmp_path: Path) -> None:
    files = {"charts/web/templates/more.yaml": config("more", namespace="web")}
    report = differ(
        tmp_path, with_chart(release(more=", values: {a: b}")), with_chart(release(more=", values: {a: c}"), **files)
    )
    assert "create ConfigMap/web/more" not in said(report)
    assert held(report)["ConfigMap/web/more"].startswith("its chart is still web-")


def test_values_are_taken_by_the_templates_that_the_chart_was_built_from(tmp_path: Path) -> None:
    files = {"charts/web/templates/more.yaml": config("more", namespace="web", data='a: "{{ .Values.a }}"')}
    newer = {"charts/web/templates/more.yaml": config("more", namespace="web", data='b: "{{ .Values.a }}"')}
    base = with_chart(release(more=", values: {a: b}"), **files)
    report = differ(tmp_path, base, with_chart(release(more=", values: {a: c}"), **newer))
    assert {each for each in fields(report) if each.startswith("data")} == {"data.a"}
    assert "warning chart-version HelmRelease/web/web" in dangers(report)


def test_a_chart_that_renders_nothing_any_more_is_not_another_chart(tmp_path: Path) -> None:
    files = {path: text for path, text in with_chart(release()).items() if "/templates/" not in path}
    report = differ(tmp_path, with_chart(release()), files)
    assert said(report) == set()
    assert dangers(report) == {"warning chart-version HelmRelease/web/web"}


def test_what_is_kept_is_not_made_anew_with_its_release(tmp_path: Path) -> None:
    kept = claim(metadata=", annotations: {helm.sh/resource-policy: keep}")
    files = {"charts/web/templates/kept.yaml": kept}
    other = {"charts/web/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.1.0\n"}
    report = differ(tmp_path, with_chart(release(), **files), with_chart(release(), **files, **other))
    assert said(report) == {"replace ConfigMap/web/web-web"}


@pytest.mark.parametrize("more", ["", ", suspend: true"])
def test_a_release_of_an_unknown_chart_takes_along_what_nobody_sees(tmp_path: Path, more: str) -> None:
    source = "{kind: HelmRepository, name: far}"
    far = f"""\
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {{name: far, namespace: web}}
spec: {{interval: 10m, chart: {{spec: {{chart: far, version: 1.0.0, sourceRef: {source}}}}}{more}}}
"""
    repository = """\
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {name: far, namespace: web}
spec: {interval: 1h, url: "https://charts.example.org"}
"""
    report = differ(tmp_path, flux(config() + repository + far), flux(config() + repository))
    assert said(report) == {"delete HelmRelease/web/far"}
    assert dangers(report) == (set() if more else {"error cascade-deletion HelmRelease/web/far"})
