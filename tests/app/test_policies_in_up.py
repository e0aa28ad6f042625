"""Policies that a repository deploys refuse in ``up`` what a cluster with Kyverno would; mended, it converges."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.repositories import MOMENT
from typer.testing import CliRunner

from nixernetes.adapters.repositories.git_write import commit_folder, init_repository
from nixernetes.app.targets import RunOptions, prepare
from nixernetes.app.worlds import make_world
from nixernetes.cli.commands import app
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.kinds import POLICY_REPORT

FLUX = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 1m, url: "https://github.com/myorg/fleet", ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 10m, path: ./clusters/prod, prune: true, sourceRef: {kind: GitRepository, name: flux-system}}
"""
KUSTOMIZATION = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: {name}, namespace: flux-system}}
spec:
  interval: 10m
  path: ./{name}
  prune: true
  dependsOn: [{needs}]
  sourceRef: {{kind: GitRepository, name: flux-system}}
"""
APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: apps, namespace: argocd}
spec:
  project: default
  destination: {server: https://kubernetes.default.svc, namespace: shop}
  source: {repoURL: https://github.com/myorg/fleet, path: apps, targetRevision: main}
  syncPolicy: {automated: {}, syncOptions: [CreateNamespace=true]}
"""
POLICY = """\
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: require-team, annotations: {argocd.argoproj.io/sync-wave: "-1"}}
spec:
  rules:
    - name: team
      match: {any: [{resources: {kinds: [ConfigMap], namespaces: [shop]}}]}
      exclude: {any: [{resources: {names: [kube-root-ca.crt]}}]}
      validate: {failureAction: Enforce, message: a team is needed, pattern: {data: {team: "?*"}}}
"""
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: web, namespace: shop}}\ndata: {{{data}}}\n"
SAID = 'admission webhook "validate.kyverno.svc-fail" denied the request: '
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"


def run(folder: Path, files: dict[str, str]) -> tuple[int, str]:
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    init_repository(folder, branch="main")
    commit_folder(folder, "change", "A <a@example.com>", MOMENT)
    result = CliRunner().invoke(app, ["up", str(folder), "--once"])
    return result.exit_code, " ".join(result.stdout.split())


def test_flux_is_refused_what_an_enforced_policy_refuses(tmp_path: Path) -> None:
    files = {
        "clusters/prod/flux-system/sync.yaml": FLUX,
        "clusters/prod/policies.yaml": KUSTOMIZATION.format(name="policies", needs=""),
        "clusters/prod/apps.yaml": KUSTOMIZATION.format(name="apps", needs="{name: policies}"),
        "policies/policy.yaml": POLICY,
        "apps/shop.yaml": NAMESPACE,
        "apps/web.yaml": CONFIG.format(data="a: b"),
    }
    code, said = run(tmp_path, files)
    assert code == 1
    assert f"ConfigMap/shop/web dry-run failed: {SAID}" in said
    assert "a team is needed. rule team failed at path /data/team/" in said
    code, said = run(tmp_path, {"apps/web.yaml": CONFIG.format(data="team: x")})
    assert code == 0, said


def test_argo_cd_is_refused_the_same(tmp_path: Path) -> None:
    files = {
        "clusters/prod/apps.yaml": APPLICATION,
        "apps/policy.yaml": POLICY,
        "apps/web.yaml": CONFIG.format(data="a: b"),
    }
    code, said = run(tmp_path, files)
    assert code == 1
    assert SAID in said
    assert "a team is needed" in said
    code, said = run(tmp_path, {"apps/web.yaml": CONFIG.format(data="team: x")})
    assert code == 0, said


def test_what_is_audited_is_reported(tmp_path: Path) -> None:
    files = {
        "clusters/prod/flux-system/sync.yaml": FLUX,
        "clusters/prod/policy.yaml": POLICY.replace("Enforce", "Audit"),
        "clusters/prod/shop.yaml": NAMESPACE,
        "clusters/prod/web.yaml": CONFIG.format(data="a: b"),
    }
    assert run(tmp_path, files)[0] == 0
    with prepare(tmp_path, RunOptions()) as prepared:
        world = make_world(prepared.blueprint, VirtualClock(), prepared.outside)
        assert world.run_until_settled(timedelta(hours=1))
        (report,) = world.clusters["prod"].list(POLICY_REPORT)
        assert report["scope"]["name"] == "web"
        assert [(row["policy"], row["rule"], row["result"]) for row in report["results"]] == [
            ("require-team", "team", "fail")
        ]
