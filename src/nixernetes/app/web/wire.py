"""How the values of the page are written as JSON."""

from __future__ import annotations

from typing import Final

from pydantic import ConfigDict
from pydantic.alias_generators import to_camel

__all__ = ["AS_JSON", "SENT_JSON"]

AS_JSON: Final = ConfigDict(alias_generator=to_camel)
SENT_JSON: Final = ConfigDict(alias_generator=to_camel, extra="forbid")  # of what browsers send
