"""Values that SOPS encrypted and that are not opened here: that the encrypted text changed still shows.

SOPS keeps the text of a value that stays the same, so another text is another value.
"""

from __future__ import annotations

from nixernetes.changes.fields import ABSENT, FieldChange
from nixernetes.changes.sides import Side
from nixernetes.objects.fields import at
from nixernetes.objects.manifest import Json
from nixernetes.render.sops.seal import Seal
from nixernetes.verify.objects import Placed

__all__ = ["sealed_fields"]


def sealed_fields(old: Placed, new: Placed, base: Side, head: Side) -> tuple[FieldChange, ...]:
    """Return the encrypted values that differ, hidden; none where they are opened, which shows by itself.

    Args:
        old: the object as it was.
        new: the object as it is.
        base: the platform before.
        head: the platform now.

    """
    if not _is_closed(old.seal) or not _is_closed(new.seal) or old.seal is None or new.seal is None:
        return ()
    before, after = _written(old, base), _written(new, head)
    found = []
    for path in dict.fromkeys((*old.seal.paths, *new.seal.paths)):
        was, is_now = _value(before, path), _value(after, path)
        if was is not ABSENT and is_now is not ABSENT and was != is_now:
            name = ".".join(str(step) for step in path)
            found.append(FieldChange(path=name, before="*** (before)", after="*** (after)", place=path))
    return tuple(found)


def _is_closed(seal: Seal | None) -> bool:
    return seal is not None and seal.state != "opened"


def _written(item: Placed, side: Side) -> Json:
    """Return the document that an object is written as, None where it is not one of the repository."""
    if not item.origin.file or item.origin.repository:
        return None
    documents = side.view.platform.estate.index.lenient(item.origin.file)
    return next((each.data for each in documents if each.line == item.origin.line), None)


def _value(document: Json, path: tuple[str | int, ...]) -> Json:
    value = document
    for step in path:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and 0 <= step < len(value) else None
        else:
            value = at(value, step)
    return ABSENT if value is None else value
