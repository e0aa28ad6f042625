"""ValidatingAdmissionPolicies of the cluster (apiserver v0.34.4, ``pkg/admission/plugin/policy/validating``)."""

from __future__ import annotations

from typing import Final

from nixernetes.cluster.admission.surroundings import PolicyStore, surroundings
from nixernetes.cluster.api import ApiError, Cause, Details
from nixernetes.cluster.validation import resource_name
from nixernetes.kyverno.engine.contexts import Request
from nixernetes.kyverno.engine.verification.admission_policies import CompiledValidatingAdmissionPolicy
from nixernetes.objects.fields import items_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import VALIDATING_ADMISSION_POLICY, VALIDATING_ADMISSION_POLICY_BINDING
from nixernetes.objects.manifest import Manifest

__all__ = ["BINDINGS", "POLICIES", "ValidatingAdmission"]

POLICIES: Final = VALIDATING_ADMISSION_POLICY
BINDINGS: Final = VALIDATING_ADMISSION_POLICY_BINDING
_CODES: Final = {"Unauthorized": 401, "Forbidden": 403, "Invalid": 422, "RequestEntityTooLarge": 413}


class ValidatingAdmission:
    """The policies of one cluster.

    Args:
        store: the cluster.

    """

    def __init__(self, store: PolicyStore) -> None:
        self._store = store
        self._around = surroundings(store)

    def check(self, new: Manifest, live: Manifest | None, key: ObjectKey) -> list[str]:
        """Return the warnings about a new state of an object.

        Raises:
            ApiError: a policy denies it; the first that does.

        """
        if key.group_kind in (POLICIES, BINDINGS):
            return []
        operation = "CREATE" if live is None else "UPDATE"
        request = Request(manifest=new, old=live, operation=operation, namespace=key.namespace)
        policies = {each["metadata"]["name"]: each for each in self._store.list(POLICIES)}
        warned = []
        for binding in self._store.list(BINDINGS):
            policy = policies.get(text_at(binding, "spec", "policyName"))
            if policy is None:
                continue
            compiled = CompiledValidatingAdmissionPolicy(policy=policy, bindings=[binding])
            for row in compiled.rows(request, self._around):
                if row.result not in ("fail", "error"):
                    continue
                actions = items_at(binding, "spec", "validationActions")
                names = f"'{text_at(policy, 'metadata', 'name')}' with binding '{text_at(binding, 'metadata', 'name')}'"
                if "Deny" in actions:
                    raise _denied(policy, key, f"ValidatingAdmissionPolicy {names} denied request: {row.message}")
                if "Warn" in actions:
                    warned.append(f"Validation failed for ValidatingAdmissionPolicy {names}: {row.message}")
        return warned


def _denied(policy: Manifest, key: ObjectKey, why: str) -> ApiError:
    told = [text_at(each, "reason") for each in objects_at(policy, "spec", "validations")]
    reason = told[0] if len(told) == 1 and told[0] in _CODES else "Invalid"
    plural = resource_name(key.group_kind)
    details = Details(name=key.name, group=key.group, kind=plural.partition(".")[0], causes=(Cause("", why),))
    message = f'{plural} "{key.name}" is forbidden: {why}'
    return ApiError(reason, message, subject=str(key), code=_CODES[reason], details=details)
