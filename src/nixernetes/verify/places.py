"""From a field of a rendered object to the line that a person edits.

A field comes from the document that the object began as, from a patch that set it, or from a chart's template. The
deepest match wins; of two equally deep ones the one whose value is the rendered value, and among these the one that was
applied last. List items are found by what identifies them (a name, a key, a port), since an overlay may move them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import yaml
from yaml.cyaml import CSafeLoader

from nixernetes.errors import InputError
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import group_kind, key_of
from nixernetes.objects.kinds import APPLICATION, APPLICATION_SET, HELM_RELEASE, RESOURCE_SET
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.provenance import Origin, Step, StepKind
from nixernetes.render.tree import Tree, join
from nixernetes.verify.findings import Place

__all__ = ["FieldPath", "Places", "path_text"]

FieldPath: TypeAlias = tuple[str | int, ...]
_IDENTITIES: Final = ("name", "key", "containerPort", "port", "mountPath", "ip", "id", "uid", "path", "host")
_PATCHING: Final = (StepKind.PATCH, StepKind.REPLACEMENT, StepKind.GENERATOR)
_ENDINGS: Final = (".yaml", ".yml", ".json", ".tpl", ".txt")
_ENTRY: Final = re.compile(r"([a-zA-Z.0-9]+)\[(\d+)\]")
_KEPT: Final = 512  # files whose nodes are kept; a repository's findings stand in fewer


def path_text(path: FieldPath) -> str:
    """Return a path as the API server writes it: ``spec.containers[0].image``."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif re.fullmatch(r"[\w-]+", step):
            text += f".{step}" if text else step
        else:
            text += f"[{step}]"
    return text


@dataclass(slots=True)
class Places:
    """Finds places in the files of one tree; forgets files beyond 512.

    Attributes:
        tree: the files.
        urls: the URLs by which the repository calls itself.

    """

    tree: Tree
    urls: frozenset[str] = frozenset()
    _nodes: dict[str, list[yaml.Node]] = field(default_factory=dict)

    def of(self, manifest: Manifest, origin: Origin, path: FieldPath = ()) -> Place:
        """Return where a field of an object is written; the object itself where the field is not.

        Args:
            manifest: the object as it is rendered.
            origin: where it came from.
            path: the field.

        """
        if self._is_foreign(origin):
            return self._declared(origin)
        generated = next((step for step in origin.chain if step.kind is StepKind.GENERATOR and step.file), None)
        if generated is not None and origin.file in ("", generated.file):
            return self._generated(generated, path)
        best: tuple[int, bool, Place] | None = None
        for written in self._candidates(manifest, origin):
            depth, place, found = written.descend(manifest, path)
            rank = (depth, found is not None and _same(found, _value(manifest, path)), place)
            if best is None or rank[:2] > best[:2]:
                best = rank
        if best is not None and best[2].line:
            return best[2]
        template = self._template(manifest, origin, path)
        if template.file:
            return template
        if origin.file and self.text(origin.file):
            return Place(origin.file, origin.line)
        return self._declared(origin)  # a template of a chart from elsewhere

    def in_file(self, file: str, path: FieldPath, document: int = 0) -> Place:
        """Return where a field of a file's document is written; the file where it is not."""
        nodes = self._documents(file)
        if document >= len(nodes):
            return Place(file)
        return _Written(nodes[document], file).descend(None, path)[1]

    def text(self, file: str) -> str:
        """Return the text of a file, ``""`` where there is none."""
        try:
            return self.tree.read(file).decode("utf-8-sig", errors="replace") if self.tree.is_file(file) else ""
        except InputError:
            return ""

    def containing(self, file: str, text: str, after: int = 0) -> Place:
        """Return the first line of a file that holds a text, not before a line; the file where none does."""
        for number, line in enumerate(self.text(file).splitlines(), 1):
            if number >= after and text in line:
                return Place(file, number, line.index(text) + 1)
        return Place(file)

    def chart_file(self, delivery: Manifest, file: str) -> str:
        """Return a file of a chart as the repository names it: the chart of a HelmRelease may stand in it."""
        if group_kind(delivery) == HELM_RELEASE:
            chart = text_at(delivery, "spec", "chart", "spec", "chart")
            try:
                inside = join(join("", chart), file)
            except InputError:
                return file
            if self.tree.is_file(inside):
                return inside
        return file

    def _is_foreign(self, origin: Origin) -> bool:
        """Tell whether an object began in another repository."""
        if origin.repository:
            return origin.repository not in self.urls
        delivery = next((step for step in origin.chain if step.kind is StepKind.DELIVERY), None)
        return delivery is not None and bool(delivery.repository) and delivery.repository not in self.urls

    def _declared(self, origin: Origin) -> Place:
        """Return where the delivery of something is written that has no file here."""
        step = next((each for each in origin.chain if each.kind is StepKind.DELIVERY and each.file), None)
        return Place(step.file, step.line) if step is not None else Place()

    def _candidates(self, manifest: Manifest, origin: Origin) -> Iterator[_Written]:
        for step in reversed(origin.chain):
            if step.kind in _PATCHING and step.file:
                yield from self._patches(step)
        if origin.file and origin.line:
            node = self._document(origin.file, origin.line, manifest)
            if _field(node, "kind") == APPLICATION_SET.kind and group_kind(manifest) == APPLICATION:
                node = _child(_child(node, "spec"), "template") or node
            if _field(node, "kind") == RESOURCE_SET.kind and group_kind(manifest) != RESOURCE_SET:
                yield from self._templates_of(node, origin.file, manifest)
            elif node is not None:
                yield _Written(node, origin.file)

    def _templates_of(self, node: yaml.Node | None, file: str, manifest: Manifest) -> Iterator[_Written]:
        """Yield the resources of a ResourceSet that an object may have been made of: those of its kind."""
        found = _child(_child(node, "spec"), "resources")
        for item in found.value if isinstance(found, yaml.SequenceNode) else ():
            if _field(item, "kind") == text_at(manifest, "kind"):
                yield _Written(item, file)

    def _patches(self, step: Step) -> Iterator[_Written]:
        """Yield the documents of a patch: written in the kustomization, or in a file of their own."""
        if not step.field:  # a file of its own
            for node in self._documents(step.file):
                yield _Written(node, step.file)
            return
        entry = self._entry_of(step)
        text = entry if isinstance(entry, yaml.ScalarNode) else _child(entry, "patch")
        if isinstance(text, yaml.ScalarNode) and "\n" in text.value:
            for node in _composed(text.value):
                yield _Written(node, step.file, text.start_mark.line + 1)
            return

    def _generated(self, step: Step, path: FieldPath) -> Place:
        """Return the line of a generator in a kustomization that gives a key, else that of the generator."""
        entry = self._entry_of(step)
        if entry is None:
            return Place(step.file, step.line)
        for name in ("literals", "files"):
            given = _child(entry, name)
            for item in given.value if isinstance(given, yaml.SequenceNode) and len(path) > 1 else ():
                key, is_named, file = str(item.value).partition("=")
                if path[1] == (key if is_named or name == "literals" else file or key.rpartition("/")[2]):
                    return Place(step.file, item.start_mark.line + 1, item.start_mark.column + 1)
        return Place(step.file, entry.start_mark.line + 1, entry.start_mark.column + 1)

    def _entry_of(self, step: Step) -> yaml.Node | None:
        """Return the entry of a list of patches that a step names, as ``patches[0]`` or ``spec.patches[0]``."""
        matched = _ENTRY.fullmatch(step.field)
        if matched is None:
            return None
        for node in self._documents(step.file):
            here: yaml.Node | None = node
            for name in matched[1].split("."):
                here = _child(here, name)
            found = _child(here, int(matched[2]))
            if found is not None:
                return found
        return None

    def _document(self, file: str, line: int, manifest: Manifest) -> yaml.Node | None:
        """Return the document of a file that begins at a line, or the item of a list that is the object."""
        found = None
        for node in self._documents(file):
            if node.start_mark.line + 1 > line and found is not None:
                break
            found = node
        items = _child(found, "items") if found is not None and _field(found, "kind").endswith("List") else None
        if isinstance(items, yaml.SequenceNode):
            key = key_of(manifest)
            for item in items.value:
                if _field(item, "kind") == key.kind and _field(_child(item, "metadata"), "name") in key.name:
                    return item  # type: ignore[no-any-return]  # the stubs of PyYAML say nothing
        return found

    def _documents(self, file: str) -> list[yaml.Node]:
        known = self._nodes.get(file)
        if known is None:
            if len(self._nodes) >= _KEPT:
                self._nodes.clear()
            known = self._nodes[file] = _composed(self.text(file)) if file.endswith(_ENDINGS) else []
        return known

    def _template(self, manifest: Manifest, origin: Origin, path: FieldPath) -> Place:
        """Return the line of a chart's template that writes a field, as far as its text shows it."""
        step = next((each for each in origin.chain if each.kind is StepKind.CHART), None)
        if step is None or not step.file:
            return Place()
        for file in (step.file, origin.file):  # the chart of an Application is named by the origin alone
            text = self.text(file) if file else ""
            if text:
                return _line_in_template(file, text, manifest, path)
        return Place()


def _composed(text: str) -> list[yaml.Node]:
    try:
        return list(yaml.compose_all(text, Loader=CSafeLoader))
    except (yaml.YAMLError, ValueError, RecursionError):
        return []


def _child(node: yaml.Node | None, step: str | int) -> yaml.Node | None:
    found = _entry(node, step)
    return found[1] if found is not None else None


def _entry(node: yaml.Node | None, step: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    """Return the key and the value below a step; of a list the item twice."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if getattr(key, "value", None) == str(step):
                return key, value
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None


def _field(node: yaml.Node | None, name: str) -> str:
    found = _child(node, name)
    return found.value if isinstance(found, yaml.ScalarNode) else ""


@dataclass(frozen=True, slots=True)
class _Written:
    """A document in a file, or in a block of text in a file that begins after some lines."""

    node: yaml.Node
    file: str
    lines_before: int = 0

    def descend(self, manifest: Json, path: FieldPath) -> tuple[int, Place, yaml.Node | None]:
        """Return how deep a path leads into it, the place of the deepest part, and what stands at its end."""
        if isinstance(self.node, yaml.SequenceNode):
            return self._operation(path)
        here, place, data = self.node, self._place(self.node), manifest
        for depth, step in enumerate(path):
            found = _item(here, data, step) if isinstance(step, int) else _entry(here, step)
            if found is None:
                return depth, place, None
            place, here = self._place(found[0]), found[1]
            data = _below(data, step)
        return len(path), place, here

    def _operation(self, path: FieldPath) -> tuple[int, Place, yaml.Node | None]:
        """Return the operation of a JSON patch that writes a field, or what is around it or in it."""
        pointer = "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)
        best: tuple[int, Place, yaml.Node | None] = (0, Place(), None)
        for operation in self.node.value:
            written = _field(operation, "path")
            if written and (pointer + "/").startswith(written + "/"):
                depth = written.count("/")
                found = (depth, self._place(operation), _child(operation, "value"))
                best = max(best, found, key=lambda each: each[0])
        return best

    def _place(self, node: yaml.Node) -> Place:
        return Place(self.file, node.start_mark.line + 1 + self.lines_before, node.start_mark.column + 1)


def _item(node: yaml.Node, data: Json, step: int) -> tuple[yaml.Node, yaml.Node] | None:
    """Return the item of a list that a rendered item was: by what identifies it, else by its position."""
    if not isinstance(node, yaml.SequenceNode):
        return None
    wanted = data[step] if isinstance(data, list) and step < len(data) else None
    if isinstance(wanted, dict):
        for name in _IDENTITIES:
            if name in wanted:
                same = [item for item in node.value if _field(item, name) == str(wanted[name])]
                twins = [item for item in data[:step] if isinstance(item, dict) and item.get(name) == wanted[name]]
                if len(same) > len(twins):
                    return same[len(twins)], same[len(twins)]
    elif wanted is not None:
        same = [item for item in node.value if isinstance(item, yaml.ScalarNode) and item.value == str(wanted)]
        if same:
            return same[0], same[0]
    return _entry(node, step)


def _below(data: Json, step: str | int) -> Json:
    if isinstance(data, dict):
        return data.get(step)
    if isinstance(data, list) and isinstance(step, int) and step < len(data):
        return data[step]
    return None


def _value(manifest: Manifest, path: Sequence[str | int]) -> Json:
    found: Json = manifest
    for step in path:
        found = _below(found, step)
    return found


def _same(node: yaml.Node, value: Json) -> bool:
    return isinstance(node, yaml.ScalarNode) and not isinstance(value, dict | list) and node.value == str(value)


def _line_in_template(file: str, text: str, manifest: Manifest, path: FieldPath) -> Place:
    lines = text.splitlines()
    start = _beginning(lines, key_of(manifest).kind)
    found = start
    here = start
    for step in path:
        if not isinstance(step, str):
            continue
        place = next((number for number in range(here, len(lines)) if _writes(lines[number], step)), None)
        if place is None:
            break
        found = here = place
    return Place(file, found + 1, 1)


def _writes(line: str, name: str) -> bool:
    """Tell whether a line of a template gives a field."""
    key, colon, _ = line.lstrip(" -").partition(":")
    return bool(colon) and key.strip().strip("\"'") == name


def _beginning(lines: Sequence[str], kind: str) -> int:
    """Return the line (0-based) where the document of a kind begins in a template."""
    at = next((number for number, line in enumerate(lines) if line.split() == ["kind:", kind]), 0)
    while at > 0 and not lines[at - 1].startswith("---") and lines[at - 1].strip():
        at -= 1
    return at
