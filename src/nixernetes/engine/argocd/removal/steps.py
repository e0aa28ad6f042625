"""Takes an Application down: hooks before, resources by descending wave, hooks after, finalizers (section 10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from nixernetes.cluster.api import ApiError, Propagation
from nixernetes.engine.argocd.comparison.compare import MANAGER, Comparison, Scene
from nixernetes.engine.argocd.sync import hooks
from nixernetes.health.argocd import HealthStatus, worst
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.well_known import ARGOCD_RESOURCES_FINALIZER, HELM_RESOURCE_POLICY

__all__ = [
    "CASCADES",
    "CLEANUP",
    "DeletionStep",
    "cascade_of",
    "clean_hooks",
    "delete_resources",
    "finalizers_for_hooks",
    "run_hooks",
    "why_kept",
]

PRE_DELETE = "pre-delete-finalizer.argocd.argoproj.io"
POST_DELETE = "post-delete-finalizer.argocd.argoproj.io"
CLEANUP = "/cleanup"
CASCADES: Final = {
    "": ARGOCD_RESOURCES_FINALIZER,
    "foreground": f"{ARGOCD_RESOURCES_FINALIZER}/foreground",
    "background": f"{ARGOCD_RESOURCES_FINALIZER}/background",
}
_ENDS = {HealthStatus.HEALTHY: "HookSucceeded", HealthStatus.DEGRADED: "HookFailed"}  # what a policy is asked


@dataclass(frozen=True, slots=True)
class DeletionStep:
    """What a step came to: whether this part is done, what it waits for, or why it cannot go on."""

    done: bool
    waiting: str = ""
    error: str = ""


def finalizers_for_hooks(comparison: Comparison) -> list[str]:
    """Return the finalizers that an Application with such hooks carries."""
    names = []
    for kind, finalizer in (("PreDelete", PRE_DELETE), ("PostDelete", POST_DELETE)):
        if any(hooks.is_deletion_hook(obj, kind) for obj in comparison.deletion_hooks):
            names += [finalizer, finalizer + CLEANUP]
    return names


def run_hooks(scene: Scene, comparison: Comparison, kind: str) -> DeletionStep:
    """Make the hooks of a kind (PreDelete or PostDelete) and wait until all are healthy.

    The rule is ``executeHooks`` of ``controller/hook.go`` in Argo CD 3.5: one that failed is deleted, to be made again.
    """
    running = _running(comparison, kind)
    made = [
        obj for obj in comparison.deletion_hooks if hooks.is_deletion_hook(obj, kind) and key_of(obj) not in running
    ]
    for obj in made:
        try:
            scene.api.create(obj, manager=MANAGER)
        except ApiError as error:
            if error.reason != "AlreadyExists":
                return DeletionStep(done=False, error=str(error))
    if made:
        return DeletionStep(done=False, waiting=f"completion of hook {key_of(made[0])}")
    verdicts = {key: scene.settings.assessor.assess(live) for key, live in running.items()}
    failed = [key for key, found in verdicts.items() if found is not None and found.status is HealthStatus.DEGRADED]
    for key in failed:
        _delete(scene, key, Propagation.BACKGROUND)
    if failed:
        names = ", ".join(f"{key.namespace}/{key.name}" for key in failed)
        return DeletionStep(done=False, error=f"{kind} hook(s) failed: {names}")
    waits = [key for key, found in verdicts.items() if found is not None and found.status is HealthStatus.PROGRESSING]
    return DeletionStep(done=not waits, waiting=f"completion of hook {waits[0]}" if waits else "")


def clean_hooks(scene: Scene, comparison: Comparison, kind: str) -> DeletionStep:
    """Delete the hooks of a kind whose policy says so, once they have done their work; the others stay."""
    running = _running(comparison, kind)
    worst_of = HealthStatus.HEALTHY
    for live in running.values():
        health = scene.settings.assessor.assess(live)
        worst_of = worst(worst_of, health.status) if health is not None else worst_of
    going = [key for key, live in running.items() if _ENDS.get(worst_of, "") in hooks.delete_policies(live)]
    for key in going:
        _delete(scene, key, Propagation.BACKGROUND)
    left = [key for key in going if scene.api.get(key) is not None]
    return DeletionStep(done=not left, waiting=f"deletion of hook {left[0]}" if left else "")


def _running(comparison: Comparison, kind: str) -> dict[ObjectKey, Manifest]:
    return {
        row.key: row.live
        for row in comparison.resources
        if row.live is not None and hooks.is_deletion_hook(row.live, kind)
    }


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
    lives = [(row.key, row.live) for row in comparison.resources if row.live is not None]
    leaving = [key for key, live in lives if text_at(live, "metadata", "deletionTimestamp")]
    if leaving:
        return DeletionStep(done=False, waiting=f"deletion of {leaving[0]}")
    rows = {key: live for key, live in lives if _is_deletable(scene, key, live)}
    unconfirmed = [row.key for row in comparison.resources if row.key in rows and row.requires_confirmation]
    if unconfirmed and not approved:
        return DeletionStep(done=False, waiting=f"deletion confirmation of {unconfirmed[0]}")
    word = Propagation.BACKGROUND if cascade_of(finalizers) == CASCADES["background"] else Propagation.FOREGROUND
    wave = max((hooks.wave_of(live) for live in rows.values()), default=0)
    for key, live in rows.items():
        if hooks.wave_of(live) == wave:
            _delete(scene, key, word)
    left = [key for key in rows if scene.api.get(key) is not None]
    return DeletionStep(done=not left, waiting=f"deletion of {left[0]}" if left else "")


def cascade_of(finalizers: Sequence[str]) -> str:
    """Return the finalizer that says how objects go with their Application, the first one; ``""`` where they stay.

    The rule is ``GetPropagationPolicy`` of ``pkg/apis/application/v1alpha1/types.go``.
    """
    return next((name for name in finalizers if name in CASCADES.values()), "")


def why_kept(options: Sequence[str], live: Manifest) -> str:
    """Return why an object stays when its Application is deleted; ``""`` where it goes.

    The rule is ``shouldBeDeleted`` of ``controller/appcontroller.go``.

    Args:
        options: the sync options of the Application.
        live: the object.

    """
    if hooks.is_kept(live):
        return f"{HELM_RESOURCE_POLICY}: keep"
    own = hooks.annotation_option(live, "Delete")
    if (own or hooks.option(options, "Delete")) == "false":
        return "Delete=false" if own else "Delete=false of the Application"
    return "Argo CD leaves definitions" if key_of(live).kind == "CustomResourceDefinition" else ""


def _is_deletable(scene: Scene, key: ObjectKey, live: Manifest) -> bool:
    return not why_kept(scene.app.options, live) and key != scene.app.key


def _delete(scene: Scene, key: ObjectKey, propagation: Propagation) -> None:
    try:
        scene.api.delete(key, propagation=propagation)
    except ApiError as error:
        if error.reason != "NotFound":
            raise
