"""Files and folders with policies, as the user names them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from nixernetes.errors import InputError
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.sizes import MAX_BYTES

__all__ = ["contents_of", "policies_in", "suite_files"]

_ENDINGS = (".yaml", ".yml")
_SUITE = "kyverno-test.yaml"


def policies_in(places: Iterable[Path]) -> tuple[Manifest, ...]:
    """Return the policies of files and folders, those in folders below included.

    Raises:
        InputError: there is no such file or folder, a file is not YAML, or none of them holds a policy.

    """
    named = [*places]
    if not named:
        return ()
    from nixernetes.kyverno.engine.evaluation import flattened, is_policy  # noqa: PLC0415  # it takes long to load

    found: list[Manifest] = []
    for place in named:
        before = len(found)
        for path in _files(place):
            documents = [each.data for each in yamls.parse_all(path.read_bytes(), file=str(path))]
            found += filter(is_policy, flattened([each for each in documents if isinstance(each, dict)]))
        if len(found) == before:
            raise InputError("holds no policy of Kyverno", subject=str(place))
    return tuple(found)


def contents_of(places: Iterable[Path]) -> list[tuple[str, bytes]]:
    """Return the names and contents of files, and of the YAML files in folders.

    Raises:
        InputError: there is no such file or folder, or it cannot be read.

    """
    found = []
    for path in (file for place in places for file in _files(place)):
        try:
            found.append((str(path), path.read_bytes()))
        except OSError as error:
            raise InputError(f"cannot be read: {error.strerror}", subject=str(path)) from error
    return found


def suite_files(places: Iterable[Path]) -> list[Path]:
    """Return the files of test suites: those that are named, and each ``kyverno-test.yaml`` in and below folders.

    Raises:
        InputError: there is no such file or folder.

    """
    return sorted({path for place in places for path in _files(place) if path == place or path.name == _SUITE})


def _files(place: Path) -> Iterator[Path]:
    if place.is_dir():
        for path in sorted(place.rglob("*")):
            if path.suffix in _ENDINGS and path.is_file() and path.stat().st_size <= MAX_BYTES:
                yield path
    elif place.exists():
        yield place
    else:
        raise InputError("no such file or folder", subject=str(place))
