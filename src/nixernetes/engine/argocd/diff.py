"""Whether a live object differs from what is wanted, in the sense of Argo CD's three-way diff (section 5).

The three-way diff compares the live object with what applying the target would make of it: fields that only the live
object has (defaults, other controllers' fields) are no difference, fields that were applied before and are wanted no
more are one. That is what a server-side dry run answers, so we ask the cluster, and compare after normalisation:
noise of the API server and the status are left out, and whatever ``ignoreDifferences`` names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nixernetes.engine.argocd.owned_fields import remove_owned
from nixernetes.errors import InputError
from nixernetes.languages import json_pointer
from nixernetes.languages.globs.gobwas import glob_match
from nixernetes.languages.jq import Jq, Path, delete_paths, transfer_paths
from nixernetes.objects import manifest as manifests
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["check_rules", "keep_ignored", "normalise", "rules_for"]

_NOISE = ("creationTimestamp", "generation", "managedFields", "resourceVersion", "selfLink", "uid", "deletionTimestamp")
_ABSENT = object()
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def check_rules(rules: Iterable[Json], jq: Jq | None) -> None:
    """Refuse what is no expression, as Argo CD does before it compares (``util/argo/normalizers``).

    Raises:
        InputError: a text in ``jqPathExpressions`` is no expression, or nothing is at hand that evaluates them.

    """
    for rule in rules:
        for expression in rule.get("jqPathExpressions") or []:
            _paths(jq, expression, None)


def _paths(jq: Jq | None, expression: str, value: Json) -> list[Path]:
    if jq is None:
        raise InputError(f"{expression!r}: nothing is at hand that evaluates jqPathExpressions")
    return jq.paths(expression, value)


def rules_for(rules: Iterable[Json], key: ObjectKey) -> list[Json]:
    """Return the entries that concern an object."""
    return [rule for rule in rules if _concerns(rule, key)]


def _concerns(rule: Json, key: ObjectKey) -> bool:
    return (
        glob_match(rule.get("group") or "", key.group)
        and glob_match(rule.get("kind") or "", key.kind)
        and rule.get("name") in (None, "", key.name)
        and rule.get("namespace") in (None, "", key.namespace)
    )


def normalise(
    obj: Manifest, rules: Sequence[Json] = (), live: Manifest | None = None, jq: Jq | None = None
) -> Manifest:
    """Return what counts of an object.

    Args:
        obj: the object; it is not changed.
        rules: the ``ignoreDifferences`` entries that concern it.
        live: the live object, whose field managers decide about ``managedFieldsManagers``.
        jq: evaluates ``jqPathExpressions``.

    """
    result: Manifest = manifests.copy({name: value for name, value in obj.items() if name != "status"})
    meta = result.get("metadata") or {}
    for name in _NOISE:
        meta.pop(name, None)
    (meta.get("annotations") or {}).pop(LAST_APPLIED, None)
    for name in ("annotations", "labels", "finalizers", "ownerReferences"):
        if not meta.get(name):
            meta.pop(name, None)
    for rule in rules:
        for pointer in rule.get("jsonPointers") or []:
            _remove(result, json_pointer.steps(pointer))
        for expression in rule.get("jqPathExpressions") or []:
            delete_paths(result, _paths(jq, expression, result))
        for manager in rule.get("managedFieldsManagers") or []:
            remove_owned(result, live or {}, manager)
    return result


def keep_ignored(target: Manifest, live: Manifest, rules: Sequence[Json], jq: Jq | None = None) -> Manifest:
    """Return the target with ignored fields as they are live (``RespectIgnoreDifferences=true``)."""
    result: Manifest = manifests.copy(target)
    for rule in rules:
        for pointer in rule.get("jsonPointers") or []:
            steps = json_pointer.steps(pointer)
            value = _get(live, steps)
            if value is _ABSENT:
                _remove(result, steps)
            else:
                _set(result, steps, manifests.copy(value))
        for expression in rule.get("jqPathExpressions") or []:
            transfer_paths(live, result, _paths(jq, expression, live), manifests.copy)
        for manager in rule.get("managedFieldsManagers") or []:
            remove_owned(result, live, manager)
    return result


def _child(value: Json, step: str) -> Json:
    if isinstance(value, dict):
        return value.get(step, _ABSENT)
    if isinstance(value, list) and step.isdigit() and int(step) < len(value):
        return value[int(step)]
    return _ABSENT


def _get(value: Json, steps: Sequence[str]) -> Json:
    for step in steps:
        value = _child(value, step)
    return value


def _remove(value: Json, steps: Sequence[str]) -> None:
    if not steps:
        return
    parent = _get(value, steps[:-1])
    if isinstance(parent, dict):
        parent.pop(steps[-1], None)
    elif isinstance(parent, list) and steps[-1].isdigit() and int(steps[-1]) < len(parent):
        del parent[int(steps[-1])]


def _set(value: Json, steps: Sequence[str], new: Json) -> None:
    for step in steps[:-1]:
        child = _child(value, step)
        if child is _ABSENT and isinstance(value, dict):
            child = value[step] = {}
        value = child
    if isinstance(value, dict):
        value[steps[-1]] = new
    elif isinstance(value, list) and steps[-1].isdigit() and int(steps[-1]) < len(value):
        value[int(steps[-1])] = new
