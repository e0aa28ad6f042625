"""What a pod has that a control of the Pod Security Standards forbids, and the pod as the controls read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from nixernetes.objects.fields import items_at, mapping_at, text_at
from nixernetes.objects.manifest import Json

__all__ = ["Breach", "Pod", "PodContainer", "Violation", "counted", "quoted"]

CONTAINERS: Final = ("initContainers", "containers", "ephemeralContainers")  # in the order in which they are told


@dataclass(frozen=True, slots=True)
class Violation:
    """One field of a pod.

    Attributes:
        field: where it is, as ``spec.containers[0].securityContext.privileged``.
        value: what is forbidden there; None where nothing can be quoted.
        is_required: whether the field is missing and must be set.

    """

    field: str
    value: bool | int | str | tuple[str, ...] | None = None
    is_required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A control that a pod does not keep.

    Attributes:
        check: the check, as ``hostPorts``.
        reason: what is forbidden, in a few words.
        detail: the same with the names of containers and volumes.
        violations: the fields.

    """

    check: str
    reason: str
    detail: str
    violations: tuple[Violation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PodContainer:
    """A container.

    Attributes:
        path: where it is, as ``spec.containers[0]``.
        name: its name.
        spec: itself.

    """

    path: str
    name: str
    spec: Mapping[str, Json]

    @property
    def security(self) -> Mapping[str, Json]:
        """Its security context."""
        return mapping_at(self.spec, "securityContext")

    def at(self, *steps: str) -> str:
        """Return where a field of its security context is."""
        return ".".join((self.path, "securityContext", *steps))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pod:
    """A pod, or the template of one.

    Attributes:
        spec: its specification.
        annotations: its annotations.

    """

    spec: Mapping[str, Json]
    annotations: Mapping[str, str]
    _containers: list[PodContainer] = field(default_factory=list, compare=False, repr=False)  # once they were asked for

    @property
    def security(self) -> Mapping[str, Json]:
        """Its security context."""
        return mapping_at(self.spec, "securityContext")

    @property
    def is_for_windows(self) -> bool:
        """Whether its nodes run Windows."""
        return text_at(self.spec, "os", "name") == "windows"

    def containers(self) -> Iterator[PodContainer]:
        """Return its containers, those that run first before the others."""
        if not self._containers:
            self._containers.extend(
                PodContainer(path=f"spec.{kind}[{index}]", name=text_at(each, "name"), spec=each)
                for kind in CONTAINERS
                for index, each in enumerate(items_at(self.spec, kind))
                if isinstance(each, dict)
            )
        return iter(self._containers)


def quoted(names: Sequence[str]) -> str:
    """Return names in quotes, with commas between them."""
    return ", ".join(f'"{name}"' for name in names)


def counted(word: str, names: Sequence[str]) -> str:
    """Return ``container "a"`` or ``containers "a", "b"``."""
    return f"{word}{'' if len(names) == 1 else 's'} {quoted(names)}"
