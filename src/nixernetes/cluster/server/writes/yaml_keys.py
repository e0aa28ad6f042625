"""The keys that a YAML document has twice in one mapping, and where."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

__all__ = ["repeated_keys"]

_MOST_NODES = 100_000


def repeated_keys(text: bytes | str) -> list[tuple[str, int]]:
    """Return the keys that the first document of a stream has twice, with the lines of all but the first.

    Args:
        text: YAML that can be read.

    """
    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    try:
        root = next(iter(yaml.compose_all(text, Loader=loader)), None)
    except yaml.YAMLError:
        return []
    return list(_in(root)) if root is not None else []


def _in(root: yaml.Node) -> Iterator[tuple[str, int]]:
    """Yield the keys in the order of the document; what an alias repeats is looked at once."""
    waiting, known = [root], set[int]()
    while waiting and len(known) < _MOST_NODES:
        node = waiting.pop()
        if id(node) in known:
            continue
        known.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting += reversed(node.value)
        elif isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, _ in node.value:
                if isinstance(key, yaml.ScalarNode):
                    if key.value in seen:
                        yield str(key.value), key.start_mark.line + 1
                    seen.add(key.value)
            waiting += [value for _, value in reversed(node.value)]
