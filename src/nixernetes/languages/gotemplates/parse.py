"""Reads a template into nodes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import TypeAlias

from nixernetes.languages.gotemplates.tokens import TemplateError, TemplateToken, failed, number, pieces, unquoted
from nixernetes.objects.manifest import Json

__all__ = [
    "DELIMITERS",
    "ActionNode",
    "Command",
    "Define",
    "FieldNode",
    "If",
    "Jump",
    "LiteralNode",
    "Name",
    "Node",
    "Pipe",
    "Range",
    "TemplateCall",
    "TemplateError",
    "Text",
    "Variable",
    "With",
    "Word",
    "calls",
    "names",
    "parse",
]

MAX_BYTES = 1_000_000
DELIMITERS = ("{{", "}}")


@dataclass(frozen=True, slots=True)
class LiteralNode:
    """A constant, where it stands, and as what it is written."""

    value: Json
    at: int = field(default=0, compare=False)
    shown: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a function, and where it stands."""

    name: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Variable:
    """``$x`` and the fields below it; ``$`` is the root."""

    name: str
    path: tuple[str, ...] = ()
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class FieldNode:
    """``.a.b``; without a path, the dot itself. ``base`` is what the fields belong to, when that is in parentheses."""

    path: tuple[str, ...] = ()
    base: Pipe | None = None
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Command:
    """An operand, or a function with its arguments; where it stands, and as what it and its first word are shown."""

    words: tuple[Word, ...]
    at: int = field(default=0, compare=False)
    shown: str = field(default="", compare=False)
    first: str = field(default="", compare=False)


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


@dataclass(frozen=True, slots=True)
class Jump:
    """``{{ break }}`` or ``{{ continue }}``."""

    word: str


@dataclass(frozen=True, slots=True)
class Define:
    """``{{ define "name" }}``, and what ``{{ block "name" . }}`` defines."""

    name: str
    body: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class TemplateCall:
    """``{{ template "name" pipe }}``."""

    name: str
    pipe: Pipe | None = None


Node: TypeAlias = Text | ActionNode | If | With | Range | Jump | Define | TemplateCall

_CONSTANTS = {"true": True, "false": False, "nil": None}
_END = TemplateToken("end", "")


@dataclass(slots=True)
class _Reader:
    """Tokens of one action."""

    tokens: list[TemplateToken] = field(default_factory=list)
    at: int = 0

    def peek(self) -> TemplateToken:
        return self.tokens[self.at] if self.at < len(self.tokens) else _END

    def next(self) -> TemplateToken:
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
    parser = _Parser(pieces(text, *delimiters))
    try:
        nodes, end = parser.nodes()
    except RecursionError:
        raise TemplateError("template is nested too deeply") from None
    except TemplateError as error:
        if error.at < 0:
            error.at = parser.place
        raise
    if end:
        raise failed(f"unexpected {{{{{_spelled(end)}}}}}", parser.place)
    return (*parser.defined, *nodes)


def names(nodes: tuple[Node, ...]) -> Iterator[str]:
    """Yield the names of all functions that a template calls."""
    return (each.name for each in calls(nodes))


def calls(nodes: tuple[Node, ...]) -> Iterator[Name]:
    """Yield all functions that a template calls, in no order."""
    left: list[object] = [nodes]
    while left:
        item = left.pop()
        if isinstance(item, tuple):
            left += item
        elif isinstance(item, Name):
            yield item
        elif isinstance(item, ActionNode | Command | Define | FieldNode | If | Pipe | Range | TemplateCall | With):
            left += [getattr(item, each.name) for each in fields(item)]


def _spelled(tokens: list[TemplateToken]) -> str:
    return " ".join(token.text for token in tokens)


class _Parser:
    """Reads pieces into nodes; what they define is put aside."""

    def __init__(self, found: list[str | list[TemplateToken]]) -> None:
        self._pieces = found
        self._at = 0
        self._ranges = 0
        self.defined: list[Define] = []
        self.place = 0

    def nodes(self) -> tuple[tuple[Node, ...], list[TemplateToken]]:
        """Read nodes up to an ``end`` or ``else``; return them and what ended them."""
        found: list[Node] = []
        while self._at < len(self._pieces):
            piece = self._pieces[self._at]
            self._at += 1
            if isinstance(piece, str):
                found.append(Text(piece))
                continue
            word = piece[0].text if piece else ""
            self.place = piece[0].at if piece else self.place
            if word in ("end", "else"):
                return tuple(found), piece
            node = self._node(word, piece)
            if node is not None:
                found.append(node)
        return tuple(found), []

    def _node(self, word: str, tokens: list[TemplateToken]) -> Node | None:
        if word in ("if", "with", "range"):
            return self._block(word, tokens[1:])
        if word in ("define", "block", "template"):
            return self._named(word, tokens[1:])
        if word in ("break", "continue") and len(tokens) == 1:
            if not self._ranges:
                raise TemplateError(f"{{{{{word}}}}} outside {{{{range}}}}")
            return Jump(word)
        return ActionNode(_action(tokens))

    def _named(self, word: str, tokens: list[TemplateToken]) -> Node | None:
        if not tokens or tokens[0].kind not in ("string", "raw"):
            raise TemplateError(f"{{{{{word}}}}} needs a name in quotes")
        name = _literal(tokens[0])
        pipe = _action(tokens[1:]) if tokens[1:] else None
        if word != "template":
            body, end = self.nodes()
            if _spelled(end) != "end":
                raise TemplateError(f"{{{{{word}}}}} without {{{{end}}}}")
            self.defined.append(Define(name, body))
        return None if word == "define" else TemplateCall(name, pipe)

    def _block(self, word: str, head: list[TemplateToken]) -> Node:
        pipe = _action(head)
        self._ranges += word == "range"
        body, end = self.nodes()
        self._ranges -= word == "range"
        otherwise: tuple[Node, ...] = ()
        if end and end[0].text == "else" and end[1:]:
            kind = end[1].text
            if kind not in ("if", "with"):
                raise TemplateError(f"{{{{else {kind}}}}} is not supported")
            otherwise = (self._block(kind, end[2:]),)
        else:
            if _spelled(end) == "else":
                otherwise, end = self.nodes()
            if _spelled(end) != "end":
                raise TemplateError(f"{{{{{word}}}}} without {{{{end}}}}")
        if word == "if":
            return If(pipe, body, otherwise)
        return With(pipe, body, otherwise) if word == "with" else Range(pipe, body, otherwise)


def _action(tokens: list[TemplateToken]) -> Pipe:
    reader = _Reader(tokens)
    pipe = _pipe(reader)
    if reader.peek() is not _END:
        raise TemplateError(f"unexpected {reader.peek().text!r} in {{{{{_spelled(tokens)}}}}}")
    return pipe


def _pipe(reader: _Reader) -> Pipe:
    declares, assigns = _declaration(reader)
    if reader.peek() is _END or reader.peek().text == ")":
        raise TemplateError("missing value for command")
    commands = [_command(reader)]
    while reader.peek().text == "|":
        reader.next()
        if reader.peek() is _END or reader.peek().text == ")":
            break  # a last bar leads nowhere
        commands.append(_command(reader))
    return Pipe(tuple(commands), declares, assigns)


def _declaration(reader: _Reader) -> tuple[tuple[str, ...], bool]:
    marks = [token.text for token in reader.tokens[reader.at : reader.at + 4]]
    if len(marks) >= 2 and marks[0].startswith("$") and marks[1] in (":=", "="):
        reader.at += 2
        return (marks[0],), marks[1] == "="
    if len(marks) == 4 and marks[0].startswith("$") and marks[1] == "," and marks[3] == ":=":
        reader.at += 4
        return (marks[0], marks[2]), False
    return (), False


def _command(reader: _Reader) -> Command:
    words: list[Word] = []
    begin = reader.at
    while reader.peek() is not _END and reader.peek().text not in ("|", ")"):
        words.append(_word(reader))
    if not words:
        raise TemplateError('unexpected "|" in command')
    if words[0] == LiteralNode(None):
        raise TemplateError("nil is not a command")
    taken = reader.tokens[begin : reader.at]
    return Command(tuple(words), taken[0].at, _shown(taken), taken[0].text)


def _shown(tokens: list[TemplateToken]) -> str:
    return "".join(f" {token.text}" if token.spaced else token.text for token in tokens).strip()


def _word(reader: _Reader) -> Word:
    token = reader.next()
    match token.kind:
        case "string" | "raw" | "character" | "number":
            return LiteralNode(_literal(token), token.at, token.text)
        case "variable":
            name, *path = token.text.split(".")
            return Variable(name, tuple(path), token.at + (len(name) if path else 0))
        case "field":
            path = token.text.split(".")[1:] if token.text != "." else []
            # Go names the place of what the first field is asked for.
            return FieldNode(tuple(path), at=token.at + (len(path[0]) + 1 if len(path) > 1 else 0))
        case "word":
            if token.text in _CONSTANTS:
                return LiteralNode(_CONSTANTS[token.text], token.at, token.text)
            return Name(token.text, token.at)
    if token.text == "(":
        pipe = _pipe(reader)
        if reader.next().text != ")":
            raise TemplateError("unclosed left paren")
        follows = reader.peek()
        if follows.kind == "field" and not follows.spaced and follows.text != ".":
            reader.next()
            return FieldNode(tuple(follows.text.split(".")[1:]), pipe, token.at)
        return pipe
    raise TemplateError(f"unexpected {token.text!r}")


def _literal(token: TemplateToken) -> Json:
    match token.kind:
        case "raw":
            return token.text[1:-1]
        case "string":
            return unquoted(token.text)
        case "number":
            return number(token.text)
    sign = unquoted(token.text)
    if len(sign) != 1:
        raise TemplateError(f"{token.text} is not one character")
    return ord(sign)
