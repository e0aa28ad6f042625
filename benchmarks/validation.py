"""Prints what it takes to validate many objects, beside kubectl kustomize piped into kubeconform, in one run.

    .venv/bin/python benchmarks/validation.py [OBJECTS]

The repository is made here: overlays of a hundred objects each, of five kinds in equal parts. The peer is ``kubectl
kustomize`` of every overlay, and ``kubeconform`` of the outputs where that is installed; it holds objects against
schemas alone. Ours is told for validation alone (each object against the schema of its version, and the rules that a
server has beyond it), and for the whole of ``nixernetes check``, cold and warm. Times are CPU seconds.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from nixernetes.objects import yamls
from nixernetes.schemas import Schemas

NIXERNETES = str(Path(sys.executable).with_name("nixernetes"))
OBJECTS = 50_000
IN_A_FILE = 20  # times five kinds
URL = "https://github.com/acme/fleet"
SYNC = f"""\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {{name: flux-system, namespace: flux-system}}
spec: {{interval: 1m, url: {URL}, ref: {{branch: main}}}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: flux-system, namespace: flux-system}}
spec: {{interval: 10m, path: ./clusters/prod, prune: true, sourceRef: {{kind: GitRepository, name: flux-system}}}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: apps, namespace: flux-system}}
spec: {{interval: 10m, path: ./apps, prune: true, sourceRef: {{kind: GitRepository, name: flux-system}}}}
"""
KINDS = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: NAME, namespace: default}
data: {mode: fast}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: NAME, namespace: default}
---
apiVersion: v1
kind: Service
metadata: {name: NAME, namespace: default}
spec:
  selector: {app: NAME}
  ports: [{name: http, port: 80, targetPort: http}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: NAME, namespace: default, labels: {app: NAME}}
spec:
  selector: {matchLabels: {app: NAME}}
  template:
    metadata: {labels: {app: NAME}}
    spec:
      serviceAccountName: NAME
      containers:
        - name: web
          image: ghcr.io/acme/web:1.0.0
          ports: [{name: http, containerPort: 8080}]
          envFrom: [{configMapRef: {name: NAME}}]
          resources: {requests: {cpu: 10m, memory: 64Mi}, limits: {memory: 128Mi}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: NAME, namespace: default}
spec:
  rules:
    - host: NAME.example.com
      http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: NAME, port: {name: http}}}}]}
"""


def written(folder: Path, objects: int) -> list[str]:
    """Write a repository, and return the texts of its objects."""
    files = {"clusters/prod/flux-system/gotk-sync.yaml": SYNC}
    for number in range(objects // (5 * IN_A_FILE)):
        texts = [KINDS.replace("NAME", f"web-{number}-{index}") for index in range(IN_A_FILE)]
        files[f"apps/{number}/all.yaml"] = "---\n".join(texts)
        files[f"apps/{number}/kustomization.yaml"] = "resources: [all.yaml]\n"
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    for words in (["init", "-qb", "main"], ["remote", "add", "origin", URL], ["add", "-A"]):
        subprocess.run(["git", *words], cwd=folder, check=True)
    author = ["-c", "user.name=Benchmark", "-c", "user.email=benchmark@example.com"]
    subprocess.run(["git", *author, "commit", "-qm", "first"], cwd=folder, check=True)
    return [text for path, text in files.items() if path.endswith("all.yaml")]


def of_children(work: Callable[[], object]) -> float:
    """Return the CPU seconds of the processes that a piece of work starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def validated(texts: list[str]) -> float:
    """Return the CPU seconds of validation alone."""
    objects = [document.data for text in texts for document in yamls.parse_all(text) if document.data]
    schemas = Schemas.of("", ())
    began = time.process_time()
    problems = [problem for each in objects for problem in schemas.problems(each)]
    spent = time.process_time() - began
    if problems:
        raise SystemExit(f"the objects are not valid: {problems[0]}")
    return spent


def main() -> None:
    """Make the repository and print the table."""
    objects = int(sys.argv[1]) if len(sys.argv) > 1 else OBJECTS
    with tempfile.TemporaryDirectory() as scratch:
        repository, outputs = Path(scratch) / "repository", Path(scratch) / "outputs"
        outputs.mkdir()
        repository.mkdir()
        texts = written(repository, objects)
        environment = {**os.environ, "XDG_CACHE_HOME": str(Path(scratch) / "cache")}
        check = [NIXERNETES, "check", str(repository), "-o", "json"]

        def build() -> None:
            for folder in sorted((repository / "apps").iterdir()):
                with (outputs / f"{folder.name}.yaml").open("wb") as file:
                    subprocess.run(["kubectl", "kustomize", str(folder)], stdout=file, check=True)

        def ours() -> None:
            subprocess.run(check, env=environment, check=True, capture_output=True)

        def conform() -> None:
            subprocess.run(["kubeconform", "-strict", str(outputs)], check=True, capture_output=True)

        rows: list[tuple[str, float]] = []
        if shutil.which("kubectl"):
            rows.append(("kubectl kustomize", of_children(build)))
            if shutil.which("kubeconform"):
                rows.append(("kubeconform", of_children(conform)))
        rows.append(("validation alone", validated(texts)))
        rows += [("nixernetes check, cold", of_children(ours)), ("nixernetes check, warm", of_children(ours))]
        sys.stdout.write(f"{objects} objects\n")
        for name, seconds in rows:
            sys.stdout.write(f"  {name:24} {seconds:6.2f} s CPU\n")


if __name__ == "__main__":
    main()
