"""Texts that stand at several places of an object as one node of Kustomize's YAML tree.

A label or annotation that one transformer makes at several places (of the object, its selector, its template) is a
single node there: what changes it later at one place (another label, a strategic merge, a replacement) changes it at
all of them. A JSON patch reads the object anew, and loosens what was tied.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from nixernetes.languages.kyaml.nodes import mapped
from nixernetes.objects.manifest import Json

__all__ = ["Knot", "Tied", "followed", "loosened"]


class Knot:
    """What is one and the same node."""

    __slots__ = ()


class Tied(str):
    """A text that is one node with all others of its knot."""

    __slots__ = ("knot",)
    knot: Knot

    def __new__(cls, text: str, knot: Knot) -> Self:
        """Return the text with its knot."""
        made = super().__new__(cls, text)
        made.knot = knot
        return made


def followed(node: Json, changes: Mapping[Knot, Json]) -> Json:
    """Return data in which all texts of the changed knots have their new values; the rest is shared."""
    if isinstance(node, Tied):
        if node.knot not in changes:
            return node
        value = changes[node.knot]
        return Tied(value, node.knot) if isinstance(value, str) else value
    return mapped(node, lambda inner: followed(inner, changes))


def loosened(node: Json) -> Json:
    """Return data in which every text stands for itself; the rest is shared."""
    return str(node) if isinstance(node, Tied) else mapped(node, loosened)
