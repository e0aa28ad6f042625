"""One Flux object while it is reconciled: its spec as read, its status as it will be written.

A status is written only when it says something new: a condition keeps its transition time while its status, reason
and message stay, and a write that would change nothing is not made.
"""

from __future__ import annotations

from nixernetes.cluster.api import Api
from nixernetes.objects import manifest as manifests
from nixernetes.objects.clocks import Clock, timestamp
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Json, Manifest, annotations_of

__all__ = ["FINALIZER", "REQUESTED_AT", "Subject"]

FINALIZER = "finalizers.fluxcd.io"
REQUESTED_AT = "reconcile.fluxcd.io/requestedAt"


class Subject:
    """A Flux object under reconciliation.

    Args:
        api: the cluster that holds it.
        live: the object as read.
        clock: for transition times.
        manager: the field manager that writes it.

    """

    def __init__(self, api: Api, live: Manifest, clock: Clock, manager: str) -> None:
        self._api = api
        self._clock = clock
        self._manager = manager
        self.live = live
        self.key: ObjectKey = key_of(live)
        self.status: Manifest = manifests.copy(live.get("status") or {})

    @property
    def spec(self) -> Json:
        """The spec as read at the start of this reconcile."""
        return self.live.get("spec") or {}

    @property
    def namespace(self) -> str:
        """The object's namespace."""
        return self.key.namespace

    @property
    def name(self) -> str:
        """The object's name."""
        return self.key.name

    @property
    def generation(self) -> int:
        """The generation that is being reconciled."""
        return int(self.live["metadata"].get("generation", 1))

    @property
    def requested_at(self) -> str:
        """The token of the last reconcile request, or ``""``."""
        return annotations_of(self.live).get(REQUESTED_AT, "")

    def condition(self, kind: str) -> Json:
        """Return a condition, or None."""
        return next((entry for entry in self.status.get("conditions") or [] if entry["type"] == kind), None)

    def is_true(self, kind: str) -> bool:
        """Tell whether a condition is there and True."""
        return (self.condition(kind) or {}).get("status") == "True"

    def mark(self, kind: str, status: str, reason: str, message: str) -> None:
        """Set a condition."""
        self.drop(kind)
        entry = {
            "type": kind,
            "status": status,
            "reason": reason,
            "message": message[:32768],
            "observedGeneration": self.generation,
        }
        # Ready first, then by name: the order in which Flux's own library keeps them.
        self.status["conditions"] = sorted(
            [*(self.status.get("conditions") or []), entry], key=lambda one: (one["type"] != "Ready", one["type"])
        )

    def drop(self, *kinds: str) -> None:
        """Remove conditions."""
        held = self.status.get("conditions")
        if held:
            self.status["conditions"] = [entry for entry in held if entry["type"] not in kinds]

    def stall(self, reason: str, message: str) -> None:
        """Set Ready=False and Stalled=True: only a change of the object makes it worth another look."""
        self.mark("Ready", "False", reason, message)
        self.mark("Stalled", "True", reason, message)
        self.drop("Reconciling")
        self.observe()

    def observe(self) -> None:
        """Note that this generation was handled."""
        self.status["observedGeneration"] = self.generation

    def has_finalizer(self) -> bool:
        """Tell whether Flux's finalizer is there."""
        return FINALIZER in (self.live["metadata"].get("finalizers") or [])

    def set_finalizer(self, *, present: bool) -> None:
        """Add or remove Flux's finalizer."""
        live = self._api.get(self.key)
        if live is None:
            return
        held = live["metadata"].get("finalizers") or []
        wanted = [*held, FINALIZER] if present else [entry for entry in held if entry != FINALIZER]
        if wanted != held and (not present or FINALIZER not in held):
            changed = {**live, "metadata": {**live["metadata"], "finalizers": wanted}}
            stored = self._api.update(changed, manager=self._manager)
            if present:
                self.live = {**self.live, "metadata": stored["metadata"]}

    def save(self) -> None:
        """Write the status, if it says something new and the object is still there."""
        live = self._api.get(self.key)
        if live is None:
            return
        if self.requested_at:
            self.status["lastHandledReconcileAt"] = self.requested_at
        before = live.get("status") or {}
        self._date(before.get("conditions") or [])
        if self.status != before:
            written = {**live, "status": manifests.copy(self.status)}
            self._api.update(written, manager=self._manager, subresource="status")

    def _date(self, before: Json) -> None:
        known = {entry["type"]: entry for entry in before}
        now = timestamp(self._clock.now())
        for entry in self.status.get("conditions") or []:
            old = known.get(entry["type"])
            same = old is not None and all(old.get(part) == entry[part] for part in ("status", "reason", "message"))
            entry["lastTransitionTime"] = old["lastTransitionTime"] if same and old is not None else now
