"""Media types: what a client accepts, and what it sends (apiserver pkg/endpoints/handlers/negotiation, v0.34.4)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from nixernetes.cluster.api import ApiError, Details
from nixernetes.objects.api_groups import META

__all__ = ["JSON", "PROTOBUF", "YAML", "AnswerShape", "Form", "accepted", "media_type"]

JSON: Final = "application/json"
YAML: Final = "application/yaml"
PROTOBUF: Final = "application/vnd.kubernetes.protobuf"
_ANY: Final = {"*/*": JSON}
_SHAPES: Final = ("Table", "PartialObjectMetadata", "PartialObjectMetadataList")
_SHAPE_VERSIONS: Final = ("v1", "v1beta1")
_NOT_ACCEPTABLE: Final = f"406: Not Acceptable\n\nAvailable representations: {JSON}, {YAML}, {PROTOBUF}"
_STREAMS: Final = f", {JSON};stream=watch, {PROTOBUF};stream=watch"
_ONLY: Final = f"only the following media types are accepted: {JSON}, {YAML}, {PROTOBUF}"


@dataclass(frozen=True, slots=True)
class AnswerShape:
    """What an answer is turned into: ``Table``, ``PartialObjectMetadata``, ...; ``""`` for the object itself."""

    kind: str = ""
    group: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """How an answer is written.

    Attributes:
        media: JSON, YAML or PROTOBUF.
        shape: what the object is turned into.
        pretty: whether it is indented.
        include: what of an object goes with its row of a table: ``Metadata``, ``Object`` or ``None``.

    """

    media: str = JSON
    shape: AnswerShape = AnswerShape()
    pretty: bool = False
    include: str = "Metadata"


@lru_cache(maxsize=256)
def media_type(header: str) -> str:
    """Return a media type without its parameters."""
    return header.partition(";")[0].strip().lower()


@lru_cache(maxsize=256)
def accepted(header: str, *, discovery: bool = False, streams: bool = False, custom: bool = False) -> Form:
    """Return the first form that a client accepts and a server has.

    Args:
        header: the Accept header.
        discovery: whether it is a document of discovery that is asked for, which comes aggregated, too.
        streams: whether what is asked for can be watched.
        custom: whether it is a custom resource.

    Raises:
        ApiError: NotAcceptable.

    """
    clauses = [_Clause.read(part) for part in header.split(",") if part.strip()] or [_Clause(JSON, {})]
    wrong_shape = False
    for clause in sorted(clauses, key=lambda each: -each.quality):
        media = _ANY.get(clause.media, clause.media)
        if media not in (JSON, YAML, PROTOBUF):
            continue
        shape = AnswerShape(*(clause.parameters.get(name, "") for name in ("as", "g", "v")))
        if not shape.kind:
            return Form(media, AnswerShape(), clause.parameters.get("pretty") == "1")
        if discovery and shape == AnswerShape("APIGroupDiscoveryList", "apidiscovery.k8s.io", "v2"):
            return Form(media, shape)
        if not discovery and shape.kind in _SHAPES and shape.group == META and shape.version in _SHAPE_VERSIONS:
            return Form(media, shape)
        wrong_shape = True
    if wrong_shape and discovery:
        return Form(JSON)
    if wrong_shape or discovery:
        raise ApiError("NotAcceptable", _ONLY)
    if custom:
        raise ApiError("NotAcceptable", _ONLY)
    raise ApiError("NotAcceptable", f"{_NOT_ACCEPTABLE}{_STREAMS if streams else ''}", details=Details())


@dataclass(frozen=True, slots=True)
class _Clause:
    media: str
    parameters: dict[str, str]

    @classmethod
    def read(cls, text: str) -> _Clause:
        media, *rest = (part.strip() for part in text.split(";"))
        pairs = (part.partition("=") for part in rest)
        return cls(media.lower(), {name.strip(): value.strip().strip('"') for name, _, value in pairs})

    @property
    def quality(self) -> float:
        try:
            return float(self.parameters.get("q", "1"))
        except ValueError:
            return 0.0
