"""Whether a live object differs from what is wanted, in the sense of Argo CD's three-way diff (section 5).

The three-way diff compares the live object with what applying the target would make of it: fields that only the live
object has (defaults, other controllers' fields) are no difference, fields that were applied before and are wanted no
more are one. That is what a server-side dry run answers, so we ask the cluster, and compare after normalisation:
noise of the API server and the status are left out, and whatever ``ignoreDifferences`` names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nixernetes.engine.argocd.comparison.owned_fields import keep_owned, remove_owned
from nixernetes.errors import InputError
from nixernetes.languages import json_pointer
from nixernetes.languages.globs.gobwas import glob_match
from nixernetes.languages.jq import Jq, Path, delete_paths, transfer_paths
from nixernetes.languages.json_pointer import ABSENT
from nixernetes.objects import manifest as manifests
from nixernetes.objects.fields import items_at, mapping_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.well_known import KUBECTL_LAST_APPLIED

__all__ = ["check_rules", "keep_ignored", "normalise", "rules_for"]

_NOISE = ("creationTimestamp", "generation", "managedFields", "resourceVersion", "selfLink", "uid", "deletionTimestamp")


def check_rules(rules: Iterable[Json], jq: Jq | None) -> None:
    """Refuse what is no expression, as Argo CD does before it compares (``util/argo/normalizers``).

    Raises:
        InputError: a text in ``jqPathExpressions`` is no expression, or nothing is at hand that evaluates them.

    """
    for rule in rules:
        for expression in items_at(rule, "jqPathExpressions"):
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
        glob_match(text_at(rule, "group"), key.group)
        and glob_match(text_at(rule, "kind"), key.kind)
        and text_at(rule, "name") in ("", key.name)
        and text_at(rule, "namespace") in ("", key.namespace)
    )


def normalise(
    obj: Manifest, rules: Sequence[Json] = (), live: Manifest | None = None, jq: Jq | None = None
) -> Manifest:
    """Return what counts of an object.

    Args:
        obj: the object; it is not changed, and what does not change in the answer is shared with it.
        rules: the ``ignoreDifferences`` entries that concern it.
        live: the live object, whose field managers decide about ``managedFieldsManagers``.
        jq: evaluates ``jqPathExpressions``.

    """
    result: Manifest = {name: value for name, value in obj.items() if name != "status"}
    if rules:
        result = manifests.copy(result)
    meta = {name: value for name, value in mapping_at(result, "metadata").items() if name not in _NOISE}
    marks = mapping_at(meta, "annotations")
    if KUBECTL_LAST_APPLIED in marks:
        meta["annotations"] = {name: value for name, value in marks.items() if name != KUBECTL_LAST_APPLIED}
    if "metadata" in result:
        result["metadata"] = meta
    for name in ("annotations", "labels", "finalizers", "ownerReferences"):
        if not meta.get(name):
            meta.pop(name, None)
    for rule in rules:
        for pointer in items_at(rule, "jsonPointers"):
            json_pointer.remove(result, json_pointer.steps(pointer))
        for expression in items_at(rule, "jqPathExpressions"):
            delete_paths(result, _paths(jq, expression, result))
        for manager in items_at(rule, "managedFieldsManagers"):
            remove_owned(result, live or {}, manager)
    return result


def keep_ignored(target: Manifest, live: Manifest, rules: Sequence[Json], jq: Jq | None = None) -> Manifest:
    """Return the target with ignored fields as they are live (``RespectIgnoreDifferences=true``)."""
    result: Manifest = manifests.copy(target)
    for rule in rules:
        for pointer in items_at(rule, "jsonPointers"):
            steps = json_pointer.steps(pointer)
            value = json_pointer.get(live, steps)
            if value is ABSENT:
                json_pointer.remove(result, steps)
            else:
                json_pointer.put(result, steps, manifests.copy(value), create=True)
        for expression in items_at(rule, "jqPathExpressions"):
            transfer_paths(live, result, _paths(jq, expression, live), manifests.copy)
        for manager in items_at(rule, "managedFieldsManagers"):
            keep_owned(result, live, manager)
    return result
