"""``pod-security``: the pods of a namespace keep the Pod Security Standard that it enforces.

The API server refuses a pod that does not (``pod-security.kubernetes.io/enforce``); it takes the workload that makes
the pod, with a warning that nobody sees in a pipeline, and the pods never come. The version of the standard is that of
the cluster, unless ``enforce-version`` says another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nixernetes.objects.fields import mapping_at
from nixernetes.objects.kinds import NAMESPACE
from nixernetes.objects.manifest import labels_of
from nixernetes.objects.well_known import POD_SECURITY_PREFIX
from nixernetes.schemas.pod_security import SecurityLevel, failures
from nixernetes.schemas.versions import minor
from nixernetes.verify.findings import Severity
from nixernetes.verify.places import FieldPath
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.pods.workloads import pod_templates
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_ENFORCE: Final = f"{POD_SECURITY_PREFIX}enforce"
_VERSION: Final = f"{_ENFORCE}-version"
_STEP: Final = re.compile(r"\[(\d+)\]|\[([^\]]*)\]|([^.\[]+)")


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster in view.clusters:
        levels = {}
        here = view.kube_versions.get(cluster.name, view.kube_version)
        for namespace in cluster.of(NAMESPACE):
            labels = labels_of(namespace.manifest)
            if labels.get(_ENFORCE) in (SecurityLevel.BASELINE, SecurityLevel.RESTRICTED):
                written = labels.get(_VERSION, "latest")
                version = minor(here if written == "latest" else written)
                levels[namespace.key.name] = (SecurityLevel(labels[_ENFORCE]), version)
        for pod in pod_templates(cluster) if levels else ():
            level = levels.get(pod.owner.namespace)
            breaches = failures(pod.spec, mapping_at(pod.template, "metadata"), *level) if level is not None else []
            if level is None or not breaches:
                continue
            violations = [each for breach in breaches for each in breach.violations]
            message = (
                f"the namespace {pod.owner.namespace} enforces {level[0]}, which refuses its pods: "
                f"{'; '.join(f'{each.reason} ({each.detail})' if each.detail else each.reason for each in breaches)}"
            )
            path = (*pod.path, *_path(violations[0].field)) if violations else pod.path
            yield Found(cluster=cluster, subject=pod.owner, message=message, path=path)


def _path(field: str) -> FieldPath:
    return tuple(int(number) if number else text or word for number, text, word in _STEP.findall(field))


RULE: Final = Rule(
    name="pod-security",
    topic="k8s-value",
    severity=Severity.ERROR,
    sentence="The pods of a namespace keep the Pod Security Standard that it enforces.",
    check=_check,
)
