"""What traps are looked for in, and what one is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from nixernetes.errors import InputError
from nixernetes.gitops.platform import Platform
from nixernetes.objects.fields import mapping_at
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Manifest

__all__ = ["Declared", "DeclaredObject", "Trap", "specs_of"]


@dataclass(frozen=True, slots=True)
class DeclaredObject:
    """An object of Flux or Argo CD that a build writes.

    Attributes:
        manifest: the object.
        place: where it was declared.
        site: the cluster that it is for; ``""`` for Argo CD.

    """

    manifest: Manifest
    place: str
    site: str = ""

    def trap(self, message: str) -> Trap:
        """Return a trap that this object is in."""
        return Trap(message, str(key_of(self.manifest)), self.place)


@dataclass(frozen=True, slots=True)
class Trap:
    """One trap: the fact and what to do, the object that is in it, and where that was written."""

    message: str
    subject: str
    place: str

    def __str__(self) -> str:
        return str(InputError(self.message, subject=self.subject, place=self.place))


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A platform as it is built.

    Attributes:
        platform: the platform.
        objects: its objects of Flux and Argo CD.
        files: the files of its repository, by path.
        url: where its clusters fetch the repository.
        below: gives the paths of all files below a folder of the repository, also of those that no build writes.

    """

    platform: Platform
    objects: tuple[DeclaredObject, ...]
    files: Mapping[str, bytes]
    url: str
    below: Callable[[str], Iterable[str]]

    def of(self, *kinds: str) -> Iterator[DeclaredObject]:
        """Yield the objects of some kinds."""
        return (each for each in self.objects if each.manifest["kind"] in kinds)


def specs_of(manifest: Manifest) -> Manifest:
    """Return the spec of an Application, or of those that an ApplicationSet makes."""
    spec = mapping_at(manifest, "spec")
    return mapping_at(spec, "template", "spec") if manifest["kind"] == "ApplicationSet" else spec
