"""Warnings about what stands around an Application: orphaned resources (section 3.8)."""

from __future__ import annotations

from nixernetes.engine.argocd.comparison.compare import Comparison, Scene
from nixernetes.engine.argocd.conditions import ApplicationCondition, ConditionType
from nixernetes.engine.argocd.statuses import owners_of
from nixernetes.languages.globs.gobwas import glob_match
from nixernetes.objects import schema
from nixernetes.objects.fields import at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.manifest import Json

__all__ = ["extra_warnings", "is_left_out"]

_NEVER = (
    ("", "Service", "default", "kubernetes"),
    ("", "ServiceAccount", None, "default"),
    ("", "ConfigMap", None, "kube-root-ca.crt"),
)


def extra_warnings(scene: Scene | None, comparison: Comparison) -> list[ApplicationCondition]:
    """Return the warnings; orphans are looked for only when the project asks for it."""
    if scene is None:
        return []
    block = scene.project.orphaned_resources
    namespace = scene.app.namespace
    if block is None or at(block, "warn") is False or not namespace:
        return []
    own = {row.key for row in comparison.resources}
    orphans = [key for key in _unowned(scene, namespace) if key not in own and not is_left_out(key, block)]
    if not orphans:
        return []
    return [ApplicationCondition(ConditionType.ORPHANED_RESOURCE, f"Application has {len(orphans)} orphaned resources")]


def _unowned(scene: Scene, namespace: str) -> list[ObjectKey]:
    found = []
    kinds = {GroupKind(group, kind) for group, _, kind in schema.known_kinds()}
    for kind in sorted(kinds):
        if not scene.api.is_namespaced(kind) or scene.settings.excludes(kind, scene.cluster.server):
            continue
        for obj in scene.api.list(kind, namespace=namespace):
            owned = owners_of(obj) or scene.settings.tracking.owner(obj)
            if not owned and kind != ("", "Event"):
                found.append(key_of(obj))
    return found


def is_left_out(key: ObjectKey, block: Json) -> bool:
    """Tell whether an object that nobody owns is not counted: every namespace has it, or the project ignores it."""
    for group, kind, namespace, name in _NEVER:
        if (key.group, key.kind, key.name) == (group, kind, name) and namespace in (None, key.namespace):
            return True
    return any(
        glob_match(text_at(entry, "group"), key.group)
        and glob_match(text_at(entry, "kind") or "*", key.kind)
        and glob_match(text_at(entry, "name") or "*", key.name)
        for entry in objects_at(block, "ignore")
    )
