"""The kinds of Argo CD, as this engine serves them: all are namespaced."""

from __future__ import annotations

from nixernetes.objects.kinds import APP_PROJECT, APPLICATION, APPLICATION_SET

__all__ = ["KINDS"]

KINDS = (APPLICATION, APPLICATION_SET, APP_PROJECT)
