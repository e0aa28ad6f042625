"""Prints what `nixernetes check` of a repository costs, beside what people run today, and how it grows with a fleet.

    .venv/bin/python benchmarks/check.py REPO [--kubeconform PROGRAM] [--flux-local PROGRAM] [--fleet CLUSTERS,APPS ...]

Everything runs in turn in one run. Beside it runs `kubectl kustomize` of every overlay, piped into kubeconform with
the schemas that `kubernetes-validate` carries (the same data, no network), two at a time; and `flux-local test`, where
it is given. These look at less: single overlays, and schemas of built-in kinds.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import kubernetes_validate

NIXERNETES = str(Path(sys.executable).with_name("nixernetes"))
ROUNDS = 5
FLEETS = ("5,20", "10,40", "25,80", "50,100")


def cost(program: list[str], cache: str) -> tuple[float, float, float]:
    """Return the seconds, the seconds of CPU, and the peak memory in MiB of a run."""
    began = time.perf_counter()
    process = subprocess.Popen(
        program,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "XDG_CACHE_HOME": cache},
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(program)} exited with {process.returncode}")
    return time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def told(name: str, found: tuple[float, float, float]) -> None:
    print(f"| {name} | {found[0]:.2f} s | {found[1]:.2f} s | {found[2]:.0f} MiB |")


def ours(repo: Path) -> float:
    """Print our cold, warm and edited runs; return the cold seconds."""
    cold, warm, edited = [], [], []
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch, "repo")
        shutil.copytree(repo, copy, symlinks=True)
        changed = min(copy.rglob("kustomization.yaml"))
        command = [NIXERNETES, "check", str(copy)]
        for number in range(ROUNDS):
            cache = str(Path(scratch, f"cache{number}"))
            cold.append(cost(command, cache))
            warm.append(cost(command, cache))
            with changed.open("a") as file:
                file.write(f"# edited {number}\n")
            edited.append(cost(command, cache))
    told("`nixernetes check`, cold", min(cold))
    told("warm", min(warm))
    told("after one file changed", min(edited))
    return min(cold)[0]


def watched(repo: Path) -> None:
    """Print how long a check in a process that goes on takes after an edit: `--watch`, and editors."""
    from nixernetes.app.check import CheckOptions, checked  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch, "repo")
        shutil.copytree(repo, copy, symlinks=True)
        changed = min(copy.rglob("kustomization.yaml"))
        times = []
        for number in range(ROUNDS + 2):
            with changed.open("a") as file:
                file.write(f"# edited {number}\n")
            began, used = time.perf_counter(), time.process_time()
            checked(CheckOptions(target=copy))
            times.append((time.perf_counter() - began, time.process_time() - used, 0.0))
        told("`--watch`, after one file changed", min(times[2:]))


def theirs(repo: Path, kubeconform: str) -> float:
    """Print and return the seconds of kubectl kustomize of every overlay, piped into kubeconform."""
    overlays = sorted(
        {path.parent for name in ("kustomization.yaml", "kustomization.yml") for path in repo.rglob(name)}
    )
    data = Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema"
    with tempfile.TemporaryDirectory() as scratch:
        schemas = unpacked(data, Path(scratch))
        check = [kubeconform, "-strict", "-ignore-missing-schemas", "-schema-location", schemas, "-"]

        def one(folder: Path) -> None:
            built = subprocess.run(["kubectl", "kustomize", str(folder)], capture_output=True, check=False)
            subprocess.run(check, input=built.stdout, capture_output=True, check=False)

        began = time.perf_counter()
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(one, overlays))
        took = time.perf_counter() - began
    print(f"| `kubectl kustomize` into `kubeconform`, {len(overlays)} overlays | {took:.2f} s | | |")
    return took


def unpacked(data: Path, scratch: Path) -> str:
    """Return the place of the schemas in the form that kubeconform reads: a file for each kind."""
    newest = max(data.glob("v*"), key=lambda path: [int(part) for part in path.name.split("-")[0][1:].split(".")])
    for path in newest.rglob("*.json"):
        target = scratch / path.name
        if not target.exists():
            target.symlink_to(path)
    return f"{scratch}/{{{{.ResourceKind}}}}{{{{.KindSuffix}}}}.json"


def other(repo: Path, program: str) -> float:
    """Print and return the seconds of `flux-local test` over the clusters of a repository."""
    folder = next(
        (each for each in (repo / "kubernetes/flux/cluster", repo / "clusters/production") if each.is_dir()), repo
    )
    began = time.perf_counter()
    command = [program, "test", "--path", str(folder)]
    status = subprocess.run(command, cwd=repo, capture_output=True, check=False).returncode
    took = time.perf_counter() - began
    print(f"| `flux-local test` (exit {status}) | {took:.2f} s | | |")
    return took


DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: app{app}, namespace: default}}
spec:
  selector: {{matchLabels: {{app: app{app}}}}}
  template:
    metadata: {{labels: {{app: app{app}}}}}
    spec:
      containers:
        - name: app
          image: ghcr.io/acme/app{app}:1.0.{cluster}
          ports: [{{name: http, containerPort: 8080}}]
          envFrom: [{{configMapRef: {{name: app{app}}}}}]
---
apiVersion: v1
kind: Service
metadata: {{name: app{app}, namespace: default}}
spec: {{selector: {{app: app{app}}}, ports: [{{name: http, port: 80, targetPort: http}}]}}
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: app{app}, namespace: default}}
data: {{cluster: c{cluster}}}
"""
START = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {{name: flux-system, namespace: flux-system}}
spec: {{interval: 1m, ref: {{branch: main}}, url: "https://github.com/acme/fleet"}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: flux-system, namespace: flux-system}}
spec:
  interval: 10m
  path: ./clusters/c{cluster}
  prune: true
  sourceRef: {{kind: GitRepository, name: flux-system}}
"""
DELIVERY = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: app{app}, namespace: flux-system}}
spec:
  interval: 10m
  path: ./apps/c{cluster}/app{app}
  prune: true
  sourceRef: {{kind: GitRepository, name: flux-system}}
"""


def fleet(folder: Path, clusters: int, apps: int) -> None:
    """Write a fleet: each cluster has its own folder of each app, with three objects."""
    for cluster in range(clusters):
        start = folder / f"clusters/c{cluster}/flux-system"
        start.mkdir(parents=True)
        (start / "gotk-sync.yaml").write_text(START.format(cluster=cluster))
        for app in range(apps):
            text = DELIVERY.format(cluster=cluster, app=app)
            (folder / f"clusters/c{cluster}/app{app}.yaml").write_text(text)
            place = folder / f"apps/c{cluster}/app{app}"
            place.mkdir(parents=True)
            (place / "app.yaml").write_text(DEPLOYMENT.format(cluster=cluster, app=app))
            (place / "kustomization.yaml").write_text("resources: [app.yaml]\n")
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
    subprocess.run(["git", "-C", str(folder), "remote", "add", "origin", "https://github.com/acme/fleet"], check=True)


def growth(sizes: list[str]) -> None:
    print("\n| fleet | objects | cold | warm | CPU, cold, a thousand objects | memory |\n|---|---|---|---|---|---|")
    for size in sizes:
        clusters, apps = map(int, size.split(","))
        objects = clusters * apps * 4
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch, "repo")
            folder.mkdir()
            fleet(folder, clusters, apps)
            command = [NIXERNETES, "check", str(folder)]
            cache = str(Path(scratch, "cache"))
            cold, warm = cost(command, cache), cost(command, cache)
        print(
            f"| {clusters} clusters x {apps} apps | {objects:,} | {cold[0]:.1f} s | {warm[0]:.1f} s "
            f"| {cold[1] / objects * 1000:.2f} s | {max(cold[2], warm[2]):.0f} MiB |",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("repository", nargs="?", type=Path)
    parser.add_argument("--kubeconform", default=shutil.which("kubeconform") or "")
    parser.add_argument("--flux-local", default=shutil.which("flux-local") or "")
    parser.add_argument("--fleet", nargs="*", default=list(FLEETS))
    found = parser.parse_args()
    if found.repository is not None:
        print("| | took | CPU | memory |\n|---|---|---|---|", flush=True)
        first = ours(found.repository)
        watched(found.repository)
        peers: list[tuple[str, Callable[[Path, str], float], str]] = [
            ("kubeconform", theirs, found.kubeconform),
            ("flux-local", other, found.flux_local),
        ]
        for name, run, program in peers:
            if program:
                print(f"\n{name}: {run(found.repository, program) / first:.1f} times ours, cold")
    if found.fleet:
        growth(found.fleet)


if __name__ == "__main__":
    main()
