"""The documents of files, parsed once for all the trees that hold the same bytes under the same name."""

from __future__ import annotations

from typing import Final, TypeAlias

from nixernetes.errors import InputError
from nixernetes.objects import yamls
from nixernetes.objects.bounded import Bounded

__all__ = ["ParsedFiles"]

_Parsed: TypeAlias = tuple[int, tuple[yamls.Document, ...] | InputError]
_MOST: Final = 64 * 1024 * 1024  # bytes of the files whose documents are held


class ParsedFiles:
    """Documents by the name and the bytes of their file. They are shared: nobody changes them."""

    def __init__(self) -> None:
        self._held: Bounded[tuple[str, bytes], _Parsed] = Bounded(_MOST, lambda held: held[0])

    def documents(self, path: str, data: bytes) -> tuple[yamls.Document, ...]:
        """Return the documents of a file.

        Raises:
            InputError: it is not YAML.

        """
        held = self._held.get((path, data))
        found = held[1] if held is not None else None
        if found is None:
            try:
                found = tuple(yamls.parse_all(data, file=path))
            except InputError as error:
                found = error
            self._held.put((path, data), (len(data) + 1, found))
        if isinstance(found, InputError):
            raise found.with_traceback(None)
        return found
