"""What Flux removes when it takes over the fields that ``kubectl`` holds (fluxcd/pkg/ssa, ``PatchMigrateToVersion``).

Flux moves the fields of kubectl into its own entry before it applies, so that the apply removes those that Git does
not name. A dry run of the apply alone does not show that, since nothing is moved then.
"""

from __future__ import annotations

from nixernetes.cluster.ownership.sets import Fields, difference, union
from nixernetes.cluster.ownership.walks import fields_of, without
from nixernetes.engine.flux.applying.managed_fields import taken_over
from nixernetes.objects import schema
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.schema import Field

__all__ = ["without_taken"]


def without_taken(live: Manifest, wanted: Manifest, tried: Manifest, manager: str, root: Field | None) -> Manifest:
    """Return what an apply leaves after the take-over; the very same where nothing goes.

    Args:
        live: the object.
        wanted: what is applied.
        tried: what a dry run of the apply alone gives.
        manager: who applies.
        root: the type of the object; None where it is not known: then lists are one value.

    """
    taken = taken_over(live, manager)
    if taken is None:
        return tried
    held = objects_at(live, "metadata", "managedFields")
    left = objects_at(taken, "metadata", "managedFields")
    ours = (manager, "Apply")
    others: Fields = {}
    for entry in left:
        if (text_at(entry, "manager"), text_at(entry, "operation")) != ours:
            others = union(others, mapping_at(entry, "fieldsV1"))
    foreign: Fields = {}
    for entry in held:
        if entry not in left and (text_at(entry, "manager"), text_at(entry, "operation")) != ours:
            foreign = union(foreign, mapping_at(entry, "fieldsV1"))
    root = root or schema.of(text_at(wanted, "apiVersion"), text_at(wanted, "kind")) or schema.metadata_alone()
    gone = difference(difference(foreign, fields_of(wanted, root)), others)
    found = without(tried, gone, root) if gone else tried
    return found if isinstance(found, dict) else tried
