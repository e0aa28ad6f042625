"""``admission-policy``: the ValidatingAdmissionPolicies of a cluster admit every object that is brought to it.

Policies on pods are asked about the pod templates of workloads, too: there it is the pods that are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nixernetes.objects.fields import mapping_at
from nixernetes.objects.identity import ObjectKey, split_api_version
from nixernetes.objects.kinds import CUSTOM_RESOURCE_DEFINITION, POD
from nixernetes.objects.manifest import Json
from nixernetes.schemas.plurals import plurals_of
from nixernetes.verify.admission.policies import POLICY, Asked, BoundPolicy, Refusal, bound_policies, broken_expressions
from nixernetes.verify.findings import Severity
from nixernetes.verify.objects import ClusterObjects, Placed
from nixernetes.verify.places import FieldPath
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.pods.workloads import template_of
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_FIELD: Final = re.compile(r"\bobject((?:\s*\.\s*[A-Za-z_]\w*)+)")
_SEVERITIES: Final = (("Deny", Severity.ERROR), ("Warn", Severity.WARNING), ("Audit", Severity.INFO))


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster in view.clusters:
        for item in cluster.of(POLICY):
            for path, message in broken_expressions(item.manifest):
                yield Found(cluster=cluster, subject=item, message=message, path=path)
        policies = bound_policies(cluster)
        for item in cluster.placed if policies else ():
            if item.key.group_kind == CUSTOM_RESOURCE_DEFINITION or not item.key.kind:
                continue
            for asked, before in _asked(item):
                for policy in policies:
                    for refusal in policy.refusals(asked):
                        yield _found(view, cluster, item, policy, refusal, before)


def _asked(item: Placed) -> Iterator[tuple[Asked, FieldPath]]:
    """Yield the object, and the pods that it will make, each with where it stands in the object."""
    version = split_api_version(str(item.manifest.get("apiVersion", "")))[1]
    meta = {**mapping_at(item.manifest, "metadata"), **({"namespace": item.namespace} if item.namespace else {})}
    manifest = {**item.manifest, "metadata": meta}
    yield Asked(key=item.key, manifest=manifest, version=version, plurals=plurals_of(item.key.kind)), ()
    pod = template_of(item)
    if pod is None or item.key.group_kind == POD:
        return
    made: dict[str, Json] = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            **mapping_at(pod.template, "metadata"),
            "generateName": f"{item.key.name}-",
            "namespace": item.namespace,
        },
        "spec": pod.spec,
    }
    key = ObjectKey(*POD, item.namespace, "")
    yield Asked(key=key, manifest=made, version="v1", plurals=("pods",)), pod.path


def _found(
    view: PlatformView, cluster: ClusterObjects, item: Placed, policy: BoundPolicy, refusal: Refusal, before: FieldPath
) -> Found:
    severity = next((weight for action, weight in _SEVERITIES if action in policy.actions), Severity.INFO)
    who = "its pods are refused by" if before else "refused by"
    name = f"ValidatingAdmissionPolicy '{policy.policy.key.name}' with binding '{policy.binding.key.name}'"
    where: FieldPath = ("spec", "validations", refusal.index, "expression") if refusal.index >= 0 else ("spec",)
    return Found(
        cluster=cluster,
        subject=item,
        message=f"{who} {name}: {refusal.message}",
        path=_field(item, refusal.expression, before),
        severity=severity,
        related=[(view.place(policy.policy, where), f"demanded by {policy.policy.key}")],
    )


def _field(item: Placed, expression: str, before: FieldPath) -> FieldPath:
    """Return the field that an expression is about, as deep as the object has it."""
    found = _FIELD.search(expression)
    path: list[str | int] = list(before)
    here: Json = item.manifest
    for step in before:
        here = here.get(step) if isinstance(here, dict) else None
    for step in re.findall(r"\w+", found[1]) if found is not None else ():
        if not isinstance(here, dict) or step not in here:
            break
        path.append(step)
        here = here[step]
    return tuple(path)


RULE: Final = Rule(
    name="admission-policy",
    topic="admission",
    severity=Severity.ERROR,
    sentence="The ValidatingAdmissionPolicies of a cluster admit every object.",
    check=_check,
)
