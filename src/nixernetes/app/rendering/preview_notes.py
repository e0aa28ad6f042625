"""What a preview could not honour or verify, as lines for the user."""

from __future__ import annotations

from collections.abc import Iterable

from nixernetes.render.deliveries import Delivery
from nixernetes.render.notes import PreviewNote
from nixernetes.render.sops.summary import not_verified

__all__ = ["preview_notes"]

_NAMED = 3  # deliveries named beside one note; the others are counted


def preview_notes(deliveries: Iterable[Delivery]) -> list[str]:
    """Return a line for each thing that was not honoured or verified, and one for all that SOPS encrypted.

    Args:
        deliveries: what was rendered, of all clusters.

    """
    rendered = list(deliveries)
    notes: dict[PreviewNote, dict[str, None]] = {}
    for delivery in rendered:
        for note in delivery.notes:
            notes.setdefault(note, {})[str(delivery.key)] = None
    lines = [f"{note}{_needed(note, list(names))}" for note, names in notes.items()]
    sealed = not_verified(item for delivery in rendered for item in delivery.manifests)
    return [*lines, sealed] if sealed else lines


def _needed(note: PreviewNote, names: list[str]) -> str:
    if names == [note.subject]:
        return ""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f": needed by {', '.join(names[:_NAMED])}{more}"
