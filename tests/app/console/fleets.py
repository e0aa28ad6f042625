"""Small repositories for Flux and for Argo CD, with all that deleting may meet."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.repositories import repository_of

__all__ = ["ARGOCD_FILES", "FLUX_FILES", "fleet"]

URL = "https://github.com/myorg/fleet"
SYNC = f"""
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {{name: fleet, namespace: flux-system}}
spec: {{interval: 1m, url: "{URL}", ref: {{branch: main}}}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: flux-system, namespace: flux-system}}
spec: {{interval: 10m, path: ./clusters/prod, prune: true, sourceRef: {{kind: GitRepository, name: fleet}}}}
"""
KUSTOMIZATION = """
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: %s, namespace: flux-system}
spec: {interval: 10m, path: ./%s, prune: %s, sourceRef: {kind: GitRepository, name: fleet}}
---
"""
APPLICATION = """
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: %s, namespace: argocd%s}
spec:
  project: default
  destination: {server: https://kubernetes.default.svc, namespace: %s}
  source: {repoURL: "https://github.com/myorg/fleet", targetRevision: main, path: %s}
  syncPolicy: {automated: {prune: true}, syncOptions: [CreateNamespace=true]}
---
"""
FINALIZER = ", finalizers: [resources-finalizer.argocd.argoproj.io]"
WEB = """
apiVersion: v1
kind: Namespace
metadata: {name: web}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: kept, namespace: web, annotations: {kustomize.toolkit.fluxcd.io/prune: disabled}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "web:1"}]}
"""
SHOP = """
apiVersion: v1
kind: ConfigMap
metadata: {name: first}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: kept, annotations: {argocd.argoproj.io/sync-options: Delete=false, argocd.argoproj.io/sync-wave: "1"}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop, annotations: {argocd.argoproj.io/sync-wave: "2"}}
spec:
  replicas: 1
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: shop, image: "shop:1"}]}
"""
ASKED = """
apiVersion: v1
kind: ConfigMap
metadata: {name: precious, annotations: {argocd.argoproj.io/sync-options: "Delete=confirm,Prune=confirm"}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: plain}
"""
FLUX_FILES = {
    "clusters/prod/flux-system/sync.yaml": SYNC,
    "clusters/prod/apps.yaml": KUSTOMIZATION % ("web", "web", "true") + KUSTOMIZATION % ("loose", "loose", "false"),
    "web/web.yaml": WEB,
    "loose/loose.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: loose, namespace: default}\n",
}
ARGOCD_FILES = {
    "apps/shop.yaml": APPLICATION % ("shop", FINALIZER, "shop", "shop"),
    "apps/asked.yaml": APPLICATION % ("asked", FINALIZER, "asked", "asked"),
    "apps/free.yaml": APPLICATION % ("free", "", "free", "free"),
    "shop/shop.yaml": SHOP,
    "asked/asked.yaml": ASKED,
    "free/free.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: free}\n",
}


def fleet(folder: Path, files: Mapping[str, str]) -> Path:
    """Return a repository with files, made in a folder."""
    return repository_of(files, folder)
