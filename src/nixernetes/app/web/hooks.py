"""Requests of Git hosts and registries to a running world: a push triggers what the real controllers trigger."""

from __future__ import annotations

from typing import Final

from nixernetes.app.worlds import World
from nixernetes.engine.webhooks import HookAnswer, HookRequest

__all__ = ["answer_hook"]

_ARGOCD: Final = "/api/webhook"
_NOTHING: Final = HookAnswer(status=404, text="nothing here takes this request")


def answer_hook(world: World, request: HookRequest) -> HookAnswer:
    """Answer a request: of the Receivers with its path in every cluster, or of every Argo CD; the worst is told."""
    answers = _of_argocd(world, request) if request.path == _ARGOCD else _of_flux(world, request)
    return max(answers, key=lambda answer: answer.status, default=_NOTHING)


def _of_argocd(world: World, request: HookRequest) -> list[HookAnswer]:
    if not world.argocd:
        return []
    from nixernetes.engine.argocd.webhooks.answering import answer_webhook  # noqa: PLC0415  # takes long to import

    return [answer_webhook(world.clusters[name], request) for name in world.argocd]


def _of_flux(world: World, request: HookRequest) -> list[HookAnswer]:
    if not world.flux:
        return []
    from nixernetes.engine.flux.notifications import hooks  # noqa: PLC0415  # takes long to import

    found = [
        (world.clusters[name], each)
        for name in world.flux
        for each in hooks.receivers_at(world.clusters[name], request.path)
    ]
    return [hooks.answer_hook(api, each, request, world.clock, world.issuers) for api, each in found]
