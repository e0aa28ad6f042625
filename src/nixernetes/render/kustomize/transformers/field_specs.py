"""Field specs: where in which kinds a transformer writes, and how it gets there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from nixernetes.languages.kyaml.nodes import MISSING, is_null, kind_of, text_of
from nixernetes.languages.kyaml.ties import Knot, Tied
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.sizes import MAX_DEPTH
from nixernetes.render.kustomize.failures import KustomizeError
from nixernetes.render.kustomize.resources.ids import Gvk, ResId, group_version

__all__ = ["Entries", "FieldSpec", "merge_all", "rewrite", "set_text", "split_path", "visit"]

Create: TypeAlias = Literal["", "scalar", "mapping"]
Setter: TypeAlias = Callable[[Json], Json]


@dataclass(frozen=True, slots=True)
class FieldSpec:
    r"""A path in the kinds that a (partial) group, version and kind selects.

    Attributes:
        gvk: which kinds; an empty part matches anything.
        path: fields separated by ``/`` (``\/`` is a slash); lists are entered; ``name[]`` demands a list.
        create: whether missing fields on the way are made.

    """

    gvk: Gvk
    path: str
    create: bool = False


def merge_all(specs: tuple[FieldSpec, ...], incoming: Iterable[FieldSpec]) -> tuple[FieldSpec, ...]:
    """Return the specs with those incoming ones added that none of them covers.

    Raises:
        KustomizeError: a covered spec that differs in ``create``.

    """
    result = list(specs)
    for spec in incoming:
        known = next((have for have in result if have.path == spec.path and spec.gvk.selects(have.gvk)), None)
        if known is None:
            result.append(spec)
        elif known.create != spec.create:
            raise KustomizeError("conflicting fieldspecs")
    return tuple(result)


@lru_cache(maxsize=4096)
def split_path(path: str, delimiter: str = "/") -> tuple[str, ...]:
    """Split a path at its delimiter, except where a backslash stands before it.

    Raises:
        KustomizeError: it leads deeper than any value may be.

    """
    parts = path.split(delimiter)
    if len(parts) > 1 and not parts[0]:
        parts = parts[1:]
    result = [parts[0]]
    for part in parts[1:]:
        if result[-1].endswith("\\"):
            result[-1] = result[-1][:-1] + delimiter + part
        else:
            result.append(part)
    if len(result) > MAX_DEPTH:
        raise KustomizeError(f"a field path is nested too deeply: at most {MAX_DEPTH} fields")
    return tuple(result)


def rewrite(manifest: Manifest, spec: FieldSpec, setter: Setter, create: Create = "") -> Manifest:
    """Return the manifest with the setter's answer at every place of a spec; the same object when nothing changed.

    Args:
        manifest: the manifest; parts that do not change are shared with the result.
        spec: the places.
        setter: given the value of a place, returns the new one.
        create: what a missing last field is made as, if the spec creates: an empty text or an empty mapping.

    Raises:
        KustomizeError: a scalar stands where the path goes on.

    """
    if not spec.gvk.selects(Gvk(*group_version(manifest.get("apiVersion")), text_of(manifest.get("kind", MISSING)))):
        return manifest
    try:
        return visit(manifest, split_path(spec.path), setter, create if spec.create else "")  # type: ignore[no-any-return]
    except KustomizeError as error:
        message = f"considering field '{spec.path}' of object {_id_of(manifest)}: {error.message}"
        raise KustomizeError(message, subject=error.subject, place=error.place) from error


def visit(node: Json, path: tuple[str, ...], setter: Setter, create: Create) -> Json:
    """Return a node with the setter's answer at a path; the same object when nothing changed."""
    if not path:
        return setter(node)
    if is_null(node):
        return node
    if isinstance(node, list):
        items = [visit(item, path, setter, create) for item in node]
        return items if any(new is not old for new, old in zip(items, node, strict=True)) else node
    if not isinstance(node, dict):
        raise KustomizeError("expected sequence or mapping node")
    return _visit_field(node, path, setter, create)


def _visit_field(node: dict[str, Json], path: tuple[str, ...], setter: Setter, create: Create) -> Json:
    name = path[0].removesuffix("[]")
    is_list = name != path[0]
    if not name:
        raise KustomizeError("cannot set or create an empty field name")
    old = node.get(name, MISSING)
    value = old
    if create and not is_list:
        if is_null(value):
            value = "" if create == "scalar" and len(path) == 1 else {}
    elif old is MISSING:
        return node
    elif is_list and is_null(value):
        value = []
    new = visit(value, path[1:], setter, create)
    return node if new is old else {**node, name: new}


def _id_of(manifest: Manifest) -> ResId:
    meta = manifest.get("metadata")
    meta = meta if isinstance(meta, dict) else {}
    gvk = Gvk(*group_version(manifest.get("apiVersion")), text_of(manifest.get("kind", MISSING)))
    return ResId(gvk, text_of(meta.get("name", MISSING)), text_of(meta.get("namespace", MISSING)))


def set_text(value: str) -> Setter:
    """Return a setter that writes a text where a scalar stands."""

    def setter(old: Json) -> Json:
        if kind_of(old) != "ScalarNode":
            raise KustomizeError(f"wrong node kind: expected ScalarNode but got {kind_of(old)}")
        return old if old == value and isinstance(old, str) else value

    return setter


class Entries:
    """Adds entries to the mappings of one object; where an entry is made at several places, these are tied.

    Args:
        values: the entries.

    Attributes:
        changes: the knots whose texts were overwritten, with what they are now.
        made: how often each entry was made.

    """

    def __init__(self, values: dict[str, str]) -> None:
        self._values = values
        self._knots = {key: Knot() for key in values}
        self.changes: dict[Knot, Json] = {}
        self.made = dict.fromkeys(values, 0)

    def __call__(self, old: Json) -> Json:
        """Return a mapping with the entries."""
        if is_null(old):
            return old
        if not isinstance(old, dict):
            raise KustomizeError(f"wrong node kind: expected MappingNode but got {kind_of(old)}")
        if all(old.get(key) == value for key, value in self._values.items()):
            return old
        return {**old, **{key: self._entry(old.get(key, MISSING), key, value) for key, value in self._values.items()}}

    def _entry(self, old: Json, key: str, value: str) -> str:
        if isinstance(old, Tied):
            self.changes[old.knot] = value
            return Tied(value, old.knot)
        if old is MISSING:
            self.made[key] += 1
            return Tied(value, self._knots[key])
        return value
