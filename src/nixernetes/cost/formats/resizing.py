"""What recommendations would do: as a table, as data, and as the ``patches`` of a kustomization."""

from __future__ import annotations

import json
from collections.abc import Iterator

from nixernetes.cost.amounts import money, plain, signed
from nixernetes.cost.formats.data import delta_data
from nixernetes.cost.formats.tables import aligned, markdown_cell, markdown_table
from nixernetes.cost.reports import DeltaReport, forecast_note
from nixernetes.cost.rightsizing.patches import patch_entries
from nixernetes.cost.rightsizing.resizing import Resizing
from nixernetes.errors import printable
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json

__all__ = ["resizing_json", "resizing_markdown", "resizing_patches", "resizing_text"]

_HEAD = ("OBJECT", "CONTAINER", "FIELD", "NOW", "RECOMMENDED")


def _rows(found: Resizing) -> Iterator[tuple[str, ...]]:
    for each in found.changes:
        item = each.item
        name = f"{item.cluster}/{item.key}" if item.cluster else str(item.key)
        for field, values in (("requests", each.requests), ("limits", each.limits)):
            for resource, (before, after) in values.items():
                yield name, each.container, f"{field}.{resource}", before or "none", after or "none"


def _sums(found: Resizing) -> Iterator[str]:
    delta = found.delta
    part = f" ({delta.percent:+.1f} %)" if delta.percent is not None else ""
    yield (
        f"{money(delta.before.total.monthly)} {delta.currency} a month now, "
        f"{money(delta.after.total.monthly)} if that were followed: {signed(delta.amount)}{part}."
    )


def resizing_text(found: Resizing) -> str:
    """Return what recommendations would do as text."""
    rows = list(_rows(found))
    lines = list(aligned([_HEAD, *rows], left=(0, 1, 2))) if rows else ["Nothing would change."]
    lines.append("")
    for change in found.delta.changes:
        lines.append(f"{change.subject.identity}: {signed(change.amount)}: {', '.join(map(str, change.causes))}")
    lines += ["", *_sums(found), forecast_note(found.delta.after), "Nothing is changed: -o patches prints patches."]
    if found.unmatched:
        lines += ["", f"{len(found.unmatched)} not used:", *(f"  {each}" for each in found.unmatched)]
    return "".join(f"{printable(line)}\n" for line in lines)


def resizing_markdown(found: Resizing) -> str:
    """Return what recommendations would do as Markdown."""
    rows = list(_rows(found))
    lines = ["### nixernetes cost: what recommendations would do", "", *_sums(found), ""]
    lines += markdown_table([each.capitalize() for each in _HEAD], rows, left=(0, 1, 2)) if rows else []
    lines += ["", *(f"- not used: {markdown_cell(each)}" for each in found.unmatched)]
    return "\n".join(lines).rstrip() + "\n"


def resizing_json(found: Resizing) -> str:
    """Return what recommendations would do as JSON."""
    data: Json = {
        "version": 1,
        "changes": [
            {
                "object": str(each.item.key),
                "cluster": each.item.cluster,
                "container": each.container,
                "requests": {name: {"before": old, "after": new} for name, (old, new) in each.requests.items()},
                "limits": {name: {"before": old, "after": new} for name, (old, new) in each.limits.items()},
            }
            for each in found.changes
        ],
        "not_used": list(found.unmatched),
        "change": plain(found.delta.amount),
        "cost": dict(delta_data(DeltaReport(delta=found.delta))),
        "patches": [dict(each) for each in patch_entries(found.changes)],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def resizing_patches(found: Resizing) -> str:
    """Return patches as they stand in a kustomization, those of each cluster as a document of its own."""
    by_cluster: dict[str, list[Json]] = {}
    for entry in patch_entries(found.changes):
        text = yamls.dump(entry["patch"])
        by_cluster.setdefault(str(entry["cluster"]), []).append({"target": entry["target"], "patch": text})
    documents = []
    for cluster, patches in by_cluster.items():
        head = f"# for {printable(cluster)}\n" if cluster else ""
        documents.append(head + yamls.dump({"patches": patches}))
    return "---\n".join(documents)
