"""The objects around a delivery, as one build asks for them: those of a walk so far, or those of a cluster now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from nixernetes.errors import InputError
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.manifest import Manifest
from nixernetes.render.references import Lookup, data_of

__all__ = ["Declared"]


def _nothing(kind: GroupKind, namespace: str) -> list[Manifest]:
    del kind, namespace
    return []


@dataclass(frozen=True, slots=True)
class Declared:
    """The objects around a delivery; a walk notes what was asked for.

    Attributes:
        get: gives an object, or None.
        secrets: gives the Secrets of Argo CD's namespace whose ``argocd.argoproj.io/secret-type`` is one of these.
        given: ConfigMaps and Secrets of the user; they win.
        listing: gives the objects of a kind in a namespace, sorted by name.

    """

    get: Callable[[ObjectKey], Manifest | None]
    secrets: Callable[[Sequence[str]], list[Manifest]]
    given: Mapping[ObjectKey, Manifest] = field(default_factory=dict)
    listing: Callable[[GroupKind, str], list[Manifest]] = _nothing

    @property
    def lookup(self) -> Lookup:
        """Reads the data of ConfigMaps and Secrets.

        The function raises an InputError for what is encrypted.
        """

        def lookup(kind: str, namespace: str, name: str) -> Mapping[str, str] | None:
            key = ObjectKey("", kind, namespace, name)
            given = self.given.get(key)
            if given is not None:
                return data_of(given)
            declared = self.get(key)
            if declared is not None and "sops" in declared:
                raise InputError("is encrypted with SOPS: give its values with --values FILE", subject=str(key))
            return None if declared is None else data_of(declared)

        return lookup
