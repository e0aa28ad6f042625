"""What the rest of a cluster's controllers report: load balancers get addresses, aggregated APIs are there."""

from __future__ import annotations

import zlib
from datetime import datetime

from nixernetes.cluster.workloads.profile import WorkloadProfile
from nixernetes.cluster.workloads.store import WorkloadStore, moment
from nixernetes.objects.fields import items_at, text_at
from nixernetes.objects.manifest import Manifest

__all__ = ["reconcile_address", "reconcile_api_service"]


def reconcile_address(store: WorkloadStore, item: Manifest, profile: WorkloadProfile) -> datetime | None:
    """Give a LoadBalancer Service or an Ingress its address (out of TEST-NET-3) after a while."""
    if item["kind"] == "Service" and text_at(item, "spec", "type") != "LoadBalancer":
        return None
    due = moment(item["metadata"]["creationTimestamp"]) + profile.address_after
    if store.now < due:
        return due
    if not items_at(item, "status", "loadBalancer", "ingress"):
        number = zlib.crc32(item["metadata"]["uid"].encode()) % 254 + 1
        store.set_status(item, {"loadBalancer": {"ingress": [{"ip": f"203.0.113.{number}"}]}})
    return None


def reconcile_api_service(store: WorkloadStore, item: Manifest) -> datetime | None:
    """Report an aggregated API as available."""
    if not items_at(item, "status", "conditions"):
        available = {"type": "Available", "status": "True", "reason": "Passed", "message": "all checks passed"}
        store.set_status(item, {"conditions": [{**available, "lastTransitionTime": store.stamp()}]})
    return None
