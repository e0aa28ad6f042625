"""A real browser, and real runs of the command that it looks at; without a browser these tests are skipped."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.app.console.fleets import ARGOCD_FILES, fleet as made
from tests.app.web.shops import SYNC
from tests.browser.looking import Run
from tests.repositories import repository_of

sync_api = pytest.importorskip("playwright.sync_api")

COMMAND = Path(sys.executable).with_name("nixernetes")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ADDRESS = re.compile(r"(the page is at|to look only:|for another browser:) (http://\S+)")

APPS = """
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: %s, namespace: flux-system}
spec: {interval: 10m, path: ./%s, prune: true, sourceRef: {kind: GitRepository, name: fleet}%s}
"""
NETWORK = """
apiVersion: v1
kind: Service
metadata: {name: web, namespace: web}
spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: orphan, namespace: web}
spec: {selector: {app: nobody}, ports: [{port: 80}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: web}
spec:
  rules:
  - host: shop.example.com
    http:
      paths:
      - {path: /, pathType: Prefix, backend: {service: {name: web, port: {name: http}}}}
      - {path: /old, pathType: Prefix, backend: {service: {name: missing, port: {number: 80}}}}
"""
ARGOCD = """
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: shop, namespace: argocd}
spec:
  description: The shop
  sourceRepos: ["https://github.com/myorg/*"]
  destinations: [{server: "https://kubernetes.default.svc", namespace: "shop*"}]
  clusterResourceWhitelist: [{group: "", kind: Namespace}]
  orphanedResources: {warn: true}
  roles:
  - name: ci
    description: "<script>window.hurt=1</script>"
    groups: ["myorg:ci"]
    policies: ["p, proj:shop:ci, applications, sync, shop/*, allow"]
  syncWindows: [{kind: allow, schedule: "* * * * *", duration: 1h, applications: ["*"]}]
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argocd, labels: {team: shop}}
spec:
  project: shop
  source: {repoURL: "https://github.com/myorg/fleet", path: shop, targetRevision: HEAD}
  destination: {server: "https://kubernetes.default.svc", namespace: shop}
  syncPolicy: {automated: {selfHeal: true}, syncOptions: [CreateNamespace=true]}
"""
SHOP = """
apiVersion: batch/v1
kind: Job
metadata: {name: migrate, annotations: {argocd.argoproj.io/hook: PreSync}}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: migrate, image: "migrate:1"}]}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, annotations: {argocd.argoproj.io/sync-wave: "-1"}}
data: {a: b}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  replicas: 1
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: shop, image: "shop:1"}]}
"""
POLICIES = """
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: no-odd-names}
spec:
  matchConstraints:
    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [configmaps]}]
  validations:
  - {expression: "object.metadata.name != 'odd'", message: "odd is no name <img src=x onerror=window.hurt=1>"}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: no-odd-names}
spec: {policyName: no-odd-names, validationActions: [Deny]}
"""
WEB = """
apiVersion: v1
kind: Namespace
metadata: {name: web}
---
apiVersion: v1
kind: Secret
metadata: {name: keys, namespace: web}
stringData: {password: hunter2-hunter2}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: web, annotations: {note: "<img src=x onerror=window.hurt=1>"}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "web:1", env: [{name: A, value: "</pre><script>window.hurt=1</script>"}]}]}
"""
HOSTILE = """
apiVersion: v1
kind: ConfigMap
metadata: {name: "<img src=x onerror=window.hurt=1>", namespace: web, labels: {"<b onclick=x>": "<i>"}}
data: {a: "<script>window.hurt=1</script>"}
---
apiVersion: v1
kind: "<script>window.hurt=1</script>"
metadata: {name: "javascript:window.hurt=1", namespace: "<svg onload=window.hurt=1>"}
"""


@pytest.fixture(scope="session")
def program() -> str:
    """Return where the browser is."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        with sync_api.sync_playwright() as playwright:
            found = playwright.chromium.executable_path
    if not Path(found).exists():
        pytest.skip("there is no Chromium")
    return found


@pytest.fixture(scope="module")
def browser(program: str) -> Iterator[Any]:
    """A browser for a module: while there is one, its event loop is in the way of every other in this process."""
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository of both engines: deliveries that are well, and one that tries to hurt whoever looks."""
    files = {
        "clusters/prod/flux-system/sync.yaml": SYNC,
        "clusters/prod/argocd/shop.yaml": ARGOCD,
        "clusters/prod/flux-system/apps.yaml": APPS % ("storefront", "web", ""),
        "clusters/prod/flux-system/hostile.yaml": APPS % ("hostile", "hostile", ", dependsOn: [{name: storefront}]"),
        "shop/shop.yaml": SHOP,
        "web/network.yaml": NETWORK,
        "web/policies.yaml": POLICIES,
        "web/web.yaml": WEB,
        "hostile/hostile.yaml": HOSTILE,
    }
    return repository_of(files, tmp_path_factory.mktemp("fleet"))


def _running(folder: Path, *arguments: str) -> Iterator[Run]:
    process = subprocess.Popen(
        [COMMAND, *arguments, str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"NO_COLOR": "1"},
    )
    run = Run()
    reader = threading.Thread(target=lambda: [_note(run, line) for line in process.stdout or ()], daemon=True)
    reader.start()
    try:
        assert run.ready.wait(60), "the page is not served"
        yield run
    finally:
        process.terminate()
        process.wait(20)
        reader.join(5)
        if process.stdout is not None:
            process.stdout.close()


def _note(run: Run, line: str) -> None:
    found = ADDRESS.search(line)
    if found is None:
        return
    if found[1] == "to look only:":
        run.viewer = found[2]
    else:
        run.address = found[2]
        run.fresh.set()
        run.ready.set()


@pytest.fixture(scope="session")
def up(program: str, fleet: Path) -> Iterator[Run]:
    """Return a run of ``nixernetes up``."""
    del program  # without one nothing is run
    yield from _running(fleet, "up", "--offline")


@pytest.fixture(scope="session")
def steered(program: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Return a run of Argo CD of which the time is virtual, and stands still; Ada may come in by her name."""
    del program
    folder = tmp_path_factory.mktemp("steered")
    digest = hashlib.sha256(b"adas-token").hexdigest()
    role = {"role": "operator", "people": ["ada"], "deliveries": ["argocd/shop"]}
    (folder / "roles.yaml").write_text(json.dumps({"roles": [role], "tokens": {"ada": f"sha256:{digest}"}}))
    options = ("--offline", "--clock", "virtual", "--roles", str(folder / "roles.yaml"))
    yield from _running(made(folder, ARGOCD_FILES), "up", *options)


@pytest.fixture(scope="session")
def ui(program: str, fleet: Path) -> Iterator[Run]:
    """Return a run of ``nixernetes ui``."""
    del program
    yield from _running(fleet, "ui", "--offline")
