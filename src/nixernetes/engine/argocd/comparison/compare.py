"""Compares what an Application wants with what is there (section 4.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nixernetes.cluster.api import Api, ApiError
from nixernetes.engine.argocd.application import ReadApplication
from nixernetes.engine.argocd.comparison import diff
from nixernetes.engine.argocd.comparison.index import OwnerIndex
from nixernetes.engine.argocd.comparison.tracking import instance_name
from nixernetes.engine.argocd.conditions import ApplicationCondition, ConditionType
from nixernetes.engine.argocd.destinations import TargetCluster
from nixernetes.engine.argocd.projects import Project
from nixernetes.engine.argocd.settings import Settings
from nixernetes.engine.argocd.sync import hooks
from nixernetes.languages.jq import Jq
from nixernetes.objects import manifest as manifests
from nixernetes.objects.bounded import Bounded
from nixernetes.objects.fields import at, mapping_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, group_kind, key_of
from nixernetes.objects.kinds import CUSTOM_RESOURCE_DEFINITION
from nixernetes.objects.manifest import Json, Manifest, annotations_of
from nixernetes.objects.scopes import is_cluster_scoped
from nixernetes.objects.well_known import ARGOCD_NAMESPACE
from nixernetes.render.argocd.applications import ApplicationManifests

__all__ = ["MANAGER", "ComparedResource", "Comparer", "Comparison"]

MANAGER = "argocd-controller"
_MOST = 16_384  # objects: ten times the largest Applications that are known
_COMPARE_OPTIONS = "argocd.argoproj.io/compare-options"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedResource:
    """One object of an Application.

    Attributes:
        key: who it is.
        version: its API version.
        target: what is wanted, marked as the Application's; None when nothing is.
        live: what is there; None when nothing is.
        status: Synced, OutOfSync, Unknown, or ``""`` when it has none (hooks and what is ignored).
        hook: whether it is a hook.
        requires_pruning: whether it is there and no longer wanted.

    """

    key: ObjectKey
    version: str
    target: Manifest | None
    live: Manifest | None
    status: str = ""
    hook: bool = False
    requires_pruning: bool = False

    @property
    def obj(self) -> Manifest:
        """The target, or else the live object."""
        return self.target or self.live or {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The result: overall status, resources sorted by key, hooks in source order, revisions, conditions."""

    status: str
    resources: tuple[ComparedResource, ...] = ()
    hooks: tuple[ComparedResource, ...] = ()
    revisions: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    conditions: tuple[ApplicationCondition, ...] = ()
    rules: tuple[Json, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether there was nothing to compare."""
        return any(item.is_error for item in self.conditions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Where a comparison happens: the Application, its project, its cluster and the settings."""

    app: ReadApplication
    project: Project
    cluster: TargetCluster
    api: Api
    settings: Settings
    rules: tuple[Json, ...] = ()
    jq: Jq | None = None

    @property
    def instance(self) -> str:
        """The name by which the Application marks its objects."""
        return instance_name(self.app.key.namespace, self.app.key.name, ARGOCD_NAMESPACE)


@dataclass(slots=True)
class _Wanted:
    objects: dict[ObjectKey, Manifest] = field(default_factory=dict)
    conditions: list[ApplicationCondition] = field(default_factory=list)


class Comparer:
    """Compares; remembers the answers for pairs of target and live object that have not changed.

    Beyond 16,384 objects, those that were compared least recently are forgotten.
    """

    def __init__(self, index: OwnerIndex) -> None:
        self._index = index
        self._known: Bounded[tuple[str, ObjectKey], tuple[str, str, bool]] = Bounded(_MOST)

    def compare(self, scene: Scene, targets: ApplicationManifests) -> Comparison:
        """Return how the cluster differs from what is wanted."""
        wanted = _normalise(scene, targets)
        live = self._live(scene, wanted)
        keys = sorted(set(wanted.objects) | set(live))
        rows = [self._row(scene, key, wanted.objects.get(key), live.get(key)) for key in keys]
        resources = tuple(row for row in rows if row is not None)
        hook_objects = [obj for obj in wanted.objects.values() if hooks.is_hook(obj)]
        return Comparison(
            status=_overall(scene, resources),
            resources=resources,
            hooks=tuple(_hook(scene, obj, live) for obj in hook_objects),
            revisions=targets.revisions,
            types=targets.types,
            conditions=tuple(wanted.conditions),
            rules=scene.rules,
        )

    def _live(self, scene: Scene, wanted: _Wanted) -> dict[ObjectKey, Manifest]:
        owned = self._index.owned(scene.cluster.server, scene.instance)
        found = {
            key: obj
            for key, obj in owned.items()
            if not at(obj, "metadata", "ownerReferences") or key in wanted.objects
        }
        for key in wanted.objects:
            if key.name and key not in found and (obj := scene.api.get(key)) is not None:
                found[key] = obj
                other = scene.settings.tracking.owner(obj)
                if other and other != scene.instance and scene.settings.tracking.is_self_referenced(obj):
                    message = f"{key.kind}/{key.name} is part of applications {scene.instance} and {other}"
                    wanted.conditions.append(ApplicationCondition(ConditionType.SHARED_RESOURCE, message))
        return {
            key: obj
            for key, obj in found.items()
            if not scene.settings.excludes(key.group_kind, scene.cluster.server)
            and scene.project.permits_live(key, scene.cluster, namespaced=is_namespaced(scene.api, key.group_kind))
        }

    def _row(
        self, scene: Scene, key: ObjectKey, target: Manifest | None, live: Manifest | None
    ) -> ComparedResource | None:
        obj = target or live or {}
        version = text_at(obj, "apiVersion").rpartition("/")[2]
        row = ComparedResource(key=key, version=version, target=target, live=live)
        own = live is None or target is not None or scene.settings.tracking.is_self_referenced(live)
        if target is not None and hooks.is_hook(target):
            return None if live is None else _with(row, hook=True)
        if hooks.is_hook(obj) or hooks.is_ignored(obj) or not own:
            return _with(row, hook=hooks.is_hook(obj))
        if target is not None and not scene.project.permits_kind(
            key.group_kind, key.name, namespaced=is_namespaced(scene.api, key.group_kind)
        ):
            return _with(row, status="Unknown")
        if target is None:
            return _with(row, status="OutOfSync", requires_pruning=True)
        if live is None or self._differs(scene, key, target, live):
            return _with(row, status="OutOfSync")
        return _with(row, status="Synced")

    def _differs(self, scene: Scene, key: ObjectKey, target: Manifest, live: Manifest) -> bool:
        rules = diff.rules_for(scene.rules, key)
        digest = manifests.digest([target, rules])
        version = text_at(live, "metadata", "resourceVersion")
        known = self._known.get((scene.cluster.server, key))
        if known is not None and known[:2] == (digest, version):
            return known[2]
        differs = _dry_run_differs(scene, target, live, rules)
        self._known.put((scene.cluster.server, key), (digest, version, differs))
        return differs


def _dry_run_differs(scene: Scene, target: Manifest, live: Manifest, rules: Sequence[Json]) -> bool:
    try:
        predicted = scene.api.apply(target, manager=MANAGER, force=True, dry_run=True)
    except ApiError:
        return True
    return diff.normalise(predicted, rules, live, scene.jq) != diff.normalise(live, rules, live, scene.jq)


def _with(
    row: ComparedResource, *, status: str = "", hook: bool = False, requires_pruning: bool = False
) -> ComparedResource:
    return ComparedResource(
        key=row.key,
        version=row.version,
        target=row.target,
        live=row.live,
        status=status,
        hook=hook,
        requires_pruning=requires_pruning,
    )


def _hook(scene: Scene, obj: Manifest, live: Mapping[ObjectKey, Manifest]) -> ComparedResource:
    key = key_of(obj)
    version = text_at(obj, "apiVersion").rpartition("/")[2]
    del scene
    return ComparedResource(key=key, version=version, target=obj, live=live.get(key), hook=True)


def _overall(scene: Scene, resources: Sequence[ComparedResource]) -> str:
    counted = [row for row in resources if row.status == "OutOfSync" and not _is_tolerated(row)]
    return "OutOfSync" if counted or namespace_drifted(scene) else "Synced"


def _is_tolerated(row: ComparedResource) -> bool:
    options = [word.strip() for word in (annotations_of(row.obj).get(_COMPARE_OPTIONS) or "").split(",")]
    return row.requires_pruning and "IgnoreExtraneous" in options


def namespace_drifted(scene: Scene) -> bool:
    """Tell whether the managed namespace lacks the metadata that the Application wants for it."""
    wanted = scene.app.namespace_metadata
    if not wanted or not hooks.has_option(scene.app.options, "CreateNamespace", "true"):
        return False
    live = scene.api.get(ObjectKey("", "Namespace", "", scene.app.namespace)) or {}
    meta = mapping_at(live, "metadata")
    return any(
        (meta.get(part) or {}).get(name) != value
        for part in ("labels", "annotations")
        for name, value in (wanted.get(part) or {}).items()
    )


def is_namespaced(api: Api, kind: GroupKind) -> bool:
    """Tell whether a kind is namespaced; an unserved kind is as Kubernetes ships it, or namespaced."""
    served = api.is_namespaced(kind)
    return not is_cluster_scoped(kind) if served is None else served


def _normalise(scene: Scene, targets: ApplicationManifests) -> _Wanted:
    wanted = _Wanted()
    scopes = _defined_scopes(targets.objects)
    counts: Counter[ObjectKey] = Counter()
    generated = 0
    for obj in targets.objects:
        kind = group_kind(obj)
        if scene.settings.excludes(kind, scene.cluster.server):
            name = text_at(obj, "metadata", "name")
            message = f"Resource {kind.group}/{kind.kind} {name} is excluded in the settings"
            wanted.conditions.append(ApplicationCondition(ConditionType.EXCLUDED_RESOURCE, message))
            continue
        namespaced = scopes.get(kind, is_namespaced(scene.api, kind))
        placed = _placed(obj, scene.app.namespace, namespaced=namespaced)
        key = key_of(placed)
        if namespaced and not key.namespace:
            api_version = text_at(placed, "apiVersion").replace("/", ", Version=")
            message = f"Namespace for {key.name} {api_version}, Kind={key.kind} is missing."
            wanted.conditions.append(ApplicationCondition(ConditionType.INVALID_SPEC, message))
        if not key.name:
            generated += 1
            key = ObjectKey(key.group, key.kind, key.namespace, f"\0{generated}")
        counts[key] += 1
        marked = scene.settings.tracking.mark(placed, scene.instance, key_of(placed), scene.app.namespace)
        wanted.objects.pop(key, None)
        wanted.objects[key] = marked
    for key, count in sorted(counts.items()):
        if count > 1:
            text = f"{key.group}/{key.kind}/{key.namespace}/{key.name}"
            message = f"Resource {text} appeared {count} times among application resources."
            wanted.conditions.append(ApplicationCondition(ConditionType.REPEATED_RESOURCE, message))
    return wanted


def _defined_scopes(objects: Sequence[Manifest]) -> dict[GroupKind, bool]:
    """Return the scope of the kinds whose definitions are among the objects."""
    found = {}
    for obj in objects:
        if group_kind(obj) == CUSTOM_RESOURCE_DEFINITION:
            spec = mapping_at(obj, "spec")
            kind = GroupKind(text_at(spec, "group"), text_at(spec, "names", "kind"))
            found[kind] = spec.get("scope") != "Cluster"
    return found


def _placed(obj: Manifest, namespace: str, *, namespaced: bool) -> Manifest:
    meta = mapping_at(obj, "metadata")
    if namespaced and not meta.get("namespace") and namespace:
        return {**obj, "metadata": {**meta, "namespace": namespace}}
    if not namespaced and "namespace" in meta:
        return {**obj, "metadata": {name: value for name, value in meta.items() if name != "namespace"}}
    return obj
