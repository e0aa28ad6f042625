"""Translations tried on objects made for their rules: what says otherwise of one of them is not carried over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.autogen import AUTOGEN_ANNOTATION
from nixernetes.kyverno.engine.contexts import PolicySurroundings
from nixernetes.kyverno.engine.evaluation import Evaluation, evaluated
from nixernetes.kyverno.engine.values import Values
from nixernetes.kyverno.migration.proving import MigrationProof, compared
from nixernetes.kyverno.migration.samples import samples_of
from nixernetes.objects.fields import mapping_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["tried"]

_NOW: Final = "2024-01-01T00:00:00Z"  # the same for both


def tried(
    policy: Manifest,
    rule: Mapping[str, Json],
    controllers: list[str],
    made: Manifest,
    *,
    exceptions: tuple[Manifest, Manifest] | None = None,
    read: Mapping[str, Json] | None = None,
) -> MigrationProof:
    """Compare a rule with the policy in CEL that is made of it, on objects of the kinds that it is about.

    Args:
        policy: the policy of the rule.
        rule: the rule.
        controllers: kinds that are derived from it.
        made: the policy in CEL.
        exceptions: an exception from the rule, and one from the policy in CEL.
        read: what the objects are made for, where that is more than the rule.

    """
    notes = {**mapping_at(policy, "metadata", "annotations"), AUTOGEN_ANNOTATION: ",".join(controllers) or "none"}
    meta: dict[str, Json] = {**mapping_at(policy, "metadata"), "annotations": notes}
    alone = {**policy, "metadata": meta, "spec": {**mapping_at(policy, "spec"), "rules": [dict(rule)]}}
    space = text_at(meta, "namespace")
    objects = [_placed(each, space) if space else each for each in samples_of(read or rule, controllers)]
    names = {(text_at(each, "metadata", "namespace"), text_at(each, "metadata", "name")) for each in (alone, made)}
    spaces = {text_at(each, "metadata", "namespace") or "default" for each in objects}
    given = Evaluation(
        policies=[alone],
        objects=objects,
        values=Values(namespace_labels={each: {} for each in sorted(spaces)}),
        around=PolicySurroundings(now=_NOW),
        exceptions=exceptions[:1] if exceptions else (),
        operation="DELETE" if _is_of_deletions(rule) else "CREATE",
    )
    try:
        after = replace(given, policies=[made], exceptions=exceptions[1:] if exceptions else ())
        return compared(evaluated(given), evaluated(after), names)
    except InputError:
        return MigrationProof()  # what nobody can evaluate proves nothing


def _is_of_deletions(rule: Mapping[str, Json]) -> bool:
    text = str(rule.get("match"))
    return "DELETE" in text and "CREATE" not in text and "UPDATE" not in text


def _placed(manifest: Manifest, namespace: str) -> Manifest:
    return {**manifest, "metadata": {**mapping_at(manifest, "metadata"), "namespace": namespace}}
