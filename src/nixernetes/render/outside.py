"""The objects around a delivery, as one build asks for them: those of a walk so far, or those of a cluster now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.manifest import Manifest
from nixernetes.render.given_values import GivenValues
from nixernetes.render.notes import PreviewNote
from nixernetes.render.references import Lookup, data_of
from nixernetes.render.rendered import Rendered
from nixernetes.render.sops.keys import NO_KEYS
from nixernetes.render.sops.resources import opened_item
from nixernetes.render.sops.sealed import PLACEHOLDER

__all__ = ["Surroundings"]


def _nothing(kind: GroupKind, namespace: str) -> list[Manifest]:
    del kind, namespace
    return []


def _unheard(note: PreviewNote) -> None:
    del note


def _never(key: ObjectKey) -> bool:
    del key
    return False


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The objects around a delivery; a walk notes what was asked for.

    Attributes:
        get: gives an object, or None.
        secrets: gives the Secrets of Argo CD's namespace whose ``argocd.argoproj.io/secret-type`` is one of these.
        given: ConfigMaps and Secrets of the user; they win.
        listing: gives the objects of a kind in a namespace, sorted by name.
        noted: is told what a build could not honour or verify, and went on without.
        is_opened: tells whether an object holds what SOPS had encrypted, in plain text.

    """

    get: Callable[[ObjectKey], Manifest | None]
    secrets: Callable[[Sequence[str]], list[Manifest]]
    given: GivenValues = field(default_factory=GivenValues)
    listing: Callable[[GroupKind, str], list[Manifest]] = _nothing
    noted: Callable[[PreviewNote], None] = _unheard
    is_opened: Callable[[ObjectKey], bool] = _never

    @property
    def lookup(self) -> Lookup:
        """Reads the data of ConfigMaps and Secrets; of what SOPS encrypted, placeholders."""

        def lookup(kind: str, namespace: str, name: str) -> Mapping[str, str] | None:
            key = ObjectKey("", kind, namespace, name)
            given = self.given.get(key)
            if given is not None:
                return data_of(given)
            declared = self.get(key)
            if declared is None:
                return None
            found = data_of(opened_item(Rendered(manifest=declared), NO_KEYS).manifest)
            if kind == "Secret" and any(PLACEHOLDER in text for text in found.values()):
                self.noted(PreviewNote(subject=str(key), text="it holds placeholders for what SOPS encrypted"))
            return found

        return lookup
