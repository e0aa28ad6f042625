"""``dependency-cycle``: no delivery waits for itself, directly, through others, or through what brings it.

A parent that waits (``wait``, or a health check of its child) is ready only when its child is; a child that depends on
its parent is applied only when the parent is ready. kustomize-controller v1.9 checks dependencies before it builds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set as AbstractSet
from typing import Final

from nixernetes.objects.fields import flag_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import HELM_RELEASE, KUSTOMIZATION
from nixernetes.render.deliveries import Delivery
from nixernetes.render.dependency_circles import circle_of, circle_text, dependencies_of, never_ready
from nixernetes.verify.findings import Severity
from nixernetes.verify.objects import ClusterObjects
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster in view.platform.clusters:
        here = view.hubs[cluster.name]
        known = {each.key: each for each in cluster.deliveries if each.key.group_kind in (KUSTOMIZATION, HELM_RELEASE)}
        manifests = {key: each.manifest for key, each in known.items()}
        told: set[tuple[ObjectKey, ...]] = set()
        for key in never_ready(manifests):
            line = circle_of(key, manifests.get)
            if line and line not in told:
                told.add(line)
                message = f"dependsOn is a circle: {circle_text(line)}: none of them is ever ready, so remove one"
                yield Found(cluster=here, subject=known[line[0]], message=message, path=("spec", "dependsOn"))
        yield from _through_parents(here, known, {key for line in told for key in line})


def _through_parents(
    here: ClusterObjects, known: Mapping[ObjectKey, Delivery], told: AbstractSet[ObjectKey]
) -> Iterator[Found]:
    """Yield each dependency by which a delivery waits for one that waits for it, through what they bring."""
    if not any(map(_waits, known.values())):
        return
    children: dict[ObjectKey, list[ObjectKey]] = {}
    for key, delivery in known.items():
        for parent in delivery.parents:
            children.setdefault(parent, []).append(key)
    said: set[ObjectKey] = set()
    for key, delivery in known.items():
        for index, needed in enumerate(dependencies_of(delivery.manifest)):
            line = _line(needed, key, known, children) if needed in known and not {key, needed} & (told | said) else ()
            if not line:
                continue
            said |= {key, *line}
            through = f", through {' and '.join(str(each) for each in line[1:])}" if len(line) > 1 else ""
            message = f"it depends on {needed}, which brings it and waits for it{through}: neither is ever ready"
            if needed not in delivery.parents:
                message = f"it depends on {needed}, which is ready only when it is{through}: neither ever is"
            path = ("spec", "dependsOn", index, "name")
            yield Found(cluster=here, subject=delivery, message=message, path=path)


def _line(
    needed: ObjectKey,
    start: ObjectKey,
    known: Mapping[ObjectKey, Delivery],
    children: Mapping[ObjectKey, list[ObjectKey]],
) -> tuple[ObjectKey, ...]:
    """Return by which deliveries one is ready only after another has started; none where it is not.

    Ready needs started, and with ``wait`` that what is brought is ready; started needs that what is depended on is
    ready, and that the parent has started.
    """
    before: dict[tuple[ObjectKey, bool], tuple[ObjectKey, bool] | None] = {(needed, True): None}
    waiting = [(needed, True)]
    while waiting:
        here = waiting.pop(0)
        key, is_ready = here
        if here == (start, False):
            line: list[ObjectKey] = []
            step = before[here]
            while step is not None:
                line.append(step[0])
                step = before[step]
            return tuple(dict.fromkeys(each for each in reversed(line) if each != start)) or (needed,)
        for following in _needs(known[key], is_ready, known, children):
            if following not in before:
                before[following] = here
                waiting.append(following)
    return ()


def _needs(
    delivery: Delivery,
    is_ready: bool,
    known: Mapping[ObjectKey, Delivery],
    children: Mapping[ObjectKey, list[ObjectKey]],
) -> Iterator[tuple[ObjectKey, bool]]:
    if not is_ready:
        yield from ((each, True) for each in dependencies_of(delivery.manifest) if each in known)
        yield from ((each, False) for each in delivery.parents[:1] if each in known)
        return
    yield delivery.key, False
    checks = objects_at(delivery.manifest, "spec", "healthChecks")
    names = {(text_at(each, "kind"), text_at(each, "namespace"), text_at(each, "name")) for each in checks}
    for child in children.get(delivery.key, ()):
        is_own = known[child].parents[:1] == (delivery.key,)
        if child[1:] in names or (is_own and flag_at(delivery.manifest, "spec", "wait")):
            yield child, True


def _waits(delivery: Delivery) -> bool:
    return flag_at(delivery.manifest, "spec", "wait") or bool(objects_at(delivery.manifest, "spec", "healthChecks"))


RULE: Final = Rule(
    name="dependency-cycle",
    topic="dependency-cycle",
    severity=Severity.ERROR,
    sentence="No delivery waits for itself, directly or through others.",
    check=_check,
)
