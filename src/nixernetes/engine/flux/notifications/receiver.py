"""notification-controller: Receiver (Flux, section 11.5): the path that a webhook would come in by."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from nixernetes.engine.flux.controller import FluxController, Steps, duration
from nixernetes.engine.flux.notifications.receiver_filters import broken_filter
from nixernetes.engine.flux.notifications.receiver_tokens import broken_claims
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
        problem = broken_filter(spec) or broken_claims(spec)
        if problem:
            text = f"Reconciliation failed terminally due to configuration error: {problem}"
            subject.stall("InvalidCELExpression", text)
            self.event(subject, "Warning", "InvalidCELExpression", text)
            return Stalled(text)
        token = ""
        if spec.secret_ref is not None:
            data = reader(self.api.get)("Secret", subject.namespace, spec.secret_ref.name)
            if data is None or not data.get("token"):
                text = f"unable to read token from secret '{subject.namespace}/{spec.secret_ref.name}'"
                subject.mark("Ready", "False", "TokenNotFound", text)
                self.event(subject, "Warning", "TokenNotFound", text)
                return self.retry(subject.key, text)
            token = data["token"]
        digest = hashlib.sha256(f"{token}{subject.name}{subject.namespace}".encode()).hexdigest()
        path = f"/hook/{digest}"
        subject.status["webhookPath"] = path
        subject.drop("Reconciling", "Stalled")
        subject.mark("Ready", "True", "Succeeded", f"Receiver initialized for path: {path}")
        subject.observe()
        self.succeeded(subject.key)
        return Done(duration(spec.interval, timedelta(minutes=10)))
        yield
