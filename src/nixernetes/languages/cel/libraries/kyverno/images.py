"""References of images as ``image(S)`` and ``parseImageReference(S)`` read them (go-containerregistry ``name``)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Final

from nixernetes.languages.cel.errors import EvaluationError
from nixernetes.languages.cel.functions import Library, function
from nixernetes.languages.cel.values import Opaque
from nixernetes.objects.well_known import DOCKER_INDEX

__all__ = ["IMAGES", "ImageReference"]

_LONGEST: Final = 1_024  # characters of a whole reference
_REPOSITORY: Final = re.compile(r"[a-z0-9_\-./]{2,255}\Z")
_TAG: Final = re.compile(r"[A-Za-z0-9_\-.]{1,128}\Z")
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}\Z")
_HOST: Final = re.compile(r"[A-Za-z0-9.\-\[\]:]+\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageReference(Opaque):
    """An image: its registry, its repository, and a tag or a digest or both."""

    type_name: ClassVar[str] = "kyverno.image"
    registry: str
    repository: str
    tag: str
    digest: str

    @property
    def identifier(self) -> str:
        """The tag, the digest, or ``tag@digest``."""
        return "@".join(filter(None, (self.tag, self.digest)))

    @property
    def identifier_with_separator(self) -> str:
        """The identifier behind the sign that parts it from the repository."""
        return f":{self.identifier}" if self.tag else f"@{self.digest}"

    def __str__(self) -> str:
        return f"{self.registry}/{self.repository}{self.identifier_with_separator}"


def _parsed(text: str) -> ImageReference:
    if len(text) > _LONGEST:
        raise EvaluationError(f"could not parse reference: {text[:60]}...")
    rest, at, digest = text.partition("@")
    name, colon, tag = rest.rpartition(":")
    if not colon or "/" in tag:
        name, colon, tag = rest, "", ""
    registry, repository = _placed(name)
    fits = bool(_HOST.match(registry) and _REPOSITORY.match(repository))
    if not fits or (at and not _DIGEST.match(digest)) or (colon and not _TAG.match(tag)):
        raise EvaluationError(f"could not parse reference: {text}")
    tag = tag or ("" if digest else "latest")
    return ImageReference(registry=registry, repository=repository, tag=tag, digest=digest)


def _placed(name: str) -> tuple[str, str]:
    """Return registry and repository: what stands before the first slash is a host if it looks like one."""
    host, slash, path = name.partition("/")
    is_host = bool(slash) and ("." in host or ":" in host or host == "localhost")
    registry, repository = (host, path) if is_host else (DOCKER_INDEX, name)
    if registry not in {DOCKER_INDEX, DOCKER_INDEX.removeprefix("index.")}:
        return registry, repository
    return DOCKER_INDEX, repository if "/" in repository else f"library/{repository}"


def _is_image(text: str) -> bool:
    try:
        _parsed(text)
    except EvaluationError:
        return False
    return True


_PARTS: Final[dict[str, Callable[[ImageReference], str]]] = {
    "registry": lambda image: image.registry,
    "repository": lambda image: image.repository,
    "tag": lambda image: image.tag,
    "digest": lambda image: image.digest,
    "identifier": lambda image: image.identifier,
    "identifierWithSeparator": lambda image: image.identifier_with_separator,
}

IMAGES: Final = Library(
    name="kyverno.images",
    functions=(
        function("image", "(string) -> kyverno.image", _parsed),
        function("parseImageReference", "(string) -> kyverno.image", _parsed),
        function("isImage", "(string) -> bool", _is_image),
        function("containsDigest", "kyverno.image.() -> bool", lambda image: bool(image.digest)),
        *(function(name, "kyverno.image.() -> string", part) for name, part in _PARTS.items()),
    ),
)
