"""notification-controller: Provider (Flux, section 11.1): it only holds on to its objects until they may go."""

from __future__ import annotations

from nixernetes.engine.flux.controller import FluxController, Steps
from nixernetes.engine.flux.subject import Subject
from nixernetes.engine.results import Done
from nixernetes.gitops.flux.notifications.provider import Provider

__all__ = ["ProviderController"]


class ProviderController(FluxController[Provider]):
    """Gives each Provider Flux's finalizer; a Provider has no status."""

    model = Provider
    component = "notification-controller"

    def run(self, subject: Subject[Provider]) -> Steps:
        """Do nothing: who sends looks Providers up."""
        del subject
        return Done()
        yield
