"""What the kinds of Flux have in common: they live in ``flux-system``, and sources are polled."""

from __future__ import annotations

from typing import Any

from nixernetes.gitops.presets import Preset
from nixernetes.gitops.resource import Resource
from nixernetes.gitops.spec import guide
from nixernetes.gitops.values import Namespace
from nixernetes.objects.well_known import FLUX_NAMESPACE

__all__ = ["FluxResource", "FluxSource"]


class FluxResource(Resource):
    """An object that a controller of Flux reads."""

    namespace: Namespace | None = guide(FLUX_NAMESPACE, required=False)
    """The namespace. Default: `flux-system`, where Flux itself runs."""


class FluxSource(FluxResource):
    """An object that Flux polls."""

    @classmethod
    def preset_fields(cls, preset: Preset, current: Resource | None = None) -> dict[str, Any]:
        """Return the interval: a source has nothing to prune and nothing to wait for."""
        del current
        return {"interval": preset.interval}
