"""What is wrong with a YAML text, in the words of Go's readers of it: statuses of controllers quote them.

go.yaml.in/yaml (v2 and v3: ``yamlprivateh.go`` and ``decode.go``), which is libyaml in Go: it tells the problem without
what was being read, and counts lines from 0 where its parser finds the problem, from 1 where its scanner does.
"""

from __future__ import annotations

import re

from nixernetes.errors import InputError

__all__ = ["go_yaml_problem"]

_BROKEN = re.compile(r"broken YAML: while (parsing|scanning) .*? ((?:did not|could not|found|expected) .*)")
# The problems that are told without what was being read: the first by the scanner, the second by the parser.
_ALONE = re.compile(
    r"broken YAML: (?:((?:mapping values|block sequence entries) are not allowed in this context)"
    r"|(did not find expected <document start>))"
)


def go_yaml_problem(error: InputError) -> str:
    """Return ``yaml: line 3: ...``, or ``""`` for a problem that Go's reader tells otherwise.

    Args:
        error: what the reader of YAML said of a text whose file was named, so that its place has the line.

    """
    broken, alone = _BROKEN.fullmatch(error.message), _ALONE.fullmatch(error.message)
    if broken is not None:
        by_parser, problem = broken[1] == "parsing", broken[2]
    elif alone is not None:
        by_parser, problem = alone[1] is None, alone[1] or alone[2]
    else:
        return ""
    line = error.place.rpartition(":")[2]
    number = int(line) - by_parser if line.isdigit() else 0
    where = f"line {number}: " if number else ""
    return f"yaml: {where}{problem}"
