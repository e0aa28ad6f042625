"""From a line and column of a YAML file to the document and the field that stand there."""

from __future__ import annotations

from dataclasses import dataclass

import yaml
from yaml.cyaml import CSafeLoader

from nixernetes.objects.manifest import Json
from nixernetes.verify.places import FieldPath

__all__ = ["Pointed", "pointed"]

_DEEPEST = 64


@dataclass(frozen=True, slots=True)
class Pointed:
    """A field of a document.

    Attributes:
        document: the document, its scalars as texts.
        path: the field.
        line: where the document begins (1-based).

    """

    document: Json
    path: FieldPath
    line: int

    @property
    def value(self) -> Json:
        """What stands in the field."""
        found = self.document
        for step in self.path:
            found = found[step]
        return found


def pointed(text: str, line: int, column: int) -> Pointed | None:
    """Return what stands at a place; None where nothing does, or the text is no YAML at this moment.

    Args:
        text: the file.
        line: the line, from 1.
        column: the column, from 1.

    """
    try:
        documents = list(yaml.compose_all(text, Loader=CSafeLoader))
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    at = (line - 1, column - 1)
    for node in documents:
        if _holds(node, at):
            return Pointed(_plain(node), _path(node, at), node.start_mark.line + 1)
    return None


def _holds(node: yaml.Node, at: tuple[int, int]) -> bool:
    start, end = node.start_mark, node.end_mark
    return (start.line, start.column) <= at <= (end.line, end.column)


def _path(node: yaml.Node, at: tuple[int, int], depth: int = 0) -> FieldPath:
    if isinstance(node, yaml.MappingNode) and depth < _DEEPEST:
        for key, value in node.value:
            if _holds(key, at):
                return (str(key.value),)
            if _holds(value, at):
                return (str(key.value), *_path(value, at, depth + 1))
    if isinstance(node, yaml.SequenceNode) and depth < _DEEPEST:
        for index, item in enumerate(node.value):
            if _holds(item, at):
                return (index, *_path(item, at, depth + 1))
    return ()


def _plain(node: yaml.Node, depth: int = 0) -> Json:
    """Return a node as data: what an editor asks about are names, and names are texts."""
    if depth > _DEEPEST:
        return None
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _plain(value, depth + 1) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, depth + 1) for item in node.value]
    return node.value
