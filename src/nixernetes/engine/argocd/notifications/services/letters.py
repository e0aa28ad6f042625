"""One message for one recipient of a service, and what all services share."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from nixernetes.errors import InputError
from nixernetes.objects.fields import mapping_at, text_at
from nixernetes.objects.manifest import Json

__all__ = ["Letter", "given_json", "listed", "present"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message for one recipient.

    Attributes:
        service: the name of the service, as subscriptions use it.
        recipient: who is told.
        settings: the settings of the service, its secrets filled in.
        note: what is told: ``message``, and a part for each service.
        now: the present moment.

    """

    service: str
    recipient: str
    settings: Json
    note: dict[str, Json]
    now: datetime

    @property
    def message(self) -> str:
        """What is told, in words."""
        return text_at(self.note, "message")

    def part(self, name: str) -> Json:
        """Return what the templates say for a type of service; empty where they say nothing."""
        return mapping_at(self.note, name)

    def setting(self, name: str) -> str:
        """Return a setting, ``""`` where it is not a text."""
        return text_at(self.settings, name)

    def address_of(self, table: str, kind: str) -> str:
        """Return what a table of the settings holds for the recipient.

        Raises:
            InputError: nothing.

        """
        found = text_at(self.settings, table, self.recipient)
        if not found:
            raise InputError(f"no {kind} configured for recipient {self.recipient}")
        return found


def given_json(text: str, what: str, kind: type) -> Json:
    """Return the JSON that a template gives, ``[]`` or ``{}`` for nothing.

    Raises:
        InputError: it is not JSON, or of another kind.

    """
    if not text:
        return kind()
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise InputError(f"failed to unmarshal {what}: the template gives what is not JSON") from None
    if not isinstance(found, kind):
        raise InputError(f"failed to unmarshal {what}: the template gives JSON of another kind")
    return found


def listed(value: Json) -> list[Json]:
    """Return a list, an empty one for anything else."""
    return value if isinstance(value, list) else []


def present(**fields: Json) -> dict[str, Json]:
    """Return the fields that are not empty, as Go's ``omitempty`` does."""
    return {name: value for name, value in fields.items() if value not in ("", None, [], {}, 0, False)}
