"""What a folder that starts a cluster applies: what ``kubectl apply -k FOLDER`` would, or ``kubectl apply -f FOLDER``.

A folder with a kustomization file is built, so that what it patches is patched and what it does not list is left out.
Another one gives its files and those of the folders below, as the kustomization that ``flux bootstrap``'s root
Kustomization generates; folders that a delivery brings come with that delivery.

What is not at hand (a remote base, a chart) is left out of a build, with what patches it, and said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from nixernetes.errors import InputError, NixernetesError
from nixernetes.objects import yamls
from nixernetes.objects.api_groups import KUSTOMIZE_CONFIG
from nixernetes.objects.fields import at, items_at, text_at
from nixernetes.objects.identity import group_kind
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.provenance import Origin
from nixernetes.render.estate.index import DocumentIndex, has_objects_form, objects_of
from nixernetes.render.estate.notes import Note, NoteKind
from nixernetes.render.estate.references import folder_of
from nixernetes.render.kustomization_files import kustomization_file
from nixernetes.render.kustomize.build import build
from nixernetes.render.kustomize.options import BuildOptions
from nixernetes.render.kustomize.remote_bases import remote_base
from nixernetes.render.rendered import Rendered
from nixernetes.render.tree import OverlayTree, Tree, join

__all__ = ["Applied", "FolderReader"]

_REMOTE: Final = ("http://", "https://", "git@", "ssh://", "git::", "file://")
_PATCHING: Final = (
    *("patches", "patchesStrategicMerge", "patchesJson6902", "replacements", "vars", "transformers", "validators"),
    *("images", "replicas", "helmCharts", "helmChartInflationGenerator", "generators"),
)
_CHANGING: Final = ("merge", "replace")
_MAX_BASES: Final = 1000

_Stripping: TypeAlias = Callable[[Json], tuple[Json, list[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What a folder applies, in order, and what is to be said of it."""

    items: tuple[Rendered, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderReader:
    """Reads folders that start clusters.

    Attributes:
        index: the documents of the repository.
        is_left_out: tells whether a folder does not start by itself, because a delivery or a kustomization brings it.
        is_brought: tells whether a delivery brings a folder.
        options: how kustomizations are built: which files they may read, what stands for remote bases.

    """

    index: DocumentIndex
    is_left_out: Callable[[str], bool]
    is_brought: Callable[[str], bool]
    options: BuildOptions = field(default_factory=BuildOptions)

    def applied(self, folder: str) -> Applied:
        """Return what is applied for a folder."""
        if kustomization_file(self.index.tree, folder) is None:
            return self._files(folder)
        return self._built(folder, lambda tree: build(tree, folder, self.options))

    def _built(self, folder: str, whole: Callable[[Tree], list[Rendered]]) -> Applied:
        tree = self.index.tree
        try:
            return _checked(whole(tree), ())
        except NixernetesError as error:
            reason = error
        for stripping in (_without_nothing, _without_remote, _without_patches):
            overlay, left_out = self._stripped(folder, stripping)
            try:
                found = whole(overlay)
            except NixernetesError:
                continue
            text = f"left out of what starts, as it is not at hand: {', '.join(left_out)}"
            note = Note(kind=NoteKind.LEFT_OUT, message=text, place=folder or ".")
            return _checked(found, (note,) if left_out else ())
        return Applied(notes=(_broken(reason, folder),))

    def _stripped(self, folder: str, stripping: _Stripping) -> tuple[Tree, list[str]]:
        """Return the tree with what need not be had taken out of a folder's kustomizations, and what is missed of it.

        Folders that a delivery brings come with that delivery.
        """
        changed: dict[str, bytes | None] = {}
        left_out: list[str] = []
        for path, content in _kustomizations(self.index.tree, folder):
            kept, without = stripping(self._without_brought(path, content))
            if kept != content:
                changed[path] = yamls.dump(kept).encode()
                left_out += without
        return OverlayTree(self.index.tree, changed), list(dict.fromkeys(left_out))

    def _without_brought(self, path: str, content: Json) -> Json:
        here = folder_of(path)
        brought = [
            entry
            for entry in items_at(content, "resources")
            if any(self.is_brought(folder) for folder in _folders(self.index.tree, here, [entry]))
        ]
        if not brought:
            return content
        return {**content, "resources": [entry for entry in items_at(content, "resources") if entry not in brought]}

    def _files(self, folder: str) -> Applied:
        found: list[Rendered] = []
        notes: list[Note] = []
        for name, is_folder in self.index.tree.entries(folder).items():
            path = f"{folder}/{name}" if folder else name
            if name.startswith("."):
                continue
            if is_folder:
                inner = Applied() if self.is_left_out(path) else self.applied(path)
            elif name.endswith((".yaml", ".yml", ".json")):
                inner = self._file(path)
            else:
                continue
            found += inner.items
            notes += inner.notes
        return Applied(items=tuple(found), notes=tuple(notes))

    def _file(self, path: str) -> Applied:
        """Return the objects of a file; what is not an object at all, as values of a chart are not, is passed over."""
        try:
            documents = self.index.documents(path)
        except InputError as error:
            return Applied(notes=(_broken(error, path),))
        items = [
            Rendered(manifest=item, origin=Origin(file=path, line=document.line))
            for document in documents
            if has_objects_form(document.data)
            for item in objects_of(document.data) or [document.data]
            if group_kind(item).group != KUSTOMIZE_CONFIG
        ]
        return _checked(items, ())


def _checked(items: list[Rendered], notes: tuple[Note, ...]) -> Applied:
    """Take the objects that have a name; whoever wrote the others is told."""
    problems = tuple(
        Note(kind=NoteKind.BROKEN, message=wrong, place=str(item.origin))
        for item in items
        for wrong in (_name_problem(item.manifest),)
        if wrong
    )
    named = tuple(item for item in items if text_at(item.manifest, "metadata", "name"))
    return Applied(items=named, notes=(*notes, *problems))


def _name_problem(manifest: Manifest) -> str:
    name, kind = at(manifest, "metadata", "name"), manifest.get("kind")
    if isinstance(name, str) and name:
        return ""
    if isinstance(name, bool):
        return f"the name of this {kind} is the boolean {str(name).lower()} to YAML: put it in quotes"
    if isinstance(name, int | float):
        return f"the name of this {kind} is the number {name} to YAML: put it in quotes"
    return f"this {kind} has no name: give it metadata.name"


def _broken(error: NixernetesError, folder: str) -> Note:
    text = str(error)
    place = error.place or folder or "."
    return Note(kind=NoteKind.BROKEN, message=text.removeprefix(f"{error.place}: "), place=place)


def _kustomizations(tree: Tree, folder: str) -> Iterator[tuple[str, Json]]:
    """Yield the kustomization files that a folder's build reads, as far as they can be read."""
    waiting, seen = [folder], set[str]()
    while waiting and len(seen) < _MAX_BASES:
        here = waiting.pop()
        name = None if here in seen else kustomization_file(tree, here)
        seen.add(here)
        if name is None:
            continue
        path = f"{here}/{name}" if here else name
        try:
            content = yamls.parse_first(tree.read(path), file=path, dialect="kustomize")
        except InputError:
            continue
        if not isinstance(content, dict):
            continue
        yield path, content
        for field_name in ("resources", "bases", "components"):
            waiting += _folders(tree, here, items_at(content, field_name))


def _folders(tree: Tree, here: str, entries: list[Json]) -> Iterator[str]:
    for entry in entries:
        if not isinstance(entry, str) or _is_remote(entry):
            continue
        try:
            path = tree.real(join(here, entry))
        except InputError:
            continue
        if tree.is_dir(path):
            yield path


def _without_nothing(content: Json) -> tuple[Json, list[str]]:
    return content, []


def _without_remote(content: Json) -> tuple[Json, list[str]]:
    """Take out resources that are elsewhere, and charts."""
    kept, left_out = dict(content), []
    for name in ("resources", "bases", "components"):
        remote = [entry for entry in items_at(content, name) if isinstance(entry, str) and _is_remote(entry)]
        if remote:
            kept[name] = [entry for entry in items_at(content, name) if entry not in remote]
            left_out += remote
    for name in ("helmCharts", "helmChartInflationGenerator"):
        charts = [text_at(chart, "name") for chart in items_at(content, name)]
        if charts:
            del kept[name]
            left_out += [f"chart {chart}" for chart in charts]
    return kept, left_out


def _without_patches(content: Json) -> tuple[Json, list[str]]:
    """Take out what changes objects too: those that it changes may be the ones that are not at hand."""
    kept, left_out = _without_remote(content)
    for name in _PATCHING:
        if kept.pop(name, None):
            left_out.append(name)
    generated = [entry for entry in items_at(kept, "configMapGenerator") if text_at(entry, "behavior") in _CHANGING]
    if generated:
        kept["configMapGenerator"] = [
            entry for entry in items_at(kept, "configMapGenerator") if text_at(entry, "behavior") not in _CHANGING
        ]
        left_out += [f"ConfigMap {text_at(entry, 'name')}" for entry in generated]
    return kept, left_out


def _is_remote(entry: str) -> bool:
    return entry.startswith(_REMOTE) or remote_base(entry) is not None
