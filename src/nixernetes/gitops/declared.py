"""What all declarations of a platform are: frozen, keyword-only, strict, and aware of where they were written."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any, ClassVar

import pydantic
from pydantic import BaseModel, ConfigDict, PrivateAttr, ValidationError

from nixernetes.gitops.refusal import refusal
from nixernetes.objects.masking import mask_change

__all__ = ["DeclaredPart", "caller_place"]

_INSIDE = (str(PurePath(__file__).parents[1]), str(PurePath(pydantic.__file__).parent), "<frozen")


class DeclaredPart(BaseModel):
    """A part of a platform.

    Raises:
        InputError: an unknown field (with the nearest right one) or a wrong value (with the rule it breaks).

    """

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)
    _declared_at: str = PrivateAttr(default="")

    def __init__(self, **fields: Any) -> None:
        place = caller_place()
        try:
            super().__init__(**fields)
        except ValidationError as error:
            name = fields.get("name")
            subject = f"{type(self).__name__} {name}" if isinstance(name, str) else type(self).__name__
            raise refusal(type(self), error, subject=subject, place=place) from None
        self._declared_at = place

    def __repr_args__(self) -> Iterator[tuple[str, Any]]:
        """Yield what was given, for ``repr`` and rich; the values of Secrets are hidden."""
        given = getattr(self, "__pydantic_fields_set__", ())  # a debugger may ask while it is being made
        return ((name, _shown(self.__dict__[name])) for name in type(self).model_fields if name in given)

    def __str__(self) -> str:
        return repr(self)

    @property
    def declared_at(self) -> str:
        """The ``file:line`` where this was declared."""
        return self._declared_at


def _shown(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(mask_change(item, item)[0] if isinstance(item, dict) else item for item in value)
    return value


def caller_place() -> str:
    """Return ``file:line`` of the nearest caller outside of Nixernetes."""
    frame = sys._getframe(1)  # noqa: SLF001  # the documented way to learn who calls, and the only cheap one
    while True:
        name = frame.f_code.co_filename
        if not name.startswith(_INSIDE):
            return f"{name}:{frame.f_lineno}"
        if frame.f_back is None:
            return ""
        frame = frame.f_back
