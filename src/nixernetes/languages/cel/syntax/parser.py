"""From the text of an expression to its tree, macros expanded (cel-go ``parser/parser.go`` and ``CEL.g4``).

Two limits keep hostile texts from exhausting Python's stack: brackets may nest ``_DEEPEST_BRACKETS`` deep, and the
tree may be ``DEEPEST`` nodes deep, as in cel-go; an expression has at most 100,000 characters, as there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nixernetes.languages.cel.errors import CompileError
from nixernetes.languages.cel.syntax.lexer import END, Token, tokens
from nixernetes.languages.cel.syntax.literals import number, unquoted
from nixernetes.languages.cel.syntax.macros import Macro, MacroError
from nixernetes.languages.cel.syntax.nodes import (
    Call,
    Conditional,
    Entry,
    Ident,
    Index,
    ListLiteral,
    Literal,
    Logic,
    MapLiteral,
    Node,
    Select,
    StructLiteral,
)
from nixernetes.languages.cel.syntax.source import Issue, failure
from nixernetes.languages.cel.syntax.trees import depth, qualified_name

__all__ = ["MacroTable", "macro_table", "parse"]

DEEPEST = 250
_DEEPEST_BRACKETS = 60
_LONGEST = 100_000
_RESERVED = frozenset({"as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in"})
_RESERVED |= {"let", "loop", "package", "namespace", "null", "return", "true", "var", "void", "while"}
_EXPECTED = (
    "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}"
)
_FIRST = _EXPECTED.replace("'!', ", "'!', '?', ")
_FIELD = "{'}', ',', '?', IDENTIFIER, ESC_IDENTIFIER}"
_INSERTED = frozenset({")", "]"})  # what is called missing at the end, instead of anything unexpected
_STARTS = frozenset({"[", "{", "(", ".", "-", "!", "true", "false", "null", "float", "int", "uint", "string", "bytes"})
_STARTS |= {"ident"}
_BINDING = {"||": 1, "&&": 2, "==": 3, "!=": 3, "<": 3, "<=": 3, ">": 3, ">=": 3, "in": 3, "+": 4, "-": 4}
_BINDING |= {"*": 5, "/": 5, "%": 5}
_CONSTANTS = {"true": True, "false": False, "null": None}

MacroTable = Mapping[tuple[str, int | None, bool], Macro]


def macro_table(macros: Sequence[Macro]) -> MacroTable:
    """Return macros by name, number of arguments and kind of call."""
    return {(macro.name, macro.arguments, macro.method): macro for macro in macros}


def parse(text: str, macros: MacroTable) -> Node:
    """Return the tree of an expression.

    Raises:
        CompileError: it is not an expression; each place is shown.

    """
    if len(text) > _LONGEST:
        raise CompileError(
            f"ERROR: <input>:-1:0: expression code point size exceeds limit: size: {len(text)}, limit {_LONGEST}"
        )
    found, issues = tokens(text)
    parser = _Parser(found, macros)
    try:
        tree = parser.whole()
    except _SyntaxError as error:
        raise failure(text, [*issues, *parser.issues, error.issue]) from None
    if issues or parser.issues:
        raise failure(text, [*issues, *parser.issues])
    if depth(tree, DEEPEST + 1) > DEEPEST:
        raise CompileError(f"ERROR: <input>:-1:0: expression recursion limit exceeded: {DEEPEST}")
    return tree


class _SyntaxError(Exception):
    """The text cannot be read further."""

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.issue = Issue(offset=offset, message=message)


class _Parser:
    """Reads tokens from left to right; what is wrong but can be read over is kept in ``issues``."""

    def __init__(self, found: list[Token], macros: MacroTable) -> None:
        self._tokens = found
        self._macros = macros
        self._at = 0
        self._brackets = 0
        self.issues: list[Issue] = []

    def whole(self) -> Node:
        """Read the expression up to the end of the text."""
        tree = self._expression()
        if self._peek().kind != END:
            raise self._unexpected(END)
        return tree

    def _peek(self) -> Token:
        return self._tokens[self._at]

    def _next(self) -> Token:
        token = self._tokens[self._at]
        self._at += token.kind != END
        return token

    def _take(self, kind: str) -> Token | None:
        if self._tokens[self._at].kind != kind:
            return None
        return self._next()

    def _expect(self, kind: str) -> Token:
        token = self._take(kind)
        if token is None:
            if kind in _INSERTED and self._peek().kind == END:
                raise _SyntaxError(self._peek().offset, f"Syntax error: missing '{kind}' at '{END}'")
            raise self._unexpected("IDENTIFIER" if kind == "ident" else f"'{kind}'")
        return token

    def _close(self, kind: str) -> None:
        """Take the bracket behind elements, before which a comma may stand."""
        if self._peek().kind == END:
            raise self._unexpected(f"{{'{kind}', ','}}")
        self._expect(kind)

    def _expect_first(self, closing: str) -> None:
        """Refuse what cannot begin the first element, nor be an empty list or map."""
        kind = self._peek().kind
        if kind not in _STARTS and kind not in {closing, ",", "?"}:
            raise self._unexpected(
                _FIRST.replace("'{', ", f"'{{', '{closing}', ").replace("'.', ", "'.', ',', "), starts=True
            )

    def _unexpected(self, expected: str, *, starts: bool = False) -> _SyntaxError:
        token = self._peek()
        following = self._tokens[min(self._at + 1, len(self._tokens) - 1)].kind
        fits = following in _STARTS | {"?"} if starts else following in {expected, expected.strip("'")}
        word = "extraneous" if fits and token.kind != END else "mismatched"
        return _SyntaxError(token.offset, f"Syntax error: {word} input '{token.text}' expecting {expected}")

    def _expression(self) -> Node:
        """Read a conditional; a chain of them is read in a loop, since each one nests in the one before."""
        self._brackets += 1
        if self._brackets > _DEEPEST_BRACKETS:
            raise _SyntaxError(self._peek().offset, f"expression recursion limit exceeded: {_DEEPEST_BRACKETS}")
        open_ones: list[tuple[int, Node, Node]] = []
        tree = self._binary(1)
        while (mark := self._take("?")) is not None:
            then = self._binary(1)
            self._expect(":")
            open_ones.append((mark.offset, tree, then))
            tree = self._binary(1)
        for offset, condition, then in reversed(open_ones):
            tree = Conditional(offset=offset, condition=condition, then=then, otherwise=tree)
        self._brackets -= 1
        return tree

    def _binary(self, least: int) -> Node:
        left = self._unary()
        while (binding := _BINDING.get(self._peek().kind, 0)) >= least:
            operator = self._next()
            if binding <= 2:
                left = self._chain(operator, left, binding)
                continue
            name = "@in" if operator.kind == "in" else f"_{operator.kind}_"
            left = Call(offset=operator.offset, name=name, arguments=(left, self._binary(binding + 1)))
        return left

    def _chain(self, operator: Token, first: Node, binding: int) -> Node:
        terms = [first, self._binary(binding + 1)]
        while self._take(operator.kind) is not None:
            terms.append(self._binary(binding + 1))
        return Logic(offset=operator.offset, conjunction=operator.kind == "&&", terms=tuple(terms))

    def _unary(self) -> Node:
        mark = self._peek()
        if mark.kind not in {"!", "-"}:
            return self._member()
        times = 0
        while self._peek().kind == mark.kind and not self._negative_number():
            self._at += 1
            times += 1
        operand = self._member()
        if times % 2 == 0:
            return operand
        return Call(offset=mark.offset, name=f"{mark.kind}_", arguments=(operand,))

    def _negative_number(self) -> bool:
        return self._peek().kind == "-" and self._tokens[self._at + 1].kind in {"int", "float"}

    def _member(self) -> Node:
        begin = self._at
        tree = self._primary()
        named = isinstance(tree, Ident) and self._at - begin <= 2  # not in brackets
        while True:
            token = self._peek()
            if token.kind == ".":
                tree, named = self._dotted(tree, named=named)
            elif token.kind == "[":
                tree, named = self._indexed(tree), False
            elif token.kind == "{" and named:
                tree, named = self._message(tree), False
            else:
                return tree

    def _dotted(self, operand: Node, *, named: bool) -> tuple[Node, bool]:
        dot = self._next()
        optional = self._take("?") is not None
        escaped = self._take("escaped")
        if escaped is not None:
            field = escaped.text[1:-1]
            return Select(offset=dot.offset, operand=operand, field=field, optional=optional), False
        name = self._name()
        bracket = None if optional else self._take("(")
        if bracket is None:
            return Select(offset=dot.offset, operand=operand, field=name, optional=optional), named and not optional
        return self._called(bracket.offset, name, operand), False

    def _name(self) -> str:
        return self._expect("ident").text

    def _indexed(self, operand: Node) -> Node:
        bracket = self._next()
        optional = self._take("?") is not None
        index = self._expression()
        self._expect("]")
        return Index(offset=bracket.offset, operand=operand, index=index, optional=optional)

    def _called(self, offset: int, name: str, target: Node | None) -> Node:
        arguments = []
        if self._peek().kind != ")":
            if self._peek().kind not in _STARTS:
                raise self._unexpected(_EXPECTED.replace("'(', ", "'(', ')', "), starts=True)
            arguments.append(self._expression())
            while self._take(",") is not None:
                arguments.append(self._expression())
        self._expect(")")
        for count in (len(arguments), None):
            macro = self._macros.get((name, count, target is not None))
            if macro is not None:
                return self._expanded(macro, offset, target, arguments)
        return Call(offset=offset, name=name, target=target, arguments=tuple(arguments))

    def _expanded(self, macro: Macro, offset: int, target: Node | None, arguments: list[Node]) -> Node:
        try:
            tree = macro.expand(offset, target, arguments)
        except MacroError as error:
            self.issues.append(Issue(offset=error.node.offset, message=error.message))
            return Literal(offset=offset, value=None)
        return tree or Call(offset=offset, name=macro.name, target=target, arguments=tuple(arguments))

    def _primary(self) -> Node:
        token = self._peek()
        if token.kind in {"ident", "."}:
            return self._identifier()
        if token.kind == "(":
            self._at += 1
            tree = self._expression()
            self._expect(")")
            return tree
        if token.kind == "[":
            return self._list()
        if token.kind == "{":
            self._at += 1
            return MapLiteral(offset=token.offset, entries=self._entries(fields=False))
        return self._literal()

    def _identifier(self) -> Node:
        dot = self._take(".")
        token = self._expect("ident")
        name = f".{token.text}" if dot else token.text
        if token.text in _RESERVED:
            offset = dot.offset if dot else token.offset
            self.issues.append(Issue(offset=offset, message=f"reserved identifier: {token.text}"))
            if self._peek().kind != "(":
                return Literal(offset=offset, value=None)
        bracket = self._take("(")
        if bracket is not None:
            return self._called(bracket.offset, name, None)
        return Ident(offset=token.offset, name=name)

    def _literal(self) -> Node:
        offset = self._peek().offset
        negative = self._negative_number()
        self._at += negative
        token = self._peek()
        try:
            if token.kind in _CONSTANTS:
                value = _CONSTANTS[token.kind]
            elif token.kind in {"int", "uint", "float"}:
                value = number(token.kind, token.text, negative=negative)
            elif token.kind in {"string", "bytes"}:
                value = unquoted(token.text, as_bytes=token.kind == "bytes")
            else:
                raise self._unexpected(_EXPECTED, starts=True)
        except ValueError as error:
            self.issues.append(Issue(offset=offset, message=str(error)))
            value = None
        self._at += 1
        return Literal(offset=offset, value=value)

    def _list(self) -> Node:
        bracket = self._next()
        elements: list[Node] = []
        optionals = set()
        self._expect_first("]")
        while self._peek().kind != "]":
            if self._peek().kind == "," and not elements:  # "[,]" is an empty list
                self._at += 1
                break
            if self._take("?") is not None:
                optionals.add(len(elements))
            elements.append(self._expression())
            if self._take(",") is None:
                break
        self._close("]")
        return ListLiteral(offset=bracket.offset, elements=tuple(elements), optionals=frozenset(optionals))

    def _message(self, name: Node) -> Node:
        bracket = self._next()
        return StructLiteral(offset=bracket.offset, name=qualified_name(name) or "", entries=self._entries(fields=True))

    def _entries(self, *, fields: bool) -> tuple[Entry, ...]:
        entries: list[Entry] = []
        if not fields:
            self._expect_first("}")
        while self._peek().kind != "}":
            if self._peek().kind == "," and not entries:
                self._at += 1
                break
            optional = self._take("?") is not None
            key = self._field(optional=optional) if fields else self._expression()
            colon = self._expect(":")
            entries.append(Entry(offset=colon.offset, key=key, value=self._expression(), optional=optional))
            if self._take(",") is None:
                break
        self._close("}")
        return tuple(entries)

    def _field(self, *, optional: bool) -> Node:
        token = self._take("escaped") or self._take("ident")
        if token is None:
            raise self._unexpected("{IDENTIFIER, ESC_IDENTIFIER}" if optional else _FIELD)
        return Literal(offset=token.offset, value=token.text.strip("`"))
