"""Where something is in a definition, and where a server says that it is."""

from __future__ import annotations

from nixernetes.objects.manifest import Json
from nixernetes.schemas.problems import FieldPath, MapKey, Problem, duplicate, forbidden, invalid, required, unsupported

__all__ = ["SchemaPlace"]


class SchemaPlace:
    """A part of a definition.

    Args:
        path: where it is written.
        told: where a server says that it is; default: where it is written.

    """

    __slots__ = ("path", "told")

    def __init__(self, path: FieldPath, told: FieldPath | None = None) -> None:
        self.path = path
        self.told = path if told is None else told

    def child(self, step: str | int, told: str = "") -> SchemaPlace:
        """Return a part of this part, which a server may call otherwise."""
        return SchemaPlace((*self.path, step), (*self.told, told or step))

    def of(self, field: str, name: str) -> SchemaPlace:
        """Return one value of a map that is a field of this part: ``properties[spec]``."""
        return SchemaPlace((*self.path, field, name), (*self.told, field, MapKey(name)))

    def invalid(self, value: Json, detail: str) -> Problem:
        """Return that the value here is invalid."""
        return self._at(invalid(self.path, value, detail))

    def required(self, detail: str = "") -> Problem:
        """Return that something has to be here."""
        return self._at(required(self.path, detail))

    def forbidden(self, detail: str) -> Problem:
        """Return that nothing may be here."""
        return self._at(forbidden(self.path, detail))

    def duplicate(self, value: Json) -> Problem:
        """Return that the value here is there twice."""
        return self._at(duplicate(self.path, value))

    def unsupported(self, value: Json, allowed: tuple[str, ...]) -> Problem:
        """Return that the value here is none of those that it may be."""
        return self._at(unsupported(self.path, value, allowed))

    def _at(self, problem: Problem) -> Problem:
        return Problem(problem.path, problem.kind, problem.message, field=self.told)
