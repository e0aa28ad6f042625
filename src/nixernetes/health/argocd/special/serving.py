"""What runs functions and jobs: Spin applications, Spark's executors."""

from __future__ import annotations

import math

from nixernetes.health.argocd.rule_steps import Said
from nixernetes.health.argocd.script_values import (
    at,
    entries,
    is_less,
    is_same,
    number_needed,
    otherwise,
    reach,
    spelled,
    truth,
)
from nixernetes.objects.manifest import Json

__all__ = ["spark_running", "spin_app"]


def spin_app(obj: Json, _: Json) -> Said | None:
    """Judge a SpinApp: it is available, has its replicas, and its Deployment is not in progress."""
    status = at(obj, "status")
    if not truth(status):
        return Said("Progressing", "Waiting for status to be available")
    available, moving, why = False, "", ""
    for _position, each in entries(at(status, "conditions")):
        kind, holds, said = at(each, "type"), at(each, "status") == "True", at(each, "message")
        if kind == "Progressing" and _has_failed(each):
            return Said("Degraded", otherwise(said, "Application deployment has failed"))
        if kind == "Progressing" and holds:
            moving = otherwise(said, "Application progress status")
        elif kind == "Available":
            available = holds
            why = otherwise(said, f"Application {'availability status' if holds else 'is not available'}")
    ready, wanted = otherwise(at(status, "readyReplicas"), 0), otherwise(reach(obj, "spec", "replicas"), 1)
    if not available:
        return Said("Degraded", why)
    counts = f"{spelled(ready)}/{spelled(wanted)}"
    if is_less(ready, wanted):
        return Said("Progressing", f"Waiting for replicas to be ready ({counts})")
    if moving:
        return Said("Progressing", moving)
    return Said("Healthy", f"Application is healthy with {counts} replicas ready")


def _has_failed(condition: Json) -> bool:
    if at(condition, "status") != "False":
        return False
    text = spelled(otherwise(at(condition, "message"), "")).lower()
    return at(condition, "reason") == "ProgressDeadlineExceeded" or "timeout" in text or "failed" in text


def spark_running(obj: Json, _: Json) -> Said | None:
    """Judge a SparkApplication that runs: it has the executors that it asks for."""
    states = at(obj, "status", "executorState")
    if states is None:
        return None
    running = sum(state == "RUNNING" for _position, state in entries(states, of_object=True))
    instances, limits = reach(obj, "spec", "executor", "instances"), _limits(at(obj, "spec"))
    if instances is not None and is_same(instances, running):
        enough = True
    elif limits is not None:
        least, most = limits
        enough = not is_less(running, least) and not is_less(most, running)
    else:
        enough = at(obj, "spec", "dynamicAllocation") is None and instances is None and running >= 1
    return Said("Healthy", "SparkApplication is Running") if enough else None


def _limits(spec: Json) -> tuple[Json, Json] | None:
    """Return the fewest and the most executors that are right, where they come and go."""
    allocation, settings = at(spec, "dynamicAllocation"), at(spec, "sparkConf")
    if truth(at(allocation, "enabled")):
        return otherwise(at(allocation, "minExecutors"), 0), otherwise(at(allocation, "maxExecutors"), math.inf)
    for prefix in ("spark.streaming.dynamicAllocation", "spark.dynamicAllocation"):
        if at(settings, f"{prefix}.enabled") == "true":
            least, most = (at(settings, f"{prefix}.{name}Executors") for name in ("min", "max"))
            return 0 if least is None else number_needed(least), math.inf if most is None else number_needed(most)
    return None
