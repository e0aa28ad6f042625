"""``history``: what a delivery was at, the latest first, with the commit that each revision is."""

from __future__ import annotations

from collections.abc import Iterator

from nixernetes.adapters.repositories.commits import commit_line
from nixernetes.app.console.selecting import LiveObject, Selection, selected
from nixernetes.app.worlds import World
from nixernetes.engine.reports import short_revision
from nixernetes.errors import InputError
from nixernetes.objects.fields import at, items_at, objects_at, text_at
from nixernetes.objects.kinds import APPLICATION, HELM_RELEASE, KUSTOMIZATION
from nixernetes.objects.manifest import Json

__all__ = ["entries", "history"]

_KINDS = (KUSTOMIZATION, HELM_RELEASE, APPLICATION)


def history(world: World, selection: Selection) -> list[Json]:
    """Return the history of each delivery that is chosen: ``cluster``, ``object``, ``entries``.

    Raises:
        InputError: what is named is not there, or has no history.

    """
    if not selection.wanted or not all(wanted.name for wanted in selection.wanted):
        raise InputError("the history of what? write KIND NAME, as in `nixernetes history app web`")
    found = selected(world, selection)
    for item in found:
        if item.key.group_kind not in _KINDS:
            names = ", ".join(kind.kind for kind in _KINDS)
            remedy = f"`nixernetes trace {item.key.kind.lower()} {item.key.name}` names its delivery"
            raise InputError(f"{item.key} has no history: {names} have one; {remedy}")
    return [{"cluster": item.cluster, "object": str(item.key), "entries": [*entries(world, item)]} for item in found]


def entries(world: World, item: LiveObject) -> Iterator[Json]:
    """Yield what a delivery was at, the latest first: ``id``, ``time``, ``status``, ``revision``, ``commit``."""
    if item.key.group_kind == APPLICATION:
        yield from _deployments(world, item)
    elif item.key.group_kind == HELM_RELEASE:
        for entry in objects_at(item.object, "status", "history"):
            yield {
                "id": str(at(entry, "version")),
                "time": text_at(entry, "lastDeployed"),
                "status": text_at(entry, "status"),
                "revision": f"{text_at(entry, 'chartName')}@{text_at(entry, 'chartVersion')}",
                "commit": "",
            }
    else:
        for number, entry in enumerate(objects_at(item.object, "status", "history")):
            revision = text_at(entry, "metadata", "revision") or text_at(
                item.object, "status", "lastAppliedRevision" if not number else ""
            )
            yield {
                "id": text_at(entry, "digest").removeprefix("sha256:")[:12],
                "time": text_at(entry, "lastReconciled"),
                "status": text_at(entry, "lastReconciledStatus"),
                "revision": short_revision(revision),
                "commit": commit_line(world.repository, revision),
            }


def _deployments(world: World, item: LiveObject) -> Iterator[Json]:
    for entry in reversed(objects_at(item.object, "status", "history")):
        revisions = [text for text in items_at(entry, "revisions") if isinstance(text, str)]
        revision = text_at(entry, "revision") or ", ".join(revisions)
        yield {
            "id": str(at(entry, "id")),
            "time": text_at(entry, "deployedAt"),
            "status": "Deployed",
            "revision": short_revision(revision),
            "commit": commit_line(world.repository, revision),
        }
