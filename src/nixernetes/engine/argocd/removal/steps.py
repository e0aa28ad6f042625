"""Takes an Application down: hooks before, resources by descending wave, hooks after, finalizers (section 10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nixernetes.cluster.api import ApiError, Propagation
from nixernetes.engine.argocd.comparison.compare import MANAGER, ComparedResource, Comparison, Scene
from nixernetes.engine.argocd.sync import hooks
from nixernetes.health.argocd import HealthStatus
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.well_known import ARGOCD_RESOURCES_FINALIZER

__all__ = ["DeletionStep", "clean_hooks", "delete_resources", "finalizers_for_hooks", "run_hooks"]

PRE_DELETE = "pre-delete-finalizer.argocd.argoproj.io"
POST_DELETE = "post-delete-finalizer.argocd.argoproj.io"
_CLEANUP = "/cleanup"


@dataclass(frozen=True, slots=True)
class DeletionStep:
    """What a step came to: whether this part is done, what it waits for, or why it cannot go on."""

    done: bool
    waiting: str = ""
    error: str = ""


def finalizers_for_hooks(comparison: Comparison) -> list[str]:
    """Return the finalizers that an Application with such hooks carries."""
    types = {word for row in comparison.hooks if row.target for word in hooks.hook_types(row.target)}
    names = []
    for word, finalizer in (("PreDelete", PRE_DELETE), ("PostDelete", POST_DELETE)):
        if word in types:
            names += [finalizer, finalizer + _CLEANUP]
    return names


def run_hooks(scene: Scene, comparison: Comparison, kind: str) -> DeletionStep:
    """Make the hooks of a kind (PreDelete or PostDelete) and wait until all are healthy."""
    for row in comparison.hooks:
        if row.target is None or kind not in hooks.hook_types(row.target):
            continue
        live = scene.api.get(row.key)
        if live is None:
            try:
                scene.api.apply(row.target, manager=MANAGER, force=True)
            except ApiError as error:
                return DeletionStep(done=False, error=f"Failed to execute {kind} hooks: {error}")
            return DeletionStep(done=False, waiting=f"completion of hook {row.key}")
        health = scene.settings.assessor.assess(live)
        if health is not None and health.status is HealthStatus.DEGRADED:
            return DeletionStep(done=False, error=f"{kind} hook {row.key} failed: {health.message}")
        if health is not None and health.status is not HealthStatus.HEALTHY:
            return DeletionStep(done=False, waiting=f"completion of hook {row.key}")
    return DeletionStep(done=True)


def clean_hooks(scene: Scene, comparison: Comparison, kind: str) -> None:
    """Delete the hooks of a kind, once they have done their work."""
    for row in comparison.hooks:
        if row.target is not None and kind in hooks.hook_types(row.target):
            _delete(scene, row, Propagation.BACKGROUND)


def delete_resources(
    scene: Scene, comparison: Comparison, finalizers: Sequence[str], *, approved: bool = False
) -> DeletionStep:
    """Delete the live resources of the highest wave that is left; done when none is left.

    Args:
        scene: where.
        comparison: what there is.
        finalizers: the Application's finalizers, which say how dependents go.
        approved: whether a person has confirmed what waits for a confirmation (``Delete=confirm``).

    """
    rows = [row for row in comparison.resources if row.live is not None and _is_deletable(row)]
    if not rows:
        return DeletionStep(done=True)
    wave = max(hooks.wave_of(row.live or {}) for row in rows)
    word = (
        Propagation.BACKGROUND if f"{ARGOCD_RESOURCES_FINALIZER}/background" in finalizers else Propagation.FOREGROUND
    )
    unconfirmed = [row for row in rows if hooks.has_option(hooks.resource_options(row.live or {}), "Delete", "confirm")]
    if unconfirmed and not approved:
        return DeletionStep(done=False, waiting=f"deletion confirmation of {unconfirmed[0].key}")
    for row in rows:
        live = row.live or {}
        if hooks.wave_of(live) == wave and not (live.get("metadata") or {}).get("deletionTimestamp"):
            _delete(scene, row, word)
    left = [row for row in rows if scene.api.get(row.key) is not None]
    if not left:
        return DeletionStep(done=True)
    return DeletionStep(done=False, waiting=f"deletion of {left[0].key}")


def _is_deletable(row: ComparedResource) -> bool:
    live: Manifest = row.live or {}
    options = hooks.resource_options(live)
    return row.key.kind != "CustomResourceDefinition" and not hooks.has_option(options, "Delete", "false")


def _delete(scene: Scene, row: ComparedResource, propagation: Propagation) -> None:
    try:
        scene.api.delete(row.key, propagation=propagation)
    except ApiError as error:
        if error.reason != "NotFound":
            raise
