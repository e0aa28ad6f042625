"""Reads a template into nodes."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from nixernetes.errors import InputError
from nixernetes.objects.manifest import Json

__all__ = [
    "DELIMITERS",
    "ActionNode",
    "Command",
    "FieldNode",
    "If",
    "LiteralNode",
    "Name",
    "Node",
    "Pipe",
    "Range",
    "TemplateError",
    "Text",
    "Variable",
    "With",
    "Word",
    "parse",
]

MAX_BYTES = 1_000_000
DELIMITERS = ("{{", "}}")


class TemplateError(InputError):
    """A template that cannot be read or carried out."""


@dataclass(frozen=True, slots=True)
class LiteralNode:
    """A constant."""

    value: Json


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a function."""

    name: str


@dataclass(frozen=True, slots=True)
class Variable:
    """``$x`` and the fields below it; ``$`` is the root."""

    name: str
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldNode:
    """``.a.b``; without a path, the dot itself. ``base`` is what the fields belong to, when that is in parentheses."""

    path: tuple[str, ...] = ()
    base: Pipe | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """An operand, or a function with its arguments."""

    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Pipe:
    """Commands, each fed with the result of the one before; and the variables that take the result."""

    commands: tuple[Command, ...]
    declares: tuple[str, ...] = ()
    assigns: bool = False


Word: TypeAlias = LiteralNode | Name | Variable | FieldNode | Pipe


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text."""

    text: str


@dataclass(frozen=True, slots=True)
class ActionNode:
    """``{{ pipe }}``."""

    pipe: Pipe


@dataclass(frozen=True, slots=True)
class If:
    """``{{ if }}``."""

    pipe: Pipe
    body: tuple[Node, ...]
    otherwise: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class With:
    """``{{ with }}``."""

    pipe: Pipe
    body: tuple[Node, ...]
    otherwise: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Range:
    """``{{ range }}``."""

    pipe: Pipe
    body: tuple[Node, ...]
    otherwise: tuple[Node, ...] = ()


Node: TypeAlias = Text | ActionNode | If | With | Range

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<string>"(?:[^"\\\n]|\\.)*") | (?P<raw>`[^`]*`)
    | (?P<number>[+-]?\d+(?:\.\d+)?\b)
    | (?P<variable>\$\w*(?:\.\w+)*)
    | (?P<field>(?:\.\w+)+|\.)
    | (?P<word>[A-Za-z_]\w*(?:\.\w+)*)
    | (?P<mark>:=|=|\||\(|\)|,)
    )""",
    re.VERBOSE,
)
_REFUSED = ("define", "template", "block", "break", "continue")
_CONSTANTS = {"true": True, "false": False, "nil": None}


@dataclass(slots=True)
class _Reader:
    """Tokens of one action."""

    tokens: list[tuple[str, str, bool]] = field(default_factory=list)
    at: int = 0

    def peek(self) -> tuple[str, str, bool]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "", True)

    def next(self) -> tuple[str, str, bool]:
        token = self.peek()
        self.at += 1
        return token


def parse(text: str, delimiters: tuple[str, str] = DELIMITERS) -> tuple[Node, ...]:
    """Read a template.

    Args:
        text: the template.
        delimiters: what opens and what closes an action.

    Raises:
        TemplateError: it is broken, or uses something that is not supported; the message names it.

    """
    if len(text) > MAX_BYTES:
        raise TemplateError("template is larger than 1 MB")
    pieces = _pieces(text, *delimiters)
    try:
        nodes, end = _nodes(pieces, [0])
    except RecursionError:
        raise TemplateError("template is nested too deeply") from None
    if end:
        raise TemplateError(f"unexpected {{{{{end}}}}}")
    return nodes


def _pieces(text: str, left: str, right: str) -> list[tuple[bool, str]]:
    pieces: list[tuple[bool, str]] = []
    position, trim = 0, False
    while (start := text.find(left, position)) >= 0:
        end = text.find(right, start)
        if end < 0:
            raise TemplateError(f"unclosed action: {left} without {right}")
        before, action = text[position:start], text[start + len(left) : end]
        before = before.lstrip() if trim else before
        trims_before = action[:1] == "-" and action[1:2].isspace()
        pieces.append((False, before.rstrip() if trims_before else before))
        trim = action[-1:] == "-" and action[-2:-1].isspace()
        body = action[1 if trims_before else 0 : -1 if trim else None].strip()
        if not (body.startswith("/*") and body.endswith("*/")):
            pieces.append((True, body))
        position = end + len(right)
    pieces.append((False, text[position:].lstrip() if trim else text[position:]))
    return [piece for piece in pieces if piece[0] or piece[1]]


def _nodes(pieces: Sequence[tuple[bool, str]], at: list[int]) -> tuple[tuple[Node, ...], str]:
    """Read nodes up to an ``end`` or ``else``; return them and what ended them."""
    found: list[Node] = []
    while at[0] < len(pieces):
        is_action, body = pieces[at[0]]
        at[0] += 1
        if not is_action:
            found.append(Text(body))
            continue
        word = body.split(None, 1)[0] if body else ""
        if word in ("end", "else"):
            return tuple(found), body
        if word in _REFUSED:
            raise TemplateError(f"{{{{{word}}}}} is not supported: write the text in place")
        if word in ("if", "with", "range"):
            found.append(_block(word, body[len(word) :], pieces, at))
        else:
            found.append(ActionNode(_action(body)))
    return tuple(found), ""


def _block(word: str, head: str, pieces: Sequence[tuple[bool, str]], at: list[int]) -> Node:
    pipe = _action(head)
    body, end = _nodes(pieces, at)
    otherwise: tuple[Node, ...] = ()
    if end.startswith("else"):
        rest = end[4:].strip()
        if rest:
            kind = rest.split(None, 1)[0]
            if kind not in ("if", "with"):
                raise TemplateError(f"{{{{else {kind}}}}} is not supported")
            otherwise = (_block(kind, rest[len(kind) :], pieces, at),)
        else:
            otherwise, end = _nodes(pieces, at)
            if end != "end":
                raise TemplateError(f"{{{{{word}}}}} without {{{{end}}}}")
    elif end != "end":
        raise TemplateError(f"{{{{{word}}}}} without {{{{end}}}}")
    if word == "if":
        return If(pipe, body, otherwise)
    return With(pipe, body, otherwise) if word == "with" else Range(pipe, body, otherwise)


def _action(text: str) -> Pipe:
    reader = _Reader(_tokens(text))
    pipe = _pipe(reader)
    if reader.peek()[0] != "end":
        raise TemplateError(f"unexpected {reader.peek()[1]!r} in {{{{{text.strip()}}}}}")
    return pipe


def _tokens(text: str) -> list[tuple[str, str, bool]]:
    """Return (kind, text, whether space stands before)."""
    found, position = [], 0
    while text[position:].strip():
        match = _TOKEN.match(text, position)
        if match is None:
            raise TemplateError(f"cannot read {text[position:].strip()!r} in {{{{{text.strip()}}}}}")
        kind = match.lastgroup or ""
        found.append((kind, match[kind], match.start(kind) > position or position == 0))
        position = match.end()
    return found


def _pipe(reader: _Reader) -> Pipe:
    declares, assigns = _declaration(reader)
    commands = [_command(reader)]
    while reader.peek()[1] == "|":
        reader.next()
        commands.append(_command(reader))
    return Pipe(tuple(commands), declares, assigns)


def _declaration(reader: _Reader) -> tuple[tuple[str, ...], bool]:
    marks = [token[1] for token in reader.tokens[reader.at : reader.at + 4]]
    if len(marks) >= 2 and marks[0].startswith("$") and marks[1] in (":=", "="):
        reader.at += 2
        return (marks[0],), marks[1] == "="
    if len(marks) == 4 and marks[0].startswith("$") and marks[1] == "," and marks[3] == ":=":
        reader.at += 4
        return (marks[0], marks[2]), False
    return (), False


def _command(reader: _Reader) -> Command:
    words: list[Word] = []
    while reader.peek()[0] != "end" and reader.peek()[1] not in ("|", ")"):
        words.append(_word(reader))
    if not words:
        raise TemplateError("empty command")
    return Command(tuple(words))


def _word(reader: _Reader) -> Word:
    kind, text, _ = reader.next()
    match kind:
        case "string":
            return LiteralNode(_unquote(text))
        case "raw":
            return LiteralNode(text[1:-1])
        case "number":
            return LiteralNode(float(text) if "." in text else int(text))
        case "variable":
            name, *path = text.split(".")
            return Variable(name, tuple(path))
        case "field":
            return FieldNode(tuple(text.split(".")[1:]) if text != "." else ())
        case "word":
            return LiteralNode(_CONSTANTS[text]) if text in _CONSTANTS else Name(text)
    if text == "(":
        pipe = _pipe(reader)
        if reader.next()[1] != ")":
            raise TemplateError("( without )")
        follows, fields, spaced = reader.peek()
        if follows == "field" and not spaced and fields != ".":
            reader.next()
            return FieldNode(tuple(fields.split(".")[1:]), pipe)
        return pipe
    raise TemplateError(f"unexpected {text!r}")


def _unquote(text: str) -> str:
    try:
        return str(json.loads(text))
    except ValueError as error:
        raise TemplateError(f"cannot read the string {text}") from error
