"""What of a Job may change, and which states may follow each other.

After ``ValidateJobUpdate`` and ``ValidateJobUpdateStatus`` of ``pkg/apis/batch/validation``, with the options that
``pkg/registry/batch/job/strategy.go`` gives them, Kubernetes 1.34.4.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from nixernetes.cluster.immutable.index_lists import index_problem, overlap_problem
from nixernetes.objects.fields import at, flag_at, mapping_at, number_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["of_job"]

_FIXED: Final = (
    "selector",
    "template",
    "completionMode",
    "podFailurePolicy",
    "backoffLimitPerIndex",
    "managedBy",
    "successPolicy",
)
_TERMINAL: Final = ("Failed", "Complete", "FailureTarget")
_CONDITIONS: Final = "status.conditions: Invalid value: "


def of_job(old: Manifest, new: Manifest, shown: Callable[[Json], str]) -> Iterator[str]:
    """Yield what of a Job must not have changed, and did.

    Args:
        old: what is there.
        new: what takes its place.
        shown: how a message shows a value.

    """
    before, after = mapping_at(old, "spec"), mapping_at(new, "spec")
    if before != after:
        yield from _of_spec(old, before, after, shown)
    if mapping_at(old, "status") != mapping_at(new, "status"):
        yield from _of_status(_State(old), _State(new))


def _of_spec(old: Manifest, before: Manifest, after: Manifest, shown: Callable[[Json], str]) -> Iterator[str]:
    if before.get("completions") != after.get("completions"):
        if text_at(after, "completionMode") != "Indexed":
            yield f"spec.completions: Invalid value: {shown(after.get('completions'))}: field is immutable"
        elif "completions" in after and after["completions"] != after.get("parallelism"):
            told = "can only be modified in tandem with spec.parallelism"
            yield f"spec.completions: Invalid value: {after['completions']}: {told}"
    if flag_at(before, "suspend") and "startTime" not in mapping_at(old, "status"):
        before = {**before, "template": _with_directives(mapping_at(before, "template"), mapping_at(after, "template"))}
    for name in _FIXED:
        if before.get(name) != after.get(name) and (before.get(name) or after.get(name)):
            yield f"spec.{name}: Invalid value: {shown(after.get(name))}: field is immutable"


def _with_directives(before: Manifest, after: Manifest) -> Manifest:
    """Return a template with what may change of one that is suspended and never ran: where its pods are to be."""
    spec, meta = dict(mapping_at(before, "spec")), dict(mapping_at(before, "metadata"))
    wanted = mapping_at(after, "spec")
    for part, values, source in (
        ("nodeSelector", spec, wanted),
        ("tolerations", spec, wanted),
        ("schedulingGates", spec, wanted),
        ("annotations", meta, mapping_at(after, "metadata")),
        ("labels", meta, mapping_at(after, "metadata")),
    ):
        values.pop(part, None)
        if part in source:
            values[part] = source[part]
    affinity = {name: each for name, each in mapping_at(spec, "affinity").items() if name != "nodeAffinity"}
    if "nodeAffinity" in mapping_at(wanted, "affinity"):
        affinity["nodeAffinity"] = wanted["affinity"]["nodeAffinity"]
    spec.pop("affinity", None)
    spec |= {"affinity": affinity} if affinity or wanted.get("affinity") == {} else {}
    return {**before, "spec": spec, **({"metadata": meta} if meta or "metadata" in after else {})}


@dataclass(frozen=True)
class _State:
    """A Job, seen as its status tells it."""

    job: Manifest

    @cached_property
    def status(self) -> Manifest:
        """The status."""
        return mapping_at(self.job, "status")

    @cached_property
    def spec(self) -> Manifest:
        """The spec."""
        return mapping_at(self.job, "spec")

    @cached_property
    def true(self) -> frozenset[str]:
        """The conditions that hold."""
        found = objects_at(self.status, "conditions")
        return frozenset(text_at(each, "type") for each in found if text_at(each, "status") == "True")

    @property
    def is_finished(self) -> bool:
        """Whether it is complete, or failed."""
        return not self.true.isdisjoint(("Complete", "Failed"))

    @property
    def is_indexed(self) -> bool:
        """Whether each of its pods has a number."""
        return text_at(self.spec, "completionMode") == "Indexed"

    def count(self, name: str) -> int:
        """Return a number of the status; 0 where it is not told."""
        return int(number_at(self.status, name) or 0)

    @property
    def uncounted(self) -> int:
        """How many pods are not counted yet."""
        lists = mapping_at(self.status, "uncountedTerminatedPods")
        return sum(len(each) for each in lists.values() if isinstance(each, list))


def _of_status(old: _State, new: _State) -> Iterator[str]:
    changed = {name for name in {*old.status, *new.status} if old.status.get(name) != new.status.get(name)}
    turned = old.true ^ new.true
    is_over = old.is_finished != new.is_finished
    yield from _negative(new)
    yield from _of_ends(new, changed, turned)
    yield from _of_finished(new, changed, is_over=is_over)
    yield from _of_indexes(new, changed)
    if is_over or "terminating" in changed:
        left = new.count("terminating")
        if left > 0 and new.is_finished:
            yield f"status.terminating: Invalid value: {left}: terminating>0 is invalid for finished job"
    if {"ready", "active"} & changed and new.count("ready") > new.count("active"):
        yield f"status.ready: Invalid value: {new.count('ready')}: cannot set more ready pods than active"
    yield from _of_success(new)
    yield from _of_steps(old, new, changed)


def _negative(new: _State) -> Iterator[str]:
    for name in ("active", "succeeded", "failed", "ready", "terminating"):
        if new.count(name) < 0:
            yield f"status.{name}: Invalid value: {new.count(name)}: must be greater than or equal to 0"
    pods = mapping_at(new.status, "uncountedTerminatedPods")
    for name in ("succeeded", "failed"):
        seen = set[str]()
        for number, uid in enumerate(pods.get(name) or []):
            where = f"status.uncountedTerminatedPods.{name}[{number}]"
            if not uid:
                yield f'{where}: Invalid value: "": must not be empty'
            elif uid in seen:
                yield f'{where}: Duplicate value: "{uid}"'
            seen.add(uid)


def _of_ends(new: _State, changed: set[str], turned: frozenset[str]) -> Iterator[str]:
    is_complete, is_failed = "Complete" in new.true, "Failed" in new.true
    ended, began = text_at(new.status, "completionTime"), text_at(new.status, "startTime")
    if turned & {"Complete", "Failed"} and is_complete and is_failed:
        yield f"{_CONDITIONS}cannot set Complete=True and Failed=true conditions"
    if turned & {"Complete", "FailureTarget"} and is_complete and "FailureTarget" in new.true:
        yield f"{_CONDITIONS}cannot set Complete=True and FailureTarget=true conditions"
    if "Complete" in turned or "completionTime" in changed:
        if ended and not is_complete:
            told = "cannot set completionTime when there is no Complete=True condition"
            yield f"status.completionTime: Invalid value: {json.dumps(ended)}: {told}"
        if not ended and is_complete:
            yield "status.completionTime: Required value: completionTime is required for Complete jobs"
    if {"startTime", "completionTime"} & changed and began and ended and ended < began:
        yield f"status.completionTime: Invalid value: {json.dumps(ended)}: must be equal to or after `startTime`"
    if ("Failed" in turned or "failedIndexes" in changed) and is_failed and "FailureTarget" not in new.true:
        yield f"{_CONDITIONS}cannot set Failed=True condition without the FailureTarget=true condition"
    if turned & {"Complete", "SuccessCriteriaMet"} and is_complete and "SuccessCriteriaMet" not in new.true:
        yield f"{_CONDITIONS}cannot set Complete=True condition without the SuccessCriteriaMet=true condition"


def _of_finished(new: _State, changed: set[str], *, is_over: bool) -> Iterator[str]:
    if not new.is_finished:
        return
    if (is_over or "active" in changed) and new.count("active") > 0:
        yield f"status.active: Invalid value: {new.count('active')}: active>0 is invalid for finished job"
    is_nothing = flag_at(new.spec, "suspend") and new.spec.get("completions") == 0
    if (is_over or "startTime" in changed) and "startTime" not in new.status and not is_nothing:
        yield "status.startTime: Required value: startTime is required for finished job"
    if (is_over or "uncountedTerminatedPods" in changed) and new.uncounted:
        shown = json.dumps(new.status["uncountedTerminatedPods"], separators=(",", ":"))
        yield f"status.uncountedTerminatedPods: Invalid value: {shown}: must be empty for finished job"


def _of_indexes(new: _State, changed: set[str]) -> Iterator[str]:
    done, lost = text_at(new.status, "completedIndexes"), new.status.get("failedIndexes")
    wanted = new.spec.get("completions")
    is_each = new.spec.get("backoffLimitPerIndex") is not None
    shown = {name: f"status.{name}: Invalid value: {json.dumps(new.status.get(name) or '')}" for name in _INDEXES}
    if "completedIndexes" in changed and wanted is not None and (wrong := index_problem(done, wanted)):
        yield f"{shown['completedIndexes']}: error parsing completedIndexes: {wrong}"
    if "failedIndexes" in changed and wanted is not None and is_each and lost is not None:
        wrong = index_problem(lost, wanted)
        if wrong:
            yield f"{shown['failedIndexes']}: error parsing failedIndexes: {wrong}"
    if "completedIndexes" in changed and done and not new.is_indexed:
        yield f"{shown['completedIndexes']}: cannot set non-empty completedIndexes when non-indexed completion mode"
    if "failedIndexes" in changed and not is_each and lost is not None:
        yield f"{shown['failedIndexes']}: cannot set non-null failedIndexes when backoffLimitPerIndex is null"
    if changed & set(_INDEXES) and wanted is not None and lost is not None:
        wrong = overlap_problem(done, lost, wanted)
        if wrong:
            yield f"{shown['failedIndexes']}: {wrong}"


_INDEXES: Final = ("completedIndexes", "failedIndexes")


def _of_success(new: _State) -> Iterator[str]:
    is_met = "SuccessCriteriaMet" in new.true
    if is_met and "Failed" in new.true:
        yield f"{_CONDITIONS}cannot set SuccessCriteriaMet=True and Failed=true conditions"
    if is_met and "FailureTarget" in new.true:
        yield f"{_CONDITIONS}cannot set SuccessCriteriaMet=True and FailureTarget=true conditions"
    if new.spec.get("successPolicy") is not None and not is_met and "Complete" in new.true:
        told = "cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True"
        yield f"{_CONDITIONS}{told}"


def _of_steps(old: _State, new: _State, changed: set[str]) -> Iterator[str]:
    for name in _TERMINAL:
        if name in old.true and name not in new.true:
            yield f"{_CONDITIONS}cannot disable the terminal {name}=True condition"
    if new.count("failed") < old.count("failed"):
        yield f"status.failed: Invalid value: {new.count('failed')}: cannot decrease the failed counter"
    is_elastic = new.is_indexed and new.spec.get("completions") == new.spec.get("parallelism")
    if not is_elastic and new.count("succeeded") < old.count("succeeded"):
        yield f"status.succeeded: Invalid value: {new.count('succeeded')}: cannot decrease the succeeded counter"
    before, after = (text_at(each.status, "completionTime") for each in (old, new))
    if before and after and before != after:
        yield f"status.completionTime: Invalid value: {json.dumps(after)}: field is immutable"
    is_running = not flag_at(new.spec, "suspend") and not _is_resuming(old, new)
    if "startTime" in changed and "startTime" in old.status and is_running:
        yield "status.startTime: Required value: startTime cannot be removed for unsuspended job"
    if "SuccessCriteriaMet" in old.true and "SuccessCriteriaMet" not in new.true:
        yield f"{_CONDITIONS}cannot disable the SuccessCriteriaMet=True condition"
    if "Complete" in old.true and "SuccessCriteriaMet" in new.true - old.true:
        yield f"{_CONDITIONS}cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions"


def _is_resuming(old: _State, new: _State) -> bool:
    said = (at(each, "status") for each in objects_at(new.status, "conditions") if text_at(each, "type") == "Suspended")
    return "Suspended" in old.true and "False" in said
