"""notification-controller: Receiver (Flux, section 11.5): the path a webhook comes in by, and what it sets off."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from datetime import timedelta

from nixernetes.engine.flux import kinds
from nixernetes.engine.flux.controller import FluxController, Steps, duration
from nixernetes.engine.flux.subject import Subject
from nixernetes.engine.results import Done, Stalled
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["ReceiverController"]


class ReceiverController(FluxController):
    """Gives each Receiver its path. The engine listens nowhere itself; a face that does calls :meth:`receive`."""

    kind = kinds.RECEIVER
    component = "notification-controller"

    def run(self, subject: Subject) -> Steps:
        """Compute the path from the token."""
        spec = subject.spec
        if spec.get("resourceFilter") or any(one.get("filter") for one in spec.get("resources") or []):
            text = "filters on resources are not implemented by this engine: name the resources"
            subject.stall("UnsupportedField", text)
            return Stalled(text)
        token = self._token(subject)
        if token is None:
            name = (spec.get("secretRef") or {}).get("name", "")
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
        return Done(duration(spec.get("interval"), timedelta(minutes=10)))
        yield

    def receive(self, path: str) -> list[ObjectKey]:
        """Return the objects that a call of a path asks for; empty when no ready Receiver has the path."""
        for receiver in self.api.list(self.kind):
            status, spec = receiver.get("status") or {}, receiver["spec"]
            if status.get("webhookPath") == path and not spec.get("suspend"):
                return [key for entry in spec.get("resources") or [] for key in self._resources(receiver, entry)]
        return []

    def _resources(self, receiver: Manifest, entry: Json) -> Iterator[ObjectKey]:
        namespace = entry.get("namespace") or receiver["metadata"]["namespace"]
        kind = _kind(entry["kind"])
        if entry["name"] != "*":
            yield ObjectKey(*kind, namespace, entry["name"])
            return
        for one in self.api.list(kind, namespace=namespace, labels=entry.get("matchLabels") or {}):
            yield ObjectKey(*kind, namespace, one["metadata"]["name"])

    def _token(self, subject: Subject) -> str | None:
        name = (subject.spec.get("secretRef") or {}).get("name")
        secret = self.api.get(ObjectKey("", "Secret", subject.namespace, name)) if name else None
        text = ((secret or {}).get("data") or {}).get("token")
        return base64.b64decode(text).decode() if text else None


def _kind(name: str) -> GroupKind:
    return next(kind for kind in kinds.KINDS if kind.kind == name)
