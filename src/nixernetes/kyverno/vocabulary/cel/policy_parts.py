"""Settings that the kinds of policies.kyverno.io share."""

from __future__ import annotations

from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Bool, Int, Many, Text

__all__ = ["AdmissionPolicyGeneration", "EvaluationSwitch", "OptionalSwitch", "PodControllers", "PolicyWebhook"]


class AdmissionPolicyGeneration(Spec):
    """Whether an admission policy of Kubernetes is made."""

    enabled: Bool | None = None
    """Whether it is done."""


class EvaluationSwitch(Spec):
    """Whether something is done."""

    enabled: Bool | None = None
    """Whether it is done."""


class OptionalSwitch(Spec):
    """Whether something is done."""

    enabled: Bool | None = None
    """Whether it is done."""


class PodControllers(Spec):
    """Controllers of pods that the policy is also made for."""

    controllers: Many[Text] | None = None
    """Kinds of controllers, such as `deployments`; an empty list for none."""


class PolicyWebhook(Spec):
    """Settings of the webhook."""

    timeout_seconds: Int | None = None
    """Seconds that the webhook may take."""
