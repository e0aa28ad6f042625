"""What is wrong with a YAML text, in the words of Go's readers of it: statuses of controllers quote them.

go.yaml.in/yaml (v2 and v3: ``yamlprivateh.go`` and ``decode.go``), which is libyaml in Go: it tells the problem without
what was being read, and counts lines from 0 where its parser finds the problem, from 1 where its scanner does.
"""

from __future__ import annotations

import re

from nixernetes.errors import InputError

__all__ = ["go_yaml_problem"]

_BROKEN = re.compile(r"broken YAML: (?:while (parsing|scanning) .*? )?((?:did not|could not|found|expected) .*)")
_MAPPING = "mapping values are not allowed in this context"


def go_yaml_problem(error: InputError) -> str:
    """Return ``yaml: line 3: ...``, or ``""`` for a problem that Go's reader tells otherwise.

    Args:
        error: what the reader of YAML said of a text whose file was named, so that its place has the line.

    """
    is_mapping = error.message == f"broken YAML: {_MAPPING}"
    broken = _BROKEN.fullmatch(error.message)
    if broken is None and not is_mapping:
        return ""
    line = error.place.rpartition(":")[2]
    by_parser = broken is not None and broken[1] == "parsing"
    number = int(line) - by_parser if line.isdigit() else 0
    where = f"line {number}: " if number else ""
    return f"yaml: {where}{_MAPPING if broken is None else broken[2]}"
