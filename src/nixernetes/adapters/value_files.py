"""The ConfigMaps and Secrets that the user gives in files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nixernetes.errors import InputError
from nixernetes.objects import yamls
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Manifest

__all__ = ["given_values"]


def given_values(files: Sequence[Path]) -> dict[ObjectKey, Manifest]:
    """Return the ConfigMaps and Secrets of files by their identities; the last of equal ones counts.

    Raises:
        InputError: a file cannot be read, is no YAML, or holds something else.

    """
    found: dict[ObjectKey, Manifest] = {}
    for file in files:
        try:
            data = file.read_bytes()
        except OSError as error:
            raise InputError(f"cannot be read: {error.strerror}", subject=str(file)) from error
        for document in yamls.parse_all(data, file=str(file)):
            item = document.data
            if item is None:
                continue
            key = key_of(item) if isinstance(item, dict) else ObjectKey("", "", "", "")
            if key.kind not in ("ConfigMap", "Secret") or not (key.namespace and key.name):
                raise InputError(
                    "only ConfigMaps and Secrets with name and namespace are values", place=f"{file}:{document.line}"
                )
            found[key] = item
    return found
