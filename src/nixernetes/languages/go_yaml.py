"""What is wrong with a YAML text, in the words of Go's readers of it: statuses of controllers quote them.

go.yaml.in/yaml (``fail`` of ``yaml.go`` in v2 and v3), which is libyaml in Go: it tells the problem without what was
being read, and counts lines from 0 where its parser finds the problem, from 1 where its scanner does.
"""

from __future__ import annotations

import yaml
from yaml.scanner import ScannerError

from nixernetes.errors import InputError

__all__ = ["go_yaml_problem"]


def go_yaml_problem(error: InputError, *, context_first: bool = False, skipped: int = 0) -> str:
    """Return ``yaml: line 3: ...``, or ``""`` for a problem that Go's reader tells otherwise.

    Args:
        error: what the reader of YAML said of a text, or what came of that.
        context_first: whether the line is that of what was being read, where it is known (v3), or of the problem (v2).
        skipped: the lines in front of a document that Go was given alone.

    """
    found: BaseException | None = error
    while found is not None and not isinstance(found, yaml.MarkedYAMLError):
        found = found.__cause__
    if found is None or not found.problem:
        return ""
    marks = (found.context_mark, found.problem_mark)
    lines = [mark.line - skipped for mark in (marks if context_first else marks[::-1]) if mark is not None]
    line = next((line for line in lines if line > 0), 0)
    if line:
        line += isinstance(found, ScannerError)
    return f"yaml: line {line}: {found.problem}" if line else f"yaml: {found.problem}"
