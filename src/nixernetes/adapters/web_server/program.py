"""The files of the page, and what browsers are given of them: joined, and kept for as long as no file changes."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from nixernetes.adapters.web_server.joining import joined, needed

__all__ = ["FREE", "PACKAGE", "PageProgram", "ProgramFile", "opened_program"]

FREE: Final = "/static/"  # files of the program, the same for everybody
PACKAGE: Final = "nixernetes.adapters.web_server"
_TYPES: Final = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
_MAIN: Final = "app.js"
_FIRST: Final = "page.js"  # what is needed before anything is drawn
_REST: Final = "views.js"  # all other views
_STYLES: Final = "styles.css"
_BEFORE: Final = (  # that others build on, in their order
    *("base.css", "frame.css", "rows.css", "delivery.css"),
    *("history.css", "review.css", "above.css", "reasons.css"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramFile:
    """A file of the program.

    Attributes:
        body: what is in it.
        packed: the same, packed with gzip.
        content_type: its type.
        tag: another one as soon as it is.

    """

    body: bytes
    packed: bytes
    content_type: str
    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageProgram:
    """The files of the program.

    Attributes:
        files: those that were written, by name.
        kept: those that browsers keep, by name: what a file names is the file of its own version.
        version: another one as soon as any file is.

    """

    files: Mapping[str, ProgramFile]
    kept: Mapping[str, ProgramFile]
    version: str

    @property
    def place(self) -> str:
        """Where the files are that browsers keep."""
        return f"{FREE}{self.version}/"

    @property
    def styles(self) -> str:
        """The name of the file of all styles."""
        return _STYLES

    def scripts(self, path: str) -> list[str]:
        """Return the names of the scripts that a view needs, what runs first."""
        own = f"{path.strip('/')}.js"
        modules = _modules(self.files)
        return [_FIRST] if own not in modules or own in needed(modules, [_MAIN]) else [_FIRST, _REST]


@cache
def opened_program() -> PageProgram:
    """Return the files of this version: what has no name here cannot be asked for."""
    folder = resources.files(PACKAGE) / "data" / "static"
    files = {
        each.name: _file(each.read_bytes(), _TYPES[each.name.rpartition(".")[2]])
        for each in sorted(folder.iterdir(), key=lambda each: each.name)
    }
    tags = "".join(f"{name} {file.tag}" for name, file in files.items())
    version = hashlib.sha256(tags.encode()).hexdigest()[:16]
    texts = joined(_modules(files), main=_MAIN, first=_FIRST, rest=_REST) | {_STYLES: _styles(files)}
    kept = {name: file for name, file in files.items() if name.endswith(".svg")}
    for name, text in texts.items():
        body = text.replace(f'"{FREE}', f'"{FREE}{version}/').encode()
        kept[name] = _file(body, _TYPES[name.rpartition(".")[2]])
    return PageProgram(files=files, kept=kept, version=version)


def _modules(files: Mapping[str, ProgramFile]) -> dict[str, str]:
    return {name: file.body.decode() for name, file in files.items() if name.endswith(".js")}


def _file(body: bytes, kind: str) -> ProgramFile:
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    return ProgramFile(body=body, packed=gzip.compress(body, mtime=0), content_type=kind, tag=tag)


def _styles(files: Mapping[str, ProgramFile]) -> str:
    """Return all styles as one text, those that others build on first, the rest by name."""
    names = [name for name in files if name.endswith(".css")]
    names.sort(key=lambda name: (_BEFORE.index(name) if name in _BEFORE else len(_BEFORE), name))
    return "\n".join(files[name].body.decode() for name in names)
