"""Whether data has the form that its reader counts on: a check at the door, so that nothing behind it need ask.

A shape is written as data: ``str``, ``bool``, ``object`` (anything), ``SCALAR`` (a text, number or boolean);
``[shape]`` for a list; ``{name: shape}`` for an object, whose other fields may be anything; a name that ends with ``!``
is required, and ``"*"`` is any name. Null stands for an absent field, as the Kubernetes API takes it, and is no item of
a list.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from nixernetes.objects.manifest import Json

__all__ = ["OBJECT", "SCALAR", "Shape", "misfit"]

SCALAR: Final = "scalar"
Shape: TypeAlias = Json
# What a Kubernetes object of any kind must be for its identity to be known.
OBJECT: Final[Shape] = {"apiVersion": str, "kind": str, "metadata": {"name": str, "namespace": str}}

_WORDS = {str: "string", bool: "boolean", dict: "object", list: "array"}


def misfit(shape: Shape, value: Json, path: str = "") -> str:
    """Return the first place where a value has not the form, and which it must have; ``""`` for a value that fits.

    Args:
        shape: the form.
        value: the data.
        path: what the place begins with, as ``spec``.

    """
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return _must(path, dict)
        return _object_misfit(shape, value, path)
    if isinstance(shape, list):
        if not isinstance(value, list):
            return _must(path, list)
        found = (misfit(shape[0], item, f"{path}[{number}]") for number, item in enumerate(value))
        return next(filter(None, found), "")
    if shape == SCALAR:
        return "" if isinstance(value, str | bool | int | float) else f"{path}: must be a string, number or boolean"
    return "" if shape is object or isinstance(value, shape) else _must(path, shape)


def _object_misfit(shape: Shape, value: Json, path: str) -> str:
    for spelled, inner in shape.items():
        name = spelled.removesuffix("!")
        if name == "*":
            found = (misfit(inner, item, _at(path, key)) for key, item in value.items() if item is not None)
            wrong = next(filter(None, found), "")
        elif value.get(name) is not None:
            wrong = misfit(inner, value[name], _at(path, name))
        else:
            wrong = f"{_at(path, name)}: is required" if spelled.endswith("!") else ""
        if wrong:
            return wrong
    return ""


def _at(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _must(path: str, kind: type) -> str:
    return f"{path or 'this'}: must be {'an' if kind in (dict, list) else 'a'} {_WORDS[kind]}"
