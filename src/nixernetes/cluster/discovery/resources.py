"""Resources: built-in ones, as data, and those of CustomResourceDefinitions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources as files
from typing import Final

from nixernetes.cluster.provided.naming import is_established
from nixernetes.objects.fields import flag_at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Manifest

__all__ = ["ApiResource", "Subresource", "builtin", "custom"]

_ALL: Final = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")
_CUSTOM: Final = ("delete", "deletecollection", "get", "list", "patch", "create", "update", "watch")
_PART: Final = ("get", "patch", "update")
_SCALE: Final = ("autoscaling", "v1", "Scale")


@dataclass(frozen=True, slots=True)
class Subresource:
    """A part of a resource that has a path of its own.

    Attributes:
        name: ``status``, ``scale``, ...
        group: the group of its kind; that of the resource where nothing else is said.
        version: the version of its kind.
        kind: its kind.
        is_foreign: whether its kind is of another group or version than the resource.
        verbs: what can be done.

    """

    name: str
    group: str
    version: str
    kind: str
    is_foreign: bool
    verbs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ApiResource:
    """A resource in one version.

    Attributes:
        group: ``""`` for the core group.
        version: its version.
        plural: its name in paths.
        singular: its name for one object.
        kind: the kind of its objects.
        namespaced: whether they are in namespaces.
        verbs: what can be done.
        short_names: other names in command lines.
        categories: lists of names that it is in, as ``all``.
        put_creates: whether a PUT of an object that is not there creates it.
        put_needs_version: whether a PUT has to state a resourceVersion.
        subresources: its parts by name.
        is_custom: whether a CustomResourceDefinition defines it.
        printer: the columns in which a custom kind is shown, as JSON.
        selectable: the paths of the fields by which a custom kind is selected.
        scale: the paths of a custom kind's wanted size, its present size and its selector.

    """

    group: str
    version: str
    plural: str
    singular: str
    kind: str
    namespaced: bool
    verbs: tuple[str, ...]
    short_names: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    put_creates: bool = False
    put_needs_version: bool = False
    subresources: Mapping[str, Subresource] = field(default_factory=dict)
    is_custom: bool = False
    printer: str = "[]"
    selectable: tuple[str, ...] = ()
    scale: tuple[str, str, str] = ("", "", "")

    @property
    def api_version(self) -> str:
        """Return group and version as objects state them."""
        return f"{self.group}/{self.version}" if self.group else self.version


@cache
def builtin() -> Mapping[tuple[str, str, str], ApiResource]:
    """Return the built-in resources by group, version and plural, in the order in which a server names them."""
    text = (files.files("nixernetes.cluster.discovery") / "data/resources.txt").read_text()
    return {(each.group, each.version, each.plural): each for each in _read(text)}


def _read(text: str) -> Iterator[ApiResource]:
    group, version = "", ""
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        if not line.startswith(" "):
            group, _, version = line.rstrip(":").rpartition("/")
            continue
        plural, singular, kind, scope, verbs, short, categories, flags, *parts = line.split()
        yield ApiResource(
            group,
            version,
            plural,
            singular,
            kind,
            scope == "n",
            _verbs(verbs),
            _list(short),
            _list(categories),
            "c" in flags,
            "v" in flags,
            {part.name: part for part in (_part(text, group, version) for text in parts)},
        )


def _part(text: str, group: str, version: str) -> Subresource:
    name, _, rest = text.partition("=")
    kind, _, verbs = rest.partition(":")
    *place, kind = kind.split("/")
    at = (place[0], place[1]) if place else (group, version)
    return Subresource(name, *at, kind, bool(place), _verbs(verbs))


def _verbs(text: str) -> tuple[str, ...]:
    return _ALL if text == "*" else _list(text)


def _list(text: str) -> tuple[str, ...]:
    return () if text == "-" else tuple(text.split(","))


def custom(crd: Manifest) -> list[ApiResource]:
    """Return what a CustomResourceDefinition defines, one for each version that it serves, by the names that it has."""
    if not is_established(crd):
        return []
    names = mapping_at(crd, "status", "acceptedNames") or mapping_at(crd, "spec", "names")
    group, kind = text_at(crd, "spec", "group"), text_at(names, "kind")
    found = []
    for each in objects_at(crd, "spec", "versions"):
        if not flag_at(each, "served"):
            continue
        version = text_at(each, "name")
        parts = {}
        subresources = mapping_at(each, "subresources")
        if "status" in subresources:
            parts["status"] = Subresource("status", group, version, kind, False, _PART)
        if "scale" in subresources:
            parts["scale"] = Subresource("scale", *_SCALE, True, _PART)
        found.append(
            ApiResource(
                group,
                version,
                text_at(names, "plural"),
                text_at(names, "singular") or kind.lower(),
                kind,
                text_at(crd, "spec", "scope") != "Cluster",
                _CUSTOM,
                tuple(str(name) for name in items_at(names, "shortNames")),
                tuple(str(name) for name in items_at(names, "categories")),
                put_needs_version=True,
                subresources=parts,
                is_custom=True,
                printer=json.dumps(items_at(each, "additionalPrinterColumns"), sort_keys=True),
                scale=_scale_paths(mapping_at(subresources, "scale")),
                selectable=tuple(text_at(path, "jsonPath") for path in objects_at(each, "selectableFields")),
            )
        )
    return found


def _scale_paths(told: Manifest) -> tuple[str, str, str]:
    names = ("specReplicasPath", "statusReplicasPath", "labelSelectorPath")
    wanted, present, selector = (text_at(told, name) for name in names)
    return wanted, present, selector
