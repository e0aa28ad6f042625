"""Fields of a ``spec`` that are written by hand, over what the build makes of an app."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nixernetes.gitops.refusal import model_in
from nixernetes.gitops.resource import Resource
from nixernetes.gitops.spec import Spec
from nixernetes.languages.merges import merge_patched
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["with_fields"]


def with_fields(manifest: Manifest, kind: type[Resource], fields: Mapping[str, Json], place: str) -> Manifest:
    """Return a manifest with fields merged into its ``spec``: maps are merged, None removes, anything else replaces.

    Args:
        manifest: the object.
        kind: its class, which knows the spelling of each field and refuses what there is not.
        fields: the fields, in either spelling.
        place: where they were written.

    Raises:
        InputError: a field is unknown, or the whole breaks a rule of the kind.

    """
    spec = merge_patched(manifest.get("spec"), _spelled(kind, fields))
    return kind.from_manifest({**manifest, "spec": spec}, place=place).manifest()


def _spelled(model: type[Spec], fields: Mapping[str, Json]) -> Json:
    """Return the fields as Kubernetes spells them."""
    found = {}
    for key, value in fields.items():
        name = next((name for name, field in model.model_fields.items() if key in (name, field.alias)), "")
        field = model.model_fields.get(name)
        inner = model_in(field.annotation) if field is not None else None
        found[(field.alias if field is not None else None) or key] = _below(inner, value)
    return found


def _below(model: Any, value: Json) -> Json:
    if model is None or not issubclass(model, Spec):
        return value
    if isinstance(value, dict):
        return _spelled(model, value)
    return [_below(model, item) for item in value] if isinstance(value, list) else value
