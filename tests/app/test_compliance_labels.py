"""Compliance labels reach every object and pod template that a platform delivers, and no selector, on both engines."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import pytest

from nixernetes.app.build import build
from nixernetes.app.check import CheckOptions, checked, repository_of, view_at
from nixernetes.app.settings import settings_of
from nixernetes.objects.fields import mapping_at
from nixernetes.verify.accepted import Acceptance
from nixernetes.verify.objects import Placed

PLATFORM = """
from nixernetes import compliance, gitops

def runner(kind, name, **spec):
    template = {"metadata": {"labels": {"app": name}}, "spec": {"containers": [{"name": name, "image": "nginx:1"}]}}
    selector = {"matchLabels": {"app": name}}
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name},
            "spec": {"selector": selector, "template": template, **spec}}

claim = {"metadata": {"name": "data"}, "spec": {"resources": {"requests": {"storage": "1Gi"}}}}
pod = {"restartPolicy": "Never", "containers": [{"name": "c", "image": "c:1"}]}
objects = [
    runner("Deployment", "web"),
    runner("StatefulSet", "db", serviceName="db", volumeClaimTemplates=[claim]),
    {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "nightly"},
     "spec": {"schedule": "0 0 * * *", "jobTemplate": {"spec": {"template": {"spec": pod}}}}},
    {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": {"selector": {"app": "web"}}},
    {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "web"},
     "spec": {"podSelector": {"matchLabels": {"app": "web"}}}},
    {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "own",
     "labels": {"nixernetes.io/owner": "team-b"}}},
]
platform = gitops.Platform(
    name="shop", owner="team-a", engine="ENGINE",
    repository=gitops.GitOpsRepository(
        name="fleet", url="https://github.com/acme/fleet", environments=["prod"], structure="STRUCTURE"),
    compliance=compliance.labels(framework="SOC2", level="strict", build_id="42"),
    apps=[gitops.App(name="web", namespace="shop", manifests=objects),
          gitops.App(name="overlay", namespace="over", kustomize="overlay"), *CHARTS],
)
"""
LABELS = {
    "nixernetes.io/framework": "SOC2",
    "nixernetes.io/compliance-level": "high",
    "nixernetes.io/owner": "team-a",
    "nixernetes.io/data-classification": "internal",
}
DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata: {name: NAME}
spec:
  selector: {matchLabels: {app: NAME}}
  template: {metadata: {labels: {app: NAME}}, spec: {containers: [{name: c, image: "c:1"}]}}
"""


def platform(folder: Path, engine: str, structure: str = "flat", *, charts: bool = False) -> Path:
    """Write a platform with manifests, an overlay and perhaps a chart."""
    for path, text in {
        "overlay/kustomization.yaml": "resources: [o.yaml]\n",
        "overlay/o.yaml": DEPLOYMENT.replace("NAME", "over"),
        "chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 1.0.0\n",
        "chart/templates/d.yaml": DEPLOYMENT.replace("NAME", "charted"),
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    chart = '[gitops.App(name="chart", namespace="charts", chart=gitops.HelmChartRef(path="chart"))]'
    text = PLATFORM.replace("ENGINE", engine).replace("STRUCTURE", structure)
    (folder / "gitops.py").write_text(text.replace("CHARTS", chart if charts else "[]"))
    return folder / "gitops.py"


def rendered(file: Path) -> list[Placed]:
    """Return every object that a platform delivers."""
    options = CheckOptions(target=file)
    with repository_of(file) as repo:
        view, _ = view_at(options, settings_of(file), repo, "")
        return [placed for cluster in view.clusters for placed in cluster.placed]


def templates(placed: Placed) -> list[dict[str, object]]:
    spec = mapping_at(placed.manifest, "spec")
    found = [mapping_at(spec, "template"), mapping_at(spec, "jobTemplate", "spec", "template")]
    return [each for each in found if mapping_at(each, "spec").get("containers")]


@pytest.mark.parametrize(
    ("engine", "structure", "charts"),
    [("flux", "flat", True), ("flux", "hierarchy", False), ("argocd", "flat", False), ("argocd", "hierarchy", False)],
)
def test_labels_reach_every_object_and_pod_template(tmp_path: Path, engine: str, structure: str, charts: bool) -> None:
    found = rendered(platform(tmp_path, engine, structure, charts=charts))
    names = {placed.key.name for placed in found}
    assert {"web", "db", "nightly", "own", "over"} | ({"charted"} if charts else set()) <= names
    for placed in found:
        labels = mapping_at(placed.manifest, "metadata", "labels")
        wanted = {**LABELS, "nixernetes.io/owner": "team-b"} if placed.key.name == "own" else LABELS
        assert {key: labels.get(key) for key in LABELS} == wanted, placed.key
        notes = mapping_at(placed.manifest, "metadata", "annotations")
        assert notes["nixernetes.io/build-id"] == "42"
        assert notes["nixernetes.io/audit-id"]
        for template in templates(placed):
            inner = mapping_at(template, "metadata", "labels")
            assert {key: inner.get(key) for key in LABELS} == LABELS, placed.key
            assert "annotations" not in mapping_at(template, "metadata"), "a new build restarts no pods"


@pytest.mark.parametrize("engine", ["flux", "argocd"])
def test_labels_reach_no_selector_and_no_claim(tmp_path: Path, engine: str) -> None:
    for placed in rendered(platform(tmp_path, engine)):
        if placed.key.kind not in ("Deployment", "StatefulSet", "Service", "NetworkPolicy"):
            continue
        spec = mapping_at(placed.manifest, "spec")
        kept = [spec.get("selector"), spec.get("podSelector"), spec.get("volumeClaimTemplates")]
        assert "nixernetes.io" not in repr(kept), placed.key


def test_what_argo_cd_cannot_label_fails_the_check_and_is_told_by_the_build(tmp_path: Path) -> None:
    found = rendered(platform(tmp_path, "argocd", charts=True))
    charted = next(placed for placed in found if placed.key.name == "charted")
    assert mapping_at(charted.manifest, "metadata", "labels") == {}


def test_a_platform_without_owner_is_refused_with_the_remedy(tmp_path: Path) -> None:
    file = platform(tmp_path, "flux")
    file.write_text(file.read_text().replace('owner="team-a", ', ""))
    with pytest.raises(Exception, match=r'give the platform an owner, Platform\(owner="team-a"\)'):
        rendered(file)


def test_an_owner_that_is_no_label_value_is_refused_with_a_proposal(tmp_path: Path) -> None:
    file = platform(tmp_path, "flux")
    file.write_text(file.read_text().replace('owner="team-a"', 'owner="team a"'))
    with pytest.raises(Exception, match="write 'team-a'"):
        rendered(file)


def test_check_fails_on_a_level_that_is_promised_and_not_kept(tmp_path: Path) -> None:
    report = checked(CheckOptions(target=platform(tmp_path, "flux"))).report
    found = [each for each in report.findings if each.rule == "compliance-level"]
    assert {each.severity.value for each in found} == {"error"}
    escalation = next(each for each in found if "psa.privilege-escalation" in each.message)
    assert escalation.message.startswith(
        "the level high is promised, and psa.privilege-escalation fails: found unset at"
    )
    assert escalation.place.file.startswith("repos/prod/manifests/")
    assert escalation.place.line > 0


def test_a_profile_with_its_waivers_is_kept_by_the_example() -> None:
    example = Path(__file__).resolve().parents[2] / "examples/16-compliance"
    day = Acceptance(today=date(2026, 12, 1))
    assert [each.message for each in checked(CheckOptions(target=example, acceptance=day)).report.findings] == []
    over = checked(CheckOptions(target=example, acceptance=Acceptance(today=date(2030, 2, 1)))).report.findings
    assert {each.rule for each in over} == {"compliance-level", "compliance-waiver"}


DECLARED = """
from nixernetes import compliance, gitops

platform = gitops.Platform(
    name="shop", owner="team-a", engine="ENGINE",
    deployment=gitops.SingleClusterDeployment(
        name="shop", git_repository="https://github.com/acme/fleet", path="apps", namespace="shop"),
    compliance=compliance.labels(framework="SOC2", level="strict"),
    resources=[RESOURCES],
)
"""
SOURCE = '{"kind": "GitRepository", "name": "shop"}'
RESOURCES = {
    "flux": f"""
        gitops.Kustomization(name="other", source_ref={SOURCE}, path="./other", target_namespace="other"),
        gitops.HelmRelease(name="release", chart={{"name": "./chart"}}, source_ref={SOURCE}),
    """,
    "argocd": """
        gitops.Application(
            name="other", project="shop", destination={"namespace": "shop", "server": "https://kubernetes.default.svc"},
            source={"repo_url": "https://github.com/acme/fleet", "path": "kustomized",
                    "kustomize": {"name_prefix": "k-"}}),
        gitops.ApplicationSet(
            name="set", generators=[{"list": {"elements": [{"name": "one"}]}}],
            template={
                "metadata": {"name": "{{name}}"},
                "spec": {
                    "project": "shop",
                    "destination": {"namespace": "shop", "server": "https://kubernetes.default.svc"},
                    "source": {"repo_url": "https://github.com/acme/fleet", "path": "kustomized",
                               "kustomize": {"name_prefix": "s-"}}}}),
    """,
}


@pytest.mark.parametrize(
    ("engine", "names"), [("flux", {"shop", "other", "charted"}), ("argocd", {"k-kustomized", "s-kustomized"})]
)
def test_deliveries_of_folders_that_the_build_does_not_write_mark_what_they_bring(
    tmp_path: Path, engine: str, names: set[str]
) -> None:
    text = DECLARED.replace("ENGINE", engine).replace("RESOURCES", RESOURCES[engine])
    (tmp_path / "gitops.py").write_text(text)
    fleet = tmp_path / "fleet"
    build(tmp_path / "gitops.py", fleet)
    for path, text in {
        "apps/d.yaml": DEPLOYMENT.replace("NAME", "shop"),
        "other/d.yaml": DEPLOYMENT.replace("NAME", "other"),
        "kustomized/d.yaml": DEPLOYMENT.replace("NAME", "kustomized"),
        "kustomized/kustomization.yaml": "resources: [d.yaml]\n",
        "chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 1.0.0\n",
        "chart/templates/d.yaml": DEPLOYMENT.replace("NAME", "charted"),
    }.items():
        (fleet / path).parent.mkdir(parents=True, exist_ok=True)
        (fleet / path).write_text(text)
    subprocess.run(["git", "-C", fleet, "init", "-qb", "main", "."], check=True)
    subprocess.run(["git", "-C", fleet, "remote", "add", "origin", "https://github.com/acme/fleet"], check=True)
    found = {placed.key.name: placed for placed in rendered(fleet) if placed.key.kind == "Deployment"}
    assert names <= found.keys()
    for name in names:
        manifest = found[name].manifest
        (template,) = templates(found[name])
        for labels in (mapping_at(manifest, "metadata", "labels"), mapping_at(template, "metadata", "labels")):
            assert {key: labels.get(key) for key in LABELS} == LABELS, name
        assert mapping_at(manifest, "metadata", "annotations")["nixernetes.io/managed-by"] == "nixernetes"
        assert "annotations" not in mapping_at(template, "metadata")


def test_the_build_says_what_gets_no_labels_and_what_keeps_its_own(tmp_path: Path) -> None:
    traps = build(platform(tmp_path, "argocd", charts=True), tmp_path / "fleet").traps
    said = {trap.subject: trap.message for trap in traps}
    assert "Argo CD adds no labels to what a chart or plain files bring" in said["Application/argocd/chart"]
    assert said["ConfigMap/own"].startswith(
        "it has the label nixernetes.io/owner with a value of its own, and keeps it"
    )
