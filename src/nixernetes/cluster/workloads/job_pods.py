"""The pods of Jobs, and lists of their indexes (``pkg/controller/job/indexed_job_utils.go``, Kubernetes 1.34.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice, repeat
from typing import Final

from nixernetes.cluster.generated_names import suffix
from nixernetes.cluster.provided.job_labels import labels_of_pods
from nixernetes.cluster.workloads import pods
from nixernetes.cluster.workloads.store import WorkloadStore, owner_reference
from nixernetes.objects.fields import flag_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import JOB
from nixernetes.objects.manifest import Json, Manifest, annotations_of

__all__ = ["INDEX", "TRACKING", "indexes_of", "new_job_pods", "release_orphan", "shown_indexes"]

TRACKING: Final = "batch.kubernetes.io/job-tracking"
"""The finalizer of a pod that its Job has not counted yet."""
INDEX: Final = "batch.kubernetes.io/job-completion-index"
"""The annotation and label of a pod that has an index."""
_VARIABLE: Final = "JOB_COMPLETION_INDEX"
_LONGEST_HOST: Final = 63
_MOST_INDEXES: Final = 100_000


def new_job_pods(job: Manifest, number: int, count: int, indexes: Iterable[int] | None) -> Iterator[Manifest]:
    """Yield new pods of a Job.

    Args:
        job: the Job.
        number: how many it had.
        count: how many to make, at most.
        indexes: those to make; None for a Job whose pods have none.

    """
    meta, template = job["metadata"], mapping_at(job, "spec", "template")
    chosen: Iterable[int | None] = repeat(None) if indexes is None else indexes
    for at, index in enumerate(islice(chosen, count), number):
        start = meta["name"] if index is None else f"{meta['name']}-{index}"
        name = f"{start}-{suffix(meta['uid'], at)}"
        pod = pods.new_pod(name, owner_reference(job), meta["namespace"], template, labels_of_pods(job))
        pod["metadata"]["finalizers"] = [TRACKING]
        yield pod if index is None else _indexed(pod, index, start)


def _indexed(pod: Manifest, index: int, host: str) -> Manifest:
    """Return a pod that knows its index: by annotation, label, variable and host name."""
    meta, spec = pod["metadata"], pod["spec"]
    meta["annotations"] = {**annotations_of(pod), INDEX: str(index)}
    meta["labels"][INDEX] = str(index)
    spec.setdefault("hostname", host[:_LONGEST_HOST])
    path = f"metadata.labels['{INDEX}']"
    variable: Json = {"name": _VARIABLE, "valueFrom": {"fieldRef": {"fieldPath": path}}}
    for part in ("initContainers", "containers"):
        for container in objects_at(spec, part):
            if all(text_at(each, "name") != _VARIABLE for each in objects_at(container, "env")):
                container["env"] = [*objects_at(container, "env"), variable]
    return pod


def release_orphan(store: WorkloadStore, pod: Manifest) -> None:
    """Let a pod go whose Job is gone: nobody will count it."""
    for owner in objects_at(pod, "metadata", "ownerReferences"):
        if text_at(owner, "kind") == JOB.kind and flag_at(owner, "controller"):
            key = ObjectKey(JOB.group, JOB.kind, text_at(pod, "metadata", "namespace"), text_at(owner, "name"))
            job = store.get(key)
            if job is None or job["metadata"]["uid"] != text_at(owner, "uid"):
                store.release(pod, TRACKING)


def indexes_of(text: str) -> set[int]:
    """Return the indexes of a list such as ``0,2-4``; what is none is left out."""
    found = set[int]()
    for part in text.split(",") if text else ():
        first, _, last = part.partition("-")
        if first.isdecimal() and (not last or last.isdecimal()):
            begin = int(first)
            found.update(range(begin, min(int(last or first) + 1, begin + _MOST_INDEXES)))
    return found


def shown_indexes(indexes: Iterable[int]) -> str:
    """Return indexes as a status lists them."""
    parts: list[list[int]] = []
    for index in sorted(indexes):
        if parts and parts[-1][-1] == index - 1:
            parts[-1].append(index)
        else:
            parts.append([index])
    shown: list[str] = []
    for part in parts:
        shown += [f"{part[0]}-{part[-1]}"] if len(part) > 2 else map(str, part)  # as the controller does
    return ",".join(shown)
