"""Substitution as Flux has it after a build: ``${name}`` and its functions in a text (Flux, section 4).

The parser follows the one that Flux uses: what it reads is read, what it refuses is refused. ``$name`` without braces
is text; ``$$`` is one ``$``. Lengths and positions count bytes, as in Go. The work grows with text and patterns,
not with their combinations: patterns run as an automaton, and results have a limit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from nixernetes.errors import InputError
from nixernetes.languages.globs.shell import longest_prefix, shortest_prefix

__all__ = ["SubstitutionError", "substitute"]

_MAX_DEPTH = 64  # nested defaults; honest ones nest two or three times
_MAX_BYTES = 32 * 1024 * 1024  # of all values of one text together, as for any YAML text
_MAX_WORK = 5_000_000  # characters of patterns times those of values, of one text: a second at most
_SHOWN = 60  # characters of an expression in a message
_MARK = re.compile(r"\$\$|\$\{")
_SUBSTRING_INTEGER = re.compile(r"[-+]?[0-9]+\Z")
_DEFAULTS = frozenset(("=", ":=", ":-", ":?", ":+"))


class SubstitutionError(InputError):
    """The text holds an expression that cannot be evaluated.

    Attributes:
        expression: how the expression begins, at most a line of it; it may be a part of a secret.

    """

    expression = ""


def substitute(text: str, variables: Mapping[str, str], *, strict: bool = True) -> str:
    """Replace the expressions of a text.

    Args:
        text: the text; only ``${...}`` is an expression.
        variables: name to value.
        strict: whether a variable that is not set is an error (unless its expression has a default); else it is empty.

    Raises:
        SubstitutionError: a broken expression, an unset variable in strict mode, or a result that is too large.

    """
    if "$" not in text:
        return text
    return _Evaluator(text, variables, strict=strict).run()


class _Evaluator:
    """Parses and evaluates in one pass; the position only moves forward."""

    def __init__(self, text: str, variables: Mapping[str, str], *, strict: bool) -> None:
        self._text = text
        self._at = 0
        self._variables = variables
        self._strict = strict
        self._depth = 0
        self._size = 0
        self._work = 0
        self._unset: SubstitutionError | None = None

    def run(self) -> str:
        parts: list[str] = []
        while mark := _MARK.search(self._text, self._at):
            parts.append(self._text[self._at : mark.start()])
            self._at = mark.end()
            try:
                parts.append("$" if mark[0] == "$$" else self._expression())
            except SubstitutionError as error:
                error.expression = self._begin(mark.start())
                raise
            if self._unset is not None and not self._unset.expression:
                self._unset.expression = self._begin(mark.start())
        if self._unset is not None:
            raise self._unset
        parts.append(self._text[self._at :])
        return "".join(parts)

    def _begin(self, start: int) -> str:
        """Return how an expression begins: up to its brace, the end of its line, or 60 characters."""
        line = self._text[start : start + _SHOWN].partition("\n")[0]
        head, brace, _ = line.partition("}")
        return head + brace

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _expression(self) -> str:
        """Evaluate what stands after ``${``, up to and with its ``}``."""
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise SubstitutionError(f"expressions are nested deeper than {_MAX_DEPTH} levels")
        try:
            found = self._inner()
        finally:
            self._depth -= 1
        # Inner expressions count too: they are held while the outer one is evaluated.
        self._size += len(found)
        if self._size > _MAX_BYTES:
            raise SubstitutionError(f"the result is larger than {_MAX_BYTES // 1024 // 1024} MiB")
        return found

    def _inner(self) -> str:
        if self._peek() == "#":
            self._at += 1
            name = self._name("bad substitution")
            self._close("bad substitution")
            return str(len(self._value(name).encode()))
        name = self._name("unable to parse variable name")
        start = self._peek()
        if start == ":":
            following = self._text[self._at + 1 : self._at + 2]
            is_default = bool(following) and following in "=-?+"
            return self._default(name, ":" + following) if is_default else self._substring(name)
        if start == "=":
            return self._default(name, "=")
        if start and start in ",^":
            operator = self._operator(start)
            self._close("bad substitution")
            return _CASES[operator](self._value(name))
        if start == "/":
            return self._replace(name)
        if start and start in "#%":
            return self._remove(name, start)
        self._close("missing closing brace")
        return self._value(name)

    def _name(self, problem: str) -> str:
        begin = self._at
        text = self._text
        while self._at < len(text) and (
            text[self._at].isalpha() or text[self._at].isdecimal() or text[self._at] == "_"
        ):
            self._at += 1
        if self._at == begin:
            raise SubstitutionError(problem)
        return text[begin : self._at]

    def _close(self, problem: str) -> None:
        if self._peek() != "}":
            raise SubstitutionError(problem)
        self._at += 1

    def _value(self, name: str) -> str:
        value = self._variables.get(name)
        if value is None and self._strict:
            # The whole text is read before anything is looked up: what cannot be read is told first.
            self._unset = self._unset or SubstitutionError(f'variable not set (strict mode): "{name}"')
        return value or ""

    def _operator(self, sign: str) -> str:
        """Take a sign, once or twice."""
        count = 2 if self._text.startswith(sign * 2, self._at) else 1
        self._at += count
        return sign * count

    def _skip(self, sign: str) -> None:
        """Take all of a sign that there are in a row: two slashes part texts as one does."""
        while self._peek() == sign:
            self._at += 1

    def _default(self, name: str, operator: str) -> str:
        self._at += len(operator)
        parts: list[str] = []
        while self._peek() != "}":
            parts.append(self._parameter("}"))
        self._at += 1
        return self._variables.get(name) or "".join(parts)

    def _substring(self, name: str) -> str:
        self._at += 1
        arguments = [self._parameter(":}")]
        if self._peek() == ":":
            self._skip(":")
            arguments.append(self._parameter("}"))
        self._close("bad substitution")
        return _substring(self._value(name), arguments)

    def _remove(self, name: str, sign: str) -> str:
        operator = self._operator(sign)
        pattern = self._parameter("}")
        self._close("bad substitution")
        value = self._value(name)
        self._work += len(pattern) * len(value)
        if self._work > _MAX_WORK:
            raise SubstitutionError("patterns and values are too long to be matched: shorten one of them")
        return _REMOVALS[operator](value, pattern)

    def _replace(self, name: str) -> str:
        self._at += 1
        kind = self._peek()
        kind = kind if kind and kind in "/#%" else ""
        self._at += len(kind)
        old = self._parameter("/", escapes=True)
        if self._peek() != "/":
            raise SubstitutionError("bad substitution")
        self._skip("/")
        new = None if self._peek() == "}" else self._parameter("}", escapes=True)
        self._close("bad substitution")
        return _replaced(self._value(name), kind, old, new)

    def _parameter(self, ends: str, *, escapes: bool = False) -> str:
        """Take one parameter: an expression, or at least one character of text up to an end or an expression."""
        if self._text.startswith("${", self._at):
            self._at += 2
            return self._expression()
        parts: list[str] = []
        text, begin = self._text, self._at
        while self._at < len(text):
            character = text[self._at]
            if escapes and text[self._at : self._at + 2] in ("$$", "\\/", "\\\\"):
                parts.append(text[self._at + 1])
                self._at += 2
                continue
            if character in ends or (character == "$" and text.startswith("${", self._at)):
                break
            parts.append(character)
            self._at += 1
        if self._at == begin:
            at_end = self._at == len(text)
            raise SubstitutionError(
                "missing closing brace" if at_end else "unable to parse substitution within function"
            )
        return "".join(parts)


def _first(change: Callable[[str], str]) -> Callable[[str], str]:
    return lambda value: change(value[:1]) + value[1:]


_CASES: dict[str, Callable[[str], str]] = {
    "^": _first(str.upper),
    "^^": str.upper,
    ",": _first(str.lower),
    ",,": str.lower,
}


def _without_prefix(value: str, length: int | None) -> str:
    return value if length is None else value[length:]


def _without_suffix(value: str, length: int | None) -> str:
    return value if length is None else value[: len(value) - length]


_REMOVALS: dict[str, Callable[[str, str], str]] = {
    "#": lambda value, pattern: _without_prefix(value, shortest_prefix(pattern, value)),
    "##": lambda value, pattern: _without_prefix(value, longest_prefix(pattern, value)),
    "%": lambda value, pattern: _without_suffix(value, shortest_prefix(pattern, value, backwards=True)),
    "%%": lambda value, pattern: _without_suffix(value, longest_prefix(pattern, value, backwards=True)),
}


def _substring(value: str, arguments: list[str]) -> str:
    """Return the bytes from a position on, at most so many; a length below zero counts back from the end.

    So ``toSubstr`` of ``fluxcd/pkg/envsubst`` 1.7.1: what is no number leaves the value as it is.
    """
    if not all(_SUBSTRING_INTEGER.match(argument) and len(argument) < 19 for argument in arguments):
        return value
    data = value.encode()
    start = int(arguments[0])
    start = max(len(data) + start, 0) if start < 0 else start
    length = int(arguments[1]) if len(arguments) > 1 else len(data)
    end = len(data) + length if length < 0 else min(start + length, len(data))
    if end <= start:
        return ""
    try:
        return data[start:end].decode()
    except UnicodeDecodeError as error:
        raise SubstitutionError("a substring cuts a character in two: positions count bytes") from error


def _replaced(value: str, kind: str, old: str, new: str | None) -> str:
    if kind in ("", "/"):
        return _bounded_replace(value, old, new or "", -1 if kind else 1)
    if new is None:  # the real function takes exactly two arguments and else leaves the value as it is
        return value
    if kind == "#":
        return new + value[len(old) :] if value.startswith(old) else value
    return value[: len(value) - len(old)] + new if value.endswith(old) else value


def _bounded_replace(value: str, old: str, new: str, count: int) -> str:
    found = value.count(old) if count < 0 else 1
    if found * len(new) > _MAX_BYTES:
        raise SubstitutionError(f"the result is larger than {_MAX_BYTES // 1024 // 1024} MiB")
    return value.replace(old, new, count)
