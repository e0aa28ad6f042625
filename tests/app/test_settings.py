"""`check`, `render` and `up` read one settings file; what the command line says wins."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pygit2
import pytest
from tests.repositories import repository_of

from nixernetes.app import targets, up
from nixernetes.app.check import CheckOptions, checked
from nixernetes.app.rendering.render_deliveries import Query, render
from nixernetes.app.toolbox import ToolOptions
from nixernetes.errors import InputError
from nixernetes.objects.fields import text_at
from nixernetes.verify.accepted import Acceptance
from nixernetes.verify.findings import Finding

FLUX = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 1m, url: "https://github.com/org/fleet", ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec:
  interval: 10m
  prune: true
  path: ./apps
  sourceRef: {kind: GitRepository, name: flux-system}
  postBuild: {substituteFrom: [{kind: ConfigMap, name: cluster-vars}]}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: told, namespace: flux-system}
spec:
  interval: 10m
  chart: {spec: {chart: ./chart, sourceRef: {kind: GitRepository, name: flux-system}}}
"""
APPS = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: app, namespace: default}
data: {region: "${region}"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: app, namespace: default}
spec:
  selector: {matchLabels: {app: app}}
  template:
    metadata: {labels: {app: app}}
    spec:
      nodeSelector: {disk: ssd}
      containers:
      - {name: app, image: "nginx:1.27", envFrom: [{secretRef: {name: nowhere}}], resources: {requests: {cpu: "2"}}}
"""
TOLD = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: told}
data: {version: {{ .Capabilities.KubeVersion.Version }}, has: "{{ .Capabilities.APIVersions.Has "example.org/v1" }}"}
"""
BASE = "values: [{kind: ConfigMap, namespace: flux-system, name: cluster-vars, data: {region: eu-west-1}}]\n"
EXCEPTION = (
    "exceptions:\n- {rule: missing-reference, object: Deployment/default/app, reason: by hand, until: 2026-06-30}\n"
)


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    files = {
        "clusters/production/flux.yaml": FLUX,
        "clusters/staging/flux.yaml": FLUX,
        "apps/app.yaml": APPS,
        "chart/Chart.yaml": "{apiVersion: v2, name: told, version: 1.0.0}",
        "chart/templates/told.yaml": TOLD,
    }
    made = repository_of(files, tmp_path, "repo")
    pygit2.Repository(str(made)).remotes.create("origin", "https://github.com/org/fleet")
    return made


def _found(repo: Path, settings: str, *, today: date = date(2026, 6, 1), **options: object) -> list[Finding]:
    (repo / "nixernetes.yaml").write_text(BASE + settings)
    acceptance = Acceptance(today=today)
    made = CheckOptions(target=repo, acceptance=acceptance, **options)  # type: ignore[arg-type]
    return list(checked(made).report.findings)


def _rules(findings: list[Finding]) -> list[str]:
    return sorted({each.rule for each in findings})


def test_check_knows_what_bootstrap_supplies(repo: Path) -> None:
    assert "missing-values" in _rules(list(checked(CheckOptions(target=repo)).report.findings))
    assert _rules(_found(repo, "")) == ["missing-reference"]


def test_an_exception_holds_until_its_day_and_is_named_when_it_has_ended(repo: Path) -> None:
    assert _found(repo, EXCEPTION, today=date(2026, 6, 30)) == []
    (back,) = _found(repo, EXCEPTION, today=date(2026, 7, 1))
    assert back.rule == "missing-reference"
    assert [(str(place), text) for place, text in back.related][-1] == (
        "nixernetes.yaml:3",
        "the exception ended with 2026-06-30: by hand",
    )


def test_an_exception_that_matches_nothing_is_reported(repo: Path) -> None:
    found = _found(repo, EXCEPTION + "- {rule: orphan-file, path: docs/, reason: examples}\n")
    assert [(each.rule, str(each.place)) for each in found] == [("unused-setting", "nixernetes.yaml:4")]
    assert [each.rule for each in _found(repo, EXCEPTION, cluster="staging")] == []


def test_a_rule_weighs_what_the_settings_say(repo: Path) -> None:
    assert _found(repo, "severities: {missing-reference: off}") == []
    (found,) = _found(repo, "severities: {missing-reference: info}")
    assert found.severity == "info"


@pytest.mark.parametrize(
    "settings", ["severities: {missing-refrence: off}", EXCEPTION.replace("reference", "refrence")]
)
def test_a_rule_that_does_not_exist_is_refused_with_its_line(repo: Path, settings: str) -> None:
    with pytest.raises(InputError, match=r"nixernetes.yaml:\d: .*is it missing-reference"):
        _found(repo, settings)


def test_a_cluster_that_does_not_exist_is_reported(repo: Path) -> None:
    found = _found(repo, 'clusters: {prodution: {kubeVersion: "1.33"}}')
    assert [each.message for each in found if each.rule == "unused-setting"] == [
        "there is no cluster prodution: is it production?"
    ]


def test_render_and_up_say_that_a_cluster_does_not_exist(repo: Path) -> None:
    (repo / "nixernetes.yaml").write_text(BASE + 'clusters: {prodution: {kubeVersion: "1.33"}}')
    told = f"{repo}/nixernetes.yaml:2: there is no cluster prodution: is it production?"
    assert told in [str(note) for note in render(Query(repo=repo)).notes]
    with targets.prepare(repo, targets.RunOptions()) as prepared:
        assert told in [str(note) for note in prepared.notes]


def test_pods_that_fit_on_no_node_are_told_where_nodes_are_known(repo: Path) -> None:
    nodes = "{name: small, labels: {disk: ssd}, allocatable: {cpu: 1900m}}"
    pools = f"clusters:\n  production:\n    nodePools:\n    - {nodes}\n"
    (found,) = [each for each in _found(repo, pools) if each.rule == "unschedulable-pods"]
    assert found.clusters == ("production",)
    assert "small has 1900m cpu for pods and not 2" in found.message
    assert "unschedulable-pods" not in _rules(_found(repo, pools.replace("1900m", "4")))


def test_each_cluster_has_its_own_version_in_charts(repo: Path) -> None:
    settings = 'kubeVersion: "1.32"\nclusters: {production: {kubeVersion: "1.33", apiVersions: [example.org/v1]}}'
    (repo / "nixernetes.yaml").write_text(BASE + settings)
    assert _told(repo) == {"production": ("v1.33.0", "true"), "staging": ("v1.32.0", "false")}
    assert _told(repo, kube_version="1.31") == {"production": ("v1.31.0", "true"), "staging": ("v1.31.0", "false")}


def _told(repo: Path, **tools: str) -> dict[str, tuple[str, str]]:
    platform = render(Query(repo=repo, options=ToolOptions(**tools)))  # type: ignore[arg-type]
    return {
        cluster.name: (text_at(item.manifest, "data", "version"), text_at(item.manifest, "data", "has"))
        for cluster in platform.clusters
        for delivery in cluster.deliveries
        for item in delivery.manifests
        if text_at(item.manifest, "metadata", "name") == "told"
    }


def test_up_reads_the_same_file(repo: Path) -> None:
    settings = 'clusters: {one: {folder: clusters/production, kubeVersion: "1.33"}}'
    (repo / "nixernetes.yaml").write_text(BASE + settings)
    with targets.prepare(repo, targets.RunOptions()) as prepared:
        outcome = up.once(prepared.blueprint, prepared.outside)
        assert prepared.reads_beside is False
    assert [each.name for each in prepared.blueprint.clusters] == ["one"]
    assert outcome.ok
    with targets.prepare(repo, targets.RunOptions(clusters={"two": "clusters/staging"})) as prepared:
        assert [each.name for each in prepared.blueprint.clusters] == ["two"]


def test_a_path_that_leads_nowhere_is_told_with_its_line(repo: Path) -> None:
    with pytest.raises(InputError, match=r"nixernetes.yaml:2: sources/x: no such file or folder"):
        _found(repo, 'sources: {"https://example.com/x": sources/x}')
