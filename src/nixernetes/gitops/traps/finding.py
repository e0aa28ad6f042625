"""Looks for all traps."""

from __future__ import annotations

from nixernetes.gitops.traps import (
    deny_only_destinations,
    dotted_values,
    empty_folder,
    health_check_namespace,
    namespace_creation,
    shared_path,
    substitution_names,
    substitution_sources,
    template_syntax,
    unmarked_objects,
)
from nixernetes.gitops.traps.declared import Declared, Trap

__all__ = ["traps_of"]

_ALL = (
    deny_only_destinations,
    dotted_values,
    empty_folder,
    health_check_namespace,
    namespace_creation,
    shared_path,
    substitution_names,
    substitution_sources,
    template_syntax,
    unmarked_objects,
)


def traps_of(declared: Declared) -> list[Trap]:
    """Return the traps of a platform by place, each once: what is declared once may go to a hundred clusters."""
    found = dict.fromkeys(trap for module in _ALL for trap in module.traps(declared))
    return sorted(found, key=lambda trap: (_order(trap.place), trap.subject, trap.message))


def _order(place: str) -> tuple[str, int]:
    file, _, line = place.rpartition(":")
    return (file, int(line)) if line.isdigit() else (place, 0)
