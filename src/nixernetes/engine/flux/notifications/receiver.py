"""notification-controller: Receiver (Flux, section 11.5): the path that a webhook would come in by."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from nixernetes.engine.flux.controller import FluxController, Steps, duration
from nixernetes.engine.flux.subject import Subject
from nixernetes.engine.results import Done, Stalled
from nixernetes.gitops.flux.notifications.receiver import Receiver
from nixernetes.render.references import reader

__all__ = ["ReceiverController"]


class ReceiverController(FluxController[Receiver]):
    """Gives each Receiver its path; what a request to it does stands in ``hooks``."""

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
        data = reader(self.api.get)("Secret", subject.namespace, name)
        if data is None or not data.get("token"):
            text = f"unable to read token from secret '{subject.namespace}/{name}'"
            subject.mark("Ready", "False", "TokenNotFound", text)
            self.event(subject, "Warning", "TokenNotFound", text)
            return self.retry(subject.key, text)
        digest = hashlib.sha256(f"{data['token']}{subject.name}{subject.namespace}".encode()).hexdigest()
        path = f"/hook/{digest}"
        subject.status["webhookPath"] = path
        subject.drop("Reconciling", "Stalled")
        subject.mark("Ready", "True", "Succeeded", f"Receiver initialized for path: {path}")
        subject.observe()
        self.succeeded(subject.key)
        return Done(duration(spec.interval, timedelta(minutes=10)))
        yield
