"""The settings file of a repository, read from disk."""

from __future__ import annotations

from pathlib import Path

from nixernetes.errors import InputError
from nixernetes.settings.reading import NAME, SettingsFile, read_settings

__all__ = ["settings_in"]


def settings_in(folder: Path) -> SettingsFile:
    """Return the settings of a folder; those of a folder without a settings file set nothing.

    Raises:
        InputError: the file cannot be read, or is wrong.

    """
    path = folder / NAME
    try:
        text = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return SettingsFile()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", subject=str(path)) from error
    return read_settings(text, NAME if folder == Path() else str(path))
