"""YAML text as nodes that know how they were written: changed in places, and printed as Kustomize prints it.

Kustomize keeps quotes, flow style, anchors, explicit tags and comments of what it does not change; blank lines and
indentation become its own: two spaces, and lists that are not indented (kyaml v0.21.1, ``yaml/alias.go``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]  # the stubs forget it

from nixernetes.errors import InputError
from nixernetes.languages.kyaml.nodes import text_of
from nixernetes.objects.manifest import Json
from nixernetes.objects.sizes import MAX_BYTES, MAX_DEPTH, MAX_VALUES
from nixernetes.objects.yaml_reading.scalars import TIMESTAMP, plain_kustomize
from nixernetes.render.kustomize.resources import yaml_comments

__all__ = ["Respelled", "YamlText"]

_TAG: Final = "tag:yaml.org,2002:"
_STR: Final = f"{_TAG}str"
_NAMES: Final[dict[type, str]] = {bool: "bool", int: "int", float: "float", type(None): "null"}


class Respelled(str):
    """The text that a scalar has now; its tag and quotes stay as they were."""

    __slots__ = ()


@dataclass(slots=True, kw_only=True)
class YamlNode:
    """A mapping, list, scalar or alias as it is written.

    Attributes:
        kind: ``map``, ``seq``, ``scalar`` or ``alias``.
        anchor: the name of its anchor; of an alias the name that it repeats.
        tag: the tag that is written, or ``""``.
        text: the text of a scalar.
        style: the quotes of a scalar, ``|`` or ``>``; ``{`` for a map or list in one line; ``""`` otherwise.
        rows: keys and values of a map, one after the other; the items of a list.
        target: what an alias repeats.
        start: line and column (from 0) where it begins.
        end: line and column behind it.

    """

    kind: str
    anchor: str = ""
    tag: str = ""
    text: str = ""
    style: str = ""
    rows: list[YamlNode] = field(default_factory=list)
    target: YamlNode | None = None
    start: tuple[int, int] = (0, 0)
    end: tuple[int, int] = (0, 0)

    @property
    def pairs(self) -> Iterator[tuple[YamlNode, YamlNode]]:
        """The keys and values of a map."""
        return zip(self.rows[::2], self.rows[1::2], strict=True)


class YamlText:
    """The first document of a text.

    Args:
        text: YAML, which JSON is too.

    Raises:
        InputError: broken YAML, or a limit passed.

    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._root = _read(text)

    @property
    def is_empty(self) -> bool:
        """Whether there is no document at all."""
        return self._root is None

    @cached_property
    def data(self) -> Json:
        """The document as data, the same object each time; a merge key is a key like any other, as it is written.

        Raises:
            InputError: a scalar does not fit the tag that it has.

        """
        return None if self._root is None else _data(self._root)

    def changed(self, before: Json, after: Json) -> str:
        """Return the text after a change.

        Args:
            before: the data that this document gave.
            after: the same data with changes; what is unchanged is the same object, in the same place.

        """
        if self._root is None:
            return ""
        events = [
            yaml.StreamStartEvent(),
            yaml.DocumentStartEvent(explicit=False),
            *_events(_changed(self._root, before, after)),
            yaml.DocumentEndEvent(explicit=False),
            yaml.StreamEndEvent(),
        ]
        text = yaml.emit(events, Dumper=yaml.CDumper, width=-1, indent=2, allow_unicode=True).removesuffix("\n...\n")
        return yaml_comments.carried(self._text, self._root, text, _read(text)).strip()


def _read(text: str) -> YamlNode | None:
    if len(text) > MAX_BYTES:
        raise InputError(f"a text of {len(text)} characters is too long to be read as YAML")
    parser = CParser(text)
    try:
        return _Composer(parser).document()
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark is not None else ""
        raise InputError(f"yaml: {line}{error.problem}") from error
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        raise InputError(f"yaml: {str(error).splitlines()[0]}") from error
    finally:
        parser.dispose()


class _Composer:
    def __init__(self, parser: Any) -> None:
        self._parser = parser
        self._anchors: dict[str, YamlNode] = {}
        self._left = MAX_VALUES

    def document(self) -> YamlNode | None:
        self._parser.get_event()
        if self._parser.check_event(yaml.StreamEndEvent):
            return None
        self._parser.get_event()
        return self._node(self._parser.get_event(), 0)

    def _node(self, event: Any, depth: int) -> YamlNode:
        self._left -= 1
        if depth > MAX_DEPTH or self._left < 0:
            raise InputError("a text that is read as YAML is nested too deeply, or holds too many values")
        start = (event.start_mark.line, event.start_mark.column)
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self._anchors:
                raise InputError(f"yaml: unknown anchor '{event.anchor}' referenced")
            target = self._anchors[event.anchor]
            return YamlNode(kind="alias", anchor=event.anchor, target=target, start=start, end=_place(event))
        tag = "" if event.implicit is True or (isinstance(event.implicit, tuple) and any(event.implicit)) else event.tag
        made = YamlNode(kind="scalar", anchor=event.anchor or "", tag=tag or "", start=start, end=_place(event))
        if made.anchor:
            self._anchors[made.anchor] = made
        if isinstance(event, yaml.ScalarEvent):
            made.text, made.style = event.value, event.style or ""
            return made
        made.kind = "map" if isinstance(event, yaml.MappingStartEvent) else "seq"
        made.style = "{" if event.flow_style else ""
        end = yaml.MappingEndEvent if made.kind == "map" else yaml.SequenceEndEvent
        while not self._parser.check_event(end):
            made.rows.append(self._node(self._parser.get_event(), depth + 1))
        made.end = _place(self._parser.get_event())
        return made


def _place(event: Any) -> tuple[int, int]:
    return event.end_mark.line, event.end_mark.column


def _data(node: YamlNode) -> Json:
    if node.target is not None:
        return _data(node.target)
    if node.kind == "map":
        return {key.text: _data(value) for key, value in reversed(list(node.pairs))}
    if node.kind == "seq":
        return [_data(item) for item in node.rows]
    tag, found = _tag(node), plain_kustomize(node.text)
    if tag == _STR or not tag.startswith(_TAG):
        return node.text
    own = _plain_tag(node.text)
    if own != tag and (tag, own) != (f"{_TAG}float", f"{_TAG}int"):
        raise InputError(f"yaml: cannot decode {own.replace(_TAG, '!!')} `{node.text}` as a {tag.replace(_TAG, '!!')}")
    return found


def _tag(node: YamlNode) -> str:
    """Return the tag of a scalar: the one that is written, or the one that its text has."""
    if node.tag:
        return node.tag
    return _STR if node.style else _plain_tag(node.text)


def _plain_tag(text: str) -> str:
    if text == "":
        return f"{_TAG}null"
    found = plain_kustomize(text)
    return _TAG + ("timestamp" if isinstance(found, str) and TIMESTAMP.match(text) else _NAMES.get(type(found), "str"))


def _changed(node: YamlNode, before: Json, after: Json) -> YamlNode:
    if after is before:
        return node
    if node.kind == "map" and isinstance(after, dict) and isinstance(before, dict):
        rows = [(key, _changed(value, before[key.text], after[key.text])) for key, value in node.pairs]
        rows += [(_made(name), _made(value)) for name, value in after.items() if name not in before]
        return replace(node, rows=[each for row in rows for each in row])
    if node.kind == "seq" and isinstance(after, list) and isinstance(before, list):
        kept = [_changed(item, old, new) for item, old, new in zip(node.rows, before, after, strict=False)]
        return replace(node, rows=kept + [_made(item) for item in after[len(before) :]])
    if node.kind == "scalar" and isinstance(after, Respelled):
        # What had a tag by its text alone keeps it, even where the new text would have another.
        return replace(node, tag=node.tag or ("" if node.style else f"={_tag(node)}"), text=str(after))
    return _made(after)


def _made(value: Json) -> YamlNode:
    if isinstance(value, dict):
        return YamlNode(kind="map", rows=[_made(each) for row in value.items() for each in row])
    if isinstance(value, list):
        return YamlNode(kind="seq", rows=[_made(item) for item in value])
    tag = f"={_STR}" if isinstance(value, str) and not isinstance(value, Respelled) else ""
    return YamlNode(kind="scalar", tag=tag, text=text_of(value))


def _events(node: YamlNode) -> Iterator[yaml.Event]:
    anchor, tag = node.anchor or None, node.tag or None
    if node.kind == "alias":
        yield yaml.AliasEvent(anchor)
    elif node.kind == "scalar":
        yield _scalar(node)
    else:
        first, last = (
            (yaml.MappingStartEvent, yaml.MappingEndEvent)
            if node.kind == "map"
            else (yaml.SequenceStartEvent, yaml.SequenceEndEvent)
        )
        yield first(anchor, tag, implicit=tag is None, flow_style=bool(node.style) or not node.rows)
        for row in node.rows:
            yield from _events(row)
        yield last()


def _scalar(node: YamlNode) -> yaml.ScalarEvent:
    """Return how a scalar is written: its own quotes, or plain, or quoted where plain would read as something else."""
    text, style, anchor = node.text, node.style or None, node.anchor or None
    if node.tag and not node.tag.startswith("="):
        return yaml.ScalarEvent(anchor, node.tag, (False, False), text, style=style)
    if text == "<<" and not style:
        return yaml.ScalarEvent(anchor, f"{_TAG}merge", (False, False), text)
    tag, block = node.tag.removeprefix("="), "|" if "\n" in text else None
    if style or not tag or _plain_tag(text) == tag:
        return yaml.ScalarEvent(anchor, None, (True, True), text, style=style or block)
    if tag == _STR:
        return yaml.ScalarEvent(anchor, None, (True, True), text, style=block or '"')
    return yaml.ScalarEvent(anchor, tag, (False, False), text, style=block)
