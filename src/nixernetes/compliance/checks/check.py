"""What a check is: what it looks at, and a function from one object to what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from nixernetes.compliance.objects import AssessedObject, ClusterIndex, FieldPath
from nixernetes.compliance.options import AssessmentOptions
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.manifest import Json

__all__ = ["UNSET", "CheckFunction", "CheckScene", "ComplianceCheck", "Fault", "on_kinds", "on_pods"]

UNSET: Final = "unset"
"""What stands for the value of a field that is not there."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an object, or why that cannot be said.

    Attributes:
        path: the field.
        expected: what should be there.
        found: what is there; what may be secret is masked.
        undecided: whether nobody can say from files whether something is wrong.

    """

    path: FieldPath
    expected: str
    found: Json = UNSET
    undecided: bool = False


@dataclass(frozen=True, slots=True)
class CheckScene:
    """What a check may ask besides its object."""

    index: ClusterIndex
    options: AssessmentOptions


CheckFunction: TypeAlias = Callable[[AssessedObject, CheckScene], Iterable[Fault]]


@dataclass(frozen=True, slots=True)
class ComplianceCheck:
    """A check.

    Attributes:
        id: its name.
        subjects: gives the objects of a cluster that it is about.
        judge: gives what is wrong with one of them; nothing where it passes.

    """

    id: str
    subjects: Callable[[ClusterIndex], list[AssessedObject]]
    judge: CheckFunction


def on_pods(name: str, judge: CheckFunction) -> ComplianceCheck:
    """Return a check of everything that has a pod template."""
    return ComplianceCheck(name, lambda index: index.pods, judge)


def on_kinds(name: str, judge: CheckFunction, *kinds: GroupKind) -> ComplianceCheck:
    """Return a check of the objects of some kinds."""
    return ComplianceCheck(name, lambda index: index.of(*kinds), judge)
