"""Reading the files of a build: from one tree, below the restrictions that Kustomize sets, each file parsed once."""

from __future__ import annotations

import itertools
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from nixernetes.errors import InputError, RemoteError
from nixernetes.languages.go_yaml import go_yaml_problem
from nixernetes.objects import yamls
from nixernetes.objects.provenance import Step, StepKind
from nixernetes.objects.sizes import Allowance, CopyBudget
from nixernetes.objects.yaml_reading.repeated_keys import RepeatedKeyError, repeated_keys
from nixernetes.render.kustomize.failures import KustomizeError, NotYamlError, OutsideTreeError, RepeatedKeysError
from nixernetes.render.kustomize.kustomization import FILE_NAMES, KustomizationFile, read
from nixernetes.render.kustomize.remote_bases import RemoteBase, Remotes, remote_base
from nixernetes.render.tree import OverlayTree, Tree, join

__all__ = ["DocumentCache", "Loader", "spelled"]

MAX_DEPTH = 60  # overlays of overlays; no honest repository passes ten
MAX_BASES = 5_000  # folders that one build reads, each as often as it is listed: two bases in each of many grow fast
MAX_STEPS = 50_000_000  # entries that are looked at or copied: some seconds at most
_HTTP = ("http://", "https://")
_REMOTE = ("http://", "https://", "ssh://", "git://", "git@", "git::", "github.com/", "github.com:", "file://")


def spelled(path: str) -> str:
    """Return a path of a tree as messages spell it: relative to the tree."""
    return path or "."


def _steps() -> Allowance:
    return Allowance(MAX_STEPS, f"the build takes more than {MAX_STEPS:,} steps: split it, or name fewer targets")


class DocumentCache:
    """Parsed files by content and name, for many builds; bounded by the bytes of the files it holds.

    Args:
        limit_bytes: how many bytes of source text it remembers at most.

    """

    def __init__(self, limit_bytes: int = 64 * 1024 * 1024) -> None:
        self._limit = limit_bytes
        self._size = 0
        self._documents: OrderedDict[tuple[str, str], tuple[int, list[yamls.Document]]] = OrderedDict()
        self._kustomizations: OrderedDict[tuple[str, str], tuple[int, KustomizationFile]] = OrderedDict()

    def documents(self, tree: Tree, path: str) -> list[yamls.Document]:
        """Return the documents of a file. They are values: nobody changes them.

        Raises:
            InputError: the file cannot be read or parsed.

        """
        key = (path, tree.content_id(path))
        found = self._documents.get(key)
        if found is not None:
            self._documents.move_to_end(key)
            return found[1]
        text = tree.read(path)
        documents = yamls.parse_all(text, file=path, dialect="kustomize")
        self._documents[key] = (len(text), documents)
        self._grow(len(text))
        return documents

    def kustomization(self, tree: Tree, path: str, folder: str) -> KustomizationFile:
        """Return a decoded kustomization file.

        Raises:
            KustomizeError: it is broken.

        """
        key = (path, tree.content_id(path))
        found = self._kustomizations.get(key)
        if found is not None:
            return found[1]
        text = tree.read(path)
        decoded = read(text, file=path, folder=folder)
        self._kustomizations[key] = (len(text), decoded)
        self._grow(len(text))
        return decoded

    def _grow(self, size: int) -> None:
        self._size += size
        while self._size > self._limit and (self._documents or self._kustomizations):
            oldest = self._documents or self._kustomizations
            _, (freed, _) = oldest.popitem(last=False)
            self._size -= freed


@dataclass(frozen=True, slots=True, kw_only=True)
class Loader:
    """Reads relative to one folder.

    Attributes:
        tree: the tree.
        root: the folder.
        root_only: whether files must be in or below the folder.
        remotes: what stands for remote files and bases; None means that there are none.
        cache: parsed files.
        base: the remote base that the tree is of, or None for the repository that is built.
        visited: the folders of this tree that lead here, for cycles.
        urls: the remote bases that lead here, for cycles.
        depth: how many folders lead here.
        count: counts the folders that the build reads.
        budget: what all replacements of the build may write.
        steps: what they may look at and copy on the way.
        spell: spells a path of the tree in messages, as the user does.

    """

    tree: Tree
    root: str
    root_only: bool
    remotes: Remotes | None
    cache: DocumentCache
    base: RemoteBase | None = None
    visited: tuple[str, ...] = field(default=())
    urls: tuple[str, ...] = field(default=())
    depth: int = 0
    count: Iterator[int] = field(default_factory=lambda: itertools.count(1), compare=False)
    budget: CopyBudget = field(default_factory=CopyBudget, compare=False)
    steps: Allowance = field(default_factory=_steps, compare=False)
    spell: Callable[[str], str] = field(default=spelled, compare=False)

    def shown(self, path: str) -> str:
        """Return a path of the tree as messages spell it."""
        return self.spell(path) if self.base is None else self.origin(path)

    def origin(self, path: str) -> str:
        """Return a path of the tree as origins spell it: one of another repository with that repository's URL."""
        if self.base is None or path.startswith(_HTTP):
            return path
        return f"{self.base.url}//{path}" + (f"?ref={self.base.ref}" if self.base.ref else "")

    def written(self, path: str) -> bytes | None:
        """Return a file as it is written, without what a delivery lays over it; None where it stands only there."""
        tree = self.tree
        while isinstance(tree, OverlayTree):
            tree = tree.base
        return tree.read(path) if tree.is_file(path) else None

    def file(self, path: str) -> str:
        """Return the tree's path of a file.

        Raises:
            KustomizeError: it is remote, not there, a folder, or outside of what may be read.

        """
        if path.startswith(_HTTP):
            raise KustomizeError(f"remote file '{path}' is not at hand: keep a copy in the repository", subject=path)
        try:
            named = join(self.root, path)
            found = self.tree.real(named)
        except InputError as error:
            refused = KustomizeError if self.root_only else OutsideTreeError
            raise refused(f"security; file '{path}' is not in or below '{self.shown(self.root)}'") from error
        if self.root_only and not _is_below(found, self.root):
            led = "" if named == found else f" (it links to '{self.shown(found)}')"
            raise KustomizeError(
                f"security; file '{self.shown(named)}' is not in or below '{self.shown(self.root)}'{led}", subject=named
            )
        if self.tree.is_dir(found) and not self.tree.is_file(found):
            shown = self.shown(found)
            fact = f"'{shown}' must resolve to a file"
            words = fact if self.root_only else f"read {shown}: is a directory"
            raise KustomizeError(fact, subject=found, words=words)
        if not self.tree.is_file(found):
            shown, why = self.shown(found), self._why_absent(found)
            # Restricted to the root, Kustomize first follows the links of a path.
            lost = (
                f"evalsymlink failure on '{shown}' : lstat {self._lost(found)}" if self.root_only else f"open {shown}"
            )
            raise KustomizeError(f"open {shown}: {why}", subject=found, words=f"{lost}: no such file or directory")
        return found

    def _lost(self, path: str) -> str:
        """Return the first part of a path that is not there, as messages spell it."""
        parts = path.split("/")
        heads = ("/".join(parts[:end]) for end in range(1, len(parts)))
        return self.shown(next((head for head in heads if not self.tree.is_dir(head)), path))

    def _why_absent(self, path: str) -> str:
        """Say why nothing can be read at a path: a tree lists what leads out of it, and does not show it."""
        parts = path.split("/")
        for depth, name in enumerate(parts):
            above = "/".join(parts[:depth])
            here = _path(above, name)
            if name not in self.tree.entries(above):
                return "no such file or directory"
            if not self.tree.is_dir(here):
                if self.tree.is_file(here):
                    return f"{self.shown(here)} is a file"
                return f"{self.shown(here)} links out of the repository or nowhere, or is not a regular file"
        return "no such file or directory"

    def read(self, path: str) -> bytes:
        """Return the bytes of a file.

        Raises:
            KustomizeError: as :meth:`file`.

        """
        return self.tree.read(self.file(path))

    def documents(self, path: str) -> list[yamls.Document]:
        """Return the documents of a file, a remote one that is at hand among them.

        Raises:
            InputError: as :meth:`file`, or broken YAML.

        """
        try:
            remote = self.remotes.file(path) if self.remotes is not None and path.startswith(_HTTP) else None
        except RemoteError as error:
            raise KustomizeError(error.message, subject=path) from error
        try:
            if remote is not None:
                return yamls.parse_all(remote, file=path, dialect="kustomize")
            return self.cache.documents(self.tree, self.file(path))
        except RepeatedKeyError as error:
            rows = repeated_keys(self.tree.read(self.file(path)) if remote is None else remote)
            words = "\n  ".join(["map[string]interface {}(nil): yaml: unmarshal errors:", *rows])
            raise RepeatedKeysError(error.message, place=error.place, words=words) from error
        except InputError as error:
            if isinstance(error, KustomizeError):
                raise
            text = self.tree.read(self.file(path)) if remote is None else remote
            told = go_yaml_problem(error, context_first=True, skipped=_skipped(text, error))
            words = f"MalformedYAMLError: {told} in File: {path}" if told else ""
            raise NotYamlError(error.message, subject=error.subject, place=error.place, words=words) from error

    def below(self, path: str) -> Loader:
        """Return the loader of another folder (a base, a component).

        Raises:
            KustomizeError: it is remote, not a folder, or leads here.

        """
        if not path:
            raise KustomizeError("new root cannot be empty")
        if self.depth >= MAX_DEPTH:
            raise KustomizeError(f"bases are nested deeper than {MAX_DEPTH} levels", subject=path, place=self.root)
        if next(self.count) > MAX_BASES:
            raise KustomizeError(
                f"bases are listed more than {MAX_BASES:,} times in all", subject=path, place=self.root
            )
        if path in self.urls:
            raise KustomizeError(f"cycle detected: URI '{path}' referenced by previous URI '{path}'", subject=path)
        remote = remote_base(path)
        if remote is not None or path.startswith(_REMOTE):
            return self._remote(path, remote)
        if path.startswith("/"):
            raise KustomizeError(f"new root '{path}' cannot be absolute", subject=path)
        try:
            found = self.tree.real(join(self.root, path))
        except InputError as error:
            raise OutsideTreeError(f"security; base '{path}' is outside the repository", subject=path) from error
        if not self.tree.is_dir(found):
            shown = self.shown(found)
            if self.tree.is_file(found):
                raise KustomizeError(f"must build at directory: '{shown}': file is not directory", subject=found)
            at = self._lost(found)
            lost = f"not a valid directory: evalsymlink failure on '{shown}' : lstat {at}: no such file or directory"
            raise KustomizeError(
                f"must build at directory: '{shown}': {self._why_absent(found)}",
                subject=found,
                words=f"must build at directory: {lost}",
            )
        for visited in (self.root, *self.visited):
            if _is_below(visited, found):
                roots = f"candidate root '{self.shown(found)}' contains visited root '{self.shown(visited)}'"
                fact = f"cycle detected: {roots}"
                raise KustomizeError(f"{fact} {self._circle(found, visited)}", subject=found, words=fact)
        return Loader(
            tree=self.tree,
            root=found,
            root_only=self.root_only,
            remotes=self.remotes,
            cache=self.cache,
            base=self.base,
            visited=(self.root, *self.visited),
            urls=self.urls,
            depth=self.depth + 1,
            count=self.count,
            budget=self.budget,
            steps=self.steps,
            spell=self.spell,
        )

    def _circle(self, found: str, visited: str) -> str:
        """Say how a folder leads back to one that holds it, and what to do."""
        way = (self.root, *self.visited)
        line = [*reversed(way[: way.index(visited) + 1]), found]
        shown = " -> ".join(self.shown(each) for each in line)
        return f"({shown}): remove one of them from the resources of the one before"

    def _remote(self, path: str, base: RemoteBase | None) -> Loader:
        """Return the loader of a folder in another repository; nothing there may lead out of it."""
        tree = None
        try:
            if base is not None and self.remotes is not None:
                tree = self.remotes.repository(base.url, base.ref)
        except RemoteError as error:
            raise KustomizeError(f"remote base '{path}': {error.message}", subject=path) from error
        if base is None or tree is None:
            mapped = f"{base.url}=PATH" if base is not None else "URL=PATH"
            remedy = f"copy it into the repository, or map its repository to a local one (--source {mapped})"
            raise KustomizeError(f"remote base '{path}' is not at hand: {remedy}", subject=path)
        if not tree.is_dir(base.path):
            raise KustomizeError(f"must build at directory: '{base.path}' in '{path}': no such directory", subject=path)
        return Loader(
            tree=tree,
            root=tree.real(base.path),
            root_only=True,
            remotes=self.remotes,
            cache=self.cache,
            base=base,
            urls=(path, *self.urls),
            depth=self.depth + 1,
            count=self.count,
            budget=self.budget,
            steps=self.steps,
            spell=self.spell,
        )

    def step(self, kind: StepKind, path: str, *, line: int = 0, field: str = "", name: str = "") -> Step:
        """Return a step that a file says: its path in the tree, or its URL."""
        if self.base is None or path.startswith(_HTTP):
            return Step(kind, name, path, line, field)
        return Step(kind, name, path, line, field, self.base.url, self.base.ref)

    def field_step(self, kind: StepKind, field_name: str, position: int | None = None) -> Step:
        """Return a step that a field of this folder's kustomization says, or an entry of it."""
        path = _path(self.root, self.kustomization()[1])
        shown = field_name if position is None else f"{field_name}[{position}]"
        return self.step(kind, path, line=self.line(path, field_name, position), field=shown)

    def line(self, path: str, field_name: str, position: int | None = None) -> int:
        """Return the line of a field, or of an entry of it, in a file; 0 where only a delivery says it."""
        text = self.written(path)
        return yamls.locate(text, [field_name] if position is None else [field_name, position]) if text else 0

    def named(self, field_name: str) -> str:
        """Return what stands for a field of this folder's kustomization, in messages and origins."""
        return f"{self.origin(_path(self.root, self.kustomization()[1]))}#{field_name}"

    def kustomization(self) -> tuple[KustomizationFile, str]:
        """Return the kustomization of this folder and the name of its file.

        Raises:
            KustomizeError: none, several, or a broken one.

        """
        found = [name for name in FILE_NAMES if self._is_kustomization(name)]
        if not found:
            raise KustomizeError(
                "unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' "
                f"in directory '{self.shown(self.root)}'{self._unreadable_kustomization()}",
                subject=self.root,
                place=self.root,
            )
        if len(found) > 1:
            raise KustomizeError(f"Found multiple kustomization files under: {self.shown(self.root)}", place=self.root)
        return self.cache.kustomization(self.tree, _path(self.root, found[0]), self.shown(self.root)), found[0]

    def _is_kustomization(self, name: str) -> bool:
        path = _path(self.root, name)
        return self.tree.is_file(path) and (not self.root_only or _is_below(self.tree.real(path), self.root))

    def _unreadable_kustomization(self) -> str:
        names = [name for name in FILE_NAMES if name in self.tree.entries(self.root)]
        if not names:
            return ""
        path = _path(self.root, names[0])
        if self.tree.is_dir(path):
            what = "is a folder"
        elif self.tree.is_file(path):
            what = f"links to {self.shown(self.tree.real(path))}, which is not in or below it"
        else:
            what = self._why_absent(path).removeprefix(f"{self.shown(path)} ")
        return f": {names[0]} {what}"


def _path(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _skipped(text: bytes, error: InputError) -> int:
    """Return how many lines stand before a document with an error: Kustomize reads each alone (``splitDocuments``)."""
    line = error.place.rpartition(":")[2]
    lines = text.split(b"\n")[: int(line) if line.isdecimal() else 0]
    return max((at for at, each in enumerate(lines, 1) if at > 1 and each.startswith(b"---")), default=0)


def _is_below(path: str, folder: str) -> bool:
    return not folder or path == folder or path.startswith(folder + "/")
