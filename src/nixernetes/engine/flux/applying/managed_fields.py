"""Taking over the fields that ``kubectl`` holds, so that edits made by hand are undone (Flux, section 6.2 e).

Server-side apply only removes a field when its own manager held it. Flux therefore moves the entries of kubectl into
its own entry before it applies: what is then absent from the manifest goes away.
"""

from __future__ import annotations

from nixernetes.objects import manifest as manifests
from nixernetes.objects.fields import items_at, text_at
from nixernetes.objects.manifest import Json, Manifest, annotations_of
from nixernetes.objects.well_known import KUBECTL_LAST_APPLIED

__all__ = ["taken_over"]

_FOREIGN = ("kubectl", "before-first-apply")


def taken_over(live: Manifest, manager: str) -> Manifest | None:
    """Return the live object as it is written before the apply, or None when there is nothing to take over."""
    held = items_at(live["metadata"], "managedFields")
    foreign = [entry for entry in held if _is_foreign(entry, manager)]
    annotations = annotations_of(live)
    if not foreign and KUBECTL_LAST_APPLIED not in annotations:
        return None
    meta = dict(live["metadata"])
    if KUBECTL_LAST_APPLIED in annotations:
        meta["annotations"] = {name: text for name, text in annotations.items() if name != KUBECTL_LAST_APPLIED}
    meta["managedFields"] = _moved(held, foreign, manager, live["apiVersion"])
    return {**live, "metadata": meta}


def _is_foreign(entry: Json, manager: str) -> bool:
    if entry.get("subresource"):
        return False
    if str(text_at(entry, "manager")).startswith(_FOREIGN):
        return True
    return (text_at(entry, "manager"), text_at(entry, "operation")) == (manager, "Update")


def _moved(held: Json, foreign: Json, manager: str, api_version: str) -> Json:
    kept = [entry for entry in held if entry not in foreign]
    own = next(
        (one for one in kept if (text_at(one, "manager"), text_at(one, "operation")) == (manager, "Apply")), None
    )
    fields = manifests.copy(own["fieldsV1"]) if own is not None else {}
    for entry in foreign:
        _merge(fields, entry.get("fieldsV1", {}))
    base = own or {"manager": manager, "operation": "Apply", "apiVersion": api_version, "fieldsType": "FieldsV1"}
    return [*(entry for entry in kept if entry is not own), {**base, "fieldsV1": fields}]


def _merge(into: Json, other: Json) -> None:
    for name, below in other.items():
        if isinstance(into.get(name), dict) and isinstance(below, dict):
            _merge(into[name], below)
        else:
            into[name] = manifests.copy(below)
