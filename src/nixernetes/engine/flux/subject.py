"""One Flux object while it is reconciled: its typed value, its status as it will be written.

A status is written only when it says something new: a condition keeps its transition time while its status, reason
and message stay, and a write that would change nothing is not made.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from nixernetes.cluster.api import Api
from nixernetes.engine.flux.statuses import artifact_of, condition_of, status_of
from nixernetes.errors import BugError
from nixernetes.gitops.decoding import Decoded
from nixernetes.gitops.resource import Resource
from nixernetes.objects.clocks import Clock, timestamp
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Json, Manifest, annotations_of
from nixernetes.objects.well_known import FLUX_REQUESTED_AT

__all__ = ["FINALIZER", "Subject"]

FINALIZER = "finalizers.fluxcd.io"
_Kind_co = TypeVar("_Kind_co", bound=Resource, covariant=True)


class Subject(Generic[_Kind_co]):
    """A Flux object under reconciliation.

    Args:
        api: the cluster that holds it.
        live: the object as read.
        found: its typed value.
        clock: for transition times.
        manager: the field manager that writes it.

    """

    def __init__(self, api: Api, live: Manifest, found: Decoded[_Kind_co], clock: Clock, manager: str) -> None:
        self._api = api
        self._found = found
        self._clock = clock
        self._manager = manager
        self.has_told = False  # whether an event told of this run
        self.live = live
        self.key: ObjectKey = key_of(live)
        self.status: Manifest = dict(status_of(live))  # what it holds is replaced, and never changed

    @property
    def fault(self) -> str:
        """Why an API server would refuse the object, or ``""``; such an object has no spec."""
        return self._found.fault

    @property
    def spec(self) -> _Kind_co:
        """The object as it was at the start of this reconcile."""
        if self._found.resource is None:
            raise BugError(f"{self.key} would be refused, and was reconciled")
        return self._found.resource

    def is_suspended(self) -> bool:
        """Tell whether the object asks to be left alone."""
        return bool(getattr(self.spec, "suspend", None))

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
        return annotations_of(self.live).get(FLUX_REQUESTED_AT, "")

    @property
    def artifact(self) -> Json:
        """The artifact that is advertised; an empty mapping where there is none."""
        return artifact_of({"status": self.status})

    def condition(self, kind: str) -> Json:
        """Return a condition; an empty mapping where it is not set."""
        return condition_of({"status": self.status}, kind)

    def is_true(self, kind: str) -> bool:
        """Tell whether a condition is there and True."""
        return bool(self.condition(kind).get("status") == "True")

    def mark(self, kind: str, status: str, reason: str, message: str) -> None:
        """Set a condition."""
        said = {"status": status, "reason": reason, "message": message[:32768], "observedGeneration": self.generation}
        if said.items() <= self.condition(kind).items():
            return
        # Ready first, then by name: the order in which Flux's own library keeps them.
        self.status["conditions"] = sorted(
            [*self._conditions(but=(kind,)), {"type": kind, **said}],
            key=lambda one: (one["type"] != "Ready", one["type"]),
        )

    def drop(self, *kinds: str) -> None:
        """Remove conditions."""
        if "conditions" in self.status:
            self.status["conditions"] = self._conditions(but=kinds)

    def _conditions(self, but: Sequence[str] = ()) -> list[Json]:
        return [entry for entry in self.status.get("conditions", ()) if entry["type"] not in but]

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
        before = status_of(live)
        if "conditions" in self.status:
            self.status["conditions"] = self._dated(before.get("conditions") or ())
        if self.status != before:
            written = {**live, "status": dict(self.status)}
            self._api.update(written, manager=self._manager, subresource="status")

    def _dated(self, before: Sequence[Json]) -> list[Json]:
        known = {entry["type"]: entry for entry in before}
        return [self._since(entry, known.get(entry["type"])) for entry in self._conditions()]

    def _since(self, entry: Json, old: Json) -> Json:
        if entry is old:
            return entry
        same = old is not None and all(old.get(part) == entry[part] for part in ("status", "reason", "message"))
        return {**entry, "lastTransitionTime": old["lastTransitionTime"] if same else timestamp(self._clock.now())}
