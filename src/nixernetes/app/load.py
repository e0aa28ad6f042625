"""Runs a user's platform file and takes the platform that it declares.

The file is the user's own program, and runs with the user's rights. What goes wrong in it is reported with the lines of
the user's code that led there; the whole traceback is that of the error's cause. What it prints goes to standard error.
Modules beside it can be imported, and are forgotten afterwards; nothing is written beside it.
"""

from __future__ import annotations

import platform as _standard_platform
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

from nixernetes.adapters.platform_files import PlatformFiles
from nixernetes.adapters.terminal.output_aside import output_aside
from nixernetes.app import platform_file
from nixernetes.app.absent import absent
from nixernetes.errors import InputError, NixernetesError
from nixernetes.gitops.platform import Platform

__all__ = ["Loaded", "load"]

# `platform` is also a module of the standard library, which others import late: it must be known before the user's
# folder comes first on the path.
_KEPT = _standard_platform
_MANIFESTS = (".yaml", ".yml", ".json")
_MOST_FRAMES = 10  # of a recursion that never ends, the first and the last say all
_WANTED = 'define one at module level: platform = gitops.Platform(name="…", …), with `from nixernetes import gitops`'


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A platform and the files beside it."""

    platform: Platform
    file: Path
    files: PlatformFiles


def load(file: Path, edited: Mapping[Path, bytes] | None = None) -> Loaded:
    """Run the file (or the one of a folder, see :mod:`nixernetes.app.platform_file`) and return its platform.

    Args:
        file: the file, or its folder.
        edited: files, by their real path, that are run as they would be after an edit.

    Raises:
        InputError: there is no such file, it fails, or it defines no platform.

    """
    path = (platform_file.found_in(file) or file / platform_file.NAME) if file.is_dir() else file
    if path.suffix in _MANIFESTS and path.is_file():
        remedy = "name a Python file, or the folder of the Git repository that it is in"
        raise InputError(f"holds manifests, and is not a platform file: {remedy}", place=str(path))
    try:
        edits = edited or {}
        data = edits.get(path.resolve())
        code = compile(path.read_bytes() if data is None else data, str(path), "exec", dont_inherit=True)
    except FileNotFoundError as error:
        raise absent(path, "no such file: `nixernetes init` writes one to start from") from error
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", subject=str(path)) from error
    except SyntaxError as error:
        raise InputError(_misspelt(error), place=f"{path}:{error.lineno or 1}") from error
    except ValueError as error:
        raise InputError(f"not valid Python: {error}", place=str(path)) from error
    module = ModuleType("platform")
    module.__file__ = str(path)
    folder = path.resolve().parent
    with _importable(folder, edits), output_aside():
        _run(code, module, path, folder)
    return Loaded(platform=_platform(module, path), file=path, files=PlatformFiles(folder))


def _run(code: CodeType, module: ModuleType, path: Path, folder: Path) -> None:
    try:
        exec(code, module.__dict__)  # noqa: S102  # running the user's program is the job
    except NixernetesError:
        raise
    except SystemExit as error:
        raise InputError("it exits before it defines the platform", place=str(path)) from error
    except SyntaxError as error:
        raise InputError(_misspelt(error), place=f"{error.filename}:{error.lineno or 1}") from error
    except Exception as error:
        own = _own_frames(error, path, folder)
        place = f"{own[-1].filename}:{own[-1].lineno}" if own else str(path)
        raise InputError(_said(error) + _shown(own, folder), place=place) from error


def _misspelt(error: SyntaxError) -> str:
    """Say what is no Python, and show the line with a mark below the place."""
    text = (error.text or "").rstrip()
    if not text:
        return f"not valid Python: {error.msg}"
    bare = text.lstrip()
    mark = " " * max((error.offset or 1) - 1 - (len(text) - len(bare)), 0) + "^"
    return f"not valid Python: {error.msg}\n    {bare}\n    {mark}"


def _said(error: Exception) -> str:
    name = type(error).__name__
    try:
        text = str(error)
    except Exception:  # noqa: BLE001  # the user's class: even its text may fail
        return name
    return f"{name}: {text}" if text else name


def _own_frames(error: BaseException, path: Path, folder: Path) -> list[traceback.FrameSummary]:
    """Return the frames in the user's own files, the outermost first."""
    frames = traceback.extract_tb(error.__traceback__)
    return [frame for frame in frames if frame.filename == str(path) or frame.filename.startswith(f"{folder}/")]


def _shown(frames: list[traceback.FrameSummary], folder: Path) -> str:
    """Show the way to an error as Python does, of the user's own files alone."""
    lines = []
    for frame in frames:
        place = f"{frame.filename.removeprefix(f'{folder}/')}:{frame.lineno} in {frame.name}"
        lines.append(f"\n  {place}\n      {(frame.line or '').strip()}")
    if len(lines) > _MOST_FRAMES:
        half = _MOST_FRAMES // 2
        lines = [*lines[:half], f"\n  … {len(lines) - 2 * half} more …", *lines[-half:]]
    return "".join(lines)


def _platform(module: ModuleType, path: Path) -> Platform:
    found = module.__dict__.get("platform")
    if isinstance(found, Platform):
        return found
    if found is None:
        raise InputError(f"it has no platform: {_WANTED}", place=str(path))
    raise InputError(f"its platform is a {type(found).__name__}, not a Platform: {_WANTED}", place=str(path))


@contextmanager
def _importable(folder: Path, edits: Mapping[Path, bytes]) -> Iterator[None]:
    before = set(sys.modules)
    finder = _EditedModules(edits)
    sys.meta_path.insert(0, finder)
    bytecode = sys.dont_write_bytecode
    sys.path.insert(0, str(folder))
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.dont_write_bytecode = bytecode
        sys.meta_path.remove(finder)
        if str(folder) in sys.path:
            sys.path.remove(str(folder))
        for name in set(sys.modules) - before:
            if str(getattr(sys.modules[name], "__file__", None) or "").startswith(f"{folder}/"):
                del sys.modules[name]


class _EditedModules:
    """Finds modules whose files are run as they would be after an edit."""

    def __init__(self, edits: Mapping[Path, bytes]) -> None:
        self._edits = edits

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return how a module is loaded, None for all others."""
        del target
        if not self._edits:
            return None
        spec = PathFinder.find_spec(name, path)
        data = self._edits.get(Path(spec.origin).resolve()) if spec is not None and spec.origin else None
        if spec is not None and spec.origin and data is not None:
            spec.loader = _EditedLoader(name, spec.origin, data)
        return spec if data is not None else None


class _EditedLoader(SourceFileLoader):
    def __init__(self, name: str, path: str, data: bytes) -> None:
        super().__init__(name, path)
        self._data = data

    def get_code(self, fullname: str) -> CodeType:
        """Return the code of the edited text, whatever has been compiled before."""
        return self.source_to_code(self._data, self.get_filename(fullname))
