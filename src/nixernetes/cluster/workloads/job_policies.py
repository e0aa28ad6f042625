"""What the failure of a pod means to its Job, and when a Job has succeeded early.

After Kubernetes 1.34.4, ``pkg/controller/job/pod_failure_policy.go`` and ``success_policy.go``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from nixernetes.cluster.workloads.job_pods import indexes_of
from nixernetes.objects.fields import at, items_at, mapping_at, number_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["FailureVerdict", "success_of", "verdict_on"]

_COUNT: Final = "Count"


class FailureVerdict(NamedTuple):
    """What a failed pod means.

    Attributes:
        action: ``Count``, ``Ignore``, ``FailIndex`` or ``FailJob``.
        message: why the Job fails; ``""`` where it does not.

    """

    action: str = _COUNT
    message: str = ""

    @property
    def counts(self) -> bool:
        """Tell whether the failure counts towards the limits."""
        return self.action != "Ignore"


def verdict_on(job: Manifest, pod: Manifest) -> FailureVerdict:
    """Return what the first rule of ``podFailurePolicy`` that matches says of a failed pod."""
    name = f"{text_at(pod, 'metadata', 'namespace')}/{text_at(pod, 'metadata', 'name')}"
    for number, rule in enumerate(objects_at(job, "spec", "podFailurePolicy", "rules")):
        action, where = text_at(rule, "action"), f"matching {text_at(rule, 'action')} rule at index {number}"
        codes = mapping_at(rule, "onExitCodes")
        if codes:
            found = next(_exits(pod, codes), None)
            if found is not None:
                container, code = found
                why = f"Container {container} for pod {name} failed with exit code {code} {where}"
                return FailureVerdict(action, why if action == "FailJob" else "")
            continue
        condition = next(_conditions(pod, rule), "")
        if condition:
            why = f"Pod {name} has condition {condition} {where}"
            return FailureVerdict(action, why if action == "FailJob" else "")
    return FailureVerdict()


def _exits(pod: Manifest, wanted: Json) -> Iterator[tuple[str, int]]:
    """Yield the containers of a pod that ended with a code that a rule is about, those that run first last."""
    named = at(wanted, "containerName")
    values, is_in = items_at(wanted, "values"), text_at(wanted, "operator") == "In"
    for part in ("containerStatuses", "initContainerStatuses"):
        for status in objects_at(pod, "status", part):
            code = at(status, "state", "terminated", "exitCode")
            is_meant = named in (None, text_at(status, "name"))
            if is_meant and isinstance(code, int) and code != 0 and (code in values) is is_in:
                yield text_at(status, "name"), code


def _conditions(pod: Manifest, rule: Manifest) -> Iterator[str]:
    patterns = {
        (text_at(each, "type"), text_at(each, "status") or "True") for each in objects_at(rule, "onPodConditions")
    }
    for condition in objects_at(pod, "status", "conditions"):
        if (text_at(condition, "type"), text_at(condition, "status")) in patterns:
            yield text_at(condition, "type")


def success_of(spec: Json, succeeded: set[int]) -> str:
    """Return which rule of ``successPolicy`` is met by the indexes that have succeeded, or ``""``."""
    for number, rule in enumerate(objects_at(spec, "successPolicy", "rules") if succeeded else []):
        count, told = at(rule, "succeededCount"), text_at(rule, "succeededIndexes")
        if told:
            wanted = indexes_of(told) & set(range(number_at(spec, "completions")))
            met = len(wanted & succeeded)
            is_met = bool(wanted) and (met == len(wanted) or (isinstance(count, int) and met >= count))
        else:
            is_met = isinstance(count, int) and len(succeeded) >= count
        if is_met:
            return f"Matched rules at index {number}"
    return ""
