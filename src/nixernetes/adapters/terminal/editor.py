"""The user's editor, as kubectl starts it: KUBE_EDITOR, VISUAL or EDITOR, else vi."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from nixernetes.errors import InputError

__all__ = ["edited"]


def edited(text: str, environment: Mapping[str, str]) -> tuple[str, Path]:
    """Let the user edit a text; return what he left, and the file that holds it, for him to keep or remove.

    Raises:
        InputError: the editor cannot be started, or says that it failed.

    """
    descriptor, name = tempfile.mkstemp(prefix="nixernetes-edit-", suffix=".yaml")
    path = Path(name)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    named = next((environment[each] for each in ("KUBE_EDITOR", "VISUAL", "EDITOR") if environment.get(each)), "vi")
    try:
        status = subprocess.run([*shlex.split(named), str(path)], check=False).returncode
    except (OSError, ValueError) as error:
        path.unlink()
        raise InputError("cannot be started: EDITOR names the editor to use", subject=f"editor {named!r}") from error
    if status:
        path.unlink()
        raise InputError(f"ended with status {status}: nothing is changed", subject=f"editor {named!r}")
    return path.read_text(encoding="utf-8", errors="replace"), path
