"""Tokens of an expression (cel-go ``parser/gen/CEL.g4``)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nixernetes.languages.cel.syntax.source import Issue

__all__ = ["END", "Token", "tokens"]

END = "<EOF>"

# Triple quotes stand before single ones, floats before whole numbers, long operators before short ones.
_QUOTED = (
    r'[rR]"""(?s:.*?)"""|[rR]\'\'\'(?s:.*?)\'\'\'|[rR]"[^"\n\r]*"|[rR]\'[^\'\n\r]*\''
    r'|"""(?s:\\.|[^\\])*?"""|\'\'\'(?s:\\.|[^\\])*?\'\'\''
    r'|"(?:\\.|[^\\"\n\r])*"|\'(?:\\.|[^\\\'\n\r])*\''
)
_TOKEN = re.compile(
    rf"""
    (?P<space>[\t \r\n\f]+|//[^\n]*)
  | (?P<bytes>[bB](?:{_QUOTED}))
  | (?P<string>{_QUOTED})
  | (?P<float>[0-9]+\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+|\.[0-9]+(?:[eE][+-]?[0-9]+)?)
  | (?P<uint>0x[0-9a-fA-F]+[uU]|[0-9]+[uU])
  | (?P<int>0x[0-9a-fA-F]+|[0-9]+)
  | (?P<ident>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<escaped>`[A-Za-z0-9_./\- ]+`)
  | (?P<operator>==|!=|<=|>=|&&|\|\||[<>\[\]{{}}().,\-!?:+*/%])
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A token: its kind (for operators and key words the text itself), its text, and its offset."""

    kind: str
    text: str
    offset: int


_SURROGATE = re.compile("[\ud800-\udfff]")
_KEY_WORDS = frozenset({"in", "true", "false", "null"})


def tokens(text: str) -> tuple[list[Token], list[Issue]]:
    """Return the tokens, the last one of kind ``END``, and what is none."""
    found, at = [], 0
    half = _SURROGATE.search(text)
    issues = [Issue(offset=half.start(), message="invalid unicode code point")] if half else []
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            end = _end_of_unknown(text, at)
            issues.append(Issue(offset=at, message=f"Syntax error: token recognition error at: '{text[at:end]}'"))
            at = end
            continue
        kind, spelled = match.lastgroup or "", match[0]
        if kind != "space":
            literal = kind == "operator" or (kind == "ident" and spelled in _KEY_WORDS)
            found.append(Token(spelled if literal else kind, spelled, at))
        at = match.end()
    found.append(Token(END, END, len(text)))
    return found, issues


def _end_of_unknown(text: str, at: int) -> int:
    if text[at] in "\"'`":
        end = text.find("\n", at)
        return len(text) if end < 0 else end
    return min(at + 2, len(text)) if text[at] in "|&=" else at + 1
