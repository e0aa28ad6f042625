"""From a text to an expression (``parser/parser.go`` of expr-lang/expr 1.17.8: precedences of ``operator.go``)."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Final

from nixernetes.languages.expr.functions import FUNCTIONS
from nixernetes.languages.expr.predicates import PREDICATES
from nixernetes.languages.expr.problems import ExpressionError
from nixernetes.languages.expr.tree import (
    ExprBinary,
    ExprCall,
    ExprChoice,
    ExprClosure,
    ExprElement,
    ExprEntries,
    ExprItems,
    ExprKnown,
    ExprLet,
    ExprMember,
    ExprNamed,
    ExprNode,
    ExprPart,
    ExprUnary,
)
from nixernetes.objects.manifest import Json

__all__ = ["read"]

_TOKEN: Final = re.compile(
    r"""\s*(?:
      (?P<string>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`[^`]*`)
    | (?P<number>0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+
        |(?:\d[\d_]*)?\.\d[\d_]*(?:[eE][+-]?\d+)?|\d[\d_]*(?:[eE][+-]?\d+)?)
    | (?P<element>\#[A-Za-z_]\w*|\#)
    | (?P<word>[A-Za-z_$]\w*)
    | (?P<mark>\?\.|\?\?|\?:|\.\.|\*\*|==|!=|<=|>=|&&|\|\||[-+*/%^<>!().,\[\]{}?:|;=])
    )""",
    re.VERBOSE,
)
_COMMENT: Final = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_CONSTANTS: Final[dict[str, Json]] = {"true": True, "false": False, "nil": None}
_SPELLINGS: Final = {"&&": "and", "||": "or", "!": "not", "^": "**"}
_BINARY: Final = {
    "|": 0, "or": 10, "and": 15, "==": 20, "!=": 20, "<": 20, ">": 20, "<=": 20, ">=": 20, "in": 20,
    "matches": 20, "contains": 20, "startsWith": 20, "endsWith": 20, "..": 25, "+": 30, "-": 30, "*": 60, "/": 60,
    "%": 60, "**": 100, "??": 500,
}  # fmt: skip
_NEGATED: Final = ("in", "matches", "contains", "startsWith", "endsWith")
_UNARY: Final = {"not": 50, "-": 90, "+": 90}
_REFUSED: Final = ("let", "if", "else")
_RESERVED: Final = (*_REFUSED, *_CONSTANTS, *_BINARY, "not")
_ESCAPES: Final = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))", re.DOTALL)
_LETTERS: Final = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_MAX_DEPTH: Final = 60
_MAX_LENGTH: Final = 10_000  # characters; an honest condition has some hundreds
_MAX_DIGITS: Final = 18

_Token = tuple[str, str]


@lru_cache(maxsize=256)  # the conditions of a platform; the oldest are forgotten
def read(text: str) -> ExprNode:
    """Return an expression.

    Raises:
        ExpressionError: it cannot be read, or uses what is not supported; the message says what.

    """
    reader = _Reader(_tokens(text))
    try:
        found = reader.expression()
    except RecursionError:
        raise ExpressionError("nested too deeply") from None
    kind, rest = reader.peek()
    if kind != "end":
        raise ExpressionError(f"{rest!r} is not expected here: {_around(text)}")
    return found


def _around(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:80]}..."  # a line


def _tokens(text: str) -> list[_Token]:
    if len(text) > _MAX_LENGTH:
        raise ExpressionError(f"longer than {_MAX_LENGTH:,} characters")
    found: list[_Token] = []
    position, text = 0, text.rstrip()
    while position < len(text):
        comment = _COMMENT.match(text, position + len(text[position:]) - len(text[position:].lstrip()))
        if comment is not None:
            position = comment.end()
            continue
        match = _TOKEN.match(text, position)
        if match is None:
            raise ExpressionError(f"cannot read {_around(text[position:].strip())!r}")
        kind = match.lastgroup or ""
        found.append((kind, _SPELLINGS.get(match[kind], match[kind]) if kind == "mark" else match[kind]))
        position = match.end()
    return found


class _Reader:
    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0
        self._closures = 0

    def peek(self) -> _Token:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "the end")

    def _take(self) -> _Token:
        token = self.peek()
        self._at += 1
        return token

    def _is(self, *texts: str) -> bool:
        kind, text = self.peek()
        return kind in ("mark", "word") and text in texts

    def _expect(self, text: str) -> None:
        if not self._is(text):
            raise ExpressionError(f"{text!r} is expected where {self.peek()[1]!r} stands")
        self._at += 1

    def expression(self, least: int = 0) -> ExprNode:
        """Read what binds at least so strongly."""
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise ExpressionError("nested too deeply")
        if least == 0 and self._is("let"):
            named = self._named()
            self._depth -= 1
            return named
        left = self._first()
        while True:
            operator, negated = self._operator()
            strength = _BINARY.get(operator, -1)
            if strength < least:
                break
            self._at += 1 + negated
            left = self._joined(operator, left, strength)
            left = ExprUnary("not", left) if negated else left
        left = self._chosen(left) if least == 0 else left
        self._depth -= 1
        return left

    def _named(self) -> ExprNode:
        """Read ``let x = a; b``."""
        self._at += 1
        kind, name = self._take()
        if kind != "word" or name in _RESERVED:
            raise ExpressionError(f"the name of a variable is expected where {name!r} stands")
        self._expect("=")
        value = self.expression()
        self._expect(";")
        return ExprLet(name, value, self.expression())

    def _operator(self) -> tuple[str, bool]:
        kind, text = self.peek()
        if kind == "word" and text == "not" and self._at + 1 < len(self._tokens):
            following = self._tokens[self._at + 1]
            return (following[1], True) if following[1] in _NEGATED else ("", False)
        return (text, False) if kind in ("mark", "word") else ("", False)

    def _joined(self, operator: str, left: ExprNode, strength: int) -> ExprNode:
        if operator == "|":
            kind, name = self._take()
            if kind != "word":
                raise ExpressionError(f"a function is expected behind |, not {name!r}")
            return self._suffixes(self._call(name, (left,)))
        right = self.expression(strength if operator == "**" else strength + 1)
        return ExprBinary(operator, left, right)

    def _chosen(self, condition: ExprNode) -> ExprNode:
        while True:
            if self._is("?:"):
                self._at += 1
                condition = ExprChoice(condition, condition, self.expression())
            elif self._is("?"):
                self._at += 1
                then = self.expression()
                self._expect(":")
                condition = ExprChoice(condition, then, self.expression())
            else:
                return condition

    def _first(self) -> ExprNode:
        kind, text = self.peek()
        if kind in ("mark", "word") and text in _UNARY:
            self._at += 1
            return ExprUnary(text, self.expression(_UNARY[text]))
        if self._is("("):
            self._at += 1
            inner = self.expression()
            self._expect(")")
            return self._suffixes(inner)
        if self._closures and self._is("."):
            return self._suffixes(ExprElement("#"))
        return self._suffixes(self._primary())

    def _primary(self) -> ExprNode:
        kind, text = self._take()
        if kind == "number":
            return ExprKnown(_number(text))
        if kind == "string":
            return ExprKnown(_string(text))
        if kind == "element":
            if not self._closures:
                raise ExpressionError(f"{text!r} stands for an element, and there is none here")
            return ExprElement(text)
        if kind == "word":
            return self._word(text)
        if text == "[":
            return ExprItems(self._list("]"))
        if text == "{":
            return self._entries()
        raise ExpressionError(f"a value is expected where {text!r} stands")

    def _word(self, text: str) -> ExprNode:
        if text in _CONSTANTS:
            return ExprKnown(_CONSTANTS[text])
        if text in _REFUSED or text in _BINARY:
            raise ExpressionError(f"{text!r} is not supported here")
        return self._call(text, ()) if self._is("(") else ExprNamed(text)

    def _call(self, name: str, given: tuple[ExprNode, ...]) -> ExprNode:
        if name in PREDICATES:
            return self._predicate(name, given)
        if name not in FUNCTIONS:
            raise ExpressionError(f"function {name}() is not supported")
        self._expect("(")
        return ExprCall(name, (*given, *self._list(")")))

    def _predicate(self, name: str, given: tuple[ExprNode, ...]) -> ExprNode:
        self._expect("(")
        arguments = [*given] or [self.expression()]
        is_more = bool(given) and not self._is(")")
        while is_more or self._is(","):
            self._at += not is_more
            is_more = False
            if self._is(")"):
                break
            arguments.append(self._closure() if len(arguments) == 1 else self.expression())
        self._expect(")")
        return ExprCall(name, tuple(arguments))

    def _closure(self) -> ExprNode:
        braced = self._is("{")
        self._at += braced
        self._closures += 1
        body = self.expression()
        self._closures -= 1
        if braced:
            self._expect("}")
        return ExprClosure(body)

    def _list(self, end: str) -> tuple[ExprNode, ...]:
        found: list[ExprNode] = []
        while not self._is(end):
            found.append(self.expression())
            if not self._is(","):
                break
            self._at += 1
        self._expect(end)
        return tuple(found)

    def _entries(self) -> ExprNode:
        pairs: list[tuple[ExprNode, ExprNode]] = []
        while not self._is("}"):
            kind, text = self.peek()
            if kind in ("word", "string", "number"):
                self._at += 1
                key: ExprNode = ExprKnown(_string(text) if kind == "string" else text)
            else:
                self._expect("(")
                key = self.expression()
                self._expect(")")
            self._expect(":")
            pairs.append((key, self.expression()))
            if not self._is(","):
                break
            self._at += 1
        self._expect("}")
        return ExprEntries(tuple(pairs))

    def _suffixes(self, value: ExprNode) -> ExprNode:
        while True:
            if self._is(".", "?."):
                optional = self._take()[1] == "?."
                if optional and self._is("["):
                    value = self._item(value, optional=True)
                    continue
                kind, name = self._take()
                if kind != "word":
                    raise ExpressionError(f"the name of a field is expected where {name!r} stands")
                value = ExprMember(value, ExprKnown(name), optional)
                if self._is("("):
                    self._at += 1
                    value = ExprCall(value, self._list(")"))
            elif self._is("["):
                value = self._item(value, optional=False)
            else:
                return value

    def _item(self, value: ExprNode, *, optional: bool) -> ExprNode:
        self._expect("[")
        begin = None if self._is(":") else self.expression()
        if self._is(":"):
            self._at += 1
            end = None if self._is("]") else self.expression()
            self._expect("]")
            return ExprPart(value, begin, end)
        self._expect("]")
        if begin is None:
            raise ExpressionError("an index is expected between [ and ]")
        return ExprMember(value, begin, optional)


def _number(text: str) -> Json:
    plain = text.replace("_", "")
    if len(plain) > _MAX_DIGITS + 2:
        raise ExpressionError(f"the number {plain[:20]} is too long")
    if plain[:2].lower() in ("0x", "0b", "0o"):
        return int(plain, 0)
    return float(plain) if any(letter in plain for letter in ".eE") else int(plain)


def _string(text: str) -> str:
    if text.startswith("`"):
        return text[1:-1]
    return _ESCAPES.sub(_unescaped, text[1:-1])


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    try:
        if code:
            return chr(int(code, 16))
        return chr(int(found[4], 8)) if found[4] else _LETTERS.get(found[5], found[5])
    except (ValueError, OverflowError):
        raise ExpressionError(f"{json.dumps(found[0])} is not a character") from None
