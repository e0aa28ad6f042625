"""Prints what an estimate costs: of many rendered objects, and of the step between two such estimates.

    .venv/bin/python benchmarks/costs.py [OBJECTS ...]

A fifth of the objects are Deployments of two containers, each with an autoscaler; the others are Services, ConfigMaps
and custom objects, as in a platform. Nothing is read from disk.
"""

from __future__ import annotations

import sys
import time
import tracemalloc
from collections.abc import Iterator
from typing import Any

from nixernetes import cost

SIZES = (3_000, 10_000, 30_000)


def objects(number: int) -> Iterator[dict[str, Any]]:
    """Yield so many objects."""
    for index in range(number // 5):
        name = f"app-{index}"
        metadata = {
            "name": name,
            "namespace": f"team-{index % 300}",
            "labels": {"nixernetes.io/owner": f"team-{index % 20}"},
        }
        requests = {"cpu": f"{index % 900 + 100}m", "memory": f"{index % 1000 + 64}Mi"}
        containers = [{"name": "main", "resources": {"requests": requests}}, {"name": "proxy"}]
        target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": name}
        for api_version, kind, spec in (
            ("apps/v1", "Deployment", {"replicas": index % 7, "template": {"spec": {"containers": containers}}}),
            ("autoscaling/v2", "HorizontalPodAutoscaler", {"maxReplicas": 10, "scaleTargetRef": target}),
            ("v1", "Service", {"type": "ClusterIP", "ports": [{"port": 80}]}),
            ("v1", "ConfigMap", {}),
            ("monitoring.coreos.com/v1", "ServiceMonitor", {"endpoints": [{"port": "metrics"}]}),
        ):
            yield {"apiVersion": api_version, "kind": kind, "metadata": metadata, "spec": spec}


def main(sizes: tuple[int, ...]) -> None:
    print("| objects | figures | estimate, CPU | compared, CPU | memory of an estimate |")
    print("|---|---|---|---|---|")
    for size in sizes:
        given = {"production": list(objects(size))}
        began = time.process_time()
        before = cost.estimate(given)
        estimated = time.process_time() - began
        began = time.process_time()
        cost.compare(before, before)
        compared = time.process_time() - began
        tracemalloc.start()
        cost.estimate(given)
        held = tracemalloc.get_traced_memory()[1] >> 20
        tracemalloc.stop()
        print(f"| {size:,} | {len(before.lines):,} | {estimated:.2f} s | {compared:.2f} s | {held} MiB |")


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SIZES)
