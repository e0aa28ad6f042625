"""``spec.include`` of a GitRepository: files of other GitRepositories, copied into its own (Flux, section 1.3).

The artifact of another repository, or the part below ``fromPath``, goes to ``toPath`` (default: the name of that
repository). It is moved there as a whole, so ``toPath`` must not hold anything (source-controller,
``gitrepository_controller.go``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nixernetes.errors import InputError
from nixernetes.objects.manifest import Json
from nixernetes.render.sources.copied_tree import CopiedTree
from nixernetes.render.tree import Tree

__all__ = ["Include", "includes_of", "with_includes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Include:
    """One entry of ``spec.include``.

    Attributes:
        name: the GitRepository, in the same namespace.
        source: what is copied of it; ``""`` is everything.
        target: where it goes.

    """

    name: str
    source: str
    target: str


def includes_of(spec: Json) -> tuple[Include, ...]:
    """Return what a GitRepository includes; paths never lead above the root."""
    found = []
    for entry in spec.get("include") or []:
        name = str((entry.get("repository") or {}).get("name") or "")
        target = entry.get("toPath") or name
        found.append(Include(name=name, source=_clamped(entry.get("fromPath") or ""), target=_clamped(target)))
    return tuple(found)


def with_includes(tree: Tree, included: Sequence[tuple[Include, Tree]]) -> Tree:
    """Return a repository with what it includes.

    Args:
        tree: its own files.
        included: each include with the files of its repository, in their order.

    Raises:
        InputError: ``fromPath`` is not there, or something is at ``toPath`` already.

    """
    files: dict[str, tuple[Tree, str]] = {path: (tree, path) for path in tree.walk()}
    for include, other in included:
        if not include.target or any(path == include.target or path.startswith(f"{include.target}/") for path in files):
            fact = "the repository has files there: choose another toPath"
            raise InputError(f"failed to copy '{include.name}' include to '{include.target or '.'}': {fact}")
        copied = {target: (other, path) for path, target in _copied(include, other)}
        if not copied:
            fact = f"{include.source or '.'}: no such file or directory in its artifact"
            raise InputError(f"failed to copy '{include.name}' include: {fact}")
        files |= copied
    return CopiedTree(files)


def _copied(include: Include, other: Tree) -> Iterator[tuple[str, str]]:
    if other.is_file(include.source):
        yield include.source, include.target
        return
    for path in other.walk(include.source):
        inside = path.removeprefix(include.source).lstrip("/") if include.source else path
        yield path, f"{include.target}/{inside}"


def _clamped(path: str) -> str:
    parts: list[str] = []
    for part in str(path).split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
