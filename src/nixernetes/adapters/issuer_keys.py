"""Files with the keys of issuers of tokens."""

from __future__ import annotations

from pathlib import Path

from nixernetes.engine.issuers import key_set
from nixernetes.errors import InputError
from nixernetes.objects.manifest import Json

__all__ = ["read_keys"]


def read_keys(path: Path) -> tuple[Json, ...]:
    """Return the keys in a file.

    Raises:
        InputError: it cannot be read, or does not hold a JSON Web Key Set.

    """
    try:
        text = path.read_text()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", subject=str(path)) from error
    except UnicodeDecodeError as error:
        raise InputError("cannot be read: it is not a text", subject=str(path)) from error
    return key_set(text, str(path))
