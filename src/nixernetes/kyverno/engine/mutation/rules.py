"""``mutate`` rules of ClusterPolicy and Policy (Kyverno, ``pkg/engine/mutate``, ``handlers/mutation``).

The variables of a rule are filled in first. An object that is the same afterwards is a skip. With ``targets`` other
objects are changed, and the object that was admitted is not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.contexts import PolicySurroundings, Request, RuleContext
from nixernetes.kyverno.engine.mutation.patches import patched
from nixernetes.kyverno.engine.mutation.targets import targets_of
from nixernetes.kyverno.engine.rows import RuleRow
from nixernetes.kyverno.engine.validations import met
from nixernetes.kyverno.engine.variables import VariableError, referenced, substituted
from nixernetes.languages.jmespath.errors import JmesPathError
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["mutations"]

_DEEPEST: Final = 8  # of a foreach in a foreach
_MOST: Final = 10_000  # elements of all foreach of one rule


class _FailedError(Exception):
    """A rule ends in an error, with these words."""


def mutations(
    rule: Mapping[str, Json], request: Request, context: RuleContext, around: PolicySurroundings
) -> Iterator[RuleRow]:
    """Yield the rows of a rule that matches and whose preconditions are met: one, or one for each target."""
    mutate, name = mapping_at(rule, "mutate"), text_at(rule, "name")
    targets = objects_at(mutate, "targets")
    if not targets:
        yield _of_deletion(rule, context) if request.operation == "DELETE" else _row(rule, request.manifest, context)
        return
    try:
        found = [(target, each) for target in targets for each in targets_of(target, context, around, request)]
    except InputError as error:
        yield RuleRow(rule=name, result="error", message=error.message)
        return
    for target, manifest in found:
        inner = context.nested({"target": manifest})
        inner.load(list(objects_at(target, "context")))
        early = _unwanted(name, target, inner)
        if early is not None:
            yield early
            continue
        row = _row(rule, manifest, inner)
        changed = row.patched if row.result == "pass" else None
        yield RuleRow(rule=name, result=row.result, message=row.message, patched_target=changed)


def _of_deletion(rule: Mapping[str, Json], context: RuleContext) -> RuleRow:
    """Return the row of what is deleted: there is no object to change, and what comes of nothing is no object."""
    row = _row(rule, {}, context)
    if row.result == "error":
        return row
    text = json.dumps(row.patched, sort_keys=True, separators=(",", ":"))
    message = f"failed to unmarshal patched resource: Object 'Kind' is missing in '{text}'"
    return RuleRow(rule=row.rule, result="error", message=message)


def _unwanted(name: str, target: Mapping[str, Json], context: RuleContext) -> RuleRow | None:
    try:
        is_met, message = met(target["preconditions"], context) if target.get("preconditions") else (True, "")
    except InputError as error:
        return RuleRow(rule=name, result="error", message=f"failed to evaluate preconditions: {error.message}")
    if is_met:
        return None
    return RuleRow(rule=name, result="skip", message="; ".join(filter(None, ("preconditions not met", message))))


def _row(rule: Mapping[str, Json], manifest: Manifest, context: RuleContext) -> RuleRow:
    mutate, name = mapping_at(rule, "mutate"), text_at(rule, "name")
    try:
        if "foreach" in mutate:
            loop = _Loop(rule)
            count, changed = loop.all(objects_at(mutate, "foreach"), manifest, context, 0)
            if not count:
                return RuleRow(rule=name, result="skip", message="0 elements processed", patched=manifest)
        else:
            changed = _changed(mutate, manifest, context, "/mutate", rule)
            if _is_same(changed, manifest):
                return RuleRow(rule=name, result="skip", message="no patches applied", patched=manifest)
    except _FailedError as error:
        return RuleRow(rule=name, result="error", message=str(error))
    return RuleRow(rule=name, result="pass", message=_told(changed), patched=changed)


def _told(manifest: Manifest) -> str:
    meta = mapping_at(manifest, "metadata")
    what = f"mutated {text_at(manifest, 'kind')}/{text_at(meta, 'name')}"
    return f"{what} in namespace {text_at(meta, 'namespace')}" if text_at(meta, "namespace") else what


def _is_same(one: Manifest, other: Manifest) -> bool:
    """Tell whether two objects are the same as JSON, where true is not 1."""
    return one == other and json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _changed(
    mutation: Mapping[str, Json],
    manifest: Manifest,
    context: RuleContext,
    path: str,
    around: Mapping[str, Json] | None = None,
) -> Manifest:
    """Return the object as a mutation makes it.

    Args:
        mutation: what holds the patch.
        manifest: the object; it is left alone.
        context: of the variables.
        path: where the mutation stands in its rule.
        around: the rest of the rule, whose variables must have values as well.

    Raises:
        _FailedError: a variable has no value, or the patch does not fit.

    """
    try:
        filled = {
            key: substituted(referenced(value), context.lookup, f"{path}/{key}")
            for key, value in sorted(mutation.items())
            if key in ("patchStrategicMerge", "patchesJson6902")
        }
        for key, value in sorted((around or {}).items()):
            if key not in ("mutate", "name"):
                substituted(value, context.lookup, f"/{key}")
    except VariableError as error:
        raise _FailedError(f"variable substitution failed: {error.message}") from error
    try:
        changed = patched(manifest, filled)
    except InputError as error:
        raise _FailedError(f"failed to patch resource: {error.message}") from error
    if changed is None:
        raise _FailedError("empty mutate rule")
    return changed


class _Loop:
    """The elements of ``mutate.foreach`` of one rule, all of them counted."""

    def __init__(self, rule: Mapping[str, Json]) -> None:
        self._rule = rule
        self._left = _MOST

    def all(
        self, loops: list[dict[str, Json]], manifest: Manifest, context: RuleContext, depth: int
    ) -> tuple[int, Manifest]:
        """Return how many of the loops changed something, and the object after them."""
        if depth > _DEEPEST:
            raise _FailedError(f"foreach is nested more than {_DEEPEST} deep")
        count = 0
        for loop in loops:
            try:
                found = context.search(text_at(loop, "list"))
            except (JmesPathError, VariableError) as error:
                query = "" if isinstance(error, VariableError) else "JMESPath query failed: "
                told = f"failed to evaluate list {text_at(loop, 'list')}"
                raise _FailedError(f"{told}: {query}{error.message}: {query}{error.message}") from error
            try:
                changed = self._elements(loop, found if isinstance(found, list) else [found], manifest, context, depth)
            except _FailedError as error:
                raise _FailedError(f"failed to mutate elements: {error}") from error
            if not _is_same(changed, manifest):
                count += 1
                context.admit(changed)
            manifest = changed
        return count, manifest

    def _elements(
        self, loop: Mapping[str, Json], items: list[Json], manifest: Manifest, context: RuleContext, depth: int
    ) -> Manifest:
        order = text_at(loop, "order") or ("Descending" if "patchStrategicMerge" in loop else "Ascending")
        places = list(enumerate(items))
        for index, element in reversed(places) if order == "Descending" else places:
            if element is None:
                continue
            self._left -= 1
            if self._left < 0:
                raise _FailedError(f"foreach has more than {_MOST:,} elements")
            added = {"element": element, "elementIndex": index}
            added |= {f"element{depth}": element, f"elementIndex{depth}": index}
            inner = context.nested(added)
            inner.load(list(objects_at(loop, "context")))
            try:
                if loop.get("preconditions") and not met(loop["preconditions"], inner)[0]:
                    continue
            except InputError as error:
                text = f"failed to evaluate mutate.foreach[{index}].preconditions: {error.message}"
                raise _FailedError(text) from error
            if "foreach" in loop:
                _, manifest = self.all(objects_at(loop, "foreach"), manifest, inner, depth + 1)
            else:
                manifest = _changed(loop, manifest, inner, "")
        return manifest
