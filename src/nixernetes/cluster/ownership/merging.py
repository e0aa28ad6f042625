"""What an apply and an update do to an object and to its owners (merge/update.go, pkg/util/managedfields)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from nixernetes.cluster.api import ApiError, Cause, Details
from nixernetes.cluster.ownership import sets
from nixernetes.cluster.ownership.entries import FieldManager, ManagedEntry, Managers, capped, read, written
from nixernetes.cluster.ownership.sets import Fields
from nixernetes.cluster.ownership.walks import FieldComparison, compare, fields_of, without
from nixernetes.cluster.wire.messages import zero
from nixernetes.languages.structured_merge import Schema, merge
from nixernetes.objects.fields import at, text_at
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Json, Manifest, annotations_of
from nixernetes.objects.well_known import KUBECTL_LAST_APPLIED

__all__ = ["Write", "applied", "updated"]

_KUBECTL: Final = "kubectl"
_ESCAPED: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_BEFORE_FIRST_APPLY: Final = "before-first-apply"
# The server's own: no client owns them.
_SERVER_META: Final = (
    *("creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "generation", "managedFields"),
    *("name", "namespace", "resourceVersion", "selfLink", "uid"),
)
_STRIPPED: Final[Fields] = {
    "f:apiVersion": {},
    "f:kind": {},
    "f:metadata": {".": {}, **{f"f:{name}": {} for name in _SERVER_META}},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """Who writes, when, and to which subresource.

    Attributes:
        manager: the field manager.
        time: the moment.
        subresource: ``status``, ``scale``; ``""`` for the object itself.
        force: whether an apply takes fields from others.
        skips: names of the fields of the object that such a write leaves alone (``status`` of the main resource).

    """

    manager: str
    time: str
    subresource: str = ""
    force: bool = False
    skips: tuple[str, ...] = ()


def updated(live: Manifest | None, new: Manifest, schema: Schema | None, write: Write) -> Manifest:
    """Return the new object with the fields that it changes owned by the writer; ownership it states is honoured."""
    held = _stated(live, new, write)
    bare = _without_managers(new)
    if live is not None and not held:  # nobody ever owned anything of it
        return bare
    old = _without_managers(live) if live is not None else zero(new["apiVersion"], new["kind"])
    found = _skipping(compare(old, bare, schema), write.skips)
    me = FieldManager("Update", write.manager, new["apiVersion"], write.subresource)
    managers = _given_up(held, found, me)
    changed = _stripped(sets.union(found.modified, found.added))
    mine = managers.pop(me, None)
    if changed:
        own = sets.union(sets.difference(mine.fields, found.removed), changed) if mine is not None else changed
        managers[me] = ManagedEntry(own, new["apiVersion"], write.time)
    elif mine is not None:
        left = sets.difference(mine.fields, found.removed)
        if left:
            managers[me] = mine._replace(fields=left)
    return _with_managers(bare, capped(managers, write.time))


def applied(
    live: Manifest | None, desired: Manifest, schema: Schema | None, write: Write, stated: Manifest | None = None
) -> Manifest:
    """Return the live object with an applied configuration merged in, its owners brought up to date.

    Args:
        live: the object; None for a new one.
        desired: the configuration.
        schema: what its kind looks like.
        write: who writes.
        stated: the configuration with the fields that it states to be null, which are owned, too.

    Raises:
        ApiError: Conflict, when another manager owns a field with another value and ``force`` is not set.

    """
    held = _held(live)
    if live is not None and not held:
        zero_of_it = zero(live["apiVersion"], live["kind"])
        first = compare(zero_of_it, _without_managers(live), schema)
        entry = ManagedEntry(_stripped(first.added), live["apiVersion"], write.time)
        held = {FieldManager("Update", _BEFORE_FIRST_APPLY, live["apiVersion"], ""): entry}
    base: Manifest = _without_managers(live) if live is not None else _identity(desired)
    me = FieldManager("Apply", write.manager, "", write.subresource)
    wanted_object = _without_server_meta(desired)
    owned = wanted_object if stated is None else _without_server_meta(stated)
    wanted = _skipped(_stripped(fields_of(owned, schema)), write.skips)
    last = held.get(me)
    managers: Managers = {
        **held,
        me: ManagedEntry(wanted, desired["apiVersion"], last.time if last is not None else ""),
    }
    merged = merge(base, wanted_object, schema)
    if last is not None:
        merged = _pruned(merged, last.fields, managers, schema)
    is_same = merged is base
    told = _with_last_applied(merged, desired) if write.manager == _KUBECTL else merged
    if len(managers) > 1 and not is_same:  # others may own what changes
        found = _skipping(compare(base, merged, schema), write.skips)
        is_same = found.is_same
        _check_conflicts(managers, found, me, live, write, schema, desired)
        managers = _given_up(managers, found, me)
    if not wanted:
        managers.pop(me, None)
    same = last is not None and last.fields == wanted and last.api_version == desired["apiVersion"]
    if me in managers and not (is_same and live is not None):
        managers[me] = managers[me]._replace(time=write.time)
    if same and live is not None and is_same and told is merged and managers == held:
        return live
    return _with_managers(told, managers)


def _pruned(merged: Manifest, last: Fields, managers: Managers, schema: Schema | None) -> Manifest:
    """Return an object without what was applied last time and nobody owns any more."""
    owned: Fields = {"f:metadata": {}}  # every configuration states it
    for entry in managers.values():
        owned = sets.union(owned, entry.fields)
    if not sets.difference(last, owned):
        return merged
    gone = sets.difference(sets.named(last, schema), sets.named(owned, schema))
    return (without(merged, gone, schema) or {}) if gone else merged


def _given_up(managers: Managers, found: FieldComparison, me: FieldManager) -> Managers:
    """Return the managers without what is removed, the others also without what has another value now."""
    taken = sets.union(found.modified, found.added)
    if not taken and not found.removed:
        return dict(managers)
    result: Managers = {}
    for manager, entry in managers.items():
        if manager == me and me.operation == "Apply":
            result[manager] = entry
            continue
        left = sets.difference(entry.fields, found.removed)
        if manager != me:
            left = sets.difference(left, taken)
        if left:
            result[manager] = entry if left == entry.fields else entry._replace(fields=left)
    return result


def _check_conflicts(  # noqa: PLR0913, PLR0917  # all that a conflict is about
    managers: Managers,
    found: FieldComparison,
    me: FieldManager,
    live: Manifest | None,
    write: Write,
    schema: Schema | None,
    desired: Manifest,
) -> None:
    if write.force or not (found.modified or found.added):
        return
    changed = sets.union(found.modified, found.added)
    conflicts = {
        manager: common
        for manager, entry in managers.items()
        if manager != me and (common := sets.intersection(entry.fields, changed))
    }
    if conflicts and write.manager == _KUBECTL and live is not None:
        allowed = _applied_by_client(live, schema)
        conflicts = {
            manager: left for manager, common in conflicts.items() if (left := sets.difference(common, allowed))
        }
    if conflicts and write.subresource == "scale":  # where all managers are told of in the version of the Scale
        conflicts = {manager._replace(api_version="autoscaling/v1"): common for manager, common in conflicts.items()}
    if conflicts:
        raise _conflict(conflicts, desired)


def _applied_by_client(live: Manifest, schema: Schema | None) -> Fields:
    """Return what ``kubectl apply`` on the client's side applied last, and nobody changed since."""
    try:
        last = json.loads(text_at(live, "metadata", "annotations", KUBECTL_LAST_APPLIED) or "{}")
    except ValueError:
        return {}
    if not isinstance(last, dict) or last.get("apiVersion") != live["apiVersion"]:
        return {}
    found = compare(last, live, schema)
    return sets.difference(fields_of(last, schema), sets.union(sets.union(found.modified, found.added), found.removed))


def _with_last_applied(merged: Manifest, desired: Manifest) -> Manifest:
    """Return an object whose annotation for ``kubectl apply`` on the client's side tells of this apply, if it has one.

    After managedfields/internal/lastappliedupdater.go: so that either side may go on from here.
    """
    annotations = annotations_of(merged)
    if not annotations.get(KUBECTL_LAST_APPLIED):
        return merged
    meta = {**desired["metadata"]}
    if KUBECTL_LAST_APPLIED in annotations_of(desired):
        meta["annotations"] = {
            name: text for name, text in annotations_of(desired).items() if name != KUBECTL_LAST_APPLIED
        }
    text = json.dumps({**desired, "metadata": meta}, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    for mark, spelled in _ESCAPED.items():
        text = text.replace(mark, spelled)
    new = {**annotations, KUBECTL_LAST_APPLIED: f"{text}\n"}
    if new == annotations:
        return merged
    return {**merged, "metadata": {**merged["metadata"], "annotations": new}}


def _conflict(conflicts: dict[FieldManager, Fields], desired: Manifest) -> ApiError:
    """Return the refusal (managedfields/internal/conflict.go, ``NewConflictError``)."""
    told: dict[str, list[str]] = {}
    causes: list[Cause] = []
    for manager, fields in sorted(conflicts.items(), key=lambda row: _conflicting(row[0])):
        for path in sorted(sets.paths(fields)):
            told.setdefault(_conflicting(manager), []).append(path)
            causes.append(Cause("FieldManagerConflict", f"conflict with {_conflicting(manager)}", path))
    count = len(causes)
    if count == 1:
        lines = f"conflict with {next(iter(told))}: {causes[0].field}"
    else:
        lines = "\n".join(f"conflicts with {name}:\n" + "\n".join(f"- {path}" for path in told[name]) for name in told)
    message = f"Apply failed with {count} conflict{'s' if count > 1 else ''}: {lines}"
    details = Details(causes=tuple(causes))
    return ApiError("Conflict", message, subject=str(key_of(desired)), details=details)


def _conflicting(manager: FieldManager) -> str:
    name = f'"{manager.name}"'
    if manager.subresource:
        name += f' with subresource "{manager.subresource}"'
    return f"{name} using {manager.api_version}" if manager.operation == "Update" else name


def _skipping(found: FieldComparison, skips: tuple[str, ...]) -> FieldComparison:
    if not skips:
        return found
    return FieldComparison(*(_skipped(each, skips) for each in found))


def _skipped(fields: Fields, skips: tuple[str, ...]) -> Fields:
    if not any(f"f:{name}" in fields for name in skips):
        return fields
    return {name: place for name, place in fields.items() if name.removeprefix("f:") not in skips}


def _stripped(fields: Fields) -> Fields:
    """Return a set without what no client owns."""
    meta = fields.get("f:metadata")
    rest = {name: place for name, place in fields.items() if name not in _STRIPPED}
    if meta is not None:
        below = sets.difference({"f:metadata": meta}, {"f:metadata": _STRIPPED["f:metadata"]})
        return {**below, **rest}
    return rest


def _stated(live: Manifest | None, new: Manifest, write: Write) -> Managers:
    """Return the owners to begin with: those that the new object states, else those of the live one."""
    stated = at(new, "metadata", "managedFields")
    if isinstance(stated, list) and not write.subresource:
        if not stated or stated == [{}]:
            return {}
        found = read(stated)
        if found and all(sets.is_set(at(each, "fieldsV1") or {}) for each in stated):
            return found
    return _held(live)


def _held(live: Manifest | None) -> Managers:
    return (read(live["metadata"].get("managedFields") or ()) or {}) if live is not None else {}


def _without_managers(manifest: Manifest) -> Manifest:
    if "managedFields" not in manifest["metadata"]:
        return manifest
    meta = {name: value for name, value in manifest["metadata"].items() if name != "managedFields"}
    return {**manifest, "metadata": meta}


def _with_managers(manifest: Manifest, managers: Managers) -> Manifest:
    if not managers:
        return manifest
    return {**manifest, "metadata": {**manifest["metadata"], "managedFields": written(managers)}}


def _identity(desired: Manifest) -> Manifest:
    meta = desired["metadata"]
    known = {name: meta[name] for name in ("name", "namespace") if name in meta}
    return {"apiVersion": desired["apiVersion"], "kind": desired["kind"], "metadata": known}


def _without_server_meta(desired: Manifest) -> Json:
    meta = {name: value for name, value in desired["metadata"].items() if name not in _SERVER_META}
    return {**desired, "metadata": meta}
