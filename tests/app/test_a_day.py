"""A day goes by: whatever comes and goes, nothing is left of it."""

from __future__ import annotations

import gc
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from tests.repositories import repository_of

from nixernetes.app import targets, up
from nixernetes.app.serving.controller_events import ControllerEvents
from nixernetes.app.worlds import World, make_world
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.kinds import JOB, POD

FILES = {
    "clusters/dev/flux-system/gotk-sync.yaml": """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 5m, url: https://git.example/fleet, ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 10m, path: ./clusters/dev, prune: true, sourceRef: {kind: GitRepository, name: flux-system}}
""",
    "clusters/dev/lost.yaml": """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: lost, namespace: flux-system}
spec: {interval: 10m, path: ./nowhere, prune: true, sourceRef: {kind: GitRepository, name: flux-system}}
""",
    "clusters/dev/work.yaml": """\
apiVersion: batch/v1
kind: CronJob
metadata: {name: tick, namespace: default}
spec:
  schedule: "*/5 * * * *"
  jobTemplate:
    spec:
      template:
        spec: {restartPolicy: Never, containers: [{name: c, image: 'work:1'}]}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: fails, namespace: default}
spec:
  schedule: "*/15 * * * *"
  jobTemplate:
    spec:
      backoffLimit: 1
      template:
        metadata: {annotations: {sim.nixernetes.dev/fail: Error}}
        spec: {restartPolicy: Never, containers: [{name: c, image: 'work:1'}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: default}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: 'web:1'}]}
""",
}


def hour(world: World, events: ControllerEvents) -> Counter[str]:
    """Let an hour go by; return how many objects of each kind there are then."""
    for _ in range(4):
        world.run_for(timedelta(minutes=15))
        events.write()
    return Counter(item["kind"] for item in world.clusters["dev"].written())


@pytest.mark.slow
def test_a_day_leaves_no_more_than_an_hour_does(tmp_path: Path) -> None:
    with targets.prepare(repository_of(FILES, tmp_path, "r"), targets.RunOptions()) as prepared:
        world = make_world(prepared.blueprint, VirtualClock(), prepared.outside, log_lines=100)
        events = ControllerEvents(world)
        world.run_until_settled(up.LIMIT)
        for _ in range(3):
            first = hour(world, events)
        gc.collect()
        blocks, jobs = sys.getallocatedblocks(), set[str]()
        for _ in range(21):
            last = hour(world, events)
            jobs |= {item["metadata"]["name"] for item in world.clusters["dev"].list(JOB)}
        gc.collect()
        assert len(jobs) > 60, "many came"
        assert last[JOB.kind] <= 8, "and went"
        assert last[POD.kind] <= 12
        assert sum(last.values()) <= sum(first.values()) + 10
        assert sys.getallocatedblocks() - blocks < 0.05 * blocks
        assert world.faults == []
