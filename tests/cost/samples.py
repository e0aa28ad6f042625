"""Objects for tests of costs, written short."""

from __future__ import annotations

from typing import Any

Data = dict[str, Any]

CPU = "23.07603"  # a core for a month at the shipped prices
MEMORY = "3.09301"  # a GiB for a month


def container(cpu: object = None, memory: object = None, **more: object) -> Data:
    """Return a container with requests."""
    asked = {name: value for name, value in (("cpu", cpu), ("memory", memory)) if value is not None}
    return {"name": "main", "resources": {"requests": asked}, **more}


def template(*containers: Data, **spec: object) -> Data:
    """Return the template of a workload."""
    return {"template": {"spec": {"containers": list(containers), **spec}}}


def workload(spec: Data, kind: str = "Deployment", name: str = "web", **metadata: object) -> Data:
    """Return a workload."""
    versions = {"Job": "batch/v1", "CronJob": "batch/v1", "Pod": "v1", "Rollout": "argoproj.io/v1alpha1"}
    return {
        "apiVersion": versions.get(kind, "apps/v1"),
        "kind": kind,
        "metadata": {"name": name, "namespace": "shop", **metadata},
        "spec": spec,
    }


def obj(api_version: str, kind: str, spec: Data, name: str = "web", **top: object) -> Data:
    """Return an object of any kind."""
    metadata = {"name": name, "namespace": "shop", **top.pop("metadata", {})}  # type: ignore[dict-item]
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, "spec": spec, **top}


def claim(size: str, name: str = "data", **spec: object) -> Data:
    """Return a PersistentVolumeClaim, or the template of one."""
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": name, "namespace": "shop"},
        "spec": {"resources": {"requests": {"storage": size}}, **spec},
    }


def autoscaler(least: int | None, most: int, kind: str = "Deployment", name: str = "web") -> Data:
    """Return a HorizontalPodAutoscaler."""
    target = {"apiVersion": "apps/v1", "kind": kind, "name": name}
    bounds = {"maxReplicas": most, **({} if least is None else {"minReplicas": least})}
    return obj("autoscaling/v2", "HorizontalPodAutoscaler", {"scaleTargetRef": target, **bounds})
