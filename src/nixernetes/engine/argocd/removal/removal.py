"""The tick of an Application that is being deleted (section 10)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from nixernetes.cluster.api import Api
from nixernetes.engine.argocd import moments
from nixernetes.engine.argocd.application import ReadApplication
from nixernetes.engine.argocd.comparison.compare import Scene
from nixernetes.engine.argocd.comparison.inspection import Inspector
from nixernetes.engine.argocd.conditions import ApplicationCondition, ConditionType, merge
from nixernetes.engine.argocd.removal import steps as deletion
from nixernetes.engine.argocd.removal.steps import DeletionStep
from nixernetes.engine.argocd.sync.hooks import is_approved
from nixernetes.engine.results import Done, Result, Waiting
from nixernetes.errors import InputError
from nixernetes.objects import manifest as manifests
from nixernetes.objects.clocks import Clock
from nixernetes.objects.fields import items_at
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.well_known import ARGOCD_RESOURCES_FINALIZER

__all__ = ["ApplicationRemoval"]

_POLL = timedelta(seconds=2)  # watch events come earlier; this is for what tells nothing
_MANAGER = "argocd-application-controller"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stage:
    """A part of a deletion, which holds the object by a finalizer of its own.

    Attributes:
        finalizer: the finalizer.
        kind: of which hooks it is; ``""`` for the resources.
        cleans: whether it deletes the hooks, else it runs them.

    """

    finalizer: str
    kind: str = ""
    cleans: bool = False

    @property
    def is_first(self) -> bool:
        """Whether it comes before all others."""
        return self is _STAGES[0]

    def holds(self, name: str) -> bool:
        """Tell whether a finalizer is the stage's own; that of the resources may say how dependents go."""
        return name == self.finalizer or (not self.kind and name.split("/", maxsplit=1)[0] == self.finalizer)


# The order of ``finalizeApplicationDeletion`` in ``controller/appcontroller.go`` of Argo CD 3.5.
_STAGES = (
    _Stage(finalizer=deletion.PRE_DELETE, kind="PreDelete"),
    _Stage(finalizer=ARGOCD_RESOURCES_FINALIZER),
    _Stage(finalizer=deletion.POST_DELETE, kind="PostDelete"),
    _Stage(finalizer=deletion.PRE_DELETE + deletion.CLEANUP, kind="PreDelete", cleans=True),
    _Stage(finalizer=deletion.POST_DELETE + deletion.CLEANUP, kind="PostDelete", cleans=True),
)


class ApplicationRemoval:
    """Takes deleted Applications down, one step a tick.

    Args:
        api: the control plane.
        inspector: finds what there is.
        clock: where time comes from.
        forget: told of a key whose Application is gone.
        fail: told of an Application that cannot be taken down, and why.

    """

    def __init__(
        self,
        api: Api,
        inspector: Inspector,
        clock: Clock,
        forget: Callable[[Manifest], None],
        fail: Callable[[Manifest, str], None],
    ) -> None:
        self._api = api
        self._inspector = inspector
        self._clock = clock
        self._forget = forget
        self._tell = fail

    def step(self, app: Manifest) -> Result:
        """Do one step; the Application is gone when its last finalizer is."""
        finalizers = (app.get("metadata") or {}).get("finalizers") or []
        decoded = ReadApplication.decode(app)
        if not any(_is_ours(name) for name in finalizers):
            return Done()
        if not self._inspector.has_project(decoded):
            return self._fail(app, f'appproject.argoproj.io "{decoded.project}" not found')
        try:
            scene = self._inspector.scene(app, decoded)
        except InputError:
            # The cluster is gone: nothing can be deleted, and the object must not stay for ever.
            return self._drop(app, [name for name in finalizers if _is_ours(name)])
        for stage in _STAGES:
            held = [name for name in finalizers if stage.holds(name)]
            if not held:
                continue
            step = self._step(stage, app, scene, decoded)
            if step.error:
                return self._fail(
                    app, f"error executing pre-delete hooks: {step.error}" if stage.is_first else step.error
                )
            if not step.done:
                return Waiting(_POLL, step.waiting)
            return self._drop(app, held)
        return Done()

    def _step(self, stage: _Stage, app: Manifest, scene: Scene, decoded: ReadApplication) -> DeletionStep:
        if not stage.kind:
            deleted = moments.parse(app["metadata"]["deletionTimestamp"]) or self._clock.now()
            finalizers = items_at(app, "metadata", "finalizers")
            live = self._inspector.live(scene)
            return deletion.delete_resources(scene, live, finalizers, approved=is_approved(app, deleted))
        if stage.cleans:
            return deletion.clean_hooks(scene, self._inspector.live(scene), stage.kind)
        look = self._inspector.look(app, decoded)
        if look.comparison is None or look.comparison.failed:
            return DeletionStep(done=False, error="; ".join(item.message for item in look.conditions))
        return deletion.run_hooks(scene, look.comparison, stage.kind)

    def _drop(self, app: Manifest, names: Sequence[str]) -> Result:
        """Remove finalizers."""
        latest = self._api.get(key_of(app))
        if latest is None:
            return Done()
        changed = manifests.copy(latest)
        left = [name for name in items_at(changed, "metadata", "finalizers") if name not in names]
        changed["metadata"]["finalizers"] = left
        self._forget(app)
        self._api.update(changed, manager=_MANAGER)
        return Waiting(_POLL, "deletion") if left else Done()

    def _fail(self, app: Manifest, message: str) -> Result:
        changed = manifests.copy(app)
        status = changed.setdefault("status", {})
        found = [ApplicationCondition(ConditionType.DELETION_ERROR, message)]
        now = moments.timestamp(self._clock.now())
        status["conditions"] = merge(status.get("conditions") or [], found, [ConditionType.DELETION_ERROR], now)
        if changed != app:
            self._tell(app, message)
            self._api.update(changed, manager=_MANAGER)
        return Waiting(_POLL * 30, message)


def _is_ours(name: str) -> bool:
    return any(stage.holds(name) for stage in _STAGES)
