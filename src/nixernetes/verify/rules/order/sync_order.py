"""``sync-order``: no object of an Application waits for what a later phase or wave brings.

A wave is over when its objects are healthy. A workload is not while a ConfigMap, Secret or claim that it mounts does
not exist, and a PreSync hook does not end before the Sync phase begins (gitops-engine, sync phases and waves).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.objects.fields import items_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import APPLICATION, CONFIG_MAP, PERSISTENT_VOLUME_CLAIM, SECRET, SERVICE_ACCOUNT
from nixernetes.objects.manifest import Manifest, annotations_of
from nixernetes.objects.well_known import ARGOCD_HOOK, HELM_HOOK
from nixernetes.verify.findings import Severity
from nixernetes.verify.objects import ClusterObjects, Placed
from nixernetes.verify.ordering import wave_of
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.pods.workloads import CARRIERS
from nixernetes.verify.references.graph import NamedObject, references
from nixernetes.verify.references.made import MadeObjects, made_in
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_NEEDED: Final = (CONFIG_MAP, SECRET, SERVICE_ACCOUNT, PERSISTENT_VOLUME_CLAIM)
_PHASES: Final = {"PreSync": 0, "Sync": 1, "PostSync": 2, "SyncFail": 3, "PostDelete": 4, "PreDelete": 4}
_HELM_HOOKS: Final = {"pre-install": 0, "pre-upgrade": 0, "post-install": 2, "post-upgrade": 2}


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster in view.clusters:
        yield from _namespaces(cluster)
        made = made_in(view, cluster)
        for reference in references(cluster):
            item = reference.subject
            if item.owner is None or item.owner.key.group_kind != APPLICATION:
                continue
            if item.key.group_kind not in CARRIERS or reference.target.group_kind not in _NEEDED:
                continue
            found = _late(cluster, reference, made)
            if found is not None:
                yield found


def _namespaces(cluster: ClusterObjects) -> Iterator[Found]:
    """Yield the first object of each Application that comes before the Namespace that it goes to."""
    told: set[tuple[ObjectKey, str]] = set()
    for item in cluster.placed:
        owner = item.owner
        if owner is None or owner.key.group_kind != APPLICATION or not item.namespace:
            continue
        if (owner.key, item.namespace) in told or _is_created(owner.manifest, item.namespace):
            continue
        bringing = cluster.by_key.get(ObjectKey("", "Namespace", "", item.namespace), [])
        if not bringing or any(each.owner is None or each.owner.key != owner.key for each in bringing):
            continue
        now, then = _moment(item), min(_moment(each) for each in bringing)
        if then > now:
            told.add((owner.key, item.namespace))
            what = "phase" if then[0] != now[0] else f"wave {then[1]}, and it of wave {now[1]}"
            message = f"its Namespace {item.namespace} is of a later {what}: the sync fails before that is created"
            path = ("metadata", "namespace") if text_at(item.manifest, "metadata", "namespace") else ("metadata",)
            yield Found(cluster=cluster, subject=item, message=message, path=path)


def _is_created(application: Manifest, namespace: str) -> bool:
    options = items_at(application, "spec", "syncPolicy", "syncOptions")
    return "CreateNamespace=true" in options and text_at(application, "spec", "destination", "namespace") == namespace


def _late(cluster: ClusterObjects, reference: NamedObject, made: MadeObjects) -> Found | None:
    """Return a finding where all that bring a needed object bring it later than it is needed."""
    item, owner = reference.subject, reference.subject.owner
    bringing = cluster.by_key.get(reference.target) or made.makers(reference.target)
    if not bringing or owner is None or any(each.owner is None or each.owner.key != owner.key for each in bringing):
        return None
    now = _moment(item)
    then = min(_moment(each) for each in bringing)
    if then <= now:
        return None
    is_hook = then[0] != now[0]
    what = "a hook that runs before it is applied" if is_hook else f"of wave {now[1]}, and that is of wave {then[1]}"
    return Found(
        cluster=cluster,
        subject=item,
        message=f"it needs {reference.target}, and is {what}: it waits for ever at the first sync",
        path=reference.path,
        topic="hook" if is_hook else "",
    )


def _moment(item: Placed) -> tuple[int, int]:
    """Return phase and wave of an object; of a hook in several phases the last."""
    return max(_phases(item.manifest), default=1), wave_of(item.manifest)


def _phases(manifest: Manifest) -> list[int]:
    notes = annotations_of(manifest)
    own = [_PHASES[each.strip()] for each in notes.get(ARGOCD_HOOK, "").split(",") if each.strip() in _PHASES]
    return own or [
        _HELM_HOOKS[each.strip()] for each in notes.get(HELM_HOOK, "").split(",") if each.strip() in _HELM_HOOKS
    ]


RULE: Final = Rule(
    name="sync-order",
    topic="sync-wave",
    severity=Severity.ERROR,
    sentence="No object of an Application waits for what a later phase or wave brings.",
    check=_check,
)
