"""One line about all that SOPS encrypted and nobody could read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from nixernetes.objects.identity import key_of
from nixernetes.render.rendered import Rendered

__all__ = ["not_verified"]

_MOST: Final = 40  # names for one reason; a repository has twenty encrypted Secrets


def not_verified(items: Iterable[Rendered]) -> str:
    """Return how many documents have placeholders, which, and why; ``""`` for none.

    Args:
        items: what is rendered; an object that several deliveries bring is counted once.

    """
    reasons: dict[str, set[str]] = {}
    for item in items:
        if item.seal is not None and item.seal.state != "opened":
            reasons.setdefault(item.seal.reason, set()).add(str(key_of(item.manifest)))
    names = set().union(*reasons.values())
    if not names:
        return ""
    parts = [f"{_listed(sorted(found))} ({reason})" for reason, found in sorted(reasons.items())]
    count = (
        "1 document that SOPS encrypted has" if len(names) == 1 else f"{len(names)} documents that SOPS encrypted have"
    )
    return f"not verified: {count} placeholders for values: {'; '.join(parts)}"


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return ", ".join(names[:_MOST]) + more
