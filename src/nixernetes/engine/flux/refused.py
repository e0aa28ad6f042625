"""Kinds that this engine serves and does not reconcile: nobody writes their status, and a note says so.

They are as in a cluster without the controllers of image automation, which ``flux install`` leaves out by default:
whoever waits for such an object has it at once.
"""

from __future__ import annotations

from typing import Final

from nixernetes.engine.flux.controller import Context, FluxController, Steps
from nixernetes.engine.flux.subject import Subject
from nixernetes.engine.results import Done
from nixernetes.gitops.flux.flux_resource import FluxResource
from nixernetes.gitops.values import Bool
from nixernetes.objects import kinds
from nixernetes.objects.identity import GroupKind

__all__ = ["refused_controllers", "why_unread"]

_REFUSED: Final = {
    kinds.IMAGE_REPOSITORY: ("image-reflector-controller", "scans no registries"),
    kinds.IMAGE_POLICY: ("image-reflector-controller", "scans no registries"),
    kinds.IMAGE_UPDATE_AUTOMATION: ("image-automation-controller", "writes to no repository"),
}


def why_unread(kind: GroupKind) -> str:
    """Return why objects of a kind do nothing here; ``""`` where they do."""
    _, why = _REFUSED.get(kind, ("", ""))
    return f"{kind.kind} is not reconciled: this engine {why}; a real cluster does" if why else ""


def refused_controllers(context: Context) -> list[FluxController[Unread]]:
    """Return what says of each object of these kinds that nothing is done."""
    return [RefusedController(context, kind, component) for kind, (component, _) in _REFUSED.items()]


class Unread(FluxResource):
    """An object whose spec nobody reads here, but whether it asks to be left alone."""

    suspend: Bool | None = None


class RefusedController(FluxController[Unread]):
    """Notes of every object of a kind that nothing is done.

    Args:
        context: the cluster.
        kind: the kind.
        component: the controller that would reconcile it.

    """

    model = Unread
    finalizes = False

    def __init__(self, context: Context, kind: GroupKind, component: str) -> None:
        super().__init__(context)
        self.kind = kind
        self.component = component

    def run(self, subject: Subject[Unread]) -> Steps:
        """Say that nothing is done."""
        self.note(subject, [why_unread(self.kind)])
        return Done()
        yield
