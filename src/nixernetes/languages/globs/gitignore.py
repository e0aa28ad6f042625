"""What ``.gitignore`` and ``.sourceignore`` hold, read as go-git reads it: one pattern a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nixernetes.languages.globs import go_paths

__all__ = ["IgnorePattern", "parse"]


@dataclass(frozen=True, slots=True)
class IgnorePattern:
    """One line of a file.

    Attributes:
        domain: the folder that it holds for, as its parts.
        parts: what stands between its slashes.
        includes: whether it takes back in what others leave out.
        folders_only: whether it matches folders alone, and what is below them.
        anchored: whether it matches paths from its folder on; else it matches a name anywhere.

    """

    domain: tuple[str, ...]
    parts: tuple[str, ...]
    includes: bool
    folders_only: bool
    anchored: bool

    def names(self, name: str) -> bool:
        """Tell whether a pattern that is not anchored matches a name."""
        return _fits(self.parts[0], name)

    def matches(self, path: tuple[str, ...], *, is_folder: bool) -> bool:
        """Tell whether a path, as its parts, is what the pattern means, or lies below it."""
        below = path[len(self.domain) :]
        if not below or path[: len(self.domain)] != self.domain:
            return False
        return self._anchored(below, is_folder) if self.anchored else self._by_name(below, is_folder)

    def _by_name(self, path: tuple[str, ...], is_folder: bool) -> bool:
        for position, name in enumerate(path):
            if self.names(name):
                return not self.folders_only or is_folder or position < len(path) - 1
        return False

    def _anchored(self, path: tuple[str, ...], is_folder: bool) -> bool:
        """Match part by part (go-git's ``globMatch``): ``**`` skips folders, what is left of the path lies below."""
        at, matched, skips = 0, False, False
        for number, part in enumerate(self.parts):
            if part == "":
                skips = False
                continue
            if part == "**":
                if number == len(self.parts) - 1:
                    break
                skips = True
                continue
            if "**" in part or at == len(path):
                return False
            if skips:
                skips = False
                steps = (step for step in range(at, len(path)) if _fits(part, path[step]))
                found = next(steps, None)
                matched = found is not None
                at = len(path) if found is None else found + 1
            elif not _fits(part, path[at]):
                return False
            else:
                at += 1
                matched = at < len(path) or number == len(self.parts) - 1
        return matched and not (self.folders_only and not is_folder and at == len(path))


def parse(lines: Iterable[str], domain: tuple[str, ...] = ()) -> Iterator[IgnorePattern]:
    """Yield the patterns of a file's lines.

    Args:
        lines: the lines.
        domain: the folder that they hold for, as its parts.

    """
    for text in lines:
        if text.startswith("#") or not text.strip():
            continue
        includes = text.startswith("!")
        body = text[1:] if includes else text
        body = body if body.endswith("\\ ") else body.rstrip(" ")
        folders_only = body.endswith("/")
        body = body.removesuffix("/")
        yield IgnorePattern(domain, tuple(body.split("/")), includes, folders_only, "/" in body)


def _fits(pattern: str, name: str) -> bool:
    return go_paths.compiled(pattern, "/")(name)
