"""Compares what an Application wants with what is there (section 4.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from nixernetes.cluster.api import Api, ApiError
from nixernetes.engine.argocd.application import ReadApplication
from nixernetes.engine.argocd.comparison import diff
from nixernetes.engine.argocd.comparison.index import OwnerIndex
from nixernetes.engine.argocd.comparison.managed_namespace import managed_namespace
from nixernetes.engine.argocd.comparison.tracking import instance_name
from nixernetes.engine.argocd.comparison.unkept import is_unkept
from nixernetes.engine.argocd.conditions import ApplicationCondition, ConditionType
from nixernetes.engine.argocd.destinations import TargetCluster
from nixernetes.engine.argocd.projects import Project
from nixernetes.engine.argocd.settings import Settings
from nixernetes.engine.argocd.sync import hooks
from nixernetes.engine.argocd.sync.last_applied import LastApplied
from nixernetes.languages.jq import Jq
from nixernetes.objects import manifest as manifests
from nixernetes.objects.bounded import Bounded
from nixernetes.objects.fields import at, items_at, mapping_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, group_kind, key_of
from nixernetes.objects.kinds import CUSTOM_RESOURCE_DEFINITION
from nixernetes.objects.manifest import Json, Manifest, annotations_of
from nixernetes.objects.scopes import is_cluster_scoped
from nixernetes.objects.well_known import ARGOCD_COMPARE_OPTIONS, ARGOCD_NAMESPACE
from nixernetes.render.argocd.applications import ApplicationManifests

__all__ = ["MANAGER", "ComparedResource", "Comparer", "Comparison"]

MANAGER = "argocd-controller"
_MOST = 16_384  # objects: ten times the largest Applications that are known


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
        own: whether it is the Application's, not a copy that carries its mark.
        same: whether what is there is what is wanted, if both are.
        requires_pruning: whether it is there and no longer wanted.
        requires_confirmation: whether a person must confirm that it goes.
        wave: its sync wave.

    """

    key: ObjectKey
    version: str
    target: Manifest | None
    live: Manifest | None
    status: str = ""
    hook: bool = False
    own: bool = True
    same: bool = True
    requires_pruning: bool = False
    requires_confirmation: bool = False
    wave: int = 0

    @property
    def obj(self) -> Manifest:
        """The target, or else the live object."""
        return self.target or self.live or {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The result.

    Attributes:
        status: the overall status.
        resources: the objects, sorted by key; hooks that are there, too.
        hooks: the hooks of syncs that are wanted, in source order.
        deletion_hooks: the hooks of the Application's deletion.
        revisions: what was compared.
        types: the tool of each source.
        conditions: what is to be said.
        rules: the ``ignoreDifferences`` that counted.

    """

    status: str
    resources: tuple[ComparedResource, ...] = ()
    hooks: tuple[ComparedResource, ...] = ()
    deletion_hooks: tuple[Manifest, ...] = ()
    revisions: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    conditions: tuple[ApplicationCondition, ...] = ()
    rules: tuple[Json, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether what is wanted could not be told."""
        return self.status == "Unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Where a comparison happens: the Application, its project, its cluster and the settings.

    Attributes:
        app: the Application.
        project: its project.
        cluster: its cluster.
        api: the API of that cluster.
        settings: the settings of Argo CD.
        rules: the ``ignoreDifferences`` of the system and of the Application.
        jq: evaluates ``jqPathExpressions``.
        namespace_changed: whether the metadata that is wanted for the namespace is not what was synced last.
        last_applied: what was applied last.

    """

    app: ReadApplication
    project: Project
    cluster: TargetCluster
    api: Api
    settings: Settings
    rules: tuple[Json, ...] = ()
    jq: Jq | None = None
    namespace_changed: bool = False
    last_applied: LastApplied = field(default_factory=LastApplied)

    @property
    def instance(self) -> str:
        """The name by which the Application marks its objects."""
        return instance_name(self.app.key.namespace, self.app.key.name, ARGOCD_NAMESPACE)


@dataclass(slots=True)
class _Wanted:
    objects: dict[ObjectKey, Manifest] = field(default_factory=dict)
    conditions: list[ApplicationCondition] = field(default_factory=list)
    deletions: frozenset[ObjectKey] = frozenset()  # hooks of the deletion of the Application
    hooks: frozenset[ObjectKey] = frozenset()  # hooks of whatever phase


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of an Application when it was looked at last, and what they followed from besides their objects."""

    around: tuple[Settings, tuple[str, ...], Json, str, tuple[Json, ...]]
    rows: dict[ObjectKey, ComparedResource]


@dataclass(frozen=True, slots=True)
class _Marked:
    """What an Application wanted when it was looked at last: from what, and what came of it."""

    objects: list[Manifest]
    around: tuple[Settings, str, list[bool]]
    wanted: _Wanted


@dataclass(frozen=True, slots=True)
class _Answer:
    """Whether a live object was another than a target, by rules."""

    target: Manifest
    rules: tuple[list[Json], bool]
    live: Manifest
    differs: bool

    def holds(self, target: Manifest, rules: tuple[list[Json], bool], live: Manifest) -> bool:
        same = self.rules == rules and manifests.is_same(self.target, target)
        return same and (self.live is live or _is_unmoved(self.live, live))


class Comparer:
    """Compares; remembers what was wanted, and the answers for pairs of target and live object that have not changed.

    Beyond 16,384 objects, those that were compared least recently are forgotten.
    """

    def __init__(self, index: OwnerIndex) -> None:
        self._index = index
        self._known: Bounded[tuple[str, ObjectKey], _Answer] = Bounded(_MOST)
        self._rows: Bounded[tuple[str, str], _Rows] = Bounded(_MOST, lambda held: 1 + len(held.rows))
        self._marked: Bounded[tuple[str, str], _Marked] = Bounded(_MOST, lambda held: 1 + len(held.objects))

    def compare(self, scene: Scene, targets: ApplicationManifests, *, unknown: bool = False) -> Comparison:
        """Return how the cluster differs from what is wanted.

        Args:
            scene: where.
            targets: what is wanted.
            unknown: whether nobody can tell what is wanted; then only what is there is listed.

        """
        wanted = self._wanted(scene, targets.objects)
        live = self._live(scene, wanted)
        _keep_namespace(scene, wanted, live)
        of_deletion = [obj for key, obj in wanted.objects.items() if key in wanted.deletions]
        marked = [obj for key, obj in wanted.objects.items() if key in wanted.hooks]
        special = wanted.hooks | wanted.deletions
        applied = {key: obj for key, obj in wanted.objects.items() if key not in special}
        of_syncs = [obj for obj in marked if hooks.phases(obj)]
        waves = {key_of(obj): hooks.wave_of(obj) for obj in of_syncs}
        rows = self._all_rows(scene, applied, live)
        rows = [replace(row, wave=waves[row.key]) if row.hook and row.key in waves else row for row in rows]
        status = "Unknown" if unknown else _overall(scene, rows)
        resources = tuple(_permitted(scene, row, unknown=unknown) for row in rows)
        wanted.conditions += [_unplaced(row) for row in rows if _is_unplaced(scene, row)]
        return Comparison(
            status=status,
            resources=resources,
            hooks=tuple(_hook(obj) for obj in of_syncs),
            deletion_hooks=tuple(of_deletion),
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
        visible = {
            key: obj
            for key, obj in found.items()
            if not scene.settings.excludes(key.group_kind, scene.cluster.server)
            and scene.project.permits_live(key, scene.cluster, namespaced=is_namespaced(scene.api, key.group_kind))
        }
        for key, obj in visible.items():
            other = "" if key in owned else scene.settings.tracking.owner(obj)
            if other and other != scene.instance:
                own = f"{scene.app.key.namespace}/{scene.app.key.name}"
                message = f"{key.kind}/{key.name} is part of applications {own} and {other.replace('_', '/')}"
                wanted.conditions.append(ApplicationCondition(ConditionType.SHARED_RESOURCE, message))
        return visible

    def _all_rows(
        self, scene: Scene, applied: Mapping[ObjectKey, Manifest], live: Mapping[ObjectKey, Manifest]
    ) -> list[ComparedResource]:
        """Return a row for each object; those whose objects are the very same as the last time are kept."""
        app = scene.app
        around = (scene.settings, tuple(app.options), app.namespace_metadata, app.namespace, scene.rules)
        place = (scene.cluster.server, scene.instance)
        known = self._rows.get(place)
        before = known.rows if known is not None and known.around == around else {}
        found: dict[ObjectKey, ComparedResource] = {}
        for key in sorted({*applied, *live}):
            row, target, present = before.get(key), applied.get(key), live.get(key)
            if row is None or row.target is not target or row.live is not present:
                row = self._row(scene, key, target, present)
            found[key] = row
        self._rows.put(place, _Rows(around, found))
        return [*found.values()]

    def _row(self, scene: Scene, key: ObjectKey, target: Manifest | None, live: Manifest | None) -> ComparedResource:
        obj: Manifest = live or target or {}
        own = live is None or target is not None or scene.settings.tracking.is_self_referenced(live)
        both = target is not None and live is not None
        same = not both or not self._differs(scene, key, target or {}, live or {})
        marked = any(each is not None and hooks.is_marked(each) for each in (target, live))
        hook = marked and (hooks.is_hook(obj) or _is_deletion(obj))
        if hook or not own or (marked and target is not None and hooks.is_skipped(target)):
            status = ""
        elif both:
            status = "Synced" if same else "OutOfSync"
        else:
            status = "Synced" if target is not None and _is_managed(scene, key) else "OutOfSync"
        return ComparedResource(
            key=key,
            version=text_at(obj, "apiVersion").rpartition("/")[2],
            target=target,
            live=live,
            status=status,
            hook=hook,
            own=own,
            same=same,
            requires_pruning=target is None and own,
            requires_confirmation=(marked or any("confirm" in text for text in scene.app.options))
            and any(_needs_confirmation(scene, each) for each in (target, live) if each is not None),
            wave=hooks.wave_of(target) if marked and target is not None else 0,
        )

    def _differs(self, scene: Scene, key: ObjectKey, target: Manifest, live: Manifest) -> bool:
        asked = "ServerSideApply=true"
        on_server = asked in scene.app.options or hooks.has_annotation_option(target, asked)
        rules = (diff.rules_for(scene.rules, key), on_server)
        known = self._known.get((scene.cluster.server, key))
        if known is not None and known.holds(target, rules, live):
            return known.differs
        differs = _dry_run_differs(scene, target, live, *rules)
        self._known.put((scene.cluster.server, key), _Answer(target, rules, live, differs))
        return differs

    def _wanted(self, scene: Scene, objects: list[Manifest]) -> _Wanted:
        """Return what is wanted, marked: what it was the last time, if it comes from the same."""
        scopes = [is_namespaced(scene.api, group_kind(obj)) for obj in objects]
        around = (scene.settings, scene.app.namespace, scopes)
        known = self._marked.get((scene.cluster.server, scene.instance))
        if known is None or known.around != around or not _are_same(known.objects, objects):
            known = _Marked(objects, around, _normalise(scene, objects))
            self._marked.put((scene.cluster.server, scene.instance), known)
        found = known.wanted
        return replace(found, objects={**found.objects}, conditions=[*found.conditions])


def _are_same(some: list[Manifest], others: list[Manifest]) -> bool:
    return len(some) == len(others) and all(one is other for one, other in zip(some, others, strict=True))


def _is_unmoved(old: Manifest, new: Manifest) -> bool:
    """Tell whether nothing but the status of an object has changed, and who wrote it: what no comparison looks at."""
    if old.keys() - {"status"} != new.keys() - {"status"}:
        return False
    if any(old[name] != new[name] for name in old if name not in ("status", "metadata")):
        return False
    return _without_versions(old["metadata"]) == _without_versions(new["metadata"])


def _without_versions(meta: Manifest) -> Manifest:
    held = [entry for entry in items_at(meta, "managedFields") if entry.get("subresource") != "status"]
    return {**meta, "resourceVersion": "", "managedFields": held}


def _dry_run_differs(scene: Scene, target: Manifest, live: Manifest, rules: Sequence[Json], on_server: bool) -> bool:
    try:
        predicted = scene.api.apply(target, manager=MANAGER, force=True, dry_run=True)
    except ApiError:
        return True
    if diff.normalise(predicted, rules, live, scene.jq) != diff.normalise(live, rules, live, scene.jq):
        return True
    return not on_server and is_unkept(diff.normalise(target, rules, live, scene.jq), live)


def _hook(obj: Manifest) -> ComparedResource:
    return ComparedResource(
        key=key_of(obj), version=text_at(obj, "apiVersion").rpartition("/")[2], target=obj, live=None, hook=True
    )


def _is_deletion(obj: Manifest) -> bool:
    return hooks.is_deletion_hook(obj, "PreDelete") or hooks.is_deletion_hook(obj, "PostDelete")


def _needs_confirmation(scene: Scene, obj: Manifest) -> bool:
    options = scene.app.options
    return "confirm" in (
        hooks.annotation_option(obj, "Delete") or hooks.option(options, "Delete"),
        hooks.annotation_option(obj, "Prune") or hooks.option(options, "Prune"),
    )


def _is_managed(scene: Scene, key: ObjectKey) -> bool:
    managed = scene.app.namespace_metadata is not None
    return managed and (key.kind, key.name) == ("Namespace", scene.app.namespace)


def _keep_namespace(scene: Scene, wanted: _Wanted, live: Mapping[ObjectKey, Manifest]) -> None:
    """Want the managed namespace, which no source brings, if it carries the mark: else it would be pruned."""
    key = ObjectKey("", "Namespace", "", scene.app.namespace)
    if _is_managed(scene, key) and key in live and key not in wanted.objects:
        wanted.objects[key] = managed_namespace(key.name, scene.app.namespace_metadata)


def _overall(scene: Scene, rows: Sequence[ComparedResource]) -> str:
    counted = [row for row in rows if row.status == "OutOfSync" and not _is_tolerated(row)]
    return "OutOfSync" if counted or scene.namespace_changed else "Synced"


def _is_tolerated(row: ComparedResource) -> bool:
    if row.target is not None:
        return False
    options = [word.strip() for word in (annotations_of(row.obj).get(ARGOCD_COMPARE_OPTIONS) or "").split(",")]
    return "IgnoreExtraneous" in options


def _permitted(scene: Scene, row: ComparedResource, *, unknown: bool) -> ComparedResource:
    """Return a row whose status is Unknown where the project does not permit its kind, or nothing could be loaded."""
    key = row.key
    namespaced = is_namespaced(scene.api, key.group_kind)
    if unknown or not scene.project.permits_kind(key.group_kind, key.name, namespaced=namespaced):
        return replace(row, status="Unknown")
    return row


def _is_unplaced(scene: Scene, row: ComparedResource) -> bool:
    return bool(scene.api.is_namespaced(row.key.group_kind)) and not row.key.namespace


def _unplaced(row: ComparedResource) -> ApplicationCondition:
    kind = f"{row.key.group}/{row.version}, Kind={row.key.kind}"
    return ApplicationCondition(ConditionType.INVALID_SPEC, f"Namespace for {row.key.name} {kind} is missing.")


def is_namespaced(api: Api, kind: GroupKind) -> bool:
    """Tell whether a kind is namespaced; an unserved kind is as Kubernetes ships it, or namespaced."""
    served = api.is_namespaced(kind)
    return not is_cluster_scoped(kind) if served is None else served


def _normalise(scene: Scene, objects: Sequence[Manifest]) -> _Wanted:
    wanted = _Wanted()
    scopes = _defined_scopes(objects)
    counts: Counter[ObjectKey] = Counter()
    generated = 0
    for obj in objects:
        kind = group_kind(obj)
        if scene.settings.excludes(kind, scene.cluster.server):
            name = text_at(obj, "metadata", "name")
            message = f"Resource {kind.group}/{kind.kind} {name} is excluded in the settings"
            wanted.conditions.append(ApplicationCondition(ConditionType.EXCLUDED_RESOURCE, message))
            continue
        namespaced = scopes.get(kind, is_namespaced(scene.api, kind))
        placed = _placed(obj, scene.app.namespace, namespaced=namespaced)
        key = key_of(placed)
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
    wanted.deletions = frozenset(key for key, obj in wanted.objects.items() if _is_deletion(obj))
    wanted.hooks = frozenset(key for key, obj in wanted.objects.items() if hooks.is_hook(obj))
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
