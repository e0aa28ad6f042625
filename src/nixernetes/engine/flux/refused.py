"""Kinds that this engine serves and does not reconcile: their status says so."""

from __future__ import annotations

from typing import Final

from nixernetes.engine.flux.controller import Context, FluxController, Steps
from nixernetes.engine.flux.subject import Subject
from nixernetes.engine.results import Stalled
from nixernetes.gitops.flux.flux_resource import FluxResource
from nixernetes.gitops.values import Bool
from nixernetes.objects import kinds
from nixernetes.objects.identity import GroupKind

__all__ = ["refused_controllers"]

_REFUSED: Final = {
    kinds.IMAGE_REPOSITORY: ("image-reflector-controller", "scans no registries"),
    kinds.IMAGE_POLICY: ("image-reflector-controller", "scans no registries"),
    kinds.IMAGE_UPDATE_AUTOMATION: ("image-automation-controller", "writes to no repository"),
}


def refused_controllers(context: Context) -> list[FluxController[Unread]]:
    """Return what says of each object of these kinds that nothing is done."""
    return [RefusedController(context, kind, component, why) for kind, (component, why) in _REFUSED.items()]


class Unread(FluxResource):
    """An object whose spec nobody reads here, but whether it asks to be left alone."""

    suspend: Bool | None = None


class RefusedController(FluxController[Unread]):
    """Marks every object of a kind as stalled, with the reason.

    Args:
        context: the cluster.
        kind: the kind.
        component: the controller that would reconcile it.
        why: what this engine does not do, as the end of a sentence.

    """

    model = Unread
    finalizes = False

    def __init__(self, context: Context, kind: GroupKind, component: str, why: str) -> None:
        super().__init__(context)
        self.kind = kind
        self.component = component
        self._why = why

    def run(self, subject: Subject[Unread]) -> Steps:
        """Say that nothing is done."""
        text = f"{self.kind.kind} is not reconciled: this engine {self._why}; a real cluster does"
        subject.stall("NotSupportedHere", text)
        return Stalled(text)
        yield
