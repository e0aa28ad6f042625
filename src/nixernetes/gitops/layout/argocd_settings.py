"""What an app says about its Applications beyond where they are and what they bring."""

from __future__ import annotations

from collections.abc import Iterable

from nixernetes.gitops.apps.workloads import App
from nixernetes.gitops.argocd.applications.application import Application
from nixernetes.gitops.layout.flux_settings import with_metadata
from nixernetes.gitops.layout.raw_fields import with_fields
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.well_known import ARGOCD_SYNC_WAVE

__all__ = ["with_argocd_settings"]


def with_argocd_settings(manifest: Manifest, app: App, environment: str, wave: int) -> Manifest:
    """Return the Application of an app with everything that the app says about it.

    Args:
        manifest: the object without it.
        app: the app.
        environment: the environment that it is delivered to.
        wave: its sync wave.

    Raises:
        InputError: fields of ``argocd`` that an Application does not have.

    """
    annotations = {ARGOCD_SYNC_WAVE: str(wave)} if wave else {}
    spec = dict(manifest["spec"])
    if app.sync_options:
        policy = spec["syncPolicy"]
        spec["syncPolicy"] = {**policy, "syncOptions": _options(policy.get("syncOptions", ()), app.sync_options)}
    if app.ignore_differences:
        spec["ignoreDifferences"] = [each.data() for each in app.ignore_differences]
    found: Manifest = {**manifest, "metadata": with_metadata(manifest["metadata"], app, **annotations), "spec": spec}
    own = app.overrides(environment)
    for fields, place in ((app.argocd, app.declared_at), (own.argocd, own.declared_at or app.declared_at)):
        if fields:
            found = with_fields(found, Application, fields, place)
    return found


def _options(made: Iterable[str], own: Iterable[str]) -> list[Json]:
    named = {option.partition("=")[0]: option for option in (*made, *own)}
    return list(named.values())
