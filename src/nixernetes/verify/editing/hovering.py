"""What is said of what is named at a place: where it is, what it renders to, and when it counts as ready."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from nixernetes.objects.fields import flag_at, objects_at, text_at
from nixernetes.objects.kinds import APPLICATION, HELM_RELEASE, KUSTOMIZATION
from nixernetes.objects.manifest import Manifest
from nixernetes.render.deliveries import Delivery
from nixernetes.verify.editing.pointing import Pointed
from nixernetes.verify.editing.resolving import Resolved, resolved
from nixernetes.verify.objects import ClusterObjects, Placed
from nixernetes.verify.platform_view import PlatformView

__all__ = ["hover"]

_KINDS: Final = 6  # kinds that are counted by name
_READY: Final = {
    "Deployment": "when all its replicas are updated and available",
    "StatefulSet": "when all its replicas are updated and ready",
    "DaemonSet": "when its pod is updated and available on every node",
    "Job": "when it has completed",
    "PersistentVolumeClaim": "when it is bound",
    "Service": "at once; one of type LoadBalancer when it has an address",
    "Namespace": "at once",
    "ConfigMap": "at once",
    "Secret": "at once",
}


def hover(view: PlatformView, file: str, at: Pointed) -> str:
    """Return Markdown about what is named at a place, ``""`` where nothing is."""
    named = resolved(view, file, at)
    return "" if named is None else "\n\n".join(_lines(view, named))


def _lines(view: PlatformView, named: Resolved) -> Iterator[str]:
    yield f"**{named.name}**"
    if not named.places:
        yield "is not declared in this repository"
        return
    yield "declared in " + ", ".join(f"`{place}`" for place in named.places[:3])
    if not named.found:
        return
    cluster, item = named.found[0]
    names = ", ".join(sorted({each.name for each, _ in named.found}))
    yield f"on {names}"
    url = text_at(item.manifest, "spec", "url")
    if url:
        yield f"`{url}`"
    delivery = _delivery(view, cluster, item)
    if delivery is not None:
        yield _rendered(delivery)
    yield f"ready {_ready(item.manifest, item)}"


def _delivery(view: PlatformView, cluster: ClusterObjects, item: Placed) -> Delivery | None:
    held = view.held.get(cluster.hub, ())
    return next((each for each in held if each.key == item.key), None)


def _rendered(delivery: Delivery) -> str:
    if delivery.problem:
        return f"is not rendered: {delivery.problem.splitlines()[0]}"
    counts = Counter(str(item.manifest.get("kind", "")) for item in delivery.manifests)
    named = [f"{count} {kind}" for kind, count in counts.most_common(_KINDS)]
    more = f" and {len(counts) - _KINDS} more kinds" if len(counts) > _KINDS else ""
    total = sum(counts.values())
    return f"renders {total} object{'s' if total != 1 else ''}" + (f": {', '.join(named)}{more}" if total else "")


def _ready(manifest: Manifest, item: Placed) -> str:
    kind = item.key.group_kind
    if kind == KUSTOMIZATION:
        if flag_at(manifest, "spec", "wait"):
            return "when all that it applies is (`wait`)"
        checks = objects_at(manifest, "spec", "healthChecks")
        names = ", ".join(f"{text_at(each, 'kind')}/{text_at(each, 'name')}" for each in checks[:3])
        return f"when applied, and {names} are" if names else "when applied"
    if kind == HELM_RELEASE:
        return "when installed, and its workloads are"
    if kind == APPLICATION:
        return "when synced, and the worst of what it brings is Healthy"
    return _READY.get(item.key.kind, "when its condition Ready is True, or at once without one")
