"""What a name means: a variable, a constant or a function, looked up from the container outwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from nixernetes.languages.cel.functions import Constant, Overload, Structure
from nixernetes.languages.cel.syntax.nodes import Call, Ident, Node, Select
from nixernetes.languages.cel.syntax.trees import qualified_name
from nixernetes.languages.cel.types import Type

__all__ = ["Names"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """All that can be named.

    Args:
        functions: overloads by name.
        variables: types by name; a name may have dots.
        constants: values by name.
        structures: messages by name.
        families: what gives further messages by name.
        container: a name that is put before others first, as a package is.

    """

    functions: Mapping[str, Sequence[Overload]]
    variables: Mapping[str, Type] = field(default_factory=dict)
    constants: Mapping[str, Constant] = field(default_factory=dict)
    structures: Mapping[str, Structure] = field(default_factory=dict)
    families: Sequence[Callable[[str], Structure | None]] = ()
    container: str = ""

    def candidates(self, name: str) -> list[str]:
        """Return the full names that a name may stand for, best first."""
        if name.startswith("."):
            return [name[1:]]
        parts = self.container.split(".") if self.container else []
        return [".".join([*parts[:count], name]) for count in range(len(parts), -1, -1)]

    def variable(self, name: str) -> str | None:
        """Return the full name of a declared variable or constant."""
        for candidate in self.candidates(name):
            if candidate in self.variables or candidate in self.constants:
                return candidate
        return None

    def qualified(self, node: Select | Ident, local: Mapping[str, object]) -> str | None:
        """Return the full name of the variable or constant that a name or a chain of selections stands for.

        Args:
            node: the name or chain.
            local: the variables of loops around it, which hide others that begin alike.

        """
        name = qualified_name(node)
        if name is None or name.partition(".")[0] in local:
            return None
        return self.variable(name)

    def function(self, name: str) -> str | None:
        """Return the full name of a declared function."""
        for candidate in self.candidates(name):
            if candidate in self.functions:
                return candidate
        return None

    def called(self, call: Call, local: Mapping[str, object]) -> tuple[str | None, Node | None]:
        """Return the full name of the function that is called, and the target of a method.

        ``a.b(c)`` is the function ``a.b`` if there is one, and a method of ``a`` otherwise.
        """
        if call.target is None:
            return self.function(call.name), None
        prefix = qualified_name(call.target)
        if prefix is not None and prefix.partition(".")[0] not in local:
            full = self.function(f"{prefix}.{call.name}")
            if full is not None:
                return full, None
        return self.function(call.name), call.target

    def structure(self, name: str) -> Structure | None:
        """Return a declared message."""
        for candidate in self.candidates(name):
            found = self.message(candidate)
            if found is not None:
                return found
        return None

    def message(self, full_name: str) -> Structure | None:
        """Return the message of a full name."""
        if full_name in self.structures:
            return self.structures[full_name]
        return next((found for found in (family(full_name) for family in self.families) if found is not None), None)
