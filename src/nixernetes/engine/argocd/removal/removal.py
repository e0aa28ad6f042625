"""The tick of an Application that is being deleted (section 10)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from nixernetes.cluster.api import Api
from nixernetes.engine.argocd import moments
from nixernetes.engine.argocd.application import ReadApplication
from nixernetes.engine.argocd.comparison.compare import Comparison, Scene
from nixernetes.engine.argocd.comparison.inspection import Inspector
from nixernetes.engine.argocd.conditions import ApplicationCondition, ConditionType, merge
from nixernetes.engine.argocd.removal import steps as deletion
from nixernetes.engine.argocd.sync.hooks import is_approved
from nixernetes.engine.results import Done, Result, Waiting
from nixernetes.errors import InputError
from nixernetes.objects import manifest as manifests
from nixernetes.objects.clocks import Clock
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.well_known import ARGOCD_RESOURCES_FINALIZER

__all__ = ["ApplicationRemoval"]

_POLL = timedelta(seconds=2)  # watch events come earlier; this is for what tells nothing
_MANAGER = "argocd-application-controller"
_ORDER = (deletion.PRE_DELETE, ARGOCD_RESOURCES_FINALIZER, deletion.POST_DELETE)
_HOOKS = {deletion.PRE_DELETE: "PreDelete", deletion.POST_DELETE: "PostDelete"}


class ApplicationRemoval:
    """Takes deleted Applications down, one step a tick.

    Args:
        api: the control plane.
        inspector: finds what there is.
        clock: where time comes from.
        forget: told of a key whose Application is gone.

    """

    def __init__(
        self,
        api: Api,
        inspector: Inspector,
        clock: Clock,
        forget: Callable[[Manifest], None],
    ) -> None:
        self._api = api
        self._inspector = inspector
        self._clock = clock
        self._forget = forget

    def step(self, app: Manifest) -> Result:
        """Do one step; the Application is gone when its last finalizer is."""
        finalizers = (app.get("metadata") or {}).get("finalizers") or []
        decoded = ReadApplication.decode(app)
        if not any(_is_ours(name) for name in finalizers):
            return Done()
        try:
            scene = self._inspector.scene(decoded)
        except InputError:
            # The cluster or the project is gone: nothing can be deleted, and the object must not stay for ever.
            return self._drop(app)
        look = self._inspector.look(app, decoded)
        return self._first_step(app, scene, look.comparison or Comparison(status="Unknown"), finalizers)

    def _first_step(self, app: Manifest, scene: Scene, wanted: Comparison, finalizers: Sequence[str]) -> Result:
        for prefix in _ORDER:
            if prefix not in {name.split("/")[0] for name in finalizers}:
                continue
            kind = _HOOKS.get(prefix)
            if kind is None:
                deleted = moments.parse(app["metadata"]["deletionTimestamp"]) or self._clock.now()
                approved = is_approved(app, deleted)
                live = self._inspector.live(scene)
                step = deletion.delete_resources(scene, live, finalizers, approved=approved)
            else:
                step = deletion.run_hooks(scene, wanted, kind)
            if step.error:
                return self._fail(app, step.error)
            if not step.done:
                return Waiting(_POLL, step.waiting)
            if kind is not None:
                deletion.clean_hooks(scene, wanted, kind)
            return self._drop(app, prefix)
        return Done()

    def _drop(self, app: Manifest, prefix: str = "") -> Result:
        """Remove the finalizers with a prefix, or all of ours."""
        latest = self._api.get(key_of(app))
        if latest is None:
            return Done()
        changed = manifests.copy(latest)
        names = changed["metadata"].get("finalizers") or []
        left = [name for name in names if not (_is_ours(name) and prefix in ("", name.split("/")[0]))]
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
            self._api.update(changed, manager=_MANAGER)
        return Waiting(_POLL * 30, message)


def _is_ours(name: str) -> bool:
    return name.split("/", maxsplit=1)[0] in _ORDER
