"""What all declarations of a platform are: frozen, keyword-only, strict, and aware of where they were written."""

from __future__ import annotations

import sys
from pathlib import PurePath
from typing import Any, ClassVar

import pydantic
from pydantic import BaseModel, ConfigDict, PrivateAttr, ValidationError

from nixernetes.gitops.refusal import refusal

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

    @property
    def declared_at(self) -> str:
        """The ``file:line`` where this was declared."""
        return self._declared_at


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
