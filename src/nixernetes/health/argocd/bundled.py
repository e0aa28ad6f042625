"""Health of the custom kinds that Argo CD 3.5 has a script for (``resource_customizations/**/health.lua``).

Each is a rule of ours with equal answers, in the language of :mod:`nixernetes.health.argocd.rule_language`; it is read
when an object of its kind is first met. Kinds that are not there have no health, and so never hold up an Application. A
user's own Lua always comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from nixernetes.errors import InputError
from nixernetes.health.argocd.status import Health, HealthStatus, decoded
from nixernetes.languages.globs.gobwas import glob_match
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.manifest import Json, Manifest

if TYPE_CHECKING:
    from nixernetes.health.argocd.rule_language import Special
    from nixernetes.health.argocd.rule_steps import Said

__all__ = ["assess_bundled", "bundled_kinds"]

_FILES: Final = ("data.rules", "delivery.rules", "kubernetes.rules", "services.rules", "shapes.rules")
_SHAPES: Final = "shapes"


def assess_bundled(kind: GroupKind, obj: Manifest) -> Health | None:
    """Return the health of an object of a custom kind, or None when no script is bundled for it.

    What a script could not read without failing is Unknown, with the reason.
    """
    rule = _rule(kind)
    if rule is None:
        return None
    try:
        said = rule(obj)
    except InputError as error:
        return Health(HealthStatus.UNKNOWN, f"the health of this {kind.kind} cannot be told: {error.message}")
    return None if said is None else decoded(said.status, said.message)


def bundled_kinds() -> list[GroupKind]:
    """Return the kinds that have a rule, sorted; ``*`` stands for any text."""
    return sorted(GroupKind(group, kind) for group in _groups() if group != _SHAPES for kind in _kinds(group))


@cache
def _groups() -> Mapping[str, str]:
    """Return what the rules of every API group are, as text."""
    folder = resources.files("nixernetes.health.argocd").joinpath("data")
    texts = "\n".join(folder.joinpath(name).read_text("utf-8") for name in _FILES)
    return dict(section.split("]\n", 1) for section in texts.split("\n[")[1:])


@cache
def _kinds(group: str) -> Mapping[str, list[str]]:
    """Return the lines of every kind of a group that has rules."""
    found: dict[str, list[str]] = {}
    kinds: list[str] = []
    for line in _groups()[group].splitlines():
        if not line.startswith(" "):
            kinds = [] if line.startswith("#") else line.split()
        for kind in kinds:
            found.setdefault(kind, []).append(line)
    return {kind: lines[1:] for kind, lines in found.items()}


@lru_cache(maxsize=512)
def _rule(kind: GroupKind) -> Callable[[Json], Said | None] | None:
    """Return the rule of a kind: its own, else that of the first pattern; the 512 used last are kept."""
    lines = _lines(kind)
    if lines is None:
        return None
    from nixernetes.health.argocd.rule_language import parse  # noqa: PLC0415 - many repositories have none of the kinds

    return parse(lines, shapes=_kinds(_SHAPES), special=_special)


def _lines(kind: GroupKind) -> list[str] | None:
    own = _kinds(kind.group) if kind.group in _groups() and kind.group != _SHAPES else {}
    if kind.kind in own:
        return own[kind.kind]
    groups = (group for group in _groups() if "*" in group or group == kind.group)
    found = (_kinds(group)["*"] for group in groups if glob_match(group, kind.group) and "*" in _kinds(group))
    return next(found, None)


def _special(name: str) -> Special:
    from nixernetes.health.argocd.special import SPECIAL  # noqa: PLC0415 - few kinds need one

    return SPECIAL[name]
