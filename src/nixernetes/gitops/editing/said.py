"""What a platform file says of an app, read without running it: the file of an old commit may no longer run."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from nixernetes.gitops.editing.secret_names import is_secret_name

__all__ = ["differences", "said_of"]

_LONGEST = 60  # characters of a value that are shown


def said_of(data: bytes, app: str) -> dict[str, str] | None:
    """Return field to value, as they are written: ``environments.production.images.nginx`` to ``":1.28"``.

    What the declaration names, and is given at module level, counts too, under its name: ``deployment.spec.replicas``.
    None when the file declares no such app, declares it more than once, or is not Python.
    """
    try:
        tree = ast.parse(data)
    except (SyntaxError, ValueError):
        return None
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _declares(node, app)]
    return {**dict(_flat(found[0], ())), **dict(_named(tree, found[0]))} if len(found) == 1 else None


def differences(before: Mapping[str, str] | None, after: Mapping[str, str] | None) -> list[str]:
    """Return what was changed, a line for each field; values whose name says that they are secret are hidden."""
    if before is None:
        return ["declared"] if after is not None else []
    if after is None:
        return ["no longer declared"]
    changed = [name for name in dict.fromkeys([*before, *after]) if before.get(name) != after.get(name)]
    return [f"{name} {_shown(name, before.get(name))} -> {_shown(name, after.get(name))}" for name in changed]


def _declares(call: ast.Call, app: str) -> bool:
    function = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    names = [each.value for each in call.keywords if each.arg == "name"]
    return function == "App" and any(isinstance(each, ast.Constant) and each.value == app for each in names)


def _named(tree: ast.Module, start: ast.expr) -> Iterator[tuple[str, str]]:
    """Yield what the names that are read in a declaration stand for, and the names in that."""
    given = {
        target.id: each.value
        for each in tree.body
        if isinstance(each, ast.Assign)
        for target in each.targets
        if isinstance(target, ast.Name)
    }
    functions = {each.name: each for each in tree.body if isinstance(each, ast.FunctionDef)}
    seen: set[str] = set()
    waiting: list[ast.AST] = [start]
    while waiting:
        reads = {each.id for each in ast.walk(waiting.pop()) if isinstance(each, ast.Name)} - seen
        seen |= reads
        for name in sorted(reads):
            if name in given:
                yield from _flat(given[name], (name,))
                waiting.append(given[name])
            elif name in functions:
                yield name, ast.unparse(functions[name])
                waiting.append(functions[name])


def _flat(node: ast.expr, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Dict) and node.keys and all(isinstance(key, ast.Constant) for key in node.keys):
        for key, value in zip(node.keys, node.values, strict=True):
            yield from _flat(value, (*path, str(key.value) if isinstance(key, ast.Constant) else ""))
    elif isinstance(node, ast.Call) and node.keywords and not node.args and all(each.arg for each in node.keywords):
        for keyword in node.keywords:
            yield from _flat(keyword.value, (*path, keyword.arg or ""))
    elif isinstance(node, ast.List | ast.Tuple) and any(isinstance(each, ast.Dict | ast.Call) for each in node.elts):
        for index, each in enumerate(node.elts):
            yield from _flat(each, (*path, str(index)))
    else:
        yield ".".join(path), ast.unparse(node).replace("'", '"')


def _shown(name: str, value: str | None) -> str:
    if value is None:
        return "(none)"
    if is_secret_name(name):
        return "***"
    text = " ".join(value.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
