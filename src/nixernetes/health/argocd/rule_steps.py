"""What a line of a rule does: a step looks at an object, and decides, or leaves it to the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from nixernetes.health.argocd.script_values import (
    at,
    is_less,
    is_number,
    is_same,
    otherwise,
    reach,
    size,
    spelled,
    truth,
)
from nixernetes.objects.manifest import Json

__all__ = ["NEXT", "Filling", "Guard", "Path", "Question", "Said", "Scope", "Step", "Template", "run"]


class Said(NamedTuple):
    """What a rule says, in the form in which a script would return it."""

    status: Json = None
    message: Json = None


@dataclass(frozen=True, slots=True)
class Scope:
    """What a step sees.

    Attributes:
        obj: the whole object.
        item: the condition, or other entry, that is looked at.
        names: what ``let`` and ``each`` have named.
        so_far: what holds when nothing later decides; one entry, shared by all steps of a rule.

    """

    obj: Json
    item: Json
    names: dict[str, Json]
    so_far: list[Said]

    def at_item(self, item: Json, **names: Json) -> Scope:
        """Return the scope of an entry."""
        return Scope(self.obj, item, self.names | names, self.so_far)


NEXT: Final = Said("next")  # this entry is done with
Step: TypeAlias = Callable[[Scope], Said | None]


def run(steps: Sequence[Step], scope: Scope) -> Said | None:
    """Return what the first step that decides says."""
    for step in steps:
        said = step(scope)
        if said is not None:
            return said
    return None


@dataclass(frozen=True, slots=True)
class Path:
    """Where a value stands: in the object (``.status.phase``), in what is looked at, or in what has a name."""

    names: tuple[str, ...]
    from_object: bool

    def read(self, scope: Scope) -> Json:
        """Return the value, or None."""
        base, names = self._base(scope)
        return at(base, *names)

    def reach(self, scope: Scope) -> Json:
        """Return the value, or None where only the last field is not there.

        Raises:
            InputError: the path leads through nothing.

        """
        base, names = self._base(scope)
        return None if base is None else reach(base, *names)

    def _base(self, scope: Scope) -> tuple[Json, tuple[str, ...]]:
        if self.from_object:
            return scope.obj, self.names
        first, *rest = self.names
        if first == "*":
            return scope.item, tuple(rest)
        return (scope.names[first], tuple(rest)) if first in scope.names else (scope.item, self.names)


@dataclass(frozen=True, slots=True)
class Question:
    """One question about one value."""

    path: Path
    asks: str  # exists, truth, or a comparison
    values: tuple[Json | Path, ...] = ()
    of_size: bool = False
    negated: bool = False

    def holds(self, scope: Scope) -> bool:
        """Answer it."""
        found = self.path.read(scope)
        return self._answer(size(found) if self.of_size else found, scope) is not self.negated

    def _answer(self, found: Json, scope: Scope) -> bool:
        if self.asks == "exists":
            return found is not None
        if self.asks == "truth":
            return truth(found)
        wanted = [value.read(scope) if isinstance(value, Path) else value for value in self.values]
        if self.of_size and isinstance(self.values[0], Path):
            wanted = [size(value) for value in wanted]
        if self.asks == "=":
            return any(is_same(found, value) for value in wanted)
        if self.asks == "$=":
            return isinstance(found, str) and found.endswith(str(wanted[0]))
        if type(found) is not type(wanted[0]) and not (is_number(found) and is_number(wanted[0])):
            return False
        return is_less(found, wanted[0]) if self.asks == "<" else is_less(wanted[0], found)


@dataclass(frozen=True, slots=True)
class Guard:
    """Tests that hold together, or others that do; no test at all always holds."""

    choices: tuple[tuple[Question, ...], ...]

    def holds(self, scope: Scope) -> bool:
        """Tell whether one choice holds."""
        return any(all(test.holds(scope) for test in choice) for choice in self.choices)


@dataclass(frozen=True, slots=True)
class Filling:
    """What fills a place in a message: the first of some paths and texts that is there.

    Attributes:
        choices: the paths and texts.
        around: the text in which the value stands for ``*``; without a value there is no text at all.

    """

    choices: tuple[str | Path, ...]
    around: str = ""

    def value(self, scope: Scope) -> Json:
        """Return what fills it."""
        found = self._found(self.choices[-1], scope)
        for choice in reversed(self.choices[:-1]):
            found = otherwise(self._found(choice, scope), found)
        if self.around:
            return "" if found in (None, "") else self.around.replace("*", spelled(found))
        return found

    @staticmethod
    def _found(choice: str | Path, scope: Scope) -> Json:
        if isinstance(choice, str):
            return choice
        return scope.so_far[0].message if choice.names == ("=",) else choice.reach(scope)


@dataclass(frozen=True, slots=True)
class Template:
    """A message: texts, and what fills the places between them."""

    parts: tuple[str | Filling, ...]

    def filled(self, scope: Scope) -> Json:
        """Return the message; a value that stands alone is handed on as it is.

        Raises:
            InputError: a value is not there, or is no text.

        """
        if len(self.parts) == 1:
            part = self.parts[0]
            return part if isinstance(part, str) else part.value(scope)
        return "".join(part if isinstance(part, str) else spelled(part.value(scope)) for part in self.parts)
