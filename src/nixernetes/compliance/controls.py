"""Frameworks and their controls: data beside this file, or a mapping that users write themselves.

A mapping is provisional where nobody but us says which checks serve a control; every report says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Final

from nixernetes.compliance.checks.catalog import CHECK_IDS, severity_of
from nixernetes.errors import InputError
from nixernetes.gitops.marking.label_values import label_value_problem
from nixernetes.objects import yamls
from nixernetes.objects.fields import items_at, objects_at, text_at
from nixernetes.objects.manifest import Json

__all__ = ["Control", "Framework", "framework", "frameworks", "label_of", "read_mapping"]

_WAYS: Final = ("manifests", "cluster", "process", "manual")
_RANKS: Final = ("critical", "high", "medium", "low", "info")


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A control of a framework.

    Attributes:
        id: its identifier, as the framework writes it.
        title: what it asks for, in our words.
        checks: the checks that serve it; all must pass.
        assessable: how it can be assessed: from ``manifests``, or only in a ``cluster``, by asking people about a
            ``process``, or by judgement (``manual``).
        also: other identifiers, of other editions.

    """

    id: str
    title: str
    checks: tuple[str, ...] = ()
    assessable: str = "manifests"
    also: tuple[str, ...] = ()

    @property
    def severity(self) -> str:
        """How much a failure matters: as the worst of its checks does."""
        return min((severity_of(each) for each in self.checks), key=_RANKS.index, default="medium")


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """A framework.

    Attributes:
        id: its identifier, as ``soc2-tsc-2017``.
        name: what it is called in a line, as ``SOC2``.
        label: what it is called in a label.
        version: its edition.
        source: where its controls are from.
        provisional: whether the mapping of checks to controls is ours alone.
        controls: its controls, in its own order.
        aliases: other names.

    """

    id: str
    name: str
    label: str
    version: str
    source: str
    provisional: bool
    controls: tuple[Control, ...]
    aliases: tuple[str, ...] = ()

    def control(self, name: str) -> Control | None:
        """Return a control by an identifier, or None."""
        return next((each for each in self.controls if name == each.id or name in each.also), None)


@cache
def frameworks() -> tuple[Framework, ...]:
    """Return the frameworks that are known, sorted by their identifiers."""
    folder = files("nixernetes.compliance").joinpath("data/frameworks")
    found = [_framework(json.loads(each.read_text(encoding="utf-8"))) for each in folder.iterdir()]
    return tuple(sorted(found, key=lambda each: each.id))


def framework(name: str, own: Sequence[Framework] = ()) -> Framework:
    """Return a framework by any of its names; case, spaces and punctuation do not matter.

    Args:
        name: the name.
        own: frameworks that are known besides; they win.

    Raises:
        InputError: there is no such framework; the message lists those that there are.

    """
    wanted = _plain(name)
    known = [*own, *frameworks()]
    for each in known:
        if wanted and wanted in map(_plain, (each.id, each.name, each.label, *each.aliases)):
            return each
    names = sorted({each.name for each in known})
    near = get_close_matches(name.upper(), names, n=1, cutoff=0.5)
    meant = f"; is it {near[0]}?" if near else ""
    raise InputError(f"framework {name!r} is not one of {', '.join(names)}{meant}", subject=name)


def label_of(name: str) -> str:
    """Return what a framework is called in a label.

    Raises:
        ValueError: there is no such framework.

    """
    try:
        return framework(name).label
    except InputError as error:
        raise ValueError(error.message) from None


def read_mapping(data: bytes, file: str = "") -> Framework:
    """Return the framework of a mapping that a user writes: ``framework``, ``version``, ``controls``.

    Args:
        data: YAML.
        file: its name, for messages.

    Raises:
        InputError: it is not YAML, or a part is missing or of another form, or there is no such check.

    """
    found = yamls.parse(data, file=file)
    name = text_at(found, "framework")
    if not name:
        remedy = "write framework: ID, version: TEXT, controls: [{id, title, checks: [...]}]"
        raise InputError(f"a mapping names its framework: {remedy}", place=file)
    problem = label_value_problem(name)
    if problem:
        raise InputError(f"framework {problem}", place=f"{file}:{yamls.locate(data, ('framework',))}")
    controls = []
    for number, row in enumerate(items_at(found, "controls")):
        place = f"{file}:{yamls.locate(data, ('controls', number))}"
        controls.append(_own_control(row, place))
    if not controls:
        raise InputError("a mapping has controls: write controls: [{id, title, checks: [...]}]", place=file)
    twice = sorted({each.id for each in controls if [other.id for other in controls].count(each.id) > 1})
    if twice:
        raise InputError(f"two controls are called {twice[0]}: rename one", place=file)
    return Framework(
        id=name,
        name=name,
        label=name,
        version=_said(found, "version"),
        source=file,
        provisional=False,
        controls=tuple(controls),
    )


def _own_control(row: Json, place: str) -> Control:
    name = _said(row, "id")
    if not name:
        raise InputError("a control has an id: write id: TEXT", place=place)
    checks = items_at(row, "checks")
    for each in checks:
        if each not in CHECK_IDS:
            near = get_close_matches(str(each), CHECK_IDS, n=1)
            meant = f": is it {near[0]}?" if near else f": there are {', '.join(CHECK_IDS)}"
            raise InputError(f"control {name}: there is no check {each!r}{meant}", place=place)
    way = text_at(row, "assessable") or ("manifests" if checks else "manual")
    if way not in _WAYS or (way == "manifests" and not checks):
        raise InputError(f"control {name}: give checks, or assessable: cluster, process or manual", place=place)
    return Control(id=name, title=text_at(row, "title"), checks=tuple(checks), assessable=way)


def _said(data: Json, name: str) -> str:
    """Return a text that may have been written as a number."""
    found = data.get(name) if isinstance(data, dict) else None
    return str(found) if isinstance(found, str | int | float) and not isinstance(found, bool) else ""


def _framework(data: Json) -> Framework:
    controls = (
        Control(
            id=row["id"],
            title=row["title"],
            checks=tuple(items_at(row, "checks")),
            assessable=text_at(row, "assessable") or "manifests",
            also=tuple(items_at(row, "also")),
        )
        for row in objects_at(data, "controls")
    )
    rest = {name: data[name] for name in ("id", "name", "label", "version", "source", "provisional")}
    return Framework(**rest, controls=tuple(controls), aliases=tuple(data["aliases"]))


def _plain(name: str) -> str:
    return "".join(_signs(name))


def _signs(name: str) -> Iterable[str]:
    return (sign for sign in name.lower() if sign.isalnum())
