"""A declaration as plain data: what it says, without where it stands."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from nixernetes.gitops.declared import DeclaredPart
from nixernetes.gitops.spec import Spec
from nixernetes.objects.manifest import Json

__all__ = ["declared_values"]


def declared_values(value: Any) -> Json:
    """Return what a declaration says, so that two of them can be compared; lines do not count."""
    if isinstance(value, DeclaredPart):
        return {name: declared_values(value.__dict__[name]) for name in type(value).model_fields}
    if isinstance(value, Spec):
        return {type(value).__name__: value.data()}
    if isinstance(value, dict):
        return {key: declared_values(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [declared_values(item) for item in value]
    return str(value) if isinstance(value, PurePath) else value
