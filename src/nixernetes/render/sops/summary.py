"""One line about all that SOPS encrypted and nobody could read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from nixernetes.objects.identity import key_of
from nixernetes.render.rendered import Rendered, is_opened

__all__ = ["not_verified"]

_MOST: Final = 40  # names for one reason; a repository has twenty encrypted Secrets


def not_verified(items: Iterable[Rendered]) -> str:
    """Return how many documents have placeholders, which, and why; ``""`` for none.

    Args:
        items: what is rendered; of an object that several deliveries bring, the first counts.

    """
    names: dict[str, str | None] = {}
    for item in items:
        if item.seal is not None:
            names.setdefault(str(key_of(item.manifest)), None if is_opened(item) else item.seal.reason)
    reasons: dict[str, list[str]] = {}
    for name, reason in sorted(names.items()):
        if reason is not None:
            reasons.setdefault(reason, []).append(name)
    number = sum(map(len, reasons.values()))
    if not number:
        return ""
    parts = [f"{_listed(found)} ({reason})" for reason, found in sorted(reasons.items())]
    count = "1 document that SOPS encrypted has" if number == 1 else f"{number} documents that SOPS encrypted have"
    return f"not verified: {count} placeholders for values: {'; '.join(parts)}"


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return ", ".join(names[:_MOST]) + more
