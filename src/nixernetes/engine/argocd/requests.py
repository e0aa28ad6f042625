"""What a user asks of an Application: a sync, a refresh, a rollback, an end, a deletion (sections 4.1, 8.1, 8.7, 10).

A request is a change of the Application object; the controller does the work.
"""

from __future__ import annotations

from dataclasses import dataclass

from nixernetes.cluster.api import Api
from nixernetes.engine.argocd import moments
from nixernetes.engine.argocd.application import ReadApplication
from nixernetes.engine.argocd.operation_phases import OperationEvent, OperationPhase, moved
from nixernetes.engine.argocd.removal.steps import CASCADES
from nixernetes.engine.argocd.sync.hooks import APPROVED
from nixernetes.engine.argocd.sync.operations import is_running
from nixernetes.errors import InputError
from nixernetes.objects import manifest as manifests
from nixernetes.objects.clocks import Clock
from nixernetes.objects.fields import items_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import APPLICATION
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.well_known import ARGOCD_REFRESH

__all__ = [
    "SyncWishes",
    "request_confirmation",
    "request_deletion",
    "request_refresh",
    "request_rollback",
    "request_sync",
    "request_termination",
]

_MANAGER = "argocd-server"
_USER = "nixernetes"


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncWishes:
    """What a manual sync does otherwise than the Application says.

    Attributes:
        force: whether what cannot be patched is deleted and made anew.
        apply_only: whether hooks are left out.
        replace: whether objects are replaced, not patched.
        resources: the objects that are synced; none means all.

    """

    force: bool = False
    apply_only: bool = False
    replace: bool = False
    resources: tuple[ObjectKey, ...] = ()

    @property
    def strategy(self) -> Json:
        """The strategy, as an operation has it."""
        return {"apply" if self.apply_only else "hook": {"force": True} if self.force else {}}


def request_sync(  # noqa: PLR0913 - the flags of ``argocd app sync``
    api: Api,
    namespace: str,
    name: str,
    *,
    prune: bool = False,
    revision: str = "",
    dry_run: bool = False,
    wishes: SyncWishes = SyncWishes(),
    clock: Clock,
) -> None:
    """Start a manual sync.

    Args:
        api: the control plane.
        namespace: the Application's namespace.
        name: the Application's name.
        prune: whether objects that are no longer wanted are deleted.
        revision: the revision to sync to; ``""`` means the target revision.
        dry_run: whether nothing is really done.
        wishes: what else it does otherwise than the Application says.
        clock: tells the moment of the request.

    Raises:
        InputError: no such Application, or another operation is in progress.

    """
    del clock  # the controller stamps the start; a request carries no time in Argo CD either
    app = _application(api, namespace, name)
    _refuse_second(app)
    spec = ReadApplication.decode(app)
    sync: Json = {"prune": prune, "dryRun": dry_run, "syncStrategy": wishes.strategy}
    if revision:
        sync["revision"] = revision
    options = [*spec.options, *(["Replace=true"] if wishes.replace else [])]
    if options:
        sync["syncOptions"] = options
    if wishes.resources:
        sync["resources"] = [_named(key) for key in wishes.resources]
    retry = ((app.get("spec") or {}).get("syncPolicy") or {}).get("retry")
    _start(api, app, sync, retry)


def request_rollback(api: Api, namespace: str, name: str, *, id: int | None = None, prune: bool = False) -> None:  # noqa: A002 - the field's name
    """Start a sync to an earlier deployment.

    Args:
        api: the control plane.
        namespace: the Application's namespace.
        name: the Application's name.
        id: the id of the history entry; None means the one before the last.
        prune: whether objects that are no longer wanted are deleted.

    Raises:
        InputError: no such Application or entry, auto-sync is enabled, or another operation is in progress.

    """
    app = _application(api, namespace, name)
    subject = f"Application/{namespace}/{name}"
    if ReadApplication.decode(app).automated is not None:
        raise InputError("rollback cannot be initiated when auto-sync is enabled", subject=subject)
    _refuse_second(app)
    history = (app.get("status") or {}).get("history") or []
    wanted = history[-2]["id"] if id is None and len(history) > 1 else id
    entry = next((item for item in history if item["id"] == wanted), None)
    if entry is None:
        known = ", ".join(str(item["id"]) for item in history) or "none"
        raise InputError(f"no deployment {wanted} in the history: there are {known}", subject=subject)
    sync: Json = {"prune": prune, "syncStrategy": {"apply": {}}}
    sync.update({key: entry[key] for key in ("revision", "revisions", "source", "sources") if key in entry})
    _start(api, app, sync, None)


def request_refresh(api: Api, namespace: str, name: str, *, hard: bool = False) -> None:
    """Ask for a fresh comparison; a hard one renders manifests again.

    Raises:
        InputError: no such Application.

    """
    app = manifests.copy(_application(api, namespace, name))
    app["metadata"].setdefault("annotations", {})[ARGOCD_REFRESH] = "hard" if hard else "normal"
    api.update(app, manager=_MANAGER)


def request_termination(api: Api, namespace: str, name: str) -> None:
    """End the running operation.

    Raises:
        InputError: no such Application, or no operation runs.

    """
    app = manifests.copy(_application(api, namespace, name))
    state = (app.get("status") or {}).get("operationState") or {}
    if state.get("phase") != OperationPhase.RUNNING:
        raise InputError("no operation is in progress", subject=f"Application/{namespace}/{name}")
    moved(state, OperationEvent.TERMINATED, "operation is terminating")
    api.update(app, manager=_MANAGER)


def request_deletion(api: Api, namespace: str, name: str, *, cascade: bool = True, policy: str = "") -> None:
    """Delete an Application as ``argocd app delete`` does (``Delete`` of ``server/application/application.go``).

    Args:
        api: the control plane.
        namespace: the Application's namespace.
        name: the Application's name.
        cascade: whether its objects go with it.
        policy: how they go: ``foreground``, ``background``, or as is usual.

    Raises:
        InputError: no such Application, or no such policy.

    """
    app = _application(api, namespace, name)
    if policy not in CASCADES:
        raise InputError(f"invalid propagation policy: {policy}", subject=f"Application/{namespace}/{name}")
    held = [str(each) for each in items_at(app, "metadata", "finalizers")]
    wanted = held if cascade else [each for each in held if each not in CASCADES.values()]
    if cascade and CASCADES[policy] not in held and not text_at(app, "metadata", "deletionTimestamp"):
        # The one that was asked for stands first, since the first one counts.
        wanted = [CASCADES[policy], *(each for each in held if each not in CASCADES.values())]
    if wanted != held:
        api.update({**app, "metadata": {**app["metadata"], "finalizers": wanted}}, manager=_MANAGER)
    api.delete(ObjectKey(*APPLICATION, namespace, name))


def request_confirmation(api: Api, namespace: str, name: str, clock: Clock) -> None:
    """Approve the deletions for which an Application waits, as ``argocd app confirm-deletion`` does.

    Raises:
        InputError: no such Application.

    """
    app = manifests.copy(_application(api, namespace, name))
    app["metadata"].setdefault("annotations", {})[APPROVED] = moments.timestamp(clock.now())
    api.update(app, manager=_MANAGER)


def _application(api: Api, namespace: str, name: str) -> Manifest:
    app = api.get(ObjectKey(*APPLICATION, namespace, name))
    if app is None:
        known = ", ".join(item["metadata"]["name"] for item in api.list(APPLICATION)) or "none"
        raise InputError(f"there is no such Application: there are {known}", subject=f"Application/{namespace}/{name}")
    return app


def _named(key: ObjectKey) -> Json:
    parts = {"group": key.group, "kind": key.kind, "namespace": key.namespace, "name": key.name}
    return {name: text for name, text in parts.items() if text}


def _refuse_second(app: Manifest) -> None:
    if is_running(app):
        meta = app["metadata"]
        raise InputError(
            "another operation is already in progress", subject=f"Application/{meta['namespace']}/{meta['name']}"
        )


def _start(api: Api, app: Manifest, sync: Json, retry: Json) -> None:
    changed = manifests.copy(app)
    changed["operation"] = {"sync": sync, "initiatedBy": {"username": _USER}, **({"retry": retry} if retry else {})}
    api.update(changed, manager=_MANAGER)
