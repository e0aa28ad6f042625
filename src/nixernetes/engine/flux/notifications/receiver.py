"""notification-controller: Receiver (Flux, section 11.5): the path a webhook comes in by, and what it sets off."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from datetime import timedelta

from nixernetes.engine.flux import kinds
from nixernetes.engine.flux.admission import readable
from nixernetes.engine.flux.controller import FluxController, Steps, duration
from nixernetes.engine.flux.statuses import status_of
from nixernetes.engine.flux.subject import Subject
from nixernetes.engine.results import Done, Stalled
from nixernetes.gitops.flux.notifications.receiver import Receiver, ReceiverResource
from nixernetes.objects.identity import ObjectKey, key_of

__all__ = ["ReceiverController"]


class ReceiverController(FluxController[Receiver]):
    """Gives each Receiver its path. The engine listens nowhere itself; a face that does calls :meth:`receive`."""

    model = Receiver
    component = "notification-controller"

    def run(self, subject: Subject[Receiver]) -> Steps:
        """Compute the path from the token."""
        spec = subject.spec
        if spec.resource_filter or any(one.filter for one in spec.resources):
            text = "filters on resources are not implemented by this engine: name the resources"
            subject.stall("UnsupportedField", text)
            return Stalled(text)
        name = spec.secret_ref.name if spec.secret_ref is not None else ""
        token = self._token(ObjectKey("", "Secret", subject.namespace, name))
        if token is None:
            text = f"unable to read token from secret '{subject.namespace}/{name}'"
            subject.mark("Ready", "False", "TokenNotFound", text)
            self.event(subject, "Warning", "TokenNotFound", text)
            return self.retry(subject.key, text)
        digest = hashlib.sha256(f"{token}{subject.name}{subject.namespace}".encode()).hexdigest()
        path = f"/hook/{digest}"
        subject.status["webhookPath"] = path
        subject.drop("Reconciling", "Stalled")
        subject.mark("Ready", "True", "Succeeded", f"Receiver initialized for path: {path}")
        subject.observe()
        self.succeeded(subject.key)
        return Done(duration(spec.interval, timedelta(minutes=10)))
        yield

    def receive(self, path: str) -> list[ObjectKey]:
        """Return the objects that a call of a path asks for; empty when no ready Receiver has the path."""
        for receiver, spec in readable(self.api, Receiver):
            if status_of(receiver).get("webhookPath") == path and not spec.suspend:
                return [key for entry in spec.resources for key in self._resources(spec, entry)]
        return []

    def _resources(self, receiver: Receiver, entry: ReceiverResource) -> Iterator[ObjectKey]:
        namespace = entry.namespace or receiver.namespace or ""
        for kind in (each for each in kinds.KINDS if each.kind == entry.kind):
            if entry.is_one():
                yield ObjectKey(*kind, namespace, entry.name)
            else:
                yield from map(key_of, self.api.list(kind, namespace=namespace, labels=entry.match_labels or {}))

    def _token(self, key: ObjectKey) -> str | None:
        text = ((self.api.get(key) or {}).get("data") or {}).get("token")
        return base64.b64decode(text).decode() if text else None
