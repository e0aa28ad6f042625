"""What the shell completes beside commands and options: kinds, names, clusters of the ``up`` that runs.

A shell waits for this at each press of a key, so that nothing is loaded that is not needed, and nobody is waited for
longer than a second. Where no ``up`` runs, kinds are those that everybody has.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from nixernetes.objects.manifest import Json

__all__ = ["clusters", "controllers", "kinds", "namespaces", "objects"]

_SECONDS = 1.0
_KINDLESS = ("sync", "refresh")  # commands that take names of Applications


def clusters(context: typer.Context, incomplete: str) -> list[str]:
    """Return the clusters that begin so."""
    return _words(context, incomplete, {"what": "clusters"})


def namespaces(context: typer.Context, incomplete: str) -> list[str]:
    """Return the namespaces that begin so."""
    return _words(context, incomplete, {"what": "namespaces"})


def controllers(context: typer.Context, incomplete: str) -> list[str]:
    """Return the controllers that begin so."""
    return _words(context, incomplete, {"what": "controllers"})


def kinds(context: typer.Context, incomplete: str) -> list[str]:
    """Return the kinds that begin so."""
    return _words(context, incomplete, {"what": "kinds"}) or _known_kinds(incomplete)


def objects(context: typer.Context, incomplete: str) -> list[str]:
    """Return kinds, and after a kind the names of its objects; ``KIND/`` begins a name as well."""
    named = context.params.get("objects") or context.params.get("name") or ()
    words = [word for word in named if isinstance(word, str)]
    cluster = str(context.params.get("cluster") or "")
    if context.info_name in _KINDLESS:
        return _words(context, incomplete, {"what": "names", "kind": "application"})
    kind, slash, begun = incomplete.partition("/")
    if slash:
        found = _words(context, begun, {"what": "names", "kind": kind, "cluster": cluster})
        return [f"{kind}/{name}" for name in found]
    if words and "/" not in words[0]:
        return _words(context, incomplete, {"what": "names", "kind": words[0], "cluster": cluster})
    return kinds(context, incomplete)


def _words(context: typer.Context, incomplete: str, asked: dict[str, Json]) -> list[str]:
    from nixernetes.adapters.control.asking import ask  # noqa: PLC0415  # --help has no need
    from nixernetes.adapters.control.places import place_of, running_for  # noqa: PLC0415  # same
    from nixernetes.errors import NixernetesError  # noqa: PLC0415  # same

    target = Path(str(context.params.get("target") or ""))
    folder = target if target.is_dir() else target.parent
    try:
        reply = ask(place_of(running_for(folder)), {"do": "complete", **asked}, _SECONDS)
    except NixernetesError:
        return []
    found = reply.get("words") or []
    return [word for word in found if isinstance(word, str) and word.startswith(incomplete)]


def _known_kinds(incomplete: str) -> list[str]:
    from nixernetes.schemas.short_names import SHORT_NAMES  # noqa: PLC0415  # --help has no need

    words = {word for kind, names in SHORT_NAMES.items() for word in (kind.lower(), *names)}
    return sorted(word for word in words if word.startswith(incomplete))
