"""A repository of two commits, written in a test as files, and what `nixernetes diff` says of the step between them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pygit2

from nixernetes.adapters.repositories.git_write import commit_folder, init_repository
from nixernetes.app.diff import DiffOptions, differences
from nixernetes.changes.change import Action
from nixernetes.changes.report import ChangeReport
from nixernetes.verify.findings import Severity

FLUX_URL = "https://github.com/acme/fleet"
ARGO_URL = "https://github.com/acme/deploy.git"
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)

GOTK = f"""\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {{name: flux-system, namespace: flux-system}}
spec: {{interval: 1m, url: "{FLUX_URL}", ref: {{branch: main}}}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: flux-system, namespace: flux-system}}
spec: {{interval: 10m, path: ./clusters/prod, prune: true, sourceRef: {{kind: GitRepository, name: flux-system}}}}
"""


def kustomization(name: str = "apps", *, path: str = "./apps", more: str = "prune: true") -> str:
    """Return a Flux Kustomization."""
    return f"""\
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: {name}, namespace: flux-system}}
spec: {{interval: 10m, path: {path}, sourceRef: {{kind: GitRepository, name: flux-system}}, {more}}}
"""


def release(name: str = "web", *, more: str = "", chart: str = "./charts/web") -> str:
    """Return a HelmRelease of a chart in the repository."""
    source = "{kind: GitRepository, name: flux-system, namespace: flux-system}"
    return f"""\
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {{name: {name}, namespace: web}}
spec: {{interval: 10m, chart: {{spec: {{chart: {chart}, sourceRef: {source}}}}}{more}}}
"""


def application(
    name: str = "shop", *, path: str = "shop", sync: str = "automated: {prune: true}", more: str = ""
) -> str:
    """Return an Argo CD Application; ``more`` goes into its metadata."""
    return f"""\
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: {name}, namespace: argocd{more}}}
spec:
  project: default
  source: {{repoURL: "{ARGO_URL}", targetRevision: main, path: {path}}}
  destination: {{server: "https://kubernetes.default.svc", namespace: shop}}
  syncPolicy: {{{sync}}}
"""


FINALIZER = ", finalizers: [resources-finalizer.argocd.argoproj.io]"


def config(name: str = "settings", *, data: str = "a: b", metadata: str = "", namespace: str = "shop") -> str:
    """Return a ConfigMap."""
    return f"""\
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: {name}, namespace: {namespace}{metadata}}}
data: {{{data}}}
"""


def claim(name: str = "data", *, size: str = "1Gi", more: str = "", metadata: str = "") -> str:
    """Return a PersistentVolumeClaim."""
    return f"""\
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {{name: {name}, namespace: shop{metadata}}}
spec: {{accessModes: [ReadWriteOnce], resources: {{requests: {{storage: {size}}}}}{more}}}
"""


def deployment(
    name: str = "shop", *, labels: str = "app: shop", image: str = "nginx:1.27", metadata: str = "", spec: str = ""
) -> str:
    """Return a Deployment."""
    return f"""\
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: shop{metadata}}}
spec:
  {spec}
  selector: {{matchLabels: {{{labels}}}}}
  template:
    metadata: {{labels: {{{labels}}}}}
    spec: {{containers: [{{name: web, image: "{image}"}}]}}
"""


def flux(apps: str, *, cluster: str | None = None, **more: str) -> dict[str, str]:
    """Return a repository that Flux follows; ``more`` are files with ``__`` for ``/``."""
    files = {
        "clusters/prod/flux-system/gotk-sync.yaml": GOTK,
        "clusters/prod/apps.yaml": kustomization() if cluster is None else cluster,
        "apps/all.yaml": apps,
    }
    return files | {name.replace("__", "/") + ".yaml": text for name, text in more.items()}


def argocd(objects: str, applications: str | None = None) -> dict[str, str]:
    """Return a repository that Argo CD follows."""
    files = {"argocd/apps.yaml": application() if applications is None else applications, "shop/README.md": "a shop\n"}
    return files | ({"shop/all.yaml": objects} if objects else {})


def differ(folder: Path, base: Mapping[str, str], head: Mapping[str, str], url: str = FLUX_URL) -> ChangeReport:
    """Return what is said of the step from one state of a repository to another.

    Args:
        folder: an empty folder.
        base: the files before.
        head: the files now.
        url: the URL of the repository.

    """
    init_repository(folder, branch="main")
    repository = pygit2.Repository(str(folder))
    repository.remotes.create("origin", url)
    for name, files in (("base", base), ("head", head)):
        for gone in [*base, *head]:
            (folder / gone).unlink(missing_ok=True)
        for file, text in files.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(text)
        commit_folder(folder, name, "A <a@example.com>", MOMENT)
        repository.references.create(f"refs/tags/{name}", repository.head.target)
    report = differences(DiffOptions(repo=folder, base="base", head="head"))
    assert report.broken == ()
    return report


def said(report: ChangeReport) -> set[str]:
    """Return what happens, as ``delete ConfigMap/shop/settings``."""
    return {f"{each.action} {each.key}" for each in report.changes}


def dangers(report: ChangeReport) -> set[str]:
    """Return what is dangerous, as ``error data-loss PersistentVolumeClaim/shop/data``."""
    return {
        f"{each.severity.value} {each.topic} {each.object}"
        for each in report.dangers
        if each.severity is not Severity.INFO
    }


def held(report: ChangeReport) -> dict[str, str]:
    """Return what changes in Git and not in the cluster, with the reasons."""
    return {str(each.key): each.reason for cluster in report.comparison.clusters for each in cluster.held}


def fields(report: ChangeReport, action: Action = Action.CHANGE) -> list[str]:
    """Return the paths of the fields that differ."""
    return [field.path for each in report.changes if each.action is action for field in each.fields]
