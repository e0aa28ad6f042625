"""ValidatingAdmissionPolicies of the cluster (apiserver v0.34.4, ``pkg/admission/plugin/policy/validating``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Protocol

from nixernetes.cluster.access.authorizing import Authorizer, RoleStore
from nixernetes.cluster.access.requesting import requester
from nixernetes.cluster.admission.parameters import ParameterStore, parameters
from nixernetes.cluster.admission.policy_programs import PolicyDecision, PolicyPrograms
from nixernetes.cluster.admission.surroundings import PolicyStore, surroundings
from nixernetes.cluster.admission.webhooks import CONFIGURATIONS, WebhookAdmission
from nixernetes.cluster.api import ApiError, Cause, Details
from nixernetes.cluster.validation import resource_name
from nixernetes.errors import InputError
from nixernetes.kyverno.engine.contexts import Request
from nixernetes.kyverno.engine.resource_rules import admits
from nixernetes.objects.api_groups import ADMISSIONREGISTRATION
from nixernetes.objects.fields import items_at, mapping_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.kinds import VALIDATING_ADMISSION_POLICY, VALIDATING_ADMISSION_POLICY_BINDING
from nixernetes.objects.manifest import Manifest

__all__ = ["BINDINGS", "CONFIGURATIONS", "POLICIES", "AdmissionStore", "ValidatingAdmission"]

POLICIES: Final = VALIDATING_ADMISSION_POLICY
BINDINGS: Final = VALIDATING_ADMISSION_POLICY_BINDING
_NEVER_ASKED: Final = (
    *(POLICIES, BINDINGS),
    *(GroupKind(ADMISSIONREGISTRATION, f"MutatingAdmissionPolicy{part}") for part in ("", "Binding")),
)
_CODES: Final = {"Unauthorized": 401, "Forbidden": 403, "Invalid": 422, "RequestEntityTooLarge": 413}


class AdmissionStore(PolicyStore, RoleStore, ParameterStore, Protocol):
    """What policies are read from, and roles."""


class ValidatingAdmission:
    """The policies of one cluster.

    Args:
        store: the cluster.

    Attributes:
        webhooks: its webhooks.

    """

    def __init__(self, store: AdmissionStore) -> None:
        self._store = store
        self._around = surroundings(store)
        self._programs = PolicyPrograms(Authorizer(store))
        self.webhooks = WebhookAdmission(store, self._programs)

    def check(self, request: Request, key: ObjectKey) -> list[str]:
        """Return the warnings about a request.

        Raises:
            ApiError: a policy denies it; the first that does.

        """
        if key.group_kind in _NEVER_ASKED:
            return []
        policies = {each["metadata"]["name"]: each for each in self._store.list(POLICIES)}
        warned = []
        denied: ApiError | None = None
        for binding in self._store.list(BINDINGS):
            policy = policies.get(text_at(binding, "spec", "policyName"))
            if policy is None or not self._means(policy, binding, request):
                continue
            actions = items_at(binding, "spec", "validationActions")
            names = f"'{text_at(policy, 'metadata', 'name')}' with binding '{text_at(binding, 'metadata', 'name')}'"
            for decision in self._decisions(policy, binding, request, key):
                if "Deny" in actions or decision.is_setup:
                    why = f"ValidatingAdmissionPolicy {names} denied request: {decision.message}"
                    denied = denied or _denied(key, why, decision.reason)
                if "Warn" in actions:
                    warned.append(f"Validation failed for ValidatingAdmissionPolicy {names}: {decision.message}")
        if denied is not None:
            raise denied
        return warned

    def _means(self, policy: Manifest, binding: Manifest, request: Request) -> bool:
        labels = self._around.namespace_labels
        narrowed = mapping_at(binding, "spec", "matchResources")
        if not admits(mapping_at(policy, "spec", "matchConstraints"), request, labels):
            return False
        return not narrowed or admits(narrowed, request, labels)

    def _decisions(
        self, policy: Manifest, binding: Manifest, request: Request, key: ObjectKey
    ) -> Iterator[PolicyDecision]:
        try:
            given = parameters(self._store, policy, binding, key.namespace)
        except InputError as error:
            if text_at(policy, "spec", "failurePolicy") != "Ignore":
                yield PolicyDecision(f"failed to configure binding: {error.message}", is_setup=True)
            return
        space = self._store.get(ObjectKey("", "Namespace", "", key.namespace)) if key.namespace else None
        for params in given:
            yield from self._programs.against(policy, params, request, key, space, requester())


def _denied(key: ObjectKey, why: str, reason: str) -> ApiError:
    plural = resource_name(key.group_kind)
    details = Details(name=key.name, group=key.group, kind=plural.partition(".")[0], causes=(Cause("", why),))
    message = f'{plural} "{key.name}" is forbidden: {why}'
    return ApiError(reason, message, subject=str(key), code=_CODES.get(reason, 422), details=details)
