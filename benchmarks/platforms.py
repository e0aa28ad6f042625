"""Writes the platforms that the benchmarks run. Not a benchmark itself."""

from __future__ import annotations

from pathlib import Path

_APP = """    gitops.App(
        name=f"app{number}",
        namespace=f"team{number % 20}",
        manifests=[workload(f"app{number}"), service(f"app{number}")] + settings(f"app{number}", OBJECTS - 2),
        environments={CLUSTERS[0]: {"replicas": 3}},
    )
    for number in range(APPS)
"""

_PLATFORM = """
from nixernetes import gitops

APPS, OBJECTS, CLUSTERS = {apps}, {objects}, {clusters}


def workload(name):
    labels = {{"app": name}}
    containers = [{{"name": name, "image": f"{{name}}:1.0"}}]
    template = {{"metadata": {{"labels": labels}}, "spec": {{"containers": containers}}}}
    spec = {{"replicas": 1, "selector": {{"matchLabels": labels}}, "template": template}}
    return {{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {{"name": name}}, "spec": spec}}


def service(name):
    spec = {{"selector": {{"app": name}}, "ports": [{{"port": 80}}]}}
    return {{"apiVersion": "v1", "kind": "Service", "metadata": {{"name": name}}, "spec": spec}}


def settings(name, count):
    kind = {{"apiVersion": "v1", "kind": "ConfigMap"}}
    made = []
    for number in range(count):
        meta = {{"name": f"{{name}}-{{number}}"}}
        made.append({{"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": {{"a": str(number)}}}})
    return made


platform = gitops.Platform(
    name="bench",
    repository=gitops.GitOpsRepository(name="config", url="https://example.com/config", structure="hierarchy"),
    clusters={{name: {{"server": f"https://{{name}}.example.com"}} for name in CLUSTERS}},
    engine="{engine}",
    apps=[
{app}    ],
)
"""


def write(folder: Path, *, apps: int, objects: int, clusters: tuple[str, ...], engine: str) -> Path:
    """Write a platform of so many apps, each of so many objects, and return its file."""
    file = folder / "gitops.py"
    file.write_text(_PLATFORM.format(apps=apps, objects=objects, clusters=clusters, engine=engine, app=_APP))
    return file
