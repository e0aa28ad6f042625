"""Workloads that restart, stop, or keep running with what they had read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.changes.change import Action, ObjectChange
from nixernetes.changes.dangers.scene import ClusterScene, listed
from nixernetes.changes.immutable import refused
from nixernetes.objects.fields import at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import CONFIG_MAP, DAEMON_SET, DEPLOYMENT, ROLLOUT, SECRET, STATEFUL_SET
from nixernetes.objects.manifest import Manifest
from nixernetes.verify.findings import Finding, Severity
from nixernetes.verify.pods.workloads import template_of

__all__ = ["find"]

_ROLLED: Final = (DEPLOYMENT, STATEFUL_SET, DAEMON_SET, ROLLOUT)
_SCALED: Final = (DEPLOYMENT, STATEFUL_SET, ROLLOUT)
_TEMPLATE: Final = ("spec", "template")
_MOST: Final = 3


def find(scene: ClusterScene) -> Iterator[Finding]:
    """Yield what restarts, what stops, and what does not notice a change."""
    for change in scene.cluster.of(Action.CHANGE, Action.MOVE):
        kind = change.key.group_kind
        if kind in _ROLLED:
            yield from _restart(scene, change)
        if kind in _SCALED:
            yield from _stopped(scene, change)
        if kind in (CONFIG_MAP, SECRET):
            yield from _unnoticed(scene, change)


def _restart(scene: ClusterScene, change: ObjectChange) -> Iterator[Finding]:
    why = [each.path.removeprefix("spec.template.") for each in change.fields if each.place[:2] == _TEMPLATE]
    if why and not _is_refused(change):
        more = f" and {len(why) - _MOST} more" if len(why) > _MOST else ""
        message = f"its pods are replaced: {', '.join(why[:_MOST])}{more} changes"
        yield scene.say("rollout", Severity.INFO, change.key, message)


def _is_refused(change: ObjectChange) -> bool:
    before, after = change.before, change.after
    return before is not None and after is not None and bool(refused(*change.stored, before, after))


def _stopped(scene: ClusterScene, change: ObjectChange) -> Iterator[Finding]:
    for each in change.fields:
        if each.place == ("spec", "replicas") and each.after == 0 and each.before not in (0, None):
            message = f"it is scaled from {each.before} to 0: nothing of it runs any more"
            yield scene.say("scaled-to-zero", Severity.WARNING, change.key, message)


def _unnoticed(scene: ClusterScene, change: ObjectChange) -> Iterator[Finding]:
    """Yield that nothing restarts the pods that read a ConfigMap or Secret."""
    if not any(each.place[:1] in (("data",), ("binaryData",)) for each in change.fields):
        return
    readers = sorted(key for key in _readers(scene, change.key) if not _is_rolled(scene, key))
    if readers:
        message = f"nothing restarts {listed(readers)}: variables keep their values, files follow within about a minute"
        yield scene.say("no-rollout", Severity.INFO, change.key, message)


def _is_rolled(scene: ClusterScene, key: ObjectKey) -> bool:
    change = scene.cluster.by_key.get(key)
    return change is not None and any(each.place[:2] == _TEMPLATE for each in change.fields)


def _readers(scene: ClusterScene, key: ObjectKey) -> Iterator[ObjectKey]:
    for item in scene.cluster.head.objects.of(*_ROLLED):
        pod = template_of(item) if item.key.namespace == key.namespace else None
        if pod is not None and key.name in _read(pod.spec, key.kind):
            yield item.key


def _read(pod: Manifest, kind: str) -> set[str]:
    """Return the names of the ConfigMaps or Secrets that a pod reads."""
    word, named = ("configMap", "name") if kind == "ConfigMap" else ("secret", "secretName")
    found = {text_at(volume, word, named) for volume in objects_at(pod, "volumes")}
    for volume in objects_at(pod, "volumes"):
        found |= {text_at(each, word, "name") for each in objects_at(volume, "projected", "sources")}
    for name in ("initContainers", "containers"):
        for container in objects_at(pod, name):
            found |= {text_at(each, f"{word}Ref", "name") for each in objects_at(container, "envFrom")}
            found |= {
                str(at(each, "valueFrom", f"{word}KeyRef", "name") or "") for each in objects_at(container, "env")
            }
    return found - {""}
