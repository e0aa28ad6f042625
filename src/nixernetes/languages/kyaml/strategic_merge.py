"""Strategic merge patches, as Kustomize applies them (kyaml ``merge2`` with list prepend).

The rules, where they differ from kubectl's: items that a patch adds to a merging list come first; only ``$patch``
(``delete``, ``replace``, ``merge``) is a directive, so that ``$setElementOrder``, ``$retainKeys`` and
``$deleteFromPrimitiveList`` are ordinary fields; a field that was left empty (``key:``) is dropped from everything
that a patch walks over, a field written ``null`` stays.

The walk changes its arguments in place, as the original does, because what a later step sees depends on it; the one
public function copies first.
"""

from __future__ import annotations

from typing import Final, Protocol

from nixernetes.languages.kyaml.failures import KustomizeError
from nixernetes.languages.kyaml.nodes import MISSING, demand_kind, is_null, kind_of, text_of
from nixernetes.languages.kyaml.shapes import Shape
from nixernetes.languages.kyaml.ties import Knot, Tied, followed
from nixernetes.objects.manifest import Json, Manifest, copy
from nixernetes.objects.yamls import EMPTY

__all__ = ["Shapes", "merge"]

_DIRECTIVE: Final = "$patch"
MAX_ITEMS = 1000  # of a list that merges by one key: each item is compared with each; honest lists have some dozens


class Shapes(Protocol):
    """What is known of kinds."""

    def shape(self, api_version: Json, kind: Json) -> Shape | None:
        """Return the root shape of a kind, or None."""
        ...


def merge(manifest: Manifest, patch: Manifest, schemas: Shapes) -> Manifest | None:
    """Return the patched manifest, or None when the patch deletes it; the arguments are left alone.

    Raises:
        KustomizeError: a node of another kind than the one it patches, or an unknown ``$patch``.

    """
    walker = _Walker(schemas)
    result = walker.walk(copy(manifest), copy(patch), None)
    if not isinstance(result, dict):
        return None
    return followed(result, walker.changes) if walker.changes else result


class _Walker:
    def __init__(self, schemas: Shapes) -> None:
        self._schemas = schemas
        self.changes: dict[Knot, Json] = {}

    def walk(self, dest: Json, patch: Json, shape: Shape | None) -> Json:
        shape = shape or self._shape_of(dest) or self._shape_of(patch)
        first = patch if is_null(dest) else dest
        if is_null(first):
            return self._map(dest, patch, shape)
        kind = kind_of(first)
        demand_kind(dest, kind)
        demand_kind(patch, kind)
        if kind == "MappingNode":
            return self._map(dest, patch, shape)
        if kind == "SequenceNode" and shape is not None and shape.merge_keys is not None:
            return self._merging_list(dest, patch, shape)
        return dest if patch is MISSING else patch

    def _shape_of(self, node: Json) -> Shape | None:
        if not isinstance(node, dict) or "kind" not in node or "apiVersion" not in node:
            return None
        return self._schemas.shape(node["apiVersion"], node["kind"])

    def _map(self, dest: Json, patch: Json, shape: Shape | None) -> Json:
        result = _visit_map(dest, patch)
        if not isinstance(result, dict):
            return result
        names = set(result)
        if isinstance(patch, dict):
            names.update(patch)
        for name in sorted(names):
            mine = result.get(name, MISSING)
            theirs = patch.get(name, MISSING) if isinstance(patch, dict) else MISSING
            if theirs is MISSING and isinstance(mine, (str, int, float)):
                continue
            value = self.walk(mine, theirs, shape.field(name) if shape else None)
            if isinstance(mine, Tied) and value is not mine and isinstance(value, (str, int, float)):
                self.changes[mine.knot] = value
                value = Tied(value, mine.knot) if isinstance(value, str) else value
            _set_field(result, name, value, persistent=mine is None and theirs is MISSING)
        return result

    def _merging_list(self, dest: Json, patch: Json, shape: Shape) -> Json:
        result = _visit_list(dest, patch)
        if not isinstance(result, list):
            return result
        keys = shape.merge_keys or ()
        sources = [result, patch if isinstance(patch, list) else MISSING]
        size = max(len(source) for source in sources if isinstance(source, list))
        limit = MAX_ITEMS // max(len(keys), 1)
        if size > limit:
            raise KustomizeError(f"a list of {size:,} items is too long to be merged by key: at most {limit:,}")
        if keys:
            return self._set_elements(_element_values(sources, keys), keys, sources, shape)
        return self._set_elements(_primitive_values(sources), ("",), sources, shape)

    def _set_elements(
        self, rows: list[tuple[str, ...]], keys: tuple[str, ...], sources: list[Json], shape: Shape
    ) -> Json:
        dest: list[Json] = sources[0]
        if len(keys) > 1:
            rows = _merge_rows(rows)
        added: list[Json] = []
        names: tuple[str, ...] = ()
        given = _given(rows, keys)
        for row in rows:
            names, values = _kept(given, row, keys)
            exact_names, exact_values = _kept(_given([values], names), values, names)
            mine, theirs = (_element(source, exact_names, exact_values) for source in sources)
            value = self.walk(mine, theirs, shape.items)
            if is_null(value) or value == {}:
                _set_element(dest, MISSING, names, values)
                continue
            if isinstance(value, dict):
                for name, text in zip(names, values, strict=False):
                    if text and name not in value:
                        value[name] = text
            _set_element(added, value, names, values)
        return _append_all(added, dest, names) if rows else dest


def _visit_map(dest: Json, patch: Json) -> Json:
    """Choose the mapping that the fields are written to, or ``MISSING`` to clear it."""
    if is_null(dest):
        if _take_directive(patch, lenient=True) == "delete":
            return MISSING
        if patch is MISSING and dest is None:
            return None
        return patch if isinstance(patch, dict) else MISSING
    if patch is None or patch is EMPTY:
        return MISSING
    directive = _take_directive(patch)
    if directive == "delete":
        return MISSING
    return patch if directive == "replace" else dest


def _visit_list(dest: Json, patch: Json) -> Json:
    if is_null(dest):
        return patch
    if patch is None or patch is EMPTY:
        return MISSING
    directive = _take_list_directive(patch)
    if directive == "delete":
        return MISSING
    return patch if directive == "replace" else dest


def _take_directive(patch: Json, *, lenient: bool = False) -> str:
    if not isinstance(patch, dict) or _DIRECTIVE not in patch:
        return "merge"
    directive = text_of(patch[_DIRECTIVE])
    if directive in ("delete", "replace", "merge"):
        del patch[_DIRECTIVE]
        return directive
    if lenient:
        return ""
    raise KustomizeError(f"unknown patch strategy '{directive}'")


def _take_list_directive(patch: Json) -> str:
    if patch is MISSING:
        return "merge"
    marked = next((item for item in patch if isinstance(item, dict) and _DIRECTIVE in item), None)
    if marked is None or len(marked) > 1:
        return "merge"
    directive = text_of(marked[_DIRECTIVE])
    if directive not in ("delete", "replace", "merge"):
        raise KustomizeError(f"unknown patch strategy '{directive}'")
    _set_element(patch, MISSING, (_DIRECTIVE,), (directive,))
    return directive


def _set_field(node: dict[str, Json], name: str, value: Json, *, persistent: bool) -> None:
    if value is MISSING or value is EMPTY or (value is None and not persistent):
        node.pop(name, None)
    else:
        node[name] = value


def _element_values(sources: list[Json], keys: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Collect the key values of all items, those of the patch first."""
    rows: dict[tuple[str, ...], None] = {}
    for source in reversed(sources):
        for item in source if isinstance(source, list) else []:
            row = tuple(_key_text(item, key) for key in keys)
            rows[row] = None
    return list(rows)


def _key_text(item: Json, key: str) -> str:
    value = item.get(key, MISSING) if isinstance(item, dict) else MISSING
    return "" if is_null(value) else text_of(value)


def _primitive_values(sources: list[Json]) -> list[tuple[str, ...]]:
    rows: dict[tuple[str, ...], None] = {}
    for source in reversed(sources):
        for item in source if isinstance(source, list) else []:
            rows[(text_of(item),)] = None
    return list(rows)


def _merge_rows(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Let rows that agree where both are given, and share a value, complete each other."""
    rows = list(rows)
    for i in range(len(rows)):
        for j in range(len(rows)):
            both = _agree(rows[i], rows[j])
            if both is not None:
                rows[i] = rows[j] = both
    return rows


def _agree(one: tuple[str, ...], two: tuple[str, ...]) -> tuple[str, ...] | None:
    if any(a and b and a != b for a, b in zip(one, two, strict=True)):
        return None
    if not any(a == b for a, b in zip(one, two, strict=True)):
        return None
    return tuple(a or b for a, b in zip(one, two, strict=True))


def _given(rows: list[tuple[str, ...]], keys: tuple[str, ...]) -> set[str]:
    """Return the keys that some row gives a value for."""
    return {keys[i] for values in rows for i, value in enumerate(values) if value and i < len(keys)}


def _kept(given: set[str], row: tuple[str, ...], keys: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Keep the keys that are given; all of them when none is."""
    if not given:
        return keys, row
    return (
        tuple(key for key in keys if key in given),
        tuple(value for i, value in enumerate(row) if value or keys[i] in given),
    )


def _element(source: Json, keys: tuple[str, ...], values: tuple[str, ...]) -> Json:
    """Return the first item with these key values, or ``MISSING``."""
    if not isinstance(source, list):
        return MISSING
    if not keys or not keys[0]:
        wanted = values[0] if values else ""
        return next((item for item in source if text_of(item) == wanted), MISSING)
    for item in source:
        if isinstance(item, dict) and all(
            key in item and text_of(item[key]) == value for key, value in zip(keys, values, strict=True)
        ):
            return item
    return MISSING


def _set_element(target: list[Json], element: Json, keys: tuple[str, ...], values: tuple[str, ...]) -> None:
    """Replace the items that match by an element, remove them when it is ``MISSING``, append it when none does."""
    if len(keys) == 1 and _all_differ(target, keys[0], values):
        if not is_null(element):
            target.append(element)
        return
    fresh: list[Json] = []
    found = False
    for item in target:
        if is_null(item) or item == {}:
            continue
        if not isinstance(item, dict) and keys and keys[0] and values and values[0]:
            fresh.append(item)
        elif not _matches(item, keys, values):
            if values:
                fresh.append(item)
        else:
            found = True
            if not is_null(element):
                fresh.append(element)
    target[:] = fresh
    if not found and not is_null(element):
        target.append(element)


def _all_differ(target: list[Json], key: str, values: tuple[str, ...]) -> bool:
    """Tell soon that no item matches, and that none is left out: a list is often asked for what it does not have."""
    if not key or len(values) != 1 or not values[0]:
        return False
    value = values[0]
    return all(type(item) is dict and type(mine := item.get(key)) is str and mine != value for item in target)


def _matches(item: Json, keys: tuple[str, ...], values: tuple[str, ...]) -> bool:
    if not values:
        return False
    for key, value in zip(keys, values, strict=False):
        if not key:
            demand_kind(item, "ScalarNode")
            if text_of(item) != value:
                return False
            continue
        demand_kind(item, "MappingNode")
        if key not in item or (value and text_of(item[key]) != value):
            return False
    return True


def _append_all(target: list[Json], items: list[Json], keys: tuple[str, ...]) -> list[Json]:
    for item in items:
        if not keys[0]:
            _set_element(target, item, ("",), (text_of(item),))
            continue
        values: list[str] = []
        for key in keys:
            if isinstance(item, dict) and key in item:
                values.append(text_of(item[key]))
            else:
                target.append(item)
        if len(keys) > 1:
            _set_element(target, MISSING, keys, tuple(values))
        _set_element(target, item, keys, tuple(values))
    return target
