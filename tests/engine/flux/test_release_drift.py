"""Drift of a release: what can be compared is mended, what cannot is told."""

from __future__ import annotations

from tests.engine.flux.conftest import World, config_map
from tests.engine.flux.releases import CHARTS, chart, release

from nixernetes.objects.identity import ObjectKey


def test_what_cannot_be_compared_is_told_once_the_rest_is_mended(world: World) -> None:
    service = """
apiVersion: v1
kind: Service
metadata: {name: s}
spec: {ports: [{port: 80, name: http}]}
"""
    color = config_map("{{release}}-cm", namespace="", color="{{color}}")
    world.charts.add(CHARTS, chart(templates={"cm.yaml": color, "s.yaml": service}))
    release(world, driftDetection={"mode": "enabled"})
    world.run(minutes=1)
    live = world.cluster.get(ObjectKey("", "Service", "default", "s")) or {}
    ports = [{"port": 81, "name": "http"}]
    world.cluster.update({**live, "spec": {**live["spec"], "ports": ports}}, manager="kubectl-edit")
    world.cluster.delete(ObjectKey("", "ConfigMap", "default", "web-cm"))
    world.run(minutes=11)
    assert (world.get("ConfigMap", "web-cm", "default") or {})["data"] == {"color": "red"}
    status, reason, message = world.condition("HelmRelease", "web", namespace="default")
    assert (status, reason) == ("False", "StateError")
    fact = "Could not determine release state: unable to determine cluster state: Service/default/s dry-run failed"
    assert message.startswith(fact)
