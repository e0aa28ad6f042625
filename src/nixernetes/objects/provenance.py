"""Where a manifest began, and each step that it took since: overlays, patches, charts, substitutions, deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from nixernetes.objects.manifest import Json

__all__ = ["Origin", "Step", "StepKind", "origin_as_json", "origin_from_json", "place_of"]

_FIELDS = ("kind", "name", "file", "line", "field", "repository", "revision")


class StepKind(StrEnum):
    """What a step does."""

    OVERLAY = "overlay"  # a kustomization that lists it, and may have changed it by its fields
    COMPONENT = "component"
    PATCH = "patch"
    REPLACEMENT = "replacement"
    GENERATOR = "generator"
    CHART = "chart"
    POST_RENDERER = "post-renderer"
    SUBSTITUTION = "substitution"
    INPUT = "input"  # of a ResourceSet
    DELIVERY = "delivery"


class Step(NamedTuple):
    """One step on the way of a manifest.

    Attributes:
        kind: what it does.
        name: who did it, where that has a name: a delivery, a chart with its version, a ConfigMap with variables.
        file: the file that says so; of a delivery the one that it is written in, of a chart the template.
        line: the line (1-based) in that file, or 0.
        field: the field that says so, as ``patches[0]``; of a substitution the variables.
        repository: the repository of the file, of a delivery that of its source; ``""`` is that of the next delivery.
        revision: the revision of that repository, or ``""``.

    """

    kind: StepKind
    name: str = ""
    file: str = ""
    line: int = 0
    field: str = ""
    repository: str = ""
    revision: str = ""

    def __str__(self) -> str:
        match self.kind:
            case StepKind.DELIVERY:
                return self.name
            case StepKind.CHART:
                return f"chart {self.name}"
            case StepKind.INPUT:
                return self.field
            case StepKind.POST_RENDERER:
                return f"{self.kind} {self.field}"
            case StepKind.PATCH if not self.file:
                return f"{self.kind} {self.field} of {self.name}"
            case StepKind.SUBSTITUTION:
                return f"{self.kind} {self.field}" + (f" from {self.name}" if self.name else "")
        place = place_of(self.file, 0, self.repository, self.revision)
        place += (f":{self.line}" if self.line else "") + (f"#{self.field}" if self.field else "")
        return place if self.kind is StepKind.OVERLAY else f"{self.kind} {place}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a manifest began, and what touched it since.

    Attributes:
        file: the file of the document it began as, relative to its repository; ``""`` for a generated one.
        line: the line (1-based) where the document begins in that file, or 0.
        chain: what it passed through, outermost last.
        repository: the repository of the file; ``""`` is that of the next delivery in the chain.
        revision: the revision of that repository, or ``""``.

    """

    file: str = ""
    line: int = 0
    chain: tuple[Step, ...] = ()
    repository: str = ""
    revision: str = ""

    def __str__(self) -> str:
        return place_of(self.file, self.line, self.repository, self.revision)

    def through(self, *steps: Step) -> Origin:
        """Return it with steps more."""
        return Origin(
            file=self.file,
            line=self.line,
            chain=(*self.chain, *steps),
            repository=self.repository,
            revision=self.revision,
        )


def place_of(file: str, line: int, repository: str = "", revision: str = "") -> str:
    """Return a place as text: ``file:line``, in another repository as Kustomize writes remote bases."""
    place = file
    if repository:
        place = f"{repository}//{file}" + (f"?ref={revision}" if revision else "")
    return f"{place}:{line}" if line else place


def origin_as_json(origin: Origin) -> dict[str, Json]:
    """Return an origin as data: ``file``, ``line``, ``chain`` (texts) and ``steps``.

    Of each step those fields are there that say something; the repository and the revision of files that stand in what
    a delivery fetched are those of that delivery's source.
    """
    steps: list[dict[str, Json]] = []
    home: dict[str, Json] = {}
    for step in reversed(origin.chain):
        shown = {name: value for name, value in zip(_FIELDS, step, strict=True) if value}
        if step.kind is StepKind.DELIVERY:
            home = {name: shown[name] for name in ("repository", "revision") if name in shown}
        elif step.file and not step.repository and step.kind is not StepKind.CHART:
            shown |= home
        steps.insert(0, shown)
    began: dict[str, Json] = {"file": origin.file, "line": origin.line}
    if origin.repository:
        began |= {"repository": origin.repository, "revision": origin.revision}
    elif origin.file:
        began |= home
    return {**began, "chain": [str(step) for step in origin.chain], "steps": steps}


def origin_from_json(data: Json) -> Origin:
    """Return the origin of :func:`origin_as_json`, every step with its repository."""
    return Origin(
        file=data["file"],
        line=data["line"],
        chain=tuple(
            _step(*(each.get(name) or ("" if name != "line" else 0) for name in _FIELDS)) for each in data["steps"]
        ),
        repository=data.get("repository", ""),
        revision=data.get("revision", ""),
    )


@lru_cache(maxsize=4096)
def _step(kind: str, *rest: str | int) -> Step:
    """Return a step; equal ones are one object, since thousands of manifests share a chain."""
    return Step(StepKind(kind), *rest)  # type: ignore[arg-type]  # in the order of the fields
