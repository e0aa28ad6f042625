"""Search clusters, collectors, identity servers: states that stand in numbers, texts and times."""

from __future__ import annotations

import re
from functools import cmp_to_key
from typing import Final

from nixernetes.health.argocd.rule_steps import Said
from nixernetes.health.argocd.script_values import at, entries, is_less, is_same, needed, number_needed, reach, spelled
from nixernetes.objects.manifest import Json

__all__ = ["elasticsearch_nodes", "fetched_secret", "grafana_content", "keycloak", "telemetry_collector"]

_SHARE: Final = re.compile(r"(\d+)/(\d+)", re.ASCII)


def elasticsearch_nodes(obj: Json, _: Json) -> Said | None:
    """Judge an Elasticsearch cluster by its nodes; with as many as it wants its state decides."""
    sets, there = needed(reach(obj, "spec", "nodeSets")), at(obj, "status", "availableNodes")
    wanted = sum(number_needed(at(each, "count")) for _position, each in entries(sets))
    if is_less(there, wanted):
        text = f"The desired amount of availableNodes is {spelled(wanted)} but the current amount is {spelled(there)}"
        return Said("Progressing", text)
    # More nodes than wanted say nothing: the cluster shrinks.
    return None if is_same(there, wanted) else _UNKNOWN_SEARCH


_UNKNOWN_SEARCH: Final = Said(
    "Unknown",
    "Elasticsearch Cluster status is unknown. Ensure your ArgoCD is current and then check for/file a bug report: "
    "https://github.com/argoproj/argo-cd/issues",
)


def fetched_secret(obj: Json, _: Json) -> Said | None:
    """Judge an ExternalSecret of the kubernetes-client operator."""
    if at(obj, "status") is None:
        return Said("Progressing", "Waiting for ExternalSecret.")
    status = spelled(at(obj, "status", "status"))
    if status == "SUCCESS":
        return Said("Healthy", "Fetched ExternalSecret.")
    if status.startswith("ERROR"):
        return Said("Degraded", status.replace("ERROR, ", ""))
    return Said("Progressing", "Waiting for ExternalSecret.")


def grafana_content(obj: Json, _: Json) -> Said | None:
    """Judge a dashboard or a folder: its conditions up to the first that does not hold."""
    status, texts = "Progressing", ""
    for _position, each in entries(at(obj, "status", "conditions")):
        kind, holds, reason, why = (at(each, name) for name in ("type", "status", "reason", "message"))
        if holds is None:
            continue
        texts += ", " if texts else ""
        if reason is not None:
            texts += spelled(reason)
            texts += "" if kind is None else f" for {spelled(kind)}"
            texts += "" if kind is None or why is None else f" because {spelled(why)}"
        if holds == "False":
            return Said("Degraded", texts)
        status = "Healthy" if holds == "True" else status
    return Said(status, texts)


def keycloak(obj: Json, _: Json) -> Said | None:
    """Judge a Keycloak by the condition that changed first."""
    conditions = at(obj, "status", "conditions")
    if conditions is None:
        return Said("Progressing", "Waiting for Keycloak status conditions to exist")
    for each in sorted((each for _position, each in entries(conditions)), key=cmp_to_key(_by_time)):
        if at(each, "status") == "True" and at(each, "type") == "Ready":
            return Said("Healthy", "")
        if at(each, "status") == "True" and at(each, "type") == "HasErrors":
            return Said("Degraded", f"Has Errors: {spelled(at(each, 'message'))}")
    return Said("Progressing", "")


def _by_time(first: Json, second: Json) -> int:
    """Compare two conditions by their time; one without a time comes last."""
    one, other = (at(each, "lastTransitionTime") for each in (first, second))
    if one is None or other is None:
        return (one is None) - (other is None)
    return is_less(other, one) - is_less(one, other)


def telemetry_collector(obj: Json, _: Json) -> Said | None:
    """Judge an OpenTelemetryCollector by the share of its replicas that are ready: ``2/3``."""
    status, replicas = at(obj, "status"), at(obj, "status", "scale", "statusReplicas")
    if status is None:
        return Said("Progressing", "Waiting for OpenTelemetry Collector status")
    if replicas is None:
        if reach(obj, "spec", "mode") == "sidecar":
            return Said("Healthy", "Collector is running in sidecar mode")
        return Said("Progressing", "Scale status not available")
    share = _SHARE.search(spelled(replicas))
    if share is None:
        return Said("Progressing", f"Unable to parse replica status: {spelled(replicas)}")
    ready, total = int(share[1]), int(share[2])
    if ready == 0 and total == 0 and at(obj, "spec", "mode") == "daemonset":
        return Said("Healthy", "DaemonSet has no eligible nodes (0/0)")
    if ready == 0:
        return Said("Degraded", "No replicas are ready")
    if ready == total:
        return Said("Healthy", "All replicas are ready")
    return Said("Progressing", "Replicas are starting up")
