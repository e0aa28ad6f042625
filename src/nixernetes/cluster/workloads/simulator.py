"""The simulator: controllers and kubelet of one cluster, driven by its watch events and by the clock.

It looks only at what changed and at what is due: a cluster in which nothing happens costs nothing, however large. An
object that it cannot handle (which is a fault of ours) is reported, and so is one that never comes to rest, which is
held back; the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from nixernetes.cluster.access.requesting import requested_by
from nixernetes.cluster.admission.webhook_calls import WebhookNeededError
from nixernetes.cluster.api import Event, EventType
from nixernetes.cluster.controllers.names import controller_of_kind, controller_of_part
from nixernetes.cluster.controllers.parts import Part
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.cluster.restless import REST, Restless
from nixernetes.cluster.workloads import (
    cron_jobs,
    deployments,
    jobs,
    network,
    pods,
    policies,
    replica_sets,
    sets,
    volumes,
)
from nixernetes.cluster.workloads.job_pods import release_orphan
from nixernetes.cluster.workloads.profile import WorkloadProfile
from nixernetes.cluster.workloads.store import Events, WorkloadStore
from nixernetes.cluster.workloads.timers import Timers
from nixernetes.errors import InputError
from nixernetes.objects.clocks import Clock
from nixernetes.objects.fields import flag_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of, split_api_version
from nixernetes.objects.kinds import (
    API_SERVICE,
    CONFIG_MAP,
    CRON_JOB,
    DAEMON_SET,
    DEPLOYMENT,
    HORIZONTAL_POD_AUTOSCALER,
    INGRESS,
    JOB,
    PERSISTENT_VOLUME,
    PERSISTENT_VOLUME_CLAIM,
    POD,
    POD_DISRUPTION_BUDGET,
    REPLICA_SET,
    SECRET,
    SERVICE,
    STATEFUL_SET,
)
from nixernetes.objects.manifest import Manifest

if TYPE_CHECKING:
    from nixernetes.cluster.workloads.scheduling.scheduler import Scheduler

__all__ = ["WorkloadSimulator"]

_MOST_LOOKS: Final = 1_000  # at one object in a minute, and four for each pod that there may be
Handler = Callable[[Manifest], datetime | None]


class WorkloadSimulator:
    """Plays the controllers and kubelets of a cluster; a ``Process`` for the runtime.

    Args:
        cluster: the cluster.
        clock: where time comes from.
        profile: how workloads behave.
        on_error: told of an object whose handling raised something unforeseen (default: raise it), and of one that
            wants more pods than there may be.
        is_made: tells whether something that is not simulated makes an object, or may make it: an operator, a Job.
        parts: controllers that run beside those of workloads.
        events: takes what controllers tell of objects; None where nobody asks.

    """

    def __init__(  # noqa: PLR0913 - what it drives, and who is told
        self,
        cluster: EmbeddedCluster,
        clock: Clock,
        profile: WorkloadProfile | None = None,
        on_error: Callable[[ObjectKey, Exception], None] | None = None,
        *,
        is_made: Callable[[ObjectKey], bool] = lambda _: False,
        parts: Sequence[Part] = (),
        events: Events | None = None,
    ) -> None:
        self.name = f"{cluster.name}/workloads"
        self._clock = clock
        self._on_error = on_error
        self._profile = profile or WorkloadProfile()
        self._owned: dict[str, set[ObjectKey]] = {}
        self._store = WorkloadStore(cluster, self._owned, self._profile.most_pods, is_made, events)
        self._parts = parts
        self._lacking: dict[ObjectKey, None] = {}
        self._dirty: dict[ObjectKey, None] = {}
        self._noted = clock.now()
        self._timers = Timers()
        self._lookers: dict[str, dict[ObjectKey, None]] = {}
        self._scheduler = _scheduler(self._profile)
        self._handlers = self._make_handlers()
        cluster.watch(self._note)
        self._restless: Restless[ObjectKey] = Restless(_MOST_LOOKS + 4 * self._profile.most_pods)
        self._rests: dict[ObjectKey, datetime] = {}
        for item in cluster.written() if parts else [one for kind in self._handlers for one in cluster.list(kind)]:
            self._note(Event(EventType.MODIFIED, item))

    def due(self) -> datetime | None:
        """Return the moment of the next action, or None."""
        if self._dirty or any(part.waits for part in self._parts):
            return self._noted  # on a clock that runs, the present moment is always later than who asks
        return self._timers.due()

    def run(self, now: datetime, limit: int | None = None) -> None:
        """Do what is due, at most for so many objects.

        Raises:
            WebhookNeededError: a webhook has to be asked before an object is handled, which it is again then.

        """
        self._store.now = now
        self._dirty.update(dict.fromkeys(self._timers.pop(now)))
        done = 0
        while limit is None or done < limit:
            if not (self._run_part() or self._run_next(now)):
                return
            done += 1

    def look_at_pods(self) -> None:
        """Look at every pod again: how pods behave has changed."""
        self._noted = self._clock.now()
        for pod in self._store.everywhere(POD):
            self._dirty[key_of(pod)] = None

    def _run_part(self) -> bool:
        """Let a controller beside those of workloads handle one object; tell whether any had to."""
        for part in self._parts:
            key = part.take()
            if key is None:
                continue
            try:
                with requested_by(controller_of_part(part)):
                    part.handle(key)
            except WebhookNeededError:
                part.ask(key)
                raise
            except Exception as error:
                if self._on_error is None:
                    raise
                self._on_error(key, error)
            return True
        return False

    def _run_next(self, now: datetime) -> bool:
        """Handle the next object that changed; tell whether there was any."""
        if not self._dirty:
            return False
        key = next(iter(self._dirty))
        del self._dirty[key]
        again = self._rests.get(key)
        if again is None or again <= now:
            again = self._tried(key, now)
        if again is not None:
            self._timers.set(key, again)
        return True

    def _tried(self, key: ObjectKey, now: datetime) -> datetime | None:
        """Handle one object, unless it never comes to rest; return when to look again."""
        self._rests.pop(key, None)
        if not self._restless.runs(key, now):
            return self._handled(key)
        if self._on_error is not None:
            self._on_error(key, InputError("never comes to rest and is held back: something changes it back each time"))
        self._rests[key] = now + REST
        return self._rests[key]

    def _handled(self, key: ObjectKey) -> datetime | None:
        """Handle one object; return when to look again."""
        item, handler = self._store.get(key), self._handlers.get(key.group_kind)
        if item is None or handler is None:
            return None
        self._store.lacks, self._store.refused = False, ""
        try:
            with requested_by(controller_of_kind(key.group_kind)):
                again = handler(item)
        except WebhookNeededError:
            self._dirty[key] = None
            raise
        except Exception as error:
            if self._on_error is None:
                raise
            self._on_error(key, error)
            return None
        if self._store.lacks:
            self._lacking[key] = None
        else:
            self._lacking.pop(key, None)
        if self._store.short and self._on_error is not None:
            self._on_error(key, InputError(self._store.short))
        self._store.short = ""
        return again

    def _make_handlers(self) -> dict[GroupKind, Handler]:
        store, profile = self._store, self._profile
        return {
            POD: self._pod,
            REPLICA_SET: lambda item: replica_sets.reconcile_replica_set(store, item),
            DEPLOYMENT: lambda item: deployments.reconcile_deployment(store, item),
            STATEFUL_SET: lambda item: sets.reconcile_stateful_set(store, item),
            DAEMON_SET: lambda item: sets.reconcile_daemon_set(store, item, profile, self._scheduler),
            JOB: lambda item: jobs.reconcile_job(store, item),
            CRON_JOB: lambda item: cron_jobs.reconcile_cron_job(store, item),
            PERSISTENT_VOLUME: lambda item: volumes.reconcile_volume(store, item),
            PERSISTENT_VOLUME_CLAIM: lambda item: volumes.reconcile_claim(store, item),
            SERVICE: lambda item: network.reconcile_address(store, item, profile),
            INGRESS: lambda item: network.reconcile_address(store, item, profile),
            POD_DISRUPTION_BUDGET: lambda item: policies.reconcile_disruption_budget(store, item),
            HORIZONTAL_POD_AUTOSCALER: lambda item: policies.reconcile_autoscaler(store, item, profile),
            API_SERVICE: lambda item: network.reconcile_api_service(store, item),
        }

    def _pod(self, item: Manifest) -> datetime | None:
        release_orphan(self._store, item)
        return pods.reconcile(self._store, item, self._profile, self._scheduler)

    def _note(self, event: Event) -> None:
        if not self._dirty:
            self._noted = self._clock.now()
        key = key_of(event.object)
        is_gone = event.type is EventType.DELETED
        if key.group_kind == POD:
            self._note_pod(event.object, is_gone)
        owner = _controller_of(event.object)
        if owner is not None:
            self._note_owned(key, owner[0], is_gone)
            if owner[1].group_kind in self._handlers:
                self._dirty[owner[1]] = None
        if is_gone:
            self._owned.pop(event.object["metadata"].get("uid", ""), None)
            self._timers.drop(key)
            self._rests.pop(key, None)
            self._lacking.pop(key, None)
            volume = text_at(event.object, "spec", "volumeName") if key.group_kind == PERSISTENT_VOLUME_CLAIM else ""
            if volume:
                self._dirty[ObjectKey(*PERSISTENT_VOLUME, "", volume)] = None
        elif key.group_kind in self._handlers:
            self._dirty[key] = None
        self._wake_lookers(event, key)
        for part in self._parts:
            part.note(event, key)
        if self._lacking and _may_give(event, key):
            self._dirty.update((each, None) for each in self._lacking if key.namespace in ("", each.namespace))

    def _note_pod(self, pod: Manifest, is_gone: bool) -> None:
        uid = pod["metadata"]["uid"]
        if is_gone:
            self._store.pods.pop(uid, None)
        else:
            self._store.pods[uid] = pods.is_ready(pod)
        if self._scheduler is not None and self._scheduler.note(pod, is_gone=is_gone):
            self._dirty.update(self._scheduler.waiting)

    def _note_owned(self, key: ObjectKey, owner: str, is_gone: bool) -> None:
        owned = self._owned.setdefault(owner, set())
        if is_gone:
            owned.discard(key)
        else:
            owned.add(key)
        if not owned:
            del self._owned[owner]

    def _wake_lookers(self, event: Event, key: ObjectKey) -> None:
        """Remember who looks at others, and wake them when what they look at changes."""
        if key.group_kind in policies.LOOKS_AT:
            lookers = self._lookers.setdefault(key.namespace, {})
            lookers[key] = None
            if event.type is EventType.DELETED:
                del lookers[key]
            if not lookers:
                del self._lookers[key.namespace]
            return
        for looker in self._lookers.get(key.namespace, ()):
            if key.group_kind in policies.LOOKS_AT[looker.group_kind]:
                self._dirty[looker] = None


def _scheduler(profile: WorkloadProfile) -> Scheduler | None:
    if not profile.machines:
        return None
    from nixernetes.cluster.workloads.scheduling.scheduler import Scheduler  # noqa: PLC0415  # few clusters need it

    return Scheduler(profile.machines)


def _may_give(event: Event, key: ObjectKey) -> bool:
    """Tell whether a change may give what something lacks: what is new, other data, a Job that is done."""
    if event.type is EventType.ADDED:
        return key.group_kind not in (POD, REPLICA_SET)
    return event.type is EventType.MODIFIED and key.group_kind in (CONFIG_MAP, SECRET, JOB)


def _controller_of(item: Manifest) -> tuple[str, ObjectKey] | None:
    for owner in objects_at(item, "metadata", "ownerReferences"):
        if flag_at(owner, "controller"):
            group, _ = split_api_version(text_at(owner, "apiVersion"))
            kind, name = text_at(owner, "kind"), text_at(owner, "name")
            return text_at(owner, "uid"), ObjectKey(group, kind, key_of(item).namespace, name)
    return None
