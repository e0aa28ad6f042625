"""PolicyExceptions of Kyverno: who waives which policies in the cluster itself, and whether that ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from nixernetes.compliance.objects import AssessedCluster, AssessedObject
from nixernetes.objects.api_groups import KYVERNO, KYVERNO_POLICIES
from nixernetes.objects.fields import objects_at, text_at
from nixernetes.objects.manifest import labels_of

__all__ = ["PlacedException", "placed_exceptions"]

_GROUPS: Final = (KYVERNO, KYVERNO_POLICIES)
_KIND: Final = "PolicyException"
_TTL: Final = "cleanup.kyverno.io/ttl"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedException:
    """A PolicyException.

    Attributes:
        object: who it is.
        policies: the policies that it exempts from.
        clusters: where it is.
        ttl: when it goes away by itself, ``""`` for never.
        file: where it is written.
        line: the line.

    """

    object: str
    policies: tuple[str, ...]
    clusters: tuple[str, ...]
    ttl: str = ""
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.file else ""
        end = f"until {self.ttl}" if self.ttl else f"without an end (no label {_TTL})"
        return f"{place}{self.object} on {', '.join(self.clusters)} exempts from {', '.join(self.policies)} {end}"


def placed_exceptions(clusters: Iterable[AssessedCluster]) -> tuple[PlacedException, ...]:
    """Return the PolicyExceptions of clusters, sorted; one that is on several clusters is told once."""
    found: dict[tuple[str, tuple[str, ...], str, str, int], list[str]] = {}
    for cluster in clusters:
        for item in cluster.objects:
            if item.key.kind == _KIND and item.key.group in _GROUPS:
                key = (str(item.key), _policies(item), labels_of(item.manifest).get(_TTL, ""), item.file, item.line)
                found.setdefault(key, []).append(cluster.name)
    return tuple(
        PlacedException(object=name, policies=policies, clusters=tuple(where), ttl=ttl, file=file, line=line)
        for (name, policies, ttl, file, line), where in sorted(found.items())
    )


def _policies(item: AssessedObject) -> tuple[str, ...]:
    classic = [text_at(each, "policyName") for each in objects_at(item.manifest, "spec", "exceptions")]
    named = [text_at(each, "name") for each in objects_at(item.manifest, "spec", "policyRefs")]
    return tuple(dict.fromkeys(each for each in (*classic, *named) if each)) or ("no policy",)
