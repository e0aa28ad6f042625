"""Who owns which field: ``metadata.managedFields`` through applies and updates (Kubernetes server-side apply)."""

from __future__ import annotations

from dataclasses import dataclass

from nixernetes.cluster import fields as sets
from nixernetes.cluster.api import ApiError
from nixernetes.cluster.differences import differing
from nixernetes.cluster.fields import Fields
from nixernetes.languages.structured_merge import Schema, item_keys, merge
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["Write", "applied", "updated"]

# The server's own: no client owns them.
_SERVER_META = frozenset(
    (
        *("creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "generation", "managedFields"),
        *("name", "namespace", "resourceVersion", "selfLink", "uid"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """Who writes, when, and to which subresource."""

    manager: str
    time: str
    subresource: str = ""
    force: bool = False


def applied(live: Manifest | None, desired: Manifest, schema: Schema | None, write: Write) -> Manifest:
    """Return the live object with an applied configuration merged in, its owners brought up to date.

    Raises:
        ApiError: Conflict, when another manager owns a field with another value and ``force`` is not set.

    """
    wanted = _owned(desired, schema)
    held = _held(live)
    mine = _find(held, write.manager, "Apply", write.subresource)
    others = [entry for entry in held if entry is not mine]
    base: Manifest = live if live is not None else _identity(desired)
    others = _settle_conflicts(base, desired, wanted, others, schema, write)
    gone = sets.difference(mine["fieldsV1"], wanted) if mine is not None else {}
    for entry in others:
        gone = sets.difference(gone, entry["fieldsV1"])
    if gone:
        base = sets.remove(base, gone, schema)
    merged = merge(base, _without_server_meta(desired), schema)
    entry = _entry(write, "Apply", desired["apiVersion"], wanted)
    if mine is not None and mine["fieldsV1"] == wanted and mine["apiVersion"] == desired["apiVersion"]:
        entry = mine
    return _with_owners(merged, [*others, entry], held)


def updated(live: Manifest | None, new: Manifest, schema: Schema | None, write: Write) -> Manifest:
    """Return the new object with the fields that it changes owned by the writer; ownership it states is honoured."""
    stated = (new.get("metadata") or {}).get("managedFields")
    held = stated if stated is not None else _held(live)
    before = _owned(live, schema) if live is not None else {}
    after = _owned(new, schema)
    gone = sets.difference(before, after)
    changed = _changed(live or {}, new, after, schema) if live is not None else after
    if not gone and not changed:
        return _with_owners(new, held, _held(live))
    mine = _find(held, write.manager, "Update", write.subresource)
    kept: list[Json] = []
    for entry in held:
        rest = sets.difference(sets.difference(entry["fieldsV1"], gone), changed if entry is not mine else {})
        if entry is not mine and rest:
            kept.append(entry if rest == entry["fieldsV1"] else {**entry, "fieldsV1": rest})
    own = sets.union(sets.difference(mine["fieldsV1"], gone) if mine is not None else {}, changed)
    entries = [*kept, _entry(write, "Update", new["apiVersion"], own)] if own else kept
    return _with_owners(new, entries, _held(live))


def _settle_conflicts(
    live: Manifest, desired: Manifest, wanted: Fields, others: list[Json], schema: Schema | None, write: Write
) -> list[Json]:
    result: list[Json] = []
    conflicts: list[str] = []
    for entry in others:
        shared = sets.overlap(wanted, entry["fieldsV1"])
        paths = differing(live, desired, shared, schema) if shared else []
        if not paths:
            result.append(entry)
            continue
        if not write.force:
            how = "" if entry["operation"] == "Apply" else f" using {entry['apiVersion']}"
            conflicts += [f'conflict with "{entry["manager"]}"{how}: {path}' for path in paths]
            continue
        rest = sets.difference(entry["fieldsV1"], _only(shared, live, desired, schema))
        if rest:
            result.append({**entry, "fieldsV1": rest})
    if conflicts:
        count = f"{len(conflicts)} conflict{'s' if len(conflicts) > 1 else ''}"
        lines = conflicts[0] if len(conflicts) == 1 else "\n" + "\n".join(f"- {line}" for line in conflicts)
        raise ApiError("Conflict", f"Apply failed with {count}: {lines}", subject=str(key_of(desired)))
    return result


def _changed(live: Json, new: Json, after: Fields, schema: Schema | None) -> Fields:
    """Return those of the fields in ``after`` that are new or have another value than in the live object."""
    return _only(after, live, new, schema)


def _only(fields: Fields, live: Json, new: Json, schema: Schema | None) -> Fields:
    result: Fields = {}
    for name, below in fields.items():
        kind, _, rest = name.partition(":")
        if kind == "f":
            child = schema.field(rest) if schema is not None else None
            if not isinstance(live, dict) or rest not in live:
                result[name] = below
            elif live[rest] is not new[rest]:
                _note(result, name, below, live[rest], new[rest], child)
        elif kind == "k" and schema is not None:
            one = next((item for item in live if item_keys(item, schema) == name), None)
            two = next((item for item in new if item_keys(item, schema) == name), None)
            if one is None:
                result[name] = below
            elif one is not two:
                inner = {part: value for part, value in below.items() if part != sets.ITEM}
                _note(result, name, inner, one, two, schema.items())
        elif kind == "v" and not (isinstance(live, list) and name in {sets.member(item) for item in live}):
            result[name] = below
    return result


def _note(result: Fields, name: str, below: Fields, live: Json, new: Json, schema: Schema | None) -> None:
    if below and isinstance(live, dict | list) and type(live) is type(new):
        inner = _only(below, live, new, schema)
        if inner:
            result[name] = inner
    elif live != new:
        result[name] = below


def _owned(manifest: Manifest, schema: Schema | None) -> Fields:
    """Return the fields of an object that a client can own."""
    result = sets.of({k: v for k, v in manifest.items() if k not in ("apiVersion", "kind", "metadata")}, schema)
    meta = {k: v for k, v in (manifest.get("metadata") or {}).items() if k not in _SERVER_META}
    below = sets.of(meta, schema.field("metadata") if schema is not None else None)
    return {"f:metadata": below, **result} if below else result


def _identity(desired: Manifest) -> Manifest:
    meta = desired["metadata"]
    named = {name: meta[name] for name in ("name", "namespace") if name in meta}
    return {"apiVersion": desired["apiVersion"], "kind": desired["kind"], "metadata": named}


def _without_server_meta(desired: Manifest) -> Manifest:
    meta = {k: v for k, v in desired["metadata"].items() if k not in _SERVER_META}
    return {**desired, "metadata": meta}


def _held(live: Manifest | None) -> list[Json]:
    return list(((live or {}).get("metadata") or {}).get("managedFields") or [])


def _find(held: list[Json], manager: str, operation: str, subresource: str) -> Json:
    for entry in held:
        if (entry["manager"], entry["operation"], entry.get("subresource", "")) == (manager, operation, subresource):
            return entry
    return None


def _entry(write: Write, operation: str, api_version: str, owned: Fields) -> Json:
    entry = {
        "manager": write.manager,
        "operation": operation,
        "apiVersion": api_version,
        "time": write.time,
        "fieldsType": "FieldsV1",
        "fieldsV1": owned,
    }
    return {**entry, "subresource": write.subresource} if write.subresource else entry


def _with_owners(manifest: Manifest, entries: list[Json], held: list[Json]) -> Manifest:
    if entries == held and (manifest["metadata"].get("managedFields") or []) == held:
        return manifest
    return {**manifest, "metadata": {**manifest["metadata"], "managedFields": entries}}
