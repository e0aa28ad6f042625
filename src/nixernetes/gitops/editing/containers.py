"""One edit in a dict or a call that stands in Python source: set an item, or remove it.

Everything else keeps its bytes: comments, quotes, line breaks. What is new is written in the style of what is there: on
a line of its own where the items have one, else on the same line. Positions are bytes, as the parser counts them.
"""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass

from nixernetes.errors import InputError
from nixernetes.objects.manifest import Json

__all__ = ["Container", "PythonSource", "literal"]


_CALLS = ("App", "AppOverrides", "dict")  # what has in its keywords what it holds


def literal(value: Json) -> str:
    """Return a value as Python source, with double quotes."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{literal(key)}: {literal(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(literal, value)) + "]"
    return repr(value)


class PythonSource:
    """A file of Python source.

    Args:
        data: its bytes.
        file: its name, for messages.

    """

    def __init__(self, data: bytes, file: str) -> None:
        self.data = data
        self.file = file
        self.tree = ast.parse(data)
        self._starts = [0]
        for line in data.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))

    def place(self, node: ast.AST) -> str:
        """Return ``file:line``."""
        return f"{self.file}:{getattr(node, 'lineno', 1)}"

    def start(self, node: ast.expr | ast.keyword) -> int:
        """Return where a node begins."""
        return self._starts[node.lineno - 1] + node.col_offset

    def end(self, node: ast.expr | ast.keyword) -> int:
        """Return where a node ends."""
        return self._starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)

    def line_start(self, offset: int) -> int:
        """Return where the line of a position begins."""
        return self.data.rfind(b"\n", 0, offset) + 1

    def line_end(self, offset: int) -> int:
        """Return where the line of a position ends, its line break left out."""
        found = self.data.find(b"\n", offset)
        return len(self.data) if found < 0 else found

    def spliced(self, start: int, end: int, text: str) -> bytes:
        """Return the bytes with a part replaced."""
        return self.data[:start] + text.encode() + self.data[end:]

    def resolved(self, node: ast.expr) -> ast.expr:
        """Return what a name stands for, when it is given once at module level and read nowhere else.

        Raises:
            InputError: it is read elsewhere too, so that an edit would change more than is asked for.

        """
        if not isinstance(node, ast.Name):
            return node
        reads = [each for each in ast.walk(self.tree) if isinstance(each, ast.Name) and each.id == node.id]
        given = [
            each.value
            for each in self.tree.body
            if isinstance(each, ast.Assign) and [ast.unparse(target) for target in each.targets] == [node.id]
        ]
        if len(given) == 1 and len(reads) == 2:  # the assignment and this one
            return given[0]
        raise self.refused(node, f"{node.id} is a name that other lines read or set too")

    def refused(self, node: ast.AST, why: str) -> InputError:
        """Return the error for what cannot be edited without changing more than is asked for."""
        return InputError(f"{why}: edit it by hand", place=self.place(node))


@dataclass(frozen=True, slots=True)
class _Item:
    key: str
    node: ast.expr | ast.keyword  # from where the item begins
    value: ast.expr


class Container:
    """A dict or a call with keywords.

    Raises:
        InputError: it is neither, or something in it is not written out.

    """

    def __init__(self, source: PythonSource, node: ast.expr) -> None:
        self._source = source
        self.node = source.resolved(node)
        if isinstance(self.node, ast.Dict):
            self.is_call = False
            self._items = [self._entry(key, value) for key, value in zip(self.node.keys, self.node.values, strict=True)]
        elif isinstance(self.node, ast.Call) and not self.node.args and _called(self.node) in _CALLS:
            self.is_call = True
            self._items = [self._keyword(each) for each in self.node.keywords]
        else:
            raise source.refused(node, f"{_short(node)} is neither a dict nor a call with keywords that is known")

    def _entry(self, key: ast.expr | None, value: ast.expr) -> _Item:
        if key is None:
            raise self._source.refused(value, f"**{_short(value)} may hold what is to be changed")
        if not (isinstance(key, ast.Constant) and isinstance(key.value, str)):
            raise self._source.refused(key, f"the key {_short(key)} is known only when the file runs")
        return _Item(key.value, key, value)

    def _keyword(self, keyword: ast.keyword) -> _Item:
        if keyword.arg is None:
            raise self._source.refused(keyword.value, f"**{_short(keyword.value)} may hold what is to be changed")
        return _Item(keyword.arg, keyword, keyword.value)

    def value(self, key: str) -> ast.expr | None:
        """Return the value of an item."""
        return next((item.value for item in self._items if item.key == key), None)

    def with_item(self, key: str, text: str) -> bytes:
        """Return the source with an item set."""
        before = self.value(key)
        if before is not None:
            return self._source.spliced(self._source.start(before), self._source.end(before), text)
        return self._inserted(f"{key}={text}" if self.is_call else f"{literal(key)}: {text}")

    def without(self, key: str) -> bytes:
        """Return the source without an item."""
        source = self._source
        index, item = next((index, item) for index, item in enumerate(self._items) if item.key == key)
        start, end = source.start(item.node), self._outer_end(item)
        comma = self._comma_after(end)
        line, rest = source.line_start(start), source.line_end(comma)
        tail = source.data[comma:rest].strip()
        if not source.data[line:start].strip() and (not tail or tail.startswith(b"#")) and comma > end:
            return source.spliced(line, rest + 1, "")
        if index + 1 < len(self._items):
            return source.spliced(start, source.start(self._items[index + 1].node), "")
        if index:
            return source.spliced(self._outer_end(self._items[index - 1]), end, "")
        return source.spliced(start, comma, "")

    def _inserted(self, item: str) -> bytes:
        source, node = self._source, self.node
        close = source.end(node) - 1
        if not self._items:
            start = source.end(node.func) if isinstance(node, ast.Call) else source.start(node)
            opened = source.data.index(b"(" if self.is_call else b"{", start) + 1
            return source.spliced(opened, opened, item)
        last = self._items[-1]
        end = self._outer_end(last)
        after = self._comma_after(end)
        first = source.line_start(source.start(last.node))
        indent = source.data[first : source.start(last.node)]
        if indent.strip() or source.data.find(b"\n", after, close) < 0:
            return source.spliced(after, after, f", {item}" if after == end else f" {item}")
        line = source.line_end(after)
        comma = "" if after > end else ","
        rest = source.data[after:line].decode()
        return source.spliced(after, line, f"{comma}{rest}\n{indent.decode()}{item},")

    def _outer_end(self, item: _Item) -> int:
        """Return where an item ends, parentheses around its value included."""
        end = position = self._source.end(item.value)
        close = self._source.end(self.node) - 1
        while (position := self._next(position)) < close and self._source.data[position : position + 1] == b")":
            position += 1
            end = position
        return end

    def _comma_after(self, end: int) -> int:
        """Return the position after the comma that ends an item, or the item's end when there is none."""
        position = self._next(end)
        return position + 1 if self._source.data[position : position + 1] == b"," else end

    def _next(self, position: int) -> int:
        """Return the position of the next byte that is neither space nor comment."""
        data = self._source.data
        while data[position : position + 1].isspace() or data[position : position + 1] == b"#":
            is_comment = data[position : position + 1] == b"#"
            position = self._source.line_end(position) if is_comment else position + 1
        return position


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _short(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 40 else f"{text[:39]}…"
