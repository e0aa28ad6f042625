"""``mutations`` of MutatingPolicy and MutatingAdmissionPolicy: expressions that give what is changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.cel_validations import first_line
from nixernetes.kyverno.engine.mutation.configurations import configured, schema_of
from nixernetes.languages import json_patch
from nixernetes.languages.json_patch import PatchOperation
from nixernetes.languages.json_pointer import ABSENT
from nixernetes.objects.fields import text_at
from nixernetes.objects.manifest import Json, Manifest

if TYPE_CHECKING:
    from nixernetes.kyverno.engine.cel_validations import Expressions

__all__ = ["Read", "stepped"]

Read = Callable[[Manifest], "Expressions"]  # from an object to the expressions that see it


def stepped(
    mutations: Sequence[Mapping[str, Json]],
    manifest: Manifest,
    read: Read,
    definitions: Sequence[Manifest],
    *,
    may_replace: bool,
) -> Manifest:
    """Return an object after all mutations, each of which sees what the one before it made.

    Args:
        mutations: the entries of ``mutations``.
        manifest: the object; it is left alone.
        read: gives the expressions that see an object.
        definitions: CustomResourceDefinitions, for the schema of their kinds.
        may_replace: whether lists and maps that are one value may be set.

    Raises:
        InputError: an expression has no value, or what it gives does not fit.

    """
    for each in mutations:
        expressions = read(manifest)
        if text_at(each, "patchType") == "JSONPatch":
            manifest = _patched(manifest, expressions.value(text_at(each, "jsonPatch", "expression")))
        else:
            made = expressions.value(text_at(each, "applyConfiguration", "expression"))
            manifest = _configured(manifest, made, definitions, may_replace=may_replace)
    return manifest


def _configured(manifest: Manifest, made: Json, definitions: Sequence[Manifest], *, may_replace: bool) -> Manifest:
    from nixernetes.languages.cel.libraries.kubernetes.mutations import (  # noqa: PLC0415  # few policies are of this kind
        ObjectValue,
        misplaced,
        plain,
    )

    if not isinstance(made, ObjectValue):
        raise InputError("unsupported return type from ApplyConfiguration expression: it must be an Object")
    wrong = "\n".join(misplaced(made))
    if wrong:
        raise InputError(f"type mismatch: {wrong}")
    configuration: dict[str, Json] = plain(made)
    identity: dict[str, Json] = {name: manifest[name] for name in ("apiVersion", "kind") if name in manifest}
    try:
        schema = schema_of(manifest, definitions)
        return configured(manifest, {**configuration, **identity}, schema, may_replace=may_replace)
    except InputError as error:
        raise InputError(f"error applying patch: {error.message}") from error


def _patched(manifest: Manifest, made: Json) -> Manifest:
    from nixernetes.languages.cel.libraries.kubernetes.mutations import (  # noqa: PLC0415  # few policies are of this kind
        JsonPatchValue,
        plain,
    )

    steps: list[PatchOperation] = []
    for each in made if isinstance(made, list | tuple) else [made]:
        if not isinstance(each, JsonPatchValue):
            raise InputError("type mismatch: JSONPatchType must be a list of JSONPatch")
        fields = each.fields
        is_valued = fields["op"] in ("add", "replace", "test")
        value = plain(fields["value"]) if is_valued else ABSENT
        steps.append(PatchOperation(op=fields["op"], path=fields["path"], value=value, source=fields["from"]))
    try:
        return json_patch.apply(manifest, steps)
    except json_patch.FailedTestError:
        return manifest
    except InputError as error:
        raise InputError(f"JSON Patch: {first_line(error)}") from error
