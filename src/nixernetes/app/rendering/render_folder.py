"""``nixernetes render DIR``: what ``kustomize build DIR`` prints, in process and from a cache of content."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

from nixernetes.adapters.folder_snapshot import FolderSnapshot
from nixernetes.adapters.repositories.work_trees import WorkTrees
from nixernetes.adapters.result_store import ResultStore
from nixernetes.errors import InputError
from nixernetes.render.remembered import remembered
from nixernetes.render.traced import TracedRemotes
from nixernetes.render.tree import Tree

if TYPE_CHECKING:  # what only a miss needs: an answer from the cache must not pay for it
    from nixernetes.adapters.registries.reached_registries import Repositories
    from nixernetes.adapters.repositories.fetched_remotes import FetchedRemotes
    from nixernetes.adapters.repositories.local_remotes import LocalRemotes
    from nixernetes.render.kustomize import BuildOptions
    from nixernetes.render.rendered import Rendered

__all__ = ["FolderOptions", "FolderRenderer", "cache_folder", "program"]


class FolderOptions(NamedTuple):  # dataclasses take a tenth of the time of an answer from the cache to import
    """The flags of ``kustomize build``, and where the files are.

    Attributes:
        load_restrictor: whether files outside the folder of their kustomization may be read.
        enable_helm: whether ``helmCharts`` are rendered.
        rev: a Git revision to read instead of the files on disk.
        sources: URL to the local repository or file that stands for a remote base, or the chart for a remote one.
        allow_remote_bases: whether remote bases that are not mapped are fetched.

    """

    load_restrictor: Literal["rootOnly", "none"] = "rootOnly"
    enable_helm: bool = False
    rev: str = ""
    sources: Mapping[str, Path] = MappingProxyType({})
    allow_remote_bases: bool = False


def cache_folder() -> Path:
    """Return where caches are kept: ``$XDG_CACHE_HOME/nixernetes``."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "nixernetes"


class FolderRenderer:
    """Renders folders; parsed files, trees and adapters are shared between them.

    Args:
        options: the flags.
        show: makes the text of manifests.
        shown: stands for what ``show`` does; equal text means equal results.
        is_plain: whether the text holds the values of Secrets.

    """

    def __init__(
        self, options: FolderOptions, show: Callable[[list[Rendered]], str], shown: str, *, is_plain: bool = False
    ) -> None:
        self._options = options
        self._show = show
        self._shown = shown
        self._trees: dict[str, Tree] = {}
        self._places = WorkTrees()
        self._build_options: BuildOptions | None = None
        self._found_remotes: LocalRemotes | FetchedRemotes | None = None
        self._repositories: Repositories | None = None
        # Charts come from elsewhere than the tree; what helm gives is cached by its adapter.
        self._store = None if options.enable_helm else ResultStore(cache_folder() / "rendered", is_sealed=is_plain)
        self._program = program()

    def close(self) -> None:
        """Remove what was fetched, and close connections."""
        if self._found_remotes is not None:
            self._found_remotes.close()
        if self._repositories is not None:
            self._repositories.close()

    def text(self, folder: Path) -> str:
        """Return the text of one folder.

        Raises:
            KustomizeError: as Kustomize refuses it.
            InputError: there is no such folder, or no such revision.

        """
        if not folder.is_dir() and not self._options.rev:
            from nixernetes.app.absent import absent  # noqa: PLC0415

            fact = "is a file" if folder.exists() else "no such file or directory"
            raise absent(folder, f"must build at directory: '{folder}': {fact}")
        place = self._places.real(str(folder))
        root = self._places.around(place)
        if root or self._options.rev:
            return self._built(root or place, place)
        return self._widened(Path(place))

    def _widened(self, place: Path) -> str:
        """Build from the folder alone, and from one around it as long as a base leads there.

        What was wide enough for another folder, or for this one last time, is tried first: no need to fail again.
        """
        roots = (place, *place.parents)
        known = self._store.get(f"root\0{place}") if self._store is not None else None
        hints = {*self._trees, os.fsdecode(known)} if known else set(self._trees)
        first = next((number for number, root in reversed(list(enumerate(roots))) if str(root) in hints), 0)
        for root in roots[first:]:
            try:
                text = self._built(str(root), str(place))
            except InputError as error:
                if root == roots[-1] or not _leads_out(error):
                    raise
                continue
            if self._store is not None and known != os.fsencode(root):
                self._store.put(f"root\0{place}", os.fsencode(root))
            return text
        raise InputError("no such folder", subject=str(place))

    def _built(self, root: str, place: str) -> str:
        tree = self._tree(root)
        path = place[len(root) :].lstrip("/")
        options = self._options
        key = f"{self._program}\0{root}\0{path}\0{options.load_restrictor}\0{options.rev}\0{self._shown}"
        remotes = self._remotes()
        try:
            made = remembered(self._store, key, tree, lambda traced: self._made(traced, root, path, remotes), remotes)
        except InputError as error:
            about = _from_here(root, error.subject)
            subject = about if about in error.message else error.subject
            raise InputError(error.message, subject=subject, place=_from_here(root, error.place)) from error
        return made.decode(errors="replace")

    def _made(self, tree: Tree, root: str, path: str, remotes: TracedRemotes | None) -> bytes:
        from dataclasses import replace  # noqa: PLC0415

        from nixernetes.render.kustomize import build  # noqa: PLC0415

        options = replace(self._kustomize(), remotes=remotes, spell=lambda inside: _from_here(root, inside or "."))
        return self._show(build(tree, path, options)).encode()

    def _remotes(self) -> TracedRemotes | None:
        """Return what stands for remote bases; nothing where nothing is mapped, as that needs no imports."""
        options = self._options
        if not options.sources and not options.allow_remote_bases:
            return None
        from nixernetes.adapters.repositories.git import GitSource  # noqa: PLC0415
        from nixernetes.adapters.repositories.remote_bases import remote_bases  # noqa: PLC0415

        if self._found_remotes is None:
            source = GitSource(options.sources, folders=True)
            self._found_remotes = remote_bases(source, options.sources, fetching=options.allow_remote_bases)
        return TracedRemotes(self._found_remotes)

    def _tree(self, root: str) -> Tree:
        if root not in self._trees:
            self._trees[root] = _revision(Path(root), self._options.rev) if self._options.rev else FolderSnapshot(root)
        return self._trees[root]

    def _kustomize(self) -> BuildOptions:
        from nixernetes.render.kustomize import BuildOptions, DocumentCache  # noqa: PLC0415

        if self._build_options is None:
            charts = repositories = None
            if self._options.enable_helm:
                from nixernetes.adapters.helm import HelmRenderer  # noqa: PLC0415
                from nixernetes.adapters.registries.reached_registries import Repositories, with_schemes  # noqa: PLC0415

                charts = HelmRenderer(cache_folder() / "charts")
                repositories = self._repositories = Repositories(with_schemes(self._options.sources))
            self._build_options = BuildOptions(
                load_restrictor=self._options.load_restrictor,
                enable_helm=self._options.enable_helm,
                charts=charts,
                repositories=repositories,
                cache=DocumentCache(),
            )
        return self._build_options


def _from_here(root: str, place: str) -> str:
    """Return a place in a tree (``file``, ``file:line`` or ``file#field``) as seen from where the user is."""
    if not place or "://" in place:
        return place
    file, sign, rest = place.partition("#")
    if not sign:
        file, sign, rest = place.rpartition(":") if place.rpartition(":")[2].isdigit() else (place, "", "")
    try:
        here = os.path.relpath(f"{root}/{file}")
    except (OSError, ValueError):  # the folder that the user is in is gone
        here = f"{root}/{file}"
    return f"{here}{sign}{rest}"


def _leads_out(error: InputError) -> bool:
    from nixernetes.render.kustomize.failures import outside_of_tree  # noqa: PLC0415

    return outside_of_tree(error)


def _revision(root: Path, rev: str) -> Tree:
    from nixernetes.adapters.repositories.git import read_revision  # noqa: PLC0415

    return read_revision(root, rev).tree


def program() -> str:
    """Return what stands for the program: another version, or an edited file, makes every entry another's."""
    package = Path(__file__).parent.parent
    stamps = []
    for folder, _, names in os.walk(package):
        for name in sorted(names):
            if name.endswith(".py"):
                status = os.stat(f"{folder}/{name}")  # noqa: PTH116 - hundreds of files: a path object each would show
                stamps.append(f"{status.st_mtime_ns}:{status.st_size}")
    return hashlib.sha256(",".join(sorted(stamps)).encode()).hexdigest()
