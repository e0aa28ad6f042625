"""The labels by which a Job and its pods are known: the Job's uid and name, in the old form and in the new.

A server writes them into the template of a new Job, and pods have them all. After Kubernetes 1.34:
``pkg/registry/batch/job/strategy.go`` (``generateSelector``).
"""

from __future__ import annotations

from typing import Final

from nixernetes.objects.fields import flag_at
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.well_known import JOB_CONTROLLER_UID, JOB_NAME

__all__ = ["labels_of_pods"]

_OLD_UID: Final = "controller-uid"
_OLD_NAME: Final = "job-name"


def labels_of_pods(job: Manifest) -> dict[str, str]:
    """Return the labels that the pods of a Job have beside those that are written; none where it selects by hand."""
    if flag_at(job, "spec", "manualSelector"):
        return {}
    uid, name = job["metadata"]["uid"], job["metadata"]["name"]
    return {JOB_CONTROLLER_UID: uid, JOB_NAME: name, _OLD_UID: uid, _OLD_NAME: name}
