"""Moments as status fields carry them."""

from __future__ import annotations

from datetime import datetime

from nixernetes.objects.clocks import timestamp

__all__ = ["kitchen", "parse", "timestamp"]


def parse(text: str | None) -> datetime | None:
    """Read an RFC 3339 moment; None for nothing and for what is no moment."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def kitchen(moment: datetime) -> str:
    """Write a moment as Go's ``time.Kitchen``: ``3:04PM``."""
    return f"{moment.hour % 12 or 12}:{moment.minute:02d}{'PM' if moment.hour >= 12 else 'AM'}"
