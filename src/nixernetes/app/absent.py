"""What is said of a path where nothing is: a URL is told apart from a misspelt path."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from nixernetes.errors import InputError
from nixernetes.gitops.git_urls import is_git_url

__all__ = ["absent"]

# A path keeps one slash of two, so a URL that was read as a path has lost one.
_SCHEME: Final = re.compile(r"^([a-z][a-z0-9+.-]*):/(?=[^/])")


def absent(path: Path, fact: str) -> InputError:
    """Return the error for a path where nothing is.

    Args:
        path: what the user gave.
        fact: what is said of a path that is not a URL.

    """
    url = _SCHEME.sub(r"\1://", str(path))
    if is_git_url(url):
        remedy = f"run `git clone {url}`, then give the folder that it makes"
        return InputError(f"{url} is a URL, and only folders on this machine are read: {remedy}", subject=url)
    return InputError(fact, subject=str(path))
