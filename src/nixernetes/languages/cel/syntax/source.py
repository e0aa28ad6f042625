"""Where in an expression something stands, and how an error shows it (cel-go ``common/error.go``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nixernetes.languages.cel.errors import CompileError

__all__ = ["Issue", "failure"]

_LONGEST_SNIPPET = 16_384  # characters of a line that is shown below an error
_MOST_ISSUES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One thing that is wrong: its offset in the text, in code points, and what it is."""

    offset: int
    message: str


def failure(text: str, issues: Sequence[Issue]) -> CompileError:
    """Return the error that shows all issues of an expression, by their places."""
    ordered = sorted(issues, key=lambda issue: issue.offset)[:_MOST_ISSUES]
    return CompileError("\n".join(_shown(text, issue) for issue in ordered))


def _shown(text: str, issue: Issue) -> str:
    begin = text.rfind("\n", 0, issue.offset) + 1
    line, column = text.count("\n", 0, issue.offset) + 1, issue.offset - begin
    end = text.find("\n", begin)
    snippet = text[begin : len(text) if end < 0 else end].replace("\t", " ")
    head = f"ERROR: <input>:{line}:{column + 1}: {issue.message}"
    if len(snippet) > _LONGEST_SNIPPET:
        return head
    # Letters outside ASCII take wide marks below them, so that the caret stays in its column.
    dots = "".join("." if letter < "\x80" else "\uff0e" for letter in snippet[:column])
    caret = "\uff3e" if snippet[column : column + 1] > "\x7f" else "^"
    return f"{head}\n | {snippet}\n | {dots}{caret}"
