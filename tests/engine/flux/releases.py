"""Charts and HelmReleases for tests."""

from __future__ import annotations

from tests.engine.flux.conftest import World, config_map

from nixernetes.objects.manifest import Json
from nixernetes.render.sources.charts import Chart
from nixernetes.render.tree import MemoryTree

__all__ = ["CHARTS", "broken", "chart", "job", "release"]

CHARTS = "https://charts.example.com"


def chart(version: str = "1.0.0", templates: dict[str, str] | None = None, values: str = "color: red\n") -> Chart:
    files = templates or {"cm.yaml": config_map("{{release}}-cm", namespace="", color="{{color}}")}
    tree = MemoryTree(
        {"Chart.yaml": f"apiVersion: v2\nname: app\nversion: {version}\nappVersion: '9'\n", "values.yaml": values}
        | {f"templates/{name}": text for name, text in files.items()}
    )
    return Chart(name="app", version=version, app_version="9", tree=tree)


def release(world: World, **spec: Json) -> None:
    world.put("HelmRepository", "charts", {"url": CHARTS, "interval": "1m"})
    source = {"kind": "HelmRepository", "name": "charts", "namespace": "flux-system"}
    chart = {"spec": {"chart": "app", "version": "*", "sourceRef": source, "interval": "1m"}}
    world.put("HelmRelease", "web", {"interval": "10m", "chart": chart, **spec}, namespace="default")


def broken(version: str) -> Chart:
    return chart(version, templates={"bad.yaml": config_map("x", namespace="elsewhere")})


def job(command: str) -> str:
    return f"""
apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations: {{helm.sh/hook: "pre-install,pre-upgrade"}}
spec: {{template: {{spec: {{restartPolicy: Never, containers: [{{name: a, image: {command}}}]}}}}}}
"""
