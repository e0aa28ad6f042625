"""The service account that a sync writes as (Argo CD v3.5, ``controller/sync.go``, section 3.9)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from nixernetes.cluster.access.acting import ActingApi
from nixernetes.cluster.access.users import service_account
from nixernetes.engine.argocd.comparison.compare import Scene
from nixernetes.errors import InputError
from nixernetes.languages.globs.gobwas import glob_match
from nixernetes.objects.fields import objects_at, text_at

__all__ = ["acting"]

_FORBIDDEN: Final = "!*[]{}\\/"
_PARTS: Final = 2


def acting(scene: Scene) -> Scene:
    """Return a scene whose cluster is written to as the account of the destination, where Argo CD impersonates.

    Raises:
        InputError: the project names no account for the destination, or one that is none.

    """
    if not scene.settings.impersonates:
        return scene
    namespace = scene.app.destination.namespace
    for row in objects_at(scene.project.spec, "destinationServiceAccounts"):
        if not glob_match(text_at(row, "server"), scene.cluster.server):
            continue
        if not glob_match(text_at(row, "namespace"), namespace):
            continue
        named = text_at(row, "defaultServiceAccount")
        if not named.strip() or any(mark in named for mark in _FORBIDDEN):
            raise InputError(f"default service account contains invalid chars '{named}'")
        parts = named.split(":", 1)
        place, name = parts if len(parts) == _PARTS else (namespace or scene.app.key.namespace, named)
        return replace(scene, api=ActingApi(scene.api, service_account(place, name)))
    where = f"destination server {scene.cluster.server} and namespace {namespace}"
    raise InputError(f"no matching service account found for {where}")
