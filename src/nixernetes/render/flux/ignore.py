"""What source-controller leaves out of an artifact (Flux, section 1.4): ``.sourceignore``, ``spec.ignore``, defaults.

The last pattern that matches a file decides; ``!`` takes it back in even below a folder that is left out. As soon as
the user gives one pattern, only the version-control defaults stay.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice

from nixernetes.errors import InputError
from nixernetes.languages.globs.gitignore import IgnorePattern, parse
from nixernetes.render.tree import Tree, join

__all__ = ["SPARSE_FAILED", "FilteredTree", "filter_source"]

_VERSION_CONTROL = (".git/", ".gitignore", ".gitmodules", ".gitattributes")
_DEFAULTS = (
    *("*.jpg", "*.jpeg", "*.gif", "*.png", "*.wmv", "*.flv", "*.tar.gz", "*.zip"),
    *(".github/", ".circleci/", ".travis.yml", ".gitlab-ci.yml", "appveyor.yml", ".drone.yml", "cloudbuild.yaml"),
    *("codeship-services.yml", "codeship-steps.yml"),
    *("**/.goreleaser.yml", "**/.sops.yaml", "**/.flux.yaml"),
)
_FILE = ".sourceignore"
SPARSE_FAILED = "failed to sparse checkout directories"  # source-controller's words, all of what it says
_MAX_PATTERNS = 1_000  # each may have to be tried on each file


def filter_source(tree: Tree, ignore: str | None = None, *, sparse: Sequence[str] = ()) -> Tree:
    """Return the part of a repository that its artifact holds.

    Args:
        tree: the repository.
        ignore: ``spec.ignore``: lines of gitignore, after all files.
        sparse: ``spec.sparseCheckout``: the folders to keep; empty keeps all.

    Raises:
        InputError: a sparse folder is not there, or there are too many patterns.

    """
    kept = tuple(join("", path.removeprefix("./")) for path in sparse)
    for path in kept:
        if not tree.is_dir(path):
            why = f"sparse checkout dir '{path}' does not exist in repository: lstat {path}: no such file or directory"
            raise InputError(f"{SPARSE_FAILED} : {why}", subject=path)
    given = chain(_files(tree), parse((ignore or "").splitlines()))
    user = list(islice(given, _MAX_PATTERNS + 1))
    if len(user) > _MAX_PATTERNS:
        raise InputError(f"more than {_MAX_PATTERNS:,} patterns of what to ignore", subject=_FILE)
    own = list(parse(_VERSION_CONTROL))
    return FilteredTree(tree, [*own, *(user or parse(_DEFAULTS))], kept)


def _files(tree: Tree) -> Iterator[IgnorePattern]:
    """Yield the patterns of all ignore files, outer folders first; each holds for its folder."""
    for folder in ("", *tree.folders()):
        if tree.entries(folder).get(_FILE) is False:
            path = f"{folder}/{_FILE}" if folder else _FILE
            domain = tuple(folder.split("/")) if folder else ()
            yield from parse(tree.read(path).decode(errors="replace").splitlines(), domain)


class FilteredTree(Tree):
    """A tree without the files that patterns leave out; decided file by file, when asked.

    Its ids are those of the tree below together with the patterns: equal ids mean equal content.
    """

    def __init__(self, base: Tree, patterns: Sequence[IgnorePattern], kept: Sequence[str] = ()) -> None:
        self._base = base
        self._patterns = tuple(reversed(patterns))
        self._kept = tuple(kept)
        self._rules = hashlib.sha256(repr((self._patterns, self._kept)).encode()).hexdigest()
        self._takes_back = any(pattern.includes for pattern in patterns)
        self._anchored = frozenset(at for at, pattern in enumerate(self._patterns) if pattern.anchored)
        self._named: dict[str, frozenset[int]] = {}
        self._verdicts: dict[tuple[str, bool], bool] = {}

    @property
    def id(self) -> str:
        """The content id of the whole tree."""
        return self._mixed(self._base.id, "")

    def read(self, path: str) -> bytes:
        """Return a file's bytes."""
        if self._hidden(path, is_folder=False):
            raise InputError("no such file", subject=path)
        return self._base.read(path)

    def entries(self, folder: str) -> Mapping[str, bool]:
        """Return a folder's direct entries."""
        found = self._base.entries(folder)
        prefix = f"{folder}/" if folder else ""
        return {
            name: is_folder
            for name, is_folder in found.items()
            if (self.is_dir(prefix + name) if is_folder else not self._hidden(prefix + name, is_folder=False))
        }

    def is_file(self, path: str) -> bool:
        """Tell whether a file stands at the path."""
        return self._base.is_file(path) and not self._hidden(path, is_folder=False)

    def is_dir(self, path: str) -> bool:
        """Tell whether a folder stands at the path."""
        if not path:
            return True
        if not self._base.is_dir(path):
            return False
        if not self._hidden(path, is_folder=True):
            return True
        above_kept = any(kept.startswith(path + "/") for kept in self._kept)
        return (self._takes_back or above_kept) and bool(self.entries(path))

    def content_id(self, path: str) -> str:
        """Return the content id of one file or folder."""
        if self._base.is_file(path):
            return "" if self._hidden(path, is_folder=False) else self._base.content_id(path)
        return self._mixed(self._base.content_id(path), path) if self.is_dir(path) else ""

    def real(self, path: str) -> str:
        """Return where a path really is; the path itself where that is left out."""
        found = self._base.real(path)
        return found if self.is_file(found) or self.is_dir(found) else path

    def _mixed(self, content: str, path: str) -> str:
        return hashlib.sha256(f"{content}\0{path}\0{self._rules}".encode(errors="surrogatepass")).hexdigest()

    def _hidden(self, path: str, *, is_folder: bool) -> bool:
        """Decide by path and rules alone, so that a verdict holds for ever."""
        known = self._verdicts.get((path, is_folder))
        if known is None:
            known = self._verdicts[(path, is_folder)] = self._decide(path, is_folder=is_folder)
        return known

    def _decide(self, path: str, *, is_folder: bool) -> bool:
        if self._kept and not any(path == kept or path.startswith(kept + "/") or not kept for kept in self._kept):
            return True
        parts = tuple(path.split("/"))
        candidates = self._anchored.union(*(self._naming(part) for part in parts))
        for at in sorted(candidates):
            if self._patterns[at].matches(parts, is_folder=is_folder):
                return not self._patterns[at].includes
        return False

    def _naming(self, name: str) -> frozenset[int]:
        """Return the positions of the patterns without a slash that match a name."""
        known = self._named.get(name)
        if known is None:
            enumerated = enumerate(self._patterns)
            known = frozenset(at for at, each in enumerated if not each.anchored and each.names(name))
            self._named[name] = known
        return known
